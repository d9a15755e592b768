//! Knobs: what can be set before a run and turned while it goes on, each with its name in links.

use protocols::ParameterSpec;
use sim::network::{LinkChange, LinkSelector};
use sim::random::Probability;
use sim::{Action, NodeId, Target};

use crate::document::limits::{DRIFT, LATENCY, SKEW, parameter_range};
use crate::document::{Network, Scenario};
use crate::quantity::{Range, Unit};

/// Something that can be set.
#[derive(Clone, Copy, Debug)]
pub enum Knob {
    /// The middle of every link's latency.
    Latency,
    /// The deviation of every link's latency.
    Jitter,
    /// Every link's loss.
    Loss,
    /// Every link's duplication.
    Duplication,
    /// How far a node's wall clock is ahead.
    Skew(NodeId),
    /// How fast a node's wall clock runs.
    Drift(NodeId),
    /// A setting of the protocol. It holds for the whole run.
    Parameter(&'static ParameterSpec),
}

/// Where a knob stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Among the network's.
    Network,
    /// Among the clocks'.
    Clocks,
    /// Among the protocol's.
    Protocol,
}

/// How a slider shows a knob. Values are in `unit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    /// Its left end.
    pub min: f64,
    /// Its right end; a link may go further.
    pub max: f64,
    /// Its step.
    pub step: f64,
    /// What its numbers are in.
    pub unit: &'static str,
    /// How many base units one of these is.
    pub scale: f64,
}

const MILLI: f64 = 1e6;

impl PartialEq for Knob {
    fn eq(&self, other: &Knob) -> bool {
        match (self, other) {
            (Knob::Skew(a), Knob::Skew(b)) | (Knob::Drift(a), Knob::Drift(b)) => a == b,
            (Knob::Parameter(a), Knob::Parameter(b)) => a.id == b.id,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl Knob {
    /// The knob with this name in links.
    pub fn parse(key: &str, scenario: &Scenario) -> Option<Knob> {
        if let Some((name, node)) = key.split_once('.') {
            let node = scenario.node(node)?;
            return match name {
                "skew" => Some(Knob::Skew(node)),
                "drift" => Some(Knob::Drift(node)),
                _ => None,
            };
        }
        match key {
            "latency" => Some(Knob::Latency),
            "jitter" => Some(Knob::Jitter),
            "loss" => Some(Knob::Loss),
            "duplication" => Some(Knob::Duplication),
            _ => scenario
                .protocol
                .parameters
                .iter()
                .find(|spec| spec.id == key)
                .map(Knob::Parameter),
        }
    }

    /// All knobs of a scenario, in the order in which the page shows them.
    pub fn all(scenario: &Scenario) -> Vec<Knob> {
        let nodes = || (0..scenario.nodes.len() as u16).map(NodeId);
        [Knob::Latency, Knob::Jitter, Knob::Loss, Knob::Duplication]
            .into_iter()
            .chain(nodes().map(Knob::Skew))
            .chain(nodes().map(Knob::Drift))
            .chain(scenario.protocol.parameters.iter().map(Knob::Parameter))
            .collect()
    }

    /// Its name in links.
    pub fn key(&self, scenario: &Scenario) -> String {
        match self {
            Knob::Latency => "latency".to_owned(),
            Knob::Jitter => "jitter".to_owned(),
            Knob::Loss => "loss".to_owned(),
            Knob::Duplication => "duplication".to_owned(),
            Knob::Skew(node) => format!("skew.{}", scenario.name(*node)),
            Knob::Drift(node) => format!("drift.{}", scenario.name(*node)),
            Knob::Parameter(spec) => spec.id.to_owned(),
        }
    }

    /// Its name on the page.
    pub fn label(&self, scenario: &Scenario) -> String {
        match self {
            Knob::Latency => "Latency".to_owned(),
            Knob::Jitter => "Jitter".to_owned(),
            Knob::Loss => "Loss".to_owned(),
            Knob::Duplication => "Duplication".to_owned(),
            Knob::Skew(node) => format!("Clock skew, {}", scenario.name(*node)),
            Knob::Drift(node) => format!("Clock drift, {}", scenario.name(*node)),
            Knob::Parameter(spec) => spec.label.to_owned(),
        }
    }

    /// What it does, in a line.
    pub fn hint(&self) -> &'static str {
        match self {
            Knob::Latency => "How long a message travels, typically",
            Knob::Jitter => "How much that differs from message to message",
            Knob::Loss => "The share of messages that never arrive",
            Knob::Duplication => "The share of messages that arrive twice",
            Knob::Skew(_) => "How far this node's wall clock is ahead of the true time",
            Knob::Drift(_) => "How much too fast this node's wall clock runs",
            Knob::Parameter(spec) => spec.about,
        }
    }

    /// Where it stands on the page.
    pub fn group(&self) -> Group {
        match self {
            Knob::Latency | Knob::Jitter | Knob::Loss | Knob::Duplication => Group::Network,
            Knob::Skew(_) | Knob::Drift(_) => Group::Clocks,
            Knob::Parameter(_) => Group::Protocol,
        }
    }

    /// What it may be set to.
    pub fn range(&self) -> Range {
        match self {
            Knob::Latency | Knob::Jitter => LATENCY,
            Knob::Loss | Knob::Duplication => Range::SHARE,
            Knob::Skew(_) => SKEW,
            Knob::Drift(_) => DRIFT,
            Knob::Parameter(spec) => parameter_range(spec),
        }
    }

    /// How a slider shows it.
    pub fn slider(&self) -> Slider {
        let range = self.range();
        match self {
            Knob::Latency => Slider {
                min: 0.0,
                max: 1000.0,
                step: 10.0,
                unit: "ms",
                scale: MILLI,
            },
            Knob::Jitter => Slider {
                min: 0.0,
                max: 500.0,
                step: 5.0,
                unit: "ms",
                scale: MILLI,
            },
            Knob::Loss | Knob::Duplication => Slider {
                min: 0.0,
                max: 100.0,
                step: 1.0,
                unit: "%",
                scale: 0.01,
            },
            Knob::Skew(_) => Slider {
                min: -5000.0,
                max: 5000.0,
                step: 50.0,
                unit: "ms",
                scale: MILLI,
            },
            Knob::Drift(_) => Slider {
                min: -1000.0,
                max: 1000.0,
                step: 10.0,
                unit: "ppm",
                scale: 1.0,
            },
            Knob::Parameter(_) => {
                let (unit, scale) = match range.unit {
                    Unit::Duration => ("ms", MILLI),
                    Unit::Share => ("%", 0.01),
                    Unit::Ppm => ("ppm", 1.0),
                    Unit::Count | Unit::Number => ("", 1.0),
                };
                Slider {
                    min: range.min / scale,
                    max: range.max / scale,
                    step: 1.0,
                    unit,
                    scale,
                }
            }
        }
    }

    /// Whether it can be turned while the run goes on. The others hold for the whole run.
    pub fn is_live(&self) -> bool {
        !matches!(self, Knob::Parameter(_))
    }

    /// Its value in a scenario, in its base unit.
    pub fn value(&self, scenario: &Scenario) -> f64 {
        match self {
            Knob::Parameter(spec) => scenario.parameters[spec.id],
            _ => Settings::of(scenario).value(*self),
        }
    }

    /// Sets it in a scenario, for the whole run.
    pub fn set(&self, scenario: &mut Scenario, value: f64) {
        match self {
            Knob::Latency => scenario.network.latency = value,
            Knob::Jitter => scenario.network.jitter = value,
            Knob::Loss => scenario.network.loss = value,
            Knob::Duplication => scenario.network.duplication = value,
            Knob::Skew(node) => scenario.nodes[node.index()].skew = value,
            Knob::Drift(node) => scenario.nodes[node.index()].drift = value,
            Knob::Parameter(spec) => drop(scenario.parameters.insert(spec.id, value)),
        }
    }
}

/// Where the knobs that can be turned stand at some moment of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    network: Network,
    skews: Vec<f64>,
    drifts: Vec<f64>,
}

impl Settings {
    /// Where they stand at the beginning.
    pub fn of(scenario: &Scenario) -> Settings {
        Settings {
            network: scenario.network,
            skews: scenario.nodes.iter().map(|node| node.skew).collect(),
            drifts: scenario.nodes.iter().map(|node| node.drift).collect(),
        }
    }

