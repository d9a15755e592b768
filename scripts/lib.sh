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

# What checks the dependencies; unoptimised, since it is built far more often than it has much to do.
CARGO_DENY_VERSION=0.20.2
TOOLS_DIR=$TARGET_DIR/tools/cargo-deny-$CARGO_DENY_VERSION
CARGO_DENY=$TOOLS_DIR/bin/cargo-deny

# Where the tests look for a web server that the system does not have.
NGINX_DIR=$ROOT/target/tools/nginx

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

# Panic messages hold the paths of the sources: the same ones wherever a module is built, and from whichever registry.
# The last prefix that fits counts. What the standard library holds `xtask bindgen` takes out.
portable_paths() {
    local home=${CARGO_HOME:-$HOME/.cargo} sources
    printf '%s ' "--remap-path-prefix=$ROOT=slowfire" "--remap-path-prefix=$home=cargo"
    for sources in "$home"/registry/src/*/; do
        [ ! -d "$sources" ] || printf '%s ' "--remap-path-prefix=${sources%/}=crates"
    done
}

# What `xtask bindgen` needs to split a module: relocations, and names that say which types a function is for.
FOR_SPLIT=(-C link-arg=--emit-relocs -C symbol-mangling-version=v0)

# The flags for the compiler are FLAGS.
cargo_build_wasm() {
    local cargo=$1 target_dir=$2
    shift 2
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$(portable_paths) ${FLAGS[*]}" "$cargo" build \
        --profile wasm --target "$WASM_TARGET" --target-dir "$target_dir" "$@"
}

# Debian has no compiled standard library for the target, so that is built too.
build_wasm_with_debian() {
    PATH=/usr/bin:$PATH RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld \
        cargo_build_wasm /usr/bin/cargo "$DEBIAN_TARGET_DIR" -Z build-std=std,panic_abort "$@"
}

# Builds a package's library as WebAssembly, and leaves its file in MODULE_FILE: its package, its library, flags.
build_wasm() {
    local FLAGS=("${@:3}")
    if rustup_has_wasm; then
        cargo_build_wasm cargo "$TARGET_DIR" --package "$1" --lib
        MODULE_FILE=$TARGET_DIR/$WASM_TARGET/wasm/$2.wasm
    else
        build_wasm_with_debian --package "$1" --lib
        MODULE_FILE=$DEBIAN_TARGET_DIR/$WASM_TARGET/wasm/$2.wasm
    fi
}

# The browser that the tests drive; empty where Playwright's own is to serve.
find_chromium() {
    if [ -n "${SLOWFIRE_CHROMIUM:-}" ]; then
        echo "$SLOWFIRE_CHROMIUM"
    elif [ -x /usr/bin/chromium ]; then
        echo /usr/bin/chromium
    fi
}
