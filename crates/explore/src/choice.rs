//! What can happen next, and what it is in the words of links.

use scenario::deed::{Deed, NodeDeed};
use scenario::document::scope::{NodeSet, Who};
use sim::action::Meddling;
use sim::{Action, MessageId, NodeId, Target};

use crate::bounds::Bounds;

/// One step of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Choice {
    /// A message on its way arrives.
    Deliver(MessageId),
    /// Time goes on to what is due next by itself: a timer, the end of a service or of a sync, a deed of the plan.
    Wait,
    /// A message is lost.
    Lose(MessageId),
    /// A message arrives twice.
    Duplicate(MessageId),
    /// A node crashes.
    Crash(NodeId),
    /// A node that has crashed starts again.
    Restart(NodeId),
}

impl Choice {
    /// What the kernel does for it; nothing where only time goes on.
    pub fn action(self) -> Option<Action> {
        Some(match self {
            Choice::Wait => return None,
            Choice::Deliver(id) => Action::Message(id, Meddling::DeliverNow),
            Choice::Lose(id) => Action::Message(id, Meddling::Drop),
            Choice::Duplicate(id) => Action::Message(id, Meddling::Duplicate),
            Choice::Crash(node) => Action::Crash(Target::Node(node)),
            Choice::Restart(node) => Action::Restart(Target::Node(node)),
        })
    }

    /// The deed that does the same in a run.
    pub fn deed(self) -> Option<Deed> {
        let to_node = |deed, node| Deed::Node(deed, Who::Nodes(NodeSet::of(node)));
        Some(match self {
            Choice::Wait => return None,
            Choice::Deliver(id) => Deed::Message(id, Meddling::DeliverNow),
            Choice::Lose(id) => Deed::Message(id, Meddling::Drop),
            Choice::Duplicate(id) => Deed::Message(id, Meddling::Duplicate),
            Choice::Crash(node) => to_node(NodeDeed::Crash, node),
            Choice::Restart(node) => to_node(NodeDeed::Restart, node),
        })
    }
}

/// A step in four bytes, as a search keeps it of each state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed(u32);

/// How many bits are left for the name of a message or a node.
const NAME_BITS: u32 = 29;

impl Packed {
    pub fn pack(choice: Choice) -> Packed {
        let (kind, name) = match choice {
            Choice::Deliver(MessageId(id)) => (0, id),
            Choice::Wait => (1, 0),
            Choice::Lose(MessageId(id)) => (2, id),
            Choice::Duplicate(MessageId(id)) => (3, id),
            Choice::Crash(NodeId(node)) => (4, node.into()),
            Choice::Restart(NodeId(node)) => (5, node.into()),
        };
        debug_assert!(name >> NAME_BITS == 0, "no order has so many messages");
        Packed(kind << NAME_BITS | name)
    }

    pub fn unpack(self) -> Choice {
        let name = self.0 & ((1 << NAME_BITS) - 1);
        let (message, node) = (MessageId(name), NodeId(name as u16));
        match self.0 >> NAME_BITS {
            0 => Choice::Deliver(message),
            1 => Choice::Wait,
            2 => Choice::Lose(message),
            3 => Choice::Duplicate(message),
            4 => Choice::Crash(node),
            _ => Choice::Restart(node),
        }
    }
}

/// How many faults an order has had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Spent {
    pub losses: u8,
    pub duplicates: u8,
    pub crashes: u8,
}

impl Spent {
    /// What is spent after one step more; nothing if the bounds do not allow it.
    pub fn after(self, choice: Choice, bounds: &Bounds) -> Option<Spent> {
        let mut spent = self;
        let (count, most) = match choice {
            Choice::Deliver(_) | Choice::Wait | Choice::Restart(_) => return Some(self),
            Choice::Lose(_) => (&mut spent.losses, bounds.losses),
            Choice::Duplicate(_) => (&mut spent.duplicates, bounds.duplicates),
            Choice::Crash(_) => (&mut spent.crashes, bounds.crashes),
        };
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_is_packed_is_the_same_afterwards() {
        let (message, node) = (MessageId(12_345), NodeId(7));
        for choice in [
            Choice::Deliver(message),
            Choice::Wait,
            Choice::Lose(message),
            Choice::Duplicate(message),
            Choice::Crash(node),
            Choice::Restart(node),
        ] {
            assert_eq!(Packed::pack(choice).unpack(), choice);
        }
    }

    #[test]
    fn a_fault_that_the_bounds_do_not_allow_is_no_step() {
        let bounds = Bounds {
            losses: 1,
            ..Bounds::default()
        };
        let (lose, crash) = (Choice::Lose(MessageId(1)), Choice::Crash(NodeId(0)));
        let once = Spent::default().after(lose, &bounds);
        assert_eq!(once.map(|spent| spent.losses), Some(1));
        assert_eq!(once.and_then(|spent| spent.after(lose, &bounds)), None);
        assert_eq!(Spent::default().after(crash, &bounds), None);
    }
}
