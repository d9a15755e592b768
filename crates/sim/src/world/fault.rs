//! What befalls nodes: crashes, pauses, limping, clocks and disks that misbehave, settings that change.

use crate::action::NodeChange;
use crate::id::NodeId;
use crate::node::Status;
use crate::node::clock::Rate;
use crate::protocol::DiskEvent;
use crate::random::Purpose;
use crate::time::{Due, Item, SimDuration};
use crate::trace::{ClockChange, DiskChange, EventKind, Limp, Loss, NodeSetting, Trace};
use crate::world::Stage;

impl Stage<'_> {
    /// Stops a node; it loses its memory, its inbox, its timers and what its disk had not synced. Returns whether it
    /// was up.
    pub(crate) fn crash(&mut self, node: NodeId, trace: &mut Trace) -> bool {
        let process = &mut self.kernel.processes[node.index()];
        if process.status == Status::Crashed {
            return false;
        }
        process.status = Status::Crashed;
        process.life = process.life.wrapping_add(1);
        process.waiting_messages = 0;
        let serving = process.serving.take().map(|serving| serving.item);
        let waiting: Vec<Item> = serving.into_iter().chain(process.inbox.drain(..)).collect();
        self.record_kind(node, EventKind::Crash, trace);
        for item in waiting {
            match item.due {
                Due::Arrive(slot) => self.lose(slot, Loss::ReceiverCrashed, trace),
                Due::Synced(slot) => self.kernel.end_sync(slot),
                Due::Timer(_) | Due::Served(_) | Due::Tick(_) => {}
            }
        }
        for slot in self.kernel.timers.of(node) {
            self.kernel.timers.remove(slot);
            self.nodes.clear_timer(slot);
        }
        self.crash_disk(node, trace);
        true
    }

    fn crash_disk(&mut self, node: NodeId, trace: &mut Trace) {
        let kernel = &*self.kernel;
        let life = kernel.processes[node.index()].life;
        let key = kernel
            .key
            .purpose(Purpose::TornWrite)
            .with(node.0.into())
            .with(life.into());
        let damage = self.nodes.crash_disk(node, kernel.now, key);
        if damage.unsynced > 0 {
            let records = damage.unsynced;
            self.record_detail(node, DiskChange::Unsynced { records }, trace);
        }
        if let Some(place) = damage.torn_place {
            self.record_detail(node, DiskChange::Torn { place }, trace);
        }
    }

    /// Starts a crashed node again, with its disk.
    pub(crate) fn restart(&mut self, node: NodeId, trace: &mut Trace) {
        let process = &mut self.kernel.processes[node.index()];
        if process.status != Status::Crashed {
            return;
        }
        process.status = Status::Running;
        let now = self.kernel.now;
        self.kernel.clocks[node.index()].restart(now);
        self.nodes.renew(node);
        self.start(node, EventKind::Restart, trace);
    }

    /// Stops a running node, which does not notice. Returns whether it was running.
    pub(crate) fn pause(&mut self, node: NodeId, trace: &mut Trace) -> bool {
        let now = self.kernel.now;
        let process = &mut self.kernel.processes[node.index()];
        if process.status != Status::Running {
            return false;
        }
        process.status = Status::Paused;
        process.paused_at = now;
        self.record_kind(node, EventKind::Pause, trace);
        true
    }

    /// Lets a paused node continue. What it was serving takes longer by the length of the pause.
    pub(crate) fn resume(&mut self, node: NodeId, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let process = &mut kernel.processes[node.index()];
        if process.status != Status::Paused {
            return;
        }
        process.status = Status::Running;
        let slept = kernel.now.since(process.paused_at);
        if let Some(serving) = &mut process.serving {
            serving.done += slept;
            serving.entry = kernel
                .queue
                .push(serving.done, Due::Served(node.0.into()).pack());
        }
        self.record_kind(node, EventKind::Resume, trace);
        self.fire_aside(node, trace);
        self.serve(node);
    }

    pub(crate) fn limp(&mut self, node: NodeId, permille: u32, trace: &mut Trace) {
        self.kernel.processes[node.index()].limp_permille = permille;
        self.record_detail(node, Limp { permille }, trace);
    }

    pub(crate) fn drift(&mut self, node: NodeId, rate: Rate, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let now = kernel.now;
        kernel.clocks[node.index()].wall.set_rate(rate, now);
        self.record_detail(node, ClockChange::Rate { rate }, trace);
    }

    pub(crate) fn monotonic_rate(&mut self, node: NodeId, rate: Rate, trace: &mut Trace) {
        self.kernel.set_monotonic_rate(node, rate);
        self.record_detail(node, ClockChange::MonotonicRate { rate }, trace);
    }

    pub(crate) fn wipe_disk(&mut self, node: NodeId, trace: &mut Trace) {
        self.nodes.disk(node, DiskEvent::Wipe);
        self.record_detail(node, DiskChange::Wiped, trace);
    }

    pub(crate) fn slow_disk(&mut self, node: NodeId, permille: u32, trace: &mut Trace) {
        self.nodes.disk(node, DiskEvent::Slow(permille));
        self.record_detail(node, DiskChange::Slowed { permille }, trace);
    }

    pub(crate) fn change_node(&mut self, node: NodeId, change: NodeChange, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let (process, clocks) = (
            &mut kernel.processes[node.index()],
            &mut kernel.clocks[node.index()],
        );
        match change {
            NodeChange::Service(service) => process.profile.service = service,
            NodeChange::Inbox(inbox) => process.profile.inbox = inbox,
            NodeChange::Disk(profile) => {
                self.nodes.disk(node, DiskEvent::Change(profile));
            }
            NodeChange::Wobble(wobble) => clocks.wall.set_wobble(wobble),
            NodeChange::Uncertainty(uncertainty) => clocks.uncertainty = uncertainty,
            NodeChange::Ntp(profile) => self.set_ntp(node, profile),
        }
        self.record_detail(node, told(change), trace);
    }
}

/// A change as an event tells it.
fn told(change: NodeChange) -> NodeSetting {
    match change {
        NodeChange::Service(length) => NodeSetting::Service { length },
        NodeChange::Inbox(room) => NodeSetting::Inbox { room },
        NodeChange::Disk(disk) => NodeSetting::Disk {
            write: disk.write,
            sync: disk.sync,
            torn: disk.torn.steps(),
        },
        NodeChange::Wobble(wobble) => NodeSetting::Wobble {
            amplitude: wobble.map_or(SimDuration::ZERO, |wobble| wobble.amplitude),
            period: wobble.map_or(SimDuration::ZERO, |wobble| wobble.period),
        },
        NodeChange::Uncertainty(uncertainty) => NodeSetting::Uncertainty {
            base: uncertainty.base,
            drift: uncertainty.drift,
        },
        NodeChange::Ntp(profile) => NodeSetting::Ntp {
            server: profile.map(|ntp| ntp.server),
            poll: profile.map_or(SimDuration::ZERO, |ntp| ntp.poll),
        },
    }
}
