//! Sequential consistency: is there one order of all operations that respects the order of each
//! process and that the objects allow? (Lamport, "How to make a multiprocessor computer that
//! correctly executes multiprocess programs", 1979.)
//!
//! Unlike linearizability it is not local: objects cannot be checked one by one, since the orders
//! of single objects may contradict each other. The search goes through positions in the
//! processes, with a cache of those that were visited in the same states of the objects.
//!
//! An operation that never returned may have taken effect at any time after the earlier ones of its
//! process, also after the later ones, or not at all. So it counts as a process of its own, which
//! begins where its process called it.

use crate::consistency::budget::{Budget, Meter, Unknown, work_of_states};
use crate::consistency::conclusion::Violation;
use crate::consistency::linear::Partial;
use crate::history::{History, OpId, Operation, Process};
use crate::machine::{Lookahead, Machine, REFUSED};
use crate::model::{BadOperation, Model};
use crate::quoted::listed;
use crate::value::Value;
use rustc_hash::FxHashSet;
use sim::sorted::Map;

/// What is concluded about a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sequential {
    /// It is sequentially consistent; an order that shows it.
    Consistent(Vec<OpId>),
    /// It is not; and the longest order that was found. Only the end of the history makes that
    /// certain: a read may return what is written after it in true time.
    Violated(Violation, Partial),
    /// The search ended without an answer.
    Unknown(Unknown),
}

/// Checks a whole history.
///
/// # Errors
/// If the model cannot make sense of an operation.
pub fn check(history: &History, model: &Model, budget: Budget) -> Result<Sequential, BadOperation> {
    check_metered(history, model, &mut Meter::new(budget))
}

/// Checks a whole history with a meter, which may be cancelled.
///
/// # Errors
/// If the model cannot make sense of an operation.
pub fn check_metered(
    history: &History,
    model: &Model,
    meter: &mut Meter<'_>,
) -> Result<Sequential, BadOperation> {
    let mut search = match Search::new(history, model, meter)? {
        Ok(search) => search,
        Err(why) => return Ok(Sequential::Unknown(why)),
    };
    Ok(match search.run(meter) {
        Ok(true) => Sequential::Consistent(search.order(search.longest)),
        Ok(false) => search.violation(history),
        Err(why) => Sequential::Unknown(why),
    })
}

#[derive(Clone, Copy, Debug)]
struct Step {
    op: OpId,
    object: usize,
    class: u32,
    reads_only: bool,
    /// The entry with which it ended: a good guess at the order.
    by: u32,
}

/// What comes next in each line, and the state of each object.
type Config = Box<[u32]>;

struct Node {
    parent: u32,
    /// The operations placed since the parent.
    placed: Vec<OpId>,
}

/// A step of the search costs as much as a look at so many numbers of a configuration.
const NUMBERS_PER_STEP: usize = 4;

struct Search {
    machines: Vec<Machine>,
    /// The operations of each process in order, and those that never returned one by one.
    lines: Vec<Vec<Step>>,
    required: usize,
    /// Where each operation that never returned was called, in the order of their lines.
    called: Vec<Called>,
    visited: FxHashSet<Config>,
    nodes: Vec<Node>,
    longest: u32,
    longest_config: Config,
    longest_placed: usize,
}

const NOWHERE: u32 = u32::MAX;

/// Where a process called an operation.
#[derive(Clone, Copy, Debug)]
struct Called {
    /// The process' line, if it has operations that returned.
    line: Option<usize>,
    /// How many operations of that line came before.
    after: u32,
}

