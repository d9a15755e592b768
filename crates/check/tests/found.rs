//! Histories as they are found: as other people's systems and tools write them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::consistency::budget::Budget;
use check::format::{Document, Keyed, read, read_value, write_columns, write_edn, write_json};
use check::generate::{
    Dice, Workload, cas_register_calls, keyed, text_calls, valid, with_a_swapped_read,
};
use check::history::{Call, Function, History, Process, Time};
use check::model::{Bank, KvAppend, ModelName, Register, UnorderedQueue};
use check::value::Value;
use check::verify::{Answer, Consistency, Question, Verified, verify_cancellable};

fn ask(model: ModelName, consistency: &str) -> Question<'static> {
    Question {
        model,
        consistency: consistency.parse().unwrap(),
        keyed: Keyed::Detect,
        initial: None,
        budget: Budget::default(),
    }
}

fn verdict(text: &str, question: Question<'_>) -> Verified {
    verify_cancellable(text, question, &|| false)
}

#[track_caller]
fn says(text: &str, question: Question<'_>, word: &str) -> Verified {
    let verdict = verdict(text, question);
    assert_eq!(verdict.answer.word(), word, "{verdict:?}\n{text}");
    verdict
}

/// A sentence with `words` in it is among the notes.
#[track_caller]
fn notes(verdict: &Verified, words: &str) {
    assert!(
        verdict.notes.iter().any(|note| note.contains(words)),
        "{:?}",
        verdict.notes
    );
}

