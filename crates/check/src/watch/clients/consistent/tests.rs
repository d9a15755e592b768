//! Histories of clients, consistent or not.

use super::*;
use crate::watch::State;
use crate::watch::parts::trial::*;
use sim::trace::{Fact, Function, Outcome};

/// The trial of a check to which 0 means nothing; things happen 1 ms apart.
struct Calls {
    trial: Trial,
    next: u32,
}

fn calls(check: Consistent) -> Calls {
    Calls {
        trial: trial(check, "call"),
        next: 1,
    }
}

fn linearizable(model: Model) -> Calls {
    calls(Consistent::linearizable(model, 0))
}

impl Calls {
    fn on(self, node: u16, fact: Fact) -> Calls {
        Calls {
            trial: self.trial.at(u64::from(self.next), node, fact),
            next: self.next + 1,
        }
    }

    fn begins(self, node: u16, operation: u32, function: Function, value: i64) -> Calls {
        self.on(node, begins(operation, function, 7, value))
    }

    /// A call that ends well, before anything else happens.
    fn call(self, node: u16, function: Function, value: i64) -> Calls {
        let operation = 1000 + self.next;
        self.begins(node, operation, function, value)
            .on(node, told(operation, value))
    }

    fn reads(self, node: u16, value: i64) -> Calls {
        self.call(node, Function::Read, value)
    }

    fn writes(self, node: u16, value: i64) -> Calls {
        self.call(node, Function::Write, value)
    }

    #[track_caller]
    fn agree(self, calls: u32) -> Calls {
        let trial = self
            .trial
            .holds(&format!("{calls} calls, and their answers agree."));
        Calls { trial, ..self }
    }
}

#[test]
fn a_stale_read_is_found_when_it_returns() {
    for check in [
        Consistent::linearizable(Model::Register, 0),
        Consistent::session(Guarantee::ReadYourWrites, 0),
    ] {
        let stale = calls(check).reads(1, 0).writes(1, 5).agree(2).reads(1, 0);
        stale
            .trial
            .violated("n1's read #1005 got nothing at 0.01 s, but its own write #1003 of 5 was done at 0.01 s.")
            .found_here();
    }
}

#[test]
fn a_number_that_is_wrong_is_told_with_what_had_been_added() {
    calls(Consistent::linearizable(Model::Counter, -1))
        .call(1, Function::Add, 4)
        .call(1, Function::Add, 3)
        .reads(2, 4)
        .trial
        .violated("n2's read #1005 got 4 at 0.01 s, but 7 had been added before it began.");
}

#[test]
fn a_number_that_contradicts_another_read_is_told_with_its_readers_name() {
    calls(Consistent::linearizable(Model::Counter, -1))
        .begins(1, 90, Function::Add, 5)
        .reads(2, 5)
        .reads(3, 0)
        .trial
        .violated("n3's read #1004 got 0 at 0.01 s, but n2's read #1002 had got 5 at 0.01 s.");
}

#[test]
fn an_effect_of_unknown_outcome_may_show_or_not() {
    for value in [0, 5] {
        linearizable(Model::Register)
            .begins(1, 1, Function::Write, 5)
            .on(1, gives_up(1))
            .reads(2, value)
            .agree(2);
    }
}

#[test]
fn a_failed_effect_may_not_show() {
    let shown = linearizable(Model::Register)
        .begins(1, 1, Function::Write, 5)
        .on(1, ends(1, Outcome::Fail, 0))
        .reads(2, 5);
    assert_eq!(shown.trial.verdict().state, State::Violated);
}

#[test]
fn a_client_may_call_twice_at_once() {
    linearizable(Model::Register)
        .begins(1, 1, Function::Write, 5)
        .begins(1, 2, Function::Write, 6)
        .on(1, ok(2))
        .on(1, ok(1))
        .reads(2, 6)
        .agree(3);
}

#[test]
fn a_model_that_does_not_fit_decides_nothing() {
    let told = linearizable(Model::Mutex).writes(1, 5).trial.verdict();
    assert_eq!(told.state, State::Undecided);
    assert!(told.sentence.contains("`write`"), "{}", told.sentence);
}

#[test]
fn causes_come_before_effects() {
    let known = calls(Consistent::causal(Level::Causal, 0))
        .writes(1, 5)
        .reads(2, 5)
        .writes(2, 6)
        .reads(3, 6)
        .agree(4);
    known.reads(3, 5).trial.found_here();
}

