//! Lists and texts to which clients append.

use super::{BadOperation, Misfit, ModelName, Specification, argument, result};
use crate::history::{Call, Function, History, Operation};
use crate::value::Value;

/// A list, or a text, that starts empty: `append` extends it, `write` replaces it, `read` returns
/// all of it. Nil is the empty list and the empty text.
///
/// Appending a text extends a text by its characters; appending anything else extends a list by
/// one element.
#[derive(Clone, Copy, Debug)]
pub struct KvAppend;

/// The symbols that a list or a text is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A byte of a text.
    Byte(u8),
    /// An element of a list.
    Element(Value),
}

/// The symbols that `append` adds for this argument.
pub(crate) fn appended(argument: &Value) -> Vec<Symbol> {
    match argument {
        Value::Text(text) => text.bytes().map(Symbol::Byte).collect(),
        element => vec![Symbol::Element(element.clone())],
    }
}

/// The symbols of a whole list or text; `None` if the value is neither.
pub(crate) fn whole(value: &Value) -> Option<Vec<Symbol>> {
    match value.bare() {
        Value::Nil => Some(Vec::new()),
        Value::Text(text) => Some(text.bytes().map(Symbol::Byte).collect()),
        Value::List(list) => Some(list.iter().cloned().map(Symbol::Element).collect()),
        _ => None,
    }
}

/// Whether reads have the form that appends and writes give an object. One that returns a list where every append is of a
/// text, or a text where none is, was never of this object.
pub(crate) fn reads_have_its_form(history: &History) -> Result<(), BadOperation> {
    for operations in history.by_key().values() {
        let form = Form::of(operations);
        let reads = operations
            .iter()
            .filter(|op| op.call.function == Function::Read);
        for read in reads {
            let Some(seen) = read.result().filter(|_| !read.failed()) else {
                continue;
            };
            if let Some(wanted) = form.instead_of(seen) {
                let (op, misfit) = (read.id, result(&read.call, wanted, seen));
                return Err(BadOperation { op, misfit });
            }
        }
    }
    Ok(())
}

/// What is appended and written to an object.
#[derive(Default)]
struct Form {
    appends_texts: bool,
    appends_others: bool,
    writes_texts: bool,
    writes_lists: bool,
}

impl Form {
    fn of(operations: &[&Operation]) -> Self {
        let mut form = Self::default();
        for op in operations {
            match (op.call.function, op.call.argument.bare()) {
                (Function::Append, Value::Text(_)) => form.appends_texts = true,
                (Function::Append, _) => form.appends_others = true,
                (Function::Write, Value::Text(_)) => form.writes_texts = true,
                (Function::Write, Value::List(_)) => form.writes_lists = true,
                _ => {}
            }
        }
        form
    }

    /// What a read of this should have returned instead, if nobody ever gave the object such a form.
    fn instead_of(&self, seen: &Value) -> Option<&'static str> {
        let is_text = |value: &Value| matches!(value.bare(), Value::Text(_));
        match seen.bare() {
            Value::Text(text) if !text.is_empty() => {
                let never = !self.appends_texts && !self.writes_texts;
                let other = self.appends_others || self.writes_lists;
                (never && other).then_some("a list, as what is appended or written is no text")
            }
            Value::List(list) if !list.is_empty() && !self.writes_lists => {
                if self.appends_texts && list.iter().any(is_text) {
                    Some("a text where texts are appended, which add their characters to it")
                } else {
                    let texts = self.appends_texts || self.writes_texts;
                    (texts && !self.appends_others)
                        .then_some("a text, as what is appended or written is a text")
                }
            }
            _ => None,
        }
    }
}

impl Specification for KvAppend {
    type State = Vec<Symbol>;

    fn initial(&self) -> Self::State {
        Vec::new()
    }

    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State> {
        match call.function {
            Function::Read => match seen {
                Some(seen) => (whole(seen)? == *state).then(|| state.clone()),
                None => Some(state.clone()),
            },
            Function::Append => Some(
                state
                    .iter()
                    .cloned()
                    .chain(appended(&call.argument))
                    .collect(),
            ),
            Function::Write => whole(&call.argument),
            _ => None,
        }
    }

    fn answer(&self, state: &Self::State, call: &Call) -> Option<Value> {
        match call.function {
            Function::Read => Some(value(state)),
            Function::Append | Function::Write => Some(Value::Nil),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, _: Option<&Value>) -> bool {
        call.function == Function::Read
    }

    fn understands(&self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit> {
        let wanted = "a list or a text";
        match (call.function, seen) {
            (Function::Read, Some(seen)) if whole(seen).is_none() => {
                Err(result(call, wanted, seen))
            }
            (Function::Write, _) if whole(&call.argument).is_none() => Err(argument(call, wanted)),
            (Function::Read | Function::Append | Function::Write, _) => Ok(()),
            (function, _) => Err(Misfit::Function {
                model: ModelName::KvAppend,
                function,
            }),
        }
    }

    fn bytes(&self, state: &Self::State) -> usize {
        size_of::<Symbol>() * state.len()
    }

    fn describe(&self, state: &Self::State) -> String {
        format!("the value is {}", value(state))
    }
}

/// The symbols as a read returns them; a text if they are all of texts.
fn value(symbols: &[Symbol]) -> Value {
    let mut bytes = Vec::new();
    let mut elements = Vec::new();
    for symbol in symbols {
        match symbol {
            Symbol::Byte(byte) => bytes.push(*byte),
            Symbol::Element(element) => elements.push(element.clone()),
        }
    }
    if elements.is_empty() && !bytes.is_empty() {
        return Value::text(String::from_utf8_lossy(&bytes));
    }
    Value::list(elements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    #[test]
    fn a_read_returns_all_that_was_appended_in_order() {
        let append = |n: i64| (Call::new(Function::Append, n), Value::Nil);
        let read = |list: &[i64]| (Call::new(Function::Read, Value::Nil), Value::ints(list));
        assert_eq!(
            run(&KvAppend, &[append(1), append(2), read(&[1, 2])]),
            Ok(())
        );
        assert_eq!(
            run(&KvAppend, &[append(1), append(2), read(&[2, 1])]),
            Err(2)
        );
        assert_eq!(run(&KvAppend, &[read(&[]), append(1), read(&[])]), Err(2));
    }

    #[test]
    fn texts_are_concatenated() {
        let append = |t: &str| (Call::new(Function::Append, t), Value::Nil);
        let read = |t: &str| (Call::new(Function::Read, Value::Nil), Value::text(t));
        let put = |t: &str| (Call::new(Function::Write, t), Value::Nil);
        assert_eq!(
            run(&KvAppend, &[append("ab"), append("c"), read("abc")]),
            Ok(())
        );
        assert_eq!(
            run(
                &KvAppend,
                &[append("ab"), put("x"), append("c"), read("xc")]
            ),
            Ok(())
        );
        assert_eq!(
            run(&KvAppend, &[append("ab"), append("c"), read("ab")]),
            Err(2)
        );
    }
}
