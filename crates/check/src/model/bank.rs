//! Banks: accounts between which money moves.

use super::{Misfit, Specification, argument, result};
use crate::history::{Call, Function, History, Operation};
use crate::value::Value;
use sim::sorted::Map;

/// Accounts between which `transfer` moves money; `read` returns all balances at one moment.
///
/// No account goes below zero: a transfer of more than there is must not end ok. A `transfer` that
/// ended ok with `false` was refused for that reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bank {
    /// What the accounts hold at the start.
    pub opening: Map<Value, i64>,
}

/// Of how many transfers that overlap the first read it may be open whether the read shows them.
const MOST_OPEN: usize = 10;

/// Why it is unknown what the accounts hold at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is no read that ended ok.
    #[error("no read ends ok, so the opening balances are unknown; say them with --initial")]
    NoRead,
    /// Too many transfers overlap the first read.
    #[error(
        "{0} transfers may or may not be in what the first read shows, and at most {MOST_OPEN} can be tried; \
         say the opening balances with --initial"
    )]
    TooManyOpen(usize),
    /// What should be balances is not a map from accounts to whole numbers.
    #[error("opening balances are a map from accounts to whole numbers, such as {{0 10, 1 0}}")]
    NotBalances,
}

impl Bank {
    /// The bank with these opening balances.
    ///
    /// # Errors
    /// If they are not a map from accounts to whole numbers.
    pub fn opened_with(opening: &Value) -> Result<Self, BankError> {
        let opening = balances(opening).ok_or(BankError::NotBalances)?;
        Ok(Self { opening })
    }

    /// The banks whose opening balances a history's first read allows: one, unless transfers had begun before that read
    /// ended, each of which may or may not be in what it shows.
    ///
    /// # Errors
    /// If no read ended ok, or too many transfers had begun.
    pub fn openings(history: &History) -> Result<Vec<Self>, BankError> {
        let operations = history.operations().iter();
        if history.operations().is_empty() {
            return Ok(vec![Self::default()]);
        }
        let reads = operations
            .clone()
            .filter(|op| op.call.function == Function::Read);
        let first = reads
            .filter_map(|op| Some((op.effective_by()?, op)))
            .min_by_key(|(by, _)| *by);
        let (ended, read) = first.ok_or(BankError::NoRead)?;
        let shown = Self::opened_with(read.result().ok_or(BankError::NoRead)?)?;
        let refused = |op: &Operation| op.failed() || op.result() == Some(&Value::Bool(false));
        let begun = operations.filter(|op| {
            op.call.function == Function::Transfer && op.invoke_event < ended && !refused(op)
        });
        let (done, open): (Vec<_>, Vec<_>) =
            begun.partition(|op| op.effective_by().is_some_and(|by| by < read.invoke_event));
        if open.len() > MOST_OPEN {
            return Err(BankError::TooManyOpen(open.len()));
        }
        let mut banks = Vec::new();
        for chosen in 0..1_u32 << open.len() {
            let in_it = open
                .iter()
                .enumerate()
                .filter(|(place, _)| chosen >> place & 1 == 1);
            let moved = done.iter().chain(in_it.map(|(_, op)| op));
            let bank = moved
                .map(|op| &op.call)
                .try_fold(shown.clone(), Self::without);
            banks.extend(bank.filter(|bank| {
                bank.opening.values().all(|&held| held >= 0) && !banks.contains(bank)
            }));
        }
        // What the read shows may be overdrawn: then that is what is wrong.
        Ok(if banks.is_empty() { vec![shown] } else { banks })
    }

    /// The balances before a transfer.
    fn without(mut self, transfer: &Call) -> Option<Self> {
        let amount = transfer.argument.field("amount").and_then(Value::as_int)?;
        for (account, change) in [("from", amount), ("to", amount.checked_neg()?)] {
            let held = self.opening.get_mut(transfer.argument.field(account)?)?;
            *held = held.checked_add(change)?;
        }
        Some(self)
    }

    /// The balances as a read shows them.
    pub(crate) fn balances(&self, state: &[i64]) -> Value {
        let balances = state.iter().map(|&held| Value::Int(held));
        Value::Map(self.opening.keys().cloned().zip(balances).collect())
    }

    fn transfer(&self, state: &[i64], call: &Call) -> Option<Transfer> {
        let account = |name| {
            let account = call.argument.field(name)?;
            self.opening.keys().position(|known| known == account)
        };
        let amount = call.argument.field("amount").and_then(Value::as_int)?;
        let transfer = Transfer {
            from: account("from")?,
            to: account("to")?,
            amount,
        };
        let covered = amount >= 0 && state.get(transfer.from).is_some_and(|&held| held >= amount);
        covered.then_some(transfer)
    }
}

struct Transfer {
    from: usize,
    to: usize,
    amount: i64,
}

fn balances(value: &Value) -> Option<Map<Value, i64>> {
    match value {
        Value::Map(map) => map
            .iter()
            .map(|(k, v)| Some((k.clone(), v.as_int()?)))
            .collect(),
        _ => None,
    }
}

impl Specification for Bank {
    /// The balances in the order of the accounts.
    type State = Vec<i64>;

    fn initial(&self) -> Vec<i64> {
        self.opening.values().copied().collect()
    }

