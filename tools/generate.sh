#!/usr/bin/env bash
# Go code from the templ files, with the version of templ that go.mod names.
# The generated files are committed, so that a build needs Go alone.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(go list -m -f '{{.Version}}' github.com/a-h/templ)
go run "github.com/a-h/templ/cmd/templ@$version" generate -path . -log-level error "$@"
