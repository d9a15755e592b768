//! From JSON to a lab, with everything that is wrong with it at once.

use serde_json::Value;
use sim::{SimDuration, SimTime};

use super::claim::expectation;
use super::clocks::clocks;
use super::limit::limit;
use super::parts::{prose, query};
use super::{Lab, PLOTS, Plot, Source, Try, flip, guess, story};
use crate::document::migrate::migrated;
#[cfg(feature = "schema")]
use crate::document::sketch::Sketch;
use crate::document::{Fields, Problem, Problems, read};
use crate::knob::Knob;
use crate::model::Scenario;
use crate::setting;
use crate::terms::limits::{DURATION, LONGEST_DEED, MOST_DEEDS};
use crate::terms::quantity::{Range, shortened};
use crate::terms::view::View;
use crate::terms::words::{listed, meaning, nearest};
use crate::variant::Variant;

/// Reads a document from a JSON value: a lab, or a scenario alone, and how it opens.
pub(crate) fn opened(value: &Value) -> Result<(Lab, Variant), Vec<Problem>> {
    let value = &*migrated(value).map_err(|problem| vec![problem])?;
    let problems = Problems::default();
    let fields = Fields::new("", value, &problems);
    let opened = if value.get("scenario").is_some() {
        document(fields, value)
    } else {
        let alone =
            |scenario: Scenario| (Lab::of_scenario(scenario.clone()), Variant::of(scenario));
        read::scenario(fields).map(alone)
    };
    let problems = problems.into_vec();
    match opened {
        Some(opened) if problems.is_empty() => Ok(opened),
        _ => Err(problems),
    }
}

impl Lab {
    /// Reads a lab from a JSON value.
    pub fn from_value(value: &Value) -> Result<Lab, Vec<Problem>> {
        opened(value).map(|(lab, _)| lab)
    }
}

/// Reads a lab, and how it opens.
fn document(mut fields: Fields<'_>, value: &Value) -> Option<(Lab, Variant)> {
    let scenario = fields.object("scenario").and_then(read::scenario);
    let variant = opening(&mut fields, scenario.clone());
    let mut lab = lab(fields, scenario)?;
    let mut source = value.clone();
    if let Some(source) = source.as_object_mut() {
        source
            .retain(|field, _| !["scenario", "do", "without", "t", "as"].contains(&field.as_str()));
    }
    lab.source = source;
    Some((lab, variant?))
}

/// How a document opens.
fn opening(fields: &mut Fields<'_>, scenario: Option<Scenario>) -> Option<Variant> {
    let deeds = fields.texts("do", MOST_DEEDS, LONGEST_DEED);
    let left_out = fields.texts("without", MOST_DEEDS, LONGEST_DEED);
    let names_moment = fields.value("t").is_some();
    let at = fields.duration("t", Range::duration(0.0, DURATION.max), 0.0);
    let perspective = fields.text("as", 24, "");
    let mut variant = Variant::of(scenario?);
    variant.deeds = read::deeds(fields, "do", &deeds, &variant.scenario);
    for (place, text) in left_out.iter().enumerate() {
        if let Err(what) = variant.take("without", text) {
            fields.complain(&format!("without[{place}]"), what);
        }
    }
    let at = SimTime::ZERO + at.min(variant.scenario.duration);
    variant.at = names_moment.then_some(at);
    if !perspective.is_empty()
        && let Err(what) = variant.take("as", &perspective)
    {
        fields.complain("as", what);
    }
    Some(variant)
}

/// What a lab looks like, without its scenario. What it says about a scenario is read with `sample`.
#[cfg(feature = "schema")]
pub(crate) fn sketch(sample: &Scenario) -> Sketch {
    let (sketch, problems) = (Sketch::default(), Problems::default());
    let mut fields = Fields::sketched(&sketch, &problems);
    opening(&mut fields, Some(sample.clone()));
    lab(fields, Some(sample.clone()));
    sketch
}

