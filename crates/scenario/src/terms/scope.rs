//! Which nodes and which links something is about, as documents and links write it: `alice+bob`, `alice-bank`,
//! `alice..bank`, `alice..*`.

use sim::network::LinkSelector;
use sim::{NodeId, Target};

use super::limits::MOST_NODES;
use super::words::{meaning, nearest, word};
use crate::terms::quantity::shortened;

/// Some of a scenario's nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeSet(u128);

const _: () = assert!(MOST_NODES <= 128, "a set has a bit for every node");

impl NodeSet {
    /// Every node there is.
    pub const ALL: NodeSet = NodeSet(u128::MAX);

    /// One node.
    pub const fn of(node: NodeId) -> NodeSet {
        NodeSet(1 << (node.0 % 128))
    }

    /// These and another one.
    #[must_use]
    pub const fn with(self, node: NodeId) -> NodeSet {
        NodeSet(self.0 | NodeSet::of(node).0)
    }

    /// The nodes among the first `count` that are not these.
    #[must_use]
    pub fn without_these(self, count: usize) -> NodeSet {
        let others = (0..count.min(MOST_NODES) as u16).map(NodeId);
        others
            .filter(|node| !self.contains(*node))
            .fold(NodeSet(0), NodeSet::with)
    }

    /// Whether `node` is among them.
    pub const fn contains(self, node: NodeId) -> bool {
        self.0 >> (node.0 % 128) & 1 == 1
    }

    /// Whether all of them are among these.
    pub const fn is_within(self, others: NodeSet) -> bool {
        self.0 & !others.0 == 0
    }

    /// The nodes among the first `count`, in order.
    pub fn nodes(self, count: usize) -> impl Iterator<Item = NodeId> {
        let mut left = self.among(count);
        std::iter::from_fn(move || {
            let next = NodeId(left.trailing_zeros() as u16);
            let is_one = left != 0;
            left &= left.wrapping_sub(1);
            is_one.then_some(next)
        })
    }

    /// Those among the first `count` nodes, a bit for each.
    fn among(self, count: usize) -> u128 {
        match count.min(MOST_NODES) {
            0 => 0,
            count => self.0 & u128::MAX >> (MOST_NODES - count),
        }
    }

    /// These and those.
    #[must_use]
    pub(crate) fn with_these(self, others: NodeSet) -> NodeSet {
        NodeSet(self.0 | others.0)
    }

    /// The set as a number, for names.
    pub(crate) const fn bits(self) -> u128 {
        self.0
    }

    /// Reads node names joined by `+`, or `*`; `names` are the names of all nodes.
    pub fn parse(text: &str, names: &Names<'_>) -> Result<NodeSet, String> {
        if text == "*" {
            return Ok(NodeSet::ALL);
        }
        NodeSet::listed(text, names).map_err(|name| names.unknown(name))
    }

    /// The nodes of a list, or the first name that is unknown.
    fn listed<'t>(text: &'t str, names: &Names<'_>) -> Result<NodeSet, &'t str> {
        let mut set = NodeSet(0);
        for name in text.split('+') {
            set.0 |= NodeSet::of(names.find(name).ok_or(name)?).0;
        }
        Ok(set)
    }

    /// How many of the first `count` nodes are among them.
    pub(crate) fn size(self, count: usize) -> usize {
        self.among(count).count_ones() as usize
    }

    /// Writes the set so that [`NodeSet::parse`] reads it back.
    pub fn format(self, names: &Names<'_>) -> String {
        if self == NodeSet::ALL {
            return "*".to_owned();
        }
        let names: Vec<&str> = self
            .nodes(names.0.len())
            .map(|node| names.name(node))
            .collect();
        names.join("+")
    }
}

/// What a scenario's nodes are called, in order.
pub struct Names<'a>(pub Vec<&'a str>);

