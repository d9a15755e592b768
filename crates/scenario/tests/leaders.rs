//! With their defences on, the labs about leaders keep their promises under faults that nobody chose.
//!
//! `SLOWFIRE_SEEDS=5000 cargo test -p slowfire-scenario --test leaders` draws more of them.

#[path = "common/draws.rs"]
mod draws;
#[path = "common/judged.rs"]
mod judged;

use std::thread;

use scenario::Run;
use sim::random::Key;
use sim::{SimDuration, SimTime};

use draws::many;
use judged::Tally;

/// How many runs of each lab are drawn.
fn runs() -> u64 {
    many("SLOWFIRE_SEEDS", 200).into()
}

/// A lab with its defences on, the servers that faults befall, and the checks that must hold.
struct Promise {
    lab: &'static str,
    on: &'static str,
    servers: &'static [&'static str],
    clients: &'static [&'static str],
    checks: &'static [&'static str],
}

/// Numbers drawn one after the other.
struct Draw {
    key: Key,
    drawn: u64,
}

impl Draw {
    /// The faults of a run.
    fn of(run: u64) -> Draw {
        Draw {
            key: Key::root(run),
            drawn: 0,
        }
    }

    fn below(&mut self, end: u64) -> u64 {
        self.drawn += 1;
        self.key.draw(self.drawn) % end
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len() as u64) as usize]
    }

    /// Settings of the network and of the servers' disks.
    fn settings(&mut self, servers: &[&str]) -> String {
        let mut text = String::new();
        let network = [
            "loss=0.02",
            "loss=0.2",
            "duplication=0.3&spread=2s",
            "duplication=0.6&spread=300ms",
            "jitter=50ms",
            "latency=5ms",
            "spike=0.05&spike-extra=2s",
        ];
        for setting in network {
            let key = setting.split('=').next().unwrap_or_default();
            if self.below(3) == 0 && !text.contains(&format!("&{key}=")) {
                text = format!("{text}&{setting}");
            }
        }
        if self.below(2) == 0 {
            let sync = self.one(&["1ms", "20ms", "100ms"]);
            for server in servers {
                text = format!("{text}&disk-sync.{server}={sync}&torn.{server}=1");
            }
        }
        text
    }

    /// A fault of the servers or of one client, and its end.
    fn fault(&mut self, promise: &Promise) -> [String; 2] {
        let [one, other] = [(); 2].map(|()| self.one(promise.servers));
        let client = self.one(promise.clients);
        let begins = 1000 + self.below(12_000);
        let ends = begins + 50 + self.below(4000);
        let (fault, end) = match self.below(10) {
            0 => (format!("crash:{one}"), format!("restart:{one}")),
            1 => ("crash:majority".to_owned(), "restart:all".to_owned()),
            2 => (format!("crash:{client}"), format!("restart:{client}")),
            3 => (format!("pause:{one}"), format!("resume:{one}")),
            4 => ("pause:leader".to_owned(), "resume:all".to_owned()),
            5 => (format!("limp:{one}*8"), format!("limp:{one}*1")),
            6 => (format!("slowdisk:{one}*9"), format!("slowdisk:{one}*1")),
            7 => (format!("mute:{one}"), "heal".to_owned()),
            8 if one != other => (format!("cut:{one}..{other}"), "heal".to_owned()),
            8 => (format!("monotonic.{one}:200ppm"), "heal".to_owned()),
            _ => (format!("isolate:{one}"), "heal".to_owned()),
        };
        [format!("{fault}@{begins}ms"), format!("{end}@{ends}ms")]
    }

    /// A run of which nobody chose the faults. They are over at 18 s.
    fn link(&mut self, promise: &Promise, seed: u64) -> String {
        let settings = self.settings(promise.servers);
        let count = 1 + self.below(5);
        let deeds = (0..count).flat_map(|_| self.fault(promise));
        let deeds = deeds.collect::<Vec<_>>().join(",");
        let Promise { lab, on, .. } = promise;
        format!("#/{lab}?seed={seed}{settings}&on={on}&do={deeds},heal@18s,loss:0@18s,spike:0@18s")
    }
}

/// No drawn run breaks the promise, and few leave it undecided.
#[track_caller]
fn holds(promise: &Promise) {
    let half = |first: u64| {
        let seeds = (first..runs()).step_by(2);
        let links = seeds.map(|seed| Draw::of(seed).link(promise, seed));
        Tally::of(promise.checks, links)
    };
    let all = thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0).with(other.join().expect("a run does not panic"))
    });
    all.holds();
}

#[test]
fn two_captains_lose_no_note_whatever_happens() {
    holds(&Promise {
        lab: "split-brain",
        on: "majority-election,epoch-fencing",
        servers: &["n1", "n2", "n3"],
        clients: &["ann", "ben"],
        checks: &["survive", "one-primary"],
    });
}

#[test]
fn one_leader_of_a_register_acts_whatever_happens() {
    holds(&Promise {
        lab: "one-way-cut",
        on: "majority-acks",
        servers: &["n1", "n2", "n3", "n4", "n5"],
        clients: &["ann", "ben"],
        checks: &["one-leader"],
    });
}

#[test]
fn the_bank_is_linearizable_whatever_happens() {
    holds(&Promise {
        lab: "bank-or-social",
        on: "bank-by-majority",
        servers: &["b1", "b2", "b3"],
        clients: &["lea", "rob"],
        checks: &["bank-linearizable"],
    });
}

