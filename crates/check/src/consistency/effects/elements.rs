//! Elements of sets are neither lost nor resurrected.

use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::entries::Entries;
use crate::history::{Ended, Event, Function, History, OpId, Operation};
use crate::model::elements;
use crate::value::Value;
use sim::sorted::{Map, Set};

/// What may go wrong with the elements of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// A read does not find an element whose `add` had been acknowledged, and which nobody has
    /// begun to remove since that `add` began.
    LostAdd,
    /// A read finds an element whose `remove` had been acknowledged, and which nobody has begun
    /// to add, or was still adding, since that `remove` began.
    ResurrectedDelete,
}

/// Checks the elements of sets by their histories, entry by entry: `add`, `remove` and `read`.
///
/// A read must show what was certain at its invocation and has not been undone until its return.
#[derive(Clone, Debug)]
pub struct Elements {
    wrong: Wrong,
    /// The elements of each set.
    sets: Map<Option<Value>, Map<Value, State>>,
    entries: Entries,
}

#[derive(Clone, Debug, Default)]
struct State {
    /// Calls of the undoing function that may still take effect.
    undoing: Set<OpId>,
    /// Calls of the checked function that nothing has undone since they began.
    undisturbed: Set<OpId>,
    /// The first of the undisturbed calls that was acknowledged, and the entry with which it was.
    acknowledged: Option<(u32, OpId)>,
}

impl Wrong {
    /// The function whose effect is checked, and the one that undoes it.
    fn functions(self) -> (Function, Function) {
        match self {
            Self::LostAdd => (Function::Add, Function::Remove),
            Self::ResurrectedDelete => (Function::Remove, Function::Add),
        }
    }
}

impl Elements {
    /// A checker at the start of a history.
    pub fn new(wrong: Wrong) -> Self {
        Self {
            wrong,
            sets: Map::new(),
            entries: Entries::default(),
        }
    }

    /// Reads all entries of `history` that it has not read yet.
    pub fn feed(&mut self, history: &History) -> &Conclusion {
        while let Some((event, operation)) = self.entries.next(history) {
            match event {
                Event::Invoke(_) => self.invoke(operation),
                Event::Return(_) => {
                    if let Some(violation) = self.end(history, operation) {
                        self.entries.conclude(Conclusion::Violated(violation));
                    }
                }
            }
        }
        self.entries.conclusion()
    }

    fn state(&mut self, operation: &Operation) -> &mut State {
        let call = &operation.call;
        let set = self.sets.entry(call.key.clone()).or_default();
        set.entry(call.argument.clone()).or_default()
    }

    fn invoke(&mut self, operation: &Operation) {
        if operation.failed() {
            return;
        }
        let (checked, undoes) = self.wrong.functions();
        let function = operation.call.function;
        if function == checked {
            let state = self.state(operation);
            if state.undoing.is_empty() {
                state.undisturbed.insert(operation.id);
            }
        } else if function == undoes {
            let state = self.state(operation);
            state.undoing.insert(operation.id);
            state.undisturbed.clear();
            state.acknowledged = None;
        }
    }

    fn end(&mut self, history: &History, operation: &Operation) -> Option<Violation> {
        let (checked, undoes) = self.wrong.functions();
        let function = operation.call.function;
        if function == checked {
            let acknowledged = operation.effective_by().map(|event| (event, operation.id));
            let state = self.state(operation);
            if state.undisturbed.remove(&operation.id) {
                state.acknowledged = state.acknowledged.or(acknowledged);
            }
        } else if function == undoes && !matches!(operation.ended, Ended::Info { .. }) {
            self.state(operation).undoing.remove(&operation.id);
        } else if function == Function::Read {
            return self.compare(history, operation, operation.result()?);
        }
        None
    }

    fn compare(&self, history: &History, read: &Operation, result: &Value) -> Option<Violation> {
        let told = format!(
            "the read of {} at {}",
            read.client(),
            history.moment(read.ended.at().unwrap_or_default())
        );
        let Some(shown) = elements(result) else {
            let because = format!("{told} returned {result}, which is no set");
            return Some(Violation::at_end_of(read, vec![read.id], because));
        };
        let must_show = self.wrong == Wrong::LostAdd;
        let known = self.sets.get(&read.call.key).into_iter().flatten();
        let mut certain = known.filter_map(|(element, state)| Some((element, state.acknowledged?)));
        let (element, (_, op)) = certain.find(|(element, (event, _))| {
            *event < read.invoke_event && shown.binary_search(element).is_ok() != must_show
        })?;
        let at = history.get(op).and_then(|op| op.ended.at());
        let at = history.moment(at.unwrap_or_default());
        let (does, did) = match self.wrong {
            Wrong::LostAdd => ("does not find", "added"),
            Wrong::ResurrectedDelete => ("finds", "removed"),
        };
        let because = format!("{told} {does} {element}, which had been {did} for certain at {at}");
        Some(Violation::at_end_of(read, vec![read.id, op], because))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Dice, Workload, valid};
    use crate::history::{Call, Process, Time};
    use crate::model::Set;

