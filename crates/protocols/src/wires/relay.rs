//! A record that is written and read through a relay, with a checksum on each hop, and one from end to end.
//!
//! The transport's checksum is the Internet's 16-bit sum (RFC 1071): made by whoever sends a message on, checked by
//! whoever gets it. It finds every single flipped bit. It does not find two flips that cancel out, or two halves that
//! change places, since a sum does not depend on order; and it does not look inside a relay, which checks what came,
//! copies it in its own memory, and makes a new sum for whatever is there then (Saltzer, Reed and Clark, *End-to-end
//! arguments in system design*, ACM TOCS 2(4), 1984, tell of a gateway that swapped bytes; Stone and Partridge, *When
//! the CRC and TCP checksum disagree*, SIGCOMM 2000, found such packets on real networks). A CRC-32 that the writer
//! makes and that only store and reader check covers the whole way.

use sim::sorted::Map;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::random::Probability;
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, TimerId, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::incarnation::first_number;

/// The relayed record, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "relay",
    about: "Writers keep records in a store and readers read them, all through a relay.",
    roles: &[
        RoleSpec {
            id: "writer",
            fewest: 1,
            most: 6,
        },
        RoleSpec {
            id: "reader",
            fewest: 1,
            most: 6,
        },
        RoleSpec {
            id: "relay",
            fewest: 1,
            most: 1,
        },
        RoleSpec {
            id: "store",
            fewest: 1,
            most: 1,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long writers and readers rest between two requests.",
            quantity: Quantity::Duration,
            default: ms(400),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long they wait for an answer before they ask again.",
            quantity: Quantity::Duration,
            default: ms(800),
            min: ms(1),
            max: ms(60_000),
        },
        ParameterSpec {
            id: "bad-memory",
            label: "Bad memory",
            about: "The share of records of which the relay's memory swaps the halves.",
            quantity: Quantity::Share,
            default: 0.02,
            min: 0.0,
            max: 1.0,
        },
    ],
    defences: &[
        DefenceSpec {
            id: "hop-checksum",
            label: "Checksum on each hop",
            protects: "What a link damages is mostly found at its end.",
        },
        DefenceSpec {
            id: "checksum",
            label: "End-to-end checksum",
            protects: "What is damaged anywhere on the way is found by store and reader.",
        },
    ],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let (relay, store) = (plan.nodes("relay")[0], plan.nodes("store")[0]);
    let (writers, readers) = (plan.nodes("writer"), plan.nodes("reader"));
    let checks = Checks {
        hops: plan.has("hop-checksum"),
        ends: plan.has("checksum"),
    };
    let client = |place: usize, keys: Vec<NodeId>, writes: bool| Client {
        relay,
        checks,
        writes,
        keys,
        pause: plan.duration("pause"),
        timeout: plan.duration("timeout"),
        first: place as u32 + 1,
        stride: (writers.len() + readers.len()) as u32,
        generation: 0,
        begun: 0,
        latest: None,
        open: None,
    };
    let node = |node: NodeId| match plan.roles[node.index()] {
        "writer" => {
            let place = writers.partition_point(|other| *other < node);
            Node::Client(client(place, vec![node], true))
        }
        "reader" => {
            let place = writers.len() + readers.partition_point(|other| *other < node);
            Node::Client(client(place, writers.clone(), false))
        }
        "relay" => Node::Relay(Relay {
            store,
            checks,
            bad_memory: Probability::new(plan.share("bad-memory")),
            passed: 0,
            dropped: 0,
        }),
        _ => Node::Store(Store {
            checks,
            records: Map::new(),
            rejected: 0,
        }),
    };
    let nodes = (0..plan.roles.len() as u16).map(NodeId).map(node);
    Box::new(World::new(setup, nodes.collect()))
}

/// A node on the way of a record, or at its ends.
#[derive(Clone, Debug)]
pub enum Node {
    /// Someone who writes records, or reads them.
    Client(Client),
    /// Who passes messages on.
    Relay(Relay),
    /// Who keeps the records.
    Store(Store),
}

/// Which checksums are looked at.
#[derive(Clone, Copy, Debug)]
struct Checks {
    hops: bool,
    ends: bool,
}

/// A record on its way: a key, a value, and its checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    key: NodeId,
    value: u32,
    /// The transport's sum, made anew on each hop.
    sum: u16,
    /// The writer's CRC-32, kept with the record.
    crc: u32,
}

impl Record {
    fn new(key: NodeId, value: u32) -> Record {
        let bare = Record {
            key,
            value,
            sum: 0,
            crc: 0,
        };
        Record {
            crc: crc32(&bare.bytes()),
            ..bare
        }
        .sealed()
    }

