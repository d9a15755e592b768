//! Raft as it is keeps all of its promises; without any one of its rules it breaks one, and a check sees it.
//!
//! `SLOWFIRE_SEEDS=300 cargo test -p slowfire-scenario --test raft` runs each scene with more seeds, and
//! `SLOWFIRE_DRAWS=20000` draws more runs.

#[path = "raft/drawn.rs"]
mod drawn;
#[path = "common/draws.rs"]
mod draws;
#[path = "raft/scenes.rs"]
mod scenes;

use std::thread;

use drawn::{Family, drawn};
use draws::many;
use protocols::find;
use scenario::Run;
use scenario::document::Scenario;
use scenario::run::play::{Judged, Play};
use scenes::{
    FIGURE_8, LEASES_WITHOUT_PRE_VOTE, LONG_LOGS, LONG_SNAPSHOT, READS_ELSEWHERE, SCENES, Scene,
};
use serde_json::{Map, Value, json};
use sim::trace::{Fact, Outcome};

/// What Raft promises of its logs, and of what its clients see.
const SAFETY: [&str; 7] = [
    "one-leader-per-term",
    "leader-append-only",
    "log-matching",
    "leader-completeness",
    "state-machine-safety",
    "linearizable-cas",
    "no-false-failure",
];

fn check(kind: &str) -> Value {
    let mut check = json!({ "id": kind, "kind": kind, "label": kind, "noun": "write" });
    match kind {
        "available" => {
            check["share"] = json!(0.6);
            check["least"] = json!(4);
        }
        "ends-within" => check["bound"] = json!("3s"),
        _ => {}
    }
    check
}

fn nodes(role: &str, name: &str, count: usize, disk: Option<&str>) -> Vec<Value> {
    let one = |number| {
        let mut node = json!({ "name": format!("{name}{number}"), "role": role });
        if let Some(sync) = disk {
            node["disk-sync"] = json!(sync);
        }
        node
    };
    (1..=count).map(one).collect()
}

fn with_all_rules(mut document: Value) -> Scenario {
    let defences = find("raft").expect("there is Raft").defences.iter();
    document["protocol"] = json!("raft");
    document["defences"] = defences.map(|spec| spec.id).collect();
    Scenario::from_value(&document).unwrap_or_else(|problems| panic!("{problems:?}\n{document}"))
}

/// A scene with all rules.
fn whole(scene: &Scene) -> Scenario {
    let pairs = |pairs: &[(&str, &str)]| -> Map<String, Value> {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| ((*key).to_owned(), json!(value)))
            .collect()
    };
    let mut network = pairs(&[("latency", "10ms"), ("jitter", "2ms"), ("shape", "uniform")]);
    network.extend(pairs(scene.network));
    let mut all = nodes("server", "n", scene.servers, Some(scene.sync));
    for (place, clocks) in scene.clocks {
        for (setting, value) in *clocks {
            all[*place][*setting] = json!(value);
        }
    }
    all.extend(nodes("client", "c", scene.clients, None));
    let mut checks = SAFETY.map(check).to_vec();
    if !SAFETY.contains(&scene.check) {
        checks.push(check(scene.check));
    }
    let links: Vec<Value> = scene
        .links
        .iter()
        .map(|link| Value::Object(pairs(link)))
        .collect();
    with_all_rules(json!({
        "duration": scene.duration,
        "parameters": pairs(scene.parameters),
        "network": network,
        "links": links,
        "nodes": all,
        "plan": scene.plan,
        "checks": checks,
    }))
}

/// The checks of a run that end so, by their ids.
fn ending(scenario: &Scenario, judged: &[Judged], is_so: fn(&Judged) -> bool) -> Vec<String> {
    let all = scenario.checks.iter().zip(judged);
    let so = all.filter(|(_, judged)| is_so(judged));
    so.map(|(check, _)| check.id.clone()).collect()
}

fn is_violated(judged: &Judged) -> bool {
    matches!(judged, Judged::Violated(_))
}

/// The checks that a run violates, by their ids.
fn violated(scenario: &Scenario) -> Vec<String> {
    ending(scenario, &Play::new(scenario, &[]).hunt(None), is_violated)
}

