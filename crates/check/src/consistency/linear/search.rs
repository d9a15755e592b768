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
//!   took effect, the one that used fewer can do all that the other can, because nothing ever forces
//!   an open operation. So the other is dropped.
//! - **Open operations with a purpose.** An open operation that took effect must matter to what
//!   comes next: whatever would have led to the same state without it is not tried after it, as
//!   the configuration without it is at hand and has used less.
//!   Nor is one that leads to a state that allows no more than any other.
//! - **Interchangeable operations** are used in order (see [`Group`](super::problem::Group)).

use super::config::Config;
use super::problem::{Known, Problem};
use super::visited::{NOWHERE, Node, Via, Visited};
use crate::consistency::budget::{Meter, Unknown};
use crate::history::OpId;
use crate::machine::{Machine, REFUSED};

/// What may happen next in a configuration.
enum Candidate {
    /// Nothing that has not been tried.
    None,
    /// Not this operation.
    Unfit,
    /// This operation, if the machine allows it.
    Fit { class: u32, bit: u32, via: Via },
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
}

/// How many of the deepest configurations are kept to be shown.
const SHOWN: usize = 8;

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
        self.visited.bytes() + (self.machine.bytes() - self.bytes_before) + self.problem_bytes
    }

    /// The `at`-th operation that may take effect after a node.
    fn candidate(&self, node: u32, at: u32) -> Candidate {
        let config = &self.visited.get(node).config;
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
            if reads_only || config.bits.has(bit) {
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
        let used = group.used(|bit| config.bits.has(bit));
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
        } = *self.visited.get(node);
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
        config.bits.set(bit);
        self.enter(config, node, via, if open { before } else { NOWHERE })
    }

    /// Whether some operation that is about to take effect must do so before one of this class.
    fn is_overdue(&self, config: &Config<W>, class: u32) -> bool {
        let problem = self.problem;
        self.machine.orders_calls()
            && problem.available(config.layer).iter().any(|&known| {
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
