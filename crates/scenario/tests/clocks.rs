//! The labs about clocks and locks, with all their defences on, under faults that somebody chose and under faults that
//! nobody chose.
//!
//! `SLOWFIRE_SEEDS=5000 cargo test -p slowfire-scenario --test clocks` draws more of them.

#[path = "common/draws.rs"]
mod draws;
#[path = "common/judged.rs"]
mod judged;

use sim::random::Key;

use draws::many;
use judged::{Tally, broken};

/// All checks hold with each of this many seeds; they are undecided with few.
#[track_caller]
fn holds(link: &str, checks: &[&str], seeds: u32) {
    let links = (0..seeds).map(|seed| format!("{link}&seed={seed}"));
    Tally::of(checks, links).holds();
}

const FILE: &[&str] = &["stale-write", "acknowledged-kept"];
const ORDER: &[&str] = &["causes-told", "concurrency-told"];
const TIME: &[&str] = &["clock-error", "clock-bound", "half-round-trip"];
const SNAPSHOT: &[&str] = &["snapshot-order"];

#[test]
fn no_token_is_used_twice_and_no_write_of_a_restarted_client_is_taken_for_an_old_one() {
    let late =
        "#/lease-and-pause?on=fencing-token,check-lease-before-write&spike=0.3&spike-extra=5s";
    holds(late, FILE, 400);
    let restarted = "#/lease-and-pause?on=fencing-token&do=crash:ann@10s,restart:ann@11s";
    holds(restarted, FILE, 100);
}

#[test]
fn no_token_is_told_before_it_is_durable() {
    let slow = "disk-sync.lock=1500ms&do=crash:lock@1.5s,restart:lock@1.6s";
    for faults in [slow, "duplication=0.3&disk-sync.lock=1500ms"] {
        let link = format!("#/drifting-lease?on=drift-margin&{faults}");
        holds(&link, &["one-holder"], 100);
    }
}

#[test]
fn logical_clocks_tell_causes_from_effects_whatever_waits_or_comes_twice() {
    for (clock, checks) in [("lamport-clock", &ORDER[..1]), ("vector-clock", ORDER)] {
        for (faults, seeds) in [
            ("do=pause:till@5s,resume:till@7s", 300),
            ("disk-sync.till=500ms", 200),
            ("duplication=0.02", 300),
        ] {
            let link = format!("#/which-came-first?on={clock}&{faults}");
            holds(&link, checks, seeds);
        }
    }
}

#[test]
fn bounds_on_clocks_follow_from_what_their_nodes_know() {
    let ntp = "#/ntp-over-a-bad-network?on=minimum-delay-filter,reject-outliers";
    for faults in [
        "skew.client=100ms",
        "do=step:client-100ms@20s",
        "do=wipe:client@20s",
    ] {
        holds(&format!("{ntp}&{faults}"), TIME, 100);
    }
    let commits = "#/commit-wait?on=commit-wait,honest-bound";
    for faults in [
        "skew.s2=-600ms",
        "skew.t1=-600ms",
        "disk-sync.s1=200ms&do=strike.crash:s1=3s/200ms@1s",
    ] {
        holds(&format!("{commits}&{faults}"), SNAPSHOT, 100);
    }
}

#[test]
fn a_minority_of_servers_that_answers_sets_no_clock() {
    let cut = "do=cut:client-s1@1ms,cut:client-s2@1ms,cut:client-s3@1ms";
    for seed in 0..20 {
        let link = format!(
            "#/ntp-over-a-bad-network?seed={seed}&on=minimum-delay-filter,reject-outliers&{cut}"
        );
        assert_eq!(broken(&link, TIME), [""; 0]);
    }
}

/// A lab with all its defences on, and what its story says that it withstands.
struct Promise {
    lab: &'static str,
    on: &'static str,
    checks: &'static [&'static str],
    nodes: &'static [&'static str],
    /// The nodes whose wall clocks may jump.
    jumpy: &'static [&'static str],
    /// Whether nodes may be paused: no lease alone withstands that.
    pauses: bool,
}

const PROMISES: &[Promise] = &[
    Promise {
        lab: "lease-and-pause",
        on: "check-lease-before-write,fencing-token",
        checks: FILE,
        nodes: &["ann", "ben", "lock", "file"],
        jumpy: &["ann", "ben", "lock", "file"],
        pauses: true,
    },
    Promise {
        lab: "drifting-lease",
        on: "drift-margin",
        checks: &["one-holder"],
        nodes: &["ann", "ben", "lock"],
        jumpy: &["ann", "ben", "lock"],
        pauses: false,
    },
    Promise {
        lab: "which-came-first",
        on: "lamport-clock,vector-clock",
        checks: ORDER,
        nodes: &["shop", "till", "store", "log"],
        jumpy: &["shop", "till", "store", "log"],
        pauses: true,
    },
    Promise {
        lab: "ntp-over-a-bad-network",
        on: "minimum-delay-filter,reject-outliers",
        checks: TIME,
        nodes: &["client", "s1", "s2", "s3", "s4"],
        jumpy: &["client", "s4"],
        pauses: true,
    },
    Promise {
        lab: "commit-wait",
        on: "commit-wait,honest-bound",
        checks: SNAPSHOT,
        nodes: &["ann", "ben", "s1", "s2", "s3", "t1", "t2", "t3"],
        jumpy: &["ann", "ben", "s1", "s2", "s3", "t2"],
        pauses: true,
    },
    Promise {
        lab: "two-clocks",
        on: "monotonic-clock",
        checks: &["measured"],
        nodes: &["ann", "ben", "server", "time"],
        jumpy: &["ann", "ben", "server", "time"],
        pauses: true,
    },
];

