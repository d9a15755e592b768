//! Histories as text, and the answers about them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::consistency::budget::Budget;
use check::consistency::effects::Effect;
use check::format::{Keyed, Position, Problem, read, write_edn, write_json};
use check::generate::{Dice, Workload, cas_register_calls, keyed, text_calls, valid};
use check::history::{Ended, Function, History, OpId, Process, Time};
use check::model::{KvAppend, ModelName, Register};
use check::value::Value;
use check::verify::{Answer, Consistency, Question, verify, verify_cancellable};

const JEPSEN: &str = "\
; a comment
{:process 0, :type :invoke, :f :write, :value 1, :time 10}
{:process :nemesis, :type :info, :f :start-partition, :value {:a 1.5}}
#jepsen.history.Op{:index 2, :process 1, :type :invoke, :f :read, :value nil, :time 20}
{:process 1, :type :ok, :f :read, :value 1, :time 30}
{:process 0, :type :info, :f :write, :value 1, :time 40, :error :timed-out}
{:process 2, :type :invoke, :f :cas, :value [1 2], :time 50}
{:process 2, :type :fail, :f :cas, :value [1 2], :time 60}
";

#[test]
fn a_jepsen_history_is_read_with_its_places() {
    let document = read(JEPSEN, Keyed::Detect).unwrap();
    let history = &document.history;
    let [write, read, cas] = history.operations() else {
        panic!("{history:#?}")
    };
    assert_eq!((write.process, write.invoked), (Process(0), Time(10)));
    assert_eq!(
        write.ended,
        Ended::Info {
            at: Time(40),
            event: 3
        }
    );
    assert_eq!(
        (read.call.function, read.result()),
        (Function::Read, Some(&Value::Int(1)))
    );
    assert_eq!(cas.call.argument, Value::pair(1, 2));
    assert!(cas.failed());
    assert_eq!(
        document.position_of(OpId(1)),
        Some(Position { line: 5, column: 1 })
    );
}

#[test]
fn entries_may_stand_in_one_vector() {
    let text = "[{:process 0 :type :invoke :f :read :value nil}\n {:process 0 :type :ok :f :read :value nil}]\n";
    let document = read(text, Keyed::Detect).unwrap();
    assert_eq!(
        document.positions,
        [
            Position { line: 1, column: 2 },
            Position { line: 2, column: 2 }
        ]
    );
    let trailing = format!("{text} {{:process 1}}");
    assert_eq!(
        read(&trailing, Keyed::Detect).unwrap_err().at,
        Position { line: 3, column: 2 }
    );
}

#[test]
fn keys_are_found_in_pairs_and_in_fields() {
    let pairs = "\
{:process 0 :type :invoke :f :write :value [:x 1]}
{:process 0 :type :ok :f :write :value [:x 1]}
{:process 0 :type :invoke :f :read :value [:x nil]}
{:process 0 :type :ok :f :read :value [:x 1]}
";
    let fields = "\
{:process 0 :type :invoke :f :write :key :x :value 1}
{:process 0 :type :ok :f :write :key :x :value 1}
{:process 0 :type :invoke :f :read :key :x :value nil}
{:process 0 :type :ok :f :read :key :x :value 1}
";
    let read_as = |text, keyed| read(text, keyed).unwrap().history;
    assert_eq!(
        read_as(pairs, Keyed::Detect),
        read_as(fields, Keyed::Detect)
    );
    assert_eq!(read_as(pairs, Keyed::Pairs), read_as(fields, Keyed::Detect));
    let plain = read_as(pairs, Keyed::Plain);
    assert_eq!(plain.operations()[0].call.key, None);
    // The pair of a `cas` alone is no key.
    let cas = "{:process 0 :type :invoke :f :cas :value [1 2]}";
    assert_eq!(read_as(cas, Keyed::Detect).operations()[0].call.key, None);
    let cas = "{:process 0 :type :invoke :f :cas :value [7 [1 2]]}";
    assert_eq!(
        read_as(cas, Keyed::Detect).operations()[0].call.key,
        Some(Value::Int(7))
    );
}

