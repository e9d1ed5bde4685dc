# What people and continuous integration call. `make` alone lists the targets.
# Every recipe quotes its paths or keeps them relative: the checkout's path may hold a space.

# The environments have all they need; another Python's modules would come first. Without bytecode, each process that a
# run or a test starts compiles all its modules again.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PYTEST_ARGS ?=

AIRFLOW := 3.3.1
OTHER_AIRFLOWS := 3.0.6 3.2.1

VENV := .venv/bin/python
SETUP := $(PYTHON) local/bootstrap.py
INSTALL := $(SETUP) install
AIRFLOW_PYTHON := .local/airflow-$(AIRFLOW)/bin/python
# One process per core; what a test needs of the others it gets from fixtures.
PARALLEL := -n auto --maxprocesses=8 --dist=worksteal

# `make local DATA='my file.csv'`: handed on through the environment as it was typed, never through a shell's eyes.
define hand_on
ifneq ($$(origin $(1)),undefined)
override $(1) := $$(value $(1))
export $(1)
endif
endef
$(foreach name,STACK DATA KEEP,$(eval $(call hand_on,$(name))))

# The marks are those of plain `pytest`, in pyproject.toml.
QUICK_TESTS := $(VENV) -m pytest $(PARALLEL) --hypothesis-profile=quick $(PYTEST_ARGS)

WRITING := $(if $(WRITE),--write-verification)
OTHER_DAG_TESTS := $(addprefix dags-,$(OTHER_AIRFLOWS))
OTHER_IMPORTS := $(addprefix imports-,$(OTHER_AIRFLOWS))
# Four at a time, each one's output in one piece, where this make can do that: the local run waits more than it works.
SIDE_BY_SIDE := $(if $(filter output-sync,$(.FEATURES)),--jobs=4 --output-sync=target)

.PHONY: help setup local stop operate test test-parts test-spark test-end-to-end test-unit test-quick verify verify-runs mutants check check-types check-dag-types \
	check-style requirements wheels schema bench screenshot lock clean \
	dags-$(AIRFLOW) $(OTHER_DAG_TESTS) $(OTHER_IMPORTS)

help: ## List the targets
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{printf "%-12s %s\n", $$1, $$2}'

setup: ## Install everything that the other targets need, into .venv and .local
	@$(INSTALL) --spark --airflow $(AIRFLOW) --if-possible $(OTHER_AIRFLOWS)

local: ## The whole pipeline on this machine, to the trained model (STACK=, DATA=, KEEP=1)
	@$(SETUP) check-run
	@$(INSTALL) --spark --airflow $(AIRFLOW)
	@$(VENV) -m local run

stop: ## End what `make local KEEP=1` left running
	@if [ -x $(VENV) ]; then $(VENV) -m local stop; else echo 'no local run was left running'; fi

operate: ## Start, follow and explain runs of a stack (ARGS='status --stack dev', ARGS='--help')
	@$(INSTALL)
	@$(VENV) -m operate $(or $(ARGS),--help)

test: setup ## All but the long verification and many variations: units, Spark, DAGs, the local run
	@echo 'The local run, Spark and the DAGs on Airflow, beside the tests of everything else: each prints when it is done'
	@$(MAKE) --no-print-directory $(SIDE_BY_SIDE) test-end-to-end test-parts test-spark dags-$(AIRFLOW) $(OTHER_IMPORTS)

# The + lets the dots through at once.
test-parts:
	+$(AFTER) $(VENV) -m pytest $(PARALLEL) --hypothesis-profile=$(if $(VERIFYING),thorough,quick) \
		-m 'not end_to_end and not spark and not verification' $(WRITING) $(PYTEST_ARGS)

# In one process: Spark is fast once it is warm.
test-spark:
	$(VENV) -m pytest -m 'spark and not verification' $(PYTEST_ARGS) tests/workloads tests/local/gateway/glue

test-end-to-end: ## The local run alone: what it ends with, further runs, faults, Ctrl-C
	@$(INSTALL) --spark --airflow $(AIRFLOW) --if-possible $(OTHER_AIRFLOWS)
	$(VENV) -m pytest -n 2 --dist=loadscope --durations=5 -m 'end_to_end and not verification' $(PYTEST_ARGS) tests/local