fn lab(mut fields: Fields<'_>, scenario: Option<Scenario>) -> Option<Lab> {
    let id = fields.text("id", 40, "");
    let title = fields.text("title", 80, "");
    let chapter = fields.text("chapter", 60, "");
    let order = fields.quantity("order", Range::count(0.0, 1e6), 1000.0) as u32;
    let question = fields.text("question", 200, "");
    let summary = prose(&mut fields, "summary", 2000);
    let speed = fields.quantity("speed", Range::number(0.001, 1000.0), 1.0);
    let words = View::ALL.map(|view| (view.word(), view));
    let view = fields.choice("view", &words, View::World);
    let plots = plots(&mut fields);
    let decides = decides(&mut fields, &plots);
    let topics = fields.texts("topics", 20, 60);
    let sources = fields.objects("sources", 20).into_iter();
    let sources = sources.map(source).collect();
    let names = fields.texts("sliders", 32, 200);
    let shown_clocks = fields.texts("clocks", 16, 60);
    let has_switches = fields.value("switches").is_some();
    let steps = fields.objects("story", 40);
    let flips = fields.objects("flips", 64);
    let guesses = fields.objects("guess", 12);
    let tries = fields.objects("try", 32);
    let expectations = fields.objects("expectations", 32);
    let limits = fields.objects("limits", 20);
    let Some(scenario) = scenario else {
        // The rest is about the scenario, which cannot be read.
        fields.finish();
        return None;
    };
    let story = steps.into_iter();
    let story = story.map(|entry| story::step(entry, &scenario)).collect();
    let named = read::defences(&mut fields, "switches", Some(scenario.protocol));
    let all = scenario.protocol.defences.iter().map(|spec| spec.id);
    let switches: Vec<&'static str> = if has_switches { named } else { all.collect() };
    let flips = flips.into_iter();
    let flips = flips
        .map(|entry| flip::flip(entry, &scenario, &switches))
        .collect();
    let guesses = guesses.into_iter();
    let guesses = guesses
        .filter_map(|entry| guess::guess(entry, &scenario))
        .collect();
    let shown = shown(&mut fields, scenario.duration);
    let tries = tries.into_iter();
    let tries = tries.map(|entry| a_try(entry, &scenario)).collect();
    let expectations = expectations.into_iter();
    let expectations = expectations
        .filter_map(|entry| expectation(entry, &scenario))
        .collect();
    let limits = limits.into_iter();
    let limits = limits.filter_map(|entry| limit(entry, &scenario)).collect();
    check_sliders(&fields, &names, &scenario);
    let clocks = clocks(&fields, &shown_clocks, &scenario);
    fields.finish();
    Some(Lab {
        id,
        title,
        chapter,
        order,
        topics,
        question,
        summary,
        story,
        flips,
        guesses,
        shown,
        tries,
        sources,
        speed,
        view,
        plots,
        decides,
        clocks,
        sliders: names,
        switches,
        scenario,
        expectations,
        limits,
        source: Value::Null,
    })
}

/// How much of the run is shown: all of it if nothing is said.
fn shown(fields: &mut Fields<'_>, duration: SimDuration) -> SimDuration {
    let shown = fields.optional_quantity("shown", DURATION);
    let shown = shown.map_or(duration, SimDuration::from_nanos_f64);
    if shown > duration {
        fields.complain(
            "shown",
            format!("is {shown}, but the run ends after {duration}"),
        );
    }
    shown
}

fn plots(fields: &mut Fields<'_>) -> Vec<Plot> {
    let mut plots = Vec::new();
    for (place, name) in fields.texts("plots", 5, 40).iter().enumerate() {
        match meaning(&PLOTS, name) {
            Some(plot) => plots.push(plot),
            None => {
                let words = listed(&PLOTS);
                let what = format!("is \"{}\"; it must be one of {words}", shortened(name));
                fields.complain(&format!("plots[{place}]"), what);
            }
        }
    }
    plots
}

/// One of the curves of a lab.
fn decides(fields: &mut Fields<'_>, plots: &[Plot]) -> Option<Plot> {
    let name = fields.text("decides", 40, "");
    let plot = meaning(&PLOTS, &name).filter(|plot| plots.contains(plot));
    if plot.is_none() && !name.is_empty() {
        let what = format!(
            "is \"{}\"; it must be one of the lab's plots",
            shortened(&name)
        );
        fields.complain("decides", what);
    }
    plot
}

fn source(mut fields: Fields<'_>) -> Source {
    let source = Source {
        text: prose(&mut fields, "text", 1000),
        cites: fields.text("cites", 300, ""),
        url: fields.text("url", 300, ""),
    };
    if !source.url.is_empty() && !source.url.starts_with("https://") {
        fields.complain("url", "must begin with https://");
    }
    fields.finish();
    source
}

fn a_try(mut fields: Fields<'_>, scenario: &Scenario) -> Try {
    let steps = fields.objects("story", 12).into_iter();
    let tried = Try {
        text: prose(&mut fields, "text", 500),
        link: query(&mut fields, scenario),
        story: steps.map(|entry| story::step(entry, scenario)).collect(),
    };
    fields.finish();
    tried
}

/// A slider is a knob, or the family of a knob for every node.
fn check_sliders(fields: &Fields<'_>, sliders: &[String], scenario: &Scenario) {
    for (place, key) in sliders.iter().enumerate() {
        let is_family = setting::keys().any(|family| family == key);
        if !is_family && Knob::parse(key, scenario).is_none() {
            let parameters = scenario.protocol.parameters.iter().map(|spec| spec.id);
            let near = nearest(key, setting::keys().chain(parameters));
            let what = format!("is \"{}\", which is not a slider{near}", shortened(key));
            fields.complain(&format!("sliders[{place}]"), what);
        }
    }
}
