//! Nodes and links.

use sim::sorted::Map;

use protocols::ProtocolEntry;
use sim::NodeId;

use crate::document::Fields;
use crate::model::{LinkSettings, Links};
use crate::setting::{LINK_SETTINGS, NODE_SETTINGS, Network, NodeSettings, PRESETS};
use crate::terms::limits::{MOST_NODES, MOST_OWN_LINKS};
use crate::terms::quantity::{OFF_ON, Range, shortened};
use crate::terms::scope::{Names, NodeSet, Role, Scope};
use crate::terms::words::nearest;

/// Where a node may stand.
const PLACE: Range = Range::number(0.0, 1.0);

/// The nodes. Their time servers are found when all are known.
pub(super) fn all(
    fields: &mut Fields<'_>,
    protocol: Option<&'static ProtocolEntry>,
) -> Vec<NodeSettings> {
    let mut nodes: Vec<NodeSettings> = Vec::new();
    let mut servers: Vec<(usize, String, String)> = Vec::new();
    for entry in fields.objects("nodes", MOST_NODES) {
        let path = entry.path().to_owned();
        let read = node(entry, protocol);
        for place in 1..=read.count {
            if nodes.len() == MOST_NODES {
                fields.complain("nodes", format!("are more than {MOST_NODES}"));
                break;
            }
            let mut node = read.node.clone();
            if read.is_many && !node.name.is_empty() {
                node.name = format!("{}{place}", node.name);
            }
            if let Some(server) = &read.server {
                servers.push((nodes.len(), path.clone(), server.clone()));
            }
            nodes.push(node);
        }
    }
    for (place, path, server) in servers {
        let found = nodes.iter().position(|node| node.name == server);
        match found {
            Some(found) => nodes[place].ntp = Some(NodeId(found as u16)),
            None => {
                let near = nearest(&server, nodes.iter().map(|node| node.name.as_str()));
                let what = format!("is \"{}\", which is not a node{near}", shortened(&server));
                fields.complain(&format!("{path}.ntp"), what);
            }
        }
    }
    check_names(fields, &nodes);
    check_roles(fields, &nodes, protocol);
    nodes
}

/// An entry of the list of nodes: one node, or several of a kind.
struct Entry {
    node: NodeSettings,
    count: usize,
    is_many: bool,
    server: Option<String>,
}

fn node(mut fields: Fields<'_>, protocol: Option<&'static ProtocolEntry>) -> Entry {
    let name = name(&mut fields);
    let roles = protocol.map_or(&[][..], |protocol| protocol.roles);
    let roles: Vec<_> = roles.iter().map(|role| (role.id, role.id)).collect();
    let first = roles.first().map_or("", |(role, _)| role);
    let count = fields.optional_quantity("count", Range::count(1.0, MOST_NODES as f64));
    let mut node = NodeSettings {
        name,
        role: fields.choice("role", &roles, first),
        position: fields.pair("position", PLACE),
        ..NodeSettings::default()
    };
    for setting in NODE_SETTINGS {
        if let Some(value) = fields.optional_quantity(setting.key, setting.range) {
            (setting.set)(&mut node, value);
        }
    }
    let server = fields.text("ntp", 24, "");
    fields.finish();
    Entry {
        node,
        count: count.unwrap_or(1.0) as usize,
        is_many: count.is_some(),
        server: Some(server).filter(|server| !server.is_empty()),
    }
}

/// Empty if it is none, which has been said then.
fn name(fields: &mut Fields<'_>) -> String {
    const MUST: &str = "it must be letters, digits and dashes";
    if fields.value("name").is_none() {
        fields.complain("name", format!("is missing; {MUST}"));
    }
    let name = fields.optional_text("name", 24);
    let is_letters = |name: &String| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if let Some(name) = name.as_ref().filter(|name| !is_letters(name)) {
        fields.complain("name", format!("is \"{name}\"; {MUST}"));
    }
    name.filter(is_letters).unwrap_or_default()
}

