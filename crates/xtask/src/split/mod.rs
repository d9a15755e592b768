//! Splits a linked module into a main module and parts that are loaded when they are needed.
//!
//! All parts share one memory and one table. The main module has what is called whatever is opened; a part has what is
//! reached through its doors alone: the code, and the data at the addresses where the linker put it. When a part is
//! instantiated, it fills its slots of the table and its places in memory. Who calls a door whose part is not there traps,
//! and the main module's `missing` says which part it was.
//!
//! The module must be linked with `--emit-relocs`, and not yet changed by another tool: relocations say what each function
//! and each piece of data names, and hold for the linker's own output alone. So wasm-bindgen and wasm-opt come after.
//!
//! | file | its subject |
//! | --- | --- |
//! | `module` | the module, taken apart |
//! | `linking` | its symbols and relocations |
//! | `graph` | what names what |
//! | `doors` | which parts there are, by the functions through which they are entered |
//! | `described` | what wasm-bindgen runs and takes away |
//! | `plan` | what goes where |
//! | `put_off` | what of the main module the first view of most labs does not call |
//! | `borders` | what is called across, and the slots of the table |
//! | `code` | bodies with the numbers of another module |
//! | `trunk`, `branch` | writing the main module, and a part |
//! | `weights` | what each of them holds, by the modules of the sources |
//! | `listing` | what the page's loader is told of the parts |

mod borders;
mod branch;
mod code;
mod described;
mod doors;
mod graph;
mod linking;
mod listing;
mod module;
mod plan;
mod put_off;
#[cfg(test)]
mod tests;
mod trunk;
mod weights;

use anyhow::Result;

use borders::Borders;
use graph::Graph;
use module::Module;
use plan::Plan;

pub(crate) use listing::TYPES as LISTING_TYPES;
pub(crate) use put_off::Called;

/// Whether a module was linked so that it can be split: with its relocations.
pub(crate) fn can_be_split(bytes: &[u8]) -> Result<bool> {
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        if matches!(payload?, wasmparser::Payload::CustomSection(section) if section.name() == "linking")
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A module in parts.
pub(crate) struct Split {
    /// What is loaded first; wasm-bindgen takes it like any module.
    pub(crate) main: Vec<u8>,
    /// The name of each part, and its module, in an order in which they can be loaded.
    pub(crate) parts: Vec<(String, Vec<u8>)>,
    /// What the page's loader is told: a module of JavaScript.
    pub(crate) listing: String,
    /// What weighs in each part: lines of part, module of the sources, bytes.
    pub(crate) weights: String,
}

/// Splits a linked module. Where it is not known what first views call, each function of the main module notes that it is called.
///
/// # Errors
///
/// When it was not linked with `--emit-relocs`, or has something that this does not know.
pub(crate) fn split(bytes: &[u8], called: Option<&Called>) -> Result<Split> {
    let module = Module::parse(bytes)?;
    let graph = Graph::of(&module)?;
    let entrances = doors::entrances(&module, &graph);
    let plan = Plan::of(&module, &graph, entrances, called);
    let borders = Borders::of(&module, &graph, &plan);
    let main = trunk::write(&module, &graph, &plan, &borders, called.is_none())?;
    let mut parts = Vec::new();
    for (number, part) in plan.parts.iter().enumerate() {
        let written = branch::write(&module, &graph, &plan, &borders, number)?;
        parts.push((part.name.clone(), written));
    }
    Ok(Split {
        main,
        parts,
        listing: listing::write(&module, &graph, &plan, &borders)?,
        weights: weights::write(&module, &graph, &plan),
    })
}
