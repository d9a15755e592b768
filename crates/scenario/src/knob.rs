//! Knobs: what can be set before a run and turned while it goes on, each with its name in links.
//!
//! | key | what it is |
//! | --- | --- |
//! | `latency` | a setting of every link |
//! | `latency.a-b`, `latency.a..b`, `latency.a..*` | the same of some links: between a and b, from a to b, from a to all |
//! | `skew.a` | a setting of a node |
//! | `timeout` | a parameter of the protocol |

use protocols::ParameterSpec;
use sim::network::LinkSelector;
use sim::{Action, NodeId};

use crate::document::limits::parameter_range;
use crate::document::scope::{NodeSet, Scope, Who};
use crate::document::{LinkSettings, Links, Scenario};
use crate::quantity::{Range, Unit};
use crate::setting::{
    self, LINK_SETTINGS, LinkSetting, NODE_SETTINGS, NodePart, NodeSetting, NodeSettings, Slider,
};

/// Something that can be set.
#[derive(Clone, Copy, Debug)]
pub enum Knob {
    /// A setting of links.
    Link(&'static LinkSetting, Scope),
    /// A setting of a node.
    Node(&'static NodeSetting, NodeId),
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
    /// Among the processes' and disks'.
    Processes,
    /// Among the protocol's.
    Protocol,
}

impl PartialEq for Knob {
    fn eq(&self, other: &Knob) -> bool {
        match (self, other) {
            (Knob::Link(a, here), Knob::Link(b, there)) => a.key == b.key && here == there,
            (Knob::Node(a, here), Knob::Node(b, there)) => a.key == b.key && here == there,
            (Knob::Parameter(a), Knob::Parameter(b)) => a.id == b.id,
            _ => false,
        }
    }
}

impl Knob {
    /// The knob with this name in links.
    pub fn parse(key: &str, scenario: &Scenario) -> Option<Knob> {
        if let Some((key, place)) = key.split_once('.') {
            if let Some(found) = setting::find(NODE_SETTINGS, key) {
                return scenario.node(place).map(|node| Knob::Node(found, node));
            }
            let found = setting::find(LINK_SETTINGS, key)?;
            let scope = Scope::parse(place, &scenario.names()).ok()?;
            // What has no link in it cannot be turned.
            let has_links = scope.size(scenario.nodes.len()) > 0;
            return has_links.then_some(Knob::Link(found, scope));
        }
        if let Some(found) = setting::find(LINK_SETTINGS, key) {
            return Some(Knob::Link(found, Scope::ALL));
        }
        let mut parameters = scenario.protocol.parameters.iter();
        parameters.find(|spec| spec.id == key).map(Knob::Parameter)
    }

    /// All knobs of a scenario, in the order in which the page shows them. Of single links those that they have of
    /// their own.
    pub fn all(scenario: &Scenario) -> Vec<Knob> {
        let everywhere = LINK_SETTINGS.iter().map(|s| Knob::Link(s, Scope::ALL));
        let own = scenario.links.iter().flat_map(|own| {
            own.settings()
                .map(|(setting, _)| Knob::Link(setting, own.scope))
        });
        let nodes = NODE_SETTINGS.iter().flat_map(|setting| {
            let nodes = (0..scenario.nodes.len() as u16).map(NodeId);
            nodes.map(move |node| Knob::Node(setting, node))
        });
        let parameters = scenario.protocol.parameters.iter().map(Knob::Parameter);
        everywhere
            .chain(own)
            .chain(nodes)
            .chain(parameters)
            .collect()
    }

    /// Its name in links.
    pub fn key(&self, scenario: &Scenario) -> String {
        match self {
            Knob::Link(setting, Scope::ALL) => setting.key.to_owned(),
            Knob::Link(setting, scope) => {
                format!("{}.{}", setting.key, scope.format(&scenario.names()))
            }
            Knob::Node(setting, node) => format!("{}.{}", setting.key, scenario.name(*node)),
            Knob::Parameter(spec) => spec.id.to_owned(),
        }
    }

    /// Its name on the page.
    pub fn label(&self, scenario: &Scenario) -> String {
        match self {
            Knob::Link(setting, Scope::ALL) => setting.label.to_owned(),
            Knob::Link(setting, scope) => {
                let links = scope.format(&scenario.names());
                let links = links.replace("..", " to ").replace('*', "all");
                format!("{}, {links}", setting.label)
            }
            Knob::Node(setting, node) => format!("{}, {}", setting.label, scenario.name(*node)),
            Knob::Parameter(spec) => spec.label.to_owned(),
        }
    }

    /// What it does, in a line.
    pub fn hint(&self) -> &'static str {
        match self {
            Knob::Link(setting, _) => setting.hint,
            Knob::Node(setting, _) => setting.hint,
            Knob::Parameter(spec) => spec.about,
        }
    }

    /// Where it stands on the page.
    pub fn group(&self) -> Group {
        match self {
            Knob::Link(..) => Group::Network,
            Knob::Node(setting, _) => match setting.part {
                NodePart::Service | NodePart::Inbox | NodePart::Pauses | NodePart::Disk => {
                    Group::Processes
                }
                _ => Group::Clocks,
            },
            Knob::Parameter(_) => Group::Protocol,
        }
    }

    /// What it may be set to.
    pub fn range(&self) -> Range {
        match self {
            Knob::Link(setting, _) => setting.range,
            Knob::Node(setting, _) => setting.range,
            Knob::Parameter(spec) => parameter_range(spec),
        }
    }

    /// How a slider shows it.
    pub fn slider(&self) -> Slider {
        match self {
            Knob::Link(setting, _) => setting.slider,
            Knob::Node(setting, _) => setting.slider,
            Knob::Parameter(spec) => parameter_slider(&parameter_range(spec)),
        }
    }

    /// Whether it can be turned while the run goes on. The others hold for the whole run.
    pub fn is_live(&self) -> bool {
        !matches!(self, Knob::Parameter(_))
    }

    /// Whether it is of some links only, and they have it of their own.
    pub(crate) fn is_own(&self, scenario: &Scenario) -> bool {
        let Knob::Link(setting, scope) = self else {
            return false;
        };
        let has = |own: &LinkSettings| own.settings().any(|(other, _)| other.key == setting.key);
        scenario
            .links
            .iter()
            .any(|own| own.scope == *scope && has(own))
    }

    /// Its value in a scenario, in its base unit. Where the links of a scope differ, that of the first of them.
    pub fn value(&self, scenario: &Scenario) -> f64 {
        match self {
            Knob::Link(setting, Scope::ALL) => (setting.get)(&scenario.network),
            Knob::Link(setting, scope) => {
                scenario.links().get(*scope, setting, scenario.nodes.len())
            }
            Knob::Node(setting, node) => scenario
                .nodes
                .get(node.index())
                .map_or(0.0, |node| (setting.get)(node)),
            Knob::Parameter(spec) => scenario
                .parameters
                .get(spec.id)
                .copied()
                .unwrap_or(spec.default),
        }
    }

    /// Sets it in a scenario, for the whole run.
    pub fn set(&self, scenario: &mut Scenario, value: f64) {
        match self {
            Knob::Link(setting, Scope::ALL) => (setting.set)(&mut scenario.network, value),
            Knob::Link(setting, scope) => {
                let mut links = scenario.links();
                links.set(*scope, setting, value);
                scenario.links = links.own;
            }
            Knob::Node(setting, node) => {
                if let Some(node) = scenario.nodes.get_mut(node.index()) {
                    (setting.set)(node, value);
                }
            }
            Knob::Parameter(spec) => drop(scenario.parameters.insert(spec.id, value)),
        }
    }
}

fn parameter_slider(range: &Range) -> Slider {
    let (min, max) = (range.min, range.max);
    match range.unit {
        Unit::Duration => Slider::ms(min / 1e6, max / 1e6, 1.0).by_ratios(),
        Unit::Share => Slider {
            min: min * 100.0,
            ..Slider::percent(max * 100.0, 1.0)
        },
        _ => Slider::plain(min, max, 1.0),
    }
}

/// Where the knobs that can be turned stand at some moment of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    links: Links,
    nodes: Vec<NodeSettings>,
}

