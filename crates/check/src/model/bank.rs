//! Banks: accounts between which money moves.

use super::{Misfit, ModelName, Specification, argument, result};
use crate::history::{Call, Function, History, Operation};
use crate::value::Value;
use sim::sorted::{Map, Set};

/// Accounts between which `transfer` moves money; `read` returns all balances at one moment.
///
/// No account goes below zero: a transfer of more than there is must not end ok. A `transfer` that
/// ended ok with `false` was refused for that reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bank {
    /// What the accounts hold at the start.
    pub opening: Map<Value, i64>,
}

/// How many opening balances are tried, if transfers overlap the first read.
const MOST_OPENINGS: usize = 1024;

/// Why it is unknown what the accounts hold at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is no read that ended ok.
    #[error("no read ends ok, so the opening balances are unknown; say them with --initial")]
    NoRead,
    /// Too many transfers overlap the first read.
    #[error(
        "{0} transfers may or may not be in what the first read shows, which allows more than {MOST_OPENINGS} opening \
         balances; say them with --initial"
    )]
    TooManyOpen(usize),
    /// No account is called as in the history.
    #[error("the history has none of these accounts")]
    OtherAccounts,
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

    /// The bank of a history with these opening balances. An account may be called by its number or by a text that spells it,
    /// whichever the history has.
    ///
    /// # Errors
    /// If they are not a map from accounts to whole numbers, or the history has none of the accounts.
    pub fn opened_in(history: &History, opening: &Value) -> Result<Self, BankError> {
        let Self { opening } = Self::opened_with(opening)?;
        let operations = history.operations().iter();
        let known: Set<Value> = operations.flat_map(accounts).collect();
        let named = |(account, held): (&Value, &i64)| {
            let other = other_name(account).filter(|other| known.contains(other));
            let kept = other.filter(|_| !known.contains(account));
            (kept.unwrap_or_else(|| account.clone()), *held)
        };
        let opening: Map<Value, i64> = opening.iter().map(named).collect();
        if !known.is_empty() && !opening.keys().any(|account| known.contains(account)) {
            return Err(BankError::OtherAccounts);
        }
        Ok(Self { opening })
    }

    /// The banks whose opening balances a history's first read allows: one, unless transfers had begun before that read
    /// ended, each of which may or may not be in what it shows.
    ///
    /// # Errors
    /// If no read ended ok, or too many openings are possible.
    pub fn openings(history: &History) -> Result<Vec<Self>, BankError> {
        if history.operations().is_empty() {
            return Ok(vec![Self::default()]);
        }
        let FirstRead { read, ended, shown } = first_read(history)?;
        let refused = |op: &Operation| op.failed() || op.result() == Some(&Value::Bool(false));
        let begun = history.operations().iter().filter(|op| {
            op.call.function == Function::Transfer && op.invoke_event < ended && !refused(op)
        });
        let (done, open): (Vec<_>, Vec<_>) =
            begun.partition(|op| op.effective_by().is_some_and(|by| by < read.invoke_event));
        let mut calls = done.iter().map(|op| &op.call);
        let opening = calls.try_fold(shown.clone(), Self::without);
        let mut banks: Set<Self> = opening.into_iter().collect();
        for op in &open {
            let more: Vec<Self> = banks.iter().cloned().collect();
            banks.extend(more.into_iter().filter_map(|bank| bank.without(&op.call)));
            if banks.len() > MOST_OPENINGS {
                return Err(BankError::TooManyOpen(open.len()));
            }
        }
        banks.retain(|bank| bank.opening.values().all(|&held| held >= 0));
        // What the read shows may be overdrawn: then that is what is wrong.
        Ok(match banks.is_empty() {
            true => vec![shown],
            false => banks.into_iter().collect(),
        })
    }

    /// A bank with as much money in all as the first read shows, whatever transfers had begun.
    ///
    /// # Errors
    /// If no read ended ok.
    pub fn with_the_money_of(history: &History) -> Result<Self, BankError> {
        if history.operations().is_empty() {
            return Ok(Self::default());
        }
        Ok(first_read(history)?.shown)
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

    /// Why a transfer that ended ok can never have, whatever the balances.
    pub(crate) fn never(&self, transfer: &Call) -> Option<String> {
        let amount = transfer.argument.field("amount").and_then(Value::as_int)?;
        if amount < 0 {
            return Some(format!("no transfer moves a negative amount, {amount}"));
        }
        let accounts = ["from", "to"].map(|name| transfer.argument.field(name));
        let unknown = |account: &&Value| !self.opening.contains_key(account);
        let account = accounts.into_iter().flatten().find(unknown)?;
        Some(format!("there is no account {account} in the bank"))
    }

    /// The balances as a read shows them.
    pub(crate) fn balances(&self, state: &[i64]) -> Value {
        let balances = state.iter().map(|&held| Value::Int(held));
        Value::map(self.opening.keys().cloned().zip(balances))
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

/// The read of a history that ended ok first.
struct FirstRead<'a> {
    read: &'a Operation,
    /// The place of its end among the entries.
    ended: u32,
    /// The bank as it shows it.
    shown: Bank,
}

fn first_read(history: &History) -> Result<FirstRead<'_>, BankError> {
    let operations = history.operations().iter();
    let reads = operations.filter(|op| op.call.function == Function::Read);
    let first = reads
        .filter_map(|op| Some((op.effective_by()?, op)))
        .min_by_key(|(by, _)| *by);
    let (ended, read) = first.ok_or(BankError::NoRead)?;
    let shown = Bank::opened_with(read.result().ok_or(BankError::NoRead)?)?;
    Ok(FirstRead { read, ended, shown })
}

