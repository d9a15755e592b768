//! What happens next in a run: the same with a past and without one.

use super::observer::Observer;
use std::cell::OnceCell;

use crate::action::{Action, Intervention, Target};
use crate::id::{EventId, NodeId};
use crate::node::Status;
use crate::time::SimTime;
use crate::trace::Trace;
use crate::world::Machine;

/// Does the next thing that is due by `until`: events first, then what is to be done at their time, of which so much was
/// `applied` before. What watches the run is shown its events. Returns whether there was such a thing.
#[inline]
pub fn turn(
    machine: &mut dyn Machine,
    observer: &mut impl Observer,
    script: &[Intervention],
    applied: &mut usize,
    until: SimTime,
    trace: &mut Trace,
) -> bool {
    let first = machine.kernel().events();
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
    // Beyond these the trace may know a future that was undone.
    let count = (machine.kernel().events() - first) as usize;
    for (id, event) in trace.since(EventId(first)).take(count) {
        observer.observe(id, event);
    }
    true
}

/// Whether there is more to do by `until`, of itself or by the script, of which so much was `applied` before.
pub fn is_more_due(
    machine: &dyn Machine,
    script: &[Intervention],
    applied: usize,
    until: SimTime,
) -> bool {
    let planned = script.get(applied).map(|next| next.at);
    let due = [machine.kernel().next_due(), planned];
    due.into_iter().flatten().any(|next| next <= until)
}

/// The run is over at `end`: what watches it judges that. In a run without events there is nothing to judge.
pub fn conclude(machine: &dyn Machine, observer: &mut impl Observer, end: SimTime) {
    let Some(latest) = machine.kernel().events().checked_sub(1) else {
        return;
    };
    let later = OnceCell::new();
    observer.end(EventId(latest), end, &|node| {
        if machine.kernel().status(node) == Status::Crashed {
            return later.get_or_init(|| restarted(machine)).copies(node);
        }
        machine.copies(node)
    });
}

/// The run as it would be if all its crashed nodes started again.
fn restarted(machine: &dyn Machine) -> Box<dyn Machine> {
    let mut later = machine.boxed_clone();
    let nodes = (0..machine.kernel().nodes()).map(NodeId);
    for node in nodes {
        later.apply(&Action::Restart(Target::Node(node)), &mut Trace::off());
    }
    later
}
