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
    match event.kind {
        EventKind::TimerFired => vocabulary::timeout(run, event).map(|timer| timer.says.to_owned()),
        EventKind::Fact => {
            let fact = event.fact()?;
            let alarm = is_violation.then(|| alarm(run, fact)).flatten();
            alarm.or_else(|| told(run, fact))
        }
        EventKind::Start
        | EventKind::Send
        | EventKind::Deliver
        | EventKind::Lost
        | EventKind::Duplicate
        | EventKind::Queued
        | EventKind::Crash
        | EventKind::Restart
        | EventKind::Pause
        | EventKind::Resume
        | EventKind::Limp
        | EventKind::Clock
        | EventKind::Network
        | EventKind::Disk
        | EventKind::Operation
        | EventKind::Held
        | EventKind::Meddled
        | EventKind::Setting => None,
    }
}

/// What a fact says that shows a violation, if it says it in other words than usual.
fn alarm(run: &Run, fact: Fact) -> Option<String> {
    let noun = vocabulary::noun(run);
    let words = match fact {
        Fact::Effect { operation, .. } if is_repeated(run, operation) => {
            format!("{noun} #{operation} again!")
        }
        Fact::Effect { operation, .. } => format!("{noun} #{operation} after all!"),
        Fact::Returned {
            operation,
            outcome,
            value,
        } => match outcome {
            Outcome::Ok => alarming_answer(function(run, operation), operation, value),
            Outcome::Fail => format!("reports #{operation} as failed!"),
            Outcome::Unknown => return None,
        },
        Fact::Acquired { token, .. } => format!("holds the lock too! (token {token})"),
        Fact::Stored { operation, .. } => format!("{noun} #{operation} overwrites!"),
        Fact::Shown { item, after } => format!("shows #{item} without #{after}!"),
        Fact::Acts { operation, .. } => format!("acts on #{operation} too!"),
        Fact::MeasureEnds { length, .. } => format!("took {}?!", millis(length)),
        Fact::Discarded { operation, .. } => format!("{noun} #{operation} is gone!"),
        Fact::Judged { first, second, .. } => format!("#{first} before #{second}?!"),
        Fact::ClockRead { .. } => "my clock is right?!".to_owned(),
        Fact::Stamped { item, .. } => format!("#{item} is too early!"),
        Fact::Invoked { .. }
        | Fact::Retried { .. }
        | Fact::Leads { .. }
        | Fact::StepsDown { .. }
        | Fact::Suspects { .. }
        | Fact::Trusts { .. }
        | Fact::Released { .. }
        | Fact::MeasureBegins { .. }
        | Fact::Learned { .. }
        | Fact::Refused { .. }
        | Fact::Damaged { .. }
        | Fact::HeldBack { .. }
        | Fact::Shed { .. }
        | Fact::HoldsOff { .. }
        | Fact::Sampled { .. } => return None,
    };
    Some(words)
}

/// What a client says of an answer that shows a violation.
fn alarming_answer(asked: Option<Function>, operation: u32, value: i64) -> String {
    match asked {
        Some(Function::Read) => format!("reads {value}!"),
        Some(Function::Write) => format!("#{operation} done, and undone!"),
        Some(Function::Request) => format!("#{operation} done, too slow!"),
        None
        | Some(
            Function::Pay
            | Function::Append
            | Function::Add
            | Function::Acquire
            | Function::Release,
        ) => format!("#{operation} done?!"),
    }
}

/// What a fact says, if it is worth a caption.
fn told(run: &Run, fact: Fact) -> Option<String> {
    let noun = vocabulary::noun(run);
    let name = |node: i64| run.scenario().name(NodeId(node as u16));
    let words = match fact {
        Fact::Retried { operation, attempt } => {
            format!("retries #{operation} (attempt {attempt})")
        }
        Fact::Effect {
            operation,
            amount: 1,
            ..
        } => format!("carries out #{operation}"),
        Fact::Effect {
            operation, amount, ..
        } => format!("{noun} #{operation}: +{amount}"),
        Fact::Returned {
            operation, outcome, ..
        } => match outcome {
            Outcome::Ok => format!("#{operation} done"),
            Outcome::Fail => format!("#{operation} failed"),
            Outcome::Unknown => format!("gives up on #{operation}"),
        },
        Fact::Leads { term } => format!("leads, term {term}"),
        Fact::StepsDown { .. } => "steps down".to_owned(),
        Fact::Suspects { node } => format!("{} is dead?", name(node)),
        Fact::Trusts { node } => format!("{} is alive", name(node)),
        Fact::Acquired { token, .. } => format!("holds the lock (token {token})"),
        Fact::Released { .. } => "releases the lock".to_owned(),
        Fact::Stored { operation, .. } => format!("stores #{operation}"),
        Fact::Shown { item, .. } => format!("shows #{item}"),
        Fact::Learned { operation, outcome } => match outcome {
            Outcome::Ok => format!("late: #{operation} was done"),
            Outcome::Fail => format!("late: #{operation} was not done"),
            Outcome::Unknown => format!("late: #{operation} may be done"),
        },
        Fact::Refused {
            operation, version, ..
        } => format!("refuses #{operation}: {version} is old"),
        Fact::Damaged { operation } => format!("#{operation} is damaged: discarded"),
        Fact::HeldBack { item, awaits: -1 } => format!("holds #{item} back"),
        Fact::HeldBack { item, awaits } => format!("holds #{item} until #{awaits}"),
        Fact::Shed { operation } => format!("throws #{operation} away"),
        Fact::Acts { operation, .. } => format!("acts on #{operation}"),
        Fact::HoldsOff { length } => format!("waits {:.1} s", length as f64 / 1e9),
        Fact::MeasureEnds { length, .. } => format!("took {}", millis(length)),
        Fact::Invoked { .. }
        | Fact::MeasureBegins { .. }
        | Fact::Stamped { .. }
        | Fact::Discarded { .. }
        | Fact::Judged { .. }
        | Fact::Sampled { .. }
        | Fact::ClockRead { .. } => return None,
    };
    Some(words)
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
