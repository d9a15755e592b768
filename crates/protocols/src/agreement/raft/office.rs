//! What a leader knows of the other servers and of those that wait for it.

use std::collections::VecDeque;

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;

use super::message::{Shared, Wish};
use crate::parts::caller::Request;
use crate::parts::log::{Mark, Progress};

/// What a leader has to know.
#[derive(Clone, Debug)]
pub(super) struct Office {
    /// What it knows of each server, by place.
    pub peers: Vec<Peer>,
    /// Up to where its own entries are durable.
    pub own: u32,
    /// The place of the first entry of its term.
    pub first: u32,
    /// Who waits for what.
    pub waiting: Map<NodeId, Waiting>,
    /// Reads that are not answered, oldest first.
    pub reads: VecDeque<Read>,
    /// When it last asked all to confirm that it leads.
    pub asked: i64,
    /// What operators want, and cannot have yet.
    pub wishes: VecDeque<Wish>,
    /// The lead that it hands over.
    pub transfer: Option<Transfer>,
    /// Whether it has told a server to stand in this term.
    pub has_told: bool,
}

/// A lead that is handed over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Transfer {
    /// The server that is to lead, by place.
    pub to: u8,
    /// Since when, by the leader's monotonic clock.
    pub since: i64,
    /// Whether that server has been told since the last heartbeat.
    pub is_told: bool,
}

/// A client that waits for its command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub operation: u32,
    /// The place of the command in the log.
    pub index: u32,
}

/// A read that is not answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Read {
    pub reader: Reader,
    /// When the leader heard of it.
    pub since: i64,
    /// Up to where the log has to be applied before it is answered.
    pub index: u32,
}

/// Who reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reader {
    /// A client, from the leader.
    Client(NodeId, Request),
    /// A client, from this server.
    Server(NodeId, u32),
}

/// What a leader knows of another server.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub log: Progress,
    /// When the latest of the leader's messages that it has answered was sent.
    pub confirmed: i64,
    /// When its latest answer came, by the wall clock.
    pub heard_wall: i64,
    /// The snapshot that it is being sent, and how many pieces it has.
    pub sending: Option<(Shared, u32)>,
}

impl Office {
    /// What a leader knows that has just been elected, by its clocks.
    pub fn new(servers: usize, last: Mark, now: i64, wall: i64) -> Office {
        let peer = Peer {
            log: Progress::new(last, now),
            confirmed: i64::MIN,
            heard_wall: wall,
            sending: None,
        };
        Office {
            peers: vec![peer; servers],
            own: 0,
            first: last.index + 1,
            waiting: Map::new(),
            reads: VecDeque::new(),
            asked: i64::MIN,
            wishes: VecDeque::new(),
            transfer: None,
            has_told: false,
        }
    }

    pub fn peer(&mut self, place: u8) -> &mut Peer {
        &mut self.peers[usize::from(place)]
    }

    pub fn held(&self, by: Measure) -> usize {
        size_of_val(self)
            + self.peers.held(by)
            + self.reads.held(by)
            + self.waiting.held(by)
            + self.wishes.held(by)
    }
}
