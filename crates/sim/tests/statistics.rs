//! The network's chances and delays, measured over tens of thousands of messages with fixed seeds.
//!
//! Each bound is five standard errors of what is measured: a right implementation fails one seed in two million, and a
//! seed that passes passes forever.

use sim::network::{
    Bandwidth, Bursts, Corruption, Distribution, Duplication, Filter, Latency, LinkProfile,
    LinkSelector, Ordering,
};
use sim::protocol::{Gist, MessageSort, MessageWord, TimerWord, Vocabulary};
use sim::random::Probability;
use sim::trace::{Event, EventKind, Loss, Trace};
use sim::{Action, Context, NodeId, Protocol, Setup, SimDuration, SimTime, World};

const COUNT: u32 = 40_000;
const LATENCY: SimDuration = SimDuration::from_millis(10);

/// Node 0 sends a message to node 1 each millisecond.
#[derive(Clone, Hash)]
struct Blaster {
    sent: u32,
}

impl Protocol for Blaster {
    type Message = u32;
    type Timer = ();
    type Record = ();

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[MessageWord {
            name: "shot",
            label: "{0}",
            says: "shot {0}",
            sort: MessageSort::Request,
        }],
        timers: &[TimerWord {
            says: "shoot",
            is_timeout: false,
        }],
        operations: &[],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        if context.me() == NodeId(0) {
            context.set_timer(SimDuration::from_millis(1), ());
        }
    }

    fn on_message(&mut self, _: NodeId, _: u32, _: &mut Context<'_, Self>) {}

    fn on_timer(&mut self, (): (), context: &mut Context<'_, Self>) {
        context.send(NodeId(1), self.sent);
        self.sent += 1;
        if self.sent < COUNT {
            context.set_timer(SimDuration::from_millis(1), ());
        }
    }

    fn gist(message: &u32) -> Gist {
        Gist {
            kind: 0,
            args: [i64::from(*message), 0, 0],
        }
    }

    fn bytes(_: &u32) -> u32 {
        100
    }

    fn corrupt(message: &mut u32, random: u64) {
        *message ^= 1 << 20 | (random as u32) << 21;
    }

    fn timer_kind((): &()) -> u8 {
        0
    }
}

/// All that happens to the messages on a link, with `action` done at the beginning.
fn shots(link: LinkProfile, action: Option<Action>) -> Vec<Event> {
    let setup = Setup::new(11, link, 2);
    let mut world = World::new(&setup, vec![Blaster { sent: 0 }; 2]);
    let mut trace = Trace::full();
    if let Some(action) = action {
        world.apply(&action, &mut trace);
    }
    world.run_until(SimTime::from_millis(u64::from(COUNT) + 60_000), &mut trace);
    trace.events().to_vec()
}

fn ideal() -> LinkProfile {
    LinkProfile::ideal(LATENCY)
}

fn count(events: &[Event], kind: EventKind, code: u8) -> usize {
    let is_it = |event: &&Event| event.kind == kind && event.code == code;
    events.iter().filter(is_it).count()
}

fn lost(events: &[Event], why: Loss) -> usize {
    count(events, EventKind::Lost, why as u8)
}

/// Asserts that `hits` of `tries` independent tries are what `p` predicts: the standard error is sqrt(n p (1 - p)).
fn check_share(hits: usize, tries: usize, p: f64) {
    let expected = tries as f64 * p;
    let error = (tries as f64 * p * (1.0 - p)).sqrt();
    let is_near = (hits as f64 - expected).abs() <= 5.0 * error;
    assert!(
        is_near,
        "{hits} of {tries}, not {expected} ± {}",
        5.0 * error
    );
}

/// How long each message that was handled took.
fn delays(events: &[Event]) -> Vec<SimDuration> {
    let handled = events
        .iter()
        .filter(|event| event.kind == EventKind::Deliver);
    handled
        .map(|event| event.time.since(events[event.cause.index()].time))
        .collect()
}

#[test]
fn independent_loss_has_its_rate() {
    for p in [0.01, 0.2, 0.9] {
        let loss = Probability::new(p);
        let events = shots(LinkProfile { loss, ..ideal() }, None);
        check_share(lost(&events, Loss::Link), COUNT as usize, p);
    }
}

