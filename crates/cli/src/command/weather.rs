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
    /// The runs that left it undecided: the seed, and the link at its beginning.
    undecided: Vec<(u32, String)>,
    /// The link of the only run, if there is one alone.
    drawn: Option<String>,
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
    let states = found.claims.iter().map(Tried::state);
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
    /// What it comes to.
    fn state(&self) -> State {
        if !self.broken.is_empty() {
            State::Violated
        } else if !self.undecided.is_empty() {
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
                claim.drawn = (end - first == 1).then(|| group.link(first as u32, SimTime::ZERO));
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
                undecided: Vec::new(),
                drawn: None,
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
            let link = || group.link(*seed, SimTime::ZERO);
            if shown.undecided.contains(&check) {
                self.undecided.push((*seed, link()));
            }
        }
    }
}

fn to_json(found: &Found) -> Value {
    let run = |(seed, at, link): &(u32, SimTime, String)| json!({ "seed": seed, "at_ms": number(at.as_millis_f64()), "link": link });
    let undecided = |(seed, link): &(u32, String)| json!({ "seed": seed, "link": link });
    let claim = |claim: &Tried| {
        let mut value = json!({
            "of": claim.of,
            "check": claim.check,
            "broken": claim.broken.iter().map(run).collect::<Vec<_>>(),
            "undecided": claim.undecided.len(),
        });
        if !claim.undecided.is_empty() {
            value["undecided_runs"] = claim.undecided.iter().map(undecided).collect();
        }
        if let Some(drawn) = &claim.drawn {
            value["drawn"] = json!(drawn);
        }
        value
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
    let runs = match found.runs {
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    };
    let title = bold(&format!("{}, {runs} of each claim", link.lab.title));
    let mut lines = vec![format!("{title}  {}", faint(&format!("in {seconds:.2} s")))];
    if found.was_interrupted {
        lines.push("Interrupted; this is what was found until then.".to_owned());
    }
    for claim in &found.claims {
        lines.push(claim.told(found.runs));
        lines.extend(claim.links().map(|link| format!("             {link}")));
    }
    lines.join("\n")
}

impl Tried {
    /// What became of it in so many runs, in a line.
    fn told(&self, runs: u64) -> String {
        let (state, undecided) = (self.state(), self.undecided.len() as u64);
        let count = match state {
            State::Holds => runs,
            State::Undecided => undecided,
            State::Violated => self.broken.len() as u64,
        };
        let also = match state {
            State::Violated if undecided > 0 => format!(", {undecided} undecided"),
            _ => String::new(),
        };
        let (sign, of, check) = (sign(state), &self.of, &self.check);
        format!("{sign}  {count} of {runs}{also}: {check} of {of}")
    }

    /// The runs that are worth a look: with the weather that was drawn for them.
    fn links(&self) -> impl Iterator<Item = &String> {
        let broken = self.broken.iter().map(|(_, _, link)| link);
        let undecided = self.undecided.iter().map(|(_, link)| link);
        let is_told = self.broken.is_empty() && self.undecided.is_empty();
        let drawn = self.drawn.iter().filter(move |_| is_told);
        broken.chain(undecided).chain(drawn)
    }
}
