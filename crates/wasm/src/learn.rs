//! What a reader learns from: the lesson, marks on the time bar, operations, curves, and the futures that were tried.

use scenario::Run;
use scenario::lab::{self, PointsAt};
use scenario::run::{self, Coming};
use scene::chronicle::{self, Chronicle};
use scene::look::Look;
use scene::narrate;
use scene::series;
use serde::Serialize;
use sim::SimTime;
use sim::trace::Outcome;

/// What a lab teaches beside its story: what to try, what it promises and where that ends, and its sources.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Lesson<'a> {
    /// All that the story may tell, with whatever defences: the page keeps room for the longest.
    told: Vec<&'a str>,
    /// All that may be said of defences, likewise.
    said: Vec<&'a str>,
    tries: Vec<Try<'a>>,
    promises: Vec<Promised<'a>>,
    /// What its defences do not save the reader from, each with a run that shows it.
    limits: Vec<Try<'a>>,
    sources: Vec<Source<'a>>,
}

/// A step of the story.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct StoryStep<'a> {
    /// What is told; something else where the moment does not come in this run.
    markdown: &'a str,
    /// When it happens; null as long as it has not happened.
    at_ms: Option<f64>,
    /// Whether it is known that it does not happen in this run.
    is_never: bool,
    /// Whether the text says what happens instead.
    is_instead: bool,
    /// The node that it points at.
    node: Option<String>,
    /// The message that it points at.
    message: Option<u32>,
}

/// Something to try.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Try<'a> {
    markdown: &'a str,
    /// The link that sets it up.
    link: Option<String>,
}

/// What holds with some defences on, and in which weather.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Promised<'a> {
    /// What holds, as the checks say it.
    holds: Vec<&'a str>,
    /// The defences that are on, by their names on the page.
    on: Vec<&'static str>,
    /// Those that are off: the shorter list where a protocol has many.
    off: Vec<&'static str>,
    /// The faults that it withstands, or after which it holds again, in a sentence.
    withstands: String,
}

/// What real systems do, and who says so.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Source<'a> {
    /// What real systems do.
    markdown: &'a str,
    /// The source, as it is cited: author, title, year. May be empty.
    cites: &'a str,
    /// Where it can be read, an address that begins with `https://`.
    url: Option<&'a str>,
}

/// A moment worth a mark on the time bar.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Mark {
    time_ms: f64,
    kind: MarkKind,
    sentence: String,
}

/// What a mark stands for.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum MarkKind {
    Fault,
    Violation,
    Leadership,
    Timeout,
    /// Here another future begins.
    Fork,
}

/// No time bar has more cells than this.
const MOST_CELLS: usize = 8192;

/// The clients' operations that the history shows.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Operations {
    /// The latest ones, in the order of their calls.
    latest: Vec<Operation>,
    /// How many earlier ones there are.
    more: usize,
}

/// A client's operation, as the history shows it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Operation {
    client: String,
    /// What it asked for and was told.
    says: String,
    state: OperationState,
    /// Whether it shows a violation.
    is_accused: bool,
    begun_ms: f64,
    /// When it ended; null while it has not.
    ended_ms: Option<f64>,
}

/// What became of an operation.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
enum OperationState {
    #[serde(rename = "under way")]
    UnderWay,
    #[serde(rename = "answered")]
    Answered,
    #[serde(rename = "refused")]
    Refused,
    #[serde(rename = "given up")]
    GivenUp,
}

/// A measurement over time, for a plot.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Series {
    label: String,
    unit: &'static str,
    /// The plot that it belongs to, by its title.
    group: &'static str,
    /// What the curves of that plot mean, in a sentence; empty where its title says it.
    meaning: &'static str,
    /// For how much of the time so far it was so, from 0 to 1; null where the curve is not about that.
    share: Option<f64>,
    /// Its place among all that the plot may have: its colour.
    place: usize,
    times_s: Vec<f64>,
    /// One value per time; null where there is nothing to measure.
    values: Vec<Option<f64>>,
}

/// Something about the run that is not as its lab has it, or that the lab does by itself.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Change {
    /// In words: "Loss 20 %".
    says: String,
    /// When it is done; null for what holds for the whole run.
    at_ms: Option<f64>,
    can_hold_from_the_start: bool,
    kind: ChangeKind,
    /// What is flipped in the run without it, as `twin=` of a link says it.
    twin: String,
}

