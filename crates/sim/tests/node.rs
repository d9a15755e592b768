//! What nodes may do, and what their clocks and disks promise, in drawn configurations.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{bytes, config, share};
use proptest::prelude::*;
use sim::clock::{Rate, Uncertainty, Wobble};
use sim::network::{CutMode, CutShape, Distribution, Latency, LinkProfile};
use sim::random::Probability;
use sim::trace::{ClockChange, DiskChange, Event, EventKind, Loss, Trace};
use sim::{
    Action, DiskProfile, EventId, Intervention, NodeChange, NodeId, NodeProfile, NtpProfile,
    SimDuration, SimTime, Status, Stored, Target, World,
};
use swarm::{Case, Little, chatter, gossip};

const MS: i64 = 1_000_000;

/// How fast a clock is corrected that must not jump.
const SLEW_PPM: i64 = 20_000;

/// Whether a node did this itself, or had to run for it.
fn is_a_deed(event: &Event) -> bool {
    match event.kind {
        EventKind::Start
        | EventKind::Send
        | EventKind::Deliver
        | EventKind::TimerFired
        | EventKind::Fact
        | EventKind::Operation => true,
        EventKind::Clock => event.cause != EventId::NONE,
        EventKind::Disk => {
            let change = event.detail();
            matches!(
                change,
                Some(DiskChange::Written { .. } | DiskChange::Synced)
            )
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_node_that_does_not_run_does_nothing(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let mut status = BTreeMap::new();
        for event in case.trace() {
            match event.kind {
                EventKind::Crash => status.insert(event.node, Status::Crashed),
                EventKind::Pause => status.insert(event.node, Status::Paused),
                EventKind::Resume | EventKind::Restart => status.insert(event.node, Status::Running),
                _ => None,
            };
            let runs = status.get(&event.node).is_none_or(|status| *status == Status::Running);
            prop_assert!(runs || !is_a_deed(&event), "{event:?}");
        }
    }

    #[test]
    fn a_timer_fires_when_its_own_clock_says_so_and_not_before(bytes in bytes()) {
        let mut case = Case::draw(&bytes);
        case.protocol = Little::Chatter;
        // Pauses, crashes and operations delay timers or set others.
        case.setup.mishaps.clear();
        case.script.retain(|next| matches!(next.action, Action::MonotonicRate(..) | Action::StepClock(..) | Action::Drift(..)));
        for node in &mut case.setup.nodes {
            node.process = Default::default();
        }
        let mut timeline = case.timeline();
        let mut fired: BTreeMap<NodeId, i64> = BTreeMap::new();
        let mut before = 0;
        while timeline.step() && before < 1500 {
            let fresh = timeline.events().skip(before);
            let speaks = fresh.iter().find(|event| event.kind == EventKind::TimerFired);
            let speaker = speaks.map(|event| event.node);
            before = timeline.events().len();
            let Some(node) = speaker else { continue };
            let clocks = timeline.machine().kernel().clocks(node);
            let reading = clocks.monotonic(timeline.now());
            if let Some(before) = fired.insert(node, reading) {
                let length = reading - before;
                let period = chatter::PERIOD.as_nanos() as i64;
                // Rounding up to whole nanoseconds of true time; a clock twice as fast doubles it.
                prop_assert!((period..period + 4).contains(&length), "{length}");
            }
        }
    }

    #[test]
    fn honest_interval_clocks_contain_the_true_time(
        skew in -500 * MS..500 * MS,
        drift in -1000i64..1000,
        monotonic in -1000i64..1000,
        amplitude_ms in 0u64..20,
        polls in any::<bool>(),
        latency_ms in 1u64..80,
        seed in any::<u64>(),
    ) {
        let ms = SimDuration::from_millis;
        let wobble = Wobble { amplitude: ms(amplitude_ms), period: ms(1700) };
        let sum = drift.abs() + monotonic.abs();
        // An exchange is wrong by half the difference between its two ways, and by what the clock moves meanwhile: it
        // drifts, and an earlier correction may be under way.
        let moves = sum + SLEW_PPM;
        let exchange = latency_ms as i64 * MS / 2 + 2 * latency_ms as i64 * MS * moves / 1_000_000 + 1;
        let error = skew.abs().max(exchange) + 2 * amplitude_ms as i64 * MS;
        let mut case = Case::draw(&[]);
        case.setup.seed = seed;
        case.setup.link = LinkProfile {
            latency: Latency::of(Distribution::Uniform { low: SimDuration::ZERO, high: ms(latency_ms) }),
            loss: Probability::new(0.2),
            ..LinkProfile::ideal(ms(1))
        };
        case.setup.nodes[1] = NodeProfile {
            skew,
            drift: Rate::ppm(drift),
            wobble: Some(wobble),
            monotonic_rate: Rate::ppm(monotonic),
            uncertainty: Uncertainty {
                base: SimDuration::from_nanos(error as u64),
                drift: Rate::ppm(sum),
            },
            ntp: polls.then_some(NtpProfile {
                server: NodeId(0),
                poll: ms(170),
                step_threshold: ms(30),
                slew: Rate::ppm(SLEW_PPM),
            }),
            ..NodeProfile::default()
        };
        case.end = SimTime::from_millis(3000);
        let mut timeline = case.timeline();
        for at in 0..=300 {
            let now = SimTime::from_millis(at * 10 + seed % 10);
            timeline.seek(now);
            let interval = timeline.machine().kernel().clocks(NodeId(1)).interval(timeline.now());
            let truth = timeline.now().as_nanos() as i64;
            prop_assert!(interval.earliest <= truth && truth <= interval.latest, "{now}: {interval:?}");
        }
    }

    #[test]
    fn a_monotonic_clock_goes_back_only_to_begin_a_life_and_each_life_has_a_later_name(bytes in bytes()) {
        let case = Case::draw(&bytes);
        let mut timeline = case.timeline();
        let mut latest = BTreeMap::new();
        for at in 0..=255 {
            timeline.seek(share(case.end, at));
            for node in case.nodes() {
                let clocks = timeline.machine().kernel().clocks(node);
                let (life, reading) = (clocks.boot(), clocks.monotonic(timeline.now()));
                prop_assert!(reading >= 0);
                let before = latest.insert(node, (life, reading)).unwrap_or((0, 0));
                prop_assert!((life, reading) >= before, "{:?}", (life, reading));
            }
        }
    }

    #[test]
    fn what_is_synced_survives_a_crash_and_nothing_else_does(
        seed in any::<u64>(),
        disks in prop::collection::vec((0u64..5, 0u64..120, prop::bool::ANY), 2..5),
        deeds in prop::collection::vec((any::<u8>(), any::<u8>(), 0..8u8), 0..24),
    ) {
        let ms = SimDuration::from_millis;
        let mut case = Case::draw(&[]);
        case.protocol = Little::Gossip;
        case.setup.seed = seed;
        case.setup.nodes = disks
            .iter()
            .map(|(write, sync, tears)| NodeProfile {
                disk: DiskProfile {
                    write: ms(*write),
                    sync: ms(*sync),
                    torn: Probability::new(if *tears { 0.5 } else { 0.0 }),
                },
                ..NodeProfile::default()
            })
            .collect();
        case.end = SimTime::from_millis(4000);
        let mut deeds: Vec<_> = deeds
            .into_iter()
            .map(|(at, node, what)| {
                let target = Target::Node(NodeId(u16::from(node) % disks.len() as u16));
                let action = match what {
                    0 | 1 => Action::Crash(target),
                    2 | 3 => Action::Restart(target),
                    4 => Action::SlowDisk(target, 3000),
                    5 => Action::Node(target, NodeChange::Disk(DiskProfile { sync: ms(40), ..Default::default() })),
                    _ => Action::Operation { target, operation: 0, argument: 0 },
                };
                Intervention { at: share(case.end, at), action }
            })
            .collect();
        deeds.sort_by_key(|deed| deed.at);

        let nodes = vec![gossip::Node::default(); disks.len()];
        let mut world = World::new(&case.setup, nodes);
        let mut trace = Trace::full();
        let mut model = DiskModel::default();
        for deed in deeds {
            world.run_until(deed.at, &mut trace);
            world.apply(&deed.action, &mut trace);
            model.read(&trace);
            for node in case.nodes().filter(|node| world.kernel().status(*node) == Status::Crashed) {
                let found: BTreeMap<u64, bool> = world
                    .disk(node)
                    .durable()
                    .map(|(place, stored)| (place, matches!(stored, Stored::Torn)))
                    .collect();
                prop_assert_eq!(&found, model.durable.entry(node).or_default(), "{}", node);
            }
        }
    }
}

/// What each disk holds, by what the trace says: whether each place is torn.
#[derive(Default)]
struct DiskModel {
    read: usize,
    /// Writes in order, with the event in which they were made.
    unsynced: BTreeMap<NodeId, Vec<(u64, EventId)>>,
    durable: BTreeMap<NodeId, BTreeMap<u64, bool>>,
}

impl DiskModel {
    fn read(&mut self, trace: &Trace) {
        for event in trace.events().skip(self.read).iter() {
            let unsynced = self.unsynced.entry(event.node).or_default();
            let durable = self.durable.entry(event.node).or_default();
            if event.kind == EventKind::Crash {
                unsynced.clear();
            }
            match event.detail() {
                Some(DiskChange::Written { place }) => unsynced.push((place, event.cause)),
                // These nodes sync right after each write, in the same event.
                Some(DiskChange::Synced) => {
                    let covered: BTreeSet<u64> = unsynced
                        .extract_if(.., |(_, made_in)| *made_in <= event.cause)
                        .map(|(place, _)| place)
                        .collect();
                    durable.extend(covered.into_iter().map(|place| (place, false)));
                }
                Some(DiskChange::Torn { place }) => {
                    durable.insert(place, true);
                }
                _ => {}
            }
        }
        self.read = trace.events().len();
    }
}

/// A case in which every node speaks every 50 ms and hears on ideal links of 10 ms, with `script` done to it.
fn chatter_with(nodes: usize, process: sim::ProcessProfile, script: &[(u64, Action)]) -> Case {
    let mut case = Case::draw(&[]);
    case.setup.link = LinkProfile::ideal(SimDuration::from_millis(10));
    case.setup.nodes = vec![NodeProfile::default(); nodes];
    case.setup.nodes[0].process = process;
    case.script = script
        .iter()
        .map(|(at, action)| Intervention {
            at: SimTime::from_millis(*at),
            action: action.clone(),
        })
        .collect();
    case
}

/// What happened at node 0 up to `until_ms`, of these kinds, in milliseconds.
fn at_first_node(case: &Case, kinds: &[EventKind], until_ms: u64) -> Vec<(u64, EventKind)> {
    let trace = case.trace();
    let events = trace.iter().filter(|event| event.node == NodeId(0));
    events
        .filter(|event| kinds.contains(&event.kind))
        .map(|event| (event.time.as_nanos() / 1_000_000, event.kind))
        .take_while(|(at, _)| *at <= until_ms)
        .collect()
}

fn served_in(ms: u64, inbox: u32) -> sim::ProcessProfile {
    sim::ProcessProfile {
        service: SimDuration::from_millis(ms),
        inbox,
    }
}

const FIRST: Target = Target::Node(NodeId(0));

#[test]
fn a_single_thread_serves_one_after_the_other() {
    use EventKind::{Deliver, Lost, Queued};
    // Three messages arrive at 60 ms; each takes 15 ms, and one may wait.
    let kinds = [Deliver, Lost, Queued];
    let patient = chatter_with(4, served_in(15, 9), &[]);
    assert_eq!(
        at_first_node(&patient, &kinds, 109),
        [
            (60, Queued),
            (60, Queued),
            (75, Deliver),
            (90, Deliver),
            (105, Deliver)
        ]
    );
    let full = chatter_with(4, served_in(15, 1), &[]);
    assert_eq!(
        at_first_node(&full, &kinds, 109),
        [(60, Queued), (60, Lost), (75, Deliver), (90, Deliver)]
    );
    let limping = chatter_with(4, served_in(15, 9), &[(0, Action::Limp(FIRST, 2000))]);
    assert_eq!(
        at_first_node(&limping, &[Deliver], 125),
        [(90, Deliver), (120, Deliver)]
    );
}

#[test]
fn a_pause_stretches_what_is_being_served_and_delays_timers() {
    use EventKind::{Deliver, TimerFired};
    let pause = [(70, Action::Pause(FIRST)), (130, Action::Resume(FIRST))];
    let case = chatter_with(2, served_in(15, 9), &pause);
    // Served from 60 to 70, and the rest from 130. The timer of 100 waits behind it.
    assert_eq!(
        at_first_node(&case, &[Deliver, TimerFired], 140),
        [(50, TimerFired), (135, Deliver), (135, TimerFired)]
    );
}

#[test]
fn a_crash_loses_what_waits_and_a_restart_begins_anew() {
    use EventKind::{Deliver, Lost, Restart, Start, TimerFired};
    let crash = [(65, Action::Crash(FIRST)), (80, Action::Restart(FIRST))];
    let case = chatter_with(3, served_in(15, 9), &crash);
    let kinds = [Deliver, Lost, Restart, Start, TimerFired];
    assert_eq!(
        at_first_node(&case, &kinds, 140),
        [
            (0, Start),
            (50, TimerFired),
            (65, Lost),
            (65, Lost),
            (80, Restart),
            (125, Deliver),
            // The timer of 130 waits behind the second message.
            (140, Deliver),
            (140, TimerFired),
        ]
    );
    let losses = case.trace();
    let losses = losses.iter().filter(|event| event.kind == Lost);
    let why: Vec<_> = losses.map(|event| event.code).take(2).collect();
    assert_eq!(why, [Loss::ReceiverCrashed as u8; 2]);
}

#[test]
fn a_restart_begins_the_monotonic_clock_again_and_leaves_the_wall_clock_alone() {
    let script = [(200, Action::Crash(FIRST)), (400, Action::Restart(FIRST))];
    let mut timeline = chatter_with(2, sim::ProcessProfile::default(), &script).timeline();
    let mut read = |ms| {
        timeline.seek(SimTime::from_millis(ms));
        let clocks = timeline.machine().kernel().clocks(NodeId(0));
        let now = timeline.now();
        (
            clocks.monotonic(now) / MS,
            clocks.wall.read(now) / MS,
            clocks.boot() / MS,
        )
    };
    assert_eq!(read(100), (100, 100, 0));
    assert_eq!(read(900), (500, 900, 400));
}

#[test]
fn faults_by_role_hit_the_nodes_they_name() {
    let crashed = |target: Target, nodes: usize| {
        let case = chatter_with(nodes, served_in(0, 9), &[(10, Action::Crash(target))]);
        common_count(&case.trace(), EventKind::Crash)
    };
    assert_eq!(crashed(Target::All, 5), 5);
    assert_eq!(crashed(Target::Majority, 5), 3);
    assert_eq!(crashed(Target::Minority, 5), 2);
    assert_eq!(crashed(Target::Majority, 4), 3);
    assert_eq!(crashed(Target::Minority, 4), 1);
    assert_eq!(crashed(Target::Random, 5), 1);
    // Nobody leads among these, and there is no tenth node.
    assert_eq!(crashed(Target::Leader, 5), 0);
    assert_eq!(crashed(Target::Node(NodeId(9)), 5), 0);
    let mut ring = chatter_with(3, served_in(0, 9), &[(10, Action::Crash(Target::Leader))]);
    ring.protocol = Little::Ring;
    let trace = ring.trace();
    let crash = trace.iter().find(|event| event.kind == EventKind::Crash);
    assert_eq!(crash.map(|event| event.node), Some(NodeId(0)));
}

fn common_count(events: &[Event], kind: EventKind) -> usize {
    events.iter().filter(|event| event.kind == kind).count()
}

#[test]
fn random_faults_strike_at_their_mean_and_repair_only_what_they_broke() {
    use sim::action::{Mishap, MishapKind};
    let ms = SimDuration::from_millis;
    let mishap = Mishap {
        node: NodeId(0),
        kind: MishapKind::Crash,
        mean_between: ms(70),
        mean_length: ms(30),
    };
    let mut case = chatter_with(1, served_in(0, 9), &[]);
    case.setup.mishaps = vec![mishap];
    case.end = SimTime::from_millis(100_000);
    let trace = case.trace();
    let crashes = common_count(&trace, EventKind::Crash) as f64;
    let last = trace.last().map_or(0.0, |event| event.time.as_millis_f64());
    // A renewal every 100 ms on average; over n renewals the mean has a standard error of at most 1/sqrt(n) of it.
    let mean = last / crashes;
    assert!(crashes > 500.0);
    assert!(
        (mean - 100.0).abs() < 5.0 * 100.0 / crashes.sqrt(),
        "{mean}"
    );

    // One that is crashed by hand stays down, whatever strikes.
    case.script = vec![Intervention {
        at: SimTime::ZERO,
        action: Action::Crash(FIRST),
    }];
    assert_eq!(common_count(&case.trace(), EventKind::Restart), 0);
    // Removed while it has the node down: it repairs that, and strikes no more.
    let mut timeline = case.timeline_with(Vec::new());
    while timeline.machine().kernel().status(NodeId(0)) != Status::Crashed {
        timeline.step();
    }
    timeline.intervene(Action::RemoveMishap(Some(0)));
    assert_eq!(
        timeline.machine().kernel().status(NodeId(0)),
        Status::Running
    );
    let before = common_count(&timeline.events().to_vec(), EventKind::Crash);
    timeline.seek(case.end);
    assert_eq!(
        common_count(&timeline.events().to_vec(), EventKind::Crash),
        before
    );
}

/// How a clock is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Correction {
    Step,
    Slew,
}

/// The corrections of node 1's wall clock, which is `skew_ms` ahead: when, by which means, and by how many milliseconds.
/// Node 0 is its time server, 10 ms away, and is asked each 500 ms; what is off by more than 100 ms is stepped.
fn corrections(skew_ms: i64, script: &[(u64, Action)]) -> Vec<(u64, Correction, i64)> {
    let mut case = chatter_with(2, Default::default(), script);
    case.setup.nodes[1].skew = skew_ms * MS;
    case.setup.nodes[1].ntp = Some(ntp(500));
    case.end = SimTime::from_millis(2200);
    let trace = case.trace();
    let corrected = trace.iter().filter_map(|event| {
        let (correction, by) = match event.detail()? {
            ClockChange::Step { by } => (Correction::Step, by),
            ClockChange::Slew { by, .. } => (Correction::Slew, by),
            ClockChange::Rate { .. } | ClockChange::MonotonicRate { .. } => return None,
        };
        Some((event.time, correction, by))
    });
    corrected
        .map(|(time, correction, by)| {
            let ms = libm::round(by as f64 / 1e6) as i64;
            (time.as_nanos() / 1_000_000, correction, ms)
        })
        .collect()
}

fn ntp(poll_ms: u64) -> NtpProfile {
    NtpProfile {
        server: NodeId(0),
        poll: SimDuration::from_millis(poll_ms),
        step_threshold: SimDuration::from_millis(100),
        slew: Rate::ppm(10_000),
    }
}

#[test]
fn a_clock_far_off_is_stepped_and_one_nearly_right_is_slewed() {
    use Correction::{Slew, Step};
    let polled = |script: &[(u64, Action)]| corrections(300, script);
    // The first answer comes after both ways; from then on the clock is right.
    let stepped = polled(&[]);
    assert_eq!(stepped[0].1, Step);
    assert_eq!(stepped[0].2, -300);
    assert!(
        stepped[1..]
            .iter()
            .all(|(_, change, ms)| (*change, *ms) == (Slew, 0))
    );
    assert!(stepped.windows(2).all(|pair| pair[1].0 - pair[0].0 == 500));
    // 80 ms at 1 % take 8 s: each poll finds 5 ms less.
    let slewed: Vec<_> = corrections(80, &[])
        .iter()
        .map(|(_, change, ms)| (*change, *ms))
        .collect();
    assert_eq!(
        slewed[..4],
        [(Slew, -80), (Slew, -75), (Slew, -70), (Slew, -65)]
    );
    // Polls cross the network: a cut leaves the clock as it is.
    let cut = Action::Cut {
        name: 1,
        shape: CutShape::OneWay(vec![NodeId(0)]),
        mode: CutMode::Drop,
    };
    assert_eq!(polled(&[(0, cut)]), []);
    // Synchronisation ends and begins by hand, and with another interval.
    let second = Target::Node(NodeId(1));
    let none = Action::Node(second, NodeChange::Ntp(None));
    assert_eq!(polled(&[(0, none.clone())]), []);
    let often = Action::Node(second, NodeChange::Ntp(Some(ntp(100))));
    let often = polled(&[(0, none), (1000, often)]);
    assert!(often.len() >= 10 && often[0].0 >= 1000, "{often:?}");
}

/// A jump to the right time leaves an earlier slew under way, which then makes the clock wrong.
#[test]
fn what_a_slew_does_after_a_step_is_within_the_bound() {
    let ms = SimDuration::from_millis;
    let wobble = Wobble {
        amplitude: ms(9),
        period: ms(1700),
    };
    let mut case = Case::draw(&[]);
    case.setup.seed = 12_510_287_551_947_244_437;
    case.setup.link = LinkProfile {
        latency: Latency::of(Distribution::Uniform {
            low: SimDuration::ZERO,
            high: ms(44),
        }),
        loss: Probability::new(0.2),
        ..LinkProfile::ideal(ms(1))
    };
    case.setup.nodes[1] = NodeProfile {
        wobble: Some(wobble),
        uncertainty: Uncertainty {
            // Half of the longest way, what a slew moves in an exchange, and the wobble twice.
            base: SimDuration::from_nanos(41_760_000),
            drift: Rate(0),
        },
        ntp: Some(NtpProfile {
            server: NodeId(0),
            poll: ms(170),
            step_threshold: ms(30),
            slew: Rate::ppm(SLEW_PPM),
        }),
        ..NodeProfile::default()
    };
    case.end = SimTime::from_millis(3000);
    let mut timeline = case.timeline();
    for at in 0..3000 {
        timeline.seek(SimTime::from_millis(at));
        let now = timeline.now();
        let kernel = timeline.machine().kernel();
        let interval = kernel.clocks(NodeId(1)).interval(now);
        let truth = now.as_nanos() as i64;
        assert!(
            interval.earliest <= truth && truth <= interval.latest,
            "{at} ms: {interval:?}"
        );
    }
}