#[track_caller]
fn refuses(text: &str, line: u32, column: u32, problem: &str) {
    let error = read(text, Keyed::Detect).unwrap_err();
    assert_eq!(error.at, Position { line, column }, "{error}");
    assert!(error.problem.to_string().contains(problem), "{error}");
}

#[test]
fn errors_say_where_they_are() {
    let good = "{:process 0 :type :invoke :f :read :value nil}\n";
    refuses(
        &format!("{good}  {{:process 0 :type :ok :f :read :value 1"),
        2,
        3,
        "the map that begins here is not closed",
    );
    refuses(&format!("{good}{{:process 0 :type :ok]"), 2, 22, "not EDN");
    refuses(&format!("{good} 17"), 2, 2, "a map");
    refuses(
        &format!("{good}\n{{:process 1 :type :invoke :f :frob}}"),
        3,
        1,
        "`frob`",
    );
    refuses(&format!("{good}{{:process 1 :f :read}}"), 2, 1, "`type`");
    refuses(&format!("{good}{{:type :ok :f :read}}"), 2, 1, "`process`");
    refuses(
        &format!("{good}{{:process [0] :type :ok :f :read}}"),
        2,
        1,
        "`process`",
    );
    refuses(&format!("{good}{{:process 1 :type :ok}}"), 2, 1, "`f`");
    refuses(&format!("{good}{good}"), 2, 1, "calls again");
    refuses(
        &format!("{good}{{:process 1 :type :ok :f :read :value 1}}"),
        2,
        1,
        "no open call",
    );
    refuses(
        &format!("{good}{{:process 0 :type :ok :f :write :value 1}}"),
        2,
        1,
        "`read`, not `write`",
    );
    refuses("{\"process\": 0,\n", 1, 1, "not JSON");
    let json = r#"{"process":0,"type":"invoke","f":"read","value":null}"#;
    refuses(&format!("{json}\n  {{\"process\": 0]"), 2, 16, "not JSON");
    refuses(&format!("{json}\n\n [1]"), 3, 2, "a map");
}

#[test]
fn what_does_not_fit_is_a_history_error() {
    let text = "{:process 0 :type :invoke :f :read}\n{:process 0 :type :invoke :f :read}";
    let error = read(text, Keyed::Detect).unwrap_err();
    assert_eq!(error.problem, Problem::StillOpen("process 0".to_owned()));
}

#[test]
fn what_is_written_is_read_again() {
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let workload = Workload {
            clients: 4,
            operations: 40,
            timeouts: 150,
            overlap: 4,
        };
        let register = valid(&Register::WITH_CAS, workload, &mut dice, cas_register_calls);
        let text = valid(&KvAppend, workload, &mut dice, text_calls(100));
        for history in [keyed(&[text.clone(), text.clone()]), register, text] {
            assert_round_trip(&history);
        }
    }
}

fn assert_round_trip(history: &History) {
    let edn = write_edn(history);
    assert_eq!(
        read(&edn, Keyed::Detect).unwrap().history,
        *history,
        "{edn}"
    );
    let json = write_json(history);
    assert_eq!(
        read(&json, Keyed::Detect).unwrap().history,
        *history,
        "{json}"
    );
}

#[test]
fn texts_survive_their_escapes() {
    let mut history = History::new();
    let odd = "\"quoted\" \\ back\nline\ttab \u{e9}\u{1f525}";
    let call = check::history::Call::new(Function::Write, odd);
    let op = history.invoke(Process(0), call, Time(1)).unwrap();
    history.ok(op, Value::Nil, Time(2)).unwrap();
    assert_round_trip(&history);
}

