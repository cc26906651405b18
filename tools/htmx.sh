#!/usr/bin/env bash
# Copies htmx and its extension for server-sent events from npm (versions and
# checksums in tools/htmx/package-lock.json) into the folder that the program
# embeds. Third-party code is not kept in the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

to=internal/kit/web/static/vendor
[ ! -f "$to/htmx.min.js" ] || [ tools/htmx/package-lock.json -nt "$to/htmx.min.js" ] || exit 0

if ! command -v npm >/dev/null; then
	echo "npm is not installed: building without live updates (every page works without them)" >&2
	exit 0
fi
if ! (cd tools/htmx && timeout 60 npm ci --ignore-scripts --no-audit --no-fund --silent >/dev/null 2>&1); then
	echo "npm could not fetch htmx: building without live updates (every page works without them)" >&2
	exit 0
fi
mkdir -p "$to"
cp tools/htmx/node_modules/htmx.org/dist/htmx.min.js "$to/htmx.min.js"
cp tools/htmx/node_modules/htmx-ext-sse/dist/sse.min.js "$to/sse.min.js"
touch "$to/htmx.min.js"
