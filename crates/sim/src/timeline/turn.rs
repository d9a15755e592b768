//! What happens next in a run: the same with a past and without one.

use super::observer::Observer;
use crate::action::Intervention;
use crate::id::EventId;
use crate::time::SimTime;
use crate::trace::Trace;
use crate::world::Machine;

/// Does the next thing that is due by `until`: events first, then what is to be done at their time, of which so much was
/// `applied` before. Returns whether there was such a thing.
#[inline]
pub fn turn(
    machine: &mut dyn Machine,
    script: &[Intervention],
    applied: &mut usize,
    until: SimTime,
    trace: &mut Trace,
) -> bool {
    let due = machine.kernel().next_due().filter(|due| *due <= until);
    let planned = script.get(*applied).filter(|next| next.at <= until);
    match (due, planned) {
        (None, None) => return false,
        (Some(due), planned) if planned.is_none_or(|planned| due <= planned.at) => {
            machine.step(trace);
        }
        (_, Some(planned)) => {
            machine.set_now(planned.at);
            machine.apply(&planned.action, trace);
            *applied += 1;
        }
        (Some(_), None) => unreachable!("an event that is due comes before nothing planned"),
    }
    true
}

/// The run is over at `end`: what watches it judges that. In a run without events there is nothing to judge.
pub fn conclude(machine: &dyn Machine, observer: &mut impl Observer, end: SimTime) {
    if let Some(latest) = machine.kernel().events().checked_sub(1) {
        observer.end(EventId(latest), end);
    }
}
