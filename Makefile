# run: set up and run the bot (without a token it rehearses) · test: all tests · test-crash: kill it a hundred times · check: format, lint, types, import rules
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
JOBS ?= 4

.PHONY: run test test-crash check format lock bench clean

$(VENV)/.ready-run: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Backroom needs Python 3.11 or newer, and this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.ready-dev: $(VENV)/.ready-run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	touch $@

run: $(VENV)/.ready-run
	$(BIN)/backroom run $(ARGS)

# A test starts the bot many times, and each start reads every cog: compiled once, whatever the environment says.
test test-crash bench: export PYTHONDONTWRITEBYTECODE =

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal $(ARGS)

test-crash: $(VENV)/.ready-dev
	$(BIN)/python -m tests.crash $(ARGS)

check: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(VENV)/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.ready-dev
	$(BIN)/python -m tests.benchmarks $(ARGS)

lock: $(VENV)/.ready-dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11 --extra postgresql pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --python-version 3.11 --extra postgresql --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .hypothesis
