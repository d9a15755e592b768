//! Whatever a link asks for, nothing that its reader does takes long or grows beyond its budget.

use scenario::document::Scenario;
use scenario::link::Link;
use scenario::run::play::{Bound, Play};
use scenario::run::{Means, Run};
use sim::{SimDuration, SimTime};
use std::time::Duration;

use crate::cost::clock;
use crate::drawn::drawn;
use crate::links;
use crate::{alone, taken};

/// How many turns a page takes at once.
const STRIDE: u32 = 256;

/// How many events it looks ahead at once.
const AHEAD: u32 = 250;

/// How much memory a run may take in an embed, and on a page. What takes longer the more there is shows on the page, and what
/// thins out or gives up in the embed.
const MEMORIES: [usize; 2] = [64 << 20, 256 << 20];

/// How long a page may be held up.
pub const LONGEST: Duration = Duration::from_millis(50);

/// How many links are tried where nothing is said, and how many events each of their runs has at most.
const SAMPLE: usize = 16;
const EVENTS: u32 = 100_000;

/// What is asked of the links that are tried.
fn tried() -> (Vec<String>, u32) {
    match std::env::var("SLOWFIRE_HEAVY").as_deref() {
        Ok("all") => (links::all(), u32::MAX),
        Ok(text) if text.starts_with("drawn:") => (drawn(number(&text[6..])), u32::MAX),
        Ok(link) if link.starts_with('#') => (vec![link.to_owned()], u32::MAX),
        Ok(count) => (links::some(number(count)), u32::MAX),
        Err(_) => {
            let sample = links::some(SAMPLE).into_iter().chain(drawn(SAMPLE));
            (sample.collect(), EVENTS)
        }
    }
}

fn number(text: &str) -> usize {
    text.parse()
        .expect("a number, `drawn:` and a number, or `all`")
}

/// What a page calls, and how long that takes.
#[derive(Default)]
struct Calls {
    longest: Duration,
    name: &'static str,
}

impl Calls {
    fn call<T>(&mut self, name: &'static str, act: impl FnOnce() -> T) -> T {
        let began = clock();
        let answer = act();
        let took = clock().saturating_sub(began);
        if took > self.longest {
            *self = Calls {
                longest: took,
                name,
            };
        }
        answer
    }

    /// Goes on to where the run is bound for.
    fn travel(&mut self, run: &mut Run) {
        while !self.call("a stride", || run.go_on()) {}
    }

    /// Looks ahead to the end, and within the run's memory.
    fn look_ahead(
        &mut self,
        run: &mut Run,
        most: impl Fn() -> Result<(), String>,
    ) -> Result<(), String> {
        for count in 0.. {
            if self.call("look ahead", || run.look_ahead(AHEAD)) {
                break;
            }
            if count % 64 == 0 {
                most()?;
            }
        }
        Ok(())
    }

    /// Does things in the past, which begins another future each time.
    fn act(&mut self, run: &mut Run) -> Result<(), String> {
        let name = run.scenario().nodes[0].name.clone();
        let half = run.timeline().end().as_nanos() / 2;
        for part in (1..6).rev() {
            self.call("seek", || run.seek(SimTime::from_nanos(half / part)));
            self.travel(run);
            let done = self.call("act", || run.act_text(&format!("pause:{name}")));
            // A link may say as much as one can say.
            if let Err(problem) = done
                && !problem.to_string().contains("a link can say no more")
            {
                return Err(problem.to_string());
            }
            self.travel(run);
            self.call("next", || run.next_interesting());
            self.travel(run);
        }
        self.call("undo", || run.undo());
        self.travel(run);
        self.call("another future", || run.switch_future(0));
        self.travel(run);
        Ok(())
    }

    /// Asks what a page asks wherever a run comes to rest.
    fn ask(&mut self, run: &Run) {
        self.call("verdicts", || run.verdicts().len());
        self.call("violations", || run.violations().len());
        self.call("story", || run.story().count());
        self.call("link", || run.link());
        self.call("settings", || drop(run.settings()));
        self.call("changes", || run.changes().len());
    }
}

/// Lets the run of a link end when it has had so many events: a run that stops at a bound is not judged as one that is over.
fn ends_after(link: &mut Link, events: u32) {
    let scenario = &mut link.variant.scenario;
    let bare = Scenario {
        checks: Vec::new(),
        events: scenario.events.min(events),
        ..scenario.clone()
    };
    let outcome = Play::new(&bare, &link.variant.deeds).to_end(None, |_, _| {});
    if let Some(Bound::Events(_)) = outcome.stopped_at {
        scenario.duration = outcome
            .end
            .since(SimTime::ZERO)
            .max(SimDuration::from_millis(1));
    }
}

/// Opens a link, goes to its end and back, flips each defence there, looks ahead, and acts in the past.
fn read(link: &str, events: u32, memory: usize) -> Result<Calls, String> {
    let before = taken();
    let within = || {
        let took = taken().saturating_sub(before);
        let fits = took <= memory + memory / 5;
        fits.then_some(())
            .ok_or_else(|| format!("{} MiB", took >> 20))
    };
    let (mut link, problems) = Link::parse(link);
    if !problems.is_empty() {
        return Err(format!("{problems:?}"));
    }
    if events < u32::MAX {
        ends_after(&mut link, events);
    }
    let means = Means {
        stride: STRIDE,
        memory,
    };
    let mut calls = Calls::default();
    let mut run = calls.call("open", || Run::of_link_with(link, means));
    calls.travel(&mut run);
    let (end, middle) = (SimTime::LATEST, SimTime::from_millis(500));
    for moment in [end, middle, end] {
        calls.call("seek", || run.seek(moment));
        calls.travel(&mut run);
        calls.ask(&run);
        within()?;
    }
    calls.call("previous", || run.previous_interesting());
    calls.travel(&mut run);
    calls.call("back", || run.step_back());
    calls.travel(&mut run);
    calls.look_ahead(&mut run, within)?;
    for id in run.scenario().protocol.defences.iter().map(|spec| spec.id) {
        let is_on = run.scenario().defences.contains(id);
        calls
            .call("defend", || run.defend(id, !is_on))
            .map_err(|problem| problem.to_string())?;
        calls.travel(&mut run);
        within()?;
    }
    calls.act(&mut run)?;
    calls.ask(&run);
    within()?;
    calls.call("close", || drop(run));
    Ok(calls)
}

#[test]
fn heavy_links_hold_nobody_up_and_stay_within_their_budget() {
    let _alone = alone();
    let (links, events) = tried();
    assert!(!links.is_empty());
    let mut wrong = Vec::new();
    for (place, link) in links.iter().enumerate() {
        let memory = MEMORIES[place % MEMORIES.len()];
        // What else the machine does makes a call slower, never faster.
        let read = || read(link, events, memory);
        let calls = read().and_then(|first| {
            if first.longest <= LONGEST {
                return Ok(first);
            }
            let again = read()?;
            Ok(if again.longest < first.longest {
                again
            } else {
                first
            })
        });
        match calls {
            Ok(calls) if calls.longest <= LONGEST => {}
            Ok(Calls { longest, name }) => wrong.push(format!("{link}: {name} took {longest:?}")),
            Err(what) => wrong.push(format!("{link}: {what}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
