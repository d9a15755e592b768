//! How objects start.

use super::*;

#[test]
fn a_register_starts_at_nil_or_as_it_is_said() {
    let zero = read_value("0").unwrap();
    let text = format!(
        "{}{}",
        call("0", "read", "nil", "0"),
        call("0", "write", "1", "1")
    );
    for consistency in [
        LINEARIZABLE,
        "sequential",
        "causal",
        "causal-convergent",
        "monotonic-reads",
    ] {
        let question = ask(ModelName::Register, consistency);
        let unsaid = verdict(&text, question);
        assert_ne!(unsaid.answer.word(), "valid", "{consistency}");
        notes(&unsaid, "--initial");
        let said = Question {
            initial: Some(&zero),
            ..question
        };
        says(&text, said, "valid");
        says(
            &call("0", "read", "nil", "nil"),
            said,
            if consistency == "monotonic-reads" {
                "unknown"
            } else {
                "invalid"
            },
        );
    }
    let cas = call("0", "cas", "[0 5]", "[0 5]");
    says(&cas, ask(ModelName::CasRegister, LINEARIZABLE), "invalid");
    says(
        &cas,
        Question {
            initial: Some(&zero),
            ..ask(ModelName::CasRegister, LINEARIZABLE)
        },
        "valid",
    );
    let counter = Question {
        initial: Some(&zero),
        ..ask(ModelName::Counter, LINEARIZABLE)
    };
    says(&call("0", "read", "nil", "0"), counter, "bad-input");
}

const CONCURRENT_BANK: &str = "\
{:process 0, :type :invoke, :f :transfer, :value {:from 0, :to 1, :amount 3}}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value {0 7, 1 13}}
{:process 0, :type :ok, :f :transfer, :value {:from 0, :to 1, :amount 3}}
{:process 1, :type :invoke, :f :read, :value nil}
{:process 1, :type :ok, :f :read, :value {0 7, 1 13}}
";

#[test]
fn a_bank_may_start_with_entries_that_overlap() {
    let noted = [
        (LINEARIZABLE, "transfers overlap the first read"),
        ("sequential", "transfers overlap the first read"),
        ("money-conserved", "how much money there is, 20,"),
    ];
    for (consistency, note) in noted {
        let question = ask(ModelName::Bank, consistency);
        notes(&says(CONCURRENT_BANK, question, "valid"), note);
        let torn =
            CONCURRENT_BANK.replacen("{0 7, 1 13}}\n{:process 0", "{0 7, 1 10}}\n{:process 0", 1);
        says(&torn, question, "invalid");
        let (right, wrong) = (
            read_value("{0 10, 1 10}").unwrap(),
            read_value("{0 10, 1 20}").unwrap(),
        );
        says(
            CONCURRENT_BANK,
            Question {
                initial: Some(&right),
                ..question
            },
            "valid",
        );
        says(
            CONCURRENT_BANK,
            Question {
                initial: Some(&wrong),
                ..question
            },
            "invalid",
        );
        let no_map = read_value("[10 10]").unwrap();
        says(
            CONCURRENT_BANK,
            Question {
                initial: Some(&no_map),
                ..question
            },
            "bad-input",
        );
    }
}

#[test]
fn a_first_read_that_lags_behind_does_not_refute_other_opening_balances() {
    let read = |shows: &str| call("1", "read", "nil", shows);
    let transfer = "{:from 0, :to 1, :amount 5}";
    let lags = [
        call("0", "transfer", transfer, transfer),
        read("{0 10, 1 10}"),
        read("{0 5, 1 15}"),
    ];
    let lags = lags.concat();
    let sequential = ask(ModelName::Bank, "sequential");
    let unsaid = says(&lags, sequential, "unknown");
    assert!(format!("{unsaid:?}").contains("--initial"), "{unsaid:?}");
    for (opening, word) in [("{0 10, 1 10}", "valid"), ("{0 15, 1 5}", "invalid")] {
        let opening = read_value(opening).unwrap();
        let initial = Some(&opening);
        says(
            &lags,
            Question {
                initial,
                ..sequential
            },
            word,
        );
    }
    says(&lags, ask(ModelName::Bank, LINEARIZABLE), "invalid");
}

#[test]
fn the_opening_balances_of_a_drawn_bank_need_not_be_said() {
    for seed in 0..80 {
        let edn = write_edn(&drawn_bank(30, 500, &mut Dice::new(seed)));
        says(&edn, ask(ModelName::Bank, LINEARIZABLE), "valid");
        says(&edn, ask(ModelName::Bank, "money-conserved"), "valid");
    }
}

/// A history of a bank of 20 in two accounts, with so many operations, so many of 1,000 of them reads.
fn drawn_bank(operations: u32, reads: u32, dice: &mut Dice) -> History {
    let bank = Bank::opening_with([(Value::Int(0), 10), (Value::Int(1), 10)].into());
    let workload = Workload {
        clients: 4,
        operations,
        timeouts: 60,
        overlap: 4,
    };
    valid(&bank, workload, dice, |dice, _| {
        if dice.chance(reads) {
            return Call::new(Function::Read, Value::Nil);
        }
        let (from, amount) = (i64::from(dice.below(2)), i64::from(1 + dice.below(9)));
        let transfer = format!("{{:from {from}, :to {}, :amount {amount}}}", 1 - from);
        Call::new(Function::Transfer, read_value(&transfer).unwrap())
    })
}

