# Everything runs in .venv, made from the hash-checked lock file.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: bilan test vite check audit fix bench lock demonstration captures clients guide

# Exit 1 of `bilan refresh` is «published, but a delivery was refused»: said on stderr, not a failure.
bilan: .venv/pret
	$(BIN)/bilan refresh || [ $$? -eq 1 ]

test: check
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

# What a change usually breaks, in a minute: rules worked by hand, the graph, the roadmap. Left out:
# two properties of loading that are tried on many files drawn at random, for `make test` alone.
vite: .venv/pret
	$(BIN)/ruff check .
	$(BIN)/pytest -n 2 tests/indicators tests/controles tests/orientations tests/corrections \
		tests/diffusion tests/graphe/test_graphe.py tests/ingestion/test_controle.py \
		tests/ingestion/test_lectures_gardees.py tests/ingestion/test_livraison.py \
		-k "not test_cutting_a_file_into_parts and not test_the_order_of_rows"

check: .venv/pret
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@$(BIN)/python -m tests.audit 30 || true

# Known vulnerabilities of the locked packages: they fail this (1), as does no answer (2), but only
# warn in `make check`. What is known changes each day, and a commit that was right must stay so.
audit: .venv/pret
	$(BIN)/python -m tests.audit 600

fix: .venv/pret
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# BENCH_LIGNES=10000000 and the like: see tests/bench/__main__.py.
bench: .venv/pret .venv-clients/dbt/pret
	$(BIN)/python -m tests.bench

demonstration: .venv/pret
	$(BIN)/python -m pipelines.simulation.demonstration raw

# Other versions of DuckDB, with which tests open the published file; and dbt, which the bench runs.
clients: .venv-clients/dbt/pret \
	$(patsubst tests/warehouse/clients/%.txt,.venv-clients/%/pret,$(wildcard tests/warehouse/clients/*.txt))

define client
	rm -rf $(@D)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps --target $(@D) -r $<
	touch $@
endef

.venv-clients/dbt/pret: tests/bench/dbt.txt .venv/pret
	$(client)

.venv-clients/%/pret: tests/warehouse/clients/%.txt .venv/pret
	$(client)

# The results that the analysts' guide shows, from the warehouse that `make bilan` publishes.
guide: bilan
	$(BIN)/python -m tests.warehouse.guide

captures: .venv/pret
	$(BIN)/python -m tests.interface.captures

lock: .venv/pret
	$(BIN)/pip install uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-strip-extras --upgrade --group dev \
		-o requirements.lock pyproject.toml
# dbt-core 1.10: a part of the newest is not on PyPI. Its DuckDB is ours, or there would be two races.
	(echo 'dbt-core>=1.10,<1.11'; echo 'dbt-duckdb>=1.10,<2'; grep -o '^duckdb==[0-9.]*' requirements.lock) | \
		$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-build \
		--no-annotate --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras \
		--upgrade -o tests/bench/dbt.txt -

.venv/pret: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