    /// What the checksums cover.
    fn bytes(&self) -> [u8; 6] {
        let ([a, b], [c, d, e, f]) = (self.key.0.to_be_bytes(), self.value.to_be_bytes());
        [a, b, c, d, e, f]
    }

    /// The record with the transport's sum for what it says now.
    fn sealed(self) -> Record {
        Record {
            sum: internet_checksum(&self.bytes()),
            ..self
        }
    }

    fn is_intact(&self, checks: Checks) -> bool {
        let hop = !checks.hops || self.sum == internet_checksum(&self.bytes());
        let end = !checks.ends || self.crc == crc32(&self.bytes());
        hop && end
    }
}

/// The Internet checksum of whole 16-bit words: the complement of their one's complement sum (RFC 1071).
fn internet_checksum(bytes: &[u8]) -> u16 {
    let words = bytes
        .chunks_exact(2)
        .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])));
    let sum: u32 = words.sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    !(((folded & 0xffff) + (folded >> 16)) as u16)
}

/// CRC-32 as in Ethernet and zip, reflected, polynomial 0xedb88320.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}

/// A request and its answer. They go through the relay, and so name the client they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The operation's number, unique in the run.
    operation: u32,
    /// Whose operation it is.
    client: NodeId,
    body: Body,
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Keep this.
    Write(Record),
    /// It is kept.
    Written,
    /// What is kept under this key?
    Read(NodeId),
    /// This is. `None` if nothing is.
    Found(Option<Record>),
}

impl Body {
    fn record(&self) -> Option<Record> {
        match *self {
            Body::Write(record) => Some(record),
            Body::Found(record) => record,
            Body::Written | Body::Read(_) => None,
        }
    }

    fn with(self, record: Record) -> Body {
        match self {
            Body::Write(_) => Body::Write(record),
            Body::Found(Some(_)) => Body::Found(Some(record)),
            other => other,
        }
    }

    /// Whether it is on its way to the store.
    fn is_request(&self) -> bool {
        matches!(self, Body::Write(_) | Body::Read(_))
    }
}

/// What a writer or reader waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next request.
    Next,
    /// The answer has not come in time.
    NoAnswer,
}

/// A writer of its own record, or a reader of the writers' records in turn.
#[derive(Clone, Debug)]
pub struct Client {
    relay: NodeId,
    checks: Checks,
    /// Whether it writes; if not, it reads.
    writes: bool,
    /// The records it writes or reads.
    keys: Vec<NodeId>,
    pause: SimDuration,
    timeout: SimDuration,
    /// The number of its first operation, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    /// How many of its numbers earlier lives may have used.
    generation: u32,
    begun: u32,
    /// The record that was written or read last.
    latest: Option<(NodeId, u32)>,
    open: Option<Open>,
}

/// A request that is not answered yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    operation: u32,
    body: Body,
    attempt: u32,
    timer: TimerId,
}

/// A relay that passes on what it gets, by way of its own memory.
#[derive(Clone, Debug)]
pub struct Relay {
    store: NodeId,
    checks: Checks,
    bad_memory: Probability,
    passed: u32,
    dropped: u32,
}

/// A store of records.
#[derive(Clone, Debug)]
pub struct Store {
    checks: Checks,
    records: Map<NodeId, Record>,
    rejected: u32,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "write",
                label: "{1}",
                says: "keep {1}, by write #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "written",
                label: "kept",
                says: "what write #{0} brought is kept",
                sort: MessageSort::Acknowledgement,
            },
            MessageWord {
                name: "read",
                label: "how much?",
                says: "what is kept? (read #{0})",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "found",
                label: "{1}",
                says: "{1} is kept (read #{0})",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for the next request",
                is_timeout: false,
            },
            TimerWord {
                says: "no answer in time",
                is_timeout: true,
            },
        ],
        operations: &[OperationWord {
            name: "ask",
            does: "Make the next request at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.start(context),
            Node::Relay(_) | Node::Store(_) => {}
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.answer(message, context),
            Node::Relay(relay) => relay.pass(message, context),
            Node::Store(store) => store.serve(from, message, context),
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.begin(context),
                Timer::NoAnswer => client.no_answer(context),
            }
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let kind = match message.body {
            Body::Write(_) => 0,
            Body::Written => 1,
            Body::Read(_) => 2,
            Body::Found(_) => 3,
        };
        let value = message.body.record().map_or(0, |record| record.value);
        Gist {
            kind,
            args: [i64::from(message.operation), i64::from(value), 0],
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    /// Flips one to three bits of the value.
    fn corrupt(message: &mut Message, random: u64) {
        if let Some(mut record) = message.body.record() {
            for flip in 0..=random % 3 {
                record.value ^= 1 << (random >> (8 + 8 * flip) & 31);
            }
            message.body = message.body.with(record);
        }
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(client) if client.writes => "writer",
            Node::Client(_) => "reader",
            Node::Relay(_) => "relay",
            Node::Store(_) => "store",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Relay(relay) => relay.describe(),
            Node::Store(store) => store.describe(outlook),
        }
    }
}