    /// Steps of processes: begin a call, or end the open one.
    enum Step {
        Begin(u32, Function, i64),
        Ok(u32, &'static [i64]),
        Info(u32),
        Fail(u32),
    }
    use Function::{Add, Read, Remove};
    use Step::{Begin, Fail, Info, Ok};

    fn found(wrong: Wrong, steps: &[Step]) -> Option<Vec<OpId>> {
        let mut history = History::new();
        let mut check = Elements::new(wrong);
        for (now, step) in (0..).zip(steps) {
            let now = Time(now);
            match *step {
                Begin(process, function, element) => {
                    let argument = if function == Read {
                        Value::Nil
                    } else {
                        element.into()
                    };
                    let call = Call::new(function, argument);
                    history.invoke(Process(process), call, now).unwrap();
                }
                Ok(process, result) => {
                    let op = history.open(Process(process)).unwrap();
                    history.ok(op, Value::ints(result), now).unwrap();
                }
                Info(process) => {
                    history
                        .info(history.open(Process(process)).unwrap(), now)
                        .unwrap();
                }
                Fail(process) => {
                    history
                        .fail(history.open(Process(process)).unwrap(), now)
                        .unwrap();
                }
            }
            check.feed(&history);
        }
        check
            .feed(&history)
            .violation()
            .map(|violation| violation.operations.clone())
    }

    #[test]
    fn an_acknowledged_add_is_found() {
        let lost = |steps: &[Step]| found(Wrong::LostAdd, steps);
        let ops = Some(vec![OpId(1), OpId(0)]);
        assert_eq!(
            lost(&[Begin(0, Add, 1), Ok(0, &[]), Begin(0, Read, 0), Ok(0, &[])]),
            ops
        );
        assert_eq!(
            lost(&[Begin(0, Add, 1), Ok(0, &[]), Begin(0, Read, 0), Ok(0, &[1])]),
            None
        );
        let overlapping = [Begin(0, Add, 1), Begin(1, Read, 0), Ok(0, &[]), Ok(1, &[])];
        assert_eq!(lost(&overlapping), None);
        assert_eq!(
            lost(&[Begin(0, Add, 1), Info(0), Begin(0, Read, 0), Ok(0, &[])]),
            None
        );
    }

    #[test]
    fn an_add_is_undone_by_a_remove_that_may_come_after() {
        let lost = |end: Step| {
            let steps = [
                Begin(0, Remove, 1),
                end,
                Begin(1, Add, 1),
                Ok(1, &[]),
                Begin(1, Read, 0),
                Ok(1, &[]),
            ];
            found(Wrong::LostAdd, &steps)
        };
        assert_eq!(lost(Info(0)), None, "it may take effect at any time");
        assert_eq!(lost(Fail(0)), Some(vec![OpId(2), OpId(1)]));
        assert_eq!(lost(Ok(0, &[])), Some(vec![OpId(2), OpId(1)]));
    }

    #[test]
    fn a_removed_element_stays_away() {
        let back = |steps: &[Step]| found(Wrong::ResurrectedDelete, steps);
        let until_removed = [
            Begin(0, Add, 1),
            Ok(0, &[]),
            Begin(0, Remove, 1),
            Ok(0, &[]),
        ];
        let read = [Begin(1, Read, 0), Ok(1, &[1])];
        let resurrected: Vec<Step> = until_removed.into_iter().chain(read).collect();
        assert_eq!(back(&resurrected), Some(vec![OpId(2), OpId(1)]));
        let again = [Begin(0, Add, 1), Begin(1, Read, 0), Ok(1, &[1])];
        let until_removed = [
            Begin(0, Add, 1),
            Ok(0, &[]),
            Begin(0, Remove, 1),
            Ok(0, &[]),
        ];
        let added_again: Vec<Step> = until_removed.into_iter().chain(again).collect();
        assert_eq!(back(&added_again), None);
    }

    #[test]
    fn linearizable_sets_lose_and_resurrect_nothing() {
        for seed in 0..200 {
            let workload = Workload {
                clients: 4,
                operations: 80,
                timeouts: 100,
                overlap: 4,
            };
            let history = valid(&Set, workload, &mut Dice::new(seed), |dice, _| {
                let element = i64::from(dice.below(4));
                match dice.below(3) {
                    0 => Call::new(Read, Value::Nil),
                    1 => Call::new(Add, element),
                    _ => Call::new(Remove, element),
                }
            });
            for wrong in [Wrong::LostAdd, Wrong::ResurrectedDelete] {
                assert_eq!(
                    *Elements::new(wrong).feed(&history),
                    Conclusion::Holds,
                    "{seed}"
                );
            }
        }
    }
}
