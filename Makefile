# What one does with this project, one word each. `make` alone lists them.
# Everything runs from .venv, which `make setup` fills from uv.lock; nothing is installed outside this folder,
# save Debian packages that the tests need (tools/test-tools.sh says which, and only root installs them).

BIN := .venv/bin
PORT ?= 8000
WORKERS ?= 3
FLASK := PORTAL_ENV=$${PORTAL_ENV:-demo} $(BIN)/flask --app wsgi
TEMPLATES := $(wildcard portal/templates)

.DEFAULT_GOAL := help
.PHONY: help setup run test test-sqlite test-postgresql machine check format bench seed translations migration clean

help: ## List these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the locked dependencies in .venv and compile the translations
	@tools/setup.sh

run: setup ## Serve the portal and its worker with demo data on http://127.0.0.1:8000 (PORT=9000 for another port)
	@PORT=$(PORT) $(BIN)/python tools/run.py

test: setup ## Run the whole suite on SQLite and on PostgreSQL, browser journeys included
	@tools/test-tools.sh
	@WORKERS=$(WORKERS) tools/test.sh sqlite postgresql

test-sqlite: setup ## Run the whole suite on SQLite only
	@tools/test-tools.sh
	@WORKERS=$(WORKERS) tools/test.sh sqlite

test-postgresql: setup ## Run the whole suite on PostgreSQL only
	@tools/test-tools.sh
	@WORKERS=$(WORKERS) tools/test.sh postgresql

RUNS ?= 500
STEPS ?= 60
machine: setup ## Run the state machine of seats at length on SQLite and on PostgreSQL (RUNS=500 STEPS=60)
	@for database in sqlite postgresql; do \
		echo "== $(RUNS) runs of $(STEPS) steps on $$database"; \
		$(BIN)/pytest tests/domain/enrolment/test_seats_machine.py --database=$$database \
			--machine-runs=$(RUNS) --machine-steps=$(STEPS) --durations=1 \
			-o faulthandler_timeout=0 || exit 1; \
	done

check: setup ## Check formatting, lint, types, layers and templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(TEMPLATES),$(BIN)/djlint --quiet --lint $(TEMPLATES))

format: setup ## Put the code in the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure the pages against a bare one; writes bench/results/*.json and prints a table
	@$(BIN)/python -m bench

seed: setup ## Migrate the database and load the demo data; a second time changes nothing
	@$(FLASK) db upgrade
	@$(FLASK) demo

translations: setup ## Extract the Dutch texts and bring the English catalogue up to date
	@mkdir -p portal/translations
	$(BIN)/pybabel --quiet extract --mapping babel.cfg --keyword _n:1,2 --keyword _l --sort-by-file --add-location file --no-wrap \
		--project Leerkring --output portal/translations/messages.pot .
	$(BIN)/pybabel --quiet update --no-wrap --ignore-pot-creation-date --no-fuzzy-matching --init-missing \
		--input-file portal/translations/messages.pot --output-dir portal/translations --locale en
	rm portal/translations/messages.pot

migration: setup ## Write a migration for what changed in the models: make migration MESSAGE="add the waiting list"
	@test -n "$(MESSAGE)" || { echo 'Say what the migration does: make migration MESSAGE="add the waiting list"'; exit 1; }
	@$(FLASK) db upgrade
	@$(FLASK) db migrate --message "$(MESSAGE)"

clean: ## Remove what tools left behind; the database in instance/ stays
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
