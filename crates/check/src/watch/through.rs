//! Checks that see a part of a run: some nodes only, or what knows when the weather is bad.

use sim::held::Measure;
use sim::sorted::Set;

use sim::trace::{Event, EventKind, Limp};
use sim::{Copies, EventId, NodeId, SimTime};

use super::verdict::{Check, Finding, Verdict, Words};

/// What a check is shown of a run.
pub trait Lens: Clone + Send + Sync {
    /// Shows the next event to the check, or something else, or nothing.
    fn show(&mut self, id: EventId, event: &Event, check: &mut dyn Check);
    /// Whether the check sees what a node holds.
    fn sees(&self, _: NodeId) -> bool {
        true
    }
    /// Bytes that it takes on the heap.
    fn held(&self, _: Measure) -> usize {
        0
    }
    /// Tells the check that time has passed and nothing has happened since the event `latest`.
    fn pass(&mut self, latest: EventId, now: SimTime, check: &mut dyn Check) {
        check.pass(latest, now);
    }
}

/// A check that sees the run through a lens.
#[derive(Clone)]
pub struct Through<L> {
    lens: L,
    check: Box<dyn Check>,
}

impl<L: Lens> Through<L> {
    /// The check, shown the run in this way.
    pub fn new(lens: L, check: Box<dyn Check>) -> Through<L> {
        Through { lens, check }
    }
}

impl<L: Lens + 'static> Check for Through<L> {
    fn searches(&self) -> bool {
        self.check.searches()
    }

    fn work(&self) -> u64 {
        self.check.work()
    }

    fn share(&mut self, among: u64) {
        self.check.share(among);
    }

    fn held(&self, by: Measure) -> usize {
        self.lens.held(by) + size_of_val(&*self.check) + self.check.held(by)
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        self.lens.show(id, event, &mut *self.check);
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        self.lens.pass(latest, now, &mut *self.check);
    }

    fn look(&mut self, latest: EventId, now: SimTime, copies: &Copies<'_>) {
        let seen = |node| self.lens.sees(node).then(|| copies(node))?;
        self.check.look(latest, now, &seen);
    }

    fn finding(&self) -> Option<&Finding> {
        self.check.finding()
    }

    fn case(&self) -> Option<&Finding> {
        self.check.case()
    }

    fn verdict(&self, words: &Words<'_>, is_over: bool) -> Verdict {
        self.check.verdict(words, is_over)
    }

    fn finds_a_case(&self) -> bool {
        self.check.finds_a_case()
    }

    fn excuse_until(&mut self, moment: SimTime) {
        self.check.excuse_until(moment);
    }
}

/// What some nodes put on record, and what happens to all nodes and links.
#[derive(Clone)]
pub struct Among {
    nodes: Set<NodeId>,
}

impl Among {
    /// These nodes.
    pub fn new(nodes: impl IntoIterator<Item = NodeId>) -> Among {
        Among {
            nodes: nodes.into_iter().collect(),
        }
    }
}

impl Lens for Among {
    fn sees(&self, node: NodeId) -> bool {
        self.nodes.contains(&node)
    }

    fn show(&mut self, id: EventId, event: &Event, check: &mut dyn Check) {
        if event.kind != EventKind::Fact || self.nodes.contains(&event.node) {
            check.observe(id, event);
        }
    }
}

/// What is put on record from this moment on, and what happens to nodes and links at any time: what is only demanded in
/// calm.
#[derive(Clone, Copy)]
pub struct Since(pub SimTime);

impl Lens for Since {
    fn show(&mut self, id: EventId, event: &Event, check: &mut dyn Check) {
        if event.kind != EventKind::Fact || event.time >= self.0 {
            check.observe(id, event);
        }
    }
}

/// All the time between two moments is one fault, whatever happens in it: lossy links are no fault that a check can see,
/// and still nothing has to recover while they last.
#[derive(Clone, Copy)]
pub struct Spell {
    /// When the fault begins and when it ends, as long as that is to come.
    turns: [Option<SimTime>; 2],
}

impl Spell {
    /// One fault from `begins` to `ends`.
    pub fn new(begins: SimTime, ends: SimTime) -> Spell {
        Spell {
            turns: [Some(begins), Some(ends)],
        }
    }
}

/// How slow a node that does not exist becomes, in thousandths, when the fault begins and when it ends.
const LIMPS: [u32; 2] = [2000, 1000];

