//! A run from its beginning to its end, without a past to go back to: the command line and the tests do thousands of
//! them. It has the same events as on a [`Timeline`](sim::Timeline), and keeps none.

use check::watch::{Check, Finding, State, Watch};
use sim::held::{Held, Measure};
use sim::trace::{Digest, Event, Trace};
use sim::{EventId, Gauge, Intervention, Machine, Observer, SimTime};

use super::build;
use super::verdict::{self, ExplainedVerdict, Moment};
use super::why::Reasons;
use crate::checks::{self, CheckSettings, Spell};
use crate::deed::Timed;
use crate::model::Scenario;

/// A run that goes on.
///
/// ```
/// use scenario::run::play::Play;
/// use sim::trace::Fact;
///
/// let lab = scenario::lab::find("double-charge").expect("it is a lab");
/// let mut charges = 0;
/// let outcome = Play::new(&lab.scenario, &[]).to_end(None, |_, event| {
///     charges += usize::from(matches!(event.fact(), Some(Fact::Effect { .. })));
/// });
/// assert!(charges > 0 && outcome.events as usize > charges);
/// ```
pub struct Play<'s> {
    scenario: &'s Scenario,
    course: Course,
}

/// What goes on: a world with its checks, and what is still to be done to it.
pub(super) struct Course {
    pub(super) machine: Box<dyn Machine>,
    pub(super) watch: Watch,
    pub(super) trace: Trace,
    script: Vec<Intervention>,
    applied: usize,
    /// When the run ends by itself.
    end: SimTime,
    /// The bound of events.
    most: u32,
    /// The bound of memory, and whether it is reached.
    memory: usize,
    gauge: Gauge,
}

/// How a run has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The digest of all its events.
    pub digest: Digest,
    /// How many there were.
    pub events: u32,
    /// When it ended.
    pub end: SimTime,
    /// The bound that it reached, if it ended before its time.
    pub stopped_at: Option<Bound>,
}

/// What ends a run before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Its protocol could not go on, for a reason in words that follow a colon.
    Failure(String),
    /// So many events.
    Events(u32),
    /// So many bytes of memory.
    Memory(usize),
}

/// How a run violates a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// From which moment on it is certain.
    pub at: SimTime,
    /// How far the run had gone when it showed.
    pub seen: SimTime,
    /// Whether the run's end alone makes it one: a run that went on might have made good what was missing.
    pub is_of_the_end: bool,
}

/// What a check says about a whole run, without words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// What it demands is so, for everything that was decided.
    Holds,
    /// Nothing was decided.
    Undecided,
    /// What it demands is not so, for certain.
    Violated(Finding),
}

impl Judged {
    /// What each check of a scenario says when a run has ended, or has stopped at a bound.
    pub(super) fn all(scenario: &Scenario, course: &Course, end: SimTime) -> Vec<Judged> {
        let checks = scenario.checks.iter().zip(course.watch.checks());
        let judged =
            checks.map(|(settings, check)| Judged::one(check, settings, scenario, course, end));
        judged.collect()
    }

    /// What one of them says: where the run has stopped at a bound, what has held so far is not decided.
    fn one(
        check: &dyn Check,
        settings: &CheckSettings,
        scenario: &Scenario,
        course: &Course,
        end: SimTime,
    ) -> Judged {
        if course.stopped_at().is_some() && check.finding().is_none() {
            return Judged::Undecided;
        }
        Judged::of(check, settings, scenario, end)
    }

    /// What a check says when a run has ended.
    pub(super) fn of(
        check: &dyn Check,
        settings: &CheckSettings,
        scenario: &Scenario,
        end: SimTime,
    ) -> Judged {
        match check.finding() {
            Some(finding) => Judged::Violated(finding.clone()),
            None => Judged::at_the_end(&ExplainedVerdict::of(check, settings, scenario, true), end),
        }
    }

    /// What a check says at the end of a run that has found nothing before.
    fn at_the_end(verdict: &ExplainedVerdict<'_>, end: SimTime) -> Judged {
        match verdict.state {
            State::Holds => Judged::Holds,
            State::Undecided => Judged::Undecided,
            State::Violated => Judged::Violated(Finding {
                at: verdict.violated_at.unwrap_or(end),
                event: verdict.events.last().copied().unwrap_or(EventId::NONE),
                events: verdict.events.clone(),
            }),
        }
    }

    /// When it was violated, if it was.
    pub fn violated_at(&self) -> Option<SimTime> {
        match self {
            Judged::Violated(finding) => Some(finding.at),
            Judged::Holds | Judged::Undecided => None,
        }
    }
}

impl<'s> Play<'s> {
    /// A run at its beginning.
    pub fn new(scenario: &'s Scenario, deeds: &[Timed]) -> Play<'s> {
        let course = Course::new(scenario, deeds, Trace::latest_step(), build::MEMORY);
        Play { scenario, course }
    }

    /// The run may take so many bytes of memory, and not [`build::MEMORY`]. What it would take with a past counts, so that it
    /// ends as on a page.
    #[must_use]
    pub fn within(mut self, memory: usize) -> Play<'s> {
        self.course.set_memory(memory);
        self
    }

    /// Each check demands of this bad weather what its kind of promise does.
    #[must_use]
    pub fn in_weather(mut self, spell: Spell) -> Play<'s> {
        let (checks, nodes) = (&self.scenario.checks, self.scenario.nodes.len());
        self.course.watch = checks::watch(checks, nodes, Some(spell));
        self
    }

    /// Goes on to `until`, or to the run's own end, and shows each event to `each`.
    pub fn to_end(
        mut self,
        until: Option<SimTime>,
        mut each: impl FnMut(EventId, &Event),
    ) -> Outcome {
        let end = self.end(until);
        while self.course.turn(end, &mut each) {}
        self.course.outcome(end)
    }

    /// The same, and keeps all events, so that each check can say what it found, and what explains it.
    pub fn to_end_explained(
        mut self,
        until: Option<SimTime>,
        mut each: impl FnMut(EventId, &Event),
    ) -> (Outcome, Vec<ExplainedVerdict<'s>>) {
        let end = self.end(until);
        let course = &mut self.course;
        course.trace = Trace::full();
        while course.turn(end, &mut each) {}
        let outcome = course.outcome(end);
        course.end(end);
        let (events, watch) = (course.trace.events(), &course.watch);
        let mut reasons = Reasons::default();
        reasons.follow(
            self.scenario,
            course.machine.vocabulary(),
            events,
            watch,
            usize::MAX,
        );
        let moment = Moment {
            now: outcome.end,
            is_over: true,
            is_cut_short: outcome.stopped_at.is_some(),
        };
        let verdicts = verdict::explained(self.scenario, watch, moment, events, &reasons);
        (outcome, verdicts)
    }

    /// Goes on until each check is violated, or to the end. What each check says.
    pub fn hunt(mut self, until: Option<SimTime>) -> Vec<Judged> {
        let end = self.end(until);
        let mut seen = 0;
        while self.course.turn(end, &mut |_, _| seen += 1) {
            // Looking at every check after every event would cost more than the event.
            if seen >= 64 {
                seen = 0;
                let mut checks = self.course.watch.checks();
                if checks.all(|check| check.finding().is_some()) {
                    break;
                }
            }
        }
        self.course.end(end);
        Judged::all(self.scenario, &self.course, end)
    }

    /// Goes on until one check is violated, by its place among the scenario's, or to the end. `each` is shown every event, and
    /// may ask for something to be done at its moment, after all else, or later.
    pub fn until_violated(
        mut self,
        check: usize,
        mut each: impl FnMut(EventId, &Event, &mut Vec<Intervention>),
    ) -> Option<Violation> {
        let end = self.end(None);
        let mut asked = Vec::new();
        let course = &mut self.course;
        while course.turn(end, &mut |id, event| each(id, event, &mut asked)) {
            course.add(&mut asked);
            if let Some(finding) = course.finding(check) {
                return Some(Violation {
                    at: finding.at,
                    seen: course.machine.kernel().now().max(finding.at),
                    is_of_the_end: false,
                });
            }
        }
        course.end(end);
        let (settings, watched) = (
            self.scenario.checks.get(check)?,
            course.watch.checks().nth(check)?,
        );
        let at = Judged::one(watched, settings, self.scenario, course, end).violated_at()?;
        Some(Violation {
            at,
            seen: end,
            is_of_the_end: at >= end,
        })
    }

    fn end(&self, until: Option<SimTime>) -> SimTime {
        let end = SimTime::ZERO + self.scenario.duration;
        until.unwrap_or(end).min(end)
    }
}

impl Course {
    /// A run at its beginning.
    pub(super) fn new(scenario: &Scenario, deeds: &[Timed], trace: Trace, memory: usize) -> Course {
        Course {
            machine: build::machine(scenario),
            watch: build::watch(scenario),
            trace,
            script: build::script(scenario, deeds),
            applied: 0,
            end: SimTime::ZERO + scenario.duration,
            most: scenario.events,
            memory,
            gauge: Gauge::new(memory),
        }
    }

    /// More is to be done, after what is done at the same moments anyway.
    fn add(&mut self, asked: &mut Vec<Intervention>) {
        for intervention in asked.drain(..) {
            let left = &self.script[self.applied..];
            let place = left.partition_point(|other| other.at <= intervention.at);
            self.script.insert(self.applied + place, intervention);
        }
    }

