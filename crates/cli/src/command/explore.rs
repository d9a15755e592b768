//! `slowfire explore`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use check::watch::State;
use explore::{Bounds, Ended, Explore, Found, Order, Progress};
use serde_json::{Value, json};

use crate::args::ExploreArguments;
use crate::report::{Ending, bold, counted, faint, number, progress, say, say_json, sign};
use crate::{input, interrupt, regression};

/// How often the line on the terminal is written anew, in states.
const SHOWN_EACH: u32 = 4096;

/// How a search has ended.
struct Searched {
    bounds: Bounds,
    ended: Ended,
    progress: Progress,
    took: Duration,
    was_interrupted: bool,
}

/// Looks for a violation in every order of what can happen, within bounds.
pub fn explore(arguments: &ExploreArguments) -> anyhow::Result<Ending> {
    let link = input::ending(&arguments.subject, arguments.seed)?;
    let bounds = bounds(arguments);
    let search = Explore::of(&link, arguments.check.as_deref(), bounds)?;
    let searched = search_on(search, bounds, interrupt::listen()?)?;
    if let (Some(file), Ended::Violation(found)) = (&arguments.test, &searched.ended) {
        let document = regression::of_violation(found.link.to_value(), &found.check, found.at);
        input::write_document(file, &document)?;
    }
    if arguments.json {
        say_json(&to_json(&searched))?;
    } else {
        say(&told(&searched))?;
    }
    Ok(match searched.ended {
        Ended::Nothing { .. } if !is_undecided(&searched.ended) => Ending::Well,
        Ended::Nothing { .. } | Ended::Unfinished => Ending::Undecided,
        Ended::Violation(_) => Ending::Violated,
    })
}

fn bounds(arguments: &ExploreArguments) -> Bounds {
    Bounds {
        losses: arguments.losses,
        duplicates: arguments.duplicates,
        crashes: arguments.crashes,
        depth: arguments.depth,
        states: arguments.states,
        bytes: arguments.subject.memory_bytes(),
        reduces: true,
        order: match arguments.depth_first {
            true => Order::Depth,
            false => Order::Breadth,
        },
    }
}