/// Draws numbers and choices.
struct Dice {
    key: Key,
    drawn: u64,
}

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.drawn += 1;
        self.key.draw(self.drawn) % count
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// Milliseconds.
    fn within(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low)
    }
}

/// Settings of the network and of nodes, some of each.
fn settings(dice: &mut Dice, promise: &Promise) -> Vec<String> {
    let weather = [
        "loss=0.05",
        "loss=0.2",
        "duplication=0.05",
        "duplication=0.3",
        "spike=0.1&spike-extra=3s",
        "spike=0.3&spike-extra=5s",
        "latency=120ms",
        "latency=20ms",
        "jitter=60ms",
        "corruption=0.05",
        "ordering=fifo",
        "bandwidth=20kB/s",
        "bursts=0.1",
    ];
    let mut drawn: Vec<String> = Vec::new();
    for _ in 0..dice.below(4) {
        let setting = dice.one(&weather).to_owned();
        let key = |setting: &str| setting.split('=').next().map(str::to_owned);
        if drawn.iter().all(|other| key(other) != key(&setting)) {
            drawn.push(setting);
        }
    }
    for node in promise.nodes {
        if dice.below(3) == 0 {
            let sync = dice.one(&[1, 5, 40, 300, 1500]);
            drawn.push(format!("disk-sync.{node}={sync}ms&torn.{node}=0.5"));
        }
        if dice.below(6) == 0 {
            drawn.push(format!("service.{node}=3ms"));
        }
    }
    for node in promise.jumpy {
        if dice.below(5) == 0 {
            let skew = dice.one(&["-600ms", "90ms", "100ms", "2s", "-40ms"]);
            drawn.push(format!("skew.{node}={skew}"));
        }
    }
    drawn
}

/// What is done from 1 s to 40 s.
fn deeds(dice: &mut Dice, promise: &Promise) -> Vec<String> {
    let mut drawn = Vec::new();
    for _ in 0..=dice.below(4) {
        let (at, lasts) = (dice.within(500, 35_000), dice.within(50, 5000));
        let until = at + lasts;
        let node = dice.one(promise.nodes);
        let other = dice.one(promise.nodes);
        let jumpy = dice.one(promise.jumpy);
        let mut deed = dice.below(14);
        if deed == 1 && !promise.pauses {
            deed = 0;
        }
        drawn.push(match deed {
            0 => format!("crash:{node}@{at}ms,restart:{node}@{until}ms"),
            1 => format!("pause:{node}@{at}ms,resume:{node}@{until}ms"),
            2 => format!("isolate:{node}@{at}ms,heal@{until}ms"),
            3 => format!("halves@{at}ms,heal:halves@{until}ms"),
            4 => format!("hold-halves@{at}ms,heal@{until}ms"),
            5 => format!("loss:0.4@{at}ms,loss:0.01@{until}ms"),
            6 => format!("slowdisk:{node}*10@{at}ms,slowdisk:{node}*1@{until}ms"),
            7 => format!("limp:{node}*5@{at}ms,limp:{node}*1@{until}ms"),
            8 => format!("step:{jumpy}+700ms@{at}ms"),
            9 => format!("step:{jumpy}-100ms@{at}ms"),
            10 if node != other => format!("cut:{node}..{other}@{at}ms,heal@{until}ms"),
            11 => format!("crash:{node}@{at}ms,restart:{node}@{}ms", at + 20),
            12 => format!("strike.crash:{node}=2s/100ms@{at}ms,calm@40s"),
            _ => format!("strike.crash:{node}=4s/400ms@{at}ms,calm@40s"),
        });
    }
    drawn
}

/// The link of a drawn run.
fn drawn(promise: &Promise, seed: u32) -> String {
    let mut dice = Dice {
        key: Key::root(u64::from(seed)),
        drawn: 0,
    };
    let settings = settings(&mut dice, promise).join("&");
    let deeds = deeds(&mut dice, promise).join(",");
    let between = if settings.is_empty() { "" } else { "&" };
    format!(
        "#/{}?seed={seed}&on={}&{settings}{between}do={deeds}",
        promise.lab, promise.on
    )
}

fn seeds() -> u32 {
    many("SLOWFIRE_SEEDS", 60)
}

#[test]
fn all_defences_together_withstand_faults_that_nobody_chose() {
    for promise in PROMISES {
        let links = (0..seeds()).map(|seed| drawn(promise, seed));
        Tally::of(promise.checks, links).holds();
    }
}

#[test]
fn what_no_defence_saves_from_is_shown() {
    for (link, check) in [
        (
            "#/drifting-lease?on=drift-margin&monotonic.ann=0ppm&monotonic.ben=0ppm&monotonic.lock=0ppm&do=pause:ann@4.5s,resume:ann@8s",
            "one-holder",
        ),
        (
            "#/commit-wait?seed=1&on=commit-wait,honest-bound&do=step:t1-2s@8s,step:t2-2s@8s",
            "snapshot-order",
        ),
    ] {
        assert_ne!(broken(link, &[check]), Vec::<String>::new(), "{link}");
    }
}