impl Spell {
    /// Shows the beginning and the end of the fault, each at its own time, once that has come.
    fn turn(&mut self, id: EventId, now: SimTime, check: &mut dyn Check) {
        for (turn, permille) in self.turns.iter_mut().zip(LIMPS) {
            if let Some(at) = turn.take_if(|at| *at <= now) {
                let fault = Event::of(at, NodeId(u16::MAX), Limp { permille });
                check.observe(id, &fault);
            }
        }
    }
}

impl Lens for Spell {
    fn show(&mut self, id: EventId, event: &Event, check: &mut dyn Check) {
        self.turn(id, event.time, check);
        check.observe(id, event);
    }

    fn pass(&mut self, latest: EventId, now: SimTime, check: &mut dyn Check) {
        self.turn(latest, now, check);
        check.pass(latest, now);
    }
}

#[cfg(test)]
mod tests {
    use sim::SimDuration;

    use super::*;
    use crate::watch::parts::trial::*;
    use crate::watch::{Available, EndsWithin, OneLeaderActs, RecoversWithin};

    #[test]
    fn what_others_put_on_record_is_not_judged() {
        let leaders = |nodes: [u16; 2]| {
            let nodes = nodes.map(|node| NodeId(node - 1));
            let check = Through::new(Among::new(nodes), Box::new(OneLeaderActs::new()));
            trial(check, "write")
                .at(0, 3, acts(1, 5))
                .at(0, 2, acts(2, 4))
                .at(0, 4, acts(3, 6))
        };
        leaders([2, 3]).violated(
            "n2 let write #2 take effect at 0.00 s as leader of term 4, but n3 had acted as leader of term 5 since 0.00 s.",
        );
        leaders([2, 4]).holds("2 writes took effect, one leader at a time: now n4.");
    }

    #[test]
    fn whether_it_finds_a_case_is_for_the_check_to_say() {
        let counts: Box<dyn Check> = Box::new(Available::new(0.9, 1));
        for (check, finds_a_case) in [(counts, false), (Box::new(OneLeaderActs::new()), true)] {
            assert_eq!(
                Through::new(Among::new([]), check).finds_a_case(),
                finds_a_case
            );
        }
    }

    #[test]
    fn what_was_put_on_record_before_is_not_judged() {
        let late = |from| {
            let ends = EndsWithin::new(SimDuration::from_millis(100));
            let check = Through::new(Since(SimTime::from_millis(from)), Box::new(ends));
            trial(check, "write")
                .at(100, 1, requests(1))
                .at(300, 1, ok(1))
        };
        late(100).violated("Write #1, begun by n1 at 0.10 s, has not ended 0.1 s later.");
        late(200).undecided("No write has begun yet.");
    }

    #[test]
    fn nothing_has_to_recover_before_the_fault_is_over() {
        let slow = |ends| {
            let recovers = RecoversWithin::new(SimDuration::from_millis(500));
            let (begins, ends) = (SimTime::from_millis(1000), SimTime::from_millis(ends));
            trial(
                Through::new(Spell::new(begins, ends), Box::new(recovers)),
                "write",
            )
            .at(1100, 1, PAUSES)
            .at(1200, 1, RESUMES)
            .at(1300, 1, requests(1))
            .at(2000, 1, ok(1))
            .at(3000, 1, NOTHING)
        };
        slow(1250).violated(
            "Write #1, begun by n1 at 1.30 s, had not ended at 1.80 s. The last fault ended at 1.25 s.",
        );
        slow(2500).undecided("The last fault ended at 2.50 s.");
    }

    #[test]
    fn what_lies_open_in_silence_is_judged_from_the_end_of_the_fault() {
        let silent = |ends, end| {
            let recovers = RecoversWithin::new(SimDuration::from_millis(500));
            let (begins, ends) = (SimTime::from_millis(1000), SimTime::from_millis(ends));
            let spell = Spell::new(begins, ends);
            trial(Through::new(spell, Box::new(recovers)), "write")
                .at(900, 1, requests(1))
                .ends(end)
        };
        silent(2000, 2500).undecided("The last fault ended at 2.00 s.");
        silent(2000, 2501).violated(
            "Write #1, begun by n1 at 0.90 s, had not ended at 2.50 s. The last fault ended at 2.00 s.",
        );
    }
}
