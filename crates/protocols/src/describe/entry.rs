//! What a scenario must know about a protocol to set it up, and what it chooses then.

use sim::sorted::{Map, Set};

use sim::protocol::Vocabulary;
use sim::vocabulary::is_same;
use sim::{Machine, Setup};

/// A protocol as scenarios see it.
#[derive(Clone, Copy, Debug)]
pub struct ProtocolEntry {
    /// Its name in a scenario.
    pub id: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// What was wrong and is mended, one sentence per revision after the first, oldest first. Append; a run of an
    /// earlier revision may differ from today's.
    pub mended: &'static [&'static str],
    /// What its nodes can be.
    pub roles: &'static [RoleSpec],
    /// What can be set.
    pub parameters: &'static [ParameterSpec],
    /// What can be switched on and off.
    pub defences: &'static [DefenceSpec],
    /// The words for what it sends, waits for and can be told.
    pub vocabulary: &'static Vocabulary,
    /// The published algorithm that it is with all defences on: a replicated log, whose entries its nodes put on record.
    pub algorithm: Option<&'static str>,
    /// What the algorithm's rules are about: the defences in their order, in groups, each with its name and how many it has.
    pub groups: &'static [(&'static str, usize)],
    /// Whether some of its nodes keep on disk what a crash must not take.
    pub has_disks: bool,
    /// The script that it is, if it is one: then the plan has it too.
    pub source: Option<&'static str>,
    /// Always true. In a module that is loaded in parts its byte is zero until the entry is there.
    pub is_there: bool,
    /// Whether its nodes put on record that they trust another one again that they had suspected.
    pub records_trust: bool,
    /// Builds a world. The plan's nodes, parameters and defences are those of this entry.
    pub build: fn(&Plan, &Setup) -> Box<dyn Machine>,
}

impl ProtocolEntry {
    /// The same protocol, with what was mended in it.
    pub(crate) const fn mended(self, mended: &'static [&'static str]) -> ProtocolEntry {
        ProtocolEntry { mended, ..self }
    }

    /// The same protocol, which is a published algorithm for a replicated log as long as all its defences are on: its rules,
    /// in these groups.
    pub(crate) const fn publishes(
        self,
        algorithm: &'static str,
        groups: &'static [(&'static str, usize)],
    ) -> ProtocolEntry {
        ProtocolEntry {
            algorithm: Some(algorithm),
            groups,
            ..self
        }
    }

    /// The same protocol, some of whose nodes keep on disk what a crash must not take.
    pub(crate) const fn with_disks(self) -> ProtocolEntry {
        ProtocolEntry {
            has_disks: true,
            ..self
        }
    }

    /// The same protocol, whose nodes put on record that they trust another one again.
    pub(crate) const fn recording_trust(self) -> ProtocolEntry {
        ProtocolEntry {
            records_trust: true,
            ..self
        }
    }

    /// Its revision: 1, and one more each time that it was mended.
    pub const fn revision(&self) -> u32 {
        1 + self.mended.len() as u32
    }

    /// What was mended after a revision, one sentence per later revision.
    pub fn mended_since(&self, revision: u32) -> &'static [&'static str] {
        self.mended
            .get(revision.max(1) as usize - 1..)
            .unwrap_or_default()
    }
}

/// What a node of a protocol can be.
#[derive(Clone, Copy, Debug)]
pub struct RoleSpec {
    /// Its name in a scenario.
    pub id: &'static str,
    /// How few nodes of it there must be.
    pub fewest: usize,
    /// How many there can be.
    pub most: usize,
    /// The roles with whose nodes its nodes exchange messages; none if with all, its own among them.
    pub speaks_to: &'static [&'static str],
}

impl RoleSpec {
    /// Whether a node of this role and one of `other` exchange messages.
    pub fn speaks_with(&self, other: &RoleSpec) -> bool {
        self.may_hear(other.id) && other.may_hear(self.id)
    }

    /// Whether its own row lets its nodes exchange messages with those of a role.
    pub(crate) const fn may_hear(&self, role: &str) -> bool {
        let mut place = 0;
        while place < self.speaks_to.len() {
            if is_same(self.speaks_to[place], role) {
                return true;
            }
            place += 1;
        }
        self.speaks_to.is_empty()
    }
}

/// Something that can be set.
#[derive(Clone, Copy, Debug)]
pub struct ParameterSpec {
    /// Its name in a scenario and in links.
    pub id: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    /// What it counts.
    pub quantity: Quantity,
    /// The value it has if nothing is said; nanoseconds for durations.
    pub default: f64,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Nanoseconds.
    Duration,
    /// Whole things.
    Count,
    /// Whole operations that nodes begin: with fewer, a run is the same up to where they end.
    Operations,
    /// A share from 0 to 1.
    Share,
    /// A share from 0 to 1 of what goes wrong by chance: at 0 nothing does.
    Faults,
}

/// Something that can be switched on and off.
#[derive(Clone, Copy, Debug)]
pub struct DefenceSpec {
    /// Its name in a scenario and in links.
    pub id: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it protects from, in a line.
    pub protects: &'static str,
}

/// What a scenario has chosen.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The role of each node.
    pub roles: Vec<&'static str>,
    /// The value of each parameter of the entry.
    pub parameters: Map<&'static str, f64>,
    /// The defences that are on.
    pub defences: Set<&'static str>,
    /// The script of the entry, if it is one.
    pub source: Option<&'static str>,
}

impl Plan {
    /// The plan that chooses nothing but nodes: their roles, every parameter at its default, and no defences.
    pub fn new(protocol: &ProtocolEntry, roles: &[&'static str]) -> Plan {
        let parameters = protocol.parameters.iter();
        Plan {
            roles: roles.to_vec(),
            parameters: parameters.map(|spec| (spec.id, spec.default)).collect(),
            defences: Set::new(),
            source: protocol.source,
        }
    }
}
