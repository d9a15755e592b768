//! What is done to a world from outside, by a person or by its scenario.

use crate::action::{Action, Meddling, Target};
use crate::id::{EventId, NodeId};
use crate::network::{CutMode, CutName, CutShape, LinkChange, LinkSelector, random_subset};
use crate::node::Status;
use crate::random::{Key, Purpose, below};
use crate::trace::{LinkSetting, NetworkChange, Trace};
use crate::world::Stage;

impl Stage<'_> {
    /// Does `action` at the present moment. Nothing in a run that is exhausted.
    pub fn apply(&mut self, action: &Action, trace: &mut Trace) {
        if self.kernel.is_exhausted() {
            return;
        }
        trace.begin_step(self.kernel.events());
        self.kernel.finish_sweep(trace);
        let key = self.action_key();
        match action {
            Action::Link(links, change) => self.change_links(*links, *change, trace),
            Action::Cut { name, shape, mode } => {
                self.cut(CutName::Given(*name), shape, *mode, key, trace);
            }
            Action::Isolate { name, target, mode } => {
                let shape = CutShape::Isolate(self.targets(*target, key));
                self.cut(CutName::Given(*name), &shape, *mode, key, trace);
            }
            Action::Heal(name) => self.heal(name.map(CutName::Given), trace),
            Action::AddFilter(name, filter) => {
                self.kernel.network.add_filter(*name, *filter);
                self.record_network(NetworkChange::Filter { name: *name }, trace);
            }
            Action::RemoveFilter(name) => {
                self.kernel.network.remove_filter(*name);
                let name = name.map(i64::from);
                self.record_network(NetworkChange::Unfilter { name }, trace);
            }
            Action::Message(message, meddling) => {
                if let Some(slot) = self.kernel.slot_on_its_way(*message) {
                    self.meddle(slot, *meddling, key.draw(1), trace);
                }
            }
            Action::AddMishap(name, mishap) => self.add_mishap(*name, *mishap, trace),
            Action::RemoveMishap(name) => self.remove_mishaps(*name, trace),
            Action::AddFlapping(name, flapping) => self.add_flapping(*name, flapping, trace),
            Action::RemoveFlapping(name) => self.remove_flapping(*name, trace),
            Action::Crash(target)
            | Action::Restart(target)
            | Action::Pause(target)
            | Action::Resume(target)
            | Action::Limp(target, _)
            | Action::StepClock(target, _)
            | Action::SlewClock(target, _, _)
            | Action::Drift(target, _)
            | Action::MonotonicRate(target, _)
            | Action::Node(target, _)
            | Action::WipeDisk(target)
            | Action::SlowDisk(target, _)
            | Action::Operation { target, .. } => {
                for node in self.targets(*target, key) {
                    self.befall(node, action, trace);
                }
            }
        }
    }

    /// Changes the copy in `slot` by hand; `random` are bits to corrupt it with.
    fn meddle(&mut self, slot: u32, meddling: Meddling, random: u64, trace: &mut Trace) {
        self.kernel.meddle(slot, meddling, random, trace);
        if meddling == Meddling::Duplicate
            && let Some(copy) = self.kernel.duplicate(slot, trace)
        {
            self.nodes.copy_message(slot, copy);
        }
    }

    /// Does to one node what an action does to each of its targets.
    fn befall(&mut self, node: NodeId, action: &Action, trace: &mut Trace) {
        let kernel = &mut *self.kernel;
        match *action {
            Action::Crash(_) => {
                self.crash(node, trace);
            }
            Action::Restart(_) => self.restart(node, trace),
            Action::Pause(_) => {
                self.pause(node, trace);
            }
            Action::Resume(_) => self.resume(node, trace),
            Action::Limp(_, permille) => self.limp(node, permille, trace),
            Action::StepClock(_, nanos) => kernel.step_clock(node, nanos, EventId::NONE, trace),
            Action::SlewClock(_, nanos, rate) => {
                kernel.slew_clock(node, nanos, rate, EventId::NONE, trace);
            }
            Action::Drift(_, rate) => self.drift(node, rate, trace),
            Action::MonotonicRate(_, rate) => self.monotonic_rate(node, rate, trace),
            Action::Node(_, change) => self.change_node(node, change, trace),
            Action::WipeDisk(_) => self.wipe_disk(node, trace),
            Action::SlowDisk(_, permille) => self.slow_disk(node, permille, trace),
            Action::Operation {
                operation,
                argument,
                ..
            } => self.operate(node, operation, argument, trace),
            // These hit links and messages, or are named after what they end.
            Action::Link(..)
            | Action::Cut { .. }
            | Action::Isolate { .. }
            | Action::Heal(_)
            | Action::AddFilter(..)
            | Action::RemoveFilter(_)
            | Action::Message(..)
            | Action::AddMishap(..)
            | Action::RemoveMishap(_)
            | Action::AddFlapping(..)
            | Action::RemoveFlapping(_) => {}
        }
    }

    /// What an action draws from: its moment, and how many were done at that moment before it. So one that is added at
    /// another moment leaves its numbers alone.
    fn action_key(&mut self) -> Key {
        let kernel = &mut *self.kernel;
        let (at, times) = kernel.acted;
        let times = if at == kernel.now { times + 1 } else { 0 };
        kernel.acted = (kernel.now, times);
        let key = kernel.key.purpose(Purpose::Target);
        key.with(kernel.now.as_nanos()).with(times)
    }

    /// Which nodes a target is at this moment.
    pub fn targets(&self, target: Target, key: Key) -> Vec<NodeId> {
        let count = self.kernel.nodes();
        let all = (0..count).map(NodeId);
        match target {
            Target::Node(node) => all.filter(|other| *other == node).collect(),
            Target::All => all.collect(),
            Target::Random => all
                .skip(below(key.draw(0), count.into()) as usize)
                .take(1)
                .collect(),
            Target::Leader => all
                .filter(|node| self.kernel.status(*node) != Status::Crashed)
                .filter(|node| self.nodes.leads(*node))
                .collect(),
            Target::Majority => random_subset(count, count / 2 + 1, key),
            Target::Minority => random_subset(count, count.saturating_sub(1) / 2, key),
        }
    }

    fn change_links(&mut self, links: LinkSelector, change: LinkChange, trace: &mut Trace) {
        self.kernel.network.change(links, change);
        let (from, to) = match links {
            LinkSelector::All => (None, None),
            LinkSelector::From(node) => (Some(node), None),
            LinkSelector::To(node) => (None, Some(node)),
            LinkSelector::Pair(from, to) => (Some(from), Some(to)),
        };
        let setting = match change {
            LinkChange::Latency(_) => LinkSetting::Latency,
            LinkChange::Loss(_) => LinkSetting::Loss,
            LinkChange::Bursts(_) => LinkSetting::Bursts,
            LinkChange::Duplication(_) => LinkSetting::Duplication,
            LinkChange::Corruption(_) => LinkSetting::Corruption,
            LinkChange::Ordering(_) => LinkSetting::Ordering,
            LinkChange::Bandwidth(_) => LinkSetting::Bandwidth,
        };
        self.record_network(NetworkChange::Setting { setting, from, to }, trace);
    }

    pub(crate) fn cut(
        &mut self,
        name: CutName,
        shape: &CutShape,
        mode: CutMode,
        key: Key,
        trace: &mut Trace,
    ) {
        self.kernel.network.add_cut(name, mode, shape, key);
        let name = name.as_arg();
        self.record_network(NetworkChange::Cut { name }, trace);
        self.kernel.cut_off(trace);
    }

    pub(crate) fn heal(&mut self, name: Option<CutName>, trace: &mut Trace) {
        self.kernel.network.heal(name);
        let name = name.map(CutName::as_arg);
        self.record_network(NetworkChange::Heal { name }, trace);
        self.kernel.let_go(trace);
    }

    pub(crate) fn record_network(&mut self, change: NetworkChange, trace: &mut Trace) {
        self.record_detail(NodeId(0), change, trace);
    }
}
