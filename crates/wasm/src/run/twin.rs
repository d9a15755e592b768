//! Two runs of the same weather beside each other: where they part, which messages differ, and what their numbers are.

use scenario::run::{Differs, Parting, Tally, ToldTwin};
use scene::narrate;
use serde::Serialize;
use sim::protocol::Gist;
use sim::trace::{Event, EventKind, Events};
use sim::{EventId, NodeId, SimTime};
use wasm_bindgen::prelude::*;

use super::Run;
use crate::wire::to_js;

/// So many of the latest events are compared for a picture.
const COMPARED: usize = 4096;

/// How many events a call counts at most.
const COUNTED: usize = 1 << 14;

/// The numbers of one of two runs.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TwinFigures {
    sent: u32,
    retries: u32,
    /// Half of the operations that were served took no longer, in milliseconds; null if none was.
    latency_ms: Option<f64>,
    /// The share of operations that were served, from 0 to 1; null if none was asked for.
    served: Option<f64>,
    /// How many checks are violated.
    violations: u32,
}

/// What differs between a run and the one beside it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct TwinAbout {
    /// What is flipped, in words: "Idempotency key", "Loss", "crash bank", or the node or message that something befalls. Empty for a
    /// message that this run has not sent yet.
    says: String,
    differs: TwinDiffers,
    /// The values of a knob in this run and in the other one; null for anything else.
    values: Option<Vec<String>>,
    /// Whether this run has what is flipped.
    is_here: bool,
}

/// In which way two runs differ.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum TwinDiffers {
    /// A defence is on or off.
    Switch,
    /// A knob has two values.
    Value,
    /// A deed is done or not.
    Deed,
    /// A message arrives in the run that has what is flipped, and is lost in the other one.
    Arrival,
    /// A node goes on there, and is paused in the other one.
    Pause,
    /// A node is as fast as usual there, and slow in the other one.
    Pace,
}

/// Two runs beside each other.
#[wasm_bindgen]
pub struct Twin {
    parting: Parting,
    counts: [Count; 2],
    edits: [u64; 2],
}

/// What was counted of a run.
#[derive(Default)]
struct Count {
    tally: Tally,
    events: usize,
}

#[wasm_bindgen]
impl Run {
    /// The link of the same run at this moment with a defence, a setting or a deed flipped; nothing if it is none of them.
    pub fn flipped_link(&self, flipped: &str) -> Option<String> {
        self.run.flipped_link(flipped)
    }

    /// What is flipped, for readers; null if it can be no defence, setting or deed.
    #[wasm_bindgen(unchecked_return_type = "wire.TwinAbout | null")]
    pub fn about_flipped(&self, flipped: &str) -> JsValue {
        let told = self.run.told_of_twin(flipped);
        to_js(&told.map(|told| about(told, &self.run)))
    }

    /// Sets this run beside another one.
    pub fn beside(&self, other: &Run) -> Twin {
        Twin {
            parting: Parting::of(&self.run, &other.run),
            counts: Default::default(),
            edits: [self.run.edit_count(), other.run.edit_count()],
        }
    }
}

#[wasm_bindgen]
impl Twin {
    /// Whether both are still the runs that are compared.
    pub fn is_of(&self, one: &Run, other: &Run) -> bool {
        self.edits == [one.run.edit_count(), other.run.edit_count()]
    }

    /// Looks for where they part, by about so many events. Returns whether that is known.
    pub fn go_on(&mut self, events: u32) -> bool {
        self.parting.go_on(events)
    }

    /// When they part; nothing as long as that is not known, or if they never do.
    pub fn parting_ms(&self) -> Option<f64> {
        self.parting.at().map(|at| at.as_millis_f64())
    }

    /// Lights in the pictures of both the messages that only one of them sent.
    pub fn compare(&self, one: &mut Run, other: &mut Run) {
        let (here, there) = (one.run.timeline().events(), other.run.timeline().events());
        let (mine, others) = (differing(here, there), differing(there, here));
        (one.lit, one.told, one.calms) = (mine, None, true);
        (other.lit, other.told, other.calms) = (others, None, true);
    }

    /// The run's pictures are as they always are again.
    pub fn leave(&self, one: &mut Run) {
        (one.lit, one.calms) = (Vec::new(), false);
    }

    /// The numbers of both up to their moments; null while they are being counted.
    #[wasm_bindgen(unchecked_return_type = "wire.TwinFigures[] | null")]
    pub fn figures(&mut self, one: &Run, other: &Run) -> JsValue {
        let runs = [one, other];
        let counts = self.counts.iter_mut().zip(runs);
        let are_all = counts.fold(true, |are_all, (count, run)| {
            count.follow(run.run.timeline().events()) && are_all
        });
        let figures = self.counts.iter().zip(runs);
        let figures: Vec<TwinFigures> = figures.map(|(count, run)| count.figures(run)).collect();
        to_js(&are_all.then_some(figures))
    }
}

