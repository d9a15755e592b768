//! The protocols that Slowfire runs: a module per protocol, with its nodes, its messages and its defences.
//!
//! A protocol implements [`sim::Protocol`] and describes itself to scenarios by a [`ProtocolEntry`]. To add one, write
//! its module in the folder of its subject, and add its entry to [`PROTOCOLS`].
//!
//! | folder | its subject |
//! | --- | --- |
//! | [`requests`] | clients that ask a server, and what they make of silence |
//! | [`wires`] | what lies between client and server: relays and switches |
//! | [`clocks`] | what clocks are good for: order, deadlines, leases |
//! | [`copies`] | data in several places, and how the copies come to agree |
//! | [`leaders`] | who is alive, who leads, and what happens when several believe they do |
//! | [`parts`] | mechanisms that several protocols use: backoff, breakers, quorums, terms |
//! | `describe` | how a protocol describes itself to scenarios, and is built from what they choose |

#![forbid(unsafe_code)]

pub mod clocks;
pub mod copies;
mod describe;
pub mod leaders;
pub mod parts;
pub mod requests;
#[cfg(test)]
mod trial;
pub mod wires;

pub use describe::entry::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec};

/// Every protocol that a scenario can name.
pub const PROTOCOLS: &[ProtocolEntry] = &[
    requests::calls::ENTRY,
    clocks::commit_wait::ENTRY,
    clocks::event_log::ENTRY,
    leaders::failover::ENTRY,
    copies::feed::ENTRY,
    leaders::heartbeats::ENTRY,
    clocks::lease::FILE_ENTRY,
    clocks::lease::LOCK_ENTRY,
    copies::multi_leader::ENTRY,
    copies::notebook::ENTRY,
    clocks::ntp::ENTRY,
    requests::payments::ENTRY,
    leaders::primary_backup::ENTRY,
    copies::quorum_register::ENTRY,
    wires::relay::ENTRY,
    requests::retries::ENTRY,
    wires::shared_port::ENTRY,
    copies::side_by_side::ENTRY,
    clocks::stopwatch::ENTRY,
    requests::thermostat::ENTRY,
];

/// The protocol of this name.
pub fn find(id: &str) -> Option<&'static ProtocolEntry> {
    PROTOCOLS.iter().find(|entry| entry.id == id)
}
