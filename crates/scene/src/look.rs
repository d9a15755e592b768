//! How somebody looks at a run: through whose eyes, at which stretch of time, with what lit up.

use sim::{EventId, MessageId, NodeId, SimTime};

/// What a picture shows of a run, beside its moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Through whose eyes; `None` is the true world.
    pub perspective: Option<NodeId>,
    /// The node that a light points at.
    pub light_node: Option<NodeId>,
    /// The message that a light points at.
    pub light_message: Option<MessageId>,
    /// The event whose causes and effects are lit in the space-time diagram.
    pub selected_event: Option<EventId>,
    /// Whether the rows of the space-time diagram follow each node's own wall clock.
    pub bent: bool,
    /// Where the space-time diagram begins.
    pub from: SimTime,
    /// Where it ends; later than `from`.
    pub to: SimTime,
}

impl Default for Look {
    fn default() -> Self {
        Look {
            perspective: None,
            light_node: None,
            light_message: None,
            selected_event: None,
            bent: false,
            from: SimTime::ZERO,
            to: SimTime::from_millis(5000),
        }
    }
}
