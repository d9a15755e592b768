//! First-in, first-out queues.

use super::{Misfit, Specification};
use crate::history::{Call, Function};
use crate::value::Value;
use std::collections::VecDeque;

/// A first-in, first-out queue that starts empty; `dequeue` of an empty queue returns nil.
#[derive(Clone, Copy, Debug)]
pub struct Queue;

impl Specification for Queue {
    type State = VecDeque<Value>;

    fn initial(&self) -> Self::State {
        VecDeque::new()
    }

    fn step(&self, state: &Self::State, call: &Call, seen: Option<&Value>) -> Option<Self::State> {
        let mut after = state.clone();
        match call.function {
            Function::Enqueue => after.push_back(call.argument.clone()),
            Function::Dequeue => {
                let head = after.pop_front().unwrap_or(Value::Nil);
                if seen.is_some_and(|seen| *seen != head) {
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
            Function::Dequeue => Some(state.front().cloned().unwrap_or_default()),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool {
        call.function == Function::Dequeue && seen == Some(&Value::Nil)
    }

    fn understands(&self, call: &Call, _: Option<&Value>) -> Result<(), Misfit> {
        super::understands_queueing(call, super::ModelName::Queue)
    }

    fn bytes(&self, state: &Self::State) -> usize {
        size_of::<Value>() * state.capacity()
    }

    fn describe(&self, state: &Self::State) -> String {
        format!("the queue is {}", Value::list(state.iter().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::run;

    #[test]
    fn items_leave_in_the_order_in_which_they_came() {
        let put = |n: i64| (Call::new(Function::Enqueue, n), Value::Nil);
        let take = |v: Value| (Call::new(Function::Dequeue, Value::Nil), v);
        let nil = || take(Value::Nil);
        assert_eq!(
            run(
                &Queue,
                &[nil(), put(1), put(2), take(1.into()), take(2.into())]
            ),
            Ok(())
        );
        assert_eq!(run(&Queue, &[put(1), put(2), take(2.into())]), Err(2));
        assert_eq!(run(&Queue, &[put(1), nil()]), Err(1));
        assert!(
            Queue
                .understands(&Call::new(Function::Enqueue, Value::Nil), None)
                .is_err()
        );
    }
}