fn about(told: ToldTwin, run: &scenario::Run) -> TwinAbout {
    let ToldTwin {
        mut says,
        differs,
        is_here,
    } = told;
    let (values, differs) = match differs {
        Differs::Switch => (None, TwinDiffers::Switch),
        Differs::Value(both) => (Some(both.to_vec()), TwinDiffers::Value),
        Differs::Deed => (None, TwinDiffers::Deed),
        Differs::Pause => (None, TwinDiffers::Pause),
        Differs::Pace => (None, TwinDiffers::Pace),
        Differs::Arrival(message) => {
            let mut events = run.timeline().known_events().iter();
            let sent = |event: &&Event| event.kind == EventKind::Send && event.message == message;
            if let Some(sending) = events.find(sent) {
                says = narrate::addressed(run, sending);
            }
            (None, TwinDiffers::Arrival)
        }
    };
    TwinAbout {
        says,
        differs,
        values,
        is_here,
    }
}

impl Count {
    /// Counts on. Returns whether that is all. A run that went back is counted anew.
    fn follow(&mut self, events: Events<'_>) -> bool {
        if self.events > events.len() {
            *self = Count::default();
        }
        let news = events.skip(self.events);
        for event in news.iter().take(COUNTED) {
            self.tally.observe(event);
            self.events += 1;
        }
        self.events == events.len()
    }

    fn figures(&self, run: &Run) -> TwinFigures {
        let list = self.tally.list();
        let number = |name: &str| {
            let found = list.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| *value)
        };
        TwinFigures {
            sent: number("messages_sent").unwrap_or_default() as u32,
            retries: number("retries").unwrap_or_default() as u32,
            latency_ms: number("latency_p50_ms"),
            served: number("availability"),
            violations: run.run.violations().len() as u32,
        }
    }
}

/// The sendings among the latest events of a run that the other one has not made at the same moment. What the other one sent
/// before its own latest events nobody looks up.
fn differing(own: Events<'_>, others: Events<'_>) -> Vec<EventId> {
    let first = own.len().saturating_sub(COMPARED);
    let Some(last) = own.last() else {
        return Vec::new();
    };
    let known = Known::until(others, last.time);
    let latest = own.skip(first);
    let sendings = latest.iter().zip(first as u32..);
    let sendings = sendings.filter(|(event, _)| event.kind == EventKind::Send);
    let differing = sendings.filter(|(event, _)| known.lacks(event));
    differing.map(|(_, id)| EventId(id)).collect()
}

/// A message that was sent: when, by which node to which, and what it says.
type Sending = (SimTime, NodeId, NodeId, u8, [i64; 3]);

fn sending(event: &Event) -> Option<Sending> {
    let Gist { kind, args } = event.gist().filter(|_| event.kind == EventKind::Send)?;
    Some((event.time, event.node, event.peer, kind, args))
}

/// What a run has sent lately. An instant may hold as many events as a run, so it is no measure of how many are looked at.
struct Known {
    sendings: Vec<Sending>,
    /// It is all that was sent after this moment.
    since: Option<SimTime>,
}

impl Known {
    /// The sendings among the latest events up to a moment: twice as many as are compared, since one of two runs may do more.
    fn until(events: Events<'_>, moment: SimTime) -> Known {
        let end = events.partition_point(|event| event.time <= moment);
        let first = end.saturating_sub(2 * COMPARED);
        let latest = events.skip(first);
        let before = latest.iter().next().filter(|_| first > 0);
        let since = before.map(|event| event.time);
        let mut sendings: Vec<Sending> = latest
            .iter()
            .take(end - first)
            .filter_map(sending)
            .collect();
        sim::sorting::sort(&mut sendings);
        Known { sendings, since }
    }

    /// Whether it was not sent.
    fn lacks(&self, event: &Event) -> bool {
        Some(event.time) > self.since
            && sending(event).is_some_and(|sent| self.sendings.binary_search(&sent).is_err())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenario::run::Run as Watched;

    fn run(link: &str, to_ms: u64) -> Watched {
        let (mut run, _) = Watched::open(link);
        run.seek(SimTime::from_millis(to_ms));
        run
    }

    fn between(one: &Watched, other: &Watched) -> usize {
        differing(one.timeline().events(), other.timeline().events()).len()
    }

    #[test]
    fn messages_that_only_one_of_two_runs_has_sent_differ() {
        let [on, off] =
            ["on", "off"].map(|is| run(&format!("#/double-charge?rev=2&{is}=retry"), 20_000));
        assert_eq!(between(&on, &on), 0);
        assert!(between(&on, &off) > between(&off, &on));
    }

    #[test]
    fn nothing_is_said_of_what_lies_too_far_back() {
        // All of it happens at the start.
        let link = "#/late-write?pause=0s&settings=1000&latency=0s&jitter=0s&loss=0&duplication=1&copies=16&spread=0s";
        let [on, off] = ["on", "off"].map(|is| run(&format!("{link}&{is}=sequence-number"), 1));
        assert!(on.timeline().events().len() > 4 * COMPARED);
        assert_eq!(between(&on, &off), 0);
    }
}
