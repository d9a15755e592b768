//! Which states of a run are the same: a number of 64 bits for each.
//!
//! Two states are the same if nothing that can still happen tells them apart: the true time, what each node holds in memory
//! and on disk, what waits for it and how many random numbers it has drawn, the messages on their way, the timers and syncs
//! under way, and the clocks. The names of messages, timers and events are no part of it, since they are dealt out in the
//! order of a run. Whatever is due is told by how long it still takes.
//!
//! What the network remembers of a link is left out, and so are the moments at which messages arrive by themselves. So the
//! number is right for runs on calm links whose messages a cut holds, and for no others: see the crate `explore`.

use std::hash::{Hash, Hasher};

use crate::id::NodeId;
use crate::network::{Flight, Place};
use crate::node::{Status, TimerId};
use crate::protocol::Protocol;
use crate::time::{Due, Item};
use crate::trace::Detail;
use crate::world::World;

impl<P: Protocol> World<P> {
    /// A number for the state that the run is in.
    pub(crate) fn fingerprint(&self) -> u64 {
        let timers = TimerWords::of(self);
        let mut state = Hashing::new(&timers);
        self.kernel.now.hash(&mut state);
        for node in (0..self.kernel.nodes()).map(NodeId) {
            self.hash_node(node, &mut state);
        }
        for ticking in &self.kernel.ticks {
            (ticking.tick.is_some(), ticking.times, ticking.struck).hash(&mut state);
        }
        self.hash_unordered(&timers, &mut state);
        state.finish()
    }

    /// A number for a message on its way.
    pub(crate) fn content(&self, flight: &Flight) -> u64 {
        let slot = self.kernel.slot_on_its_way(flight.id);
        slot.map_or(0, |slot| self.content_of(slot, flight))
    }

    fn content_of(&self, slot: u32, flight: &Flight) -> u64 {
        let mut state = Hashing::new(&NO_TIMERS);
        (flight.from, flight.to, flight.is_corrupted).hash(&mut state);
        (flight.corruption, flight.gist.kind).hash(&mut state);
        self.cast.store.message(slot).hash(&mut state);
        if self.kernel.network.is_fifo(flight.from, flight.to) {
            self.place_in_line(flight).hash(&mut state);
        }
        state.finish()
    }

    /// How many messages come before this one on its link.
    fn place_in_line(&self, flight: &Flight) -> usize {
        let is_before = |other: &&Flight| {
            (other.from, other.to) == (flight.from, flight.to)
                && other.id < flight.id
                && other.place != Place::Inbox
        };
        self.kernel.flights().filter(is_before).count()
    }

    fn hash_node(&self, node: NodeId, state: &mut Hashing<'_>) {
        let (kernel, store) = (&self.kernel, &self.cast.store);
        let process = &kernel.processes[node.index()];
        (process.status as u8, process.limp_permille, process.life).hash(state);
        match process.status {
            // A restart begins with a node as it was built.
            Status::Crashed => {}
            Status::Running => self.cast.nodes[node.index()].hash(state),
            Status::Paused => {
                self.cast.nodes[node.index()].hash(state);
                kernel.now.since(process.paused_at).hash(state);
            }
        }
        store.streams[node.index()].drawn().hash(state);
        store.disks[node.index()].hash_at(kernel.now, state);
        self.hash_clocks(node, state);
        if let Some(serving) = &process.serving {
            serving.done.since(kernel.now).hash(state);
            self.hash_item(serving.item, state);
        }
        for item in &process.inbox {
            self.hash_item(*item, state);
        }
    }

    fn hash_clocks(&self, node: NodeId, state: &mut Hashing<'_>) {
        let (now, clocks) = (self.kernel.now, self.kernel.clocks(node));
        (clocks.monotonic(now), clocks.boot()).hash(state);
        (clocks.wall.read(now), clocks.wall.unslewed(now)).hash(state);
        let interval = clocks.interval(now);
        (interval.earliest, interval.latest).hash(state);
    }

