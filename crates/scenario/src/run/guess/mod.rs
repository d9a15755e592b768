//! What a reader is asked of a run before it is told. The run is played once, from its beginning to its end, and what is true of it
//! is kept here until the question is answered.

mod deal;
mod mixed;
mod silence;

pub use silence::FATES;

use check::watch::State;
use sim::sorting::{sort, sort_by_key};
use sim::trace::{Event, Trace};
use sim::{EventId, NodeId, SimDuration, SimTime};

use self::mixed::mixed;
use self::silence::{Fate, Silences};
use super::Run;
use super::play::Course;
use super::verdict::ExplainedVerdict;
use crate::lab::{Asks, Guess};
use crate::model::Scenario;
use crate::terms::name::name_of_text;

/// How many events a run may have for which questions are sought.
const MOST_EVENTS: u32 = 400_000;

/// Among so many nodes one is to be named at most: a key for each, and all are in sight.
const MOST_SUSPECTS: usize = 5;

/// What may come of a check, in the order in which it is offered.
pub const ENDS: [&str; 2] = ["holds", "breaks"];

/// What is asked of a run at a moment.
#[derive(Debug)]
pub struct Question {
    /// When it is asked.
    pub at: SimTime,
    /// What the lab asks.
    pub guess: Guess,
    /// Who does not answer, where that is asked.
    pub peer: Option<NodeId>,
    /// The sending of the message that has no answer, which the node that is asked knows of.
    pub about: Option<EventId>,
    /// Among whom one is wrong, where that is asked.
    pub suspects: Vec<NodeId>,
    truth: Truth,
}

/// What is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The right answer, by its place among those that are offered.
    pub right: usize,
    /// The events up to then that show it, in order.
    pub events: Vec<EventId>,
    /// What the check says of it, where a check is asked about.
    pub sentence: Option<String>,
    /// When it is seen, if that is later than the question.
    pub seen_at: Option<SimTime>,
}

/// What can be asked of a run, and the run that is played for that.
pub struct Guessing {
    scenario: Scenario,
    guesses: Vec<Guess>,
    going: Option<Box<Course>>,
    /// For each question about silence, in their order, what it needs to know.
    silences: Vec<Silences>,
    /// When each check's violation is seen.
    seen: Vec<Option<SimTime>>,
    shown: SimTime,
    questions: Vec<Question>,
}

impl Run {
    /// What a reader can be asked of this run: nothing if its link says what happens in it.
    pub fn guessing(&self) -> Guessing {
        let scenario = self.scenario().clone();
        let is_told = !self.deeds.is_empty();
        let guesses = if is_told {
            Vec::new()
        } else {
            self.lab().guesses.clone()
        };
        let words = scenario.protocol.vocabulary.messages;
        let nodes = scenario.nodes.len();
        let silent = guesses.iter().filter(|guess| is_of_silence(guess));
        let course = || Course::new(&scenario, &[], Trace::full(), self.timeline().memory());
        Guessing {
            going: (!guesses.is_empty()).then(|| Box::new(course())),
            silences: silent
                .map(|guess| Silences::nothing(guess.node, nodes, words))
                .collect(),
            seen: vec![None; scenario.checks.len()],
            shown: SimTime::ZERO + self.lab().shown,
            guesses,
            scenario,
            questions: Vec::new(),
        }
    }

    /// The lab's own run with another seed, and with the defences of its claims, so that nobody knows how it ends.
    pub fn deal(&mut self, seed: u32) {
        let mut scenario = self.lab().scenario.clone();
        scenario.seed = seed;
        scenario.defences = deal::defences(self.lab(), seed);
        self.replace(scenario, Vec::new(), SimTime::ZERO);
    }
}

impl Guessing {
    /// Plays on by about so many events. Returns whether all is known.
    pub fn go_on(&mut self, events: u32) -> bool {
        let Some(course) = &mut self.going else {
            return true;
        };
        let end = SimTime::ZERO + self.scenario.duration;
        let goal = course.machine.kernel().events().saturating_add(events);
        let mut is_over = false;
        while !is_over && course.machine.kernel().events() < goal {
            is_over = !course.turn(end, &mut |_, _| {});
            if is_over {
                course.end(end);
            }
            let now = if is_over {
                end
            } else {
                course.machine.kernel().now()
            };
            for (check, seen) in course.watch.checks().zip(&mut self.seen) {
                if seen.is_none() && check.finding().is_some() {
                    *seen = Some(now);
                }
            }
        }
        for silences in &mut self.silences {
            silences.gather(course.trace.events());
        }
        let is_too_long = course.machine.kernel().events() > MOST_EVENTS;
        if is_over && !is_too_long {
            self.find();
        }
        if is_over || is_too_long {
            self.going = None;
        }
        self.going.is_none()
    }

