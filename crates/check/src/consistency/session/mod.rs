//! Session guarantees: what one client may count on, wherever its calls are served.
//!
//! The four guarantees are due to Terry, Demers, Petersen, Spreitzer, Theimer and Welch, "Session guarantees for
//! weakly consistent replicated data" (PDIS 1994). They are judged from outside, as Viotti and Vukolić define them
//! ("Consistency in non-transactional distributed storage systems", ACM Computing Surveys 49(1), 2016): the writes have one
//! order, the *arbitration*, and a read returns the last of the writes that are visible to it. A history keeps a
//! guarantee if some arbitration explains what the sessions read; true time does not count. A session is a process, and
//! every write of a register must write another value.
//!
//! The arbitration always keeps the order in which each session wrote. Without that a session that wrote 1 and then 2
//! could read 1 forever, and 1 would count as the newer one. A client cannot see more of monotonic writes and of
//! writes that follow reads than that a session which has read a write also counts on what that write comes after.
//!
//! Whatever is sequentially consistent, or causally convergent, keeps all four. Mere causal consistency has no arbitration:
//! a session may read 1, 2 and 1 again of two concurrent writes.
//!
//! `broken` says why a session may not read what it read.

mod broken;

use crate::consistency::budget::{Budget, Meter, Unknown};
use crate::consistency::causes::{CausesFirst, causes_first};
use crate::consistency::conclusion::Conclusion;
use crate::consistency::entries::Entries;
use crate::consistency::order::Order;
use crate::consistency::versions::{Version, Versions};
use crate::history::{Event, Function, History, OpId, Operation, Process};
use crate::value::Value;
use sim::held::{Held, Measure};
use sim::sorted::Map;

/// What a session may count on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// It never reads a version older than what it wrote itself and was told is written.
    ReadYourWrites,
    /// It never reads a version older than one it has read.
    MonotonicReads,
    /// Having read what a session wrote, it reads nothing older than what that session had
    /// written before.
    MonotonicWrites,
    /// Having read what a session wrote, it reads nothing older than what that session had read
    /// before.
    WritesFollowReads,
}

/// Checks a whole history of registers that start at `initial`.
///
/// A read of what nobody wrote cannot be traced to a version, so it leaves no answer. Nor is there one once the budget is
/// spent.
pub fn check(
    history: &History,
    guarantee: Guarantee,
    initial: &Value,
    budget: Budget,
) -> Conclusion {
    check_metered(history, guarantee, initial, &mut Meter::new(budget))
}

/// The same, with a meter that may be shared or cancelled.
pub fn check_metered(
    history: &History,
    guarantee: Guarantee,
    initial: &Value,
    meter: &mut Meter<'_>,
) -> Conclusion {
    let mut sessions = Sessions::new(guarantee);
    sessions.versions = Versions::starting(initial.clone());
    let CausesFirst { events, circle } = match causes_first(history, sessions.versions.clone()) {
        Ok(ordered) => ordered,
        Err(why) => return Conclusion::Unknown(why),
    };
    for event in events {
        let conclusion = sessions.take(history, event);
        if conclusion != Conclusion::Holds {
            return conclusion;
        }
        if let Err(why) = sessions.pay(meter) {
            return Conclusion::Unknown(why);
        }
    }
    let reads = history.operations().iter();
    let mut reads = reads.filter(|op| op.call.function == Function::Read);
    let premise = |sentence| Conclusion::Unknown(Unknown::Premise(sentence));
    if let Some(read) = circle.first().and_then(|&(read, _)| history.get(read)) {
        return premise(format!(
            "{read}: by the causal order, that was written only after this read, so it comes from no write"
        ));
    }
    match reads.find(|read| sessions.versions.read(read) == Version::Unwritten) {
        None => Conclusion::Holds,
        Some(read) => premise(format!(
            "{read}: nobody had written that, so it cannot be traced to a write"
        )),
    }
}

/// A version that a session may count on, and why.
#[derive(Clone, Copy, Debug)]
struct Floor {
    /// The operation that wrote the version, of which nothing older may be read.
    version: OpId,
    /// The operation by which the session came to count on it.
    learnt: OpId,
    /// What comes, in the order of the versions, after this version and all that are before it in their list.
    above: u32,
}

