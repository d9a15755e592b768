//! Facts: what nodes do that a check judges, in words that no protocol owns.
//!
//! A protocol puts facts on record. A check reads them, and so knows nothing about the protocol.
//!
//! | file | its subject |
//! | --- | --- |
//! | `mod` | all facts, each said once |
//! | `table` | what is made of that: [`Fact`] and [`FactKind`] |
//! | `words` | [`FactSort`], [`Function`], [`Outcome`], [`Relation`] |

mod table;
mod words;

pub use words::{FactSort, Function, Outcome, Relation};

use super::coded::{ascending, coded};
use super::detail::{Field, details};
use table::facts;

// Each fact has a number that is part of every digest: never change or reuse one. `in [n]` says in which of the event's
// arguments a field lies, `in [n >> bits]` that it begins at that bit. The first field is the number by which stories tell
// facts of a kind apart. `word` is what stories call the kind, `sort` how much it weighs in pictures, `about` the operation
// that the fact is about, `interesting` whether a reader who skips from moment to moment would want to stop here.
facts! {
    /// A client asked for something. `operation` is unique in the run.
    Invoked = 0 {
        /// The operation's number.
        operation: u32 in [0],
        /// What it asks for.
        function: Function in [0 >> 32],
        /// About which key.
        key: i64 in [1],
        /// With which value.
        value: i64 in [2],
    } word "invoked", sort Note, about Some(operation), interesting false;

    /// A client's operation ended.
    Returned = 1 {
        /// The operation's number.
        operation: u32 in [0],
        /// How it ended.
        outcome: Outcome in [1],
        /// What was answered.
        value: i64 in [2],
    } word "returned", sort Note, about Some(operation), interesting outcome == Outcome::Unknown;

    /// A client asked once more for the same operation.
    Retried = 2 {
        /// The operation's number.
        operation: u32 in [0],
        /// How many times it has asked now; the first retry is 2.
        attempt: i64 in [1],
    } word "retried", sort Note, about Some(operation), interesting true;

    /// Something that an operation asked for took effect in the outside world.
    Effect = 3 {
        /// The operation's number.
        operation: u32 in [0],
        /// How much: money moved, units shipped.
        amount: i64 in [1],
        /// The total after it.
        total: i64 in [2],
    } word "effect", sort Deed, about Some(operation), interesting false;

    /// A node's copy of a key is what `operation` wrote; whatever it was before is gone from that copy. A
    /// node that restarts puts on record again what it finds on its disk.
    Stored = 4 {
        /// The number of the operation that wrote it.
        operation: u32 in [0],
        /// Which key.
        key: i64 in [1],
        /// The version, epoch, term or token under which it was accepted.
        version: i64 in [2],
    } word "stored", sort Deed, about Some(operation), interesting false;

    /// A node believes that it is the leader, or the primary, of a term.
    Leads = 5 {
        /// The term or epoch.
        term: i64 in [0],
    } word "leads", sort Role, about None, interesting true;

    /// A node no longer believes that it is the leader.
    StepsDown = 6 {
        /// The term or epoch that it led.
        term: i64 in [0],
    } word "steps-down", sort Role, about None, interesting true;

    /// A node treats another node as dead.
    Suspects = 7 {
        /// The other node's number.
        node: i64 in [0],
    } word "suspects", sort Deed, about None, interesting true;

    /// A node treats another node as alive again, which it had suspected.
    Trusts = 8 {
        /// The other node's number.
        node: i64 in [0],
    } word "trusts", sort Note, about None, interesting true;

    /// A node believes that it holds a lock or a lease.
    Acquired = 9 {
        /// Which lock.
        lock: i64 in [0],
        /// The fencing token that came with it.
        token: i64 in [1],
    } word "acquired", sort Role, about None, interesting true;

    /// A node no longer believes that it holds a lock or a lease.
    Released = 10 {
        /// Which lock.
        lock: i64 in [0],
        /// The token under which it held the lock.
        token: i64 in [1],
    } word "released", sort Role, about None, interesting true;

    /// A node shows something to its reader.
    Shown = 11 {
        /// What.
        item: i64 in [0],
        /// What it answers or follows; -1 for nothing.
        after: i64 in [1],
    } word "shown", sort Deed, about None, interesting false;

    /// A node begins to measure a length of time.
    MeasureBegins = 12 {
        /// The measurement's number.
        measure: i64 in [0],
    } word "measure-begins", sort Note, about None, interesting false;

    /// A node ends a measurement.
    MeasureEnds = 13 {
        /// The measurement's number.
        measure: i64 in [0],
        /// How long it took by the node's own clock, in nanoseconds. A wall clock can make it negative.
        length: i64 in [1],
    } word "measure-ends", sort Deed, about None, interesting false;

    /// A node gives something a timestamp.
    Stamped = 14 {
        /// What.
        item: i64 in [0],
        /// The timestamp's first part: physical time, or all of it.
        stamp: i64 in [1],
        /// Its second part: a logical counter, or who gave it.
        tie: i64 in [2],
    } word "stamped", sort Note, about None, interesting false;

    /// A client learns what became of an operation that had already ended for it.
    Learned = 20 {
        /// The operation's number.
        operation: u32 in [0],
        /// How it ended after all.
        outcome: Outcome in [1],
    } word "learned", sort Note, about Some(operation), interesting true;

    /// A node does not do what an operation asks for, because it has seen something newer.
    Refused = 21 {
        /// The operation's number.
        operation: u32 in [0],
        /// About which key.
        key: i64 in [1],
        /// The version, epoch, term or token that was too old.
        version: i64 in [2],
    } word "refused", sort Note, about Some(operation), interesting true;

    /// A node finds that a message is damaged, and throws it away.
    Damaged = 22 {
        /// The number of the operation that the message belongs to.
        operation: u32 in [0],
    } word "damaged", sort Note, about Some(operation), interesting true;

    /// A node has received an item and does not show it yet, because another item belongs before it.
    HeldBack = 23 {
        /// What.
        item: i64 in [0],
        /// What it waits for; -1 if it cannot say.
        awaits: i64 in [1],
    } word "held-back", sort Note, about None, interesting false;

    /// A node throws away what an operation asks for or answers, because it has no room or no time for it.
    Shed = 30 {
        /// The operation's number.
        operation: u32 in [0],
    } word "shed", sort Note, about Some(operation), interesting false;

    /// A node decides to send no requests for a while.
    HoldsOff = 31 {
        /// For how long by its monotonic clock, in nanoseconds.
        length: i64 in [0],
    } word "holds-off", sort Note, about None, interesting false;

    /// A node acts as the leader: it lets what an operation asks for take effect.
    Acts = 32 {
        /// The operation's number.
        operation: u32 in [0],
        /// The term, or the epoch, in which it leads.
        term: i64 in [1],
    } word "acts", sort Note, about Some(operation), interesting false;

    /// A node's copy of a key no longer holds what `operation` wrote, or never will, because of what `by` wrote.
    Discarded = 40 {
        /// The number of the operation whose write is gone.
        operation: u32 in [0],
        /// The number of the operation whose write stands in its place.
        by: u32 in [1],
        /// Which key.
        key: i64 in [2],
    } word "discarded", sort Note, about Some(operation), interesting false;

    /// A node says in which order two things happened.
    Judged = 41 {
        /// The one.
        first: i64 in [0],
        /// The other.
        second: i64 in [1],
        /// Their order, as the node says.
        relation: Relation in [2],
    } word "judged", sort Note, about None, interesting false;

    /// A node has compared its wall clock with another node's, over one round trip.
    Sampled = 42 {
        /// The other node's number.
        node: i64 in [0],
        /// How far the other node's clock is ahead by this node's estimate, in nanoseconds.
        offset: i64 in [1],
        /// How long the round trip took without the other node's time to answer, in nanoseconds.
        delay: i64 in [2],
    } word "sampled", sort Note, about None, interesting false;

    /// A node reads its wall clock, for the record.
    ClockRead = 43 {
        /// What it shows, in nanoseconds since the run's epoch.
        reading: i64 in [0],
        /// How far it can be off by the node's estimate, in nanoseconds; -1 if the node makes none.
        bound: i64 in [1],
    } word "clock-read", sort Note, about None, interesting false;

    /// A node gives its vote in an election; a candidate gives one to itself.
    Voted = 50 {
        /// The term of the election.
        term: i64 in [0],
        /// The number of the node that gets the vote.
        candidate: i64 in [1],
    } word "voted", sort Note, about None, interesting false;

    /// A node's log has an entry. A node that restarts puts on record again what it finds on its disk.
    Logged = 51 {
        /// The entry's place in the log, from 1.
        index: u32 in [0],
        /// The term of the leader that took the entry.
        term: i64 in [1],
        /// What it holds: the number of an operation, 0 for nothing, and a negative number for a set of members.
        content: i64 in [2],
    } word "logged", sort Note, about command(content), interesting false;

    /// A node has dropped the end of its log.
    Truncated = 52 {
        /// The place of the first entry that is gone.
        index: u32 in [0],
    } word "truncated", sort Note, about None, interesting true;

    /// A node's state machine has taken in the entry at a place of the log.
    Applied = 53 {
        /// The entry's place.
        index: u32 in [0],
        /// The latest term that the node knows of.
        known: u32 in [0 >> 32],
        /// The term of the leader that took the entry.
        term: i64 in [1],
        /// What it holds, as in `Logged`.
        content: i64 in [2],
    } word "applied", sort Note, about command(content), interesting false;

    /// A node's log begins behind a place: a snapshot of its state machine stands for all entries up to there. A node that
    /// restarts puts on record again which snapshot it finds on its disk.
    Compacted = 54 {
        /// The place of the last entry that the snapshot stands for.
        index: u32 in [0],
        /// The term of that entry, as the node knows it.
        term: i64 in [1],
    } word "compacted", sort Note, about None, interesting false;

    /// The operation in the entry that a node's state machine takes in next has no effect: the session of its client has it
    /// already, or a later one.
    PassedOver = 55 {
        /// The operation's number.
        operation: u32 in [0],
    } word "passed-over", sort Note, about Some(operation), interesting false;

    /// A node's store locks a key for an operation: nobody else can change what is under it. A node that restarts puts on
    /// record again which locks it finds on its disk.
    Locked = 56 {
        /// The operation's number.
        operation: u32 in [0],
        /// Which key.
        key: i64 in [1],
    } word "locked", sort Deed, about Some(operation), interesting false;

    /// A node's store lets go of a key that it had locked for an operation.
    Unlocked = 57 {
        /// The operation's number.
        operation: u32 in [0],
        /// Which key.
        key: i64 in [1],
    } word "unlocked", sort Deed, about Some(operation), interesting false;

    /// A node has promised to do its part of an operation if it is told to, and can decide nothing about it any more.
    Prepared = 58 {
        /// The operation's number.
        operation: u32 in [0],
    } word "prepared", sort Note, about Some(operation), interesting true;

    /// A node takes it for decided whether an operation is carried out.
    Decided = 59 {
        /// The operation's number.
        operation: u32 in [0],
        /// Whether it is.
        outcome: Outcome in [1],
    } word "decided", sort Note, about Some(operation), interesting false;

    /// A client's transaction has read a version of a row.
    ReadVersion = 60 {
        /// The operation that the transaction is.
        operation: u32 in [0],
        /// The operation that wrote what was read; 0 for what was there at first.
        writer: u32 in [0 >> 32],
        /// Which row: the number of the node that it is about, or a negative number if it is about none.
        row: i64 in [1],
        /// What was read.
        value: i64 in [2],
    } word "read-version", sort Note, about Some(operation), interesting false;

    /// A store has a version of a row, which transactions find from now on. A node that restarts puts on record again the
    /// latest versions that it finds on its disk.
    Installed = 61 {
        /// The operation that wrote it; 0 for what was there at first.
        operation: u32 in [0],
        /// Which row, as in `ReadVersion`.
        row: i64 in [1],
        /// What was written.
        value: i64 in [2],
    } word "installed", sort Deed, about command(i64::from(operation)), interesting false;

    /// An operation waits at a store for a lock that another one holds, or waits for.
    Awaits = 62 {
        /// The operation that waits.
        operation: u32 in [0],
        /// The other one.
        holder: u32 in [0 >> 32],
    } word "awaits", sort Note, about Some(operation), interesting false;
}

impl Fact {
    /// Whether it tells what a node's log holds, or how far its state machine has taken it in.
    pub fn is_of_a_log(&self) -> bool {
        matches!(
            self,
            Fact::Logged { .. }
                | Fact::Truncated { .. }
                | Fact::Applied { .. }
                | Fact::Compacted { .. }
        )
    }
}

/// The operation that an entry holds, if it holds one.
fn command(content: i64) -> Option<u32> {
    u32::try_from(content).ok().filter(|number| *number > 0)
}
