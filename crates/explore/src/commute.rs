//! Which two steps lead to the same state in either order, and which of the orders is left out.
//!
//! Two steps commute if they are done to different nodes and to different messages: neither enables or disables the other, and
//! what the one node does, the other cannot see before a message has arrived. Of two neighbouring steps that commute, only the
//! order is tried in which the one with the larger key comes last. This is the idea of sleep sets (Patrice Godefroid,
//! *Partial-Order Methods for the Verification of Concurrent Systems*, LNCS 1032, 1996, chapter 5), with a memory of one step:
//! then nothing has to be kept beside the last step to each state, and states that are seen again need not be looked at again.
//!
//! Breadth first, no state is lost, and none is found later. Let `x` be the state after the step `t` from a state `s`, which was
//! first reached by the step `u` from `r`, and let `t` be left out there: `t` and `u` commute, and the key of `t` is smaller.
//! Then `t` leads from `r` to a state `s'` no further away than `s`, and `u` leads from `s'` to `x`. Either `u` is taken there, or
//! it is left out for the last step to `s'`, whose key is larger still; and so on. Keys are finite in number, so `x` is reached.

use sim::NodeId;

/// What a step is done to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touch {
    /// The same for the same step in all states.
    pub key: u64,
    /// The node that it is done to, if it is done to one.
    pub node: Option<NodeId>,
    /// What the message says that it is done to, if it is done to one.
    pub message: Option<u64>,
    /// Whether it lets time go on, which is done to everything.
    pub is_time: bool,
}

impl Touch {
    /// Whether this step and another lead to the same state in either order.
    fn commutes_with(&self, other: &Touch) -> bool {
        let differ = |one: Option<u64>, other: Option<u64>| one.is_none() || one != other;
        let number = |node: Option<NodeId>| node.map(|node| u64::from(node.0));
        !self.is_time
            && !other.is_time
            && differ(number(self.node), number(other.node))
            && differ(self.message, other.message)
    }

    /// Whether this step need not be taken after `last`, since it could have been taken before it.
    pub fn is_left_out_after(&self, last: &Touch) -> bool {
        self.key < last.key && self.commutes_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrives(key: u64, node: u16, message: u64) -> Touch {
        Touch {
            key,
            node: Some(NodeId(node)),
            message: Some(message),
            is_time: false,
        }
    }

    #[test]
    fn of_two_arrivals_at_different_nodes_one_order_is_left_out() {
        let (one, other) = (arrives(1, 0, 10), arrives(2, 1, 20));
        assert!(one.is_left_out_after(&other));
        assert!(!other.is_left_out_after(&one));
    }

    #[test]
    fn steps_at_one_node_and_with_one_message_are_tried_in_both_orders() {
        let lost = Touch {
            node: None,
            ..arrives(3, 0, 10)
        };
        for (one, other) in [
            (arrives(1, 0, 10), arrives(2, 0, 20)),
            (arrives(1, 0, 10), lost),
        ] {
            assert!(!one.is_left_out_after(&other) && !other.is_left_out_after(&one));
        }
    }

    #[test]
    fn nothing_commutes_with_time() {
        let time = Touch {
            key: 9,
            node: None,
            message: None,
            is_time: true,
        };
        let arrival = arrives(1, 0, 10);
        assert!(!arrival.is_left_out_after(&time));
        assert!(!time.is_left_out_after(&arrives(10, 0, 10)));
    }
}
