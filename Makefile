# Yuanyi: `make help` lists what can be said. Everything happens in this folder and in DATA_DIR (default: var/).
PYTHON ?= python3
MODE ?= demo
export MODE
PY := .venv/bin/python
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.PHONY: help run test check seed bench soak lock format messages installed installed-for-tests

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: installed $(MESSAGES) ## install what is missing and start the demo on http://localhost:8000 (PORT=… DATA_DIR=…)
	@exec $(PY) manage.py run

test: installed-for-tests $(MESSAGES) ## run all tests, on SQLite and on a private PostgreSQL + Redis (ARGS="tests/voting -x")
	@exec $(PY) tests/run.py $(ARGS)

check: installed-for-tests $(MESSAGES) ## format, lint, types, layers, templates, translations, migrations, deployment
	@exec $(PY) bin/check.py

seed: installed $(MESSAGES) ## load the demo; SCALE=3000 adds so many generated cases
	@exec $(PY) manage.py seed $(if $(SCALE),--scale $(SCALE))

bench: installed-for-tests $(MESSAGES) ## measure; prints a table and writes bench/latest.json
	@exec $(PY) -m bench

soak: installed-for-tests $(MESSAGES) ## run the long tests
	@exec $(PY) tests/run.py -m soak

format: installed-for-tests ## put the code into the house's format
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

lock: installed-for-tests ## write the lock files anew from pyproject.toml
	@$(PY) bin/lock.py

messages: $(MESSAGES)

installed:
	@$(PYTHON) bin/setup.py run

installed-for-tests:
	@$(PYTHON) bin/setup.py test

%.mo: %.po
	@msgfmt --check-format -o $@ $<
