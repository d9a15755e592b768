//! Who can know what: causality and perspectives, from drawn traces.

mod common;

use common::{bytes, config};
use proptest::prelude::*;
use sim::causality::{Causality, Order};
use sim::perspective::{Perspective, knows, remembered};
use sim::trace::{Event, EventKind, Events, Trace};
use sim::{EventId, NodeId, Status};
use swarm::Case;

/// Happens-before by its definition: the closure of the direct steps, as one row of bits an event.
fn closure(events: Events<'_>) -> Vec<Vec<bool>> {
    let beside = |event: &Event| {
        matches!(
            event.kind,
            EventKind::Lost
                | EventKind::Duplicate
                | EventKind::Queued
                | EventKind::Held
                | EventKind::Meddled
                | EventKind::Network
        )
    };
    let mut before: Vec<Vec<bool>> = Vec::new();
    for (id, event) in events.iter().enumerate() {
        let mut row = vec![false; events.len()];
        let mut steps = Vec::new();
        if beside(event) {
            steps.extend(event.cause.some().map(EventId::index));
        } else {
            let same_line =
                |other: &usize| events[*other].node == event.node && !beside(&events[*other]);
            steps.extend((0..id).rev().find(same_line));
            if event.kind == EventKind::Deliver {
                steps.extend(event.cause.some().map(EventId::index));
            }
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

proptest! {
    #![proptest_config(config())]

    #[test]
    fn happens_before_is_the_closure_of_program_order_and_messages(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let trace: Trace = case.trace().into_iter().take(250).collect();
        let events = trace.events();
        let nodes = case.setup.nodes.len() as u16;
        let causality = Causality::of(nodes, events);
        let before = closure(events);
        for (b, row) in before.iter().enumerate() {
            let past = causality.past(EventId(b as u32));
            prop_assert!(past.is_sorted());
            for (a, expected) in row.iter().copied().enumerate() {
                let (first, second) = (EventId(a as u32), EventId(b as u32));
                prop_assert_eq!(causality.happened_before(first, second), expected, "{} {}", a, b);
                prop_assert_eq!(past.binary_search(&first).is_ok(), expected);
                if expected {
                    prop_assert!(causality.lamport(first) < causality.lamport(second));
                    prop_assert_eq!(causality.order(second, first), Order::After);
                    let vectors = causality.vector(first).into_iter().zip(causality.vector(second));
                    prop_assert!(vectors.into_iter().all(|(a, b)| a <= b));
                }
            }
        }
        let middle = EventId(events.len() as u32 / 2);
        let future: Vec<_> = (0..events.len())
            .filter(|b| before[*b].get(middle.index()) == Some(&true))
            .map(|b| EventId(b as u32))
            .collect();
        prop_assert_eq!(causality.future(middle), future);
    }

    #[test]
    fn a_node_remembers_its_own_deeds_since_its_last_crash(bytes in bytes(), share: u8) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        timeline.seek(common::share(case.end, share));
        let events = timeline.events();
        for node in case.nodes() {
            let name = |node: NodeId| node.to_string();
            let view = Perspective::of(timeline.machine(), events, node, &name);
            let crash = common::at(events, node, EventKind::Crash).count();
            for id in &view.events {
                let event = &events[id.index()];
                prop_assert!(knows(node, event));
                let crashes_before = common::at(events.take(id.index()), node, EventKind::Crash).count();
                prop_assert_eq!(crashes_before, crash);
            }
            let known = events.iter().filter(|event| knows(node, event)).count();
            if crash == 0 {
                prop_assert_eq!(view.events.len(), known);
            }
            let is_down = timeline.machine().kernel().status(node) == Status::Crashed;
            prop_assert_eq!(view.description.is_none(), is_down);
            if is_down {
                prop_assert!(remembered(events, node).is_empty());
            }
        }
    }
}
