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
//! True time does not count in a whole history: a read may return what is written only afterwards, but then the causal
//! order must have no cycle. While a history is still being written, such a read returns what nobody wrote.

use super::budget::{Budget, Meter, Unknown};
use super::causes::{CausesFirst, causes_first};
use super::conclusion::{Conclusion, Violation};
use super::entries::Entries;
use super::order::Order;
use super::versions::{Version, Versions, place};
use crate::history::{Ended, Event, Function, History, OpId, Operation, Process, Time};
use crate::value::Value;
use sim::held::{Held, Measure, all_held};
use sim::sorted::Map;

/// How much is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Causes come before effects.
    Causal,
    /// Causes come before effects, and all replicas agree in the end on the order of the writes.
    Convergent,
}

/// Checks a whole history of registers that start at `initial`.
pub fn check(history: &History, level: Level, initial: &Value, budget: Budget) -> Conclusion {
    check_metered(history, level, initial, &mut Meter::new(budget))
}

/// The same, with a meter that may be shared or cancelled.
pub fn check_metered(
    history: &History,
    level: Level,
    initial: &Value,
    meter: &mut Meter<'_>,
) -> Conclusion {
    let mut causal = Causal::starting(level, initial);
    let CausesFirst { events, circle } = match causes_first(history, causal.versions.clone()) {
        Ok(ordered) => ordered,
        Err(why) => return Conclusion::Unknown(why),
    };
    let conclusion = causal.take_all(history, &events, meter);
    if conclusion != Conclusion::Holds {
        return conclusion;
    }
    let first = circle.first().copied();
    let read = first.and_then(|(read, write)| Some((history.get(read)?, write)));
    read.map_or(Conclusion::Holds, |(read, write)| {
        let because = format!("{read}: by the causal order, that was written only after this read");
        Conclusion::Violated(Violation::at_end_of(read, vec![read.id, write], because))
    })
}

/// Checks a whole history in true time: no read returns what is written only after it.
pub fn check_in_time(
    history: &History,
    level: Level,
    initial: &Value,
    meter: &mut Meter<'_>,
) -> Conclusion {
    Causal::starting(level, initial).take_all(history, history.events(), meter)
}

/// A step costs as much as a look at so many numbers of the past.
const NUMBERS_PER_STEP: u64 = 8;

/// To order two writes costs as much as a look at so many numbers.
const NUMBERS_PER_ORDER: u64 = 32;

/// The writes of one register by each process, in order, with their numbers in the process.
type Lines = Map<Process, Vec<(u32, OpId)>>;

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
    of: Map<Option<Value>, Lines>,
    read_by: Map<OpId, OpId>,
    /// Where replicas must agree: the order of all writes.
    order: Order,
    /// What comes before the next write of each process: its last write, and what it has read since.
    latest: Map<Process, Vec<u32>>,
    entries: Entries,
    cost: Cost,
}

/// What was looked at and kept, to be paid for.
#[derive(Clone, Debug, Default)]
struct Cost {
    /// How many numbers of the past were looked at.
    looked: u64,
    /// How many numbers the pasts of writes have.
    kept: usize,
    /// How many steps were paid for.
    paid: u64,
}

/// Operations that contradict each other, and why.
type Contradiction = (Vec<OpId>, String);

