# make up      a running massline with a made-up city: http://127.0.0.1:8000
# make test    every test           make check   linters and drift checks
# make test KIND=petitions   the shared tests of one kind, by its plural, and the tests of its app
# make bench   ratios measured side by side (sizes: benchmarks/measure.py); pages against those of an older clone, by
#              turns and on the same data: .venv/bin/python -m benchmarks.side_by_side OLDER_CLONE (--only, --save FOLDER)
# make soak    the long tests       make format  what the linters can put right themselves
# make pictures     the README's pictures, beside a running make up
# make secrets      what docker-compose.yml needs, made once
# make requirements   pins anew what pyproject.toml asks for (needs uv)

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet --require-hashes
COMPILE := uv pip compile pyproject.toml --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--universal --python-version 3.11
TYPED := manage.py massline accounts audit responsibility records citizens petitions reports inspection institutions
SOURCES := $(TYPED) tests benchmarks

.PHONY: up test check soak bench format requirements pictures secrets
.SILENT:

# The launcher goes when make goes, even when make is killed.
up: .venv/.installed
	exec $(BIN)/python manage.py up --stop-with-parent

test: .venv/.installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(if $(KIND),--kind=$(KIND))

soak: .venv/.installed-dev
	$(BIN)/python -m pytest -m soak

bench: .venv/.installed-dev
	$(BIN)/python -m benchmarks

check: export MASSLINE_ENV = test
check: .venv/.installed-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy $(TYPED)
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m tests.check_circles
	$(BIN)/python -m tests.check_migrations
	$(BIN)/python -m tests.check_names
	$(BIN)/python manage.py translations --check
	$(BIN)/python manage.py draw_acts --check

format: .venv/.installed-dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

# Beside a running `make up`, with its MASSLINE_DEMO_PASSWORD.
pictures: .venv/.installed-dev
	$(BIN)/python docs/draw_pictures.py

secrets:
	sh docker/secrets.sh

requirements:
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --extra test --extra check --constraint requirements.txt --output-file requirements-dev.txt

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "massline needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv \
		|| { rm -rf .venv; echo "This Python cannot make virtual environments; on Debian install python3-venv."; exit 1; }

.venv/.installed: requirements.txt | .venv/bin/python
	echo "installing packages …"
	$(PIP) -r requirements.txt
	touch $@

# The larger set contains the smaller one.
.venv/.installed-dev: requirements-dev.txt | .venv/bin/python
	echo "installing packages …"
	$(PIP) -r requirements-dev.txt
	touch $@ .venv/.installed