/// How many of the operations that begin after 19 s, when all faults are over, are served.
fn served_at_last(text: &str) -> u32 {
    let (mut run, problems) = Run::open(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    run.seek(SimTime::ZERO + run.scenario().duration);
    let tally = run.tally();
    let late = tally.by_second().iter().skip(19);
    late.map(|second| second.served).sum()
}

#[test]
fn servers_serve_again_after_torn_writes() {
    for (lab, on, servers) in [
        (
            "split-brain",
            "majority-election,epoch-fencing",
            &["n1", "n2", "n3"][..],
        ),
        (
            "one-way-cut",
            "majority-acks",
            &["n1", "n2", "n3", "n4", "n5"],
        ),
    ] {
        for seed in 0..40 {
            let disks = servers
                .iter()
                .map(|server| format!("&disk-sync.{server}=30ms&torn.{server}=1"));
            let disks: String = disks.collect();
            let crashes = (0..8).map(|crash| {
                let at = 1000 + 1500 * crash + 37 * seed;
                format!("crash:all@{at}ms,restart:all@{}ms", at + 200)
            });
            let crashes = crashes.collect::<Vec<_>>().join(",");
            let text = format!("#/{lab}?seed={seed}{disks}&on={on}&do={crashes}");
            assert!(served_at_last(&text) > 5, "{text}");
        }
    }
}

#[test]
fn a_round_trip_longer_than_patience_does_not_stop_a_leader() {
    let served = (0..20).map(|seed| {
        let slow = "latency=300ms&patience=500ms&heartbeat=100ms&timeout=4s";
        served_at_last(&format!(
            "#/split-brain?seed={seed}&{slow}&on=majority-election,epoch-fencing"
        ))
    });
    let served: Vec<u32> = served.collect();
    let count = served.iter().filter(|served| **served > 0).count();
    assert!(count > 10, "{served:?}");
}

/// How long after its crash at this second n3 is taken for dead, with this done to it before.
fn found_after(before: &str, crash: u64, seed: u64) -> SimDuration {
    let deeds = format!("{before},crash:n3@{crash}s");
    let text = format!("#/timeout-tuning?rev=5&seed={seed}&on=adaptive-timeout&do={deeds}");
    let (mut run, problems) = Run::open(&text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    run.seek(SimTime::ZERO + run.scenario().duration);
    let events = run.timeline().events();
    let crash = SimTime::from_millis(1000 * crash);
    let suspects = events.iter().find(|event| {
        event.time >= crash && event.fact() == Some(sim::trace::Fact::Suspects { node: 3 })
    });
    let found = suspects.unwrap_or_else(|| panic!("{text}: never found"));
    found.time.since(crash)
}

/// An outage of ten seconds that begins before the detector knows n3.
const EARLY_OUTAGE: &str = "pause:n3@2s,resume:n3@12s";

#[test]
fn a_crash_is_found_soon_after_an_outage() {
    let outages = [
        (EARLY_OUTAGE, 16),
        (EARLY_OUTAGE, 20),
        ("pause:n3@8s,resume:n3@10s", 11),
        ("crash:n3@8s,restart:n3@10s", 11),
        ("isolate:n3@8s,heal@15s", 16),
    ];
    for (outage, crash) in outages {
        for seed in 0..200 {
            let found = found_after(outage, crash, seed);
            assert!(
                found < SimDuration::from_millis(1500),
                "{outage}, {crash} s, seed {seed}: {found}"
            );
        }
    }
}

/// Whatever a network does to the first few heartbeats, it excuses no outage. Links of runs that drawn weather broke are among
/// these.
#[test]
fn a_crash_is_found_soon_after_an_outage_in_bad_weather() {
    let early = [
        "hold-split:lb+n1@1732ms,heal:hold-split:lb+n1@4510ms",
        "hold-mute:n3@173ms,heal:hold-mute:n3@4391ms",
        "mute:n3@500ms,heal:mute:n3@1500ms",
        "latency.n3..lb:1s@1s,latency.n3..lb:40ms@5s",
    ];
    for weather in early {
        for seed in 0..100 {
            let found = found_after(&format!("{weather},{EARLY_OUTAGE}"), 20, seed);
            assert!(
                found < SimDuration::from_millis(1500),
                "{weather} seed {seed}: {found}"
            );
        }
    }
}

/// n1 crashes as the leader and leads again, and then the others get what it sent in its earlier life. Their answers have a
/// time of that life, which lies ahead of the clock of this one, and must not count for proof that it leads.
#[test]
fn a_leader_takes_no_answer_to_its_earlier_life_for_proof_that_it_leads() {
    let late = "latency.n1..n2:1.4s@6.45s,latency.n1..n3:1.4s@6.45s,latency.n1..n2:10ms@6.6s,latency.n1..n3:10ms@6.6s";
    let leads = |at: [&str; 3]| {
        let [a, b, c] = at;
        format!("op.lead:n2=1@{a},op.lead:n3=1@{b},op.lead:n4=1@{c}")
    };
    let (before, again) = (
        leads(["6.2s", "6.25s", "6.3s"]),
        leads(["7.5s", "7.55s", "7.6s"]),
    );
    for leases in [0, 1] {
        let link = |seed: u32| {
            format!(
                "#/raft-reads?rev=2&seed={seed}&on=lease-needs-clock-bound,read-index&leases={leases}&do={before},{late},\
                 crash:n1@6.6s,restart:n1@6.65s,{again},split:n1+ann@8.05s"
            )
        };
        Tally::of(&["clients"], (0..60).map(link)).holds();
    }
}
