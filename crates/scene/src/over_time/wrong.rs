//! For how long each node has been wrong: what it believes, beside what is true.
//!
//! Two kinds of belief are judged. What only one node can have, leadership or a lock, is a wrong belief once another node got it
//! later, with a higher number: that it is nobody's, as a lease that ran out, is on no record. And a node that runs is not dead, whoever suspects it. A crashed node believes nothing.

use scenario::Run;
use sim::sorted::{Map, Set};
use sim::trace::{Event, EventKind, Fact};
use sim::{NodeId, SimTime, Status};

/// What only one node can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Alone {
    Leadership,
    Lock(i64),
}

/// What a node believes.
#[derive(Clone, Debug, Default)]
struct Mind {
    /// What it believes that it alone has, with the number that it got with it.
    has: Map<Alone, i64>,
    /// The nodes that it takes for dead.
    suspects: Set<NodeId>,
    /// Whether it has believed any of that so far.
    has_believed: bool,
    wrong_since: Option<SimTime>,
    /// For how long it was wrong until then, in seconds.
    wrong_before: f64,
}

/// All nodes' beliefs, and the truth.
pub(super) struct Minds {
    minds: Vec<Mind>,
    states: Vec<Status>,
    /// The highest number with which each was got.
    latest: Map<Alone, i64>,
    /// Whether nodes put on record that they trust another one again. Where they do not, a suspicion ends when its node is heard.
    records_trust: bool,
}

impl Minds {
    /// At the beginning of a run: nobody believes anything.
    pub(super) fn of(run: &Run) -> Minds {
        let nodes = run.scenario().nodes.len();
        Minds {
            minds: vec![Mind::default(); nodes],
            states: vec![Status::Running; nodes],
            latest: Map::new(),
            records_trust: run.scenario().protocol.records_trust,
        }
    }

    /// The nodes that have believed something so far that can be wrong.
    pub(super) fn believers(&self) -> impl Iterator<Item = NodeId> {
        let nodes = (0..self.minds.len() as u16).map(NodeId);
        nodes.filter(|node| self.minds[node.index()].has_believed)
    }

    /// For how long a node has been wrong, in seconds.
    pub(super) fn wrong_for(&self, node: NodeId, now: SimTime) -> f64 {
        let mind = &self.minds[node.index()];
        let since = mind.wrong_since.map_or(0.0, |since| seconds(since, now));
        mind.wrong_before + since
    }

    /// Whether a node takes another one for dead.
    #[cfg(test)]
    pub(super) fn suspects(&self, node: NodeId, other: NodeId) -> bool {
        self.minds[node.index()].suspects.contains(&other)
    }

    pub(super) fn take(&mut self, event: &Event) {
        if self.learns(event) || self.befalls(event) {
            self.judge(event.time);
        }
    }

    /// Whether what a node believes has changed.
    fn learns(&mut self, event: &Event) -> bool {
        let mind = &mut self.minds[event.node.index()];
        if event.kind == EventKind::Deliver && !self.records_trust {
            return mind.suspects.remove(&event.peer);
        }
        let Some(fact) = event.fact() else {
            return false;
        };
        match fact {
            Fact::Leads { term } => Self::gets(mind, &mut self.latest, Alone::Leadership, term),
            Fact::StepsDown { .. } => {
                mind.has.remove(&Alone::Leadership);
            }
            Fact::Acquired { lock, token } => {
                Self::gets(mind, &mut self.latest, Alone::Lock(lock), token);
            }
            Fact::Released { lock, .. } => {
                mind.has.remove(&Alone::Lock(lock));
            }
            Fact::Suspects { node } => {
                mind.has_believed = true;
                mind.suspects.insert(NodeId(node as u16));
            }
            Fact::Trusts { node } => {
                mind.suspects.remove(&NodeId(node as u16));
            }
            _ => return false,
        }
        true
    }

    fn gets(mind: &mut Mind, latest: &mut Map<Alone, i64>, what: Alone, number: i64) {
        mind.has_believed = true;
        mind.has.insert(what, number);
        let latest = latest.entry(what).or_insert(number);
        *latest = number.max(*latest);
    }

    /// Whether a node's state has changed.
    fn befalls(&mut self, event: &Event) -> bool {
        let node = event.node.index();
        self.states[node] = match event.kind {
            EventKind::Crash => Status::Crashed,
            EventKind::Pause => Status::Paused,
            EventKind::Restart | EventKind::Resume => Status::Running,
            _ => return false,
        };
        if event.kind == EventKind::Crash {
            self.minds[node].has.clear();
            self.minds[node].suspects.clear();
        }
        true
    }

    fn judge(&mut self, now: SimTime) {
        for place in 0..self.minds.len() {
            let is_wrong = self.is_wrong(&self.minds[place]);
            let mind = &mut self.minds[place];
            match (mind.wrong_since, is_wrong) {
                (None, true) => mind.wrong_since = Some(now),
                (Some(since), false) => {
                    mind.wrong_before += seconds(since, now);
                    mind.wrong_since = None;
                }
                _ => {}
            }
        }
    }

    fn is_wrong(&self, mind: &Mind) -> bool {
        let is_late = |(what, number): (&Alone, &i64)| self.latest.get(what) > Some(number);
        let lives = |node: &NodeId| self.states.get(node.index()) == Some(&Status::Running);
        mind.has.iter().any(is_late) || mind.suspects.iter().any(lives)
    }
}

fn seconds(from: SimTime, to: SimTime) -> f64 {
    to.since(from).as_millis_f64() / 1000.0
}
