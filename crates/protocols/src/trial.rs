//! Running a protocol for a while, for tests.

use sim::network::LinkProfile;
use sim::sorted::{Map, Set};
use sim::trace::{DiskChange, Event, EventKind, Fact, Trace};
use sim::{
    Action, DiskProfile, Machine, NodeId, ProcessProfile, Setup, SimDuration, SimTime, Target,
};

use crate::describe::entry::{Plan, ProtocolEntry};

/// A protocol on a network that loses nothing unless it is told to.
pub(crate) struct Trial {
    entry: &'static ProtocolEntry,
    plan: Plan,
    setup: Setup,
    actions: Vec<(u64, Action)>,
}

impl Trial {
    /// Nodes of these roles; each message travels 100 ms.
    pub fn new(entry: &'static ProtocolEntry, roles: &[&'static str]) -> Trial {
        let link = LinkProfile::ideal(SimDuration::from_millis(100));
        Trial {
            entry,
            plan: Plan::new(entry, roles),
            setup: Setup::new(1, link, roles.len()),
            actions: Vec::new(),
        }
    }

    /// With another seed.
    pub fn seed(mut self, seed: u64) -> Trial {
        self.setup.seed = seed;
        self
    }

    /// With a defence on.
    pub fn on(mut self, defence: &'static str) -> Trial {
        let known = self.entry.defences.iter().map(|spec| spec.id);
        expect_known("defence", defence, known.collect());
        self.plan.defences.insert(defence);
        self
    }

    /// With a parameter at a value.
    pub fn set(mut self, parameter: &'static str, value: f64) -> Trial {
        let known = self.entry.parameters.iter().map(|spec| spec.id);
        expect_known("parameter", parameter, known.collect());
        self.plan.parameters.insert(parameter, value);
        self
    }

    /// With another network.
    pub fn network(mut self, change: impl FnOnce(&mut LinkProfile)) -> Trial {
        change(&mut self.setup.link);
        self
    }

    /// With a link of its own.
    pub fn link(mut self, from: u16, to: u16, profile: LinkProfile) -> Trial {
        self.setup.links.push((NodeId(from), NodeId(to), profile));
        self
    }

    /// With a link on which a message travels so many milliseconds.
    pub fn slow_link(self, from: u16, to: u16, ms: u64) -> Trial {
        self.link(from, to, LinkProfile::ideal(SimDuration::from_millis(ms)))
    }

    /// With a disk of this kind in each node.
    pub fn disks(mut self, disk: DiskProfile) -> Trial {
        for node in &mut self.setup.nodes {
            node.disk = disk;
        }
        self
    }

    /// With a process of this kind in one node.
    pub fn process(mut self, node: u16, process: ProcessProfile) -> Trial {
        self.setup.nodes[usize::from(node)].process = process;
        self
    }

    /// With something done at so many milliseconds.
    pub fn act(mut self, ms: u64, action: Action) -> Trial {
        self.actions.push((ms, action));
        self.actions.sort_by_key(|(ms, _)| *ms);
        self
    }

    /// What is put on record up to so many milliseconds: when, by which node, what.
    pub fn facts(&self, until: u64) -> Vec<(u64, u16, Fact)> {
        let trace = self.trace(until);
        let facts = trace.events().iter().filter_map(|event| {
            let ms = event.time.as_nanos() / 1_000_000;
            Some((ms, event.node.0, event.fact()?))
        });
        facts.collect()
    }

    /// How many messages a node sends up to so many milliseconds.
    pub fn sends(&self, until: u64, node: u16) -> usize {
        let trace = self.trace(until);
        let sent = trace.events().iter();
        sent.filter(|event| event.kind == EventKind::Send && event.node.0 == node)
            .count()
    }

    /// How many messages of a name are sent up to so many milliseconds.
    pub fn sends_named(&self, until: u64, name: &str) -> usize {
        self.said(until, name).len()
    }

    /// How many syncs of a node's disk have ended up to so many milliseconds.
    pub fn syncs(&self, until: u64, node: u16) -> usize {
        let trace = self.trace(until);
        let synced = trace.events().iter();
        let synced = synced.filter(|event| event.detail() == Some(DiskChange::Synced));
        synced.filter(|event| event.node.0 == node).count()
    }

    /// The numbers that the messages of a name say which are sent up to so many milliseconds.
    pub fn said(&self, until: u64, name: &str) -> Vec<[i64; 3]> {
        let messages = self.entry.vocabulary.messages;
        let is_named = |kind: u8| {
            messages
                .get(usize::from(kind))
                .is_some_and(|word| word.name == name)
        };
        let trace = self.trace(until);
        let sent = trace
            .events()
            .iter()
            .filter(|event| event.kind == EventKind::Send);
        let gists = sent.filter_map(Event::gist);
        let of_name = gists.filter(|gist| is_named(gist.kind));
        of_name.map(|gist| gist.args).collect()
    }

    fn trace(&self, until: u64) -> Trace {
        self.run(until).1
    }

    fn run(&self, until: u64) -> (Box<dyn Machine>, Trace) {
        let mut machine = (self.entry.build)(&self.plan, &self.setup);
        let mut trace = Trace::full();
        let mut actions = self.actions.iter();
        let mut next = actions.next();
        loop {
            let at = next.map_or(until, |(at, _)| *at);
            let at = SimTime::from_millis(at);
            while machine.kernel().next_due().is_some_and(|due| due <= at) {
                machine.step(&mut trace);
            }
            machine.set_now(at);
            let Some((_, action)) = next else { break };
            machine.apply(action, &mut trace);
            next = actions.next();
        }
        (machine, trace)
    }

    /// A node holds at so many milliseconds what it has put on record since it last started, and that is at least as much as
    /// this. Returns how much it is.
    #[track_caller]
    pub fn holds_what_it_says(&self, node: u16, until: u64, least: usize) -> usize {
        let (machine, trace) = self.run(until);
        let mut said = Set::new();
        let events = trace.events().iter();
        for event in events.filter(|event| event.node.0 == node) {
            if event.kind == EventKind::Restart {
                said.clear();
            }
            match event.fact() {
                Some(Fact::Stored { operation, key, .. }) => said.insert((key, operation)),
                Some(Fact::Discarded { operation, key, .. }) => said.remove(&(key, operation)),
                _ => false,
            };
        }
        let held = machine.copies(NodeId(node)).expect("it keeps copies");
        let held: Set<(i64, u32)> = held.iter().map(|copy| (copy.key, copy.operation)).collect();
        assert_eq!(held, said, "at {until} ms");
        assert!(held.len() >= least, "{held:?}");
        held.len()
    }

    /// What a node holds is what it says, after its writes up to `crash`, at once after a restart, and later.
    #[track_caller]
    pub fn copies_outlive_a_crash(self, node: u16, crash: u64) {
        let target = Target::Node(NodeId(node));
        let trial = self
            .act(crash, Action::Crash(target))
            .act(crash + 500, Action::Restart(target));
        let before = trial.holds_what_it_says(node, crash - 1, 1);
        trial.holds_what_it_says(node, crash + 500, before);
        trial.holds_what_it_says(node, crash + 5000, before);
    }
}

/// What a node's copies hold before it crashes at so many milliseconds, and what it puts on record as stored when it
/// restarts half a second later: by key, the operation.
pub(crate) fn held_across_a_crash(trial: Trial, node: u16, ms: u64) -> [Map<i64, u32>; 2] {
    let target = Target::Node(NodeId(node));
    let trial = trial
        .act(ms, Action::Crash(target))
        .act(ms + 500, Action::Restart(target));
    let mut held = [Map::new(), Map::new()];
    for (at, by, fact) in trial.facts(ms + 500) {
        if let Fact::Stored { operation, key, .. } = fact
            && by == node
        {
            held[usize::from(at >= ms)].insert(key, operation);
        }
    }
    held
}

fn expect_known(what: &str, name: &str, known: Vec<&str>) {
    assert!(
        known.contains(&name),
        "no {what} is named {name:?}; there are {known:?}"
    );
}

/// Milliseconds in the unit of duration parameters.
pub(crate) const fn ms(millis: u64) -> f64 {
    (millis * 1_000_000) as f64
}
