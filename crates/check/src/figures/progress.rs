use crate::history::{Event, History, OpId, Operation, Time};
use crate::verdict::{Verdict, Violation};
use sim::sorted::Set;

/// Checks that every operation ends, and within a bound if there is one, entry by entry.
#[derive(Clone, Debug)]
pub struct Progress {
    bound: Option<u64>,
    /// The open operations, which are in the order of their invocation.
    open: Set<OpId>,
    verdict: Verdict,
    fed: u32,
}

impl Progress {
    /// A checker at the start of a history; the bound is in nanoseconds.
    pub fn new(bound: Option<u64>) -> Self {
        Self {
            bound,
            open: Set::new(),
            verdict: Verdict::Holds,
            fed: 0,
        }
    }

    /// Reads all entries of `history` that it has not read yet, and that it is `now`.
    pub fn feed(&mut self, history: &History, now: Time) -> &Verdict {
        let entries = history
            .events()
            .get(self.fed as usize..)
            .unwrap_or_default();
        for &event in entries {
            let at = history.time_of(self.fed).unwrap_or(now);
            self.overdue(history, at);
            match event {
                Event::Invoke(op) => self.open.insert(op),
                Event::Return(op) => self.open.remove(&op),
            };
            self.fed += 1;
        }
        self.overdue(history, now);
        &self.verdict
    }

    /// Learns that the history is over: what is open then never ends.
    pub fn finish(&mut self, history: &History, now: Time) -> &Verdict {
        self.feed(history, now);
        if let Some(operation) = self.open.first().and_then(|&op| history.get(op))
            && !self.verdict.is_violated()
        {
            let because = format!(
                "{operation}: begun at {} and never ended",
                operation.invoked
            );
            self.verdict = violated(operation, now, self.fed, because);
        }
        &self.verdict
    }

    fn overdue(&mut self, history: &History, now: Time) {
        let Some(bound) = self.bound else { return };
        let Some(operation) = self.open.first().and_then(|&op| history.get(op)) else {
            return;
        };
        let due = Time(operation.invoked.0.saturating_add(bound));
        if due < now && !self.verdict.is_violated() {
            let because = format!(
                "{operation}: begun at {} and still not ended at {due}",
                operation.invoked
            );
            self.verdict = violated(operation, due, self.fed, because);
        }
    }
}

fn violated(operation: &Operation, at: Time, fed: u32, because: String) -> Verdict {
    let event = fed.saturating_sub(1).max(operation.invoke_event);
    Verdict::Violated(Violation {
        at,
        event,
        operations: vec![operation.id],
        because,
    })
}

/// Whether clients were served again within `bound` nanoseconds after the last fault had healed.
///
/// What was open when it healed has ended by then, and whatever begins later ends ok, and within
/// the bound too. `now` is when the history stops; what is not overdue by then is let pass.
pub fn recovery(history: &History, healed: Time, bound: u64, now: Time) -> Verdict {
    let recovered = Time(healed.0.saturating_add(bound));
    let late = |operation: &&Operation| {
        let due = Time(operation.invoked.0.max(healed.0).saturating_add(bound));
        let overdue = operation.ended.at().unwrap_or(Time(u64::MAX)) > due && now > due;
        let refused = operation.invoked >= recovered
            && operation.ended.at().is_some()
            && operation.result().is_none();
        operation.ended.at().is_none_or(|ended| ended >= healed) && (overdue || refused)
    };
    let Some(operation) = history.operations().iter().find(late) else {
        return Verdict::Holds;
    };
    let at = operation.ended.at().unwrap_or(now).min(now);
    let because = format!(
        "{operation}: begun at {}, not served although all faults had healed at {healed}",
        operation.invoked
    );
    let event = operation.ended.event().unwrap_or(operation.invoke_event);
    Verdict::Violated(Violation {
        at,
        event,
        operations: vec![operation.id],
        because,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Call, Function, Process};
    use crate::value::Value;

    fn begin(history: &mut History, process: u32, at: u64) -> OpId {
        let call = Call::new(Function::Read, Value::Nil);
        history.invoke(Process(process), call, Time(at)).unwrap()
    }

    #[test]
    fn an_operation_is_overdue_when_its_bound_has_passed() {
        let mut history = History::new();
        let mut progress = Progress::new(Some(10));
        let op = begin(&mut history, 0, 5);
        assert_eq!(*progress.feed(&history, Time(15)), Verdict::Holds);
        let mut in_time = progress.clone();
        assert_eq!(
            progress.feed(&history, Time(16)).violation().unwrap().at,
            Time(15)
        );
        history.ok(op, Value::Nil, Time(15)).unwrap();
        assert_eq!(*in_time.feed(&history, Time(100)), Verdict::Holds);
        assert_eq!(*in_time.finish(&history, Time(100)), Verdict::Holds);
    }

    #[test]
    fn a_late_return_is_late_also_when_it_is_read_later() {
        let mut history = History::new();
        let op = begin(&mut history, 0, 5);
        history.ok(op, Value::Nil, Time(16)).unwrap();
        assert!(
            Progress::new(Some(10))
                .feed(&history, Time(16))
                .is_violated()
        );
        assert!(
            !Progress::new(Some(11))
                .feed(&history, Time(16))
                .is_violated()
        );
    }

    #[test]
    fn without_a_bound_only_the_end_tells() {
        let mut history = History::new();
        let op = begin(&mut history, 3, 5);
        let mut progress = Progress::new(None);
        assert_eq!(*progress.feed(&history, Time(1_000)), Verdict::Holds);
        let found = progress
            .finish(&history, Time(1_000))
            .violation()
            .unwrap()
            .clone();
        assert_eq!((found.operations, found.at), (vec![op], Time(1_000)));
    }

    #[test]
    fn recovery_is_being_served_again() {
        let mut history = History::new();
        let stuck = begin(&mut history, 0, 5);
        let later = begin(&mut history, 1, 30);
        history.ok(later, Value::Nil, Time(35)).unwrap();
        let at = |now| recovery(&history, Time(20), 10, Time(now));
        assert_eq!(at(30), Verdict::Holds, "not overdue yet");
        assert_eq!(at(40).violation().unwrap().operations, [stuck]);
        let mut healed = history.clone();
        healed.info(stuck, Time(36)).unwrap();
        assert!(
            recovery(&healed, Time(20), 10, Time(40)).is_violated(),
            "too late"
        );
        assert_eq!(recovery(&healed, Time(20), 16, Time(40)), Verdict::Holds);
        assert_eq!(
            recovery(&healed, Time(37), 1, Time(40)),
            Verdict::Holds,
            "over before"
        );
        let refused = begin(&mut healed, 2, 50);
        healed.fail(refused, Time(51)).unwrap();
        let found = recovery(&healed, Time(20), 16, Time(60));
        assert_eq!(found.violation().unwrap().operations, [refused]);
    }
}
