# make run    the demonstration board, from nothing to an address
# make test   every test there is, browser tests included
# make check  formatting, lints, types
# make bench  figures beside the raw limit
# make soak   long tests: ten million rows; fifty times killed during a thousand bookings
# make watch  rebuild and restart on every change (needs cargo-leptos)
# make mutants  mutate one feature's rules and see which tests notice (needs cargo-mutants)

.DEFAULT_GOAL := help
.PHONY: help run test browser test-builds test-rust test-postgres test-browser pictures check bench soak watch mutants styles islands site

SHELL := bash
DEMO_DATABASE ?= sqlite://target/demo.db?mode=rwc
LISTEN ?= 127.0.0.1:3000
FEATURE ?= bookings

help:
	@sed -n 's/^# //p' Makefile | head -7

run: site
	@echo "· server: compiling (the first time takes about ten minutes on two cores)"
	cargo build --features ssr --bin learning-gain
	target/debug/learning-gain serve --demo --listen $(LISTEN) --database-url '$(DEMO_DATABASE)' --key-file target/demo.key

# The browser first: whoever lacks it should not learn that after half an hour.
test: browser
	@build/timed.sh "builds" $(MAKE) --no-print-directory site test-builds
	@build/timed.sh "tests in Rust" $(MAKE) --no-print-directory test-rust test-postgres
	@build/timed.sh "tests in a browser" $(MAKE) --no-print-directory test-browser

# The binary that the browser tests start is the one that the tests in Rust use: asking for it alone would compile every
# library once more.
test-builds:
	@echo "· server and tests: compiling (the first time takes about twenty minutes on two cores)"
	cargo test --features ssr --no-run

browser:
	@build/browser.sh

test-rust:
	@echo "· tests in Rust: rules, stores, journeys over HTTP"
	cargo test --features ssr

test-postgres:
	@build/postgres.sh bash -c 'echo "· journeys once more, on PostgreSQL" && cargo test --features ssr --test journeys'

test-browser: browser site test-builds
	@echo "· tests in a browser: the whole story with JavaScript off and on"
	build/browser_tests.sh

# The README's pictures.
pictures: browser site test-builds
	PICTURES=yes npx playwright test --config end2end/playwright.config.ts

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --features ssr -- -D warnings
	@build/clippy_islands.sh
	@if command -v cargo-deny >/dev/null; then cargo deny check; else echo "· cargo-deny is not installed: licences and advisories not checked"; fi

bench: site
	@echo "· release build (ten minutes on two cores), then the figures"
	build/postgres.sh --or-without cargo bench --features ssr --bench figures

soak:
	@echo "· long tests: ten million rows of answers; fifty times killed during a thousand bookings, on both databases"
	cargo test --features ssr --lib -- --ignored soak
	cargo test --features ssr --test journeys -- --ignored soak --nocapture
	build/postgres.sh cargo test --features ssr --test journeys -- --ignored soak --nocapture

watch: node_modules/.package-lock.json
	cargo leptos watch

# FEATURE=charges make mutants: another feature's. What is left out is listed in .cargo/mutants.toml, with the reasons.
mutants:
	@command -v cargo-mutants >/dev/null || { echo "· cargo-mutants is not installed: cargo install --locked cargo-mutants"; exit 1; }
	cargo mutants --output target --file 'src/$(FEATURE)/rules.rs' --file 'src/$(FEATURE)/rules/**' -- '$(FEATURE)::'

# What the pages need besides the server: styles, icons, and the islands where the machine can build them.
site: styles islands
	@node build/compress.mjs

styles: target/site/main.css

target/site/main.css: node_modules/.package-lock.json $(wildcard style/*.scss) $(wildcard public/*)
	@echo "· styles and icons"
	@mkdir -p target/site
	cp -r public/. target/site/
	npm run --silent styles

islands: node_modules/.package-lock.json
	@build/islands.sh

node_modules/.package-lock.json: package.json package-lock.json
	@echo "· npm packages, as pinned in package-lock.json"
	PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
	@touch $@
