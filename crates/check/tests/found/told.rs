//! What is told of values, and of what is wrong.

use super::*;

/// What a bad text is told, and on which line.
#[track_caller]
fn refused(text: &str, model: ModelName, line: u32, words: &[&str]) {
    let verdict = says(text, ask(model, LINEARIZABLE), "bad-input");
    let Answer::BadInput { at, problem } = verdict.answer else {
        panic!("{:?}", verdict.answer)
    };
    assert_eq!(at.line, line, "{problem}\n{text}");
    for word in words {
        assert!(problem.contains(word), "{problem} has no {word}\n{text}");
    }
}

#[test]
fn a_record_is_no_map_and_no_record_of_another_name() {
    for (written, found) in [
        ("#user.A{:x 1}", "#user.B{:x 1}"),
        ("#user.A{:x 1}", "{:x 1}"),
        ("#foo/bar [1]", "#foo/baz [1]"),
        ("{:at #user.A{:x 1}}", "{:at #user.B{:x 1}}"),
    ] {
        let written_by = call("0", "write", written, written);
        let same = format!("{written_by}{}", call("1", "read", "nil", written));
        let other = format!("{written_by}{}", call("1", "read", "nil", found));
        says(&same, ask(ModelName::Register, LINEARIZABLE), "valid");
        says(&other, ask(ModelName::Register, LINEARIZABLE), "invalid");
    }
}

#[test]
fn whoever_looks_into_a_collection_passes_over_its_tag() {
    let opening = call("0", "read", "nil", "#bank.Accounts{0 10, 1 0}");
    let transfer = "#bank.T{:from 0, :to 1, :amount 4}";
    let moved = call("0", "transfer", transfer, transfer);
    let read = call("1", "read", "nil", "{0 6, 1 4}");
    let bank = format!("{opening}{moved}{read}");
    for consistency in [LINEARIZABLE, "money-conserved"] {
        says(&bank, ask(ModelName::Bank, consistency), "valid");
    }
    let shown = call("0", "read", "nil", "#ordered/set (1)");
    let set = format!("{}{shown}", call("0", "add", "1", "1"));
    for consistency in [LINEARIZABLE, "lost-writes"] {
        says(&set, ask(ModelName::Set, consistency), "valid");
    }
    let shown = call("0", "read", "nil", "#a/b [1]");
    let list = format!("{}{shown}", call("0", "append", "1", "1"));
    says(&list, ask(ModelName::KvAppend, LINEARIZABLE), "valid");
    let pairs = call("0", "write", "#t/pair [:x 1]", "#t/pair [:x 1]");
    let pairs = format!("{pairs}{}", call("0", "read", "[:x nil]", "[:x 1]"));
    says(&pairs, ask(ModelName::Register, LINEARIZABLE), "valid");
}

#[test]
fn a_whole_number_in_another_spelling_is_told() {
    let register = ask(ModelName::Register, LINEARIZABLE);
    let written = call("0", "write", "1", "1");
    for spelt in ["1.0", "1M", "10e-1"] {
        let text = format!("{written}{}", call("0", "read", "nil", spelt));
        let told = format!("such as {spelt} on line 4");
        notes(&says(&text, register, "valid"), &told);
    }
    let json = "{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":1,\"time\":1.0}\n\
                {\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"value\":1.0,\"time\":2.0}\n";
    notes(&says(json, register, "valid"), "such as 1.0 on line 2");
    let half = call("0", "write", "0.5", "0.5");
    let plain = format!("{half}{}", call("0", "read", "nil", "0.50"));
    let verdict = says(&plain, register, "valid");
    assert_eq!(verdict.notes, [""; 0]);
}

const GOOD: &str = "{:process 0 :type :invoke :f :read :value nil}\n";

#[test]
fn a_wrong_field_is_told_with_its_value_and_what_was_expected() {
    for (fields, words) in [
        (
            ":process 0 :type :okay :f :read",
            &["invoke, ok, fail or info", "not :okay"][..],
        ),
        (":type :ok :f :read :value 1", &["`process` is missing"]),
        (
            ":process 1.5 :type :invoke :f :read",
            &["a whole number or a name", "not 1.5"],
        ),
        (":process 1 :f :read", &["`type` is missing", "invoke"]),
        (":process 1 :type :invoke", &["`f` is missing", "function"]),
        (
            ":process 1 :type :invoke :f :wrote :value 1",
            &["`wrote`", "a register has read and write"],
        ),
        (
            ":process 1 :type :invoke :f :txn :value [[:r 1 nil] [:r 2 nil]]",
            &["`txn`", "a register has read and write"],
        ),
        (
            ":process 1 :type :invoke :f :cas :value [1 2]",
            &["`cas`", "a register has read and write"],
        ),
        (
            ":process 1 :type :invoke :f :write",
            &["`value` is missing", "`write`"],
        ),
        (
            ":process 0 :type :ok :f :read",
            &["`value` is missing", "`read`"],
        ),
    ] {
        let text = format!("{GOOD}{{{fields}}}\n");
        refused(&text, ModelName::Register, 2, words);
    }
}

