//! The chain that a reader walks is the checker's, in every lab; and what a run is without a fault of it is known.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::borrow::Cow;

use check::watch::why::explain;
use scenario::Run;
use scenario::lab::{self, Expected, Lab};
use scenario::link::Link;
use scenario::run::play::{Judged, Play};
use scenario::run::{Chain, MOST_LINKS, Trial, TrialKind};
use sim::trace::{Event, EventKind};
use sim::{EventId, SimTime};

/// The runs in which a lab claims that a check is violated, at their ends.
fn violated_runs(lab: &'static Lab) -> impl Iterator<Item = (String, Run)> {
    let claims = lab.expectations.iter();
    let claims = claims.filter(|claim| matches!(claim.verdict, Expected::Violated(_)));
    claims.map(move |claim| {
        let variant = claim.variant(&lab.scenario);
        let check = variant.scenario.checks[claim.check].id.clone();
        let lab = Cow::Borrowed(lab);
        let mut run = Run::of_link(Link { lab, variant });
        run.seek(SimTime::NEVER);
        (check, run)
    })
}

fn all_chains() -> impl Iterator<Item = (&'static str, Run, Chain)> {
    lab::labs().iter().flat_map(|lab| {
        violated_runs(lab).filter_map(|(check, run)| {
            let chain = run.chain(&check)?;
            Some((&*lab.id, run, chain))
        })
    })
}

#[test]
fn the_chain_of_every_lab_is_the_checkers() {
    let mut walked = 0;
    for (lab, run, chain) in all_chains() {
        let check = run.watch().checks().nth(chain.check).unwrap();
        let finding = check.finding().unwrap();
        let case = check.case().unwrap();
        let why = explain(run.timeline().events(), &case.events, case.event);
        let of_the_checker = |id| why.events.contains(id);
        let told = chain.links.iter().filter(|id| of_the_checker(id)).count();
        // Where it finds no trouble, the run may know what made clocks differ.
        let more = chain.links.len() - told;
        assert!(more == 0 || why.key().is_empty(), "{lab}: {more} more");
        assert_eq!(told + chain.left_out, why.events.len(), "{lab}");
        assert!(chain.links.is_sorted(), "{lab}");
        let all = chain.links.len() + chain.left_out;
        assert_eq!(chain.left_out > 0, all > MOST_LINKS, "{lab}");
        assert!(
            chain.links.contains(finding.events.last().unwrap()),
            "{lab} leaves out the end"
        );
        let last = chain.links.last().unwrap();
        assert!(
            run.timeline().events()[last.index()].time <= chain.seen_at,
            "{lab}"
        );

        walked += 1;
    }
    assert!(walked > 30, "{walked} chains");
}

#[test]
fn a_check_that_holds_has_no_chain() {
    let (mut run, _) = Run::open("#/double-charge?on=idempotency-key");
    run.seek(SimTime::NEVER);
    for check in &run.scenario().checks {
        assert_eq!(run.chain(&check.id), None);
    }
}

/// What can be taken away from a chain, when all is known of it.
fn trials(run: &Run, chain: &Chain) -> Vec<Trial> {
    let mut what_if = run.what_if(chain);
    while !what_if.go_on(1000) {}
    what_if.trials
}

