//! An order that violates a check, as a run that anybody can open.

use std::fmt;

use scenario::deed::Timed;
use scenario::link::Link;
use scenario::run::play::{Play, Violation};
use scenario::variant::Variant;
use sim::trace::Trace;
use sim::{SimDuration, SimTime};

use crate::bounds::Bounds;
use crate::case::Subject;
use crate::choice::Choice;
use crate::state::State;

/// An order that violates a check.
#[derive(Clone, Debug)]
pub struct Found {
    /// It, as a link that opens at the violation.
    pub link: Link,
    /// The name of the check that it violates.
    pub check: String,
    /// What the check demands.
    pub label: String,
    /// When it is violated.
    pub at: SimTime,
    /// How many steps it has.
    pub steps: usize,
    /// What is done, step by step, without the deeds of every order. Between two moments time goes on by itself.
    pub deeds: Vec<Timed>,
}

/// An order that violates a check in the search and not as a run: the search is wrong.
#[derive(Clone, Debug)]
pub struct Unfaithful {
    /// The run in which the check is not violated.
    pub link: Box<Link>,
    /// The check's name.
    pub check: String,
}

impl fmt::Display for Unfaithful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the search has a fault: the order that it found to violate \"{}\" does not do so as a run: {}",
            self.check,
            self.link.format()
        )
    }
}

impl std::error::Error for Unfaithful {}

/// How long, at most, lies between two steps that an order takes at one moment, where they can be told apart.
const BETWEEN: SimDuration = SimDuration::from_millis(50);

impl Found {
    /// The run of these steps, which the search has found to violate a check. At first with some time between them, so that a
    /// reader sees one after the other; if that changes too much, all at the moments of the search.
    pub(crate) fn of(
        given: &Link,
        subject: &Subject,
        bounds: &Bounds,
        choices: &[Choice],
    ) -> Result<Found, Unfaithful> {
        let exact = Taken::of(subject, bounds, choices, SimDuration::ZERO);
        let check = &subject.judged[exact.violated.unwrap_or_default()];
        let spread = Taken::of(subject, bounds, choices, BETWEEN);
        let orders = [spread, exact].map(|taken| {
            let mut link = given.clone();
            link.variant = variant(&given.variant, subject, &taken.deeds);
            (link, taken.deeds)
        });
        for (mut link, deeds) in orders.clone() {
            if let Some(violation) = replayed(&link, &check.id) {
                link.variant.at = Some(violation.at);
                return Ok(Found {
                    check: check.id.clone(),
                    label: check.label.clone(),
                    at: violation.at,
                    link,
                    steps: choices.len(),
                    deeds,
                });
            }
        }
        let [_, (link, _)] = orders;
        Err(Unfaithful {
            link: Box::new(link),
            check: check.id.clone(),
        })
    }
}

/// Steps that were taken.
struct Taken {
    /// What was done, and when.
    deeds: Vec<Timed>,
    /// The check that is violated then, by its place among those that are judged.
    violated: Option<usize>,
}

impl Taken {
    /// Takes these steps, with so much time between them where there is time.
    fn of(subject: &Subject, bounds: &Bounds, choices: &[Choice], between: SimDuration) -> Taken {
        let (mut trace, case) = (Trace::latest_step(), subject.case());
        let mut state = State::first(&case, &mut trace);
        let mut deeds = Vec::new();
        for (place, choice) in choices.iter().enumerate() {
            if let Some(deed) = choice.deed() {
                let is_step = |choice: &&Choice| **choice != Choice::Wait;
                let to_come = choices[place..].iter().take_while(is_step).count();
                state.let_pass(to_come as u64 + 1, between, &case);
                let at = state.now();
                deeds.push(Timed { at, deed });
            }
            state.take(*choice, &case, bounds, &mut trace);
        }
        Taken {
            deeds,
            violated: state.violated(&case),
        }
    }
}

fn variant(given: &Variant, subject: &Subject, deeds: &[Timed]) -> Variant {
    let mut all = subject.deeds.clone();
    all.extend_from_slice(deeds);
    all.sort_by_key(|timed| timed.at);
    Variant {
        scenario: subject.scenario.clone(),
        deeds: all,
        ..given.clone()
    }
}

/// How the run of a link violates a check, after it was written and read again.
fn replayed(link: &Link, check: &str) -> Option<Violation> {
    let (read, problems) = Link::read(&link.format()).ok()?;
    let scenario = &read.variant.scenario;
    let place = scenario.checks.iter().position(|other| other.id == check)?;
    if !problems.is_empty() {
        return None;
    }
    let play = Play::new(scenario, &read.variant.deeds);
    play.until_violated(place, |_, _, _| {})
}
