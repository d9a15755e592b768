//! Facts: what nodes do that a check judges, in words that no protocol owns.
//!
//! A protocol puts facts on record; a check reads them, and so knows nothing of the protocol.

/// How an operation ended, as its client saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    /// It took effect.
    Ok = 0,
    /// It certainly took no effect.
    Fail = 1,
    /// The client gave up and does not know.
    Unknown = 2,
}

/// What an operation asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Function {
    /// Read a key.
    Read = 0,
    /// Write a value to a key.
    Write = 1,
    /// Pay: an effect that must happen exactly once.
    Pay = 2,
    /// Append a value to a key's list.
    Append = 3,
    /// Add to a key.
    Add = 4,
    /// Take a lock.
    Acquire = 5,
    /// Give a lock back.
    Release = 6,
    /// Any other request that wants an answer.
    Request = 7,
}

/// A fact on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A client asked for something. `operation` is unique in the run.
    Invoked {
        /// The operation's number.
        operation: u32,
        /// What it asks for.
        function: Function,
        /// About which key.
        key: i64,
        /// With which value.
        value: i64,
    },
    /// A client's operation ended.
    Returned {
        /// The operation's number.
        operation: u32,
        /// How it ended.
        outcome: Outcome,
        /// What was answered.
        value: i64,
    },
    /// A client asked once more for the same operation.
    Retried {
        /// The operation's number.
        operation: u32,
        /// How many times it has asked now; the first retry is 2.
        attempt: i64,
    },
    /// Something that an operation asked for took effect in the outside world.
    Effect {
        /// The operation's number.
        operation: u32,
        /// How much: money moved, units shipped.
        amount: i64,
        /// The total after it.
        total: i64,
    },
}

/// Which fact an event of kind `Fact` holds: its `code`. The numbers are part of every digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FactKind {
    /// [`Fact::Invoked`].
    Invoked = 0,
    /// [`Fact::Returned`].
    Returned = 1,
    /// [`Fact::Retried`].
    Retried = 2,
    /// [`Fact::Effect`].
    Effect = 3,
}

impl Fact {
    /// The fact as an event's `code` and `args`.
    pub(crate) fn pack(self) -> (u8, [i64; 3]) {
        match self {
            Fact::Invoked { operation, function, key, value } => {
                (FactKind::Invoked as u8, [i64::from(operation) | (function as i64) << 32, key, value])
            }
            Fact::Returned { operation, outcome, value } => {
                (FactKind::Returned as u8, [i64::from(operation), outcome as i64, value])
            }
            Fact::Retried { operation, attempt } => (FactKind::Retried as u8, [i64::from(operation), attempt, 0]),
            Fact::Effect { operation, amount, total } => {
                (FactKind::Effect as u8, [i64::from(operation), amount, total])
            }
        }
    }

    /// What [`Fact::pack`] packed; `None` for anything else.
    pub(super) fn unpack(code: u8, args: [i64; 3]) -> Option<Fact> {
        let operation = args[0] as u32;
        Some(match code {
            0 => Fact::Invoked {
                operation,
                function: Function::from_code((args[0] >> 32) as u8)?,
                key: args[1],
                value: args[2],
            },
            1 => Fact::Returned { operation, outcome: Outcome::from_code(args[1])?, value: args[2] },
            2 => Fact::Retried { operation, attempt: args[1] },
            3 => Fact::Effect { operation, amount: args[1], total: args[2] },
            _ => return None,
        })
    }

    /// Whether a reader who skips from moment to moment would want to stop here.
    pub(super) fn is_interesting(&self) -> bool {
        matches!(self, Fact::Retried { .. } | Fact::Returned { outcome: Outcome::Unknown, .. })
    }
}

impl Function {
    const ALL: [Function; 8] = [
        Function::Read,
        Function::Write,
        Function::Pay,
        Function::Append,
        Function::Add,
        Function::Acquire,
        Function::Release,
        Function::Request,
    ];

    fn from_code(code: u8) -> Option<Function> {
        Self::ALL.get(code as usize).copied()
    }
}

impl Outcome {
    fn from_code(code: i64) -> Option<Outcome> {
        [Outcome::Ok, Outcome::Fail, Outcome::Unknown].get(usize::try_from(code).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_unpacks_to_itself() {
        let mut facts = vec![
            Fact::Retried { operation: 7, attempt: 2 },
            Fact::Effect { operation: u32::MAX, amount: -30, total: i64::MIN },
        ];
        for function in Function::ALL {
            facts.push(Fact::Invoked { operation: u32::MAX, function, key: -1, value: i64::MAX });
        }
        for outcome in [Outcome::Ok, Outcome::Fail, Outcome::Unknown] {
            facts.push(Fact::Returned { operation: 3, outcome, value: -5 });
        }
        for fact in facts {
            let (code, args) = fact.pack();
            assert_eq!(Fact::unpack(code, args), Some(fact));
        }
        assert_eq!(Fact::unpack(200, [0; 3]), None);
        assert_eq!(Fact::unpack(FactKind::Returned as u8, [0, 9, 0]), None);
    }
}
