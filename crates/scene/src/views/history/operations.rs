//! The operations of a run's clients that are in sight.

use scenario::Run;
use scenario::checks::noun_at;
use scenario::run::{Gathered, Operation as Known};
use sim::sorted::Map;
use sim::trace::{Events, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

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
    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.end.as_ref().map(|end| end.outcome)
    }

    /// Its name, as everywhere else, as in *payment #6*.
    pub(super) fn name(&self, words: &Words<'_>) -> String {
        let noun = vocabulary::noun_of(words.noun, self.function);
        format!("{} #{}", noun_at(noun, self.place), self.number)
    }

    /// What it asked for and was told, in a few characters: its name, and what it wrote or read, as in *write #78 of 18* and
    /// *read #79 got 18*.
    pub(super) fn label(&self, words: &Words<'_>) -> String {
        let (name, wrote, key) = (self.name(words), self.wrote(words), self.on(words));
        format!("{name}{wrote}{key}{}", self.asked_and_got(words))
    }

    fn wrote(&self, words: &Words<'_>) -> String {
        match self.function {
            Function::Write if words.are_values_numbers => String::new(),
            Function::Write | Function::Append => format!(" of {}", self.value),
            Function::Read | Function::Pay | Function::Request => String::new(),
            Function::Add | Function::Acquire | Function::Release => String::new(),
            Function::CompareAndSet => String::new(),
        }
    }

    /// On which of several things.
    fn on(&self, words: &Words<'_>) -> String {
        match (&words.keys, self.function) {
            (Keys::One, _) | (_, Function::Pay | Function::Request) => String::new(),
            (Keys::Many, Function::Read) => format!(" of k{}", self.key),
            (Keys::Many, Function::Write | Function::Append | Function::Add) => {
                format!(" to k{}", self.key)
            }
            (Keys::Many, _) => format!(" on k{}", self.key),
            (Keys::Numbers, Function::Read) => format!(" of #{}", self.key),
            (Keys::Numbers, _) => String::new(),
        }
    }

    /// What it asked for, and what its client was told, behind its name.
    fn asked_and_got(&self, words: &Words<'_>) -> String {
        let answer = self.end.as_ref().filter(|end| end.outcome == Outcome::Ok);
        match (self.function, answer) {
            (Function::Read, Some(end)) => format!(" got {}", words.value(end.value)),
            (Function::Add, _) => format!(": {:+}", self.value),
            (Function::CompareAndSet, end) => {
                let sign = if end.is_some_and(|end| end.value == 0) {
                    '≠'
                } else {
                    '→'
                };
                format!(": {}{sign}{}", self.value >> 32, self.value & 0xffff_ffff)
            }
            (Function::Read | Function::Write | Function::Append, _) => String::new(),
            (Function::Pay | Function::Request, _) => String::new(),
            (Function::Acquire | Function::Release, _) => String::new(),
        }
    }
}

/// More effects than this no screen has room for: of more the latest are drawn.
const MOST_EFFECTS: usize = 4000;

/// The latest `most` operations of those that are in sight, in the order of their calls, and how many come before them.
pub(super) fn operations(run: &Run, look: &Look, most: usize) -> (Vec<Operation>, usize) {
    let (events, gathered) = (run.timeline().events(), run.gathered());
    let from = events.partition_point(|event| event.time < look.from);
    let to = events.partition_point(|event| event.time <= look.to);
    // One that was given up may still take effect.
    let is_over = |one: &Known| one.end.index() < from && !one.is_given_up;
    let is_seen = |one: &Known| look.is_from_outside() || look.sees(events[one.call.index()].node);
    let is_in_sight = |one: &Known| one.call.index() < to && !is_over(one) && is_seen(one);
    let mut places = Vec::new();
    let mut operations = Vec::new();
    let mut more = 0;
    for (place, known) in gathered.operations().enumerate().rev() {
        if !is_in_sight(&known) {
            continue;
        }
        if operations.len() == most {
            more += 1;
        } else if let Some(operation) = read(events, known) {
            places.push(place as u32);
            operations.push(operation);
        }
    }
    places.reverse();
    operations.reverse();
    for (place, event) in effects_within(&gathered, from, to) {
        if let Ok(found) = places.binary_search(place) {
            operations[found].effects.push(events[event.index()].time);
        }
    }
    look_ahead(&mut operations);
    (operations, more)
}

/// The effects at the events of these places.
fn effects_within<'r>(gathered: &Gathered<'r>, from: usize, to: usize) -> &'r [(u32, EventId)] {
    let effects = gathered.effects();
    let first = effects.partition_point(|(_, event)| event.index() < from);
    let last = effects.partition_point(|(_, event)| event.index() < to);
    &effects[first.max(last.saturating_sub(MOST_EFFECTS))..last]
}

/// What the trace tells of an operation, without its effects.
fn read(events: Events<'_>, known: Known) -> Option<Operation> {
    let call = &events[known.call.index()];
    let Fact::Invoked {
        operation,
        function,
        key,
        value,
    } = call.fact()?
    else {
        return None;
    };
    let end = known.end.some().map(|end| &events[end.index()]);
    let end = end.and_then(|event| match event.fact()? {
        Fact::Returned { outcome, value, .. } => Some(End {
            at: event.time,
            outcome,
            value,
        }),
        _ => None,
    });
    Some(Operation {
        number: operation,
        client: call.node,
        function,
        key,
        value,
        begun: call.time,
        end,
        effects: Vec::new(),
        place: known.place as usize,
        lane: known.lane as usize,
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
    /// The words for a run's operations.
    pub(super) fn of(run: &'r Run) -> Words<'r> {
        let gathered = run.gathered();
        let keys = if gathered.writes_to_keys_of_their_own() {
            Keys::Numbers
        } else if gathered.has_several_keys() {
            Keys::Many
        } else {
            Keys::One
        };
        Words {
            noun: vocabulary::noun(run),
            keys,
            are_values_numbers: gathered.writes_numbers(),
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
