//! What is tried next: fewer things, fewer operations, fewer nodes, a shorter run, round after round until a whole round has taken
//! nothing away.
//!
//! Things come before the length: in a run that ends just after its violation, whatever moves that to a later moment seems to be
//! needed.

use protocols::{ParameterSpec, Quantity};
use scenario::knob::Knob;
use scenario::run::play::Violation;
use sim::NodeId;

use crate::case::{Case, whole_millis};
use crate::count::Count;
use crate::ddmin::Ddmin;
use crate::drawn::Drawn;
use crate::family::Family;
use crate::nodes::without;
use crate::trial::Naming;

/// A run that fails, and how.
#[derive(Clone)]
pub(crate) struct Found {
    pub case: Case,
    pub violation: Violation,
}

/// Something to run.
pub(crate) struct Candidate {
    pub case: Case,
    pub naming: Naming,
}

/// A round of attempts. First messages are found by their places, which saves most; then by their names, as a reader of
/// the link finds them who takes one thing away.
pub(crate) struct Round {
    work: Work,
    naming: Naming,
    has_changed: bool,
}

/// What is being made smaller, and what is to be tried for it.
enum Work {
    /// The run ends just after the violation; whether that was tried.
    Length(bool),
    /// What chance draws is done on purpose: all of it, or else family by family.
    Drawn {
        is_together: bool,
        left: &'static [&'static [Family]],
    },
    /// Fewer things.
    Things(Ddmin),
    /// Fewer operations, by the place of what counts them among the protocol's parameters.
    Operations(usize, Option<Count>),
    /// Fewer nodes: so many attempts were refused, two for each node from the last one on.
    Nodes(usize),
    /// Nothing more can be taken away.
    Done,
}

/// What is being made smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// How long the run is.
    Length,
    /// Faults that chance draws become deeds.
    Drawn,
    /// Deeds and settings.
    Things,
    /// How much the nodes have to do.
    Operations,
    /// How many nodes there are.
    Nodes,
    /// Nothing more can be taken away.
    Done,
}

impl Stage {
    /// What is being tried, for readers.
    pub fn words(self) -> &'static str {
        match self {
            Stage::Length => "a shorter run",
            Stage::Drawn => "chance's faults as deeds",
            Stage::Things => "fewer faults and settings",
            Stage::Operations => "fewer operations",
            Stage::Nodes => "fewer nodes",
            Stage::Done => "done",
        }
    }
}

const TOGETHER: &[&[Family]] = &[&Family::ALL];
const ONE_BY_ONE: &[&[Family]] = &[
    &[Family::Losses],
    &[Family::Duplicates],
    &[Family::Damage],
    &[Family::Spikes],
    &[Family::Strikes],
    &[Family::Flaps],
];

impl Round {
    pub fn first() -> Round {
        Round {
            work: Work::of_chance(),
            naming: Naming::Places,
            has_changed: false,
        }
    }

    pub fn stage(&self) -> Stage {
        match self.work {
            Work::Length(_) => Stage::Length,
            Work::Drawn { .. } => Stage::Drawn,
            Work::Things(_) => Stage::Things,
            Work::Operations(..) => Stage::Operations,
            Work::Nodes(_) => Stage::Nodes,
            Work::Done => Stage::Done,
        }
    }

    /// What to run next for what is being made smaller; nothing if that is as small as it gets.
    pub fn propose(&mut self, best: &Found, drawn: &Drawn) -> Option<Candidate> {
        let (case, naming) = (&best.case, self.naming);
        let case = match &mut self.work {
            Work::Length(is_tried) => shorter(best).filter(|_| !*is_tried)?,
            Work::Drawn { left, .. } => explicit(best, drawn, left)?,
            Work::Things(search) => case.keeping(&search.propose()?),
            Work::Operations(place, count) => fewer_operations(case, place, count)?,
            Work::Nodes(refused) => return fewer_nodes(case, naming, refused),
            Work::Done => return None,
        };
        Some(Candidate { case, naming })
    }

