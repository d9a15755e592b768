//! Money is neither made nor lost.

use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::entries::Entries;
use crate::history::{Event, Function, History, Operation};
use crate::model::Bank;
use crate::quoted::listed;
use crate::value::Value;
use sim::sorted::Set;

/// Checks that money is neither made nor lost, entry by entry: a read finds all accounts, and in them, in sum, what they
/// held at the start. What single accounts hold is not judged.
#[derive(Clone, Debug)]
pub struct Money {
    accounts: Set<Value>,
    opening: i128,
    entries: Entries,
}

impl Money {
    /// A checker at the start of a history of this bank.
    pub fn new(bank: &Bank) -> Self {
        Self {
            accounts: bank.opening.keys().cloned().collect(),
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
        let Some(found) = read.result() else {
            return Conclusion::Holds;
        };
        let client = read.client();
        let because = match sum(found) {
            Some(_) if !self.has_all_accounts(found) => {
                let accounts = listed(&self.accounts, ", ");
                format!("{client} found {found}, but the accounts at the start were {accounts}")
            }
            Some(sum) if sum == self.opening => return Conclusion::Holds,
            Some(sum) => {
                format!(
                    "{client} found {sum} in all accounts, which held {} at the start",
                    self.opening
                )
            }
            None => {
                format!("{client} found {found}, which is no map from accounts to whole numbers")
            }
        };
        Conclusion::Violated(Violation::at_end_of(read, vec![read.id], because))
    }
}

impl Money {
    fn has_all_accounts(&self, found: &Value) -> bool {
        matches!(found.bare(), Value::Map(balances) if balances.keys().eq(self.accounts.iter()))
    }
}

/// What accounts hold in all.
fn sum(balances: &Value) -> Option<i128> {
    let Value::Map(balances) = balances.bare() else {
        return None;
    };
    balances
        .values()
        .try_fold(0_i128, |sum, held| sum.checked_add(held.as_whole()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Call, Process, Time};

    fn found(reads: &[Value]) -> Option<u32> {
        let mut history = History::new();
        for (now, read) in (0..).zip(reads) {
            let call = Call::new(Function::Read, Value::Nil);
            let op = history.invoke(Process(0), call, Time(now)).unwrap();
            history.ok(op, read.clone(), Time(now)).unwrap();
        }
        let bank = Bank::opening_with([(Value::Int(0), 10), (Value::Int(1), 0)].into());
        let mut money = Money::new(&bank);
        money.feed(&history).violation().map(|found| found.event)
    }

    fn held(first: impl Into<Value>, second: impl Into<Value>) -> Value {
        Value::map([(0.into(), first.into()), (1.into(), second.into())])
    }

    #[test]
    fn money_moves_and_is_neither_made_nor_lost() {
        assert_eq!(found(&[held(10, 0), held(4, 6), held(-1, 11)]), None);
        assert_eq!(found(&[held(10, 0), held(4, 10)]), Some(3), "made");
        assert_eq!(found(&[held(4, 0), held(10, 0)]), Some(1), "lost");
    }

    #[test]
    fn an_account_that_is_missing_or_new_is_not_passed_over() {
        let all_in = |account: i64| Value::map([(account.into(), 10.into())]);
        assert_eq!(found(&[held(10, 0), all_in(0)]), Some(3));
        assert_eq!(found(&[all_in(7)]), Some(1));
    }

    #[test]
    fn what_is_no_map_of_whole_numbers_is_not_passed_over() {
        assert_eq!(found(&[held(10, 0), held(Value::Nil, 10)]), Some(3));
        assert_eq!(found(&[held("10", 0)]), Some(1));
        assert_eq!(found(&[Value::ints(&[10, 0])]), Some(1));
    }
}
