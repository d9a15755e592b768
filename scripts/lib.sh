# shellcheck shell=bash
# shellcheck disable=SC2034
# What the scripts share. Sourced, not run. Leaves the caller in the repository's root.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

WASM_TARGET=wasm32-unknown-unknown
TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}

# Debian's compiler serves where rustup cannot add the target. Its files stay apart from rustup's.
DEBIAN_RUST_PACKAGES=(rustc-web cargo-web rust-web-src lld)
DEBIAN_TARGET_DIR=$TARGET_DIR/debian

say() { printf '%s: %s\n' "$(basename "$0")" "$*"; }
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The digest of standard input.
digest() {
    if have sha256sum; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# Whether a step's mark says that it ran on these same inputs.
is_marked() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

rustup_has_wasm() {
    local libraries
    libraries=$(rustc --print target-libdir --target "$WASM_TARGET" 2>/dev/null) && [ -d "$libraries" ]
}

debian_has_wasm() {
    [ -x /usr/bin/cargo ] && [ -x /usr/bin/rustc ] && have wasm-ld &&
        [ -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library/std" ]
}

# The browser that the tests drive; empty where Playwright's own is to serve.
find_chromium() {
    if [ -n "${SLOWFIRE_CHROMIUM:-}" ]; then
        echo "$SLOWFIRE_CHROMIUM"
    elif [ -x /usr/bin/chromium ]; then
        echo /usr/bin/chromium
    fi
}