impl Names<'_> {
    fn find(&self, name: &str) -> Option<NodeId> {
        let place = self.0.iter().position(|other| *other == name)?;
        Some(NodeId(place as u16))
    }

    fn name(&self, node: NodeId) -> &str {
        self.0.get(node.index()).copied().unwrap_or_default()
    }

    fn unknown(&self, name: &str) -> String {
        let near = nearest(name, self.0.iter().copied());
        format!("there is no node \"{}\"{near}", shortened(name))
    }
}

/// Some of a scenario's links: from some nodes to others, and back if it is both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    from: NodeSet,
    to: NodeSet,
    both: bool,
}

impl Scope {
    /// Every link.
    pub const ALL: Scope = Scope {
        from: NodeSet::ALL,
        to: NodeSet::ALL,
        both: false,
    };

    /// The links from some nodes to others.
    pub fn one_way(from: NodeSet, to: NodeSet) -> Scope {
        Scope {
            from,
            to,
            both: false,
        }
    }

    /// The links between some nodes and others.
    pub fn both_ways(a: NodeSet, b: NodeSet) -> Scope {
        if a == b {
            return Scope::one_way(a, b);
        }
        // One set of links has one form.
        let order = |set: NodeSet| (set.bits().trailing_zeros(), set.bits());
        let (from, to) = if order(a) <= order(b) { (a, b) } else { (b, a) };
        Scope {
            from,
            to,
            both: true,
        }
    }

    /// Where the links start, where they end, and whether they lead back as well.
    pub fn parts(self) -> (NodeSet, NodeSet, bool) {
        (self.from, self.to, self.both)
    }

    /// Reads `a..b` (from a to b), `a-b` (both ways) or `*` (every link); a and b are sets of nodes.
    pub fn parse(text: &str, names: &Names<'_>) -> Result<Scope, String> {
        if text == "*" {
            return Ok(Scope::ALL);
        }
        if let Some((from, to)) = text.split_once("..") {
            return Ok(Scope::one_way(
                NodeSet::parse(from, names)?,
                NodeSet::parse(to, names)?,
            ));
        }
        // A node's name may have dashes too. No name begins with another name and a dash, so one place fits at most.
        let side = |text: &str| match text {
            "*" => Some(NodeSet::ALL),
            list => NodeSet::listed(list, names).ok(),
        };
        let sides = text.match_indices('-').find_map(|(place, _)| {
            let a = side(&text[..place])?;
            Some((a, side(&text[place + 1..])?))
        });
        if let Some((a, b)) = sides {
            return Ok(Scope::both_ways(a, b));
        }
        let (a, b) = text.split_once('-').ok_or_else(|| {
            format!(
                "\"{}\" names no links; links look like a-b or a..b",
                shortened(text)
            )
        })?;
        NodeSet::parse(a, names)?;
        Err(NodeSet::parse(b, names).err().unwrap_or_default())
    }

    /// Writes the links so that [`Scope::parse`] reads them back.
    pub fn format(self, names: &Names<'_>) -> String {
        if self == Scope::ALL {
            return "*".to_owned();
        }
        let between = if self.both { "-" } else { ".." };
        format!(
            "{}{between}{}",
            self.from.format(names),
            self.to.format(names)
        )
    }

    /// The links in words, as in *ann to s1, s2*, or *ann and s1* for both ways.
    pub fn words(self, names: &Names<'_>) -> String {
        let side = |nodes: NodeSet| match nodes.format(names).as_str() {
            "*" => "all".to_owned(),
            several => several.replace('+', ", "),
        };
        let between = if self.both { " and " } else { " to " };
        format!("{}{between}{}", side(self.from), side(self.to))
    }

    /// Whether the link from `from` to `to` is among them.
    pub fn contains(self, from: NodeId, to: NodeId) -> bool {
        let leads = |from, to| self.from.contains(from) && self.to.contains(to);
        from != to && (leads(from, to) || self.both && leads(to, from))
    }

