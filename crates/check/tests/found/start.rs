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
        (LINEARIZABLE, "2 opening balances"),
        ("sequential", "2 opening balances"),
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
    let bank = Bank {
        opening: [(Value::Int(0), 10), (Value::Int(1), 10)].into(),
    };
    for seed in 0..80 {
        let workload = Workload {
            clients: 4,
            operations: 30,
            timeouts: 60,
            overlap: 4,
        };
        let history = valid(&bank, workload, &mut Dice::new(seed), |dice, _| {
            if dice.chance(500) {
                return Call::new(Function::Read, Value::Nil);
            }
            let (from, amount) = (i64::from(dice.below(2)), i64::from(1 + dice.below(4)));
            let transfer = format!("{{:from {from}, :to {}, :amount {amount}}}", 1 - from);
            Call::new(Function::Transfer, read_value(&transfer).unwrap())
        });
        let edn = write_edn(&history);
        says(&edn, ask(ModelName::Bank, LINEARIZABLE), "valid");
        says(&edn, ask(ModelName::Bank, "money-conserved"), "valid");
    }
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
