//! The operations of a run's clients, gathered from the trace.

use scenario::Run;
use scenario::checks::noun_at;
use sim::sorted::Map;
use sim::trace::{Event, Fact, Function, Outcome};
use sim::{NodeId, SimTime};

use crate::look::Look;
use crate::words::vocabulary;

/// An operation up to now.
pub(super) struct Operation {
    /// Its number in the run, as facts name it.
    pub number: u32,
    /// The node that called it.
    pub client: NodeId,
    /// What it was called to do.
    pub function: Function,
    /// The object that it is about: an entry, an account; 0 where there is one.
    pub key: i64,
    /// What it was called with.
    pub value: i64,
    /// When it was called.
    pub begun: SimTime,
    /// How it ended, if it has.
    pub end: Option<End>,
    /// When it had an effect somewhere, in order: more than once is a violation in many labs.
    pub effects: Vec<SimTime>,
    /// How many writes under its key began before it.
    pub place: usize,
    /// Which of the client's lanes it is in: those that overlap are in lanes of their own.
    pub lane: usize,
    /// When the next one in its lane begins.
    pub followed: Option<SimTime>,
}

/// How an operation ended.
pub(super) struct End {
    /// When its client learned it.
    pub at: SimTime,
    /// What its client was told of it.
    pub outcome: Outcome,
    /// What was answered.
    pub value: i64,
}

impl Operation {
    /// Takes in a fact about it that came after its call. Its bar shows its end and its effects alone.
    fn take(&mut self, fact: Fact, at: SimTime) {
        match fact {
            Fact::Returned { outcome, value, .. } => self.end = Some(End { at, outcome, value }),
            Fact::Effect { .. } => self.effects.push(at),
            Fact::Invoked { .. }
            | Fact::Retried { .. }
            | Fact::Learned { .. }
            | Fact::HoldsOff { .. }
            | Fact::Stored { .. }
            | Fact::Refused { .. }
            | Fact::Damaged { .. }
            | Fact::Shed { .. }
            | Fact::Discarded { .. }
            | Fact::Acts { .. }
            | Fact::Leads { .. }
            | Fact::StepsDown { .. }
            | Fact::Acquired { .. }
            | Fact::Released { .. }
            | Fact::Suspects { .. }
            | Fact::Trusts { .. }
            | Fact::Shown { .. }
            | Fact::HeldBack { .. }
            | Fact::Stamped { .. }
            | Fact::Judged { .. }
            | Fact::MeasureBegins { .. }
            | Fact::MeasureEnds { .. }
            | Fact::Sampled { .. }
            | Fact::ClockRead { .. } => {}
        }
    }

    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.end.as_ref().map(|end| end.outcome)
    }

    /// Whether anything of it falls into the window. One that has not ended for good may still take effect.
    pub(super) fn is_within(&self, look: &Look) -> bool {
        let is_over = self
            .end
            .as_ref()
            .is_some_and(|end| end.at < look.from && end.outcome != Outcome::Unknown);
        !is_over && self.begun <= look.to
    }

    /// Its name, as everywhere else, as in *payment #6*.
    pub(super) fn name(&self, words: &Words<'_>) -> String {
        let noun = vocabulary::noun_of(words.noun, self.function);
        format!("{} #{}", noun_at(noun, self.place), self.number)
    }

    /// What it asked for and was told, in a few characters: its name, and what it wrote or read.
    pub(super) fn label(&self, words: &Words<'_>) -> String {
        let name = self.name(words);
        let is_read = self.function == Function::Read;
        let key = match words.keys {
            Keys::One => String::new(),
            _ if matches!(self.function, Function::Pay | Function::Request) => String::new(),
            Keys::Many => format!(" k{}", self.key),
            Keys::Numbers if is_read => format!(" of #{}", self.key),
            Keys::Numbers => String::new(),
        };
        let answer = self.end.as_ref().filter(|end| end.outcome == Outcome::Ok);
        let told = match (self.function, answer) {
            (Function::Read, Some(end)) => format!(": {}", words.value(end.value)),
            (Function::Write, _) if words.are_values_numbers => String::new(),
            (Function::Write | Function::Append, _) => format!(": {}", self.value),
            (Function::Add, _) => format!(": {:+}", self.value),
            _ => String::new(),
        };
        format!("{name}{key}{told}")
    }
}

