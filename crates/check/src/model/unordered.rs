//! Queues without an order.

use super::{Misfit, Specification};
use crate::history::{Call, Function};
use crate::value::Value;
use sim::sorted::Map;

/// A queue without an order: it starts empty, and `dequeue` returns any item that is there, or nil if there is none.
#[derive(Clone, Copy, Debug)]
pub struct UnorderedQueue;

/// Items, and how many there are of each.
type Items = Map<Value, u32>;

fn count(items: &Items) -> u32 {
    items.values().sum()
}

/// Takes one such item, if there is one.
fn take(items: &mut Items, item: &Value) -> bool {
    match items.get_mut(item) {
        None => false,
        Some(1) => items.remove(item).is_some(),
        Some(count) => {
            *count -= 1;
            true
        }
    }
}

/// Whether every `dequeue` of unknown result can have taken an item of its own: of those that came before it.
fn can_be(eras: &[Items]) -> bool {
    let mut there = 0;
    (1..eras.len() as u32).zip(eras).all(|(taken, era)| {
        there += count(era);
        there >= taken
    })
}

impl Specification for UnorderedQueue {
    /// What came in before each `dequeue` of unknown result, and after the last one. Each of those took one item of the
    /// eras before it, and nobody knows which.
    type State = Vec<Items>;

    fn initial(&self) -> Self::State {
        vec![Items::new()]
    }

    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State> {
        let mut after = state.clone();
        let there: u32 = state.iter().map(count).sum();
        let is_empty = there == state.len() as u32 - 1;
        match (call.function, seen) {
            (Function::Enqueue, _) => {
                *after.last_mut()?.entry(call.argument.clone()).or_default() += 1
            }
            (Function::Dequeue, None) if is_empty => {}
            (Function::Dequeue, None) => after.push(Items::new()),
            (Function::Dequeue, Some(Value::Nil)) if !is_empty => return None,
            (Function::Dequeue, Some(Value::Nil)) => return Some(self.initial()),
            // To take the item that came last leaves the most to those of unknown result.
            (Function::Dequeue, Some(item)) => {
                let taken = after.iter_mut().rev().any(|era| take(era, item));
                if !taken || !can_be(&after) {
                    return None;
                }
            }
            _ => return None,
        }
        Some(after)
    }

    fn answer(&self, state: &Self::State, call: &Call) -> Option<Value> {
        match call.function {
            Function::Enqueue => Some(Value::Nil),
            Function::Dequeue => {
                let mut items = state.iter().rev().flat_map(Items::keys);
                let allowed = |item: &&Value| self.step(state, call, Some(item)).is_some();
                Some(items.find(allowed).cloned().unwrap_or_default())
            }
            _ => None,
        }
    }

    /// Even a `dequeue` that finds nothing tells what became of the items that nobody knows.
    fn reads_only(&self, _: &Call, _: Option<&Value>) -> bool {
        false
    }

    fn understands(&self, call: &Call, _: Option<&Value>) -> Result<(), Misfit> {
        super::understands_queueing(call, super::ModelName::UnorderedQueue)
    }

    fn bytes(&self, state: &Self::State) -> usize {
        state.iter().map(|era| 64 + 64 * era.len()).sum()
    }

