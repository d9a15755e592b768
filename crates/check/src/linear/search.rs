//! The search for a linearization.
//!
//! It is the algorithm of Wing and Gong ("Testing and verifying concurrent objects", 1993) with
//! Lowe's cache of configurations ("Testing for linearizability", 2017), and takes effect *just
//! in time*: an operation is placed before others only to let the next return pass. A
//! configuration is a layer, a state, and the bits of the overlapping operations that took
//! effect (see [`Problem`]). The stack is on the heap, so a long history does not overflow it.
//!
//! Four things keep it small; none of them changes the answer.
//!
//! - **Reads are free.** A read that the current state allows is placed at once, without an
//!   alternative: in any linearization that places it later it can be moved here, since moving it
//!   changes no state and it had been invoked.
//! - **Less used is better.** Of two configurations that differ only in which *open* operations
//!   took effect, the one that used fewer can do all that the other can, for nothing ever forces
//!   an open operation. So the other is dropped.
//! - **Open operations with a purpose.** An open operation that took effect must matter to what
//!   comes next: whatever would have led to the same state without it is not tried after it, as
//!   the configuration without it is at hand and has used less.
//!   Nor is one that leads to a state that allows no more than any other.
//! - **Interchangeable operations** are used in order (see [`Group`](super::problem::Group)).

use super::problem::{Known, Problem};
use crate::budget::{Meter, Unknown};
use crate::history::OpId;
use crate::machine::{Machine, REFUSED};

/// Which overlapping operations took effect.
type Bits<const W: usize> = [u64; W];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Config<const W: usize> {
    pub(crate) layer: u32,
    pub(crate) state: u32,
    pub(crate) bits: Bits<W>,
}

impl<const W: usize> Config<W> {
    /// Whether the operation with this bit took effect.
    #[inline]
    pub(crate) fn took_effect(&self, bit: u32) -> bool {
        has(&self.bits, bit)
    }

    /// Notes that the operation with this bit took effect.
    pub(crate) fn set_effect(&mut self, bit: u32) {
        set(&mut self.bits, bit);
    }
}

/// A configuration that was reached, and how.
#[derive(Clone, Copy, Debug)]
struct Node<const W: usize> {
    config: Config<W>,
    parent: u32,
    via: Via,
    /// The next older node with the same hash chain.
    chain: u32,
    /// The state before an open operation that served nothing yet.
    without: u32,
}

#[derive(Clone, Copy, Debug)]
enum Via {
    /// Nothing yet: this is one of the configurations to start from.
    Start(u32),
    /// A known operation took effect.
    Known(u32),
    /// The open operation with this bit took effect.
    Open(u32),
}

/// What may happen next in a configuration.
enum Candidate {
    /// Nothing that has not been tried.
    None,
    /// Not this operation.
    Unfit,
    /// This operation, if the machine allows it.
    Fit { class: u32, bit: u32, via: Via },
}

const NOWHERE: u32 = u32::MAX;

/// What the search looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// One way to pass the last return.
    First,
    /// Every configuration after the last return, but for those that others are better than.
    All,
}

pub(crate) struct Search<'a, const W: usize> {
    problem: &'a Problem,
    machine: &'a mut Machine,
    /// What the machine held before the search.
    bytes_before: usize,
    problem_bytes: usize,
    starts: Vec<Config<W>>,
    nodes: Vec<Node<W>>,
    table: Vec<u32>,
    known_bits: Bits<W>,
    open_bits: Bits<W>,
    /// The nodes that reached the deepest layer, without repeating a state.
    deepest: Vec<u32>,
    pub(crate) reached: Vec<u32>,
}

/// How many of the deepest configurations are kept to be shown.
const SHOWN: usize = 8;

#[inline]
fn has<const W: usize>(bits: &Bits<W>, bit: u32) -> bool {
    bits[bit as usize / 64] >> (bit % 64) & 1 == 1
}

#[inline]
fn set<const W: usize>(bits: &mut Bits<W>, bit: u32) {
    bits[bit as usize / 64] |= 1 << (bit % 64);
}

#[inline]
fn clear<const W: usize>(bits: &mut Bits<W>, bit: u32) {
    bits[bit as usize / 64] &= !(1 << (bit % 64));
}

fn range<const W: usize>(from: u32, to: u32) -> Bits<W> {
    let mut bits = [0; W];
    (from..to).for_each(|bit| set(&mut bits, bit));
    bits
}

#[inline]
fn subset<const W: usize>(small: &Bits<W>, large: &Bits<W>, among: &Bits<W>) -> bool {
    (0..W).all(|i| small[i] & !large[i] & among[i] == 0)
}

#[inline]
fn same<const W: usize>(a: &Bits<W>, b: &Bits<W>, among: &Bits<W>) -> bool {
    (0..W).all(|i| (a[i] ^ b[i]) & among[i] == 0)
}

