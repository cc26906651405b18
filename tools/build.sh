#!/usr/bin/env bash
# Builds bin/xinhuo with Go alone.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p bin
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION:-dev}" -o bin/xinhuo ./cmd/xinhuo