/// What a function says of each of so many numbers, worked out on all processors.
fn each<T: Send>(count: u32, of: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from) as u32;
    let of = &of;
    thread::scope(|scope| {
        let part = |first| move || (first..count).step_by(threads as usize).map(of).collect();
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(part(first))).collect();
        let parts = parts.into_iter().map(|part| part.join());
        let parts: Vec<Vec<T>> = parts
            .map(|part| part.expect("a run does not panic"))
            .collect();
        parts.into_iter().flatten().collect()
    })
}

/// In how many of so many seeds the scene's check is violated without its rule. With it, nothing is violated in any.
fn broken(scene: &Scene, seeds: u32) -> u32 {
    let scenario = whole(scene);
    let runs = each(seeds, |seed| {
        let mut with = Scenario {
            seed,
            ..scenario.clone()
        };
        let wrong = violated(&with);
        assert!(
            wrong.is_empty(),
            "{}, seed {seed}: all rules, and {wrong:?}",
            scene.rule
        );
        with.defences.remove(scene.rule);
        u32::from(violated(&with).iter().any(|check| check == scene.check))
    });
    runs.iter().sum()
}

#[test]
fn each_rule_matters_and_a_check_sees_it() {
    let seeds = many("SLOWFIRE_SEEDS", 40);
    let mut wrong = Vec::new();
    for scene in SCENES {
        let count = broken(scene, seeds);
        let share = f64::from(count) / f64::from(seeds);
        println!("{}: {} in {count} of {seeds}", scene.rule, scene.check);
        if share < scene.share {
            wrong.push(format!(
                "{}: {} in {count} of {seeds}",
                scene.rule, scene.check
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_rule_has_a_scene_of_its_own() {
    for rule in find("raft").expect("there is Raft").defences {
        let has_scene = SCENES.iter().any(|scene| scene.rule == rule.id);
        assert!(has_scene, "{} breaks nothing anywhere", rule.id);
    }
}

/// What is put on record in a run: when in milliseconds, by which node, what.
fn facts(scenario: &Scenario) -> Vec<(u64, String, Fact)> {
    let mut facts = Vec::new();
    Play::new(scenario, &[]).to_end(None, |_, event| {
        if let Some(fact) = event.fact() {
            let ms = event.time.as_nanos() / 1_000_000;
            facts.push((ms, scenario.name(event.node), fact));
        }
    });
    facts
}

/// Leases rest on voters that keep a leader which they hear, not on candidates that ask before they stand.
#[test]
fn leases_hold_without_pre_votes() {
    let mut scenario = whole(&LEASES_WITHOUT_PRE_VOTE);
    scenario.defences.remove(LEASES_WITHOUT_PRE_VOTE.rule);
    let stale = each(many("SLOWFIRE_SEEDS", 40), |seed| {
        let with = Scenario {
            seed,
            ..scenario.clone()
        };
        violated(&with)
    });
    assert_eq!(stale.concat(), [""; 0]);
}

/// A server's log takes what room it needs: however long nothing is committed, nothing is lost, and the servers go on.
#[test]
fn a_log_that_grows_for_long_without_a_commit_loses_nothing() {
    for scene in &LONG_LOGS {
        let scenario = whole(scene);
        let (mut longest, mut last_served) = (0, 0);
        for (ms, _, fact) in facts(&scenario) {
            match fact {
                Fact::Logged { index, .. } => longest = longest.max(index),
                Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                } => last_served = ms,
                _ => {}
            }
        }
        assert!(longest > 1100, "{longest}");
        let end = scenario.duration.as_nanos() / 1_000_000;
        assert!(last_served + 1000 > end, "{last_served} of {end}");
        assert_eq!(violated(&scenario), [""; 0]);
    }
}

/// A new server is waited for as long as it gets more of the log, however long that takes.
#[test]
fn a_server_to_which_a_long_snapshot_comes_slowly_is_let_in() {
    let scenario = whole(&LONG_SNAPSHOT);
    let facts = facts(&scenario);
    let mut members = facts.iter().filter_map(|(ms, _, fact)| match *fact {
        Fact::Logged { content, .. } if content < 0 => Some((*ms, content)),
        _ => None,
    });
    let (at, last) = members.next_back().expect("the members change");
    // n1 to n4 vote, and nobody learns.
    assert_eq!(last, -1 - 0x0f_00_00);
    assert!(at > 10_000, "{at}");
    assert_eq!(violated(&scenario), [""; 0]);
}

/// Which servers vote after each change of the members that is logged, as bits, the first server's lowest; and which learn.
fn changes(link: &str) -> Vec<(u64, i64, i64)> {
    let (mut run, problems) = Run::open(&format!("#/raft-rules?on=sessions&loss=0&{link}"));
    assert_eq!(problems, []);
    run.seek(run.timeline().end());
    let logged = run.timeline().events().iter().filter_map(|event| {
        let Some(Fact::Logged { content, .. }) = event.fact() else {
            return None;
        };
        let members = -1 - content;
        let ms = event.time.as_nanos() / 1_000_000;
        (members >= 0).then_some((ms, members >> 16, members & 0xff))
    });
    logged.collect()
}

/// A server that starts again and again gets the same first pieces of a snapshot each time: that is nothing new.
#[test]
fn a_server_that_never_catches_up_keeps_no_other_out() {
    let restarts: String = (9..60)
        .map(|half| {
            format!(
                ",crash:n4@{}ms,restart:n4@{}ms",
                half * 500,
                half * 500 + 100
            )
        })
        .step_by(2)
        .collect();
    let changes = changes(&format!(
        "members=3&keys=64&chunk=1&snapshot-every=50&reads=0.1&pause=5ms&latency.n1-n4=60ms\
         &do=op.lead:n2=1@1s,op.lead:n3=1@1s,op.add:n1=4@5s,op.add:n1=5@5.5s{restarts}"
    ));
    let (_, voters, learners) = *changes.last().expect("the members change");
    // n5 learns.
    assert_eq!((voters, learners), (0b111, 0b1_0000), "{changes:?}");
}

/// Two servers are to join at once, and one of them is down: what the other copies is no news of that one.
#[test]
fn a_server_that_is_down_keeps_no_other_out_with_one_that_is_up() {
    let changes = changes(
        "members=3&reads=0.1&pause=20ms\
         &do=crash:n5@1s,op.lead:n2=1@1s,op.lead:n3=1@1s,op.members:n1=12345@5s,op.add:n1=4@5.5s",
    );
    let (_, voters, learners) = *changes.last().expect("the members change");
    assert_eq!((voters, learners), (0b1111, 0), "{changes:?}");
}

/// The rounds of a server that has all there is do not pass while it is silent.
#[test]
fn servers_that_lack_nothing_are_let_in_after_a_short_silence() {
    let changes = changes(
        "members=3&snapshot-every=1000&reads=1&pause=50ms&latency.n1-n5=140ms\
         &do=op.lead:n2=1@1s,op.lead:n3=1@1s,op.members:n1=12345@5s,pause:n4@5.05s,resume:n4@6.05s",
    );
    let (at, voters, learners) = *changes.last().expect("the members change");
    assert_eq!((voters, learners), (0b1_1111, 0), "{changes:?}");
    assert!(at < 8_000, "{changes:?}");
}

/// What counts is how long a round takes, not how many entries are under way (section 4.2.1).
#[test]
fn a_server_whose_rounds_are_shorter_than_an_election_timeout_is_let_in() {
    for (batch, latency) in [(1, "10ms"), (16, "100ms")] {
        let changes = changes(&format!(
            "members=4&batch={batch}&latency=5ms&reads=0.1&pause=1ms&latency.n1-n5={latency}\
             &do=op.lead:n2=1@1s,op.lead:n3=1@1s,op.lead:n4=1@1s,op.add:n1=5@5s"
        ));
        let (at, ..) = changes
            .iter()
            .find(|(_, voters, _)| *voters == 0b1_1111)
            .expect("n5 votes");
        assert!(*at < 6_000, "{changes:?}");
    }
}

/// A copy of a read that comes late does not take the place of the client's next one.
#[test]
fn copies_of_earlier_reads_leave_later_ones_alone() {
    let retries = |network| {
        let scene = Scene {
            network,
            ..READS_ELSEWHERE
        };
        let facts = facts(&whole(&scene));
        let is_retry = |fact: &Fact| matches!(fact, Fact::Retried { .. });
        facts.iter().filter(|(.., fact)| is_retry(fact)).count()
    };
    let calm = retries(&[("latency", "10ms"), ("spread", "150ms")]);
    let copied = retries(&[
        ("latency", "10ms"),
        ("spread", "150ms"),
        ("duplication", "0.5"),
    ]);
    assert!(
        copied <= calm + 2,
        "{copied} retries, and {calm} without copies"
    );
}

/// Figure 8 of the paper, step by step: an entry that a majority has is not committed if its term is over.
#[test]
fn figure_8_an_entry_of_an_earlier_term_is_not_committed_by_counting() {
    let with = Scenario {
        seed: 0,
        ..whole(&FIGURE_8)
    };
    let mut without = with.clone();
    without.defences.remove(FIGURE_8.rule);
    for (scenario, is_right) in [(&with, true), (&without, false)] {
        let facts = facts(scenario);
        let has = |name: &str, after: u64, wanted: &dyn Fn(&Fact) -> bool| {
            let mut facts = facts.iter();
            facts.any(|(ms, by, fact)| *ms >= after && by == name && wanted(fact))
        };
        let second = |term: i64| move |fact: &Fact| matches!(*fact, Fact::Logged { index: 2, term: of, .. } if of == term);
        let leads = |term: i64| move |fact: &Fact| *fact == Fact::Leads { term };
        let applies = |fact: &Fact| {
            matches!(
                fact,
                Fact::Applied {
                    index: 2,
                    term: 1,
                    ..
                }
            )
        };
        // (a) n1 leads term 1, and only n2 gets its second entry.
        assert!(has("n1", 0, &leads(1)) && has("n2", 2000, &second(1)));
        // (b) n5 leads term 2, and has another entry there, alone.
        assert!(has("n5", 2100, &leads(2)) && has("n5", 2100, &second(2)));
        assert!(
            !["n3", "n4"]
                .iter()
                .any(|name| has(name, 2100, &second(2)) && !has(name, 5000, &second(2)))
        );
        // (c) n1 leads term 3, and n3 gets its second entry: three of five have it. Then n1 crashes.
        assert!(has("n1", 4000, &leads(3)) && has("n3", 4000, &second(1)));
        assert_eq!(has("n1", 4000, &applies), !is_right);
        // (d) n5 leads term 4, and its entry replaces that of n1 at n3.
        let drops = |fact: &Fact| *fact == Fact::Truncated { index: 2 };
        assert!(has("n5", 4600, &leads(4)) && has("n3", 4600, &drops));
        let broken = violated(scenario);
        let is_unsafe = ["leader-completeness", "state-machine-safety"];
        assert_eq!(
            is_unsafe.map(|check| broken.iter().any(|id| id == check)),
            [!is_right; 2]
        );
    }
}

/// What checks say of drawn runs.
fn judge(family: Family, runs: u32) {
    let judged = each(runs, |run| {
        let scenario = drawn(run, family);
        let judged = Play::new(&scenario, &[]).hunt(None);
        let violated = ending(&scenario, &judged, is_violated);
        let undecided = ending(&scenario, &judged, |one| matches!(one, Judged::Undecided));
        let wrong = (!violated.is_empty()).then(|| format!("run {run}: {violated:?}"));
        let open = (!undecided.is_empty()).then(|| format!("run {run}: {undecided:?}"));
        (wrong, open)
    });
    let (wrong, open): (Vec<_>, Vec<_>) = judged.into_iter().unzip();
    let [wrong, open] = [wrong, open].map(|all| all.into_iter().flatten().collect::<Vec<_>>());
    println!("undecided: {open:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(open.len() * 20 <= runs as usize, "undecided: {open:#?}");
}

#[test]
fn with_all_rules_nothing_breaks_in_any_weather() {
    judge(Family::Wide, many("SLOWFIRE_DRAWS", 400));
}

#[test]
fn with_all_rules_nothing_breaks_where_much_is_written() {
    judge(Family::Dense, many("SLOWFIRE_DRAWS", 400) / 4);
}

/// Logs get longer than any bound that a disk might set, and whatever happened, clients are served once it is over.
#[test]
fn where_much_is_written_logs_get_long_and_clients_are_served_in_the_end() {
    let runs = many("SLOWFIRE_DRAWS", 400) / 4;
    let done = each(runs, |run| {
        let mut scenario = drawn(run, Family::Dense);
        scenario.checks.clear();
        let (mut longest, mut served) = (0, 0);
        for (ms, _, fact) in facts(&scenario) {
            match fact {
                Fact::Applied { index, .. } => longest = longest.max(index),
                Fact::Returned {
                    outcome: Outcome::Ok,
                    ..
                } if ms > 13_000 => served += 1,
                _ => {}
            }
        }
        (longest, served)
    });
    let long = done.iter().filter(|(longest, _)| *longest > 1100).count();
    println!("{long} long logs of {runs}");
    assert!(2 * long > runs as usize, "{long} of {runs}");
    let trapped = done
        .iter()
        .enumerate()
        .filter(|(_, (_, served))| *served == 0);
    let trapped: Vec<usize> = trapped.map(|(run, _)| run).collect();
    assert!(trapped.is_empty(), "nobody is served in {trapped:?}");
}

/// What breaks nothing because nothing happens would prove nothing.
#[test]
fn drawn_runs_elect_leaders_answer_clients_and_send_snapshots() {
    let done = each(100, |run| {
        let facts = facts(&drawn(run, Family::Wide));
        let count = |wanted: &dyn Fn(&Fact) -> bool| {
            facts.iter().filter(|(_, _, fact)| wanted(fact)).count()
        };
        [
            count(&|fact| matches!(fact, Fact::Leads { .. })),
            count(&|fact| {
                matches!(
                    fact,
                    Fact::Returned {
                        outcome: Outcome::Ok,
                        ..
                    }
                )
            }),
            count(&|fact| matches!(fact, Fact::Compacted { .. })),
            count(&|fact| matches!(fact, Fact::Truncated { .. })),
        ]
    });
    let of_each = |what: usize| -> usize { done.iter().map(|counts| counts[what]).sum() };
    let busy = done.iter().filter(|counts| counts[1] >= 20).count();
    let [leaders, answers, snapshots, repairs] = [0, 1, 2, 3].map(of_each);
    let all = format!("{leaders} {answers} {snapshots} {repairs}, {busy} busy");
    println!("{all}");
    assert!(
        leaders > 200 && answers > 5000 && snapshots > 300 && repairs > 20 && busy > 60,
        "{all}"
    );
}

/// Faults of every kind befall drawn runs, and reads, snapshots and changes of every kind are in them.
#[test]
fn drawn_runs_meet_faults_of_every_kind_but_the_loss_of_a_disk() {
    let met = each(200, |run| {
        let scenario = drawn(run, Family::Wide);
        let servers = scenario.nodes.iter().filter(|node| node.role == "server");
        let mut met = drawn::met(&scenario);
        met.insert(format!("{} servers", servers.count()));
        met
    });
    let runs_with = |word: &str| met.iter().filter(|met| met.contains(word)).count();
    let rare = [
        "Lost Link",
        "Lost Burst",
        "Lost Cut",
        "Lost QueueFull",
        "Lost Checksum",
        "Lost ReceiverDown",
        "Lost InboxFull",
        "Lost ReceiverCrashed",
        "Lost Filter",
        "Lost Hand",
        "Duplicate",
        "Queued",
        "Held",
        "Meddled",
        "Crash",
        "Restart",
        "Pause",
        "Resume",
        "Limp",
        "Network",
        "Setting",
        "Operation",
        "Clock Step",
        "Clock Slew",
        "Clock Rate",
        "Clock MonotonicRate",
        "Disk Unsynced",
        "Disk Torn",
        "Disk Slowed",
        "Members",
        "Truncated",
        "Compacted",
        "snapshot",
        "timeout-now",
        "read-index",
        "read-at",
        "wish",
        "PassedOver",
        "3 servers",
        "4 servers",
        "5 servers",
        "6 servers",
        "7 servers",
    ];
    let rare: Vec<_> = rare
        .map(|word| (word, runs_with(word)))
        .into_iter()
        .filter(|(_, runs)| *runs < 3)
        .collect();
    assert!(rare.is_empty(), "{rare:?}");
    assert_eq!(runs_with("Disk Wiped"), 0);
}
