//! A whole run drawn from bytes.

use sim::trace::{Digest, Event, Trace};
use sim::{Bounds, Intervention, Machine, NodeId, Setup, SimTime, Timeline, World};

use crate::choices::bytes_of_seed;
use crate::{chatter, gossip, pingpong, ring};

/// How many bytes a case of a seed is drawn from: more than any case reads.
const BYTES: usize = 2048;

/// How many events a case may have.
const MOST_EVENTS: u32 = 4000;

/// Which little protocol runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Little {
    /// [`chatter`].
    Chatter,
    /// [`ring`].
    Ring,
    /// [`gossip`].
    Gossip,
    /// [`pingpong`], with this many datagrams per host.
    PingPong(u32),
}

/// A whole run: what it starts from, what is done to it, and when it ends.
#[derive(Clone, Debug)]
pub struct Case {
    /// What runs.
    pub protocol: Little,
    /// What it starts from.
    pub setup: Setup,
    /// What is done to it, in order.
    pub script: Vec<Intervention>,
    /// When it ends.
    pub end: SimTime,
}

impl Case {
    /// The case of a seed: sane settings, whole knobs off.
    pub fn of_seed(seed: u64) -> Case {
        Case::draw(&bytes_of_seed(seed, BYTES))
    }

    /// The case at its beginning.
    pub fn machine(&self) -> Box<dyn Machine> {
        let nodes = self.setup.nodes.len();
        match self.protocol {
            Little::Chatter => Box::new(World::new(
                &self.setup,
                vec![chatter::Node::default(); nodes],
            )),
            Little::Ring => Box::new(World::new(&self.setup, ring::nodes(nodes as u16))),
            Little::Gossip => Box::new(World::new(
                &self.setup,
                vec![gossip::Node::default(); nodes],
            )),
            Little::PingPong(in_flight) => {
                let hosts = vec![pingpong::Host::new(in_flight); nodes];
                Box::new(World::new(&self.setup, hosts))
            }
        }
    }

    /// The case on a timeline.
    pub fn timeline(&self) -> Timeline {
        self.timeline_with(self.script.clone())
    }

    /// The case on a timeline, with something else done to it.
    pub fn timeline_with(&self, script: Vec<Intervention>) -> Timeline {
        let bounds = Bounds {
            end: self.end,
            events: MOST_EVENTS,
            memory: usize::MAX,
            keyframe_bytes: 1 << 20,
            // As many as there is room for, so that short runs go by keyframes too.
            keyframe_events: 1,
        };
        Timeline::new(self.machine(), (), script, bounds)
    }

    /// The trace of the whole run.
    pub fn trace(&self) -> Vec<Event> {
        let mut timeline = self.timeline();
        timeline.seek(self.end);
        timeline.events().to_vec()
    }

    /// The digest of the whole run, without a timeline: one step after the other, and what is done at its moment.
    pub fn digest(&self) -> Digest {
        let mut machine = self.machine();
        let mut trace = Trace::latest_step();
        let mut script = self.script.iter().peekable();
        while machine.kernel().events() < MOST_EVENTS {
            let due = machine.kernel().next_due().filter(|due| *due <= self.end);
            let planned = script.peek().filter(|next| next.at <= self.end);
            match (due, planned) {
                (None, None) => break,
                (Some(due), planned) if planned.is_none_or(|next| due <= next.at) => {
                    machine.step(&mut trace);
                }
                _ => {
                    if let Some(next) = script.next() {
                        machine.set_now(next.at);
                        machine.apply(&next.action, &mut trace);
                    }
                }
            }
        }
        machine.kernel().digest()
    }

    /// All nodes of the case.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.setup.nodes.len() as u16).map(NodeId)
    }
}
