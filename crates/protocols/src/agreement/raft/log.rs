//! What the entries of the log hold.

use sim::NodeId;

use super::members::Members;
use crate::parts::caller::Request;
use crate::parts::log;

/// An entry of the log.
pub type Entry = log::Entry<Content>;

/// A server's log in memory.
pub(super) type Log = log::Log<Content>;

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// Nothing: with such an entry a term begins.
    Nothing,
    /// What a client asks for.
    Command(NodeId, Request),
    /// A configuration.
    Members(Members),
}

impl Content {
    /// The number by which facts tell contents apart: a command's operation, 0 for nothing, less for configurations.
    pub fn number(&self) -> i64 {
        match self {
            Content::Nothing => 0,
            Content::Command(_, request) => i64::from(request.operation),
            Content::Members(members) => members.number(),
        }
    }
}
