//! Where decisions are written for good: on the coordinator's own disk, or in a replicated log.

use sim::held::{Held, Measure};
use sim::protocol::{Claim, Opinion, Outlook};
use sim::sorted::{Map, Set};
use sim::trace::Function;
use sim::{Context, NodeId, Stored};

use super::disk::Disk;
use super::message::{Decision, Message, Record, Timer};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::caller::{Reply, Request};
use crate::parts::replicated_log::Server;

/// What a decision is in the replicated log.
const COMMIT: i64 = 1;
const ABORT: i64 = 2;

/// Where the records of a transaction are on a coordinator's disk: that it has begun, the decision, and that it has ended.
fn begun_at(number: u32) -> u64 {
    4 * u64::from(number)
}

fn decided_at(number: u32) -> u64 {
    begun_at(number) + 1
}

fn ended_at(number: u32) -> u64 {
    begun_at(number) + 2
}

/// What has become certain.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) enum Found {
    /// Votes can be asked for.
    Begun(u32),
    /// It is decided.
    Decided(u32, Decision),
}

/// A coordinator's ledger.
#[derive(Clone, Debug, Hash)]
pub(super) struct Ledger {
    kept: Kept,
    /// What has become certain, and the coordinator has not heard yet.
    found: Vec<Found>,
}

#[derive(Clone, Debug, Hash)]
enum Kept {
    /// On the coordinator's disk.
    Alone(Own),
    /// In the log that the coordinators replicate.
    Together(Box<Server>),
    /// Nowhere: this coordinator is a spare that nobody asks.
    Nowhere,
}

/// A coordinator's own disk.
#[derive(Clone, Debug, Hash)]
struct Own {
    presumes_abort: bool,
    disk: Disk<Found>,
    /// The decisions of earlier lives that were not known to be carried out.
    unfinished: Vec<u32>,
}

impl Ledger {
    fn of(kept: Kept) -> Ledger {
        Ledger {
            kept,
            found: Vec::new(),
        }
    }

    /// On the coordinator's own disk.
    pub(super) fn alone(choices: &Choices) -> Ledger {
        Ledger::of(Kept::Alone(Own {
            presumes_abort: choices.presumes_abort,
            disk: Disk::new(choices),
            unfinished: Vec::new(),
        }))
    }

    /// In a replicated log, of which this is the coordinator's server.
    pub(super) fn together(server: Server) -> Ledger {
        Ledger::of(Kept::Together(Box::new(server)))
    }

    /// Nowhere.
    pub(super) fn nowhere() -> Ledger {
        Ledger::of(Kept::Nowhere)
    }

    /// What has become certain, and has not been heard yet.
    pub(super) fn next_found(&mut self) -> Option<Found> {
        self.take_replies();
        (!self.found.is_empty()).then(|| self.found.remove(0))
    }

    fn take_replies(&mut self) {
        if let Kept::Together(server) = &mut self.kept {
            let replies = server.own_replies();
            replies.into_iter().for_each(|reply| self.told(reply));
        }
    }

    /// Whether the coordinator decides anything.
    pub(super) fn can_decide(&self) -> bool {
        !matches!(self.kept, Kept::Nowhere)
    }

    /// Which life of the ledger it is: a replicated log has one.
    pub(super) fn life(&self, context: &Context<'_, Node>) -> i64 {
        match self.kept {
            Kept::Alone(_) => context.boot(),
            Kept::Together(_) | Kept::Nowhere => 0,
        }
    }

    /// Whether what was begun in this life, and has no decision on record, has been forgotten.
    pub(super) fn forgets(&self, life: i64, context: &Context<'_, Node>) -> bool {
        matches!(self.kept, Kept::Alone(_)) && life != context.boot()
    }
}

/// What is written.
impl Ledger {
    /// A transaction begins. Where an abort is presumed, no record of that is needed.
    pub(super) fn begin(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let begun = Found::Begun(number);
        match &mut self.kept {
            Kept::Alone(own) if !own.presumes_abort => {
                own.disk.write(begun_at(number), Record::Begun, context);
                self.found.extend(own.disk.force(begun, context));
            }
            _ => self.found.push(begun),
        }
    }

    /// Has something decided. A commit is forced; an abort only where it is not presumed.
    pub(super) fn decide(
        &mut self,
        number: u32,
        decision: Decision,
        context: &mut Context<'_, Node>,
    ) {
        let decided = Found::Decided(number, decision);
        match &mut self.kept {
            Kept::Alone(own) if decision.commits() || !own.presumes_abort => {
                let record = Record::Decided(decision);
                own.disk.write(decided_at(number), record, context);
                self.found.extend(own.disk.force(decided, context));
            }
            Kept::Alone(_) => self.found.push(decided),
            Kept::Together(server) => {
                server.asked(context.me(), request(number, decision), context);
            }
            Kept::Nowhere => {}
        }
    }

    /// Has it decided once more, if that can have been lost on the way.
    pub(super) fn decide_again(
        &mut self,
        number: u32,
        decision: Decision,
        context: &mut Context<'_, Node>,
    ) {
        if matches!(self.kept, Kept::Together(_)) {
            self.decide(number, decision, context);
        }
    }

    /// Whether it can say something of a transaction of which it knows nothing.
    pub(super) fn can_presume_abort(&self) -> bool {
        match &self.kept {
            Kept::Alone(own) => own.presumes_abort,
            Kept::Together(_) => true,
            Kept::Nowhere => false,
        }
    }

    /// Somebody asks about a transaction of which it knows nothing. Its own disk would know of a commit. In a replicated log
    /// another coordinator may be about to write one: the first decision there counts.
    pub(super) fn presume_abort(&mut self, number: u32, context: &mut Context<'_, Node>) {
        self.decide(number, Decision::Abort, context);
    }

