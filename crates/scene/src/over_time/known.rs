//! What a node knows of the others: when it last heard from each, what that one said then, and what it takes it for.
//!
//! What a node takes another for is what its protocol's state says. Where that says nothing, it is what the node has put on
//! record: it suspects another node from then on until it hears from it.

use scenario::Run;
use sim::protocol::Opinion;
use sim::sorted::Set;
use sim::trace::{Event, EventKind, Fact};
use sim::{EventId, NodeId, SimTime, Status};

use crate::words::narrate;

/// How many events back a node is asked what it heard: whoever was silent for longer was silent for long.
const HEARD_BACK: usize = 20_000;

/// What a node has heard from another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heard {
    /// The latest message came then, in this event.
    At(SimTime, EventId),
    /// Nothing since then, which is as far as was looked back.
    NotSince(SimTime),
    /// Nothing, since the node last started.
    Never,
}

/// What a node knows of another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// What it has heard from it.
    pub heard: Heard,
    /// What it takes it for, if it has made up its mind.
    pub opinion: Option<Opinion>,
}

/// What `own` knows of each node at the run's cursor, in their order; of itself nothing is told.
pub fn known(run: &Run, own: NodeId) -> Vec<Known> {
    let machine = run.timeline().machine();
    let is_up = machine.kernel().status(own) != Status::Crashed;
    let memory = Memory::of(run, own);
    let nodes = (0..).map(NodeId).zip(memory.heard);
    let known = nodes.map(|(node, heard)| Known {
        heard,
        opinion: (is_up && node != own)
            .then(|| machine.opinion(own, node))
            .flatten()
            .or_else(|| memory.suspects.contains(&node).then_some(Opinion::Dead)),
    });
    known.collect()
}

impl Known {
    /// How long ago the node was last heard, in a few words.
    pub fn heard_words(&self, now: SimTime) -> String {
        let seconds = |time: SimTime| now.since(time).as_millis_f64() / 1000.0;
        match self.heard {
            Heard::At(time, _) if seconds(time) < 0.05 => "heard just now".to_owned(),
            Heard::At(time, _) => format!("heard {:.1} s ago", seconds(time)),
            Heard::NotSince(time) => format!("silent for over {:.0} s", seconds(time)),
            Heard::Never => "not heard from".to_owned(),
        }
    }

    /// What the node is taken for, in a few words.
    pub fn opinion_words(&self) -> Option<&'static str> {
        self.opinion.map(|opinion| match opinion {
            Opinion::Dead => "taken for dead",
            Opinion::Alive => "taken for alive",
            Opinion::Leader => "followed as leader",
        })
    }

    /// Both, as in *heard 2.1 s ago, taken for dead*.
    pub fn words(&self, now: SimTime) -> String {
        let heard = self.heard_words(now);
        match self.opinion_words() {
            Some(opinion) => format!("{heard}, {opinion}"),
            None => heard,
        }
    }

    /// The latest message that came from the node: when it came, and what it says. Its words may be empty.
    pub fn last_message(&self, run: &Run) -> Option<(SimTime, String)> {
        let Heard::At(time, event) = self.heard else {
            return None;
        };
        let event = run.timeline().events().get(event.index())?;
        Some((time, narrate::message(run, event)))
    }
}

/// What a node has heard and put on record since it last started, read backwards from now.
struct Memory {
    own: NodeId,
    heard: Vec<Heard>,
    /// From how many others nothing has been found yet.
    silent: usize,
    suspects: Set<NodeId>,
    /// Those that it has trusted again since.
    trusted: Set<NodeId>,
}

impl Memory {
    fn of(run: &Run, own: NodeId) -> Memory {
        let nodes = run.scenario().nodes.len();
        let mut memory = Memory {
            own,
            heard: vec![Heard::Never; nodes],
            silent: nodes.saturating_sub(1),
            suspects: Set::new(),
            trusted: Set::new(),
        };
        let events = run.timeline().events();
        let numbered = events.iter().enumerate().rev().take(HEARD_BACK);
        let mut looked = SimTime::ZERO;
        for (place, event) in numbered {
            looked = event.time;
            let is_own = event.node == own;
            if is_own && !memory.recalls(event, EventId(place as u32)) {
                return memory;
            }
        }
        if events.len() > HEARD_BACK {
            memory.forget_before(looked);
        }
        memory
    }

    /// Takes in an event of the node's own. Whether there may be more to find before it.
    fn recalls(&mut self, event: &Event, id: EventId) -> bool {
        match event.kind {
            // What it knew is gone with its memory.
            EventKind::Start | EventKind::Crash | EventKind::Restart => return false,
            EventKind::Deliver if event.peer != self.own => self.hears(event, id),
            EventKind::Fact => self.judges(event),
            _ => {}
        }
        self.silent > 0
    }

