//! Where knobs stand at some moment of a run, and what the kernel has to do when one is turned.

use sim::network::LinkSelector;
use sim::{Action, NodeId};

use crate::model::{Deed, Knob, Links, Scenario};
use crate::setting::{LinkSetting, Network, NodePart, NodeSetting, NodeSettings};
use crate::terms::scope::{NodeSet, Scope, Who};

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

    /// Where a knob stands. A parameter stands in the scenario, so here it is its default.
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

    /// Stands as after a deed.
    pub(crate) fn follow(&mut self, deed: &Deed) {
        match *deed {
            Deed::Turn(knob, value) => self.set(knob, value),
            Deed::Step(who, nanos) => self.stepped(who, nanos),
            Deed::Ntp(nodes, server) => self.serve(nodes, server),
            Deed::Calm(None) => self.calm(),
            _ => {}
        }
    }

    fn set(&mut self, knob: Knob, value: f64) {
        match knob {
            Knob::Link(setting, scope) => self.links.set(scope, setting, value),
            Knob::Node(setting, node) => {
                if let Some(settings) = self.nodes.get_mut(node.index()) {
                    (setting.set)(settings, value);
                }
            }
            Knob::Parameter(_) => {}
        }
    }

    fn serve(&mut self, nodes: NodeSet, server: Option<NodeId>) {
        for node in nodes.nodes(self.nodes.len()) {
            self.nodes[node.index()].ntp = server;
        }
    }

    /// Wall clocks have jumped ahead by so many nanoseconds.
    pub(crate) fn stepped(&mut self, who: Who, nanos: i64) {
        if let Who::Nodes(set) = who {
            for node in set.nodes(self.nodes.len()) {
                self.nodes[node.index()].skew += nanos as f64;
            }
        }
    }

    /// Wall clocks are synchronised with another server, or with none; what the kernel has to do for it.
    pub(crate) fn synchronise(&mut self, nodes: NodeSet, server: Option<NodeId>) -> Vec<Action> {
        self.serve(nodes, server);
        let of_node = |node: NodeId| {
            let settings = &self.nodes[node.index()];
            settings.action(NodePart::Ntp, node, settings.skew)
        };
        nodes.nodes(self.nodes.len()).map(of_node).collect()
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
        let on = |from, to, settings: &Network| {
            Action::Link(LinkSelector::Pair(from, to), settings.change(part))
        };
        if scope != Scope::ALL {
            return self.links.of_each(scope.pairs(count), on);
        }
        // A change of all links also changes links with a setting of their own: those are set again.
        let mut all = vec![Action::Link(
            LinkSelector::All,
            self.links.base.change(part),
        )];
        all.extend(self.links.of_each(self.links.owners(Some(part), count), on));
        all
    }

    fn turn_node(
        &mut self,
        setting: &'static NodeSetting,
        node: NodeId,
        value: f64,
    ) -> Vec<Action> {
        let Some(before) = self.nodes.get(node.index()).map(|settings| settings.skew) else {
            return Vec::new();
        };
        self.set(Knob::Node(setting, node), value);
        vec![self.nodes[node.index()].action(setting.part, node, before)]
    }
}
