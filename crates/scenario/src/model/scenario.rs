//! The fields of a scenario, after reading: everything in range, every name known.

use sim::held::{Held, Measure, all_held};
use sim::sorted::{Map, Set};

use protocols::{DefenceSpec, ProtocolEntry, RoleSpec};
use sim::action::{Flapping, Mishap, MishapKind};
use sim::protocol::OperationWord;
use sim::{NodeId, SimDuration, SimTime};

use super::cut::Cut;
use super::deed::Timed;
use super::links::{LinkSettings, Links, LinksOf};
use crate::checks::CheckSettings;
use crate::setting::{Network, NodeSettings};
use crate::terms::scope::{Names, NodeSet};

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
    /// The protocol's revision for which it was written. It runs today's in any case.
    pub revision: u32,
    /// The protocol's settings, each of them.
    pub parameters: Map<&'static str, f64>,
    /// Its nodes, in order.
    pub nodes: Vec<NodeSettings>,
    /// The settings of every link.
    pub network: Network,
    /// What some links have of their own. If two are about the same link, the later one counts.
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

impl Scenario {
    /// Bytes that it takes on the heap.
    pub(crate) fn held(&self, by: Measure) -> usize {
        let names = self.nodes.iter().map(|node| node.name.held(by));
        let links = self.links.iter().map(|own| own.values.held(by));
        let checks = self.checks.iter().map(|check| {
            let texts = [&check.id, &check.label, &check.noun];
            all_held(texts, by) + check.parameters.held(by)
        });
        self.parameters.held(by)
            + self.nodes.held(by)
            + names.sum::<usize>()
            + self.links.held(by)
            + links.sum::<usize>()
            + self.mishaps.held(by)
            + self.flapping.held(by)
            + self.defences.held(by)
            + self.checks.held(by)
            + checks.sum::<usize>()
            + self.plan.held(by)
    }

    /// The node of this name.
    pub fn node(&self, name: &str) -> Option<NodeId> {
        self.nodes
            .iter()
            .position(|node| node.name == name)
            .map(|place| NodeId(place as u16))
    }

    /// What a node is, in its protocol.
    pub fn role(&self, node: NodeId) -> &'static RoleSpec {
        let id = self.nodes[node.index()].role;
        let mut roles = self.protocol.roles.iter();
        roles
            .find(|role| role.id == id)
            .expect("a document's roles are its protocol's, as reading it has shown")
    }

    /// The names of the nodes that know an operation, in order.
    pub fn knowing(&self, operation: &OperationWord) -> Vec<String> {
        let nodes = self.nodes.iter();
        let knowing = nodes.filter(|node| operation.roles.contains(&node.role));
        knowing.map(|node| node.name.clone()).collect()
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

    /// The settings of the link from one node to another at the beginning.
    pub fn link_settings(&self, from: NodeId, to: NodeId) -> Network {
        let links = LinksOf {
            base: &self.network,
            own: &self.links,
        };
        links.of(from, to)
    }

    /// The settings of all links at the beginning.
    pub(crate) fn links(&self) -> Links {
        Links {
            base: self.network,
            own: self.links.clone(),
        }
    }

    /// The faults that strike at random, one per node.
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
