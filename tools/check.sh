#!/usr/bin/env bash
# The quick round, for the minute between two edits.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/lint.sh
go test -short -timeout 5m ./...