#[test]
fn what_is_no_entry_is_told_where_it_begins() {
    let register = ModelName::Register;
    for (line, words) in [
        ("nil", "this is `nil`"),
        ("hello world", "this is `hello`"),
        ("#:jepsen{:process 0}", "`jepsen`"),
        ("{:process 1", "the map that begins here is not closed"),
        ("{:process 1 :value \"a", "the map that begins here"),
    ] {
        refused(&format!("{GOOD}{line}\n"), register, 2, &[words]);
    }
    let cas = "{:process 0 :type :invoke :f :cas :value [1 2]}\n\
               {:process 0 :type :fail :f :cas :value [1 2]}\n";
    refused(cas, register, 1, &["a register has no `cas`"]);
    let unclosed = GOOD.replace('}', "");
    let unclosed = format!("{unclosed}{GOOD}{GOOD}");
    refused(&unclosed, register, 1, &["not closed"]);
    refused(&format!("[{GOOD}"), register, 1, &["the list that begins"]);
    let about = format!("^{{:line 1}} {GOOD}");
    says(&about, ask(register, LINEARIZABLE), "valid");
    let columns = "0\t:invoke\t:write\n0\t:ok\t:write\t1\n";
    refused(columns, register, 1, &["`value` is missing"]);
    let json = r#"{"process":0,"type":"invoke","f":"read","value":null}"#;
    let commas = format!("{json},\n{json}");
    refused(&commas, register, 1, &["a comma after an entry"]);
    let cut_off = format!("[{json},\n");
    refused(&cut_off, register, 1, &["the array that begins here"]);
}

#[test]
fn a_bank_says_what_it_takes_and_where() {
    let bank = ModelName::Bank;
    let opening = call("0", "read", "nil", "{0 10, 1 0}");
    let nil = call("0", "read", "nil", "{0 nil, 1 20}");
    let wanted = ["a map from accounts to whole numbers", "{0 nil 1 20}"];
    refused(&nil, bank, 2, &wanted);
    let argument = "{:from 0, :to 1, :amount \"5\"}";
    let odd = call("0", "transfer", argument, argument);
    let wanted = [":amount whole-number", "\"5\""];
    refused(&format!("{opening}{odd}"), bank, 3, &wanted);
}

#[test]
fn a_misspelt_function_of_a_named_process_is_named() {
    let odd = call("\"p\"", "raed", "nil", "9");
    let text = format!("{odd}{}", call("0", "write", "1", "1"));
    let verdict = says(&text, ask(ModelName::Register, LINEARIZABLE), "valid");
    let told = "processes that are not clients are left out: p (2 entries, calls `raed`)";
    notes(&verdict, told);
}

#[test]
fn times_that_are_all_the_same_are_no_times() {
    let calls = [call("0", "add", "1", "1"), call("0", "read", "nil", "#{}")];
    let timed = calls.concat().replace(", :f", ", :time 1, :f");
    let verdict = says(&timed, ask(ModelName::Set, "lost-writes"), "invalid");
    let Answer::Invalid(invalid) = verdict.answer else {
        panic!("it is invalid")
    };
    let because = invalid.violation.because;
    let told = because.contains("at line 4") && because.contains("at line 2");
    assert!(told, "{because}");
}

#[test]
fn a_dequeue_that_found_nothing_says_so() {
    let text = [
        call("0", "enqueue", "1", "1"),
        call("0", "dequeue", "nil", "nil"),
    ];
    let read = document(&text.concat());
    let told = read.history.operations()[1].to_string();
    assert_eq!(told, "process 0 dequeue -> nil");
}

fn because(text: &str, question: Question<'_>) -> (String, usize) {
    let Answer::Invalid(invalid) = says(text, question, "invalid").answer else {
        unreachable!()
    };
    (
        invalid.violation.because.clone(),
        invalid.violation.operations.len(),
    )
}

