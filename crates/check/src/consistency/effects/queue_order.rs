//! Queues hand out what was put in, once, and in order.

use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::entries::Entries;
use crate::history::{Event, Function, History, OpId, Operation};
use crate::value::Value;
use sim::sorted::Map;

/// Checks that queues hand out what was put in, once, and in order, entry by entry: `enqueue` and `dequeue`.
///
/// These are the aspects of a queue that Henzinger, Sezgin and Vafeiadis ("Aspect-oriented linearizability proofs",
/// CONCUR 2013) call fresh values, repeated values, and order: an item whose `enqueue` had ended before that of another
/// began must not be handed out by a `dequeue` that began after one that handed out the other had ended. A queue that
/// says it is empty is not judged, and neither is the order of items that are enqueued more than once.
#[derive(Clone, Debug, Default)]
pub struct QueueOrder {
    items: Map<Item, State>,
    /// For each key, after each item that was handed out: of all items handed out so far, the one that came in last.
    taken: Map<Option<Value>, Vec<Taken>>,
    entries: Entries,
}

type Item = (Option<Value>, Value);

#[derive(Clone, Debug, Default)]
struct State {
    enqueued: Vec<OpId>,
    dequeued: Vec<OpId>,
}

#[derive(Clone, Copy, Debug)]
struct Taken {
    /// The entry with which the item had been handed out.
    ended: u32,
    /// The entry with which the `enqueue` of the item that came in last began.
    begun: u32,
    enqueue: OpId,
    dequeue: OpId,
}

impl QueueOrder {
    /// Reads all entries of `history` that it has not read yet.
    pub fn feed(&mut self, history: &History) -> &Conclusion {
        while let Some((event, operation)) = self.entries.next(history) {
            match (event, operation.call.function) {
                (Event::Invoke(_), Function::Enqueue) if !operation.failed() => {
                    self.enqueue(operation)
                }
                (Event::Return(_), Function::Dequeue) => {
                    if let Some(violation) = self.dequeued(history, operation) {
                        self.entries.conclude(Conclusion::Violated(violation));
                    }
                }
                _ => {}
            }
        }
        self.entries.conclusion()
    }

    fn enqueue(&mut self, enqueue: &Operation) {
        let item = (enqueue.call.key.clone(), enqueue.call.argument.clone());
        let state = self.items.entry(item).or_default();
        state.enqueued.push(enqueue.id);
    }

    fn dequeued(&mut self, history: &History, dequeue: &Operation) -> Option<Violation> {
        let value = dequeue.result().filter(|value| **value != Value::Nil)?;
        let ended = dequeue.ended.event()?;
        let state = self.items.entry((dequeue.call.key.clone(), value.clone()));
        let state = state.or_default();
        state.dequeued.push(dequeue.id);
        let (operations, because) = match (state.enqueued.as_slice(), state.dequeued.as_slice()) {
            (enqueued, dequeued) if enqueued.len() < dequeued.len() => {
                repeated(dequeue, value, dequeued)
            }
            (&[enqueue], _) => self.place(history, dequeue, ended, enqueue)?,
            _ => return None,
        };
        Some(Violation::at_end_of(dequeue, operations, because))
    }

    /// Takes in that an item was handed out. Returns what was handed out before it and should have been after it.
    fn place(
        &mut self,
        history: &History,
        dequeue: &Operation,
        ended: u32,
        enqueue: OpId,
    ) -> Option<(Vec<OpId>, String)> {
        let enqueued = history.get(enqueue)?;
        let taken = self.taken.entry(dequeue.call.key.clone()).or_default();
        let before = taken.partition_point(|other| other.ended < dequeue.invoke_event);
        let latest = before.checked_sub(1).map(|place| taken[place]);
        let skipped = |latest: &Taken| enqueued.effective_by().is_some_and(|by| by < latest.begun);
        if let Some(latest) = latest.filter(skipped) {
            let other = history.get(latest.dequeue)?;
            let because =
                format!("{dequeue} came after {other}, although it had been enqueued before");
            let operations = vec![dequeue.id, enqueue, latest.dequeue, latest.enqueue];
            return Some((operations, because));
        }
        let own = Taken {
            ended,
            begun: enqueued.invoke_event,
            enqueue,
            dequeue: dequeue.id,
        };
        let last = taken.last().filter(|last| last.begun > own.begun);
        taken.push(last.map_or(own, |last| Taken { ended, ..*last }));
        None
    }
}

