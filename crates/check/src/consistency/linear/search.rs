//! The search for a linearization.
//!
//! It is the algorithm of Wing and Gong ("Testing and verifying concurrent objects", 1993) with
//! Lowe's cache of configurations ("Testing for linearizability", 2017), and takes effect *just
//! in time*: an operation is placed before others only to let the next return pass. A
//! configuration is a layer, a state, and the bits of the overlapping operations that took
//! effect (see [`Problem`]). The stack is on the heap, so a long history does not overflow it.
//!
//! Five things keep it small; none of them changes the answer.
//!
//! - **Reads are free.** A read that the current state allows is placed at once, without an
//!   alternative: in any linearization that places it later it can be moved here, since moving it
//!   changes no state and it had been invoked.
//! - **Less used is better.** Of two configurations that differ only in which *open* operations
//!   took effect, the one that used fewer can do all that the other can, because nothing ever forces
//!   an open operation. So the other is dropped.
//! - **Open operations with a purpose.** An open operation that took effect must matter to what
//!   comes next: whatever would have led to the same state without it is not tried after it, as
//!   the configuration without it is at hand and has used less.
//!   Nor is one that leads to a state that allows no more than any other.
//! - **What was seen was done.** An open operation whose effect a known result shows, which nothing else can have brought
//!   about, is no open one: it takes effect before that result is returned.
//! - **Interchangeable operations** are used in order (see [`Group`](super::problem::Group)).

use super::config::Config;
use super::problem::{Known, Problem};
use super::visited::{NOWHERE, Node, Via, Visited};
use crate::consistency::budget::{Meter, Unknown, work_of_states};
use crate::history::OpId;
use crate::machine::{Machine, REFUSED};

/// An operation that may take effect next, if the machine allows it.
struct Candidate {
    class: u32,
    bit: u32,
    via: Via,
}

/// What was counted when a search last paid for it.
struct Spent {
    compared: u64,
    states: usize,
}

/// What the search looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// One way to pass the last return.
    First,
    /// Every configuration after the last return, without those for which there is a better one.
    All,
}

pub(crate) struct Search<'a, const W: usize> {
    problem: &'a Problem,
    machine: &'a mut Machine,
    /// What the machine held before the search.
    bytes_before: usize,
    problem_bytes: usize,
    starts: Vec<Config<W>>,
    visited: Visited<W>,
    /// The nodes that reached the deepest layer, without repeating a state.
    deepest: Vec<u32>,
    pub(crate) reached: Vec<u32>,
    /// How many pairs of calls it asked which comes first.
    ordered: u64,
}

/// How many of the deepest configurations are kept to be shown.
const SHOWN: usize = 8;

/// A step costs as much as so many words of a configuration that are copied and hashed.
const WORDS_PER_STEP: u64 = 8;

/// A step costs as much as a look at so many operations that cannot be next.
const LOOKS_PER_STEP: u64 = 2;

/// A step costs as much as so many configurations that are compared.
const COMPARISONS_PER_STEP: u64 = 8;

