# Every command sets up what it needs: a fresh machine wants Python 3.11 or newer, and nothing else.
SHELL := /bin/sh
.DELETE_ON_ERROR:
# Bytecode is kept: the tests start hundreds of processes, and compiling takes longer than most of what they do.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test test-long install install-dev check format lock bench browser clean

VENV := .venv
BIN := $(VENV)/bin
FIND_PYTHON = for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

help: ## what can be asked for
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(VENV)/.installed ## a Slack-like workspace in the browser with the real bot in it
	@exec $(BIN)/baton demo

install: $(VENV)/.installed ## .venv with the locked dependencies; the CLI is .venv/bin/baton

install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@python=$$($(FIND_PYTHON)); test -n "$$python" || { \
	  echo "Baton needs Python 3.11 or newer with the venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }; \
	"$$python" -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python deploy/requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r deploy/requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed deploy/requirements-dev.lock
	$(PIP) install --require-hashes -r deploy/requirements-dev.lock
	@touch $@

browser: $(VENV)/.installed-dev
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium for the browser tests"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	  else echo "No Chromium: the browser tests will be skipped (Debian: sudo apt-get install chromium)"; fi; }

check: $(VENV)/.installed-dev ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.installed-dev ## let ruff tidy up
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Three at a time on two cores: half of a story is waiting. A module stays together, for its stories share a workspace.
PYTEST := $(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder

test: browser ## all tests, shortened so that they end within ten minutes on two cores
	$(PYTEST)

test-long: browser ## the same tests at their full lengths
	BATON_TEST_LONG=1 $(PYTEST) --timeout 3600

bench: $(VENV)/.installed-dev ## measure, and print the table that stands in the README
	$(BIN)/python -m tests.bench

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-strip-extras pyproject.toml
lock: ## pin anew (needs uv)
	$(LOCK) --extra demo --extra build --extra traces -o deploy/requirements.lock
	$(LOCK) --extra dev -o deploy/requirements-dev.lock

clean: ## away with everything that the commands above made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist
