//! Every lab's claims, over many seeds.
//!
//! `SLOWFIRE_SEEDS=5000 cargo test -p slowfire-scenario --test labs` runs more of them.

#[path = "common/draws.rs"]
mod draws;

use std::thread;

use check::watch::State;
use protocols::find;
use scenario::Run;
use scenario::deed::Timed;
use scenario::document::Scenario;
use scenario::lab::{self, Expectation, Expected, Lab, Moment};
use scenario::link::Link;
use scenario::run::play::{Judged, Play};
use scenario::run::{Coming, build};
use sim::trace::{Event, Fact};
use sim::{Observer, SimDuration, SimTime};

/// How many seeds each claim is tried on.
fn seeds() -> u32 {
    draws::many("SLOWFIRE_SEEDS", 300)
}

/// What the claim's check says with each of the seeds `first`, `first + step`, ...
fn judged(lab: &Lab, claim: &Expectation, first: u32, step: usize) -> Vec<(u32, Judged)> {
    let mut variant = claim.variant(&lab.scenario);
    let judge = |seed: u32| {
        variant.scenario.seed = seed;
        let mut checks = Play::new(&variant.scenario, &variant.deeds).hunt(None);
        (seed, checks.swap_remove(claim.check))
    };
    (first..seeds()).step_by(step).map(judge).collect()
}

/// What the claim's check says with each seed, in order.
fn judged_on_two_threads(lab: &Lab, claim: &Expectation) -> Vec<(u32, Judged)> {
    let mut seeds = thread::scope(|scope| {
        let other = scope.spawn(|| judged(lab, claim, 1, 2));
        let mut mine = judged(lab, claim, 0, 2);
        mine.extend(other.join().expect("a run does not panic"));
        mine
    });
    seeds.sort_unstable_by_key(|(seed, _)| *seed);
    seeds
}

/// The seeds of which the check says this.
fn which(judged: &[(u32, Judged)], says: impl Fn(&Judged) -> bool) -> Vec<u32> {
    let found = judged.iter().filter(|(_, judged)| says(judged));
    found.map(|(seed, _)| *seed).collect()
}

/// Whether a claim is met if its check is violated in `violated` of `seeds` seeds.
fn is_met(expected: Expected, violated: usize, seeds: usize) -> bool {
    let share = violated as f64 / seeds as f64;
    match expected {
        Expected::Holds => violated == 0,
        Expected::Violated(least) => share >= least,
        Expected::Rare(most) => share <= most,
    }
}

/// A lab that cannot be read is in no list of labs, and no test of labs would miss it.
#[test]
fn every_lab_that_is_carried_can_be_read() {
    let unread: Vec<&str> = lab::ids().filter(|id| lab::find(id).is_none()).collect();
    assert_eq!(
        unread, [""; 0],
        "`slowfire validate` says what is wrong with these labs"
    );
}

#[test]
fn every_expectation_of_every_lab_is_met() {
    for lab in lab::labs() {
        assert!(!lab.expectations.is_empty(), "{} claims nothing", lab.id);
        for claim in &lab.expectations {
            let judged = judged_on_two_threads(lab, claim);
            let violated = which(&judged, |judged| matches!(judged, Judged::Violated(_)));
            let (count, seeds) = (violated.len(), judged.len());
            let (off, on, link) = (&claim.off, &claim.on, &claim.link);
            let name = format!("{}, off {off:?}, on {on:?}, {link:?}", lab.id);
            println!("{name}: {count} of {seeds}");
            assert!(
                is_met(claim.verdict, count, seeds),
                "{name}: {:?}, but violated in {count} of {seeds}, with seeds {:?}",
                claim.verdict,
                &violated[..count.min(10)]
            );
            // What holds because nothing was put to the test would prove nothing.
            let undecided = which(&judged, |judged| *judged == Judged::Undecided);
            assert!(
                undecided.len() * 20 <= seeds,
                "{name}: undecided with {} of {seeds} seeds",
                undecided.len()
            );
        }
    }
}

