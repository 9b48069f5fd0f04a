# The project's tasks. Each is a script in scripts/ that installs what it needs and skips steps that are up to date.
.DEFAULT_GOAL := help
.PHONY: help demo edge authzen hosts test build pack lint bench preview site publish fuzz trust clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## run the demo against the packed npm package
	@bash scripts/demo.sh

edge: ## start an edge worker that guards three systems, on loopback (load test: bash scripts/edge.sh load)
	@bash scripts/edge.sh

authzen: ## start a decision point of the OpenID Authorization API on loopback (workerd, nginx, scenario: bash scripts/authzen.sh)
	@bash scripts/authzen.sh

hosts: ## test the packages for Python, Go, Java and Rust, the component in wasmtime, the filter in Envoy, the guest of Fastly Compute, and the Spark example (figures side by side: bash scripts/hosts.sh bench)
	@bash scripts/hosts.sh

test: ## run all tests: native, WebAssembly in Node.js and Chromium, the npm package in every runtime, the host in Python, the permission preview
	@bash scripts/test.sh

build: ## build the WebAssembly modules and the TypeScript into pkg/
	@bash scripts/build.sh

pack: ## build the npm package, target/npm/privet.tgz
	@bash scripts/pack.sh

lint: ## check formatting, clippy, rustdoc and the TypeScript types
	@bash scripts/lint.sh

bench: ## run the benchmarks: other engines, parts, growth, budgets; writes target/bench/{bench.json,*.svg}
	@bash scripts/bench.sh

preview: ## serve the permission preview on loopback and print its address (PORT=n selects the port)
	@bash scripts/preview.sh

site: ## build the documentation site into target/site/dist (its tests: bash scripts/site.sh test; on loopback: bash scripts/site.sh serve)
	@bash scripts/site.sh

publish: ## rehearse publishing to npm and crates.io: build, list and check what would be uploaded; nothing is uploaded
	@bash scripts/publish.sh

fuzz: ## fuzz each target for FUZZ_SECONDS (10): documents, requirements, packs, tokens, subjects, fixes, all hosts, tables; prints executions and coverage
	@bash scripts/fuzz.sh

trust: ## search for faults and print the figures: fuzzing, other engines, mutation, model checking, coverage, memory, supply chain (docs/trust.md)
	@bash scripts/trust.sh

clean: ## remove build output (not the tools in ~/.cache/privet and pkg/node_modules)
	@rm -rf target pkg/wasm pkg/dist
