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
