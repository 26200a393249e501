# `make dataset` and `make test` do everything on a fresh machine with Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: audit browser card dataset matrix test format fuzz benchmark clean

dataset: $(VENV)/.installed
	$(BIN)/zhnews build seeds/dataset.toml -o out

# The card of the seed dataset, as it is shown in data_cards/; a test compares it.
card: dataset
	rm -rf data_cards/zhnews-seed
	mkdir data_cards/zhnews-seed
	cp -r out/zhnews-seed-*/README.md out/zhnews-seed-*/pictures data_cards/zhnews-seed/

# Older versions of `datasets`, laid over the environment's own packages: 7 s and 33 MB each.
FLOOR := 2.21.0
OLDER := $(FLOOR) 3.6.0 4.0.0
WITH_2.21.0 := huggingface_hub==0.24.7 fsspec==2024.6.1
WITH_3.6.0 := huggingface_hub==0.30.2 fsspec==2025.3.0
WITH_4.0.0 := huggingface_hub==0.34.4 fsspec==2025.3.0

$(VENV)/datasets-%/.installed: | $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --disable-pip-version-check --target $(@D) aiohttp requests xxhash
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade --no-deps --target $(@D) \
	  datasets==$* dill==0.3.8 multiprocess==0.70.16 $(WITH_$*)
	@touch $@

matrix: $(OLDER:%=$(VENV)/datasets-%/.installed)
	$(BIN)/pytest tests/publish/test_versions.py

# The review page is tested in a real browser; where none can be installed, those tests are skipped and say so.
browser:
	@command -v chromium >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium fonts-wqy-microhei; } >/dev/null 2>&1 \
	  || echo "no Chromium, and it cannot be installed here: browser tests will be skipped"

test: $(VENV)/.installed-dev $(VENV)/datasets-$(FLOOR)/.installed browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto

# Broken samples through every reader and rule, an hour or so; what breaks one is kept in tests/fuzz/cases/.
fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m tests.fuzz --executions 10000000 --seed $$(date +%s)

# Known holes in the packages that we need, by the advisories of PyPI; needs the network, so no part of the tests.
audit: $(VENV)/.installed-dev $(VENV)/audit/bin/pip-audit
	$(BIN)/pip freeze --exclude-editable > $(VENV)/audit/requirements.txt
	$(VENV)/audit/bin/pip-audit --strict --no-deps --disable-pip --requirement $(VENV)/audit/requirements.txt

$(VENV)/audit/bin/pip-audit:
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check pip-audit

format: $(VENV)/.installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) out

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, $$($(PYTHON) --version) was found; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed
