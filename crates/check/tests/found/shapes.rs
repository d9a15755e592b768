//! Nothing in a history is left out silently.

use super::*;

#[test]
fn balances_of_the_wrong_shape_are_not_passed_over() {
    let opening = call("0", "read", "nil", "{0 10, 1 10}");
    for consistency in [
        "money-conserved",
        LINEARIZABLE,
        "sequential",
        "convergent",
        "causal",
    ] {
        let question = ask(ModelName::Bank, consistency);
        for shape in [
            "{0 nil, 1 20}",
            "{0 \"10\", 1 10}",
            "[10 10]",
            "20",
            "{0 1.5, 1 18.5}",
        ] {
            let text = format!("{opening}{}", call("1", "read", "nil", shape));
            let Answer::BadInput { at, problem } = says(&text, question, "bad-input").answer else {
                unreachable!()
            };
            assert_eq!(at.line, 4, "{problem}");
            says(&call("1", "read", "nil", shape), question, "bad-input");
        }
    }
    let decimals = format!("{opening}{}", call("1", "read", "nil", "{0 4M, 1 16.00M}"));
    says(&decimals, ask(ModelName::Bank, "money-conserved"), "valid");
}

/// What an append adds is a character of a text or an element of a list, and a read that shows the other is no read of it.
#[test]
fn a_read_in_another_form_than_what_was_appended_is_told() {
    let one = call("0", "append", "1", "1");
    let text = call("0", "append", "\"a\"", "\"a\"");
    let wrong = [
        (one.clone(), "\"1\"", "`read` returns a list"),
        (text.clone(), "[1]", "`read` returns a text"),
        (text.clone(), "[\"a\"]", "`read` returns a text"),
        (format!("{text}{one}"), "[\"a\" 1]", "`read` returns a text"),
    ];
    for (changes, shows, wanted) in wrong {
        let history = format!("{changes}{}", call("1", "read", "nil", shows));
        for consistency in [LINEARIZABLE, "sequential"] {
            let question = ask(ModelName::KvAppend, consistency);
            let told = says(&history, question, "bad-input").answer;
            let Answer::BadInput { problem, .. } = told else {
                unreachable!()
            };
            assert!(problem.contains(wanted), "{problem}");
        }
    }
    let list = call("0", "write", "[\"a\"]", "[\"a\"]");
    let nil = call("0", "write", "nil", "nil");
    for (changes, shows, word) in [
        (one.clone(), "[1]", "valid"),
        (one.clone(), "[]", "invalid"),
        (text.clone(), "\"a\"", "valid"),
        (format!("{text}{list}"), "[\"a\"]", "valid"),
        (format!("{text}{nil}{one}"), "[1]", "valid"),
        (String::new(), "[1]", "invalid"),
    ] {
        let history = format!("{changes}{}", call("1", "read", "nil", shows));
        says(&history, ask(ModelName::KvAppend, LINEARIZABLE), word);
    }
}

#[test]
fn every_model_refuses_what_it_makes_no_sense_of() {
    for (model, function, argument, result) in [
        (ModelName::Register, "cas", "[1 2]", "true"),
        (ModelName::CasRegister, "cas", "1", "true"),
        (ModelName::KvAppend, "read", "nil", "7"),
        (ModelName::Counter, "read", "nil", "\"7\""),
        (ModelName::Counter, "add", "0.5", "nil"),
        (ModelName::Set, "read", "nil", "7"),
        (ModelName::Queue, "enqueue", "nil", "nil"),
        (ModelName::UnorderedQueue, "read", "nil", "nil"),
        (ModelName::Bank, "transfer", "{:from 0, :to 1}", "nil"),
        (ModelName::Mutex, "read", "nil", "nil"),
    ] {
        let text = call("0", function, argument, result);
        for (name, consistency) in Consistency::ALL {
            let question = Question {
                consistency: *consistency,
                keyed: Keyed::Plain,
                ..ask(model, LINEARIZABLE)
            };
            assert_eq!(
                verdict(&text, question).answer.word(),
                "bad-input",
                "{model} {name}"
            );
        }
    }
}