# tests/dags runs inside Airflow's own environment, which has no Pulumi: the outer conftest stays out.
define pytest_in_airflow
	@if [ -x .local/airflow-$*/bin/python ]; then \
		echo 'DAGs on Airflow $*'; \
		$(AFTER) .local/airflow-$*/bin/python -m pytest --confcutdir=tests/dags $(PYTEST_ARGS) $(1); \
	else echo 'DAGs NOT tested on Airflow $*: this machine has no Python that runs it'; fi
endef

dags-$(AIRFLOW): dags-%:
	$(call pytest_in_airflow,$(if $(VERIFYING),-m '') tests/dags)

$(OTHER_DAG_TESTS): dags-%:
	$(call pytest_in_airflow,-m airflow tests/dags)

$(OTHER_IMPORTS): imports-%:
	$(call pytest_in_airflow,-m airflow tests/dags/test_imports.py tests/dags/test_structure.py)

test-unit: ## The quick tests of what is deployed: the components, with mocks, and the workloads
	@$(INSTALL)
	$(QUICK_TESTS) tests/components tests/workloads

test-quick: ## All quick tests: no Airflow, no Spark, no embedded AWS, no stacks but those in `stacks/`
	@$(INSTALL)
	$(QUICK_TESTS)

verify: setup ## Every test, the long ones too: faults, permissions, other Airflows; WRITE=1 writes docs/verification
	@$(MAKE) --no-print-directory $(SIDE_BY_SIDE) VERIFYING=1 AFTER='nice -n 10' verify-runs test-parts dags-$(AIRFLOW) $(OTHER_DAG_TESTS)

# The files that share a local run, or Spark, are tested in one process, the longest first (tests/conftest.py): three at a
# time, of which the local runs wait more than they work.
verify-runs:
	+$(VENV) -m pytest -n 3 --dist=loadscope --no-loadscope-reorder --verbose --durations=10 -m 'end_to_end or spark or verification' $(WRITING) $(PYTEST_ARGS) tests

mutants: ## Mutation tests of components/ with mutmut, which take hours (ONLY='components.network.cidr*')
	@$(INSTALL)
	$(VENV) -m mutmut run $(if $(ONLY),'$(ONLY)')

check: ## Lint, formatting, types, workflows
	@$(INSTALL) --airflow $(AIRFLOW)
	@$(MAKE) --no-print-directory $(SIDE_BY_SIDE) check-types check-dag-types check-style

check-types:
	$(VENV) -m mypy --exclude '^(dags|examples/runs_table|tests/dags|mutants)/' .

check-dag-types:
	MYPYPATH=dags $(VENV) -m mypy --cache-dir=.mypy_cache/dags --python-executable $(AIRFLOW_PYTHON) dags examples/runs_table tests/dags

check-style:
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(VENV) -m jactionlint --shellcheck= --pyflakes=
	.venv/bin/zizmor --offline --quiet .github

requirements: ## Whether a stack's requirements resolve on its Airflow, before they are uploaded (STACK=prod)
	@$(INSTALL)
	@$(VENV) -m local.requirements "$${STACK:?name the stack: make requirements STACK=prod}"

wheels: ## Download the wheels of a stack's requirements, for an environment without PyPI (STACK=prod)
	@$(INSTALL)
	@$(VENV) -m local.wheels "$${STACK:?name the stack: make wheels STACK=prod}"

schema: ## Write stacks/topology.schema.json, by which an editor checks stack files, from the model
	@$(INSTALL)
	$(VENV) -m components.topology.schema

bench: ## Measure set-up, evaluation, tests and the local run
	@$(INSTALL) --spark --airflow $(AIRFLOW)
	$(VENV) -m benchmarks

screenshot: ## Take the README's pictures; needs Chromium, after `make local KEEP=1`
	@$(INSTALL)
	@$(VENV) -m docs.images.pictures

lock: ## Write the lock files again from requirements/*.in (UPGRADE=1 takes newer versions)
	@$(SETUP) lock $(if $(UPGRADE),--upgrade)

clean: ## End the local run, remove environments and caches
	-@if [ -x $(VENV) ]; then $(VENV) -m local stop; fi
	rm -rf .venv .local .mypy_cache .pytest_cache .ruff_cache .hypothesis mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