#[test]
fn no_lab_reaches_its_bound_of_events() {
    for lab in lab::labs() {
        for seed in 0..10 {
            let mut scenario = lab.scenario.clone();
            scenario.seed = seed;
            let outcome = Play::new(&scenario, &[]).to_end(None, |_, _| {});
            assert_eq!(outcome.stopped(), None, "{} with seed {seed}", lab.id);
        }
    }
}

#[test]
fn what_a_lab_shows_first_is_a_failure() {
    for lab in lab::labs() {
        let mut timeline = build::timeline(&lab.scenario, &[]);
        timeline.seek(SimTime::ZERO + lab.scenario.duration);
        let first = timeline.observer().violations().first().copied();
        let first =
            first.unwrap_or_else(|| panic!("{} shows no failure with its own seed", lab.id));
        let at = timeline.events()[first.index()].time;
        let watched = at.as_millis_f64() / 1000.0 / lab.speed;
        assert!(
            watched <= 20.0,
            "{} shows its failure after {watched} s of watching",
            lab.id
        );
    }
}

#[test]
fn nothing_begins_and_nothing_breaks_after_what_a_lab_shows() {
    for lab in lab::labs() {
        let mut guarded = lab.scenario.clone();
        guarded.defences.extend(lab.switches.iter().copied());
        let shown = SimTime::ZERO + lab.shown;
        for scenario in [&lab.scenario, &guarded] {
            let begins = |event: &Event| matches!(event.fact(), Some(Fact::Invoked { .. }));
            let mut last = SimTime::ZERO;
            Play::new(scenario, &[]).to_end(None, |_, event| {
                if begins(event) {
                    last = event.time;
                }
            });
            let judged = Play::new(scenario, &[]).hunt(None);
            let violated = judged.iter().filter_map(Judged::violated_at).max();
            let last = violated.map_or(last, |at| at.max(last));
            assert!(last <= shown, "{}: {last} is after {shown}", lab.id);
        }
    }
}

#[test]
fn every_step_of_every_story_comes_with_the_labs_own_seed() {
    for lab in lab::labs() {
        let (mut run, problems) = Run::open(&format!("#/{}", lab.id));
        assert_eq!(problems, []);
        run.seek(SimTime::ZERO + lab.scenario.duration);
        let mut before = SimTime::ZERO;
        for (step, reached) in run.story() {
            let Coming::Known(reached) = reached else {
                panic!("{} never tells: {}", lab.id, step.text)
            };
            assert!(
                reached.at >= before,
                "{} goes back in time to: {}",
                lab.id,
                step.text
            );
            before = reached.at;
        }
    }
}

#[test]
fn where_a_violation_is_seen_the_check_says_so() {
    for lab in lab::labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        run.seek(SimTime::ZERO + lab.scenario.duration);
        let told = run
            .story()
            .filter_map(|(step, reached)| match &step.moment {
                Moment::When(pattern) => match reached {
                    Coming::Known(reached) => Some((pattern.violates?, reached.at)),
                    Coming::Open | Coming::Never => None,
                },
                Moment::At(_) => None,
            });
        let verdicts = run.verdicts().into_iter();
        let seen = (0..).zip(verdicts);
        let seen = seen.filter_map(|(check, verdict)| Some((check, verdict.seen_at?)));
        let moments: Vec<(usize, SimTime)> = told.chain(seen).collect();
        assert!(!moments.is_empty(), "{} shows no violation", lab.id);
        for (check, at) in moments {
            run.seek(at);
            let verdict = &run.verdicts()[check];
            let (id, label) = (&lab.id, &verdict.check.label);
            assert_eq!(verdict.state, State::Violated, "{id}: {label} at {at:?}");
        }
    }
}

#[test]
fn every_switch_that_a_lab_shows_is_part_of_what_it_claims() {
    for lab in lab::labs() {
        for switch in &lab.switches {
            let is_on = |claim: &&Expectation| claim.defences(&lab.scenario).contains(switch);
            let (with, without): (Vec<_>, Vec<_>) = lab.expectations.iter().partition(is_on);
            let breaks = |claim: &&Expectation| matches!(claim.verdict, Expected::Violated(_));
            assert!(!with.is_empty(), "{}: nothing with {switch} on", lab.id);
            assert!(
                without.iter().any(breaks),
                "{}: nothing breaks with {switch} off",
                lab.id
            );
        }
    }
}

