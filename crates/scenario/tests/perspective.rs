//! In a node's perspective a reader jumps to what is interesting for the node, and to nothing else.

use scenario::Run;
use scenario::lab::labs;
use sim::trace::{Event, EventKind};
use sim::{NodeId, SimTime};

/// So far each lab is played.
const END: SimTime = SimTime::from_millis(12_000);

/// The moments up to [`END`] at which something happens that is interesting for a node.
fn own_moments(run: &Run, node: NodeId) -> Vec<SimTime> {
    let timers = run.timeline().machine().vocabulary().timers;
    let is_timeout = |event: &Event| {
        let timer = timers.get(event.code as usize);
        event.kind == EventKind::TimerFired && timer.is_some_and(|timer| timer.is_timeout)
    };
    let events = run.timeline().events();
    let own = events.iter().filter(|event| event.is_own_past_of(node));
    let own = own.filter(|event| event.is_interesting() || is_timeout(event));
    let mut moments: Vec<SimTime> = own.map(|event| event.time).collect();
    moments.dedup();
    moments
}

/// Where a reader gets to who jumps forward from the start, and then back from [`END`], as the node sees it.
fn jumps(link: &str, node: NodeId) -> [Vec<SimTime>; 2] {
    let (mut run, _) = Run::open(link);
    run.set_perspective(Some(node));
    let mut forward = Vec::new();
    while run.next_interesting() && run.now() <= END {
        forward.push(run.now());
    }
    run.seek(END + sim::SimDuration::from_nanos(1));
    let mut back = Vec::new();
    while run.previous_interesting() {
        back.push(run.now());
    }
    back.reverse();
    [forward, back]
}

#[test]
fn jumps_lead_to_what_is_interesting_for_the_node_alone() {
    let mut all = 0;
    for lab in labs().iter().step_by(4) {
        let link = format!("#/{}", lab.id);
        let (mut run, _) = Run::open(&link);
        run.seek(END);
        for node in [0, run.scenario().nodes.len() as u16 - 1].map(NodeId) {
            let own = own_moments(&run, node);
            all += own.len();
            let [forward, back] = jumps(&link, node);
            assert_eq!(forward, own, "{} by {node:?}, forward", lab.id);
            assert_eq!(back, own, "{} by {node:?}, back", lab.id);
        }
    }
    assert!(all > 50, "{all}");
}

/// The bank's double charge is a violation, and nothing that Bob could know of.
#[test]
fn no_jump_leads_to_a_violation_that_the_node_cannot_know_of() {
    let (mut run, _) = Run::open("#/double-charge");
    run.seek(END);
    let events = run.timeline().events();
    let violated: Vec<SimTime> = run
        .violations()
        .into_iter()
        .map(|event| events[event.index()].time)
        .collect();
    assert!(!violated.is_empty());
    let [forward, back] = jumps("#/double-charge", NodeId(1));
    for moment in violated {
        assert!(!forward.contains(&moment) && !back.contains(&moment));
    }
}
