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

/// How two things that happened are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Relation {
    /// The first came before the second.
    Before = 0,
    /// Neither could know of the other.
    Concurrent = 1,
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
    /// A node's copy of a key is what `operation` wrote; whatever it was before is gone from that copy.
    Stored {
        /// The number of the operation that wrote it.
        operation: u32,
        /// Which key.
        key: i64,
        /// The version, epoch, term or token under which it was accepted.
        version: i64,
    },
    /// A node takes itself for the leader, or the primary, of a term.
    Leads {
        /// The term or epoch.
        term: i64,
    },
    /// A node no longer takes itself for the leader.
    StepsDown {
        /// The term or epoch that it led.
        term: i64,
    },
    /// A node takes another one for dead.
    Suspects {
        /// The other one's number.
        node: i64,
    },
    /// A node takes another one for alive that it had suspected.
    Trusts {
        /// The other one's number.
        node: i64,
    },
    /// A node takes itself for the holder of a lock or lease.
    Acquired {
        /// Which lock.
        lock: i64,
        /// The fencing token that came with it.
        token: i64,
    },
    /// A node no longer takes itself for the holder.
    Released {
        /// Which lock.
        lock: i64,
        /// The token that it held it under.
        token: i64,
    },
    /// A node shows something to its reader.
    Shown {
        /// What.
        item: i64,
        /// What it answers or follows; -1 for nothing.
        after: i64,
    },
    /// A node begins to measure a length of time.
    MeasureBegins {
        /// The measurement's number.
        measure: i64,
    },
    /// A node ends a measurement.
    MeasureEnds {
        /// The measurement's number.
        measure: i64,
        /// How long it took by the node's reckoning, in nanoseconds; a wall clock can make it negative.
        length: i64,
    },
    /// A node gives something a timestamp.
    Stamped {
        /// What.
        item: i64,
        /// The timestamp's first part: physical time, or all of it.
        stamp: i64,
        /// Its second part: a logical counter, or who gave it.
        tie: i64,
    },
    /// A client learns what became of an operation that it had already ended.
    Learned {
        /// The operation's number.
        operation: u32,
        /// How it ended after all.
        outcome: Outcome,
    },
    /// A node does not do what an operation asks for, because it has seen something newer.
    Refused {
        /// The operation's number.
        operation: u32,
        /// About which key.
        key: i64,
        /// The version, epoch, term or token that was too old.
        version: i64,
    },
    /// A node finds that what came is damaged, and throws it away.
    Damaged {
        /// The number of the operation that it belongs to.
        operation: u32,
    },
    /// A node has something that it does not show yet, because something else belongs before it.
    HeldBack {
        /// What.
        item: i64,
        /// What it waits for; -1 if it cannot say.
        awaits: i64,
    },
    /// A node throws away what an operation asks for or answers, because it has no room or no time for it.
    Shed {
        /// The operation's number.
        operation: u32,
    },
    /// A node decides to ask nobody for anything for a while.
    HoldsOff {
        /// For how long by its monotonic clock, in nanoseconds.
        length: i64,
    },
    /// A node acts as the leader: it lets what an operation asks for take effect.
    Acts {
        /// The operation's number.
        operation: u32,
        /// The term, or the epoch, in which it leads.
        term: i64,
    },
    /// A node's copy of a key no longer holds what `operation` wrote, or never will, because of what `by` wrote.
    Discarded {
        /// The number of the operation whose write is gone.
        operation: u32,
        /// The number of the operation whose write stands in its place.
        by: u32,
        /// Which key.
        key: i64,
    },
    /// A node says how two things that happened are ordered.
    Judged {
        /// The one.
        first: i64,
        /// The other.
        second: i64,
        /// How they are ordered, as it says.
        relation: Relation,
    },
    /// A node has compared its wall clock with another node's, over one round trip.
    Sampled {
        /// The other one's number.
        node: i64,
        /// How far the other one's clock is ahead, as it reckons; nanoseconds.
        offset: i64,
        /// How long the round trip took, less what the other one took to answer; nanoseconds.
        delay: i64,
    },
    /// A node reads its wall clock, for the record.
    ClockRead {
        /// What it shows, in nanoseconds since the run's epoch.
        reading: i64,
        /// How far it can be off, as the node reckons, in nanoseconds; -1 if it does not reckon.
        bound: i64,
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
    /// [`Fact::Stored`].
    Stored = 4,
    /// [`Fact::Leads`].
    Leads = 5,
    /// [`Fact::StepsDown`].
    StepsDown = 6,
    /// [`Fact::Suspects`].
    Suspects = 7,
    /// [`Fact::Trusts`].
    Trusts = 8,
    /// [`Fact::Acquired`].
    Acquired = 9,
    /// [`Fact::Released`].
    Released = 10,
    /// [`Fact::Shown`].
    Shown = 11,
    /// [`Fact::MeasureBegins`].
    MeasureBegins = 12,
    /// [`Fact::MeasureEnds`].
    MeasureEnds = 13,
    /// [`Fact::Stamped`].
    Stamped = 14,
    /// [`Fact::Learned`].
    Learned = 20,
    /// [`Fact::Refused`].
    Refused = 21,
    /// [`Fact::Damaged`].
    Damaged = 22,
    /// [`Fact::HeldBack`].
    HeldBack = 23,
    /// [`Fact::Shed`].
    Shed = 30,
    /// [`Fact::HoldsOff`].
    HoldsOff = 31,
    /// [`Fact::Acts`].
    Acts = 32,
    /// [`Fact::Discarded`].
    Discarded = 40,
    /// [`Fact::Judged`].
    Judged = 41,
    /// [`Fact::Sampled`].
    Sampled = 42,
    /// [`Fact::ClockRead`].
    ClockRead = 43,
}