impl Settings {
    /// Where they stand at the beginning.
    pub fn of(scenario: &Scenario) -> Settings {
        Settings {
            links: scenario.links(),
            nodes: scenario.nodes.clone(),
        }
    }

    /// Where a knob stands; a parameter's place is the scenario.
    pub fn value(&self, knob: Knob) -> f64 {
        match knob {
            Knob::Link(setting, scope) => self.links.get(scope, setting, self.nodes.len()),
            Knob::Node(setting, node) => self
                .nodes
                .get(node.index())
                .map_or(0.0, |node| (setting.get)(node)),
            Knob::Parameter(spec) => spec.default,
        }
    }

    pub(crate) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// Wall clocks have jumped: they are so much further ahead.
    pub(crate) fn stepped(&mut self, who: Who, nanos: i64) {
        if let Who::Nodes(set) = who {
            for node in set.nodes(self.nodes.len()) {
                self.nodes[node.index()].skew += nanos as f64;
            }
        }
    }

    /// Wall clocks are synchronised with another server, or with none; what the kernel has to do for it.
    pub(crate) fn synchronise(&mut self, nodes: NodeSet, server: Option<NodeId>) -> Vec<Action> {
        let count = self.nodes.len();
        let synchronise = |node: NodeId| {
            let settings = &mut self.nodes[node.index()];
            settings.ntp = server;
            settings.action(NodePart::Ntp, node, settings.skew)
        };
        nodes.nodes(count).map(synchronise).collect()
    }

    /// Nothing strikes at random any more.
    pub(crate) fn calm(&mut self) {
        for node in &mut self.nodes {
            node.pauses = 0.0;
        }
    }

    /// Turns a knob; what the kernel has to do for it.
    pub(crate) fn turn(&mut self, knob: Knob, value: f64) -> Vec<Action> {
        match knob {
            Knob::Link(setting, scope) => self.turn_links(setting, scope, value),
            Knob::Node(setting, node) => self.turn_node(setting, node, value),
            Knob::Parameter(_) => Vec::new(),
        }
    }

    fn turn_links(
        &mut self,
        setting: &'static LinkSetting,
        scope: Scope,
        value: f64,
    ) -> Vec<Action> {
        self.links.set(scope, setting, value);
        let (part, count) = (setting.part, self.nodes.len());
        let on = |(from, to)| {
            let change = self.links.of(from, to).change(part);
            Action::Link(LinkSelector::Pair(from, to), change)
        };
        if scope != Scope::ALL {
            return scope.pairs(count).map(on).collect();
        }
        // A change of all links is one of those too that have something of their own: they get it back.
        let all = Action::Link(LinkSelector::All, self.links.base.change(part));
        let own = self.links.owners(Some(part), count);
        std::iter::once(all)
            .chain(own.into_iter().map(on))
            .collect()
    }

    fn turn_node(
        &mut self,
        setting: &'static NodeSetting,
        node: NodeId,
        value: f64,
    ) -> Vec<Action> {
        let Some(settings) = self.nodes.get_mut(node.index()) else {
            return Vec::new();
        };
        let before = settings.skew;
        (setting.set)(settings, value);
        vec![settings.action(setting.part, node, before)]
    }
}
