//! What checks remember: the part of the past that may still decide what they say.

use check::watch::Watch;
use sim::held::Measure;
use sim::sorted::Map;
use sim::trace::{Event, EventKind};
use sim::{Copies, EventId, Observer, SimTime};

/// What a check goes by. Two pasts that are alike in this are one to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// In which order the facts of different nodes came. Without it, the order of each node's own facts.
    order: bool,
    /// When each of them came.
    time: bool,
    /// What each node could know of the others' when it came.
    causes: bool,
}

impl Memory {
    const EVERYTHING: Memory = Memory {
        order: true,
        time: true,
        causes: true,
    };

    /// What the check of a kind goes by. A kind of which nothing is said here goes by everything.
    fn of_kind(kind: &str) -> Memory {
        let nothing = Memory::default();
        match kind {
            // They compare what is on record, whenever it came and whoever was first.
            "at-most-once" | "state-machine-safety" | "log-matching" | "leader-append-only" => {
                nothing
            }
            // Whether an effect is missing is a matter of time; how often it came is none of order.
            "exactly-once" | "at-least-once" | "money-conserved" => Memory {
                time: true,
                ..nothing
            },
            // An operation that has ended comes before one that begins then, however long that takes.
            "linearizable"
            | "linearizable-cas"
            | "linearizable-counter"
            | "linearizable-list"
            | "linearizable-lock"
            | "serializable"
            | "one-holder"
            | "one-leader-per-term"
            | "leader-completeness"
            | "read-your-writes"
            | "monotonic-reads"
            | "monotonic-writes"
            | "writes-follow-reads"
            | "reads-written"
            | "no-false-failure"
            | "causal-order" => Memory {
                order: true,
                ..nothing
            },
            _ => Memory::EVERYTHING,
        }
    }

    /// What checks of these kinds go by.
    pub fn of<'k>(kinds: impl Iterator<Item = &'k str>) -> Memory {
        kinds
            .map(Memory::of_kind)
            .fold(Memory::default(), |all, one| Memory {
                order: all.order || one.order,
                time: all.time || one.time,
                causes: all.causes || one.causes,
            })
    }

    /// Whether the order of steps at different nodes may matter.
    pub fn is_of_order(self) -> bool {
        self.order
    }
}

/// The checks of a run, and what they may remember of it.
#[derive(Clone)]
pub(crate) struct Witness {
    pub watch: Watch,
    memory: Memory,
    /// What all nodes have put on record, if the order is remembered.
    all: u64,
    /// What each node has put on record, and could know when it did.
    nodes: Vec<u64>,
    /// What a node could know when it sent a message, by that event, if causes are remembered.
    sent: Map<EventId, u64>,
    facts: u32,
}

impl Witness {
    pub fn new(watch: Watch, nodes: usize, memory: Memory) -> Witness {
        Witness {
            watch,
            memory,
            all: 0,
            nodes: vec![0; nodes],
            sent: Map::new(),
            facts: 0,
        }
    }

    /// A number for what the checks may remember.
    pub fn fingerprint(&self) -> u64 {
        self.nodes
            .iter()
            .fold(self.all, |all, node| mix(all, *node))
    }

    /// What a message brings along that left in this event: what its sender could know, if causes are remembered.
    pub fn brought(&self, sent: EventId) -> u64 {
        self.sent.get(&sent).copied().unwrap_or_default()
    }

    /// How many events the checks may remember.
    pub fn facts(&self) -> u32 {
        self.facts
    }

    fn remember(&mut self, event: &Event) {
        // Without checks there is nobody who remembers.
        if self.watch.checks().len() == 0 {
            return;
        }
        self.facts += 1;
        let numbers = event.numbers().map(|number| number as u64);
        let kind = event.kind as u64 | u64::from(event.code) << 8 | u64::from(event.node.0) << 16;
        let mut word = numbers.into_iter().fold(kind, mix);
        if self.memory.time {
            word = mix(word, event.time.as_nanos());
        }
        let node = &mut self.nodes[event.node.index()];
        *node = mix(*node, word);
        if self.memory.order {
            self.all = mix(self.all, word);
        }
    }

    /// A message brings along what its sender could know.
    fn follow(&mut self, id: EventId, event: &Event) {
        let node = &mut self.nodes[event.node.index()];
        match event.kind {
            EventKind::Send => {
                *node = mix(*node, event.peer.0.into());
                self.sent.insert(id, *node);
            }
            EventKind::Deliver => {
                let told = self.sent.get(&event.cause).copied();
                *node = mix(*node, told.unwrap_or_default());
            }
            _ => {}
        }
    }
}

impl Observer for Witness {
    fn observe(&mut self, id: EventId, event: &Event) {
        self.watch.observe(id, event);
        let is_remembered = match event.kind {
            EventKind::Fact
            | EventKind::Crash
            | EventKind::Restart
            | EventKind::Pause
            | EventKind::Resume
            | EventKind::Operation => true,
            EventKind::Disk => event.is_interesting(),
            _ => false,
        };
        if is_remembered {
            self.remember(event);
        } else if self.memory.causes {
            self.follow(id, event);
        }
    }

    fn end(&mut self, latest: EventId, end: SimTime, copies: &Copies<'_>) {
        self.watch.end(latest, end, copies);
    }

    fn violations(&self) -> Vec<EventId> {
        self.watch.violations()
    }

    fn held(&self, by: Measure) -> usize {
        self.watch.held(by)
    }

    fn give_up(&mut self) -> bool {
        self.watch.give_up()
    }
}

/// A number for two numbers in this order.
pub(crate) fn mix(first: u64, second: u64) -> u64 {
    let word = first.rotate_left(23) ^ second.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let product = u128::from(word) * 0xd6e8_feb8_6659_fd93;
    (product as u64 ^ (product >> 64) as u64).wrapping_add(0x2545_f491_4f6c_dd1d)
}
