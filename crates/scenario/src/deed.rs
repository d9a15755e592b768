//! What is done to a run, as plans and links write it: `crash:bank@2.4s`, `latency:120ms@3.2s`.

use sim::{Action, SimTime, Target};

use crate::document::Scenario;
use crate::knob::{Knob, Settings};
use crate::quantity::{Unit, shortened};

/// Something done to a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// A knob is turned to a value in its base unit.
    Turn(Knob, f64),
    /// Something happens to a node.
    Node(NodeDeed, sim::NodeId),
}

/// What can happen to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeDeed {
    /// It crashes.
    Crash,
    /// It restarts.
    Restart,
    /// It pauses.
    Pause,
    /// It resumes.
    Resume,
}

/// A deed with its moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Timed {
    /// When it is done.
    pub at: SimTime,
    /// What is done.
    pub deed: Deed,
}

const NODE_DEEDS: [(&str, NodeDeed); 4] = [
    ("crash", NodeDeed::Crash),
    ("restart", NodeDeed::Restart),
    ("pause", NodeDeed::Pause),
    ("resume", NodeDeed::Resume),
];

impl Timed {
    /// Reads a deed for `scenario`, or says what is wrong with it.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Timed, String> {
        let shown = shortened(text);
        let form = || {
            format!(
                "is \"{shown}\"; it must look like crash:{}@2.4s",
                scenario.nodes[0].name
            )
        };
        let (what, at) = text.rsplit_once('@').ok_or_else(form)?;
        let (verb, argument) = what.split_once(':').ok_or_else(form)?;
        let nanos = Unit::Duration
            .parse(at)
            .filter(|nanos| *nanos >= 0.0)
            .ok_or_else(form)?;
        let at = SimTime::from_nanos(nanos as u64);
        let deed = Deed::parse(verb, argument, scenario)
            .map_err(|what| format!("is \"{shown}\": {what}"))?;
        Ok(Timed { at, deed })
    }

    /// Writes the deed such that [`Timed::parse`] reads it back.
    pub fn format(&self, scenario: &Scenario) -> String {
        format!("{}@{}", self.deed.format(scenario), self.at)
    }
}

impl Deed {
    fn parse(verb: &str, argument: &str, scenario: &Scenario) -> Result<Deed, String> {
        if let Some((_, deed)) = NODE_DEEDS.iter().find(|(name, _)| *name == verb) {
            let node = scenario
                .node(argument)
                .ok_or_else(|| format!("there is no node \"{argument}\""))?;
            return Ok(Deed::Node(*deed, node));
        }
        let knob = Knob::parse(verb, scenario).filter(|knob| knob.is_live());
        let knob = knob.ok_or_else(|| format!("\"{verb}\" is nothing that can be done"))?;
        let value = knob
            .range()
            .parse(argument)
            .map_err(|what| format!("{verb} {what}"))?;
        Ok(Deed::Turn(knob, value))
    }

    fn format(&self, scenario: &Scenario) -> String {
        match self {
            Deed::Turn(knob, value) => {
                format!(
                    "{}:{}",
                    knob.key(scenario),
                    knob.range().unit.format(*value)
                )
            }
            Deed::Node(deed, node) => {
                let named = NODE_DEEDS.iter().find(|(_, other)| other == deed);
                format!(
                    "{}:{}",
                    named.map_or("", |(name, _)| name),
                    scenario.name(*node)
                )
            }
        }
    }

    /// What the kernel has to do for it. `settings` are those in force, and follow the deed.
    pub fn action(&self, settings: &mut Settings) -> Action {
        match *self {
            Deed::Turn(knob, value) => settings.turn(knob, value),
            Deed::Node(deed, node) => {
                let target = Target::Node(node);
                match deed {
                    NodeDeed::Crash => Action::Crash(target),
                    NodeDeed::Restart => Action::Restart(target),
                    NodeDeed::Pause => Action::Pause(target),
                    NodeDeed::Resume => Action::Resume(target),
                }
            }
        }
    }
}
