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

.PHONY: install install-dev run test lint bench

install:
	@$(BOOTSTRAP)

install-dev:
	@$(BOOTSTRAP) --dev

run: install
	@exec $(VENV)/bin/python manage.py run

test: install-dev
	@exec $(VENV)/bin/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install-dev
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy .

bench: install
	@exec $(VENV)/bin/python manage.py bench $(ARGS)
