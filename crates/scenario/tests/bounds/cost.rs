//! An event costs about as much far into a run as at its beginning.

use std::hint::black_box;
use std::time::{Duration, Instant};

use scenario::checks;
use scenario::document::Scenario;
use scenario::run::build;
use scenario::run::play::Play;
use sim::trace::{Event, Events, Fact, Function, Outcome, Trace};
use sim::{EventId, NodeId, Observer, SimTime};

use crate::alone;
use crate::heavy::{HEAVIEST, course, one_of_each, trace};

/// How many events a short run has, and how many a long one.
const FEW: u32 = 10_000;
const MANY: u32 = 100_000;

/// How many times as much an event of a long run may cost as one of a short run. Where a look at each event before it would cost
/// ten times as much, tables that outgrow the nearest cache cost about twice as much.
const MOST: f64 = 2.5;

/// The same with all checks at once, which together outgrow the caches of the processor. What costs as much as all that a node
/// holds grows tenfold.
const MOST_TOGETHER: f64 = 4.0;

/// The same of a million events and a hundred thousand: what nodes hold then has outgrown the nearer caches.
const MOST_FAR: f64 = 3.0;

/// What takes less than this for all events of a long run costs nothing to speak of.
const LEAST: Duration = Duration::from_millis(40);

/// So long the long runs are that are timed together: some systems count a thread's time in steps of several milliseconds.
const ENOUGH: Duration = Duration::from_millis(200);

/// How often a run is timed at most, before it counts as dear. What else the machine does makes it slower, never faster.
const TIMES: u32 = 8;

/// How long this thread has run: other threads do not count, where the system tells them apart.
pub fn clock() -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let spent = spent.and_then(|text| text.split(' ').next()?.parse().ok());
    spent.map_or_else(since_start, Duration::from_nanos)
}

fn since_start() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// How long this takes.
pub fn timed(act: impl FnOnce()) -> Duration {
    let began = clock();
    act();
    clock().saturating_sub(began)
}

/// How many times as much an event costs in a long run as in a short one.
fn growth(run: impl Fn(u32)) -> f64 {
    growth_between([FEW, MANY], TIMES, run)
}

/// The same for runs of so many events. Each is timed until that is little, at most so many times, and its best time counts.
fn growth_between([short, long]: [u32; 2], times: u32, run: impl Fn(u32)) -> f64 {
    let (mut few, mut many) = (Duration::MAX, Duration::MAX);
    let mut growth = f64::MAX;
    let once = timed(|| run(long));
    if once < LEAST {
        return 1.0;
    }
    let rounds = 1 + (ENOUGH.as_nanos() / once.as_nanos()) as u32;
    for _ in 0..times {
        many = many.min(timed(|| (0..rounds).for_each(|_| run(long))) / rounds);
        if many < LEAST {
            return 1.0;
        }
        // As many events as in the long runs, for the same chance of being disturbed.
        let shorts = timed(|| (0..rounds * (long / short)).for_each(|_| run(short)));
        few = few.min(shorts / rounds);
        growth = many.as_secs_f64() / few.max(LEAST / 10).as_secs_f64();
        if growth < MOST {
            return growth;
        }
    }
    growth
}

fn play(scenario: &Scenario, events: u32) {
    let scenario = Scenario {
        events,
        checks: Vec::new(),
        ..scenario.clone()
    };
    Play::new(&scenario, &[]).to_end(None, |_, _| {});
}

#[test]
fn an_event_of_a_long_run_costs_little_more_than_one_of_a_short_run() {
    let _alone = alone();
    let mut dear = Vec::new();
    for (name, scenario) in HEAVIEST.iter() {
        let growth = growth(|events| play(scenario, events));
        if growth > MOST {
            dear.push(format!("{name}: {growth:.1} times"));
        }
    }
    assert!(dear.is_empty(), "{dear:#?}");
}

/// All checks at once, as a page or the command shows them a run: what one of them does with what nodes hold counts too.
#[test]
fn an_event_of_a_long_run_with_all_checks_costs_little_more_than_one_of_a_short_run() {
    let _alone = alone();
    let mut dear = Vec::new();
    for (name, scenario) in HEAVIEST.iter() {
        let growth = growth(|events| {
            let mut watch = checks::watch(&one_of_each(), scenario.nodes.len(), None);
            course(scenario, events, build::MEMORY, &mut watch, |_, _| {});
        });
        if growth > MOST_TOGETHER {
            dear.push(format!("{name}: {growth:.1} times"));
        }
    }
    assert!(dear.is_empty(), "{dear:#?}");
}

/// A check that did that at each event and not at the end alone could not hide here.
#[test]
fn a_look_at_what_nodes_hold_after_each_event_would_be_found_dear() {
    let _alone = alone();
    let looks = |events, scenario: &Scenario| {
        course(scenario, events, usize::MAX, &mut (), |machine, latest| {
            for event in latest.events().iter() {
                black_box(machine.copies(event.node));
            }
        });
    };
    let mut scenarios = HEAVIEST.iter().map(|(_, scenario)| scenario);
    let is_dear = |scenario: &Scenario| {
        growth_between([FEW / 2, MANY / 2], 1, |events| looks(events, scenario)) > MOST_TOGETHER
    };
    assert!(scenarios.any(|scenario| keeps_copies(scenario) && is_dear(scenario)));
}

