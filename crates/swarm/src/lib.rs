//! Little protocols and drawn configurations, for the kernel's tests, measurements and fuzzing.
//!
//! A [`Case`] is a whole run drawn from a string of bytes: which protocol, how many nodes, which knobs are on at all,
//! and what is done when. Bytes that are missing count as zero, and zero is the simplest choice, so a shorter string is
//! a simpler run: a test that fails shrinks by dropping bytes.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`choices`] | decisions read from bytes |
//! | [`case`] | what a case is, and how it is run |
//! | `draw` | settings and interventions drawn from choices |
//! | [`chatter`] | everybody tells everybody a number, whatever they hear: an open loop |
//! | [`gossip`] | counters that spread, kept on disk |
//! | [`histories`] | clients' histories, for the speed of checkers |
//! | [`pingpong`] | datagrams that are always answered: the load that speed is measured by |
//! | [`ring`] | a token that goes round, with retries |
//! | [`tour`] | a case watched by somebody who seeks, steps, forks and takes hold of messages |

pub mod case;
pub mod chatter;
pub mod choices;
mod draw;
pub mod gossip;
pub mod histories;
pub mod pingpong;
pub mod ring;
pub mod tour;

pub use case::{Case, Little};
pub use choices::Choices;
