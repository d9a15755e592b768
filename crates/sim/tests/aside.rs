//! Timers that a thread of their own waits for, on a node that serves messages one after the other.

use sim::network::LinkProfile;
use sim::trace::{EventKind, Trace};
use sim::{
    Action, Context, NodeId, ProcessProfile, Protocol, Setup, SimDuration, SimTime, Target,
    TimerId, World,
};

/// It is sent four messages by the first node, and has a timer of each kind.
#[derive(Clone, Debug, Hash)]
struct Busy;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// Of its timers that wait aside, the first cancels the second and sets another.
#[derive(Clone, Debug, Hash)]
struct Rivals(Option<TimerId>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Rival {
    First,
    Second,
    Another,
}

impl Protocol for Rivals {
    type Message = ();
    type Timer = Rival;
    type Record = ();

    sim::vocabulary! {
        messages { () => Request "none" [] { label: "none", says: "nobody sends this" } }
        timers {
            Rival::First => "it comes first",
            Rival::Second => "it comes second",
            Rival::Another => "it comes later",
        }
    }

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        context.set_timer_aside(SimDuration::from_millis(50), Rival::First);
        self.0 = Some(context.set_timer_aside(SimDuration::from_millis(60), Rival::Second));
    }

    fn on_message(&mut self, _: NodeId, (): (), _: &mut Context<'_, Self>) {}

    fn on_timer(&mut self, timer: Rival, context: &mut Context<'_, Self>) {
        if let (Rival::First, Some(second)) = (timer, self.0) {
            context.cancel_timer(second);
            context.set_timer_aside(SimDuration::from_millis(100), Rival::Another);
        }
    }
}

/// When each timer of the second node fires, in milliseconds. Each message takes 100 ms.
fn times<P: Protocol + 'static, const N: usize>(
    nodes: Vec<P>,
    script: &[(u64, Action)],
) -> [Option<u64>; N] {
    let link = LinkProfile::ideal(SimDuration::from_millis(10));
    let mut setup = Setup::new(1, link, 2);
    setup.nodes[1].process = ProcessProfile {
        service: SimDuration::from_millis(100),
        ..ProcessProfile::default()
    };
    let mut world = World::new(&setup, nodes);
    let mut trace = Trace::full();
    for (at, action) in script {
        world.run_until(SimTime::from_millis(*at), &mut trace);
        world.apply(action, &mut trace);
    }
    world.run_until(SimTime::from_millis(1000), &mut trace);
    std::array::from_fn(|code| {
        let is_it = |event: &&sim::trace::Event| {
            let is_fired = event.kind == EventKind::TimerFired && event.node == BUSY;
            is_fired && usize::from(event.code) == code
        };
        let fired = trace.events().iter().find(is_it);
        fired.map(|event| event.time.as_nanos() / 1_000_000)
    })
}

/// When the timer in line fires, and the one aside.
fn fired(script: &[(u64, Action)]) -> [Option<u64>; 2] {
    times(vec![Busy, Busy], script)
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

#[test]
fn one_that_a_pause_made_late_may_cancel_another() {
    let node = Target::Node(BUSY);
    let rivals = |script: &[(u64, Action)]| times(vec![Rivals(None), Rivals(None)], script);
    assert_eq!(rivals(&[]), [Some(50), None, Some(150)]);
    let paused = [(20, Action::Pause(node)), (300, Action::Resume(node))];
    assert_eq!(rivals(&paused), [Some(300), None, Some(400)]);
}