#[test]
fn bursts_have_their_long_run_rate_and_length() {
    let (to_bad, to_good, loss_when_bad) = (0.02, 0.25, 0.8);
    let bursts = Bursts {
        to_bad: Probability::new(to_bad),
        to_good: Probability::new(to_good),
        loss_when_bad: Probability::new(loss_when_bad),
    };
    let events = shots(
        LinkProfile {
            bursts: Some(bursts),
            ..ideal()
        },
        None,
    );
    let share_bad = to_bad / (to_bad + to_good);
    let rate = lost(&events, Loss::Burst) as f64 / f64::from(COUNT);
    // Losses come in clusters: the variance of a two-state chain's mean is that of independent draws times
    // (1 + r) / (1 - r), r = 1 - to_bad - to_good being how much of its state the chain keeps.
    let kept = 1.0 - to_bad - to_good;
    let p = share_bad * loss_when_bad;
    let error = (p * (1.0 - p) / f64::from(COUNT) * (1.0 + kept) / (1.0 - kept)).sqrt();
    assert!((rate - p).abs() < 5.0 * error, "{rate}, not {p} ± {error}");

    // With certain loss in the bad state a burst is a run of losses: 1 / to_good long on average, geometrically.
    let certain = Bursts {
        loss_when_bad: Probability::ALWAYS,
        ..bursts
    };
    let events = shots(
        LinkProfile {
            bursts: Some(certain),
            ..ideal()
        },
        None,
    );
    let mut is_lost = vec![false; COUNT as usize];
    for event in events.iter().filter(|event| event.kind == EventKind::Lost) {
        let sent = events[event.cause.index()].gist().unwrap();
        is_lost[sent.args[0] as usize] = true;
    }
    let runs: Vec<usize> = is_lost
        .chunk_by(|a, b| a == b)
        .filter(|run| run[0])
        .map(<[bool]>::len)
        .collect();
    let mean = runs.iter().sum::<usize>() as f64 / runs.len() as f64;
    let error = ((1.0 - to_good) / (to_good * to_good) / runs.len() as f64).sqrt();
    assert!(
        (mean - 1.0 / to_good).abs() < 5.0 * error,
        "{mean} ± {error}"
    );
    // A burst begins with chance to_bad at each message in the good state.
    let good = is_lost.iter().filter(|lost| !**lost).count();
    check_share(runs.len(), good, to_bad);
}

#[test]
fn duplication_has_its_rate_copies_and_spread() {
    let spread = SimDuration::from_millis(40);
    let duplication = Duplication {
        probability: Probability::new(0.1),
        copies: 2,
        spread,
    };
    let events = shots(
        LinkProfile {
            duplication,
            ..ideal()
        },
        None,
    );
    let copies = count(&events, EventKind::Duplicate, 0);
    assert_eq!(copies % 2, 0);
    check_share(copies / 2, COUNT as usize, 0.1);
    let late: Vec<f64> = delays(&events)
        .into_iter()
        .filter(|delay| *delay != LATENCY)
        .map(|delay| delay.saturating_sub(LATENCY).as_millis_f64())
        .collect();
    // Uniform from 0 to 40 ms: mean 20, standard deviation 40 / sqrt(12).
    let mean = late.iter().sum::<f64>() / late.len() as f64;
    let error = 40.0 / 12f64.sqrt() / (late.len() as f64).sqrt();
    assert!((mean - 20.0).abs() < 5.0 * error, "{mean} ± {error}");
    assert!(late.iter().all(|ms| *ms < 40.0));
}

#[test]
fn corruption_has_its_rate_and_is_caught_or_delivered() {
    for detected in [true, false] {
        let corruption = Corruption {
            probability: Probability::new(0.05),
            detected,
        };
        let events = shots(
            LinkProfile {
                corruption,
                ..ideal()
            },
            None,
        );
        let caught = lost(&events, Loss::Checksum);
        let is_wrong = |event: &&Event| {
            event.kind == EventKind::Deliver && event.gist() != events[event.cause.index()].gist()
        };
        let wrong = events.iter().filter(is_wrong).count();
        let (some, none) = if detected {
            (caught, wrong)
        } else {
            (wrong, caught)
        };
        assert_eq!(none, 0);
        check_share(some, COUNT as usize, 0.05);
    }
}

