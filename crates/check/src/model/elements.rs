//! What a read of a set shows.

use crate::value::Value;
use sim::sorting::sort;

/// The elements that a read shows, in ascending order; `None` if it shows one twice, as no set does, or no set at all.
pub(crate) fn elements(value: &Value) -> Option<Vec<&Value>> {
    match value.bare() {
        Value::Nil => Some(Vec::new()),
        Value::Set(set) => Some(set.iter().collect()),
        Value::List(list) => {
            let mut shown: Vec<&Value> = list.iter().collect();
            sort(&mut shown);
            shown.is_sorted_by(|a, b| a < b).then_some(shown)
        }
        _ => None,
    }
}
