//! Causal consistency: a client counts on what it has read or done, and so do the clients that learnt of it.
//!
//! It is judged by the bad patterns of Bouajjani, Enea, Guerraoui and Hamza, "On verifying causal
//! consistency" (POPL 2017), for registers of which every write writes another value. The causal
//! order is the least that holds each process' own order and puts a write before the reads that
//! return it. A history is causally consistent unless
//!
//! - a read returns what nobody wrote,
//! - a read returns nothing although a write of that register is in its causal past, or
//! - a read returns a write although another one, causally after that, is in its causal past.
//!
//! It is causally *convergent* unless, besides, the replicas cannot agree on one order of the
//! writes of all registers: if some write is causally before a read that returns another, it is
//! ordered before that other, and these orders and the causal one have a cycle.
//!
//! A cycle in the causal order itself cannot be: it would take a read that returns what is written
//! only afterwards in true time, and such a read returns what nobody wrote.

use super::conclusion::{Conclusion, Violation};
use super::entries::Entries;
use super::versions::{Version, Versions, place};
use crate::history::{Event, Function, History, OpId, Operation, Process, Time};
use crate::value::Value;
use sim::sorted::{Map, Set};

/// How much is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Causes come before effects.
    Causal,
    /// Causes come before effects, and all replicas agree in the end on the order of the writes.
    Convergent,
}

/// Checks a whole history.
pub fn check(history: &History, level: Level) -> Conclusion {
    let mut causal = Causal::new(level);
    causal.feed(history).clone()
}

/// The writes of one register by one process.
type Line = (Option<Value>, Process);

/// How many operations of each process are in the causal past of an operation: a vector clock.
type Past = Map<Process, u32>;

/// A checker that reads a history entry by entry; it can be cloned at any time.
#[derive(Clone, Debug)]
pub struct Causal {
    level: Level,
    versions: Versions,
    /// What each process has in its past, its own operations included.
    pasts: Map<Process, Past>,
    writes: Map<OpId, Write>,
    /// The writes of each register by each process, in order, with their numbers in the process.
    of: Map<Line, Vec<(u32, OpId)>>,
    read_by: Map<OpId, OpId>,
    /// Writes that must be ordered before others, because a read says so.
    before: Map<OpId, Set<OpId>>,
    entries: Entries,
}

/// Operations that contradict each other, and why.
type Contradiction = (Vec<OpId>, String);

#[derive(Clone, Debug)]
struct Write {
    process: Process,
    number: u32,
    past: Past,
}

impl Causal {
    /// A checker at the start of a history.
    pub fn new(level: Level) -> Self {
        Self {
            level,
            versions: Versions::default(),
            pasts: Map::new(),
            writes: Map::new(),
            of: Map::new(),
            read_by: Map::new(),
            before: Map::new(),
            entries: Entries::default(),
        }
    }

    /// Reads all entries of `history` that it has not read yet.
    pub fn feed(&mut self, history: &History) -> &Conclusion {
        while let Some((event, operation)) = self.entries.next(history) {
            let conclusion = match event {
                Event::Invoke(_) => self.invoke(operation),
                Event::Return(_) => self.end(history, operation),
            };
            self.entries.conclude(conclusion);
        }
        self.entries.conclusion()
    }

    /// A write is in its process' order from its invocation on, as others may see it at once.
    fn invoke(&mut self, operation: &Operation) -> Conclusion {
        if let Err(why) = self.versions.invoke(operation) {
            return Conclusion::Unknown(why);
        }
        if operation.call.function == Function::Write {
            let process = operation.process;
            let past = self.pasts.entry(process).or_default();
            let number = past.get(&process).copied().unwrap_or(0) + 1;
            past.insert(process, number);
            let write = Write {
                process,
                number,
                past: past.clone(),
            };
            self.writes.insert(operation.id, write);
            let of = self
                .of
                .entry((operation.call.key.clone(), process))
                .or_default();
            of.push((number, operation.id));
        }
        Conclusion::Holds
    }

    fn end(&mut self, history: &History, operation: &Operation) -> Conclusion {
        let is_read = operation.call.function == Function::Read && operation.result().is_some();
        let contradiction = if operation.failed() {
            self.taken_back(operation)
        } else if is_read {
            self.read(history, operation)
        } else {
            None
        };
        match contradiction {
            Some((operations, because)) => {
                Conclusion::Violated(Violation::at_end_of(operation, operations, because))
            }
            None => Conclusion::Holds,
        }
    }

    /// A write failed although somebody had read what it wrote.
    fn taken_back(&self, write: &Operation) -> Option<Contradiction> {
        let &read = self.read_by.get(&write.id)?;
        let because = format!("{write}, yet operation {read} read what it wrote");
        Some((vec![read, write.id], because))
    }

