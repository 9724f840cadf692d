# `make demo` and `make test` need nothing before them but make, apt and Python 3.11 or newer.
PORT ?= $(or $(GEO_PORT),8000)
RUN := uv run --no-sync
# Each process that the tests start would compile its libraries anew (`geo-service --help`: 3.5 s of CPU, else 1.5 s).
PYTEST := env -u PYTHONDONTWRITEBYTECODE .venv/bin/pytest
export PATH := $(PATH):$(CURDIR)/.tools/uv/bin

.PHONY: help demo demo-reset test quick lint types mutants faults chaos kills judges images-test previous engine-version dist sbom setup
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: ## the demo city on http://127.0.0.1:8000 (PORT=… for another port); Ctrl-C stops all of it
	@scripts/setup.sh
	@GEO_PORT=$(PORT) exec .venv/bin/geo-service demo

demo-reset: ## the demo city from scratch: forgets everything under data/run
	@scripts/setup.sh
	@GEO_PORT=$(PORT) exec .venv/bin/geo-service demo --reset

test: setup lint types ## lint, types and every test on real PostGIS and a real browser
	@exec $(PYTEST) --numprocesses=auto --dist=loadfile --no-loadscope-reorder

quick: setup ## the tests nearest to what changed since BASE (main), with floors, docs and locales
	@tests=$$(.venv/bin/python scripts/quick.py --base $(or $(BASE),main)) && exec $(PYTEST) $$tests

lint: setup ## code style
	@$(RUN) ruff check .
	@$(RUN) ruff format --check --quiet .
	@$(RUN) yamllint --strict .

types: setup ## static types
	@$(RUN) mypy
	@npm run --silent check

mutants: setup ## small faults in what changed since BASE (HEAD~1): which of them does no test notice?
	@exec .venv/bin/python scripts/mutants.py --base $(or $(BASE),HEAD~1) --most $(or $(MOST),40)

faults: setup ## the database killed, cut off, full; the worker, GIPOD, mail down: what people see, back after, lost (ten minutes)
	@exec env -u PYTHONDONTWRITEBYTECODE .venv/bin/python scripts/fault_table.py

chaos: setup ## ten minutes of writes while API, worker and PostgreSQL are killed at random and a receiver is down half of the time
	@CHAOS_S=$(or $(SECONDS),600); export CHAOS_S; exec $(PYTEST) -q -s tests/races/test_chaos.py

kills: setup ## `make demo` killed at random 50 times and started again: what is lost, what runs on (TIMES=… for fewer)
	@exec env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m scripts.killed_demo --times $(or $(TIMES),50)

images-test: ## the images built, run by Docker Compose and broken; makes a Docker engine for itself where none answers (root; up to twenty minutes)
	@if docker info >/dev/null 2>&1; then exec python3 -B -m scripts.images_test; \
	else exec scripts/images/engine.sh sh -c 'cd /project && exec python3 -B -m scripts.images_test'; fi

judges: setup ## others' tools against a demo city of its own, and the code: bandit, schemathesis as each role, sqlmap (half an hour and more)
	@exec .venv/bin/python -m scripts.judges

previous: setup ## the tests of the previous release on the schema of this one: does it run on, while an upgrade goes on? (ten minutes)
	@exec env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m scripts.previous_release

engine-version: setup ## the next version of the engine, after its code or SQL has changed: databases are computed anew
	@exec .venv/bin/python -m scripts.engine_version

dist: setup ## an archive for a host without Docker: dist/geo-service-VERSION.tar.gz
	@scripts/dist.sh

sbom: setup ## what the release consists of, as CycloneDX: dist/geo-service-VERSION.cdx.json
	@exec .venv/bin/python scripts/sbom.py

setup: ## everything the tests need
	@scripts/setup.sh test
