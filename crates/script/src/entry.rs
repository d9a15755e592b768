//! A script as a protocol: its entry, and how its nodes are built.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use protocols::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry};
use sim::{Machine, NodeId, Setup, World};

use crate::engine;
use crate::flaw::Flaw;
use crate::node::Script;
use crate::program::{Program, unit_of};
use crate::source::as_function;
use crate::turn::Seat;

/// Every script that was read, by its text. What is wrong with one does not change either.
type Known = HashMap<String, Result<Arc<Program>, Flaw>>;

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

fn program(source: &str) -> Result<Arc<Program>, Flaw> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(source) {
        return found.clone();
    }
    let program = read(source).map(Arc::new);
    known.insert(source.to_owned(), program.clone());
    program
}

fn read(source: &str) -> Result<Program, Flaw> {
    let function = as_function(source)?;
    let declared = engine::declared(source, &function)?;
    Program::new(source, function, &declared, build)
}

/// The protocol that a script is. Its texts live as long as the process.
///
/// # Errors
///
/// What is wrong with the script, and where.
pub fn entry(source: &str) -> Result<&'static ProtocolEntry, Flaw> {
    program(source).map(|program| program.entry)
}

/// A scenario document around a script, as JSON: what the script exports as `scenario`, and where it leaves something out, as many nodes of each role as it needs.
///
/// # Errors
///
/// What is wrong with the script, and where.
pub fn document_of(source: &str) -> Result<String, Flaw> {
    let program = program(source)?;
    Ok(program.document(source))
}

/// Builds a world of nodes that run a plan's script.
fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let source = plan.source.expect("the plan of a script has its text");
    let program = program(source).expect("a script that has an entry was read");
    let entry = program.entry;
    let place = |role: &&str| program.role(role).expect("a plan has roles of its entry");
    let roles: Arc<[usize]> = plan.roles.iter().map(place).collect();
    let value = |spec: &ParameterSpec| {
        let value = plan.parameters.get(spec.id).copied();
        value.unwrap_or(spec.default) / unit_of(spec.quantity)
    };
    let parameters: Arc<[f64]> = entry.parameters.iter().map(value).collect();
    let is_on = |spec: &DefenceSpec| plan.defences.contains(spec.id);
    let defences: Arc<[bool]> = entry.defences.iter().map(is_on).collect();
    let nodes = (0..).map(NodeId).zip(roles.iter()).map(|(me, role)| {
        Script::new(Arc::new(Seat {
            program: program.clone(),
            me,
            role: *role,
            roles: roles.clone(),
            parameters: parameters.clone(),
            defences: defences.clone(),
        }))
    });
    Box::new(World::new(setup, nodes.collect()))
}
