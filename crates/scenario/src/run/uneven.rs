//! Two clocks that part while they count the same lease.

use check::watch::Finding;
use check::watch::why::{is_read, off_pace};
use sim::clock::Rate;
use sim::protocol::Vocabulary;
use sim::trace::{ClockChange, Event, EventKind, Events, Fact};
use sim::{EventId, NodeId, SimDuration, SimTime};

use crate::model::Scenario;
use crate::setting::rate;

/// That the holder of a lock and the service that lent it count the lease with clocks that have parted, if a node got the lock
/// while the holder was right to keep it, by its own clock; and the messages that granted the lease and the next one.
pub(super) fn uneven(
    scenario: &Scenario,
    vocabulary: &Vocabulary,
    events: Events<'_>,
    finding: &Finding,
) -> Option<(String, Vec<EventId>)> {
    let &[taken, end] = finding.events.as_slice() else {
        return None;
    };
    let (taken, got) = (events.get(taken.index())?, events.get(end.index())?);
    let is_of_a_lock = |event: &Event| matches!(event.fact(), Some(Fact::Acquired { .. }));
    if !is_of_a_lock(taken) || !is_of_a_lock(got) || !is_read(&finding.events, finding.event) {
        return None;
    }
    let known = Known {
        scenario,
        vocabulary,
        events: events.take(end.index()),
    };
    let lease = known.latest_grant(taken.node)?;
    let next = known.latest_grant(got.node)?;
    let held = known.counted(taken.node, lease.asked, got.time);
    let lent = known.counted(lease.lender, lease.granted, next.granted);
    let usable = known.usable(lease.length);
    let is_right = held.by_clock < usable && lease.length <= lent.by_clock;
    let is_by_clocks = held.passed() >= usable || lent.passed() < lease.length;
    (lease.lender == next.lender && is_right && is_by_clocks).then(|| {
        let [holder, lender] = [held, lent].map(|count| count.told(scenario));
        let granted = [lease.messages, next.messages].concat();
        (format!("{holder}, and {lender}."), granted)
    })
}

/// An answer follows from its question in fewer events.
const LONGEST_CHAIN: usize = 8;

/// What is known of a run before the lock was lent again.
struct Known<'a> {
    scenario: &'a Scenario,
    vocabulary: &'a Vocabulary,
    events: Events<'a>,
}

/// A lease as it was last granted.
struct Lease {
    lender: NodeId,
    /// When the holder asked for it: it counts from then.
    asked: SimTime,
    /// When the lender answered: it counts from then.
    granted: SimTime,
    /// How long it lasts, in nanoseconds.
    length: i128,
    /// Where it was granted, and where the holder was told.
    messages: [EventId; 2],
}

/// What a node's monotonic clock has counted, in nanoseconds.
struct Count {
    node: NodeId,
    from: SimTime,
    to: SimTime,
    by_clock: i128,
}

impl Known<'_> {
    /// The latest lease of a node, from when it was first granted or renewed.
    fn latest_grant(&self, node: NodeId) -> Option<Lease> {
        let before = |id: EventId| self.events.get(id.some()?.index());
        let mut back = self
            .events
            .iter()
            .zip((0..self.events.len() as u32).map(EventId))
            .rev();
        let (granted, told) = back.find(|(event, _)| {
            event.kind == EventKind::Deliver && event.node == node && self.length(event).is_some()
        })?;
        let answer = before(granted.cause)?;
        // Between question and answer the lender may have written to its disk.
        let led_to_it = std::iter::successors(before(answer.cause), |event| before(event.cause));
        let mut led_to_it = led_to_it.take(LONGEST_CHAIN);
        let is_question = |event: &&Event| event.kind == EventKind::Send && event.node == node;
        let asked = led_to_it.find(is_question);
        Some(Lease {
            lender: granted.peer,
            asked: asked.unwrap_or(answer).time,
            granted: answer.time,
            length: self.length(granted)?,
            messages: [granted.cause, told],
        })
    }

    /// How long the lease lasts that a message grants.
    fn length(&self, message: &Event) -> Option<i128> {
        let gist = message.gist()?;
        let word = self.vocabulary.messages.get(usize::from(gist.kind))?;
        (word.name == "granted").then(|| i128::from(gist.args[1]) * 1_000_000)
    }

    /// How much of a lease its holder uses.
    fn usable(&self, length: i128) -> i128 {
        let mut defences = self.scenario.defences();
        if !defences.any(|defence| defence.is_on && defence.spec.id == "drift-margin") {
            return length;
        }
        let drift = self.scenario.parameters.get("max-drift").copied();
        let drift = drift.unwrap_or_default();
        (length as f64 * (1.0 - drift) / (1.0 + drift)) as i128
    }

    /// What a node's clock counts from one time to another.
    fn counted(&self, node: NodeId, from: SimTime, to: SimTime) -> Count {
        let settings = self.scenario.nodes.get(node.index());
        let set = settings.map_or(Rate::default(), |node| rate(node.monotonic));
        let mut gained = 0;
        let mut until = to;
        let own = self.events.iter().rev().filter(|event| event.node == node);
        let changes = own.filter_map(|event| match event.detail() {
            Some(ClockChange::MonotonicRate { rate }) => Some((event.time, rate)),
            _ => None,
        });
        for (at, rate) in changes.chain([(SimTime::ZERO, set)]) {
            gained += moved(rate, until.since(at.max(from)));
            until = until.min(at);
            if at <= from {
                break;
            }
        }
        let by_clock = i128::from(to.since(from).as_nanos()) + gained;
        Count {
            node,
            from,
            to,
            by_clock,
        }
    }
}

