# make serve   build the bundled site and serve it (PORT=8000, HOST=127.0.0.1)
# make test    install what the tests need and run them
# make demo    build a site of all real files in ../shared, or where SOLLD_SHARED says, in var/demo
# make conformance   the W3C's SPARQL tests over HTTP, counted by folder (CONFORMANCE=--engine beside the engine alone)
# make soak    throw the attack set again and again (SECONDS=600), and tell what leaks
# make lives   random histories of a site, held against what is promised (LIVES=1000)
# make bench-matching   precision and recall of matching on the labelled sets of ../shared, ours and splink's
# make assets  make the bundles and the basemap in src/solld/static/dist again, which needs Node
# make screenshots   pictures of every type of page in var/screenshots (SCREENSHOTS="--at http://127.0.0.1:8000 / /map")
# make lighthouse   scores of pages of a site that runs (LIGHTHOUSE="http://127.0.0.1:8000 / /map"); installs it with npm
# make lint · make format · make bench
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
SECONDS ?= 600
LIVES ?= 1000
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/sh
VIRTUOSO := virtuoso-opensource-7-bin
APACHE := apache2-bin
OPENREFINE := openrefine
CHROMIUM := chromium
APT_INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends

# Where this is set, each of the many processes compiles all modules again.
export PYTHONDONTWRITEBYTECODE :=

CLIENTS := tests/clients/node_modules/.installed

.PHONY: serve demo test apt conformance screenshots lighthouse lint format bench bench-matching soak lives docs assets clean

serve: $(VENV)/runtime
	$(BIN)/solld publish || [ $$? -eq 1 ]
	$(BIN)/solld serve --host $(HOST) --port $(PORT)

demo: $(VENV)/runtime
	$(BIN)/python tools/demo/make.py

test:
	@$(MAKE) --no-print-directory -j3 $(VENV)/tests $(CLIENTS) apt
	@status=0; \
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not alone" $(PYTEST) || status=$$?; \
	$(BIN)/python -m pytest -m alone $(PYTEST) || [ $$? -eq 5 ] || status=$$?; \
	exit $$status

conformance: $(VENV)/tests
	PYTHONPATH=tests $(BIN)/python -m conformance $(CONFORMANCE)

screenshots: $(VENV)/tests apt
	$(BIN)/python tools/screenshots.py $(SCREENSHOTS)

lighthouse: apt
	test -d tools/lighthouse/node_modules || npm ci --prefix tools/lighthouse --ignore-scripts --no-audit --no-fund --loglevel=error
	node tools/lighthouse/run.mjs $(LIGHTHOUSE)

# Programs that the tests start, without the packages that would start them by themselves.
apt:
	@missing=""; \
	command -v virtuoso-t > /dev/null || missing="$$missing $(VIRTUOSO)"; \
	test -x /usr/sbin/apache2 || missing="$$missing $(APACHE)"; \
	command -v openrefine > /dev/null || missing="$$missing $(OPENREFINE)"; \
	command -v chromium > /dev/null || missing="$$missing $(CHROMIUM)"; \
	test -z "$$missing" || { \
		test "$$(id -u)" = 0 && command -v apt-get > /dev/null && \
		{ $(APT_INSTALL) $$missing || { apt-get update -qq && $(APT_INSTALL) $$missing; }; }; \
	} || echo "tests that need$$missing are skipped; on Debian, as root: apt-get install$$missing"

lint: $(VENV)/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/tests
	$(BIN)/python bench/run.py $(BENCH)

bench-matching: $(VENV)/tests
	PYTHONPATH=src:bench $(BIN)/python bench/matching.py

lives: $(VENV)/tests
	$(BIN)/python -m pytest -q --lives $(LIVES) -k "whatever or follows" tests/test_fates.py tests/test_ldes.py tests/test_restored.py

soak: $(VENV)/tests
	PYTHONPATH=tests $(BIN)/python bench/soak.py $(SECONDS)

$(VENV)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "solld needs Python 3.11 or newer; say which with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "on Debian: apt-get install python3-venv"; exit 1; }
	touch $@

$(VENV)/runtime: $(VENV)/python requirements.txt pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/tests: $(VENV)/runtime requirements-tests.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-tests.txt
	touch $@

# The clients that are no Python; without npm, or without a network, their tests say that they were skipped.
$(CLIENTS): tests/clients/package-lock.json
	@if command -v npm >/dev/null && npm ci --prefix tests/clients --ignore-scripts --no-audit --no-fund --loglevel=error; \
	then touch $@; else echo "Comunica and ldes-client could not be installed: their tests are skipped"; fi

# What is made is committed; a test holds it against its manifest.
assets: tools/assets/node_modules/.installed
	cd tools/assets && npm run --silent build

tools/assets/node_modules/.installed: tools/assets/package-lock.json
	npm ci --prefix tools/assets --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

clean:
	rm -rf $(VENV) var build dist tests/clients/node_modules tools/assets/node_modules

docs: $(VENV)/tests
	$(BIN)/python tools/readme.py
