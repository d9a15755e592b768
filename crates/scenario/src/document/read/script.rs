//! A protocol that a document brings along as a script.

use protocols::ProtocolEntry;

use super::Fields;
use crate::setting;
use crate::terms::limits::MOST_BYTES;
use crate::terms::words::KEYS;

/// The field of the script.
const SCRIPT: &str = "script";

/// The script in the field `protocol`, as a protocol.
pub(super) fn protocol(mut fields: Fields<'_>) -> Option<&'static ProtocolEntry> {
    let source = fields.optional_text(SCRIPT, MOST_BYTES);
    if fields.value(SCRIPT).is_none() {
        fields.complain(SCRIPT, "is missing");
    }
    let read = source.map(|source| entry(&source).and_then(free_of_keys));
    let entry = read.and_then(|read| read.map_err(|what| fields.complain(SCRIPT, what)).ok());
    fields.finish();
    entry
}

/// Links name parameters beside what every run has: no parameter can be called so.
fn free_of_keys(entry: &'static ProtocolEntry) -> Result<&'static ProtocolEntry, String> {
    let is_taken = |id: &str| KEYS.contains(&id) || setting::keys().any(|key| key == id);
    let mut ids = entry.parameters.iter().map(|spec| spec.id);
    match ids.find(|id| is_taken(id)) {
        Some(id) => Err(format!(
            "has a parameter \"{id}\", which every run has: call it something else"
        )),
        None => Ok(entry),
    }
}

#[cfg(feature = "script")]
fn entry(source: &str) -> Result<&'static ProtocolEntry, String> {
    script::entry(source).map_err(|flaw| match flaw.at {
        Some((line, column)) => {
            format!("is wrong at line {line}, column {column}: {}", flaw.what)
        }
        None => format!("is wrong: {}", flaw.what),
    })
}

#[cfg(not(feature = "script"))]
fn entry(_: &str) -> Result<&'static ProtocolEntry, String> {
    let what = "cannot be run here: a protocol of one's own runs with the command, as in \"slowfire run FILE\"";
    Err(what.to_owned())
}
