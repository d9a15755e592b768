//! The chain that a reader walks is the checker's, in every lab; and what a run is without a fault of it is known.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::borrow::Cow;

use check::watch::why::explain;
use scenario::Run;
use scenario::lab::{self, Expected, Lab};
use scenario::link::Link;
use scenario::run::play::{Judged, Play};
use scenario::run::{Chain, MOST_LINKS};
use sim::SimTime;

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
        let events = match check.case() {
            Some(case) => explain(run.timeline().events(), &case.events, case.event).events,
            None => finding.events.clone(),
        };
        let told: Vec<_> = events
            .iter()
            .filter(|id| chain.links.contains(id))
            .collect();
        assert_eq!(told, chain.links.iter().collect::<Vec<_>>(), "{lab}");
        assert_eq!(chain.links.len() + chain.left_out, events.len(), "{lab}");
        assert_eq!(chain.left_out > 0, events.len() > MOST_LINKS, "{lab}");
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

#[test]
fn what_would_be_without_a_fault_is_what_a_run_without_it_brings() {
    let (mut tried, mut saved) = (0, 0);
    for (lab, mut run, chain) in all_chains() {
        let mut what_if = run.what_if(&chain);
        while !what_if.go_on(1000) {}
        for trial in &what_if.trials {
            let judged = trial.judged.as_ref().expect("all are known");
            assert!(chain.links.contains(&trial.event));
            let link = run.link();
            assert!(run.take_away(trial.event), "{lab}");
            let alone = Play::new(run.scenario(), run.deeds()).hunt(None);
            let violated =
                |judged: &[Judged]| -> Vec<_> { judged.iter().map(Judged::violated_at).collect() };
            assert_eq!(violated(&alone), violated(judged), "{lab}: {}", run.link());
            saved += usize::from(judged[chain.check].violated_at().is_none());
            tried += 1;
            assert!(run.undo());
            run.seek(SimTime::NEVER);
            assert_eq!(run.link(), link);
        }
    }
    println!("{saved} of {tried} faults save their runs");
    assert!(tried > 20 && saved > 5, "{saved} of {tried}");
}