fn check_names(fields: &Fields<'_>, nodes: &[NodeSettings]) {
    let named = |(_, node): &(usize, &NodeSettings)| !node.name.is_empty();
    for (place, node) in nodes.iter().enumerate().filter(named) {
        let complain = |what: String| {
            fields.complain(
                &format!("nodes[{place}].name"),
                format!("is \"{}\"{what}", node.name),
            );
        };
        if nodes[..place].iter().any(|other| other.name == node.name) {
            complain(", as another node's".to_owned());
        }
        if Role::parse(&node.name).is_some() {
            complain(", which stands for a role in links".to_owned());
        }
        // A link between two nodes is written with a dash between their names.
        let rest = |other: &NodeSettings| node.name.strip_prefix(&other.name).map(str::to_owned);
        let is_prefix =
            |other: &&NodeSettings| rest(other).is_some_and(|rest| rest.starts_with('-'));
        if let Some(other) = nodes.iter().find(is_prefix) {
            complain(format!(
                ", which begins with \"{}-\", another node's name",
                other.name
            ));
        }
    }
}

fn check_roles(
    fields: &Fields<'_>,
    nodes: &[NodeSettings],
    protocol: Option<&'static ProtocolEntry>,
) {
    for role in protocol.map_or(&[][..], |protocol| protocol.roles) {
        let count = nodes.iter().filter(|node| node.role == role.id).count();
        if count < role.fewest || count > role.most {
            let (id, fewest, most) = (role.id, role.fewest, role.most);
            fields.complain(
                "nodes",
                format!("has {count} of role \"{id}\"; it must have from {fewest} to {most}"),
            );
        }
    }
}

/// The settings of all links.
pub(super) fn network(mut fields: Fields<'_>) -> Network {
    let preset = fields.choice("preset", &PRESETS, Network::default);
    let mut network = preset();
    for setting in LINK_SETTINGS {
        if let Some(value) = fields.optional_quantity(setting.key, setting.range) {
            (setting.set)(&mut network, value);
        }
    }
    fields.finish();
    network
}

/// What some links have of their own.
pub(super) fn links(fields: &mut Fields<'_>, names: &Names<'_>) -> Vec<LinkSettings> {
    let mut links = Links {
        base: Network::default(),
        own: Vec::new(),
    };
    for entry in fields.objects("links", MOST_OWN_LINKS) {
        let own = link(entry, names);
        for (place, value) in own.values {
            links.set(own.scope, &LINK_SETTINGS[place], value);
        }
    }
    let all = links.owned(names.0.len());
    if all > MOST_OWN_LINKS {
        fields.complain(
            "links",
            format!("are about {all} links; they may be about {MOST_OWN_LINKS}"),
        );
    }
    links.own
}

fn link(mut fields: Fields<'_>, names: &Names<'_>) -> LinkSettings {
    let from = end(&mut fields, "from", names);
    let to = end(&mut fields, "to", names);
    let both = fields.quantity("both", Range::words(OFF_ON), 0.0) != 0.0;
    let scope = if both {
        Scope::both_ways(from, to)
    } else {
        Scope::one_way(from, to)
    };
    let mut values = Map::new();
    for (place, setting) in LINK_SETTINGS.iter().enumerate() {
        if let Some(value) = fields.optional_quantity(setting.key, setting.range) {
            values.insert(place, value);
        }
    }
    if scope == Scope::ALL {
        fields.complain(
            "from",
            "or to must name nodes; what all links have is the network's",
        );
    }
    fields.finish();
    LinkSettings { scope, values }
}

/// What is wrong is an empty set, which is not every link: one mistake is reported once.
fn end(fields: &mut Fields<'_>, field: &'static str, names: &Names<'_>) -> NodeSet {
    let is_there = fields.value(field).is_some();
    let text = match fields.optional_text(field, 2000) {
        None if is_there => return NodeSet::default(),
        text => text.unwrap_or_else(|| "*".to_owned()),
    };
    NodeSet::parse(&text, names).unwrap_or_else(|what| {
        fields.complain(field, format!("is \"{}\": {what}", shortened(&text)));
        NodeSet::default()
    })
}
