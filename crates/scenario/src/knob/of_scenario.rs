//! The knobs of a scenario: their names and values.

use sim::NodeId;

use crate::model::{Knob, LinkSettings, LinksOf, Scenario};
use crate::setting::{LINK_SETTINGS, NODE_SETTINGS, find};
use crate::terms::limits::MOST_OWN_LINKS;
use crate::terms::scope::Scope;

impl Knob {
    /// The knob with this name in links.
    pub fn parse(key: &str, scenario: &Scenario) -> Option<Knob> {
        if let Some((key, place)) = key.split_once('.') {
            if let Some(found) = find(NODE_SETTINGS, key) {
                return scenario.node(place).map(|node| Knob::Node(found, node));
            }
            let found = find(LINK_SETTINGS, key)?;
            let scope = Scope::parse(place, &scenario.names()).ok()?;
            // A scope without links cannot be turned.
            let has_links = scope.size(scenario.nodes.len()) > 0;
            return has_links.then_some(Knob::Link(found, scope));
        }
        if let Some(found) = find(LINK_SETTINGS, key) {
            return Some(Knob::Link(found, Scope::ALL));
        }
        let mut parameters = scenario.protocol.parameters.iter();
        parameters.find(|spec| spec.id == key).map(Knob::Parameter)
    }

    /// All knobs of a scenario, in the order in which the page shows them. For single links, only
    /// their own settings.
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
                let links = scope.words(&scenario.names());
                format!("{}, {links}", setting.label)
            }
            Knob::Node(setting, node) => format!("{}, {}", setting.label, scenario.name(*node)),
            Knob::Parameter(spec) => spec.label.to_owned(),
        }
    }

    /// Whether it belongs to some links only, and these links have it as their own.
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

    /// Whether it stands elsewhere than in another version of the scenario, or belongs to links that have it as their own
    /// in this one alone: they do not follow what all links have.
    pub(crate) fn differs(&self, scenario: &Scenario, base: &Scenario) -> bool {
        self.value(scenario) != self.value(base) || self.is_own(scenario) && !self.is_own(base)
    }

    /// Its value in a scenario, in its base unit. Where the links of a scope differ, the value of the first link.
    pub fn value(&self, scenario: &Scenario) -> f64 {
        match self {
            Knob::Link(setting, Scope::ALL) => (setting.get)(&scenario.network),
            Knob::Link(setting, scope) => {
                let links = LinksOf {
                    base: &scenario.network,
                    own: &scenario.links,
                };
                links.get(*scope, setting, scenario.nodes.len())
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

    /// Sets it in a scenario, for the whole run; or says why it cannot be set: too many links would have settings of
    /// their own.
    pub fn set(&self, scenario: &mut Scenario, value: f64) -> Result<(), String> {
        match self {
            Knob::Link(setting, Scope::ALL) => (setting.set)(&mut scenario.network, value),
            Knob::Link(setting, scope) => {
                let mut links = scenario.links();
                links.set(*scope, setting, value);
                let own = links.owned(scenario.nodes.len());
                if own > MOST_OWN_LINKS {
                    return Err(format!(
                        "would give {own} links settings of their own; {MOST_OWN_LINKS} may have some"
                    ));
                }
                scenario.links = links.own;
            }
            Knob::Node(setting, node) => {
                if let Some(node) = scenario.nodes.get_mut(node.index()) {
                    (setting.set)(node, value);
                }
            }
            Knob::Parameter(spec) => drop(scenario.parameters.insert(spec.id, value)),
        }
        Ok(())
    }

    /// Its value once it is set as it is in another version of the scenario.
    pub(crate) fn value_as_in(&self, scenario: &Scenario, base: &Scenario) -> f64 {
        let mut changed = scenario.clone();
        self.set_as_in(&mut changed, base);
        self.value(&changed)
    }

    /// Sets it as it is in another version of the scenario: links that have it not as their own there follow all links.
    pub(crate) fn set_as_in(&self, scenario: &mut Scenario, base: &Scenario) {
        match self {
            Knob::Link(setting, scope) if self.is_own(scenario) && !self.is_own(base) => {
                let mut links = scenario.links();
                links.unset(*scope, setting);
                scenario.links = links.own;
            }
            // Never refused: no other links get settings of their own.
            _ => drop(self.set(scenario, self.value(base))),
        }
    }
}
