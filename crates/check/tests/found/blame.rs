//! What a counterexample blames.

use super::*;

const ABORTED: &str = "\
{:process 0, :type :invoke, :f :write, :value 1}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value 1}
{:process 0, :type :fail, :f :write, :value 1}
";

#[test]
fn an_operation_that_failed_is_not_to_blame() {
    for consistency in [LINEARIZABLE, "sequential", "causal", "causal-convergent"] {
        let verdict = says(ABORTED, ask(ModelName::Register, consistency), "invalid");
        let Answer::Invalid(invalid) = verdict.answer else {
            unreachable!()
        };
        let history = &invalid.document.history;
        let blamed = invalid
            .violation
            .operations
            .iter()
            .map(|&op| history.get(op).unwrap());
        assert!(
            blamed.clone().all(|op| !op.failed()),
            "{consistency}: {:?}",
            invalid.violation
        );
        assert_eq!(blamed.count(), 1, "{consistency}");
        assert!(
            invalid.violation.because.contains("process 1 read"),
            "{}",
            invalid.violation.because
        );
    }
    // A failed write is in nobody's past.
    let failed = format!(
        "{}{{:process 0, :type :invoke, :f :write, :value 2}}\n{{:process 0, :type :fail, :f :write, :value 2}}\n{}",
        call("0", "write", "1", "1"),
        call("0", "read", "nil", "1")
    );
    for (name, consistency) in Consistency::ALL
        .iter()
        .filter(|(_, of)| !matches!(of, Consistency::Effect(_)))
    {
        let question = Question {
            consistency: *consistency,
            ..ask(ModelName::Register, LINEARIZABLE)
        };
        assert_eq!(verdict(&failed, question).answer.word(), "valid", "{name}");
    }
}

#[test]
fn drawn_counterexamples_blame_nothing_that_failed() {
    let mut found = 0;
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let mut history = History::new();
        for now in 0..40 {
            let process = Process(dice.below(4));
            match history.open(process) {
                None if dice.chance(500) => {
                    drop(history.invoke(process, Call::new(Function::Write, now), Time(0)))
                }
                None => {
                    drop(history.invoke(process, Call::new(Function::Read, Value::Nil), Time(0)))
                }
                Some(op) if dice.chance(400) => history.fail(op, Time(0)).unwrap(),
                Some(op) => {
                    let is_read = history.get(op).unwrap().call.function == Function::Read;
                    let shown = if is_read {
                        Value::Int(i64::from(dice.below(now as u32)))
                    } else {
                        Value::Nil
                    };
                    history.ok(op, shown, Time(0)).unwrap();
                }
            }
        }
        for (_, consistency) in Consistency::ALL
            .iter()
            .filter(|(_, of)| !matches!(of, Consistency::Effect(_)))
        {
            let question = Question {
                consistency: *consistency,
                ..ask(ModelName::Register, LINEARIZABLE)
            };
            if let Answer::Invalid(invalid) = verdict(&write_edn(&history), question).answer {
                let history = &invalid.document.history;
                let mut blamed = invalid
                    .violation
                    .operations
                    .iter()
                    .map(|&op| history.get(op).unwrap());
                assert!(
                    blamed.all(|op| !op.failed()),
                    "seed {seed} {consistency:?}: {:?}",
                    invalid.violation
                );
                found += 1;
            }
        }
    }
    assert!(found > 200, "{found}");
}

#[test]
fn a_set_shows_no_element_twice() {
    let text = |shown: &str| {
        format!(
            "{}{}",
            call("0", "add", "1", "1"),
            call("0", "read", "nil", shown)
        )
    };
    for consistency in [
        LINEARIZABLE,
        "sequential",
        "lost-writes",
        "resurrected-deletes",
    ] {
        says(&text("[1 1]"), ask(ModelName::Set, consistency), "invalid");
        says(&text("[1]"), ask(ModelName::Set, consistency), "valid");
        says(&text("#{1}"), ask(ModelName::Set, consistency), "valid");
    }
}

