//! Nodes that are an enum of roles: what each role says for itself, and the methods of the protocol that pass it on.

use sim::held::Measure;
use sim::protocol::{Claim, CopyOf, Description, Opinion, Outlook, Queue, RoundTrip};
use sim::{Context, NodeId, Protocol};

/// A role that nodes of the protocol `P` have: what such a node does when it starts and when its disk has synced, and
/// what it says of itself.
///
/// Which role handles which message and timer is the protocol's to say, in `on_message` and `on_timer`.
pub(crate) trait Role<P: Protocol> {
    /// It begins to run, with what its disk has.
    fn start(&mut self, _: &mut Context<'_, P>) {}

    /// What was written before a sync is durable.
    fn synced(&mut self, _token: u64, _: &mut Context<'_, P>) {}

    /// What it believes that it alone has, if it believes so.
    fn claim(&self) -> Option<Claim> {
        None
    }

    /// What waits in a queue of its own, if it has one.
    fn queue(&self) -> Option<Queue> {
        None
    }

    /// What it takes another node for, if it has made up its mind.
    fn opinion_of(&self, _other: NodeId) -> Option<Opinion> {
        None
    }

    /// The round trips by which it knows other nodes' clocks.
    fn round_trips(&self) -> Vec<RoundTrip> {
        Vec::new()
    }

    /// What it holds of what clients wrote, if it keeps copies.
    fn copies(&self) -> Option<Vec<CopyOf>> {
        None
    }

    /// Bytes that it takes on the heap.
    fn held(&self, _: Measure) -> usize {
        0
    }

    /// What it holds and believes, in words.
    fn describe(&self, outlook: &Outlook<'_>) -> Description;
}

impl<P: Protocol, R: Role<P>> Role<P> for Box<R> {
    fn start(&mut self, context: &mut Context<'_, P>) {
        (**self).start(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, P>) {
        (**self).synced(token, context);
    }

    fn claim(&self) -> Option<Claim> {
        (**self).claim()
    }

    fn queue(&self) -> Option<Queue> {
        (**self).queue()
    }

    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        (**self).opinion_of(other)
    }

    fn round_trips(&self) -> Vec<RoundTrip> {
        (**self).round_trips()
    }

    fn copies(&self) -> Option<Vec<CopyOf>> {
        (**self).copies()
    }

    fn held(&self, by: Measure) -> usize {
        size_of::<R>() + (**self).held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        (**self).describe(outlook)
    }
}

/// Lists the roles of a node, in its `impl Protocol` block: the variants of the enum that it is, or that its field after
/// `in` is. From the listing come `on_start`, `on_synced`, `claim`, `queue`, `opinion_of`, `round_trips`, `copies`, `held` and
/// `describe`, which ask the [`Role`] that the node has.
///
/// ```text
/// roles! { Node::Client, Node::Bank }
/// roles! { Part::Client, Part::Replica, Part::TimeServer; in part }
/// ```
macro_rules! roles {
    ($($role:path),+ $(; in $field:ident)?) => {
        fn on_start(&mut self, context: &mut sim::Context<'_, Self>) {
            match &mut (*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::start(role, context)),+
            }
        }

        fn on_synced(&mut self, token: u64, context: &mut sim::Context<'_, Self>) {
            match &mut (*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::synced(role, token, context)),+
            }
        }

        fn claim(&self) -> Option<sim::protocol::Claim> {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::claim(role)),+
            }
        }

        fn queue(&self) -> Option<sim::protocol::Queue> {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::queue(role)),+
            }
        }

        fn opinion_of(&self, other: sim::NodeId) -> Option<sim::protocol::Opinion> {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::opinion_of(role, other)),+
            }
        }

        fn round_trips(&self) -> Vec<sim::protocol::RoundTrip> {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::round_trips(role)),+
            }
        }

        fn copies(&self) -> Option<Vec<sim::protocol::CopyOf>> {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::copies(role)),+
            }
        }

        fn held(&self, by: sim::held::Measure) -> usize {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::held(role, by)),+
            }
        }

        fn describe(&self, outlook: &sim::protocol::Outlook<'_>) -> sim::protocol::Description {
            match &(*self)$(.$field)? {
                $($role(role) => $crate::describe::roles::Role::<Self>::describe(role, outlook)),+
            }
        }
    };
}

pub(crate) use roles;
