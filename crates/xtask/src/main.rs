//! What the build needs and Rust can give.
//!
//! `xtask bindgen <module.wasm> <directory>` writes the JavaScript and TypeScript side of a wasm module,
//! as the `wasm-bindgen --target web` command would: here at the version that `Cargo.lock` pins.

#![forbid(unsafe_code)]

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bindgen", module, directory] => bindgen(module, directory),
        _ => bail!("usage: xtask bindgen <module.wasm> <directory>"),
    }
}

fn bindgen(module: &str, directory: &str) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(false)
        .remove_producers_section(true)
        .generate(directory)
}
