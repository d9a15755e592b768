//! What a node sees while it handles something, and what it asks for.
//!
//! A script cannot reach the kernel: a turn holds what it may read, and collects what it asks for, which is done when the
//! event has ended well. An event that fails has done nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use sim::random::{Key, Stream};
use sim::trace::{Fact, Function, Outcome};
use sim::{NodeId, SimDuration};

use crate::carried::{Message, Record, Timer};
use crate::limits::{ACTS, PLACES, TIMERS};
use crate::program::Program;

/// What is the same for a node in all states of a run.
#[derive(Debug)]
pub(crate) struct Seat {
    pub program: Arc<Program>,
    pub me: NodeId,
    /// The node's role, by its place among those of the program.
    pub role: usize,
    /// The role of each node.
    pub roles: Arc<[usize]>,
    /// The value of each parameter of the program, in its unit for scripts.
    pub parameters: Arc<[f64]>,
    /// Whether each defence of the program is on.
    pub defences: Arc<[bool]>,
}

/// What a node reads from its clocks, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readings {
    pub monotonic: i64,
    pub wall: i64,
    pub earliest: i64,
    pub latest: i64,
    pub boot: i64,
}

/// What a node finds at a place of its disk; nothing for half a record.
pub(crate) type Found = Option<Record>;

/// What is on a node's disk, written or synced.
pub(crate) type Places = BTreeMap<u64, Found>;

/// Something that a node asks for.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Send {
        to: NodeId,
        message: Message,
    },
    SetTimer {
        after: SimDuration,
        timer: Timer,
    },
    CancelTimer(u32),
    Write {
        place: u64,
        record: Record,
    },
    Erase(u64),
    Sync {
        carried: Arc<[u8]>,
        fact: Option<Fact>,
    },
    Record(Fact),
}

/// What a node says of itself: a few words for its picture, and what it believes, in sentences.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub badge: String,
    pub beliefs: Vec<String>,
}

/// An event at a node.
#[derive(Debug)]
pub(crate) struct Turn {
    pub seat: Arc<Seat>,
    pub readings: Readings,
    pub stream: Stream,
    /// What decides whether something of a chance happens.
    pub happening: Key,
    pub disk: Arc<Places>,
    /// The number of the timer that is set next, and how many are set.
    pub next_timer: u32,
    pub timers: usize,
    /// How many operations this life of the node has begun.
    pub begun: u32,
    pub acts: Vec<Act>,
    pub lines: Vec<String>,
    pub said: Option<Said>,
}

impl Turn {
    pub fn act(&mut self, act: Act) -> Result<(), String> {
        if self.acts.len() == ACTS {
            return Err(format!("a node may do {ACTS} things in one event"));
        }
        self.acts.push(act);
        Ok(())
    }

    /// Sets a timer; its number.
    pub fn set_timer(
        &mut self,
        name: &str,
        after: SimDuration,
        data: Arc<[u8]>,
    ) -> Result<u32, String> {
        if self.timers == TIMERS {
            return Err(format!("a node may have {TIMERS} timers at a time"));
        }
        let id = self.next_timer;
        let kind = self.seat.program.timer_kind(name);
        let name = name.into();
        let timer = Timer {
            kind,
            id,
            name,
            data,
        };
        self.act(Act::SetTimer { after, timer })?;
        self.next_timer += 1;
        self.timers += 1;
        Ok(id)
    }

    /// What is at a place of the disk, with what this event has written.
    pub fn found(&self, place: u64) -> Option<Found> {
        let mut latest = self.acts.iter().rev();
        let written = latest.find_map(|act| match act {
            Act::Write { place: at, record } if *at == place => Some(Some(record.clone())),
            Act::Erase(at) if *at == place => Some(None),
            _ => None,
        });
        match written {
            // What was written in this event is whole.
            Some(record) => record.map(Some),
            None => self.disk.get(&place).cloned(),
        }
    }

    /// Begins an operation; its number.
    pub fn invoke(&mut self, function: Function, key: i64, value: i64) -> Result<u32, String> {
        let nodes = self.seat.roles.len() as i64;
        // As long as a node begins less than one operation per millisecond, no life of it uses a number of another.
        let place = self.readings.boot / 1_000_000 + i64::from(self.begun);
        let number = 1 + i64::from(self.seat.me.0) + place * nodes;
        let operation = u32::try_from(number).map_err(|_| "there are too many operations")?;
        self.begun += 1;
        let invoked = Fact::Invoked {
            operation,
            function,
            key,
            value,
        };
        self.act(Act::Record(invoked))?;
        Ok(operation)
    }

    /// Ends an operation.
    pub fn end(&mut self, operation: u32, outcome: Outcome, value: i64) -> Result<(), String> {
        self.act(Act::Record(Fact::Returned {
            operation,
            outcome,
            value,
        }))
    }

    pub fn write(&mut self, place: u64, record: Record) -> Result<(), String> {
        if self.disk.len() >= PLACES && !self.disk.contains_key(&place) {
            return Err(format!("a disk has {PLACES} places"));
        }
        self.act(Act::Write { place, record })
    }
}
