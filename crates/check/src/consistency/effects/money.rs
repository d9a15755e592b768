//! Money is neither made nor lost.

use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::entries::Entries;
use crate::history::{Event, Function, History, Operation};
use crate::model::Bank;
use crate::value::Value;

/// Checks that money is neither made nor lost, entry by entry: a read of all balances finds, in sum, what the accounts
/// held at the start. What single accounts hold is not judged.
#[derive(Clone, Debug)]
pub struct Money {
    opening: i128,
    entries: Entries,
}

impl Money {
    /// A checker at the start of a history of this bank.
    pub fn new(bank: &Bank) -> Self {
        Self {
            opening: bank.opening.values().copied().map(i128::from).sum(),
            entries: Entries::default(),
        }
    }

    /// Reads all entries of `history` that it has not read yet.
    pub fn feed(&mut self, history: &History) -> &Conclusion {
        while let Some((event, operation)) = self.entries.next(history) {
            if let (Event::Return(_), Function::Read) = (event, operation.call.function) {
                self.entries.conclude(self.judge(operation));
            }
        }
        self.entries.conclusion()
    }

    fn judge(&self, read: &Operation) -> Conclusion {
        let found = read.result().and_then(sum);
        let Some(sum) = found.filter(|sum| *sum != self.opening) else {
            return Conclusion::Holds;
        };
        let because = format!(
            "process {} found {sum} in all accounts, which held {} at the start",
            read.process, self.opening
        );
        Conclusion::Violated(Violation::at_end_of(read, vec![read.id], because))
    }
}

/// What accounts hold in all.
fn sum(balances: &Value) -> Option<i128> {
    let Value::Map(balances) = balances else {
        return None;
    };
    balances
        .values()
        .map(|held| held.as_int().map(i128::from))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Call, Process, Time};

    fn found(reads: &[[i64; 2]]) -> Option<u32> {
        let mut history = History::new();
        for (now, read) in (0..).zip(reads) {
            let call = Call::new(Function::Read, Value::Nil);
            let op = history.invoke(Process(0), call, Time(now)).unwrap();
            let held = [
                (Value::Int(0), read[0].into()),
                (Value::Int(1), read[1].into()),
            ];
            history.ok(op, Value::Map(held.into()), Time(now)).unwrap();
        }
        let bank = Bank {
            opening: [(Value::Int(0), 10), (Value::Int(1), 0)].into(),
        };
        let mut money = Money::new(&bank);
        money.feed(&history).violation().map(|found| found.event)
    }

    #[test]
    fn money_moves_and_is_neither_made_nor_lost() {
        assert_eq!(found(&[[10, 0], [4, 6], [-1, 11]]), None);
        assert_eq!(found(&[[10, 0], [4, 10]]), Some(3), "made");
        assert_eq!(found(&[[4, 0], [10, 0]]), Some(1), "lost");
    }
}