    /// What a read that ended ok contradicts.
    fn read(&mut self, history: &History, read: &Operation) -> Option<Contradiction> {
        let version = self.versions.read(read);
        if let Version::Written(write) = version {
            self.learn(read, write);
        }
        let seen = self.latest_seen(read);
        match version {
            Version::Unwritten => {
                let because = format!("{read}: nobody had written that");
                Some((vec![read.id], because))
            }
            Version::Initial => {
                let &write = seen.first()?;
                let because = missed(history, read, write, "nothing had been written");
                Some((vec![read.id, write], because))
            }
            Version::Written(version) => {
                let newer = self.overwritten(history, read, version, &seen);
                newer.or_else(|| self.disagreement(history, read, version, &seen))
            }
        }
    }

    /// Another write, causally after the one that was read, was known to the reader.
    fn overwritten(
        &self,
        history: &History,
        read: &Operation,
        version: OpId,
        seen: &[OpId],
    ) -> Option<Contradiction> {
        let &write = seen.iter().find(|&&write| self.is_past(version, write))?;
        let because = missed(history, read, write, "that had not been overwritten");
        Some((vec![read.id, write, version], because))
    }

    /// Where all must agree: the read orders two writes the other way round than earlier reads did.
    fn disagreement(
        &mut self,
        history: &History,
        read: &Operation,
        version: OpId,
        seen: &[OpId],
    ) -> Option<Contradiction> {
        if self.level == Level::Causal {
            return None;
        }
        let write = self.agree(seen, version)?;
        let because = format!(
            "{read}: so {} was overwritten by it, but the opposite had been seen before",
            told(history, write)
        );
        Some((vec![read.id, version, write], because))
    }

    /// What the writer had in its past, the reader has too.
    fn learn(&mut self, read: &Operation, write: OpId) {
        self.read_by.entry(write).or_insert(read.id);
        let Some(write) = self.writes.get(&write) else {
            return;
        };
        let past = self.pasts.entry(read.process).or_default();
        for (&process, &number) in &write.past {
            let known = past.entry(process).or_default();
            *known = number.max(*known);
        }
    }

    /// Of each process, the latest write of the read's register in the read's past.
    fn latest_seen(&self, read: &Operation) -> Vec<OpId> {
        let Some(past) = self.pasts.get(&read.process) else {
            return Vec::new();
        };
        let latest = past.iter().filter_map(|(&process, &number)| {
            let writes = self.of.get(&(read.call.key.clone(), process))?;
            let known = writes.partition_point(|&(n, _)| n <= number);
            known.checked_sub(1).map(|last| writes[last].1)
        });
        latest.collect()
    }

    /// Whether one write is causally before another.
    fn is_past(&self, write: OpId, of: OpId) -> bool {
        let (Some(a), Some(b)) = (self.writes.get(&write), self.writes.get(&of)) else {
            return false;
        };
        write != of
            && b.past
                .get(&a.process)
                .is_some_and(|&number| a.number <= number)
    }

    /// Orders the writes that a reader of `version` had seen before it. Returns one that cannot be ordered so.
    fn agree(&mut self, seen: &[OpId], version: OpId) -> Option<OpId> {
        for &write in seen.iter().filter(|&&write| write != version) {
            if self.leads_to(version, write) {
                return Some(write);
            }
            self.before.entry(write).or_default().insert(version);
        }
        None
    }

    /// Whether the orders so far put `from` before `to`.
    fn leads_to(&self, from: OpId, to: OpId) -> bool {
        let mut reached = Set::from([from]);
        let mut left = vec![from];
        while let Some(write) = left.pop() {
            if write == to || self.is_past(write, to) {
                return true;
            }
            // Whatever is causally after `write` may lead on from there.
            let onward = self
                .before
                .iter()
                .filter(|&(&through, _)| through == write || self.is_past(write, through));
            for &next in onward.flat_map(|(_, next)| next) {
                if reached.insert(next) {
                    left.push(next);
                }
            }
        }
        false
    }
}

fn told(history: &History, op: OpId) -> String {
    history
        .get(op)
        .map_or_else(|| op.to_string(), |op| format!("the {}", op.call))
}

fn missed(history: &History, read: &Operation, write: OpId, as_if: &str) -> String {
    let at = |op: &Operation| op.invoked;
    let when = history.get(write).map_or(Time(0), at);
    let result = read.result().cloned().unwrap_or_default();
    format!(
        "process {} read {result} from {} as if {as_if}, although it knew, directly or through \
         others, of {} of {when}",
        read.process,
        place(read),
        told(history, write),
    )
}
