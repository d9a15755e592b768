//! The fields of a scenario, after reading: everything in range, every name known.

use sim::sorted::{Map, Set};

use protocols::{DefenceSpec, ProtocolEntry};
use sim::action::{Flapping, Mishap, MishapKind};
use sim::{NodeId, SimDuration, SimTime};

use super::network::{LINK_SETTINGS, LinkPart, LinkSetting, Network};
use super::node::NodeSettings;
use crate::checks::CheckSettings;
use crate::deed::{Cut, Timed};
use crate::scope::{Names, NodeSet, Scope};

/// Everything that a run is built from.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The seed of all that is random.
    pub seed: u32,
    /// How long it runs.
    pub duration: SimDuration,
    /// How many events it may have.
    pub events: u32,
    /// What its nodes run.
    pub protocol: &'static ProtocolEntry,
    /// The protocol's settings, each of them.
    pub parameters: Map<&'static str, f64>,
    /// Its nodes, in order.
    pub nodes: Vec<NodeSettings>,
    /// The settings of every link.
    pub network: Network,
    /// What some links have of their own. Of two for the same link the later counts.
    pub links: Vec<LinkSettings>,
    /// Faults that strike at random.
    pub mishaps: Vec<MishapSettings>,
    /// Cuts that come and go.
    pub flapping: Vec<FlappingSettings>,
    /// The protocol's defences that are on.
    pub defences: Set<&'static str>,
    /// What is judged.
    pub checks: Vec<CheckSettings>,
    /// What is done to the run in any case.
    pub plan: Vec<Timed>,
}

/// What some links have of their own; in all else they follow the network.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkSettings {
    /// Which links.
    pub scope: Scope,
    /// Their own settings, by place among [`LINK_SETTINGS`].
    pub values: Map<usize, f64>,
}

/// Faults that strike at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MishapSettings {
    /// Which nodes they strike, each on its own.
    pub nodes: NodeSet,
    /// What strikes.
    pub kind: MishapKind,
    /// The mean time between the end of one and the next.
    pub every: SimDuration,
    /// How long one lasts on average.
    pub lasts: SimDuration,
}

/// A cut that comes and goes by the clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlappingSettings {
    /// What is cut.
    pub cut: Cut,
    /// When it first comes.
    pub first: SimTime,
    /// How long it stays.
    pub stays: SimDuration,
    /// How long it is gone.
    pub gone: SimDuration,
}

/// A defence and whether it is on.
#[derive(Clone, Copy, Debug)]
pub struct Defence {
    /// What it is.
    pub spec: &'static DefenceSpec,
    /// Whether it is on.
    pub is_on: bool,
}

impl LinkSettings {
    /// The settings that these links have of their own.
    pub fn settings(&self) -> impl Iterator<Item = (&'static LinkSetting, f64)> {
        self.values
            .iter()
            .map(|(place, value)| (&LINK_SETTINGS[*place], *value))
    }
}

impl Scenario {
    /// The node of this name.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.nodes
            .iter()
            .position(|node| node.name == name)
            .map(|place| NodeId(place as u16))
    }

    /// What a node is called.
    pub fn name(&self, node: NodeId) -> String {
        self.nodes
            .get(node.index())
            .map_or_else(|| node.to_string(), |settings| settings.name.clone())
    }

    /// What its nodes are called, in order.
    pub fn names(&self) -> Names<'_> {
        Names(self.nodes.iter().map(|node| node.name.as_str()).collect())
    }

    /// The protocol's defences, and which are on.
    pub fn defences(&self) -> impl Iterator<Item = Defence> {
        self.protocol.defences.iter().map(|spec| Defence {
            spec,
            is_on: self.defences.contains(spec.id),
        })
    }

    /// The settings of all links at the beginning.
    pub(crate) fn links(&self) -> Links {
        Links {
            base: self.network,
            own: self.links.clone(),
        }
    }

    /// How many directed links have settings of their own, each as often as it has some.
    pub(crate) fn own_links(&self) -> usize {
        let count = self.nodes.len();
        self.links.iter().map(|own| own.scope.size(count)).sum()
    }

    /// The faults that strike at random, a node each.
    pub(crate) fn all_mishaps(&self) -> Vec<Mishap> {
        let mishaps = self.mishaps.iter().flat_map(|mishap| {
            let strikes = |node| Mishap {
                node,
                kind: mishap.kind,
                mean_between: mishap.every,
                mean_length: mishap.lasts,
            };
            mishap.nodes.nodes(self.nodes.len()).map(strikes)
        });
        mishaps.collect()
    }

    /// The cuts that come and go.
    pub(crate) fn all_flapping(&self) -> Vec<Flapping> {
        let count = self.nodes.len();
        let flapping = self.flapping.iter().map(|flapping| Flapping {
            shape: flapping.cut.shape(count),
            mode: flapping.cut.mode,
            first: flapping.first,
            cut: flapping.stays,
            healed: flapping.gone,
        });
        flapping.collect()
    }
}

/// The settings of all links at some moment of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Links {
    pub base: Network,
    pub own: Vec<LinkSettings>,
}

impl Links {
    /// The settings of the link from `from` to `to`.
    pub fn of(&self, from: NodeId, to: NodeId) -> Network {
        let mut network = self.base;
        for own in self.own.iter().filter(|own| own.scope.contains(from, to)) {
            for (setting, value) in own.settings() {
                (setting.set)(&mut network, value);
            }
        }
        network
    }

    /// The links that have something of their own in a part of their settings; in any part if none is named.
    pub fn owners(&self, part: Option<LinkPart>, count: usize) -> Set<(NodeId, NodeId)> {
        let is_about = |own: &&LinkSettings| {
            part.is_none_or(|part| own.settings().any(|(setting, _)| setting.part == part))
        };
        self.own
            .iter()
            .filter(is_about)
            .flat_map(|own| own.scope.pairs(count))
            .collect()
    }

    /// Sets something for the links of a scope.
    pub fn set(&mut self, scope: Scope, setting: &'static LinkSetting, value: f64) {
        if scope == Scope::ALL {
            (setting.set)(&mut self.base, value);
            return;
        }
        let place = LINK_SETTINGS
            .iter()
            .position(|other| other.key == setting.key)
            .unwrap_or_default();
        if let Some(own) = self.own.iter_mut().find(|own| own.scope == scope) {
            own.values.insert(place, value);
        } else {
            self.own.push(LinkSettings {
                scope,
                values: Map::from([(place, value)]),
            });
        }
    }

    /// What the links of a scope have of their own, or else what the first of them has.
    pub fn get(&self, scope: Scope, setting: &'static LinkSetting, count: usize) -> f64 {
        let same = self.own.iter().find(|own| own.scope == scope);
        let own = same.and_then(|own| own.settings().find(|(other, _)| other.key == setting.key));
        if let Some((_, value)) = own {
            return value;
        }
        let first = (scope != Scope::ALL).then(|| scope.pairs(count).next());
        match first.flatten() {
            Some((from, to)) => (setting.get)(&self.of(from, to)),
            None => (setting.get)(&self.base),
        }
    }
}
