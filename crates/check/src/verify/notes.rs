//! What an answer took for granted, in a sentence for whoever asked.

use super::question::{Consistency, Question};
use crate::consistency::effects::Effect;
use crate::format::Document;
use crate::history::{Function, Operation};
use crate::model::{Model, ModelName, elements};
use crate::value::Value;
use sim::sorted::Set;

/// A read that shows what nobody writes is most often one of an initial value that nobody mentioned.
pub(super) fn unwritten(document: &Document, question: Question<'_>) -> Option<String> {
    let of_a_register = matches!(question.model, ModelName::Register | ModelName::CasRegister);
    if !of_a_register || question.initial.is_some() {
        return None;
    }
    let operations = document.history.operations();
    let left = operations
        .iter()
        .filter_map(|op| Some((&op.call.key, what_it_leaves(op)?)));
    let left: Set<_> = left.collect();
    let mut reads = operations
        .iter()
        .filter(|op| op.call.function == Function::Read);
    let odd = |read: &&Operation| {
        read.result()
            .is_some_and(|value| *value != Value::Nil && !left.contains(&(&read.call.key, value)))
    };
    let read = reads.find(odd)?;
    let (value, line) = (read.result()?, document.position_of(read.id)?.line);
    let wrote_it = |op: &&Operation| {
        op.failed() && op.call.key == read.call.key && what_it_would_leave(op) == Some(value)
    };
    if let Some(failed) = operations.iter().find(wrote_it) {
        let failure = document.position_of(failed.id)?.line;
        return Some(format!(
            "the {value} that is read on line {line} was to be written by a `{}` that failed on line {failure}: an aborted read",
            failed.call.function
        ));
    }
    Some(format!(
        "nobody writes the {value} that is read on line {line}, and registers are taken to start at nil; if they start \
         at something else, say it with --initial"
    ))
}

/// Whoever asks for what was lost, or has come back, is not told of an element that nobody put there, or whose add failed.
pub(super) fn phantom(document: &Document, question: Question<'_>) -> Option<String> {
    let asked = [Effect::LostAdds, Effect::ResurrectedDeletes].map(Consistency::Effect);
    if !asked.contains(&question.consistency) {
        return None;
    }
    let operations = document.history.operations();
    let adds = operations
        .iter()
        .filter(|op| op.call.function == Function::Add);
    let done = adds.clone().filter(|op| !op.failed());
    let added: Set<_> = done.map(|op| (&op.call.key, &op.call.argument)).collect();
    operations.iter().find_map(|read| {
        let is_read = read.call.function == Function::Read;
        let shown = read.result().filter(|_| is_read).and_then(elements)?;
        let is_phantom = |element: &&&Value| !added.contains(&(&read.call.key, **element));
        let element = shown.iter().find(is_phantom)?;
        let line = document.position_of(read.id)?.line;
        let mut failed = adds.clone().filter(|op| op.failed());
        let failed = failed.find(|op| (&op.call.key, &op.call.argument) == (&read.call.key, element));
        let what = match failed.and_then(|op| document.position_of(op.id)) {
            Some(add) => format!(
                "the {element} that is read on line {line} was to be added by an `add` that failed on line {}: an aborted read",
                add.line
            ),
            None => format!("nobody adds the {element} that is read on line {line}"),
        };
        Some(format!(
            "{what}. That is not asked here; --consistency linearizable asks it"
        ))
    })
}

/// What a write or a `cas` leaves in its register, if it may have taken effect.
pub(super) fn what_it_leaves(operation: &Operation) -> Option<&Value> {
    what_it_would_leave(operation).filter(|_| !operation.failed())
}

fn what_it_would_leave(operation: &Operation) -> Option<&Value> {
    let argument = &operation.call.argument;
    match operation.call.function {
        Function::Write => Some(argument),
        Function::Cas => Some(argument.as_pair()?.1),
        _ => None,
    }
}

/// How it is known what a bank holds at the start.
pub(super) fn opening(model: &Model, question: Question<'_>) -> Option<String> {
    let Model::Bank(bank) = model else {
        return None;
    };
    if question.initial.is_some() || bank.opening.is_empty() {
        return None;
    }
    Some(
        if question.consistency == Consistency::Effect(Effect::MoneyConserved) {
            let money: i128 = bank.opening.values().copied().map(i128::from).sum();
            format!("how much money there is, {money}, is from the first read")
        } else if bank.is_open {
            "transfers overlap the first read, so the opening balances are any from which an order of all operations leads to what \
         it shows"
            .to_owned()
        } else {
            let balances = Value::map(
                bank.opening
                    .iter()
                    .map(|(k, v)| (k.clone(), Value::Int(*v))),
            );
            format!("the opening balances, {balances}, are from the first read")
        },
    )
}

/// Drains that returned nothing leave no trace in the history.
pub(super) fn empty_drains(document: &Document) -> Option<String> {
    let nothing = Value::list([]);
    let operations = document.history.operations().iter();
    let empty = operations.filter(|op| {
        op.call.function == Function::Drain && op.result().map(Value::bare) == Some(&nothing)
    });
    let empty: Vec<&Operation> = empty.collect();
    let line = document.position_of(empty.first()?.id)?.line;
    let told = match empty.len() {
        1 => format!("a drain that returned nothing, on line {line}, is left out"),
        count => format!(
            "{count} drains that returned nothing are left out (the first is on line {line})"
        ),
    };
    Some(format!("{told}; whether the queue was empty is not judged"))
}
