#!/usr/bin/env bash
# Starts the demonstration city. Its data lies in data/demo and is kept; the
# program itself makes it on the first run and prints the address.
set -euo pipefail
cd "$(dirname "$0")/.."

args=(demo --data data/demo --port "${PORT:-8080}")
case "${LAN:-}" in
'' | 0 | no) ;;
*) args+=(--lan) ;;
esac
exec bin/xinhuo "${args[@]}"
