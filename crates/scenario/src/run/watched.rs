//! A run that somebody watches: a scenario on a timeline, with a cursor.

use std::borrow::Cow;

use check::watch::Watch;
use sim::clock::WallClock;
use sim::sorting::sort_by_key;
use sim::{EventId, NodeId, Observer, SimDuration, SimTime, Timeline};

use super::build;
use super::forecast::Outlook;
use super::gathered::{Gathered, Gathering};
use super::play::Bound;
use super::progress::{Past, Progress};
use super::tally::Tally;
use super::undo::Edits;
use super::verdict::{self, ExplainedVerdict, Moment};
use super::why::Reasons;
use crate::challenge::Challenge;
use crate::deed::Timed;
use crate::document::Problem;
use crate::knob::{Knob, Settings};
use crate::lab::{Lab, Step, Told};
use crate::link::Link;
use crate::model::Scenario;
use crate::score::Score;
use crate::terms::view::View;
use crate::twin::Twin;
use crate::variant::Variant;

/// What a run may take of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    /// How many turns a call takes at once, at most.
    pub stride: u32,
    /// How many bytes of memory the run takes with its past and with what its checks remember, at most.
    pub memory: usize,
}

impl Default for Means {
    /// Each call goes all the way, in [`build::MEMORY`].
    fn default() -> Means {
        Means {
            stride: u32::MAX,
            memory: build::MEMORY,
        }
    }
}

/// How many events are looked at for each turn of a stride, at most, where there is more to gather than the stride brought.
const READ_PER_TURN: usize = 32;

/// A run with a cursor.
pub struct Run {
    pub(super) lab: Cow<'static, Lab>,
    pub(super) scenario: Scenario,
    pub(super) deeds: Vec<Timed>,
    pub(super) timeline: Timeline<Watch>,
    pub(super) edits: Edits,
    pub(super) view: Option<View>,
    pub(super) perspective: Option<NodeId>,
    /// What is flipped in the same run that is shown beside it.
    pub(super) twin: Option<Twin>,
    /// That its reader is asked before anything is told, and how somebody guessed.
    pub(super) guess: Option<Score>,
    /// What its reader is challenged to do.
    pub(super) challenge: Option<Challenge>,
    pub(super) progress: Progress,
    pub(super) outlook: Outlook,
    /// Which of what the lab sets up it is, of what has a story.
    pub(super) tried: Option<usize>,
    /// From when on the weather is not that of the story, if it ever is not.
    pub(super) other_since: Option<SimTime>,
    /// How often anything had changed when the progress began.
    progress_of: u64,
    pub(super) reasons: Reasons,
    pub(super) gathering: Gathering,
    /// Whether it is on its way to an event, at whose moment it is to land.
    lands: bool,
    /// Bytes that are taken for it elsewhere.
    pub(super) counted_in: usize,
}

impl Run {
    /// Opens a link at the moment it shows, and says what was wrong with it.
    pub fn open(hash: &str) -> (Run, Vec<Problem>) {
        let (link, problems) = Link::parse(hash);
        (Run::of_link(link), problems)
    }

    /// Opens a link at the moment it shows.
    pub fn of_link(link: Link) -> Run {
        Run::of_link_with(link, Means::default())
    }

    /// Opens a link, on its way to the moment it shows. No call takes more turns than a stride at once, here and later:
    /// where it leads further, [`Run::go_on`] gets there.
    pub fn of_link_with(link: Link, means: Means) -> Run {
        let Variant {
            scenario,
            deeds,
            at,
            view,
            perspective,
            twin,
            guess,
            challenge,
        } = link.variant;
        let mut timeline = build::timeline_within(means.memory, &scenario, &deeds);
        timeline.set_stride(means.stride);
        let mut run = Run {
            lab: link.lab,
            scenario,
            deeds,
            timeline,
            edits: Edits::default(),
            view,
            perspective,
            twin,
            guess,
            challenge,
            progress: Progress::default(),
            outlook: Outlook::default(),
            tried: None,
            other_since: None,
            progress_of: 0,
            reasons: Reasons::default(),
            gathering: Gathering::default(),
            lands: false,
            counted_in: 0,
        };
        run.find_story();
        run.seek(at.unwrap_or_default());
        run
    }

