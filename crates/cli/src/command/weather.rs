//! `slowfire hunt --weather claimed`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use check::watch::State;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use scenario::link::Link;
use scenario::run::sweep::{Group, Spell, Tried, groups};
use serde_json::{Value, json};
use sim::SimTime;

use super::seeds::{SEEDS_PER_JOB, progress};
use crate::args::{HuntArguments, Seeds};
use crate::report::{Ending, bold, faint, number, say, say_json, sign};
use crate::{input, interrupt};

/// A claim, with the link of each run that broke it.
struct Claim {
    tried: Tried,
    links: Vec<String>,
}

/// All claims of a lab.
struct Found {
    claims: Vec<Claim>,
    /// How many seeds were tried.
    seeds: u64,
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
    let states = found.claims.iter().map(|claim| claim.tried.state());
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
    let mut found = Found {
        claims: Vec::new(),
        seeds: 0,
        time: Duration::ZERO,
        was_interrupted: false,
    };
    let mut claims: Vec<Vec<Tried>> = groups.iter().map(Group::claims).collect();
    let mut next = first;
    while next < end && !found.was_interrupted {
        let last = end.min(next + block);
        found.seeds += last - next;
        // A range of seeds ends within 32 bits.
        let seeds = next as u32..last as u32;
        next = last;
        for (group, claims) in groups.iter().zip(&mut claims) {
            let spells = group.spells(seeds.clone());
            let judged: Vec<_> = pool.install(|| {
                let spells = spells.par_iter();
                spells.map(|spell| (*spell, group.judged(*spell))).collect()
            });
            for (spell, judged) in judged {
                Group::take(claims, spell, &judged);
            }
        }
        bar.set_position(found.seeds);
        found.was_interrupted = interrupted.load(Ordering::Relaxed);
        if arguments.first
            && claims
                .iter()
                .flatten()
                .any(|claim| !claim.broken.is_empty())
        {
            break;
        }
    }
    bar.finish_and_clear();
    found.time = began.elapsed();
    let claims = groups.iter().zip(claims);
    let linked =
        claims.flat_map(|(group, claims)| claims.into_iter().map(|tried| Claim::new(tried, group)));
    found.claims = linked.collect();
    Ok(found)
}

impl Claim {
    fn new(tried: Tried, group: &Group) -> Claim {
        let broken = tried.broken.iter();
        let links = broken.map(|(spell, at)| group.link(*spell, *at)).collect();
        Claim { tried, links }
    }
}

fn to_json(found: &Found) -> Value {
    let mut value = json!({
        "runs": found.seeds,
        "seconds": found.time.as_secs_f64(),
        "claims": found.claims.iter().map(claim_json).collect::<Vec<_>>(),
    });
    if found.was_interrupted {
        value["interrupted"] = json!(true);
    }
    value
}

fn claim_json(claim: &Claim) -> Value {
    let Claim { tried, links } = claim;
    let broken = tried.broken.iter().zip(links);
    let run = |((spell, at), link): (&(Spell, SimTime), &String)| json!({ "seed": spell.seed, "at_ms": number(at.as_millis_f64()), "link": link });
    json!({
        "of": tried.of,
        "check": tried.check,
        "runs": tried.runs,
        "broken": broken.map(run).collect::<Vec<_>>(),
        "undecided": tried.undecided.len(),
    })
}

fn told(link: &Link, found: &Found) -> String {
    let seconds = found.time.as_secs_f64();
    let title = bold(&format!("{}, {} seeds", link.lab.title, found.seeds));
    let mut lines = vec![format!("{title}  {}", faint(&format!("in {seconds:.2} s")))];
    if found.was_interrupted {
        lines.push("Interrupted; this is what was found until then.".to_owned());
    }
    for Claim { tried, links } in &found.claims {
        let state = tried.state();
        let (broken, undecided) = (tried.broken.len(), tried.undecided.len());
        let count = match state {
            State::Holds => tried.runs as usize - undecided,
            State::Undecided => undecided,
            State::Violated => broken,
        };
        let Tried {
            of, check, runs, ..
        } = tried;
        lines.push(format!(
            "{}  {count} of {runs}: {check} of {of}",
            sign(state)
        ));
        lines.extend(links.iter().map(|link| format!("             {link}")));
    }
    lines.join("\n")
}