/// The accounts that an operation mentions.
fn accounts(operation: &Operation) -> Vec<Value> {
    match operation.call.function {
        Function::Transfer => {
            let account = |name| operation.call.argument.field(name).cloned();
            ["from", "to"].into_iter().filter_map(account).collect()
        }
        _ => {
            let read = operation.result().and_then(balances);
            read.unwrap_or_default().keys().cloned().collect()
        }
    }
}

/// A number for a text that spells it, and a text for a number.
fn other_name(account: &Value) -> Option<Value> {
    match account {
        Value::Int(number) => Some(Value::text(number.to_string())),
        Value::Text(text) => {
            let number: i64 = text.parse().ok()?;
            (number.to_string() == **text).then_some(Value::Int(number))
        }
        _ => None,
    }
}

/// What a number must be that is a whole one and yet none of 64 bits.
const LARGE_BALANCE: &str = "balances from -9223372036854775808 to 9223372036854775807";
const LARGE_AMOUNT: &str = "an amount from -9223372036854775808 to 9223372036854775807";

/// Whether it is a whole number that does not fit in 64 bits.
fn is_too_large(value: &Value) -> bool {
    match value {
        Value::Number(text) => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            digits.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

struct Transfer {
    from: usize,
    to: usize,
    amount: i64,
}

fn balances(value: &Value) -> Option<Map<Value, i64>> {
    match value.bare() {
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
                let wanted = match seen.bare() {
                    Value::Map(map) if map.values().any(is_too_large) => LARGE_BALANCE,
                    _ => "a map from accounts to whole numbers",
                };
                Err(result(call, wanted, seen))
            }
            (Function::Transfer, _) => {
                let amount = call.argument.field("amount").and_then(Value::as_int);
                let whole = amount.is_some()
                    && call.argument.field("from").is_some()
                    && call.argument.field("to").is_some();
                if whole {
                    Ok(())
                } else if call.argument.field("amount").is_some_and(is_too_large) {
                    Err(argument(call, LARGE_AMOUNT))
                } else {
                    Err(argument(
                        call,
                        "{:from account, :to account, :amount whole-number}",
                    ))
                }
            }
            (Function::Read, _) => Ok(()),
            (function, _) => Err(Misfit::Function {
                model: ModelName::Bank,
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
        let pairs = pairs.iter().map(|&(k, v)| (Value::Int(k), Value::Int(v)));
        Value::map(pairs)
    }

    fn transfer(from: i64, to: i64, amount: i64) -> Call {
        let fields = [("from", from), ("to", to), ("amount", amount)];
        let map = fields.map(|(name, n)| (Value::text(name), Value::Int(n)));
        Call::new(Function::Transfer, Value::map(map))
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

    /// A read that shows 50 and 50 overlaps so many transfers, of these amounts in turn.
    fn overlapping(transfers: u32, amounts: &[i64]) -> History {
        let begun = (0..transfers).zip(amounts.iter().cycle());
        let mut entries: Vec<_> = begun
            .map(|(process, amount)| (process, Some(transfer(0, 1, *amount)), Value::Nil))
            .collect();
        entries.push((transfers, Some(read()), Value::Nil));
        entries.push((transfers, None, accounts(&[(0, 50), (1, 50)])));
        history(&entries)
    }

    #[test]
    fn transfers_that_add_up_to_the_same_leave_few_openings() {
        let banks = Bank::openings(&overlapping(30, &[1])).unwrap();
        assert_eq!(banks.len(), 31);
        let opened = |held| Bank {
            opening: [(Value::Int(0), held), (Value::Int(1), 100 - held)].into(),
        };
        assert_eq!(banks.first(), Some(&opened(50)));
        assert_eq!(banks.last(), Some(&opened(80)));
    }

    #[test]
    fn transfers_that_leave_too_many_openings_leave_them_unknown() {
        let powers: Vec<i64> = (0..11).map(|power| 1 << power).collect();
        let many = overlapping(11, &powers);
        assert_eq!(Bank::openings(&many), Err(BankError::TooManyOpen(11)));
        let with_the_money = Bank::with_the_money_of(&many).unwrap();
        assert_eq!(with_the_money.opening.values().sum::<i64>(), 100);
    }
}