#[track_caller]
fn document(text: &str) -> Document {
    read(text, Keyed::Detect).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What a register reads whose `read` ends ok with `value`.
#[track_caller]
fn value(value: &str) -> Value {
    let text = format!(
        "{{:process 0 :type :invoke :f :read}}\n{{:process 0 :type :ok :f :read :value {value}}}"
    );
    document(&text).history.operations()[0]
        .result()
        .unwrap()
        .clone()
}

fn call(process: &str, function: &str, argument: &str, result: &str) -> String {
    format!(
        "{{:process {process}, :type :invoke, :f :{function}, :value {argument}}}\n\
         {{:process {process}, :type :ok, :f :{function}, :value {result}}}\n"
    )
}

const LINEARIZABLE: &str = "linearizable";

// The order of entries

#[test]
fn the_order_of_the_text_counts_and_not_its_times() {
    let register = ask(ModelName::Register, LINEARIZABLE);
    let timed = |times: [&str; 4], read: &str| {
        let [a, b, c, d] = times;
        format!(
            "{{:process 0, :type :invoke, :f :write, :value 1, :time {a}}}\n\
             {{:process 0, :type :ok, :f :write, :value 1, :time {b}}}\n\
             {{:process 1, :type :invoke, :f :read, :value nil, :time {c}}}\n\
             {{:process 1, :type :ok, :f :read, :value {read}, :time {d}}}\n"
        )
    };
    for (times, note) in [
        (["40", "30", "20", "10"], "3 are before"),
        (["7", "7", "7", "7"], "3 are equal"),
        (["-5", "-4", "3", "4"], "2 are negative"),
        (["1", "\"noon\"", "1.5", "2"], "2 are no whole number"),
        (["1", "9223372036854775808", "3", "4"], "1 are before"),
    ] {
        notes(&says(&timed(times, "1"), register, "valid"), note);
        notes(&says(&timed(times, "nil"), register, "invalid"), note);
    }
    let orderly = verdict(&timed(["1", "2", "3", "4"], "1"), register);
    assert!(orderly.notes.is_empty(), "{:?}", orderly.notes);
}

/// Gives the entries of a text in EDN times that are drawn at random.
fn with_drawn_times(edn: &str, dice: &mut Dice) -> String {
    let line = |line: &str| {
        let (before, rest) = line.split_once(":time ").unwrap();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let time = i64::from(dice.below(2_000)) - 1_000;
        format!("{before}:time {time}{after}\n")
    };
    edn.lines().map(line).collect()
}

/// Histories of several kinds, some right and some wrong.
fn drawn(seed: u64) -> Vec<(History, ModelName)> {
    let mut dice = Dice::new(seed);
    let workload = Workload {
        clients: 4,
        operations: 40,
        timeouts: 100,
        overlap: 4,
    };
    let register = valid(&Register::WITH_CAS, workload, &mut dice, cas_register_calls);
    let broken = with_a_swapped_read(&register, &mut dice);
    let text = valid(&KvAppend, workload, &mut dice, text_calls(100));
    let queue = valid(&UnorderedQueue, workload, &mut dice, queue_calls());
    let both = keyed(&[register.clone(), broken.clone()]);
    let named = named(&broken);
    vec![
        (register, ModelName::CasRegister),
        (broken, ModelName::CasRegister),
        (both, ModelName::CasRegister),
        (named, ModelName::CasRegister),
        (text, ModelName::KvAppend),
        (queue, ModelName::UnorderedQueue),
    ]
}

fn queue_calls() -> impl FnMut(&mut Dice, u32) -> Call {
    let mut item = 0;
    move |dice, _| {
        item += 1;
        match dice.chance(500) {
            true => Call::new(Function::Enqueue, item / 3),
            false => Call::new(Function::Dequeue, Value::Nil),
        }
    }
}

/// The same history by processes with names.
fn named(history: &History) -> History {
    let text: Vec<String> = write_edn(history)
        .lines()
        .map(|line| line.replacen(":process ", ":process :p", 1))
        .collect();
    document(&text.join("\n")).history
}

#[test]
fn every_notation_and_every_column_of_times_says_the_same() {
    let (mut valid, mut invalid) = (0, 0);
    for seed in 0..60 {
        for (history, model) in drawn(seed) {
            let question = ask(model, LINEARIZABLE);
            let edn = write_edn(&history);
            let expected = verdict(&edn, question).answer.word();
            let json = write_json(&history);
            let array = format!("[{}]", json.trim_end().replace('\n', ",\n"));
            let vector = format!("[{edn}]");
            let times = with_drawn_times(&edn, &mut Dice::new(seed));
            for text in [json, array, vector, times, write_columns(&history)] {
                assert_eq!(
                    verdict(&text, question).answer.word(),
                    expected,
                    "seed {seed}\n{text}"
                );
            }
            if expected == "valid" {
                valid += 1
            } else {
                invalid += 1
            }
        }
    }
    assert!(valid > 100 && invalid > 50, "{valid} and {invalid}");
}

#[test]
fn every_notation_is_read_as_it_was_written() {
    for seed in 0..40 {
        for (history, _) in drawn(seed) {
            assert_eq!(document(&write_edn(&history)).history, history);
            assert_eq!(document(&write_json(&history)).history, history);
            let untimed = |history: &History| write_columns(history);
            assert_eq!(
                untimed(&document(&write_columns(&history)).history),
                untimed(&history)
            );
        }
    }
}

// Nothing is left out silently

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

// How objects start

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
    for consistency in [LINEARIZABLE, "sequential", "money-conserved"] {
        let question = ask(ModelName::Bank, consistency);
        notes(
            &says(CONCURRENT_BANK, question, "valid"),
            "2 opening balances",
        );
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

// Keys

#[test]
fn keys_are_told_of_and_asked_for_where_they_are_ambiguous() {
    let question = ask(ModelName::Register, LINEARIZABLE);
    let pairs = format!(
        "{}{}",
        call("0", "write", "[:x 1]", "[:x 1]"),
        call("0", "read", "[:x nil]", "[:x 1]")
    );
    notes(&says(&pairs, question, "valid"), "--keyed plain");
    let odd = format!("{pairs}{}", call("0", "read", "nil", "nil"));
    let Answer::BadInput { at, problem } = says(&odd, question, "bad-input").answer else {
        unreachable!()
    };
    assert_eq!(at.line, 5);
    assert!(problem.contains("--keyed pairs"), "{problem}");
    let told = says(
        &odd,
        Question {
            keyed: Keyed::Pairs,
            ..question
        },
        "bad-input",
    )
    .answer;
    assert!(
        matches!(told, Answer::BadInput { at, .. } if at.line == 5),
        "{told:?}"
    );
    let only_pairs = call("0", "write", "[1 2]", "[1 2]");
    says(&only_pairs, question, "bad-input");
    says(
        &only_pairs,
        Question {
            keyed: Keyed::Plain,
            ..question
        },
        "valid",
    );
    let values = format!("{only_pairs}{}", call("0", "read", "nil", "[1 2]"));
    notes(&says(&values, question, "valid"), "--keyed pairs");
    let fields = pairs
        .replace("[:x 1]", "1, :key :x")
        .replace("[:x nil]", "nil, :key :x");
    notes(&says(&fields, question, "valid"), "`key`");
    let without = format!("{fields}{}", call("0", "read", "nil", "nil"));
    says(&without, question, "bad-input");
    let other = pairs.replace(
        ":value [:x 1]}\n{:process 0, :type :invoke",
        ":value [:y 1]}\n{:process 0, :type :invoke",
    );
    says(&other, question, "bad-input");
}

// Notations

#[test]
fn edn_is_read_as_it_is_printed() {
    for (text, same) in [
        ("1N", "1"),
        ("100M", "100"),
        ("1.50M", "1.5"),
        ("\"\\u00e9\"", "\"é\""),
        ("\"\\ud83d\\udd25\"", "\"🔥\""),
        ("\\u00e9", "\\é"),
        ("#my.app.Point{:x 1}", "{:x 1}"),
        ("#:my.app{:x 1, :_/y 2}", "{:my.app/x 1, :y 2}"),
        ("^{:line 3} [1 2]", "[1 2]"),
        ("(1 2)", "[1 2]"),
        ("[1 #_ 2 #_#_ 3 4]", "[1]"),
        ("#{1 2 #_ 3}", "#{2 1}"),
        ("; a comment\n7", "7"),
    ] {
        assert_eq!(value(text), value(same), "{text}");
    }
    for different in [
        ["9223372036854775808", "9223372036854775809"],
        [":a", "\"a\""],
        [":a", "a"],
        [":a", ":my.app/a"],
        ["##NaN", "##Inf"],
        ["0.1", "0.2"],
        ["1/2", "1/3"],
        ["\\a", "\\b"],
        ["#inst \"2020\"", "\"2020\""],
        ["#uuid \"1\"", "#uuid \"2\""],
        ["[1 1]", "#{1}"],
    ] {
        assert_ne!(value(different[0]), value(different[1]), "{different:?}");
    }
    for wrong in ["{:a}", "{:a 1 :a 2}", "#{1 1}", "\"\\q\"", "[1 2", "\"open"] {
        let text = format!("{{:process 0 :type :invoke :f :write :value {wrong}}}");
        assert!(read(&text, Keyed::Plain).is_err(), "{wrong}");
    }
}

#[test]
fn a_token_that_nobody_needs_refuses_no_file() {
    let question = ask(ModelName::Register, LINEARIZABLE);
    for error in [
        "##NaN",
        "\"\\q \\\" }\"",
        "#object[java.net.SocketTimeoutException 0x1b2 \"late [\"]",
        "#error {:cause \"x\" :via [{:type java.io.IOException}]}",
        "#<Exception java.lang.Exception: [a} <b>>",
        "{:a 1 :a 2 :b}",
        "#\"regex [\\d\"",
        "#'my.app/var",
        "\\}",
        "1/0x:::",
        "#_ 1 2",
        "^:meta [1]",
        "#{1 1}",
    ] {
        let text = format!(
            "{{:error {error}, :process 0, :type :invoke, :f :read, :value nil}}\n\
             {{:process 0, :type :ok, :f :read, :value nil, :error {error}}}\n#_{{:process 1}}"
        );
        says(&text, question, "valid");
    }
    let json = r#"{"error":{"a":NaN,"a":[1e999,"\q"]},"process":0,"type":"invoke","f":"read","value":null}"#;
    says(json, question, "valid");
}

#[test]
fn json_is_lines_or_one_array() {
    let invoke = r#"{"process":"p0","type":"invoke","f":"write","value":18446744073709551617}"#;
    let ok = r#"{"process":"p0","type":"ok","f":"write","value":18446744073709551617}"#;
    let question = ask(ModelName::Register, LINEARIZABLE);
    for text in [
        format!("{invoke}\n{ok}\n"),
        format!("{invoke} {ok}"),
        format!("[{invoke},{ok}]"),
        format!("\u{feff}[\n  {invoke},\n  {ok}\n]\n"),
        format!("{}\n{ok}", invoke.replace(',', ",\n  ")),
    ] {
        says(&text, question, "valid");
        let read = document(&text).history;
        assert_eq!(
            read.operations()[0].call.argument,
            Value::Number("18446744073709551617".to_owned())
        );
    }
    for wrong in [
        format!("[{invoke},{ok}] 1"),
        format!("[{invoke} {ok}]"),
        format!("[{invoke},{ok},]"),
        format!("[{invoke}"),
    ] {
        says(&wrong, question, "bad-input");
    }
}

#[test]
fn a_history_in_columns_is_read() {
    let text = "0\t:invoke\t:write\t1\n:nemesis\t:info\t:start\t[:isolated {\"n1\" #{\"n2\"}}]\n\
                1\t:invoke\t:read\tnil\n1\t:ok\t:read\t1\n0\t:info\t:write\t1\t:timed-out } (\n\n";
    let question = ask(ModelName::Register, LINEARIZABLE);
    notes(&says(text, question, "valid"), ":nemesis (1 entries)");
    let Answer::Invalid(invalid) =
        says(&text.replace(":read\t1", ":read\t2"), question, "invalid").answer
    else {
        unreachable!()
    };
    assert_eq!(invalid.document.positions[2].line, 4);
    let Answer::BadInput { at, .. } =
        says("0\t:invoke\t:write\t[1\n", question, "bad-input").answer
    else {
        unreachable!()
    };
    assert_eq!((at.line, at.column), (1, 20));
}

#[test]
fn a_history_without_operations_is_valid() {
    for text in [
        "",
        "\n \n",
        "[]",
        "()",
        "; nothing\n",
        "{:process :nemesis, :type :info, :f :start}",
    ] {
        for (name, model) in ModelName::ALL {
            let verdict = verdict(text, ask(*model, LINEARIZABLE));
            assert_eq!(
                verdict.answer,
                Answer::Valid { operations: 0 },
                "{name} {text:?}"
            );
        }
    }
}

#[test]
fn processes_may_have_names_and_what_is_no_client_is_left_out() {
    let text = format!(
        "{}{}{{:process :nemesis, :type :info, :f :kill}}\n{{:process :clock, :type :info, :f :bump}}\n\
         {{:process -7, :type :invoke, :f :read}}\n{{:process -7, :type :ok, :f :read, :value 3}}\n\
         {{:process :a, :type :info, :f :note, :value 3}}\n",
        call("\"p0\"", "write", "1", "1"),
        call(":a", "read", "nil", "1"),
    );
    let verdict = says(&text, ask(ModelName::Register, LINEARIZABLE), "invalid");
    notes(&verdict, ":clock (1 entries), :nemesis (1 entries)");
    notes(&verdict, "1 info entries of clients without an open call");
    let Answer::Invalid(invalid) = verdict.answer else {
        unreachable!()
    };
    assert!(
        invalid
            .violation
            .because
            .starts_with("process -7 read -> 3"),
        "{}",
        invalid.violation.because
    );
    let clients: Vec<_> = invalid
        .document
        .history
        .operations()
        .iter()
        .map(|op| op.client())
        .collect();
    assert_eq!(clients, ["process p0", "process :a", "process -7"]);
    let twice = "{:process \"p0\" :type :invoke :f :read}\n".repeat(2);
    let Answer::BadInput { problem, .. } =
        says(&twice, ask(ModelName::Register, LINEARIZABLE), "bad-input").answer
    else {
        unreachable!()
    };
    assert_eq!(
        problem,
        "process p0 calls again before its last call has ended"
    );
}

// Counterexamples

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
        let nothing = Budget { steps: 0, bytes: 0 };
        let question = Question {
            budget: nothing,
            ..ask(ModelName::Register, consistency)
        };
        says(&overwritten, question, "invalid");
    }
    // To read what is written only later contradicts no process' own order.
    let ahead = format!(
        "{}{}",
        call("0", "read", "nil", "1"),
        call("1", "write", "1", "1")
    );
    says(&ahead, ask(ModelName::Register, "sequential"), "valid");
    says(&ahead, ask(ModelName::Register, "causal"), "invalid");
}