#[test]
fn what_cannot_be_judged_is_unknown() {
    let unwritten = call("0", "read", "nil", "9");
    says(
        &unwritten,
        ask(ModelName::Register, "monotonic-reads"),
        "unknown",
    );
    says(
        &call("0", "read", "nil", "0"),
        ask(ModelName::Counter, "causal"),
        "unknown",
    );
    let open = "{:process 0, :type :invoke, :f :write, :value 1}";
    says(open, ask(ModelName::Register, "convergent"), "unknown");
}

/// What a client was told of a call that returns no value is not passed over.
#[test]
fn an_acknowledgement_with_another_value_is_bad_input() {
    for (model, function, argument, result) in [
        (ModelName::Register, "write", "1", "2"),
        (ModelName::Register, "write", "1", "false"),
        (ModelName::CasRegister, "cas", "[1 2]", "[1 3]"),
        (ModelName::KvAppend, "append", "1", "2"),
        (ModelName::Counter, "add", "1", "\"2\""),
        (ModelName::Set, "add", "1", "2"),
        (ModelName::Set, "remove", "1", "2"),
        (ModelName::Queue, "enqueue", "1", "2"),
        (ModelName::UnorderedQueue, "enqueue", "1", "2"),
        (
            ModelName::Bank,
            "transfer",
            "{:from 0, :to 1, :amount 1}",
            "{:from 0, :to 1, :amount 2}",
        ),
        (ModelName::Mutex, "acquire", "nil", "7"),
    ] {
        let question = Question {
            keyed: Keyed::Plain,
            ..ask(model, LINEARIZABLE)
        };
        let opening = match model {
            ModelName::Bank => call("1", "read", "nil", "{0 5, 1 5}"),
            _ => String::new(),
        };
        let text = format!("{opening}{}", call("0", function, argument, result));
        let Answer::BadInput { problem, .. } = says(&text, question, "bad-input").answer else {
            unreachable!()
        };
        assert!(problem.contains("what it was called with"), "{problem}");
        for fine in [argument, "nil", "true"] {
            let text = format!("{opening}{}", call("0", function, argument, fine));
            let answer = verdict(&text, question).answer;
            assert_ne!(answer.word(), "bad-input", "{text} {answer:?}");
        }
    }
    // How a call of unknown outcome ended says nothing.
    let info = call("0", "write", "1", ":timed-out").replace(":ok", ":info");
    says(&info, ask(ModelName::Register, LINEARIZABLE), "valid");
    says(
        &call("0", "add", "1", "2"),
        ask(ModelName::Counter, LINEARIZABLE),
        "invalid",
    );
}

#[test]
fn a_drain_is_a_dequeue_for_each_item() {
    let filled = format!(
        "{}{}",
        call("0", "enqueue", "1", "1"),
        call("0", "enqueue", "2", "2")
    );
    let drains = |items: &str| format!("{filled}{}", call("1", "drain", "nil", items));
    for model in [ModelName::Queue, ModelName::UnorderedQueue] {
        for consistency in [LINEARIZABLE, "sequential"] {
            let question = ask(model, consistency);
            says(&drains("[1 2]"), question, "valid");
            says(&drains("[1]"), question, "valid");
            notes(
                &says(&drains("[]"), question, "valid"),
                "a drain that returned nothing, on line 6, is left out; whether the queue was empty is not judged",
            );
            says(&drains("[1 2 3]"), question, "invalid");
            says(&drains("[1 1]"), question, "invalid");
            says(&drains("7"), question, "bad-input");
            says(&drains("[nil]"), question, "bad-input");
            says(
                &drains("[1 2]").replace("ok, :f :drain", "info, :f :drain"),
                question,
                "unknown",
            );
            let failed = drains("[1 2 3]").replace("ok, :f :drain", "fail, :f :drain");
            says(&failed, question, "valid");
        }
    }
    let in_turn = ask(ModelName::Queue, "sequential");
    says(&drains("[2 1]"), in_turn, "invalid");
    let in_time = says(
        &drains("[2 1]"),
        ask(ModelName::Queue, LINEARIZABLE),
        "valid",
    );
    notes(&in_time, "in any order");
    let Answer::Invalid(found) = says(
        &drains("[1 1]"),
        ask(ModelName::Queue, LINEARIZABLE),
        "invalid",
    )
    .answer
    else {
        unreachable!()
    };
    let blamed = found.violation.operations[0];
    assert_eq!(found.document.position_of(blamed).unwrap().line, 6);
    let by = found.document.history.get(blamed).unwrap().client();
    assert_eq!(by, "process 1");
    says(
        &drains("[1]"),
        ask(ModelName::Set, LINEARIZABLE),
        "bad-input",
    );
}

