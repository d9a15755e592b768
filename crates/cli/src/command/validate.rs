//! `slowfire validate`.

use scenario::document::Problem;
use serde_json::{Value, json};

use crate::args::ValidateArguments;
use crate::input;
use crate::report::{Ending, say, say_json};

/// Says everything that is wrong with documents.
pub fn validate(arguments: &ValidateArguments) -> anyhow::Result<Ending> {
    let mut found: Vec<(&str, Vec<Problem>)> = Vec::new();
    for file in &arguments.files {
        let problems = match input::text_of(file) {
            Ok(text) => input::document(&text).err().unwrap_or_default(),
            Err(error) => vec![Problem::new(
                "the file",
                format!("cannot be read: {error:#}"),
            )],
        };
        found.push((file, problems));
    }
    if arguments.json {
        say_json(&found.iter().map(to_json).collect())?;
    } else {
        for (file, problems) in &found {
            if problems.is_empty() {
                say(&format!("{file}: nothing is wrong"))?;
            }
            for problem in problems {
                say(&format!("{file}: {problem}"))?;
            }
        }
    }
    let is_well = found.iter().all(|(_, problems)| problems.is_empty());
    Ok(if is_well {
        Ending::Well
    } else {
        Ending::BadInput
    })
}

fn to_json((file, problems): &(&str, Vec<Problem>)) -> Value {
    let problem = |problem: &Problem| json!({ "path": problem.path, "what": problem.what });
    json!({ "file": file, "problems": problems.iter().map(problem).collect::<Vec<_>>() })
}