#[test]
fn every_opening_of_a_bank_is_contradicted() {
    let text = "{:process 0, :type :invoke, :f :transfer, :value {:from 0, :to 1, :amount 5}}\n\
                {:process 1, :type :invoke, :f :read, :value nil}\n\
                {:process 2, :type :invoke, :f :read, :value nil}\n\
                {:process 1, :type :ok, :f :read, :value {0 5, 1 15}}\n\
                {:process 2, :type :ok, :f :read, :value {0 10, 1 10}}\n\
                {:process 0, :type :ok, :f :transfer, :value {:from 0, :to 1, :amount 5}}\n\
                {:process 1, :type :invoke, :f :read, :value nil}\n\
                {:process 1, :type :ok, :f :read, :value {0 10, 1 10}}\n";
    let (told, blamed) = because(text, ask(ModelName::Bank, LINEARIZABLE));
    assert!(told.contains("read -> {0 10 1 10}"), "{told}");
    assert!(told.contains("the balances are {0 5 1 15}"), "{told}");
    // The read before it, after which no transfer moves money back, is all that contradicts it.
    assert_eq!(blamed, 2, "{told}");
}

#[test]
fn a_read_of_what_failed_is_called_so() {
    let text = "{:process 0, :type :invoke, :f :write, :value 5}\n\
                {:process 0, :type :fail, :f :write, :value 5}\n";
    let text = format!("{text}{}", call("1", "read", "nil", "5"));
    let verdict = says(&text, ask(ModelName::Register, LINEARIZABLE), "invalid");
    notes(&verdict, "failed on line 2: an aborted read");
    assert!(!verdict.notes.iter().any(|note| note.contains("--initial")));
}

#[test]
fn a_transfer_that_can_never_be_says_why() {
    let opened = call("0", "read", "nil", "{0 10, 1 10}");
    let with = |transfer: &str| format!("{opened}{}", call("1", "transfer", transfer, transfer));
    let bank = ask(ModelName::Bank, LINEARIZABLE);
    for (transfer, why) in [
        (
            "{:from 0, :to 1, :amount -5}",
            "no transfer moves a negative amount, -5",
        ),
        (
            "{:from 0, :to 7, :amount 5}",
            "there is no account 7 in the bank",
        ),
    ] {
        let (told, blamed) = because(&with(transfer), bank);
        assert!(told.ends_with(why), "{told}");
        assert_eq!(blamed, 1, "{told}");
    }
}

#[test]
fn a_number_that_is_too_large_is_called_so() {
    let bank = ask(ModelName::Bank, LINEARIZABLE);
    let large = "99999999999999999999999";
    for text in [
        call("0", "read", "nil", &format!("{{0 {large}, 1 0}}")),
        call(
            "0",
            "transfer",
            &format!("{{:from 0, :to 1, :amount {large}}}"),
            "nil",
        ),
    ] {
        let Answer::BadInput { problem, .. } = says(&text, bank, "bad-input").answer else {
            unreachable!()
        };
        assert!(problem.contains("to 9223372036854775807"), "{problem}");
    }
}

#[test]
fn the_stronger_answers_where_reads_cannot_be_traced() {
    let text = [
        call("0", "write", "0", "0"),
        call("1", "read", "nil", "0"),
        call("0", "write", "0", "0"),
    ]
    .concat();
    for consistency in ["causal", "causal-convergent", "monotonic-reads"] {
        says(&text, ask(ModelName::Register, consistency), "valid");
    }
}

#[test]
fn a_dequeue_is_told_with_its_process_once() {
    let text = [
        call("0", "enqueue", "1", "1"),
        call("0", "enqueue", "2", "2"),
        call("1", "dequeue", "nil", "2"),
        call("1", "dequeue", "nil", "1"),
    ]
    .concat();
    let (told, _) = because(&text, ask(ModelName::Queue, "queue-order"));
    assert_eq!(
        told,
        "process 1 dequeue -> 1 came after process 1 dequeue -> 2, although it had been enqueued before"
    );
}

#[test]
fn fields_in_a_namespace_are_called_so() {
    let plain = call("0", "write", "1", "1") + &call("1", "read", "nil", "1");
    let of_op = plain.replace(":process", ":op/process");
    for text in [of_op.replace(":type", ":op/type"), of_op] {
        refused(
            &text,
            ModelName::Register,
            1,
            &["have no namespace", "`op`"],
        );
    }
    // A field of somebody else's stands beside the history's own.
    let beside = plain.replace(", :f", ", :other/process 7, :f");
    says(&beside, ask(ModelName::Register, LINEARIZABLE), "valid");
}

#[test]
fn what_nobody_read_is_named_as_what_it_is() {
    let added = call("0", "add", "1", "1");
    let why = says(&added, ask(ModelName::Set, "convergent"), "unknown");
    assert!(
        format!("{why:?}").contains("nobody read the object"),
        "{why:?}"
    );
}
