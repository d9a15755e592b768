//! Checks are online: they say *violated* with the first event that makes it certain, and a copy that is made on the way
//! goes on as the original does. For every kind of check, over the traces of every lab.

use std::collections::BTreeSet;

use check::watch::{Check, State, Verdict, Words};
use scenario::checks::{CHECKS, CheckEntry, CheckSettings};
use scenario::document::Scenario;
use scenario::document::scope::NodeSet;
use scenario::lab;
use scenario::run::play::Play;
use sim::trace::{Event, Fact, Function, Outcome};
use sim::{EventId, NodeId, SimTime};

type Recorded = Vec<(EventId, Event)>;

/// What each lab shows, and what it shows with its defences as in each of its claims.
fn recordings() -> impl Iterator<Item = (String, Scenario, Recorded)> {
    let labs = lab::labs().iter();
    labs.flat_map(|lab| {
        let claims = lab.expectations.iter();
        let variants = claims.map(|claim| claim.variant(&lab.scenario));
        let own = (lab.scenario.clone(), Vec::new());
        let claimed = variants.map(|variant| (variant.scenario, variant.deeds));
        std::iter::once(own)
            .chain(claimed)
            .map(|(scenario, deeds)| {
                let mut recorded = Vec::new();
                Play::new(&scenario, &deeds).to_end(None, |id, event| recorded.push((id, *event)));
                (lab.id.clone(), scenario, recorded)
            })
    })
}

/// A check of this kind with nothing set.
fn unset(kind: &'static CheckEntry) -> CheckSettings {
    let parameters = kind.parameters.iter();
    CheckSettings {
        id: kind.id.to_owned(),
        label: String::new(),
        noun: "operation".to_owned(),
        kind,
        among: NodeSet::ALL,
        parameters: parameters.map(|spec| (spec.id, spec.default)).collect(),
    }
}

fn says(check: &dyn Check) -> Verdict {
    let node = |node: NodeId| format!("n{}", node.0);
    let words = Words {
        node: &node,
        operation: "operation",
    };
    check.verdict(&words, true)
}

fn feed(check: &mut dyn Check, events: &[(EventId, Event)]) {
    for (id, event) in events {
        check.observe(*id, event);
    }
}

/// Feeds a trace, and a copy that is made at a place in it the rest of it.
fn copied(fresh: &dyn Check, events: &[(EventId, Event)], place: usize) -> Box<dyn Check> {
    let mut check = fresh.boxed_clone();
    let (before, after) = events.split_at(place);
    feed(&mut *check, before);
    let mut copy = check.boxed_clone();
    feed(&mut *check, after);
    let told = says(&*check);
    // The original went on first: the two share nothing.
    feed(&mut *copy, after);
    assert_eq!(
        says(&*copy),
        told,
        "a copy at event {place} goes on otherwise"
    );
    assert_eq!(copy.finding(), check.finding());
    check
}

fn judge(fresh: &dyn Check, events: &[(EventId, Event)]) -> State {
    let check = copied(fresh, events, events.len() / 2);
    if let Some(finding) = check.finding() {
        let place = events.iter().position(|(id, _)| *id == finding.event);
        let place = place.expect("what is found is found at an event");
        let mut before = fresh.boxed_clone();
        feed(&mut *before, &events[..place]);
        assert_eq!(before.finding(), None, "certain before {place}");
        feed(&mut *before, &events[place..=place]);
        assert_eq!(before.finding(), Some(finding), "not certain at {place}");
        assert!(finding.at <= events[place].1.time);
        assert!(finding.events.iter().all(|shown| *shown <= finding.event));
        copied(fresh, events, place);
    }
    says(&*check).state
}

/// What no lab shows, written by hand: facts, one a millisecond, and the node that put each on record.
fn of_facts(facts: &[(u16, Fact)]) -> Recorded {
    let event = |(place, &(client, fact)): (u32, &(u16, Fact))| {
        let at = SimTime::from_millis(u64::from(place));
        (EventId(place), Event::of(at, NodeId(client), fact))
    };
    (0..).zip(facts).map(event).collect()
}

fn invoked(operation: u32, function: Function, value: i64) -> Fact {
    Fact::Invoked {
        operation,
        function,
        key: 1,
        value,
    }
}

fn returned(operation: u32, outcome: Outcome, value: i64) -> Fact {
    Fact::Returned {
        operation,
        outcome,
        value,
    }
}