    /// What a check has found, by its place.
    fn finding(&self, check: usize) -> Option<&Finding> {
        self.watch.checks().nth(check)?.finding()
    }

    fn set_memory(&mut self, memory: usize) {
        self.memory = memory;
        self.gauge = Gauge::new(memory);
    }

    /// The bound that the run has reached, if it has.
    pub(super) fn stopped_at(&self) -> Option<Bound> {
        if self.machine.kernel().has_failed() {
            return Some(Bound::failure(&*self.machine));
        }
        if self.gauge.is_outgrown() {
            return Some(Bound::Memory(self.memory));
        }
        let is_more_due = || sim::is_more_due(&*self.machine, &self.script, self.applied, self.end);
        let is_out_of_events = self.machine.kernel().has_had(self.most) && is_more_due();
        is_out_of_events.then_some(Bound::Events(self.most))
    }

    /// Bytes of memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        let by = Measure::Taken;
        self.trace.bytes() + self.machine.held(by) + self.watch.held(by) + self.script.held(by)
    }

    /// Does the next thing that is due by `until`: events first, then what is to be done at their time.
    pub(super) fn turn(&mut self, until: SimTime, each: &mut impl FnMut(EventId, &Event)) -> bool {
        let first = self.machine.kernel().events();
        if self.stopped_at().is_some() {
            return false;
        }
        let (machine, applied) = (&mut *self.machine, &mut self.applied);
        let (watch, trace) = (&mut self.watch, &mut self.trace);
        if !sim::turn(machine, watch, &self.script, applied, until, trace) {
            return false;
        }
        for (id, event) in trace.since(EventId(first)) {
            each(id, event);
        }
        self.gauge.weigh(&*self.machine, &mut self.watch);
        true
    }

    /// Nothing more happens up to the end, unless the run has stopped at a bound.
    pub(super) fn end(&mut self, end: SimTime) {
        if self.stopped_at().is_none() {
            sim::conclude(&*self.machine, &mut self.watch, end);
        }
    }

    fn outcome(&mut self, end: SimTime) -> Outcome {
        let stopped_at = self.stopped_at();
        if stopped_at.is_none() {
            self.machine.set_now(end);
        }
        let kernel = self.machine.kernel();
        Outcome {
            digest: kernel.digest(),
            events: kernel.events(),
            end: kernel.now(),
            stopped_at,
        }
    }
}

impl Outcome {
    /// Why it ended before its time, as a sentence.
    pub fn stopped(&self) -> Option<String> {
        self.stopped_at
            .as_ref()
            .map(|bound| bound.sentence(self.end))
    }
}

impl Bound {
    /// That the protocol of a run could not go on.
    pub(crate) fn failure(machine: &dyn Machine) -> Bound {
        Bound::Failure(machine.failure().unwrap_or_default().to_owned())
    }

