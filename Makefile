# What you can do here. `make help` lists it.

TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)

.PHONY: help run test soak moodle fuzz bench dev bless audit setup

help: ## What you can do here
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: ## Installs what is missing, builds Muster and opens it with a sample roster
	@tests/run

test: ## Everything that must hold; `make test ONLY="lint page"` for some of it
	@tests/setup tests
	@tests/all $(ONLY)

soak: ## The tests that are too long for every day
	@tests/setup tests
	MUSTER_KOLIBRI=$(TARGET)/tools/kolibri/bin/kolibri MUSTER_SCIM2=$(TARGET)/tools/scim2/bin/scim2-server \
	MUSTER_SCIMMY=$(TARGET)/tools/scimmy MUSTER_SSHD=/usr/sbin/sshd \
	MUSTER_CANAILLE=$(TARGET)/tools/canaille/bin/python \
	MUSTER_DJANGO_SCIM2=$(TARGET)/tools/django-scim2/bin/python \
	MUSTER_CONCH=$(TARGET)/tools/conch/bin/python MUSTER_XLRD=$(TARGET)/tools/xlrd/bin/python \
	cargo test --profile bench --locked --workspace --exclude muster-desktop -- --ignored --nocapture

moodle: ## Sets up a real Moodle, runs the Moodle tests against it, takes it down: `make moodle SOURCE=folder`
	@tests/setup command
	@tests/moodle/run "$(SOURCE)" $(ONLY)

fuzz: ## Searches for files that break what reads them, an hour; `make fuzz FOR=60` a minute for each kind
	@tests/setup fuzz
	@tests/fuzz/run $(FOR)

bench: ## How fast Muster is beside the best tools of each kind; `make bench ONLY=shapes` some of it
	@tests/setup command
	cargo build --profile bench --locked -p muster-cli -p muster-bench -p muster-host
	"$(TARGET)/release/muster-bench" --muster "$(TARGET)/release/muster" --folder "$(TARGET)/bench" \
		--json "$(TARGET)/bench/figures.json" $(if $(PEOPLE),--people $(PEOPLE)) $(ONLY)

dev: ## Opens the window and rebuilds it as you edit
	@tests/setup window
	ui/node_modules/.bin/tauri dev --config src-tauri/dev.json -- --locked

bless: ## Rewrites expected results from what the tests see; read the diff before you commit
	@tests/setup command
	BLESS=1 cargo test --locked --workspace --exclude muster-desktop --features muster-engine/bindings

audit: ## Licences and sources of all crates, and what is known to be wrong with them; asks the network
	@tests/setup audit
	@tests/audit

setup: ## Installs what the tests need, and nothing else
	@tests/setup tests
