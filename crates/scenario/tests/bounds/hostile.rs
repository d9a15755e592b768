//! Whatever a link asks for, nothing that its reader does takes long or grows beyond its budget.

use scenario::link::Link;
use scenario::run::{Means, Run};
use sim::SimTime;
use std::time::Duration;

use crate::cost::clock;
use crate::links;
use crate::{alone, taken};

/// How many turns a page takes at once.
const STRIDE: u32 = 256;

/// How much memory a run may take in an embed.
const MEMORY: usize = 64 << 20;

/// How long a page may be held up.
const LONGEST: Duration = Duration::from_millis(50);

/// How many links are tried where nothing is said, and how many events each of their runs has at most.
const SAMPLE: usize = 16;
const EVENTS: u32 = 100_000;

/// What is asked of the links that are tried.
fn tried() -> (Vec<String>, u32) {
    match std::env::var("SLOWFIRE_HEAVY").as_deref() {
        Ok("all") => (links::all(), u32::MAX),
        Ok(link) if link.starts_with('#') => (vec![link.to_owned()], u32::MAX),
        Ok(count) => (
            links::some(count.parse().expect("a number, or all")),
            u32::MAX,
        ),
        Err(_) => (links::some(SAMPLE), EVENTS),
    }
}

/// The longest that a call takes, on the way to where a run is bound for.
fn travel(run: &mut Run) -> Duration {
    let mut longest = Duration::ZERO;
    let mut is_there = !run.is_on_its_way();
    while !is_there {
        let began = clock();
        is_there = run.go_on();
        longest = longest.max(clock().saturating_sub(began));
    }
    longest
}

/// Opens a link, goes to its end and back, flips each defence there, and looks ahead. The longest that a call takes.
fn read(link: &str, events: u32) -> Result<Duration, String> {
    let before = taken();
    let (mut link, problems) = Link::parse(link);
    if !problems.is_empty() {
        return Err(format!("{problems:?}"));
    }
    link.variant.scenario.events = link.variant.scenario.events.min(events);
    let means = Means {
        stride: STRIDE,
        memory: MEMORY,
    };
    let mut run = Run::of_link_with(link, means);
    let mut longest = travel(&mut run);
    let (end, middle) = (SimTime::LATEST, SimTime::from_millis(500));
    for moment in [end, middle, end] {
        run.seek(moment);
        longest = longest.max(travel(&mut run));
    }
    for id in run.scenario().protocol.defences.iter().map(|spec| spec.id) {
        let is_on = run.scenario().defences.contains(id);
        run.defend(id, !is_on)
            .map_err(|problem| problem.to_string())?;
        longest = longest.max(travel(&mut run));
        let took = taken().saturating_sub(before);
        if took > MEMORY + MEMORY / 5 {
            return Err(format!("{} MiB", took >> 20));
        }
    }
    let _ = run.verdicts();
    Ok(longest)
}

#[test]
fn heavy_links_hold_nobody_up_and_stay_within_their_budget() {
    let _alone = alone();
    let (links, events) = tried();
    assert!(!links.is_empty());
    let mut wrong = Vec::new();
    for link in &links {
        // What else the machine does makes a call slower, never faster.
        let read = || read(link, events);
        let longest = read().and_then(|first| {
            if first > LONGEST {
                Ok(first.min(read()?))
            } else {
                Ok(first)
            }
        });
        match longest {
            Ok(longest) if longest <= LONGEST => {}
            Ok(longest) => wrong.push(format!("{link}: {longest:?}")),
            Err(what) => wrong.push(format!("{link}: {what}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
