//! `slowfire validate`.

use scenario::document::Problem;
use serde_json::{Value, json};

use crate::args::ValidateArguments;
use crate::input;
use crate::report::{Ending, say, say_json, warn};

/// What there is to say about a document.
struct Found<'a> {
    file: &'a str,
    problems: Vec<Problem>,
    /// That it is of another revision of its protocol, and what was mended since.
    notes: Vec<String>,
}

/// Says everything that is wrong with documents.
pub fn validate(arguments: &ValidateArguments) -> anyhow::Result<Ending> {
    let found: Vec<Found<'_>> = arguments.files.iter().map(|file| looked_at(file)).collect();
    if arguments.json {
        say_json(&found.iter().map(to_json).collect())?;
    } else {
        for Found {
            file,
            problems,
            notes,
        } in &found
        {
            if !notes.is_empty() {
                warn(format!("{file}: {}", notes.join("\n  ")));
            }
            if problems.is_empty() {
                say(&format!("{file}: nothing is wrong"))?;
            }
            for problem in problems {
                say(&told(file, problem))?;
            }
        }
    }
    let is_well = found.iter().all(|found| found.problems.is_empty());
    Ok(if is_well {
        Ending::Well
    } else {
        Ending::BadInput
    })
}

/// A problem, with its file: that of a script says it already.
fn told(file: &str, problem: &Problem) -> String {
    match problem.path.starts_with(file) {
        true => problem.to_string(),
        false => format!("{file}: {problem}"),
    }
}

fn looked_at(file: &str) -> Found<'_> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    match input::text_of(file).map(|text| input::document_in(file, &text)) {
        Ok(Ok(link)) => notes = link.revision_note(),
        Ok(Err(wrong)) => problems = wrong,
        Err(error) => {
            let what = format!("cannot be read: {error:#}");
            problems.push(Problem::new("the file", what));
        }
    }
    Found {
        file,
        problems,
        notes,
    }
}

fn to_json(found: &Found<'_>) -> Value {
    let problem = |problem: &Problem| json!({ "path": problem.path, "what": problem.told() });
    let problems: Vec<Value> = found.problems.iter().map(problem).collect();
    let mut value = json!({ "file": found.file, "problems": problems });
    if !found.notes.is_empty() {
        value["notes"] = json!(found.notes);
    }
    value
}
