//! Several objects in one history: by the field `key`, or by values that are pairs `[key value]`.

use super::document::{Keyed, Problem};
use super::entry::{Kind, Said};
use super::scan::{Fault, Places};
use crate::history::Function;
use crate::value::Value;

/// How the objects of a history are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// There is one object; some values are pairs all the same.
    One { pairs: Option<Pairs> },
    /// By the field `key`.
    Field,
    /// By values that are pairs.
    Pairs { found: bool },
}

/// Values that are pairs and were taken as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pairs {
    count: usize,
    /// The first call that has no key, and its line.
    keyless: (Function, u32),
}

/// What the value of an invocation says about all values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// It has a key: `[key nil]` for a read, or `[key [expected replacement]]` for a `cas`.
    Keyed,
    /// It can have none, as a read has no other argument.
    Plain,
    /// It is no pair.
    NoPair,
    /// It may be a key and a value, or a value that is a pair.
    Either,
}

fn sign(entry: &Said) -> Sign {
    let has_no_argument = |function: Function| {
        function.tells() || matches!(function, Function::Acquire | Function::Release)
    };
    let function = entry.function.parse::<Function>();
    match (function, entry.value.as_pair()) {
        (Ok(Function::Cas), Some((_, inner))) if inner.as_pair().is_some() => Sign::Keyed,
        (Ok(Function::Cas), Some(_)) => Sign::Plain,
        (Ok(function), Some((_, Value::Nil))) if has_no_argument(function) => Sign::Keyed,
        (Ok(function), None) if has_no_argument(function) => Sign::Plain,
        (_, None) => Sign::NoPair,
        (_, Some(_)) => Sign::Either,
    }
}

impl Keys {
    /// How the objects are told apart.
    pub fn of(said: &[Said], keyed: Keyed, text: &str) -> Result<Self, Fault> {
        let invoked = || said.iter().filter(|entry| entry.kind == Kind::Invoke);
        if invoked().any(|entry| entry.key.is_some()) {
            return match invoked().find(|entry| entry.key.is_none()) {
                None => Ok(Self::Field),
                Some(odd) => Err(Fault {
                    at: odd.at,
                    problem: Problem::NoKey,
                }),
            };
        }
        let signs = || invoked().map(|entry| (entry.at, sign(entry)));
        let first = |wanted: &[Sign]| {
            signs()
                .find(|(_, sign)| wanted.contains(sign))
                .map(|(at, _)| at)
        };
        let pairs = signs()
            .filter(|(_, sign)| matches!(sign, Sign::Keyed | Sign::Either))
            .count();
        let (keyed_at, either) = (first(&[Sign::Keyed]), first(&[Sign::Either]));
        let (plain, no_pair) = (first(&[Sign::Plain]), first(&[Sign::NoPair]));
        match keyed {
            Keyed::Pairs => Ok(Self::Pairs { found: false }),
            Keyed::Plain => Ok(Self::One { pairs: None }),
            Keyed::Detect => match (keyed_at, either, plain, no_pair) {
                (Some(_), _, None, None) => Ok(Self::Pairs { found: true }),
                (Some(pair), _, Some(plain), _)
                | (Some(pair), _, _, Some(plain))
                | (None, Some(pair), None, Some(plain)) => Err(ambiguous(text, pair, Some(plain))),
                (None, Some(pair), None, None) => Err(ambiguous(text, pair, None)),
                (None, ..) => Ok(Self::One {
                    pairs: invoked()
                        .find(|entry| pairs > 0 && sign(entry) == Sign::Plain)
                        .and_then(|entry| Pairs::beside(entry, pairs, text)),
                }),
            },
        }
    }

    /// Gives an invocation the key that its value has.
    pub fn give(self, entry: &mut Said) -> Result<(), Fault> {
        let problem = Problem::NotAPair(entry.value.clone());
        let is_told = entry.function.parse().is_ok_and(Function::tells);
        if !matches!(self, Self::Pairs { .. })
            || entry.kind != Kind::Invoke && !(is_told && entry.kind == Kind::Ok)
        {
            return Ok(());
        }
        let (key, value) = split(None, std::mem::take(&mut entry.value), &self);
        match key {
            Some(_) => (entry.key, entry.value) = (key, value),
            None => {
                return Err(Fault {
                    at: entry.at,
                    problem,
                });
            }
        }
        Ok(())
    }

    /// A sentence on how keys were told from values, where that was a choice.
    pub fn note(self) -> Option<String> {
        match self {
            Self::One { pairs: None } | Self::Pairs { found: false } => None,
            Self::One {
                pairs: Some(Pairs { count, keyless: (function, line) }),
            } => Some(format!(
                "{} taken as it is, because the {function} on line {line} has no key; if pairs are [key value], say \
                 --keyed pairs",
                match count {
                    1 => "1 value that is a pair is".to_owned(),
                    _ => format!("each of {count} values that are pairs is"),
                }
            )),
            Self::Field => Some("keys are taken from the field `key`".to_owned()),
            Self::Pairs { found: true } => Some(
                "all values are pairs and are taken as [key value]; if the pairs are values, say --keyed plain".to_owned(),
            ),
        }
    }
}

impl Pairs {
    /// So many pairs beside a call that has no key.
    fn beside(keyless: &Said, count: usize, text: &str) -> Option<Self> {
        let line = Places::new(text).of(keyless.at).line;
        let function = keyless.function.parse().ok()?;
        let keyless = (function, line);
        Some(Self { count, keyless })
    }
}

fn ambiguous(text: &str, pair: usize, plain: Option<usize>) -> Fault {
    let line = |at| Places::new(text).of(at).line;
    let odd = plain.map_or(pair, |plain| plain.max(pair));
    let told = match plain {
        Some(plain) => format!(
            "some values are pairs, as on line {}, and others are not, as on line {}",
            line(pair),
            line(plain)
        ),
        None => "all values are pairs".to_owned(),
    };
    Fault {
        at: odd,
        problem: Problem::Ambiguous(told),
    }
}

/// The key and the value that an entry has, where values are pairs.
pub(super) fn split(key: Option<Value>, value: Value, keys: &Keys) -> (Option<Value>, Value) {
    match (keys, key, value) {
        (Keys::Pairs { .. }, None, Value::List(pair)) if pair.len() == 2 => {
            (Some(pair[0].clone()), pair[1].clone())
        }
        (Keys::Pairs { .. }, None, Value::Tagged(pair)) => split(None, pair.1.clone(), keys),
        (_, key, value) => (key, value),
    }
}
