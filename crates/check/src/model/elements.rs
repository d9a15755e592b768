//! What a read of a set shows.

use crate::value::Value;
use sim::sorting::sort;

/// The elements that a read shows; `None` if it shows one twice, as no set does.
pub(super) fn elements(value: &Value) -> Option<sim::sorted::Set<Value>> {
    match value.bare() {
        Value::Set(set) => Some(set.as_ref().clone()),
        Value::List(list) => {
            let mut sorted = list.to_vec();
            sort(&mut sorted);
            let set: sim::sorted::Set<Value> = sorted.into_iter().collect();
            (set.len() == list.len()).then_some(set)
        }
        _ => Some(sim::sorted::Set::new()),
    }
}
