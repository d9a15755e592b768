//! Histories as they are found: as other people's systems and tools write them.
//!
//! - `order`: the order of entries is the text's, and times are advice
//! - `shapes`: nothing in a history is left out silently
//! - `start`: how objects start
//! - `keys`: keys: told of, and asked for where they are ambiguous
//! - `notations`: notations as they are printed in the wild
//! - `blame`: what a counterexample blames
//! - `told`: what is told of values, and of what is wrong

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod blame;
mod keys;
mod notations;
mod order;
mod shapes;
mod start;
mod told;

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
