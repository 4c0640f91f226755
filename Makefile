# `make` shows what there is. Everything that is made stays in this folder: .tools/, .aws-sam/, .landfall/ and target/.

PYTHON ?= python3
PORT ?=
FRONT_PORT ?= 8787
LISTENER_PORT ?= 3000
TEST_PORT ?= 4567
TESTS ?= tests/stack $(WITHOUT_A_STACK:%=--ignore %)
CHAOS_PORT ?= 4568
PATTERNS_PORT ?= 4569
LISTING_PORT ?= 4574
EVENTS ?= 10000,1000000
PAIRS ?= 100000
SEED ?=
LIVE_STACK ?=
LIVE_SOURCE ?=
YES ?=
BUSY ?=
PROVIDERS ?=
DELIVERIES ?= 3000
BODIES ?= 100
TIME ?= 60
BLOCKS ?= 3
DELAY ?= 0
PEERS ?=
WRITE ?=
# What is published of Landfall: the core, each crate behind those that it needs.
LIBRARY := landfall-protocol landfall-catalogue landfall-webhook

TARGETS ?= $(notdir $(basename $(wildcard fuzz/fuzz_targets/*.rs)))
CORE ?= **/*.rs

MACHINE := $(shell uname -m)
ARCHITECTURE := $(if $(filter aarch64 arm64,$(MACHINE)),arm64,x86_64)

TOOLS := $(CURDIR)/.tools/bin
STACK := .tools/sam/bin/python local/stack.py
LANDFALL := .tools/bin/landfall

export PATH := $(TOOLS):$(PATH)
export PYTHONDONTWRITEBYTECODE := 1
export SAM_CLI_TELEMETRY := 0

# The quick profile, for which cargo-lambda must use this machine's compiler. .cargo/config.toml says where it goes.
export SAM_BUILD_MODE := debug
export CARGO_LAMBDA_COMPILER := cargo
DEBUG = target/$(shell rustc --print host-tuple)/debug

# From Cargo.toml: the Rust that lints are judged by, the oldest that builds Landfall, and Landfall's own version.
LINTS_BY := $(shell sed -n 's/^lints-by = "\(.*\)"/\1/p' Cargo.toml)
OLDEST := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
VERSION := $(shell sed -n '/^.workspace.package/,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)

# A release is built for speed, by zig for a Lambda's glibc, and says nothing of the folders that it was built in.
CARGO_HOME ?= $(HOME)/.cargo
FUNCTIONS ?= ingest consumer sweeper
ARCHITECTURES ?= arm64 x86_64
QUICK ?=
PROFILE ?= release
EXE := $(if $(filter Windows_NT,$(OS)),.exe)
REPRODUCIBLY = env -u SAM_BUILD_MODE -u CARGO_LAMBDA_COMPILER \
	RUSTFLAGS="--remap-path-prefix=$(CURDIR)=/landfall --remap-path-prefix=$(CARGO_HOME)=/cargo" \
	TARGET_CFLAGS="-ffile-prefix-map=$(CURDIR)=/landfall -ffile-prefix-map=$(CARGO_HOME)=/cargo"

WITHOUT_A_STACK := tests/stack/test_template.py tests/stack/test_deployment.py tests/stack/test_deploy_role.py \
	tests/stack/test_front_template.py tests/stack/test_schema.py tests/stack/test_docs.py

.DEFAULT_GOAL := help
.NOTPARALLEL:
# Every target that the help shows.
.PHONY: $(shell sed -n 's/^\([a-z0-9-]*\):.*\#\# .*/\1/p' $(firstword $(MAKEFILE_LIST)))

help: ## Show what there is
	@awk -F ': .*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: build ## Start Landfall on this machine and send it deliveries (PORT=4566)
	@$(STACK) up local $(if $(PORT),--port $(PORT))
	@.tools/sam/bin/python local/deliveries.py $(LANDFALL)

down: ## Stop what `make up` started
	@if [ -e .tools/sam ]; then $(STACK) down local; else echo "Nothing was running."; fi

logs: ## Show what the functions of the local stack have logged
	@$(STACK) logs local

live-smoke: tools ## Try a stack on AWS, with your credentials, and print a table (LIVE_STACK=landfall-test YES=yes LIVE_SOURCE=)
	@cargo build --locked --bin landfall
	@ln -sf ../../$(DEBUG)/landfall $(LANDFALL)
	@.tools/sam/bin/python local/smoke.py $(LANDFALL) $(if $(LIVE_STACK),--stack $(LIVE_STACK)) \
		$(if $(LIVE_SOURCE),--source $(LIVE_SOURCE)) $(if $(filter yes,$(YES)),--yes)

watch: tools ## Run the functions from source beside the local stack, built anew at each change (Ctrl-C stops)
	@[ -e .landfall/functions.env ] || { echo "There is no stack. \`make up\` starts one."; exit 1; }
	@exec cargo lambda watch --invoke-address 127.0.0.1 --env-file .landfall/functions.env

front: tools ## Take deliveries on 127.0.0.1, where a tunnel may point, for the local stack (FRONT_PORT=8787; Ctrl-C stops)
	@exec .tools/sam/bin/python local/front.py --port $(FRONT_PORT)

listener: tools ## Take what a destination is sent on 127.0.0.1, and print it (LISTENER_PORT=3000; Ctrl-C stops)
	@exec .tools/sam/bin/python local/listener.py --port $(LISTENER_PORT)

build: programs ## Build the functions and the command line, quickly
	@$(call package,local)

# The same template with the sources and the handlers of the tests.
.PHONY: programs test-build
e2e chaos test-build: export LANDFALL_CONFIG := tests/stack/landfall.toml
e2e chaos test-build: export LANDFALL_CONSUMER := test-consumer
test-build: programs
	@$(call package,test)

define package
	mkdir -p .aws-sam && sam build --build-dir .aws-sam/$(1) --parameter-overrides Architecture=$(ARCHITECTURE) \
		>.aws-sam/build.log 2>&1 || { cat .aws-sam/build.log; exit 1; }
endef

# What is compiled waits for the processor, what is installed for the network: so both at once.
BINARIES := --bin ingest --bin consumer --bin sweeper --bin test-consumer
programs:
	@PYTHON=$(PYTHON) local/tools.sh check
	@echo "Building (some minutes at first) ..."
	@cargo build --locked $(BINARIES) --bin landfall & compiling=$$!; trap 'kill $$compiling 2>/dev/null' EXIT; \
		PYTHON=$(PYTHON) local/tools.sh && wait $$compiling
	@cargo lambda build --locked $(BINARIES)
	@ln -sf ../../$(DEBUG)/landfall $(LANDFALL)

package: tools ## Release packages of the functions, and templates over them, in target/package (twenty minutes and more on two cores)
	@for architecture in $(ARCHITECTURES); do \
		$(REPRODUCIBLY) cargo lambda build --locked --profile $(PROFILE) --$$(echo $$architecture | tr _ -) \
			$(FUNCTIONS:%=--package %) $(FUNCTIONS:%=--bin %) --lambda-dir target/package/$$architecture || exit 1; \
	done
	@.tools/sam/bin/python local/package.py target/package

cli: ## The command line by itself, for this system, in target/package (PROFILE=dev is quicker)
	cargo build --locked --profile $(PROFILE) --package landfall
	@mkdir -p target/package
	cp target/$(shell rustc --print host-tuple)/$(PROFILE:dev=debug)/landfall$(EXE) \
		target/package/landfall-$(shell rustc --print host-tuple)$(EXE)

sbom: release-tools ## For what is in target/package: bills of materials (CycloneDX), licences and SHA256SUMS
	@.tools/release/bin/python local/sbom.py target/package
	@$(PYTHON) local/licences.py target/package
	@cd target/package && sha256sum landfall-* LICENCES.txt >SHA256SUMS

reproducible: tools ## Does this commit make the same packages in two folders? (QUICK=1 doesn't optimise; FUNCTIONS=ingest)
	@.tools/sam/bin/python tests/release/reproducible.py $(if $(QUICK),--quick) --architectures "$(ARCHITECTURES)" \
		--functions "$(FUNCTIONS)"

cdk: tools ## Is the stack that infra/cdk makes the packaged template? (needs Node, npm)
	@for tool in node npm; do command -v $$tool >/dev/null || { echo "$$tool is missing"; exit 1; }; done
	@mkdir -p .tools/cdk && cp tests/release/cdk/package.json tests/release/cdk/package-lock.json .tools/cdk/
	@cd .tools/cdk && npm ci --ignore-scripts --no-audit --no-fund
	pytest -p no:cacheprovider tests/release/cdk

version: ## Landfall's version
	@echo $(VERSION)

rust: ## Make the Rust that lints are judged by rustup's default, as CI does
	rustup toolchain install $(LINTS_BY) --profile minimal --component rustfmt,clippy
	rustup default $(LINTS_BY)

oldest: ## Does the oldest Rust that Landfall supports build it? (needs rustup, which fetches that Rust)
	rustup toolchain install $(OLDEST) --profile minimal
	rustup run $(OLDEST) cargo check --locked --workspace --all-targets

tools: ## Set up the tools in .tools/
	@PYTHON=$(PYTHON) local/tools.sh

# What only tests and lints use, so that the first `make up` needn't wait for it.
lint-tools moto-tools browser-tools checkov-tools release-tools:
	@PYTHON=$(PYTHON) local/tools.sh $(@:-tools=)

test: fmt lint doc unit fork template e2e ## What a change must pass; this is what .ci/run calls

fmt: lint-tools ## Is the code formatted?
	cargo fmt --all --check
	cargo fmt --manifest-path tests/servers/Cargo.toml --check
	cargo fmt --manifest-path bench/stub/Cargo.toml --check
	ruff format --check

lint: lint-tools ## Clippy, ruff, shellcheck, typos and what judges workflows, with warnings as errors
	ruff check
	shellcheck .ci/run local/*.sh bench/peers/*.sh
	typos
	check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	zizmor --offline --no-progress --quiet .github/workflows
	@cargo clippy --locked --workspace --all-targets -- -D warnings || { rustc --version | grep -q $(LINTS_BY) \
		|| echo "Lints are judged by Rust $(LINTS_BY), and this is $$(rustc --version)."; exit 1; }
	cargo clippy --locked --package landfall-webhook --no-default-features -- -D warnings
	cargo clippy --locked --manifest-path tests/servers/Cargo.toml --target-dir target --all-targets -- -D warnings
	@local/features.sh

# Property tests draw the same cases in every run here; plain `cargo test` draws others each time.
unit: tools ## Unit, table, vector and property tests
	PROPTEST_RNG_SEED=1 cargo test --locked --workspace
	cargo test --locked --manifest-path tests/servers/Cargo.toml --target-dir target

# Private items too: their readers are those who work on them.
doc: ## The documentation of the crates, with warnings as errors
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --locked --workspace --no-deps --document-private-items

# crates.io asks which version of a path is meant. The copy says it, so that the version stands in one place here.
publishable: ## The core as crates.io would take it, in target/publishable; tried, and not published (needs crates.io)
	@rm -rf target/publishable && mkdir -p target/publishable && git archive HEAD | tar -x -C target/publishable
	@sed -i 's|\(path = "shared/[a-z]*"\) }|\1, version = "=$(VERSION)" }|' target/publishable/Cargo.toml
	cd target/publishable && cargo publish --dry-run --locked --allow-dirty $(LIBRARY:%=--package %)

fork: tools ## A project of one's own: no example left, the tests that see it green, and a later release merged
	pytest tests/fork

template: checkov-tools release-tools ## The template, the configuration's schema and the pages: their text, cfn-lint, checkov, sam validate; releases; the harnesses of chaos and bench
	cfn-lint infra/template.yaml infra/deploy-role.yaml
	cfn-lint --regions us-east-1 -- infra/front.yaml
	checkov --config-file .checkov.yaml --file infra/template.yaml infra/front.yaml
	sam validate --lint
	pytest $(WITHOUT_A_STACK)
	pytest -p no:cacheprovider tests/release --ignore tests/release/cdk
	pytest -p no:cacheprovider tests/chaos
	pytest -p no:cacheprovider bench

e2e: test-build moto-tools browser-tools ## End-to-end tests, on a stack of their own (TEST_PORT=4567 TESTS="tests/stack -k forged")
	@cargo build --locked --bin ports_contract --bin deliver_event
	@ln -sf ../../$(DEBUG)/ports_contract ../../$(DEBUG)/deliver_event .tools/bin/
	@cargo build --locked --package landfall-routing --example patterns
	@ln -sf ../../$(DEBUG)/examples/patterns .tools/bin/patterns
	@$(STACK) down e2e >/dev/null
	@trap '$(STACK) down e2e' EXIT; trap 'exit 130' INT TERM; \
		$(STACK) up e2e --port $(TEST_PORT) && pytest $(TESTS)

screenshots: ## Take the pictures of docs/console.md anew, from a stack of their own (TEST_PORT=4567)
	@$(MAKE) --no-print-directory e2e TESTS=tests/stack/screenshots.py

chaos: test-build ## Thousands of deliveries while everything fails (SEED="11 12" BUSY=13 DELIVERIES=3000 CHAOS_PORT=4568)
	@trap '$(STACK) down chaos >/dev/null' EXIT; trap 'exit 130' INT TERM; \
		.tools/sam/bin/python tests/chaos/run.py --port $(CHAOS_PORT) --deliveries $(DELIVERIES) \
			$(if $(SEED),--seed $(SEED)) $(if $(BUSY),--busy $(BUSY))

patterns: tools ## Conditions beside MiniStack's TestEventPattern (SEED= PAIRS=100000 PATTERNS_PORT=4569)
	@cargo build --locked --package landfall-routing --example patterns
	@.tools/sam/bin/python tests/patterns/run.py $(DEBUG)/examples/patterns --port $(PATTERNS_PORT) --pairs $(PAIRS) \
		$(if $(SEED),--seed $(SEED)) --page docs/evidence/patterns.md

# Of the newest releases each has a folder of its own, so that one which can't be had, or wants what another can't bear,
# is a line in the table and no more. The harness runs on the Python of the tools, and no library does.
interop: tools ## Landfall and the providers' own libraries, side by side (BODIES=100 SEED= PROVIDERS=; needs Node, npm)
	@$(call side_by_side,interop,$(BODIES))

upstream: tools ## The same with each library's newest release; writes docs/evidence/upstream.md
	@$(call side_by_side,upstream,$(BODIES))

define side_by_side
	for tool in node npm; do command -v $$tool >/dev/null || { echo "$$tool is missing"; exit 1; }; done; \
	cargo build --locked --bin landfall && mkdir -p .tools/$(1) && \
	PYTHON=$(PYTHON) .tools/sam/bin/python tests/interop/run.py $(1) --folder $(CURDIR)/.tools/$(1) --bodies $(2) \
		$(if $(SEED),--seed $(SEED)) $(if $(PROVIDERS),$(PROVIDERS:%=--provider %),--page docs/evidence/$(1).md) \
		--landfall $(DEBUG)/landfall
endef

# Safe Rust has nothing for a sanitizer to find; without one, a stable compiler will do. New inputs go to target/, faults
# to fuzz/artifacts/; what is worth keeping of either is copied to fuzz/corpus/ by hand.
fuzz: ## Fuzz what takes bytes from outside, TIME seconds each (TIME=60 TARGETS=...; needs cargo-fuzz)
	@cargo fuzz --version >/dev/null 2>&1 \
		|| { echo "cargo-fuzz is missing: cargo install --locked cargo-fuzz (and a C++ compiler, for libFuzzer)"; exit 1; }
	cargo run --locked -p landfall-tests --example seeds target/fuzz/seeds
	@for target in $(TARGETS); do \
		echo "== $$target"; mkdir -p target/fuzz/corpus/$$target; \
		cargo fuzz run --sanitizer none --target-dir target/fuzz $$target target/fuzz/corpus/$$target target/fuzz/seeds/$$target \
			-- -max_total_time=$(TIME) -timeout=60 -rss_limit_mb=8192 -verbosity=0 -print_final_stats=1 || exit 1; \
	done

# What is measured is what is deployed: the release profile, the features of a package. PEER_PYTHON=python3.11 names the
# Python that the peers get.
BENCHED := --locked --package ingest --package consumer --package sweeper --package landfall-floor
HOST = target/$(shell rustc --print host-tuple)
PERFORMANCE := --out docs/evidence/performance.json --page docs/performance.md README.md
bench: bench-stub ## Landfall beside what people write in its place, by the clock; writes docs/performance.md (BLOCKS=3 DELAY=0 PEERS=; an hour; needs Node, npm, Python 3.11)
	$(if $(filter no,$(PEERS)),,@bench/peers/install.sh)
	cargo build --release $(BENCHED)
	@.tools/sam/bin/python bench/run.py measure --functions $(HOST)/release --stub $(HOST)/release/landfall-bench-stub \
		--blocks $(BLOCKS) --delay $(DELAY) $(if $(filter no,$(PEERS)),--no-peers,$(if $(filter 0,$(DELAY)),$(PERFORMANCE)))

bench-instructions: bench-stub ## Instructions of each path beside bench/baseline.json; fails over 3 % more (WRITE=yes renews it; needs valgrind)
	@command -v valgrind >/dev/null || { echo "valgrind is missing: on Debian and Ubuntu, apt install valgrind"; exit 1; }
	cargo build --profile bench-instructions $(BENCHED)
	@.tools/sam/bin/python bench/run.py instructions --functions $(HOST)/bench-instructions \
		--stub $(HOST)/release/landfall-bench-stub $(if $(filter yes,$(WRITE)),--write $(PERFORMANCE))

bench-listing: tools ## What `events list --state failed` reads of a small ledger and of a large one (EVENTS=10000,1000000 LISTING_PORT=4574; up to an hour, 8 GB)
	@cargo build --locked --bin landfall
	@.tools/sam/bin/python tests/listing/run.py $(DEBUG)/landfall --events $(EVENTS) --port $(LISTING_PORT) \
		--page docs/evidence/listing.md

flamegraph: bench-stub ## Where a new event's time goes, the kernel's too: docs/evidence/flame.svg (needs perf)
	@command -v perf >/dev/null || { echo "perf is missing: on Debian and Ubuntu, apt install linux-perf"; exit 1; }
	cargo build --profile bench-instructions $(BENCHED)
	@.tools/sam/bin/python bench/flame.py --functions $(HOST)/bench-instructions \
		--stub $(HOST)/release/landfall-bench-stub --out docs/evidence/flame.svg

layout: bench-stub ## Which functions run, for the linker to put next to each other: infra/package/layout.ld (needs valgrind)
	@command -v valgrind >/dev/null || { echo "valgrind is missing: on Debian and Ubuntu, apt install valgrind"; exit 1; }
	CARGO_PROFILE_RELEASE_STRIP=none cargo build --release --locked $(FUNCTIONS:%=--package %)
	@.tools/sam/bin/python bench/run.py layout --functions $(HOST)/release \
		--stub $(HOST)/release/landfall-bench-stub --out infra/package/layout.ld

# With its lints and tests here, so that `make test` need not build it.
STUB := --release --locked --manifest-path bench/stub/Cargo.toml --target-dir target
.PHONY: bench-stub
bench-stub: tools
	cargo clippy $(STUB) --all-targets -- -D warnings
	cargo test --quiet $(STUB)
	cargo build $(STUB)

# The functions' own profile but for what is slow to link: the work is in the crates, not in between.
bench-verify: ## The most work that a stranger's delivery can ask for, for every scheme (five minutes; fails at ten plain HMACs)
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
		cargo run --release --locked -p landfall-tests --no-default-features --example worst_delivery

bench-speed: ## How fast large bodies are verified, and a delivery among many sources (two minutes)
	CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
		cargo run --release --locked -p landfall-tests --no-default-features --example verify_speed

mutants: ## Break the core in every small way: do the tests notice? (CORE=authenticity/verify.rs; needs cargo-mutants; hours)
	@cargo mutants --version >/dev/null 2>&1 \
		|| { echo "cargo-mutants is missing: cargo install --locked cargo-mutants"; exit 1; }
	CARGO_TARGET_DIR=$(CURDIR)/target/mutants cargo mutants --gitignore true --output target/mutants \
		$(foreach file,$(CORE),$(foreach crate,protocol webhook,--file 'shared/$(crate)/src/$(file)'))

deny: ## Licences, duplicates and origins of the dependencies (needs cargo-deny)
	@$(call needs,cargo-deny)
	cargo deny --locked check --hide-inclusion-graph licenses bans sources

advisories: ## Known faults of the dependencies, from a database that is fetched (needs cargo-deny)
	@$(call needs,cargo-deny)
	cargo deny --locked check --hide-inclusion-graph advisories

# cfn-guard reads neither YAML's anchors nor CloudFormation's short forms.
guard: tools ## The template by AWS's own rules, as far as they are asked for (needs cfn-guard; tests hold the same without it)
	@$(call needs,cfn-guard)
	@.tools/sam/bin/python -c "import json, sys; from samcli.yamlhelper import yaml_parse; \
		json.dump(yaml_parse(sys.stdin.read()), sys.stdout)" <infra/template.yaml | cfn-guard validate --rules infra/guard

machete: ## Dependencies that nothing uses (needs cargo-machete)
	@$(call needs,cargo-machete)
	cargo machete

needs = command -v $(1) >/dev/null || { echo "$(1) is missing: cargo install --locked $(1)"; exit 1; }

check-tools: ## Install cargo-deny, cargo-machete and cfn-guard, where they are missing
	@for tool in cargo-deny cargo-machete cfn-guard; do command -v $$tool >/dev/null || cargo install --locked $$tool || exit 1; done