fn ask(model: ModelName, consistency: Consistency) -> Question<'static> {
    Question {
        model,
        consistency,
        keyed: Keyed::Detect,
        initial: None,
        budget: Budget::default(),
    }
}

const STALE: &str = "\
{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 0 :type :invoke :f :write :value 2}
{:process 0 :type :ok :f :write :value 2}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 1}
";

/// Calls of one process that ended ok: function, argument, and a result that is right, or wrong.
fn effects(calls: &[(&str, &str, &str, &str)], is_right: bool) -> String {
    let entry = |(function, argument, right, wrong): &(&str, &str, &str, &str)| {
        let result = if is_right { right } else { wrong };
        format!(
            "{{:process 0 :type :invoke :f :{function} :value {argument}}}\n\
             {{:process 0 :type :ok :f :{function} :value {result}}}\n"
        )
    };
    calls.iter().map(entry).collect()
}

#[test]
fn effects_can_be_asked_for() {
    let transfer = "{:from 0 :to 1 :amount 4}";
    let calls: [(&str, &[_]); 4] = [
        (
            "lost-writes",
            &[("add", "1", "1", "1"), ("read", "nil", "#{1}", "#{}")],
        ),
        (
            "resurrected-deletes",
            &[
                ("add", "1", "1", "1"),
                ("remove", "1", "1", "1"),
                ("read", "nil", "#{}", "#{1}"),
            ],
        ),
        (
            "money-conserved",
            &[
                ("read", "nil", "{0 10 1 0}", "{0 10 1 0}"),
                ("transfer", transfer, transfer, transfer),
                ("read", "nil", "{0 6 1 4}", "{0 6 1 0}"),
            ],
        ),
        (
            "queue-order",
            &[
                ("enqueue", "1", "1", "1"),
                ("enqueue", "2", "2", "2"),
                ("dequeue", "nil", "1", "2"),
                ("dequeue", "nil", "2", "1"),
            ],
        ),
    ];
    for (name, calls) in calls {
        let consistency: Consistency = name.parse().unwrap();
        let Consistency::Effect(effect) = consistency else {
            panic!("{name} is about effects")
        };
        let question = ask(effect.model(), consistency);
        let right = verify(&effects(calls, true), question);
        assert_eq!(right.word(), "valid", "{name}: {right:?}");
        let wrong = verify(&effects(calls, false), question);
        assert_eq!(wrong.word(), "invalid", "{name}: {wrong:?}");
    }
}

#[test]
fn each_answer_has_its_word() {
    let linearizable = ask(ModelName::Register, Consistency::Linearizable);
    assert_eq!(verify(STALE, linearizable).word(), "invalid");
    let fresh = STALE.replace(":read :value 1", ":read :value 2");
    assert_eq!(
        verify(&fresh, linearizable),
        Answer::Valid { operations: 3 }
    );
    for (name, consistency) in Consistency::ALL {
        let answer = verify(&fresh, ask(ModelName::Register, *consistency));
        let word = match consistency {
            Consistency::Effect(_) => "bad-input",
            _ => "valid",
        };
        assert_eq!(answer.word(), word, "{name}");
        assert_eq!(name.parse(), Ok(*consistency));
    }
    let sequential = verify(STALE, ask(ModelName::Register, Consistency::Sequential));
    assert_eq!(sequential.word(), "valid", "the reader may lag behind");
    let none = Budget { steps: 0, bytes: 0 };
    let without_a_search = Question {
        budget: none,
        ..linearizable
    };
    assert_eq!(verify(&fresh, without_a_search).word(), "unknown");
    assert_eq!(verify(STALE, without_a_search).word(), "invalid");
    let cancelled = verify_cancellable(STALE, linearizable, &|| true);
    assert_eq!(
        cancelled.answer.word(),
        "invalid",
        "a small search is over before it asks"
    );
}

