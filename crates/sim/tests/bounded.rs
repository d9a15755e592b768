//! A timeline stays within what it may take, in a call and in memory.

use sim::action::Flapping;
use sim::held::Measure;
use sim::network::{CutMode, CutShape, Flight, LinkProfile};
use sim::trace::Event;
use sim::{
    Action, Bounds, Copies, EventId, Intervention, NodeId, Observer, Place, Setup, SimDuration,
    SimTime, Target, Timeline, WORK_PER_TURN, World,
};
use swarm::pingpong;

const END: SimTime = SimTime::from_millis(20_000);

fn bounds() -> Bounds {
    Bounds {
        end: END,
        events: u32::MAX,
        memory: usize::MAX,
        keyframe_bytes: 8 << 20,
        keyframe_events: 500,
    }
}

/// Watches a run, and works so much at each event.
#[derive(Clone)]
struct Worker {
    each: u64,
    work: u64,
}

impl Observer for Worker {
    fn observe(&mut self, _: EventId, _: &Event) {
        self.work += self.each;
    }

    fn end(&mut self, _: EventId, _: SimTime, _: &Copies<'_>) {}

    fn violations(&self) -> Vec<EventId> {
        Vec::new()
    }

    fn work(&self) -> u64 {
        self.work
    }

    fn held(&self, _: Measure) -> usize {
        0
    }

    fn give_up(&mut self) -> bool {
        false
    }
}

#[test]
fn a_stride_ends_sooner_where_what_watches_the_run_works_much() {
    const STRIDE: u32 = 1000;
    let events_of_a_stride = |each: u64| {
        let machine = Box::new(pingpong::world(5, 1, 1));
        let worker = Worker { each, work: 0 };
        let mut timeline = Timeline::new(machine, worker, Vec::new(), bounds());
        timeline.set_stride(STRIDE);
        timeline.seek(END);
        timeline.events().len()
    };
    assert!(events_of_a_stride(1) >= STRIDE as usize);
    let most = u64::from(STRIDE) * WORK_PER_TURN;
    // A turn has a few events.
    assert!(events_of_a_stride(most / 10) < 40);
    assert!(events_of_a_stride(2 * most) < 10);
}

fn timeline(bounds: Bounds) -> Timeline {
    Timeline::new(Box::new(pingpong::world(5, 1, 1)), (), Vec::new(), bounds)
}

#[test]
fn keyframes_are_dense_again_where_what_made_them_sparse_is_undone() {
    let one = timeline(bounds()).bytes();
    let small = Bounds {
        // Room for a few of them.
        keyframe_bytes: 12 * one,
        ..bounds()
    };
    let kept = |mut timeline: Timeline, until: SimTime| {
        timeline.seek(until);
        timeline.bytes()
    };
    let until = SimTime::from_millis(2_000);
    let afresh = kept(timeline(small), until);
    let mut excursion = timeline(small);
    excursion.seek(END);
    excursion.seek(SimTime::from_millis(100));
    excursion.intervene(Action::Limp(Target::All, 1000));
    let again = kept(excursion, until);
    assert!(again > afresh * 3 / 4, "{again} of {afresh} bytes");
}

#[test]
fn futures_are_forgotten_where_their_scripts_take_too_much() {
    let memory = 16 << 20;
    let mut timeline = timeline(Bounds { memory, ..bounds() });
    let planned = (0..4_000u64).map(|k| Intervention {
        at: SimTime::from_millis(10_000 + k),
        action: Action::Resume(Target::All),
    });
    timeline.set_script(planned.collect());
    let before = timeline.bytes();
    for k in (1..40).rev() {
        timeline.seek(SimTime::from_millis(10 * k));
        timeline.intervene(Action::Resume(Target::All));
    }
    let (branches, current) = timeline.branches();
    assert!((2..20).contains(&branches.len()), "{}", branches.len());
    assert_eq!(current, branches.len() - 1);
    assert_eq!(branches[0].name, "main");
    let each = 4_000 * size_of::<Intervention>();
    assert!(timeline.bytes() >= before + (branches.len() - 1) * each);
}

/// How many messages each of four hosts keeps on their way.
const MANY: u32 = 5_000;

fn cut_up(script: Vec<(u64, Action)>) -> Timeline {
    let link = LinkProfile::ideal(SimDuration::from_millis(10));
    let setup = Setup::new(1, link, 4);
    let machine = World::new(&setup, vec![pingpong::Host::new(MANY); 4]);
    let planned = script.into_iter().map(|(ms, action)| Intervention {
        at: SimTime::from_millis(ms),
        action,
    });
    let bounds = Bounds {
        end: SimTime::from_millis(70),
        ..bounds()
    };
    Timeline::new(Box::new(machine), (), planned.collect(), bounds)
}

/// Cuts that hold, drop what is held, and heal; and one that comes and goes at moments at which messages arrive.
fn cuts() -> [Timeline; 2] {
    let cut = |name, mode, shape| Action::Cut { name, shape, mode };
    let one_way = CutShape::OneWay(vec![NodeId(0)]);
    let flapping = Flapping {
        shape: CutShape::Halves,
        mode: CutMode::Hold,
        first: SimTime::from_millis(5),
        cut: SimDuration::from_millis(5),
        healed: SimDuration::from_millis(5),
    };
    let scripts = [
        vec![
            (5, cut(1, CutMode::Hold, CutShape::Halves)),
            (40, cut(2, CutMode::Drop, one_way)),
            (50, Action::Heal(None)),
        ],
        vec![
            (0, Action::AddFlapping(1, flapping)),
            (53, Action::RemoveFlapping(None)),
        ],
    ];
    scripts.map(cut_up)
}

#[test]
fn cuts_meet_messages_in_the_order_in_which_they_were_sent() {
    let digests = cuts().map(|mut timeline| {
        timeline.seek(END);
        timeline.digest().to_string()
    });
    assert_eq!(digests, ["8546a6b1360e5b72", "9c13a64566b7dc31"]);
}

#[test]
fn no_call_lets_a_cut_meet_more_messages_than_a_stride_has_events() {
    const STRIDE: u32 = 256;
    let is_met = |flight: &Flight| matches!(flight.place, Place::Held(_)) || flight.ends.is_some();
    let met = |timeline: &Timeline| {
        let flights = timeline.machine().kernel().flights();
        flights.filter(|flight| is_met(flight)).count()
    };
    for (mut timeline, mut at_once) in cuts().into_iter().zip(cuts()) {
        timeline.set_stride(STRIDE);
        timeline.seek(END);
        let (mut before, mut most) = (0, 0);
        while !timeline.go_on() {
            let now = met(&timeline);
            assert!(
                now.abs_diff(before) <= 2 * STRIDE as usize,
                "{before}, {now}"
            );
            (before, most) = (now, most.max(now));
        }
        assert!(most > MANY as usize);
        at_once.seek(END);
        assert_eq!(timeline.digest(), at_once.digest());
    }
}

#[test]
fn a_heal_that_finds_nothing_to_heal_is_counted_for_what_it_looks_at() {
    let calls = |heals| {
        let heals = (0..heals).map(|_| (20, Action::Heal(None))).collect();
        let mut timeline = cut_up(heals);
        timeline.set_stride(256);
        timeline.seek(SimTime::from_millis(21));
        std::iter::repeat_with(|| timeline.go_on()).position(|is_there| is_there)
    };
    let looked_at = 500 * 4 * MANY as usize / 64;
    assert!(calls(500) > calls(0).map(|calls| calls + looked_at / 512));
}

#[test]
fn where_a_run_stops_is_known_as_long_as_it_goes_the_same_way_until_then() {
    let bounds = Bounds {
        events: 2_000,
        ..bounds()
    };
    let mut timeline = timeline(bounds);
    let planned = |ms| {
        vec![Intervention {
            at: SimTime::from_millis(ms),
            action: Action::Resume(Target::All),
        }]
    };
    timeline.set_script(planned(50_000));
    timeline.seek(SimTime::LATEST);
    let end = timeline.end();
    assert!(end < SimTime::from_millis(40_000), "{end:?}");
    timeline.seek(SimTime::from_millis(1));
    timeline.set_script(planned(45_000));
    assert_eq!(timeline.end(), end);
    timeline.seek(SimTime::LATEST);
    assert_eq!((timeline.now(), timeline.end()), (end, end));
}