#[test]
fn what_would_be_without_a_fault_is_what_its_link_brings() {
    let (mut tried, mut saved, mut planned) = (0, 0, 0);
    for (lab, mut run, chain) in all_chains() {
        for trial in trials(&run, &chain) {
            let judged = trial.judged.as_ref().expect("all are known");
            assert!(trial.events.iter().all(|event| chain.links.contains(event)));
            if trial.kind == TrialKind::Fault {
                tried += 1;
                saved += usize::from(judged[chain.check] == Judged::Holds);
            }
            let link = run.link();
            let twin = trial.twin(run.scenario());
            let is_two = matches!(trial.kind, TrialKind::Both(_));
            assert_eq!(twin.is_none(), is_two, "{lab}");
            let beside = twin.map(|twin| run.flipped_link(&twin).expect("it can be flipped"));
            run.take_away(&trial);
            planned += usize::from(run.link().contains("without="));
            if let Some(beside) = beside {
                assert_eq!(run.link(), beside, "{lab}");
            }
            let (again, problems) = Run::open(&run.link_from_start());
            assert_eq!(problems, [], "{lab}");
            let alone = Play::new(again.scenario(), again.deeds()).hunt(None);
            for (place, (alone, judged)) in alone.iter().zip(judged).enumerate() {
                let said = if trial.moot[place] {
                    &Judged::Undecided
                } else {
                    judged
                };
                assert_eq!(alone, said, "{lab}: {}", run.link());
            }
            assert!(run.undo());
            run.seek(SimTime::NEVER);
            assert_eq!(run.link(), link);
        }
    }
    println!("{saved} of {tried} faults save their runs, {planned} are of a plan");
    assert!(tried - planned > 20 && saved > 5 && planned > 5);
}

/// The run of a link at its end, and the chain of the first check that is violated in it.
fn explained(link: &str) -> (Run, Chain) {
    let (mut run, problems) = Run::open(link);
    assert_eq!(problems, [], "{link}");
    run.seek(SimTime::NEVER);
    let checks = run.scenario().checks.iter();
    let chain = checks.filter_map(|check| run.chain(&check.id)).next();
    (run, chain.unwrap())
}

#[test]
fn a_fault_of_the_plan_is_tried_and_not_taken_for_another_one() {
    let ours = "do=pause:ben@1.4s,resume:ben@1.45s";
    let (mut run, chain) = explained(&format!("#/lease-and-pause?{ours}"));
    let ann = run.scenario().node("ann").unwrap();
    let events = run.timeline().events();
    let is_her_pause = |event: &Event| event.kind == EventKind::Pause && event.node == ann;
    let mut trials = trials(&run, &chain).into_iter();
    let trial = trials.find(|trial| is_her_pause(&events[trial.events[0].index()]));
    let trial = trial.unwrap();
    let judged = trial.judged.as_ref().unwrap();
    assert!(judged[chain.check] != Judged::Undecided);
    run.take_away(&trial);
    let link = run.link();
    assert!(
        link.contains(ours) && link.contains("without=pause:ann@"),
        "{link}"
    );
}

#[test]
fn whether_a_run_without_a_fault_is_as_well_as_before_is_decided_though_nothing_has_to_recover() {
    let (run, chain) = explained("#/retry-storm");
    let trials = trials(&run, &chain);
    let stall = trials.iter().find(|trial| {
        let twin = trial.twin(run.scenario()).unwrap_or_default();
        twin.starts_with("pause:server@")
    });
    let stall = stall.expect("the stall is of the plan");
    let judged = stall.judged.as_ref().unwrap();
    assert!(stall.moot[chain.check]);
    assert_eq!(judged[chain.check], Judged::Holds);
}

#[test]
fn a_setting_behind_a_chain_is_tried_as_usual() {
    for (link, says) in [
        ("#/last-write-wins", "Clock skew, n2: 0 s, not −400 ms"),
        ("#/double-charge?loss=0&latency.bank..alice=3s", "Latency, "),
        (
            "#/double-charge?loss=0&do=latency.bank..alice:3s@1s",
            "not “Latency, ",
        ),
    ] {
        let (mut run, chain) = explained(link);
        let trials = trials(&run, &chain);
        let said = |trial: &Trial| {
            let said = trial.says.clone().unwrap_or_default();
            said.replace('\u{a0}', " ")
        };
        let all: Vec<String> = trials.iter().map(said).collect();
        let found = trials.iter().find(|trial| said(trial).contains(says));
        let trial = found.unwrap_or_else(|| panic!("{link}: {all:?}"));
        let before = run.link_from_start();
        run.take_away(trial);
        assert_ne!(run.link_from_start(), before, "{link}");
        assert!(run.undo(), "{link}");
    }
}

