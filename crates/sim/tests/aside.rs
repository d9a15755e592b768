//! Timers that a thread of their own waits for, on a node that serves messages one after the other.

use sim::network::LinkProfile;
use sim::trace::{EventKind, Trace};
use sim::{
    Action, Context, NodeId, ProcessProfile, Protocol, Setup, SimDuration, SimTime, Target, World,
};

/// It is sent four messages by the first node, and has a timer of each kind.
#[derive(Clone, Debug)]
struct Busy;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Timer {
    InLine,
    Aside,
}

const BUSY: NodeId = NodeId(1);

impl Protocol for Busy {
    type Message = ();
    type Timer = Timer;
    type Record = ();

    sim::vocabulary! {
        messages { () => Request "work" [] { label: "work", says: "please work" } }
        timers {
            Timer::InLine => "it waits in line",
            Timer::Aside => "it waits aside",
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if context.me() == BUSY {
            let soon = SimDuration::from_millis(50);
            context.set_timer(soon, Timer::InLine);
            context.set_timer_aside(soon, Timer::Aside);
        } else {
            (0..4).for_each(|_| context.send(BUSY, ()));
        }
    }

    fn on_message(&mut self, _: NodeId, (): (), _: &mut Context<'_, Self>) {}

    fn on_timer(&mut self, _: Timer, _: &mut Context<'_, Self>) {}
}

/// When each timer fires, in milliseconds: the one in line, and the one aside. Each message takes 100 ms.
fn fired(script: &[(u64, Action)]) -> [Option<u64>; 2] {
    let link = LinkProfile::ideal(SimDuration::from_millis(10));
    let mut setup = Setup::new(1, link, 2);
    setup.nodes[1].process = ProcessProfile {
        service: SimDuration::from_millis(100),
        ..ProcessProfile::default()
    };
    let mut world = World::new(&setup, vec![Busy, Busy]);
    let mut trace = Trace::full();
    for (at, action) in script {
        world.run_until(SimTime::from_millis(*at), &mut trace);
        world.apply(action, &mut trace);
    }
    world.run_until(SimTime::from_millis(1000), &mut trace);
    [0, 1].map(|code| {
        let is_it =
            |event: &&sim::trace::Event| event.kind == EventKind::TimerFired && event.code == code;
        let fired = trace.events().iter().find(is_it);
        fired.map(|event| event.time.as_nanos() / 1_000_000)
    })
}

#[test]
fn a_timer_with_a_thread_of_its_own_does_not_wait_behind_messages() {
    assert_eq!(fired(&[]), [Some(410), Some(50)]);
}

#[test]
fn a_pause_makes_it_late_and_what_waits_in_the_inbox_does_not() {
    let node = Target::Node(BUSY);
    let paused = [(20, Action::Pause(node)), (300, Action::Resume(node))];
    assert_eq!(fired(&paused), [Some(690), Some(300)]);
    let over = [(20, Action::Pause(node)), (40, Action::Resume(node))];
    assert_eq!(fired(&over), [Some(430), Some(50)]);
}

#[test]
fn a_crash_takes_it_away() {
    let node = Target::Node(BUSY);
    assert_eq!(fired(&[(20, Action::Crash(node))]), [None, None]);
    let paused = [(20, Action::Pause(node)), (60, Action::Crash(node))];
    assert_eq!(fired(&paused), [None, None]);
}
