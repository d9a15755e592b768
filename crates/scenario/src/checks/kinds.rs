//! The kinds of checks that a scenario can name. To add one, add its row to the table.

use check::consistency::causal::Level;
use check::consistency::session::Guarantee;
use check::model::Model;
use check::watch::{
    AcknowledgedSurvive, AtomicCommitment, Available, CausalOrder, ClockBound, ClockError,
    Consistent, CopiesAgree, Counted, CountsRight, DeadAreFound, Demand, EffectTimes,
    ElectionSafety, EndsWithin, EnoughGood, EnoughSet, ExternalConsistency, GoodputRecovers,
    HalfRoundTrip, LeaderAppendOnly, LeaderCompleteness, LockHeldWithin, LogMatching, LostWrite,
    Measured, MoneyConserved, NoFalseAlarm, NoFalseFailure, NoGhostWrite, OneHolder, OneLeaderActs,
    Protected, ReadsWritten, RecoversWithin, Serializable, SnapshotOrder, StaleWrite,
    StateMachineSafety, SteadyLeader, TailLatency, Telling, Times, ToldOrder,
};
use sim::SimDuration;

use super::parameters::*;
use super::{CheckEntry, Promise};

/// Each row is `"id" Promise [its parameters]: "what it demands, in one sentence" => its check;`.
///
/// A parameter is `name: as what it is read(ITS_SPECIFICATION)`. The check sees the settings by these names alone, so it
/// can read no parameter that its row does not list, and one that it lists and never reads is an unused variable.
macro_rules! kinds {
    ($(
        $id:literal $promise:ident [$($parameter:ident: $read:ident($spec:ident)),*]: $about:literal => $check:expr;
    )*) => {
        /// Every kind of check.
        pub const CHECKS: &[CheckEntry] = &[$(CheckEntry {
            id: $id,
            about: $about,
            promise: Promise::$promise,
            parameters: &[$($spec),*],
            build: |settings| {
                let _ = settings;
                $(let $parameter = settings.$read(&$spec);)*
                Box::new($check)
            },
        },)*];
    };
}

