//! The kinds of checks that a scenario can name. To add one, add its row to the table.

use check::consistency::causal::Level;
use check::consistency::session::Guarantee;
use check::model::Model;
use check::watch::{
    AcknowledgedSurvive, Available, CausalOrder, ClockError, Consistent, CopiesAgree, Counted,
    CountsRight, DeadAreFound, Demand, EffectTimes, EndsWithin, EnoughGood, ExternalConsistency,
    GoodputRecovers, HalfRoundTrip, LostWrite, Measured, MoneyConserved, NoFalseAlarm,
    NoFalseFailure, NoGhostWrite, OneHolder, OneLeaderActs, Protected, ReadsWritten,
    RecoversWithin, StaleWrite, TailLatency, Telling, Times, ToldOrder,
};
use sim::SimDuration;

use super::CheckEntry;
use super::parameters::*;

/// Each row is `"id" [its parameters]: "what it demands, in one sentence" => its check, given its settings;`.
macro_rules! kinds {
    ($($id:literal [$($parameter:ident),*]: $about:literal => |$settings:pat_param| $check:expr;)*) => {
        /// Every kind of check.
        pub const CHECKS: &[CheckEntry] = &[$(CheckEntry {
            id: $id,
            about: $about,
            parameters: &[$($parameter),*],
            build: |$settings| Box::new($check),
        },)*];
    };
}

