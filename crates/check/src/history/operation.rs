//! One operation: which process called what, when, and how it ended.

use crate::quoted::Quoted;
use crate::value::Value;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// True time, in nanoseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0 / 1_000;
        write!(f, "{}.{:06} s", micros / 1_000_000, micros % 1_000_000)
    }
}

/// A client: it has at most one open call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Process(pub u32);

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The number of an operation in its history, in the order of invocation, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

impl OpId {
    /// The operation's place in [`History::operations`](super::History::operations).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(| $alias:literal)*,)*) => {
        /// What a client calls.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Function {
            $($(#[$doc])* $variant,)*
        }

        impl Function {
            /// Every function.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in histories.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl FromStr for Function {
            type Err = UnknownFunction;

            fn from_str(name: &str) -> Result<Self, UnknownFunction> {
                match name {
                    $($name $(| $alias)* => Ok(Self::$variant),)*
                    _ => Err(UnknownFunction(name.to_owned())),
                }
            }
        }
    };
}

functions! {
    /// Reads the whole object: a register's value, a list, a set, all balances.
    Read = "read" | "get",
    /// Writes a value over whatever was there.
    Write = "write" | "put",
    /// Writes the second of a pair if the first is what is there.
    Cas = "cas",
    /// Appends to a list or a text.
    Append = "append",
    /// Adds an element to a set, or a number to a counter.
    Add = "add",
    /// Removes an element from a set.
    Remove = "remove",
    /// Puts an item at a queue's end.
    Enqueue = "enqueue",
    /// Takes the item at a queue's head, or nil if there is none.
    Dequeue = "dequeue",
    /// Takes items from a queue until it is empty, and returns them in a list.
    Drain = "drain",
    /// Moves money: `{:from :to :amount}`.
    Transfer = "transfer",
    /// Takes a lock.
    Acquire = "acquire",
    /// Gives a lock back.
    Release = "release",
}

impl Function {
    /// Whether its value is what it returns, and not what it is called with.
    pub fn tells(self) -> bool {
        matches!(self, Self::Read | Self::Dequeue | Self::Drain)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No function has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown function `{}`", Quoted(.0))]
pub struct UnknownFunction(pub String);

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// The object it is called on, where there are several.
    pub key: Option<Value>,
    /// What it is called with; nil for reads.
    pub argument: Value,
}

impl Call {
    /// A call on the only object.
    pub fn new(function: Function, argument: impl Into<Value>) -> Self {
        Self {
            function,
            key: None,
            argument: argument.into(),
        }
    }

    /// A call on one of several objects.
    pub fn on(key: impl Into<Value>, function: Function, argument: impl Into<Value>) -> Self {
        Self {
            function,
            key: Some(key.into()),
            argument: argument.into(),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.function)?;
        if let Some(key) = &self.key {
            write!(f, " {key}")?;
        }
        if self.argument != Value::Nil {
            write!(f, " {}", self.argument)?;
        }
        Ok(())
    }
}

/// How an operation ended, if it did. Events are numbers of [`History::events`].
///
/// [`History::events`]: super::History::events
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Not yet: it may take effect at any time.
    Open,
    /// It took effect between its invocation and now, and this is its result.
    Ok {
        /// When the client was told.
        at: Time,
        /// The number of the entry.
        event: u32,
        /// What the client was told.
        result: Value,
    },
    /// It certainly took no effect.
    Fail {
        /// When the client was told.
        at: Time,
        /// The number of the entry.
        event: u32,
    },
    /// The client gave up: it may have taken effect, or may yet.
    Info {
        /// When the client gave up.
        at: Time,
        /// The number of the entry.
        event: u32,
    },
}

impl Ended {
    /// When the client was told, or gave up.
    pub fn at(&self) -> Option<Time> {
        match self {
            Self::Open => None,
            Self::Ok { at, .. } | Self::Fail { at, .. } | Self::Info { at, .. } => Some(*at),
        }
    }

    /// The number of the entry with which it ended.
    pub fn event(&self) -> Option<u32> {
        match self {
            Self::Open => None,
            Self::Ok { event, .. } | Self::Fail { event, .. } | Self::Info { event, .. } => {
                Some(*event)
            }
        }
    }
}

/// One call of one client, from invocation to return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its number in the history.
    pub id: OpId,
    /// Who called.
    pub process: Process,
    /// The process' name, if it has one.
    pub(super) name: Option<Arc<str>>,
    /// What was called.
    pub call: Call,
    /// When, in true time.
    pub invoked: Time,
    /// The number of the entry with which it began.
    pub invoke_event: u32,
    /// How it ended.
    pub ended: Ended,
}

impl Operation {
    /// The name of the process that called, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The process that called, in words: by its name, if it has one.
    pub fn client(&self) -> String {
        match self.name() {
            Some(name) => format!("process {}", Quoted(name)),
            None => format!("process {}", self.process),
        }
    }

    /// The result, of an operation that ended ok.
    pub fn result(&self) -> Option<&Value> {
        match &self.ended {
            Ended::Ok { result, .. } => Some(result),
            _ => None,
        }
    }

    /// The entry by which an operation that ended ok had taken effect.
    pub fn effective_by(&self) -> Option<u32> {
        match self.ended {
            Ended::Ok { event, .. } => Some(event),
            _ => None,
        }
    }

    /// Whether it certainly took no effect.
    pub fn failed(&self) -> bool {
        matches!(self.ended, Ended::Fail { .. })
    }

    /// Whether it ended before `other` began.
    pub fn precedes(&self, other: &Self) -> bool {
        self.ended
            .event()
            .is_some_and(|event| event < other.invoke_event)
            && !matches!(self.ended, Ended::Info { .. })
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.client(), self.call)?;
        match &self.ended {
            Ended::Open | Ended::Info { .. } => f.write_str(" -> ?"),
            Ended::Ok {
                result: Value::Nil, ..
            } if !self.call.function.tells() => f.write_str(" -> ok"),
            Ended::Ok { result, .. } => write!(f, " -> {result}"),
            Ended::Fail { .. } => f.write_str(" -> failed"),
        }
    }
}
