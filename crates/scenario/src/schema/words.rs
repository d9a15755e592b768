//! What each field of a document is, in one line, for editors.

use crate::setting::{LINK_SETTINGS, NODE_SETTINGS, find};

/// One line per field: `object.field: what it is.` Settings, parameters and kinds of checks are told by their tables.
const WORDS: &str = include_str!("words.txt");

/// What a field of an object is.
pub(super) fn of(object: &str, field: &str) -> &'static str {
    let words = WORDS.lines().find_map(|line| {
        let line = line.strip_prefix(object)?.strip_prefix('.')?;
        line.strip_prefix(field)?.strip_prefix(": ")
    });
    let hint = || match object {
        "nodes" => find(NODE_SETTINGS, field).map(|setting| setting.hint),
        "network" | "links" => find(LINK_SETTINGS, field).map(|setting| setting.hint),
        _ => None,
    };
    words.or_else(hint).unwrap_or_default()
}