/// The versions of one register that a session may count on, in the order in which it came to do so.
#[derive(Clone, Debug, Default)]
struct Floors {
    all: Vec<Floor>,
    places: Map<OpId, usize>,
}

/// What is known of one session.
#[derive(Clone, Debug, Default)]
struct Session {
    /// What comes before its next write in the order of the versions.
    latest: Vec<u32>,
    /// What it had written, or read, in order.
    own: Vec<(Option<Value>, OpId)>,
    /// How much of what another session had written, or read, it counts on already.
    adopted: Map<Process, usize>,
    floors: Map<Option<Value>, Floors>,
}

impl Held for Session {
    fn held(&self, by: Measure) -> usize {
        let floors = self.floors.values();
        let floors = floors.map(|floors| floors.all.held(by) + floors.places.held(by));
        self.latest.held(by)
            + self.own.held(by)
            + self.adopted.held(by)
            + self.floors.held(by)
            + floors.sum::<usize>()
    }
}

/// What a write carries along: its readers may count on that too.
#[derive(Clone, Copy, Debug)]
struct Written {
    /// Its version's number in the order of all versions.
    version: u32,
    /// Who wrote it.
    by: Process,
    /// How much that session had written, or read, before.
    carried: usize,
}

/// A checker that reads a history entry by entry; it can be cloned at any time.
#[derive(Clone, Debug)]
pub struct Sessions {
    guarantee: Guarantee,
    versions: Versions,
    written: Map<OpId, Written>,
    /// The order of all versions, as far as it follows from what sessions did and read.
    order: Order,
    sessions: Map<Process, Session>,
    /// How many versions all sessions count on.
    floors: usize,
    /// How much was looked at besides the order of the versions.
    looked: u64,
    /// How many steps were paid for.
    paid: u64,
    entries: Entries,
}

impl Sessions {
    /// A checker at the start of a history.
    pub fn new(guarantee: Guarantee) -> Self {
        Self {
            guarantee,
            versions: Versions::default(),
            written: Map::new(),
            order: Order::default(),
            sessions: Map::new(),
            floors: 0,
            looked: 0,
            paid: 0,
            entries: Entries::default(),
        }
    }

    /// Bytes that it takes on the heap, without those of values.
    pub fn held(&self, by: Measure) -> usize {
        let sessions = self.sessions.values().map(|session| session.held(by));
        self.versions.held(by)
            + self.written.held(by)
            + self.order.held(by)
            + self.sessions.held(by)
            + sessions.sum::<usize>()
    }

    /// Reads all entries of `history` that it has not read yet.
    pub fn feed(&mut self, history: &History) -> &Conclusion {
        while let Some((event, _)) = self.entries.next(history) {
            let conclusion = self.take(history, event);
            self.entries.conclude(conclusion);
        }
        self.entries.conclusion()
    }

    /// What the entries so far amount to.
    pub fn conclusion(&self) -> &Conclusion {
        self.entries.conclusion()
    }

