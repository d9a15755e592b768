//! What stays the same as long as a run is the same: its lab, what can be turned, its nodes.

use scenario::Run;
use scenario::document::Defence as Known;
use scenario::knob::{Group, Knob};
use scenario::lab;
use scenario::lab::Contract;
use scene::series;
use serde::Serialize;
use sim::SimTime;

/// A lab, as the list of all labs has it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LabEntry {
    /// Its name in links.
    id: &'static str,
    title: &'static str,
    chapter: &'static str,
    /// The question that it answers.
    question: &'static str,
    /// All words by which somebody may look for it: its faults, defences, algorithms, papers and topics.
    words: String,
}

/// What stays the same as long as the run is the same.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct About<'a> {
    lab: Lab<'a>,
    /// Virtual seconds per real second.
    default_speed: f64,
    /// Until when the lab is of interest: the time bar shows that much, and the rest on demand.
    shown_ms: f64,
    controls: Vec<Control>,
    defences: Vec<Defence>,
    nodes: Vec<NodeName>,
    /// The published algorithm for a replicated log that its protocol is as long as all defences are on, if it is one.
    algorithm: Option<&'static str>,
}

/// The lab that the run belongs to.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Lab<'a> {
    /// Its name in links; empty for a document of somebody's own.
    id: &'a str,
    title: &'a str,
    chapter: &'a str,
    /// The question that it answers.
    question: &'a str,
    /// What is to be seen, in Markdown.
    summary: &'a str,
    /// The group of curves that decides what happened, if one does.
    decides: Option<&'static str>,
    /// Whether it has something to ask before it tells.
    asks: bool,
    /// Whether it claims something that can be broken, or kept with fewer defences.
    challenges: bool,
}

/// Something that can be turned. Its bounds, its step and its first value are in its unit.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Control {
    /// Its name in links.
    key: String,
    label: String,
    group: ControlGroup,
    min: f64,
    max: f64,
    step: f64,
    unit: &'static str,
    scale: Scale,
    initial: f64,
    /// What turning it does.
    hint: &'static str,
}

/// Where a control is shown. `further` holds the usual faults that the lab does not show among its own controls.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum ControlGroup {
    Network,
    Clocks,
    Processes,
    Protocol,
    Further,
}

/// How a slider's values lie along it.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
enum Scale {
    Linear,
    Log,
}

/// A defence that the lab lets the reader switch.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Defence {
    id: &'static str,
    label: &'static str,
    /// What it protects from.
    protects: &'static str,
}

/// A node, by its name.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct NodeName {
    id: String,
    name: String,
}

/// All labs, chapter by chapter.
pub(crate) fn labs() -> Vec<LabEntry> {
    let entry = |lab: &'static lab::Lab| LabEntry {
        id: &lab.id,
        title: &lab.title,
        chapter: &lab.chapter,
        question: &lab.question,
        words: words(lab),
    };
    lab::labs().iter().map(entry).collect()
}

fn words(lab: &lab::Lab) -> String {
    let scenario = &lab.scenario;
    let plan = scenario
        .plan
        .iter()
        .map(|timed| timed.deed.format(scenario));
    let defences = scenario.protocol.defences.iter();
    let defences = defences.flat_map(|spec| [spec.id, spec.label, spec.protects]);
    let checks = scenario.checks.iter().map(|check| check.label.as_str());
    let sources = lab.sources.iter();
    let sources = sources.flat_map(|source| [source.text.as_str(), source.cites.as_str()]);
    let own = [lab.summary.as_str(), scenario.protocol.id];
    let all = own
        .into_iter()
        .chain(lab.topics.iter().map(String::as_str))
        .chain(defences)
        .chain(checks)
        .chain(sources)
        .map(str::to_owned)
        .chain(plan);
    all.collect::<Vec<_>>().join("\n")
}

/// What stays the same as long as the run is the same.
pub(crate) fn about(run: &Run) -> About<'_> {
    About {
        lab: lab(run.lab()),
        default_speed: run.lab().speed,
        shown_ms: shown_ms(run),
        controls: controls(run),
        defences: defences(run),
        nodes: nodes(run),
        algorithm: run.scenario().protocol.algorithm,
    }
}

/// A run that is changed may be shorter than its lab.
fn shown_ms(run: &Run) -> f64 {
    let end = run.timeline().end();
    (SimTime::ZERO + run.lab().shown).min(end).as_millis_f64()
}

fn lab(lab: &lab::Lab) -> Lab<'_> {
    Lab {
        id: &lab.id,
        title: &lab.title,
        chapter: &lab.chapter,
        question: &lab.question,
        summary: &lab.summary,
        decides: lab.decides.map(series::group),
        asks: !lab.guesses.is_empty(),
        challenges: Contract::of(lab).is_some(),
    }
}

/// The lab's own controls, and then the usual faults that it does not show.
fn controls(run: &Run) -> Vec<Control> {
    let (lab, scenario) = (run.lab(), run.scenario());
    let own = lab.knobs(scenario).into_iter();
    let own = own.map(|knob| control(run, knob, group(knob)));
    let further = lab.further_knobs(scenario).into_iter();
    let further = further.map(|knob| control(run, knob, ControlGroup::Further));
    own.chain(further).collect()
}

fn control(run: &Run, knob: Knob, group: ControlGroup) -> Control {
    let slider = knob.slider();
    Control {
        key: knob.key(run.scenario()),
        label: knob.label(run.scenario()),
        group,
        min: slider.min,
        max: slider.max,
        step: slider.step,
        unit: slider.unit,
        scale: match slider.is_logarithmic {
            true => Scale::Log,
            false => Scale::Linear,
        },
        initial: knob.value(&run.lab().scenario) / slider.scale,
        hint: knob.hint(),
    }
}

fn group(knob: Knob) -> ControlGroup {
    match knob.group() {
        Group::Network => ControlGroup::Network,
        Group::Clocks => ControlGroup::Clocks,
        Group::Processes => ControlGroup::Processes,
        Group::Protocol => ControlGroup::Protocol,
    }
}

/// The switches that the run is shown with.
fn defences(run: &Run) -> Vec<Defence> {
    let known = |id| run.scenario().defences().find(|one| one.spec.id == id);
    let shown = run.switches().into_iter().filter_map(known);
    shown.map(defence).collect()
}

fn defence(known: Known) -> Defence {
    Defence {
        id: known.spec.id,
        label: known.spec.label,
        protects: known.spec.protects,
    }
}

/// Rules of a published algorithm that are about the same.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct RuleGroup {
    name: &'static str,
    rules: Vec<Defence>,
}

/// All rules of the published algorithm that the run follows or modifies, whichever its lab has switches for.
pub(crate) fn rules(run: &Run) -> Vec<RuleGroup> {
    let mut all = run.scenario().defences().map(defence);
    let groups = run.scenario().protocol.groups.iter();
    let group = groups.map(|(name, count)| RuleGroup {
        name,
        rules: all.by_ref().take(*count).collect(),
    });
    group.collect()
}

fn nodes(run: &Run) -> Vec<NodeName> {
    let name = run.scenario().nodes.iter().map(|node| NodeName {
        id: node.name.clone(),
        name: node.name.clone(),
    });
    name.collect()
}