    /// Whether all participants are to hear of an abort that no client waits for: where it is not presumed, a coordinator
    /// that restarts answers for what it had begun.
    pub(super) fn aborts_aloud(&self) -> bool {
        matches!(&self.kept, Kept::Alone(own) if !own.presumes_abort)
    }

    /// All participants have carried out a decision: nobody will ask.
    pub(super) fn end(&mut self, number: u32, context: &mut Context<'_, Node>) {
        if let Kept::Alone(own) = &mut self.kept {
            own.disk.write(ended_at(number), Record::Ended, context);
        }
    }
}

/// What comes back.
impl Ledger {
    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match (&mut self.kept, message) {
            (Kept::Together(server), Message::Log(message)) => {
                server.message(from, message, context);
            }
            (Kept::Together(_), Message::Told(reply)) => self.told(reply),
            _ => {}
        }
    }

    /// What the log says is decided, whatever this coordinator had asked for. If it is refused, somebody will ask again.
    fn told(&mut self, reply: Reply) {
        if reply.is_done {
            let decision = if reply.value == COMMIT {
                Decision::Commit
            } else {
                Decision::Abort
            };
            self.found
                .push(Found::Decided(reply.to.operation, decision));
        }
    }

    pub(super) fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        match (&mut self.kept, timer) {
            (Kept::Together(server), Timer::Log(timer)) => server.wake(timer, context),
            (Kept::Alone(own), Timer::Flush) => own.disk.flush(context),
            _ => {}
        }
    }

    pub(super) fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        match &mut self.kept {
            Kept::Alone(own) => self.found.extend(own.disk.synced(token, context)),
            Kept::Together(server) => server.synced(token, context),
            Kept::Nowhere => {}
        }
    }

    /// Begins a life: the decisions that it finds on its own disk.
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) -> Map<u32, Decision> {
        match &mut self.kept {
            Kept::Alone(own) => own.start(&mut self.found, context),
            Kept::Together(server) => {
                server.start(context);
                Map::new()
            }
            Kept::Nowhere => Map::new(),
        }
    }

    /// The decisions that it found and that were not known to be carried out.
    pub(super) fn unfinished(&mut self) -> Vec<u32> {
        match &mut self.kept {
            Kept::Alone(own) => std::mem::take(&mut own.unfinished),
            Kept::Together(_) | Kept::Nowhere => Vec::new(),
        }
    }
}

impl Own {
    /// What had begun and was not decided is aborted.
    fn start(
        &mut self,
        found: &mut Vec<Found>,
        context: &mut Context<'_, Node>,
    ) -> Map<u32, Decision> {
        let mut begun = Set::new();
        let mut decided = Map::new();
        let mut ended = Set::new();
        for (place, record) in context.durable() {
            let number = (place / 4) as u32;
            match record {
                Stored::Whole(Record::Begun) => {
                    begun.insert(number);
                }
                Stored::Whole(Record::Decided(decision)) => {
                    decided.insert(number, *decision);
                }
                Stored::Whole(Record::Ended) => {
                    ended.insert(number);
                }
                Stored::Whole(_) | Stored::Torn => {}
            }
        }
        self.disk.start(context);
        let unfinished = decided.keys().filter(|number| !ended.contains(number));
        self.unfinished = unfinished.copied().collect();
        for number in begun {
            if !decided.contains_key(&number) {
                let decision = Decision::Abort;
                let record = Record::Decided(decision);
                self.disk.write(decided_at(number), record, context);
                let aborted = Found::Decided(number, decision);
                found.extend(self.disk.force(aborted, context));
            }
        }
        decided
    }
}

/// What is seen of it.
impl Ledger {
    pub(super) fn claim(&self) -> Option<Claim> {
        match &self.kept {
            Kept::Together(server) => Role::<Node>::claim(&**server),
            Kept::Alone(_) | Kept::Nowhere => None,
        }
    }

    pub(super) fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        match &self.kept {
            Kept::Together(server) => Role::<Node>::opinion_of(&**server, other),
            Kept::Alone(_) | Kept::Nowhere => None,
        }
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        let kept = match &self.kept {
            Kept::Alone(own) => own.disk.held(by) + own.unfinished.held(by),
            Kept::Together(server) => size_of::<Server>() + Role::<Node>::held(&**server, by),
            Kept::Nowhere => 0,
        };
        self.found.held(by) + kept
    }

    pub(super) fn badge(&self, outlook: &Outlook<'_>) -> String {
        match &self.kept {
            Kept::Alone(_) => "waits for work".to_owned(),
            Kept::Together(server) => Role::<Node>::describe(&**server, outlook).badge,
            Kept::Nowhere => "spare".to_owned(),
        }
    }

    pub(super) fn state(&self, outlook: &Outlook<'_>) -> Vec<(String, String)> {
        match &self.kept {
            Kept::Together(server) => Role::<Node>::describe(&**server, outlook).state,
            Kept::Alone(_) | Kept::Nowhere => Vec::new(),
        }
    }

    pub(super) fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        match &self.kept {
            Kept::Alone(_) => vec!["My disk alone knows what I decide.".to_owned()],
            Kept::Together(server) => Role::<Node>::describe(&**server, outlook).beliefs,
            Kept::Nowhere => vec!["I am a spare: nobody tells me what is decided.".to_owned()],
        }
    }
}

/// The first entry about a transaction decides it: the log takes each operation once, and whoever asks for the other decision is
/// told what it was.
fn request(number: u32, decision: Decision) -> Request {
    Request {
        operation: number,
        function: Function::CompareAndSet,
        key: i64::from(number),
        value: if decision.commits() { COMMIT } else { ABORT },
    }
}