/// A violation that no single fault explains away is not left without a word: a defence saves the run, or two changes do.
#[test]
fn where_no_single_fault_saves_a_run_it_is_known_what_does() {
    for lab in lab::labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        run.seek(SimTime::NEVER);
        let checks = run.scenario().checks.iter();
        for chain in checks.filter_map(|check| run.chain(&check.id)) {
            let trials = trials(&run, &chain);
            let saving =
                |trial: &&Trial| trial.judged.as_ref().unwrap()[chain.check] == Judged::Holds;
            let kinds: Vec<TrialKind> = trials
                .iter()
                .filter(saving)
                .map(|trial| trial.kind)
                .collect();
            let has_two = trials
                .iter()
                .any(|trial| matches!(trial.kind, TrialKind::Both(_)));
            let singles = kinds
                .iter()
                .filter(|kind| !matches!(kind, TrialKind::Both(_)));
            assert!(!has_two || singles.count() == 0, "{}", lab.id);
            // There, what saves a run is to give something up.
            let may_be_lost = lab.id == "bank-or-social";
            assert!(
                !kinds.is_empty() || may_be_lost,
                "{}: {}",
                lab.id,
                chain.sentence
            );
        }
    }
}

#[test]
fn a_clock_that_is_turned_in_the_run_is_a_fault() {
    let (run, trials) = faults("skew.bank:350ms@3s", EventKind::Clock);
    let twins: Vec<_> = trials
        .iter()
        .filter_map(|trial| trial.twin(run.scenario()))
        .collect();
    assert_eq!(twins, ["skew.bank:350ms@3s"]);
}

/// The first lab with these deeds, at its end; and what can be taken away from a chain of all its events of a kind.
fn faults(deeds: &str, kind: EventKind) -> (Run, Vec<Trial>) {
    let (mut run, problems) = Run::open(&format!("#/double-charge?do={deeds}"));
    assert_eq!(problems, [], "{deeds}");
    run.seek(SimTime::NEVER);
    let events = run.timeline().events().iter().zip(0..);
    let its = events.filter(|(event, _)| event.kind == kind);
    let chain = Chain {
        check: 0,
        links: its.map(|(_, place)| EventId(place)).collect(),
        left_out: 0,
        seen_at: SimTime::ZERO,
        sentence: String::new(),
    };
    let mut trials = run.what_if(&chain).trials;
    // The lab's own clocks and defences are off.
    trials.retain(|trial| trial.kind == TrialKind::Fault);
    (run, trials)
}

#[test]
fn of_faults_at_one_moment_the_one_that_is_meant_is_taken_away() {
    for (one, other, kind) in [
        ("pause:alice@3s", "pause:bank@3s", EventKind::Pause),
        ("limp:alice*5@3s", "limp:bank*5@3s", EventKind::Limp),
        ("limp:bank*5@3s", "limp:bank*9@3s", EventKind::Limp),
        ("step:alice-1s@3s", "step:bank+1s@3s", EventKind::Clock),
        (
            "skew.bank:350ms@3s",
            "drift.bank:200ppm@3s",
            EventKind::Clock,
        ),
        ("cut:alice-bank@3s", "cut:bob-bank@3s", EventKind::Network),
    ] {
        let (mut run, trials) = faults(&format!("{one},{other}"), kind);
        assert_eq!(trials.len(), 2, "{one}, {other}");
        for (trial, left) in trials.iter().zip([other, one]) {
            run.take_away(trial);
            let link = run.link_from_start();
            assert!(link.ends_with(&format!("do={left}")), "{link}");
            assert!(run.undo());
            run.seek(SimTime::NEVER);
        }
    }
}

#[test]
fn what_one_deed_does_is_one_fault_and_what_makes_up_for_it_is_none() {
    for (deeds, kind, events) in [
        ("crash:alice+bob+bank@3s", EventKind::Crash, 3),
        ("limp:bank*5@3s,limp:bank*1@4s", EventKind::Limp, 1),
        ("slowdisk:bank*5@3s,slowdisk:bank*1@4s", EventKind::Disk, 1),
    ] {
        let (_, trials) = faults(deeds, kind);
        assert_eq!(trials.len(), 1, "{deeds}");
        assert_eq!(trials[0].events.len(), events, "{deeds}");
    }
}