/// All operations up to now, in the order of their calls.
pub(super) fn operations(run: &Run) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    let mut places: Map<u32, usize> = Map::new();
    let mut writes: Map<i64, usize> = Map::new();
    for event in run.timeline().events().iter() {
        let Some(fact) = event.fact() else { continue };
        let place = fact.operation().and_then(|number| places.get(&number));
        if let Some(operation) = place.map(|place| &mut operations[*place]) {
            operation.take(fact, event.time);
        } else if let Some(mut operation) = begun(event, fact) {
            let writes = writes.entry(operation.key).or_default();
            operation.place = *writes;
            *writes += usize::from(operation.function == Function::Write);
            places.insert(operation.number, operations.len());
            operations.push(operation);
        }
    }
    share_lanes(&mut operations);
    look_ahead(&mut operations);
    operations
}

/// The operation that begins with a fact, if one does.
fn begun(event: &Event, fact: Fact) -> Option<Operation> {
    let Fact::Invoked {
        operation,
        function,
        key,
        value,
    } = fact
    else {
        return None;
    };
    Some(Operation {
        number: operation,
        client: event.node,
        function,
        key,
        value,
        begun: event.time,
        end: None,
        effects: Vec::new(),
        place: 0,
        lane: 0,
        followed: None,
    })
}

/// Tells each operation when the next one in its lane begins.
fn look_ahead(operations: &mut [Operation]) {
    let mut next: Map<(NodeId, usize), SimTime> = Map::new();
    for operation in operations.iter_mut().rev() {
        let lane = (operation.client, operation.lane);
        operation.followed = next.get(&lane).copied();
        next.insert(lane, operation.begun);
    }
}

/// Gives each operation the first lane of its client that is free.
fn share_lanes(operations: &mut [Operation]) {
    let mut free_from: Map<NodeId, Vec<Option<SimTime>>> = Map::new();
    for operation in operations {
        // What has not ended keeps its lane.
        let end = operation.end.as_ref().map(|end| end.at);
        if free_from.get(&operation.client).is_none() {
            free_from.insert(operation.client, Vec::new());
        }
        let Some(lanes) = free_from.get_mut(&operation.client) else {
            continue;
        };
        let free = lanes
            .iter()
            .position(|from| from.is_some_and(|from| from <= operation.begun));
        operation.lane = free.unwrap_or(lanes.len());
        match free {
            Some(lane) => lanes[lane] = end,
            None => lanes.push(end),
        }
    }
}

/// How the labels of a run's operations speak.
pub(super) struct Words<'r> {
    /// What the lab calls an operation.
    noun: &'r str,
    keys: Keys,
    /// Whether every write writes its own number, so that a read tells which write it found.
    are_values_numbers: bool,
}

/// What the operations are on.
enum Keys {
    /// All on the same thing.
    One,
    /// On several things, so that labels must say on which.
    Many,
    /// Each write on a thing of its own, which has the number of the write.
    Numbers,
}

impl<'r> Words<'r> {
    /// The words for these operations.
    pub(super) fn of(run: &'r Run, operations: &[Operation]) -> Words<'r> {
        let all_writes = |is_so: fn(&Operation) -> bool| {
            let mut writes = operations
                .iter()
                .filter(|operation| operation.function == Function::Write)
                .peekable();
            writes.peek().is_some() && writes.all(is_so)
        };
        let keys = if all_writes(|write| write.key == i64::from(write.number)) {
            Keys::Numbers
        } else if operations
            .iter()
            .any(|other| other.key != operations[0].key)
        {
            Keys::Many
        } else {
            Keys::One
        };
        Words {
            noun: vocabulary::noun(run),
            keys,
            are_values_numbers: all_writes(|write| write.value == i64::from(write.number)),
        }
    }

    /// A value that was read.
    fn value(&self, value: i64) -> String {
        match value {
            0 if self.are_values_numbers => "nothing".to_owned(),
            _ if self.are_values_numbers => format!("#{value}"),
            _ => value.to_string(),
        }
    }
}