#[test]
fn each_key_is_an_object_of_its_own() {
    for (key, state) in [(7, State::Violated), (8, State::Holds)] {
        let read = begins(2, Function::Read, key, 0);
        let calls = linearizable(Model::Register)
            .writes(1, 5)
            .on(1, read)
            .on(1, told(2, 0));
        assert_eq!(calls.trial.verdict().state, state, "key {key}");
    }
}

/// A call is still open when its client crashes, and so for good.
#[test]
fn a_client_that_goes_on_after_a_crash_is_one_client_from_then_on() {
    let after_a_crash = || {
        calls(Consistent::session(Guarantee::ReadYourWrites, 0))
            .begins(1, 1, Function::Write, 3)
            .writes(1, 5)
    };
    after_a_crash().reads(1, 5).agree(2);
    let stale = after_a_crash().reads(1, 0).trial;
    stale
        .violated(
            "n1's read #1004 got nothing at 0.01 s, but its own write #1002 of 5 was done at 0.01 s.",
        )
        .found_here();
}

#[test]
fn a_replacement_that_contradicts_others_is_told_in_names_and_numbers() {
    let pair = |old: i64, new: i64| old << 32 | new;
    let replaces = |answer| {
        linearizable(Model::CasRegister)
            .begins(1, 17, Function::Write, 17)
            .on(1, ok(17))
            .begins(2, 20, Function::CompareAndSet, pair(17, 20))
            .on(2, told(20, answer))
    };
    replaces(1).agree(2);
    replaces(0).trial.violated(
        "n2 asked to replace #17 by #20 under key 7, and was told at 0.01 s that it was not #17 any more: no order of the operations so far fits that answer. As far as the other answers tell, it was still #17: n1's write #17 was done at 0.01 s.",
    );
    linearizable(Model::CasRegister)
        .begins(2, 20, Function::CompareAndSet, pair(5, 20))
        .on(2, told(20, 1))
        .trial
        .violated("n2 asked to replace 5 by #20 under key 7, and was told at 0.01 s that this was done: no order of the operations so far fits that answer. As far as the other answers tell, it was still nothing.");
}

/// Two writes overlap, so that the one that ended last need not have taken effect last.
#[test]
fn what_overlaps_the_write_of_what_was_read_is_not_told_as_its_contrary() {
    let overlapping = || {
        linearizable(Model::Register)
            .begins(1, 4, Function::Write, 4)
            .begins(2, 6, Function::Write, 6)
            .on(1, ok(4))
            .on(2, ok(6))
    };
    overlapping().reads(3, 4).agree(3);
    overlapping()
        .reads(3, 6)
        .reads(1, 4)
        .trial
        .violated("n1's read #1007 got #4 at 0.01 s, but n3's read #1005 had got #6 at 0.01 s.")
        .found_here();
    overlapping()
        .reads(3, 4)
        .writes(2, 8)
        .reads(1, 4)
        .trial
        .violated(
            "n1's read #1009 got #4 at 0.01 s, but n2's write #1007 of 8 was done at 0.01 s.",
        );
}

/// A write that overlaps an earlier read of the old value, and is over before the late one: somebody saw it in between.
#[test]
fn a_write_that_was_seen_since_is_told_as_the_contrary() {
    linearizable(Model::Register)
        .begins(1, 4, Function::Write, 4)
        .on(1, gives_up(4))
        .begins(2, 6, Function::Write, 6)
        .reads(3, 4)
        .begins(4, 7, Function::Read, 0)
        .on(2, ok(6))
        .begins(3, 9, Function::Read, 0)
        .on(4, told(7, 6))
        .on(3, told(9, 4))
        .trial
        .violated("n3's read #9 got #4 at 0.01 s, but n2's write #6 was done at 0.01 s.");
}

#[test]
fn a_violation_is_shown_by_the_events_of_what_contradicts_each_other() {
    let told = linearizable(Model::Register)
        .begins(1, 4, Function::Write, 4)
        .begins(2, 6, Function::Write, 6)
        .on(1, ok(4))
        .on(2, ok(6))
        .reads(3, 6)
        .reads(1, 4)
        .trial
        .verdict();
    // The write of 4, the read of 6, and the read of 4.
    let entries = [1, 3, 5, 6, 7, 8].map(|at| EventId(at - 1));
    assert_eq!(told.events, entries);
}

#[test]
fn what_a_replacement_wrote_is_told_by_its_number() {
    linearizable(Model::CasRegister)
        .begins(1, 4, Function::Write, 4)
        .on(1, ok(4))
        .begins(2, 6, Function::CompareAndSet, 4 << 32 | 6)
        .on(2, told(6, 1))
        .reads(1, 4)
        .trial
        .violated("n1's read #1005 got #4 at 0.01 s, but n2's replacement #6 was done at 0.01 s.");
}
