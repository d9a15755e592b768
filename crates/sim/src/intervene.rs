//! What is done to a world from outside: by a person, by its scenario, or at random.

use crate::action::{Action, Meddling, MishapKind, Target};
use crate::clock::Rate;
use crate::id::{EventId, MessageId, NodeId};
use crate::kernel::{Due, Place};
use crate::network::{
    CutMode, CutShape, Distribution, Latency, LinkChange, LinkSelector, random_subset,
};
use crate::process::Status;
use crate::protocol::Protocol;
use crate::random::{Key, Purpose, below};
use crate::time::{SimDuration, SimTime};
use crate::trace::{
    ClockChange, DiskChange, Event, EventKind, Loss, MessageChange, NetworkChange, Trace,
};
use crate::world::{Tick, World};

/// The names of cuts that come by themselves are numbered from here, apart from those that people give.
const OWN_CUTS: u32 = 1 << 31;

impl<P: Protocol> World<P> {
    /// Does `action` at the present moment.
    pub fn apply(&mut self, action: &Action, trace: &mut Trace) {
        trace.begin_step(self.store.kernel.events());
        let key = self
            .store
            .kernel
            .key
            .purpose(Purpose::Target)
            .with(self.actions);
        self.actions += 1;
        match action {
            Action::Crash(target) => self.each(*target, key, trace, Self::crash),
            Action::Restart(target) => self.each(*target, key, trace, Self::restart),
            Action::Pause(target) => self.each(*target, key, trace, Self::pause),
            Action::Resume(target) => self.each(*target, key, trace, Self::resume),
            Action::Limp(target, permille) => {
                self.each(*target, key, trace, |world, node, trace| {
                    world.limp(node, *permille, trace)
                });
            }
            Action::StepClock(target, nanos) => {
                self.each(*target, key, trace, |world, node, trace| {
                    world
                        .store
                        .kernel
                        .step_clock(node, *nanos, EventId::NONE, trace);
                })
            }
            Action::SlewClock(target, nanos, rate) => {
                self.each(*target, key, trace, |world, node, trace| {
                    world
                        .store
                        .kernel
                        .slew_clock(node, *nanos, *rate, EventId::NONE, trace);
                })
            }
            Action::Drift(target, rate) => {
                self.each(*target, key, trace, |world, node, trace| {
                    world.drift(node, *rate, trace)
                });
            }
            Action::MonotonicRate(target, rate) => {
                self.each(*target, key, trace, |world, node, trace| {
                    world.monotonic_rate(node, *rate, trace)
                });
            }
            Action::Link(links, change) => self.change_links(*links, *change, trace),
            Action::Cut { name, shape, mode } => self.cut(*name, shape, *mode, key, trace),
            Action::Isolate { name, target, mode } => {
                let nodes = self.targets(*target, key);
                self.cut(*name, &CutShape::Isolate(nodes), *mode, key, trace);
            }
            Action::Heal(name) => self.heal(*name, trace),
            Action::AddFilter(name, filter) => {
                self.store.kernel.network.add_filter(*name, *filter);
                self.record_network(NetworkChange::Filter, i64::from(*name), trace);
            }
            Action::RemoveFilter(name) => {
                self.store.kernel.network.remove_filter(*name);
                self.record_network(NetworkChange::Unfilter, name.map_or(-1, i64::from), trace);
            }
            Action::Message(message, meddling) => self.meddle(*message, *meddling, key, trace),
            Action::WipeDisk(target) => self.each(*target, key, trace, |world, node, trace| {
                world.store.disks[node.index()].wipe();
                world.record_disk(DiskChange::Wiped, node, 0, trace);
            }),
            Action::SlowDisk(target, permille) => {
                self.each(*target, key, trace, |world, node, trace| {
                    world.store.disks[node.index()].set_slow(*permille);
                    world.record_disk(DiskChange::Slowed, node, i64::from(*permille), trace);
                })
            }
            Action::Operation {
                target,
                operation,
                argument,
            } => {
                self.each(*target, key, trace, |world, node, trace| {
                    world.operate(node, *operation, *argument, trace)
                });
            }
        }
    }

