//! What a run's trace says over time of nodes and clocks, and the moments worth a mark: gathered once, and renewed as
//! the trace grows.

use scenario::Run;
use sim::clock::WallClock;
use sim::held::{Held, Measure, all_held};
use sim::trace::{ClockChange, Event, EventKind, FactSort};
use sim::{EventId, NodeId, SimTime, Status};

use crate::words::vocabulary::timeout;

/// What a mark on the time bar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Something was done to a node, a clock, a disk or the network.
    Fault,
    /// Somebody began or ceased to lead, or to hold a lock.
    Leadership,
    /// A wait ended without what it was for.
    Timeout,
}

impl MarkKind {
    /// All kinds.
    pub const ALL: [MarkKind; 3] = [MarkKind::Fault, MarkKind::Leadership, MarkKind::Timeout];
}

/// The run is divided into this many equal parts, and of each kind of mark at a node a part keeps the first: a run may have
/// millions of marks, and no screen is wider.
const CELLS: u64 = 1 << 14;

/// A moment worth a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What happened.
    pub event: EventId,
    /// What it stands for.
    pub kind: MarkKind,
}

/// What was gathered from a run's trace.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    edits: u64,
    seen: usize,
    /// For each node, since when it has been in which state.
    states: Vec<Vec<(SimTime, Status)>>,
    /// For each node, its wall clock from each of its changes on.
    clocks: Vec<Vec<(SimTime, WallClock)>>,
    marks: Vec<Mark>,
    /// How long a part of the run is that has one mark of a kind.
    grain: u64,
    /// For each node and for the network, and for each kind, the part of the run that has its latest mark: a node in whose perspective a run is seen has its
    /// own marks, whatever happens elsewhere at that time.
    marked: Vec<[Option<u64>; MarkKind::ALL.len()]>,
}

impl Chronicle {
    /// All that a run's trace says.
    pub fn of(run: &Run) -> Chronicle {
        let mut chronicle = Chronicle::default();
        chronicle.renew(run, usize::MAX);
        chronicle
    }

    /// Takes in what the run's trace has more than last time; from the beginning on, if the run was changed. Takes in `most`
    /// events at most, and returns whether there are no more.
    pub fn renew(&mut self, run: &Run, most: usize) -> bool {
        let events = run.timeline().known_events();
        if self.states.is_empty() || self.edits != run.edit_count() || events.len() < self.seen {
            self.begin(run);
        }
        let fresh = events.skip(self.seen).take(most);
        for (event, id) in fresh.iter().zip(self.seen as u32..) {
            self.take(run, EventId(id), event);
        }
        self.seen += fresh.len();
        self.seen == events.len()
    }

    /// Bytes that it takes on the heap.
    pub fn bytes(&self) -> usize {
        let by = Measure::Taken;
        self.states.held(by)
            + all_held(&self.states, by)
            + self.clocks.held(by)
            + all_held(&self.clocks, by)
            + self.marks.held(by)
            + self.marked.held(by)
    }

    fn begin(&mut self, run: &Run) {
        let nodes = &run.scenario().nodes;
        self.edits = run.edit_count();
        self.seen = 0;
        self.marks.clear();
        self.grain = (run.timeline().end().as_nanos() / CELLS).max(1);
        self.marked = vec![Default::default(); nodes.len() + 1];
        self.states = vec![vec![(SimTime::ZERO, Status::Running)]; nodes.len()];
        self.clocks = run
            .initial_clocks()
            .into_iter()
            .map(|clock| vec![(SimTime::ZERO, clock)])
            .collect();
    }

    fn take(&mut self, run: &Run, id: EventId, event: &Event) {
        if let Some(status) = status_from(event.kind) {
            self.states[event.node.index()].push((event.time, status));
        }
        if event.kind == EventKind::Clock {
            self.change_clock(event);
        }
        if let Some(kind) = mark(run, event) {
            self.keep(Mark { event: id, kind }, event);
        }
    }

    fn keep(&mut self, mark: Mark, event: &Event) {
        let cell = Some(event.time.as_nanos() / self.grain);
        // What happens to the network is at no node.
        let place = event.node.index().min(self.marked.len() - 1);
        let marked = &mut self.marked[place][mark.kind as usize];
        if *marked != cell {
            *marked = cell;
            self.marks.push(mark);
        }
    }

    fn change_clock(&mut self, event: &Event) {
        let history = &mut self.clocks[event.node.index()];
        let Some((_, last)) = history.last() else {
            return;
        };
        let mut clock = *last;
        match event.detail() {
            Some(ClockChange::Step { by }) => clock.step(by, event.time),
            Some(ClockChange::Slew { by, rate }) => clock.slew(by, rate, event.time),
            Some(ClockChange::Rate { rate }) => clock.set_rate(rate, event.time),
            Some(ClockChange::MonotonicRate { .. }) | None => return,
        }
        history.push((event.time, clock));
    }

    /// What `node` was doing at `time`, and until when at the most.
    pub fn status(&self, node: NodeId, time: SimTime) -> (Status, SimTime) {
        let states = &self.states[node.index()];
        let next = states.partition_point(|(since, _)| *since <= time);
        let status = states[next.max(1) - 1].1;
        let until = states.get(next).map_or(SimTime::NEVER, |(since, _)| *since);
        (status, until)
    }

    /// What the wall clock of `node` showed at `time`, in nanoseconds.
    pub fn wall(&self, node: NodeId, time: SimTime) -> i64 {
        let clocks = &self.clocks[node.index()];
        let next = clocks.partition_point(|(since, _)| *since <= time);
        clocks[next.max(1) - 1].1.read(time)
    }

    /// The moments worth a mark, violations aside, in order; one of each kind at a node, where they lie closer together than a
    /// screen can show.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }
}

/// What a node does from an event of this kind on, if that changes.
fn status_from(kind: EventKind) -> Option<Status> {
    match kind {
        EventKind::Crash => Some(Status::Crashed),
        EventKind::Pause => Some(Status::Paused),
        EventKind::Restart | EventKind::Resume => Some(Status::Running),
        EventKind::Start
        | EventKind::Send
        | EventKind::Deliver
        | EventKind::Lost
        | EventKind::Duplicate
        | EventKind::Queued
        | EventKind::TimerFired
        | EventKind::Limp
        | EventKind::Clock
        | EventKind::Network
        | EventKind::Disk
        | EventKind::Fact
        | EventKind::Operation
        | EventKind::Held
        | EventKind::Meddled
        | EventKind::Setting => None,
    }
}

/// What a mark at an event would stand for, if it is worth one.
fn mark(run: &Run, event: &Event) -> Option<MarkKind> {
    match event.kind {
        EventKind::Fact => match event.fact()?.sort() {
            FactSort::Role => Some(MarkKind::Leadership),
            FactSort::Deed | FactSort::Note => None,
        },
        EventKind::TimerFired => timeout(run, event).map(|_| MarkKind::Timeout),
        EventKind::Start
        | EventKind::Send
        | EventKind::Deliver
        | EventKind::Lost
        | EventKind::Duplicate
        | EventKind::Queued
        | EventKind::Held => None,
        EventKind::Crash
        | EventKind::Restart
        | EventKind::Pause
        | EventKind::Resume
        | EventKind::Limp
        | EventKind::Clock
        | EventKind::Network
        | EventKind::Disk
        | EventKind::Operation
        | EventKind::Meddled
        | EventKind::Setting => event.is_interesting().then_some(MarkKind::Fault),
    }
}