/// What is to be done with an entry of the list of changes.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
enum ChangeKind {
    /// It can be taken back, and moved if it has a moment.
    Own,
    /// The lab does it by itself, and it was taken out: it can be brought back.
    LeftOut,
    /// The lab does it by itself: it can be taken out.
    Planned,
}

/// A future that was tried.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Future {
    name: String,
    forked_at_ms: f64,
    is_current: bool,
}

/// What was changed, and what the lab does by itself, in the order of [`Run::listed`].
pub(crate) fn changes(run: &Run) -> Vec<Change> {
    let changes = run.listed().into_iter();
    let change = changes.map(|change| Change {
        says: change.says(run),
        at_ms: change.at().map(|at| at.as_millis_f64()),
        can_hold_from_the_start: change.can_hold_from_the_start(),
        kind: match change {
            run::Change::Setting(_) | run::Change::Done(_) => ChangeKind::Own,
            run::Change::LeftOut(_) => ChangeKind::LeftOut,
            run::Change::Planned(_) => ChangeKind::Planned,
        },
        twin: change.twin(run).format(run.scenario()),
    });
    change.collect()
}

/// The lab's story, as far as its moments have come.
pub(crate) fn story(run: &Run) -> Vec<StoryStep<'_>> {
    let steps = run
        .story()
        .enumerate()
        .map(|(place, (step, coming))| story_step(run, place, step, coming));
    steps.collect()
}

/// What to try in the lab, what it promises, and its sources.
pub(crate) fn lesson(run: &Run) -> Lesson<'_> {
    let lab = run.lab();
    let tries = lab.tries.iter().map(|item| Try {
        markdown: &item.text,
        link: run.link_to(&item.link),
    });
    let limits = lab.limits.iter().map(|limit| Try {
        markdown: &limit.text,
        link: run.link_to(&limit.link),
    });
    let sources = lab.sources.iter().map(|source| Source {
        markdown: &source.text,
        cites: &source.cites,
        url: Some(source.url.as_str()).filter(|url| !url.is_empty()),
    });
    let set_up = lab.set_up().flat_map(|(_, story)| story);
    let told = lab.story.iter().chain(set_up);
    let told = told.flat_map(lab::Step::texts);
    let said = lab.flips.iter().flat_map(|flip| [&flip.helps, &flip.fails]);
    Lesson {
        told: told.collect(),
        said: said.map(String::as_str).collect(),
        tries: tries.collect(),
        promises: promises(lab),
        limits: limits.collect(),
        sources: sources.collect(),
    }
}

/// What the lab claims to hold, with the switches that it has; claims that say the same are told as one.
fn promises(lab: &lab::Lab) -> Vec<Promised<'_>> {
    let mut promises: Vec<Promised<'_>> = Vec::new();
    let scenario = &lab.scenario;
    // Of a published algorithm all rules are counted, with and without a switch.
    let is_published = scenario.protocol.algorithm.is_some();
    let is_plain = |claim: &lab::Expectation| claim.link.is_empty();
    let is_promise =
        |claim: &&lab::Expectation| is_plain(claim) || is_said_nowhere_else(lab, claim);
    for claim in lab.expectations.iter().filter(is_promise) {
        let Some(withstood) = &claim.withstands else {
            continue;
        };
        let claimed = claim.defences(scenario);
        let labels = |is_on| {
            let specs = scenario.protocol.defences.iter();
            let is_shown = |id| is_published || lab.switches.contains(&id);
            let those = specs.filter(|spec| is_shown(spec.id));
            let those = those.filter(|spec| claimed.contains(spec.id) == is_on);
            those.map(|spec| spec.label).collect::<Vec<_>>()
        };
        let (on, off) = (labels(true), labels(false));
        let check = &scenario.checks[claim.check];
        let mut withstands = withstood.sentence(check.kind.promise, scenario);
        if !claim.link.is_empty() {
            withstands = format!("{withstands} Shown with {}.", claim.link);
        }
        let holds = check.label.as_str();
        let same = |other: &&mut Promised<'_>| other.on == on && other.withstands == withstands;
        match promises.iter_mut().find(same) {
            Some(promise) => promise.holds.push(holds),
            None => promises.push(Promised {
                holds: vec![holds],
                on,
                off,
                withstands,
            }),
        }
    }
    promises
}