    /// Which nodes a target is at this moment.
    pub fn targets(&self, target: Target, key: Key) -> Vec<NodeId> {
        let count = self.store.kernel.nodes();
        let all = (0..count).map(NodeId);
        match target {
            Target::Node(node) => all.filter(|other| *other == node).collect(),
            Target::All => all.collect(),
            Target::Random => vec![NodeId(below(key.draw(0), count as u64) as u16)],
            Target::Leader => all
                .filter(|node| self.store.kernel.status(*node) != Status::Crashed)
                .filter(|node| self.nodes[node.index()].leads())
                .collect(),
            Target::Majority => random_subset(count, count / 2 + 1, key),
            Target::Minority => random_subset(count, count.saturating_sub(1) / 2, key),
        }
    }

    fn each(
        &mut self,
        target: Target,
        key: Key,
        trace: &mut Trace,
        act: impl Fn(&mut Self, NodeId, &mut Trace),
    ) {
        for node in self.targets(target, key) {
            act(self, node, trace);
        }
    }

    fn crash(&mut self, node: NodeId, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let process = &mut kernel.processes[node.index()];
        if process.status == Status::Crashed {
            return;
        }
        process.status = Status::Crashed;
        process.life += 1;
        process.waiting_messages = 0;
        let life = process.life as u64;
        let serving = process.serving.take().map(|serving| serving.item);
        let waiting: Vec<Due> = serving.into_iter().chain(process.inbox.drain(..)).collect();
        let event = kernel.local_event(EventKind::Crash, 0, node, EventId::NONE);
        kernel.record(trace, event);
        for item in waiting {
            match item {
                Due::Arrive(slot) => self.store.lose(slot, Loss::ReceiverCrashed, trace),
                Due::Synced(slot) => self.store.kernel.end_sync(slot),
                _ => {}
            }
        }
        self.store.forget_timers(node);
        let key = self
            .store
            .kernel
            .key
            .purpose(Purpose::TornWrite)
            .with(node.0 as u64)
            .with(life);
        let damage = self.store.disks[node.index()].crash(self.store.kernel.now, key);
        if damage.unsynced > 0 {
            self.record_disk(DiskChange::Unsynced, node, damage.unsynced as i64, trace);
        }
        if let Some(place) = damage.torn_place {
            self.record_disk(DiskChange::Torn, node, place as i64, trace);
        }
    }

    fn restart(&mut self, node: NodeId, trace: &mut Trace) {
        let process = &mut self.store.kernel.processes[node.index()];
        if process.status != Status::Crashed {
            return;
        }
        process.status = Status::Running;
        self.nodes[node.index()] = self.blank[node.index()].clone();
        self.start(node, EventKind::Restart, EventId::NONE, trace);
    }

    fn pause(&mut self, node: NodeId, trace: &mut Trace) {
        let now = self.store.kernel.now;
        let process = &mut self.store.kernel.processes[node.index()];
        if process.status != Status::Running {
            return;
        }
        process.status = Status::Paused;
        process.paused_at = now;
        self.record_local(EventKind::Pause, node, 0, trace);
    }

    fn resume(&mut self, node: NodeId, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let process = &mut kernel.processes[node.index()];
        if process.status != Status::Paused {
            return;
        }
        process.status = Status::Running;
        let slept = kernel.now.since(process.paused_at);
        if let Some(serving) = &mut process.serving {
            serving.done += slept;
            kernel
                .queue
                .push(serving.done, Due::Served(node.0 as u32).pack());
        }
        self.record_local(EventKind::Resume, node, 0, trace);
        self.serve(node, trace);
    }

    fn limp(&mut self, node: NodeId, permille: u32, trace: &mut Trace) {
        self.store.kernel.processes[node.index()].limp_permille = permille;
        self.record_local(EventKind::Limp, node, i64::from(permille), trace);
    }

    fn drift(&mut self, node: NodeId, rate: Rate, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let now = kernel.now;
        kernel.clocks[node.index()].wall.set_rate(rate, now);
        kernel.record_clock(ClockChange::Rate, node, rate.0, EventId::NONE, trace);
    }

    fn monotonic_rate(&mut self, node: NodeId, rate: Rate, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        let now = kernel.now;
        kernel.clocks[node.index()].monotonic.set_rate(rate, now);
        kernel.record_clock(
            ClockChange::MonotonicRate,
            node,
            rate.0,
            EventId::NONE,
            trace,
        );
    }

