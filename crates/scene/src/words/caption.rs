//! What just happened at a node, in a few words that stand beside it for a moment.

use scenario::Run;
use sim::trace::{Event, EventKind, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimDuration};

use super::vocabulary;

/// A few words beside a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// Beside which node.
    pub node: NodeId,
    /// The words.
    pub words: String,
    /// Whether they tell of a violation.
    pub is_violation: bool,
    /// How much of its time is over, from 0 to 1.
    pub age: f64,
}

/// The latest caption of each node that is younger than `life`.
pub fn captions(run: &Run, life: SimDuration) -> Vec<Caption> {
    let now = run.now();
    let violations = run.violations();
    let events = run.timeline().events();
    let mut captions: Vec<Caption> = Vec::new();
    let recent = events
        .iter()
        .enumerate()
        .rev()
        .take_while(|(_, event)| now.since(event.time) < life);
    for (place, event) in recent {
        let is_violation = violations.contains(&EventId(place as u32));
        if captions.iter().any(|caption| caption.node == event.node) {
            continue;
        }
        if let Some(words) = words(run, event, is_violation) {
            let age = now.since(event.time).as_nanos() as f64 / life.as_nanos() as f64;
            captions.push(Caption {
                node: event.node,
                words,
                is_violation,
                age,
            });
        }
    }
    captions
}

fn words(run: &Run, event: &Event, is_violation: bool) -> Option<String> {
    let noun = vocabulary::noun(run);
    match event.kind {
        EventKind::TimerFired => vocabulary::timeout(run, event).map(|timer| timer.says.to_owned()),
        EventKind::Fact => match event.fact()? {
            Fact::Retried { operation, attempt } => {
                Some(format!("asks again: #{operation} ({attempt})"))
            }
            Fact::Effect { operation, .. } if is_violation => {
                let again = if is_repeated(run, operation) {
                    "once more"
                } else {
                    "after all"
                };
                Some(format!("{noun} #{operation} {again}!"))
            }
            Fact::Effect {
                operation,
                amount: 1,
                ..
            } => Some(format!("carries out #{operation}")),
            Fact::Effect {
                operation, amount, ..
            } => Some(format!("{noun} #{operation}: +{amount}")),
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                value,
            } if is_violation => Some(match function(run, operation) {
                Some(Function::Read) => format!("reads {value}!"),
                Some(Function::Write) => format!("#{operation} done, and undone!"),
                Some(Function::Request) => format!("#{operation} done, too slow!"),
                _ => format!("#{operation} done?!"),
            }),
            Fact::Returned {
                operation,
                outcome: Outcome::Fail,
                ..
            } if is_violation => Some(format!("calls #{operation} failed!")),
            Fact::Returned {
                operation,
                outcome: Outcome::Ok,
                ..
            } => Some(format!("#{operation} done")),
            Fact::Returned {
                operation,
                outcome: Outcome::Unknown,
                ..
            } => Some(format!("gives up on #{operation}")),
            Fact::Returned {
                operation,
                outcome: Outcome::Fail,
                ..
            } => Some(format!("#{operation} failed")),
            Fact::Leads { term } => Some(format!("leads, term {term}")),
            Fact::StepsDown { .. } => Some("steps down".to_owned()),
            Fact::Suspects { node } => Some(format!(
                "{} is dead?",
                run.scenario().name(NodeId(node as u16))
            )),
            Fact::Trusts { node } => Some(format!(
                "{} is alive",
                run.scenario().name(NodeId(node as u16))
            )),
            Fact::Acquired { token, .. } if is_violation => {
                Some(format!("holds the lock too! (token {token})"))
            }
            Fact::Acquired { token, .. } => Some(format!("holds the lock (token {token})")),
            Fact::Released { .. } => Some("lets go of the lock".to_owned()),
            Fact::Stored { operation, .. } if is_violation => {
                Some(format!("{noun} #{operation} overwrites!"))
            }
            Fact::Stored { operation, .. } => Some(format!("stores #{operation}")),
            Fact::Shown { item, after } if is_violation => {
                Some(format!("shows #{item} without #{after}!"))
            }
            Fact::Shown { item, .. } => Some(format!("shows #{item}")),
            Fact::Learned {
                operation,
                outcome: Outcome::Ok,
            } => Some(format!("late: #{operation} was done")),
            Fact::Learned { operation, .. } => Some(format!("late: #{operation} was not done")),
            Fact::Refused {
                operation, version, ..
            } => Some(format!("#{operation} is old ({version}): refused")),
            Fact::Damaged { operation } => Some(format!("#{operation} is damaged: thrown away")),
            Fact::HeldBack { item, awaits: -1 } => Some(format!("holds #{item} back")),
            Fact::HeldBack { item, awaits } => Some(format!("holds #{item} until #{awaits}")),
            Fact::Shed { operation } => Some(format!("throws #{operation} away")),
            Fact::Acts { operation, .. } if is_violation => {
                Some(format!("acts on #{operation} too!"))
            }
            Fact::Acts { operation, .. } => Some(format!("acts on #{operation}")),
            Fact::HoldsOff { length } => Some(format!("waits {:.1} s", length as f64 / 1e9)),
            Fact::MeasureEnds { length, .. } if is_violation => {
                Some(format!("took {}?!", millis(length)))
            }
            Fact::MeasureEnds { length, .. } => Some(format!("took {}", millis(length))),
            Fact::Discarded { operation, .. } if is_violation => {
                Some(format!("{noun} #{operation} is gone!"))
            }
            Fact::Judged { first, second, .. } if is_violation => {
                Some(format!("#{first} before #{second}?!"))
            }
            Fact::ClockRead { .. } if is_violation => Some("my clock is right?!".to_owned()),
            Fact::Stamped { item, .. } if is_violation => Some(format!("#{item} is too early!")),
            Fact::Invoked { .. }
            | Fact::MeasureBegins { .. }
            | Fact::Stamped { .. }
            | Fact::Discarded { .. }
            | Fact::Judged { .. }
            | Fact::Sampled { .. }
            | Fact::ClockRead { .. } => None,
        },
        _ => None,
    }
}

fn millis(nanos: i64) -> String {
    format!("{:.0} ms", nanos as f64 / 1e6)
}

/// Whether an operation has had more than one effect by now.
fn is_repeated(run: &Run, operation: u32) -> bool {
    let is_effect =
        |fact: &Fact| matches!(fact, Fact::Effect { operation: other, .. } if *other == operation);
    facts(run).filter(is_effect).nth(1).is_some()
}

/// What an operation asks for.
fn function(run: &Run, operation: u32) -> Option<Function> {
    facts(run).find_map(|fact| match fact {
        Fact::Invoked {
            operation: other,
            function,
            ..
        } if other == operation => Some(function),
        _ => None,
    })
}

fn facts(run: &Run) -> impl Iterator<Item = Fact> {
    run.timeline().events().iter().filter_map(Event::fact)
}
