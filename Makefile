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

.PHONY: install install-dev run test chaos old-upgrades soak lint lint-js lock audit licences bench fuzz screens

install:
	@$(BOOTSTRAP)

install-dev:
	@$(BOOTSTRAP) --dev

run: install
	@exec $(VENV)/bin/python manage.py run

test: install-dev
	@exec $(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

# Breaks the running programs of two cities, one after the other: up to a quarter of an hour. ARGS="-k valkey": only those.
chaos: install-dev
	@exec $(VENV)/bin/python -m pytest -n 2 --dist loadfile tests/chaos $(ARGS)

# Upgrades over migrations that landed long ago, and their way back: minutes, which grow with each migration.
old-upgrades: install-dev
	@exec $(VENV)/bin/python -m pytest tests/old_upgrades $(ARGS)

# Hours of faults at random, and what grows. ARGS="--minutes 10 --seed 3"
soak: install-dev
	@exec $(VENV)/bin/python -m tests.measure.soak $(ARGS)

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

# The exact releases and their hashes, for Python 3.11 to 3.14. ARGS=--upgrade: the newest that requirements*.txt allow.
LOCK = $(VENV)/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --system-certs \
  --custom-compile-command "make lock" $(ARGS)
lock: install
	@$(LOCK) requirements.txt --output-file locks/requirements.lock
	@$(LOCK) requirements-dev.txt --constraints locks/requirements.lock --output-file locks/requirements-dev.lock
	@$(LOCK) --no-deps requirements-alone.txt --output-file locks/requirements-alone.lock
	@echo uv | $(LOCK) - --output-file locks/installer.lock

# Known vulnerabilities of the locked packages. It fails only when one is found, and says what could not be looked up.
# pip-audit's own exit code is dropped: it is 1 for a vulnerability and for a broken connection. So is its line of praise,
# which it also prints when it could look nothing up.
audit: install
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-audit.txt
	@{ { $(VENV)/bin/pip-audit --disable-pip --require-hashes --requirement locks/requirements.lock --format json 2>&1 >&3 \
	  || true; } | grep -v '^No known vulnerabilities' >&2 || true; } 3>&1 \
	  | $(VENV)/bin/python -m discipline.tools.dependencies.audit

licences: install
	@$(VENV)/bin/python -m discipline.tools.dependencies.licences >docs/licences.md

bench: install
	@exec $(VENV)/bin/python manage.py bench $(ARGS)

# The pictures of docs/screens.md, from a demo that runs. ARGS="--only board,map"
screens: install-dev
	@exec $(VENV)/bin/python -m tests.measure.take_screens $(ARGS)

fuzz: install-dev
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-fuzz.txt
	@exec $(VENV)/bin/python -m tests.measure.fuzz_reading $(ARGS)
