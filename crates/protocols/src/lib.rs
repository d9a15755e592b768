//! The protocols that Slowfire runs: a module a protocol, with its nodes, its messages and its defences.
//!
//! A protocol implements [`sim::Protocol`] and describes itself to scenarios by a [`ProtocolEntry`]. To add one, write
//! its module and add its entry to [`PROTOCOLS`].
//!
//! | module | its subject |
//! | --- | --- |
//! | `entry` | what a scenario must know of a protocol |
//! | `incarnation` | telling a node's lives apart |
//! | [`calls`] | clients that call a server, and what they make of silence |
//! | [`commit_wait`] | transactions with timestamps on several shards; interval clocks and commit wait |
//! | [`event_log`] | a log of several services; wall clocks, Lamport clocks and vector clocks |
//! | [`failover`] | a primary and its backups, which take over when it is silent; election by majority, fencing by epoch |
//! | [`feed`] | a group whose members answer each other; FIFO and causal order |
//! | [`heartbeats`] | a balancer and its workers, and how long a silence means death |
//! | [`lease`] | a lock that is lent for a time, alone or guarding a file; drift margins and fencing tokens |
//! | [`multi_leader`] | replicas that all take writes; last write wins, logical clocks and version vectors |
//! | [`notebook`] | a server that keeps notes; syncing and copying before the answer, or after |
//! | [`ntp`] | setting a clock over a network; the clock filter and the selection of servers |
//! | [`parts`] | mechanisms that several protocols use: backoff, breakers, quorums, terms |
//! | [`payments`] | clients that pay through a bank; retries and idempotency keys |
//! | [`primary_backup`] | a register with a primary, its backups, and elections |
//! | [`quorum_register`] | registers with N replicas, read from R and written to W of them; write-back, sloppy quorums |
//! | [`relay`] | records that pass a relay; checksums on each hop and from end to end |
//! | [`retries`] | calls to a server that retries overwhelm, and what keeps them in bounds |
//! | [`shared_port`] | a switch that many share; bounded and fair queues, deadlines |
//! | [`side_by_side`] | a bank that asks a majority and a timeline that answers alone, on the same network |
//! | [`stopwatch`] | requests that are timed, and given up, by the wall clock or the monotonic clock |
//! | [`thermostat`] | a register that is written at least once; sequence numbers |
//! | `words` | the words of a vocabulary |

#![forbid(unsafe_code)]

pub mod calls;
pub mod commit_wait;
mod entry;
pub mod event_log;
pub mod failover;
pub mod feed;
pub mod heartbeats;
mod incarnation;
pub mod lease;
pub mod multi_leader;
pub mod notebook;
pub mod ntp;
pub mod parts;
pub mod payments;
pub mod primary_backup;
pub mod quorum_register;
pub mod relay;
pub mod retries;
pub mod shared_port;
pub mod side_by_side;
pub mod stopwatch;
pub mod thermostat;
#[cfg(test)]
mod trial;
mod words;

pub use entry::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec};

/// Every protocol that a scenario can name.
pub const PROTOCOLS: &[ProtocolEntry] = &[
    calls::ENTRY,
    commit_wait::ENTRY,
    event_log::ENTRY,
    failover::ENTRY,
    feed::ENTRY,
    heartbeats::ENTRY,
    lease::FILE_ENTRY,
    lease::LOCK_ENTRY,
    multi_leader::ENTRY,
    notebook::ENTRY,
    ntp::ENTRY,
    payments::ENTRY,
    primary_backup::ENTRY,
    quorum_register::ENTRY,
    relay::ENTRY,
    retries::ENTRY,
    shared_port::ENTRY,
    side_by_side::ENTRY,
    stopwatch::ENTRY,
    thermostat::ENTRY,
];

/// The protocol of this name.
pub fn find(id: &str) -> Option<&'static ProtocolEntry> {
    PROTOCOLS.iter().find(|entry| entry.id == id)
}
