//! Who can know what: happened-before and what a node sees, from drawn traces.

mod common;

use common::{bytes, config};
use proptest::prelude::*;
use sim::EventId;
use sim::causality::{Causality, Moment};
use sim::protocol::NTP_KIND;
use sim::trace::{Event, EventKind, Events, Trace};
use swarm::Case;

/// Whether something is done to messages or links, and so is no event of a node.
fn is_beside(event: &Event) -> bool {
    matches!(
        event.kind,
        EventKind::Lost
            | EventKind::Duplicate
            | EventKind::Queued
            | EventKind::Held
            | EventKind::Meddled
            | EventKind::Network
    )
}

/// Happened-before by its definition: the closure of the direct steps, as one row of bits per event.
fn closure(events: Events<'_>) -> Vec<Vec<bool>> {
    let mut before: Vec<Vec<bool>> = Vec::new();
    for (id, event) in events.iter().enumerate() {
        let mut row = vec![false; events.len()];
        let mut steps = Vec::new();
        if !is_beside(event) {
            let same_line =
                |other: &usize| events[*other].node == event.node && !is_beside(&events[*other]);
            steps.extend((0..id).rev().find(same_line));
        }
        if event.kind == EventKind::Deliver && event.code != NTP_KIND {
            steps.extend(event.cause.some().map(EventId::index));
        }
        for step in steps {
            row[step] = true;
            for (earlier, is_before) in before[step].iter().enumerate() {
                row[earlier] |= is_before;
            }
        }
        before.push(row);
    }
    before
}

/// The place in the order of each event that is one of a node.
fn moments(events: Events<'_>) -> Vec<Option<Moment>> {
    let mut causality = Causality::default();
    let moments = (0..).zip(events.iter()).map(|(id, event)| {
        causality.observe(EventId(id), event);
        (!is_beside(event)).then(|| causality.moment(event.node))
    });
    moments.collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn happens_before_is_the_closure_of_program_order_and_messages(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let trace: Trace = case.trace().into_iter().take(250).collect();
        let before = closure(trace.events());
        let moments = moments(trace.events());
        for (b, later) in moments.iter().enumerate() {
            for (a, earlier) in moments.iter().enumerate() {
                if let (Some(earlier), Some(later)) = (earlier, later) {
                    prop_assert_eq!(earlier.is_before(later), before[b][a], "{} {}", a, b);
                }
            }
        }
    }

    #[test]
    fn a_node_sees_no_event_of_another_and_no_fate_of_a_message(bytes in bytes()) {
        let case = Case::draw(&bytes);
        for event in case.trace() {
            for node in case.nodes().filter(|node| event.is_known_to(*node)) {
                prop_assert_eq!(node, event.node);
                prop_assert!(!is_beside(&event));
            }
            if event.kind == EventKind::Deliver {
                prop_assert!(event.is_known_to(event.node));
            }
        }
    }
}
