# One command per wish; `make` alone lists them. Works with GNU make 3.81 and newer.

PYTHON ?= python3
PORT ?= 8000
PORTAL_INSTANCE ?= $(CURDIR)/instance
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
CHECKED := portal tests bench supply wsgi.py

export PORT PORTAL_INSTANCE

# Arguments for pytest, such as T="tests/content -x".
T ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run desk run-production test test-system test-all lint format types check browser bench bench-search bench-never-wrong \
	translations lock sbom audit ready dev clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- running ---------------------------------------------------------------------------------------

run: ready ## Serve this folder's content at http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(BIN)/python -m portal.supervisor

desk: ready ## Like run, but on an instance's own repository of content, so that the staff desk can publish
	@PORTAL_CONTENT="$${PORTAL_CONTENT:-$$PORTAL_INSTANCE/content.git}" exec $(BIN)/python -m portal.supervisor

run-production: ready ## Serve as for readers: needs a secret, an address and a mail server (docs/operations.md)
	@PORTAL_ENV=production exec $(BIN)/python -m portal.supervisor

check: ready ## Check every file of content/: errors end with exit code 1
	@$(BIN)/flask --app wsgi check-content

# --- testing ---------------------------------------------------------------------------------------

# A file belongs to one process, which makes what its tests share once.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile

test: dev ready ## All tests of the code, in three to four minutes; what this machine cannot run is listed at the end
	@$(PYTEST) -m "not system" $(T)

test-system: dev ready ## Tests of the whole site: browser, server processes, kills, PostgreSQL, every page (ten minutes)
	@$(PYTEST) -m system $(T)

test-all: dev ready ## Both with the full counts: races, kills, property examples (long)
	@PORTAL_FULL=1 $(PYTEST) $(T)

lint: dev ## Style and formatting
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check $(CHECKED)

format: dev ## Write the code in the one style
	@$(BIN)/ruff check --fix $(CHECKED)
	@$(BIN)/ruff format $(CHECKED)

types: dev ## Strict types
	@$(BIN)/mypy

browser: dev ## Install the Chromium that the browser tests drive, where this user may
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; \
	then echo "A Chromium is already on PATH."; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q && apt-get install -qy chromium; \
	else $(BIN)/playwright install chromium; fi

# --- measuring -------------------------------------------------------------------------------------

bench: $(VENV)/.bench ready ## Measure serving against its peers and write docs/performance.md (needs nginx and wrk)
	@$(BIN)/python -m bench.serving

bench-never-wrong: dev ready ## Check 60,000 answers of the page cache and write docs/performance.md (ten minutes)
	@$(BIN)/python -m bench.never_wrong

bench-search: $(VENV)/.bench ready ## Measure search against its peers and write docs/performance.md
	@$(BIN)/python -m bench.search

# --- keeping ---------------------------------------------------------------------------------------

translations: dev ## Gather the words of developers into translations/, then compile them
	@$(BIN)/pybabel -q extract -F translations/babel.cfg -k N_ --no-location --sort-output --omit-header \
		-o translations/messages.pot .
	@for po in translations/*/LC_MESSAGES/messages.po; do $(BIN)/pybabel -q update --no-fuzzy-matching \
		--ignore-obsolete -w 110 -i translations/messages.pot -o $$po -l $$(basename $$(dirname $$(dirname $$po))); done
	@rm translations/messages.pot
	@$(MAKE) -s ready

LOCKED := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: dev ## Resolve requirements/*.in again into hash-locked lists (UP="--upgrade" for newer versions)
	@$(LOCKED) $(UP) -o requirements.txt requirements/runtime.in
	@$(LOCKED) $(UP) -o requirements/dev.txt requirements/dev.in
	@$(LOCKED) $(UP) -o requirements/bench.txt requirements/bench.in

sbom: dev ## Write build/sbom.json: every locked package with version, digests and licence (CycloneDX)
	@$(BIN)/python -m supply.sbom

audit: dev ## Ask for known weaknesses of the locked packages, where a network allows
	@$(BIN)/python -m supply.audit

clean: ## Remove what was built: .venv, compiled translations, caches (the instance stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build
	find translations portal tests bench -name '*.mo' -delete -o -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the commands above stand on --------------------------------------------------------------

ready: $(VENV)/.runtime $(CATALOGUES)

dev: $(VENV)/.dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed and '$(PYTHON)' is not; name one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || \
		{ echo "Python has no ensurepip here; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the site needs ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing what tests need ..."
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "Installing the peers that are measured ..."
	@$(INSTALL) -r requirements/bench.txt
	@touch $@

%.mo: %.po | $(VENV)/.runtime
	@$(BIN)/pybabel -q compile -i $< -o $@
