# The project's tasks; each is a script in scripts/ that installs what it needs, and that a second run of finds done.
.DEFAULT_GOAL := help
.PHONY: help demo edge test build pack lint bench preview fuzz clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## show the packed npm package at work
	@bash scripts/demo.sh

edge: ## start an edge worker that guards three systems, on loopback (bash scripts/edge.sh load: under load)
	@bash scripts/edge.sh

test: ## every test: native, WebAssembly in Node.js and in Chromium, the npm package in every runtime, the permission preview
	@bash scripts/test.sh

build: ## build the WebAssembly modules and the TypeScript into pkg/
	@bash scripts/build.sh

pack: ## build the npm package, target/npm/privet.tgz
	@bash scripts/pack.sh

lint: ## formatting, clippy, rustdoc, the TypeScript types
	@bash scripts/lint.sh

bench: ## measure beside other engines, in the parts and as sizes grow: tables, budgets, target/bench/{bench.json,*.svg}
	@bash scripts/bench.sh

preview: ## serve the permission preview on loopback, and print its address (PORT=n chooses the port)
	@bash scripts/preview.sh

fuzz:
	@echo "make $@: not built yet" >&2; exit 1

clean: ## remove what was built (not the tools in ~/.cache/privet and pkg/node_modules)
	@rm -rf target pkg/wasm pkg/dist
