//! How a run is looked at: in which perspective, which stretch of time, what is lit up.

use sim::{EventId, MessageId, NodeId, SimTime};

/// What pictures show of a run, apart from its moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// In the perspective of which node; `None` is the true world.
    pub perspective: Option<NodeId>,
    /// The node that a light points at.
    pub light_node: Option<NodeId>,
    /// The message that a light points at.
    pub light_message: Option<MessageId>,
    /// The event whose causes and effects are lit in the space-time diagram.
    pub selected_event: Option<EventId>,
    /// Whether the rows of the space-time diagram follow each node's own wall clock.
    pub bent: bool,
    /// The index in the first column of the logs; `None` follows the latest.
    pub first_index: Option<u32>,
    /// Where pictures with a time axis begin.
    pub from: SimTime,
    /// Where they end; later than `from`.
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
            first_index: None,
            from: SimTime::ZERO,
            to: SimTime::from_millis(5000),
        }
    }
}

impl Look {
    /// Whether the true world is seen, and not what one node knows of it.
    pub fn is_from_outside(&self) -> bool {
        self.perspective.is_none()
    }

    /// Whether `node` is in sight: in a node's perspective, that node alone is.
    pub fn sees(&self, node: NodeId) -> bool {
        self.perspective.is_none_or(|own| own == node)
    }
}
