//! What comes and goes by itself: starts, mishaps, flapping cuts, and the questions of clock synchronisation.

use crate::action::{Flapping, Mishap, MishapKind};
use crate::id::NodeId;
use crate::kernel::{Tick, Ticking};
use crate::network::{CutMode, CutName, CutShape, Distribution, Latency};
use crate::node::{NtpProfile, Status};
use crate::random::{Key, Purpose};
use crate::time::{Due, Item, SimDuration, SimTime};
use crate::trace::{NetworkChange, NodeSetting, Trace};
use crate::world::{Setup, Stage};

/// Nothing comes by itself more often: it bounds the work of a virtual second.
const LEAST_WAIT: SimDuration = SimDuration::from_millis(1);

impl Stage<'_> {
    /// Lets everything of a setup begin that comes by itself.
    pub(crate) fn begin_ticking(&mut self, setup: &Setup) {
        for node in (0..self.kernel.nodes()).map(NodeId) {
            self.add_tick(Tick::Start(node), SimTime::ZERO);
        }
        for (node, profile) in (0u16..).map(NodeId).zip(&setup.nodes) {
            let Some(ntp) = profile.ntp.filter(|ntp| self.kernel.has(ntp.server)) else {
                continue;
            };
            // The first questions are spread out, so that not all nodes ask at once.
            let share = ntp.poll.as_nanos() / u64::from(self.kernel.nodes());
            let first = SimTime::from_nanos(share * u64::from(node.0));
            self.add_tick(Tick::Ntp(node), first);
        }
        for (name, mishap) in (0..).zip(&setup.mishaps) {
            self.add_mishap_tick(name, *mishap);
        }
        for (name, flapping) in (0..).zip(&setup.flapping) {
            self.add_flapping_tick(name, flapping);
        }
    }

    /// Changes how a node's clock is synchronised from now on.
    pub(crate) fn set_ntp(&mut self, node: NodeId, profile: Option<NtpProfile>) {
        let profile = profile.filter(|ntp| self.kernel.has(ntp.server));
        self.kernel.clocks[node.index()].ntp.profile = profile;
        self.end_ticks(|tick| matches!(tick, Tick::Ntp(other) if *other == node));
        if profile.is_some() {
            self.add_tick(Tick::Ntp(node), self.kernel.now);
        }
    }

    pub(crate) fn add_mishap(&mut self, name: u32, mishap: Mishap, trace: &mut Trace) {
        self.remove_mishaps(Some(name), trace);
        self.kernel.finish_sweep(trace);
        if self.kernel.has(mishap.node) {
            self.add_mishap_tick(name, mishap);
            self.record_mishap(
                name,
                &mishap,
                [mishap.mean_between, mishap.mean_length],
                trace,
            );
        }
    }

    /// Ends the mishaps of a name, or all, and repairs what they broke.
    pub(crate) fn remove_mishaps(&mut self, name: Option<u32>, trace: &mut Trace) {
        let is_it = |tick: &Tick| matches!(tick, Tick::Mishap(other, _) if name.is_none_or(|name| name == *other));
        for ended in self.end_ticks(is_it) {
            self.kernel.finish_sweep(trace);
            if let Some(Tick::Mishap(name, mishap)) = ended.tick {
                self.record_mishap(name, &mishap, [SimDuration::ZERO; 2], trace);
                if ended.struck {
                    self.repair(name, &mishap, trace);
                }
            }
        }
    }

    pub(crate) fn add_flapping(&mut self, name: u32, flapping: &Flapping, trace: &mut Trace) {
        self.remove_flapping(Some(name), trace);
        self.kernel.finish_sweep(trace);
        self.add_flapping_tick(name, flapping);
        self.record_network(NetworkChange::Flapping { name }, trace);
    }

    /// Ends the flapping of a name, or all, and heals its cut.
    pub(crate) fn remove_flapping(&mut self, name: Option<u32>, trace: &mut Trace) {
        let is_it = |tick: &Tick| matches!(tick, Tick::Flapping(other, _) if name.is_none_or(|name| name == *other));
        for ended in self.end_ticks(is_it) {
            self.kernel.finish_sweep(trace);
            if let Some(Tick::Flapping(name, _)) = ended.tick {
                self.record_network(NetworkChange::Steady { name }, trace);
                if ended.struck {
                    self.heal(Some(CutName::Flapping(name)), trace);
                }
            }
        }
    }

    pub(crate) fn tick(&mut self, slot: u32, entry: u32, trace: &mut Trace) {
        let ticking = &mut self.kernel.ticks[slot as usize];
        if ticking.entry != entry {
            return;
        }
        let Some(tick) = ticking.tick.clone() else {
            return;
        };
        let wait = match tick {
            Tick::Start(node) => {
                let due = Due::Tick(slot);
                self.offer(node, Item { due, entry }, trace);
                return;
            }
            Tick::Ntp(node) => self.ask_for_time(node, trace),
            Tick::Mishap(name, mishap) => self.mishap_due(slot, name, &mishap, trace),
            Tick::Flapping(name, flapping) => self.flapping_due(slot, name, &flapping, trace),
        };
        let ticking = &mut self.kernel.ticks[slot as usize];
        ticking.times = ticking.times.wrapping_add(1);
        let next = self.kernel.now + wait.max(LEAST_WAIT);
        self.kernel.tick_again(slot, next);
    }

    fn ask_for_time(&mut self, node: NodeId, trace: &mut Trace) -> SimDuration {
        let Some(ntp) = self.kernel.clocks(node).ntp.profile else {
            return SimDuration::MAX;
        };
        if self.kernel.status(node) == Status::Running {
            let nodes = &mut *self.nodes;
            let keep = &mut |slot, _| nodes.clear_message(slot);
            self.kernel.ntp_ask(node, ntp.server, trace, keep);
        }
        ntp.poll
    }

    fn mishap_due(
        &mut self,
        slot: u32,
        name: u32,
        mishap: &Mishap,
        trace: &mut Trace,
    ) -> SimDuration {
        let ticking = &self.kernel.ticks[slot as usize];
        let (key, times, struck) = (ticking.key, ticking.times, ticking.struck);
        if times.is_multiple_of(2) {
            self.kernel.ticks[slot as usize].struck = self.strike(name, mishap, trace);
            return exponential(key, times.wrapping_add(1), mishap.mean_length);
        }
        if struck {
            self.repair(name, mishap, trace);
        }
        self.kernel.ticks[slot as usize].struck = false;
        exponential(key, times.wrapping_add(1), mishap.mean_between)
    }

    /// Returns whether there is something to repair.
    fn strike(&mut self, name: u32, mishap: &Mishap, trace: &mut Trace) -> bool {
        match mishap.kind {
            MishapKind::Crash => self.crash(mishap.node, trace),
            MishapKind::Pause => self.pause(mishap.node, trace),
            MishapKind::Limp(permille) => {
                self.limp(mishap.node, permille, trace);
                true
            }
            MishapKind::Isolate => {
                let shape = CutShape::Isolate(vec![mishap.node]);
                let key = self.kernel.key;
                self.cut(CutName::Mishap(name), &shape, CutMode::Drop, key, trace);
                true
            }
        }
    }

    fn repair(&mut self, name: u32, mishap: &Mishap, trace: &mut Trace) {
        match mishap.kind {
            MishapKind::Crash => self.restart(mishap.node, trace),
            MishapKind::Pause => self.resume(mishap.node, trace),
            MishapKind::Limp(_) => self.limp(mishap.node, 1000, trace),
            MishapKind::Isolate => self.heal(Some(CutName::Mishap(name)), trace),
        }
    }

    fn flapping_due(
        &mut self,
        slot: u32,
        name: u32,
        flapping: &Flapping,
        trace: &mut Trace,
    ) -> SimDuration {
        let ticking = &mut self.kernel.ticks[slot as usize];
        let cuts = ticking.times.is_multiple_of(2);
        ticking.struck = cuts;
        if cuts {
            let key = ticking.key.with(ticking.times.into());
            let name = CutName::Flapping(name);
            self.cut(name, &flapping.shape, flapping.mode, key, trace);
            flapping.cut
        } else {
            self.heal(Some(CutName::Flapping(name)), trace);
            flapping.healed
        }
    }

    fn add_mishap_tick(&mut self, name: u32, mishap: Mishap) {
        if !self.kernel.has(mishap.node) {
            return;
        }
        let key = self.mishap_key(name.into());
        let wait = exponential(key, 0, mishap.mean_between).max(LEAST_WAIT);
        let slot = self.add_tick(Tick::Mishap(name, mishap), self.kernel.now + wait);
        self.kernel.ticks[slot].key = key;
    }

    fn add_flapping_tick(&mut self, name: u32, flapping: &Flapping) {
        let key = self.mishap_key(1 << 32 | u64::from(name));
        let first = flapping.first.max(self.kernel.now);
        let slot = self.add_tick(Tick::Flapping(name, flapping.clone().into()), first);
        self.kernel.ticks[slot].key = key;
    }

    /// A fault that is added again under its name draws other numbers than before.
    fn mishap_key(&self, name: u64) -> Key {
        let kernel = &*self.kernel;
        let key = kernel.key.purpose(Purpose::Mishap);
        key.with(name).with(kernel.now.as_nanos())
    }

    /// Lets `tick` come at `first`; its slot.
    fn add_tick(&mut self, tick: Tick, first: SimTime) -> usize {
        let free = self
            .kernel
            .ticks
            .iter()
            .position(|ticking| ticking.tick.is_none());
        let slot = free.unwrap_or(self.kernel.ticks.len());
        let due = Due::Tick(slot as u32).pack();
        let ticking = Ticking {
            tick: Some(tick),
            times: 0,
            struck: false,
            key: self.kernel.key,
            entry: self.kernel.queue.push(first, due),
        };
        if slot == self.kernel.ticks.len() {
            self.kernel.ticks.push(ticking);
        } else {
            self.kernel.ticks[slot] = ticking;
        }
        slot
    }

    /// Takes out the ticks that match.
    fn end_ticks(&mut self, is_it: impl Fn(&Tick) -> bool) -> Vec<Ticking> {
        let mut ended = Vec::new();
        for ticking in &mut self.kernel.ticks {
            if ticking.tick.as_ref().is_some_and(&is_it) {
                ended.push(ticking.clone());
                ticking.tick = None;
            }
        }
        ended
    }

    fn record_mishap(
        &mut self,
        name: u32,
        mishap: &Mishap,
        [between, length]: [SimDuration; 2],
        trace: &mut Trace,
    ) {
        let strikes = NodeSetting::Mishap {
            name,
            between,
            length,
        };
        self.record_detail(mishap.node, strikes, trace);
    }
}

/// An exponential length of this mean.
fn exponential(key: Key, times: u32, mean: SimDuration) -> SimDuration {
    Latency::of(Distribution::Exponential { mean }).sample(key.draw(times.into()))
}