fn repeated(dequeue: &Operation, value: &Value, dequeued: &[OpId]) -> (Vec<OpId>, String) {
    let client = dequeue.client();
    let because = match dequeued.len() {
        1 => format!("{client} dequeued {value}, which nobody had enqueued"),
        _ => format!("{client} dequeued {value}, which had been dequeued already"),
    };
    (dequeued.iter().rev().copied().collect(), because)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consistency::budget::Budget;
    use crate::consistency::linear::{Linearizability, check};
    use crate::generate::{Dice, Workload, valid, with_result};
    use crate::history::{Call, Process, Time};
    use crate::model::{Model, Queue};

    /// A history of operations that do not overlap, `None` for a `dequeue`.
    fn found(steps: &[(Option<i64>, i64)]) -> Option<Vec<u32>> {
        let mut history = History::new();
        for (now, (enqueued, result)) in (0..).zip(steps) {
            let call = match enqueued {
                Some(item) => Call::new(Function::Enqueue, *item),
                None => Call::new(Function::Dequeue, Value::Nil),
            };
            let op = history.invoke(Process(0), call, Time(now)).unwrap();
            let result = match enqueued {
                Some(_) => Value::Nil,
                None => (*result).into(),
            };
            history.ok(op, result, Time(now)).unwrap();
        }
        let mut check = QueueOrder::default();
        let found = check.feed(&history).violation()?;
        Some(found.operations.iter().map(|op| op.0).collect())
    }

    #[test]
    fn first_in_is_first_out() {
        let (one, two) = ((Some(1), 0), (Some(2), 0));
        assert_eq!(found(&[one, two, (None, 1), (None, 2)]), None);
        let crossed = [one, two, (None, 2), (None, 1)];
        assert_eq!(found(&crossed), Some(vec![3, 0, 2, 1]));
    }

    #[test]
    fn an_item_is_handed_out_once_and_not_made_up() {
        assert_eq!(
            found(&[(Some(1), 0), (None, 1), (None, 1)]),
            Some(vec![2, 1])
        );
        assert_eq!(found(&[(Some(1), 0), (None, 2)]), Some(vec![1]));
        let again = [(Some(1), 0), (None, 1), (Some(1), 0), (None, 1)];
        assert_eq!(found(&again), None);
    }

    fn drawn(seed: u64) -> History {
        let workload = Workload {
            clients: 4,
            operations: 60,
            timeouts: 60,
            overlap: 4,
        };
        let mut item = 0;
        valid(&Queue, workload, &mut Dice::new(seed), move |dice, _| {
            item += 1;
            match dice.chance(500) {
                true => Call::new(Function::Enqueue, item),
                false => Call::new(Function::Dequeue, Value::Nil),
            }
        })
    }

    #[test]
    fn linearizable_queues_are_in_order_and_what_is_out_of_order_is_not_linearizable() {
        let mut violated = 0;
        for seed in 0..200 {
            let history = drawn(seed);
            assert_eq!(
                *QueueOrder::default().feed(&history),
                Conclusion::Holds,
                "{seed}"
            );
            let items = history.operations().iter();
            let items: Vec<&Operation> = items
                .filter(|op| op.call.function == Function::Dequeue)
                .filter(|op| op.result().is_some_and(|item| *item != Value::Nil))
                .collect();
            let mut dice = Dice::new(seed);
            let (Some(a), Some(b)) = (dice.pick(&items), dice.pick(&items)) else {
                continue;
            };
            let (Some(of_a), Some(of_b)) = (a.result(), b.result()) else {
                continue;
            };
            let swapped = with_result(&with_result(&history, a.id, of_b), b.id, of_a);
            let mut check_online = QueueOrder::default();
            if check_online.feed(&swapped).is_violated() {
                violated += 1;
                let checked = check(&swapped, &Model::Queue, Budget::default()).unwrap();
                assert!(matches!(checked, Linearizability::Violated(_)), "{seed}");
            }
        }
        assert!(violated > 50, "{violated} of 200");
    }
}
