//! Banks: accounts between which money moves.

use super::accounts::Accounts;
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
    /// What the accounts hold at the start, or what the first read shows if that is not known.
    pub opening: Map<Value, i64>,
    /// Whether transfers overlap that read: each may or may not be in what it shows.
    pub is_open: bool,
}

/// Why it is unknown what the accounts hold at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankError {
    /// There is no read that ended ok.
    #[error("no read ends ok, so the opening balances are unknown; say them with --initial")]
    NoRead,
    /// There are opening balances of no account.
    #[error("the opening balances are of no account; the history has some")]
    NoAccounts,
    /// No account is called as in the history.
    #[error("the history has none of these accounts")]
    OtherAccounts,
    /// What should be balances is not a map from accounts to whole numbers.
    #[error("opening balances are a map from accounts to whole numbers, such as {{0 10, 1 0}}")]
    NotBalances,
}

impl Bank {
    /// The bank whose accounts hold this at the start.
    pub fn opening_with(opening: Map<Value, i64>) -> Self {
        Self {
            opening,
            is_open: false,
        }
    }

    /// The bank with these opening balances.
    ///
    /// # Errors
    /// If they are not a map from accounts to whole numbers.
    pub fn opened_with(opening: &Value) -> Result<Self, BankError> {
        let opening = balances(opening).ok_or(BankError::NotBalances)?;
        Ok(Self::opening_with(opening))
    }

    /// The bank of a history with these opening balances. An account may be called by its number or by a text that spells it,
    /// whichever the history has.
    ///
    /// # Errors
    /// If they are not a map from accounts to whole numbers, or the history has none of the accounts.
    pub fn opened_in(history: &History, opening: &Value) -> Result<Self, BankError> {
        let Self { opening, .. } = Self::opened_with(opening)?;
        let operations = history.operations().iter();
        let known: Set<Value> = operations.flat_map(accounts).collect();
        let named = |(account, held): (&Value, &i64)| {
            let other = other_name(account).filter(|other| known.contains(other));
            let kept = other.filter(|_| !known.contains(account));
            (kept.unwrap_or_else(|| account.clone()), *held)
        };
        let opening: Map<Value, i64> = opening.iter().map(named).collect();
        if !known.is_empty() && opening.is_empty() {
            return Err(BankError::NoAccounts);
        }
        if !known.is_empty() && !opening.keys().any(|account| known.contains(account)) {
            return Err(BankError::OtherAccounts);
        }
        Ok(Self::opening_with(opening))
    }