/// Whether a claim about other settings is the only one that says that its check holds. What is done to a run is no setting.
fn is_said_nowhere_else(lab: &lab::Lab, claim: &lab::Expectation) -> bool {
    let mut others = lab
        .expectations
        .iter()
        .filter(|other| other.link.is_empty());
    let is_same =
        |other: &lab::Expectation| other.check == claim.check && other.withstands.is_some();
    !claim.link.contains("do=") && !others.any(is_same)
}

fn story_step<'a>(run: &Run, place: usize, step: &'a lab::Step, coming: Coming) -> StoryStep<'a> {
    let reached = match coming {
        Coming::Known(reached) => Some(reached),
        Coming::Open | Coming::Never => None,
    };
    let is_never = coming == Coming::Never;
    let has_come = |at: &SimTime| *at <= run.now();
    let instead_at = is_never.then(|| run.instead_at(place)).flatten();
    let at = reached.map(|reached| reached.at);
    let event = reached.and_then(|reached| reached.event);
    let event = event.and_then(|event| run.timeline().events().get(event.index()));
    StoryStep {
        markdown: run.text_of(step, coming),
        is_never,
        is_instead: is_never && !step.instead.is_empty(),
        at_ms: at
            .or(instead_at.filter(has_come))
            .map(SimTime::as_millis_f64),
        node: run.node_of(step).map(|node| run.scenario().name(node)),
        message: match step.points_at {
            Some(PointsAt::Message) => event
                .filter(|event| event.is_about_a_message())
                .map(|event| event.message.0),
            _ => None,
        },
    }
}

/// The moments worth a mark, of all that was ever simulated on this future; violations up to the cursor. Of the marks of a
/// kind that fall into the same of `cells` equal parts of the time until `to`, the first; none after it. In a node's perspective
/// there are those of its own past alone, and no violation.
pub(crate) fn marks(run: &Run, chronicle: &Chronicle, to: SimTime, cells: usize) -> Vec<Mark> {
    let events = run.timeline().known_events();
    let mut bar = Bar::new(to, cells);
    let mut marks = Vec::new();
    let gathered = chronicle.marks().iter();
    let gathered = gathered.map(|entry| (&events[entry.event.index()], mark_kind(entry.kind)));
    let violations = run.violations().into_iter();
    let violations = violations.map(|event| (&events[event.index()], MarkKind::Violation));
    let seen = gathered.chain(violations).filter(|(event, kind)| {
        let is_own = |node| event.is_own_past_of(node) && !matches!(kind, MarkKind::Violation);
        run.perspective().is_none_or(is_own)
    });
    for (event, kind) in seen {
        if bar.has_room(event.time, kind) {
            marks.push(Mark {
                time_ms: event.time.as_millis_f64(),
                kind,
                sentence: narrate::sentence(run, event),
            });
        }
    }
    for future in run.futures().into_iter().skip(1) {
        if bar.has_room(future.forked_at, MarkKind::Fork) {
            marks.push(Mark {
                time_ms: future.forked_at.as_millis_f64(),
                kind: MarkKind::Fork,
                sentence: format!("Here begins {}.", future.name),
            });
        }
    }
    marks
}

/// Where a time bar has marks already.
struct Bar {
    to: SimTime,
    cells: usize,
    /// A bit for each kind.
    taken: Vec<u8>,
}

impl Bar {
    fn new(to: SimTime, cells: usize) -> Bar {
        let cells = cells.clamp(1, MOST_CELLS);
        Bar {
            to,
            cells,
            taken: vec![0; cells + 1],
        }
    }

    /// Takes the place of a mark, and answers whether it was free.
    fn has_room(&mut self, at: SimTime, kind: MarkKind) -> bool {
        if at > self.to {
            return false;
        }
        let share = at.as_nanos() as f64 / self.to.as_nanos().max(1) as f64;
        let taken = &mut self.taken[(share * self.cells as f64) as usize];
        let bit = 1 << kind as u8;
        let is_free = *taken & bit == 0;
        *taken |= bit;
        is_free
    }
}

fn mark_kind(kind: chronicle::MarkKind) -> MarkKind {
    match kind {
        chronicle::MarkKind::Fault => MarkKind::Fault,
        chronicle::MarkKind::Leadership => MarkKind::Leadership,
        chronicle::MarkKind::Timeout => MarkKind::Timeout,
    }
}

