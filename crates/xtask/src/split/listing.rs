//! What the page's loader is told of the parts: a module of JavaScript.

use std::fmt::Write;

use anyhow::Result;

use super::borders::Borders;
use super::graph::Graph;
use super::module::Module;
use super::plan::Plan;
use super::put_off::{MORE, REST};

/// The types of the listing.
pub(crate) const TYPES: &str = "\
/** A part of the simulator; in their list none comes before those that it needs. */
export interface Part {
  readonly name: string;
  readonly url: string;
  /** The parts that it needs, by their places in the list. */
  readonly needs: readonly number[];
  /** What others know of it: slots of the table, and addresses of memory, which are larger than any slot. */
  readonly doors: readonly number[];
}
export const PARTS: readonly Part[];
";

/// A line for each part, in an order in which they can be loaded: its name, where its file is, the parts that it needs, by
/// their places in the list, and its doors: the table's slots of functions, and the addresses of data. To work out all addresses
/// of files at once would hold up the page, and it asks for few of them.
pub(super) fn write(
    module: &Module<'_>,
    graph: &Graph,
    plan: &Plan,
    borders: &Borders,
) -> Result<String> {
    let mut text = String::from("export const PARTS = [\n");
    for part in &plan.parts {
        let mut doors = Vec::new();
        // Nobody asks for these by one of their many doors.
        let listed = part
            .doors
            .iter()
            .filter(|_| ![MORE, REST].contains(&part.name.as_str()));
        for door in listed {
            doors.push(match graph.blob(*door) {
                Some(blob) => module.segments[blob.segment as usize].address + blob.start,
                None => borders.slot(*door)?,
            });
        }
        let (name, needs) = (&part.name, &part.needs);
        writeln!(
            text,
            "  {{ name: '{name}', get url() {{ return new URL('./parts/{name}.wasm', import.meta.url).href; }}, needs: {needs:?}, doors: {doors:?} }},"
        )?;
    }
    text.push_str("];\n");
    Ok(text)
}