    /// Something that waits in a node's inbox.
    fn hash_item(&self, item: Item, state: &mut Hashing<'_>) {
        match item.due {
            Due::Arrive(slot) => {
                let flight = self.kernel.flights.get(slot);
                self.content_of(slot, flight).hash(state);
            }
            Due::Timer(slot) => {
                let timer = self.kernel.timers.get(slot);
                let is_void = !timer.is_set || timer.entry != item.entry;
                (is_void, state.timers.of_slot(slot)).hash(state);
            }
            Due::Synced(slot) => self.kernel.sync(slot).token.hash(state),
            Due::Served(_) | Due::Tick(_) => item.due.pack().hash(state),
        }
    }

    /// What has no order: messages on their way, timers, syncs.
    fn hash_unordered(&self, timers: &TimerWords, state: &mut Hashing<'_>) {
        let (kernel, now) = (&self.kernel, self.kernel.now);
        let travelling = kernel.flights.iter_slots();
        let travelling = travelling.filter(|(_, flight)| flight.place != Place::Inbox);
        let messages = travelling.map(|(slot, flight)| self.content_of(slot, flight));
        sum(messages).hash(state);
        sum(timers.words.iter().copied()).hash(state);
        let syncs = kernel.syncs().map(|request| {
            let disk = &self.cast.store.disks[request.node.index()];
            let mut of_sync = Hashing::new(&NO_TIMERS);
            let is_void = kernel.processes[request.node.index()].life != request.life;
            (request.node, request.token, is_void).hash(&mut of_sync);
            request.done.since(now).hash(&mut of_sync);
            (disk.back_to(request.last), request.fact.map(Detail::pack)).hash(&mut of_sync);
            of_sync.finish()
        });
        sum(syncs).hash(state);
    }
}

fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::wrapping_add)
}

/// A number for each timer that is set, by its slot: whose it is, when it fires and what it carries. 0 where none is set.
struct TimerWords {
    words: Vec<u64>,
    generations: Vec<u32>,
}

/// For what names no timer.
static NO_TIMERS: TimerWords = TimerWords {
    words: Vec::new(),
    generations: Vec::new(),
};

impl TimerWords {
    fn of<P: Protocol>(world: &World<P>) -> TimerWords {
        let (kernel, store) = (&world.kernel, &world.cast.store);
        let timers = &kernel.timers;
        let word = |slot: u32| {
            let timer = timers.get(slot);
            let mut state = Hashing::new(&NO_TIMERS);
            (timer.node, timer.is_aside, timers.place_in_line(timer)).hash(&mut state);
            timer.due.since(kernel.now).hash(&mut state);
            store.carried(slot).hash(&mut state);
            if timer.is_set { state.finish() } else { 0 }
        };
        let slots = 0..timers.slots();
        TimerWords {
            words: slots.clone().map(word).collect(),
            generations: slots.map(|slot| timers.get(slot).generation).collect(),
        }
    }

    fn of_slot(&self, slot: u32) -> u64 {
        self.words.get(slot as usize).copied().unwrap_or(0)
    }

    /// What a name stands for; 0 if that timer has fired or was cancelled.
    fn of_name(&self, name: TimerId) -> u64 {
        let (slot, generation) = name.parts();
        let is_current = self.generations.get(slot as usize) == Some(&generation);
        if is_current { self.of_slot(slot) } else { 0 }
    }
}

/// Hashes words of 64 bits, by multiplying and folding; the same on every machine.
struct Hashing<'t> {
    state: u64,
    timers: &'t TimerWords,
}

impl<'t> Hashing<'t> {
    fn new(timers: &'t TimerWords) -> Hashing<'t> {
        Hashing {
            state: 0x243f_6a88_85a3_08d3,
            timers,
        }
    }
}

impl Hasher for Hashing<'_> {
    #[inline]
    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.state = (product as u64 ^ (product >> 64) as u64).wrapping_add(0x1319_8a2e_0370_7344);
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    #[inline]
    fn write_u16(&mut self, number: u16) {
        self.write_u64(number.into());
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    /// The name of a timer.
    fn write_i128(&mut self, number: i128) {
        let word = self.timers.of_name(TimerId::from_hashed(number));
        self.write_u64(word);
    }

    fn finish(&self) -> u64 {
        let folded = self.state ^ (self.state >> 32);
        folded.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}
