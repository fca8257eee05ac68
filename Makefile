# The two commands of a fresh clone: `make serve` and `make test`. Both set up everything they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: serve test check build lint types browser clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Isogloss needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

serve: $(STAMP)          ## build the graph if there is none, and serve it
	$(BIN)/isogloss serve

build: $(STAMP)          ## build a new snapshot
	$(BIN)/isogloss build

test: $(STAMP)           ## run the tests
	$(BIN)/python -m pytest

check: lint types $(STAMP)  ## style, types, floors, ontology and facts
	$(BIN)/lint-imports
	$(BIN)/isogloss build
	$(BIN)/isogloss check

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy -p isogloss
	$(BIN)/mypy tests

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
