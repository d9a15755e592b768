//! The kinds of faults that a claim can be about. To add one: its row here, and its arm in `draw`.

use crate::model::Scenario;
use crate::terms::limits::{DRIFT, FACTOR, MOST_NODES, SECOND};
use crate::terms::quantity::{Range, Unit};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Messages are lost.
    Loss,
    /// Messages arrive twice.
    Duplication,
    /// Messages are damaged on their way.
    Corruption,
    /// Messages are late, and overtake each other.
    Delay,
    /// Links are cut, both ways or one way.
    Cut,
    /// A node crashes and restarts.
    Crash,
    /// A node stops for a while without noticing.
    Pause,
    /// A node is slow.
    Limp,
    /// A disk is slow.
    SlowDisk,
    /// A crash leaves the last write half done.
    Torn,
    /// A node loses its disk.
    Wipe,
    /// A wall clock is wrong from the beginning.
    Skew,
    /// A wall clock runs too fast or too slow.
    Drift,
    /// A monotonic clock runs too fast or too slow.
    Monotonic,
    /// A wall clock jumps.
    Step,
}

/// What is to be known of a kind of fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultEntry {
    /// Its kind.
    pub fault: Fault,
    /// Its name in a lab's file.
    pub word: &'static str,
    /// What readers call it, with `{}` where its strength stands.
    pub says: &'static str,
    /// How strong it may be said to be.
    pub range: Range,
    /// How strong it is in the weather that every claim withstands, unless it says otherwise. Faults of disks are usual only
    /// where a protocol keeps something on disk.
    pub usual: Option<f64>,
}

/// How many kinds there are.
pub const MOST_FAULTS: usize = Fault::ALL.len();

const LENGTH: Range = Range::duration(1e6, 3600.0 * SECOND);

const fn row(
    fault: Fault,
    word: &'static str,
    says: &'static str,
    range: Range,
    usual: Option<f64>,
) -> FaultEntry {
    FaultEntry {
        fault,
        word,
        says,
        range,
        usual,
    }
}

impl Fault {
    /// Every kind, in the order in which sentences name them.
    pub const ALL: [FaultEntry; 15] = [
        row(
            Fault::Loss,
            "loss",
            "loss of up to {}",
            Range::SHARE,
            Some(0.3),
        ),
        row(
            Fault::Duplication,
            "duplication",
            "duplicates of up to {}",
            Range::SHARE,
            Some(0.3),
        ),
        row(
            Fault::Corruption,
            "corruption",
            "damage to up to {} of the messages",
            Range::SHARE,
            Some(0.3),
        ),
        row(
            Fault::Delay,
            "delay",
            "delays of up to {}, with reordering",
            LENGTH,
            Some(SECOND),
        ),
        row(
            Fault::Cut,
            "cut",
            "cuts of up to {}",
            LENGTH,
            Some(5.0 * SECOND),
        ),
        row(
            Fault::Crash,
            "crash",
            "crashes with a restart within {}",
            LENGTH,
            Some(3.0 * SECOND),
        ),
        row(
            Fault::Pause,
            "pause",
            "pauses of up to {}",
            LENGTH,
            Some(5.0 * SECOND),
        ),
        row(
            Fault::Limp,
            "limp",
            "nodes that are up to {} times as slow",
            FACTOR,
            Some(5.0),
        ),
        row(
            Fault::SlowDisk,
            "slow-disk",
            "disks that are up to {} times as slow",
            FACTOR,
            Some(10.0),
        ),
        row(
            Fault::Torn,
            "torn",
            "torn writes in up to {} of the crashes",
            Range::SHARE,
            Some(0.5),
        ),
        row(
            Fault::Wipe,
            "wipe",
            "disks that are lost, up to {} in a run",
            LOST,
            None,
        ),
        row(
            Fault::Skew,
            "skew",
            "wall clocks that are up to {} wrong",
            LENGTH,
            Some(SECOND),
        ),
        row(
            Fault::Drift,
            "drift",
            "wall clocks that run up to {} wrong",
            DRIFT,
            Some(300.0),
        ),
        row(
            Fault::Monotonic,
            "monotonic",
            "monotonic clocks that run up to {} wrong",
            DRIFT,
            Some(300.0),
        ),
        row(
            Fault::Step,
            "step",
            "wall clocks that jump by up to {}",
            LENGTH,
            Some(SECOND),
        ),
    ];

    /// Whether it strikes a node, and not links.
    pub fn is_of_nodes(self) -> bool {
        use Fault::{Corruption, Cut, Delay, Duplication, Loss};
        !matches!(self, Loss | Duplication | Corruption | Delay | Cut)
    }

    /// Whether a claim says how strong it may be, not how long, and it passes: then it lasts as long as drawn weather does.
    pub fn passes(self) -> bool {
        use Fault::{Corruption, Delay, Duplication, Limp, Loss, SlowDisk};
        matches!(
            self,
            Loss | Duplication | Corruption | Delay | Limp | SlowDisk
        )
    }

    /// Whether it strikes what a node keeps on disk.
    pub fn is_of_disks(self) -> bool {
        matches!(self, Fault::SlowDisk | Fault::Torn | Fault::Wipe)
    }

    /// Whether the node crashes with it.
    pub fn crashes(self) -> bool {
        matches!(self, Fault::Crash | Fault::Torn | Fault::Wipe)
    }

    /// Its row.
    pub fn entry(self) -> &'static FaultEntry {
        &Fault::ALL[self as usize]
    }
}

const LOST: Range = Range::count(1.0, MOST_NODES as f64);

impl FaultEntry {
    /// How strong it is in the weather that every claim of a scenario withstands, unless it says otherwise.
    pub fn usual_in(&self, scenario: &Scenario) -> Option<f64> {
        let can_be = !self.fault.is_of_disks() || scenario.protocol.has_disks;
        self.usual.filter(|_| can_be)
    }

    /// What readers call it at this strength.
    pub fn sentence(&self, strength: f64) -> String {
        let value = match self.range.unit {
            Unit::Number | Unit::Count => self.range.unit.format(strength),
            unit => unit.display(strength),
        };
        self.says.replace("{}", &value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_its_own_row() {
        for entry in &Fault::ALL {
            assert_eq!(entry.fault.entry().word, entry.word);
            assert!(entry.says.contains("{}"), "{}", entry.word);
            let usual = entry.usual.unwrap_or(entry.range.max);
            assert!(entry.range.check(usual).is_ok(), "{}", entry.word);
        }
    }

    #[test]
    fn a_fault_is_told_with_its_strength() {
        assert_eq!(Fault::Loss.entry().sentence(0.3), "loss of up to 30\u{a0}%");
        let slow = Fault::Limp.entry().sentence(5.0);
        assert_eq!(slow, "nodes that are up to 5 times as slow");
    }
}
