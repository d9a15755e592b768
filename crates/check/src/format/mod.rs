//! Histories as text: Jepsen's EDN, the same entries as JSON, and Jepsen's `history.txt`.
//!
//! An entry is a map with `process`, `type` (`invoke`, `ok`, `fail`, `info`), `f`, `value`, and perhaps `time`
//! (nanoseconds) and `key`; whatever else it has is passed over. The entries count in the order of the text: their times
//! are only quoted. A history of several objects has a `key` in each entry, or pairs `[key value]` for values. What is
//! left out, and what was decided, is among the [notes](Document::notes).
//!
//! | module | its subject |
//! | --- | --- |
//! | `edn`, `json`, `columns` | the notations |
//! | `scan`, `number` | what the notations have in common |
//! | `document` | a history that was read, or what is wrong with its text |
//! | `entry` | one entry, as it is read and as it is written |
//! | `entries` | from entries to a history |
//! | `clients`, `keys`, `clock` | who called, on what, and when |
//! | `drains` | a drain as dequeues |

mod clients;
mod clock;
mod columns;
mod document;
pub(crate) mod drains;
mod edn;
mod entries;
mod entry;
mod json;
mod keys;
mod number;
mod scan;

pub use columns::write_columns;
pub use document::{Document, Keyed, Position, Problem, ReadError};
pub use edn::{EdnEntry, write_edn};
pub use json::write_json;

use crate::value::Value;
use scan::{Fault, Room};

/// Reads a history in any of the notations. A text without entries is a history without operations.
///
/// It is JSON if its first entry starts as a JSON object does, and in columns if its first line has a tab before and after
/// an entry's type.
///
/// # Errors
/// The first thing that is wrong with the text, and where.
pub fn read(text: &str, keyed: Keyed) -> Result<Document, ReadError> {
    read_within(text, keyed, usize::MAX)
}

/// The same for a text that takes at most so many bytes of memory together with what is read of it; otherwise the error is
/// [`Problem::TooLarge`].
///
/// # Errors
/// The first thing that is wrong with the text, and where.
pub fn read_within(text: &str, keyed: Keyed, bytes: usize) -> Result<Document, ReadError> {
    let entries = Room::beside(text, bytes).and_then(|room| {
        if is_json(text) {
            json::entries(text, room)
        } else if columns::is_in_columns(text) {
            columns::entries(text, room)
        } else {
            edn::entries(text, room)
        }
    });
    let document = entries.and_then(|entries| entries::assemble(text, entries, keyed));
    document.map_err(|fault| fault.place(text))
}

fn is_json(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let first = start.strip_prefix('[').unwrap_or(start).trim_start();
    first
        .strip_prefix('{')
        .is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

/// Reads one value in JSON or EDN, such as `7`, `{"0": 10, "1": 0}` or `{0 10, 1 0}`.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn read_value(text: &str) -> Result<Value, ReadError> {
    let value = json::single(text).or_else(|_| edn::single(text));
    value.map_err(|fault: Fault| fault.place(text))
}
