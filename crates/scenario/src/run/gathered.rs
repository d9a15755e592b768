//! What words and pictures ask of a whole run again and again, gathered from its trace as that grows: the clients'
//! operations, and which kinds of messages there are.
//!
//! What is gathered holds for the trace as far as it is known; [`Gathered`] shows of it what had happened at the cursor.

use sim::held::{Held, Measure};
use sim::sorted::{Map, Set};
use sim::trace::{Event, EventKind, Events, Fact, Function, Outcome};
use sim::{EventId, NodeId};

/// An operation: where the trace tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The event that calls it.
    pub call: EventId,
    /// The event at which its client learns how it ended; [`EventId::NONE`] while none has.
    pub end: EventId,
    /// How many writes under its key were called before it.
    pub place: u32,
    /// Whether it was given up: it may have an effect after its end.
    pub is_given_up: bool,
    /// Which of its client's lanes it is in: those that overlap are in lanes of their own.
    pub lane: u32,
}

/// The lanes of a client.
#[derive(Default)]
struct Lanes {
    /// The first operation in each lane.
    first: Vec<u32>,
    /// The lanes that nothing is in.
    free: Set<u32>,
}

/// What was gathered from a run's trace. Numbers of operations are places in the order of their calls.
#[derive(Default)]
pub(super) struct Gathering {
    /// How often anything had changed when it began.
    edits: u64,
    seen: usize,
    operations: Vec<Operation>,
    by_number: Map<u32, u32>,
    /// Which operation had an effect, at which event, in order.
    effects: Vec<(u32, EventId)>,
    /// How many writes there were under each key.
    writes: Map<i64, u32>,
    lanes: Map<NodeId, Lanes>,
    /// What tells of each node's log.
    logs: Map<NodeId, LogEvents>,
    /// The first message of each kind.
    sent: Vec<EventId>,
    first: First,
}

/// The events that tell of a node's log, in order.
#[derive(Default)]
struct LogEvents {
    /// Its entries, and restarts, from which on it has what it then puts on record.
    entries: Vec<EventId>,
    /// Whether it leads, and whether it is up.
    standing: Vec<EventId>,
}

/// The first operation of some sorts, from which on what is said of all of them is so.
#[derive(Default)]
struct First {
    key: Option<i64>,
    write: Option<u32>,
    /// On another key than the first one.
    other_key: Option<u32>,
    /// A write whose key is not its number.
    other_than_key: Option<u32>,
    /// A write whose value is not its number.
    other_than_value: Option<u32>,
}

impl Gathering {
    /// Takes in at most `most` more events of all that are known; from the beginning on if anything was changed.
    pub fn follow(&mut self, events: Events<'_>, edits: u64, most: usize) {
        if self.edits != edits || events.len() < self.seen {
            *self = Gathering {
                edits,
                ..Gathering::default()
            };
        }
        let fresh = events.skip(self.seen).take(most);
        for (event, id) in fresh.iter().zip(self.seen as u32..) {
            self.take(EventId(id), event);
        }
        self.seen += fresh.len();
    }

    /// Whether it has not yet seen as much as is known.
    pub fn is_behind(&self, events: Events<'_>) -> bool {
        self.seen < events.len()
    }

    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let (lanes, logs) = (self.lanes.values(), self.logs.values());
        self.operations.held(by)
            + self.by_number.held(by)
            + self.effects.held(by)
            + self.writes.held(by)
            + self.lanes.held(by)
            + lanes
                .map(|lanes| lanes.first.held(by) + lanes.free.held(by))
                .sum::<usize>()
            + self.logs.held(by)
            + logs
                .map(|log| log.entries.held(by) + log.standing.held(by))
                .sum::<usize>()
            + self.sent.held(by)
    }

    fn take(&mut self, id: EventId, event: &Event) {
        if event.kind == EventKind::Send {
            self.send(id, usize::from(event.code));
        }
        self.note_log(id, event);
        match event.fact() {
            Some(Fact::Invoked {
                operation,
                function,
                key,
                value,
            }) if !self.by_number.contains_key(&operation) => {
                let is_write = function == Function::Write;
                self.begin(id, event.node, operation, is_write, key);
                self.first.note(
                    self.operations.len() as u32 - 1,
                    operation,
                    is_write,
                    key,
                    value,
                );
            }
            Some(Fact::Returned {
                operation, outcome, ..
            }) => self.end(id, event.node, operation, outcome),
            Some(Fact::Effect { operation, .. }) => {
                if let Some(place) = self.by_number.get(&operation) {
                    self.effects.push((*place, id));
                }
            }
            _ => {}
        }
    }

    fn note_log(&mut self, id: EventId, event: &Event) {
        let (of_entries, of_standing) = match (event.kind, event.fact()) {
            (EventKind::Restart, _) => (true, true),
            (EventKind::Crash, _) | (_, Some(Fact::Leads { .. } | Fact::StepsDown { .. })) => {
                (false, true)
            }
            (_, Some(fact)) if fact.is_of_a_log() => (true, false),
            _ => return,
        };
        let log = self.logs.entry(event.node).or_default();
        if of_entries {
            log.entries.push(id);
        }
        if of_standing {
            log.standing.push(id);
        }
    }

    fn send(&mut self, id: EventId, kind: usize) {
        if self.sent.len() <= kind {
            self.sent.resize(kind + 1, EventId::NONE);
        }
        let first = &mut self.sent[kind];
        *first = id.min(*first);
    }

    fn begin(&mut self, call: EventId, client: NodeId, number: u32, is_write: bool, key: i64) {
        let this = self.operations.len() as u32;
        let writes = self.writes.entry(key).or_default();
        let place = *writes;
        *writes += u32::from(is_write);
        let lanes = self.lanes.entry(client).or_default();
        let lane = lanes.free.pop_first().unwrap_or_else(|| {
            lanes.first.push(this);
            lanes.first.len() as u32 - 1
        });
        self.by_number.insert(number, this);
        self.operations.push(Operation {
            call,
            end: EventId::NONE,
            place,
            is_given_up: false,
            lane,
        });
    }

    fn end(&mut self, id: EventId, client: NodeId, number: u32, outcome: Outcome) {
        let Some(place) = self.by_number.get(&number) else {
            return;
        };
        let operation = &mut self.operations[*place as usize];
        if operation.end.some().is_none() {
            operation.end = id;
            operation.is_given_up = outcome == Outcome::Unknown;
            if let Some(lanes) = self.lanes.get_mut(&client) {
                lanes.free.insert(operation.lane);
            }
        }
    }
}

