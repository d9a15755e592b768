//! What a reader changed, and what the lab does by itself: the list of it, and taking single entries back or moving them in time.

use sim::network::CutMode;
use sim::{NodeId, SimTime};

use super::edit::{may_be_done, with};
use super::watched::Run;
use crate::deed::{Cut, CutForm, Deed, Timed};
use crate::document::Problem;
use crate::knob::Knob;
use crate::model::{Scenario, missing, restored, without};
use crate::terms::scope::{NodeSet, Scope, Who};
use crate::twin::Twin;

/// Something about a run that is not as its lab has it, or that a reader can make so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change<'r> {
    /// A knob stands elsewhere for the whole run.
    Setting(Knob),
    /// Something is done at a moment.
    Done(&'r Timed),
    /// Something that the lab does by itself is not done.
    LeftOut(&'r Timed),
    /// Something that the lab does by itself, as it has it.
    Planned(&'r Timed),
}

impl Change<'_> {
    /// In words: `Loss 20 %`, `crash bank`.
    pub fn says(&self, run: &Run) -> String {
        let scenario = run.scenario();
        match self {
            Change::Setting(knob) => turned(*knob, knob.value(scenario), run),
            Change::Done(timed) | Change::LeftOut(timed) | Change::Planned(timed) => {
                match timed.deed {
                    Deed::Turn(knob, value) => turned(knob, value, run),
                    Deed::Cut(cut) => cut_in_words(cut, scenario),
                    Deed::Heal(Some(cut)) => {
                        format!("heal the {}", cut_in_words(cut, scenario))
                    }
                    deed => in_words(deed, &deed.format(scenario)),
                }
            }
        }
    }

    /// When it is done; nothing for what holds for the whole run.
    pub fn at(&self) -> Option<SimTime> {
        match self {
            Change::Setting(_) => None,
            Change::Done(timed) | Change::LeftOut(timed) | Change::Planned(timed) => Some(timed.at),
        }
    }

    /// What is flipped in the run without it: for a setting, as its lab has it.
    pub fn twin(&self, run: &Run) -> Twin {
        match self {
            Change::Setting(knob) => Twin::Setting(*knob, knob.value(&run.lab().scenario)),
            Change::Done(timed) | Change::LeftOut(timed) | Change::Planned(timed) => {
                Twin::Deed((*timed).clone())
            }
        }
    }

    /// Whether it could hold for the whole run as well.
    pub fn can_hold_from_the_start(&self) -> bool {
        matches!(self, Change::Done(timed) if matches!(timed.deed, Deed::Turn(..)))
    }
}

/// A deed as it is written, a little more like words: `crash a+b` becomes `crash a, b`.
fn in_words(deed: Deed, written: &str) -> String {
    let words = written.replacen(':', " ", 1);
    match deed {
        // Here the sign also says by how much.
        Deed::Step(..) | Deed::Slew(..) | Deed::Message(..) => words,
        _ => words.replace('+', ", "),
    }
}

/// A cut: `cut n1, n2 from n3`, and `cut bank → alice` for one direction. One of another form says it as it is written.
fn cut_in_words(cut: Cut, scenario: &Scenario) -> String {
    let (CutForm::Links(scope), CutMode::Drop) = (cut.form, cut.mode) else {
        return in_words(Deed::Cut(cut), &cut.format(&scenario.names()));
    };
    let (from, to, is_both_ways) = scope.parts();
    let named = |nodes: NodeSet| {
        if nodes == NodeSet::ALL {
            return "all".to_owned();
        }
        let names = nodes.nodes(scenario.nodes.len());
        names
            .map(|node| scenario.name(node))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let way = if is_both_ways { "from" } else { "\u{2192}" };
    format!("cut {} {way} {}", named(from), named(to))
}

fn turned(knob: Knob, value: f64, run: &Run) -> String {
    let text = knob.range().unit.display(value);
    format!("{} {text}", knob.label(run.scenario()))
}

impl Run {
    /// What is not as the lab has it, apart from seed and defences: first what holds for the whole run, then what is
    /// left out, and then what is done, each in order.
    pub fn changes(&self) -> Vec<Change<'_>> {
        let (scenario, lab) = (self.scenario(), &self.lab().scenario);
        let mut changes = Vec::new();
        for knob in Knob::all(scenario) {
            if knob.differs(scenario, lab) {
                changes.push(Change::Setting(knob));
            }
        }
        let left_out = missing(&lab.plan, &scenario.plan);
        let mut next = left_out.iter();
        let mut sought = next.next();
        for timed in &lab.plan {
            if sought == Some(timed) {
                changes.push(Change::LeftOut(timed));
                sought = next.next();
            }
        }
        for timed in &self.deeds {
            changes.push(Change::Done(timed));
        }
        changes
    }

    /// All that can be taken back: what was changed, and after that what the lab does by itself.
    pub fn listed(&self) -> Vec<Change<'_>> {
        let mut listed = self.changes();
        for timed in &self.scenario().plan {
            listed.push(Change::Planned(timed));
        }
        listed
    }

    /// Takes back what has this place among [`Run::listed`]: what the lab does by itself is not done any more, or done
    /// again. Nothing for a place that none has.
    pub fn take_back(&mut self, place: usize) {
        self.change(place, |run, change| match change {
            Owned::Setting(knob) => knob.set_as_in(&mut run.scenario, &run.lab.scenario),
            Owned::Done(place) => drop(run.deeds.remove(place)),
            Owned::Plan(plan) => run.scenario.plan = plan,
        });
    }

    /// Moves what is done to another moment; a turn that is moved to the beginning holds for the whole run. Nothing for
    /// what holds for the whole run already, or for a place that no change has.
    pub fn move_to(&mut self, place: usize, at: SimTime) {
        let at = at.min(self.timeline().end());
        self.change(place, |run, change| {
            let Owned::Done(place) = change else { return };
            let deed = run.deeds.remove(place).deed;
            let holds_from_the_start = match deed {
                Deed::Turn(knob, value) if at == SimTime::ZERO => {
                    knob.set(&mut run.scenario, value).is_ok()
                }
                _ => false,
            };
            if !holds_from_the_start {
                run.deeds = with(&run.deeds, at, deed);
            }
        });
    }

    /// Takes all changes back as one step: the lab's own run, with the seed and the defences as they are.
    pub fn take_all_back(&mut self) {
        if self.changes().is_empty() {
            return;
        }
        self.remember();
        let mut scenario = self.lab().scenario.clone();
        scenario.seed = self.scenario.seed;
        scenario.defences.clone_from(&self.scenario.defences);
        self.scenario = scenario;
        self.deeds.clear();
        self.rebuild();
    }

    /// Cuts links both ways, now, as one step, in as few deeds as it takes. Each link begins on one side of the cut and ends on
    /// the other; of the `drawn` ones, no other is cut. Nothing for no links.
    ///
    /// # Errors
    ///
    /// When more is done to the run than a link can say.
    pub fn cut_links(
        &mut self,
        links: &[(NodeId, NodeId)],
        drawn: &[(NodeId, NodeId)],
    ) -> Result<(), Problem> {
        let nodes = self.scenario().nodes.len();
        let forms = match parted(links, drawn, nodes) {
            Some(side) if side.nodes(nodes).count() == 1 => {
                vec![CutForm::Isolate(Who::Nodes(side))]
            }
            Some(side) => vec![CutForm::Split(side)],
            None => between(links, drawn)
                .into_iter()
                .map(CutForm::Links)
                .collect(),
        };
        let mode = CutMode::Drop;
        let cut = |form| Deed::Cut(Cut { form, mode });
        self.act_all(forms.into_iter().map(cut).collect())
    }

    fn change(&mut self, place: usize, work: impl FnOnce(&mut Run, Owned)) {
        let before_deeds = self.changes().len() - self.deeds.len();
        let (lab, plan) = (&self.lab.scenario.plan, &self.scenario.plan);
        let change = self.listed().get(place).and_then(|listed| match listed {
            Change::Setting(knob) => Some(Owned::Setting(*knob)),
            Change::Done(_) => Some(Owned::Done(place - before_deeds)),
            Change::LeftOut(timed) => restored(lab, plan, timed).map(Owned::Plan),
            Change::Planned(timed) => without(plan, timed).map(Owned::Plan),
        });
        let Some(change) = change else { return };
        let before = self.version();
        work(self, change);
        // Without what took filters away, there may be too many.
        if may_be_done(&self.scenario, &self.deeds).is_err() {
            (self.scenario, self.deeds) = (before.scenario, before.deeds);
            return;
        }
        self.begin_step(before);
        self.rebuild();
    }
}

