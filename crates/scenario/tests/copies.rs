//! The labs about copies, under faults that nobody chose.
//!
//! Each lab runs with its defences on, while nodes crash, pause and are cut off at random, disks are slow and tear what they
//! write, and messages are lost, copied and late. What the lab promises must hold with every seed; what it promises of
//! the end must hold once the faults are over.
//!
//! `SLOWFIRE_SEEDS=5000 cargo test -p slowfire-scenario --test copies` runs more seeds.

#[path = "common/draws.rs"]
mod draws;
#[path = "common/judged.rs"]
mod judged;

use scenario::link::Link;
use scenario::run::play::{Judged, Play};

use draws::many;
use judged::Tally;

fn seeds() -> u32 {
    many("SLOWFIRE_SEEDS", 300)
}

fn with_seed(link: &str, seed: u32) -> String {
    let mark = if link.contains('?') { '&' } else { '?' };
    format!("{link}{mark}seed={seed}")
}

/// The check holds with each of the seeds; it is undecided with few.
#[track_caller]
fn withstands(link: &str, check: &str, seeds: impl Iterator<Item = u32>) {
    Tally::of(&[check], seeds.map(|seed| with_seed(link, seed))).holds();
}

/// A lab with its defences on, and a part of its query of its own.
struct Trouble {
    lab: &'static str,
    query: &'static str,
    /// The nodes that have disks.
    disks: &'static [&'static str],
    /// When the faults are over, in seconds.
    calm: u32,
    checks: &'static [&'static str],
}

const TROUBLES: [Trouble; 6] = [
    Trouble {
        lab: "last-write-wins",
        query: "on=version-vector,tighter-ntp&writes=8",
        disks: &["n1", "n2", "n3"],
        calm: 30,
        checks: &["followers-kept", "concurrent-kept", "copies-agree"],
    },
    Trouble {
        lab: "last-write-wins",
        query: "on=logical-clock&writes=8",
        disks: &["n1", "n2", "n3"],
        calm: 30,
        checks: &["followers-kept", "copies-agree"],
    },
    Trouble {
        lab: "stale-read",
        query: "on=quorum-overlap,read-repair&writers=2&timeout=3s",
        disks: &["n1", "n2", "n3", "n4", "n5"],
        calm: 20,
        checks: &["linearizable", "own-writes"],
    },
    Trouble {
        lab: "forgotten-write",
        query: "on=sync-before-ack,replicate-before-ack",
        disks: &["n1", "n2", "n3"],
        calm: 15,
        checks: &["survive"],
    },
    Trouble {
        lab: "reordered-feed",
        query: "on=causal-delivery",
        disks: &["alice", "bob", "carol"],
        calm: 40,
        checks: &["causal-order"],
    },
    Trouble {
        lab: "bank-or-social",
        query: "operations=10",
        disks: &["t1", "t2", "t3"],
        calm: 16,
        checks: &["likes-agree"],
    },
];