    /// How many links these are among `count` nodes.
    pub fn size(self, count: usize) -> usize {
        let shared = NodeSet(self.from.0 & self.to.0).size(count);
        let one_way = self.from.size(count) * self.to.size(count) - shared;
        if self.both {
            // Links among the shared nodes lead both ways already.
            2 * one_way - shared * shared.saturating_sub(1)
        } else {
            one_way
        }
    }

    /// The nodes to which links of the scope lead from a node.
    pub(crate) fn ends(self, from: NodeId) -> NodeSet {
        let one_way = if self.from.contains(from) {
            self.to.0
        } else {
            0
        };
        let back = if self.both && self.to.contains(from) {
            self.from.0
        } else {
            0
        };
        NodeSet((one_way | back) & !NodeSet::of(from).0)
    }

    /// Each link among `count` nodes, in order.
    pub fn pairs(self, count: usize) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.starts(count)
            .flat_map(move |from| self.ends(from).nodes(count).map(move |to| (from, to)))
    }

    /// The nodes among `count` from which links of the scope may lead.
    pub(crate) fn starts(self, count: usize) -> impl Iterator<Item = NodeId> {
        let back = if self.both { self.to.0 } else { 0 };
        NodeSet(self.from.0 | back).nodes(count)
    }

    /// How many selectors the links take among `count` nodes.
    pub(crate) fn parts_of(self, count: usize) -> usize {
        let one_way = |from: NodeSet, to: NodeSet| match (from == NodeSet::ALL, to == NodeSet::ALL)
        {
            (true, true) => 1,
            (true, false) => to.size(count),
            (false, true) => from.size(count),
            (false, false) => Scope::one_way(from, to).size(count),
        };
        let back = if self.both {
            one_way(self.to, self.from)
        } else {
            0
        };
        one_way(self.from, self.to) + back
    }

    /// The links as the kernel selects them, in as few parts as it takes among `count` nodes.
    pub fn selectors(self, count: usize) -> Vec<LinkSelector> {
        let one_way = |from: NodeSet, to: NodeSet| -> Vec<LinkSelector> {
            match (from == NodeSet::ALL, to == NodeSet::ALL) {
                (true, true) => vec![LinkSelector::All],
                (true, false) => to.nodes(count).map(LinkSelector::To).collect(),
                (false, true) => from.nodes(count).map(LinkSelector::From).collect(),
                (false, false) => Scope::one_way(from, to)
                    .pairs(count)
                    .map(|(from, to)| LinkSelector::Pair(from, to))
                    .collect(),
            }
        };
        let mut selectors = one_way(self.from, self.to);
        if self.both {
            selectors.extend(one_way(self.to, self.from));
        }
        selectors
    }
}

/// Which nodes a deed is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// These.
    Nodes(NodeSet),
    /// The nodes in this role when it is done.
    Role(Role),
}

/// A role that nodes have at a moment. Its number is part of the names of cuts, and so of digests: it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Every node.
    All = 0,
    /// One node, each equally likely.
    Random = 1,
    /// The nodes that believe they lead.
    Leader = 2,
    /// A smallest majority, drawn at random.
    Majority = 3,
    /// A largest minority, drawn at random.
    Minority = 4,
}

/// The words for roles. No node may have one of these names.
pub const ROLES: [(&str, Role); 5] = [
    ("all", Role::All),
    ("random", Role::Random),
    ("leader", Role::Leader),
    ("majority", Role::Majority),
    ("minority", Role::Minority),
];

impl Role {
    /// The role of this name.
    pub fn parse(text: &str) -> Option<Role> {
        meaning(&ROLES, text)
    }

    /// Its name.
    pub fn word(self) -> &'static str {
        word(&ROLES, self)
    }

    /// The kernel's target.
    pub fn target(self) -> Target {
        match self {
            Role::All => Target::All,
            Role::Random => Target::Random,
            Role::Leader => Target::Leader,
            Role::Majority => Target::Majority,
            Role::Minority => Target::Minority,
        }
    }
}

