//! What an answer about a history that is large in itself takes: each read of a set lists all that was added.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::consistency::budget::{Budget, HISTORY};
use check::consistency::effects::Effect;
use check::format::Keyed;
use check::model::ModelName;
use check::verify::{Consistency, Question, read_for, verify_read};
use peak_alloc::PeakAlloc;
use std::fmt::Write;
use std::sync::Mutex;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that an answer may take.
const MOST: usize = 200_000_000;

/// Ten thousand operations of ten clients in rounds: one reads, and the others add an element each. A read lists the elements
/// in no order, as hash tables do.
///
/// With more than one read for each round, they follow one another.
fn growing_set(reads: u32) -> String {
    let mut text = String::new();
    let mut elements: Vec<u32> = Vec::new();
    for round in 0..1000_u32 {
        let added: Vec<u32> = (0..9).map(|client| 9 * round + client).collect();
        for (client, element) in added.iter().enumerate() {
            writeln!(
                text,
                "{{:process {client}, :type :invoke, :f :add, :value {element}}}"
            )
            .unwrap();
        }
        let listed: Vec<String> = elements.iter().map(u32::to_string).collect();
        let listed = listed.join(" ");
        for _ in 0..reads {
            writeln!(text, "{{:process 9, :type :invoke, :f :read, :value nil}}").unwrap();
            writeln!(
                text,
                "{{:process 9, :type :ok, :f :read, :value #{{{listed}}}}}"
            )
            .unwrap();
        }
        for (client, element) in added.iter().enumerate() {
            writeln!(
                text,
                "{{:process {client}, :type :ok, :f :add, :value {element}}}"
            )
            .unwrap();
        }
        elements.extend(added);
        let third = elements.len() / 3;
        elements.rotate_left(third);
    }
    text
}

/// What an answer takes at its peak, with the text while it is read, and the answer in a word.
fn peak(text: String, consistency: Consistency, budget: Budget) -> (usize, &'static str) {
    let question = Question {
        model: ModelName::Set,
        consistency,
        keyed: Keyed::Plain,
        initial: None,
        budget,
    };
    MEMORY.reset_peak_usage();
    let read = read_for(&text, question);
    drop(text);
    let verified = verify_read(read, question, &|| false);
    (MEMORY.peak_usage(), verified.answer.word())
}

/// Whatever the machine runs beside it: tests that measure do so one after the other.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn an_answer_about_ten_thousand_operations_on_a_growing_set_takes_at_most_200_mb() {
    let _alone = ALONE.lock().unwrap();
    let text = growing_set(1);
    for consistency in [
        Consistency::Linearizable,
        Consistency::Sequential,
        Consistency::Effect(Effect::LostAdds),
    ] {
        let (peak, answer) = peak(text.clone(), consistency, Budget::default());
        let peak = peak - text.len();
        eprintln!("{consistency:?}: {} MB, {answer}", peak / 1_000_000);
        assert!(peak < MOST, "{consistency:?}: {peak} bytes");
        assert_eq!(answer, "valid", "{consistency:?}");
    }
}

/// What reading holds counts too, be it many values or one: the answer is *unknown* before the machine runs out of memory.
#[test]
fn a_history_that_takes_more_than_the_budget_is_unknown() {
    let _alone = ALONE.lock().unwrap();
    let read =
        "{:process 0 :type :invoke :f :read :value nil} {:process 0 :type :ok :f :read :value [";
    let shown = |element: &str, count| format!("{read}{}]}}", element.repeat(count));
    let columns = || {
        let shown = "1 ".repeat(4_000_000);
        format!("0\tinvoke\tread\tnil\n0\tok\tread\t[{shown}]\n")
    };
    let json = "{\"process\": 0, \"type\": \"invoke\", \"f\": \"read\"}\n";
    let texts: [&dyn Fn() -> String; 5] = [
        &|| growing_set(2),
        &|| shown("1 ", 4_000_000),
        &|| shown("[1] ", 2_000_000),
        &columns,
        &|| json.repeat(400_000),
    ];
    let budget = Budget {
        bytes: 0,
        ..Budget::default()
    };
    for text in texts {
        let (peak, answer) = peak(text(), Consistency::Linearizable, budget);
        eprintln!("{} MB, {answer}", peak / 1_000_000);
        assert!(peak < HISTORY + HISTORY / 10, "{peak} bytes");
        assert_eq!(answer, "unknown");
    }
}
