//! What a protocol's node can do while it handles something.

use std::ops::Range;

use crate::id::{EventId, NodeId};
use crate::kernel::{Kernel, SyncRequest};
use crate::network::Distribution;
use crate::node::clock::{Interval, Rate};
use crate::node::{Stored, TimerId};
use crate::protocol::{Protocol, Store, Turn};
use crate::random::{Key, Probability, Stream};
use crate::time::SimDuration;
use crate::trace::{DiskChange, Fact, Trace};

/// A node's hands and eyes: it sends, sets timers, reads its own clocks and disk, and puts facts on record.
///
/// There is no way to the true time, to another node's state or to the network's settings.
pub struct Context<'a, P: Protocol> {
    pub(crate) kernel: &'a mut Kernel,
    pub(crate) store: &'a mut Store<P>,
    pub(crate) trace: &'a mut Trace,
    pub(crate) node: NodeId,
    /// The event that is being handled.
    pub(crate) cause: EventId,
}

impl<P: Protocol> Context<'_, P> {
    /// The node itself.
    pub fn me(&self) -> NodeId {
        self.node
    }

    /// How many nodes there are; they are numbered from 0.
    pub fn nodes(&self) -> u16 {
        self.kernel.nodes()
    }

    /// All nodes but this one, in order.
    pub fn others(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.node;
        (0..self.nodes())
            .map(NodeId)
            .filter(move |node| *node != me)
    }

    /// Sends a message, which may arrive late, more than once or never. Nothing is sent to a node that does not exist.
    #[inline]
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        let turn = Turn {
            kernel: self.kernel,
            trace: self.trace,
            cause: self.cause,
        };
        self.store.send(to, message, self.node, turn);
    }

    /// Sets a timer on the monotonic clock. A crash takes it away; a pause makes it late.
    pub fn set_timer(&mut self, after: SimDuration, timer: P::Timer) -> TimerId {
        self.store
            .set_timer(self.node, after, timer, self.cause, self.kernel)
    }

    /// Sets a timer that a thread of its own waits for, as for heartbeats in real systems: it fires on time while the node
    /// serves a message. A pause makes it late, too, but it does not wait behind what is in the inbox then.
    pub fn set_timer_aside(&mut self, after: SimDuration, timer: P::Timer) -> TimerId {
        let id = self.set_timer(after, timer);
        self.kernel.timers.set_aside(id);
        id
    }

    /// Cancels a timer. Nothing happens if it has fired already.
    pub fn cancel_timer(&mut self, timer: TimerId) {
        self.store.cancel_timer(timer, self.kernel);
    }

    /// The monotonic clock, in nanoseconds since the node last started: right for lengths within one life, useless for
    /// dates and across a restart.
    pub fn monotonic(&self) -> i64 {
        self.kernel.clocks(self.node).monotonic(self.kernel.now)
    }

    /// Names this life of the node: 0 in its first, and more in each that begins at a later moment. It stands for the boot identifier that
    /// an operating system draws at each start; here it grows, by the nanoseconds between the starts, so that numbers
    /// can follow from it.
    pub fn boot(&self) -> i64 {
        self.kernel.clocks(self.node).boot()
    }

    /// The wall clock, in nanoseconds since the run's epoch as far as this node knows.
    pub fn wall(&self) -> i64 {
        self.kernel.clocks(self.node).wall.read(self.kernel.now)
    }

    /// The interval clock: the true time lies within, if the node's settings are honest.
    pub fn interval(&self) -> Interval {
        self.kernel.clocks(self.node).interval(self.kernel.now)
    }

    /// Makes the node's own wall clock jump by `nanos`, and counts it as synchronised.
    pub fn step_wall_clock(&mut self, nanos: i64) {
        self.correct_wall_clock(nanos, None);
    }

    /// Corrects the node's own wall clock by `nanos` without a jump, at most at `rate`, and counts it as synchronised.
    pub fn slew_wall_clock(&mut self, nanos: i64, rate: Rate) {
        self.correct_wall_clock(nanos, Some(rate));
    }

    fn correct_wall_clock(&mut self, nanos: i64, slew: Option<Rate>) {
        self.kernel
            .correct_clock(self.node, nanos, slew, self.cause, self.trace);
    }

    /// Numbers that only this node draws.
    pub fn random(&mut self) -> &mut Stream {
        &mut self.store.streams[self.node.index()]
    }

    /// A length drawn from a distribution, with the node's own numbers.
    pub fn draw(&mut self, distribution: Distribution) -> SimDuration {
        use rand::Rng;
        let bits = self.random().next_u64();
        crate::network::Latency::of(distribution).sample(bits)
    }

    /// Whether something of this chance happens to number `about`. The answer to the same question is always the same,
    /// whatever else was asked or drawn.
    pub fn happens(&self, chance: Probability, about: u64) -> bool {
        chance.hits(self.happening().draw(about))
    }

    /// What [`happens`](Context::happens) draws from, for whoever has to ask without the context.
    pub fn happening(&self) -> Key {
        self.kernel.protocol_key(self.node).with(u64::MAX)
    }

    /// What is on the node's disk at `place`, written or synced.
    pub fn read(&self, place: u64) -> Option<Stored<&P::Record>> {
        self.store.disks[self.node.index()].read(place)
    }

    /// Everything that is durable on the node's disk, in order of place: what a restart finds.
    pub fn durable(&self) -> impl Iterator<Item = (u64, Stored<&P::Record>)> {
        self.store.disks[self.node.index()].durable()
    }

    /// Writes to the node's disk. It is not durable before a sync.
    pub fn write(&mut self, place: u64, record: P::Record) {
        self.store.disks[self.node.index()].write(place, record);
        self.record_write(place);
    }

    /// Erases what is at these places of the node's disk, as one write: a crash leaves all of it or nothing.
    pub fn erase(&mut self, places: Range<u64>) {
        let place = places.start;
        self.store.disks[self.node.index()].erase(places);
        self.record_write(place);
    }

    fn record_write(&mut self, place: u64) {
        let (node, cause) = (self.node, self.cause);
        self.kernel
            .record_detail(node, DiskChange::Written { place }, cause, self.trace);
    }

    /// Asks the disk to make durable what was written so far; [`Protocol::on_synced`] is called with `token` when it is.
    pub fn sync(&mut self, token: u64) {
        self.begin_sync(token, None);
    }

    /// Asks for a sync that makes a fact true, such as a charge that is in the books. The fact goes on record when the
    /// disk has synced, whether or not the node runs and hears of it; if a crash comes before, it never does.
    pub fn sync_for(&mut self, token: u64, fact: Fact) {
        self.begin_sync(token, Some(fact));
    }

    fn begin_sync(&mut self, token: u64, fact: Option<Fact>) {
        let (node, kernel) = (self.node, &mut *self.kernel);
        let (last, done) = self.store.disks[node.index()].begin_sync(kernel.now);
        let life = kernel.processes[node.index()].life;
        kernel.begin_sync(SyncRequest {
            node,
            life,
            token,
            last,
            done,
            asked_in: self.cause,
            fact,
        });
    }

    /// Ends the run, because this node's protocol cannot go on: [`Protocol::failure`] says why. What the node has done in
    /// this event stays done; nothing happens after it.
    pub fn fail(&mut self) {
        self.kernel.fail();
    }

    /// Puts a fact on record, for checks.
    pub fn record(&mut self, fact: Fact) {
        let (node, cause) = (self.node, self.cause);
        self.kernel.record_detail(node, fact, cause, self.trace);
    }
}
