//! What just happened at a node, in a few words that stand beside it for a moment.

use crate::LOOKED_BACK;
use scenario::Run;
use sim::trace::{Event, EventKind, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimDuration};

use super::facts::told;
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

/// The latest caption of each node that is younger than `life`; with what violations show, if that is to be told. A node that
/// has crashed since does nothing any more of what it did.
pub fn captions(run: &Run, life: SimDuration, tells_violations: bool) -> Vec<Caption> {
    let now = run.now();
    let violations: Vec<EventId> = if tells_violations {
        run.accused().map(|(id, _)| id).collect()
    } else {
        Vec::new()
    };
    let events = run.timeline().events();
    let mut captions: Vec<Caption> = Vec::new();
    let mut crashed: Vec<NodeId> = Vec::new();
    let recent = events
        .iter()
        .enumerate()
        .rev()
        .take(LOOKED_BACK)
        .take_while(|(_, event)| now.since(event.time) < life);
    for (place, event) in recent {
        let is_violation = violations.contains(&EventId(place as u32));
        if event.kind == EventKind::Crash {
            crashed.push(event.node);
        }
        let is_over = !is_violation && crashed.contains(&event.node);
        if is_over || captions.iter().any(|caption| caption.node == event.node) {
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
            let alarm = is_violation.then(|| alarm(run, event.node, fact)).flatten();
            alarm.or_else(|| told(run, event.node, fact).beside)
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
fn alarm(run: &Run, node: NodeId, fact: Fact) -> Option<String> {
    match fact {
        // What these say depends on what else has happened.
        Fact::Effect { operation, .. } => alarming_effect(run, operation),
        Fact::Returned {
            operation,
            outcome,
            value,
        } => match outcome {
            Outcome::Ok => Some(match shown_by(run, operation) {
                Some(item) => format!("sees {} alone!", item_name(run, item)),
                None => alarming_answer(run, operation, value),
            }),
            Outcome::Fail => Some(format!("reports #{operation} as failed!")),
            Outcome::Unknown => None,
        },
        Fact::Invoked { .. }
        | Fact::Retried { .. }
        | Fact::Learned { .. }
        | Fact::HoldsOff { .. }
        | Fact::Stored { .. }
        | Fact::Refused { .. }
        | Fact::Damaged { .. }
        | Fact::Shed { .. }
        | Fact::Discarded { .. }
        | Fact::Acts { .. }
        | Fact::Leads { .. }
        | Fact::StepsDown { .. }
        | Fact::Acquired { .. }
        | Fact::Released { .. }
        | Fact::Suspects { .. }
        | Fact::Trusts { .. }
        | Fact::Shown { .. }
        | Fact::HeldBack { .. }
        | Fact::Stamped { .. }
        | Fact::Judged { .. }
        | Fact::MeasureBegins { .. }
        | Fact::MeasureEnds { .. }
        | Fact::Sampled { .. }
        | Fact::ClockRead { .. }
        | Fact::Voted { .. }
        | Fact::Logged { .. }
        | Fact::Truncated { .. }
        | Fact::Applied { .. }
        | Fact::Compacted { .. }
        | Fact::PassedOver { .. }
        | Fact::Locked { .. }
        | Fact::Unlocked { .. }
        | Fact::Prepared { .. }
        | Fact::Decided { .. }
        | Fact::ReadVersion { .. }
        | Fact::Installed { .. }
        | Fact::Awaits { .. } => told(run, node, fact).alarm,
    }
}

/// What stands beside an effect that shows a violation.
fn alarming_effect(run: &Run, operation: u32) -> Option<String> {
    let name = vocabulary::name(run, operation);
    if is_repeated(run, operation) {
        return Some(format!("{name} again!"));
    }
    is_over(run, operation).then(|| format!("{name} after all!"))
}

/// Whether the client of an operation has heard or decided how it ended.
fn is_over(run: &Run, operation: u32) -> bool {
    let mut events = run.timeline().events().iter().rev().take(LOOKED_BACK);
    events.any(|event| {
        matches!(event.fact(), Some(Fact::Returned { operation: other, .. }) if other == operation)
    })
}

/// What a client says of an answer that shows a violation.
fn alarming_answer(run: &Run, operation: u32, value: i64) -> String {
    match vocabulary::function(run, operation) {
        Some(Function::Read) => {
            let found = match value {
                0 if run.gathered().writes_numbers() => "nothing".to_owned(),
                _ if vocabulary::is_number(run, value) => format!("#{value}"),
                _ => value.to_string(),
            };
            format!("read #{operation} got {found}!")
        }
        Some(Function::Write) => format!("#{operation} done, and undone!"),
        Some(Function::Request) => format!("#{operation} done too late!"),
        None
        | Some(
            Function::Pay
            | Function::Append
            | Function::Add
            | Function::Acquire
            | Function::Release
            | Function::CompareAndSet,
        ) => format!("#{operation} done?!"),
    }
}

/// The name of what is shown.
fn item_name(run: &Run, item: i64) -> String {
    u32::try_from(item).map_or_else(|_| format!("#{item}"), |item| vocabulary::name(run, item))
}

/// Whether an operation has had more than one effect by now.
fn is_repeated(run: &Run, operation: u32) -> bool {
    run.gathered().effects_of(operation) > 1
}

/// What an operation has shown to its reader last.
fn shown_by(run: &Run, operation: u32) -> Option<i64> {
    let events = run.timeline().events().iter().rev();
    events
        .take(LOOKED_BACK)
        .find_map(|event| match event.fact()? {
            Fact::Shown { item, after } if after == i64::from(operation) => Some(item),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::SimTime;

    #[test]
    fn beside_a_crashed_node_stands_nothing_that_it_did_before() {
        let life = SimDuration::from_secs(1);
        let captions_at = |millis, crash: &str| {
            let link = format!("#/raft?on=previous-entry-check{crash}");
            let (mut run, problems) = Run::open(&link);
            assert_eq!(problems, []);
            run.seek(SimTime::from_millis(millis));
            captions(&run, life, true)
        };
        let is_leaders = |caption: &Caption| caption.node == NodeId(0);
        assert!(captions_at(1900, "").iter().any(is_leaders));
        let crashed = captions_at(1900, "&do=crash:n1@1.89s");
        assert!(!crashed.iter().any(is_leaders), "{crashed:?}");
    }
}
