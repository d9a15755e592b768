//! The moments that a story tells of: a time, or the first event for which something holds.

use sim::protocol::Vocabulary;
use sim::trace::{Event, EventKind, Events, Fact, FactKind, Loss, Lost, Outcome};
use sim::{NodeId, SimTime};

use super::parts::place;
use super::past;
use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::limits::DURATION;
use crate::terms::quantity::Range;
use crate::terms::words::word as word_for;

/// When a step of a story begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Moment {
    /// At a time.
    At(SimTime),
    /// At the first event for which something holds, or the n-th.
    When(Pattern),
}

/// What must hold for an event. A field that is left open holds for every event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pattern {
    /// What kind of event.
    pub event: Option<EventKind>,
    /// Whether it is a timeout.
    pub is_timeout: bool,
    /// The node where it happens.
    pub node: Option<NodeId>,
    /// The node that sent the message it is about.
    pub from: Option<NodeId>,
    /// The node that the message it is about was sent to.
    pub to: Option<NodeId>,
    /// The kind of the message it is about.
    pub message: Option<u8>,
    /// Why a message was lost.
    pub why: Option<Loss>,
    /// Which fact it puts on record.
    pub fact: Option<FactKind>,
    /// How the operation it tells of ended.
    pub outcome: Option<Outcome>,
    /// The number of what it tells of: an operation, a term, a lock, a measurement.
    pub number: Option<i64>,
    /// Which check it violates, by its place in the scenario.
    pub violates: Option<usize>,
    /// Whether a wire changed what it is about.
    pub corrupted: Option<bool>,
    /// Whether its node's disk was wiped since the node crashed.
    pub wiped: Option<bool>,
    /// The earliest time.
    pub after: SimTime,
    /// Which of the matching events, from 1.
    pub nth: u32,
}

const EVENTS: [(&str, EventKind); 21] = [
    ("start", EventKind::Start),
    ("send", EventKind::Send),
    ("deliver", EventKind::Deliver),
    ("lost", EventKind::Lost),
    ("duplicate", EventKind::Duplicate),
    ("queued", EventKind::Queued),
    ("held", EventKind::Held),
    ("meddled", EventKind::Meddled),
    ("timer", EventKind::TimerFired),
    ("timeout", EventKind::TimerFired),
    ("crash", EventKind::Crash),
    ("restart", EventKind::Restart),
    ("pause", EventKind::Pause),
    ("resume", EventKind::Resume),
    ("limp", EventKind::Limp),
    ("clock", EventKind::Clock),
    ("network", EventKind::Network),
    ("disk", EventKind::Disk),
    ("fact", EventKind::Fact),
    ("operation", EventKind::Operation),
    ("setting", EventKind::Setting),
];

/// The word for a kind of event, as stories and traces call it.
pub fn event_word(kind: EventKind) -> &'static str {
    word_for(&EVENTS, kind)
}

const LOSSES: [(&str, Loss); 10] = [
    ("link", Loss::Link),
    ("burst", Loss::Burst),
    ("cut", Loss::Cut),
    ("queue-full", Loss::QueueFull),
    ("checksum", Loss::Checksum),
    ("receiver-down", Loss::ReceiverDown),
    ("inbox-full", Loss::InboxFull),
    ("receiver-crashed", Loss::ReceiverCrashed),
    ("filter", Loss::Filter),
    ("hand", Loss::Hand),
];

/// The word for each kind of fact.
fn facts() -> Vec<(&'static str, FactKind)> {
    let kinds = FactKind::ALL.iter();
    kinds.map(|kind| (kind.word(), *kind)).collect()
}

const YES_OR_NO: [(&str, Option<bool>); 2] = [("yes", Some(true)), ("no", Some(false))];

const OUTCOMES: [(&str, Outcome); 3] = [
    ("ok", Outcome::Ok),
    ("fail", Outcome::Fail),
    ("unknown", Outcome::Unknown),
];

impl Pattern {
    /// Whether it holds for the event at `place`; whether a check is violated is asked for elsewhere.
    pub fn fits(&self, events: Events<'_>, place: usize, words: &Vocabulary) -> bool {
        let event = &events[place];
        let is = |wanted: Option<NodeId>, node| wanted.is_none_or(|wanted| wanted == node);
        event.time >= self.after
            && self.event.is_none_or(|kind| kind == event.kind)
            && is(self.node, event.node)
            && (!self.is_timeout || is_timeout(event, words))
            && self.message_fits(events, event)
            && self.fact_fits(event)
            && self.past_fits(events, place)
    }

    /// Whether what was before is as it must be.
    fn past_fits(&self, events: Events<'_>, place: usize) -> bool {
        self.corrupted
            .is_none_or(|wanted| wanted == past::is_corrupted(events, place))
            && self
                .wiped
                .is_none_or(|wanted| wanted == past::is_wiped(events, place))
    }

