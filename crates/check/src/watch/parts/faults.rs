//! Which faults are in force: nodes that are down, paused or slow, and links that are cut.

use sim::held::{Held, Measure};
use sim::sorted::Set;

use sim::NodeId;
use sim::trace::{Event, EventKind, Limp, NetworkChange};

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Crashed(NodeId),
    Paused(NodeId),
    Slow(NodeId),
    /// A cut of this name.
    Cut(i64),
}

/// The faults in force, as a trace tells them.
#[derive(Clone, Debug, Default)]
pub(in crate::watch) struct Faults(Set<Fault>);

/// What an event does to faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::watch) enum Transition {
    /// Nothing.
    Same,
    /// The first one begins.
    Begins,
    /// The last one ends.
    Ends,
}

/// When something happens: before the first fault, during a fault, or since. All faults count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::watch) enum Phase {
    Before = 0,
    During = 1,
    Since = 2,
}

/// Faults, and the phase that they make of each moment.
#[derive(Clone, Debug)]
pub(in crate::watch) struct Phases {
    faults: Faults,
    phase: Phase,
}

impl Default for Phases {
    fn default() -> Phases {
        Phases {
            faults: Faults::default(),
            phase: Phase::Before,
        }
    }
}

impl Phases {
    /// Takes in an event. Returns the phase after it.
    pub fn observe(&mut self, event: &Event) -> Phase {
        match self.faults.observe(event) {
            Transition::Begins => self.phase = Phase::During,
            Transition::Ends => self.phase = Phase::Since,
            Transition::Same => {}
        }
        self.phase
    }

    /// The phase after the latest event.
    pub fn now(&self) -> Phase {
        self.phase
    }
}

impl Faults {
    /// Takes in an event.
    pub fn observe(&mut self, event: &Event) -> Transition {
        let before = self.any();
        self.apply(event);
        match (before, self.any()) {
            (false, true) => Transition::Begins,
            (true, false) => Transition::Ends,
            _ => Transition::Same,
        }
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.0.held(by)
    }

    /// Whether a fault is in force.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether an event can change whether a node is hindered.
    pub fn can_hinder(event: &Event) -> bool {
        use EventKind::{Crash, Limp, Pause, Restart, Resume};
        matches!(event.kind, Crash | Limp | Pause | Restart | Resume)
    }

    /// Whether a node is down, paused or slow.
    pub fn hinder(&self, node: NodeId) -> bool {
        self.hindrance(node).is_some()
    }

    /// What hinders a node, in a word.
    pub fn hindrance(&self, node: NodeId) -> Option<&'static str> {
        let own = [
            (Fault::Crashed(node), "down"),
            (Fault::Paused(node), "paused"),
            (Fault::Slow(node), "slow"),
        ];
        let found = own.iter().find(|(fault, _)| self.0.contains(fault));
        found.map(|(_, word)| *word)
    }

    /// Whether a link is cut.
    pub fn any_cut(&self) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::Cut(_)))
    }

    fn apply(&mut self, event: &Event) {
        let node = event.node;
        match event.kind {
            EventKind::Crash => {
                // A node that crashes is no longer paused, and does not come back paused.
                self.0.remove(&Fault::Paused(node));
                self.0.insert(Fault::Crashed(node));
            }
            EventKind::Restart => {
                // A slow node comes back slow.
                self.0.remove(&Fault::Crashed(node));
            }
            EventKind::Pause => {
                self.0.insert(Fault::Paused(node));
            }
            EventKind::Resume => {
                self.0.remove(&Fault::Paused(node));
            }
            EventKind::Limp => {
                if event.detail().is_some_and(Limp::is_slow) {
                    self.0.insert(Fault::Slow(node));
                } else {
                    self.0.remove(&Fault::Slow(node));
                }
            }
            EventKind::Network => {
                if let Some(change) = event.detail() {
                    self.network(change);
                }
            }
            _ => {}
        }
    }

    fn network(&mut self, change: NetworkChange) {
        match change {
            NetworkChange::Cut { name } => {
                self.0.insert(Fault::Cut(name));
            }
            NetworkChange::Heal { name } => {
                let is_healed = |cut: i64| name.is_none_or(|name| name == cut);
                self.0
                    .retain(|fault| !matches!(fault, Fault::Cut(cut) if is_healed(*cut)));
            }
            NetworkChange::Setting { .. }
            | NetworkChange::Filter { .. }
            | NetworkChange::Unfilter { .. }
            | NetworkChange::Flapping { .. }
            | NetworkChange::Steady { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::parts::trial::*;

    #[test]
    fn faults_that_overlap_are_one_time_of_trouble() {
        let happenings: [(Happening, Transition); 12] = [
            (PAUSES.into(), Transition::Begins),
            (limps(3000), Transition::Same),
            (cut(4), Transition::Same),
            (RESUMES.into(), Transition::Same),
            (heal(5), Transition::Same),
            (limps(1000), Transition::Same),
            (heal(4), Transition::Ends),
            (cut(1), Transition::Begins),
            (heal_all(), Transition::Ends),
            (PAUSES.into(), Transition::Begins),
            (CRASHES.into(), Transition::Same),
            (RESTARTS.into(), Transition::Ends),
        ];
        transitions(&happenings);
    }

    /// Each happening on one node makes this transition.
    fn transitions(happenings: &[(Happening, Transition)]) {
        let mut faults = Faults::default();
        for (happening, transition) in happenings {
            let event = happening.event(0, 2);
            assert_eq!(faults.observe(&event), *transition, "{event:?}");
        }
    }

    #[test]
    fn a_slow_node_that_restarts_is_still_slow() {
        transitions(&[
            (limps(3000), Transition::Begins),
            (CRASHES.into(), Transition::Same),
            (RESTARTS.into(), Transition::Same),
            (limps(1000), Transition::Ends),
        ]);
    }
}
