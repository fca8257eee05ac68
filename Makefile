# The two commands of a fresh clone: `make serve` and `make test`. Both set up everything they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: serve test check build lint types browser clean

SCRIPTS := api/web/package-lock.json api/web/build.mjs $(wildcard api/web/src/*/*)

# What the pages run in a browser is bundled by the install; without a registry the pages go without, and say so.
$(STAMP): pyproject.toml $(SCRIPTS)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Isogloss needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	$(BIN)/python api/web/bundle.py || true
	touch $@

# The tools that only tests need in a browser; a test that lacks them skips with a message.
tests/api/node_modules: tests/api/package-lock.json
	cd tests/api && (npm ci --silent || echo "npm is not to be had: the tests that need it will skip")

serve: $(STAMP)          ## build the graph if there is none, and serve it
	$(BIN)/isogloss serve

build: $(STAMP)          ## build a new snapshot
	$(BIN)/isogloss build

test: $(STAMP) tests/api/node_modules  ## run the tests
	$(BIN)/python -m pytest

check: lint types $(STAMP)  ## style, types, floors, ontology and facts
	$(BIN)/lint-imports
	$(BIN)/isogloss build
	$(BIN)/isogloss check
	$(BIN)/isogloss check --links

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy -p isogloss
	$(BIN)/mypy tests

clean:
	rm -rf $(VENV) api/web/dist tests/api/node_modules build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
