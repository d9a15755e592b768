//! A participant: it votes, waits for the decision with its account locked, and carries the decision out.
//!
//! | module | its subject |
//! | --- | --- |
//! | `card` | payments at this bank alone |
//! | `view` | what is seen of it |

mod card;
mod view;

use sim::held::{Held, Measure};
use sim::protocol::{CopyOf, Description, Outlook};
use sim::sorted::{Map, Set};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use super::disk::Disk;
use super::message::{Decision, Message, Record, Timer};
use super::{Choices, Node, outcome};
use crate::describe::roles::Role;

/// The account that all operations are about: a bank locks it as a whole.
const ACCOUNT: i64 = 0;

/// Where a transaction's record is on disk that says that the bank is prepared. What was decided is behind it.
fn prepared_at(number: u32) -> u64 {
    2 * u64::from(number)
}

fn decided_at(number: u32) -> u64 {
    prepared_at(number) + 1
}

/// A bank.
#[derive(Clone, Debug, Hash)]
pub struct Bank {
    coordinators: Vec<NodeId>,
    peers: Vec<NodeId>,
    /// How long it stays in doubt before it asks, and asks again.
    patience: SimDuration,
    asks_peers: bool,
    presumes_abort: bool,
    /// What it knows of each transaction, and of each payment by card.
    known: Map<u32, Standing>,
    /// The one that has the account locked, if one has.
    locked: Option<u32>,
    /// The payments by card that wait until it is free, with their clients.
    waiting: Map<u32, NodeId>,
    disk: Disk<Owed>,
    /// How often it has asked in this life: whom it asks next.
    asked: usize,
    refused: u32,
}

/// Where a transaction stands at a bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Standing {
    /// It has locked the account, and is not yet durable.
    Preparing,
    /// The bank has voted yes, and cannot decide alone any more.
    InDoubt {
        since: i64,
    },
    /// It commits, once that is durable.
    Committing,
    Committed,
    /// It is aborted; whether a record of that has been written.
    Aborted {
        is_logged: bool,
    },
}

/// What waits for the disk.
#[derive(Clone, Copy, Debug, Hash)]
enum Owed {
    /// A yes to this coordinator.
    Vote(NodeId, u32),
    /// A commit is carried out; the node that told it hears so.
    Commit(NodeId, u32),
    /// An abort is durable; the coordinator that told it hears so.
    Done(NodeId, u32),
    /// An abort is durable, and this participant asked for it.
    Tell(NodeId, u32),
    /// A payment by card is durable.
    Paid(NodeId, u32),
}

impl Bank {
    /// One of the banks; the others are its peers.
    pub(super) fn new(choices: &Choices, peers: Vec<NodeId>) -> Bank {
        let all = &choices.coordinators;
        let known = if choices.replicates { all.len() } else { 1 };
        Bank {
            coordinators: all[..known].to_vec(),
            peers,
            patience: choices.patience,
            asks_peers: choices.asks_peers,
            presumes_abort: choices.presumes_abort,
            known: Map::new(),
            locked: None,
            waiting: Map::new(),
            disk: Disk::new(choices),
            asked: 0,
            refused: 0,
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Prepare { number } => self.prepare(from, number, context),
            Message::Decided { number, decision } => self.told(from, number, decision, context),
            Message::Inquire { number } => self.asked_by_peer(from, number, context),
            Message::Card { number, life } => self.card(from, number, life, context),
            _ => {}
        }
    }

    /// Owes something once the log is forced; without forcing it is done at once.
    fn force(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        if let Some(due) = self.disk.force(owed, context) {
            self.due(due, context);
        }
    }

    fn due(&mut self, owed: Owed, context: &mut Context<'_, Node>) {
        match owed {
            Owed::Vote(to, number) => self.vote_yes(to, number, context),
            Owed::Commit(from, number) => self.committed(from, number, context),
            Owed::Done(to, number) => context.send(to, Message::Done { number }),
            Owed::Tell(to, number) => {
                let decision = Decision::Abort;
                context.send(to, Message::Decided { number, decision });
            }
            Owed::Paid(to, number) => self.paid(to, number, context),
        }
    }