kinds! {
    "acknowledged-kept" Safety []: "No acknowledged write is dropped."
        => LostWrite::new(Protected::Acknowledged);
    "acknowledged-survive" Safety [nil: integer(NIL)]: "Later reads find every write that a client was told is written, or a newer one."
        => AcknowledgedSurvive::new(nil);
    "answered-in-time" Liveness [row: count(ROW), share: share(GOOD_SHARE)]: "Of a given number of operations in a row, enough are answered while their client waits."
        => EnoughGood::new(Counted::AnsweredOperations, row, share);
    "at-least-once" Safety [grace: duration(GRACE)]: "Each operation has its effect."
        => EffectTimes::new(Times::AtLeastOnce, grace);
    "at-most-once" Safety []: "No operation has its effect twice."
        => EffectTimes::new(Times::AtMostOnce, SimDuration::ZERO);
    "atomic-commitment" Safety [participants: count(PARTICIPANTS)]: "All participants of an operation do their part, or none does, and clients are told so."
        => AtomicCommitment::new(participants);
    "available" Liveness [share: share(GOOD_SHARE), least: count(LEAST)]: "Of the operations that begin during a fault, enough are answered."
        => Available::new(share, least);
    "causal" Safety [nil: integer(NIL)]: "Causes come before effects, for every client."
        => Consistent::causal(Level::Causal, nil);
    "causal-convergent" Safety [nil: integer(NIL)]: "Causes come before effects, and all agree on the order of the writes in the end."
        => Consistent::causal(Level::Convergent, nil);
    "causal-order" Safety []: "Each reader is shown an answer after what it answers."
        => CausalOrder::new();
    "causes-told" Safety []: "No effect is told before its cause."
        => ToldOrder::new(Telling::Causes);
    "clock-bound" Safety []: "A clock is off by no more than its node says."
        => ClockBound::new();
    "clock-error" Liveness [bound: duration(CLOCK_BOUND), settles: duration(CLOCK_SETTLES)]: "A clock that its node has set is off by no more than a bound, besides what is still being corrected, if round trips let the node know so much."
        => ClockError::new(bound, settles);
    "concurrency-told" Safety []: "Of two events that could not know of each other, neither is told to be the first."
        => ToldOrder::new(Telling::Concurrency);
    "concurrent-kept" Safety []: "No acknowledged write is dropped for a concurrent one."
        => LostWrite::new(Protected::Concurrent);
    "copies-agree" Recovery [settles: duration(SETTLES)]: "All copies become the same once nothing happens any more."
        => CopiesAgree::new(settles);
    "counts-right" Safety [share: share(GOOD_SHARE)]: "Of the reads of counters during a fault, enough get a number that is right."
        => CountsRight::new(share);
    "dead-are-found" Progress [within: duration(NOTICED_WITHIN)]: "A node that crashes is soon treated as dead."
        => DeadAreFound::new(within);
    "ends-within" Progress [bound: duration(BOUND)]: "Each operation ends within a bound, in whatever way."
        => EndsWithin::new(bound);
    "enough-set" Safety [least: count(LEAST_SET)]: "At any time, enough rows of a store are set."
        => EnoughSet::new(least);
    "exactly-once" Safety [grace: duration(GRACE)]: "Each operation has its effect exactly once."
        => EffectTimes::new(Times::ExactlyOnce, grace);
    "external-consistency" Safety []: "An operation that begins after another has ended has the larger timestamp."
        => ExternalConsistency::new();
    "followers-kept" Safety []: "No write is dropped for one that it followed."
        => LostWrite::new(Protected::Followers);
    "goodput-recovers" Recovery [share: share(GOODPUT_SHARE), within: duration(WITHIN), window: duration(WINDOW)]: "Soon after a fault is over, as many operations end well as before it."
        => GoodputRecovers::new(Demand { share, within, window });
    "half-round-trip" Safety [slack: duration(SLACK)]: "A clock comparison over a round trip is wrong by no more than half of it."
        => HalfRoundTrip::new(slack);
    "leader-append-only" Safety []: "A leader adds entries to its log, and drops none."
        => LeaderAppendOnly::new();
    "leader-completeness" Safety []: "Each leader has every entry that was applied in an earlier term."
        => LeaderCompleteness::new();
    "linearizable" Safety [nil: integer(NIL)]: "Every key behaves like one register: each operation takes effect at one moment between its call and its answer."
        => Consistent::linearizable(Model::Register, nil);
    "linearizable-cas" Safety [nil: integer(NIL)]: "Every key behaves like one register that can also be compared and set: each operation takes effect at one moment between its call and its answer."
        => Consistent::linearizable(Model::CasRegister, nil);
    "linearizable-counter" Safety [nil: integer(NIL)]: "Every key behaves like one counter: each operation takes effect at one moment between its call and its answer."
        => Consistent::linearizable(Model::Counter, nil);
    "linearizable-list" Safety [nil: integer(NIL)]: "Every key behaves like one list: each operation takes effect at one moment between its call and its answer."
        => Consistent::linearizable(Model::KvAppend, nil);
    "linearizable-lock" Safety [nil: integer(NIL)]: "Every lock has one holder at a time, as its clients are told."
        => Consistent::linearizable(Model::Mutex, nil);
    "lock-held-within" Progress [bound: duration(LOCK_BOUND)]: "No lock is held longer than a bound."
        => LockHeldWithin::new(bound);
    "log-matching" Safety []: "Logs that share an entry share all entries before it."
        => LogMatching::new();
    "measured" Safety [drift: ppm(DRIFT_SHARE), slack: duration(SLACK)]: "Each measured length is within the clock's drift of the true one."
        => Measured::new(drift, slack);
    "money-conserved" Safety []: "What was charged is in the books."
        => MoneyConserved::new();
    "monotonic-reads" Safety [nil: integer(NIL)]: "No client reads a version older than one it has read."
        => Consistent::session(Guarantee::MonotonicReads, nil);
    "monotonic-writes" Safety [nil: integer(NIL)]: "A reader of what a client wrote reads nothing older than what that client had written before."
        => Consistent::session(Guarantee::MonotonicWrites, nil);
    "no-false-alarm" Progress [up_for: duration(UP_FOR)]: "No running node is treated as dead."
        => NoFalseAlarm::new(up_for);
    "no-false-failure" Safety []: "An operation that a client reports as failed has no effect, before or after."
        => NoFalseFailure::new();
    "no-ghost-write" Safety []: "No acknowledged write is undone by an older one."
        => NoGhostWrite::new();
    "one-holder" Safety []: "A lock has one holder at a time."
        => OneHolder::new();
    "one-leader-per-term" Safety []: "A term has at most one leader."
        => ElectionSafety::new();
    "one-leader-acts" Safety []: "Once a leader has let a write take effect, no earlier leader lets one take effect that the new leader did not have."
        => OneLeaderActs::new();
    "read-your-writes" Safety [nil: integer(NIL)]: "No client reads a version older than what it wrote itself."
        => Consistent::session(Guarantee::ReadYourWrites, nil);
    "reads-written" Safety []: "Every value that is read was written."
        => ReadsWritten::new();
    "recovers-within" Recovery [bound: duration(BOUND)]: "After the last fault, operations end within a bound; once the bound is over, they end well."
        => RecoversWithin::new(bound);
    "serializable" Safety []: "The transactions have an order in which each of them reads what the ones before it have written."
        => Serializable::new();
    "snapshot-order" Safety []: "A read that shows a write also shows every write under its key that had ended before the shown one began."
        => SnapshotOrder::new();
    "stale-write" Safety []: "Nothing is stored under an old token once a holder with a newer one has opened what the lock guards."
        => StaleWrite::new();
    "state-machine-safety" Safety []: "Where a node has applied an entry, no node applies another."
        => StateMachineSafety::new();
    "steady-leader" Liveness [settles: duration(CALM_FOR), late: duration(LATE)]: "A leader that serves stays in office, and no later term begins, while nothing fails."
        => SteadyLeader::new(settles, late);
    "tail-latency" Liveness [bound: duration(BOUND)]: "Of any hundred answers in a row, at most one takes longer than a bound."
        => TailLatency::new(bound);
    "useful-answers" Liveness [row: count(ROW), share: share(GOOD_SHARE)]: "Of a given number of answers in a row, enough come while somebody waits for them."
        => EnoughGood::new(Counted::UsefulAnswers, row, share);
    "writes-follow-reads" Safety [nil: integer(NIL)]: "A reader of what a client wrote reads nothing older than what that client had read before."
        => Consistent::session(Guarantee::WritesFollowReads, nil);
}
