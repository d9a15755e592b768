//! The stage: the kernel with the nodes of some protocol on it. All that happens in a run happens here.

use crate::id::{EventId, NodeId};
use crate::kernel::Kernel;
use crate::protocol::{Nodes, Turn};
use crate::time::{Due, Entry, SimTime};
use crate::trace::{Detail, Event, EventKind, Loss, Trace};

/// A kernel, and nodes on it.
pub(crate) struct Stage<'a> {
    /// The state of the run that the protocol does not define.
    pub kernel: &'a mut Kernel,
    /// The nodes of some protocol.
    pub nodes: &'a mut dyn Nodes,
}

impl Stage<'_> {
    /// Does what is due next; returns its time, or nothing if nothing is due.
    #[inline]
    pub fn step(&mut self, trace: &mut Trace) -> Option<SimTime> {
        if self.kernel.is_sweeping() {
            return self.sweep_on(trace);
        }
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

    #[cold]
    fn sweep_on(&mut self, trace: &mut Trace) -> Option<SimTime> {
        let now = self.kernel.next_due()?;
        trace.begin_step(self.kernel.events());
        self.kernel.sweep_on(trace);
        Some(now)
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

    /// Records an event at a node that has no cause in the run, and whose kind says everything.
    pub fn record_kind(&mut self, node: NodeId, kind: EventKind, trace: &mut Trace) -> EventId {
        let event = Event::of_kind(self.kernel.now, node, kind);
        self.kernel.record(trace, event)
    }

    /// Records an event at a node that has no cause in the run.
    pub fn record_detail(
        &mut self,
        node: NodeId,
        detail: impl Detail,
        trace: &mut Trace,
    ) -> EventId {
        self.kernel
            .record_detail(node, detail, EventId::NONE, trace)
    }
}
