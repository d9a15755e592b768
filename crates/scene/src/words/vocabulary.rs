//! The protocol's own words for messages and timers, looked up for the events of a run.

use scenario::Run;
use scenario::checks::noun_at;
use sim::NodeId;
use sim::protocol::{Gist, MessageSort, MessageWord, NTP_KIND, TimerWord, fill};
use sim::trace::{Event, EventKind, Fact, Function};

/// The short label of a message, as in `pay #3`. Empty for one that the protocol does not label.
pub(crate) fn label(run: &Run, gist: Gist) -> String {
    if gist.kind == NTP_KIND {
        return "clock sync".to_owned();
    }
    word(run, gist.kind).map_or_else(String::new, |word| fill(word.label, gist.args))
}

/// What a message says, as the end of a sentence. Empty for one that the protocol has no words for.
pub(crate) fn says(run: &Run, gist: Gist) -> String {
    if gist.kind == NTP_KIND {
        return "what time is it?".to_owned();
    }
    word(run, gist.kind).map_or_else(String::new, |word| fill(word.says, gist.args))
}

/// The sort of the messages of a kind.
pub(crate) fn sort_of(run: &Run, kind: u8) -> MessageSort {
    word(run, kind).map_or(MessageSort::Heartbeat, |word| word.sort)
}

/// The message that an event is about, as it was sent.
pub(crate) fn message_of(run: &Run, event: &Event) -> Gist {
    let is_sending = event.kind == EventKind::Send;
    let sending = if is_sending { None } else { event.cause.some() };
    let sending = sending
        .and_then(|cause| run.timeline().known_events().get(cause.index()))
        .unwrap_or(event);
    sending.gist().unwrap_or_default()
}

/// The words for the timer that fired in `event`, if it is one of the protocol's.
pub(crate) fn timer(run: &Run, event: &Event) -> Option<&'static TimerWord> {
    let timers = run.timeline().machine().vocabulary().timers;
    timers.get(usize::from(event.code))
}

/// The words for the timer that fired in `event`, if that means that a wait ended without what it was for.
pub(crate) fn timeout(run: &Run, event: &Event) -> Option<&'static TimerWord> {
    let timer = timer(run, event).filter(|timer| timer.is_timeout);
    timer.filter(|_| event.kind == EventKind::TimerFired)
}

/// What an operation of this run is called, as in *payment*.
pub(crate) fn noun(run: &Run) -> &str {
    let first = run.scenario().checks.first();
    first.map_or("operation", |check| check.noun.as_str())
}

/// What an operation is called that does this: a read is a *read* in every lab, and where the lab has only a general noun,
/// the function says more.
pub(crate) fn noun_of(noun: &str, function: Function) -> &str {
    let is_general = matches!(noun, "operation" | "request");
    match function {
        Function::Read => "read",
        Function::Write if is_general => "write",
        Function::Add if is_general => "addition",
        Function::CompareAndSet if is_general => "replacement",
        Function::Write
        | Function::Pay
        | Function::Append
        | Function::Add
        | Function::Acquire
        | Function::Release
        | Function::Request
        | Function::CompareAndSet => noun,
    }
}

/// Names, as in `n3, n4 and n5`.
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}

/// The name of an operation, the same wherever it is told of, as in *payment #6* or *read #18*.
pub(crate) fn name(run: &Run, operation: u32) -> String {
    let noun = noun(run);
    let Some(function) = function(run, operation) else {
        return format!("{} #{operation}", noun_at(noun, 0));
    };
    let noun = noun_of(noun, function);
    let place = run
        .gathered()
        .numbered(operation)
        .map_or(0, |one| one.place as usize);
    let noun = if noun == noun_at(noun, 0) {
        noun
    } else {
        noun_at(noun, place)
    };
    format!("{noun} #{operation}")
}

/// The name of an operation, and whose it is: *ben's write #6*.
pub(crate) fn owned_name(run: &Run, operation: u32) -> String {
    let name = name(run, operation);
    match caller(run, operation) {
        Some(caller) => format!("{}'s {name}", run.scenario().name(caller)),
        None => name,
    }
}

/// Who asked for an operation.
pub(crate) fn caller(run: &Run, operation: u32) -> Option<NodeId> {
    let call = run.gathered().numbered(operation)?.call;
    Some(run.timeline().events().get(call.index())?.node)
}

/// What an operation asks for.
pub(crate) fn function(run: &Run, operation: u32) -> Option<Function> {
    let call = run.gathered().numbered(operation)?.call;
    match run.timeline().events().get(call.index())?.fact()? {
        Fact::Invoked { function, .. } => Some(function),
        _ => None,
    }
}

/// Whether a value is the number of the operation that wrote it.
pub(crate) fn is_number(run: &Run, value: i64) -> bool {
    let call = u32::try_from(value).ok();
    let call = call.and_then(|number| run.gathered().numbered(number));
    let call = call.and_then(|one| run.timeline().events().get(one.call.index()));
    let written = call.and_then(|call| match call.fact()? {
        Fact::Invoked {
            function: Function::Write,
            value,
            ..
        } => Some(value),
        _ => None,
    });
    written == Some(value)
}

fn word(run: &Run, kind: u8) -> Option<&'static MessageWord> {
    let words = run.timeline().machine().vocabulary().messages;
    words.get(usize::from(kind))
}
