//! What some links have of their own, on top of what all links have.

use sim::NodeId;
use sim::sorted::{Map, Set};

use crate::setting::{LINK_SETTINGS, LinkPart, LinkSetting, Network};
use crate::terms::scope::Scope;

/// What some links have of their own; everything else is as in the network.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkSettings {
    /// Which links.
    pub scope: Scope,
    /// Their own settings, by place among [`LINK_SETTINGS`].
    pub values: Map<usize, f64>,
}

impl LinkSettings {
    /// The settings that these links have of their own.
    pub fn settings(&self) -> impl Iterator<Item = (&'static LinkSetting, f64)> {
        self.values
            .iter()
            .map(|(place, value)| (&LINK_SETTINGS[*place], *value))
    }
}

/// The settings of all links at some moment of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Links {
    /// The settings of links that none of their own has.
    pub base: Network,
    /// The links that have settings of their own; a later one wins.
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

    /// The links that have something of their own in a part of their settings; in any part if no part is named.
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

    /// What the links of a scope have of their own, or else what the first link has.
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