    /// Pays for what the entries since the last payment have cost, and for what is held.
    fn pay(&mut self, meter: &mut Meter<'_>) -> Result<(), Unknown> {
        let steps = self.order.steps() + self.looked;
        let before = std::mem::replace(&mut self.paid, steps);
        meter.take(1 + steps - before)?;
        let floor = size_of::<Floor>() + size_of::<(OpId, usize)>();
        meter.hold(self.order.bytes() + self.floors * floor)
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
            let by = operation.process;
            let session = self.sessions.entry(by).or_default();
            let version = self.order.add();
            for &earlier in &session.latest {
                self.order.put(earlier, version);
            }
            let carried = session.own.len();
            self.written.insert(
                operation.id,
                Written {
                    version,
                    by,
                    carried,
                },
            );
        }
        Conclusion::Holds
    }

    fn end(&mut self, history: &History, operation: &Operation) -> Conclusion {
        if operation.result().is_none() {
            return Conclusion::Holds;
        }
        if operation.call.function == Function::Write {
            self.wrote(operation);
            return Conclusion::Holds;
        }
        let version = self.versions.read(operation);
        if let Some(floor) = self.broken(operation, version) {
            return Conclusion::Violated(self.violation(history, operation, version, floor));
        }
        if let Version::Written(version) = version {
            self.saw(operation, version);
        }
        Conclusion::Holds
    }

    /// A session was told that its write is written.
    fn wrote(&mut self, write: &Operation) {
        let Some(&Written { version, .. }) = self.written.get(&write.id) else {
            return;
        };
        let session = self.sessions.entry(write.process).or_default();
        session.latest = vec![version];
        match self.guarantee {
            Guarantee::ReadYourWrites => self.count_on(write, &write.call.key, write.id),
            Guarantee::MonotonicWrites => session.own.push((write.call.key.clone(), write.id)),
            Guarantee::MonotonicReads | Guarantee::WritesFollowReads => {}
        }
    }

    /// A session read a version.
    fn saw(&mut self, read: &Operation, version: OpId) {
        match self.guarantee {
            Guarantee::ReadYourWrites => {}
            Guarantee::MonotonicReads => self.count_on(read, &read.call.key, version),
            Guarantee::MonotonicWrites => self.adopt(read, version),
            Guarantee::WritesFollowReads => {
                let number = self.written.get(&version).map(|written| written.version);
                let session = self.sessions.entry(read.process).or_default();
                session.own.push((read.call.key.clone(), version));
                session.latest.extend(number);
                self.adopt(read, version);
            }
        }
    }

    /// The session of `learnt` counts on a version from now on.
    fn count_on(&mut self, learnt: &Operation, key: &Option<Value>, version: OpId) {
        let Some(&Written {
            version: number, ..
        }) = self.written.get(&version)
        else {
            return;
        };
        let session = self.sessions.entry(learnt.process).or_default();
        let floors = session.floors.entry(key.clone()).or_default();
        if floors.places.contains_key(&version) {
            return;
        }
        let above = self.order.add();
        self.order.put(number, above);
        if let Some(last) = floors.all.last() {
            self.order.put(last.above, above);
        }
        self.floors += 1;
        floors.places.insert(version, floors.all.len());
        floors.all.push(Floor {
            version,
            learnt: learnt.id,
            above,
        });
    }

    /// A session that read a write may count on what its writer counted on.
    fn adopt(&mut self, read: &Operation, version: OpId) {
        let Some(&Written { by, carried, .. }) = self.written.get(&version) else {
            return;
        };
        let session = self.sessions.entry(read.process).or_default();
        let known = session.adopted.entry(by).or_default();
        let from = std::mem::replace(known, carried.max(*known));
        let writer = self.sessions.get(&by).map(|writer| &writer.own);
        let own = writer.and_then(|own| own.get(from..carried));
        let own = own.unwrap_or_default().to_vec();
        self.looked += own.len() as u64;
        for (key, version) in own {
            self.count_on(read, &key, version);
        }
    }

    /// Puts all that the session of a read counts on before what it read, or says what contradicts that.
    fn broken(&mut self, read: &Operation, version: Version) -> Option<Floor> {
        let floors = self.sessions.get(&read.process)?;
        let floors = floors.floors.get(&read.call.key)?;
        let version = match version {
            Version::Unwritten => return None,
            Version::Initial => return floors.all.last().copied(),
            Version::Written(version) => version,
        };
        let number = self.written.get(&version)?.version;
        let place = floors.places.get(&version).copied();
        let before = place.unwrap_or(floors.all.len());
        let below = before.checked_sub(1).map(|last| floors.all[last].above);
        let later = floors.all.iter().skip(before + 1);
        let later = later.filter_map(|floor| Some(self.written.get(&floor.version)?.version));
        let mut first = below.into_iter().chain(later);
        if first.all(|first| self.order.put(first, number)) {
            return None;
        }
        let mut all = floors.all.iter().rev();
        let newer = |floor: &&Floor| {
            let written = self.written.get(&floor.version);
            written.is_some_and(|floor| self.order.has(number, floor.version))
        };
        all.find(newer).copied()
    }
}
