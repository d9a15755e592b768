//! `slowfire run`.

use check::tally::Interval;
use scenario::link::Link;
use scenario::run::play::{Outcome, Play};
use scenario::run::{ExplainedVerdict, Tally};
use serde_json::{Map, Value, json};
use sim::SimTime;

use super::trace::Tracer;
use crate::args::RunArguments;
use crate::input;
use crate::report::{Ending, bold, faint, number, say, say_json, sign, word};

/// A run that has ended.
struct Played<'l> {
    link: &'l Link,
    outcome: Outcome,
    verdicts: Vec<ExplainedVerdict<'l>>,
    tally: Tally,
}

/// Runs once.
pub fn run(arguments: &RunArguments) -> anyhow::Result<Ending> {
    let link = input::subject(&arguments.subject, arguments.seed)?;
    let until = input::until(&arguments.subject, &link)?;
    let mut tracer = match &arguments.trace {
        Some(file) => Some(Tracer::create(file, &link)?),
        None => None,
    };
    let memory = arguments.subject.memory_bytes();
    let played = play(&link, until, memory, tracer.as_mut())?;
    // A trace on stdout is all of stdout.
    let has_stdout = tracer.map_or(Ok(true), Tracer::finish)?;
    if has_stdout {
        tell(&played, arguments)?;
    }
    Ok(Ending::of(&played.verdicts))
}

fn play<'l>(
    link: &'l Link,
    until: Option<SimTime>,
    memory: usize,
    mut tracer: Option<&mut Tracer>,
) -> anyhow::Result<Played<'l>> {
    let mut tally = Tally::default();
    let mut failed = None;
    let play = Play::new(&link.variant.scenario, &link.variant.deeds).within(memory);
    let (outcome, verdicts) = play.to_end_explained(until, |id, event| {
        tally.observe(event);
        if let (Some(tracer), None) = (&mut tracer, &failed) {
            failed = tracer.write(id, event).err();
        }
    });
    let played = Played {
        link,
        outcome,
        verdicts,
        tally,
    };
    failed.map_or(Ok(played), Err)
}

fn tell(played: &Played<'_>, arguments: &RunArguments) -> anyhow::Result<()> {
    let by_second = played.tally.by_second();
    if arguments.digest {
        return say(&played.outcome.digest.to_string());
    }
    if arguments.json {
        let mut value = to_json(played);
        if arguments.by_second {
            value["by_second"] = by_second.iter().map(second).collect();
        }
        return say_json(&value);
    }
    say(&told(played))?;
    if arguments.by_second {
        say(&told_by_second(by_second))?;
    }
    Ok(())
}

fn second(of: &Interval) -> Value {
    json!({"asked": of.asked, "served": of.served, "refused": of.refused})
}

fn to_json(played: &Played<'_>) -> Value {
    let (link, outcome) = (played.link, &played.outcome);
    let verdict = |verdict: &ExplainedVerdict<'_>| {
        json!({
            "check": verdict.check.id,
            "verdict": word(verdict.state),
            "at_ms": verdict.violated_at.map(|at| number(at.as_millis_f64())),
            "sentence": verdict.sentence,
        })
    };
    let entry = |(name, value): (&str, f64)| (name.to_owned(), number(value));
    let mut value = json!({
        "digest": outcome.digest.to_string(),
        "seed": link.variant.scenario.seed,
        "end": number(outcome.end.as_millis_f64()),
        "events": outcome.events,
        "verdicts": played.verdicts.iter().map(verdict).collect::<Vec<_>>(),
        "figures": played.tally.list().into_iter().map(entry).collect::<Map<_, _>>(),
        "link": link.format(),
    });
    if let Some(modified) = link.variant.scenario.modified() {
        value["modified"] = json!(modified);
    }
    if let Some(sentence) = outcome.stopped() {
        value["stopped"] = json!(sentence);
    }
    value
}

fn told(played: &Played<'_>) -> String {
    let (link, outcome) = (played.link, &played.outcome);
    let scenario = &link.variant.scenario;
    let title = match link.lab.title.as_str() {
        "" => scenario.protocol.id,
        title => title,
    };
    let facts = format!(
        "seed {}, {} of virtual time, {} events",
        scenario.seed, outcome.end, outcome.events
    );
    let mut lines = vec![format!("{}  {}", bold(title), faint(&facts))];
    lines.extend(scenario.modified());
    lines.push(String::new());
    for verdict in &played.verdicts {
        let (sign, label) = (sign(verdict.state), &verdict.check.label);
        let at = verdict.violated_at.map(|at| format!(" at {at}"));
        lines.push(format!("{sign}  {label}{}", at.unwrap_or_default()));
        lines.push(format!("             {}", verdict.sentence));
    }
    lines.extend(outcome.stopped());
    lines.push(String::new());
    for (name, number) in played.tally.list() {
        let name = name.replace('_', " ");
        lines.push(format!("{:>14}  {name}", rounded(number)));
    }
    lines.push(String::new());
    lines.push(faint(&format!("digest {}", outcome.digest)));
    lines.push(link.format());
    lines.join("\n")
}

fn told_by_second(seconds: &[Interval]) -> String {
    let line = |(number, second): (usize, &Interval)| {
        let (asked, served, refused) = (second.asked, second.served, second.refused);
        format!("{number:>12} s  {asked} asked, {served} served, {refused} refused")
    };
    let seconds = seconds.iter().enumerate();
    seconds.map(line).collect::<Vec<_>>().join("\n")
}

/// At most three digits after the point.
fn rounded(number: f64) -> String {
    ((number * 1000.0).round() / 1000.0).to_string()
}