    /// What is asked, in the order of time.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    fn find(&mut self) {
        let Some(course) = &self.going else { return };
        let mut silences = self.silences.iter();
        let found = self.guesses.iter().filter_map(|guess| {
            let known = Known {
                course,
                scenario: &self.scenario,
                guess,
                shown: self.shown,
                seen: &self.seen,
            };
            match guess.asks {
                Asks::Silence(peer, after) => known.silence(silences.next()?, peer, after),
                Asks::Wrong(check) => known.wrong(check),
                Asks::Holds(check, after) => known.holds(check, after),
            }
        });
        let mut questions: Vec<Question> = found.collect();
        leave_one_of_each_check(&mut questions, self.scenario.seed);
        sort_by_key(&mut questions, |question| question.at);
        self.questions = questions;
    }
}

impl Question {
    /// A number for this question about this run: the same one whenever it is asked.
    pub fn mark(&self, run: &Run) -> u32 {
        let asks = match self.guess.asks {
            Asks::Silence(peer, _) => format!("silence {peer:?}"),
            Asks::Wrong(check) => format!("wrong {check}"),
            Asks::Holds(check, _) => format!("holds {check}"),
        };
        let (run, at, node) = (run.link_alone(), self.at, self.guess.node.0);
        name_of_text(&format!("{run} {asks} {node} {at}"))
    }

    /// What is true: to be told once it is answered.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }
}

/// A run that is over, and what is asked of it.
struct Known<'k> {
    course: &'k Course,
    scenario: &'k Scenario,
    guess: &'k Guess,
    shown: SimTime,
    seen: &'k [Option<SimTime>],
}

impl Known<'_> {
    fn event(&self, id: EventId) -> Event {
        self.course.trace.events()[id.index()]
    }

    fn question(&self, at: SimTime, truth: Truth) -> Question {
        Question {
            at,
            guess: self.guess.clone(),
            peer: None,
            about: None,
            suspects: Vec::new(),
            truth,
        }
    }

    /// One of the moments at which the node has had no answer for so long: which one depends on the seed.
    fn silence(
        &self,
        silences: &Silences,
        peer: Option<NodeId>,
        after: SimDuration,
    ) -> Option<Question> {
        let moment = |sent: SimTime| Some(sent + after).filter(|at| *at <= self.shown);
        let silent: Vec<(EventId, Fate)> = silences
            .unanswered(self.course.trace.events(), peer, moment)
            .collect();
        // Each fate has the same chance, however often it comes.
        let kinds: Vec<usize> = (0..FATES.len())
            .filter(|kind| silent.iter().any(|(_, fate)| fate.kind == *kind))
            .collect();
        let drawn = mixed(self.scenario.seed);
        let kind = *kinds.get(drawn % kinds.len().max(1))?;
        let of_it: Vec<&(EventId, Fate)> = silent
            .iter()
            .filter(|(_, fate)| fate.kind == kind)
            .collect();
        let (id, fate) = of_it[(drawn >> 8) % of_it.len()];
        let sent = self.event(*id);
        let mut events = vec![*id];
        events.extend((fate.event != *id).then_some(fate.event));
        let truth = Truth {
            right: fate.kind,
            events,
            sentence: None,
            seen_at: None,
        };
        Some(Question {
            peer: Some(sent.peer),
            about: Some(*id),
            ..self.question(sent.time + after, truth)
        })
    }

    fn wrong(&self, check: usize) -> Option<Question> {
        let events = self.course.trace.events();
        let found = self.course.watch.checks().nth(check)?;
        let finding = found.finding()?;
        let time = |id: EventId| Some(events.get(id.index())?.time);
        let accused = finding.accused(found.finds_a_case(), time)?;
        let node = self.event(accused).node;
        let suspects = suspects(node, self.scenario.nodes.len(), self.scenario.seed);
        let truth = Truth {
            right: suspects.iter().position(|suspect| *suspect == node)?,
            events: finding.events.clone(),
            sentence: self.sentence(check),
            seen_at: None,
        };
        let at = self.seen[check].filter(|at| *at <= self.shown)?;
        Some(Question {
            suspects,
            ..self.question(at, truth)
        })
    }

    fn holds(&self, check: usize, after: SimDuration) -> Option<Question> {
        let seen_at = self.seen[check];
        let at = SimTime::ZERO + after;
        let is_over = at >= SimTime::ZERO + self.scenario.duration;
        // What has shown already is no question, and what is never decided has no answer.
        if is_over || seen_at.is_some_and(|seen| seen <= at) || self.course.stopped_at().is_some() {
            return None;
        }
        let state = self.verdict(check)?.state;
        if state == State::Undecided {
            return None;
        }
        let truth = Truth {
            right: usize::from(state == State::Violated),
            events: Vec::new(),
            sentence: self.sentence(check),
            seen_at,
        };
        Some(self.question(at, truth))
    }

    fn verdict(&self, place: usize) -> Option<ExplainedVerdict<'_>> {
        let found = self.course.watch.checks().nth(place)?;
        let settings = self.scenario.checks.get(place)?;
        Some(ExplainedVerdict::of(found, settings, self.scenario, true))
    }

    fn sentence(&self, check: usize) -> Option<String> {
        self.verdict(check).map(|verdict| verdict.sentence)
    }
}

