//! Processes: what a node is doing, and what waits for it.
//!
//! A node is single-threaded. It serves one message after the other, each for its service time, and acts when the
//! service ends; meanwhile its inbox fills. Timers wait their turn in the same inbox and take no time, and so do the
//! packets of clock synchronisation. A timer that is set aside has a thread of its own, and waits for nothing.

use std::collections::VecDeque;

use crate::collections::held::{Held, Measure};
use crate::time::{Item, SimDuration, SimTime};

/// Whether a node runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It handles what comes.
    #[default]
    Running,
    /// It does nothing and does not notice: messages wait, and its timers are late.
    Paused,
    /// It has lost its memory and receives nothing.
    Crashed,
}

/// The settings of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessProfile {
    /// How long it serves a message before it acts on it.
    pub service: SimDuration,
    /// How many messages may wait. Any more are dropped.
    pub inbox: u32,
}

impl Default for ProcessProfile {
    fn default() -> Self {
        ProcessProfile {
            service: SimDuration::ZERO,
            inbox: 10_000,
        }
    }
}

/// What a process is serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Serving {
    /// What is served.
    pub item: Item,
    /// When it will have been served.
    pub done: SimTime,
    /// The sequence number of the queue's entry for `done`.
    pub entry: u32,
    /// Whether it is a message, rather than a timer or the end of a sync.
    pub is_message: bool,
}

/// The state of a process.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    /// Whether it runs, is paused or has crashed.
    pub status: Status,
    /// Its service times and the bound of its inbox.
    pub profile: ProcessProfile,
    /// How slow it is, in thousandths of its service time: 1000 is healthy.
    pub limp_permille: u32,
    /// Counts crashes, so that what an earlier life left behind can be told apart.
    pub life: u32,
    /// What waits to be handled, the oldest first.
    pub inbox: VecDeque<Item>,
    /// How many messages are in the inbox, without the one being served.
    pub waiting_messages: u32,
    /// What it is busy with, if anything.
    pub serving: Option<Serving>,
    /// When it was paused, while it is.
    pub paused_at: SimTime,
}

impl Process {
    /// A process that runs, is healthy and has nothing to do.
    pub fn new(profile: ProcessProfile) -> Process {
        Process {
            status: Status::Running,
            profile,
            limp_permille: 1000,
            life: 0,
            inbox: VecDeque::new(),
            waiting_messages: 0,
            serving: None,
            paused_at: SimTime::ZERO,
        }
    }

    /// Whether something that comes can be served at once.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.status == Status::Running && self.serving.is_none() && self.inbox.is_empty()
    }

    /// How long a message is served.
    #[inline]
    pub fn service(&self) -> SimDuration {
        self.profile.service.scaled_permille(self.limp_permille)
    }

    /// Whether one more message finds no room. A message that finds its node idle needs none.
    pub fn is_full(&self) -> bool {
        !self.is_idle() && self.waiting_messages >= self.profile.inbox
    }

    /// How many messages wait or are being served.
    pub fn messages(&self) -> u32 {
        let served = self.serving.is_some_and(|serving| serving.is_message);
        self.waiting_messages + u32::from(served)
    }

    /// Bytes that its inbox takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        self.inbox.held(by)
    }
}