    fn operate(&mut self, node: NodeId, operation: u8, argument: i64, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        if kernel.status(node) != Status::Running {
            return;
        }
        let mut event = kernel.local_event(EventKind::Operation, operation, node, EventId::NONE);
        event.args[0] = argument;
        let cause = kernel.record(trace, event);
        let mut context = crate::context::Context {
            store: &mut self.store,
            trace,
            node,
            cause,
        };
        self.nodes[node.index()].on_operation(operation, argument, &mut context);
    }

    fn change_links(&mut self, links: LinkSelector, change: LinkChange, trace: &mut Trace) {
        let kernel = &mut self.store.kernel;
        kernel.network.change(links, change);
        let (from, to) = match links {
            LinkSelector::All => (-1, -1),
            LinkSelector::From(node) => (i64::from(node.0), -1),
            LinkSelector::To(node) => (-1, i64::from(node.0)),
            LinkSelector::Pair(from, to) => (i64::from(from.0), i64::from(to.0)),
        };
        let setting = match change {
            LinkChange::Latency(_) => 0,
            LinkChange::Loss(_) => 1,
            LinkChange::Bursts(_) => 2,
            LinkChange::Duplication(_) => 3,
            LinkChange::Corruption(_) => 4,
            LinkChange::Ordering(_) => 5,
            LinkChange::Bandwidth(_) => 6,
        };
        let event = kernel.local_event(
            EventKind::Network,
            NetworkChange::Setting as u8,
            NodeId(0),
            EventId::NONE,
        );
        kernel.record(
            trace,
            Event {
                args: [setting, from, to],
                ..event
            },
        );
    }

    fn cut(&mut self, name: u32, shape: &CutShape, mode: CutMode, key: Key, trace: &mut Trace) {
        self.store.kernel.network.add_cut(name, mode, shape, key);
        self.record_network(NetworkChange::Cut, i64::from(name), trace);
        self.store.kernel.cut_off(trace);
        // A cut that replaces one of its name may free links.
        self.store.kernel.let_go();
    }

    fn heal(&mut self, name: Option<u32>, trace: &mut Trace) {
        self.store.kernel.network.heal(name);
        self.record_network(NetworkChange::Heal, name.map_or(-1, i64::from), trace);
        self.store.kernel.let_go();
    }

    fn meddle(&mut self, message: MessageId, meddling: Meddling, key: Key, trace: &mut Trace) {
        let matches =
            |flight: &crate::kernel::Flight| flight.id == message && flight.place != Place::Inbox;
        let Some(slot) = self.store.kernel.slots_where(matches).first().copied() else {
            return;
        };
        let (change, amount) = match meddling {
            Meddling::Drop => (MessageChange::Drop, 0),
            Meddling::Delay(length) => (MessageChange::Delay, length.as_nanos() as i64),
            Meddling::Duplicate => (MessageChange::Duplicate, 0),
            Meddling::DeliverNow => (MessageChange::DeliverNow, 0),
            Meddling::Corrupt => (MessageChange::Corrupt, 0),
        };
        let kernel = &mut self.store.kernel;
        let now = kernel.now;
        let event = kernel.flight_event(EventKind::Meddled, change as u8, kernel.at_slot(slot));
        kernel.record(
            trace,
            Event {
                args: [amount, 0, 0],
                ..event
            },
        );
        let flight = kernel.at_slot_mut(slot);
        let held = matches!(flight.place, Place::Held(_));
        match meddling {
            Meddling::Drop => {
                (flight.ends, flight.place) = (Some(Loss::Hand), Place::Travelling);
                kernel.reschedule(slot, now);
            }
            Meddling::Delay(length) => {
                flight.due += length;
                if let Place::Held(travel) = &mut flight.place {
                    *travel = *travel + length;
                } else {
                    let next = flight.next + length;
                    kernel.reschedule(slot, next);
                }
            }
            Meddling::DeliverNow => {
                (flight.due, flight.ends, flight.place) = (now, None, Place::Travelling);
                kernel.reschedule(slot, now);
            }
            Meddling::Corrupt => {
                flight.is_corrupted = true;
                flight.corruption = key.draw(1);
            }
            Meddling::Duplicate => {
                let rest = if held {
                    SimDuration::ZERO
                } else {
                    flight.due.since(now)
                };
                // Some way behind the original, so that the two can be told apart.
                self.store
                    .duplicate(slot, now + rest + rest.scaled_permille(250), trace);
            }
        }
    }

