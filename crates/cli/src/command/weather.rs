//! `slowfire hunt --weather claimed`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use check::watch::State;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use scenario::link::Link;
use scenario::run::sweep::{Group, Shown, groups};
use serde_json::{Value, json};
use sim::SimTime;

use super::seeds::{SEEDS_PER_JOB, progress};
use crate::args::{HuntArguments, Seeds};
use crate::report::{Ending, bold, faint, number, say, say_json, sign};
use crate::{input, interrupt};

/// A claim, and what became of it in the weather that it withstands.
struct Tried {
    /// The lab with the claim's switches and settings.
    of: String,
    check: String,
    /// The runs that broke it: the seed, the moment, the link.
    broken: Vec<(u32, SimTime, String)>,
    undecided: u64,
}

/// All claims of a lab.
struct Found {
    claims: Vec<Tried>,
    /// In how much weather each claim was tried.
    runs: u64,
    time: Duration,
    was_interrupted: bool,
}

/// Runs the lab's defended runs in weather that they are said to withstand.
pub fn hunt(arguments: &HuntArguments) -> anyhow::Result<Ending> {
    let subject = &arguments.subject;
    let link = input::subject(subject, None)?;
    let is_changed = !link.variant.query(&link.lab.scenario).is_empty();
    if is_changed || subject.until.is_some() {
        bail!(
            "--weather claimed takes a lab as it is: its claims say the switches, the settings and the end"
        );
    }
    let groups = groups(link.lab.clone());
    if groups.is_empty() {
        bail!(
            "{} claims nothing that holds, in its `expectations`",
            subject.input
        );
    }
    let found = search(arguments, &groups, interrupt::listen()?)?;
    if arguments.json {
        say_json(&to_json(&found))?;
    } else {
        say(&told(&link, &found))?;
    }
    let states = found.claims.iter().map(|claim| claim.state(found.runs));
    // Weather that was not tried may break what holds in the rest.
    let at_best = if found.was_interrupted {
        Ending::Undecided
    } else {
        Ending::Well
    };
    Ok(states.fold(at_best, |worst, state| match (worst, state) {
        (Ending::Violated, _) | (_, State::Violated) => Ending::Violated,
        (Ending::Undecided, _) | (_, State::Undecided) => Ending::Undecided,
        _ => worst,
    }))
}

impl Tried {
    /// What it comes to. A claim that is left undecided now and then still stands.
    fn state(&self, runs: u64) -> State {
        if !self.broken.is_empty() {
            State::Violated
        } else if self.undecided * 20 > runs {
            State::Undecided
        } else {
            State::Holds
        }
    }
}

fn search(
    arguments: &HuntArguments,
    groups: &[Group],
    interrupted: &AtomicBool,
) -> anyhow::Result<Found> {
    let jobs = arguments.jobs.map_or(0, std::num::NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let block = pool.current_num_threads() as u64 * SEEDS_PER_JOB;
    let Seeds { first, end } = arguments.seeds;
    let bar = progress(end - first);
    let began = Instant::now();
    let mut found = Found::nothing(groups);
    let mut next = first;
    while next < end && !found.was_interrupted {
        let seeds = next..end.min(next + block);
        found.runs += seeds.end - seeds.start;
        next = seeds.end;
        let mut claims = found.claims.iter_mut();
        for group in groups {
            // A range of seeds ends within 32 bits.
            let shown = |seed: u64| (seed as u32, group.shown(seed as u32));
            let shown: Vec<_> = pool.install(|| seeds.clone().into_par_iter().map(shown).collect());
            for (check, claim) in claims.by_ref().take(group.checks().count()).enumerate() {
                claim.take(check, &shown, group);
            }
        }
        bar.set_position(found.runs);
        found.was_interrupted = interrupted.load(Ordering::Relaxed);
        if arguments.first && found.claims.iter().any(|claim| !claim.broken.is_empty()) {
            break;
        }
    }
    bar.finish_and_clear();
    found.time = began.elapsed();
    Ok(found)
}

impl Found {
    fn nothing(groups: &[Group]) -> Found {
        let claims = groups.iter().flat_map(|group| {
            group.checks().map(|check| Tried {
                of: group.name(),
                check: check.to_owned(),
                broken: Vec::new(),
                undecided: 0,
            })
        });
        Found {
            claims: claims.collect(),
            runs: 0,
            time: Duration::ZERO,
            was_interrupted: false,
        }
    }
}

impl Tried {
    /// Takes in what the group's check at this place showed.
    fn take(&mut self, check: usize, all: &[(u32, Shown)], group: &Group) {
        for (seed, shown) in all {
            let broken = shown.broken.iter().filter(|(place, _)| *place == check);
            self.broken
                .extend(broken.map(|(_, at)| (*seed, *at, group.link(*seed, *at))));
            self.undecided += u64::from(shown.undecided.contains(&check));
        }
    }
}

fn to_json(found: &Found) -> Value {
    let run = |(seed, at, link): &(u32, SimTime, String)| json!({ "seed": seed, "at_ms": number(at.as_millis_f64()), "link": link });
    let claim = |claim: &Tried| {
        json!({
            "of": claim.of,
            "check": claim.check,
            "broken": claim.broken.iter().map(run).collect::<Vec<_>>(),
            "undecided": claim.undecided,
        })
    };
    let mut value = json!({
        "runs": found.runs,
        "seconds": found.time.as_secs_f64(),
        "claims": found.claims.iter().map(claim).collect::<Vec<_>>(),
    });
    if found.was_interrupted {
        value["interrupted"] = json!(true);
    }
    value
}

fn told(link: &Link, found: &Found) -> String {
    let seconds = found.time.as_secs_f64();
    let title = bold(&format!(
        "{}, {} runs of each claim",
        link.lab.title, found.runs
    ));
    let mut lines = vec![format!("{title}  {}", faint(&format!("in {seconds:.2} s")))];
    if found.was_interrupted {
        lines.push("Interrupted; this is what was found until then.".to_owned());
    }
    for claim in &found.claims {
        let state = claim.state(found.runs);
        let count = match state {
            State::Holds => found.runs - claim.undecided,
            State::Undecided => claim.undecided,
            State::Violated => claim.broken.len() as u64,
        };
        let (of, check, runs) = (&claim.of, &claim.check, found.runs);
        lines.push(format!(
            "{}  {count} of {runs}: {check} of {of}",
            sign(state)
        ));
        let links = claim
            .broken
            .iter()
            .map(|(_, _, link)| format!("             {link}"));
        lines.extend(links);
    }
    lines.join("\n")
}
