//! Slowfire's speed, beside its baselines, which run in the same command.
//!
//! `bench [--json] [--quick] [PART]...` measures the parts that are named, or all. It prints medians, as a table or as
//! JSON, and decides nothing.
//!
//! To add a part: a module with a function from [`Effort`] to [`Measure`]s, and its entry in [`PARTS`]. Baselines are
//! measured in the same function, by turns with their subjects ([`measure::medians`]).

mod check;
mod hunt;
mod kernel;
mod limits;
mod measure;
mod page;
mod raft;
mod scenario;
mod script;
mod timeline;
mod turmoil_udp;
mod wasm;

use anyhow::{Result, bail};
use measure::{Effort, Measure};

/// Something that can be measured on its own. Its figures' names are a contract: whoever reads `--json` finds them by
/// name.
struct Part {
    name: &'static str,
    measure: fn(Effort) -> Result<Vec<Measure>>,
}

const PARTS: &[Part] = &[
    Part {
        name: "check",
        measure: check::measure,
    },
    Part {
        name: "embed",
        measure: page::measure_embed,
    },
    Part {
        name: "hunt",
        measure: hunt::measure,
    },
    Part {
        name: "kernel",
        measure: kernel::measure,
    },
    Part {
        name: "page",
        measure: page::measure,
    },
    Part {
        name: "raft",
        measure: raft::measure,
    },
    Part {
        name: "scenario",
        measure: scenario::measure,
    },
    Part {
        name: "script",
        measure: script::measure,
    },
    Part {
        name: "timeline",
        measure: timeline::measure,
    },
];

fn main() -> Result<()> {
    let mut effort = Effort::Full;
    let mut as_json = false;
    let mut names = Vec::new();
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--json" => as_json = true,
            "--quick" => effort = Effort::Quick,
            option if option.starts_with('-') => {
                bail!("unknown option {option}: --json or --quick")
            }
            name => names.push(name.to_owned()),
        }
    }
    let mut measures = Vec::new();
    for part in parts(&names)? {
        eprintln!("measuring {} ...", part.name);
        measures.extend((part.measure)(effort)?);
    }
    if as_json {
        println!("{}", serde_json::to_string_pretty(&measures)?);
    } else {
        measure::print_table(&measures);
    }
    Ok(())
}

/// The parts of these names; all if there are none.
fn parts(names: &[String]) -> Result<Vec<&'static Part>> {
    if names.is_empty() {
        return Ok(PARTS.iter().collect());
    }
    let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
    let mut found = Vec::new();
    for name in names {
        match PARTS.iter().find(|part| part.name == name) {
            Some(part) => found.push(part),
            None => bail!("unknown part {name}: {}", known.join(", ")),
        }
    }
    Ok(found)
}
