//! The configurations that a search visited: Lowe's cache, and the way to each.

use super::config::{Bits, Config};
use super::problem::Problem;

/// A configuration that was reached, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<const W: usize> {
    pub(crate) config: Config<W>,
    pub(crate) parent: u32,
    pub(crate) via: Via,
    /// The state before an open operation that served nothing yet.
    pub(crate) without: u32,
}

/// What led from a node's parent to it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Via {
    /// Nothing: this is one of the configurations to start from.
    Start(u32),
    /// A known operation took effect.
    Known(u32),
    /// The open operation with this bit took effect.
    Open(u32),
}

/// The number of no node and of no state.
pub(crate) const NOWHERE: u32 = u32::MAX;

/// The nodes of a search, without those for which there is a better one.
pub(crate) struct Visited<const W: usize> {
    nodes: Vec<Node<W>>,
    /// For each node the next older one in its chain.
    chains: Vec<u32>,
    /// The newest node of each chain. Nodes that differ only in open operations share a chain.
    table: Vec<u32>,
    known: Bits<W>,
    open: Bits<W>,
    /// How many nodes were compared with others.
    compared: u64,
}

impl<const W: usize> Visited<W> {
    pub(crate) fn new(problem: &Problem) -> Self {
        Self {
            nodes: Vec::new(),
            chains: Vec::new(),
            table: vec![NOWHERE; 64],
            known: Bits::range(0, problem.slots),
            open: Bits::range(problem.slots, problem.bits),
            compared: 0,
        }
    }

    #[inline]
    pub(crate) fn get(&self, node: u32) -> &Node<W> {
        &self.nodes[node as usize]
    }

    /// How many comparisons of nodes there were.
    #[inline]
    pub(crate) fn compared(&self) -> u64 {
        self.compared
    }

    /// Keeps a node, unless one is known that is at least as good; its number.
    pub(crate) fn insert(&mut self, node: Node<W>) -> Option<u32> {
        if (self.nodes.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let home = self.hash(&node.config) & (self.table.len() - 1);
        let mut other = self.table[home];
        while other != NOWHERE {
            self.compared += 1;
            if self.is_as_good(&self.nodes[other as usize].config, &node.config) {
                return None;
            }
            other = self.chains[other as usize];
        }
        let number = self.nodes.len() as u32;
        self.nodes.push(node);
        self.chains.push(self.table[home]);
        self.table[home] = number;
        Some(number)
    }

    fn is_as_good(&self, a: &Config<W>, b: &Config<W>) -> bool {
        a.layer == b.layer
            && a.state == b.state
            && a.bits.is_same(&b.bits, &self.known)
            && a.bits.is_subset(&b.bits, &self.open)
    }

    fn hash(&self, config: &Config<W>) -> usize {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut hash = (u64::from(config.layer) << 32 | u64::from(config.state)).wrapping_mul(ODD);
        for word in config.bits.words(&self.known) {
            hash = (hash.rotate_left(23) ^ word).wrapping_mul(ODD);
        }
        (hash >> 32) as usize
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        self.table.clear();
        self.table.resize(size, NOWHERE);
        for number in 0..self.nodes.len() {
            let home = self.hash(&self.nodes[number].config) & (size - 1);
            self.chains[number] = self.table[home];
            self.table[home] = number as u32;
        }
    }

    /// About how much memory it holds.
    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        (size_of::<Node<W>>() + 4) * self.nodes.len() + 4 * self.table.len()
    }
}
