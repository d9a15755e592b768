//! Who goes where: each function and each piece of data to the main module or to a part.

use std::collections::{BTreeMap, BTreeSet};

use super::described::described;
use super::doors::Entrance;
use super::graph::{Graph, Node};
use super::module::Module;
use super::put_off::{Called, put_off};

/// What several parts share and nobody else has is a part of its own from so many bytes on.
const WORTH_A_PART: usize = 4096;

/// What so many parts share every run needs: there are as many protocols, and each run has one.
const EVERYBODYS: usize = 16;

/// Where a node goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nobody reaches it.
    Nowhere,
    Main,
    /// A part, by its number.
    Part(usize),
}

/// A part of the module.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    /// The functions by which others enter it.
    pub(super) doors: Vec<Node>,
    /// The parts that must be there before it, by their numbers: what it calls in them it calls directly.
    pub(super) needs: Vec<usize>,
}

pub(super) struct Plan {
    /// In the order in which they can be loaded.
    pub(super) parts: Vec<Part>,
    places: Vec<Place>,
    doors: BTreeSet<Node>,
}

impl Plan {
    /// `called` is what first views call of the main module, if that was recorded: the rest becomes a part.
    pub(super) fn of(
        module: &Module<'_>,
        graph: &Graph,
        mut entrances: Vec<Entrance>,
        called: Option<&Called>,
    ) -> Plan {
        let mut doors: BTreeSet<Node> = entrances.iter().flat_map(|e| e.doors.clone()).collect();
        let mut sharing = Sharing::of(module, graph, &entrances, &doors);
        sharing.give_up_small_groups(module, graph, &doors);
        if let Some(called) = called {
            for (entrance, nodes) in sharing.put_off(module, graph, called) {
                doors.extend(&entrance.doors);
                sharing.give_to(entrances.len(), nodes);
                entrances.push(entrance);
            }
        }
        let groups = sharing.groups();
        let parts = parts(&groups, &entrances);
        let mut places = vec![Place::Nowhere; graph.nodes().len()];
        for &node in &sharing.main {
            places[node as usize] = Place::Main;
        }
        for (number, (_, nodes)) in groups.iter().enumerate() {
            for &node in nodes {
                places[node as usize] = Place::Part(number);
            }
        }
        Plan {
            parts,
            places,
            doors,
        }
    }

    pub(super) fn place(&self, node: Node) -> Place {
        self.places[node as usize]
    }

    /// Whether others enter a part by this node.
    pub(super) fn is_door(&self, node: Node) -> bool {
        self.doors.contains(&node)
    }
}

/// The parts that reach a node, by the numbers of their entrances.
type Owners = BTreeSet<usize>;

struct Sharing {
    main: BTreeSet<Node>,
    owners: BTreeMap<Node, Owners>,
}

impl Sharing {
    fn of(
        module: &Module<'_>,
        graph: &Graph,
        entrances: &[Entrance],
        doors: &BTreeSet<Node>,
    ) -> Sharing {
        let from = module.exported().chain(graph.loose.iter().copied());
        let from = from.filter(|node| !doors.contains(node));
        let from = from.chain(described(module, graph));
        let imported = 0..module.imports.len() as Node;
        let main = graph.reach(from.chain(imported), |node| doors.contains(&node));
        let mut owners: BTreeMap<Node, Owners> = BTreeMap::new();
        for (number, entrance) in entrances.iter().enumerate() {
            let is_shut = |node: Node| main.contains(&node) || doors.contains(&node);
            for node in graph.reach(entrance.doors.iter().copied(), is_shut) {
                owners.entry(node).or_default().insert(number);
            }
        }
        Sharing { main, owners }
    }

    /// Nodes by who reaches them: what many share comes first, since others call it.
    fn groups(&self) -> Vec<(Owners, Vec<Node>)> {
        let mut groups: BTreeMap<&Owners, Vec<Node>> = BTreeMap::new();
        for (node, owners) in &self.owners {
            groups.entry(owners).or_default().push(*node);
        }
        let owned = |(owners, nodes): (&Owners, Vec<Node>)| (owners.clone(), nodes);
        let mut groups: Vec<_> = groups.into_iter().map(owned).collect();
        groups.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then(one.0.cmp(&other.0)));
        groups
    }

    /// Takes what first views do not call out of the main module, for parts of its own.
    fn put_off(
        &mut self,
        module: &Module<'_>,
        graph: &Graph,
        called: &Called,
    ) -> Vec<(Entrance, BTreeSet<Node>)> {
        let others: BTreeSet<Node> = self.owners.keys().copied().collect();
        put_off(module, graph, &mut self.main, &others, called)
    }

    /// These nodes belong to the part of this number alone.
    fn give_to(&mut self, number: usize, nodes: BTreeSet<Node>) {
        let owned = nodes.into_iter().map(|node| (node, Owners::from([number])));
        self.owners.extend(owned);
    }

    /// What is shared, and too little for a part, or reached by so many that every run has one of them, goes to the main module
    /// with all that it names.
    fn give_up_small_groups(&mut self, module: &Module<'_>, graph: &Graph, doors: &BTreeSet<Node>) {
        loop {
            let small = self.groups().into_iter().find(|(owners, nodes)| {
                let bytes: usize = nodes.iter().map(|node| weight(module, graph, *node)).sum();
                owners.len() >= EVERYBODYS || (owners.len() > 1 && bytes < WORTH_A_PART)
            });
            let Some((_, nodes)) = small else { return };
            let is_shut = |node: Node| self.main.contains(&node) || doors.contains(&node);
            for node in graph.reach(nodes, is_shut) {
                self.owners.remove(&node);
                self.main.insert(node);
            }
        }
    }
}

/// The bytes that a node takes in the linked module.
pub(super) fn weight(module: &Module<'_>, graph: &Graph, node: Node) -> usize {
    let code = graph
        .function(node)
        .and_then(|function| module.body(function));
    let data = graph.blob(node);
    code.map_or(0, |body| body.range().len())
        + data.map_or(0, |blob| (blob.end - blob.start) as usize)
}

fn parts(groups: &[(Owners, Vec<Node>)], entrances: &[Entrance]) -> Vec<Part> {
    let part = |(number, (owners, _)): (usize, &(Owners, Vec<Node>))| {
        let needs = groups[..number].iter().enumerate();
        let needs = needs.filter(|(_, (others, _))| owners.is_subset(others));
        let names: Vec<&str> = owners
            .iter()
            .map(|owner| entrances[*owner].name.as_str())
            .collect();
        let doors = match owners.first() {
            Some(owner) if owners.len() == 1 => entrances[*owner].doors.clone(),
            _ => Vec::new(),
        };
        Part {
            name: name_of(&names),
            doors,
            needs: needs.map(|(number, _)| number).collect(),
        }
    };
    groups.iter().enumerate().map(part).collect()
}

/// A part that several share is named after the first of them, and how many they are.
fn name_of(owners: &[&str]) -> String {
    match owners {
        [one] => (*one).to_owned(),
        [first, others @ ..] => format!("shared-{first}-{}", others.len()),
        [] => String::new(),
    }
}
