//! What protocols are made of: mechanisms that more than one protocol uses.
//!
//! A part that talks, waits or writes lends its messages, timers and records to the protocol that hosts it, and says in
//! a trait `Hosts` what it asks of that protocol.
//!
//! | part | its subject |
//! | --- | --- |
//! | [`after_sync`] | what a node owes once its disk has caught up |
//! | [`backoff`], [`breaker`], [`budget`] | what keeps retries in bounds |
//! | [`caller`] | clients that ask one server after the other |
//! | [`clock_correction`] | correcting a wall clock, by a jump or slowly |
//! | [`election`] | terms, votes, and who leads |
//! | [`hybrid_clock`], [`version_vector`] | logical time |
//! | `incarnation` | telling a node's lives apart |
//! | [`numbering`] | the numbers of a client's operations |
//! | [`numbers`] | the numbers of a client's operations |
//! | [`open`] | an operation that has not ended |
//! | [`phi`] | how suspicious a silence is |
//! | [`quorum`] | majorities, quorums, and counting votes |
//! | [`replicated_log`] | a log that a leader writes and its followers copy |
//! | [`spread`] | durations that are drawn, so that nodes do not act in step |

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
pub mod backoff;
pub mod breaker;
pub mod budget;
pub mod caller;
pub mod clock_correction;
pub mod election;
pub mod hybrid_clock;
pub(crate) mod incarnation;
pub mod numbering;
pub mod numbers;
pub mod open;
pub mod phi;
pub mod quorum;
pub mod replicated_log;
pub mod spread;
pub mod version_vector;
