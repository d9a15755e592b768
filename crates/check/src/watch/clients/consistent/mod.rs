//! What clients are told of registers, lists, counters and locks is consistent.
//!
//! | module | its subject |
//! | --- | --- |
//! | `record` | the clients' history, kept from the facts on record |
//! | `sentence` | what is wrong with it, in names and numbers |

mod record;
mod sentence;
#[cfg(test)]
mod tests;

use sim::held::Measure;
use sim::sorting::sort;
use sim::trace::{Event, EventKind};
use sim::{EventId, SimTime};
use std::sync::OnceLock;

use crate::consistency::budget::{Budget, Unknown};
use crate::consistency::causal::{Causal, Level};
use crate::consistency::conclusion::{Conclusion, Violation};
use crate::consistency::linear::Online;
use crate::consistency::session::{Guarantee, Sessions};
use crate::model::Model;
use crate::watch::parts::found::Found;
use crate::watch::parts::phrase::plural;
use crate::watch::verdict::{Check, Finding, Verdict, Words};
use record::Record;
use sentence::Sentence;

/// The clients' history, kept from the facts on record, and judged as it goes.
///
/// A client is the node that puts the fact on record. One that calls again before its last call
/// has ended counts as another client for as long, because a session does one thing after another; one that has crashed
/// in the middle of a call counts as another client from then on.
#[derive(Clone, Debug)]
pub struct Consistent {
    checker: Checker,
    record: Record,
    finding: Found<Violation>,
    /// The same with what contradicts what, which takes longer to find than that something is wrong: it is looked for once, when
    /// somebody asks.
    told: OnceLock<(Finding, Violation)>,
    unknown: Option<Unknown>,
}

#[derive(Clone, Debug)]
enum Checker {
    Linearizable(Box<Online>),
    Session(Box<Sessions>),
    Causal(Box<Causal>),
}

impl Consistent {
    /// Every object behaves like one copy of the model. `nil` is the value with which a read says
    /// that there is nothing.
    pub fn linearizable(model: Model, nil: i64) -> Consistent {
        let online = Online::new(model, Budget::INTERACTIVE);
        Consistent::new(Checker::Linearizable(Box::new(online)), nil)
    }

    /// Each client can count on `guarantee`.
    pub fn session(guarantee: Guarantee, nil: i64) -> Consistent {
        Consistent::new(Checker::Session(Box::new(Sessions::new(guarantee))), nil)
    }

    /// Causes come before effects.
    pub fn causal(level: Level, nil: i64) -> Consistent {
        Consistent::new(Checker::Causal(Box::new(Causal::new(level))), nil)
    }

    fn new(checker: Checker, nil: i64) -> Consistent {
        Consistent {
            checker,
            record: Record::new(nil),
            finding: Found::default(),
            told: OnceLock::new(),
            unknown: None,
        }
    }

    /// What is known of all that was read; `is_all` tells that no more will be.
    fn judge(&mut self, is_all: bool) -> Conclusion {
        let history = &self.record.history;
        match &mut self.checker {
            Checker::Session(sessions) => sessions.feed(history).clone(),
            Checker::Causal(causal) => causal.feed(history).clone(),
            Checker::Linearizable(online) => {
                let judged = if is_all {
                    online.conclude(history)
                } else {
                    online.feed(history)
                };
                match judged {
                    Ok(conclusion) => conclusion.clone().map(|found| found.violation()),
                    Err(bad) => Conclusion::Unknown(Unknown::Premise(bad.to_string())),
                }
            }
        }
    }

    fn conclude(&mut self, id: EventId, at: SimTime, is_all: bool) {
        self.unknown = None;
        match self.judge(is_all) {
            Conclusion::Holds => {}
            Conclusion::Unknown(why) => self.unknown = Some(why),
            Conclusion::Violated(violation) => self.find(id, at, violation),
        }
    }

    fn find(&mut self, id: EventId, at: SimTime, violation: Violation) {
        let finding = Finding {
            at,
            event: id,
            events: self.events_of(&violation, id),
        };
        self.finding.since(finding, violation);
    }

    /// The events of what a violation tells of, in order, up to the one at which it was certain.
    fn events_of(&self, violation: &Violation, certain: EventId) -> Vec<EventId> {
        let operations = violation.told();
        let mut events: Vec<EventId> = operations
            .flat_map(|op| self.record.events_of(op))
            .filter(|&event| event <= certain)
            .collect();
        sort(&mut events);
        events.dedup();
        events
    }

    /// What was found, and what contradicts what.
    fn told(&self) -> Option<&(Finding, Violation)> {
        let (finding, violation) = self.finding.get()?;
        Some(self.told.get_or_init(|| {
            let told = match &self.checker {
                Checker::Linearizable(online) => online.told(&self.record.history),
                Checker::Session(_) | Checker::Causal(_) => None,
            };
            let violation = told.map_or_else(|| violation.clone(), |found| found.violation());
            let mut told = finding.clone();
            // An answer that contradicts nothing is explained by what was before it.
            if violation.told().nth(1).is_some() {
                told.events = self.events_of(&violation, finding.event);
            }
            (told, violation)
        }))
    }
}

impl Check for Consistent {
    fn held(&self, by: Measure) -> usize {
        let checker = match &self.checker {
            Checker::Linearizable(online) => size_of_val(&**online) + online.held(by),
            Checker::Session(sessions) => size_of_val(&**sessions) + sessions.held(by),
            Checker::Causal(causal) => size_of_val(&**causal) + causal.held(by),
        };
        self.record.held(by) + checker
    }

    fn hears(&self, kind: EventKind) -> bool {
        kind == EventKind::Fact
    }

    fn observe(&mut self, id: EventId, event: &Event) {
        if self.finding.is_some() || !self.record.observe(id, event) {
            return;
        }
        self.conclude(id, event.time, false);
    }

    fn pass(&mut self, latest: EventId, now: SimTime) {
        let is_searched = matches!(self.checker, Checker::Linearizable(_));
        if is_searched && self.finding.first().is_none() && self.unknown.is_some() {
            self.conclude(latest, now, true);
        }
    }

    fn work(&self) -> u64 {
        match &self.checker {
            Checker::Linearizable(online) => online.work(),
            Checker::Session(_) | Checker::Causal(_) => 0,
        }
    }

    fn share(&mut self, among: u64) {
        if let Checker::Linearizable(online) = &mut self.checker {
            online.share(among);
        }
    }

    fn searches(&self) -> bool {
        matches!(self.checker, Checker::Linearizable(_))
    }

    fn finding(&self) -> Option<&Finding> {
        self.finding.first()
    }

    fn case(&self) -> Option<&Finding> {
        self.told().map(|(finding, _)| finding)
    }

    fn gave_up(&self) -> bool {
        self.unknown.is_some()
    }

    fn verdict(&self, words: &Words<'_>, _: bool) -> Verdict {
        let noun = words.operation;
        let record = &self.record;
        match (self.told(), &self.unknown) {
            (Some((finding, violation)), _) => {
                finding.verdict(Sentence { record, words }.of(violation))
            }
            (None, Some(why)) => Verdict::undecided(format!("Not decided: {why}.")),
            (None, None) if record.ended == 0 => {
                Verdict::undecided(format!("No {noun} has ended yet."))
            }
            (None, None) if record.ended == 1 => {
                Verdict::holds(format!("1 {noun}, and its answer fits."))
            }
            (None, None) => Verdict::holds(format!(
                "{} {}, and their answers agree.",
                record.ended,
                plural(noun)
            )),
        }
    }
}
