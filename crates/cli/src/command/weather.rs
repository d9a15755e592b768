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
use crate::report::{Ending, bold, counted, faint, number, say, say_json, sign};
use crate::{input, interrupt};

/// How many links of a kind are told.
const LINKS: usize = 3;

/// A claim, with the links of the runs that are worth a look: each with the weather that was drawn for it.
struct Claim {
    tried: Tried,
    /// The link of the lab with the claim's switches and settings.
    of: String,
    broken: Vec<String>,
    undecided: Vec<String>,
    /// The run of the only seed, if there is one alone.
    drawn: Option<String>,
    /// From when on that run is judged, if not from its beginning.
    judged_from: Option<SimTime>,
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
    if let Some(option) = unfit(arguments) {
        bail!(
            "--weather claimed judges claims, and has no {option}: take --weather any, or a file"
        );
    }
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

/// The first option that only hunts have which count runs, if one is given.
fn unfit(arguments: &HuntArguments) -> Option<&'static str> {
    let options = [
        ("--shard", arguments.shard.is_some()),
        ("--output", arguments.output.is_some()),
        ("--resume", arguments.resume.is_some()),
        ("--test", arguments.test.is_some()),
    ];
    let mut given = options.into_iter().filter(|(_, is_given)| *is_given);
    given.next().map(|(option, _)| option)
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
        let mut fewest = last - next;
        // A range of seeds ends within 32 bits.
        let seeds = next as u32..last as u32;
        next = last;
        for (group, claims) in groups.iter().zip(&mut claims) {
            let spells = group.spells(seeds.clone());
            let one = |spell: &Spell| {
                let is_wanted = !interrupted.load(Ordering::Relaxed);
                is_wanted.then(|| (*spell, group.judged(*spell)))
            };
            let judged: Vec<_> = pool.install(|| spells.par_iter().filter_map(one).collect());
            fewest = fewest.min(judged.len() as u64);
            for (spell, judged) in judged {
                Group::take(claims, spell, &judged);
            }
        }
        found.seeds += fewest;
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
    let only = (end - first == 1).then_some(first as u32);
    let claims = groups.iter().zip(claims);
    let linked = claims.flat_map(|(group, claims)| {
        claims
            .into_iter()
            .map(move |tried| Claim::new(tried, group, only))
    });
    found.claims = linked.collect();
    Ok(found)
}

impl Claim {
    fn new(tried: Tried, group: &Group, only: Option<u32>) -> Claim {
        let at_start = |spell: &Spell| group.link(*spell, SimTime::ZERO);
        let broken = tried.broken.iter();
        let only = only.and_then(|seed| group.spells(seed..seed + 1).first().copied());
        let judged_from = only.and_then(|spell| group.judged_from(&tried.check, spell));
        Claim {
            of: group.claimed(),
            broken: broken.map(|(spell, at)| group.link(*spell, *at)).collect(),
            undecided: tried.undecided.iter().map(at_start).collect(),
            drawn: only.as_ref().map(at_start),
            judged_from,
            tried,
        }
    }

    /// What became of it, in a line.
    fn told(&self) -> String {
        let (state, undecided) = (self.tried.state(), self.undecided.len());
        let Tried {
            of, check, runs, ..
        } = &self.tried;
        let count = match state {
            State::Holds => *runs as usize - undecided,
            State::Undecided => undecided,
            State::Violated => self.broken.len(),
        };
        let also = match state {
            State::Violated | State::Holds if undecided > 0 => format!(", {undecided} undecided"),
            _ => String::new(),
        };
        format!("{}  {count} of {runs}{also}: {check} of {of}", sign(state))
    }

    /// The runs that are worth a look, the first few of each kind. A check may turn red in one that holds: what is not safe
    /// need not hold in the weather.
    fn links(&self) -> impl Iterator<Item = String> {
        let is_worth = !self.broken.is_empty() || !self.undecided.is_empty();
        let drawn = self.drawn.iter().filter(move |_| !is_worth);
        let from = self.judged_from.map(|from| {
            let seconds = from.as_millis_f64() / 1000.0;
            format!("  judged from {} s on", number(seconds))
        });
        let drawn = drawn.map(move |link| format!("{link}{}", from.as_deref().unwrap_or_default()));
        let worth = few(&self.broken).chain(few(&self.undecided));
        worth.chain(drawn)
    }
}

/// The first few links, and how many more there are.
fn few(links: &[String]) -> impl Iterator<Item = String> {
    let more = links.len().saturating_sub(LINKS);
    let more = (more > 0).then(|| faint(&format!("and {more} more, which --json lists")));
    links.iter().take(LINKS).cloned().chain(more)
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
    let tried = &claim.tried;
    let broken = tried.broken.iter().zip(&claim.broken);
    let broken = broken.map(|((spell, at), link)| json!({ "seed": spell.seed, "at_ms": number(at.as_millis_f64()), "link": link }));
    let undecided = tried.undecided.iter().zip(&claim.undecided);
    let undecided = undecided.map(|(spell, link)| json!({ "seed": spell.seed, "link": link }));
    let mut value = json!({
        "of": claim.of,
        "check": tried.check,
        "runs": tried.runs,
        "broken": broken.collect::<Vec<_>>(),
        "undecided": tried.undecided.len(),
    });
    if !tried.undecided.is_empty() {
        value["undecided_runs"] = undecided.collect();
    }
    if let Some(drawn) = &claim.drawn {
        value["drawn"] = json!(drawn);
        if let Some(from) = claim.judged_from {
            value["judged_from_ms"] = json!(number(from.as_millis_f64()));
        }
    }
    value
}

fn told(link: &Link, found: &Found) -> String {
    let seconds = found.time.as_secs_f64();
    let seeds = counted(found.seeds, "seed");
    let title = bold(&format!("{}, {seeds}", link.lab.title));
    let mut lines = vec![format!("{title} {}", faint(&format!("in {seconds:.2} s")))];
    if found.was_interrupted {
        lines.push("Interrupted; this is what was found until then.".to_owned());
    }
    for claim in &found.claims {
        lines.push(claim.told());
        lines.extend(claim.links().map(|link| format!("             {link}")));
    }
    lines.join("\n")
}
