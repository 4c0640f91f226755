# `make` shows what there is. Everything that is made stays in this folder: .tools/, .aws-sam/, .landfall/ and target/.

PYTHON ?= python3
PORT ?=
TEST_PORT ?= 4567

MACHINE := $(shell uname -m)
ARCHITECTURE := $(if $(filter aarch64 arm64,$(MACHINE)),arm64,x86_64)

TOOLS := $(CURDIR)/.tools/bin
STACK := .tools/sam/bin/python local/stack.py
LANDFALL := .tools/bin/landfall

export PATH := $(TOOLS):$(PATH)
export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0

# The quick profile: functions, command line and tests share one set of unoptimised dependencies, for which cargo-lambda
# must use this machine's compiler, and all the others the target that cargo-lambda names.
export SAM_BUILD_MODE := debug
export CARGO_LAMBDA_COMPILER := cargo
export CARGO_BUILD_TARGET := $(MACHINE)-unknown-linux-gnu

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help up down logs build tools test fmt lint unit template e2e

help: ## Show what there is
	@awk -F ': .*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: build ## Start Landfall on this machine and send it deliveries (PORT=4566)
	@$(STACK) up local $(if $(PORT),--port $(PORT))
	@.tools/sam/bin/python local/deliveries.py $(LANDFALL)

down: ## Stop what `make up` started
	@if [ -e .tools/sam ]; then $(STACK) down local; else echo "Nothing was running."; fi

logs: ## Show what the functions of the local stack have logged
	@$(STACK) logs local

build: tools ## Build the functions and the command line, quickly
	@echo "Building (some minutes at first) ..."
	@cargo lambda build --locked --bin ingest --bin consumer --bin sweeper
	@cargo build --locked --bin landfall
	@ln -sf ../../target/$(MACHINE)-unknown-linux-gnu/debug/landfall $(LANDFALL)
	@mkdir -p .aws-sam
	@sam build --build-dir .aws-sam/local --parameter-overrides Architecture=$(ARCHITECTURE) >.aws-sam/build.log 2>&1 \
		|| { cat .aws-sam/build.log; exit 1; }

tools: ## Set up the tools in .tools/
	@PYTHON=$(PYTHON) local/tools.sh

test: fmt lint unit template e2e ## Run every test; this is what .ci/run calls

fmt: tools ## Is the code formatted?
	cargo fmt --all --check

lint: tools ## Clippy, with warnings as errors
	cargo clippy --locked --workspace --all-targets -- -D warnings

unit: tools ## Unit, table, vector and property tests
	cargo test --locked --workspace

template: tools ## The template: its text, cfn-lint, sam validate
	cfn-lint infra/template.yaml
	sam validate --lint
	pytest tests/stack/test_template.py

e2e: build ## End-to-end tests, on a stack of their own (TEST_PORT=4567)
	@$(STACK) down e2e >/dev/null
	@trap '$(STACK) down e2e' EXIT; trap 'exit 130' INT TERM; \
		$(STACK) up e2e --port $(TEST_PORT) && pytest tests/stack --ignore tests/stack/test_template.py
