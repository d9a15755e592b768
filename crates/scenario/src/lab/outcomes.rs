//! In how many seeds each check of a lab is violated, with which defences: a table that is counted ahead.
//!
//! `tests/outcomes.rs` writes it, and holds it to what the labs do.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use sim::sorted::Set;

/// How many seeds the table counts: those from 0 on.
pub const SEEDS: u32 = 300;

/// What was counted with some defences on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// In how many of [`SEEDS`] seeds any check is violated.
    pub any: u32,
    /// The same of each check, in the order of the scenario.
    pub checks: Vec<u32>,
}

/// What was counted of each lab and each set of its defences.
pub type Table = BTreeMap<String, BTreeMap<String, Counted>>;

/// The table that the crate carries, as JSON.
pub const CARRIED: &str = include_str!("../../labs/outcomes.json");

/// The name of a set of defences in the table.
pub fn name(on: &Set<&'static str>) -> String {
    let names: Vec<&str> = on.iter().copied().collect();
    names.join(",")
}

/// What was counted of a lab with these defences on, if they are among those that were tried.
pub fn counted(lab: &str, on: &Set<&'static str>) -> Option<&'static Counted> {
    carried().get(lab)?.get(&name(on))
}

/// All that was counted of a lab, by the names of the sets of defences.
pub fn of_lab(lab: &str) -> impl Iterator<Item = (&'static str, &'static Counted)> {
    let sets = carried().get(lab).into_iter().flatten();
    sets.map(|(on, counted)| (on.as_str(), counted))
}

fn carried() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| table(&serde_json::from_str(CARRIED).unwrap_or_default()))
}

fn table(value: &Value) -> Table {
    let mut table = Table::new();
    for (lab, entry) in value.as_object().into_iter().flatten() {
        let sets = entry["sets"].as_object().into_iter().flatten();
        let sets = sets.map(|(on, counts)| (on.clone(), read(counts)));
        table.insert(lab.clone(), sets.collect());
    }
    table
}

fn read(counts: &Value) -> Counted {
    let counts = counts.as_array().into_iter().flatten();
    let mut counts = counts.filter_map(Value::as_u64).map(|count| count as u32);
    Counted {
        any: counts.next().unwrap_or_default(),
        checks: counts.collect(),
    }
}
