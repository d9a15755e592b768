//! The kinds of checks that a scenario can name. To add one, add its row to the table.

use check::consistency::causal::Level;
use check::consistency::session::Guarantee;
use check::model::Model;
use check::watch::{
    AcknowledgedSurvive, Available, CausalOrder, ClockBound, ClockError, Consistent, CopiesAgree,
    Counted, CountsRight, DeadAreFound, Demand, EffectTimes, EndsWithin, EnoughGood,
    ExternalConsistency, GoodputRecovers, HalfRoundTrip, LostWrite, Measured, MoneyConserved,
    NoFalseAlarm, NoFalseFailure, NoGhostWrite, OneHolder, OneLeaderActs, Protected, ReadsWritten,
    RecoversWithin, StaleWrite, TailLatency, Telling, Times, ToldOrder,
};
use sim::SimDuration;

use super::parameters::*;
use super::{CheckEntry, Promise};

/// Each row is `"id" Promise [its parameters]: "what it demands, in one sentence" => its check, given its settings;`.
macro_rules! kinds {
    ($($id:literal $promise:ident [$($parameter:ident),*]: $about:literal => |$settings:pat_param| $check:expr;)*) => {
        /// Every kind of check.
        pub const CHECKS: &[CheckEntry] = &[$(CheckEntry {
            id: $id,
            about: $about,
            promise: Promise::$promise,
            parameters: &[$($parameter),*],
            build: |$settings| Box::new($check),
        },)*];
    };
}