/// The number that a seed draws for a purpose, below `below`.
fn draw(seed: u32, purpose: u32, below: u32) -> u32 {
    let mut mixed = u64::from(seed) << 32 | u64::from(purpose);
    for _ in 0..3 {
        mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    ((mixed >> 33) % u64::from(below)) as u32
}

impl Trouble {
    /// The lab with faults that the seed draws.
    fn link(&self, seed: u32) -> String {
        let pick = |purpose, of: &[&'static str]| of[draw(seed, purpose, of.len() as u32) as usize];
        let disks = (0..).zip(self.disks).map(|(place, node)| {
            let sync = pick(10 + place, &["0ms", "5ms", "60ms", "400ms"]);
            let torn = pick(30 + place, &["0", "0.5", "1"]);
            format!("disk-sync.{node}={sync}&torn.{node}={torn}")
        });
        let disks: Vec<String> = disks.collect();
        let strikes = [
            pick(
                1,
                &["strike.crash:all=3s/300ms", "strike.crash:all=5s/1500ms"],
            ),
            pick(
                2,
                &[
                    "strike.pause:all=4s/900ms",
                    "strike.limp*5:all=5s/2s",
                    "strike.crash:all=6s/100ms",
                ],
            ),
            pick(
                3,
                &[
                    "strike.isolate:all=6s/700ms",
                    "flap:halves=1s/3s",
                    "step:random-400ms",
                ],
            ),
        ];
        let strikes: Vec<String> = strikes
            .iter()
            .map(|strike| format!("{strike}@1s"))
            .collect();
        let over = [
            "calm",
            "unflap",
            "heal",
            "loss:0",
            "spike:0",
            "duplication:0",
        ];
        let calm = self.calm;
        let over: Vec<String> = over.iter().map(|deed| format!("{deed}@{calm}s")).collect();
        format!(
            "#/{}?{}&loss={}&duplication={}&spike={}&spike-extra={}&{}&do={},{}",
            self.lab,
            self.query,
            pick(4, &["0", "0.05", "0.2"]),
            pick(5, &["0", "0.2"]),
            pick(6, &["0", "0.2"]),
            pick(7, &["1s", "3s"]),
            disks.join("&"),
            strikes.join(","),
            over.join(","),
        )
    }
}

#[test]
fn what_a_lab_promises_holds_under_faults_that_are_drawn() {
    for trouble in &TROUBLES {
        let links = (0..seeds()).map(|seed| with_seed(&trouble.link(seed), seed));
        Tally::of(trouble.checks, links).holds();
    }
}

#[test]
fn acknowledged_edits_are_stored_although_their_writer_restarts() {
    let link = "#/last-write-wins?on=version-vector&do=crash:ann@10s,restart:ann@11s";
    for check in ["followers-kept", "concurrent-kept", "copies-agree"] {
        withstands(link, check, 0..100);
    }
}

#[test]
fn replicas_agree_after_a_restart() {
    let link = "#/last-write-wins?on=version-vector&do=crash:n1@10s,restart:n1@11s,crash:n2%2Bn3@15s,restart:n2%2Bn3@16s";
    for check in ["followers-kept", "concurrent-kept", "copies-agree"] {
        withstands(link, check, 0..300);
    }
}

#[test]
fn what_was_read_is_read_again_although_all_replicas_crash_with_slow_disks() {
    let crashes = [
        "strike.crash:n1%2Bn2%2Bn3=3s/300ms@1s",
        "strike.crash:all=3s/300ms@1s",
    ];
    for crashes in crashes {
        let link = format!(
            "#/stale-read?on=quorum-overlap,read-repair&disk-sync.n1=400ms&disk-sync.n2=400ms&disk-sync.n3=400ms&\
             torn.n1=1&torn.n2=1&torn.n3=1&do={crashes}"
        );
        withstands(&link, "linearizable", 0..300);
    }
}

#[test]
fn a_server_that_recovers_counts_no_answer_to_an_earlier_recovery() {
    // Copies keep notes in memory alone and do not crash, so only an old answer can make the server forget. The lab's own
    // power failure comes after the end.
    let link = "#/forgotten-write?on=replicate-before-ack&flush=60s&spike=0.4&spike-extra=3s&duplication=0.5&\
                spread=3s&do=strike.crash:n1=2s/200ms@1s";
    let until = sim::SimTime::from_millis(13_000);
    for seed in 0..400 {
        let (mut link, problems) = Link::parse(link);
        assert_eq!(problems, []);
        link.variant.scenario.seed = seed;
        let judged = Play::new(&link.variant.scenario, &link.variant.deeds).hunt(Some(until));
        let violated = judged
            .iter()
            .find(|judged| matches!(judged, Judged::Violated(_)));
        assert!(violated.is_none(), "seed {seed}");
    }
}

#[test]
fn a_replica_that_is_paused_for_long_is_not_blamed() {
    let link = "#/last-write-wins?on=version-vector&writes=8&do=pause:n3@3s,resume:n3@40s";
    withstands(link, "copies-agree", 0..100);
}

/// n1 loses its disk while what it wrote last is on its way to n3, and on a longer way to n2. What it writes next must not
/// have the same number, which n3 would take for known.
#[test]
fn a_write_on_a_new_disk_is_told_from_one_that_is_still_on_its_way() {
    let weather = "latency.n1..n2:9s@2s,latency.n1..n3:600ms@2s,crash:n1@4s,wipe:n1@4.01s,latency.n1..n2:1ms@4.01s,\
                   latency.n1..n3:1ms@4.01s,restart:n1@4.02s";
    let link = format!("#/last-write-wins?rev=5&on=version-vector&writes=5&do={weather}");
    withstands(&link, "copies-agree", 0..seeds());
}

/// Anti-entropy is dead, and messages go on being lost: that excuses no copy for ever.
#[test]
fn copies_that_no_longer_compare_are_found_out_although_messages_are_lost() {
    let link = "#/last-write-wins?rev=6&on=version-vector&writes=5&loss=0.2&do=filter:lacks@1ms";
    let found = (0..20)
        .filter(|seed| !judged::broken(&with_seed(link, *seed), &["copies-agree"]).is_empty());
    assert!(found.count() >= 15);
}

#[test]
fn servers_that_forget_one_after_the_other_lose_no_note() {
    let deeds = |wipes: [&str; 2]| {
        let [other, server] = wipes;
        format!(
            "isolate:n3@7.0s,crash:n2@8s,{other}restart:n2@8.05s,crash:n1@8.2s,{server}restart:n1@8.4s,heal@9.5s"
        )
    };
    // The lab's own power failure comes after the end.
    let until = sim::SimTime::from_millis(13_000);
    for (on, deeds) in [
        ("replicate-before-ack", deeds(["", ""])),
        (
            "sync-before-ack,replicate-before-ack",
            deeds(["wipe:n2@8.01s,", "wipe:n1@8.21s,"]),
        ),
    ] {
        for seed in 0..100 {
            let link = format!("#/forgotten-write?rev=3&seed={seed}&on={on}&do={deeds}");
            let (link, problems) = Link::parse(&link);
            assert_eq!(problems, []);
            let judged = Play::new(&link.variant.scenario, &link.variant.deeds).hunt(Some(until));
            assert_eq!(judged, [Judged::Holds], "seed {seed}");
        }
    }
}