impl Fact {
    /// The operation that it is about, if it is about one.
    pub fn operation(&self) -> Option<u32> {
        match *self {
            Fact::Invoked { operation, .. }
            | Fact::Returned { operation, .. }
            | Fact::Retried { operation, .. }
            | Fact::Effect { operation, .. }
            | Fact::Stored { operation, .. }
            | Fact::Learned { operation, .. }
            | Fact::Refused { operation, .. }
            | Fact::Damaged { operation }
            | Fact::Shed { operation }
            | Fact::Discarded { operation, .. } => Some(operation),
            _ => None,
        }
    }

    /// The fact as an event's `code` and `args`.
    pub(crate) fn pack(self) -> (u8, [i64; 3]) {
        match self {
            Fact::Invoked {
                operation,
                function,
                key,
                value,
            } => (
                FactKind::Invoked as u8,
                [i64::from(operation) | (function as i64) << 32, key, value],
            ),
            Fact::Returned {
                operation,
                outcome,
                value,
            } => (
                FactKind::Returned as u8,
                [i64::from(operation), outcome as i64, value],
            ),
            Fact::Retried { operation, attempt } => {
                (FactKind::Retried as u8, [i64::from(operation), attempt, 0])
            }
            Fact::Effect {
                operation,
                amount,
                total,
            } => (
                FactKind::Effect as u8,
                [i64::from(operation), amount, total],
            ),
            Fact::Stored {
                operation,
                key,
                version,
            } => (FactKind::Stored as u8, [i64::from(operation), key, version]),
            Fact::Leads { term } => (FactKind::Leads as u8, [term, 0, 0]),
            Fact::StepsDown { term } => (FactKind::StepsDown as u8, [term, 0, 0]),
            Fact::Suspects { node } => (FactKind::Suspects as u8, [node, 0, 0]),
            Fact::Trusts { node } => (FactKind::Trusts as u8, [node, 0, 0]),
            Fact::Acquired { lock, token } => (FactKind::Acquired as u8, [lock, token, 0]),
            Fact::Released { lock, token } => (FactKind::Released as u8, [lock, token, 0]),
            Fact::Shown { item, after } => (FactKind::Shown as u8, [item, after, 0]),
            Fact::MeasureBegins { measure } => (FactKind::MeasureBegins as u8, [measure, 0, 0]),
            Fact::MeasureEnds { measure, length } => {
                (FactKind::MeasureEnds as u8, [measure, length, 0])
            }
            Fact::Stamped { item, stamp, tie } => (FactKind::Stamped as u8, [item, stamp, tie]),
            Fact::Learned { operation, outcome } => (
                FactKind::Learned as u8,
                [i64::from(operation), outcome as i64, 0],
            ),
            Fact::Refused {
                operation,
                key,
                version,
            } => (
                FactKind::Refused as u8,
                [i64::from(operation), key, version],
            ),
            Fact::Damaged { operation } => (FactKind::Damaged as u8, [i64::from(operation), 0, 0]),
            Fact::HeldBack { item, awaits } => (FactKind::HeldBack as u8, [item, awaits, 0]),
            Fact::Shed { operation } => (FactKind::Shed as u8, [i64::from(operation), 0, 0]),
            Fact::HoldsOff { length } => (FactKind::HoldsOff as u8, [length, 0, 0]),
            Fact::Acts { operation, term } => {
                (FactKind::Acts as u8, [i64::from(operation), term, 0])
            }
            Fact::Discarded { operation, by, key } => (
                FactKind::Discarded as u8,
                [i64::from(operation), i64::from(by), key],
            ),
            Fact::Judged {
                first,
                second,
                relation,
            } => (FactKind::Judged as u8, [first, second, relation as i64]),
            Fact::Sampled {
                node,
                offset,
                delay,
            } => (FactKind::Sampled as u8, [node, offset, delay]),
            Fact::ClockRead { reading, bound } => (FactKind::ClockRead as u8, [reading, bound, 0]),
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
            1 => Fact::Returned {
                operation,
                outcome: Outcome::from_code(args[1])?,
                value: args[2],
            },
            2 => Fact::Retried {
                operation,
                attempt: args[1],
            },
            3 => Fact::Effect {
                operation,
                amount: args[1],
                total: args[2],
            },
            4 => Fact::Stored {
                operation,
                key: args[1],
                version: args[2],
            },
            5 => Fact::Leads { term: args[0] },
            6 => Fact::StepsDown { term: args[0] },
            7 => Fact::Suspects { node: args[0] },
            8 => Fact::Trusts { node: args[0] },
            9 => Fact::Acquired {
                lock: args[0],
                token: args[1],
            },
            10 => Fact::Released {
                lock: args[0],
                token: args[1],
            },
            11 => Fact::Shown {
                item: args[0],
                after: args[1],
            },
            12 => Fact::MeasureBegins { measure: args[0] },
            13 => Fact::MeasureEnds {
                measure: args[0],
                length: args[1],
            },
            14 => Fact::Stamped {
                item: args[0],
                stamp: args[1],
                tie: args[2],
            },
            20 => Fact::Learned {
                operation,
                outcome: Outcome::from_code(args[1])?,
            },
            21 => Fact::Refused {
                operation,
                key: args[1],
                version: args[2],
            },
            22 => Fact::Damaged { operation },
            23 => Fact::HeldBack {
                item: args[0],
                awaits: args[1],
            },
            30 => Fact::Shed { operation },
            31 => Fact::HoldsOff { length: args[0] },
            32 => Fact::Acts {
                operation,
                term: args[1],
            },
            40 => Fact::Discarded {
                operation,
                by: args[1] as u32,
                key: args[2],
            },
            41 => Fact::Judged {
                first: args[0],
                second: args[1],
                relation: Relation::from_code(args[2])?,
            },
            42 => Fact::Sampled {
                node: args[0],
                offset: args[1],
                delay: args[2],
            },
            43 => Fact::ClockRead {
                reading: args[0],
                bound: args[1],
            },
            _ => return None,
        })
    }

    /// Whether a reader who skips from moment to moment would want to stop here.
    pub(super) fn is_interesting(&self) -> bool {
        match self {
            Fact::Returned { outcome, .. } => *outcome == Outcome::Unknown,
            Fact::Retried { .. }
            | Fact::Leads { .. }
            | Fact::StepsDown { .. }
            | Fact::Suspects { .. }
            | Fact::Trusts { .. }
            | Fact::Acquired { .. }
            | Fact::Released { .. }
            | Fact::Learned { .. }
            | Fact::Refused { .. }
            | Fact::Damaged { .. } => true,
            _ => false,
        }
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
        [Outcome::Ok, Outcome::Fail, Outcome::Unknown]
            .get(usize::try_from(code).ok()?)
            .copied()
    }
}

