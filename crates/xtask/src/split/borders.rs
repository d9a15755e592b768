//! What crosses the borders of parts: which functions are imported from where, and the table's slots.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, anyhow};

use super::described::to_be_imports;
use super::graph::{Graph, Node};
use super::module::Module;
use super::plan::{Place, Plan};

/// The name that all imports of parts have as their module.
pub(super) const FROM: &str = "m";
/// The names by which parts import what there is once.
pub(super) const MEMORY: &str = "memory";
pub(super) const TABLE: &str = "table";
/// The number of the part that was missing when the module trapped; 0 if none was.
pub(super) const MISSING: &str = "missing";

/// How a function that a part calls is reached from outside of the place where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reached {
    /// By itself.
    Itself(u32),
    /// The page imports it, or wasm-bindgen will make an import of it: the main module calls it for the part.
    Imported(u32),
    /// It is a door of a part that may not be there: the main module calls it through the table.
    Door(u32),
}

impl Reached {
    pub(super) fn name(self) -> String {
        match self {
            Reached::Itself(function) => format!("f{function}"),
            Reached::Imported(function) => format!("i{function}"),
            Reached::Door(function) => format!("d{function}"),
        }
    }

    pub(super) fn function(self) -> u32 {
        let (Reached::Itself(function) | Reached::Imported(function) | Reached::Door(function)) =
            self;
        function
    }
}

pub(super) struct Borders {
    /// What each part imports, by its number.
    pub(super) imports: Vec<BTreeSet<Reached>>,
    /// The doors that the main module's own functions call, or that it exports.
    pub(super) called_doors: BTreeSet<u32>,
    /// The function of each slot, with those of doors that are only called.
    pub(super) slots: Vec<Option<u32>>,
    slot_of: BTreeMap<u32, u32>,
}

impl Borders {
    pub(super) fn of(module: &Module<'_>, graph: &Graph, plan: &Plan) -> Borders {
        let mut imports = vec![BTreeSet::new(); plan.parts.len()];
        let to_be_imports = to_be_imports(module, graph);
        let exported = module.exported();
        let mut called_doors: BTreeSet<u32> = exported.filter(|node| plan.is_door(*node)).collect();
        for caller in module.defined() {
            let place = plan.place(caller);
            for &called in graph.calls(caller) {
                if plan.place(called) == place || place == Place::Nowhere {
                    continue;
                }
                let reached = match to_be_imports.contains(&called) {
                    true => Reached::Imported(called),
                    false => reached(module, plan, called),
                };
                match place {
                    Place::Part(part) => {
                        imports[part].insert(reached);
                    }
                    _ => {
                        called_doors.insert(called);
                    }
                }
            }
        }
        let through = imports.iter().flatten();
        let through = through.filter_map(|reached| match reached {
            Reached::Door(function) => Some(*function),
            _ => None,
        });
        let mut slots = module.slots.clone();
        let doors: BTreeSet<u32> = through.chain(called_doors.iter().copied()).collect();
        for door in doors {
            if !slots.contains(&Some(door)) {
                slots.push(Some(door));
            }
        }
        let slot_of = (0..).zip(&slots);
        let slot_of = slot_of.filter_map(|(slot, function)| Some(((*function)?, slot)));
        Borders {
            imports,
            called_doors,
            slot_of: slot_of.collect(),
            slots,
        }
    }

    /// What the main module must export for parts.
    pub(super) fn wanted_of_main(&self, plan: &Plan) -> BTreeSet<Reached> {
        let all = self.imports.iter().flatten().copied();
        let is_mains = |reached: &Reached| match reached {
            Reached::Itself(function) => plan.place(*function) == Place::Main,
            Reached::Imported(_) | Reached::Door(_) => true,
        };
        all.filter(is_mains).collect()
    }

    /// The functions that a part must export for others.
    pub(super) fn wanted_of_part(&self, plan: &Plan, part: usize) -> BTreeSet<u32> {
        let all = self.imports.iter().flatten();
        let wanted = all.filter_map(|reached| match *reached {
            Reached::Itself(function) => Some(function),
            _ => None,
        });
        wanted
            .filter(|function| plan.place(*function) == Place::Part(part))
            .collect()
    }

    /// The slot of a function.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub(super) fn slot(&self, function: Node) -> Result<u32> {
        let slot = self.slot_of.get(&function).copied();
        slot.ok_or_else(|| anyhow!("function {function} has no slot in the table"))
    }
}

fn reached(module: &Module<'_>, plan: &Plan, function: u32) -> Reached {
    if (function as usize) < module.imports.len() {
        Reached::Imported(function)
    } else if plan.is_door(function) {
        Reached::Door(function)
    } else {
        Reached::Itself(function)
    }
}
