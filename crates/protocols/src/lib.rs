//! The protocols that Slowfire runs: a module per protocol, with its nodes, its messages and its defences.
//!
//! A protocol implements [`sim::Protocol`] and describes itself to scenarios by a [`ProtocolEntry`]. A scenario looks it
//! up, chooses nodes, parameters and defences in a [`Plan`], and gets a world that can be run:
//!
//! ```
//! use protocols::Plan;
//! use sim::network::LinkProfile;
//! use sim::trace::{Fact, Outcome, Trace};
//! use sim::{Setup, SimDuration, SimTime};
//!
//! let payments = protocols::find("payments").expect("there is such a protocol");
//! let mut plan = Plan::new(payments, &["client", "bank"]);
//! plan.parameters.insert("payments", 3.0);
//! plan.defences.insert("retry");
//!
//! let setup = Setup::new(7, LinkProfile::ideal(SimDuration::from_millis(50)), 2);
//! let mut machine = (payments.build)(&plan, &setup);
//! let mut trace = Trace::full();
//! let end = SimTime::from_millis(10_000);
//! while machine.kernel().next_due().is_some_and(|due| due <= end) {
//!     machine.step(&mut trace);
//! }
//!
//! let receipts = trace.events().iter().filter_map(|event| match event.fact()? {
//!     Fact::Returned { outcome: Outcome::Ok, value, .. } => Some(value),
//!     _ => None,
//! });
//! assert_eq!(receipts.collect::<Vec<_>>(), [30, 30, 30]);
//! ```
//!
//! To add a protocol, write its module in the folder of its subject, and add its entry to [`PROTOCOLS`].
//!
//! | folder | its subject |
//! | --- | --- |
//! | [`requests`] | clients that ask a server, and what they make of silence |
//! | [`wires`] | what lies between client and server: relays and switches |
//! | [`clocks`] | what clocks are good for: order, deadlines, leases |
//! | [`copies`] | data in several places, and how the copies come to agree |
//! | [`agreement`] | servers that agree on one order of commands: Raft |
//! | [`leaders`] | who is alive, who leads, and what happens when several believe they do |
//! | [`transactions`] | what happens in several places, as if it were one |
//! | [`parts`] | mechanisms that several protocols use: backoff, breakers, quorums, terms |
//! | `describe` | how a protocol describes itself to scenarios, and is built from what they choose |

#![forbid(unsafe_code)]

pub mod agreement;
pub mod clocks;
pub mod copies;
mod describe;
pub mod leaders;
pub mod parts;
pub mod requests;
pub mod transactions;
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
    clocks::lease::file::ENTRY,
    clocks::lease::lock::ENTRY,
    copies::multi_leader::ENTRY,
    copies::notebook::ENTRY,
    clocks::ntp::ENTRY,
    requests::payments::ENTRY,
    leaders::primary_backup::ENTRY,
    copies::quorum_register::ENTRY,
    agreement::raft::ENTRY,
    copies::read_replicas::ENTRY,
    wires::relay::ENTRY,
    requests::retries::ENTRY,
    wires::shared_port::ENTRY,
    copies::side_by_side::ENTRY,
    clocks::stopwatch::ENTRY,
    requests::thermostat::ENTRY,
    transactions::snapshot_isolation::ENTRY,
    transactions::two_phase_commit::ENTRY,
];

/// The protocol of this name.
pub fn find(id: &str) -> Option<&'static ProtocolEntry> {
    PROTOCOLS.iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::PROTOCOLS;

    #[test]
    fn what_was_mended_is_told_in_sentences() {
        for entry in PROTOCOLS {
            for sentence in entry.mended {
                let begins = sentence.starts_with(char::is_uppercase);
                assert!(
                    begins && sentence.ends_with('.'),
                    "{}: {sentence}",
                    entry.id
                );
            }
        }
    }

    #[test]
    fn an_operation_is_known_by_roles_of_its_protocol() {
        for entry in PROTOCOLS {
            for word in entry.vocabulary.operations {
                let is_role = |id: &&str| entry.roles.iter().any(|role| role.id == *id);
                let knows = !word.roles.is_empty() && word.roles.iter().all(is_role);
                assert!(knows, "{}: {}: {:?}", entry.id, word.name, word.roles);
            }
        }
    }

    /// A number alone does not say of what it is: an operation, a term, a place.
    #[test]
    fn no_message_is_labelled_by_a_number_alone() {
        for entry in PROTOCOLS {
            for word in entry.vocabulary.messages {
                let label = word.label;
                assert!(
                    !label.starts_with('#'),
                    "{}: {}: {label}",
                    entry.id,
                    word.name
                );
                assert!(
                    !label.contains("k{"),
                    "{}: {}: {label}",
                    entry.id,
                    word.name
                );
            }
        }
    }
}