#[test]
fn a_keyword_is_not_a_text() {
    let text = format!(
        "{}{}",
        call("0", "write", ":a", ":a"),
        call("0", "read", "nil", "\"a\"")
    );
    says(&text, ask(ModelName::Register, LINEARIZABLE), "invalid");
    says(
        &text.replace("\"a\"", ":a"),
        ask(ModelName::Register, LINEARIZABLE),
        "valid",
    );
}

#[test]
fn an_unordered_queue_hands_out_each_item_once_in_any_order() {
    let text = format!(
        "{}{}{}{}",
        call("0", "enqueue", "1", "1"),
        call("0", "enqueue", "2", "2"),
        call("0", "dequeue", "nil", "2"),
        call("0", "dequeue", "nil", "1")
    );
    says(&text, ask(ModelName::Queue, LINEARIZABLE), "invalid");
    for consistency in [LINEARIZABLE, "sequential"] {
        let unordered = ask(ModelName::UnorderedQueue, consistency);
        says(&text, unordered, "valid");
        says(
            &format!("{text}{}", call("1", "dequeue", "nil", "1")),
            unordered,
            "invalid",
        );
        says(
            &format!("{text}{}", call("1", "dequeue", "nil", "nil")),
            unordered,
            "valid",
        );
        let gone = format!(
            "{}{{:process 9, :type :invoke, :f :dequeue}}\n{{:process 9, :type :info, :f :dequeue}}\n{}",
            call("0", "enqueue", "1", "1"),
            call("1", "dequeue", "nil", "nil")
        );
        says(&gone, unordered, "valid");
        let stayed = if consistency == LINEARIZABLE {
            "invalid"
        } else {
            "valid"
        };
        says(&gone.replace(":info", ":fail"), unordered, stayed);
    }
}

#[test]
fn an_item_whose_enqueue_failed_was_not_enqueued() {
    let text = "{:process 0, :type :invoke, :f :enqueue, :value 1}\n{:process 0, :type :fail, :f :enqueue, :value 1}\n";
    let text = format!("{text}{}", call("1", "dequeue", "nil", "1"));
    let Answer::Invalid(invalid) =
        says(&text, ask(ModelName::Queue, "queue-order"), "invalid").answer
    else {
        unreachable!()
    };
    assert_eq!(invalid.violation.operations.len(), 1);
}

#[test]
fn what_is_not_even_causal_is_refuted_without_a_search() {
    let overwritten = format!(
        "{}{}{}",
        call("0", "write", "1", "1"),
        call("0", "write", "2", "2"),
        call("0", "read", "nil", "1")
    );
    for consistency in [LINEARIZABLE, "sequential"] {
        // An eighth of it is too little for a search.
        let little = Budget {
            steps: 48,
            bytes: 1 << 20,
        };
        let question = Question {
            budget: little,
            ..ask(ModelName::Register, consistency)
        };
        says(&overwritten, question, "invalid");
    }
    // To read what is written only later contradicts true time, and nothing else.
    let ahead = format!(
        "{}{}",
        call("0", "read", "nil", "1"),
        call("1", "write", "1", "1")
    );
    says(&ahead, ask(ModelName::Register, "sequential"), "valid");
    says(&ahead, ask(ModelName::Register, "causal"), "valid");
}

/// The state after the longest order, as the counterexample tells it.
fn state_of(text: &str) -> String {
    let verdict = says(text, ask(ModelName::Queue, LINEARIZABLE), "invalid");
    let Answer::Invalid(invalid) = verdict.answer else {
        unreachable!()
    };
    invalid.partial[0].state.clone()
}

#[test]
fn a_queue_is_told_with_what_stands_ahead() {
    let one = call("0", "enqueue", "1", "1") + &call("0", "enqueue", "2", "2");
    assert_eq!(
        state_of(&(one.clone() + &call("1", "dequeue", "nil", "2"))),
        "the queue is [1 2]"
    );
    let later = call("1", "dequeue", "nil", "2") + &call("1", "dequeue", "nil", "1");
    assert_eq!(state_of(&(one.clone() + &later)), "the queue is [1 2]");
    let two = one + &call("0", "enqueue", "3", "3") + &call("1", "dequeue", "nil", "3");
    assert_eq!(state_of(&two), "the queue is [1 2 3]");
    assert_eq!(
        state_of(&call("1", "dequeue", "nil", "3")),
        "the queue is []"
    );
}
