//! What a leader knows of the other servers and of those that wait for it.

use std::cmp::Ordering;
use std::collections::VecDeque;

use sim::NodeId;
use sim::held::{Held, Measure};
use sim::sorted::Map;

use super::message::{Shared, Wish};
use crate::parts::caller::Request;
use crate::parts::log::{Mark, Progress};

/// What a leader has to know.
#[derive(Clone, Debug, Hash)]
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
    /// The new servers that it waits for.
    pub catch_up: Option<CatchUp>,
    /// The lead that it hands over.
    pub transfer: Option<Transfer>,
    /// Whether it has told a server to stand in this term.
    pub has_told: bool,
}

/// A lead that is handed over.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Transfer {
    /// The server that is to lead, by place.
    pub to: u8,
    /// Since when, by the leader's monotonic clock.
    pub since: i64,
    /// When that server was told, unless it is to be told again.
    pub told: Option<i64>,
}

/// How far new servers are that copy the log (section 4.2.1).
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct CatchUp {
    /// In each round they copy what was in the log as it began: this is how many have begun.
    pub round: u32,
    /// When this one began.
    pub began: i64,
    /// Its last entry.
    pub goal: u32,
    /// The most that they ever had together: entries up to the round's last, and beyond them pieces of snapshots.
    pub most: (u32, u32),
    /// Since when they never had more than that.
    pub since: i64,
}

/// A client that waits for its command.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Waiting {
    pub operation: u32,
    /// The place of the command in the log.
    pub index: u32,
}

/// A read that is not answered.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Read {
    pub reader: Reader,
    /// When the leader heard of it.
    pub since: i64,
    /// Up to where the log has to be applied before it is answered.
    pub index: u32,
}

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Reader {
    /// A client, from the leader.
    Client(NodeId, Request),
    /// A client, from this server.
    Server {
        server: NodeId,
        client: NodeId,
        operation: u32,
    },
}

impl Reader {
    /// Whose read it is, and its operation.
    pub fn operation(self) -> (NodeId, u32) {
        match self {
            Reader::Client(client, request) => (client, request.operation),
            Reader::Server {
                client, operation, ..
            } => (client, operation),
        }
    }
}

/// What a leader knows of another server.
#[derive(Clone, Debug, Hash)]
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
            catch_up: None,
            transfer: None,
            has_told: false,
        }
    }

    pub fn peer(&mut self, place: u8) -> &mut Peer {
        &mut self.peers[usize::from(place)]
    }

    /// Keeps a read until it is answered. A client reads one thing at a time: its earlier reads are over. A copy of an earlier
    /// read that arrives behind a later one is not kept.
    pub fn keep(&mut self, read: Read) {
        let (client, operation) = read.reader.operation();
        let later_by_this = |other: &Read| {
            let (of, later) = other.reader.operation();
            (of == client).then(|| later.cmp(&operation))
        };
        self.reads
            .retain(|other| later_by_this(other) != Some(Ordering::Less));
        let is_over = self.reads.iter().any(|other| {
            other.reader == read.reader || later_by_this(other) == Some(Ordering::Greater)
        });
        if !is_over {
            self.reads.push_back(read);
        }
    }

    pub fn held(&self, by: Measure) -> usize {
        size_of_val(self)
            + self.peers.held(by)
            + self.reads.held(by)
            + self.waiting.held(by)
            + self.wishes.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::trace::Function;

    #[test]
    fn a_client_waits_for_its_latest_read_alone() {
        let mut office = Office::new(3, Mark::default(), 0, 0);
        let direct = |client, operation| {
            let request = Request {
                operation,
                function: Function::Read,
                key: 0,
                value: 0,
            };
            Reader::Client(NodeId(client), request)
        };
        let through = |server, client, operation| Reader::Server {
            server: NodeId(server),
            client: NodeId(client),
            operation,
        };
        let all = (1..50).flat_map(|operation| {
            let one = direct(7, operation);
            let late = through(1, 7, operation.saturating_sub(2));
            [
                one,
                one,
                late,
                through(1, 8, operation),
                through(2, 8, operation),
            ]
        });
        for reader in all {
            office.keep(Read {
                reader,
                since: 0,
                index: 0,
            });
        }
        let left: Vec<Reader> = office.reads.iter().map(|read| read.reader).collect();
        assert_eq!(left, [direct(7, 49), through(1, 8, 49), through(2, 8, 49)]);
    }
}
