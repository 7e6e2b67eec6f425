# make setup | demo | check | test | lint | bench | screenshots | format | lock
# make test-under-load | test-moodle
# AREA: one part of the tests, such as web/committee; without it, all.
# WORKERS: how many tests run at the same time; auto is one for each core.
# RUNS: how often to run all tests under load.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= auto
RUNS ?= 5
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
# Pure code, and the tests that say what is missing in a table or register.
CHECK_TESTS := $(wildcard tests/test_*.py) $(addprefix tests/,curriculum mail moodle/client \
  moodle/learners moodle/schemas moodle/site web/layout/test_translations.py \
  store/learning/test_member_progress.py store/test_privacy.py store/migrations/test_migrations.py \
  web/lists/test_list_pages.py web/test_access.py::test_every_route_is_in_the_access_matrix)
STAMP := .venv/.installed

.PHONY: setup demo check check-code check-tests test test-under-load lint bench screenshots \
  test-moodle format lock clean
setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Stewardpath needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	$(BIN)/stewardpath demo

check: setup
	@$(MAKE) --no-print-directory --jobs=2 check-code check-tests

check-code: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-tests: setup
	$(PYTEST) -m "not postgresql" $(CHECK_TESTS)

test: setup
	$(PYTEST) $(addprefix tests/,$(AREA))

test-under-load: setup
	$(BIN)/python -m tests.support.under_load $(RUNS) -n $(WORKERS) --dist worksteal \
	  $(addprefix tests/,$(AREA))

lint: check-code
	@if command -v php >/dev/null; then \
	  find bridge/moodle/companion -name '*.php' -print0 | xargs -0 -n1 php -l >/dev/null && echo "php -l: no syntax errors"; \
	else echo "php -l: not run, PHP is not installed (apt-get install php-cli)"; fi

bench: setup
	$(BIN)/python -m tests.bench

screenshots: setup
	$(BIN)/python -m tests.browser.screenshots

test-moodle: setup
	@test -n "$(MOODLE_URL)" -a -n "$(MOODLE_TOKEN)" || \
	  { echo "Not run: make test-moodle MOODLE_URL=https://… MOODLE_TOKEN=…"; exit 2; }
	STEWARDPATH_TEST_MOODLE_URL="$(MOODLE_URL)" STEWARDPATH_TEST_MOODLE_TOKEN="$(MOODLE_TOKEN)" \
		STEWARDPATH_TEST_MOODLE_CORE_TOKEN="$(MOODLE_CORE_TOKEN)" \
		STEWARDPATH_TEST_MOODLE_TEACHER="$(MOODLE_TEACHER)" \
		STEWARDPATH_TEST_MOODLE_EMAIL="$(MOODLE_EMAIL)" $(BIN)/pytest tests/contract

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup
	$(BIN)/python -m tests.support.lock_file

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