impl From<NodeId> for Who {
    fn from(node: NodeId) -> Who {
        Who::Nodes(NodeSet::of(node))
    }
}

impl Who {
    /// Reads a role, or node names joined by `+`.
    pub fn parse(text: &str, names: &Names<'_>) -> Result<Who, String> {
        match Role::parse(text) {
            Some(role) => Ok(Who::Role(role)),
            None if text == "*" => Ok(Who::Role(Role::All)),
            None => NodeSet::parse(text, names).map(Who::Nodes),
        }
    }

    /// Writes them so that [`Who::parse`] reads them back.
    pub fn format(self, names: &Names<'_>) -> String {
        match self {
            Who::Nodes(set) => set.format(names),
            Who::Role(role) => role.word().to_owned(),
        }
    }

    /// Whether a node is among them; that of a role may be, at some moment.
    pub(crate) fn may_be(self, node: NodeId) -> bool {
        match self {
            Who::Nodes(set) => set.contains(node),
            Who::Role(_) => true,
        }
    }

    /// How many targets the kernel has: one per node, or one for all.
    pub(crate) fn size(self, count: usize) -> usize {
        match self {
            Who::Nodes(set) => set.size(count),
            Who::Role(_) => 1,
        }
    }

    /// The kernel's targets: one per node, or one for all.
    pub fn targets(self, count: usize) -> Vec<Target> {
        match self {
            Who::Nodes(set) => set.nodes(count).map(Target::Node).collect(),
            Who::Role(role) => vec![role.target()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names<'static> {
        Names(vec!["a", "b", "n-1", "n-2"])
    }

    #[test]
    fn links_read_as_they_are_written() {
        let n = NodeId;
        for (text, written, links) in [
            ("a-b", "a-b", vec![(n(0), n(1)), (n(1), n(0))]),
            ("b-a", "a-b", vec![(n(0), n(1)), (n(1), n(0))]),
            ("b..a", "b..a", vec![(n(1), n(0))]),
            ("n-1-n-2", "n-1-n-2", vec![(n(2), n(3)), (n(3), n(2))]),
            ("b+a..n-1", "a+b..n-1", vec![(n(0), n(2)), (n(1), n(2))]),
            (
                "a..*",
                "a..*",
                vec![(n(0), n(1)), (n(0), n(2)), (n(0), n(3))],
            ),
        ] {
            let scope = Scope::parse(text, &names()).unwrap();
            assert_eq!(scope.format(&names()), written);
            assert_eq!(scope.pairs(4).collect::<Vec<_>>(), links, "{text}");
            assert_eq!(scope.size(4), links.len(), "{text}");
        }
        for text in ["*", "a+b-a+n-1", "a+b..*", "*-*"] {
            let scope = Scope::parse(text, &names()).unwrap();
            assert_eq!(scope.size(4), scope.pairs(4).count(), "{text}");
        }
    }

    #[test]
    fn what_names_no_links_is_said() {
        for (text, what) in [
            ("a", "\"a\" names no links; links look like a-b or a..b"),
            ("a-c", "there is no node \"c\"; did you mean \"b\"?"),
            ("a..n-3", "there is no node \"n-3\"; did you mean \"n-2\"?"),
        ] {
            let said = Scope::parse(text, &names()).unwrap_err();
            assert!(said.starts_with(&what[..what.len() - 4]), "{said}");
        }
    }

    #[test]
    fn selectors_cover_the_links_and_no_others() {
        for text in ["*", "a-b", "a..*", "*..n-1", "a-*", "a+b-n-1+n-2", "a..a+b"] {
            let scope = Scope::parse(text, &names()).unwrap();
            let selectors = scope.selectors(4);
            assert_eq!(scope.parts_of(4), selectors.len(), "{text}");
            for (from, to) in Scope::ALL.pairs(4) {
                let selected = selectors.iter().any(|links| links.selects(from, to));
                assert_eq!(selected, scope.contains(from, to), "{text}: {from} to {to}");
            }
        }
    }
}
