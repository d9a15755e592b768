//! What an operation carries: the arguments and results that histories are made of.

use crate::quoted::Quoted;
use sim::sorted::{Map, Set};
use std::fmt;
use std::sync::Arc;

/// An argument or a result.
///
/// There are no floating-point numbers: two results are equal or they are not. Whatever it holds, it takes 16 bytes, and its
/// copies share what it holds: a history may list a set anew with every read.
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
    Number(Arc<String>),
    /// A text.
    Text(Arc<String>),
    /// What is neither a number nor a text, as it is written: a keyword `:a`, a symbol `a`, a character `\\a`.
    Word(Arc<String>),
    /// An ordered collection.
    List(Arc<Vec<Value>>),
    /// An unordered collection without duplicates.
    Set(Arc<Set<Value>>),
    /// Keys and their values, such as accounts and their balances.
    Map(Arc<Map<Value, Value>>),
    /// A collection with a tag that says how it was made, such as a record: `#user.Point {:x 1}`.
    Tagged(Arc<(String, Value)>),
}

/// What a shared value takes beside what it holds: two counts, and a length with its room and place.
const SHARED: usize = 5 * size_of::<usize>();

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Arc::new(text.into()))
    }

    /// A number that is no whole one of 64 bits, in its one form.
    pub fn number(number: impl Into<String>) -> Self {
        Self::Number(Arc::new(number.into()))
    }

    /// What is neither a number nor a text, as it is written.
    pub fn word(word: impl Into<String>) -> Self {
        Self::Word(Arc::new(word.into()))
    }

    /// An ordered collection.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(Arc::new(values.into_iter().collect()))
    }

    /// An unordered collection.
    pub fn set(values: impl IntoIterator<Item = Self>) -> Self {
        Self::Set(Arc::new(values.into_iter().collect()))
    }

    /// Keys and their values.
    pub fn map(entries: impl IntoIterator<Item = (Self, Self)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().collect()))
    }

    /// A list of whole numbers.
    ///
    /// ```
    /// use check::value::Value;
    ///
    /// assert_eq!(Value::ints(&[1, 2]).to_string(), "[1 2]");
    /// ```
    pub fn ints(numbers: &[i64]) -> Self {
        Self::list(numbers.iter().map(|&n| Self::Int(n)))
    }

    /// A pair, as `cas` takes it: what is expected, and what to put in its place.
    pub fn pair(first: impl Into<Self>, second: impl Into<Self>) -> Self {
        Self::list([first.into(), second.into()])
    }

    /// The whole of it, as EDN: for files, and not for sentences.
    pub fn notation(&self) -> Notation<'_> {
        Notation(self)
    }

    /// About how many bytes it takes on the heap beside what its elements take.
    pub(crate) fn own_bytes(&self) -> usize {
        match self {
            Self::Nil | Self::Bool(_) | Self::Int(_) => 0,
            Self::Number(text) | Self::Text(text) | Self::Word(text) => SHARED + text.capacity(),
            Self::Tagged(tagged) => SHARED + tagged.0.capacity(),
            Self::List(_) | Self::Set(_) | Self::Map(_) => SHARED,
        }
    }

    /// About how many bytes it takes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let each = |value: &Self| size_of::<Self>() + value.bytes();
        let elements: usize = match self {
            Self::List(list) => list.iter().map(each).sum(),
            Self::Set(set) => set.iter().map(each).sum(),
            Self::Map(map) => map.iter().map(|(key, value)| each(key) + each(value)).sum(),
            Self::Tagged(tagged) => each(&tagged.1),
            _ => 0,
        };
        self.own_bytes() + elements
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
        i64::try_from(number).map_or_else(|_| Self::number(number.to_string()), Self::Int)
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
                let keyword = map.get(&Self::word(format!(":{name}")));
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
        write!(f, "{}", value.notation())?;
    }
    f.write_str(close)
}

/// Quotes the value in a sentence: the beginning of its notation.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Quoted(self.notation()))
    }
}

/// A value as EDN, the notation of Jepsen's histories, however long that is.
#[derive(Clone, Copy, Debug)]
pub struct Notation<'a>(&'a Value);

impl fmt::Display for Notation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Nil => f.write_str("nil"),
            Value::Bool(truth) => write!(f, "{truth}"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Number(text) | Value::Word(text) => f.write_str(text),
            Value::Text(text) => write_text(f, text),
            Value::List(list) => join(f, "[", list.iter(), "]"),
            Value::Set(set) => join(f, "#{", set.iter(), "}"),
            Value::Tagged(tagged) => write!(f, "{} {}", tagged.0, tagged.1.notation()),
            Value::Map(map) => join(f, "{", map.iter().flat_map(|(k, v)| [k, v]), "}"),
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