    fn message_fits(&self, events: Events<'_>, event: &Event) -> bool {
        let asks = self.from.is_some() || self.to.is_some() || self.message.is_some();
        if !asks && self.why.is_none() {
            return true;
        }
        let (from, to) = match event.kind {
            EventKind::Send | EventKind::Duplicate => (event.node, event.peer),
            _ => (event.peer, event.node),
        };
        let is_lost_so = |wanted| event.detail().is_some_and(|lost: Lost| lost.why == wanted);
        event.is_about_a_message()
            && self.from.is_none_or(|node| node == from)
            && self.to.is_none_or(|node| node == to)
            && self
                .message
                .is_none_or(|kind| kind_of(events, event) == Some(kind))
            && self.why.is_none_or(is_lost_so)
    }

    fn fact_fits(&self, event: &Event) -> bool {
        let asks = self.outcome.is_some() || self.number.is_some();
        if !asks && self.fact.is_none() {
            return true;
        }
        let Some(fact) = event.fact() else {
            return false;
        };
        let ended = match fact {
            Fact::Returned { outcome, .. } | Fact::Learned { outcome, .. } => Some(outcome),
            _ => None,
        };
        self.fact.is_none_or(|wanted| wanted == fact.kind())
            && self.number.is_none_or(|wanted| wanted == fact.number())
            && (self.outcome.is_none() || self.outcome == ended)
    }
}

/// The kind of message that an event is about: later events of a message refer to the event that sent it.
fn kind_of(events: Events<'_>, event: &Event) -> Option<u8> {
    let sending = || {
        let cause = events.get(event.cause.some()?.index())?;
        (cause.kind == EventKind::Send).then(|| cause.gist())?
    };
    event.gist().or_else(sending).map(|gist| gist.kind)
}

fn is_timeout(event: &Event, words: &Vocabulary) -> bool {
    let timer = words.timers.get(usize::from(event.code));
    event.kind == EventKind::TimerFired && timer.is_some_and(|timer| timer.is_timeout)
}

/// Reads when a step begins: `at`, or else `when`; at the beginning if nothing is said.
pub(super) fn read(fields: &mut Fields<'_>, scenario: &Scenario) -> Moment {
    let end = scenario.duration.as_nanos() as f64;
    let at = fields.quantity("at", Range::duration(0.0, end), 0.0);
    match fields.object("when") {
        Some(when) => Moment::When(pattern(when, scenario)),
        None => Moment::At(SimTime::from_nanos(at as u64)),
    }
}

/// Reads what must hold for an event.
pub(super) fn pattern(mut fields: Fields<'_>, scenario: &Scenario) -> Pattern {
    let messages = scenario.protocol.vocabulary.messages;
    let messages = messages.iter().map(|word| word.name);
    let checks = scenario.checks.iter().map(|check| check.id.as_str());
    let event = word(&mut fields, "event", &EVENTS);
    let pattern = Pattern {
        is_timeout: fields.value("event").and_then(|value| value.as_str()) == Some("timeout"),
        event,
        node: node(&mut fields, "node", scenario),
        from: node(&mut fields, "from", scenario),
        to: node(&mut fields, "to", scenario),
        message: place(&mut fields, "message", messages).map(|place| place as u8),
        why: word(&mut fields, "why", &LOSSES),
        fact: word(&mut fields, "fact", &facts()),
        outcome: word(&mut fields, "outcome", &OUTCOMES),
        number: fields
            .optional_quantity("number", Range::count(-1e15, 1e15))
            .map(|number| number as i64),
        violates: place(&mut fields, "violates", checks),
        corrupted: fields.choice("corrupted", &YES_OR_NO, None),
        wiped: fields.choice("wiped", &YES_OR_NO, None),
        after: SimTime::ZERO + fields.duration("after", Range::duration(0.0, DURATION.max), 0.0),
        nth: fields.quantity("nth", Range::count(1.0, 1e6), 1.0) as u32,
    };
    fields.finish();
    pattern
}

fn word<T: Copy>(
    fields: &mut Fields<'_>,
    field: &'static str,
    words: &[(&'static str, T)],
) -> Option<T> {
    let options: Vec<(&'static str, Option<T>)> = words
        .iter()
        .map(|(word, value)| (*word, Some(*value)))
        .collect();
    fields.choice(field, &options, None)
}

fn node(fields: &mut Fields<'_>, field: &'static str, scenario: &Scenario) -> Option<NodeId> {
    let names = scenario.nodes.iter().map(|node| node.name.as_str());
    place(fields, field, names).map(|place| NodeId(place as u16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_loss_and_outcome_has_a_word() {
        let has = |word: &str, of: &dyn std::fmt::Debug| assert!(!word.is_empty(), "{of:?}");
        EventKind::ALL
            .iter()
            .for_each(|kind| has(word_for(&EVENTS, *kind), kind));
        Loss::ALL
            .iter()
            .for_each(|why| has(word_for(&LOSSES, *why), why));
        Outcome::ALL
            .iter()
            .for_each(|outcome| has(word_for(&OUTCOMES, *outcome), outcome));
    }
}
