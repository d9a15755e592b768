//! Which model a history is likely of, as its functions and results show.

use check::history::{Function, History, Operation};
use check::model::ModelName;
use check::value::Value;

/// The model whose operations the history has; a register where it has none.
pub(crate) fn likely(history: &History) -> ModelName {
    let operations = history.operations();
    let calls = |wanted: &[Function]| {
        let mut functions = operations.iter().map(|op| op.call.function);
        functions.any(|function| wanted.contains(&function))
    };
    let is_collection =
        |op: &Operation| matches!(op.result(), Some(Value::List(_) | Value::Set(_)));
    if calls(&[Function::Transfer]) {
        ModelName::Bank
    } else if calls(&[Function::Acquire, Function::Release]) {
        ModelName::Mutex
    } else if calls(&[Function::Enqueue, Function::Dequeue, Function::Drain]) {
        ModelName::Queue
    } else if calls(&[Function::Append]) {
        ModelName::KvAppend
    } else if calls(&[Function::Cas]) {
        ModelName::CasRegister
    } else if calls(&[Function::Remove]) {
        ModelName::Set
    } else if calls(&[Function::Add]) {
        let mut reads = operations.iter();
        match reads.any(|op| op.call.function == Function::Read && is_collection(op)) {
            true => ModelName::Set,
            false => ModelName::Counter,
        }
    } else if shows_balances(operations) {
        ModelName::Bank
    } else {
        ModelName::Register
    }
}

/// Whether there are reads, and each shows a map.
fn shows_balances(operations: &[Operation]) -> bool {
    let shown = || operations.iter().filter_map(Operation::result);
    shown().next().is_some() && shown().all(|shown| matches!(shown.bare(), Value::Map(_)))
}

/// What was taken for granted of a history that tells little: reads alone are reads of anything.
pub(crate) fn guessed(history: &History, model: ModelName) -> Option<String> {
    let mut operations = history.operations().iter();
    let reads_alone = operations.all(|op| op.call.function == Function::Read);
    (reads_alone && !history.operations().is_empty()).then(|| {
        format!(
            "there are only reads, which are taken for reads of {}; if they are of something else, choose it",
            model.with_article()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use check::format::{Keyed, read};

    #[test]
    fn the_functions_tell_the_model() {
        for (function, value, model) in [
            ("write", "1", ModelName::Register),
            ("cas", "[1 2]", ModelName::CasRegister),
            ("append", "1", ModelName::KvAppend),
            ("add", "1", ModelName::Counter),
            ("remove", "1", ModelName::Set),
            ("enqueue", "1", ModelName::Queue),
            ("transfer", "{:from 0 :to 1 :amount 2}", ModelName::Bank),
            ("acquire", "nil", ModelName::Mutex),
        ] {
            let text = format!("{{:process 0 :type :invoke :f :{function} :value {value}}}");
            let document = read(&text, Keyed::Plain).expect("it is a history");
            assert_eq!(likely(&document.history), model, "{function}");
        }
        let bank = "{:process 1 :type :invoke :f :read :value nil}\n\
                    {:process 1 :type :ok :f :read :value {0 10}}";
        let document = read(bank, Keyed::Plain).expect("it is a history");
        assert_eq!(likely(&document.history), ModelName::Bank);
        let note = guessed(&document.history, ModelName::Bank).expect("it was a guess");
        assert!(note.contains("a bank"), "{note}");
        let set = "{:process 0 :type :invoke :f :add :value 1}\n\
                   {:process 1 :type :invoke :f :read :value nil}\n\
                   {:process 1 :type :ok :f :read :value #{1}}";
        let document = read(set, Keyed::Plain).expect("it is a history");
        assert_eq!(likely(&document.history), ModelName::Set);
        assert_eq!(guessed(&document.history, ModelName::Set), None);
    }
}
