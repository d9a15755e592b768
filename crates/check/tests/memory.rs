//! What an answer about a history that is large in itself takes: each read of a set lists all that was added.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use check::consistency::budget::Budget;
use check::consistency::effects::Effect;
use check::format::Keyed;
use check::model::ModelName;
use check::verify::{Consistency, Question, verify};
use peak_alloc::PeakAlloc;
use std::fmt::Write;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The most that an answer may take.
const MOST: usize = 200_000_000;

/// Ten thousand operations of ten clients in rounds: one reads, and the others add an element each. A read lists the elements
/// in no order, as hash tables do.
fn growing_set() -> String {
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
        writeln!(text, "{{:process 9, :type :invoke, :f :read, :value nil}}").unwrap();
        let listed: Vec<String> = elements.iter().map(u32::to_string).collect();
        let listed = listed.join(" ");
        writeln!(
            text,
            "{{:process 9, :type :ok, :f :read, :value #{{{listed}}}}}"
        )
        .unwrap();
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

/// What an answer takes at its peak, with the text.
fn peak(text: &str, consistency: Consistency) -> usize {
    let question = Question {
        model: ModelName::Set,
        consistency,
        keyed: Keyed::Plain,
        initial: None,
        budget: Budget::default(),
    };
    MEMORY.reset_peak_usage();
    let answer = verify(text, question);
    assert!(
        ["valid", "unknown"].contains(&answer.word()),
        "{}",
        answer.word()
    );
    MEMORY.peak_usage()
}

#[test]
fn an_answer_about_ten_thousand_operations_on_a_growing_set_takes_at_most_200_mb() {
    let text = growing_set();
    for consistency in [
        Consistency::Linearizable,
        Consistency::Sequential,
        Consistency::Effect(Effect::LostAdds),
    ] {
        let peak = peak(&text, consistency);
        eprintln!("{consistency:?}: {} MB", peak / 1_000_000);
        assert!(peak < MOST, "{consistency:?}: {peak} bytes");
    }
}