impl Relation {
    fn from_code(code: i64) -> Option<Relation> {
        [Relation::Before, Relation::Concurrent]
            .get(usize::try_from(code).ok()?)
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_unpacks_to_itself() {
        let mut facts = vec![
            Fact::Retried {
                operation: 7,
                attempt: 2,
            },
            Fact::Effect {
                operation: u32::MAX,
                amount: -30,
                total: i64::MIN,
            },
        ];
        facts.extend([
            Fact::Stored {
                operation: 9,
                key: -4,
                version: i64::MAX,
            },
            Fact::Leads { term: 3 },
            Fact::StepsDown { term: 3 },
            Fact::Suspects { node: 2 },
            Fact::Trusts { node: 2 },
            Fact::Acquired { lock: 1, token: 33 },
            Fact::Released { lock: 1, token: 33 },
            Fact::Shown { item: 5, after: -1 },
            Fact::MeasureBegins { measure: 1 },
            Fact::MeasureEnds {
                measure: 1,
                length: -300,
            },
            Fact::Stamped {
                item: 1,
                stamp: i64::MIN,
                tie: 7,
            },
            Fact::Learned {
                operation: 4,
                outcome: Outcome::Fail,
            },
            Fact::Refused {
                operation: 4,
                key: -1,
                version: 3,
            },
            Fact::Damaged { operation: 8 },
            Fact::HeldBack {
                item: 5,
                awaits: -1,
            },
            Fact::Shed { operation: 8 },
            Fact::HoldsOff { length: 500 },
            Fact::Acts {
                operation: 8,
                term: 3,
            },
            Fact::Discarded {
                operation: u32::MAX,
                by: 7,
                key: -1,
            },
            Fact::Judged {
                first: 3,
                second: 4,
                relation: Relation::Concurrent,
            },
            Fact::Sampled {
                node: 2,
                offset: -300,
                delay: 80,
            },
            Fact::ClockRead {
                reading: i64::MIN,
                bound: -1,
            },
        ]);
        for function in Function::ALL {
            facts.push(Fact::Invoked {
                operation: u32::MAX,
                function,
                key: -1,
                value: i64::MAX,
            });
        }
        for outcome in [Outcome::Ok, Outcome::Fail, Outcome::Unknown] {
            facts.push(Fact::Returned {
                operation: 3,
                outcome,
                value: -5,
            });
        }
        for fact in facts {
            let (code, args) = fact.pack();
            assert_eq!(Fact::unpack(code, args), Some(fact));
        }
        assert_eq!(Fact::unpack(200, [0; 3]), None);
        assert_eq!(Fact::unpack(FactKind::Returned as u8, [0, 9, 0]), None);
    }
}
