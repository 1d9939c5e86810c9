# make run: from a bare checkout to a live board. Every target installs first what it needs.
#   PYTHON=/path/to/python3.12   another Python (3.11 to 3.14)      VENV=.venv   where it is installed
VENV ?= .venv
export VENV
ifdef PYTHON
export PYTHON
endif
# Any Python can read bootstrap.py; it then picks one that fits.
READER = $(or $(wildcard $(VENV)/bin/python),$(PYTHON),python3)
NONE = echo "No $(READER) here. Run: sudo apt-get update && sudo apt-get install -y python3 python3-venv"; exit 1
BOOTSTRAP = command -v $(READER) >/dev/null || { $(NONE); }; $(READER) bootstrap.py

.PHONY: install install-dev run test lint lint-js bench

install:
	@$(BOOTSTRAP)

install-dev:
	@$(BOOTSTRAP) --dev

run: install
	@exec $(VENV)/bin/python manage.py run

test: install-dev
	@exec $(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install-dev lint-js
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy .

# The scripts' types. REQUIRE_NODE=1: fail where there is no npm.
lint-js:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.package-lock.json && npm run --silent lint; \
	else echo "No npm here: static/js is not checked."; [ "$$REQUIRE_NODE" != 1 ]; fi

node_modules/.package-lock.json: package-lock.json
	@npm ci --silent --no-audit --no-fund && touch $@

bench: install
	@exec $(VENV)/bin/python manage.py bench $(ARGS)