/// What the `count`-th write of a writer says: an amount with two figures and two noughts.
fn amount(count: u32) -> u32 {
    100 * (11 + count * 37 % 88)
}

impl Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        // They do not begin in step: each waits its share of the pause.
        let share = self
            .pause
            .scaled_permille(1000 * self.first / (self.stride + 1));
        context.set_timer(share, Timer::Next);
    }

    fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let count = self.generation + self.begun;
        let operation = self.first + count * self.stride;
        let key = self.keys[self.begun as usize % self.keys.len()];
        self.begun += 1;
        let (function, value, body) = if self.writes {
            let value = amount(count + self.first);
            let body = Body::Write(Record::new(key, value));
            (Function::Write, i64::from(value), body)
        } else {
            (Function::Read, 0, Body::Read(key))
        };
        context.record(Fact::Invoked {
            operation,
            function,
            key: i64::from(key.0),
            value,
        });
        self.ask(operation, body, 1, context);
    }

    fn ask(&mut self, operation: u32, body: Body, attempt: u32, context: &mut Context<'_, Node>) {
        let client = context.me();
        context.send(
            self.relay,
            Message {
                operation,
                client,
                body,
            },
        );
        let timer = context.set_timer(self.timeout, Timer::NoAnswer);
        self.open = Some(Open {
            operation,
            body,
            attempt,
            timer,
        });
    }

    fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open else { return };
        let attempt = open.attempt + 1;
        context.record(Fact::Retried {
            operation: open.operation,
            attempt: i64::from(attempt),
        });
        self.ask(open.operation, open.body, attempt, context);
    }

    fn answer(&mut self, message: Message, context: &mut Context<'_, Node>) {
        let record = message.body.record();
        if record.is_some_and(|record| !record.is_intact(self.checks)) {
            // As if it had never come: its timer will ask again.
            context.record(Fact::Damaged {
                operation: message.operation,
            });
            return;
        }
        let is_open = |open: &mut Open| open.operation == message.operation;
        let Some(open) = self.open.take_if(is_open) else {
            return;
        };
        context.cancel_timer(open.timer);
        let settled = record.or(open.body.record());
        self.latest = settled.map(|record| (record.key, record.value));
        context.record(Fact::Returned {
            operation: open.operation,
            outcome: Outcome::Ok,
            value: settled.map_or(0, |record| i64::from(record.value)),
        });
        context.set_timer(self.pause, Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let verb = if self.writes { "wrote" } else { "read" };
        let latest = self
            .latest
            .map(|(key, value)| ((outlook.name)(key), value.to_string()));
        let belief = match &latest {
            None => "I have heard nothing yet.".to_owned(),
            Some((_, value)) if self.writes => {
                format!("{value} is kept as I wrote it: the store says so.")
            }
            Some((key, value)) if self.checks.ends => {
                format!("{key} wrote {value}: the checksum that {key} made fits it.")
            }
            Some((key, value)) if self.checks.hops => format!(
                "{key} wrote {value}: the checksum of the message that brought it was right."
            ),
            Some((key, value)) => format!("{key} wrote {value}: that is what came."),
        };
        let value = latest.map_or_else(|| "nothing yet".to_owned(), |(_, value)| value);
        Description {
            badge: format!("{verb} {value}"),
            state: vec![(verb.to_owned(), value)],
            beliefs: vec![belief],
        }
    }
}

impl Relay {
    fn pass(&mut self, message: Message, context: &mut Context<'_, Node>) {
        let record = message.body.record();
        let hops_alone = Checks {
            ends: false,
            ..self.checks
        };
        if record.is_some_and(|record| !record.is_intact(hops_alone)) {
            self.dropped += 1;
            context.record(Fact::Damaged {
                operation: message.operation,
            });
            return;
        }
        self.passed += 1;
        let body = record.map_or(message.body, |record| {
            message.body.with(self.copied(record, context))
        });
        let to = if body.is_request() {
            self.store
        } else {
            message.client
        };
        context.send(to, Message { body, ..message });
    }

    /// The record as it comes out of the relay's memory, with a sum for what it says then.
    fn copied(&self, record: Record, context: &Context<'_, Node>) -> Record {
        let value = if context.happens(self.bad_memory, u64::from(self.passed)) {
            record.value.rotate_left(16)
        } else {
            record.value
        };
        Record { value, ..record }.sealed()
    }