impl<'a, const W: usize> Search<'a, W> {
    pub(crate) fn new(problem: &'a Problem, machine: &'a mut Machine) -> Self {
        Self {
            problem,
            bytes_before: machine.bytes(),
            machine,
            problem_bytes: problem.bytes(),
            starts: Vec::new(),
            nodes: Vec::new(),
            table: vec![NOWHERE; 64],
            known_bits: range(0, problem.slots),
            open_bits: range(problem.slots, problem.bits),
            deepest: Vec::new(),
            reached: Vec::new(),
        }
    }

    /// Searches from the given configurations of layer 0; whether the goal was reached.
    pub(crate) fn run(
        &mut self,
        starts: Vec<Config<W>>,
        goal: Goal,
        meter: &mut Meter<'_>,
    ) -> Result<bool, Unknown> {
        self.starts = starts;
        for start in 0..self.starts.len() {
            let config = self.starts[start];
            let via = Via::Start(start as u32);
            let Some(node) = self.enter(config, NOWHERE, via, NOWHERE) else {
                continue;
            };
            self.run_from(node, goal, meter)?;
            if goal == Goal::First && !self.reached.is_empty() {
                return Ok(true);
            }
        }
        Ok(!self.reached.is_empty())
    }

    fn run_from(&mut self, node: u32, goal: Goal, meter: &mut Meter<'_>) -> Result<(), Unknown> {
        let mut stack = vec![(node, 0)];
        while let Some((node, cursor)) = stack.last_mut() {
            if goal == Goal::First && !self.reached.is_empty() {
                break;
            }
            match self.candidate(*node, *cursor) {
                Candidate::None => {
                    stack.pop();
                }
                Candidate::Unfit => *cursor += 1,
                Candidate::Fit { class, bit, via } => {
                    *cursor += 1;
                    let node = *node;
                    stack.extend(self.place(node, class, bit, via).map(|next| (next, 0)));
                }
            }
            meter.step()?;
            meter.hold(self.bytes() + 8 * stack.len())?;
        }
        Ok(())
    }

    fn bytes(&self) -> usize {
        size_of::<Node<W>>() * self.nodes.len()
            + 4 * self.table.len()
            + (self.machine.bytes() - self.bytes_before)
            + self.problem_bytes
    }

    /// The `at`-th operation that may take effect after a node.
    fn candidate(&self, node: u32, at: u32) -> Candidate {
        let config = &self.nodes[node as usize].config;
        if config.layer == self.problem.layers {
            return Candidate::None;
        }
        let tries = self.problem.tries(config.layer);
        if let Some(&known) = tries.get(at as usize) {
            let Known {
                class,
                slot: bit,
                reads_only,
                ..
            } = self.problem.known[known as usize];
            if reads_only || has(&config.bits, bit) {
                return Candidate::Unfit;
            }
            return Candidate::Fit {
                class,
                bit,
                via: Via::Known(known),
            };
        }
        let Some(group) = self.problem.groups.get(at as usize - tries.len()) else {
            return Candidate::None;
        };
        let used = group.used(|bit| has(&config.bits, bit));
        match group.members.get(used as usize) {
            Some(&(from, _)) if from <= config.layer => {
                let bit = group.first_bit + used;
                Candidate::Fit {
                    class: group.class,
                    bit,
                    via: Via::Open(bit),
                }
            }
            _ => Candidate::Unfit,
        }
    }

    /// Lets an operation take effect after a node; the node that leads to, if it is worth a visit.
    fn place(&mut self, node: u32, class: u32, bit: u32, via: Via) -> Option<u32> {
        let Node {
            mut config,
            without,
            ..
        } = self.nodes[node as usize];
        let before = config.state;
        let after = self.machine.step(before, class);
        let open = matches!(via, Via::Open(_));
        if after == REFUSED || (open && (after == before || self.machine.is_worst(after))) {
            return None;
        }
        if without != NOWHERE && self.machine.step(without, class) == after {
            return None;
        }
        if self.is_overdue(&config, class) {
            return None;
        }
        config.state = after;
        set(&mut config.bits, bit);
        self.enter(config, node, via, if open { before } else { NOWHERE })
    }

    /// Whether some operation that is about to take effect must do so before one of this class.
    fn is_overdue(&self, config: &Config<W>, class: u32) -> bool {
        let problem = self.problem;
        self.machine.orders_calls()
            && problem.available(config.layer).iter().any(|&known| {
                let other = &problem.known[known as usize];
                !has(&config.bits, other.slot) && self.machine.comes_first(other.class, class)
            })
    }

    /// Goes as far as reads alone lead, and keeps the configuration unless a better one is known.
    fn enter(&mut self, mut config: Config<W>, parent: u32, via: Via, without: u32) -> Option<u32> {
        let served = self.settle(&mut config, None);
        if self.is_lost(&config) {
            return None;
        }
        let without = if served { NOWHERE } else { without };
        let node = self.insert(Node {
            config,
            parent,
            via,
            chain: NOWHERE,
            without,
        })?;
        self.note(node);
        if config.layer == self.problem.layers {
            self.reached.push(node);
        }
        Some(node)
    }

