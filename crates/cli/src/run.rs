//! `slowfire run`.

use check::figures::Interval;
use check::watch::Verdict;
use scenario::document::CheckSettings;
use scenario::figures::Figures;
use scenario::link::Link;
use scenario::play::{Outcome, Play};
use serde_json::{Map, Value, json};

use crate::args::RunArguments;
use crate::input;
use crate::report::{Ending, bold, faint, number, say, say_json, sign, word};
use crate::trace::Tracer;

/// Runs once.
pub fn run(arguments: &RunArguments) -> anyhow::Result<Ending> {
    let link = input::subject(&arguments.subject, arguments.seed)?;
    let until = input::until(&arguments.subject, &link)?;
    let variant = &link.variant;
    let mut tracer = match &arguments.trace {
        Some(file) => Some(Tracer::create(file, &variant.scenario)?),
        None => None,
    };
    let mut figures = Figures::default();
    let mut failed = None;
    let play = Play::new(&variant.scenario, &variant.deeds);
    let outcome = play.to_end_explained(until, |id, event| {
        figures.observe(event);
        if let (Some(tracer), None) = (&mut tracer, &failed) {
            failed = tracer.write(id, event).err();
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    // A trace on stdout is all of stdout.
    let has_stdout = tracer.map_or(Ok(true), Tracer::finish)?;
    let ending = Ending::of(&outcome.verdicts);
    if !has_stdout {
        return Ok(ending);
    }
    if arguments.digest {
        say(&outcome.digest.to_string())?;
    } else if arguments.json {
        let mut value = to_json(&link, &outcome, &figures);
        if arguments.by_second {
            value["by_second"] = figures.by_second().iter().map(second).collect();
        }
        say_json(&value)?;
    } else {
        say(&told(&link, &outcome, &figures))?;
        if arguments.by_second {
            say(&told_by_second(&figures))?;
        }
    }
    Ok(ending)
}

fn verdicts<'a>(
    link: &'a Link,
    outcome: &'a Outcome,
) -> impl Iterator<Item = (&'a CheckSettings, &'a Verdict)> {
    link.variant.scenario.checks.iter().zip(&outcome.verdicts)
}

fn second(of: &Interval) -> Value {
    json!({"asked": of.asked, "served": of.served, "refused": of.refused})
}

fn to_json(link: &Link, outcome: &Outcome, figures: &Figures) -> Value {
    let verdict = |(check, verdict): (&CheckSettings, &Verdict)| {
        json!({
            "check": check.id,
            "verdict": word(verdict.state),
            "at_ms": verdict.at.map(|at| number(at.as_millis_f64())),
            "sentence": verdict.sentence,
        })
    };
    let figure = |(name, figure): (&str, f64)| (name.to_owned(), number(figure));
    let mut value = json!({
        "digest": outcome.digest.to_string(),
        "seed": link.variant.scenario.seed,
        "end": number(outcome.end.as_millis_f64()),
        "events": outcome.events,
        "verdicts": verdicts(link, outcome).map(verdict).collect::<Vec<_>>(),
        "figures": figures.list().into_iter().map(figure).collect::<Map<_, _>>(),
        "link": link.format(),
    });
    if let Some(sentence) = outcome.stopped() {
        value["stopped"] = json!(sentence);
    }
    value
}

fn told(link: &Link, outcome: &Outcome, figures: &Figures) -> String {
    let scenario = &link.variant.scenario;
    let title = match link.lab.title.as_str() {
        "" => scenario.protocol.id,
        title => title,
    };
    let facts = format!(
        "seed {}, {} of virtual time, {} events",
        scenario.seed, outcome.end, outcome.events
    );
    let mut lines = vec![format!("{}  {}", bold(title), faint(&facts)), String::new()];
    for (check, verdict) in verdicts(link, outcome) {
        let at = verdict.at.map(|at| format!(" at {at}")).unwrap_or_default();
        lines.push(format!("{}  {}{at}", sign(verdict.state), check.label));
        lines.push(format!("            {}", verdict.sentence));
    }
    lines.extend(outcome.stopped());
    lines.push(String::new());
    for (name, number) in figures.list() {
        let name = name.replace('_', " ");
        lines.push(format!("{:>14}  {name}", rounded(number)));
    }
    lines.push(String::new());
    lines.push(faint(&format!("digest {}", outcome.digest)));
    lines.push(link.format());
    lines.join("\n")
}

fn told_by_second(figures: &Figures) -> String {
    let line = |(number, second): (usize, &Interval)| {
        let (asked, served, refused) = (second.asked, second.served, second.refused);
        format!("{number:>12} s  {asked} asked, {served} served, {refused} refused")
    };
    let seconds = figures.by_second().iter().enumerate();
    seconds.map(line).collect::<Vec<_>>().join("\n")
}

/// At most three digits after the point.
fn rounded(number: f64) -> String {
    ((number * 1000.0).round() / 1000.0).to_string()
}