impl First {
    fn note(&mut self, place: u32, number: u32, is_write: bool, key: i64, value: i64) {
        let first_key = *self.key.get_or_insert(key);
        let note = |first: &mut Option<u32>, is_one: bool| {
            if is_one {
                first.get_or_insert(place);
            }
        };
        note(&mut self.other_key, key != first_key);
        note(&mut self.write, is_write);
        note(
            &mut self.other_than_key,
            is_write && key != i64::from(number),
        );
        note(
            &mut self.other_than_value,
            is_write && value != i64::from(number),
        );
    }
}

/// What was gathered of a run up to its cursor. It may be behind a run that was just changed: [`super::Run::go_on`] gathers
/// the rest.
#[derive(Clone, Copy)]
pub struct Gathered<'r> {
    all: &'r Gathering,
    events: Events<'r>,
    count: usize,
}

impl<'r> Gathered<'r> {
    pub(super) fn of(all: &'r Gathering, events: Events<'r>) -> Gathered<'r> {
        let count = all
            .operations
            .partition_point(|one| one.call.index() < events.len());
        Gathered { all, events, count }
    }

    /// How many operations were called.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All operations, in the order of their calls.
    pub fn operations(
        &self,
    ) -> impl DoubleEndedIterator<Item = Operation> + ExactSizeIterator + use<'r> {
        let this = *self;
        self.all.operations[..self.count]
            .iter()
            .map(move |one| this.as_of_now(*one))
    }

    /// The operation with a number, as facts name it.
    pub fn numbered(&self, number: u32) -> Option<Operation> {
        let place = *self.all.by_number.get(&number)?;
        let called = &self.all.operations[..self.count];
        called.get(place as usize).map(|one| self.as_of_now(*one))
    }

    /// What ends it later has not happened yet.
    fn as_of_now(&self, operation: Operation) -> Operation {
        let has_ended = operation.end.index() < self.events.len();
        Operation {
            end: if has_ended {
                operation.end
            } else {
                EventId::NONE
            },
            is_given_up: has_ended && operation.is_given_up,
            ..operation
        }
    }

    /// How many effects an operation has had.
    pub fn effects_of(&self, number: u32) -> usize {
        let Some(place) = self.all.by_number.get(&number) else {
            return 0;
        };
        let effects = self.effects().iter();
        effects.filter(|(operation, _)| operation == place).count()
    }

    /// Which operation, by its place, had an effect at which event, in order.
    pub fn effects(&self) -> &'r [(u32, EventId)] {
        let effects = &self.all.effects;
        let count = effects.partition_point(|(_, event)| event.index() < self.events.len());
        &effects[..count]
    }

    /// The clients that have called anything, and how many lanes each needs.
    pub fn lanes(&self) -> impl Iterator<Item = (NodeId, usize)> + use<'r> {
        let count = self.count as u32;
        let lanes = self.all.lanes.iter();
        lanes
            .map(move |(client, lanes)| {
                (*client, lanes.first.partition_point(|first| *first < count))
            })
            .filter(|(_, lanes)| *lanes > 0)
    }

    /// The events up to now that tell of the entries of a node's log, in order: what it logs, truncates, applies and
    /// compacts, and its restarts, from which on it has what it then puts on record.
    pub fn log_of(&self, node: NodeId) -> &'r [EventId] {
        let log = self.all.logs.get(&node);
        self.up_to_now(log.map_or(&[], |log| &log.entries))
    }

    /// The latest event up to now at which a node came to lead, led no longer, crashed or restarted.
    pub fn standing_of(&self, node: NodeId) -> Option<EventId> {
        let log = self.all.logs.get(&node);
        let events = self.up_to_now(log.map_or(&[], |log| &log.standing));
        events.last().copied()
    }

    fn up_to_now(&self, events: &'r [EventId]) -> &'r [EventId] {
        &events[..events.partition_point(|event| event.index() < self.events.len())]
    }

    /// Whether operations are on more than one key.
    pub fn has_several_keys(&self) -> bool {
        self.has(self.all.first.other_key)
    }

    /// Whether there are writes, and the key of each is its own number.
    pub fn writes_to_keys_of_their_own(&self) -> bool {
        self.has(self.all.first.write) && !self.has(self.all.first.other_than_key)
    }

    /// Whether there are writes, and each writes its own number.
    pub fn writes_numbers(&self) -> bool {
        self.has(self.all.first.write) && !self.has(self.all.first.other_than_value)
    }

    /// Whether a message of a kind was sent.
    pub fn was_sent(&self, kind: usize) -> bool {
        let first = self.all.sent.get(kind).and_then(|first| first.some());
        first.is_some_and(|first| first.index() < self.events.len())
    }

    fn has(&self, first: Option<u32>) -> bool {
        first.is_some_and(|first| (first as usize) < self.count)
    }
}
