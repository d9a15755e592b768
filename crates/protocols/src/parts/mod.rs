//! What protocols are made of: mechanisms that more than one protocol uses.
//!
//! A part that talks, waits or writes lends its messages, timers and records to the protocol that hosts it, and says in
//! a trait `Hosts` what it asks of that protocol.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`clients`] | operations of clients: their numbers, attempts and timers, and what keeps retries in bounds |
//! | [`time`] | logical clocks, correcting a wall clock, and durations that are drawn |
//! | [`after_sync`] | what a node owes once its disk has caught up |
//! | [`election`] | terms, votes, and who leads |
//! | [`phi`] | how suspicious a silence is |
//! | [`quorum`] | majorities, quorums, and counting votes |
//! | [`replicated_log`] | a log that a leader writes and its followers copy |

/// Makes the messages, timers and records of parts those of a protocol that hosts them: for each variant of its enums
/// that holds one, the conversion into the enum.
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

pub mod after_sync;
pub mod clients;
pub mod election;
pub mod phi;
pub mod quorum;
pub mod replicated_log;
pub mod time;
