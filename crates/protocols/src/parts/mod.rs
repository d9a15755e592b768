//! What protocols are made of: mechanisms that more than one protocol uses.
//!
//! A part that talks, waits or writes lends its messages, timers and records to the protocol that hosts it, and says in
//! a trait `Hosts` what it asks of that protocol.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`caller`] | clients that ask one server after the other |
//! | [`clocks`] | correcting clocks, what a node can know about the time, timestamps that respect cause and effect |
//! | [`disk`] | what a node owes once its disk has caught up, and records that a torn write never takes away |
//! | [`election`] | terms, votes, and who leads |
//! | [`log`] | a log of terms, and what two of them have in common |
//! | [`numbers`] | the numbers of a client's operations, none given twice although the client restarts |
//! | [`open`] | an operation of a client that has not ended |
//! | [`quorum`] | majorities, quorums, and counting votes |
//! | [`replicated_log`] | a log that a leader writes and its followers copy |
//! | [`retrying`] | what keeps retries in bounds |
//! | [`spread`] | durations and numbers that are drawn, so that nodes do not act in step |

/// Makes a protocol a host of parts: for each variant of its enums that holds a part's message, timer or record, the
/// conversion into the enum.
macro_rules! hosts {
    ($($enum:ident { $($variant:ident($part:ty)),+ $(,)? })+) => {
        $($(impl From<$part> for $enum {
            fn from(part: $part) -> $enum {
                $enum::$variant(part)
            }
        })+)+
    };
}

pub(crate) use hosts;

pub mod caller;
pub mod clocks;
pub mod disk;
pub mod election;
pub mod log;
pub mod numbers;
pub mod open;
pub mod quorum;
pub mod replicated_log;
pub mod retrying;
pub mod spread;
