//! A run with something changed that may save it, and what each check says of it.

use sim::{EventId, SimTime};

use crate::model::Scenario;
use crate::run::forecast::Ahead;
use crate::run::play::Judged;
use crate::twin::Twin;

/// What is changed in a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A fault of the chain does not happen.
    Fault,
    /// A setting behind the chain is as usual.
    Setting,
    /// A defence is on.
    Switch,
    /// Both of two other trials are so, by their places.
    Both([usize; 2]),
}

/// A fault that was taken away: from when to when it lasted.
pub(super) type Lasted = (SimTime, SimTime);

/// A run with something changed that may save it.
pub struct Trial {
    /// What is changed.
    pub kind: Kind,
    /// The events that are the fault: all that one deed did. None for a setting or a defence.
    pub events: Vec<EventId>,
    /// What is other than it was, in words, where no event says it.
    pub says: Option<String>,
    /// What each check says of the whole run, in their order; nothing until that is known.
    pub judged: Option<Vec<Judged>>,
    /// Which of them would have nothing to judge, as there is no fault to recover from: what they say is what they demand of the time
    /// after the fault that is taken away.
    pub moot: Vec<bool>,
    /// When the violation of each check is seen, if it is: see [`crate::run::ExplainedVerdict::seen_at`].
    pub seen: Vec<Option<SimTime>>,
    /// How large a change it is: 0 is the smallest.
    pub size: u8,
    /// What is flipped in the run: one thing, or two for a pair.
    pub(super) flips: Vec<Twin>,
    /// From when to when the fault lasts that is taken away.
    pub(super) lasted: Option<Lasted>,
}

impl Trial {
    pub(super) fn of(kind: Kind, flips: Vec<Twin>, size: u8) -> Trial {
        Trial {
            kind,
            events: Vec::new(),
            says: None,
            judged: None,
            moot: Vec::new(),
            seen: Vec::new(),
            size,
            flips,
            lasted: None,
        }
    }

    /// What is flipped in the run with the change, as `twin=` of a link says it; nothing for two changes.
    pub fn twin(&self, scenario: &Scenario) -> Option<String> {
        match &*self.flips {
            [twin] => Some(twin.format(scenario)),
            _ => None,
        }
    }

    /// Takes in what each check says. Without the fault, one about recovery may have nothing to judge; then what counts is whether all
    /// is as well when it demands that after the fault.
    pub(super) fn take(&mut self, mut judged: Vec<Judged>, ahead: &Ahead) {
        self.moot = vec![false; judged.len()];
        let (course, checks) = (&ahead.course, &ahead.scenario.checks);
        let struck = course.watch.checks().skip(checks.len());
        let recover = (0..checks.len()).filter(|place| checks[*place].recovers());
        let is_whole = course.stopped_at().is_none();
        for (place, check) in recover.zip(struck).filter(|_| is_whole) {
            if judged[place] == Judged::Undecided {
                judged[place] = Judged::of(check, &checks[place], &ahead.scenario, ahead.end);
                self.moot[place] = true;
            }
        }
        self.judged = Some(judged);
    }
}
