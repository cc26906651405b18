# Xinhuo. `make demo` and `make test` are all that needs to be typed;
# whatever takes more than two lines stands in tools/*.sh.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PORT ?= 8080
LAN ?=
export VERSION PORT LAN

MODULES ?= seal,care
.PHONY: help build demo demo-reset check test long mutate bench dist generate fmt clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

build: ## build bin/xinhuo
	@tools/build.sh

demo: build ## start the demonstration city (PORT=8080; LAN=1 also for phones on the same network)
	@exec tools/demo.sh

demo-reset: ## throw the demonstration's data away; the next `make demo` begins anew
	rm -rf data/demo

check: ## quick round: vet, format, map, short tests on SQLite
	@tools/check.sh

test: ## everything: checks, both engines, browser (STRICT=1: anything left out fails)
	@tools/test.sh

long: ## the long property tests (100,000 edits and undos)
	XINHUO_LONG=1 go test -v -timeout 24h -count=1 -run 'TestProgramEqualsRecount$$' ./internal/app/laws
	XINHUO_LONG=1 go test -timeout 24h -count=1 -skip 'TestProgramEqualsRecount$$' ./...

mutate: ## take the checks of who may what out, one by one: which of them does no test miss (MODULES=seal,care)
	go run ./tools/mutate -module $(MODULES)

bench: build ## the figures of docs/benchmarks.md, measured on this machine
	@bin/xinhuo bench

dist: ## cross-built programs and their checksums in dist/
	@tools/dist.sh

generate: ## Go code from the templ files
	@tools/generate.sh

fmt: ## format Go and templ files
	@tools/fmt.sh

clean: ## remove what builds and tests made (not the data)
	rm -rf bin dist e2e/out
