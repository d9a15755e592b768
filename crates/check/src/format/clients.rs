//! Who calls: processes with numbers or names, and what is no client.

use super::entry::{Entry, unfit};
use super::scan::Fault;
use crate::history::{History, Process};
use crate::quoted::{Quoted, listed};
use crate::value::Value;
use sim::sorted::Map;

/// The processes of a file.
///
/// A process whose entries are all *info* never called, and is no client; Jepsen's nemesis is none whatever its entries
/// are. Neither is a process with a name that calls only what no client calls, beside processes that do.
pub(super) struct Clients {
    clients: Map<Value, Process>,
    /// How many entries each process has that is no client.
    others: Map<Value, usize>,
    /// What each process with a name calls that no client calls.
    unknown: Map<Value, String>,
}

impl Clients {
    /// The processes of all entries, each with a number of its own. An error is an entry without a process.
    pub fn of(entries: &[Entry]) -> Result<Self, Fault> {
        let mut others = Map::new();
        let mut called = Map::new();
        let mut unknown = Map::new();
        // Whether each process calls what clients call.
        let mut known: Map<Value, bool> = Map::new();
        for entry in entries {
            let process = process(entry)?;
            let is_nemesis = process.as_name() == Some("nemesis");
            if !is_nemesis && !entry.fields.is_info() {
                called.insert(process.clone(), Process::default());
                if !entry.fields.is_known()
                    && !unknown.contains_key(process)
                    && let Some(function) = entry.fields.function()
                {
                    unknown.insert(process.clone(), function.to_owned());
                }
                let is_known = known.entry(process.clone()).or_default();
                *is_known |= process.as_name().is_none() || entry.fields.is_known();
            }
            match others.get_mut(process) {
                Some(entries) => *entries += 1,
                None => drop(others.insert(process.clone(), 1)),
            }
        }
        if known.values().any(|is_known| *is_known) {
            called.retain(|process, _| known.get(process) == Some(&true));
        }
        others.retain(|process, _| !called.contains_key(process));
        number(&mut called);
        Ok(Self {
            clients: called,
            others,
            unknown,
        })
    }

    /// The number of a process, if it is a client.
    pub fn number(&self, process: &Value) -> Option<Process> {
        self.clients.get(process).copied()
    }

    /// Names the clients in their history.
    pub fn name_in(&self, history: &mut History) {
        for (client, process) in &self.clients {
            if own_number(client).is_none() {
                history.name(*process, &name(client));
            }
        }
    }

    /// A sentence on the processes that are left out, if there are any.
    pub fn note(&self) -> Option<String> {
        let one = |(process, entries): (&Value, &usize)| {
            let noun = if *entries == 1 { "entry" } else { "entries" };
            let calls = self.unknown.get(process);
            let calls = calls.map_or_else(String::new, |function| {
                format!(", calls `{}`", Quoted(function))
            });
            format!("{} ({entries} {noun}{calls})", Quoted(name(process)))
        };
        (!self.others.is_empty()).then(|| {
            format!(
                "processes that are not clients are left out: {}",
                listed(self.others.iter().map(one), ", ")
            )
        })
    }
}

fn process(entry: &Entry) -> Result<&Value, Fault> {
    let process = entry.fields.process.as_ref();
    let is_name = |process: &&Value| process.as_whole().is_some() || process.as_name().is_some();
    let wanted = "a whole number or a name";
    process
        .filter(is_name)
        .ok_or_else(|| unfit(entry.at, "process", wanted, process))
}

fn name(process: &Value) -> String {
    match process {
        Value::Text(text) => text.to_string(),
        process => process.notation().to_string(),
    }
}

/// The number of a process that is named by one.
fn own_number(process: &Value) -> Option<u32> {
    process
        .as_int()
        .and_then(|number| u32::try_from(number).ok())
}

/// Numbers all processes: those that have a number keep it, and the others get those after it.
fn number(clients: &mut Map<Value, Process>) {
    let mut taken: Vec<u32> = clients.keys().filter_map(own_number).collect();
    taken.dedup();
    let mut free = (0..).filter(|number| taken.binary_search(number).is_err());
    for (client, process) in clients.iter_mut() {
        let number = own_number(client).or_else(|| free.next());
        *process = Process(number.unwrap_or(u32::MAX));
    }
}