    fn describe(&self) -> Description {
        let belief = if self.checks.hops {
            "What I pass on is what I got: I check its checksum, and make a new one."
        } else {
            "What I pass on is what I got."
        };
        Description {
            badge: format!("passed on {}", self.passed),
            state: vec![
                ("passed on".to_owned(), self.passed.to_string()),
                ("thrown away".to_owned(), self.dropped.to_string()),
            ],
            beliefs: vec![belief.to_owned()],
        }
    }
}

impl Store {
    fn serve(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        let body = match message.body {
            Body::Write(record) if !record.is_intact(self.checks) => {
                self.rejected += 1;
                context.record(Fact::Damaged {
                    operation: message.operation,
                });
                return;
            }
            Body::Write(record) => {
                self.keep(message.operation, record, context);
                Body::Written
            }
            Body::Read(key) => Body::Found(self.records.get(&key).map(|record| record.sealed())),
            Body::Written | Body::Found(_) => return,
        };
        context.send(from, Message { body, ..message });
    }

    fn keep(&mut self, operation: u32, record: Record, context: &mut Context<'_, Node>) {
        self.records.insert(record.key, record);
        context.record(Fact::Stored {
            operation,
            key: i64::from(record.key.0),
            version: i64::from(operation),
        });
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let records: Vec<(String, String)> = self
            .records
            .values()
            .map(|record| ((outlook.name)(record.key), record.value.to_string()))
            .collect();
        let badge: Vec<&str> = records.iter().map(|(_, value)| value.as_str()).collect();
        let badge = badge.join(", ");
        let belief = if self.checks.ends {
            "What I keep is what was written: the checksum that its writer made fits it."
        } else if self.checks.hops {
            "What I keep is what was written: the messages that brought it had right checksums."
        } else {
            "What I keep is what came."
        };
        let mut state = records;
        state.push(("thrown away".to_owned(), self.rejected.to_string()));
        Description {
            badge: format!(
                "keeps {}",
                if badge.is_empty() { "nothing" } else { &badge }
            ),
            state,
            beliefs: vec![belief.to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;

    const ROLES: &[&str] = &["writer", "reader", "relay", "store"];

    #[test]
    fn the_checksums_are_those_of_their_standards() {
        let example = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(internet_checksum(&example), !0xddf2);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn the_sum_finds_each_flipped_bit_and_not_two_halves_that_change_places() {
        let (hop, end) = ((true, false), (false, true));
        let intact = |record: Record, (hops, ends)| record.is_intact(Checks { hops, ends });
        let record = Record::new(NodeId(3), 3700);
        assert!(intact(record, hop) && intact(record, end));
        for bit in 0..32 {
            let flipped = Record {
                value: record.value ^ 1 << bit,
                ..record
            };
            assert!(!intact(flipped, hop) && !intact(flipped, end));
        }
        let swapped = Record {
            value: record.value.rotate_left(16),
            ..record
        };
        assert!(intact(swapped, hop) && !intact(swapped, end));
    }

    /// What readers were told, by whether anybody wrote it; and how often something was found damaged.
    fn told(trial: &Trial) -> (usize, usize, usize) {
        let mut written = vec![0];
        let mut reads = Vec::new();
        let (mut right, mut wrong, mut damaged) = (0, 0, 0);
        for (_, _, fact) in trial.facts(60_000) {
            match fact {
                Fact::Invoked {
                    function: Function::Write,
                    value,
                    ..
                } => written.push(value),
                Fact::Invoked { operation, .. } => reads.push(operation),
                Fact::Returned {
                    operation, value, ..
                } if reads.contains(&operation) => match written.contains(&value) {
                    true => right += 1,
                    false => wrong += 1,
                },
                Fact::Damaged { .. } => damaged += 1,
                _ => {}
            }
        }
        (right, wrong, damaged)
    }

    fn on_bad_wires() -> Trial {
        Trial::new(&ENTRY, ROLES)
            .set("bad-memory", 0.0)
            .network(|link| {
                link.corruption.probability = Probability::new(0.2);
                link.corruption.detected = false;
            })
    }

    #[test]
    fn what_wires_damage_is_found_by_either_checksum() {
        assert!(told(&on_bad_wires()).1 > 0);
        for defence in ["hop-checksum", "checksum"] {
            let (right, wrong, damaged) = told(&on_bad_wires().on(defence));
            assert!(right > 10 && damaged > 10, "{right} right, {damaged} found");
            assert_eq!(wrong, 0);
        }
    }

    #[test]
    fn what_the_relay_damages_is_found_from_end_to_end_alone() {
        let trial = || Trial::new(&ENTRY, ROLES).set("bad-memory", 0.2);
        let (_, wrong, damaged) = told(&trial().on("hop-checksum"));
        assert!(wrong > 0);
        assert_eq!(damaged, 0);
        let (right, wrong, damaged) = told(&trial().on("checksum"));
        assert!(right > 10 && damaged > 0);
        assert_eq!(wrong, 0);
    }
}