    fn describe(&self, state: &Self::State) -> String {
        let items = state.iter().flatten();
        let items = items.flat_map(|(item, count)| (0..*count).map(|_| item.clone()));
        let items = Value::list(items);
        match state.len() - 1 {
            0 => format!("the queue has {items} in any order"),
            unknown => {
                format!("the queue has {items} in any order, less {unknown} that nobody knows")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    fn put(item: i64) -> (Call, Value) {
        (Call::new(Function::Enqueue, item), Value::Nil)
    }

    fn take(item: impl Into<Value>) -> (Call, Value) {
        (Call::new(Function::Dequeue, Value::Nil), item.into())
    }

    #[test]
    fn items_leave_in_any_order_and_once() {
        let nil = || (Call::new(Function::Dequeue, Value::Nil), Value::Nil);
        assert_eq!(
            run(
                &UnorderedQueue,
                &[nil(), put(1), put(2), take(2), take(1), nil()]
            ),
            Ok(())
        );
        assert_eq!(run(&UnorderedQueue, &[put(1), take(1), take(1)]), Err(2));
        assert_eq!(
            run(&UnorderedQueue, &[put(1), put(1), take(1), take(1), nil()]),
            Ok(())
        );
        assert_eq!(run(&UnorderedQueue, &[put(1), nil()]), Err(1));
        assert_eq!(run(&UnorderedQueue, &[take(1)]), Err(0));
    }

    #[test]
    fn a_dequeue_of_unknown_result_takes_an_item_that_was_there() {
        let spec = UnorderedQueue;
        let unknown = Call::new(Function::Dequeue, Value::Nil);
        let after =
            |state: &Vec<Items>, (call, seen): (Call, Value)| spec.step(state, &call, Some(&seen));
        let one = after(&spec.initial(), put(1)).unwrap();
        let gone = spec.step(&one, &unknown, None).unwrap();
        let two = after(&gone, put(2)).unwrap();
        assert_eq!(
            after(&two, take(1)),
            None,
            "the 1 was all that there was to take"
        );
        let empty = after(&two, take(2)).unwrap();
        assert!(after(&empty, take(Value::Nil)).is_some());
        assert_eq!(
            spec.step(&spec.initial(), &unknown, None),
            Some(spec.initial())
        );
    }

    /// Whether items can have been put and taken so, when each `dequeue` of unknown result, a `None`, took any item.
    fn is_possible(held: &[i64], steps: &[Option<Step>]) -> bool {
        let Some((step, rest)) = steps.split_first() else {
            return true;
        };
        let without = |item: i64| {
            let place = held.iter().position(|&there| there == item)?;
            Some([&held[..place], &held[place + 1..]].concat())
        };
        let mut taken = held.iter().filter_map(|&item| without(item));
        match *step {
            Some(Step::Put(item)) => is_possible(&[held, &[item]].concat(), rest),
            Some(Step::Take(item)) => without(item).is_some_and(|left| is_possible(&left, rest)),
            Some(Step::FindsNothing) => held.is_empty() && is_possible(held, rest),
            None if held.is_empty() => is_possible(held, rest),
            None => taken.any(|left| is_possible(&left, rest)),
        }
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Put(i64),
        Take(i64),
        FindsNothing,
    }

    fn is_allowed(steps: &[Option<Step>]) -> bool {
        let unknown = Call::new(Function::Dequeue, Value::Nil);
        let mut state = UnorderedQueue.initial();
        steps.iter().all(|step| {
            let after = match step {
                None => UnorderedQueue.step(&state, &unknown, None),
                Some(step) => {
                    let (call, seen) = match *step {
                        Step::Put(item) => put(item),
                        Step::Take(item) => take(item),
                        Step::FindsNothing => take(Value::Nil),
                    };
                    UnorderedQueue.step(&state, &call, Some(&seen))
                }
            };
            after.map(|after| state = after).is_some()
        })
    }

    #[test]
    fn it_allows_what_some_choice_of_the_unknown_items_allows() {
        let all = [
            Some(Step::Put(1)),
            Some(Step::Put(2)),
            Some(Step::Take(1)),
            Some(Step::Take(2)),
            Some(Step::FindsNothing),
            None,
        ];
        let (length, mut possible) = (7, 0);
        for number in 0..6_usize.pow(length) {
            let digit = |place| number / 6_usize.pow(place) % 6;
            let steps: Vec<Option<Step>> = (0..length).map(|place| all[digit(place)]).collect();
            let expected = is_possible(&[], &steps);
            assert_eq!(is_allowed(&steps), expected, "{steps:?}");
            possible += usize::from(expected);
        }
        assert!(possible > 1000, "{possible}");
    }
}
