#!/usr/bin/env bash
# Builds bin/xinhuo. Go is enough; with npm at hand the pages also get htmx,
# which only makes them livelier: every page works without it.
set -euo pipefail
cd "$(dirname "$0")/.."

tools/htmx.sh
mkdir -p bin
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION:-dev}" -o bin/xinhuo ./cmd/xinhuo