/// A lock that two ask for.
fn lock(is_right: bool) -> Recorded {
    let second = if is_right { Outcome::Fail } else { Outcome::Ok };
    of_facts(&[
        (0, invoked(0, Function::Acquire, 0)),
        (0, returned(0, Outcome::Ok, 0)),
        (1, invoked(1, Function::Acquire, 0)),
        (1, returned(1, second, 0)),
    ])
}

/// A list that is read as empty: before something was appended, or after.
fn list(is_right: bool) -> Recorded {
    let append = [
        (0, invoked(0, Function::Append, 7)),
        (0, returned(0, Outcome::Ok, 0)),
    ];
    let read = [
        (1, invoked(1, Function::Read, 0)),
        (1, returned(1, Outcome::Ok, 0)),
    ];
    let order = if is_right {
        [read, append]
    } else {
        [append, read]
    };
    of_facts(&order.concat())
}

/// Node 0 reckons how far the clock of node 1 is ahead: 1 s it is.
fn sample(is_right: bool) -> Recorded {
    let read = |ms: i64| Fact::ClockRead {
        reading: ms * 1_000_000,
        bound: -1,
    };
    let sampled = Fact::Sampled {
        node: 1,
        offset: if is_right {
            1_000_000_000
        } else {
            1_100_000_000
        },
        delay: 2_000_000,
    };
    of_facts(&[(1, read(1000)), (0, read(1)), (0, sampled)])
}

/// A transfer that both participants lock and do, or only one.
fn transfer(is_right: bool) -> Recorded {
    let locked = Fact::Locked {
        operation: 0,
        key: 0,
    };
    let stored = Fact::Stored {
        operation: 0,
        key: 0,
        version: 0,
    };
    let parts = [(0, locked), (1, locked), (0, stored), (1, stored)];
    let done = parts.into_iter().filter(|(node, _)| is_right || *node == 0);
    of_facts(&done.collect::<Vec<_>>())
}

/// A leader of a log that drops an entry, or a follower that does.
fn log(is_right: bool) -> Recorded {
    let (index, term, content) = (1, 1, 0);
    let dropper = u16::from(is_right);
    of_facts(&[
        (0, Fact::Leads { term }),
        (
            0,
            Fact::Logged {
                index,
                term,
                content,
            },
        ),
        (
            1,
            Fact::Logged {
                index,
                term,
                content,
            },
        ),
        (dropper, Fact::Truncated { index }),
    ])
}

/// A leader that serves for two seconds, and then goes on, or is deposed.
fn reign(is_right: bool) -> Recorded {
    let acts = |operation| Fact::Acts { operation, term: 1 };
    let last = if is_right {
        acts(2)
    } else {
        Fact::StepsDown { term: 1 }
    };
    let facts = [(1, Fact::Leads { term: 1 }), (2000, acts(1)), (2100, last)];
    let event = |(place, (ms, fact))| {
        let at = SimTime::from_millis(ms);
        (EventId(place), Event::of(at, NodeId(0), fact))
    };
    (0..).zip(facts).map(event).collect()
}

#[test]
fn every_kind_of_check_is_online() {
    let (mut violated, mut held) = (BTreeSet::new(), BTreeSet::new());
    let any = lab::labs()[0].scenario.clone();
    let by_hand = [true, false].into_iter().flat_map(|is_right| {
        let all = [
            lock(is_right),
            list(is_right),
            sample(is_right),
            log(is_right),
            transfer(is_right),
            reign(is_right),
        ];
        all.map(|events| ("by hand".to_owned(), any.clone(), events))
    });
    for (lab, scenario, events) in recordings().chain(by_hand) {
        let unset = CHECKS.iter().map(unset);
        for settings in scenario.checks.iter().cloned().chain(unset) {
            let fresh = (settings.kind.build)(&settings);
            let state = judge(&*fresh, &events);
            println!("{lab}: {} {state:?}", settings.kind.id);
            match state {
                State::Violated => violated.insert(settings.kind.id),
                State::Holds => held.insert(settings.kind.id),
                State::Undecided => false,
            };
        }
    }
    for kind in CHECKS {
        assert!(held.contains(kind.id), "{} never held", kind.id);
        assert!(violated.contains(kind.id), "{} was never violated", kind.id);
    }
}