    /// The bank whose first read a history has: what it shows, less what transfers had moved before it, is what the accounts
    /// hold at the start. If transfers overlap that read, nobody can tell until it takes its place in an order.
    ///
    /// # Errors
    /// If no read ended ok.
    pub fn of(history: &History) -> Result<Self, BankError> {
        if history.operations().is_empty() {
            return Ok(Self::default());
        }
        let FirstRead { read, ended, shown } = first_read(history)?;
        let refused = |op: &Operation| op.failed() || op.result() == Some(&Value::Bool(false));
        let begun = history.operations().iter().filter(|op| {
            op.call.function == Function::Transfer && op.invoke_event < ended && !refused(op)
        });
        let (done, open): (Vec<_>, Vec<_>) =
            begun.partition(|op| op.effective_by().is_some_and(|by| by < read.invoke_event));
        if !open.is_empty() {
            return Ok(Self {
                is_open: true,
                ..shown
            });
        }
        let mut calls = done.iter().map(|op| &op.call);
        let bank = calls.try_fold(shown.clone(), Self::without);
        // What the read shows may be overdrawn: then that is what is wrong.
        let solvent = bank.filter(|bank| bank.opening.values().all(|&held| held >= 0));
        Ok(solvent.unwrap_or(shown))
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

    /// What the accounts hold in what a read shows, if it shows all of them.
    fn held_in(&self, seen: &Value) -> Option<Vec<i64>> {
        let balances = balances(seen)?;
        let is_complete = balances.keys().eq(self.opening.keys());
        is_complete.then(|| balances.into_values().collect())
    }

    /// The balances as a read shows them.
    pub(crate) fn balances(&self, held: &[i64]) -> Value {
        let balances = held.iter().map(|&held| Value::Int(held));
        Value::map(self.opening.keys().cloned().zip(balances))
    }

    /// A transfer that may be covered: between accounts that there are, of an amount that is not negative.
    fn transfer(&self, call: &Call) -> Option<Transfer> {
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
        (amount >= 0).then_some(transfer)
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
    type State = Accounts;

    fn initial(&self) -> Accounts {
        let held = self.opening.values().copied();
        match self.is_open {
            true => Accounts::unread(held.map(|held| held.min(0)).collect()),
            false => Accounts::Held(held.collect()),
        }
    }

    fn step(&self, state: &Accounts, call: &Call, seen: Option<&Value>) -> Option<Accounts> {
        match call.function {
            Function::Read => match seen {
                None => Some(state.clone()),
                Some(seen) => state.shown(&self.held_in(seen)?),
            },
            Function::Transfer => match (self.transfer(call), seen == Some(&Value::Bool(false))) {
                (Some(Transfer { from, to, amount }), false) => state.moved(from, to, amount),
                (Some(Transfer { from, amount, .. }), true) => state.lacked(from, amount),
                (None, refused) => refused.then(|| state.clone()),
            },
            _ => None,
        }
    }

    fn answer(&self, state: &Accounts, call: &Call) -> Option<Value> {
        let Accounts::Held(held) = state else {
            return None;
        };
        match call.function {
            Function::Read => Some(self.balances(held)),
            Function::Transfer => Some(Value::Bool(self.step(state, call, None).is_some())),
            _ => None,
        }
    }

    /// What shows, or bounds, what nobody could tell before changes what is known.
    fn reads_only(&self, call: &Call, seen: Option<&Value>) -> bool {
        match (call.function, seen) {
            (Function::Read, None) => true,
            (Function::Read, Some(_)) | (_, Some(Value::Bool(false))) => !self.is_open,
            _ => false,
        }
    }

    fn shown(&self, call: &Call, seen: &Value) -> Option<Accounts> {
        let shows_all = call.function == Function::Read && !self.is_open;
        Some(Accounts::Held(self.held_in(seen).filter(|_| shows_all)?))
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

    fn bytes(&self, state: &Accounts) -> usize {
        8 * state.count()
    }

    fn describe(&self, state: &Accounts) -> String {
        match state {
            Accounts::Held(held) => format!("the balances are {}", self.balances(held)),
            Accounts::Unread(_) => "no read has shown the balances".to_owned(),
        }
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
        Bank::opening_with([(Value::Int(0), 10), (Value::Int(1), 0)].into())
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
        assert_eq!(Bank::of(&History::new()), Ok(Bank::default()));
        let begun = (0, Some(transfer(0, 1, 4)), Value::Nil);
        let alone = history(std::slice::from_ref(&begun));
        assert_eq!(Bank::of(&alone), Err(BankError::NoRead));
        let shows = |pairs| [(1, Some(read()), Value::Nil), (1, None, accounts(pairs))];
        let [asks, told] = shows(&[(0, 10), (1, 0)]);
        let before = history(&[asks, told, begun.clone()]);
        assert_eq!(Bank::of(&before), Ok(bank()));
        let [asks, told] = shows(&[(0, 6), (1, 4)]);
        let ended = (0, None, Value::Nil);
        let after = history(&[begun.clone(), ended, asks.clone(), told.clone()]);
        assert_eq!(Bank::of(&after), Ok(bank()));
        let overlapping = Bank::of(&history(&[begun, asks, told])).unwrap();
        assert!(overlapping.is_open, "{overlapping:?}");
    }

    /// Steps from what nobody can tell, with what they return; how many fit.
    fn fit(steps: &[(Call, Value)]) -> Result<(), usize> {
        let open = Bank {
            is_open: true,
            ..bank()
        };
        run(&open, steps)
    }

    #[test]
    fn what_was_moved_and_refused_before_the_first_read_bounds_what_it_may_show() {
        let ok = |amount| (transfer(0, 1, amount), Value::Nil);
        let refused = |amount| (transfer(0, 1, amount), Value::Bool(false));
        let shows = |pairs: &[(i64, i64)]| (read(), accounts(pairs));
        assert_eq!(fit(&[ok(4), shows(&[(0, 6), (1, 4)])]), Ok(()));
        assert_eq!(fit(&[ok(4), shows(&[(0, 6), (1, 3)])]), Err(1), "1 held -1");
        assert_eq!(fit(&[refused(5), shows(&[(0, 4), (1, 0)])]), Ok(()));
        assert_eq!(fit(&[refused(5), shows(&[(0, 5), (1, 0)])]), Err(1));
        assert_eq!(
            fit(&[ok(5), refused(2), ok(3)]),
            Err(2),
            "no start fits both"
        );
        let shown = [ok(4), shows(&[(0, 6), (1, 4)])];
        let then = |more: (Call, Value)| fit(&[&shown[..], &[more]].concat());
        assert_eq!(then(ok(6)), Ok(()));
        assert_eq!(then(ok(7)), Err(2));
        assert_eq!(then(shows(&[(0, 10), (1, 0)])), Err(2));
    }
}