    fn hears(&mut self, event: &Event, id: EventId) {
        let heard = &mut self.heard[event.peer.index()];
        if *heard == Heard::Never {
            *heard = Heard::At(event.time, id);
            self.silent -= 1;
        }
    }

    /// A suspicion counts as long as nothing has been heard since.
    fn judges(&mut self, event: &Event) {
        match event.fact() {
            Some(Fact::Trusts { node }) => {
                self.trusted.insert(NodeId(node as u16));
            }
            Some(Fact::Suspects { node }) => {
                let node = NodeId(node as u16);
                let is_silent = self.heard.get(node.index()) == Some(&Heard::Never);
                if is_silent && !self.trusted.contains(&node) {
                    self.suspects.insert(node);
                }
            }
            _ => {}
        }
    }

    /// Whoever was not found was silent since then at least.
    fn forget_before(&mut self, looked: SimTime) {
        let unknown = self.heard.iter_mut().filter(|one| **one == Heard::Never);
        for heard in unknown {
            *heard = Heard::NotSince(looked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::lab::labs;

    /// When the latest message from `other` came to `own` since `own` last started, as the trace has it, read forwards.
    fn latest_delivery(run: &Run, own: NodeId, other: NodeId) -> Option<SimTime> {
        let mut latest = None;
        for event in run
            .timeline()
            .events()
            .iter()
            .filter(|event| event.node == own)
        {
            match event.kind {
                EventKind::Start | EventKind::Crash | EventKind::Restart => latest = None,
                EventKind::Deliver if event.peer == other => latest = Some(event.time),
                _ => {}
            }
        }
        latest
    }

    #[test]
    fn what_is_told_of_hearing_is_what_the_trace_says() {
        let mut found = [0, 0];
        for lab in labs() {
            let (mut run, _) = Run::open(&format!("#/{}", lab.id));
            for at in [1500, 4000, 9000] {
                run.seek(SimTime::from_millis(at));
                let nodes = run.scenario().nodes.len() as u16;
                for own in (0..nodes.min(4)).map(NodeId) {
                    let all = known(&run, own);
                    for other in (0..nodes).map(NodeId).filter(|other| *other != own) {
                        let heard = match all[other.index()].heard {
                            Heard::At(time, _) => Some(time),
                            Heard::Never => None,
                            Heard::NotSince(_) => continue,
                        };
                        found[usize::from(heard.is_some())] += 1;
                        let true_time = latest_delivery(&run, own, other);
                        assert_eq!(
                            heard, true_time,
                            "{} at {at} ms: {own:?} from {other:?}",
                            lab.id
                        );
                    }
                }
            }
        }
        assert!(found.iter().all(|count| *count > 50), "{found:?}");
    }

    /// What a node of this name knows of each other node, in words.
    fn words(link: &str, own: &str) -> Vec<(String, String)> {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let own = run.scenario().node(own).expect("the lab has it");
        let others = (0..).map(NodeId).zip(known(&run, own));
        let others = others.filter(|(node, _)| *node != own);
        let said = others.map(|(node, known)| {
            let name = run.scenario().name(node);
            (name, known.words(run.now()))
        });
        said.collect()
    }

    /// A balancer says of each of its workers whether it takes it for dead, as its state does.
    #[test]
    fn a_failure_detector_says_whom_it_takes_for_dead() {
        let link = "#/timeout-tuning?t=20s&do=crash:n1@15s";
        let (run, _) = Run::open(link);
        let name = |node: NodeId| run.scenario().name(node);
        let said = words(link, "lb");
        let described = run.timeline().machine().describe(NodeId(0), &name);
        let mut dead = 0;
        for (worker, words) in &said {
            let is_dead = described
                .beliefs
                .iter()
                .any(|belief| belief.starts_with(&format!("I think {worker} is dead")));
            assert_eq!(
                words.ends_with(", taken for dead"),
                is_dead,
                "{worker}: {words}"
            );
            assert_eq!(
                words.ends_with(", taken for alive"),
                !is_dead,
                "{worker}: {words}"
            );
            dead += usize::from(is_dead);
        }
        assert!(dead > 0, "{said:?}");
    }

    #[test]
    fn a_follower_says_whom_it_follows() {
        let (run, _) = Run::open("#/raft?t=4s");
        let machine = run.timeline().machine();
        let nodes = (0..run.scenario().nodes.len() as u16).map(NodeId);
        let mut followed = 0;
        for own in nodes.clone() {
            let known = known(&run, own);
            for other in nodes.clone() {
                if known[other.index()].opinion == Some(Opinion::Leader) {
                    assert!(machine.leads(other), "{other:?} by {own:?}");
                    followed += 1;
                }
            }
        }
        assert!(followed >= 2, "{followed}");
    }
}
