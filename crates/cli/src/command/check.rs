//! `slowfire check`.

use std::sync::atomic::Ordering;

use check::consistency::budget::Budget;
use check::consistency::conclusion::Violation;
use check::consistency::effects::Effect;
use check::consistency::linear::Partial;
use check::history::{History, OpId, Operation};
use check::quoted::Quoted;
use check::verify::{Answer, Consistency, Invalid, Question, Verified, read_for, verify_read};
use check::watch::State;
use serde_json::{Value, json};

use crate::args::CheckArguments;
use crate::report::{Ending, complain, faint, note, say, say_json, sign, unknown};
use crate::{input, interrupt};

/// How many operations of an order are told before the one that does not fit.
const TOLD: usize = 8;

/// Decides whether a history is consistent.
pub fn check(arguments: &CheckArguments) -> anyhow::Result<Ending> {
    let interrupted = interrupt::listen()?;
    let question = Question {
        model: arguments.model,
        consistency: arguments.consistency,
        keyed: arguments.keyed,
        initial: arguments.initial.as_ref(),
        budget: Budget {
            steps: arguments.steps,
            bytes: arguments.memory << 20,
        },
    };
    let text = input::text_within(&arguments.file, question.budget.history_bytes());
    let Verified { answer, notes } = match text {
        Ok(text) => {
            let read = read_for(&text, question);
            drop(text);
            verify_read(read, question, &|| interrupted.load(Ordering::Relaxed))
        }
        Err(error) => no_text(error)?,
    };
    if arguments.json {
        let mut told = to_json(&answer);
        if !notes.is_empty() {
            told["notes"] = json!(notes);
        }
        say_json(&told)?;
    } else {
        notes.iter().for_each(|sentence| note(sentence));
        tell(arguments, &answer)?;
    }
    Ok(match answer {
        Answer::Valid { .. } => Ending::Well,
        Answer::Invalid(_) => Ending::Violated,
        Answer::BadInput { .. } | Answer::BadQuestion { .. } => Ending::BadInput,
        Answer::Unknown(_) => Ending::Undecided,
    })
}

/// The answer about a file that is no text from some place on; for any other error there is none.
fn no_text(error: anyhow::Error) -> anyhow::Result<Verified> {
    let Some(input::NotText(at)) = error.downcast_ref() else {
        return Err(error);
    };
    let answer = Answer::BadInput {
        at: *at,
        problem: input::NotText::WHAT.to_owned(),
    };
    let notes = Vec::new();
    Ok(Verified { answer, notes })
}

fn tell(arguments: &CheckArguments, answer: &Answer) -> anyhow::Result<()> {
    let file = &arguments.file;
    let words = words(arguments.consistency);
    match answer {
        Answer::Valid { operations } => say(&format!(
            "{}  {file}: {operations} operation{}, {}",
            sign(State::Holds),
            if *operations == 1 { "" } else { "s" },
            words.0
        )),
        Answer::Invalid(invalid) => say(&format!(
            "{}  {file}: {}\n{}",
            sign(State::Violated),
            words.1,
            counterexample(invalid)
        )),
        Answer::BadInput { at, problem } => {
            complain(&anyhow::anyhow!("{file}, {at}: {problem}"));
            Ok(())
        }
        Answer::BadQuestion { problem } => {
            complain(&anyhow::anyhow!("{problem}"));
            Ok(())
        }
        Answer::Unknown(why) => say(&format!("{}  {file}: {why}", unknown())),
    }
}

/// What a history is that has what was asked for, and one that has not. Some consistencies have the name of what breaks
/// them.
fn words(consistency: Consistency) -> (String, String) {
    let effect = |right: &str, wrong: &str| (right.to_owned(), wrong.to_owned());
    match consistency {
        Consistency::Effect(Effect::LostAdds) => effect("no lost writes", "lost writes"),
        Consistency::Effect(Effect::ResurrectedDeletes) => {
            effect("no resurrected deletes", "resurrected deletes")
        }
        Consistency::Effect(Effect::MoneyConserved) => {
            effect("money is conserved", "money is not conserved")
        }
        Consistency::Effect(Effect::QueueOrder) => {
            effect("items leave in order", "items do not leave in order")
        }
        _ => {
            let mut all = Consistency::ALL.iter();
            let named = all.find(|(_, known)| *known == consistency);
            let name = named.map_or("consistent", |(name, _)| name);
            (name.to_owned(), format!("not {name}"))
        }
    }
}

