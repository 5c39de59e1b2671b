#!/usr/bin/env bash
# Lints what is compiled for the browser only, which no other run sees. Says in one line when this machine cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
target=wasm32-unknown-unknown

if ! [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
  echo "· this Rust has no target $target (rustup target add $target): the islands' code not linted"
  exit 0
fi
cargo clippy --lib --target $target --no-default-features --features hydrate -- -D warnings
