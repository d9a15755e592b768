//! Histories that papers and books discuss, with the verdicts that they give.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use Function::{Cas, Dequeue, Enqueue, Read, Write};
use check::consistency::budget::Budget;
use check::consistency::linear::{Linearizability, check};
use check::consistency::sequential::{self, Sequential};
use check::history::{Call, Function, History, OpId, Process, Time};
use check::model::Model;
use check::value::Value;

const NIL: Value = Value::Nil;

/// Operations as bars: process, call, result, and the times of invocation and return.
struct Bars(Vec<(u32, Call, Option<Value>, u64, u64)>);

fn bars() -> Bars {
    Bars(Vec::new())
}

impl Bars {
    fn bar(
        mut self,
        process: u32,
        function: Function,
        argument: impl Into<Value>,
        result: impl Into<Value>,
        (from, to): (u64, u64),
    ) -> Self {
        let call = Call::new(function, argument);
        self.0.push((process, call, Some(result.into()), from, to));
        self
    }

    /// One that never returned.
    fn open(mut self, process: u32, function: Function, argument: i64, from: u64) -> Self {
        self.0
            .push((process, Call::new(function, argument), None, from, u64::MAX));
        self
    }

    fn history(self) -> History {
        let mut ends: Vec<(u64, bool, usize)> = Vec::new();
        for (i, &(.., from, to)) in self.0.iter().enumerate() {
            ends.extend([(from, false, i), (to, true, i)]);
        }
        ends.sort_unstable();
        let mut history = History::new();
        let mut ops = vec![OpId(0); self.0.len()];
        for (at, is_end, i) in ends {
            let (process, call, result, ..) = &self.0[i];
            match (is_end, result) {
                (false, _) => {
                    ops[i] = history
                        .invoke(Process(*process), call.clone(), Time(at))
                        .unwrap();
                }
                (true, Some(result)) => history.ok(ops[i], result.clone(), Time(at)).unwrap(),
                (true, None) => {}
            }
        }
        history
    }

    fn admitted_by(self, model: &Model) -> bool {
        match check(&self.history(), model, Budget::default()).unwrap() {
            Linearizability::Linearizable(_) => true,
            Linearizability::Violated(_) => false,
            Linearizability::Unknown(why) => panic!("{why}"),
        }
    }
}

const A: u32 = 0;
const B: u32 = 1;
const C: u32 = 2;
const D: u32 = 3;

/// Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects" (TOPLAS
/// 1990), figure 1: which histories of a first-in, first-out queue are acceptable?
mod herlihy_and_wing {
    use super::*;

    #[test]
    fn overlapping_items_may_leave_in_either_order() {
        let history = bars()
            .bar(A, Enqueue, 1, NIL, (0, 3))
            .bar(B, Enqueue, 2, NIL, (1, 4))
            .bar(B, Dequeue, NIL, 1, (5, 7))
            .bar(A, Dequeue, NIL, 2, (6, 9))
            .bar(A, Enqueue, 3, NIL, (10, 11));
        assert!(history.admitted_by(&Model::Queue));
    }

    #[test]
    fn what_was_enqueued_first_does_not_leave_second() {
        let history = bars()
            .bar(A, Enqueue, 1, NIL, (0, 1))
            .bar(B, Enqueue, 2, NIL, (2, 4))
            .bar(A, Dequeue, NIL, 2, (5, 6));
        assert!(!history.admitted_by(&Model::Queue));
    }

    #[test]
    fn an_item_may_leave_before_its_enqueue_has_returned() {
        let history = bars()
            .open(A, Enqueue, 1, 0)
            .bar(B, Dequeue, NIL, 1, (1, 2));
        assert!(history.admitted_by(&Model::Queue));
    }

    #[test]
    fn an_item_does_not_leave_twice() {
        let history = bars()
            .bar(A, Enqueue, 1, NIL, (0, 4))
            .bar(B, Enqueue, 2, NIL, (1, 3))
            .bar(A, Dequeue, NIL, 2, (5, 7))
            .bar(B, Dequeue, NIL, 2, (6, 8));
        assert!(!history.admitted_by(&Model::Queue));
    }

    /// Section 3.3 there: sequential consistency is not local. Each of two queues alone is
    /// sequentially consistent, the two together are not.
    #[test]
    fn sequential_consistency_is_not_local() {
        let on = |key: &str, function, argument: Value| Call::on(key, function, argument);
        let mut history = History::new();
        let mut now = 0;
        let mut call = |process, call: Call, result: Value| {
            let op = history.invoke(Process(process), call, Time(now)).unwrap();
            history.ok(op, result, Time(now + 1)).unwrap();
            now += 2;
        };
        call(A, on("p", Enqueue, 1.into()), NIL);
        call(B, on("q", Enqueue, 2.into()), NIL);
        call(A, on("q", Enqueue, 1.into()), NIL);
        call(B, on("p", Enqueue, 2.into()), NIL);
        call(A, on("p", Dequeue, NIL), 2.into());
        call(B, on("q", Dequeue, NIL), 1.into());
        let verdict = sequential::check(&history, &Model::Queue, Budget::default()).unwrap();
        assert!(matches!(verdict, Sequential::Violated(..)), "{verdict:?}");
        for key in ["p", "q"] {
            let verdict = sequential::check(&only(&history, key), &Model::Queue, Budget::default());
            assert!(
                matches!(verdict.unwrap(), Sequential::Consistent(_)),
                "{key}"
            );
        }
    }

