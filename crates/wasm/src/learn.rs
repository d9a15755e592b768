//! What a reader learns from: the story, marks on the time bar, curves, and the futures that were tried.

use scenario::Run;
use scenario::lab::PointsAt;
use scene::chronicle::{Chronicle, MarkKind};
use scene::look::Look;
use scene::narrate;
use scene::series;
use serde::Serialize;
use sim::trace::Event;

#[derive(Serialize)]
pub(crate) struct Story<'a> {
    steps: Vec<Step<'a>>,
    tries: Vec<Try<'a>>,
    sources: Vec<Source<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    markdown: &'a str,
    at_ms: Option<f64>,
    node: Option<String>,
    message: Option<u32>,
}

#[derive(Serialize)]
struct Try<'a> {
    markdown: &'a str,
    link: Option<String>,
}

#[derive(Serialize)]
struct Source<'a> {
    markdown: &'a str,
    cites: &'a str,
    url: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct Mark {
    time_ms: f64,
    kind: &'static str,
    sentence: String,
}

#[derive(Serialize)]
pub(crate) struct Operation {
    client: String,
    says: String,
    state: &'static str,
    is_accused: bool,
    begun_ms: f64,
    ended_ms: Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct Curve {
    id: String,
    label: String,
    unit: &'static str,
    group: &'static str,
    times_s: Vec<f64>,
    values: Vec<Option<f64>>,
}

#[derive(Serialize)]
pub(crate) struct Future {
    name: String,
    forked_at_ms: f64,
    frontier_ms: f64,
    is_current: bool,
}

/// The lab's story, as far as its moments have come.
pub(crate) fn story(run: &Run) -> Story<'_> {
    let lab = run.lab();
    let events = run.timeline().events();
    let steps = run.story().map(|(step, reached)| {
        let event = reached.and_then(|reached| reached.event);
        let event = event.and_then(|event| events.get(event.index()));
        Step {
            markdown: &step.text,
            at_ms: reached.map(|reached| reached.at.as_millis_f64()),
            node: match step.points_at {
                Some(PointsAt::Node(node)) => Some(run.scenario().name(node)),
                _ => None,
            },
            message: match step.points_at {
                Some(PointsAt::Message) => event
                    .filter(|event| event.is_about_a_message())
                    .map(|event| event.message.0),
                _ => None,
            },
        }
    });
    Story {
        steps: steps.collect(),
        tries: lab
            .tries
            .iter()
            .map(|item| Try {
                markdown: &item.text,
                link: run.link_to_try(item),
            })
            .collect(),
        sources: lab
            .sources
            .iter()
            .map(|source| Source {
                markdown: &source.text,
                cites: &source.cites,
                url: Some(source.url.as_str()).filter(|url| !url.is_empty()),
            })
            .collect(),
    }
}

/// The moments worth a mark, of all that was ever simulated on this future; violations up to the cursor.
pub(crate) fn marks(run: &Run, chronicle: &Chronicle) -> Vec<Mark> {
    let events = run.timeline().known_events();
    let mark = |event: &Event, kind| Mark {
        time_ms: event.time.as_millis_f64(),
        kind,
        sentence: narrate::sentence(run, event),
    };
    let gathered = chronicle.marks().iter().map(|entry| {
        let kind = match entry.kind {
            MarkKind::Fault => "fault",
            MarkKind::Violation => "violation",
            MarkKind::Leadership => "leadership",
            MarkKind::Timeout => "timeout",
        };
        mark(&events[entry.event.index()], kind)
    });
    let violations = run.violations().into_iter();
    let violations = violations.map(|event| mark(&events[event.index()], "violation"));
    let forks = run.futures().into_iter().skip(1).map(|future| Mark {
        time_ms: future.forked_at.as_millis_f64(),
        kind: "fork",
        sentence: format!("Here begins {}.", future.name),
    });
    gathered.chain(violations).chain(forks).collect()
}

/// The clients' operations that the history shows.
pub(crate) fn history(run: &Run, look: &Look) -> Vec<Operation> {
    let lines = scene::history::lines(run, look).into_iter();
    let operation = |line: scene::history::Line| Operation {
        client: run.scenario().name(line.client),
        says: line.says,
        state: line.state,
        is_accused: line.is_accused,
        begun_ms: line.begun.as_millis_f64(),
        ended_ms: line.ended.map(|at| at.as_millis_f64()),
    };
    lines.map(operation).collect()
}

/// The curves that the lab shows.
pub(crate) fn curves(run: &Run, chronicle: &Chronicle) -> Vec<Curve> {
    let series = series::series(run, chronicle).into_iter();
    series
        .map(|series| {
            let (times_s, values) = series.points.into_iter().unzip();
            Curve {
                id: format!("{}/{}", series.group, series.label),
                label: series.label,
                unit: series.unit,
                group: series.group,
                times_s,
                values,
            }
        })
        .collect()
}

/// The futures that were tried.
pub(crate) fn futures(run: &Run) -> Vec<Future> {
    let future = |future: scenario::run::Future| Future {
        name: future.name,
        forked_at_ms: future.forked_at.as_millis_f64(),
        frontier_ms: future.frontier.as_millis_f64(),
        is_current: future.is_current,
    };
    run.futures().into_iter().map(future).collect()
}
