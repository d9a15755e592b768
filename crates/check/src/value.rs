//! What an operation carries: the arguments and results that histories are made of.

use sim::sorted::{Map, Set};
use std::fmt;

/// An argument or a result.
///
/// There are no floating-point numbers: two results are equal or they are not.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing: an unwritten register, an empty queue's head.
    #[default]
    Nil,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, in the one form that all its spellings are read as: `0.5`, `9223372036854775808`, `##NaN`.
    Number(String),
    /// A text.
    Text(String),
    /// What is neither a number nor a text, as it is written: a keyword `:a`, a symbol `a`, a character `\\a`.
    Word(String),
    /// An ordered collection.
    List(Vec<Value>),
    /// An unordered collection without duplicates.
    Set(Set<Value>),
    /// Keys and their values, such as accounts and their balances.
    Map(Map<Value, Value>),
    /// A collection with a tag that says how it was made, such as a record: `#user.Point {:x 1}`.
    Tagged(Box<(String, Value)>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of whole numbers.
    ///
    /// ```
    /// use check::value::Value;
    ///
    /// assert_eq!(Value::ints(&[1, 2]).to_string(), "[1 2]");
    /// ```
    pub fn ints(numbers: &[i64]) -> Self {
        Self::List(numbers.iter().map(|&n| Self::Int(n)).collect())
    }

    /// A pair, as `cas` takes it: what is expected, and what to put in its place.
    pub fn pair(first: impl Into<Self>, second: impl Into<Self>) -> Self {
        Self::List(vec![first.into(), second.into()])
    }

    /// About how many bytes it takes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let each = |value: &Self| size_of::<Self>() + value.bytes();
        match self {
            Self::Nil | Self::Bool(_) | Self::Int(_) => 0,
            Self::Number(text) | Self::Text(text) | Self::Word(text) => text.capacity(),
            Self::List(list) => list.iter().map(each).sum(),
            Self::Set(set) => set.iter().map(each).sum(),
            Self::Map(map) => map.iter().map(|(key, value)| each(key) + each(value)).sum(),
            Self::Tagged(tagged) => {
                size_of::<(String, Self)>() + tagged.0.capacity() + tagged.1.bytes()
            }
        }
    }

    /// The collection without its tags, for whoever looks inside.
    pub fn bare(&self) -> &Self {
        match self {
            Self::Tagged(tagged) => tagged.1.bare(),
            value => value,
        }
    }

    /// The two elements of a list of two.
    pub fn as_pair(&self) -> Option<(&Self, &Self)> {
        match self.bare() {
            Self::List(list) => match list.as_slice() {
                [first, second] => Some((first, second)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// A whole number.
    pub fn whole(number: i128) -> Self {
        i64::try_from(number).map_or_else(|_| Self::Number(number.to_string()), Self::Int)
    }

    /// The whole number, if it is one of at most 128 bits.
    pub fn as_whole(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(i128::from(*number)),
            Self::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The name that a text, a keyword or a symbol spells.
    pub fn as_name(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Word(word) => Some(word.strip_prefix(':').unwrap_or(word)),
            _ => None,
        }
    }

    /// What a map holds under the keyword, or else under the text, `name`.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self.bare() {
            Self::Map(map) => {
                let keyword = map.get(&Self::Word(format!(":{name}")));
                keyword.or_else(|| map.get(&Self::text(name)))
            }
            _ => None,
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

fn join<'a>(
    f: &mut fmt::Formatter<'_>,
    open: &str,
    values: impl Iterator<Item = &'a Value>,
    close: &str,
) -> fmt::Result {
    f.write_str(open)?;
    for (i, value) in values.enumerate() {
        if i > 0 {
            f.write_str(" ")?;
        }
        write!(f, "{value}")?;
    }
    f.write_str(close)
}

/// Writes the value as EDN, the notation of Jepsen's histories.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Number(text) | Self::Word(text) => f.write_str(text),
            Self::Text(text) => write_text(f, text),
            Self::List(list) => join(f, "[", list.iter(), "]"),
            Self::Set(set) => join(f, "#{", set.iter(), "}"),
            Self::Tagged(tagged) => write!(f, "{} {}", tagged.0, tagged.1),
            Self::Map(map) => join(f, "{", map.iter().flat_map(|(k, v)| [k, v]), "}"),
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}