/// Two drain at once, and each takes every other item; while one of them drains, another sees the queue empty.
#[test]
fn a_drain_takes_its_items_between_its_call_and_its_end() {
    let enqueued: String = (1..=4)
        .map(|n| call("0", "enqueue", &n.to_string(), "nil"))
        .collect();
    let text = format!(
        "{enqueued}{{:process 1 :type :invoke :f :drain}} {{:process 2 :type :invoke :f :drain}}
         {{:process 3 :type :invoke :f :dequeue}} {{:process 3 :type :ok :f :dequeue :value nil}}
         {{:process 1 :type :ok :f :drain :value [1 3]}} {{:process 2 :type :ok :f :drain :value [2 4]}}"
    );
    for consistency in [LINEARIZABLE, "sequential", "queue-order"] {
        says(&text, ask(ModelName::Queue, consistency), "valid");
    }
}

/// Who breaks things may have any name, and entries of any kind.
#[test]
fn a_process_that_calls_nothing_a_client_calls_is_left_out_and_said() {
    let kills = call(":chaos-monkey", "kill", ":n1", ":n1");
    let text = format!("{kills}{}", call("0", "write", "1", "1"));
    let told = says(&text, ask(ModelName::Register, LINEARIZABLE), "valid");
    notes(&told, "chaos-monkey (2 entries, calls `kill`)");
    // Alone it may be a client whose calls nobody knows, and so may one with a number.
    says(&kills, ask(ModelName::Register, LINEARIZABLE), "bad-input");
    let numbered = text.replace(":chaos-monkey", "7");
    says(
        &numbered,
        ask(ModelName::Register, LINEARIZABLE),
        "bad-input",
    );
}

/// The last reads of a set agree if they show the same elements, in whatever order and notation.
#[test]
fn the_same_set_in_another_order_is_the_same() {
    let question = ask(ModelName::Set, "convergent");
    let added = format!(
        "{}{}",
        call("0", "add", "1", "1"),
        call("0", "add", "2", "2")
    );
    let reads = |first: &str, second: &str| {
        format!(
            "{added}{}{}",
            call("1", "read", "nil", first),
            call("2", "read", "nil", second)
        )
    };
    for second in ["[1 2]", "[2 1]", "#{2 1}"] {
        says(&reads("[1 2]", second), question, "valid");
    }
    for second in ["[1]", "#{1}", "[]", "nil"] {
        says(&reads("[1 2]", second), question, "invalid");
    }
    let empty = |second: &str| {
        format!(
            "{}{}",
            call("1", "read", "nil", "[]"),
            call("2", "read", "nil", second)
        )
    };
    says(&empty("nil"), question, "valid");
    says(&empty("#{}"), question, "valid");
    // In a list, the order is what is read.
    let list = ask(ModelName::KvAppend, "convergent");
    let appended = reads("[1 2]", "[2 1]").replace(":add", ":append");
    says(&appended, list, "invalid");
    says(&empty("nil"), list, "valid");
}

/// What was left out is said whatever the answer is.
#[test]
fn an_unknown_drain_hides_no_note() {
    let text = format!(
        "{}{{:process :nemesis :type :info :f :kill :value nil}}\n{}",
        call("0", "enqueue", "1", "1"),
        call("1", "drain", "nil", "[1]").replace(":ok", ":info")
    );
    let told = says(&text, ask(ModelName::Queue, LINEARIZABLE), "unknown");
    notes(&told, "nemesis");
}
