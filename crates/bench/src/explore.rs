//! How fast every order of small protocols is searched, and what a state takes: beside stateright (https://www.stateright.rs),
//! which searches the same models, one thread each, breadth first. Both must find the same number of states.
//!
//! Memory is what a process takes that does nothing else, less what one takes that searches nothing.

#[path = "../../explore/tests/models/commit.rs"]
mod commit;
#[path = "../../explore/tests/models/ours.rs"]
mod ours;
#[path = "../../explore/tests/models/paxos.rs"]
mod paxos;
#[path = "../../explore/tests/models/plain.rs"]
mod plain;

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use sim::Protocol;
use stateright::{Checker, Model as _, Property};

use self::commit::Commit;
use self::paxos::Paxos;
use self::plain::{Model, Step};
use crate::measure::{Effort, Measure, medians, millions_per_sec};

/// Names the one search that a process is for, whose memory is measured.
const ALONE: &str = "SLOWFIRE_BENCH_ALONE";

/// A model as both search it: the answer is how many states there are.
struct Subject {
    name: &'static str,
    ours: fn() -> u32,
    theirs: fn() -> u32,
}

const SUBJECTS: [Subject; 2] = [
    Subject {
        name: "commit",
        ours: || ours(commit::nodes(5), [1, 0]),
        theirs: || theirs(Commit(5), [1, 0]),
    },
    Subject {
        name: "paxos",
        ours: || ours(paxos::nodes(2, false), [1, 0]),
        theirs: || theirs(Paxos(2), [1, 0]),
    },
];

fn ours<P: Protocol>(nodes: Vec<P>, faults: [u8; 2]) -> u32 {
    ours::searched(nodes, Vec::new(), &[], faults)
        .progress()
        .states
}

fn theirs<M>(model: M, faults: [u8; 2]) -> u32
where
    M: Model + Send + Sync + 'static,
    M::State: Send + Sync,
    M::Message: Send + Sync,
{
    let model = Theirs { model, faults };
    model
        .checker()
        .threads(1)
        .spawn_bfs()
        .join()
        .unique_state_count() as u32
}

/// The model as stateright takes it.
struct Theirs<M> {
    model: M,
    faults: [u8; 2],
}

impl<M> stateright::Model for Theirs<M>
where
    M: Model + 'static,
{
    type State = plain::State<M>;
    type Action = (Step, usize);

    fn init_states(&self) -> Vec<Self::State> {
        vec![plain::first(&self.model, self.faults)]
    }

    fn actions(&self, state: &Self::State, actions: &mut Vec<Self::Action>) {
        actions.extend(plain::steps::<M>(state));
    }

    fn next_state(&self, state: &Self::State, step: Self::Action) -> Option<Self::State> {
        Some(plain::after(&self.model, state, step))
    }

    /// Without a property it would look at nothing.
    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::always("any state will do", |_, _| true)]
    }
}

/// All figures of searches.
pub fn measure(effort: Effort) -> Result<Vec<Measure>> {
    if let Ok(alone) = std::env::var(ALONE) {
        search_alone(&alone);
    }
    let mut measures = Vec::new();
    for subject in &SUBJECTS {
        measures.extend(of_subject(subject, effort)?);
    }
    Ok(measures)
}

fn of_subject(subject: &Subject, effort: Effort) -> Result<[Measure; 2]> {
    let Subject { name, ours, theirs } = subject;
    let (mut found, mut expected) = (0, 0);
    let [took, theirs_took] = medians(
        effort.rounds().min(5),
        [&mut || found = ours(), &mut || expected = theirs()],
    );
    ensure!(
        found == expected,
        "{name}: {found} states here, {expected} in stateright"
    );
    let speed = |took| millions_per_sec(found, took);
    let [ours, theirs] = ["ours", "theirs"].map(|who| bytes_per_state(who, name, found));
    Ok([
        Measure::new(format!("explore.{name}.states"), speed(took), "M states/s")
            .against("stateright", speed(theirs_took)),
        Measure::new(format!("explore.{name}.memory"), ours?, "B a state")
            .against("stateright", theirs?),
    ])
}

fn bytes_per_state(who: &str, name: &str, states: u32) -> Result<f64> {
    let more = memory(&format!("{who} {name}"))? - memory("none")?;
    Ok(more / f64::from(states))
}

/// The most bytes that a process takes for one search.
fn memory(alone: &str) -> Result<f64> {
    let told = Command::new(std::env::current_exe()?)
        .arg("explore")
        .env(ALONE, alone)
        .stderr(Stdio::null())
        .output()
        .context("starting a search of its own")?;
    ensure!(told.status.success(), "{alone}: the search broke");
    let told = String::from_utf8(told.stdout)?;
    let kilobytes: f64 = told.trim().parse().context("reading what it took")?;
    Ok(1024.0 * kilobytes)
}

/// Does one search, and nothing else.
fn search_alone(alone: &str) -> ! {
    for Subject { name, ours, theirs } in &SUBJECTS {
        match alone.strip_suffix(name) {
            Some("ours ") => _ = ours(),
            Some("theirs ") => _ = theirs(),
            _ => {}
        }
    }
    // What the kernel says of a process that has ended counts what its parent had, too.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", most.unwrap_or_default().trim_end_matches("kB").trim());
    std::process::exit(0)
}
