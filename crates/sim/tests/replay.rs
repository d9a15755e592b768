//! A run is a pure function of its setup and of what is done to it, wherever the cursor goes.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use common::{bytes, config, share};
use proptest::prelude::*;
use sim::held::Measure;
use sim::trace::Event;
use sim::{Bounds, Copies, EventId, Observer, SimTime, Timeline};
use swarm::tour::Tour;
use swarm::{Case, pingpong};

/// All that is visible of the run at a timeline's cursor.
fn moment(timeline: &Timeline) -> String {
    let kernel = timeline.machine().kernel();
    let nodes = (0..kernel.nodes()).map(sim::NodeId).map(|node| {
        let described = timeline.machine().describe(node, &|node| node.to_string());
        let clocks = kernel.clocks(node);
        (
            kernel.status(node),
            kernel.inbox(node),
            timeline.machine().unsynced_writes(node),
            clocks.interval(kernel.now()),
            clocks.monotonic(kernel.now()),
            described,
        )
    });
    let nodes: Vec<_> = nodes.collect();
    let mut flights: Vec<_> = kernel
        .flights()
        .map(|flight| (flight.id, flight.place, flight.next, flight.ends))
        .collect();
    flights.sort_by_key(|(id, ..)| *id);
    let mut timers: Vec<_> = kernel
        .timers()
        .map(|timer| (timer.due, timer.node))
        .collect();
    timers.sort_unstable();
    format!(
        "{} {} {} {nodes:?} {flights:?} {timers:?}",
        timeline.now(),
        timeline.digest(),
        timeline.events().len(),
    )
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_same_case_has_the_same_trace_however_it_is_driven(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        timeline.seek(case.end);
        prop_assert_eq!(timeline.events().to_vec(), case.trace());
        prop_assert_eq!(timeline.digest(), case.digest());
    }

    #[test]
    fn seeking_to_a_moment_equals_running_to_it(bytes in bytes(), shares in prop::collection::vec(any::<u8>(), 1..6)) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        for at in shares {
            let at = share(case.end, at);
            timeline.seek(at);
            let mut fresh = case.timeline();
            fresh.seek(at);
            prop_assert_eq!(moment(&timeline), moment(&fresh));
        }
    }

    #[test]
    fn stepping_back_undoes_a_step_and_stepping_forward_redoes_it(bytes in bytes(), at: u8) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        timeline.seek(share(case.end, at));
        let mut moments = Vec::new();
        while moments.len() < 5 && timeline.step() {
            moments.push(moment(&timeline));
        }
        // A step that finds nothing goes to the end.
        let last = timeline.events().len() as u32;
        if !moments.is_empty() {
            timeline.go_to_event(last);
        }
        while let Some(last) = moments.pop() {
            prop_assert_eq!(moment(&timeline), last.as_str());
            timeline.step_back();
            timeline.step();
            prop_assert_eq!(moment(&timeline), last);
            timeline.step_back();
        }
    }

    #[test]
    fn going_to_an_event_and_stepping_there_agree(bytes in bytes(), steps in 1usize..30) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        let mut stepped = case.timeline();
        for _ in 0..steps {
            stepped.step();
        }
        let count = stepped.events().len() as u32;
        timeline.seek(case.end);
        prop_assume!(timeline.events().len() > count as usize);
        timeline.go_to_event(count);
        prop_assert_eq!(moment(&timeline), moment(&stepped));
    }

    #[test]
    fn interesting_moments_are_the_same_both_ways(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        let mut forward = Vec::new();
        let mut latest = 0;
        while timeline.next_interesting() {
            latest = timeline.events().len();
            forward.push(moment(&timeline));
            prop_assert!(forward.len() <= timeline.events().len());
        }
        // The latest event may be at the very end, or the bound of events; then that moment is where the cursor is, not before it.
        let is_at_the_end = timeline.events().last().is_some_and(|event| event.time == timeline.now());
        if is_at_the_end && timeline.events().len() == latest {
            forward.pop();
        }
        // Back from the end, and then from the beginning: not all the way, which would take long.
        for expected in forward.iter().rev().take(20) {
            prop_assert!(timeline.previous_interesting());
            prop_assert_eq!(&moment(&timeline), expected);
        }
        if let Some(third) = forward.get(2) {
            timeline.seek(SimTime::ZERO);
            timeline.go_to_event(0);
            for _ in 0..3 {
                timeline.next_interesting();
            }
            prop_assert_eq!(&moment(&timeline), third);
        }
    }

    #[test]
    fn after_any_tour_a_fresh_run_with_the_same_script_has_the_same_trace(bytes in bytes()) {
        let mut tour = Tour::of(&bytes, false);
        // A step may stop in the middle of a moment.
        tour.timeline.seek(tour.timeline.now());
        prop_assert_eq!(tour.timeline.digest(), tour.digest_afresh());
        let known = tour.timeline.known_events().to_vec();
        tour.timeline.seek(tour.case.end);
        prop_assert!(tour.timeline.known_events().to_vec().starts_with(&known));
        prop_assert_eq!(tour.timeline.digest(), tour.digest_afresh());
    }

    #[test]
    fn no_intervention_of_any_size_breaks_a_run(bytes in bytes()) {
        let mut tour = Tour::of(&bytes, true);
        tour.timeline.seek(tour.case.end);
        prop_assert_eq!(tour.timeline.digest(), tour.digest_afresh());
    }
}

/// Watches nothing, and counts what it sees, on whatever branch or copy of a run.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Observer for Counter {
    fn observe(&mut self, _: EventId, _: &Event) {
        self.0.fetch_add(1, Relaxed);
    }

    fn end(&mut self, _: EventId, _: SimTime, _: &Copies<'_>) {}

    fn violations(&self) -> Vec<EventId> {
        Vec::new()
    }

    fn held(&self, _: Measure) -> usize {
        0
    }

    fn give_up(&mut self) -> bool {
        false
    }
}

#[test]
fn wherever_a_seek_goes_it_replays_no_more_than_lies_between_keyframes() {
    let bounds = Bounds {
        end: SimTime::from_millis(20_000),
        events: u32::MAX,
        memory: usize::MAX,
        keyframe_bytes: 8 << 20,
        keyframe_events: 500,
    };
    let replayed = Arc::new(AtomicUsize::new(0));
    let observer = Counter(replayed.clone());
    let machine = Box::new(pingpong::world(5, 1, 1));
    let mut timeline = Timeline::new(machine, observer, Vec::new(), bounds);
    timeline.seek(bounds.end);
    let events = timeline.events().len() as u32;
    assert!(events > 30_000, "{events}");
    for k in 0..100 {
        let before = replayed.load(Relaxed);
        if k % 2 == 0 {
            // Back and forth over the whole run.
            timeline.seek(share(bounds.end, (k * 73 % 256) as u8));
        } else {
            timeline.go_to_event(events / 100 * (k * 73 % 100));
        }
        let replayed = replayed.load(Relaxed) - before;
        // A step has two events, and a keyframe is due after the step that reaches it.
        assert!(replayed <= 500 + 2, "{replayed}");
    }
}
