#!/usr/bin/env bash
# One program file per machine, without cgo, and their checksums.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf dist
mkdir -p dist
for target in linux/amd64 linux/arm64 linux/loong64 windows/amd64; do
	os=${target%/*} arch=${target#*/}
	name=xinhuo-${VERSION:-dev}-$os-$arch
	[ "$os" != windows ] || name=$name.exe
	echo "building dist/$name"
	CGO_ENABLED=0 GOOS=$os GOARCH=$arch go build -trimpath \
		-ldflags "-s -w -X main.version=${VERSION:-dev}" -o "dist/$name" ./cmd/xinhuo
done
(cd dist && sha256sum xinhuo-* >SHA256SUMS && cat SHA256SUMS)