/// A change, by what it is changed with.
enum Owned {
    Setting(Knob),
    /// The place among the deeds.
    Done(usize),
    /// The plan as it is to be.
    Plan(Vec<Timed>),
}

/// These links, as all those between the sides of the cut if no other one is `drawn` between them; else one scope for all the
/// nodes that are cut from the same others.
fn between(cut: &[(NodeId, NodeId)], drawn: &[(NodeId, NodeId)]) -> Vec<Scope> {
    let mut ends: Vec<(NodeSet, NodeSet)> = Vec::new();
    for (from, _) in cut {
        let from_here = cut.iter().filter(|(start, _)| start == from);
        let to = set_of(from_here.map(|(_, end)| *end));
        match ends.iter_mut().find(|(_, others)| *others == to) {
            Some((starts, _)) => *starts = starts.with(*from),
            None => ends.push((NodeSet::of(*from), to)),
        }
    }
    let starts = set_of(cut.iter().map(|(start, _)| *start));
    let whole = Scope::both_ways(starts, set_of(cut.iter().map(|(_, end)| *end)));
    let is_cut = |a: NodeId, b: NodeId| cut.contains(&(a, b)) || cut.contains(&(b, a));
    let is_only = |(a, b): &(NodeId, NodeId)| !whole.contains(*a, *b) || is_cut(*a, *b);
    if !cut.is_empty() && drawn.iter().all(is_only) {
        return vec![whole];
    }
    let scope = |(from, to)| Scope::both_ways(from, to);
    ends.into_iter().map(scope).collect()
}