    fn only(history: &History, key: &str) -> History {
        let mut part = History::new();
        for op in history
            .operations()
            .iter()
            .filter(|op| op.call.key == Some(key.into()))
        {
            let copy = part
                .invoke(op.process, op.call.clone(), op.invoked)
                .unwrap();
            part.ok(copy, op.result().unwrap().clone(), op.ended.at().unwrap())
                .unwrap();
        }
        part
    }
}

/// Lowe, "Testing for linearizability" (Concurrency and Computation 2017): what a cache of
/// configurations saves. Overlapping operations in any order lead to few configurations.
mod lowe {
    use super::*;

    #[test]
    fn many_orders_of_the_same_operations_are_tried_once() {
        let mut bars = bars();
        for writer in 0..12 {
            bars = bars.bar(
                writer,
                Write,
                i64::from(writer % 2),
                NIL,
                (u64::from(writer), 100),
            );
        }
        // 12! orders, none of which lets this read pass.
        let history = bars.bar(12, Read, NIL, 7, (101, 102)).history();
        let budget = Budget {
            steps: 200_000,
            bytes: 8 << 20,
        };
        let verdict = check(&history, &Model::Register, budget).unwrap();
        assert!(
            matches!(verdict, Linearizability::Violated(_)),
            "{verdict:?}"
        );
    }
}

/// Kleppmann, "Designing Data-Intensive Applications" (2017), chapter 9, "Linearizability".
mod kleppmann {
    use super::*;

    /// Figure 9-1: one looks up the final score, tells the other, who looks it up and finds the
    /// game still on.
    #[test]
    fn the_score_is_not_taken_back() {
        let history = bars()
            .bar(A, Write, "ongoing", NIL, (0, 1))
            .bar(A, Write, "final", NIL, (2, 3))
            .bar(B, Read, NIL, "final", (4, 5))
            .bar(C, Read, NIL, "ongoing", (6, 7));
        assert!(!history.admitted_by(&Model::Register));
    }

    /// Figure 9-2: reads that overlap a write may return the old value or the new one.
    #[test]
    fn reads_during_a_write_may_return_either_value() {
        for (first, second) in [(0, 0), (0, 1), (1, 1)] {
            let history = bars()
                .bar(C, Write, 0, NIL, (0, 1))
                .bar(A, Read, NIL, 0, (2, 3))
                .bar(C, Write, 1, NIL, (4, 20))
                .bar(A, Read, NIL, first, (5, 8))
                .bar(B, Read, NIL, second, (9, 12))
                .bar(A, Read, NIL, 1, (21, 22));
            assert!(history.admitted_by(&Model::Register), "{first} {second}");
        }
    }

    /// Figure 9-3: after one read has returned the new value, all following reads must, also those
    /// of others, although the write has not returned.
    #[test]
    fn once_read_the_new_value_stays() {
        let history = bars()
            .bar(C, Write, 0, NIL, (0, 1))
            .bar(C, Write, 1, NIL, (4, 20))
            .bar(A, Read, NIL, 1, (5, 8))
            .bar(B, Read, NIL, 0, (9, 12));
        assert!(!history.admitted_by(&Model::Register));
    }

    /// Figure 9-4: the last read is not linearizable. It overlaps the `cas` from 2 to 4, and might
    /// return 2, had not another client read 4 before it began.
    #[test]
    fn a_cas_that_was_seen_is_not_unseen() {
        let until_then = || {
            bars()
                .bar(D, Write, 0, NIL, (0, 10))
                .bar(A, Write, 1, NIL, (5, 25))
                .bar(B, Read, NIL, 1, (12, 20))
                .bar(B, Write, 2, NIL, (26, 35))
                .bar(D, Cas, Value::pair(0, 3), false, (27, 36))
                .bar(C, Cas, Value::pair(2, 4), true, (37, 60))
        };
        let last = |bars: Bars| bars.bar(B, Read, NIL, 2, (50, 58));
        assert!(last(until_then()).admitted_by(&Model::CasRegister));
        let seen = until_then().bar(A, Read, NIL, 4, (40, 48));
        assert!(!last(seen).admitted_by(&Model::CasRegister));
    }

    /// Figure 9-6: a strict quorum, and still one client reads the new value and a later one the
    /// old value while the write goes on.
    #[test]
    fn a_quorum_is_not_linearizable() {
        let history = bars()
            .bar(C, Write, 0, NIL, (0, 1))
            .bar(C, Write, 1, NIL, (2, 50))
            .bar(A, Read, NIL, 1, (5, 10))
            .bar(B, Read, NIL, 0, (12, 20));
        assert!(!history.admitted_by(&Model::Register));
    }
}