impl Search {
    fn new(
        history: &History,
        model: &Model,
        meter: &Meter<'_>,
    ) -> Result<Result<Self, Unknown>, BadOperation> {
        let lookahead = match model {
            Model::KvAppend => Lookahead::All,
            _ => Lookahead::None,
        };
        let mut objects: Map<Option<&Value>, usize> = Map::new();
        let mut machines: Vec<Machine> = Vec::new();
        let mut held = 0;
        let mut known: Map<Process, Vec<Step>> = Map::new();
        let mut open: Vec<(Step, Process, u32)> = Vec::new();
        for operation in history.operations().iter().filter(|op| !op.failed()) {
            let key = operation
                .call
                .key
                .as_ref()
                .filter(|_| model.partitions_by_key());
            let object = *objects.entry(key).or_insert_with(|| {
                let machine = Machine::new(model, lookahead);
                held += machine.bytes();
                machines.push(machine);
                machines.len() - 1
            });
            held -= machines[object].bytes();
            let step = step(operation, object, &mut machines[object])?;
            held += machines[object].bytes();
            if let Err(why) = meter.hold(held) {
                return Ok(Err(why));
            }
            match operation.effective_by() {
                Some(_) => known.entry(operation.process).or_default().push(step),
                None if step.reads_only => {}
                None => {
                    let process = operation.process;
                    let after = known.get(&process).map_or(0, Vec::len) as u32;
                    open.push((step, process, after));
                }
            }
        }
        let line = |process| known.keys().position(|&known| known == process);
        let called = open.iter().map(|&(_, process, after)| Called {
            line: line(process),
            after,
        });
        let called = called.collect();
        let mut lines: Vec<Vec<Step>> = known.into_values().collect();
        let required = lines.len();
        lines.extend(open.into_iter().map(|(step, ..)| vec![step]));
        let start = vec![0; lines.len() + machines.len()].into_boxed_slice();
        Ok(Ok(Self {
            machines,
            lines,
            required,
            called,
            visited: FxHashSet::default(),
            nodes: Vec::new(),
            longest: NOWHERE,
            longest_config: start,
            longest_placed: 0,
        }))
    }

    /// Whether all required operations can be placed.
    fn run(&mut self, meter: &mut Meter<'_>) -> Result<bool, Unknown> {
        let start = self.longest_config.clone();
        let mut stack = Vec::new();
        stack.extend(self.enter(start, NOWHERE, Vec::new()));
        let mut states = self.bytes_of_states();
        while let Some((config, node, candidates)) = stack.last_mut() {
            if self.is_done(config) {
                return Ok(true);
            }
            let Some(line) = candidates.pop() else {
                stack.pop();
                continue;
            };
            let (config, node) = (config.clone(), *node);
            let next = self.place(&config, line);
            stack.extend(next.and_then(|(next, op)| self.enter(next, node, vec![op])));
            let numbers = self.lines.len() + self.machines.len();
            let held = self.bytes_of_states();
            let work = 1 + (numbers / NUMBERS_PER_STEP) as u64;
            meter.take(work + work_of_states(&mut states, held))?;
            meter.hold(self.bytes(stack.len()) + held)?;
        }
        Ok(false)
    }

    fn bytes(&self, stacked: usize) -> usize {
        let config = 4 * (self.lines.len() + self.machines.len()) + 24;
        let candidates = 8 * self.lines.len() + 24;
        self.visited.len() * (config + 96) + stacked * (config + candidates)
    }

    fn bytes_of_states(&self) -> usize {
        self.machines.iter().map(Machine::bytes).sum()
    }

    fn is_done(&self, config: &Config) -> bool {
        (0..self.required).all(|line| config[line] as usize == self.lines[line].len())
    }

    fn next(&self, config: &Config, line: usize) -> Option<Step> {
        let step = self.lines[line].get(config[line] as usize).copied();
        step.filter(|_| self.was_called(config, line))
    }

    /// Whether the process of an operation that never returned has come to where it called it.
    fn was_called(&self, config: &Config, line: usize) -> bool {
        let called = line
            .checked_sub(self.required)
            .map(|open| self.called[open]);
        let process = called.and_then(|called| Some((called.line?, called.after)));
        process.is_none_or(|(line, after)| config[line] >= after)
    }