impl<'a, const W: usize> Search<'a, W> {
    pub(crate) fn new(problem: &'a Problem, machine: &'a mut Machine) -> Self {
        Self {
            problem,
            bytes_before: machine.bytes(),
            machine,
            problem_bytes: problem.bytes(),
            starts: Vec::new(),
            visited: Visited::new(problem),
            deepest: Vec::new(),
            reached: Vec::new(),
            ordered: 0,
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
        let mut spent = Spent {
            compared: self.visited.compared() + self.ordered,
            states: self.machine.worth(),
        };
        while let Some((node, cursor)) = stack.last_mut() {
            meter.take(self.work_since(&mut spent))?;
            if goal == Goal::First && !self.reached.is_empty() {
                break;
            }
            let (node, before) = (*node, *cursor);
            let candidate = self.next_candidate(node, cursor);
            let looked_at = u64::from(*cursor - before) / LOOKS_PER_STEP;
            let Some(candidate) = candidate else {
                stack.pop();
                meter.take(1 + looked_at)?;
                continue;
            };
            meter.take(Self::DEAR + looked_at)?;
            if let Some(next) = self.place(node, candidate) {
                stack.push((next, 0));
                meter.hold(self.bytes() + 8 * stack.len())?;
            }
        }
        Ok(())
    }

    /// How many steps it costs to go on from a configuration.
    const DEAR: u64 = 1 + W as u64 / WORDS_PER_STEP;

    /// What it was worth, in steps, to compare configurations and to meet states since that was asked last.
    fn work_since(&self, spent: &mut Spent) -> u64 {
        let compared = self.visited.compared() + self.ordered;
        let comparisons = (compared - spent.compared) / COMPARISONS_PER_STEP;
        // What makes no whole step yet is paid for later.
        spent.compared += comparisons * COMPARISONS_PER_STEP;
        Self::DEAR * comparisons + work_of_states(&mut spent.states, self.machine.worth())
    }

    fn bytes(&self) -> usize {
        self.visited.bytes() + (self.machine.bytes() - self.bytes_before) + self.problem_bytes
    }

    /// The next operation that may take effect after a node, from the `cursor`-th on.
    fn next_candidate(&self, node: u32, cursor: &mut u32) -> Option<Candidate> {
        let config = &self.visited.get(node).config;
        if config.layer == self.problem.layers {
            return None;
        }
        let tries = self.problem.tries(config.layer);
        while let Some(&known) = tries.get(*cursor as usize) {
            *cursor += 1;
            let Known {
                class,
                slot: bit,
                reads_only,
                ..
            } = self.problem.known[known as usize];
            if !reads_only && !config.bits.has(bit) {
                let via = Via::Known(known);
                return Some(Candidate { class, bit, via });
            }
        }
        while let Some(group) = self.problem.groups.get(*cursor as usize - tries.len()) {
            *cursor += 1;
            if let Some(bit) = group.next(config.layer, |bit| config.bits.has(bit)) {
                let (class, via) = (group.class, Via::Open(bit));
                return Some(Candidate { class, bit, via });
            }
        }
        None
    }

    /// Lets an operation take effect after a node; the node that leads to, if it is worth a visit.
    fn place(&mut self, node: u32, Candidate { class, bit, via }: Candidate) -> Option<u32> {
        let before = self.visited.get(node).config.state;
        let after = self.machine.step(before, class);
        let open = matches!(via, Via::Open(_));
        if after == REFUSED || (open && (after == before || self.machine.is_worst(after))) {
            return None;
        }
        let Node {
            mut config,
            without,
            ..
        } = *self.visited.get(node);
        if without != NOWHERE && self.machine.step(without, class) == after {
            return None;
        }
        if self.is_overdue(&config, class) {
            return None;
        }
        config.state = after;
        config.bits.set(bit);
        self.enter(config, node, via, if open { before } else { NOWHERE })
    }

    /// Whether some operation that is about to take effect must do so before one of this class.
    fn is_overdue(&mut self, config: &Config<W>, class: u32) -> bool {
        if !self.machine.orders_calls() {
            return false;
        }
        let problem = self.problem;
        let available = problem.available(config.layer);
        self.ordered += available.len() as u64;
        available.iter().any(|&known| {
            let other = &problem.known[known as usize];
            !config.bits.has(other.slot) && self.machine.comes_first(other.class, class)
        })
    }

    /// Goes as far as reads alone lead, and keeps the configuration unless a better one is known.
    fn enter(&mut self, mut config: Config<W>, parent: u32, via: Via, without: u32) -> Option<u32> {
        let served = self.settle(&mut config, None);
        if self.is_lost(&config) {
            return None;
        }
        let without = if served { NOWHERE } else { without };
        let node = self.visited.insert(Node {
            config,
            parent,
            via,
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
                    && !config.bits.has(operation.slot)
                    && self.machine.step(config.state, operation.class) != REFUSED
                {
                    config.bits.set(operation.slot);
                    moved = true;
                    if let Some(order) = order.as_deref_mut() {
                        order.push(operation.op);
                    }
                }
            }
            let returning = problem.known[available[0] as usize].slot;
            if !config.bits.has(returning) {
                break;
            }
            config.bits.clear(returning);
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
        let unplaced = |known: &Known| known.reads_only && !config.bits.has(known.slot);
        if config.layer == problem.layers {
            return problem.reads_begin_from(config.layer)
                || problem.overlapping_end().any(unplaced);
        }
        let mut available = problem.available(config.layer).iter();
        problem.reads_begin_from(config.layer + 1)
            || available.any(|&known| unplaced(&problem.known[known as usize]))
    }

    fn note(&mut self, node: u32) {
        let config = self.visited.get(node).config;
        let deepest = self
            .deepest
            .first()
            .map(|&n| self.visited.get(n).config.layer);
        if deepest.is_none_or(|layer| layer < config.layer) {
            self.deepest.clear();
        } else if deepest != Some(config.layer) || self.deepest.len() == SHOWN {
            return;
        }
        let seen = |&n: &u32| self.visited.get(n).config.state == config.state;
        if !self.deepest.iter().any(seen) {
            self.deepest.push(node);
        }
    }

    /// The deepest configurations that were reached.
    pub(crate) fn deepest(&self) -> &[u32] {
        &self.deepest
    }

    pub(crate) fn config(&self, node: u32) -> Config<W> {
        self.visited.get(node).config
    }

    pub(crate) fn describe(&self, state: u32) -> String {
        self.machine.describe(state)
    }

    /// The operations that took effect on the way to a node, in order.
    pub(crate) fn order(&mut self, node: u32) -> Vec<OpId> {
        let mut path = vec![node];
        let mut at = self.visited.get(node).parent;
        while at != NOWHERE {
            path.push(at);
            at = self.visited.get(at).parent;
        }
        let mut order = Vec::new();
        for &step in path.iter().rev() {
            let Node { parent, via, .. } = *self.visited.get(step);
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
        let mut config = self.visited.get(node).config;
        config.state = self.machine.step(config.state, class);
        config.bits.set(bit);
        config
    }
}