    fn step(&self, state: &Vec<i64>, call: &Call, seen: Option<&Value>) -> Option<Vec<i64>> {
        match call.function {
            Function::Read => {
                let Some(seen) = seen else {
                    return Some(state.clone());
                };
                let seen = balances(seen)?;
                let same = seen.keys().eq(self.opening.keys()) && seen.values().eq(state);
                same.then(|| state.clone())
            }
            Function::Transfer => {
                let refused = seen == Some(&Value::Bool(false));
                match (self.transfer(state, call), refused) {
                    (Some(transfer), false) => {
                        let mut after = state.clone();
                        after[transfer.from] -= transfer.amount;
                        after[transfer.to] = after[transfer.to].checked_add(transfer.amount)?;
                        Some(after)
                    }
                    (None, true) => Some(state.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn answer(&self, state: &Vec<i64>, call: &Call) -> Option<Value> {
        match call.function {
            Function::Read => Some(self.balances(state)),
            Function::Transfer => Some(Value::Bool(self.transfer(state, call).is_some())),
            _ => None,
        }
    }

    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool {
        call.function == Function::Read || seen == Some(&Value::Bool(false))
    }

    fn shown(&self, call: &Call, seen: &Value) -> Option<Vec<i64>> {
        let balances = balances(seen).filter(|_| call.function == Function::Read)?;
        let complete = balances.keys().eq(self.opening.keys());
        complete.then(|| balances.into_values().collect())
    }

    fn understands(&self, call: &Call, seen: Option<&Value>) -> Result<(), Misfit> {
        match (call.function, seen) {
            (Function::Read, Some(seen)) if balances(seen).is_none() => {
                Err(result(call, "a map of balances", seen))
            }
            (Function::Transfer, _) => {
                let amount = call.argument.field("amount").and_then(Value::as_int);
                let whole = amount.is_some()
                    && call.argument.field("from").is_some()
                    && call.argument.field("to").is_some();
                if whole {
                    Ok(())
                } else {
                    Err(argument(call, "{:from :to :amount}"))
                }
            }
            (Function::Read, _) => Ok(()),
            (function, _) => Err(Misfit::Function {
                model: "bank",
                function,
            }),
        }
    }

    fn bytes(&self, state: &Vec<i64>) -> usize {
        8 * state.len()
    }

    fn describe(&self, state: &Vec<i64>) -> String {
        format!("the balances are {}", self.balances(state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Process, Time};
    use crate::model::testing::run;

    fn accounts(pairs: &[(i64, i64)]) -> Value {
        Value::Map(
            pairs
                .iter()
                .map(|&(k, v)| (Value::Int(k), Value::Int(v)))
                .collect(),
        )
    }

    fn transfer(from: i64, to: i64, amount: i64) -> Call {
        let fields = [("from", from), ("to", to), ("amount", amount)];
        let map = fields.map(|(name, n)| (Value::text(name), Value::Int(n)));
        Call::new(Function::Transfer, Value::Map(map.into_iter().collect()))
    }

    fn read() -> Call {
        Call::new(Function::Read, Value::Nil)
    }

    fn bank() -> Bank {
        Bank {
            opening: [(Value::Int(0), 10), (Value::Int(1), 0)].into(),
        }
    }

    #[test]
    fn transfers_move_money_and_never_overdraw() {
        let moved = (transfer(0, 1, 4), Value::Nil);
        let seen = (read(), accounts(&[(0, 6), (1, 4)]));
        let half = (read(), accounts(&[(0, 6), (1, 0)]));
        assert_eq!(run(&bank(), &[moved.clone(), seen]), Ok(()));
        assert_eq!(run(&bank(), &[moved.clone(), half]), Err(1));
        assert_eq!(run(&bank(), &[(transfer(1, 0, 1), Value::Nil)]), Err(0));
        assert_eq!(
            run(&bank(), &[(transfer(1, 0, 1), Value::Bool(false))]),
            Ok(())
        );
        assert_eq!(
            run(&bank(), &[(transfer(0, 1, 4), Value::Bool(false))]),
            Err(0)
        );
    }

    fn history(steps: &[(u32, Option<Call>, Value)]) -> History {
        let mut history = History::new();
        for (now, (process, call, result)) in (0..).zip(steps) {
            let (process, now) = (Process(*process), Time(now));
            match call {
                Some(call) => drop(history.invoke(process, call.clone(), now).unwrap()),
                None => history
                    .ok(history.open(process).unwrap(), result.clone(), now)
                    .unwrap(),
            }
        }
        history
    }

    #[test]
    fn the_first_read_tells_the_opening_balances() {
        assert_eq!(Bank::openings(&History::new()), Ok(vec![Bank::default()]));
        let begun = (0, Some(transfer(0, 1, 4)), Value::Nil);
        assert_eq!(
            Bank::openings(&history(std::slice::from_ref(&begun))),
            Err(BankError::NoRead)
        );
        let shows = |pairs| [(1, Some(read()), Value::Nil), (1, None, accounts(pairs))];
        let [asks, told] = shows(&[(0, 10), (1, 0)]);
        assert_eq!(
            Bank::openings(&history(&[asks, told, begun.clone()])),
            Ok(vec![bank()])
        );
        let [asks, told] = shows(&[(0, 6), (1, 4)]);
        let ended = (0, None, Value::Nil);
        let after = history(&[begun.clone(), ended, asks.clone(), told.clone()]);
        assert_eq!(Bank::openings(&after), Ok(vec![bank()]));
        let overlapping = Bank::openings(&history(&[begun, asks, told])).unwrap();
        assert_eq!(overlapping.len(), 2, "{overlapping:?}");
        assert!(overlapping.contains(&bank()), "{overlapping:?}");
    }
}
