//! The table of what each lab's checks come to over many seeds, with each set of its defences: `labs/outcomes.json`.
//!
//! `SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test outcomes` counts anew what has changed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::{env, fs, thread};

use scenario::document::Scenario;
use scenario::lab::outcomes::{CARRIED, SEEDS, name};
use scenario::lab::{self, Lab};
use scenario::run::play::{Judged, Play};
use serde_json::{Value, json};
use sim::sorted::Set;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/labs/outcomes.json");
const BLESS: &str = "SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test outcomes";

/// How many seeds tell whether a lab's counts are still what they were.
const SAMPLE: u32 = 2;

/// All sets of the switches that a lab shows; what else is on in it stays on.
fn sets(lab: &Lab) -> BTreeMap<String, Set<&'static str>> {
    let switches = &lab.switches;
    let own = lab.scenario.defences.iter();
    let others: Set<&'static str> = own.filter(|id| !switches.contains(id)).copied().collect();
    let set = |bits: u32| {
        let mut on = others.clone();
        let chosen = (0..)
            .zip(switches)
            .filter(|(place, _)| bits >> place & 1 == 1);
        on.extend(chosen.map(|(_, id)| *id));
        (name(&on), on)
    };
    (0..1 << switches.len()).map(set).collect()
}

fn scenario(lab: &Lab, on: &Set<&'static str>, seed: u32) -> Scenario {
    let mut scenario = lab.scenario.clone();
    scenario.defences.clone_from(on);
    scenario.seed = seed;
    scenario
}

/// The number of what a lab's counts depend on: its scenario, and what its runs and checks come to with a few seeds.
fn print(lab: &Lab) -> String {
    let mut text = lab.scenario.to_value().to_string();
    for on in sets(lab).values() {
        for seed in 0..SAMPLE {
            let scenario = scenario(lab, on, seed);
            let (outcome, verdicts) = Play::new(&scenario, &[]).to_end_explained(None, |_, _| {});
            write!(text, "{}", outcome.digest).expect("text grows");
            for verdict in verdicts {
                write!(text, "{:?}{:?}", verdict.state, verdict.violated_at).expect("text grows");
            }
        }
    }
    // FNV-1a: the same number on every machine, always.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    format!("{hash:016x}")
}

/// In how many of the seeds `first`, `first + 2`, ... any check is violated, and each of them.
fn half(lab: &Lab, on: &Set<&'static str>, first: u32) -> Vec<u32> {
    let mut counts = vec![0; lab.scenario.checks.len() + 1];
    for seed in (first..SEEDS).step_by(2) {
        let judged = Play::new(&scenario(lab, on, seed), &[]).hunt(None);
        let violated: Vec<bool> = judged
            .iter()
            .map(|judged| matches!(judged, Judged::Violated(_)))
            .collect();
        counts[0] += u32::from(violated.contains(&true));
        for (count, violated) in counts[1..].iter_mut().zip(violated) {
            *count += u32::from(violated);
        }
    }
    counts
}

fn counts(lab: &Lab, on: &Set<&'static str>) -> Vec<u32> {
    let (mine, other) = thread::scope(|scope| {
        let other = scope.spawn(|| half(lab, on, 1));
        (
            half(lab, on, 0),
            other.join().expect("a run does not panic"),
        )
    });
    mine.iter()
        .zip(other)
        .map(|(mine, other)| mine + other)
        .collect()
}

fn counted(lab: &Lab) -> Value {
    let sets = sets(lab);
    let sets = sets
        .iter()
        .map(|(name, on)| (name.clone(), json!(counts(lab, on))));
    let sets: serde_json::Map<String, Value> = sets.collect();
    json!({ "print": print(lab), "sets": sets })
}

/// Lays the table out with a line for each set, so that a change shows.
fn laid_out(table: &serde_json::Map<String, Value>) -> String {
    let lab = |(id, entry): (&String, &Value)| {
        let sets = entry["sets"].as_object().into_iter().flatten();
        let sets: Vec<String> = sets
            .map(|(on, counts)| format!("      {}: {counts}", json!(on)))
            .collect();
        let print = &entry["print"];
        format!(
            "  {}: {{\n    \"print\": {print},\n    \"sets\": {{\n{}\n    }}\n  }}",
            json!(id),
            sets.join(",\n")
        )
    };
    let labs: Vec<String> = table.iter().map(lab).collect();
    format!("{{\n{}\n}}\n", labs.join(",\n"))
}

#[test]
fn the_table_of_outcomes_is_what_the_labs_do() {
    let table: Value = serde_json::from_str(CARRIED).expect("the table is JSON");
    let mut present = serde_json::Map::new();
    let mut stale = Vec::new();
    let blesses = env::var_os("SLOWFIRE_BLESS").is_some();
    for lab in lab::labs() {
        let known = &table[&lab.id];
        let entry = if known["print"] == print(lab) {
            known.clone()
        } else {
            stale.push(lab.id.as_str());
            if blesses { counted(lab) } else { Value::Null }
        };
        present.insert(lab.id.clone(), entry);
    }
    if blesses {
        fs::write(FILE, laid_out(&present)).expect("the table can be written");
        return;
    }
    assert!(
        stale.is_empty(),
        "labs/outcomes.json was counted before {stale:?} changed: {BLESS}"
    );
    let known = table.as_object().map_or(0, serde_json::Map::len);
    assert_eq!(
        known,
        present.len(),
        "labs/outcomes.json has a lab that is gone: {BLESS}"
    );
}
