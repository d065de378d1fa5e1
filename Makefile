# Kesher: `make demo` shows it, `make test` proves it. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check soak bench conformance docs install format clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 12

demo: $(VENV)/installed ## load the starter knowledge, answer three users, serve the portal (SERVE=0: only print)
	@$(BIN)/kesher demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/test ## the tests (some minutes; no network, no services)
	@$(BIN)/pytest -q -n 2 --dist loadscope

check: $(VENV)/check ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(VENV)/test ## the long tests
	$(BIN)/pytest -q -m soak

bench: $(VENV)/test ## the benchmark table: ratios, side by side in one run
	@$(BIN)/python -m bench

conformance: $(VENV)/test ## run the W3C's suites through the endpoint and write docs/conformance.md
	@$(BIN)/python -m bench.conformance docs/conformance.md

docs: $(VENV)/installed ## write docs/ontology from the schema, the shapes and the starter knowledge
	@$(BIN)/python -m ontology.documentation docs/ontology

install: $(VENV)/installed ## only install

format: $(VENV)/check ## mend what a program can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove the environment and the demo's knowledge
	rm -rf $(VENV) .kesher

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kesher needs Python 3.11 or later: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "No venv module: apt-get install python3-venv"; exit 1; }
	@echo "Installing Kesher (once; about 1.5 GB, most of it torch) ..."
	@$(BIN)/pip install -c constraints.txt torch
	@$(BIN)/pip install -c constraints.txt -e .
	@touch $@

$(VENV)/test: $(VENV)/installed
	@$(BIN)/pip install --quiet -c constraints.txt -e '.[test]'
	@touch $@

$(VENV)/check: $(VENV)/installed
	@$(BIN)/pip install --quiet -c constraints.txt -e '.[check]'
	@touch $@
