//! What some links have of their own, on top of what all links have.

use sim::NodeId;
use sim::sorted::Map;

use crate::setting::{LINK_SETTINGS, LinkPart, LinkSetting, Network};
use crate::terms::scope::{NodeSet, Scope};

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

/// The same where somebody else has them. There may be hundreds, and all knobs ask.
#[derive(Clone, Copy)]
pub(crate) struct LinksOf<'a> {
    pub base: &'a Network,
    pub own: &'a [LinkSettings],
}

impl Links {
    /// The settings of the link from `from` to `to`.
    pub fn of(&self, from: NodeId, to: NodeId) -> Network {
        self.seen().of(from, to)
    }

    /// What the links of a scope have of their own, or else what the first link has.
    pub fn get(&self, scope: Scope, setting: &'static LinkSetting, count: usize) -> f64 {
        self.seen().get(scope, setting, count)
    }

    fn seen(&self) -> LinksOf<'_> {
        LinksOf {
            base: &self.base,
            own: &self.own,
        }
    }

    /// The links that have something of their own in a part of their settings; in any part if no part is named. They are
    /// in order.
    pub fn owners(
        &self,
        part: Option<LinkPart>,
        count: usize,
    ) -> impl Iterator<Item = (NodeId, NodeId)> {
        let is_about = |own: &&LinkSettings| {
            part.is_none_or(|part| own.settings().any(|(setting, _)| setting.part == part))
        };
        let mut owned = Owned::default();
        let scopes = self.own.iter().filter(is_about);
        scopes.for_each(|own| owned.add(own.scope, count));
        owned.pairs(count)
    }

    /// The settings of each of these links, which are in order.
    pub fn of_each<T>(
        &self,
        links: impl Iterator<Item = (NodeId, NodeId)>,
        mut each: impl FnMut(NodeId, NodeId, &Network) -> T,
    ) -> Vec<T> {
        let mut from_here: Vec<LinkSettings> = Vec::new();
        let mut here = None;
        let of_link = |(from, to)| {
            // There may be hundreds of scopes and thousands of links: most scopes have none from most nodes.
            if here != Some(from) {
                here = Some(from);
                let own = self.own.iter();
                let own = own.filter(|own| own.scope.ends(from) != NodeSet::default());
                from_here = own.cloned().collect();
            }
            let known = LinksOf {
                base: &self.base,
                own: &from_here,
            };
            each(from, to, &known.of(from, to))
        };
        links.map(of_link).collect()
    }

    /// How many directed links of so many nodes have settings of their own. A link counts once for each entry that contains
    /// it.
    pub fn owned(&self, count: usize) -> usize {
        self.own.iter().map(|own| own.scope.size(count)).sum()
    }

    /// Sets something for the links of a scope.
    pub fn set(&mut self, scope: Scope, setting: &'static LinkSetting, value: f64) {
        if scope == Scope::ALL {
            (setting.set)(&mut self.base, value);
            return;
        }
        let place = place_of(setting);
        if let Some(own) = self.own.iter_mut().find(|own| own.scope == scope) {
            own.values.insert(place, value);
        } else {
            self.own.push(LinkSettings {
                scope,
                values: Map::from([(place, value)]),
            });
        }
    }

    /// The links of a scope no longer have something of their own.
    pub fn unset(&mut self, scope: Scope, setting: &'static LinkSetting) {
        if let Some(own) = self.own.iter_mut().find(|own| own.scope == scope) {
            own.values.remove(&place_of(setting));
        }
        self.own.retain(|own| !own.values.is_empty());
    }
}

/// Links that have something of their own: for each node, where they lead.
#[derive(Clone, Debug, Default)]
pub(crate) struct Owned(Vec<NodeSet>);

impl Owned {
    /// These links of so many nodes have something of their own too.
    pub fn add(&mut self, scope: Scope, count: usize) {
        self.0.resize(count.max(self.0.len()), NodeSet::default());
        for from in scope.starts(count) {
            let ends = &mut self.0[from.index()];
            *ends = ends.with_these(scope.ends(from));
        }
    }

    /// How many links these are among `count` nodes.
    pub fn size(&self, count: usize) -> usize {
        self.0.iter().map(|ends| ends.size(count)).sum()
    }

    fn pairs(self, count: usize) -> impl Iterator<Item = (NodeId, NodeId)> {
        let rows = (0..).map(NodeId).zip(self.0);
        rows.flat_map(move |(from, ends)| ends.nodes(count).map(move |to| (from, to)))
    }
}

impl LinksOf<'_> {
    /// The settings of the link from `from` to `to`.
    pub fn of(self, from: NodeId, to: NodeId) -> Network {
        let mut network = *self.base;
        for own in self.own.iter().filter(|own| own.scope.contains(from, to)) {
            for (setting, value) in own.settings() {
                (setting.set)(&mut network, value);
            }
        }
        network
    }

    /// What the links of a scope have of their own, or else what the first link has.
    pub fn get(self, scope: Scope, setting: &'static LinkSetting, count: usize) -> f64 {
        let same = self.own.iter().find(|own| own.scope == scope);
        let own = same.and_then(|own| own.settings().find(|(other, _)| other.key == setting.key));
        if let Some((_, value)) = own {
            return value;
        }
        let first = (scope != Scope::ALL).then(|| scope.pairs(count).next());
        match first.flatten() {
            Some((from, to)) => (setting.get)(&self.of(from, to)),
            None => (setting.get)(self.base),
        }
    }
}

/// The place of a setting among [`LINK_SETTINGS`].
fn place_of(setting: &'static LinkSetting) -> usize {
    let mut places = LINK_SETTINGS.iter();
    let place = places.position(|other| other.key == setting.key);
    place.unwrap_or_default()
}