    /// When a tick first comes.
    pub(crate) fn first_tick(&self, tick: u32) -> SimTime {
        match &self.ticks[tick as usize] {
            Tick::Start(_) => SimTime::ZERO,
            Tick::Mishap(mishap) => SimTime::ZERO + self.mishap_wait(tick, 0, mishap.mean_between),
            Tick::Flapping(flapping) => flapping.first,
            // The first questions are spread out, so that not all nodes ask at once.
            Tick::Ntp(node, profile) => {
                let nodes = u64::from(self.store.kernel.nodes());
                SimTime::from_nanos(profile.poll.as_nanos() / nodes * u64::from(node.0))
            }
        }
    }

    pub(crate) fn tick(&mut self, tick: u32, trace: &mut Trace) {
        let times = self.ticked[tick as usize];
        self.ticked[tick as usize] += 1;
        let begins = times % 2 == 0;
        let wait = match self.ticks[tick as usize].clone() {
            Tick::Start(node) => {
                self.start(node, EventKind::Start, EventId::NONE, trace);
                return;
            }
            Tick::Ntp(node, profile) => {
                if self.store.kernel.status(node) == Status::Running {
                    self.store.keep_ntp(node, profile.server, trace);
                }
                profile.poll
            }
            Tick::Flapping(flapping) => {
                let name = OWN_CUTS + tick;
                if begins {
                    let key = self
                        .store
                        .kernel
                        .key
                        .purpose(Purpose::Mishap)
                        .with(u64::from(tick))
                        .with(times.into());
                    self.cut(name, &flapping.shape, flapping.mode, key, trace);
                } else {
                    self.heal(Some(name), trace);
                }
                if begins {
                    flapping.cut
                } else {
                    flapping.healed
                }
            }
            Tick::Mishap(mishap) => {
                self.strike(tick, mishap.node, mishap.kind, begins, trace);
                let mean = if begins {
                    mishap.mean_length
                } else {
                    mishap.mean_between
                };
                self.mishap_wait(tick, times + 1, mean)
            }
        };
        let next = self.store.kernel.now + wait;
        self.store.kernel.queue.push(next, Due::Tick(tick).pack());
    }

    fn strike(
        &mut self,
        tick: u32,
        node: NodeId,
        kind: MishapKind,
        begins: bool,
        trace: &mut Trace,
    ) {
        match (kind, begins) {
            (MishapKind::Crash, true) => self.crash(node, trace),
            (MishapKind::Crash, false) => self.restart(node, trace),
            (MishapKind::Pause, true) => self.pause(node, trace),
            (MishapKind::Pause, false) => self.resume(node, trace),
            (MishapKind::Limp(permille), true) => self.limp(node, permille, trace),
            (MishapKind::Limp(_), false) => self.limp(node, 1000, trace),
            (MishapKind::Isolate, true) => {
                let shape = CutShape::Isolate(vec![node]);
                self.cut(
                    OWN_CUTS + tick,
                    &shape,
                    CutMode::Drop,
                    self.store.kernel.key,
                    trace,
                );
            }
            (MishapKind::Isolate, false) => self.heal(Some(OWN_CUTS + tick), trace),
        }
    }

    fn mishap_wait(&self, tick: u32, times: u32, mean: SimDuration) -> SimDuration {
        let key = self
            .store
            .kernel
            .key
            .purpose(Purpose::Mishap)
            .with(u64::from(tick));
        Latency::of(Distribution::Exponential { mean }).sample(key.draw(u64::from(times)))
    }

    fn record_local(&mut self, kind: EventKind, node: NodeId, amount: i64, trace: &mut Trace) {
        let event = self.store.kernel.local_event(kind, 0, node, EventId::NONE);
        self.store.kernel.record(
            trace,
            Event {
                args: [amount, 0, 0],
                ..event
            },
        );
    }

    fn record_network(&mut self, change: NetworkChange, amount: i64, trace: &mut Trace) {
        let event = self.store.kernel.local_event(
            EventKind::Network,
            change as u8,
            NodeId(0),
            EventId::NONE,
        );
        self.store.kernel.record(
            trace,
            Event {
                args: [amount, 0, 0],
                ..event
            },
        );
    }

    fn record_disk(&mut self, change: DiskChange, node: NodeId, amount: i64, trace: &mut Trace) {
        let event =
            self.store
                .kernel
                .local_event(EventKind::Disk, change as u8, node, EventId::NONE);
        self.store.kernel.record(
            trace,
            Event {
                args: [amount, 0, 0],
                ..event
            },
        );
    }
}
