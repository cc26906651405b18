#!/usr/bin/env bash
# Formats what people write: Go and templ.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.go' | grep -v '_templ\.go$')
gofmt -w "${files[@]}"
version=$(go list -m -f '{{.Version}}' github.com/a-h/templ)
go run "github.com/a-h/templ/cmd/templ@$version" fmt .