kinds! {
    "acknowledged-kept" []: "No acknowledged write is dropped."
        => |_| LostWrite::new(Protected::Acknowledged);
    "acknowledged-survive" [NIL]: "Later reads find every write that a client was told is written, or a newer one."
        => |set| AcknowledgedSurvive::new(set.integer(&NIL));
    "answered-in-time" [ROW, GOOD_SHARE]: "Of any so many operations in a row, enough are answered while their client waits."
        => |set| EnoughGood::new(Counted::AnsweredOperations, set.count(&ROW), set.share(&GOOD_SHARE));
    "at-least-once" [GRACE]: "Each operation has its effect."
        => |set| EffectTimes::new(Times::AtLeastOnce, set.duration(&GRACE));
    "at-most-once" []: "No operation has its effect twice."
        => |_| EffectTimes::new(Times::AtMostOnce, SimDuration::ZERO);
    "available" [GOOD_SHARE]: "Of the operations that begin during a fault, enough are answered."
        => |set| Available::new(set.share(&GOOD_SHARE));
    "causal" [NIL]: "Causes come before effects, for every client."
        => |set| Consistent::causal(Level::Causal, set.integer(&NIL));
    "causal-convergent" [NIL]: "Causes come before effects, and all agree on the order of the writes in the end."
        => |set| Consistent::causal(Level::Convergent, set.integer(&NIL));
    "causal-order" []: "Each reader is shown an answer after what it answers."
        => |_| CausalOrder::new();
    "causes-told" []: "No effect is told before its cause."
        => |_| ToldOrder::new(Telling::Causes);
    "clock-error" [CLOCK_BOUND, CLOCK_SETTLES]: "A clock that its node has set is off by no more than a bound."
        => |set| ClockError::new(set.duration(&CLOCK_BOUND), set.duration(&CLOCK_SETTLES));
    "concurrency-told" []: "Of two events that could not know of each other, neither is told to be the first."
        => |_| ToldOrder::new(Telling::Concurrency);
    "concurrent-kept" []: "No acknowledged write is dropped for a concurrent one."
        => |_| LostWrite::new(Protected::Concurrent);
    "copies-agree" [SETTLES]: "All copies become the same once nothing happens any more."
        => |set| CopiesAgree::new(set.duration(&SETTLES));
    "counts-right" [GOOD_SHARE]: "Of the reads of counters during a fault, enough get a number that is right."
        => |set| CountsRight::new(set.share(&GOOD_SHARE));
    "dead-are-found" [NOTICED_WITHIN]: "A node that crashes is soon treated as dead."
        => |set| DeadAreFound::new(set.duration(&NOTICED_WITHIN));
    "ends-within" [BOUND]: "Each operation ends within a bound, in whatever way."
        => |set| EndsWithin::new(set.duration(&BOUND));
    "exactly-once" [GRACE]: "Each operation has its effect exactly once."
        => |set| EffectTimes::new(Times::ExactlyOnce, set.duration(&GRACE));
    "external-consistency" []: "An operation that begins after another has ended has the larger timestamp."
        => |_| ExternalConsistency::new();
    "followers-kept" []: "No write is dropped for one that it followed."
        => |_| LostWrite::new(Protected::Followers);
    "goodput-recovers" [GOODPUT_SHARE, WITHIN, WINDOW]: "Soon after a fault is over, as many operations end well as before it."
        => |set| GoodputRecovers::new(Demand {
            share: set.share(&GOODPUT_SHARE),
            within: set.duration(&WITHIN),
            window: set.duration(&WINDOW),
        });
    "half-round-trip" [SLACK]: "A clock comparison over a round trip is wrong by no more than half of it."
        => |set| HalfRoundTrip::new(set.duration(&SLACK));
    "linearizable" [NIL]: "Every key behaves like one register: each operation takes effect at one moment between its call and its answer."
        => |set| Consistent::linearizable(Model::Register, set.integer(&NIL));
    "linearizable-counter" [NIL]: "Every key behaves like one counter: each operation takes effect at one moment between its call and its answer."
        => |set| Consistent::linearizable(Model::Counter, set.integer(&NIL));
    "linearizable-list" [NIL]: "Every key behaves like one list: each operation takes effect at one moment between its call and its answer."
        => |set| Consistent::linearizable(Model::KvAppend, set.integer(&NIL));
    "linearizable-lock" [NIL]: "Every lock has one holder at a time, as its clients are told."
        => |set| Consistent::linearizable(Model::Mutex, set.integer(&NIL));
    "measured" [DRIFT_SHARE, SLACK]: "Each measured length is within the clock's drift of the true one."
        => |set| Measured::new(set.ppm(&DRIFT_SHARE), set.duration(&SLACK));
    "money-conserved" []: "What was charged is in the books."
        => |_| MoneyConserved::new();
    "monotonic-reads" [NIL]: "No client reads a version older than one it has read."
        => |set| Consistent::session(Guarantee::MonotonicReads, set.integer(&NIL));
    "monotonic-writes" [NIL]: "A reader of what a client wrote reads nothing older than what that client had written before."
        => |set| Consistent::session(Guarantee::MonotonicWrites, set.integer(&NIL));
    "no-false-alarm" [UP_FOR]: "No running node is treated as dead."
        => |set| NoFalseAlarm::new(set.duration(&UP_FOR));
    "no-false-failure" []: "An operation that a client reports as failed has no effect, before or after."
        => |_| NoFalseFailure::new();
    "no-ghost-write" []: "No acknowledged write is undone by an older one."
        => |_| NoGhostWrite::new();
    "one-holder" []: "A lock has one holder at a time."
        => |_| OneHolder::new();
    "one-leader-acts" []: "Once a leader has acted, no earlier leader acts."
        => |_| OneLeaderActs::new();
    "read-your-writes" [NIL]: "No client reads a version older than what it wrote itself."
        => |set| Consistent::session(Guarantee::ReadYourWrites, set.integer(&NIL));
    "reads-written" []: "Every value that is read was written."
        => |_| ReadsWritten::new();
    "recovers-within" [BOUND]: "After the last fault, operations end within a bound; once the bound is over, they end well."
        => |set| RecoversWithin::new(set.duration(&BOUND));
    "stale-write" []: "Nothing is stored under a token older than the current holder's."
        => |_| StaleWrite::new();
    "tail-latency" [BOUND]: "Of any hundred answers in a row, at most one takes longer than a bound."
        => |set| TailLatency::new(set.duration(&BOUND));
    "useful-answers" [ROW, GOOD_SHARE]: "Of any so many answers in a row, enough come while somebody waits for them."
        => |set| EnoughGood::new(Counted::UsefulAnswers, set.count(&ROW), set.share(&GOOD_SHARE));
    "writes-follow-reads" [NIL]: "A reader of what a client wrote reads nothing older than what that client had read before."
        => |set| Consistent::session(Guarantee::WritesFollowReads, set.integer(&NIL));
}