    /// That a run has reached it, and so has ended before its time.
    pub(crate) fn sentence(&self, at: SimTime) -> String {
        // Nobody reads parts of a millisecond.
        let at = SimTime::from_nanos(at.as_nanos().next_multiple_of(1_000_000));
        match self {
            Bound::Failure(why) => format!("The run stopped at {at}: {why}"),
            Bound::Events(most) => {
                format!("The run stopped at {at}: it had reached its bound of {most} events.")
            }
            Bound::Memory(most) => {
                let mib = most >> 20;
                format!("The run stopped at {at}: its history outgrew its budget of {mib} MiB.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;
    use crate::link::Link;

    /// Both ways of running a link agree in everything.
    fn check(link: &str) {
        let (link, problems) = Link::parse(link);
        assert_eq!(problems, []);
        let variant = &link.variant;
        let mut timeline = build::timeline(&variant.scenario, &variant.deeds);
        timeline.seek(SimTime::NEVER);
        let mut counted = 0;
        let play = Play::new(&variant.scenario, &variant.deeds);
        let (outcome, verdicts) = play.to_end_explained(None, |_, _| counted += 1);
        assert_eq!(outcome.digest, timeline.digest());
        assert_eq!(outcome.events as usize, timeline.events().len());
        assert_eq!(outcome.events, counted);
        assert_eq!(outcome.end, timeline.now());
        let mut run = Run::of_link(link.clone());
        run.seek(SimTime::NEVER);
        assert_eq!(verdicts.len(), run.verdicts().len());
        for (said, watched) in verdicts.iter().zip(run.verdicts()) {
            assert_eq!(format!("{said:?}"), format!("{watched:?}"));
        }
        let found = Play::new(&variant.scenario, &variant.deeds).hunt(None);
        let found: Vec<EventId> = found
            .iter()
            .filter_map(|judged| match judged {
                Judged::Violated(finding) => Some(finding.event),
                _ => None,
            })
            .collect();
        assert_eq!(found, run.violations());
    }

    #[test]
    fn a_run_without_a_past_has_the_events_of_one_with_a_past() {
        check("#/double-charge");
        check("#/double-charge?on=idempotency-key&seed=3");
        check("#/double-charge?do=crash:bank@2s,loss:0.5@2s,restart:bank@2.5s,halves@60s");
    }

    #[test]
    fn what_lies_open_in_silence_is_judged_when_the_run_ends() {
        let link = "#/timeout-tuning?on=adaptive-timeout&do=crash:lb+n1+n2+n3+n4+n5@26s";
        check(link);
        let mut run = Run::of_link(Link::parse(link).0);
        let completeness = |run: &Run| {
            let verdicts = run.verdicts();
            let of = |said: &&ExplainedVerdict<'_>| said.check.id == "completeness";
            let said = verdicts.iter().find(of).unwrap();
            (said.state, said.violated_at, said.seen_at)
        };
        run.seek(SimTime::from_millis(29_999));
        assert_eq!(completeness(&run), (State::Holds, None, None));
        run.seek(SimTime::NEVER);
        let [due, end] = [27_500, 30_000].map(|ms| Some(SimTime::from_millis(ms)));
        assert_eq!(completeness(&run), (State::Violated, due, end));
        run.seek(SimTime::from_millis(29_999));
        assert_eq!(completeness(&run), (State::Holds, None, None));
    }

    #[test]
    fn what_is_done_at_the_end_is_judged_as_if_nobody_had_been_there_before() {
        let link = "#/timeout-tuning?on=adaptive-timeout&do=crash:lb+n1+n2+n3+n4+n5@26s";
        let mut run = Run::of_link(Link::parse(link).0);
        run.seek(SimTime::NEVER);
        run.act_text("restart:lb").unwrap();
        let afresh = Run::of_link(Link::parse(&run.link()).0);
        assert_eq!(afresh.now(), run.now());
        assert_eq!(afresh.timeline().digest(), run.timeline().digest());
        assert_eq!(
            format!("{:?}", afresh.verdicts()),
            format!("{:?}", run.verdicts())
        );
    }

    #[test]
    fn a_run_stops_at_its_bound_of_events_and_says_so() {
        let (mut link, _) = Link::parse("#/double-charge");
        link.variant.scenario.events = 100;
        let outcome = Play::new(&link.variant.scenario, &[]).to_end(None, |_, _| {});
        let said = outcome.stopped().unwrap();
        assert!(said.contains("bound of 100 events"), "{said}");
        let at = said.split_whitespace().nth(4).unwrap_or_default();
        assert!(
            at.split_once('.')
                .is_none_or(|(_, parts)| parts.len() <= "000s:".len()),
            "{said}"
        );
        assert!(outcome.end < SimTime::from_millis(60_000));
    }

    #[test]
    fn a_run_that_comes_to_its_end_with_its_last_event_has_not_stopped() {
        let (mut link, _) = Link::parse("#/double-charge");
        let whole = Play::new(&link.variant.scenario, &[]).to_end(None, |_, _| {});
        for (events, stops) in [(whole.events, false), (whole.events - 1, true)] {
            link.variant.scenario.events = events;
            let scenario = &link.variant.scenario;
            let outcome = Play::new(scenario, &[]).to_end(None, |_, _| {});
            assert_eq!(outcome.stopped().is_some(), stops, "{events}");
            let mut run = Run::of_link(link.clone());
            run.seek(SimTime::NEVER);
            assert_eq!(run.stopped().is_some(), stops, "{events}");
            assert_eq!(run.now(), outcome.end);
            assert_eq!(run.timeline().end(), outcome.end);
        }
    }

    #[test]
    fn what_held_until_a_run_was_cut_short_is_not_decided() {
        let (mut link, _) = Link::parse("#/double-charge?on=idempotency-key,key-survives-restart");
        let holds = |judged: &[Judged]| judged.contains(&Judged::Holds);
        let scenario = &link.variant.scenario;
        let whole = Play::new(scenario, &[]).to_end(None, |_, _| {});
        assert!(holds(&Play::new(scenario, &[]).hunt(None)));
        link.variant.scenario.events = whole.events - 1;
        let scenario = &link.variant.scenario;
        assert!(!holds(&Play::new(scenario, &[]).hunt(None)));
        let (_, verdicts) = Play::new(scenario, &[]).to_end_explained(None, |_, _| {});
        for verdict in &verdicts {
            assert_eq!(verdict.state, State::Undecided);
            assert!(
                verdict
                    .sentence
                    .starts_with("The run stopped before its end.")
            );
        }
    }
}