    /// What was proposed does not fail in the same way.
    pub fn refuse(&mut self) {
        match &mut self.work {
            Work::Length(is_tried) => *is_tried = true,
            Work::Drawn { is_together, left } => {
                if *is_together {
                    (*is_together, *left) = (false, ONE_BY_ONE);
                }
            }
            Work::Things(search) => search.refuse(),
            Work::Operations(_, count) => tell(count, false),
            Work::Nodes(refused) => *refused += 1,
            Work::Done => {}
        }
    }

    /// What was proposed fails in the same way, as this case.
    pub fn accept(&mut self, case: &Case) {
        self.has_changed = true;
        match &mut self.work {
            Work::Things(search) => search.accept(case.things.len()),
            Work::Operations(_, count) => tell(count, true),
            Work::Nodes(refused) => *refused = 0,
            Work::Length(_) | Work::Drawn { .. } | Work::Done => {}
        }
    }

    /// Goes on to what is made smaller next.
    pub fn go_on(&mut self, case: &Case) {
        self.work = match self.work {
            Work::Drawn { .. } => Work::Things(Ddmin::new(case.things.len())),
            Work::Things(_) => Work::Operations(0, None),
            Work::Operations(..) => Work::Nodes(0),
            Work::Nodes(_) => Work::Length(false),
            Work::Length(_) | Work::Done => self.next_round(),
        };
    }

    fn next_round(&mut self) -> Work {
        if !self.has_changed && self.naming == Naming::Names {
            return Work::Done;
        }
        if !self.has_changed {
            self.naming = Naming::Names;
        }
        self.has_changed = false;
        Work::of_chance()
    }
}

impl Work {
    fn of_chance() -> Work {
        Work::Drawn {
            is_together: true,
            left: TOGETHER,
        }
    }
}

/// The same until just after the violation, if it goes on longer.
fn shorter(found: &Found) -> Option<Case> {
    let mut case = found.case.clone();
    let duration = whole_millis(found.violation.seen);
    let is_shorter = duration < case.calm.duration && !found.violation.is_of_the_end;
    case.calm.duration = duration;
    is_shorter.then_some(case)
}

/// The next families of which chance has drawn something, done on purpose.
fn explicit(best: &Found, drawn: &Drawn, left: &mut &'static [&'static [Family]]) -> Option<Case> {
    loop {
        let (next, rest) = left.split_first()?;
        *left = rest;
        if let Some(explicit) = drawn.made_explicit(&best.case, next, best.violation.seen) {
            return Some(explicit);
        }
    }
}

/// What counts the operations of a run's nodes.
fn operations(case: &Case, place: usize) -> Option<&'static ParameterSpec> {
    let specs = case.calm.protocol.parameters.iter();
    let mut counting = specs.filter(|spec| spec.quantity == Quantity::Operations);
    counting.nth(place)
}

fn fewer_operations(case: &Case, place: &mut usize, count: &mut Option<Count>) -> Option<Case> {
    loop {
        let spec = operations(case, *place)?;
        let knob = Knob::Parameter(spec);
        let begun = || Count::new(spec.min as u32, knob.value(&case.calm) as u32);
        let search = count.get_or_insert_with(begun);
        let Some(fewer) = search.propose() else {
            (*place, *count) = (*place + 1, None);
            continue;
        };
        let mut case = case.clone();
        if knob.set(&mut case.calm, fewer.into()).is_ok() {
            return Some(case);
        }
        search.tell(fewer, false);
    }
}

/// Whether what a search for a number has proposed fails.
fn tell(count: &mut Option<Count>, fails: bool) {
    if let Some(count) = count
        && let Some(proposed) = count.propose()
    {
        count.tell(proposed, fails);
    }
}

fn fewer_nodes(case: &Case, naming: Naming, refused: &mut usize) -> Option<Candidate> {
    loop {
        let node = case.calm.nodes.len().checked_sub(1 + *refused / 2)?;
        let by = match refused.is_multiple_of(2) {
            true => Naming::Places,
            false => Naming::Names,
        };
        // Only a reader of the link takes a node away and leaves the names of messages as they are.
        let is_asked = by == Naming::Places || naming == Naming::Names;
        let fewer = || without(case, NodeId(node as u16), by);
        if let Some(case) = is_asked.then(fewer).flatten() {
            return Some(Candidate { case, naming: by });
        }
        *refused += 1;
    }
}