    /// Lets the next operation of a line take effect.
    fn place(&mut self, config: &Config, line: usize) -> Option<(Config, OpId)> {
        let step = self.next(config, line)?;
        let state = config[self.lines.len() + step.object];
        let after = self.machines[step.object].step(state, step.class);
        if after == REFUSED || (line >= self.required && after == state) {
            return None;
        }
        let mut config = config.clone();
        config[line] += 1;
        config[self.lines.len() + step.object] = after;
        Some((config, step.op))
    }

    /// Places the reads that are allowed, which is free as in the search for linearizations, and
    /// lists the lines to go on with, the most promising last.
    fn enter(
        &mut self,
        mut config: Config,
        parent: u32,
        mut placed: Vec<OpId>,
    ) -> Option<(Config, u32, Vec<usize>)> {
        for line in 0..self.required {
            self.read_on(&mut config, line, &mut placed);
        }
        if !self.visited.insert(config.clone()) {
            return None;
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node { parent, placed });
        let total = (0..self.required).map(|line| config[line] as usize).sum();
        if self.longest == NOWHERE || total > self.longest_placed {
            (self.longest, self.longest_placed) = (node, total);
            self.longest_config = config.clone();
        }
        let mut candidates: Vec<usize> = (0..self.lines.len())
            .filter(|&line| self.next(&config, line).is_some())
            .collect();
        candidates.sort_by_key(|&line| {
            std::cmp::Reverse(self.next(&config, line).map_or(u32::MAX, |step| step.by))
        });
        Some((config, node, candidates))
    }

    /// A read changes no state, so one pass over the lines places all that are allowed.
    fn read_on(&mut self, config: &mut Config, line: usize, placed: &mut Vec<OpId>) {
        while let Some(step) = self.next(config, line).filter(|step| step.reads_only) {
            let state = config[self.lines.len() + step.object];
            if self.machines[step.object].step(state, step.class) == REFUSED {
                return;
            }
            config[line] += 1;
            placed.push(step.op);
        }
    }

    fn order(&self, node: u32) -> Vec<OpId> {
        let mut path = Vec::new();
        let mut at = node;
        while at != NOWHERE {
            path.push(at);
            at = self.nodes[at as usize].parent;
        }
        path.iter()
            .rev()
            .flat_map(|&node| self.nodes[node as usize].placed.clone())
            .collect()
    }

    fn violation(&self, history: &History) -> Sequential {
        let config = &self.longest_config;
        let stuck: Vec<Step> = (0..self.required)
            .filter_map(|line| self.next(config, line))
            .collect();
        let unplaced: Vec<OpId> = stuck.iter().map(|step| step.op).collect();
        let mut states: Vec<String> = Vec::new();
        for step in &stuck {
            let state = config[self.lines.len() + step.object];
            let state = self.machines[step.object].describe(state);
            if !states.contains(&state) {
                states.push(state);
            }
        }
        let told = unplaced.iter().filter_map(|&op| history.get(op));
        let told = listed(told, "; or ");
        let state = listed(&states, ", and ");
        let because = format!(
            "no valid order of all operations keeps each process' own order; after the longest valid \
             one found {state}, and what comes next is: {told}"
        );
        let event = (history.events().len() as u32).saturating_sub(1);
        let operations = unplaced.clone();
        Sequential::Violated(
            Violation {
                at: history.last(),
                event,
                operations,
                before: Some(Vec::new()),
                because,
            },
            Partial {
                order: self.order(self.longest),
                state,
                unplaced,
            },
        )
    }
}

fn step(operation: &Operation, object: usize, machine: &mut Machine) -> Result<Step, BadOperation> {
    let class = machine.class(operation, operation.result())?;
    Ok(Step {
        op: operation.id,
        object,
        class,
        reads_only: machine.reads_only(class),
        by: operation.effective_by().unwrap_or(u32::MAX),
    })
}