/// The nodes among which one is to be named, in their order: all, or the one and some that are drawn.
fn suspects(one: NodeId, nodes: usize, seed: u32) -> Vec<NodeId> {
    let mut others: Vec<NodeId> = (0..nodes as u16).map(NodeId).collect();
    others.retain(|other| *other != one);
    sort_by_key(&mut others, |other| mixed(seed ^ u32::from(other.0)));
    others.truncate(MOST_SUSPECTS - 1);
    others.push(one);
    sort(&mut others);
    others
}

/// Of two questions about one check the answer to one tells that to the other: which one is asked depends on the seed.
fn leave_one_of_each_check(questions: &mut Vec<Question>, seed: u32) {
    let is_first = (mixed(seed) >> 16) & 1 == 0;
    let check = |question: &Question| match question.guess.asks {
        Asks::Wrong(check) | Asks::Holds(check, _) => Some(check),
        Asks::Silence(..) => None,
    };
    let checks: Vec<Option<usize>> = questions.iter().map(check).collect();
    let mut place = 0;
    questions.retain(|_| {
        let (before, from) = checks.split_at(place);
        place += 1;
        let others = if is_first { before } else { &from[1..] };
        from[0].is_none() || !others.contains(&from[0])
    });
}

fn is_of_silence(guess: &Guess) -> bool {
    matches!(guess.asks, Asks::Silence(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_nodes_are_suspects_and_the_wrong_one_is_among_them() {
        assert_eq!(suspects(NodeId(1), 3, 7), [0, 1, 2].map(NodeId));
        for one in (0..40).map(NodeId) {
            let some = suspects(one, 40, 7);
            assert_eq!(some.len(), MOST_SUSPECTS);
            assert!(some.contains(&one) && some.is_sorted());
        }
    }

    #[test]
    fn a_question_has_one_mark_however_its_run_is_seen_and_another_in_another_run() {
        let marks = |link: &str| -> Vec<u32> {
            let (run, problems) = Run::open(link);
            assert_eq!(problems, [], "{link}");
            let mut guessing = run.guessing();
            while !guessing.go_on(10_000) {}
            let questions = guessing.questions().iter();
            questions.map(|question| question.mark(&run)).collect()
        };
        let asked = marks("#/double-charge?guess=first");
        assert_eq!(asked.len(), 2);
        assert_ne!(asked[0], asked[1]);
        for same in ["", "?guess=3of5", "?view=spacetime&as=alice&t=3s"] {
            assert_eq!(marks(&format!("#/double-charge{same}")), asked, "{same}");
        }
        let other = marks("#/double-charge?seed=9&guess=first");
        assert!(other.iter().all(|mark| !asked.contains(mark)));
    }
}