    pub(super) fn flush(&self, context: &mut Context<'_, Node>) {
        self.disk.flush(context);
    }
}

/// The vote.
impl Bank {
    fn prepare(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        match self.known.get(&number) {
            None if self.locked.is_none() => self.begin_to_prepare(from, number, context),
            None => {
                self.refuse(number);
                self.vote(from, number, false, context);
            }
            Some(Standing::Preparing) => self.force(Owed::Vote(from, number), context),
            Some(Standing::Aborted { .. }) => self.vote(from, number, false, context),
            Some(_) => self.vote(from, number, true, context),
        }
    }

    /// Locks the account. The vote is a promise, so what it takes to keep it is durable first.
    fn begin_to_prepare(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        self.known.insert(number, Standing::Preparing);
        self.lock(number, context);
        self.disk
            .write(prepared_at(number), Record::Prepared, context);
        self.force(Owed::Vote(from, number), context);
    }

    fn lock(&mut self, number: u32, context: &mut Context<'_, Node>) {
        self.locked = Some(number);
        context.record(Fact::Locked {
            operation: number,
            key: ACCOUNT,
        });
    }

    fn refuse(&mut self, number: u32) {
        self.refused += 1;
        let is_logged = false;
        self.known.insert(number, Standing::Aborted { is_logged });
    }

    fn vote(&self, to: NodeId, number: u32, is_yes: bool, context: &mut Context<'_, Node>) {
        context.send(to, Message::Vote { number, is_yes });
    }

    fn vote_yes(&mut self, to: NodeId, number: u32, context: &mut Context<'_, Node>) {
        match self.known.get(&number) {
            Some(Standing::Preparing) => self.doubt(number, context),
            // It has been aborted since.
            Some(Standing::Aborted { .. }) => return,
            _ => {}
        }
        self.vote(to, number, true, context);
    }

    /// From now on the bank needs somebody else's word.
    fn doubt(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let since = context.monotonic();
        self.known.insert(number, Standing::InDoubt { since });
        context.record(Fact::Prepared { operation: number });
        context.set_timer(self.patience, Timer::InDoubt { number });
    }
}

/// The decision.
impl Bank {
    fn told(
        &mut self,
        from: NodeId,
        number: u32,
        decision: Decision,
        context: &mut Context<'_, Node>,
    ) {
        match decision {
            Decision::Commit => self.commit(from, number, context),
            Decision::Abort => self.abort(from, number, context),
        }
    }

    fn commit(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        match self.known.get(&number) {
            Some(Standing::InDoubt { .. }) => {
                self.known.insert(number, Standing::Committing);
                let record = Record::Decided(Decision::Commit);
                self.disk.write(decided_at(number), record, context);
                self.force(Owed::Commit(from, number), context);
            }
            Some(Standing::Committing) => self.force(Owed::Commit(from, number), context),
            // It has been done, or the bank has forgotten its promise and what it was about.
            _ => self.done(from, number, context),
        }
    }

    fn committed(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        if self.known.get(&number) == Some(&Standing::Committing) {
            self.known.insert(number, Standing::Committed);
            decides(number, Decision::Commit, context);
            context.record(stored(number));
            self.unlock(number, context);
        }
        self.done(from, number, context);
    }

    fn done(&self, to: NodeId, number: u32, context: &mut Context<'_, Node>) {
        if self.coordinators.contains(&to) {
            context.send(to, Message::Done { number });
        }
    }

    fn abort(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        self.give_up(number, context);
        // Whoever finds no record presumes an abort: nothing is forced, and nobody has to hear of it.
        if !self.presumes_abort && self.coordinators.contains(&from) {
            self.log_abort(number, context);
            self.force(Owed::Done(from, number), context);
        }
    }

    /// The transaction is aborted here, if it is not decided yet.
    fn give_up(&mut self, number: u32, context: &mut Context<'_, Node>) {
        match self.known.get(&number) {
            Some(Standing::Preparing | Standing::InDoubt { .. }) => {
                let is_logged = false;
                self.known.insert(number, Standing::Aborted { is_logged });
                self.log_abort(number, context);
                decides(number, Decision::Abort, context);
                self.unlock(number, context);
            }
            None => {
                let is_logged = false;
                self.known.insert(number, Standing::Aborted { is_logged });
            }
            Some(_) => {}
        }
    }