kinds! {
    "acknowledged-kept" Safety []: "No acknowledged write is dropped."
        => |_| LostWrite::new(Protected::Acknowledged);
    "acknowledged-survive" Safety [NIL]: "Later reads find every write that a client was told is written, or a newer one."
        => |set| AcknowledgedSurvive::new(set.integer(&NIL));
    "answered-in-time" Liveness [ROW, GOOD_SHARE]: "Of any so many operations in a row, enough are answered while their client waits."
        => |set| EnoughGood::new(Counted::AnsweredOperations, set.count(&ROW), set.share(&GOOD_SHARE));
    "at-least-once" Safety [GRACE]: "Each operation has its effect."
        => |set| EffectTimes::new(Times::AtLeastOnce, set.duration(&GRACE));
    "at-most-once" Safety []: "No operation has its effect twice."
        => |_| EffectTimes::new(Times::AtMostOnce, SimDuration::ZERO);
    "available" Safety [GOOD_SHARE]: "Of the operations that begin during a fault, enough are answered."
        => |set| Available::new(set.share(&GOOD_SHARE));
    "causal" Safety [NIL]: "Causes come before effects, for every client."
        => |set| Consistent::causal(Level::Causal, set.integer(&NIL));
    "causal-convergent" Safety [NIL]: "Causes come before effects, and all agree on the order of the writes in the end."
        => |set| Consistent::causal(Level::Convergent, set.integer(&NIL));
    "causal-order" Safety []: "Each reader is shown an answer after what it answers."
        => |_| CausalOrder::new();
    "causes-told" Safety []: "No effect is told before its cause."
        => |_| ToldOrder::new(Telling::Causes);
    "clock-bound" Safety []: "A clock is off by no more than its node says."
        => |_| ClockBound::new();
    "clock-error" Liveness [CLOCK_BOUND, CLOCK_SETTLES]: "A clock that its node has set is off by no more than a bound, besides what is still being corrected, if round trips let the node know so much."
        => |set| ClockError::new(set.duration(&CLOCK_BOUND), set.duration(&CLOCK_SETTLES));
    "concurrency-told" Safety []: "Of two events that could not know of each other, neither is told to be the first."
        => |_| ToldOrder::new(Telling::Concurrency);
    "concurrent-kept" Safety []: "No acknowledged write is dropped for a concurrent one."
        => |_| LostWrite::new(Protected::Concurrent);
    "copies-agree" Recovery [SETTLES]: "All copies become the same once nothing happens any more."
        => |set| CopiesAgree::new(set.duration(&SETTLES));
    "counts-right" Safety [GOOD_SHARE]: "Of the reads of counters during a fault, enough get a number that is right."
        => |set| CountsRight::new(set.share(&GOOD_SHARE));
    "dead-are-found" Safety [NOTICED_WITHIN]: "A node that crashes is soon treated as dead."
        => |set| DeadAreFound::new(set.duration(&NOTICED_WITHIN));
    "ends-within" Liveness [BOUND]: "Each operation ends within a bound, in whatever way."
        => |set| EndsWithin::new(set.duration(&BOUND));
    "exactly-once" Safety [GRACE]: "Each operation has its effect exactly once."
        => |set| EffectTimes::new(Times::ExactlyOnce, set.duration(&GRACE));
    "external-consistency" Safety []: "An operation that begins after another has ended has the larger timestamp."
        => |_| ExternalConsistency::new();
    "followers-kept" Safety []: "No write is dropped for one that it followed."
        => |_| LostWrite::new(Protected::Followers);
    "goodput-recovers" Recovery [GOODPUT_SHARE, WITHIN, WINDOW]: "Soon after a fault is over, as many operations end well as before it."
        => |set| GoodputRecovers::new(Demand {
            share: set.share(&GOODPUT_SHARE),
            within: set.duration(&WITHIN),
            window: set.duration(&WINDOW),
        });
    "half-round-trip" Safety [SLACK]: "A clock comparison over a round trip is wrong by no more than half of it."
        => |set| HalfRoundTrip::new(set.duration(&SLACK));
    "linearizable" Safety [NIL]: "Every key behaves like one register: each operation takes effect at one moment between its call and its answer."
        => |set| Consistent::linearizable(Model::Register, set.integer(&NIL));
    "linearizable-counter" Safety [NIL]: "Every key behaves like one counter: each operation takes effect at one moment between its call and its answer."
        => |set| Consistent::linearizable(Model::Counter, set.integer(&NIL));
    "linearizable-list" Safety [NIL]: "Every key behaves like one list: each operation takes effect at one moment between its call and its answer."
        => |set| Consistent::linearizable(Model::KvAppend, set.integer(&NIL));
    "linearizable-lock" Safety [NIL]: "Every lock has one holder at a time, as its clients are told."
        => |set| Consistent::linearizable(Model::Mutex, set.integer(&NIL));
    "measured" Safety [DRIFT_SHARE, SLACK]: "Each measured length is within the clock's drift of the true one."
        => |set| Measured::new(set.ppm(&DRIFT_SHARE), set.duration(&SLACK));
    "money-conserved" Safety []: "What was charged is in the books."
        => |_| MoneyConserved::new();
    "monotonic-reads" Safety [NIL]: "No client reads a version older than one it has read."
        => |set| Consistent::session(Guarantee::MonotonicReads, set.integer(&NIL));
    "monotonic-writes" Safety [NIL]: "A reader of what a client wrote reads nothing older than what that client had written before."
        => |set| Consistent::session(Guarantee::MonotonicWrites, set.integer(&NIL));
    "no-false-alarm" Liveness [UP_FOR]: "No running node is treated as dead."
        => |set| NoFalseAlarm::new(set.duration(&UP_FOR));
    "no-false-failure" Safety []: "An operation that a client reports as failed has no effect, before or after."
        => |_| NoFalseFailure::new();
    "no-ghost-write" Safety []: "No acknowledged write is undone by an older one."
        => |_| NoGhostWrite::new();
    "one-holder" Safety []: "A lock has one holder at a time."
        => |_| OneHolder::new();
    "one-leader-acts" Safety []: "Once a leader has acted, no earlier leader acts."
        => |_| OneLeaderActs::new();
    "read-your-writes" Safety [NIL]: "No client reads a version older than what it wrote itself."
        => |set| Consistent::session(Guarantee::ReadYourWrites, set.integer(&NIL));
    "reads-written" Safety []: "Every value that is read was written."
        => |_| ReadsWritten::new();
    "recovers-within" Recovery [BOUND]: "After the last fault, operations end within a bound; once the bound is over, they end well."
        => |set| RecoversWithin::new(set.duration(&BOUND));
    "stale-write" Safety []: "Nothing is stored under an old token once a holder with a newer one has opened what the lock guards."
        => |_| StaleWrite::new();
    "tail-latency" Liveness [BOUND]: "Of any hundred answers in a row, at most one takes longer than a bound."
        => |set| TailLatency::new(set.duration(&BOUND));
    "useful-answers" Liveness [ROW, GOOD_SHARE]: "Of any so many answers in a row, enough come while somebody waits for them."
        => |set| EnoughGood::new(Counted::UsefulAnswers, set.count(&ROW), set.share(&GOOD_SHARE));
    "writes-follow-reads" Safety [NIL]: "A reader of what a client wrote reads nothing older than what that client had read before."
        => |set| Consistent::session(Guarantee::WritesFollowReads, set.integer(&NIL));
}
