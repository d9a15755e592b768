//! `slowfire merge`.

use std::ops::Range;

use anyhow::{Context, bail};
use scenario::run::hunt::Counts;

use super::hunt::{Hunt, ending, read, save, told, write};
use crate::args::MergeArguments;
use crate::input::{is_stdout, whole_text};
use crate::report::{Ending, bold, counted, note, say, warn};

/// A report, and the file that it was read from.
struct Part {
    file: String,
    hunt: Hunt,
    counts: Counts,
}

/// Adds up what several machines have found.
pub fn merge(arguments: &MergeArguments) -> anyhow::Result<Ending> {
    let parts: Vec<Part> = arguments
        .files
        .iter()
        .map(|file| part(file))
        .collect::<Result<_, _>>()?;
    let (first, others) = parts.split_first().context("there must be a report")?;
    let mut counts = first.counts.clone();
    for (place, part) in (1..).zip(others) {
        is_of_the_same(first, part)?;
        if let Some(same) = parts[..place]
            .iter()
            .find(|other| other.counts == part.counts)
        {
            note(&format!(
                "{} has the same seeds as {}; they count once",
                part.file, same.file
            ));
            continue;
        }
        if let Err(twice) = counts.add(&part.counts) {
            bail!(
                "{} has the seeds {}, as others do, and is not the same as one of them",
                part.file,
                shown(&twice)
            );
        }
    }
    let hunt = &first.hunt;
    let missing = counts.ran.missing(hunt.seeds.clone());
    if !missing.is_empty() {
        let missing: Vec<String> = missing.iter().map(shown).collect();
        warn(format!("the seeds {} are in no report", missing.join(", ")));
    }
    let text = write(hunt, &counts);
    if let Some(file) = &arguments.output {
        save(file, &text)?;
    }
    // A report on stdout is all of stdout.
    if arguments.output.as_deref().is_some_and(is_stdout) {
        return Ok(ending(&counts, missing.is_empty()));
    }
    if arguments.json {
        say(text.trim_end())?;
    } else {
        let title = bold(&counted(counts.runs, "run"));
        say(&told(hunt, &counts, title))?;
    }
    Ok(ending(&counts, missing.is_empty()))
}

fn part(file: &str) -> anyhow::Result<Part> {
    let (hunt, counts) = read(file, &whole_text(file)?)?;
    let file = file.to_owned();
    Ok(Part { file, hunt, counts })
}

fn is_of_the_same(one: &Part, other: &Part) -> anyhow::Result<()> {
    match one.hunt.difference(&other.hunt.to_json()) {
        None => Ok(()),
        Some((field, here, there)) => bail!(
            "{} is of another hunt than {}: {field} is {there}, and not {here}",
            other.file,
            one.file
        ),
    }
}

fn shown(seeds: &Range<u64>) -> String {
    format!("{}..{}", seeds.start, seeds.end)
}
