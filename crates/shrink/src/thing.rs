//! What can be taken away from a run, one by one.

use protocols::Quantity;
use scenario::deed::{Deed, Timed};
use scenario::document::scope::{NodeSet, Who};
use scenario::document::{FlappingSettings, MishapSettings, Scenario};
use scenario::knob::Knob;
use sim::action::Meddling;
use sim::{MessageId, SimDuration, SimTime};

use crate::numbering::Place;

/// Something that can be taken away from a run.
#[derive(Clone, Debug)]
pub(crate) enum Thing {
    /// Something that is done; by the scenario's plan, or on top of it.
    Done {
        /// What, and when.
        timed: Timed,
        /// Whether the plan does it.
        is_planned: bool,
    },
    /// Something that is done to a message.
    Meddled(Meddled),
    /// A knob that does not stand where it is calm.
    Turned(Knob, f64),
    /// Faults that strike at random.
    Mishap(MishapSettings),
    /// A cut that comes and goes.
    Flapping(FlappingSettings),
}

/// Something that is done to a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meddled {
    /// Which message, in words that outlast a change of the run.
    pub place: Place,
    /// How long after its sending.
    pub after: SimDuration,
    /// What is done.
    pub meddling: Meddling,
    /// The message's name in the run that is known, and when it is done there.
    pub id: MessageId,
    /// When it is done there.
    pub at: SimTime,
}

impl Meddled {
    /// As links write it.
    pub fn timed(&self) -> Timed {
        Timed {
            at: self.at,
            deed: Deed::Message(self.id, self.meddling),
        }
    }
}

/// The knobs of links that are at zero in calm weather.
const CALM_LINKS: [&str; 6] = [
    "jitter",
    "spike",
    "loss",
    "bursts",
    "duplication",
    "corruption",
];

/// The knobs of nodes that are at zero in calm weather.
const CALM_NODES: [&str; 6] = ["skew", "drift", "wobble", "monotonic", "pauses", "torn"];

/// Whether a knob is about the weather, which is calm at zero.
pub(crate) fn is_weather(knob: &Knob) -> bool {
    match knob {
        Knob::Link(setting, _) => CALM_LINKS.contains(&setting.key),
        Knob::Node(setting, _) => CALM_NODES.contains(&setting.key),
        Knob::Parameter(spec) => spec.quantity == Quantity::Faults,
    }
}

/// Where a knob stands in calm weather: what is weather is not there, and all else is as the lab has it.
pub(crate) fn at_rest(knob: &Knob, lab: &Scenario) -> f64 {
    match is_weather(knob) {
        true => 0.0,
        false => knob.value(lab),
    }
}

/// A deed on several nodes as one on each, if it is the same. A deed on a role that nodes have at a moment stays whole.
pub(crate) fn split(timed: &Timed, nodes: usize) -> Vec<Timed> {
    let each = |who: Who, deed: &dyn Fn(Who) -> Deed| match who {
        Who::Nodes(set) => {
            let one = |node| deed(Who::Nodes(NodeSet::of(node)));
            set.nodes(nodes).map(one).collect()
        }
        Who::Role(_) => vec![deed(who)],
    };
    let deeds = match timed.deed {
        Deed::Node(what, who) => each(who, &|who| Deed::Node(what, who)),
        Deed::Slow(what, who, permille) => each(who, &|who| Deed::Slow(what, who, permille)),
        Deed::Step(who, nanos) => each(who, &|who| Deed::Step(who, nanos)),
        Deed::Slew(who, nanos, rate) => each(who, &|who| Deed::Slew(who, nanos, rate)),
        Deed::Operation(who, operation, argument) => {
            each(who, &|who| Deed::Operation(who, operation, argument))
        }
        deed => vec![deed],
    };
    let at = timed.at;
    deeds.into_iter().map(|deed| Timed { at, deed }).collect()
}
