//! What the build needs and Rust can give.
//!
//! `xtask bindgen <module.wasm> <directory>` writes the JavaScript and TypeScript side of a wasm module, as the
//! `wasm-bindgen --target web` command would: here at the version that `Cargo.lock` pins. One that was linked with
//! `--emit-relocs` is first split into a main module and parts (`split`). Functions of that main module note that they were
//! called. `xtask bindgen <module.wasm> <directory> <called>` takes the list of those that first views call, and
//! leaves no others in the main module.

#![forbid(unsafe_code)]

mod split;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use split::Called;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["bindgen", module, directory] => bindgen(module, directory, None),
        ["bindgen", module, directory, called] => {
            bindgen(module, directory, Some(&read_called(called)?))
        }
        _ => bail!("usage: xtask bindgen <module.wasm> <directory> [<called>]"),
    }
}

/// What first views call: a line for each function, its number and whether `most` labs call it, or `some`.
fn read_called(file: &str) -> Result<Called> {
    let mut called = Called::default();
    for line in fs::read_to_string(file)?.lines() {
        let (function, by) = line.split_once(' ').unwrap_or((line, ""));
        let function = function.parse();
        let function = function.with_context(|| format!("{file}: {line:?} names no function"))?;
        match by {
            "most" => called.by_most.insert(function),
            "some" => called.by_some.insert(function),
            _ => bail!("{file}: {line:?} says neither most nor some"),
        };
    }
    Ok(called)
}

fn bindgen(module: &str, directory: &str, called: Option<&Called>) -> Result<()> {
    let bytes = without_compiler_paths(fs::read(module)?);
    let Some(name) = Path::new(module).file_stem().and_then(OsStr::to_str) else {
        bail!("{module} is no name of a module");
    };
    let directory = Path::new(directory);
    let main = if split::can_be_split(&bytes)? {
        without_parts(&bytes, directory, called)?
    } else {
        bytes
    };
    Bindgen::new()
        .input_bytes(name, main)
        .web(true)?
        // After an abort the page begins anew, with fresh memory.
        .reset_state_function(true)
        .typescript(true)
        .omit_default_module_path(false)
        .remove_producers_section(true)
        .generate(directory)
}

/// The main module; its parts, and what is told of them, are in the directory.
fn without_parts(bytes: &[u8], directory: &Path, called: Option<&Called>) -> Result<Vec<u8>> {
    let split = split::split(bytes, called)?;
    let parts = directory.join("parts");
    fs::create_dir_all(&parts)?;
    for (part, module) in &split.parts {
        fs::write(parts.join(part).with_extension("wasm"), module)?;
    }
    fs::write(directory.join("parts.js"), split.listing)?;
    fs::write(directory.join("weights.tsv"), split.weights)?;
    fs::write(directory.join("parts.d.ts"), split::LISTING_TYPES)?;
    Ok(split.main)
}

/// Panic messages of the standard library name its sources as `/rustc/<revision>/library/...`, which no flag of a stable
/// compiler changes. The revision becomes slashes: the text keeps its length, and the path its sense.
fn without_compiler_paths(mut module: Vec<u8>) -> Vec<u8> {
    const START: &[u8] = b"/rustc/";
    const REVISION: usize = 40;
    let mut at = 0;
    while let Some(found) = module[at..]
        .windows(START.len())
        .position(|text| text == START)
    {
        at += found;
        let end = at + START.len() + REVISION;
        let revision = module.get(at + START.len()..end);
        if revision.is_some_and(|text| text.iter().all(u8::is_ascii_hexdigit)) {
            module[at..end].fill(b'/');
            module[at..at + 4].copy_from_slice(b"rust");
        }
        at += START.len();
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compilers_revision_is_no_part_of_a_module() {
        let path = format!("a/rustc/{}/library/core b/rustc/short/", "0f".repeat(20));
        let without = without_compiler_paths(path.clone().into_bytes());
        assert_eq!(without.len(), path.len());
        let text = String::from_utf8(without).expect("only letters were changed");
        assert!(
            text.starts_with("arust//") && text.contains("///library/core b/rustc/short/"),
            "{text}"
        );
    }
}
