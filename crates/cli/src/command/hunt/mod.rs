//! `slowfire hunt`.
//!
//! | module | its subject |
//! | --- | --- |
//! | `part` | a report, which adds up with those of other seeds |
//! | `log` | what has been done so far, for whoever goes on |

mod log;
mod part;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use scenario::document::Scenario;
use scenario::link::Link;
use scenario::run::hunt::{Counts, Drawn, Share};
use scenario::run::play::{Judged, Play};
use serde_json::{Value, json};

pub(super) use part::{Hunt, read, save, write};

use self::log::Log;
use super::seeds::{SEEDS_PER_JOB, progress};
use super::weather;
use crate::args::{HuntArguments, Weather};
use crate::report::{Ending, bold, counted, faint, number, say, say_json, sign};
use crate::{input, interrupt, regression, report};

/// What a hunt has found.
struct Found {
    counts: Counts,
    /// How many of these runs another hunt had done before.
    resumed: u64,
    time: Duration,
    was_interrupted: bool,
}

/// Runs many seeds.
pub fn hunt(arguments: &HuntArguments) -> anyhow::Result<Ending> {
    if matches!(arguments.weather, Some(Weather::Claimed)) {
        return weather::hunt(arguments);
    }
    let link = input::subject(&arguments.subject, None)?;
    let hunt = Hunt {
        weather: drawn(arguments.weather.as_ref(), &link)?,
        until: input::until(&arguments.subject, &link)?,
        memory: arguments.subject.memory,
        seeds: arguments.seeds.first..arguments.seeds.end,
        link,
    };
    let found = search(arguments, &hunt, interrupt::listen()?)?;
    if let Some(file) = &arguments.output {
        save(file, &write(&hunt, &found.counts))?;
    }
    if let (Some(file), Some(first)) = (&arguments.test, &found.counts.first) {
        let check = &hunt.link.variant.scenario.checks[first.check];
        let run = regression::by_link(&hunt.link_of(first));
        let document = regression::of_violation(run, &check.id, first.at);
        input::write_document(file, &document)?;
    }
    if arguments.output.as_deref().is_some_and(input::is_stdout) && arguments.shard.is_none() {
        return Ok(ending(&found.counts, !found.was_interrupted));
    }
    if arguments.shard.is_some() {
        return of_a_shard(arguments, &hunt, &found);
    }
    if arguments.json {
        say_json(&to_json(&hunt, &found))?;
    } else {
        let title = title(&found);
        say(&told(&hunt, &found.counts, title))?;
    }
    Ok(ending(&found.counts, !found.was_interrupted))
}

/// The weather that is drawn for each seed, if some is.
fn drawn(weather: Option<&Weather>, link: &Link) -> anyhow::Result<Option<Drawn>> {
    let scenario = &link.variant.scenario;
    Ok(match weather {
        None | Some(Weather::Claimed) => None,
        Some(Weather::Any) => Some(Drawn::any(scenario)),
        Some(Weather::File(file)) => {
            let said = input::value(&input::text_of(file)?);
            let drawn = said.and_then(|said| Drawn::read(&said, scenario));
            Some(drawn.map_err(|problems| report::problems(file, &problems))?)
        }
    })
}

/// Whoever runs a part does not know how the whole ends: that part has gone well if all of it was run.
fn of_a_shard(arguments: &HuntArguments, hunt: &Hunt, found: &Found) -> anyhow::Result<Ending> {
    if arguments.output.is_none() {
        say(write(hunt, &found.counts).trim_end())?;
    }
    Ok(match found.was_interrupted {
        true => Ending::Undecided,
        false => Ending::Well,
    })
}

/// How a hunt ends. Seeds that were not run may break what holds in the others.
pub(super) fn ending(counts: &Counts, is_whole: bool) -> Ending {
    match counts.first {
        Some(_) => Ending::Violated,
        None if counts.is_undecided() || !is_whole => Ending::Undecided,
        None => Ending::Well,
    }
}

fn search(
    arguments: &HuntArguments,
    hunt: &Hunt,
    interrupted: &AtomicBool,
) -> anyhow::Result<Found> {
    let jobs = arguments.jobs.map_or(0, std::num::NonZeroUsize::get);
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build()?;
    let block = pool.current_num_threads() as u64 * SEEDS_PER_JOB;
    let shard = arguments.shard.unwrap_or_default();
    let wanted = shard.of(hunt.seeds.clone());
    let checks = hunt.link.variant.scenario.checks.len();
    let (mut log, counts) = match &arguments.resume {
        Some(file) => {
            let (log, counts) = Log::open(file, hunt)?;
            if !counts.is_within(&wanted) {
                bail!("{} is of another shard", file.display());
            }
            (Some(log), counts)
        }
        None => (None, Counts::nothing(checks)),
    };
    let is_reported = arguments.shard.is_some() || arguments.output.is_some();
    let bar = progress(wanted.end - wanted.start);
    let began = Instant::now();
    let mut found = Found {
        resumed: counts.runs,
        counts,
        time: Duration::ZERO,
        was_interrupted: false,
    };
    let blocks = found.counts.ran.missing(wanted).into_iter();
    for seeds in blocks.flat_map(|seeds| blocks_of(seeds, block)) {
        let mut more = Counts::nothing(checks);
        for (seed, judged) in pool.install(|| judged(seeds.clone(), hunt, interrupted)) {
            more.take(seed, &judged);
        }
        let is_whole = more.runs == seeds.end - seeds.start;
        if is_whole {
            more.ran.add(seeds).expect("there is nothing else in it");
        }
        if let (true, Some(log)) = (is_whole, &mut log) {
            log.add(hunt, &more)?;
        }
        // A report says of whole blocks alone what they came to.
        if is_whole || !is_reported {
            found.counts.add(&more).expect("each block is run once");
        }
        bar.set_position(found.counts.runs);
        found.was_interrupted = interrupted.load(Ordering::Relaxed);
        if found.was_interrupted || arguments.first && found.counts.first.is_some() {
            break;
        }
    }
    bar.finish_and_clear();
    found.time = began.elapsed();
    Ok(found)
}

