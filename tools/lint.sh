#!/usr/bin/env bash
# What is wrong without running anything: what a build made among the sources, format, vet, generated files.
set -euo pipefail
cd "$(dirname "$0")/.."

big=$(git ls-files -z | xargs -0 -r du -a --apparent-size -k 2>/dev/null | awk '$1 > 1024')
if [ -n "$big" ]; then
	echo "no source is larger than 1 MB; a build made this (git rm --cached mends it):" >&2
	echo "$big" >&2
	exit 1
fi

mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.go' | grep -v '_templ\.go$')
present=()
for f in "${files[@]}"; do
	[ ! -f "$f" ] || present+=("$f")
done
unformatted=$(gofmt -l "${present[@]}")
if [ -n "$unformatted" ]; then
	echo "not formatted (make fmt mends it):" >&2
	echo "$unformatted" >&2
	exit 1
fi

go vet ./...

# Generated files are compared with a fresh generation in a copy, so that a
# check never changes the work tree.
mapfile -t templs < <(git ls-files --cached --others --exclude-standard '*.templ')
if [ "${#templs[@]}" -gt 0 ]; then
	copy=$(mktemp -d "${TMPDIR:-/tmp}/xinhuo-templ.XXXXXX")
	trap 'rm -rf "$copy"' EXIT
	cp go.mod go.sum "$copy/"
	for f in "${templs[@]}"; do
		[ -f "$f" ] || continue
		mkdir -p "$copy/$(dirname "$f")"
		cp "$f" "$copy/$f"
	done
	version=$(go list -m -f '{{.Version}}' github.com/a-h/templ)
	(cd "$copy" && go run "github.com/a-h/templ/cmd/templ@$version" generate -path . -log-level error)
	stale=0
	for f in "${templs[@]}"; do
		[ -f "$f" ] || continue
		if ! cmp -s "$copy/${f%.templ}_templ.go" "${f%.templ}_templ.go"; then
			echo "${f%.templ}_templ.go does not match $f (make generate mends it)" >&2
			stale=1
		fi
	done
	[ "$stale" -eq 0 ] || exit 1
fi
