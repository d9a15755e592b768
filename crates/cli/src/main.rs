//! The `slowfire` command: what the page does, without a browser.
//!
//! | module | its subject |
//! | --- | --- |
//! | `args` | what can be written on the command line |
//! | `help` | what stands below the options in a command's help |
//! | `input` | a lab, a file or a link, read |
//! | `command` | the commands, one file each |
//! | `interrupt` | Ctrl-C |
//! | `regression` | a run with what is expected of it |
//! | `report` | what is common to all output: colours, exit codes, JSON |

mod args;
mod command;
mod help;
mod input;
mod interrupt;
mod regression;
mod report;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};
use command::{
    catalogue, check, explore, export, hunt, labs, link, merge, render, run, shrink, test, validate,
};
use report::{Ending, complain};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match &arguments.command {
        Command::Labs(arguments) => labs::labs(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Hunt(arguments) => hunt::hunt(arguments),
        Command::Merge(arguments) => merge::merge(arguments),
        Command::Shrink(arguments) => shrink::shrink(arguments),
        Command::Explore(arguments) => explore::explore(arguments),
        Command::Test(arguments) => test::test(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Validate(arguments) => validate::validate(arguments),
        Command::Link(arguments) => link::link(arguments),
        Command::Show(arguments) => link::show(arguments),
        Command::Render(arguments) => render::render(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Catalogue(arguments) => catalogue::catalogue(arguments),
        Command::Completions { shell } => {
            // The generator panics if it cannot write, as into a closed pipe, so it writes into memory.
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "slowfire", &mut script);
            report::say(String::from_utf8_lossy(&script).trim_end()).map(|()| Ending::Well)
        }
    };
    match ended {
        Ok(ending) => ending.into(),
        Err(error) => {
            complain(&error);
            Ending::BadInput.into()
        }
    }
}