#[derive(Clone, Debug)]
struct Write {
    process: Process,
    number: u32,
    past: Past,
    /// Its number in the order of all writes.
    place: u32,
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
            order: Order::default(),
            latest: Map::new(),
            entries: Entries::default(),
            cost: Cost::default(),
        }
    }

    /// The same for registers that start at `initial`.
    fn starting(level: Level, initial: &Value) -> Self {
        Self {
            versions: Versions::starting(initial.clone()),
            ..Self::new(level)
        }
    }

    /// Bytes that it takes on the heap, without those of values.
    pub fn held(&self, by: Measure) -> usize {
        let pasts = self.writes.values().map(|write| &write.past);
        let lines = self.of.values().flat_map(Map::values);
        self.versions.held(by)
            + self.pasts.held(by)
            + all_held(self.pasts.values(), by)
            + self.writes.held(by)
            + all_held(pasts, by)
            + self.of.held(by)
            + all_held(self.of.values(), by)
            + all_held(lines, by)
            + self.read_by.held(by)
            + self.order.held(by)
            + self.latest.held(by)
            + all_held(self.latest.values(), by)
    }

    /// Reads all entries of `history` that it has not read yet.
    pub fn feed(&mut self, history: &History) -> &Conclusion {
        while let Some((event, _)) = self.entries.next(history) {
            let conclusion = self.take(history, event);
            self.entries.conclude(conclusion);
        }
        self.entries.conclusion()
    }

    fn take_all(
        &mut self,
        history: &History,
        events: &[Event],
        meter: &mut Meter<'_>,
    ) -> Conclusion {
        for &event in events {
            let conclusion = self.take(history, event);
            if conclusion != Conclusion::Holds {
                return conclusion;
            }
            if let Err(why) = self.pay(meter) {
                return Conclusion::Unknown(why);
            }
        }
        Conclusion::Holds
    }

    /// Pays for what the entries since the last payment have cost, and for what is held.
    fn pay(&mut self, meter: &mut Meter<'_>) -> Result<(), Unknown> {
        let steps = (self.order.steps() + self.cost.looked) / NUMBERS_PER_STEP;
        let before = std::mem::replace(&mut self.cost.paid, steps);
        meter.take(1 + steps - before)?;
        let number = size_of::<(Process, u32)>();
        let writes = size_of::<Write>() * self.writes.len();
        meter.hold(self.order.bytes() + number * self.cost.kept + writes)
    }

    fn take(&mut self, history: &History, event: Event) -> Conclusion {
        match (history.get(event.op()), event) {
            (None, _) => Conclusion::Holds,
            (Some(operation), Event::Invoke(_)) => self.invoke(operation),
            (Some(operation), Event::Return(_)) => self.end(history, operation),
        }
    }

    fn invoke(&mut self, operation: &Operation) -> Conclusion {
        if let Err(why) = self.versions.invoke(operation) {
            return Conclusion::Unknown(why);
        }
        if operation.call.function == Function::Write && !operation.failed() {
            self.write(operation);
        }
        Conclusion::Holds
    }

    /// A write is in its process' order from its invocation on, as others may see it at once. One that is known to end as
    /// *info* is in an order of its own, because it may take effect later, or never.
    fn write(&mut self, operation: &Operation) {
        let process = operation.process;
        let may_never_be = matches!(operation.ended, Ended::Info { .. });
        let line = if may_never_be {
            Process(u32::MAX - operation.id.0)
        } else {
            process
        };
        let mut past = self.pasts.get(&process).cloned().unwrap_or_default();
        let number = past.get(&line).copied().unwrap_or(0) + 1;
        past.insert(line, number);
        self.cost.looked += past.len() as u64;
        self.cost.kept += past.len();
        let place = self.order.add();
        for &earlier in self.latest.get(&process).into_iter().flatten() {
            self.order.put(earlier, place);
        }
        if !may_never_be {
            self.pasts.insert(process, past.clone());
            self.latest.insert(process, vec![place]);
        }
        let write = Write {
            process: line,
            number,
            past,
            place,
        };
        self.writes.insert(operation.id, write);
        let of = self.of.entry(operation.call.key.clone()).or_default();
        of.entry(line).or_default().push((number, operation.id));
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
        let latest = self.latest.entry(read.process).or_default();
        if latest.last() != Some(&write.place) {
            latest.push(write.place);
        }
        self.cost.looked += write.past.len() as u64;
        let past = self.pasts.entry(read.process).or_default();
        for (&process, &number) in &write.past {
            let known = past.entry(process).or_default();
            *known = number.max(*known);
        }
    }

    /// Of each process, the latest write of the read's register in the read's past.
    fn latest_seen(&mut self, read: &Operation) -> Vec<OpId> {
        let Some(past) = self.pasts.get(&read.process) else {
            return Vec::new();
        };
        let of = self.of.get(&read.call.key);
        self.cost.looked += of.map_or(0, Map::len) as u64;
        let latest = of.into_iter().flatten().filter_map(|(process, writes)| {
            let &number = past.get(process)?;
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
        self.cost.looked += NUMBERS_PER_ORDER * seen.len() as u64;
        let then = self.writes.get(&version)?.place;
        let unordered = |&&write: &&OpId| write != version && !self.is_past(write, version);
        let unordered: Vec<OpId> = seen.iter().filter(unordered).copied().collect();
        unordered.into_iter().find(|write| {
            let first = self.writes.get(write).map(|write| write.place);
            first.is_some_and(|first| !self.order.put(first, then))
        })
    }
}

fn told(history: &History, op: OpId) -> String {
    history
        .get(op)
        .map_or_else(|| op.to_string(), |op| format!("the {}", op.call))
}

fn missed(history: &History, read: &Operation, write: OpId, as_if: &str) -> String {
    let at = |op: &Operation| op.invoked;
    let when = history.moment(history.get(write).map_or(Time(0), at));
    let result = read.result().cloned().unwrap_or_default();
    format!(
        "{} read {result} from {} as if {as_if}, although it knew, directly or through \
         others, of {} of {when}",
        read.client(),
        place(read),
        told(history, write),
    )
}
