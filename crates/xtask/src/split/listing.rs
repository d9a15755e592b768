//! What the page's loader is told of the parts: a module of JavaScript.

use std::fmt::Write;

use anyhow::Result;

use super::borders::Borders;
use super::plan::Plan;

/// The types of the listing.
pub(crate) const TYPES: &str = "\
/** A part of the simulator; in their list none comes before those that it needs. */
export interface Part {
  readonly name: string;
  readonly url: string;
  /** The parts that it needs, by their places in the list. */
  readonly needs: readonly number[];
  /** The slots of the table by which others enter it. */
  readonly doors: readonly number[];
}
export const PARTS: readonly Part[];
";

/// A line for each part, in an order in which they can be loaded: its name, where its file is, the parts that it needs, by
/// their places in the list, and the table's slots of its doors.
pub(super) fn write(plan: &Plan, borders: &Borders) -> Result<String> {
    let mut text = String::from("export const PARTS = [\n");
    for part in &plan.parts {
        let mut slots = Vec::new();
        for door in &part.doors {
            slots.push(borders.slot(*door)?);
        }
        let (name, needs) = (&part.name, &part.needs);
        writeln!(
            text,
            "  {{ name: '{name}', url: new URL('./parts/{name}.wasm', import.meta.url).href, needs: {needs:?}, doors: {slots:?} }},"
        )?;
    }
    text.push_str("];\n");
    Ok(text)
}