fn counterexample(invalid: &Invalid) -> String {
    let history = &invalid.document.history;
    let mut lines = vec![format!("             {}.", invalid.violation.because)];
    let Violation {
        operations, before, ..
    } = &invalid.violation;
    let shown = match operations.len() {
        2.. if before.is_none() => "the operations that contradict each other:",
        _ => "what fits nowhere:",
    };
    let last = "what came before, or was under way:";
    let before = before.as_deref().unwrap_or_default();
    for (heading, told) in [(shown, operations.as_slice()), (last, before)] {
        if !told.is_empty() {
            lines.extend([String::new(), heading.to_owned()]);
            lines.extend(
                told.iter()
                    .map(|&op| format!("  {}", operation(invalid, op))),
            );
        }
    }
    for partial in &invalid.partial {
        lines.push(String::new());
        lines.push("as far as an order goes:".to_owned());
        let (skipped, told) = partial
            .order
            .split_at(partial.order.len().saturating_sub(TOLD));
        if !skipped.is_empty() {
            lines.push(faint(&format!("  {} before these", skipped.len())));
        }
        lines.extend(told.iter().map(|&op| format!("  {}", plain(history, op))));
        lines.push(format!("then {}", partial.state));
        for &op in &partial.unplaced {
            lines.push(format!("and there is no place for: {}", plain(history, op)));
        }
    }
    lines.join("\n")
}

/// An operation, and the line on which it ended.
fn operation(invalid: &Invalid, op: OpId) -> String {
    let at = invalid.document.position_of(op);
    let line = at.map_or_else(String::new, |at| format!("line {}: ", at.line));
    format!("{line}{}", plain(&invalid.document.history, op))
}

fn plain(history: &History, op: OpId) -> String {
    history.get(op).map(ToString::to_string).unwrap_or_default()
}

fn to_json(answer: &Answer) -> Value {
    let mut told = json!({ "answer": answer.word() });
    match answer {
        Answer::Valid { operations } => told["operations"] = json!(operations),
        Answer::Invalid(invalid) => {
            told["sentence"] = json!(format!("{}.", invalid.violation.because));
            told["conflict"] = list(&invalid.violation.operations, invalid);
            if let Some(before) = &invalid.violation.before {
                told["before"] = list(before, invalid);
            }
            let orders = invalid.partial.iter().map(|order| to_order(order, invalid));
            told["orders"] = orders.collect();
        }
        Answer::BadInput { at, problem } => {
            told["line"] = json!(at.line);
            told["column"] = json!(at.column);
            told["sentence"] = json!(problem);
        }
        Answer::BadQuestion { problem } => told["sentence"] = json!(problem),
        Answer::Unknown(why) => told["sentence"] = json!(why.to_string()),
    }
    told
}

fn to_order(partial: &Partial, invalid: &Invalid) -> Value {
    json!({
        "order": list(&partial.order, invalid),
        "state": partial.state,
        "unplaced": list(&partial.unplaced, invalid),
    })
}

fn list(operations: &[OpId], invalid: &Invalid) -> Value {
    let history = &invalid.document.history;
    let one = |&op: &OpId| {
        let line = invalid.document.position_of(op).map(|at| at.line);
        json!({
            "line": line,
            "process": history.get(op).map(process),
            "operation": plain(history, op),
        })
    };
    operations.iter().map(one).collect()
}

/// The process of an operation: its name, or else its number.
fn process(operation: &Operation) -> Value {
    match operation.name() {
        Some(name) => json!(Quoted(name).to_string()),
        None => json!(operation.process.0),
    }
}
