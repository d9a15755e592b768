//! `slowfire labs`.

use std::borrow::Cow;

use scenario::checks::Promise;
use scenario::lab::outcomes::{self, SEEDS};
use scenario::lab::{self, Expectation, Flip, Lab, Limit, Step};
use scenario::link::Link;
use scenario::variant::Variant;
use scenario::weather::{Fault, Withstood};
use serde_json::{Map, Value, json};

use crate::args::LabsArguments;
use crate::report::{Ending, bold, faint, number, say, say_json};

/// Lists the labs, by chapter.
pub fn labs(arguments: &LabsArguments) -> anyhow::Result<Ending> {
    if arguments.json {
        say_json(&lab::labs().iter().map(to_json).collect())?;
    } else {
        say(&listed())?;
    }
    Ok(Ending::Well)
}

/// A title with a full stop, unless it ends with a mark of its own.
fn sentence(title: &str) -> String {
    let stop = if title.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{title}{stop}")
}

fn listed() -> String {
    let labs = lab::labs();
    let width = labs.iter().map(|lab| lab.id.len()).max().unwrap_or(0);
    let mut chapters: Vec<&str> = Vec::new();
    for lab in labs {
        if !chapters.contains(&lab.chapter.as_str()) {
            chapters.push(&lab.chapter);
        }
    }
    let chapter = |chapter: &&str| {
        let mut lines = vec![bold(chapter)];
        for lab in labs.iter().filter(|lab| lab.chapter == **chapter) {
            let question = faint(&lab.question);
            let title = sentence(&lab.title);
            lines.push(format!("  {:width$}  {title} {question}", lab.id));
        }
        lines.join("\n")
    };
    chapters
        .iter()
        .map(chapter)
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn to_json(lab: &'static Lab) -> Value {
    let shown = |id: &str| lab.switches.contains(&id);
    let specs = lab.scenario.protocol.defences.iter();
    let defences = specs.filter(|spec| shown(spec.id));
    let defence =
        |spec: &protocols::DefenceSpec| json!({ "id": spec.id, "protects": spec.protects });
    let claims = lab.expectations.iter();
    json!({
        "id": lab.id,
        "title": lab.title,
        "chapter": lab.chapter,
        "question": lab.question,
        "shown": lab.shown.to_string(),
        "story": lab.story.iter().map(step_json).collect::<Vec<_>>(),
        "flips": lab.flips.iter().map(|flip| flip_json(lab, flip)).collect::<Vec<_>>(),
        "outcomes": outcomes_json(lab),
        "defences": defences.map(defence).collect::<Vec<_>>(),
        "limits": lab.limits.iter().map(|limit| limit_json(lab, limit)).chain(unjudged(lab)).collect::<Vec<_>>(),
        "expectations": claims.map(|claim| claim_json(lab, claim)).collect::<Vec<_>>(),
    })
}

fn step_json(step: &Step) -> Value {
    json!({
        "text": step.text,
        "instead": step.instead,
        "only_on": step.only_on,
        "unless_on": step.unless_on,
    })
}

fn flip_json(lab: &Lab, flip: &Flip) -> Value {
    json!({
        "on": flip.on.iter().collect::<Vec<_>>(),
        "check": flip.check.map(|check| &lab.scenario.checks[check].id),
        "helps": flip.helps,
        "fails": flip.fails,
    })
}

/// In how many seeds something is violated, and each check, with each set of the lab's defences.
fn outcomes_json(lab: &Lab) -> Value {
    let sets = outcomes::of_lab(&lab.id).map(|(on, counted)| {
        let checks = lab.scenario.checks.iter().map(|check| check.id.clone());
        let counts = counted.checks.iter().map(|count| json!(count));
        let checks: Map<String, Value> = checks.zip(counts).collect();
        let on: Vec<&str> = on.split(',').filter(|id| !id.is_empty()).collect();
        json!({ "on": on, "any": counted.any, "checks": checks })
    });
    json!({ "seeds": SEEDS, "violated": sets.collect::<Vec<_>>() })
}

/// A claim with every defence of the protocol, on or off: it means the same whatever the lab's own are.
/// One that changes more than switches has the link of its runs as well.
fn claim_json(lab: &'static Lab, claim: &Expectation) -> Value {
    let on = claim.defences(&lab.scenario);
    let all = lab.scenario.protocol.defences.iter().map(|spec| spec.id);
    let (on, off): (Vec<&str>, Vec<&str>) = all.partition(|id| on.contains(id));
    let mut value = json!({
        "off": off,
        "on": on,
        "check": lab.scenario.checks[claim.check].id,
        "verdict": claim.verdict.word(),
        "share": number(claim.verdict.share()),
    });
    if !claim.link.is_empty() {
        value["link"] = json!(link(lab, claim.variant(&lab.scenario)));
    }
    if let Some(withstood) = &claim.withstands {
        let promise = lab.scenario.checks[claim.check].kind.promise;
        value["withstands"] = withstood_json(lab, promise, withstood);
    }
    value
}

/// The strength of each kind of fault, as a lab's file writes it, and what kind of promise is said to withstand them.
fn withstood_json(lab: &Lab, promise: Promise, withstood: &Withstood) -> Value {
    let strength = |(fault, strength): (Fault, f64)| {
        let entry = fault.entry();
        (entry.word.to_owned(), entry.range.unit.to_json(strength))
    };
    let faults: Map<String, Value> = withstood.faults().map(strength).collect();
    json!({
        "faults": faults,
        "nodes": withstood.nodes.format(&lab.scenario.names()),
        "promise": promise.word(),
        "recovers": withstood.recovers.to_string(),
        "sentence": withstood.sentence(promise, &lab.scenario),
    })
}

fn link(lab: &'static Lab, variant: Variant) -> String {
    let lab = Cow::Borrowed(lab);
    Link { lab, variant }.format()
}

/// How a thing to try begins that shows a limit which no check of the lab judges.
const UNJUDGED: &str = "*What it does not save you from*: ";

/// The limits that no check judges.
fn unjudged(lab: &'static Lab) -> impl Iterator<Item = Value> {
    lab.tries.iter().filter_map(move |one| {
        let mut variant = Variant::of(lab.scenario.clone());
        variant.apply(&one.link);
        let text = one.text.strip_prefix(UNJUDGED)?;
        Some(json!({
            "text": text,
            "link": link(lab, variant),
            "beyond": [],
            "check": null,
            "verdict": null,
        }))
    })
}

fn limit_json(lab: &'static Lab, limit: &Limit) -> Value {
    let beyond = limit.beyond.iter().map(|fault| fault.entry().word);
    json!({
        "text": limit.text,
        "link": link(lab, limit.variant(&lab.scenario)),
        "beyond": beyond.collect::<Vec<_>>(),
        "check": lab.scenario.checks[limit.check].id,
        "verdict": limit.word(),
    })
}
