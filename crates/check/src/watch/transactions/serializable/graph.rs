//! A graph that stays in an order along its edges, and finds the first edge that closes a circle.
//!
//! An edge that goes forward in the order costs nothing. One that goes back makes the nodes between its ends change places (Pearce
//! and Kelly, *A dynamic topological sort algorithm for directed acyclic graphs*, JEA 11, 2007). Transactions come in the order in
//! which they commit, and an edge goes back only past those that committed while its own transaction was under way. So an
//! edge costs as many steps, on average, as there are transactions at a time.

use sim::held::{Held, Measure};
use sim::sorted::Set;
use sim::sorting::sort_by_key;

/// No edge.
const NONE: u32 = u32::MAX;

/// A graph whose edges have labels.
#[derive(Clone, Debug)]
pub(super) struct Graph<L> {
    nodes: Vec<Node>,
    edges: Vec<Edge<L>>,
    /// The number of the latest search.
    search: u32,
}

#[derive(Clone, Debug)]
struct Node {
    /// Its place in the order.
    place: u32,
    /// The latest edges that go out of it and into it.
    out: u32,
    into: u32,
    /// The latest search that came by.
    seen: u32,
}

/// An edge.
#[derive(Clone, Debug)]
pub(super) struct Edge<L> {
    pub from: u32,
    pub to: u32,
    pub label: L,
    /// The edges before it that leave the same node, and that lead to the same one.
    next_out: u32,
    next_into: u32,
}

/// Which way a search goes.
#[derive(Clone, Copy)]
enum Way {
    Forward,
    Back,
}

impl<L> Default for Graph<L> {
    fn default() -> Graph<L> {
        Graph {
            nodes: Vec::new(),
            edges: Vec::new(),
            search: 0,
        }
    }
}

impl<L> Graph<L> {
    /// Adds a node, at the end of the order.
    pub(super) fn add_node(&mut self) -> u32 {
        let place = self.nodes.len() as u32;
        self.nodes.push(Node {
            place,
            out: NONE,
            into: NONE,
            seen: 0,
        });
        place
    }

    /// Adds an edge. Returns its number if it closes a circle; from then on the graph has no order.
    pub(super) fn add_edge(&mut self, from: u32, to: u32, label: L) -> Option<u32> {
        let is_circle = self.makes_room(from, to).is_err();
        let number = self.edges.len() as u32;
        let (next_out, next_into) = (self.node(from).out, self.node(to).into);
        self.edges.push(Edge {
            from,
            to,
            label,
            next_out,
            next_into,
        });
        self.nodes[from as usize].out = number;
        self.nodes[to as usize].into = number;
        is_circle.then_some(number)
    }

    fn node(&self, number: u32) -> &Node {
        &self.nodes[number as usize]
    }

    fn place(&self, number: u32) -> u32 {
        self.node(number).place
    }

    /// Puts `from` before `to`, unless a path leads from `to` to `from`.
    fn makes_room(&mut self, from: u32, to: u32) -> Result<(), ()> {
        let (first, last) = (self.place(to), self.place(from));
        if last < first {
            return Ok(());
        }
        let after = self.reached(to, first..=last, Way::Forward);
        if after.contains(&from) {
            return Err(());
        }
        let mut moved = self.reached(from, first..=last, Way::Back);
        sort_by_key(&mut moved, |node| self.place(*node));
        let mut after = after;
        sort_by_key(&mut after, |node| self.place(*node));
        moved.extend(after);
        let mut places: Vec<u32> = moved.iter().map(|node| self.place(*node)).collect();
        sort_by_key(&mut places, |place| *place);
        for (node, place) in moved.iter().zip(places) {
            self.nodes[*node as usize].place = place;
        }
        Ok(())
    }

    /// The nodes that can be reached from one of them, on paths through these places.
    fn reached(&mut self, from: u32, places: std::ops::RangeInclusive<u32>, way: Way) -> Vec<u32> {
        self.search += 1;
        let mut reached = vec![from];
        self.nodes[from as usize].seen = self.search;
        let mut done = 0;
        while let Some(&node) = reached.get(done) {
            done += 1;
            let mut next = match way {
                Way::Forward => self.node(node).out,
                Way::Back => self.node(node).into,
            };
            while let Some(edge) = self.edges.get(next as usize) {
                let (other, following) = match way {
                    Way::Forward => (edge.to, edge.next_out),
                    Way::Back => (edge.from, edge.next_into),
                };
                next = following;
                let node = &mut self.nodes[other as usize];
                if node.seen != self.search && places.contains(&node.place) {
                    node.seen = self.search;
                    reached.push(other);
                }
            }
        }
        reached
    }

    /// The edge of a number.
    pub(super) fn edge(&self, number: u32) -> &Edge<L> {
        &self.edges[number as usize]
    }

    /// The edges that leave a node.
    pub(super) fn out(&self, node: u32) -> impl Iterator<Item = (u32, &Edge<L>)> {
        let mut next = self.node(node).out;
        std::iter::from_fn(move || {
            let edge = self.edges.get(next as usize)?;
            let number = std::mem::replace(&mut next, edge.next_out);
            Some((number, edge))
        })
    }

    /// A shortest path from one node to another by edges that have a weight, of at most so much weight in all.
    pub(super) fn path(
        &self,
        [from, to]: [u32; 2],
        most: u32,
        weight: impl Fn(&L) -> Option<u32>,
    ) -> Option<Vec<u32>> {
        let mut seen = Set::new();
        // Where the path has come to, with how much weight, over which edge, and after which of these steps.
        let mut steps = vec![(from, 0, NONE, NONE)];
        let mut done = 0;
        while let Some(&(node, used, _, _)) = steps.get(done) {
            if node == to {
                return Some(walked(&steps, done));
            }
            for (number, edge) in self.out(node) {
                let Some(used) = weight(&edge.label).map(|weight| used + weight) else {
                    continue;
                };
                if used <= most && seen.insert((edge.to, used)) {
                    steps.push((edge.to, used, number, done as u32));
                }
            }
            done += 1;
        }
        None
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.nodes.held(by) + self.edges.held(by)
    }
}

/// The edges that led to a step.
fn walked(steps: &[(u32, u32, u32, u32)], last: usize) -> Vec<u32> {
    let mut path = Vec::new();
    let mut at = last;
    while let Some(&(_, _, edge, before)) = steps.get(at) {
        if edge == NONE {
            break;
        }
        path.push(edge);
        at = before as usize;
    }
    path.reverse();
    path
}