#[test]
fn spikes_and_bounds_shape_latency() {
    let ms = SimDuration::from_millis;
    let latency = Latency {
        floor: ms(5),
        cap: ms(50),
        spike: Probability::new(0.03),
        spike_extra: ms(1000),
        ..Latency::of(Distribution::Exponential { mean: ms(20) })
    };
    let events = shots(LinkProfile { latency, ..ideal() }, None);
    let delays = delays(&events);
    let spiked = delays.iter().filter(|delay| **delay >= ms(1000)).count();
    check_share(spiked, COUNT as usize, 0.03);
    let calm: Vec<_> = delays.iter().filter(|delay| **delay < ms(1000)).collect();
    assert!(calm.iter().all(|delay| (ms(5)..=ms(50)).contains(*delay)));
    // The floor takes all that is below 5 ms, and the cap all above 50 ms: 1 - e^(-1/4) and e^(-5/2).
    let at = |bound| calm.iter().filter(|delay| ***delay == bound).count();
    check_share(at(ms(5)), calm.len(), 1.0 - libm::exp(-0.25));
    check_share(at(ms(50)), calm.len(), libm::exp(-2.5));
}

#[test]
fn a_filter_drops_its_share() {
    let filter = Filter {
        links: LinkSelector::To(NodeId(1)),
        kind: Some(0),
        share: Probability::new(0.3),
    };
    let events = shots(ideal(), Some(Action::AddFilter(1, filter)));
    check_share(lost(&events, Loss::Filter), COUNT as usize, 0.3);
    let other = Filter {
        kind: Some(1),
        ..filter
    };
    let events = shots(ideal(), Some(Action::AddFilter(1, other)));
    assert_eq!(lost(&events, Loss::Filter), 0);
}

#[test]
fn a_bottleneck_delays_by_its_backlog_and_drops_at_its_tail() {
    // 100 bytes each millisecond into 100,000 bytes a second: just enough. Each takes 1 ms to pass.
    let enough = Bandwidth {
        bytes_per_sec: 100_000,
        queue_bytes: 1000,
    };
    let through = |bandwidth| {
        shots(
            LinkProfile {
                bandwidth: Some(bandwidth),
                ..ideal()
            },
            None,
        )
    };
    let events = through(enough);
    assert_eq!(lost(&events, Loss::QueueFull), 0);
    let ms = SimDuration::from_millis;
    assert!(
        delays(&events)
            .iter()
            .all(|delay| *delay == LATENCY + ms(1))
    );

    // Half of that: the queue of 1,000 bytes fills, and from then on every other message is dropped.
    let scarce = Bandwidth {
        bytes_per_sec: 50_000,
        queue_bytes: 1000,
    };
    let events = through(scarce);
    let dropped = lost(&events, Loss::QueueFull);
    let passed = COUNT as usize - dropped;
    // What passed needed 2 ms each; the link was never idle, and at most 10 messages were left at the end.
    assert!(
        (passed as i64 - i64::from(COUNT) / 2).abs() <= 10,
        "{passed}"
    );
    let delays = delays(&events);
    // A full queue is 20 ms long.
    let longest = delays.iter().max().copied();
    assert!(longest.is_some_and(|delay| delay <= LATENCY + ms(20) && delay >= LATENCY + ms(18)));
    assert_eq!(delays.first(), Some(&(LATENCY + ms(2))));
}

#[test]
fn a_fifo_link_repairs_its_losses_and_blocks_what_follows() {
    let retransmit = SimDuration::from_millis(200);
    let loss = Probability::new(0.02);
    let events = shots(
        LinkProfile {
            loss,
            ordering: Ordering::Fifo { retransmit },
            ..ideal()
        },
        None,
    );
    assert_eq!(lost(&events, Loss::Link), 0);
    let delays = delays(&events);
    assert_eq!(delays.len(), COUNT as usize);
    // Each loss is repaired once with chance 0.98: it arrives 200 ms later, and blocks up to 199 that follow.
    let late = |delay: &&SimDuration| **delay > LATENCY;
    assert!(delays.iter().filter(late).count() > 10_000);
    let longest = delays.iter().max().copied();
    // Six repairs of one message have a chance below 40,000 * 0.02^6 = 3e-6.
    assert!(longest.is_some_and(|delay| delay < LATENCY + retransmit.times(6)));
    let repaired = delays.windows(2).filter(|pair| pair[1] > pair[0]).count();
    // A message is late by itself if it is lost and nothing before it holds it up for longer.
    assert!(repaired > 300, "{repaired}");
}
