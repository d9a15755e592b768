//! What the notations have in common.

use serde_json::Value;
use sim::SimTime;

/// A moment in seconds, to the millisecond: *1.042*.
pub(crate) fn seconds(time: SimTime) -> String {
    let millis = time.as_nanos() / 1_000_000;
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// A text as JSON has it.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