fn set_of(nodes: impl Iterator<Item = NodeId>) -> NodeSet {
    nodes.fold(NodeSet::default(), NodeSet::with)
}

/// The smaller side of a cut through `cut`, if these are all of the `links` between that side and the other.
fn parted(cut: &[(NodeId, NodeId)], links: &[(NodeId, NodeId)], nodes: usize) -> Option<NodeSet> {
    let is_cut = |a: NodeId, b: NodeId| cut.iter().any(|link| *link == (a, b) || *link == (b, a));
    let (start, _) = *cut.first()?;
    let mut side = NodeSet::of(start);
    let mut reached = vec![start];
    while let Some(node) = reached.pop() {
        for (a, b) in links.iter().filter(|(a, b)| !is_cut(*a, *b)) {
            for (from, to) in [(*a, *b), (*b, *a)] {
                if from == node && !side.contains(to) {
                    side = side.with(to);
                    reached.push(to);
                }
            }
        }
    }
    let parts = |a: NodeId, b: NodeId| side.contains(a) != side.contains(b);
    let all = cut.iter().all(|(a, b)| parts(*a, *b));
    let only = links.iter().all(|(a, b)| parts(*a, *b) == is_cut(*a, *b));
    let other = side.without_these(nodes);
    let is_smaller = side.nodes(nodes).count() * 2 <= nodes;
    (all && only).then_some(if is_smaller { side } else { other })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::limits::MOST_DEEDS;

    fn run() -> Run {
        let (mut run, problems) = Run::open("#/double-charge?t=5s");
        assert_eq!(problems, []);
        run.act_text("crash:bank").unwrap();
        run.turn("loss", 0.5).unwrap();
        run
    }

    fn listed(run: &Run) -> Vec<(String, Option<SimTime>)> {
        let changes = run.changes();
        let one = |change: &Change<'_>| (change.says(run).replace('\u{a0}', " "), change.at());
        changes.iter().map(one).collect()
    }

    #[test]
    fn what_was_done_is_listed_in_words() {
        let five = Some(SimTime::from_millis(5000));
        assert_eq!(
            listed(&run()),
            [
                ("crash bank".to_owned(), five),
                ("Loss 50 %".to_owned(), five)
            ]
        );
    }

    #[test]
    fn the_run_without_a_change_is_the_one_in_which_it_is_taken_back() {
        for link in [
            "#/double-charge?loss=0.5&timeout=2s&skew.alice=0s&do=crash:bank@2s,loss:0.3@4s",
            "#/lease-and-pause?without=pause:ann@1.4s",
            "#/lease-and-pause",
        ] {
            let run = Run::open(link).0;
            for place in 0..run.listed().len() {
                let twin = run.listed()[place].twin(&run).format(run.scenario());
                let beside = run.flipped_link(&twin);
                let (mut other, _) = Run::open(link);
                other.take_back(place);
                assert_eq!(beside, Some(other.link()), "{twin}");
            }
        }
    }

    #[test]
    fn the_sign_between_nodes_is_no_sign_of_an_amount() {
        for (deed, says) in [
            ("crash:alice+bob", "crash alice, bob"),
            ("step:bank+2s", "step bank+2s"),
            ("slew:alice+bob-300ms*500ppm", "slew alice+bob-300ms*500ppm"),
            ("delay:m3+2s", "delay m3+2s"),
            ("split:alice+bob", "split alice, bob"),
        ] {
            let mut run = Run::open("#/double-charge?t=5s").0;
            run.act_text(deed).unwrap();
            assert_eq!(run.changes()[0].says(&run), says);
        }
    }

    #[test]
    fn links_that_no_longer_have_something_of_their_own_follow_all_links() {
        let mut run = Run::open("#/double-charge?latency.alice-bank=20ms&latency=20ms").0;
        assert_eq!(run.changes().len(), 2);
        run.take_back(0);
        assert_eq!(
            listed(&run),
            [("Latency, alice and bank 20 ms".to_owned(), None)]
        );
        run.take_back(0);
        assert!(!run.link().contains("latency"), "{}", run.link());
    }

    #[test]
    fn a_turn_that_is_moved_to_another_of_its_knob_takes_its_place() {
        let mut run = Run::open("#/double-charge?do=loss:0.2@2s,loss:0.4@4s").0;
        run.move_to(1, SimTime::from_millis(2000));
        assert!(run.link().contains("do=loss:0.4@2s"), "{}", run.link());
    }

    #[test]
    fn no_more_is_done_than_a_link_can_say() {
        let deeds = vec!["crash:bank@2s"; MOST_DEEDS].join(",");
        let (mut run, problems) = Run::open(&format!("#/double-charge?do={deeds}&t=5s"));
        assert_eq!(problems, []);
        let before = (run.link(), run.steps());
        let said = run.act_text("restart:bank").unwrap_err().to_string();
        assert_eq!(
            said,
            "The run has 500 things done to it, and a link can say no more."
        );
        assert!(run.turn("loss", 0.5).is_err());
        assert!(run.cut_links(&[(NodeId(0), NodeId(2))], &[]).is_err());
        assert_eq!((run.link(), run.steps()), before);
        run.turn("timeout", 2e9).unwrap();
    }

    #[test]
    fn a_cut_across_links_is_one_item_that_cuts_no_other_drawn_link() {
        let check = |cut: &[(u16, u16)], spared: &[(u16, u16)], expected: &str| {
            let links = |pairs: &[(u16, u16)]| -> Vec<(NodeId, NodeId)> {
                let ends = |&(a, b): &(u16, u16)| (NodeId(a), NodeId(b));
                pairs.iter().map(ends).collect()
            };
            let mut run = Run::open("#/raft?t=1s").0;
            let drawn = links(&[cut, spared].concat());
            run.cut_links(&links(cut), &drawn).unwrap();
            let link = run.link();
            let from = link.find("do=").expect("something is done") + 3;
            let deeds = link[from..].split('&').next().unwrap_or_default();
            assert_eq!(deeds.replace("@1s", ""), expected);
        };
        check(&[(0, 1)], &[(1, 2), (0, 2)], "cut:n1-n2");
        // Nothing is left that the first two are linked to.
        check(&[(0, 2), (1, 2)], &[], "cut:n1+n2-n3");
        check(
            &[(0, 2), (1, 2), (0, 3)],
            &[(2, 3), (0, 4), (4, 3)],
            "cut:n1+n2-n3+n4",
        );
        // One link between the sides is spared.
        let spares_one = [(0, 2), (1, 2), (0, 3)];
        check(&spares_one, &[(1, 3)], "cut:n1-n3+n4,cut:n2-n3");
        check(
            &[(0, 2), (0, 3), (1, 2), (1, 3)],
            &[(4, 1), (4, 2)],
            "cut:n1+n2-n3+n4",
        );
    }

    #[test]
    fn a_cut_says_whom_it_keeps_apart_and_in_which_direction() {
        let link = "#/raft?do=cut:n1+n2-n3@1s,cut:n1..n2@2s,cut:n3..n1+n2@2s,heal:n1+n2-n3@3s,isolate:n4@4s&t=5s";
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let says: Vec<String> = run
            .changes()
            .iter()
            .map(|change| change.says(&run))
            .collect();
        let expected = [
            "cut n1, n2 from n3",
            "cut n1 \u{2192} n2",
            "cut n3 \u{2192} n1, n2",
            "heal the cut n1, n2 from n3",
            "isolate n4",
        ];
        assert_eq!(says, expected);
    }

    #[test]
    fn a_cut_across_no_link_is_no_step() {
        let mut run = run();
        let before = (run.link(), run.steps());
        run.cut_links(&[], &[(NodeId(0), NodeId(2))]).unwrap();
        assert_eq!((run.link(), run.steps()), before);
    }

    #[test]
    fn a_change_that_is_taken_back_leaves_the_run_without_it() {
        let (mut run, mut other) = (run(), Run::open("#/double-charge?t=5s").0);
        run.take_back(0);
        other.turn("loss", 0.5).unwrap();
        assert_eq!(run.timeline().digest(), other.timeline().digest());
        assert!(run.undo());
        assert_eq!(run.changes().len(), 2);
        run.take_back(7);
        assert_eq!(run.changes().len(), 2);
    }

    #[test]
    fn a_turn_that_is_moved_to_the_beginning_holds_for_the_whole_run() {
        let mut run = run();
        run.move_to(1, SimTime::ZERO);
        assert!(
            run.link().contains("loss=0.5&do=crash:bank@5s"),
            "{}",
            run.link()
        );
        run.move_to(1, SimTime::from_millis(2000));
        assert!(run.link().contains("do=crash:bank@2s"), "{}", run.link());
        run.take_back(0);
        assert!(!run.link().contains("loss"), "{}", run.link());
    }

    #[test]
    fn a_lab_is_its_own_again_with_one_step() {
        let mut run = run();
        run.defend("idempotency-key", true).unwrap();
        run.take_all_back();
        assert_eq!(run.changes(), []);
        assert!(run.link().contains("on=idempotency-key"), "{}", run.link());
        assert!(run.undo());
        assert_eq!(run.changes().len(), 2);
    }

    #[test]
    fn what_the_lab_does_by_itself_can_be_taken_out_and_brought_back() {
        let mut run = Run::open("#/lease-and-pause?t=1s").0;
        let (before, whole) = (run.link(), run.listed().len());
        assert_eq!((run.changes().len(), whole > 0), (0, true));
        let (says, at) = (run.listed()[0].says(&run), run.listed()[0].at());
        run.take_back(0);
        assert!(run.link().contains("without=pause:ann@"), "{}", run.link());
        assert_eq!(listed(&run), [(says, at)]);
        assert_eq!(run.listed().len(), whole);
        let (again, problems) = Run::open(&run.link());
        assert_eq!((again.listed().len(), problems), (whole, vec![]));
        run.take_back(0);
        assert_eq!((run.link(), run.changes().len()), (before, 0));
        assert!(run.undo());
        run.take_all_back();
        assert_eq!(run.changes(), []);
    }

    #[test]
    fn a_change_of_a_run_that_came_by_link_can_be_taken_back() {
        let mut run = Run::open("#/double-charge?loss=0.5&do=crash:bank@2s&t=5s").0;
        run.take_back(1);
        run.take_back(0);
        assert_eq!(run.changes(), []);
    }

    #[test]
    fn links_that_part_the_nodes_are_one_cut() {
        let node = NodeId;
        let ring = [(0, 1), (1, 2), (2, 3), (3, 0)].map(|(a, b)| (node(a), node(b)));
        let side = parted(&[ring[0], ring[2]], &ring, 4);
        assert_eq!(side, Some(NodeSet::of(node(0)).with(node(3))));
        assert_eq!(parted(&[ring[0]], &ring, 4), None);
        let star = [(0, 1), (0, 2), (0, 3)].map(|(a, b)| (node(a), node(b)));
        assert_eq!(parted(&[star[1]], &star, 4), Some(NodeSet::of(node(2))));
    }
}