fn search_on(
    mut search: Explore,
    bounds: Bounds,
    interrupted: &AtomicBool,
) -> anyhow::Result<Searched> {
    let began = Instant::now();
    let bar = progress();
    let mut was_interrupted = false;
    for count in 0u32.. {
        if !search.step() {
            break;
        }
        if count.is_multiple_of(SHOWN_EACH) {
            bar.set_message(words(search.progress()));
        }
        was_interrupted = interrupted.load(Ordering::Relaxed);
        if was_interrupted {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(Searched {
        bounds,
        ended: search.ended()?,
        progress: search.progress(),
        took: began.elapsed(),
        was_interrupted,
    })
}

fn words(progress: Progress) -> String {
    format!(
        "{} states, orders of up to {} steps",
        progress.states, progress.depth
    )
}

fn to_json(searched: &Searched) -> Value {
    let Searched {
        bounds, progress, ..
    } = searched;
    let seconds = searched.took.as_secs_f64();
    let mut value = json!({
        "result": match &searched.ended {
            Ended::Nothing { .. } if is_undecided(&searched.ended) => "undecided",
            Ended::Nothing { .. } => "none",
            Ended::Unfinished => "unfinished",
            Ended::Violation(_) => "violated",
        },
        "states": progress.states,
        "steps": progress.steps,
        "depth": progress.depth,
        "bytes": progress.bytes,
        "seconds": seconds,
        "bounds": {
            "losses": bounds.losses,
            "duplicates": bounds.duplicates,
            "crashes": bounds.crashes,
            "depth": bounds.depth,
            "states": bounds.states,
        },
    });
    match &searched.ended {
        Ended::Nothing { is_cut, .. } => value["all_orders_end_within_depth"] = json!(!is_cut),
        Ended::Unfinished => value["interrupted"] = json!(searched.was_interrupted),
        Ended::Violation(found) => {
            let scenario = &found.link.variant.scenario;
            let deeds = found.deeds.iter().map(|timed| timed.format(scenario));
            value["violation"] = json!({
                "check": found.check,
                "at_ms": number(found.at.as_millis_f64()),
                "steps": found.steps,
                "deeds": deeds.collect::<Vec<_>>(),
                "link": found.link.format(),
                "document": found.link.to_value(),
            });
        }
    }
    value
}

fn is_undecided(ended: &Ended) -> bool {
    matches!(
        ended,
        Ended::Nothing {
            is_undecided: true,
            ..
        }
    )
}

fn told(searched: &Searched) -> String {
    let (progress, seconds) = (searched.progress, searched.took.as_secs_f64());
    let states = counted(progress.states.into(), "state");
    let took = faint(&format!("{} steps, {seconds:.2} s", progress.steps));
    match &searched.ended {
        Ended::Violation(found) => told_violation(found, &format!("{states}, {seconds:.2} s")),
        Ended::Nothing {
            is_cut,
            is_undecided,
        } => {
            let within = allowed(&searched.bounds);
            let title = bold(&format!("no violation in all {states} within these bounds"));
            let end = match is_cut {
                true => format!("Orders may be longer than {} steps.", searched.bounds.depth),
                false => "Every order ends within them.".to_owned(),
            };
            let (state, open) = match is_undecided {
                true => (
                    State::Undecided,
                    " But some check could not judge all of them: play the run to read why.",
                ),
                false => (State::Holds, ""),
            };
            format!("{}  {title}  {took}\n{within}. {end}{open}", sign(state))
        }
        Ended::Unfinished => {
            let ended = match searched.was_interrupted {
                true => "the search was interrupted",
                false => "the bound of states or of memory ended the search",
            };
            let title = bold(&format!("none in {states}; {ended}"));
            let depth = progress.depth;
            let sign = sign(State::Undecided);
            let looked = match searched.bounds.order {
                Order::Breadth => format!("All orders of up to {depth} steps were looked at."),
                Order::Depth => "Any order may be among those that were not looked at.".to_owned(),
            };
            format!("{sign}  {title}  {took}\n{looked}")
        }
    }
}

/// What may go wrong, in words.
fn allowed(bounds: &Bounds) -> String {
    let counts = [
        (bounds.losses, "lost message"),
        (bounds.duplicates, "repeated message"),
        (bounds.crashes, "crash"),
    ];
    let some = counts.iter().filter(|(count, _)| *count > 0);
    let said: Vec<String> = some
        .map(|(count, what)| match (*count, *what) {
            (1, what) => format!("1 {what}"),
            (count, "crash") => format!("{count} crashes"),
            (count, what) => format!("{count} {what}s"),
        })
        .collect();
    match said.is_empty() {
        true => "Any order of arrivals and timers, without a fault".to_owned(),
        false => format!(
            "Any order of arrivals and timers, with at most {}",
            said.join(", ")
        ),
    }
}

fn told_violation(found: &Found, took: &str) -> String {
    let (label, at, steps) = (&found.label, found.at, found.steps);
    let title = bold(&match steps {
        0 => "no step is needed: the run violates a check by itself".to_owned(),
        1 => "1 step is enough".to_owned(),
        steps => format!("{steps} steps are enough"),
    });
    let scenario = &found.link.variant.scenario;
    let mut lines = vec![
        format!("{title}  {}", faint(&format!("found in {took}"))),
        format!("{}  {label} at {at}", sign(State::Violated)),
        String::new(),
    ];
    let deeds = found.deeds.iter().map(|timed| timed.format(scenario));
    lines.extend(deeds.map(|deed| format!("{:>8}{deed}", "")));
    lines.push(String::new());
    lines.push(found.link.format());
    lines.join("\n")
}
