use crate::history::{Ended, History, Time};

/// The calls of an interval of time, by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// When it starts.
    pub from: Time,
    /// Calls that began in it.
    pub asked: u32,
    /// Those of them that ended ok.
    pub served: u32,
    /// Those of them that failed: the client was told that nothing happened.
    pub refused: u32,
}

impl Interval {
    /// Calls that ended without an answer, or have not ended.
    pub fn unanswered(&self) -> u32 {
        self.asked - self.served - self.refused
    }

    /// The share of calls that were served, from 0 to 1; `None` if there were no calls.
    pub fn share(&self) -> Option<f64> {
        (self.asked > 0).then(|| f64::from(self.served) / f64::from(self.asked))
    }
}

/// How the calls ended that began in each interval of `width` nanoseconds, from time 0 up to `now`.
///
/// There are at most 100,000 intervals; narrower ones are widened to that.
pub fn availability(history: &History, width: u64, now: Time) -> Vec<Interval> {
    const MOST: u64 = 100_000;
    let width = width.max(now.0 / MOST + 1);
    let count = now.0 / width + 1;
    let interval = |n: u64| Interval {
        from: Time(n * width),
        ..Interval::default()
    };
    let mut intervals: Vec<Interval> = (0..count).map(interval).collect();
    for operation in history.operations() {
        // At most 100,000, so it fits.
        let Some(interval) = intervals.get_mut((operation.invoked.0 / width) as usize) else {
            continue;
        };
        interval.asked += 1;
        match operation.ended {
            Ended::Ok { .. } => interval.served += 1,
            Ended::Fail { .. } => interval.refused += 1,
            Ended::Open | Ended::Info { .. } => {}
        }
    }
    intervals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Call, Function, Process};
    use crate::value::Value;

    #[test]
    fn calls_count_where_they_began() {
        let mut history = History::new();
        let mut begin = |process, at| {
            let call = Call::new(Function::Read, Value::Nil);
            history.invoke(Process(process), call, Time(at)).unwrap()
        };
        let ops = [begin(0, 1), begin(1, 9), begin(2, 10), begin(3, 35)];
        history.ok(ops[0], Value::Nil, Time(36)).unwrap();
        history.fail(ops[1], Time(37)).unwrap();
        history.info(ops[2], Time(38)).unwrap();
        let intervals = availability(&history, 10, Time(39));
        let counts: Vec<_> = intervals
            .iter()
            .map(|i| (i.asked, i.served, i.refused))
            .collect();
        assert_eq!(counts, [(2, 1, 1), (1, 0, 0), (0, 0, 0), (1, 0, 0)]);
        assert_eq!(intervals[0].share(), Some(0.5));
        assert_eq!(
            (intervals[1].share(), intervals[1].unanswered()),
            (Some(0.0), 1)
        );
        assert_eq!(intervals[2].share(), None);
    }

    #[test]
    fn there_are_not_too_many_intervals() {
        assert!(availability(&History::new(), 0, Time(u64::MAX)).len() <= 100_000);
    }
}
