//! `slowfire shrink`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use check::watch::State;
use serde_json::{Map, Value, json};
use shrink::{Faults, Kind, Less, Progress, Shrink, Smallest};

use crate::args::ShrinkArguments;
use crate::report::{Ending, bold, faint, number, progress, say, say_json, sign};
use crate::{input, interrupt, regression};

/// How a search has ended.
struct Searched {
    smallest: Smallest,
    took: Duration,
    was_interrupted: bool,
}

/// Makes a failing run as small as it gets.
pub fn shrink(arguments: &ShrinkArguments) -> anyhow::Result<Ending> {
    let given = input::ending(&arguments.subject, arguments.seed)?;
    let interrupted = interrupt::listen()?;
    let search = Shrink::within(
        arguments.subject.memory_bytes(),
        &given,
        arguments.check.as_deref(),
    )?;
    let searched = search_on(search, interrupted);
    let has_stdout = arguments.output.as_deref().is_some_and(input::is_stdout);
    let Smallest {
        link, check, at, ..
    } = &searched.smallest;
    if let Some(file) = &arguments.output {
        input::write_document(file, &link.to_value())?;
    }
    if let Some(file) = &arguments.test {
        let document = regression::of_violation(link.to_value(), check, *at);
        input::write_document(file, &document)?;
    }
    // A document on stdout is all of stdout.
    if has_stdout {
        return Ok(Ending::Violated);
    }
    if arguments.json {
        say_json(&to_json(&searched))?;
    } else {
        say(&told(&searched))?;
    }
    Ok(Ending::Violated)
}

fn search_on(mut search: Shrink, interrupted: &AtomicBool) -> Searched {
    let began = Instant::now();
    let bar = progress();
    let mut was_interrupted = false;
    while search.step() {
        bar.set_message(words(search.progress()));
        was_interrupted = interrupted.load(Ordering::Relaxed);
        if was_interrupted {
            break;
        }
    }
    bar.finish_and_clear();
    Searched {
        took: began.elapsed(),
        smallest: search.best(),
        was_interrupted,
    }
}

fn words(progress: Progress) -> String {
    let Progress {
        runs,
        things,
        nodes,
        stage,
    } = progress;
    let trying = stage.words();
    format!("{runs} runs; {things} deeds and settings left, {nodes} nodes; trying {trying}")
}

fn by_kind(faults: &Faults) -> Map<String, Value> {
    let kinds = Kind::ALL.iter();
    let counted = kinds.map(|(kind, _, several)| (*several, faults.of(*kind)));
    let some = counted.filter(|(_, count)| *count > 0);
    let named = some.map(|(name, count)| (name.replace(' ', "-"), json!(count)));
    named.collect()
}

fn to_json(searched: &Searched) -> Value {
    let smallest = &searched.smallest;
    let less = |less: &Less| json!({"what": less.what, "from": less.from, "to": less.to});
    let mut value = json!({
        "check": smallest.check,
        "at_ms": number(smallest.at.as_millis_f64()),
        "runs": smallest.runs,
        "seconds": searched.took.as_secs_f64(),
        "faults": {
            "from": smallest.faults_before.all(),
            "to": smallest.faults.all(),
            "left": by_kind(&smallest.faults),
        },
        "less": smallest.less.iter().map(less).collect::<Vec<_>>(),
        "left": smallest.left,
        "link": smallest.link.format(),
        "document": smallest.link.to_value(),
    });
    if searched.was_interrupted {
        value["interrupted"] = json!(true);
    }
    value
}

fn told(searched: &Searched) -> String {
    let smallest = &searched.smallest;
    let (from, to) = (smallest.faults_before.all(), smallest.faults.all());
    let title = match (from, to) {
        (0, 0) => "no fault is needed".to_owned(),
        (1, 0) => "the only fault is not needed".to_owned(),
        (_, 0) => format!("none of {from} faults is needed"),
        (1, 1) => "1 fault is needed".to_owned(),
        (from, to) if from == to => format!("{to} faults are needed"),
        (_, 1) => format!("1 fault of {from} is enough"),
        _ => format!("{to} faults of {from} are enough"),
    };
    let (runs, seconds) = (smallest.runs, searched.took.as_secs_f64());
    let took = faint(&format!("found in {runs} runs, {seconds:.2} s"));
    let mut lines = vec![format!("{}  {took}", bold(&title))];
    if searched.was_interrupted {
        lines.push("Interrupted; this is the smallest run until then.".to_owned());
    }
    let (label, at) = (&smallest.label, smallest.at);
    lines.push(format!("{}  {label} at {at}", sign(State::Violated)));
    lines.push(String::new());
    let taken = smallest.less.iter();
    lines.extend(taken.map(|Less { what, from, to }| format!("{what:>20}  {from} -> {to}")));
    lines.push(String::new());
    lines.extend(done(&smallest.left));
    lines.push(smallest.link.format());
    lines.join("\n")
}

/// What is still done to the run, one line each.
fn done(left: &[String]) -> Vec<String> {
    let lines = left.iter().map(|what| format!("{:>20}  {what}", "left"));
    let end = (!left.is_empty()).then(String::new);
    lines.chain(end).collect()
}