/// The clients' operations that the history shows, at most so many of them.
pub(crate) fn operations(run: &Run, look: &Look, most: usize) -> Operations {
    let (lines, more) = scene::history::lines(run, look, most);
    let lines = lines.into_iter();
    let operation = lines.map(|line| Operation {
        client: run.scenario().name(line.client),
        says: line.says,
        state: match line.outcome {
            None => OperationState::UnderWay,
            Some(Outcome::Ok) => OperationState::Answered,
            Some(Outcome::Fail) => OperationState::Refused,
            Some(Outcome::Unknown) => OperationState::GivenUp,
        },
        is_accused: line.is_accused,
        begun_ms: line.begun.as_millis_f64(),
        ended_ms: line.ended.map(|at| at.as_millis_f64()),
    });
    Operations {
        latest: operation.collect(),
        more,
    }
}

/// The curves that the lab shows.
pub(crate) fn series(run: &Run, chronicle: &Chronicle) -> Vec<Series> {
    let curves = series::series(run, chronicle).into_iter();
    let series = curves.map(|curve| {
        let (times_s, values) = curve.points.into_iter().unzip();
        Series {
            label: curve.label,
            unit: curve.unit,
            group: curve.group,
            meaning: curve.meaning,
            share: curve.share,
            place: curve.place,
            times_s,
            values,
        }
    });
    series.collect()
}

/// The futures that were tried, the first of all first.
pub(crate) fn futures(run: &Run) -> Vec<Future> {
    let future = run.futures().into_iter().map(|future| Future {
        name: future.name,
        forked_at_ms: future.forked_at.as_millis_f64(),
        is_current: future.is_current,
    });
    future.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;

    #[test]
    fn marks_of_a_kind_are_thinned_to_the_cells_of_their_bar() {
        let (run, problems) = Run::open("#/retry-storm?t=20s");
        assert_eq!(problems, []);
        let chronicle = Chronicle::of(&run);
        let end = run.now();
        let (few, many) = (
            marks(&run, &chronicle, end, 10),
            marks(&run, &chronicle, end, 8192),
        );
        let kinds: sim::sorted::Set<u8> = many.iter().map(|mark| mark.kind as u8).collect();
        assert!(
            few.len() <= 11 * kinds.len() && few.len() < many.len(),
            "{} of {}",
            few.len(),
            many.len()
        );
        assert!(
            many.iter()
                .all(|mark| few.iter().any(|one| one.kind as u8 == mark.kind as u8))
        );
        let half = SimTime::from_nanos(end.as_nanos() / 2);
        assert!(
            marks(&run, &chronicle, half, 10)
                .iter()
                .all(|mark| mark.time_ms <= half.as_millis_f64())
        );
    }

    /// The marks of a run at 20 s, seen by a node of it or from outside.
    fn marks_seen(link: &str, perspective: Option<NodeId>) -> Vec<Mark> {
        let (mut run, problems) = Run::open(link);
        assert_eq!(problems, []);
        run.set_perspective(perspective);
        marks(&run, &Chronicle::of(&run), run.now(), MOST_CELLS)
    }

    #[test]
    fn a_node_has_the_marks_of_its_own_past_alone() {
        let link = "#/lease-and-pause?t=20s";
        let all = marks_seen(link, None);
        assert!(
            all.iter()
                .any(|mark| matches!(mark.kind, MarkKind::Violation))
        );
        let mut own_marks = 0;
        for (place, name) in ["ann", "ben"].iter().enumerate() {
            let own = marks_seen(link, Some(NodeId(place as u16)));
            own_marks += own.len();
            for mark in own {
                let sentence = &mark.sentence;
                assert!(!matches!(mark.kind, MarkKind::Violation), "{sentence}");
                assert!(sentence.starts_with(name), "{sentence}");
                assert!(!sentence.contains("paused"), "{sentence}");
            }
        }
        assert!(own_marks > 3, "{own_marks}");
    }

    #[test]
    fn a_node_has_a_mark_of_its_crash_and_of_no_other() {
        let link = "#/double-charge?t=9s&do=crash:bank@4s,restart:bank@5s";
        let is_crash = |mark: &Mark| mark.sentence.contains("crashes");
        let crashes = |node| {
            marks_seen(link, node)
                .iter()
                .filter(|mark| is_crash(mark))
                .count()
        };
        let seen = [None, Some(NodeId(0)), Some(NodeId(2))].map(crashes);
        assert_eq!(seen, [1, 0, 1]);
    }
}
