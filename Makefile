# Takeback. `make demo` runs the main job, `make test` passes the tests; each sets up what it needs.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-recall fuzz campaign-index soak screens serve clean

PYTHON := .venv/bin/python

help: ## shows this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## starts clearinghouse, page and example platform (CHECK=1 walks the path by itself in Chromium and exits)
	@scripts/setup demo $(if $(CHECK),browser)
	@$(PYTHON) scripts/demo.py $(if $(CHECK),--check)

test: ## runs all tests (TESTS="tests/journeys -k withdraw" hands its words to pytest)
	@scripts/setup demo test browser firefox postgres nginx
	@$(if $(TESTS),,npm --prefix web run --silent test)
	@$(PYTHON) -m pytest $(if $(TESTS),$(TESTS),--numprocesses=2 --dist=loadfile)

check: ## lint, format, types, layers; Python, TypeScript and what is deployed
	@scripts/setup demo test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/hadolint deploy/Containerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	npm --prefix web run check

bench: ## measures side by side with the peers (BENCH=name for one; rows in bench/out/<name>.jsonl)
	@scripts/setup demo test bench
	@$(PYTHON) bench/run.py $(BENCH)

bench-recall: ## prints the tables of docs/recall.md (ARGS="--photos 8 --attacks crop" for a small run, ARGS=--help for more)
	@scripts/setup demo test bench
	@$(PYTHON) bench/recall $(ARGS)

fuzz: ## looks for inputs that break core, decoding, parsers (SECONDS=60 for each) or any address of the server (minutes)
	@scripts/setup demo test fuzz
	@$(PYTHON) scripts/fuzz.py $(if $(SECONDS),--seconds $(SECONDS))
	@TAKEBACK_EXAMPLES=500 $(PYTHON) -m pytest -q tests/api/test_openapi.py

campaign-index: ## compares the radius index with brute force, 10,000 queries in a million at every radius (minutes)
	@scripts/setup demo test
	@$(PYTHON) scripts/campaign_index.py

soak: ## has a clearinghouse and an agent work for an hour, and fails where their memory grows (MINUTES=5 for a short one)
	@scripts/setup demo test
	@$(PYTHON) bench/soak.py $(if $(MINUTES),--minutes $(MINUTES))

screens: ## writes a picture of every screen of the page into .screens (light, dark, 320 px, Arabic)
	@scripts/setup demo test browser
	@$(PYTHON) scripts/screens.py

serve: ## starts a clearinghouse on this machine (SETTINGS=file.toml)
	@scripts/setup demo
	@.venv/bin/takeback serve clearinghouse $(if $(SETTINGS),--settings $(SETTINGS))

clean: ## removes what was built and installed here (not .demo, which holds the demo's data)
	rm -rf .venv .tools build web/node_modules web/fingerprints/generated src/takeback/apps/static/portal
	find src tests bench scripts examples -name __pycache__ -type d -exec rm -rf {} +
