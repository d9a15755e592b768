//! The order of entries is the text's, and times are advice.

use super::*;

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
        (["1", "9223372036854775808", "3", "4"], "1 is before"),
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

#[test]
fn where_entries_have_no_times_a_counterexample_names_their_lines() {
    let timed = |text: &str, number: usize| match text.split_once('}') {
        Some((entry, _)) => format!("{entry}, :time {}}}", number * 1_000_000),
        None => String::new(),
    };
    let calls = [
        call("0", "write", "1", "1"),
        call("0", "write", "2", "2"),
        call("0", "read", "nil", "1"),
    ];
    let text = calls.concat();
    let lines = (1..).zip(text.lines());
    let with_times: Vec<String> = lines.map(|(number, line)| timed(line, number)).collect();
    let because = |text: &str, consistency| {
        let verdict = says(text, ask(ModelName::Register, consistency), "invalid");
        let Answer::Invalid(invalid) = verdict.answer else {
            panic!("it is invalid")
        };
        invalid.violation.because
    };
    let read = "process 0 read 1 from the register at";
    for (text, at) in [
        (&text, ["line 6", "line 4"]),
        (&with_times.join("\n"), ["0.006000 s", "0.004000 s"]),
    ] {
        let own = because(text, "read-your-writes");
        let says = format!(
            "{read} {}, after its own write of 2 had been acknowledged at {};",
            at[0], at[1]
        );
        assert!(own.starts_with(&says), "{own}");
    }
    let causal = because(&text, "causal");
    assert!(causal.contains(" of line "), "{causal}");
}