/// Which checks a variant violates, and when.
fn violated(scenario: &Scenario, deeds: &[Timed]) -> Vec<(String, SimTime)> {
    let judged = Play::new(scenario, deeds).hunt(None);
    let broken = scenario.checks.iter().zip(judged);
    let broken = broken.filter_map(|(check, judged)| match judged {
        Judged::Violated(finding) => Some((check.id.clone(), finding.at)),
        Judged::Holds | Judged::Undecided => None,
    });
    broken.collect()
}

/// What breaks without each of Raft's rules, in the lab that has a thing to try for it.
const SEEN_BY: [(&str, &str); 26] = [
    ("randomised-timeouts", "ends"),
    ("pre-vote", "steady"),
    ("check-quorum", "answered"),
    ("step-down", "clients"),
    ("step-down", "ends"),
    ("ignore-stale-terms", "one-leader"),
    ("persist-log", "complete"),
    ("truncate-on-conflict-only", "complete"),
    ("match-from-request", "applied"),
    ("commit-capped", "applied"),
    ("read-after-own-commit", "clients"),
    ("wait-for-apply", "clients"),
    ("lease-needs-clock-bound", "clients"),
    ("joint-consensus", "one-leader"),
    ("joint-consensus", "applied"),
    ("one-change-at-a-time", "one-leader"),
    ("one-change-at-a-time", "applied"),
    ("own-entry-before-change", "applied"),
    ("config-on-append", "one-leader"),
    ("learners-catch-up", "ends"),
    ("snapshot-before-truncate", "complete"),
    ("snapshot-keeps-term", "logs"),
    ("newer-snapshot-only", "applied"),
    ("snapshot-has-sessions-and-config", "clients"),
    ("unknown-is-unknown", "refused"),
    ("sessions", "clients"),
];

/// So long a reader watches before it breaks.
const WATCHED: SimDuration = SimDuration::from_secs(10);

/// A rule is reachable where a lab has a switch for it, or a thing to try that leaves it out.
#[test]
fn what_breaks_without_a_rule_of_raft_is_in_a_lab() {
    let of_raft = || {
        lab::labs()
            .iter()
            .filter(|lab| lab.scenario.protocol.id == "raft")
    };
    let mut tried: Vec<&str> = of_raft()
        .flat_map(|lab| lab.switches.iter().copied())
        .collect();
    for lab in of_raft().filter(|lab| lab.id == "raft-rules") {
        for one in &lab.tries {
            let (link, problems) = Link::parse(&format!("#/{}?{}", lab.id, one.link));
            assert_eq!(problems, [], "{}", one.text);
            let mut with = link.variant.scenario;
            let deeds = link.variant.deeds;
            let rules = with.protocol.defences.iter().map(|spec| spec.id);
            let off: Vec<&str> = rules.filter(|id| !with.defences.contains(id)).collect();
            let shown = link.variant.at.expect("a thing to try names its moment");
            let broken = violated(&with, &deeds);
            let seen_by = SEEN_BY.iter().filter(|(rule, _)| off.contains(rule));
            let seen_by: Vec<&str> = seen_by.map(|(_, check)| *check).collect();
            let at = |check: &&str| Some(broken.iter().find(|(id, _)| id == check)?.1);
            let in_time = |at: SimTime| shown < at && at < shown + WATCHED;
            let first = seen_by.iter().filter_map(at).min();
            // With all rules there is nothing to see.
            assert_eq!(first.is_some_and(in_time), !off.is_empty(), "{}", one.text);
            assert!(
                seen_by.iter().all(|check| at(check).is_some()),
                "without {off:?}, shown at {shown:?}, {seen_by:?}: {broken:?}: {}",
                one.text
            );
            with.defences.extend(off.iter().copied());
            assert_eq!(violated(&with, &deeds), [], "with {off:?}: {}", one.text);
            tried.extend(off);
        }
    }
    let rules = find("raft").expect("there is Raft").defences.iter();
    let unseen: Vec<&str> = rules
        .map(|spec| spec.id)
        .filter(|id| !tried.contains(id))
        .collect();
    assert_eq!(unseen, [""; 0], "no lab shows what breaks without these");
}
