//! `slowfire link` and `slowfire show`.

use anyhow::Context;

use crate::args::{LinkArguments, ShowArguments};
use crate::input;
use crate::report::{Ending, say, say_json};

/// Writes a document as a link.
pub fn link(arguments: &LinkArguments) -> anyhow::Result<Ending> {
    let link = input::read(&arguments.input)?;
    let hash = if arguments.packed {
        link.format_packed()
    } else {
        link.format()
    };
    say(&format!("{}{hash}", arguments.page))?;
    Ok(Ending::Well)
}

/// Writes a link as a document.
pub fn show(arguments: &ShowArguments) -> anyhow::Result<Ending> {
    let value = input::read(&arguments.input)?.to_value();
    if arguments.toml {
        let text =
            toml::to_string_pretty(&value).context("the document cannot be written as TOML")?;
        say(text.trim_end())?;
    } else {
        say_json(&value)?;
    }
    Ok(Ending::Well)
}