#[test]
fn a_counterexample_tells_the_story() {
    let question = ask(ModelName::Register, Consistency::Linearizable);
    let Answer::Invalid(invalid) = verify(STALE, question) else {
        panic!("it is invalid")
    };
    assert_eq!(invalid.violation.event, 5);
    assert_eq!(invalid.violation.operations, [OpId(2), OpId(1), OpId(0)]);
    assert_eq!(invalid.partial[0].order, [OpId(0), OpId(1)]);
    assert_eq!(invalid.partial[0].unplaced, [OpId(2)]);
    assert_eq!(
        invalid.violation.because,
        "process 1 read -> 1: no order of the operations so far fits that answer; after the \
         longest orders that fit, the register holds 2"
    );
}

#[test]
fn bad_input_says_where() {
    let question = ask(ModelName::Register, Consistency::Linearizable);
    let cas = "{:process 0 :type :invoke :f :cas :value [1 2]}";
    let text = format!("{}{cas}", STALE.replace(":process 0", ":process 7"));
    let Answer::BadInput { at, problem } = verify(&text, question) else {
        panic!("a register has no cas")
    };
    assert_eq!(at, Position { line: 7, column: 1 });
    assert_eq!(
        problem,
        "a register has no `cas`; a register has read and write"
    );
    let bank = ask(ModelName::Bank, Consistency::Linearizable);
    assert_eq!(verify(STALE, bank).word(), "bad-input", "reads no balances");
}

/// Transfers of these amounts that overlap a read of 5000 and 5000.
fn transfers_that_overlap_a_read(amounts: impl Iterator<Item = i64>) -> String {
    let begun = amounts.enumerate().map(|(process, amount)| {
        format!("{{:process {process} :type :invoke :f :transfer :value {{:from 0, :to 1, :amount {amount}}}}}\n")
    });
    let read = "\
{:process 99 :type :invoke :f :read :value nil}
{:process 99 :type :ok :f :read :value {0 5000, 1 5000}}
";
    begun.chain([read.to_owned()]).collect()
}

#[test]
fn a_bank_has_any_opening_balances_that_fit_or_none_without_a_read() {
    let ask_bank = |consistency| ask(ModelName::Bank, consistency);
    let many = transfers_that_overlap_a_read((0..11).map(|power| 1 << power));
    assert_eq!(
        verify(&many, ask_bank(Consistency::Linearizable)).word(),
        "valid"
    );
    let opening = Value::map([(0.into(), 5000.into()), (1.into(), 5000.into())]);
    let told = Question {
        initial: Some(&opening),
        ..ask_bank(Consistency::Linearizable)
    };
    assert_eq!(verify(&many, told).word(), "valid");
    let money = ask_bank(Consistency::Effect(Effect::MoneyConserved));
    assert_eq!(
        verify(&many, money).word(),
        "valid",
        "all openings are as much"
    );
    let few = transfers_that_overlap_a_read((0..40).map(|_| 1));
    assert_eq!(
        verify(&few, ask_bank(Consistency::Linearizable)).word(),
        "valid"
    );
    let unread = "{:process 0 :type :invoke :f :transfer :value {:from 0, :to 1, :amount 4}}\n";
    assert_eq!(
        verify(unread, ask_bank(Consistency::Linearizable)).word(),
        "unknown"
    );
}

#[test]
fn a_jepsen_bank_is_understood() {
    let text = "\
{:process 0 :type :invoke :f :read :value nil}
{:process 0 :type :ok :f :read :value {0 10, 1 0}}
{:process 0 :type :invoke :f :transfer :value {:from 0, :to 1, :amount 4}}
{:process 0 :type :ok :f :transfer :value {:from 0, :to 1, :amount 4}}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value {0 6, 1 4}}
";
    let question = ask(ModelName::Bank, Consistency::Linearizable);
    assert_eq!(verify(text, question).word(), "valid");
    let torn = text.replace("{0 6, 1 4}", "{0 6, 1 0}");
    assert_eq!(verify(&torn, question).word(), "invalid");
}
