//! Little protocols and drawn configurations, for the kernel's tests, measurements and fuzzing.
//!
//! A [`Case`] is a whole run drawn from a string of bytes: which protocol, how many nodes, which knobs are on at all,
//! and what is done when. Bytes that are missing count as zero, and zero is the simplest choice, so a shorter string is
//! a simpler run: a test that fails shrinks by dropping bytes.
//!
//! ```
//! use swarm::Case;
//!
//! let case = Case::of_seed(3);
//! let mut timeline = case.timeline();
//! timeline.seek(case.end);
//! // Played on a timeline or straight through, a case has the same events.
//! assert_eq!(timeline.digest(), case.digest());
//! ```
//!
//! | module | its subject |
//! | --- | --- |
//! | [`choices`] | decisions read from bytes |
//! | [`case`] | what a case is, and how it is run |
//! | `draw` | settings and interventions drawn from choices |
//! | [`chatter`] | every node sends every other node a number, whatever it hears: an open loop |
//! | [`gossip`] | counters that spread, kept on disk |
//! | [`histories`] | clients' histories, for the speed of checkers |
//! | [`long`] | long histories as text, valid or with a fault planted in them |
//! | [`pingpong`] | datagrams that are always answered: the load that speed is measured by |
//! | [`ring`] | a token that goes round, with retries |
//! | [`tour`] | a case whose viewer seeks, steps, forks and changes messages by hand |

pub mod case;
pub mod chatter;
pub mod choices;
mod draw;
pub mod gossip;
pub mod histories;
pub mod long;
pub mod pingpong;
pub mod ring;
pub mod tour;

pub use case::{Case, Little};
pub use choices::Choices;
