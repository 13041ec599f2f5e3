# Everything runs from a clean clone with Python 3.11+; only `.venv` and `var` are written.
PYTHON ?= python3
BIN := .venv/bin
SETUP := $(PYTHON) -B carbonwatch/runtime/setup_venv.py

.PHONY: setup run test lint bench bench-detection demo-reset

setup:
	@$(SETUP) requirements.txt requirements-dev.txt

# The launcher stops web, worker, beat and the servers on Ctrl-C or TERM.
run:
	@$(SETUP) requirements.txt
	@$(BIN)/python -m carbonwatch.runtime.launch

test: setup
	@$(BIN)/python -m carbonwatch.runtime.with_servers $(BIN)/pytest -n 2 $(PYTEST_ARGS)

lint: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/lint-imports
	@$(BIN)/mypy carbonwatch emitters verification inspections enforcement
	@$(BIN)/python manage.py check
	@$(BIN)/python -m carbonwatch.runtime.with_servers $(BIN)/python manage.py makemigrations --check --dry-run

bench: setup
	@$(BIN)/python -m carbonwatch.runtime.with_servers $(BIN)/python -m tests.bench

# Falsified, odd and honest plants of a simulator: what the checks find, and whom they accuse.
bench-detection: setup
	@$(BIN)/python -m tests.bench.detection

# Forget the embedded data; the next `make run` starts with a fresh made-up province.
demo-reset:
	@$(SETUP) requirements.txt
	@$(BIN)/python -m carbonwatch.runtime.reset
