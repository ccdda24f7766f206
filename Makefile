.DEFAULT_GOAL := help
.PHONY: help run test test-browser test-slow test-postgres test-next user lint types bench screenshots
VENV := .venv
NEXT := .venv-next
PY := $(VENV)/bin/python
NAME ?=
ADMIN ?=
MANY := -m pytest -n auto --dist worksteal
SUITE := $(MANY) -m "not slow"
QUICKLY := $(MANY) -m "not slow and not wide"
# A browser, the rooms that know no Django, what is drawn of invented runs, and the tests of files see neither the
# database nor, to speak of, the version of Django.
UNSEEN := $(MANY) -m "not slow and not wide and not browser" --ignore-glob='tests/test_*.py' \
	$(addprefix --ignore=tests/,domain presentation upstream simulator views/styleguide)
# Those that keep a core busy run one after another (tests/groups.py).
SLOW := -m pytest -m slow -n 4 --dist loadgroup
# Properties, with many random examples in place of the few of every day (tests/conftest.py).
EXPLORE := $(MANY) -m hypothesis

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-14s %s\n", $$1, $$2}'

$(PY):
	@set -e; found=; \
	for p in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	  if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$p; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo "Runboard needs Python 3.11 or newer, and none was found on the PATH." >&2; exit 1; fi; \
	if ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
	  v=$$($$found -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python$$v-venv" >&2; exit 1; fi; \
	$$found -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing Runboard into $(VENV) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-test: requirements-test.txt requirements-postgres.txt requirements-s3.txt $(VENV)/.installed
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed-test
	@echo "Installing linters and types into $(VENV) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.env:
	@cp .env.example .env

run: $(VENV)/.installed .env ## serve Runboard (a demo without COMFYDEPLOY_API_KEY)
	@exec $(PY) manage.py serve

user: $(VENV)/.installed .env ## NAME=ana: make or reset an account, print its sign-in link
	@$(PY) manage.py user "$(NAME)" $(if $(ADMIN),--admin)

test: $(VENV)/.installed-test ## every test but the slow ones and the wider browser tests
	@$(PY) $(QUICKLY)

test-browser: $(VENV)/.installed-test ## the wider browser tests
	@$(PY) $(MANY) -m "wide and not slow"

test-postgres: $(VENV)/.installed-test ## every test on PostgreSQL (TEST_DATABASE_URL, or one on this computer)
	@url=$$($(PY) -m tests.postgres) && export TEST_DATABASE_URL=$$url && $(PY) $(SUITE) && $(PY) $(SLOW)

test-next: $(NEXT)/.installed ## every test on the next Django and Python 3.13 (and on TEST_DATABASE_URL, if set); QUICK=1: those of make test, without a browser and the rooms that know no Django
	@$(NEXT)/bin/python $(if $(QUICK),$(UNSEEN),$(SUITE) && $(NEXT)/bin/python $(SLOW))

$(NEXT)/.installed: requirements-next.txt requirements-test.txt requirements-postgres.txt requirements-s3.txt requirements.txt
	@found=$$(.ci/python-next) && $$found -m venv $(NEXT)
	@echo "Installing the next Django into $(NEXT) ..."
	@$(NEXT)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@$(NEXT)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-next.txt
	@touch $@

test-slow: $(VENV)/.installed-test ## the slow tests (processes, minutes), then properties with many random examples; QUICK=1: without these
	@$(PY) $(SLOW)
	$(if $(QUICK),,@HYPOTHESIS_PROFILE=explore $(PY) $(EXPLORE))

lint: $(VENV)/.installed-dev ## ruff, djlint, the import contract, missing migrations
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m djlint templates --lint --quiet
	@$(VENV)/bin/lint-imports
	@$(PY) manage.py makemigrations --check --dry-run

types: $(VENV)/.installed-dev ## mypy
	@$(PY) -m mypy

bench: $(VENV)/.installed-test ## CPU time of each view beside a bare Django view; the watcher beside a bare pool; keeping files beside curl; fails where a figure that must hold does not
	@$(PY) -m tests.bench

screenshots: $(VENV)/.installed-test ## pictures of each page into var/screenshots
	@$(PY) -m tests.screenshots
