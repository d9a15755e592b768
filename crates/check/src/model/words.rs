//! What a model has, in words.

use super::ModelName;
use crate::history::Function;

impl ModelName {
    /// What a history may call on the object.
    pub fn functions(self) -> &'static [Function] {
        use Function::{
            Acquire, Add, Append, Cas, Dequeue, Drain, Enqueue, Read, Release, Remove, Transfer,
            Write,
        };
        match self {
            Self::Register => &[Read, Write],
            Self::CasRegister => &[Read, Write, Cas],
            Self::KvAppend => &[Read, Append, Write],
            Self::Counter => &[Read, Add],
            Self::Set => &[Read, Add, Remove],
            Self::Queue | Self::UnorderedQueue => &[Enqueue, Dequeue, Drain],
            Self::Bank => &[Read, Transfer],
            Self::Mutex => &[Acquire, Release],
        }
    }

    /// The name with its article: *an unordered-queue*.
    pub fn with_article(self) -> String {
        let article = match self {
            Self::UnorderedQueue => "an",
            _ => "a",
        };
        format!("{article} {self}")
    }

    /// What it has, in a sentence's end: *a register has read and write*.
    pub fn told(self) -> String {
        let names: Vec<&str> = self.functions().iter().map(|f| f.name()).collect();
        let (last, first) = names.split_last().expect("every object can be called");
        format!(
            "{} has {} and {last}",
            self.with_article(),
            first.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{History, Process, Time};
    use crate::model::{Call, Misfit};
    use crate::value::Value;

    #[test]
    fn a_model_has_what_it_says_and_nothing_else() {
        use Function::{
            Acquire, Add, Append, Cas, Dequeue, Enqueue, Read, Release, Remove, Transfer, Write,
        };
        let all = [
            Read, Write, Cas, Append, Add, Remove, Enqueue, Dequeue, Transfer, Acquire, Release,
        ];
        for (_, model) in ModelName::ALL {
            for function in all {
                let mut history = History::new();
                let call = Call::new(function, Value::Nil);
                let op = history.invoke(Process(0), call, Time(0)).unwrap();
                let said = model.understands(history.get(op).unwrap());
                let is_refused = matches!(said, Err(Misfit::Function { .. }));
                assert_eq!(
                    !is_refused,
                    model.functions().contains(&function),
                    "{model} {function}"
                );
            }
        }
    }
}