    /// Places the reads that the state allows, and passes the returns of what took effect.
    fn settle(&mut self, config: &mut Config<W>, mut order: Option<&mut Vec<OpId>>) -> bool {
        let problem = self.problem;
        let mut moved = false;
        while config.layer < problem.layers {
            let available = problem.available(config.layer);
            for &known in available {
                let operation = &problem.known[known as usize];
                if operation.reads_only
                    && !has(&config.bits, operation.slot)
                    && self.machine.step(config.state, operation.class) != REFUSED
                {
                    set(&mut config.bits, operation.slot);
                    moved = true;
                    if let Some(order) = order.as_deref_mut() {
                        order.push(operation.op);
                    }
                }
            }
            let returning = problem.known[available[0] as usize].slot;
            if !has(&config.bits, returning) {
                break;
            }
            clear(&mut config.bits, returning);
            config.layer += 1;
            moved = true;
        }
        moved
    }

    /// Whether a read is still to be placed although the state is beyond all that reads return.
    fn is_lost(&self, config: &Config<W>) -> bool {
        let problem = self.problem;
        if !self.machine.beyond_results(config.state) {
            return false;
        }
        let unplaced = |known: &Known| known.reads_only && !has(&config.bits, known.slot);
        if config.layer == problem.layers {
            return problem.reads_begin_from(config.layer)
                || problem.overlapping_end().any(unplaced);
        }
        let mut available = problem.available(config.layer).iter();
        problem.reads_begin_from(config.layer + 1)
            || available.any(|&known| unplaced(&problem.known[known as usize]))
    }

    fn hash(&self, config: &Config<W>) -> usize {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut hash = (u64::from(config.layer) << 32 | u64::from(config.state)).wrapping_mul(ODD);
        for i in 0..W {
            hash = (hash.rotate_left(23) ^ (config.bits[i] & self.known_bits[i])).wrapping_mul(ODD);
        }
        (hash >> 32) as usize
    }

    /// Keeps a node, unless one is known that is at least as good.
    fn insert(&mut self, mut node: Node<W>) -> Option<u32> {
        if (self.nodes.len() + 1) * 2 > self.table.len() {
            self.rehash();
        }
        let home = self.hash(&node.config) & (self.table.len() - 1);
        let mut other = self.table[home];
        while other != NOWHERE {
            let known = &self.nodes[other as usize];
            if known.config.layer == node.config.layer
                && known.config.state == node.config.state
                && same(&known.config.bits, &node.config.bits, &self.known_bits)
                && subset(&known.config.bits, &node.config.bits, &self.open_bits)
            {
                return None;
            }
            other = known.chain;
        }
        let number = self.nodes.len() as u32;
        node.chain = self.table[home];
        self.table[home] = number;
        self.nodes.push(node);
        Some(number)
    }

    fn rehash(&mut self) {
        let size = self.table.len() * 2;
        self.table.clear();
        self.table.resize(size, NOWHERE);
        for number in 0..self.nodes.len() {
            let home = self.hash(&self.nodes[number].config) & (size - 1);
            self.nodes[number].chain = self.table[home];
            self.table[home] = number as u32;
        }
    }

    fn note(&mut self, node: u32) {
        let config = self.nodes[node as usize].config;
        let deepest = self
            .deepest
            .first()
            .map(|&n| self.nodes[n as usize].config.layer);
        if deepest.is_none_or(|layer| layer < config.layer) {
            self.deepest.clear();
        } else if deepest != Some(config.layer) || self.deepest.len() == SHOWN {
            return;
        }
        let seen = |&n: &u32| self.nodes[n as usize].config.state == config.state;
        if !self.deepest.iter().any(seen) {
            self.deepest.push(node);
        }
    }

    /// The deepest configurations that were reached.
    pub(crate) fn deepest(&self) -> &[u32] {
        &self.deepest
    }

    pub(crate) fn config(&self, node: u32) -> Config<W> {
        self.nodes[node as usize].config
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        self.machine.describe(state)
    }

    /// The operations that took effect on the way to a node, in order.
    pub(crate) fn order(&mut self, node: u32) -> Vec<OpId> {
        let mut path = vec![node];
        let mut at = self.nodes[node as usize].parent;
        while at != NOWHERE {
            path.push(at);
            at = self.nodes[at as usize].parent;
        }
        let mut order = Vec::new();
        for &step in path.iter().rev() {
            let Node { parent, via, .. } = self.nodes[step as usize];
            let mut config = match via {
                Via::Start(start) => self.starts[start as usize],
                Via::Known(known) => {
                    let Known {
                        class, slot, op, ..
                    } = self.problem.known[known as usize];
                    order.push(op);
                    self.after(parent, class, slot)
                }
                Via::Open(bit) => {
                    let (class, op) = self.problem.open(bit);
                    order.push(op);
                    self.after(parent, class, bit)
                }
            };
            self.settle(&mut config, Some(&mut order));
        }
        order
    }

    fn after(&mut self, node: u32, class: u32, bit: u32) -> Config<W> {
        let mut config = self.nodes[node as usize].config;
        config.state = self.machine.step(config.state, class);
        set(&mut config.bits, bit);
        config
    }
}
