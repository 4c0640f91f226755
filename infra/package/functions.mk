# What `sam build` runs to make a function's package: the binary, as `bootstrap`, and beside it the configuration.
#
# SAM tells a makefile neither the template nor its parameters. So there is a folder for each architecture, and the
# template's CodeUri names the one that is built for.

ROOT := $(abspath ../../..)

# The configuration that is packaged: a path, as seen from the project's folder.
LANDFALL_CONFIG ?= infra/landfall.toml

# The program that is packaged as the consumer: the tests have one with handlers of their own.
LANDFALL_CONSUMER ?= consumer

# The quick build shares its dependencies with everything else in the workspace, and so has the features that tests want.
# A release has those that the three functions want; one by one they would want three builds of the AWS SDK.
FUNCTIONS := ingest consumer sweeper
PROFILE := $(if $(filter debug,$(SAM_BUILD_MODE)),,--release $(FUNCTIONS:%=--package %))
TARGET := $(if $(filter arm64,$(ARCHITECTURE)),--arm64,--x86-64)

# The processor that a program was built for, as its header says it (the field e_machine of ELF). Lambda starts a function on
# what the template says, whatever its program is for: nothing else would notice before the first delivery.
E_MACHINE := $(if $(filter arm64,$(ARCHITECTURE)),183,62)

.PHONY: build-Ingest build-Consumer build-Sweeper

build-Ingest: BINARY := ingest
build-Consumer: BINARY := $(LANDFALL_CONSUMER)
build-Sweeper: BINARY := sweeper

# The check comes first: a fault of the file is said before minutes of compiling. It runs on this machine, whatever is
# built for. Only LANDFALL_CONFIG's bytes travel; nothing of it is compiled in.
#
# To optimise a release across crates takes a processor a minute and more for each program. So all three are linked at once,
# and each function's own build then finds its program there.
build-Ingest build-Consumer build-Sweeper:
	cd $(ROOT) && cargo run --quiet --locked --bin landfall-check -- "$(LANDFALL_CONFIG)"
	$(if $(PROFILE),cd $(ROOT) && cargo lambda build --locked $(PROFILE) $(TARGET) $(FUNCTIONS:%=--bin %))
	cd $(ROOT) && cargo lambda build --locked $(PROFILE) $(TARGET) --bin $(BINARY) \
		--lambda-dir "$(ARTIFACTS_DIR)" --flatten $(BINARY)
	@[ "$$(od -An -tu2 -j18 -N2 "$(ARTIFACTS_DIR)/bootstrap" | tr -d ' ')" = $(E_MACHINE) ] || \
		{ echo "$(ARTIFACTS_DIR)/bootstrap is not built for $(ARCHITECTURE)" >&2; exit 1; }
	cd $(ROOT) && cp "$(LANDFALL_CONFIG)" "$(ARTIFACTS_DIR)/landfall.toml"