/// A range in pieces of at most so many seeds.
fn blocks_of(seeds: Range<u64>, size: u64) -> impl Iterator<Item = Range<u64>> {
    let Range { start, end } = seeds;
    let starts = (start..end).step_by(usize::try_from(size).unwrap_or(usize::MAX));
    starts.map(move |first| first..end.min(first + size))
}

/// What the checks say about the run of each of these seeds, in order; of those alone that began before an interrupt.
fn judged(seeds: Range<u64>, hunt: &Hunt, interrupted: &AtomicBool) -> Vec<(u32, Vec<Judged>)> {
    let (link, memory) = (&hunt.link, hunt.memory_bytes());
    let one = |scenario: &mut Scenario, seed: u64| {
        if interrupted.load(Ordering::Relaxed) {
            return None;
        }
        // A range of seeds ends within 32 bits.
        let seed = seed as u32;
        scenario.seed = seed;
        let drawn = hunt.weather.as_ref();
        let drawn = drawn.map(|weather| weather.variant(&link.variant, seed));
        let play = match &drawn {
            Some(variant) => Play::new(&variant.scenario, &variant.deeds),
            None => Play::new(scenario, &link.variant.deeds),
        };
        Some((seed, play.within(memory).hunt(hunt.until)))
    };
    let seeds = seeds.into_par_iter();
    seeds
        .map_init(|| link.variant.scenario.clone(), one)
        .flatten()
        .collect()
}

fn to_json(hunt: &Hunt, found: &Found) -> Value {
    let Found { counts, .. } = found;
    let checks = &hunt.link.variant.scenario.checks;
    let by_check = |counts: &[u64]| -> BTreeMap<&str, u64> {
        let counts = checks.iter().zip(counts);
        counts.map(|(check, n)| (check.id.as_str(), *n)).collect()
    };
    let first = counts.first.as_ref().map(|first| {
        json!({
            "seed": first.seed,
            "check": checks[first.check].id,
            "at_ms": number(first.at.as_millis_f64()),
            "link": hunt.link_of(first),
        })
    });
    let interval = |count| {
        let Share { low, high, .. } = Share::of(count, counts.runs);
        json!([low, high])
    };
    let intervals = checks.iter().zip(&counts.violated);
    let intervals: BTreeMap<&str, Value> = intervals
        .map(|(check, count)| (check.id.as_str(), interval(*count)))
        .collect();
    let mut value = json!({
        "runs": counts.runs,
        "seconds": found.time.as_secs_f64(),
        "failed": counts.failed,
        "interval": interval(counts.failed),
        "intervals": intervals,
        "violated": by_check(&counts.violated),
        "first": first,
    });
    if counts.is_undecided() {
        value["undecided"] = json!(by_check(&counts.undecided));
    }
    if found.resumed > 0 {
        value["resumed"] = json!(found.resumed);
    }
    if found.was_interrupted {
        value["interrupted"] = json!(true);
    }
    value
}

fn title(found: &Found) -> String {
    let seconds = found.time.as_secs_f64();
    let runs = found.counts.runs;
    let now = runs - found.resumed;
    let rate = now as f64 / seconds.max(1e-9);
    let took = format!("in {seconds:.2} s, {rate:.0} per second");
    let took = faint(&match found.resumed {
        0 => took,
        _ => format!("{now} of them now, {took}"),
    });
    let title = format!("{} {took}", bold(&counted(runs, "run")));
    match found.was_interrupted {
        true => format!("{title}\nInterrupted; this is what was found until then."),
        false => title,
    }
}

/// A share and its interval, in percent.
fn percent(share: Share) -> String {
    let Share {
        of_these,
        low,
        high,
    } = share;
    let [of_these, low, high] = [of_these, low, high].map(|share| 100.0 * share);
    format!("{of_these:.1} %, with 95 % confidence {low:.1} to {high:.1} %")
}

/// What a hunt has found, below a title.
pub(super) fn told(hunt: &Hunt, counts: &Counts, title: String) -> String {
    let mut lines = vec![title];
    let checks = &hunt.link.variant.scenario.checks;
    for (place, check) in checks.iter().enumerate() {
        let (state, count) = counts.state(place);
        let (runs, label) = (counts.runs, &check.label);
        let share = percent(Share::of(count, runs));
        let sign = sign(state);
        lines.push(format!("{sign}  {count} of {runs} ({share}): {label}"));
    }
    if checks.len() > 1 && counts.failed > 0 {
        let (failed, runs, share) = (counts.failed, counts.runs, percent(counts.share()));
        lines.push(format!("{failed} of {runs} ({share}) violate a check"));
    }
    if let Some(first) = &counts.first {
        let label = &checks[first.check].label;
        let (seed, at, link) = (first.seed, first.at, hunt.link_of(first));
        lines.push(format!("first with seed {seed}, at {at}: {label}"));
        let shrink = format!("slowfire shrink '{link}' finds the smallest run that fails so");
        lines.extend([link, faint(&shrink)]);
    }
    lines.join("\n")
}
