//! `slowfire hunt`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use check::watch::State;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use scenario::document::Scenario;
use scenario::link::Link;
use scenario::run::play::{Judged, Play};
use serde_json::{Value, json};
use sim::SimTime;

use super::seeds::{SEEDS_PER_JOB, progress};
use super::weather;
use crate::args::{HuntArguments, Seeds};
use crate::report::{Ending, bold, faint, number, say, say_json, sign};
use crate::{input, interrupt};

/// What a hunt has found so far.
struct Found {
    runs: u64,
    time: Duration,
    /// How many runs violated each check.
    violated: Vec<u64>,
    /// How many runs left each check undecided.
    undecided: Vec<u64>,
    first: Option<First>,
    was_interrupted: bool,
}

/// The first seed that violates a check, which check, and when.
struct First {
    seed: u32,
    check: usize,
    at: SimTime,
}

/// Runs many seeds.
pub fn hunt(arguments: &HuntArguments) -> anyhow::Result<Ending> {
    if arguments.weather.is_some() {
        return weather::hunt(arguments);
    }
    let link = input::subject(&arguments.subject, None)?;
    let until = input::until(&arguments.subject, &link)?;
    let found = search(arguments, &link, until, interrupt::listen()?)?;
    if arguments.json {
        say_json(&to_json(&link, &found))?;
    } else {
        say(&told(&link, &found))?;
    }
    let is_undecided = found.undecided.iter().any(|runs| *runs > 0);
    Ok(match found.first {
        Some(_) => Ending::Violated,
        // Seeds that were not run may break what holds in the others.
        None if is_undecided || found.was_interrupted => Ending::Undecided,
        None => Ending::Well,
    })
}

fn search(
    arguments: &HuntArguments,
    link: &Link,
    until: Option<SimTime>,
    interrupted: &AtomicBool,
) -> anyhow::Result<Found> {
    let jobs = arguments.jobs.map_or(0, std::num::NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let block = pool.current_num_threads() as u64 * SEEDS_PER_JOB;
    let Seeds { first, end } = arguments.seeds;
    let memory = arguments.subject.memory_bytes();
    let bar = progress(end - first);
    let began = Instant::now();
    let mut found = Found::nothing(link.variant.scenario.checks.len());
    let mut next = first;
    while next < end {
        let seeds = next..end.min(next + block);
        next = seeds.end;
        for (seed, judged) in pool.install(|| judged(seeds, link, until, memory, interrupted)) {
            found.take(seed, &judged);
        }
        bar.set_position(found.runs);
        found.was_interrupted = interrupted.load(Ordering::Relaxed);
        if found.was_interrupted || arguments.first && found.first.is_some() {
            break;
        }
    }
    bar.finish_and_clear();
    found.time = began.elapsed();
    Ok(found)
}

/// What the checks say about the run of each of these seeds, in order; of those alone that began before an interrupt.
fn judged(
    seeds: Range<u64>,
    link: &Link,
    until: Option<SimTime>,
    memory: usize,
    interrupted: &AtomicBool,
) -> Vec<(u32, Vec<Judged>)> {
    let one = |scenario: &mut Scenario, seed: u64| {
        if interrupted.load(Ordering::Relaxed) {
            return None;
        }
        // A range of seeds ends within 32 bits.
        scenario.seed = seed as u32;
        let play = Play::new(scenario, &link.variant.deeds).within(memory);
        let judged = play.hunt(until);
        Some((scenario.seed, judged))
    };
    let seeds = seeds.into_par_iter();
    seeds
        .map_init(|| link.variant.scenario.clone(), one)
        .flatten()
        .collect()
}

impl Found {
    /// No run so far, of a scenario with so many checks.
    fn nothing(checks: usize) -> Found {
        Found {
            runs: 0,
            time: Duration::ZERO,
            violated: vec![0; checks],
            undecided: vec![0; checks],
            first: None,
            was_interrupted: false,
        }
    }

    fn take(&mut self, seed: u32, judged: &[Judged]) {
        self.runs += 1;
        for (check, judged) in judged.iter().enumerate() {
            self.violated[check] += u64::from(judged.violated_at().is_some());
            self.undecided[check] += u64::from(*judged == Judged::Undecided);
        }
        let checks = judged.iter().enumerate();
        let earliest = checks
            .filter_map(|(check, judged)| judged.violated_at().map(|at| (at, check)))
            .min();
        if let (None, Some((at, check))) = (&self.first, earliest) {
            self.first = Some(First { seed, check, at });
        }
    }
}

/// The link of the first violation, at its moment.
fn link_to(first: &First, link: &Link) -> String {
    let mut link = link.clone();
    link.variant.scenario.seed = first.seed;
    link.variant.at = Some(first.at);
    link.format()
}

fn to_json(link: &Link, found: &Found) -> Value {
    let checks = &link.variant.scenario.checks;
    let by_check = |counts: &[u64]| -> BTreeMap<&str, u64> {
        let counts = checks.iter().zip(counts);
        counts.map(|(check, n)| (check.id.as_str(), *n)).collect()
    };
    let first = found.first.as_ref().map(|first| {
        json!({
            "seed": first.seed,
            "check": checks[first.check].id,
            "at_ms": number(first.at.as_millis_f64()),
            "link": link_to(first, link),
        })
    });
    let mut value = json!({
        "runs": found.runs,
        "seconds": found.time.as_secs_f64(),
        "violated": by_check(&found.violated),
        "first": first,
    });
    if found.undecided.iter().any(|runs| *runs > 0) {
        value["undecided"] = json!(by_check(&found.undecided));
    }
    if found.was_interrupted {
        value["interrupted"] = json!(true);
    }
    value
}

fn told(link: &Link, found: &Found) -> String {
    let seconds = found.time.as_secs_f64();
    let rate = found.runs as f64 / seconds.max(1e-9);
    let mut lines = vec![format!(
        "{}  {}",
        bold(&format!("{} runs", found.runs)),
        faint(&format!("in {seconds:.2} s, {rate:.0} per second"))
    )];
    if found.was_interrupted {
        lines.push("Interrupted; this is what was found until then.".to_owned());
    }
    let counts = found.violated.iter().zip(&found.undecided);
    for (check, (violated, undecided)) in link.variant.scenario.checks.iter().zip(counts) {
        let (state, count) = match (violated, undecided) {
            (0, 0) => (State::Holds, found.runs),
            (0, count) => (State::Undecided, *count),
            (count, _) => (State::Violated, *count),
        };
        let share = 100.0 * count as f64 / found.runs.max(1) as f64;
        lines.push(format!(
            "{}  {count} of {} ({share:.1} %): {}",
            sign(state),
            found.runs,
            check.label
        ));
    }
    if let Some(first) = &found.first {
        lines.push(format!(
            "first with seed {}, at {}: {}",
            first.seed, first.at, link.variant.scenario.checks[first.check].label
        ));
        lines.push(link_to(first, link));
    }
    lines.join("\n")
}