    fn log_abort(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let Some(Standing::Aborted { is_logged }) = self.known.get_mut(&number) else {
            return;
        };
        if !std::mem::replace(is_logged, true) {
            let record = Record::Decided(Decision::Abort);
            self.disk.write(decided_at(number), record, context);
        }
    }

    fn unlock(&mut self, number: u32, context: &mut Context<'_, Node>) {
        self.locked.take_if(|holder| *holder == number);
        context.record(Fact::Unlocked {
            operation: number,
            key: ACCOUNT,
        });
        self.serve_next(context);
    }
}

/// The doubt.
impl Bank {
    /// No decision has come: it asks the next coordinator; and the other participants, if that is the protocol.
    pub(super) fn in_doubt(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let Some(Standing::InDoubt { .. }) = self.known.get(&number) else {
            return;
        };
        let coordinator = self.coordinators[self.asked % self.coordinators.len()];
        self.asked += 1;
        context.send(coordinator, Message::Inquire { number });
        if self.asks_peers {
            for peer in &self.peers {
                context.send(*peer, Message::Inquire { number });
            }
        }
        context.set_timer(self.patience, Timer::InDoubt { number });
    }

    /// Another participant is in doubt. A bank that has not voted can still decide: it aborts, and will never vote yes. The other
    /// one relies on that, so it is durable first.
    fn asked_by_peer(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        match self.known.get(&number) {
            Some(Standing::InDoubt { .. } | Standing::Preparing) => {
                context.send(from, Message::Unsure { number });
            }
            Some(Standing::Committing | Standing::Committed) => {
                let decision = Decision::Commit;
                context.send(from, Message::Decided { number, decision });
            }
            Some(Standing::Aborted { .. }) | None => {
                self.give_up(number, context);
                self.log_abort(number, context);
                self.force(Owed::Tell(from, number), context);
            }
        }
    }
}

impl Role<Node> for Bank {
    /// What was prepared and not decided is in doubt, and has the account locked again.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        let mut prepared = Set::new();
        for (place, record) in context.durable() {
            let number = (place / 2) as u32;
            match record {
                Stored::Whole(Record::Prepared) => {
                    prepared.insert(number);
                }
                Stored::Whole(Record::Decided(decision)) => {
                    let standing = match decision {
                        Decision::Commit => Standing::Committed,
                        Decision::Abort => Standing::Aborted { is_logged: true },
                    };
                    self.known.insert(number, standing);
                }
                Stored::Whole(_) | Stored::Torn => {}
            }
        }
        self.disk.start(context);
        for (number, standing) in &self.known {
            if *standing == Standing::Committed {
                context.record(stored(*number));
            }
        }
        for number in prepared {
            if !self.known.contains_key(&number) {
                self.lock(number, context);
                self.doubt(number, context);
            }
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        for owed in self.disk.synced(token, context) {
            self.due(owed, context);
        }
    }

    fn copies(&self) -> Option<Vec<CopyOf>> {
        let done = self.known.iter();
        let done = done.filter(|(_, standing)| **standing == Standing::Committed);
        let copies = done.map(|(number, _)| CopyOf {
            key: ACCOUNT,
            operation: *number,
        });
        Some(copies.collect())
    }

    fn held(&self, by: Measure) -> usize {
        self.coordinators.held(by)
            + self.peers.held(by)
            + self.known.held(by)
            + self.waiting.held(by)
            + self.disk.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        self.description(outlook)
    }
}

/// The store holds what an operation did.
fn stored(number: u32) -> Fact {
    Fact::Stored {
        operation: number,
        key: ACCOUNT,
        version: 0,
    }
}

/// Puts on record what a node takes for decided.
pub(super) fn decides(number: u32, decision: Decision, context: &mut Context<'_, Node>) {
    context.record(Fact::Decided {
        operation: number,
        outcome: outcome(decision),
    });
}
