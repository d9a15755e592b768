//! What a link leaves out of a lab's plan.

use super::deed::Timed;

/// The deeds of a plan that are missing where some of it is left, in order.
pub(crate) fn missing(plan: &[Timed], left: &[Timed]) -> Vec<Timed> {
    let (mut missing, mut place) = (Vec::new(), 0);
    for timed in plan {
        match left.get(place) {
            Some(next) if next == timed => place += 1,
            _ => missing.push(timed.clone()),
        }
    }
    missing
}

/// A plan without one of its deeds; nothing if that is none of them.
pub(crate) fn without(plan: &[Timed], deed: &Timed) -> Option<Vec<Timed>> {
    let place = plan.iter().position(|timed| timed == deed)?;
    let mut left = plan.to_vec();
    left.remove(place);
    Some(left)
}

/// What is left of a plan, with one of its deeds that was left out; nothing if that was not.
pub(crate) fn restored(plan: &[Timed], left: &[Timed], deed: &Timed) -> Option<Vec<Timed>> {
    let mut restored = left.to_vec();
    let mut place = 0;
    for timed in plan {
        if left.get(place) == Some(timed) {
            place += 1;
        } else if timed == deed {
            restored.insert(place, timed.clone());
            return Some(restored);
        }
    }
    None
}
