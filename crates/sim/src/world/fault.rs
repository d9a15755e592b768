//! What befalls nodes: crashes, pauses, limping, clocks and disks that misbehave, settings that change.

use crate::action::NodeChange;
use crate::id::{EventId, NodeId};
use crate::kernel::SyncRequest;
use crate::node::clock::{Rate, Wobble};
use crate::node::{NtpProfile, Status};
use crate::protocol::DiskEvent;
use crate::random::Purpose;
use crate::time::{Due, Item};
use crate::trace::{ClockChange, DiskChange, EventKind, Loss, NodeSetting, Trace};
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
        self.record_unheard(&waiting, trace);
        self.record_at(node, EventKind::Crash, 0, [0; 3], trace);
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

    /// What the disk has made true and the node has not heard of.
    fn record_unheard(&mut self, waiting: &[Item], trace: &mut Trace) {
        for item in waiting {
            if let Due::Synced(slot) = item.due {
                let SyncRequest {
                    node,
                    asked_in,
                    fact,
                    ..
                } = self.kernel.sync(slot);
                if let Some(fact) = fact {
                    self.kernel.record_fact(fact, node, asked_in, trace);
                }
            }
        }
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
            self.record_disk(DiskChange::Unsynced, node, damage.unsynced as i64, trace);
        }
        if let Some(place) = damage.torn_place {
            self.record_disk(DiskChange::Torn, node, place as i64, trace);
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
        self.record_at(node, EventKind::Pause, 0, [0; 3], trace);
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
        self.record_at(node, EventKind::Resume, 0, [0; 3], trace);
        self.serve(node);
    }

    pub(crate) fn limp(&mut self, node: NodeId, permille: u32, trace: &mut Trace) {
        self.kernel.processes[node.index()].limp_permille = permille;
        let args = [i64::from(permille), 0, 0];
        self.record_at(node, EventKind::Limp, 0, args, trace);
    }

    pub(crate) fn drift(&mut self, node: NodeId, rate: Rate, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        let now = kernel.now;
        kernel.clocks[node.index()].wall.set_rate(rate, now);
        let args = [rate.0, 0, 0];
        kernel.record_clock(ClockChange::Rate, node, args, EventId::NONE, trace);
    }

    pub(crate) fn monotonic_rate(&mut self, node: NodeId, rate: Rate, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        kernel.set_monotonic_rate(node, rate);
        let args = [rate.0, 0, 0];
        kernel.record_clock(ClockChange::MonotonicRate, node, args, EventId::NONE, trace);
    }

    pub(crate) fn wipe_disk(&mut self, node: NodeId, trace: &mut Trace) {
        self.nodes.disk(node, DiskEvent::Wipe);
        self.record_disk(DiskChange::Wiped, node, 0, trace);
    }

    pub(crate) fn slow_disk(&mut self, node: NodeId, permille: u32, trace: &mut Trace) {
        self.nodes.disk(node, DiskEvent::Slow(permille));
        self.record_disk(DiskChange::Slowed, node, permille.into(), trace);
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
        let (setting, args) = told(change);
        self.record_at(node, EventKind::Setting, setting.code(), args, trace);
    }

    fn record_disk(&mut self, change: DiskChange, node: NodeId, amount: i64, trace: &mut Trace) {
        self.record_at(node, EventKind::Disk, change.code(), [amount, 0, 0], trace);
    }
}

/// A change as an event tells it.
fn told(change: NodeChange) -> (NodeSetting, [i64; 3]) {
    match change {
        NodeChange::Service(service) => (NodeSetting::Service, [service.as_nanos() as i64, 0, 0]),
        NodeChange::Inbox(inbox) => (NodeSetting::Inbox, [inbox.into(), 0, 0]),
        NodeChange::Disk(disk) => (
            NodeSetting::Disk,
            [
                disk.write.as_nanos() as i64,
                disk.sync.as_nanos() as i64,
                disk.torn.steps() as i64,
            ],
        ),
        NodeChange::Wobble(wobble) => {
            let told = |wobble: Wobble| {
                [
                    wobble.amplitude.as_nanos() as i64,
                    wobble.period.as_nanos() as i64,
                    0,
                ]
            };
            (NodeSetting::Wobble, wobble.map_or([0; 3], told))
        }
        NodeChange::Uncertainty(uncertainty) => (
            NodeSetting::Uncertainty,
            [uncertainty.base.as_nanos() as i64, uncertainty.drift.0, 0],
        ),
        NodeChange::Ntp(profile) => {
            let told = |ntp: NtpProfile| [ntp.server.0.into(), ntp.poll.as_nanos() as i64, 0];
            (NodeSetting::Ntp, profile.map_or([-1, 0, 0], told))
        }
    }
}
