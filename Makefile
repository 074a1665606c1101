# Plain `make` explains the targets. The environment lives in .venv; nothing else of the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard marketplace/i18n/translations/*/LC_MESSAGES/messages.po)

# without kept bytecode every process would compile scikit-learn and the site anew
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install install-test install-full run worker check test test-elastic test-postgres test-scaled test-cluster test-search-key test-browser \
        bench bench-elastic crash full-disk fuzz guards extra-names races webhooks docs format types contracts translations strings lock clean

help:  ## Explain the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

# uv only makes the installation faster; without it, or where it fails, pip does the same from the same lock
define install_lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv 2>/dev/null || true
	@{ [ -x $(BIN)/uv ] && UV_LINK_MODE=copy UV_SYSTEM_CERTS=1 $(BIN)/uv pip install -q --compile-bytecode \
	     --python $(BIN)/python --require-hashes -r requirements/$(1).txt; } \
	 || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/$(1).txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

$(VENV)/.base: requirements/base.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the site needs (locked and hashed) ..."
	$(call install_lock,base)
	@# in a process of its own: what compiling needs would else stay with the server, and be counted in every worker
	@$(BIN)/python -m compileall -q config search matching marketplace
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.base
	@echo "Installing what the tests need ..."
	$(call install_lock,test)
	@touch $@

$(VENV)/.full: requirements/full.txt $(VENV)/.test
	@echo "Installing what the scaled set and the browser tests need ..."
	$(call install_lock,full)
	@touch $@

$(VENV)/.translations: $(CATALOGUES) | $(VENV)/.base
	@$(BIN)/pybabel -q compile --directory marketplace/i18n/translations 2>/dev/null
	@touch $@

install: $(VENV)/.base $(VENV)/.translations  ## Make the environment from the locked, hashed set
install-test: install $(VENV)/.test
install-full: install-test $(VENV)/.full

# what speaks to PostgreSQL, Redis and S3 is installed where settings name one of them
SCALED := $(if $(filter postgres%,$(value DATABASE_URL))$(value REDIS_URL)$(filter s3:%,$(value STORAGE_URL)),$(VENV)/.full)

run: install $(SCALED)  ## Migrate, load the sample marketplace on first start, and serve (PORT changes 8000)
	@$(BIN)/souq serve --prepare

worker: install $(SCALED)  ## Run the background worker alone
	@$(BIN)/souq worker

test: install-test  ## Pass the test suite; needs no server of any kind
	@PYTHONHASHSEED=$${PYTHONHASHSEED:-0} $(BIN)/pytest -n auto --dist worksteal -m "not scaled and not browser"

check: install-full  ## Everything a change must pass: ruff, mypy, import contracts, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@PYTHONHASHSEED=$${PYTHONHASHSEED:-0} $(BIN)/pytest -n auto --dist worksteal -m "not scaled and not browser"

format: install-test  ## Format and sort
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: install-full  ## Check the types
	@$(BIN)/mypy

contracts: install-test  ## Check who imports whom
	@$(BIN)/lint-imports

test-elastic: install-full  ## The search contract and the judged searches on the Elasticsearch at SOUQ_TEST_ELASTIC
	@$(BIN)/pytest tests/contract/search tests/golden/search

test-postgres: install-full  ## The application tests on the PostgreSQL at SOUQ_TEST_POSTGRES
	@$(BIN)/pytest -n auto tests/app tests/contract tests/journeys

test-scaled: install-full  ## Tests that need the servers .ci/run starts
	@$(BIN)/pytest -m scaled --ignore tests/scaled/test_search_cluster.py --ignore tests/scaled/test_search_key.py

test-cluster: install-full  ## Search on the three nodes at SOUQ_TEST_CLUSTER while SOUQ_TEST_CLUSTER_TOOL kills them
	@$(BIN)/pytest -m scaled tests/scaled/test_search_cluster.py

test-search-key: install-full  ## Search by TLS with a key of few rights, on the node with a password at SOUQ_TEST_SECURE_ELASTIC
	@$(BIN)/pytest -m scaled tests/scaled/test_search_key.py

test-browser: install-full  ## The first tasks of buyer, seller, curator and partner in Chromium
	@$(BIN)/pytest -m browser tests/browser

crash: install-test  ## A hundred kills of the whole site under load, and each step cut off at each touch; nothing may be lost
	@$(BIN)/python -m tests.crash.run --cycles 100
	@$(BIN)/python -m tests.crash.steps --every 1

full-disk: install-test  ## The disk of a running site fills up twenty times; writes are refused politely, nothing is lost, reads go on
	@$(BIN)/python -m tests.crash.disk --cycles 20

fuzz: install-test  ## Twenty thousand odd requests as every kind of person; no fault of ours, no markup of theirs
	@SOUQ_FUZZ=$${SOUQ_FUZZ:-20000} $(BIN)/pytest -n auto --dist worksteal tests/app/test_fuzz.py

guards: install-test  ## Take every guard of the site out in turn; the tests named for it must turn red
	@$(BIN)/python -m tests.guards.run

extra-names: install-test  ## Every form that any test sends, with thirty names more on a copy of the site: nothing else changes
	@folder=$$(mktemp -d) && SOUQ_EXTRA_NAMES=$$folder $(BIN)/pytest -n auto --dist worksteal -m "not scaled and not browser" \
	  tests/app tests/journeys && $(BIN)/python -m tests.support.extra_names $$folder && rm -r $$folder

races: install-test  ## Thirty at once, twenty times over, on the PostgreSQL at SOUQ_TEST_POSTGRES (SQLite without it)
	@SOUQ_RACE_ROUNDS=$${SOUQ_RACE_ROUNDS:-20} $(BIN)/pytest -n 2 --dist worksteal tests/app/test_ops_races.py \
	  tests/app/test_attacks_races.py tests/app/test_leads_races.py tests/app/test_memberships_races.py \
	  tests/app/test_orders_races.py tests/app/test_quotes_races.py

webhooks: install-test  ## Ten thousand webhook deliveries in any order, with repeats and forgeries: the ledger is exact
	@SOUQ_WEBHOOKS=$${SOUQ_WEBHOOKS:-10000} $(BIN)/pytest tests/app/test_payments_stripe.py -k any_order

bench: install-test  ## Print rate, median, 99th percentile and memory beside a bare Flask page; matching, search, alerts over up to 100,000
	@$(BIN)/python -m tests.bench.run
	@$(BIN)/python -m tests.bench.matching
	@$(BIN)/python -m tests.bench.search_engines --documents 100000
	@$(BIN)/python -m tests.bench.freshness
	@$(BIN)/python -m tests.bench.alerts

bench-elastic: install-test  ## Search, growth, rebuild, freshness and the nearest offers, on the Elasticsearch at SOUQ_TEST_ELASTIC
	@$(BIN)/python -m tests.bench.search_elastic --server $(SOUQ_TEST_ELASTIC)
	@$(BIN)/python -m tests.bench.freshness --elastic $(SOUQ_TEST_ELASTIC)
	@$(BIN)/python -m tests.bench.matching_knn --server $(SOUQ_TEST_ELASTIC)

docs: install  ## Write the reference pages drawn from the code (life cycles) and from data (ASVS)
	@$(BIN)/souq docs write
	@$(BIN)/python -m tests.support.asvs

strings: install  ## Collect the interface's strings into the catalogues
	@$(BIN)/python -m marketplace.i18n.collect

lock:  ## Renew the locks after a change of dependencies (needs uv)
	$(PYTHON) requirements/lock.py

clean:  ## Remove the environment and caches; data in var/ stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
