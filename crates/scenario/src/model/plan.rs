//! What a link leaves out of a lab's plan.

use super::deed::Timed;

/// The deeds of a plan that another one has not, in order; of those that are there more than once, as many as it lacks.
pub(crate) fn missing<'p>(plan: &'p [Timed], other: &[Timed]) -> Vec<&'p Timed> {
    let mut there: Vec<&Timed> = other.iter().collect();
    let mut missing = Vec::new();
    for timed in plan {
        match there.iter().position(|known| *known == timed) {
            Some(place) => drop(there.swap_remove(place)),
            None => missing.push(timed),
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

/// A plan as it was, of which `present` is left, with a deed that was left out.
pub(crate) fn restored(plan: &[Timed], present: &[Timed], deed: &Timed) -> Option<Vec<Timed>> {
    let mut out: Vec<Timed> = missing(plan, present).into_iter().cloned().collect();
    out = without(&out, deed)?;
    Some(missing(plan, &out).into_iter().cloned().collect())
}
