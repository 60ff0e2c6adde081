# Everything a person does with this project. `make help` lists it.
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
ifeq ($(PYTHON),)
$(error KSBB needs Python 3.11 or newer on the PATH)
endif
LAUNCH := @$(PYTHON) bin/launch.py

.PHONY: help run dev test check format bench drills screenshots reset
.DEFAULT_GOAL := help

run: ## Set up what is missing and serve the portal on http://127.0.0.1:8000
	$(LAUNCH) run

dev: ## The same with DEBUG on and automatic reload
	$(LAUNCH) dev

test: ## Checks, then every test: SQLite, PostgreSQL, browser (some 15 min on two cores)
	$(LAUNCH) test

check: ## Format, lint, borders between rooms, settings, migrations
	$(LAUNCH) check

format: ## Put code and templates into the shape that check wants
	$(LAUNCH) format

bench: ## Benchmarks (tests/bench)
	$(LAUNCH) bench

drills: ## Long and violent tests: storms, faults, restore, scale 10 (at most 30 min)
	$(LAUNCH) drills

screenshots: ## Pictures of all pages into VAR/screenshots, README's into docs/img
	$(LAUNCH) screenshots

reset: ## Throw the embedded database away and load a clean demo
	$(LAUNCH) reset

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
	@echo
	@echo "Environment: PORT HOST DATABASE_URL DEMO SITE_URL VAR (see docs/operations.md)"
