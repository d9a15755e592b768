//! The stage: the kernel with the nodes of some protocol on it. All that happens in a run happens here.

use crate::id::{EventId, NodeId};
use crate::kernel::Kernel;
use crate::protocol::{Nodes, Turn};
use crate::time::{Due, Entry, SimTime};
use crate::trace::{Event, EventKind, Loss, Trace};

/// A kernel, and nodes on it.
pub(crate) struct Stage<'a> {
    pub kernel: &'a mut Kernel,
    pub nodes: &'a mut dyn Nodes,
}

impl Stage<'_> {
    /// Does what is due next; returns its time, or nothing if nothing is due.
    #[inline]
    pub fn step(&mut self, trace: &mut Trace) -> Option<SimTime> {
        let Entry { at, sequence, what } = self.kernel.next()?;
        trace.begin_step(self.kernel.events());
        match Due::unpack(what) {
            Due::Arrive(slot) => self.message_due(slot, sequence, trace),
            Due::Timer(slot) => self.timer_due(slot, sequence, trace),
            Due::Served(node) => self.served(NodeId(node as u16), sequence, trace),
            Due::Synced(slot) => self.synced(slot, sequence, trace),
            Due::Tick(slot) => self.tick(slot, sequence, trace),
        }
        Some(at)
    }

    /// Lets a node handle something: what it needs for that, and the nodes.
    #[inline]
    pub fn turn<'b>(
        &'b mut self,
        cause: EventId,
        trace: &'b mut Trace,
    ) -> (&'b mut dyn Nodes, Turn<'b>) {
        let turn = Turn {
            kernel: self.kernel,
            trace,
            cause,
        };
        (self.nodes, turn)
    }

    /// Ends a copy of a message that is lost.
    pub fn lose(&mut self, slot: u32, why: Loss, trace: &mut Trace) {
        self.nodes.clear_message(slot);
        self.kernel.lose(slot, why, trace);
    }

    /// Puts on record what nothing in the run caused.
    pub fn record_at(
        &mut self,
        node: NodeId,
        kind: EventKind,
        code: u8,
        args: [i64; 3],
        trace: &mut Trace,
    ) -> EventId {
        let event = self.kernel.local_event(kind, code, node, EventId::NONE);
        self.kernel.record(trace, Event { args, ..event })
    }
}
