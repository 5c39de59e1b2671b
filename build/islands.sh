#!/usr/bin/env bash
# Compiles the islands for the browser into target/site/pkg. A machine that cannot do it serves the site without them:
# every page works as plain forms. Says what it does; does nothing when nothing has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
target=wasm32-unknown-unknown
out=target/site/pkg

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }

# Only CI and root may change the machine: this builds the standard library from Debian's own Rust.
debian_target() {
  [ "$(id -u)" = 0 ] && [ "${CI:-}" = true ] && command -v apt-get >/dev/null || return 1
  echo "· islands: taking the WebAssembly target from Debian's packages (about two minutes)"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends rustc-web cargo-web rust-web-src lld-22 || return 1
  local work lib=/usr/lib/rustlib/$target/lib
  work=$(mktemp -d) && mkdir "$work/src"
  printf '[package]\nname="std-for-wasm"\nversion="0.0.0"\nedition="2024"\n' >"$work/Cargo.toml"
  : >"$work/src/lib.rs"
  (cd "$work" && RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 /usr/bin/cargo build --release \
    -Z build-std=std,panic_abort,panic_unwind --target $target --target-dir "$work/target") || return 1
  mkdir -p "$lib"
  find "$work/target" -path "*$target/release*" -name 'lib*.rlib' ! -name 'libstd_for_wasm*' -exec cp {} "$lib/" \;
  rustup toolchain link debian /usr && rustup default debian
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
}

# Asking for the target takes a while where it cannot be had: once for each version of Rust is enough.
without=target/without-islands
if ! has_target && [ "$(cat $without 2>/dev/null)" = "$(rustc --version)" ]; then
  echo "· islands are off: this Rust has no target $target (after adding it: rm $without). The site works without them."
  exit 0
fi
if ! has_target; then
  echo "· islands: adding the WebAssembly target"
  if ! { command -v rustup >/dev/null && timeout 120 rustup target add $target >/dev/null 2>&1 && has_target; }; then
    debian_target && has_target || {
      mkdir -p target && rustc --version >$without
      echo "· islands are off: this Rust has no target $target (rustup target add $target). The site works without them."
      exit 0
    }
  fi
fi

version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
tools=${XDG_CACHE_HOME:-$HOME/.cache}/learning-gain/wasm-bindgen-$version
if ! [ -x "$tools/bin/wasm-bindgen" ]; then
  if [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ]; then
    mkdir -p "$tools/bin" && ln -s "$(command -v wasm-bindgen)" "$tools/bin/wasm-bindgen"
  else
    echo "· islands: compiling wasm-bindgen $version, once (two to four minutes on two cores)"
    # Without what it needs to run tests in browsers, and little optimised: it works for a second here.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install wasm-bindgen-cli --version "$version" --root "$tools" \
      --no-default-features --bin wasm-bindgen
  fi
fi

wasm=target/$target/wasm-release/learning_gain.wasm
before=$(sha256sum "$wasm" 2>/dev/null || true)
[ -n "$before" ] || echo "· islands: compiling (the first time takes about four minutes on two cores)"
cargo build --lib --target $target --profile wasm-release --no-default-features --features hydrate
if [ "$before" = "$(sha256sum "$wasm")" ] && [ -f "$out/learning_gain_bg.wasm" ]; then exit 0; fi

rm -rf "$out" && mkdir -p "$out"
"$tools/bin/wasm-bindgen" --target web --no-typescript --out-dir "$out" "$wasm"
# Only features that browsers have had since 2022; --all-features makes modules that they refuse.
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-reference-types --enable-multivalue)
# Small once compressed, not before: code that stands there once is better than code that was copied to where it is
# called, so little is inlined (a twentieth less to send); --flatten and --rereloop find what is written twice.
node_modules/.bin/wasm-opt "${features[@]}" --one-caller-inline-max-function-size=10 \
  -Oz --flatten --rereloop -Oz -Oz --strip-debug --strip-producers \
  "$out/learning_gain_bg.wasm" -o "$out/learning_gain_bg.wasm"
echo "· islands: $(du -k "$out/learning_gain_bg.wasm" | cut -f1) KB"
