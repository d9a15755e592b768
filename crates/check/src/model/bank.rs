//! Banks: accounts between which money moves.

use super::{Misfit, Specification, argument, result};
use crate::history::{Call, Function, History};
use crate::value::Value;
use sim::sorted::Map;

/// Accounts between which `transfer` moves money; `read` returns all balances at one moment.
///
/// No account goes below zero: a transfer of more than there is must not end ok. A `transfer` that
/// ended ok with `false` was refused for that reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bank {
    /// What the accounts hold at the start.
    pub opening: Map<Value, i64>,
}

/// Why a history does not tell what its accounts hold at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is no read that ended ok before the first transfer began.
    #[error("no read ends before the first transfer begins, so the opening balances are unknown")]
    NoOpeningRead,
    /// That read's result is not a map from accounts to whole numbers.
    #[error("the first read does not return a map from accounts to whole numbers")]
    NotBalances,
}

impl Bank {
    /// The bank whose opening balances are what a history's first read returned.
    ///
    /// # Errors
    /// If no read ended before the first transfer began, or its result is not a map of balances.
    pub fn opening_balances(history: &History) -> Result<Self, BankError> {
        let transfer = |call: &Call| call.function == Function::Transfer;
        let first = history.operations().iter().find(|op| transfer(&op.call));
        let before = first.map_or(u32::MAX, |op| op.invoke_event);
        let read = history.operations().iter().find(|op| {
            op.call.function == Function::Read && op.effective_by().is_some_and(|by| by < before)
        });
        let result = read
            .and_then(|op| op.result())
            .ok_or(BankError::NoOpeningRead)?;
        Ok(Self {
            opening: balances(result).ok_or(BankError::NotBalances)?,
        })
    }

    fn balances(&self, state: &[i64]) -> Value {
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

    #[test]
    fn the_first_read_tells_the_opening_balances() {
        let mut history = History::new();
        assert_eq!(
            Bank::opening_balances(&history),
            Err(BankError::NoOpeningRead)
        );
        let op = history.invoke(Process(0), read(), Time(0)).unwrap();
        history
            .ok(op, accounts(&[(0, 10), (1, 0)]), Time(1))
            .unwrap();
        history
            .invoke(Process(0), transfer(0, 1, 4), Time(2))
            .unwrap();
        assert_eq!(Bank::opening_balances(&history), Ok(bank()));
    }
}
