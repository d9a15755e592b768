//! Session guarantees: what one client may count on, wherever its calls are served.
//!
//! The four guarantees are due to Terry, Demers, Petersen, Spreitzer, Theimer and Welch, "Session guarantees for
//! weakly consistent replicated data" (PDIS 1994). A session is a process. They are judged from
//! outside, by what sessions read of registers, so every write of a register must write another
//! value. *Older* is by true time: a version is older than another if its write had ended before
//! the other's began.

use super::budget::Unknown;
use super::conclusion::{Conclusion, Violation};
use super::entries::Entries;
use super::versions::{Version, Versions, is_older, place};
use crate::history::{Event, Function, History, OpId, Operation, Process, Time};
use crate::value::Value;
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
/// A read of what nobody wrote cannot be traced to a version, so it leaves no answer.
pub fn check(history: &History, guarantee: Guarantee, initial: &Value) -> Conclusion {
    let mut sessions = Sessions::new(guarantee);
    sessions.versions = Versions::starting(initial.clone());
    if sessions.feed(history) != &Conclusion::Holds {
        return sessions.conclusion().clone();
    }
    let mut reads = history
        .operations()
        .iter()
        .filter(|op| op.call.function == Function::Read);
    match reads.find(|read| sessions.versions.read(read) == Version::Unwritten) {
        None => Conclusion::Holds,
        Some(read) => Conclusion::Unknown(Unknown::Premise(format!(
            "{read}: nobody wrote that, so it cannot be traced to a write"
        ))),
    }
}

/// For a register, the latest version that a session may count on, and why.
type Floors = Map<Option<Value>, Floor>;

#[derive(Clone, Copy, Debug)]
struct Floor {
    /// The operation that wrote the version, of which nothing older may be read.
    version: OpId,
    /// The operation by which the session came to count on it.
    learnt: OpId,
}

/// A checker that reads a history entry by entry; it can be cloned at any time.
#[derive(Clone, Debug)]
pub struct Sessions {
    guarantee: Guarantee,
    versions: Versions,
    floors: Map<Process, Floors>,
    /// How much of what its process had written, or read, a write carries along: its readers may count on that too.
    carried: Map<OpId, (Process, usize)>,
    /// What each process had written, or read, in order.
    own: Map<Process, Vec<(Option<Value>, OpId)>>,
    /// How much of what another process had written, or read, a process counts on already.
    adopted: Map<(Process, Process), usize>,
    entries: Entries,
}