    /// Where a knob stands; a parameter's place is the scenario.
    pub fn value(&self, knob: Knob) -> f64 {
        match knob {
            Knob::Latency => self.network.latency,
            Knob::Jitter => self.network.jitter,
            Knob::Loss => self.network.loss,
            Knob::Duplication => self.network.duplication,
            Knob::Skew(node) => self.skews[node.index()],
            Knob::Drift(node) => self.drifts[node.index()],
            Knob::Parameter(spec) => spec.default,
        }
    }

    /// Turns a knob; what the kernel has to do for it.
    pub(crate) fn turn(&mut self, knob: Knob, value: f64) -> Action {
        let all = LinkSelector::All;
        match knob {
            Knob::Latency => self.network.latency = value,
            Knob::Jitter => self.network.jitter = value,
            Knob::Loss => self.network.loss = value,
            Knob::Duplication => self.network.duplication = value,
            Knob::Skew(node) => {
                let before = std::mem::replace(&mut self.skews[node.index()], value);
                return Action::StepClock(Target::Node(node), (value - before) as i64);
            }
            Knob::Drift(node) => {
                self.drifts[node.index()] = value;
                return Action::Drift(
                    Target::Node(node),
                    sim::clock::Rate((value * 1000.0) as i64),
                );
            }
            Knob::Parameter(_) => {}
        }
        let change = match knob {
            Knob::Loss => LinkChange::Loss(Probability::new(value)),
            Knob::Duplication => LinkChange::Duplication(self.network.duplication()),
            _ => LinkChange::Latency(self.network.latency()),
        };
        Action::Link(all, change)
    }
}