/// By how much a clock of this rate gets ahead.
fn moved(rate: Rate, length: SimDuration) -> i128 {
    i128::from(length.as_nanos()) * i128::from(rate.0) / 1_000_000_000
}

impl Count {
    /// How long it took.
    fn passed(&self) -> i128 {
        i128::from(self.to.since(self.from).as_nanos())
    }

    /// How the clock ran meanwhile, in words.
    fn told(&self, scenario: &Scenario) -> String {
        let name = scenario.name(self.node);
        let (passed, ahead) = (self.passed(), self.by_clock - self.passed());
        let ppm = ahead as f64 * 1e6 / passed.max(1) as f64;
        match rate(libm::round(ppm)) {
            Rate(0) => format!("{name}'s clock runs at the right pace"),
            rate => format!("{name}'s clock is {}", off_pace(rate)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;

    /// What is told of the first turn and of the next node's, as if they overlapped.
    fn told(link: &str) -> Option<String> {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        run.seek(SimTime::from_millis(20_000));
        let events = run.timeline().events();
        let turns = events.iter().zip((0..).map(EventId));
        let mut turns =
            turns.filter(|(event, _)| matches!(event.fact(), Some(Fact::Acquired { .. })));
        let (first, taken) = turns.next().expect("somebody gets the lock");
        let next = turns.find(|(event, _)| event.node != first.node);
        let (next, end) = next.expect("somebody else gets the lock");
        let finding = Finding {
            at: next.time,
            event: end,
            events: vec![taken, end],
        };
        let words = run.timeline().machine().vocabulary();
        uneven(run.scenario(), words, events, &finding).map(|(told, _)| told)
    }

    #[test]
    fn clocks_are_to_blame_if_the_holder_was_right_by_its_own() {
        let lab = "ann's clock is 4 % too slow, and lock's clock is 3 % too fast.";
        assert_eq!(told("#/drifting-lease").as_deref(), Some(lab));
        let small_margin = "#/drifting-lease?on=drift-margin&max-drift=0.01";
        assert_eq!(told(small_margin).as_deref(), Some(lab));
        // The margin is what the holder does not use, however far the clocks part.
        assert_eq!(told("#/drifting-lease?on=drift-margin"), None);
        let even = "#/drifting-lease?monotonic.ann=0ppm&monotonic.lock=0ppm";
        assert_eq!(told(even), None);
    }

    #[test]
    fn a_pace_that_changed_is_told_as_it_was_on_average() {
        let link = "#/drifting-lease?monotonic.ann=0ppm&do=monotonic.ann:-80000ppm@3.4s";
        let told = told(link).expect("ann keeps the lock for too long");
        let pace = told.strip_prefix("ann's clock is ").expect("ann is told");
        let percent: f64 = pace
            .split(' ')
            .next()
            .and_then(|text| text.parse().ok())
            .expect("a number");
        assert!((3.0..5.0).contains(&percent), "{told}");
    }
}