impl Sessions {
    /// A checker at the start of a history.
    pub fn new(guarantee: Guarantee) -> Self {
        Self {
            guarantee,
            versions: Versions::default(),
            floors: Map::new(),
            carried: Map::new(),
            own: Map::new(),
            adopted: Map::new(),
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

    /// What the entries so far amount to.
    pub fn conclusion(&self) -> &Conclusion {
        self.entries.conclusion()
    }

    fn invoke(&mut self, operation: &Operation) -> Conclusion {
        if let Err(why) = self.versions.invoke(operation) {
            return Conclusion::Unknown(why);
        }
        let carries = matches!(
            self.guarantee,
            Guarantee::MonotonicWrites | Guarantee::WritesFollowReads
        );
        if carries && operation.call.function == Function::Write {
            let process = operation.process;
            let own = self.own.get(&process).map_or(0, Vec::len);
            self.carried.insert(operation.id, (process, own));
        }
        Conclusion::Holds
    }

    fn end(&mut self, history: &History, operation: &Operation) -> Conclusion {
        if operation.result().is_none() {
            return Conclusion::Holds;
        }
        if operation.call.function == Function::Write {
            self.wrote(history, operation);
            return Conclusion::Holds;
        }
        let version = self.versions.read(operation);
        let floors = self.floors.get(&operation.process);
        let floor = floors
            .and_then(|floors| floors.get(&operation.call.key))
            .copied();
        if let Some(floor) = floor
            && is_older(history, version, Version::Written(floor.version))
        {
            return Conclusion::Violated(self.violation(history, operation, version, floor));
        }
        if let Version::Written(version) = version {
            self.saw(history, operation, version);
        }
        Conclusion::Holds
    }

    fn wrote(&mut self, history: &History, write: &Operation) {
        match self.guarantee {
            Guarantee::ReadYourWrites => self.raise(history, write, write),
            Guarantee::MonotonicWrites => self.note(write, write.id),
            Guarantee::MonotonicReads | Guarantee::WritesFollowReads => {}
        }
    }

    fn saw(&mut self, history: &History, read: &Operation, version: OpId) {
        match (self.guarantee, history.get(version)) {
            (Guarantee::MonotonicReads, Some(version)) => self.raise(history, read, version),
            (Guarantee::ReadYourWrites | Guarantee::MonotonicReads, _) => {}
            (Guarantee::MonotonicWrites, _) => self.adopt(history, read, version),
            (Guarantee::WritesFollowReads, _) => {
                self.note(read, version);
                self.adopt(history, read, version);
            }
        }
    }

    /// The process that learnt of a version of its register counts on it from now on.
    fn raise(&mut self, history: &History, learnt: &Operation, version: &Operation) {
        let floor = Floor {
            version: version.id,
            learnt: learnt.id,
        };
        let floors = self.floors.entry(learnt.process).or_default();
        raise(history, floors, &learnt.call.key, floor);
    }

    /// Notes that a process had written, or read, a version.
    fn note(&mut self, operation: &Operation, version: OpId) {
        let own = self.own.entry(operation.process).or_default();
        own.push((operation.call.key.clone(), version));
    }

    /// A session that read a write may count on what its writer counted on.
    fn adopt(&mut self, history: &History, read: &Operation, version: OpId) {
        let Some(&(writer, carried)) = self.carried.get(&version) else {
            return;
        };
        let adopted = self.adopted.entry((read.process, writer)).or_default();
        let own = self
            .own
            .get(&writer)
            .and_then(|own| own.get(*adopted..carried));
        let floors = self.floors.entry(read.process).or_default();
        for (key, version) in own.unwrap_or_default() {
            let floor = Floor {
                version: *version,
                learnt: read.id,
            };
            raise(history, floors, key, floor);
        }
        *adopted = carried.max(*adopted);
    }

    fn violation(
        &self,
        history: &History,
        read: &Operation,
        version: Version,
        floor: Floor,
    ) -> Violation {
        let written = match version {
            Version::Written(op) => Some(op),
            Version::Initial | Version::Unwritten => None,
        };
        let found = written.map_or_else(
            || self.versions.initial().to_string(),
            |op| argument(history, op).unwrap_or_default(),
        );
        let because = format!(
            "{} read {found} from {} at {}, {}; {found} is the older of the two",
            read.client(),
            place(read),
            ended_at(history, read.id),
            self.reason(history, floor)
        );
        let mut operations = vec![read.id, floor.version];
        operations.extend(Some(floor.learnt).filter(|&op| op != floor.version));
        operations.extend(written);
        Violation::at_end_of(read, operations, because)
    }

    /// Why a session may count on a floor.
    fn reason(&self, history: &History, floor: Floor) -> String {
        let expected = argument(history, floor.version).unwrap_or_default();
        let learnt = history.get(floor.learnt).and_then(|op| op.result());
        let learnt = learnt.map(ToString::to_string).unwrap_or_default();
        let learnt_at = ended_at(history, floor.learnt);
        match self.guarantee {
            Guarantee::ReadYourWrites => format!(
                "after its own write of {expected} had been acknowledged at {}",
                ended_at(history, floor.version)
            ),
            Guarantee::MonotonicReads => format!("after it had read {expected} at {learnt_at}"),
            Guarantee::MonotonicWrites => format!(
                "after it had read {learnt} at {learnt_at}, whose writer had written {expected} before"
            ),
            Guarantee::WritesFollowReads => format!(
                "after it had read {learnt} at {learnt_at}, whose writer had read {expected} before"
            ),
        }
    }
}

/// What an operation was called with.
fn argument(history: &History, op: OpId) -> Option<String> {
    history.get(op).map(|op| op.call.argument.to_string())
}

/// When an operation ended.
fn ended_at(history: &History, op: OpId) -> Time {
    let ended = history.get(op).and_then(|op| op.ended.at());
    ended.unwrap_or_default()
}

/// Raises a floor to a version, unless the one there was written later.
///
/// The version that was written last has the most versions that are older, because *older* means that a write had
/// ended before the other began.
fn raise(history: &History, floors: &mut Floors, key: &Option<Value>, floor: Floor) {
    let began = |floor: &Floor| history.get(floor.version).map(|op| op.invoke_event);
    match floors.get_mut(key) {
        Some(there) if began(there) >= began(&floor) => {}
        Some(there) => *there = floor,
        None => drop(floors.insert(key.clone(), floor)),
    }
}
