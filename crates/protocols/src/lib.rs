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
//! To add a protocol, write its module in the folder of its subject, and add its entry to `PROTOCOLS`.
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

use describe::listed::Listed;

pub use describe::entry::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec};

/// Every protocol that a scenario can name.
static PROTOCOLS: [Listed; 24] = [
    Listed::new("calls", &requests::calls::ENTRY),
    Listed::new("commit-wait", &clocks::commit_wait::ENTRY),
    Listed::new("event-log", &clocks::event_log::ENTRY),
    Listed::new("failover", &leaders::failover::ENTRY),
    Listed::new("feed", &copies::feed::ENTRY),
    Listed::new("heartbeats", &leaders::heartbeats::ENTRY),
    Listed::new("leased-file", &clocks::lease::file::ENTRY),
    Listed::new("lease", &clocks::lease::lock::ENTRY),
    Listed::new("multi-leader", &copies::multi_leader::ENTRY),
    Listed::new("notebook", &copies::notebook::ENTRY),
    Listed::new("ntp", &clocks::ntp::ENTRY),
    Listed::new("payments", &requests::payments::ENTRY),
    Listed::new("primary-backup", &leaders::primary_backup::ENTRY),
    Listed::new("quorum-register", &copies::quorum_register::ENTRY),
    Listed::new("raft", &agreement::raft::ENTRY),
    Listed::new("read-replicas", &copies::read_replicas::ENTRY),
    Listed::new("relay", &wires::relay::ENTRY),
    Listed::new("retries", &requests::retries::ENTRY),
    Listed::new("shared-port", &wires::shared_port::ENTRY),
    Listed::new("side-by-side", &copies::side_by_side::ENTRY),
    Listed::new("stopwatch", &clocks::stopwatch::ENTRY),
    Listed::new("thermostat", &requests::thermostat::ENTRY),
    Listed::new(
        "snapshot-isolation",
        &transactions::snapshot_isolation::ENTRY,
    ),
    Listed::new("two-phase-commit", &transactions::two_phase_commit::ENTRY),
];

/// The names of all protocols, in their order, whether their entries are there or not.
pub fn names() -> impl Iterator<Item = &'static str> {
    PROTOCOLS.iter().map(|row| row.id)
}

/// All protocols whose entries are there: natively, all.
pub fn all() -> impl Iterator<Item = &'static ProtocolEntry> {
    PROTOCOLS.iter().filter_map(Listed::entry)
}

/// The protocol of this name; nothing while its entry is not there.
pub fn find(id: &str) -> Option<&'static ProtocolEntry> {
    row(id)?.entry()
}

/// Where the entry of a protocol lies in memory: the page loads it there before it reads a scenario that names the protocol.
pub fn address(id: &str) -> Option<usize> {
    row(id).map(Listed::address)
}

fn row(id: &str) -> Option<&'static Listed> {
    PROTOCOLS.iter().find(|row| row.id == id)
}

#[cfg(test)]
mod tests {
    use super::{PROTOCOLS, all};

    #[test]
    fn each_is_listed_under_its_own_name() {
        for row in &PROTOCOLS {
            assert_eq!(row.entry().map(|entry| entry.id), Some(row.id));
        }
    }

    #[test]
    fn what_was_mended_is_told_in_sentences() {
        for entry in all() {
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
        for entry in all() {
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
        for entry in all() {
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
