//! What can be written on the command line. `seeds`: which seeds a hunt runs.

mod seeds;

use std::path::PathBuf;

use check::consistency::budget::Budget;
use check::format::{Keyed, read_value};
use check::model::ModelName;
use check::value::Value;
use check::verify::Consistency;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use explore::Bounds;
use export::Form;
use scenario::run::build::MEMORY;
use scenario::view::View;

pub use seeds::{Seeds, Shard};

use seeds::{seeds, shard};

use crate::help::{
    CHECK_HELP, EXIT_CODES, EXPLORE_HELP, EXPORT_HELP, HUNT_EXAMPLES, LINK_EXAMPLES, MERGE_HELP,
    RENDER_EXAMPLES, RUN_EXAMPLES, SHRINK_HELP, TEST_HELP, with_deeds,
};

/// Deterministic failures of distributed systems.
///
/// The same lab, seed and interventions give the same run, here and in the browser.
#[derive(Debug, Parser)]
#[command(name = "slowfire", version = env!("SLOWFIRE_VERSION"), after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the labs, by chapter
    #[command(after_help = "Examples:\n  slowfire labs\n  slowfire labs --json | jq -r '.[].id'")]
    Labs(LabsArguments),
    /// Run once: what each check says, and a tally
    #[command(after_help = with_deeds(RUN_EXAMPLES))]
    Run(RunArguments),
    /// Run many seeds: how many violate which check, and the first that does
    #[command(after_help = with_deeds(HUNT_EXAMPLES))]
    Hunt(HuntArguments),
    /// Add up the reports of a hunt's shards, as if one machine had run all
    #[command(after_help = MERGE_HELP)]
    Merge(MergeArguments),
    /// Make a failing run as small as it gets: the fewest faults that still violate the same check
    #[command(after_help = with_deeds(SHRINK_HELP))]
    Shrink(ShrinkArguments),
    /// Look for a violation in every order of what can happen, within bounds
    #[command(after_help = with_deeds(EXPLORE_HELP))]
    Explore(ExploreArguments),
    /// Run the files of a folder, and say which do not what they are expected to do
    #[command(after_help = TEST_HELP)]
    Test(TestArguments),
    /// Decide whether a history of clients' operations is consistent
    #[command(after_help = CHECK_HELP)]
    Check(CheckArguments),
    /// Say everything that is wrong with documents
    #[command(
        after_help = "Examples:\n  slowfire validate my-lab.toml\n  slowfire validate *.json"
    )]
    Validate(ValidateArguments),
    /// Write a document, or a run of a lab, as a link
    #[command(after_help = LINK_EXAMPLES)]
    Link(LinkArguments),
    /// Write a link, or a lab, as a document
    #[command(
        after_help = "Examples:\n  slowfire show double-charge --toml > mine.toml\n  slowfire show '#/double-charge?rev=2&seed=7&loss=0.3'"
    )]
    Show(ShowArguments),
    /// Draw a moment of a run as SVG
    #[command(after_help = with_deeds(RENDER_EXAMPLES))]
    Render(RenderArguments),
    /// Write a run in the notation of another tool
    #[command(after_help = EXPORT_HELP)]
    Export(ExportArguments),
    /// Draw every lab as it fails, and a page that shows them all
    #[command(after_help = "Example:\n  slowfire catalogue target/catalogue")]
    Catalogue(CatalogueArguments),
    /// Write a script that completes commands in a shell
    #[command(
        after_help = "Example:\n  slowfire completions bash > ~/.local/share/bash-completion/completions/slowfire"
    )]
    Completions {
        /// Which shell
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub struct LabsArguments {
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

/// What to run.
#[derive(Debug, Args)]
pub struct Subject {
    /// A lab's name, a document's file (TOML or JSON), a link, or - for a document on stdin
    #[arg(value_name = "LAB|FILE|LINK")]
    pub input: String,
    /// Switch defences on
    #[arg(long, value_name = "DEFENCE,..", value_delimiter = ',')]
    pub on: Vec<String>,
    /// Switch defences off
    #[arg(long, value_name = "DEFENCE,..", value_delimiter = ',')]
    pub off: Vec<String>,
    /// Set what a link can set, as in loss=0.3, skew.alice=2s or do=crash:bank@2s; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Stop at this moment of the run, as in 10s
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// How much memory a run may take, in MiB: beyond that its checks give up, and then the run stops
    #[arg(long, value_name = "MIB", default_value_t = MEMORY as u64 >> 20,
        value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub memory: u64,
}

impl Subject {
    /// How many bytes of memory a run may take.
    pub fn memory_bytes(&self) -> usize {
        usize::try_from(self.memory << 20).unwrap_or(usize::MAX)
    }
}

#[derive(Debug, Args)]
pub struct RunArguments {
    #[command(flatten)]
    pub subject: Subject,
    /// The seed of all that is random
    #[arg(long)]
    pub seed: Option<u32>,
    /// Write every event as one line of JSON to a file, or - for stdout
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Write the run's digest and nothing else
    #[arg(long, conflicts_with = "json")]
    pub digest: bool,
    /// Count the operations that began in each second, and how they ended
    #[arg(long, conflicts_with = "digest")]
    pub by_second: bool,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct HuntArguments {
    #[command(flatten)]
    pub subject: Subject,
    /// Which seeds: A..B without B, or A..=B with it
    #[arg(long, value_name = "A..B", default_value = "0..1000", value_parser = seeds)]
    pub seeds: Seeds,
    /// Draw faults anew for each seed: those that the lab's claims are said to withstand (claimed), every kind (any), or those
    /// that a file names as a lab's `withstands` does. A claim still holds if up to 5 % of its runs leave it undecided
    #[arg(long, value_name = "claimed|any|FILE", value_parser = weather)]
    pub weather: Option<Weather>,
    /// How many runs at a time; as many as the machine has processors if left out
    #[arg(long, value_name = "N")]
    pub jobs: Option<std::num::NonZeroUsize>,
    /// Stop at the first seed that violates a check
    #[arg(long)]
    pub first: bool,
    /// Run a part of the seeds, the I-th of N, and write a report for `slowfire merge`
    #[arg(long, value_name = "I/N", value_parser = shard, conflicts_with_all = ["first", "json"])]
    pub shard: Option<Shard>,
    /// Write the report to a file, or - for stdout; with --shard to stdout if left out
    #[arg(short, long, value_name = "FILE", conflicts_with = "first")]
    pub output: Option<PathBuf>,
    /// Write the first run that fails, with what is expected of it, as a file for `slowfire test`
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// Keep what is done in a file that only grows, and go on from there if it is there already
    #[arg(long, value_name = "FILE", conflicts_with = "first")]
    pub resume: Option<PathBuf>,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

/// Where the faults of a hunt come from.
#[derive(Clone, Debug)]
pub enum Weather {
    /// From what each claim of the lab is said to withstand.
    Claimed,
    /// From every kind of fault.
    Any,
    /// From the kinds that a file names.
    File(String),
}

fn weather(text: &str) -> Result<Weather, String> {
    match text {
        "" => Err("it must be claimed, any, or a file".to_owned()),
        "claimed" => Ok(Weather::Claimed),
        "any" => Ok(Weather::Any),
        file => Ok(Weather::File(file.to_owned())),
    }
}

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// Reports of `slowfire hunt --shard`, or - for stdin
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Write the sum to a file, as a report, or - for stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the sum as a report, which is JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ShrinkArguments {
    #[command(flatten)]
    pub subject: Subject,
    /// The seed of all that is random
    #[arg(long)]
    pub seed: Option<u32>,
    /// The check whose violation is to stay; the one that is violated first if left out
    #[arg(long, value_name = "ID")]
    pub check: Option<String>,
    /// Write the smallest run as a document, in TOML if the name ends so and else in JSON, or - for stdout
    #[arg(short, long, visible_alias = "out", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the smallest run, with what is expected of it, as a file for `slowfire test`
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ExploreArguments {
    #[command(flatten)]
    pub subject: Subject,
    /// The seed of what nodes draw for themselves
    #[arg(long)]
    pub seed: Option<u32>,
    /// How many messages may be lost
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub losses: u8,
    /// How many messages may arrive twice
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub duplicates: u8,
    /// How many times a node may crash; it may restart at any later step
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub crashes: u8,
    /// How many steps an order may have
    #[arg(long, value_name = "N", default_value_t = Bounds::default().depth, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub depth: u16,
    /// How many states may be looked at
    #[arg(long, value_name = "N", default_value_t = Bounds::default().states, value_parser = clap::value_parser!(u32).range(1..))]
    pub states: u32,
    /// Look at short orders first, so that the violation that is found has the fewest steps: this is so if nothing is said
    #[arg(long, conflicts_with = "depth_first")]
    pub breadth: bool,
    /// Follow each order to its end first
    #[arg(long)]
    pub depth_first: bool,
    /// The check that is judged; all about safety if left out
    #[arg(long, value_name = "ID")]
    pub check: Option<String>,
    /// Write the order that is found, with what is expected of it, as a file for `slowfire test`
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct TestArguments {
    /// Folders with files of runs and what is expected of them (.toml, .json), or such files
    #[arg(required = true, value_name = "DIR|FILE")]
    pub paths: Vec<PathBuf>,
    /// Write what became of them as JUnit's XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// How much memory a run may take, in MiB
    #[arg(long, value_name = "MIB", default_value_t = MEMORY as u64 >> 20,
        value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub memory: u64,
}

impl TestArguments {
    /// How many bytes of memory a run may take.
    pub fn memory_bytes(&self) -> usize {
        usize::try_from(self.memory << 20).unwrap_or(usize::MAX)
    }
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// A history in EDN, JSON or tab-separated columns, or - for stdin
    #[arg(value_name = "FILE")]
    pub file: String,
    /// The kind of object that the operations are about
    #[arg(long, value_parser = one_of(ModelName::ALL))]
    pub model: ModelName,
    /// What must hold
    #[arg(long, default_value = "linearizable", value_parser = one_of(Consistency::ALL))]
    pub consistency: Consistency,
    /// What a register holds at the start, or the opening balances of a bank, in EDN; nil, or what the first read shows,
    /// if left out
    #[arg(long, value_name = "VALUE", value_parser = initial)]
    pub initial: Option<Value>,
    /// Whether values are pairs of a key and a value; detect says what it took, and refuses a file that shows neither
    #[arg(long, default_value = "detect", value_parser = one_of(KEYED))]
    pub keyed: Keyed,
    /// How many steps the search may take before the answer is `unknown`, as it also is where more than 8192 operations on one
    /// object overlap, those included that never returned; to look at a configuration is one, or many where much overlaps or
    /// states are large
    #[arg(long, value_name = "N", default_value_t = Budget::default().steps)]
    pub steps: u64,
    /// How much memory a search may take before the answer is `unknown`, in MiB, beside 48 MiB for the
    /// history; a larger history leaves less to the search
    #[arg(long, value_name = "MIB", default_value_t = Budget::default().bytes >> 20,
        value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub memory: u64,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

fn initial(text: &str) -> Result<Value, String> {
    read_value(text).map_err(|error| error.problem.to_string())
}

const KEYED: &[(&str, Keyed)] = &[
    ("detect", Keyed::Detect),
    ("pairs", Keyed::Pairs),
    ("plain", Keyed::Plain),
];

/// Reads one of several names as what it stands for.
fn one_of<T: Copy + Send + Sync>(
    named: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    let names = named.iter().map(|(name, _)| *name);
    PossibleValuesParser::new(names).map(move |chosen| {
        let found = named.iter().find(|(name, _)| *name == chosen);
        found.expect("the parser lets no other name pass").1
    })
}

#[derive(Debug, Args)]
pub struct ValidateArguments {
    /// Documents, or - for stdin
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<String>,
    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct LinkArguments {
    /// A document's file, a lab's name, a link, or - for a document on stdin
    #[arg(value_name = "FILE")]
    pub input: String,
    /// The page's address, to write before the link
    #[arg(long, value_name = "URL", default_value = "")]
    pub page: String,
    /// Write the whole document, even if a shorter link says the same
    #[arg(long)]
    pub packed: bool,
}

#[derive(Debug, Args)]
pub struct ShowArguments {
    /// A link, a lab's name, a document's file, or - for stdin
    #[arg(value_name = "LINK")]
    pub input: String,
    /// Write TOML instead of JSON
    #[arg(long)]
    pub toml: bool,
}

#[derive(Debug, Args)]
pub struct RenderArguments {
    #[command(flatten)]
    pub subject: Subject,
    /// The seed of all that is random
    #[arg(long)]
    pub seed: Option<u32>,
    /// The moment; the link's own if left out
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Which picture; the link's or the lab's own if left out
    #[arg(long, value_parser = view())]
    pub view: Option<View>,
    /// The node in whose perspective it is drawn
    #[arg(long, value_name = "NODE")]
    pub r#as: Option<String>,
    #[command(flatten)]
    pub size: Size,
    /// Where to write it; stdout if left out, or with -
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}

#[derive(Debug, Args)]
pub struct ExportArguments {
    #[command(flatten)]
    pub subject: Subject,
    /// The seed of all that is random
    #[arg(long)]
    pub seed: Option<u32>,
    /// The notation
    #[arg(long, value_parser = one_of(Form::ALL))]
    pub form: Form,
    /// Where to write it; stdout if left out, or with -
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: PathBuf,
}

/// How large a picture is.
#[derive(Clone, Copy, Debug, Args)]
pub struct Size {
    /// The picture's width in pixels
    #[arg(long, default_value_t = 960, value_parser = clap::value_parser!(u16).range(100..=8000))]
    pub width: u16,
    /// The picture's height in pixels
    #[arg(long, default_value_t = 540, value_parser = clap::value_parser!(u16).range(100..=8000))]
    pub height: u16,
}

#[derive(Debug, Args)]
pub struct CatalogueArguments {
    /// The folder to write into; it is made if it is missing
    pub folder: PathBuf,
    #[command(flatten)]
    pub size: Size,
}

/// Reads a view by its word.
fn view() -> impl TypedValueParser<Value = View> {
    let values = View::ALL.map(|view| PossibleValue::new(view.word()).help(view.shows()));
    PossibleValuesParser::new(values)
        .map(|word| View::of_word(&word).expect("only words of views are possible"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