/// What is told without them is what one of all openings tells.
#[test]
fn opening_balances_that_are_not_said_are_any_that_fit() {
    let mut told = [0, 0];
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let history = drawn_bank(9, 250, &mut dice);
        let mut reads = history.operations().iter();
        if !reads.any(|op| op.call.function == Function::Read && op.result().is_some()) {
            continue;
        }
        let swapped = with_a_swapped_read(&history, &mut dice);
        for history in [history, swapped] {
            let edn = write_edn(&history);
            let question = ask(ModelName::Bank, LINEARIZABLE);
            let fits = (0..=20).any(|held| {
                let opening = Value::map([(0.into(), held.into()), (1.into(), (20 - held).into())]);
                let initial = Some(&opening);
                let question = Question {
                    initial,
                    ..question
                };
                verdict(&edn, question).answer.word() == "valid"
            });
            says(&edn, question, if fits { "valid" } else { "invalid" });
            told[usize::from(fits)] += 1;
        }
    }
    assert!(told[0] > 20 && told[1] > 100, "{told:?}");
}

/// Transfers that overlap the first read, each of which may or may not be in it, and so many after it; then another read.
fn wide_bank(overlap: u32, after: u32, last: &str) -> String {
    let transfer = |process: u32, kind: &str, turn: u32, amount: u32| {
        let (from, to) = (turn % 3, (turn + 1) % 3);
        format!(
            "{{:process {process}, :type :{kind}, :f :transfer, :value {{:from {from}, :to {to}, :amount {amount}}}}}\n"
        )
    };
    let open = |kind| (0..overlap).map(move |turn| transfer(turn, kind, turn, 1 << (turn % 12)));
    let mut text: String = open("invoke").collect();
    text += &call("99", "read", "nil", "{0 5000, 1 5000, 2 5000}");
    text.extend(open("ok"));
    for turn in 0..after {
        text += &transfer(99, "invoke", turn, 1);
        text += &transfer(99, "ok", turn, 1);
    }
    text + &call("99", "read", "nil", last)
}

#[test]
fn a_bank_is_searched_once_however_many_openings_its_first_read_allows() {
    let question = ask(ModelName::Bank, LINEARIZABLE);
    // Each subset of the transfers leaves other balances, and none leaves these.
    let wrong = wide_bank(10, 30, "{0 5001, 1 4999, 2 5000}");
    notes(
        &says(&wrong, question, "invalid"),
        "transfers overlap the first read",
    );
    let right = wide_bank(10, 30, "{0 4999, 1 5001, 2 5000}");
    says(&right, question, "valid");
}

#[test]
fn money_that_appears_is_found_however_many_transfers_overlap_the_first_read() {
    for consistency in [LINEARIZABLE, "sequential", "money-conserved"] {
        let question = ask(ModelName::Bank, consistency);
        says(
            &wide_bank(16, 0, "{0 5000, 1 5000, 2 5001}"),
            question,
            "invalid",
        );
    }
}

#[test]
fn opening_balances_of_no_account_are_called_so() {
    let none = read_value("{}").unwrap();
    let question = Question {
        initial: Some(&none),
        ..ask(ModelName::Bank, LINEARIZABLE)
    };
    let read = call("0", "read", "nil", "{0 10, 1 10}");
    let Answer::BadQuestion { problem } = says(&read, question, "bad-input").answer else {
        unreachable!()
    };
    assert!(problem.contains("of no account"), "{problem}");
}

/// In JSON accounts are texts, and where they spell numbers they are read as numbers.
#[test]
fn opening_balances_call_accounts_as_the_history_does_or_are_refused() {
    let json = r#"{"process": 0, "type": "invoke", "f": "read", "value": null}
{"process": 0, "type": "ok", "f": "read", "value": {"0": 10, "1": 10}}"#;
    let texts = call("0", "read", "nil", "{\"0\" 10, \"1\" 10}");
    let numbers = call("0", "read", "nil", "{0 10, 1 10}");
    for text in [json, &texts, &numbers] {
        for (initial, word) in [
            (r#"{"0" 10, "1" 10}"#, "valid"),
            (r#"{"0": 10, "1": 10}"#, "valid"),
            ("{0 10, 1 10}", "valid"),
            ("{0 10, 1 9}", "invalid"),
            ("{:a 10, :b 10}", "bad-input"),
        ] {
            let initial = read_value(initial).unwrap();
            for consistency in [LINEARIZABLE, "sequential", "money-conserved"] {
                let question = Question {
                    initial: Some(&initial),
                    ..ask(ModelName::Bank, consistency)
                };
                says(text, question, word);
            }
        }
    }
}
