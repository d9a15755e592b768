//! Notations as they are printed in the wild.

use super::*;

#[test]
fn edn_is_read_as_it_is_printed() {
    for (text, same) in [
        ("1N", "1"),
        ("100M", "100"),
        ("1.50M", "1.5"),
        ("\"\\u00e9\"", "\"é\""),
        ("\"\\ud83d\\udd25\"", "\"🔥\""),
        ("\\u00e9", "\\é"),
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
        ["#my.app.Point{:x 1}", "{:x 1}"],
        ["#my.app.Point{:x 1}", "#my.app.Place{:x 1}"],
        ["#foo/bar [1]", "#foo/baz [1]"],
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
            Value::number("18446744073709551617")
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
    notes(&says(text, question, "valid"), ":nemesis (1 entry)");
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
    let logged = text.replacen(
        "1\t:invoke",
        "INFO jepsen.core - Analyzing...\n1\t:invoke",
        1,
    );
    let Answer::BadInput { at, problem } = says(&logged, question, "bad-input").answer else {
        unreachable!()
    };
    assert_eq!((at.line, at.column), (3, 1));
    assert!(problem.contains("columns with tabs between"), "{problem}");
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
    notes(&verdict, ":clock (1 entry), :nemesis (1 entry)");
    notes(&verdict, "1 info entry of a client without an open call");
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

#[test]
fn the_accounts_of_a_transfer_in_json_are_the_keys_of_balances() {
    for (first, second) in [("\"0\"", "\"1\""), ("0", "1")] {
        let transfer = format!("{{\"from\":{first},\"to\":{second},\"amount\":5}}");
        let entries = [
            ("read", "null", r#"{"0":10,"1":10}"#),
            ("transfer", &transfer, &transfer),
            ("read", "null", r#"{"0":5,"1":15}"#),
        ];
        let entry = |kind: &str, function: &str, value: &str| {
            format!(r#"{{"process":0,"type":"{kind}","f":"{function}","value":{value}}}"#)
        };
        let text = entries.map(|(function, argument, result)| {
            entry("invoke", function, argument) + &entry("ok", function, result)
        });
        says(&text.concat(), ask(ModelName::Bank, LINEARIZABLE), "valid");
    }
}

#[test]
fn a_key_in_json_is_a_number_only_if_it_is_written_like_one() {
    let read = |value: &str| {
        let text = format!(
            r#"{{"process":0,"type":"invoke","f":"read"}}{{"process":0,"type":"ok","f":"read","value":{value}}}"#
        );
        document(&text).history.operations()[0]
            .result()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        read(r#"{"7":1,"07":2,"+7":3,"-7":4}"#),
        r#"{-7 4 7 1 "+7" 3 "07" 2}"#
    );
}

#[test]
fn an_escape_has_hexadecimal_digits_and_nothing_else() {
    assert_eq!(value(r#""\u0041""#), Value::text("A"));
    let signed = r#"{:process 0 :type :invoke :f :write :value "\u+041"}"#;
    says(signed, ask(ModelName::Register, LINEARIZABLE), "bad-input");
    assert_eq!(value(r"\u+041"), Value::word(r"\u+041"));
}

#[test]
fn an_element_that_nobody_adds_is_told_where_it_is_not_asked() {
    let added = call("0", "add", "1", "1");
    for consistency in ["lost-writes", "resurrected-deletes"] {
        let asked = |read: &str| {
            let text = added.clone() + &call("0", "read", "nil", read);
            says(&text, ask(ModelName::Set, consistency), "valid")
        };
        notes(&asked("#{1 9}"), "nobody adds the 9 that is read on line 4");
        assert!(asked("#{1}").notes.is_empty());
        let failed = call("1", "add", "9", "9").replace(":type :ok", ":type :fail");
        let text = failed + &added + &call("0", "read", "nil", "#{1 9}");
        let told = says(&text, ask(ModelName::Set, consistency), "valid");
        notes(
            &told,
            "the 9 that is read on line 6 was to be added by an `add` that failed on line 2: an aborted read",
        );
    }
}

#[test]
fn one_pair_and_two_are_told_in_a_sentence_each() {
    let write = || call("0", "write", "[:x 1]", "[:x 1]");
    let read = call("0", "read", "nil", "[:x 1]");
    for (text, words) in [
        (write() + &read, "1 value that is a pair is taken as it is"),
        (
            write() + &write() + &read,
            "each of 2 values that are pairs is taken as it is",
        ),
    ] {
        let verdict = says(&text, ask(ModelName::Register, LINEARIZABLE), "valid");
        notes(&verdict, words);
        notes(&verdict, "because the read on line ");
    }
    let cas = write() + &call("0", "cas", "[1 2]", "[1 2]");
    let verdict = verdict(&cas, ask(ModelName::CasRegister, LINEARIZABLE));
    notes(&verdict, "because the cas on line 3 has no key");
}