    /// The lab it belongs to.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// What it was built from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Its past and present.
    pub fn timeline(&self) -> &Timeline<Watch> {
        &self.timeline
    }

    /// The checks at the cursor; at the end of the run, with what only that shows.
    pub fn watch(&self) -> &Watch {
        self.timeline.observer()
    }

    /// The moment at the cursor.
    pub fn now(&self) -> SimTime {
        self.timeline.now()
    }

    /// The moment that the run is bound for; the one at the cursor, once it is there. What is done *now* is done then.
    pub fn aim(&self) -> SimTime {
        self.timeline.aim()
    }

    /// Whether the run is not yet where it is bound for.
    pub fn is_on_its_way(&self) -> bool {
        self.timeline.is_on_its_way()
    }

    /// Goes on by a stride to where the run is bound for. Returns whether it is there, and all that was gathered from its
    /// trace is too.
    pub fn go_on(&mut self) -> bool {
        self.timeline.go_on();
        self.land() && !self.is_behind()
    }

    /// Whether less was gathered than is known: after a change of a long run.
    fn is_behind(&self) -> bool {
        let known = self.timeline.known_events();
        self.progress.is_behind() || self.gathering.is_behind(known) || self.reasons.is_behind()
    }

    /// What was gathered of it up to the cursor.
    pub fn gathered(&self) -> Gathered<'_> {
        Gathered::of(&self.gathering, self.timeline.events())
    }

    /// Stays at the moment at the cursor, wherever the run was bound for.
    pub fn stay(&mut self) {
        self.timeline.stay();
        self.seek(self.now());
    }

    /// The picture that its link or its lab asks for, if one of them does.
    pub fn view(&self) -> Option<View> {
        let of_lab = Some(self.lab.view).filter(|view| *view != View::default());
        self.view.or(of_lab)
    }

    /// Shows it in another picture; in its lab's if nothing is said.
    pub fn look(&mut self, view: Option<View>) {
        self.view = view.filter(|view| *view != self.lab.view);
    }

    /// The node in whose perspective it is seen; without one, it is seen from outside.
    pub fn perspective(&self) -> Option<NodeId> {
        self.perspective
    }

    /// Shows it in a node's perspective, or from outside.
    pub fn set_perspective(&mut self, node: Option<NodeId>) {
        self.perspective = node;
    }

    /// What is flipped in the run that is shown beside it, as links write it, if one is.
    pub fn twin(&self) -> Option<String> {
        let twin = self.twin.as_ref();
        twin.map(|twin| twin.format(&self.scenario))
    }

    /// Shows the same run with something flipped beside it, or none. Nothing for what can not be flipped.
    pub fn set_twin(&mut self, text: Option<&str>) {
        self.twin = text.and_then(|text| Twin::parse(text, &self.scenario).ok());
    }

    /// That its reader is asked before anything is told, and how whoever made the link guessed.
    pub fn guess(&self) -> Option<Score> {
        self.guess
    }

    /// Asks first, or no longer.
    pub fn set_guess(&mut self, score: Option<Score>) {
        self.guess = score;
    }

    /// What its reader is challenged to do, and how many it took whoever made the link.
    pub fn challenge(&self) -> Option<Challenge> {
        self.challenge
    }

    /// Challenges its reader, or no longer.
    pub fn set_challenge(&mut self, challenge: Option<Challenge>) {
        self.challenge = challenge;
    }

    /// What is done to it, in order, beside what its scenario plans.
    pub fn deeds(&self) -> &[Timed] {
        &self.deeds
    }

    /// Goes on by `length`; to the end at most.
    pub fn advance(&mut self, length: SimDuration) {
        self.seek(self.now() + length);
    }

    /// Goes to a moment; to the end at most.
    pub fn seek(&mut self, time: SimTime) {
        self.lands = false;
        self.timeline.seek(time);
        self.read_on();
    }

    /// Goes on to the next moment at which something happens, after all that happens then. Returns whether there was one.
    pub fn step(&mut self) -> bool {
        self.timeline.step();
        self.set_out_to_land();
        self.now() < self.timeline.end()
    }

    /// Goes back to the moment before the latest one at which something happened. Returns whether there was one.
    pub fn step_back(&mut self) -> bool {
        let before = self.before_the_latest_moment();
        self.timeline.go_to_event(before);
        self.set_out_to_land();
        before > 0
    }

    /// Goes on to the next interesting moment; in a node's perspective, to the next one that is interesting for the node. Returns
    /// whether there was one.
    pub fn next_interesting(&mut self) -> bool {
        let moved = match self.perspective {
            None => self.timeline.next_interesting(),
            Some(node) => self.timeline.next_noticed(node),
        };
        self.set_out_to_land();
        moved
    }

    /// Goes back to the latest interesting moment before this one; in a node's perspective, to the latest one that is
    /// interesting for the node. Returns whether there was one.
    pub fn previous_interesting(&mut self) -> bool {
        let events = self.timeline.events();
        let is_here = events
            .last()
            .is_some_and(|latest| latest.time == self.now());
        let before = if is_here {
            self.before_the_latest_moment()
        } else {
            events.len() as u32
        };
        let count = match self.perspective {
            None => self.timeline.interesting_before(before),
            Some(node) => self.timeline.notable_before(before, node),
        };
        self.timeline.go_to_event(count);
        self.set_out_to_land();
        count > 0
    }

    /// How many events there are before the moment of the latest one.
    fn before_the_latest_moment(&self) -> u32 {
        let events = self.timeline.events();
        let latest = events.last().map(|latest| latest.time);
        let of_it = events.iter().rev();
        let of_it = of_it.take_while(|event| Some(event.time) == latest);
        (events.len() - of_it.count()) as u32
    }

    /// From now on it is to land where an event leads it.
    fn set_out_to_land(&mut self) {
        self.lands = true;
        self.land();
    }

    /// Goes on from an event to after all else that happens at its moment, since no link names what lies between. Returns
    /// whether it is where it was bound for.
    fn land(&mut self) -> bool {
        if self.lands && !self.is_on_its_way() {
            self.lands = false;
            self.timeline.seek(self.timeline.now());
        }
        self.read_on();
        !self.is_on_its_way()
    }

    /// Where the knobs stand now.
    pub fn settings(&self) -> Settings {
        let mut settings = Settings::of(&self.scenario);
        let mut done: Vec<&Timed> = self.scenario.plan.iter().chain(&self.deeds).collect();
        sort_by_key(&mut done, |timed| timed.at);
        for timed in done.into_iter().filter(|timed| timed.at <= self.aim()) {
            settings.follow(&timed.deed);
        }
        settings
    }

    /// Where a knob stands now, in its base unit.
    pub fn value(&self, knob: Knob) -> f64 {
        self.value_in(&self.settings(), knob)
    }

    /// Where a knob stands, given where all that can be turned do.
    pub fn value_in(&self, settings: &Settings, knob: Knob) -> f64 {
        if knob.is_live() {
            settings.value(knob)
        } else {
            knob.value(&self.scenario)
        }
    }

    /// What each check says now, and what explains it, in the order of the scenario.
    pub fn verdicts(&self) -> Vec<ExplainedVerdict<'_>> {
        let moment = Moment {
            now: self.now(),
            is_over: self.timeline.is_over(),
            is_cut_short: self.stopped().is_some(),
        };
        verdict::explained(
            &self.scenario,
            self.watch(),
            moment,
            self.timeline.events(),
            &self.reasons,
        )
    }

    /// The wall clock of each node as it is at the beginning.
    pub fn initial_clocks(&self) -> Vec<WallClock> {
        let machine = build::machine(&self.scenario);
        let nodes = (0..machine.kernel().nodes()).map(NodeId);
        nodes
            .map(|node| machine.kernel().clocks(node).wall)
            .collect()
    }

    /// The events of all violations up to now, in order.
    pub fn violations(&self) -> Vec<EventId> {
        self.watch().violations()
    }

    /// When the first violation is seen, if one has been up to now.
    pub fn violation_seen_at(&self) -> Option<SimTime> {
        let (watch, events) = (self.watch(), self.timeline.events());
        let findings = watch.checks().filter_map(|check| check.finding());
        findings
            .map(|finding| verdict::seen_at(finding, events, self.now()))
            .min()
    }

    /// What the violations up to now accuse: the event of each, and whether it is one case, not a count of many.
    pub fn accused(&self) -> impl Iterator<Item = (EventId, bool)> {
        let events = self.timeline.events();
        let time = move |id: EventId| Some(events.get(id.index())?.time);
        let checks = self.watch().checks();
        checks.filter_map(move |check| {
            let is_case = check.finds_a_case();
            let event = check.finding()?.accused(is_case, time)?;
            Some((event, is_case))
        })
    }

    /// The events that explain the violations up to now, each with when its violation was seen.
    pub fn explaining(&self) -> impl Iterator<Item = (EventId, SimTime)> {
        let cases = self.watch().checks().filter_map(|check| check.case());
        cases.flat_map(|case| {
            let seen = verdict::seen_at(case, self.timeline.events(), self.now());
            let events = self
                .reasons
                .of(case)
                .map_or(&[][..], |reason| &reason.why.events);
            events.iter().map(move |id| (*id, seen))
        })
    }

    /// What has been counted up to now. It reads all events anew.
    pub fn tally(&self) -> Tally {
        Tally::of(self.timeline.events())
    }

    /// Why the run has ended before its time, as a sentence, if it has.
    pub fn stopped(&self) -> Option<String> {
        let bound = if self.timeline.has_failed() {
            Bound::failure(self.timeline.machine())
        } else if self.timeline.is_out_of_memory() {
            Bound::Memory(self.timeline.memory())
        } else if self.timeline.is_out_of_events() {
            Bound::Events(self.scenario.events)
        } else {
            return None;
        };
        Some(bound.sentence(self.now()))
    }

    /// Builds the run anew from what it is built from, and replays it up to now.
    pub(super) fn rebuild(&mut self) {
        self.rebuild_up_to(self.aim());
    }

    /// The same, up to a moment.
    pub(super) fn rebuild_up_to(&mut self, moment: SimTime) {
        self.edits.branches.clear();
        let (stride, memory) = (self.timeline.stride(), self.timeline.memory());
        self.timeline = build::timeline_within(memory, &self.scenario, &self.deeds);
        self.timeline.set_stride(stride);
        self.seek(moment);
    }

    /// Looks for the story's moments, for what explains violations, and for operations, among what has happened since; from
    /// the beginning on if anything was changed, and no further at once than a stride is worth.
    pub(super) fn read_on(&mut self) {
        if self.progress_of != self.edits.count() {
            self.progress = Progress::default();
            self.progress_of = self.edits.count();
            self.find_story();
            self.reasons = Reasons::default();
        }
        let watch = self.timeline.observer();
        let events = self.timeline.events();
        let words = self.timeline.machine().vocabulary();
        let past = Past {
            events,
            words,
            watch,
            told: Told {
                on: &self.scenario.defences,
                done: &self.deeds,
                other_since: self.other_since,
            },
            now: self.timeline.now(),
            is_over: self.timeline.is_over(),
        };
        let most = (self.timeline.stride() as usize).saturating_mul(READ_PER_TURN);
        let story = steps(&self.lab, self.tried);
        self.progress.follow(story, &past, most);
        let known = self.timeline.known_events();
        self.gathering.follow(known, self.edits.count(), most);
        self.reasons
            .follow(&self.scenario, words, events, watch, most);
        self.make_room();
    }
}

/// The steps of the story of a run of a lab, or of one of the things to try in it.
pub(super) fn steps(lab: &Lab, tried: Option<usize>) -> &[Step] {
    let story = tried.and_then(|place| lab.set_up().nth(place));
    story.map_or(&lab.story, |(_, story)| story)
}
