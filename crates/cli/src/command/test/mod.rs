//! `slowfire test`.
//!
//! | module | its subject |
//! | --- | --- |
//! | `tested` | what became of a file of the suite |
//! | `junit` | the same as JUnit's XML |

mod junit;
mod tested;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use check::watch::State;
use rayon::prelude::*;
use scenario::run::ExplainedVerdict;
use scenario::run::play::Play;

use tested::{Case, Tested};

use crate::args::TestArguments;
use crate::input;
use crate::regression::{Expected, Regression, is_named_so};
use crate::report::{Ending, bold, counted, faint, problems, say, sign, word};

/// Runs the files of a folder, and says which do not what they are expected to do.
pub fn test(arguments: &TestArguments) -> anyhow::Result<Ending> {
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for path in &arguments.paths {
        gather(path, &mut seen, &mut files)?;
    }
    if files.is_empty() {
        bail!(
            "there is no .toml or .json file in {}",
            listed(&arguments.paths)
        );
    }
    let memory = arguments.memory_bytes();
    let tested: Vec<Tested> = files.par_iter().map(|file| tested(file, memory)).collect();
    if let Some(file) = &arguments.junit {
        let written = fs::write(file, junit::written(&tested));
        written.with_context(|| format!("cannot write {}", file.display()))?;
    }
    say(&told(&tested))?;
    let cannot = tested.iter().any(|tested| tested.cases.is_err());
    let fails = tested.iter().flat_map(Tested::failures).next().is_some();
    Ok(match (cannot, fails) {
        (true, _) => Ending::BadInput,
        (_, true) => Ending::Violated,
        _ => Ending::Well,
    })
}

fn listed(paths: &[PathBuf]) -> String {
    let paths = paths.iter().map(|path| path.display().to_string());
    paths.collect::<Vec<_>>().join(", ")
}

/// The files of a folder and of those in it, by name; or the file that this is. A link may lead back to a folder that was seen.
fn gather(
    path: &Path,
    seen: &mut BTreeSet<PathBuf>,
    files: &mut Vec<PathBuf>,
) -> anyhow::Result<()> {
    let cannot = || format!("cannot open {}", path.display());
    if !fs::metadata(path).with_context(cannot)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    if !seen.insert(fs::canonicalize(path).with_context(cannot)?) {
        return Ok(());
    }
    let entries = fs::read_dir(path).with_context(cannot)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_, _>>().with_context(cannot)?;
    paths.sort();
    for path in paths {
        if path.is_dir() || is_named_so(&path) {
            gather(&path, seen, files)?;
        }
    }
    Ok(())
}

fn tested(file: &Path, memory: usize) -> Tested {
    let began = Instant::now();
    let name = file.display().to_string();
    let cases = match read(&name) {
        Ok(regression) => Ok(run(&regression, memory)),
        Err(error) => Err(format!("{error:#}")),
    };
    Tested {
        file: name,
        took: began.elapsed(),
        cases,
    }
}

fn read(file: &str) -> anyhow::Result<Regression> {
    let text = input::text_of(file)?;
    let read = input::value_in(file, &text).and_then(|value| Regression::read(&value));
    read.map_err(|wrong| problems(file, &wrong))
}

fn run(regression: &Regression, memory: usize) -> Vec<Case> {
    let Regression { link, expected } = regression;
    let variant = &link.variant;
    let play = Play::new(&variant.scenario, &variant.deeds).within(memory);
    let (_, verdicts) = play.to_end_explained(None, |_, _| {});
    let case = |expected: &Expected| {
        let verdict = &verdicts[expected.check];
        let moment = expected
            .at
            .map(|at| format!(" at {at}"))
            .unwrap_or_default();
        let name = format!("{} {}{moment}", verdict.check.id, word(expected.state));
        Case {
            failure: differs(expected, verdict).then(|| {
                let (label, said) = (&verdict.check.label, shown(verdict));
                format!(
                    "{label}: expected {}{moment}, and {said}\n{}",
                    word(expected.state),
                    link.format()
                )
            }),
            name,
        }
    };
    expected.iter().map(case).collect()
}

fn differs(expected: &Expected, verdict: &ExplainedVerdict<'_>) -> bool {
    let is_at_the_moment = expected.at.is_none_or(|at| verdict.violated_at == Some(at));
    verdict.state != expected.state || !is_at_the_moment
}

/// What a check says, as the end of a sentence.
fn shown(verdict: &ExplainedVerdict<'_>) -> String {
    let at = verdict.violated_at.map(|at| format!(" at {at}"));
    let state = match verdict.state {
        State::Holds => "it holds",
        State::Violated => "it is violated",
        State::Undecided => "it is undecided",
    };
    format!("{state}{}. {}", at.unwrap_or_default(), verdict.sentence)
}

fn told(tested: &[Tested]) -> String {
    let mut lines = Vec::new();
    for Tested { file, cases, .. } in tested {
        match cases {
            Err(wrong) => lines.push(format!("{}  {wrong}", sign(State::Undecided))),
            Ok(cases) => lines.extend(cases.iter().flat_map(|case| told_case(file, case))),
        }
    }
    let count = |of: fn(&Tested) -> usize| tested.iter().map(of).sum::<usize>();
    let cases = count(|tested| tested.cases.as_ref().map_or(0, Vec::len));
    let failures = count(|tested| tested.failures().count());
    let errors = count(|tested| usize::from(tested.cases.is_err())) as u64;
    let files = faint(&format!("in {}", counted(tested.len() as u64, "file")));
    let title = format!("{} as expected, {failures} not", cases - failures);
    let wrong = match errors {
        0 => String::new(),
        errors => format!(", {} cannot be used", counted(errors, "file")),
    };
    lines.push(format!("{}{wrong}  {files}", bold(&title)));
    lines.join("\n")
}

/// What is said of a case: a line, and more if it is not as expected.
fn told_case(file: &str, case: &Case) -> Vec<String> {
    let passes = case.failure.is_none();
    let mark = if passes { "ok    " } else { "FAILED" };
    let mut lines = vec![format!("{mark}  {file}: {}", case.name)];
    let failure = case.failure.iter().flat_map(|failure| failure.lines());
    lines.extend(failure.map(|line| format!("        {line}")));
    lines
}