fn keeps_copies(scenario: &Scenario) -> bool {
    let machine = build::machine(scenario);
    let mut nodes = (0..machine.kernel().nodes()).map(NodeId);
    nodes.any(|node| machine.copies(node).is_some())
}

#[test]
fn a_check_of_a_long_run_costs_little_more_per_event_than_one_of_a_short_run() {
    let _alone = alone();
    let mut dear = Vec::new();
    for (name, scenario) in HEAVIEST.iter() {
        let (_, trace) = trace(scenario, MANY);
        for settings in one_of_each() {
            let watched = |events: u32| {
                let mut watch =
                    checks::watch(std::slice::from_ref(&settings), scenario.nodes.len(), None);
                feed(&mut watch, trace.events().take(events as usize));
            };
            let growth = growth(watched);
            if growth > MOST {
                dear.push(format!("{} in {name}: {growth:.1} times", settings.kind.id));
            }
        }
    }
    assert!(dear.is_empty(), "{dear:#?}");
}

/// What each of many rounds of clients puts on record: no check may look through all rounds before it.
#[test]
fn a_check_of_a_long_history_costs_little_more_per_event_than_one_of_a_short_history() {
    let _alone = alone();
    let histories = [("one key", 0), ("a key for each write", 1)];
    let histories = histories.map(|(name, step)| (name, rounds(MANY, |round| step * round)));
    let mut dear = Vec::new();
    for (name, trace) in &histories {
        for settings in one_of_each() {
            let growth = growth(|events| {
                let mut watch = checks::watch(std::slice::from_ref(&settings), 2, None);
                feed(&mut watch, trace.events().take(events as usize));
            });
            if growth > MOST {
                dear.push(format!("{}, {name}: {growth:.1} times", settings.kind.id));
            }
        }
    }
    assert!(dear.is_empty(), "{dear:#?}");
}

/// One client writes, another reads what was written last and is shown it, over and over: so many events.
fn rounds(events: u32, key: impl Fn(i64) -> i64) -> Trace {
    let round = |number: u32| {
        let (write, read) = (2 * number, 2 * number + 1);
        let (key, value) = (key(i64::from(number)), i64::from(write));
        let invoked = |operation, function, value| Fact::Invoked {
            operation,
            function,
            key,
            value,
        };
        let returned = |operation, value| Fact::Returned {
            operation,
            outcome: Outcome::Ok,
            value,
        };
        [
            (0, invoked(write, Function::Write, value)),
            (0, returned(write, 0)),
            (1, invoked(read, Function::Read, 0)),
            (
                1,
                Fact::Shown {
                    item: value,
                    after: i64::from(read),
                },
            ),
            (1, returned(read, value)),
        ]
    };
    let facts = (1..).flat_map(round).zip(1..=events);
    facts
        .map(|((node, fact), at)| Event::of(SimTime::from_millis(at.into()), NodeId(node), fact))
        .collect()
}

/// Documents in which an event once cost the more, the more a protocol's nodes had done.
#[test]
fn an_event_far_into_a_run_costs_no_more_where_nodes_do_much() {
    let _alone = alone();
    let mut dear = Vec::new();
    for document in LONG {
        let scenario = Scenario::from_json(document).expect("it is a document");
        let growth = growth_between([MANY, 10 * MANY], TIMES, |events| play(&scenario, events));
        if growth > MOST_FAR {
            dear.push(format!("{}: {growth:.1} times", scenario.protocol.id));
        }
    }
    assert!(dear.is_empty(), "{dear:#?}");
}

/// Replicas that compare all they have every 10 ms, and a leader that is asked for one operation after another.
const LONG: [&str; 2] = [
    r#"{"version": 1, "seed": 7, "duration": "3600s", "events": 2000000, "protocol": "side-by-side",
        "network": {"latency": "0s", "jitter": "0s", "loss": 0},
        "defences": ["anti-entropy", "bank-by-majority", "timeline-alone"],
        "parameters": {"operations": 1000, "compare": "10ms", "heartbeat": "60s", "patience": "600s", "pause": "1ms"},
        "nodes": [{"name": "b", "role": "bank"}, {"name": "t", "role": "timeline", "count": 3},
            {"name": "r", "role": "reader", "count": 6}]}"#,
    r#"{"version": 1, "seed": 7, "duration": "3600s", "events": 2000000, "protocol": "failover",
        "network": {"latency": "0s", "jitter": "0s", "loss": 0},
        "parameters": {"timeout": "1ms", "heartbeat": "5ms", "patience": "20ms", "write-every": "1ms"},
        "nodes": [{"name": "s", "role": "server", "count": 3}, {"name": "c", "role": "client", "count": 6}]}"#,
];

fn feed(watch: &mut check::watch::Watch, events: Events<'_>) {
    for (place, event) in events.iter().enumerate() {
        watch.observe(EventId(place as u32), event);
    }
}
