//! `slowfire labs`.

use scenario::lab::{self, Expectation, Lab};
use serde_json::{Value, json};

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
            lines.push(format!("  {:width$}  {}. {question}", lab.id, lab.title));
        }
        lines.join("\n")
    };
    chapters
        .iter()
        .map(chapter)
        .collect::<Vec<_>>()
        .join("\n\n")
}

fn to_json(lab: &Lab) -> Value {
    let shown = |id: &str| lab.switches.contains(&id);
    let specs = lab.scenario.protocol.defences.iter();
    let defences = specs.filter(|spec| shown(spec.id));
    let defence =
        |spec: &protocols::DefenceSpec| json!({ "id": spec.id, "protects": spec.protects });
    // Claims that change more than switches cannot be told by switches alone.
    let claims = lab.expectations.iter();
    let claims = claims.filter(|claim| claim.link.is_empty());
    json!({
        "id": lab.id,
        "title": lab.title,
        "chapter": lab.chapter,
        "question": lab.question,
        "defences": defences.map(defence).collect::<Vec<_>>(),
        "expectations": claims.map(|claim| claim_json(lab, claim)).collect::<Vec<_>>(),
    })
}

/// A claim with every defence of the protocol, on or off: it means the same whatever the lab's own are.
fn claim_json(lab: &Lab, claim: &Expectation) -> Value {
    let on = claim.defences(&lab.scenario);
    let all = lab.scenario.protocol.defences.iter().map(|spec| spec.id);
    let (on, off): (Vec<&str>, Vec<&str>) = all.partition(|id| on.contains(id));
    json!({
        "off": off,
        "on": on,
        "check": lab.scenario.checks[claim.check].id,
        "verdict": claim.verdict.word(),
        "share": number(claim.verdict.share()),
    })
}
