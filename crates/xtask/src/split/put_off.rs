//! What the first view of most labs does not call leaves the main module, for two parts: `more` has what the first views of
//! a few labs call, and comes with these labs; `rest` has what no first view calls, and comes after it.
//!
//! A first view is a lab as it is, opened and watched for a few seconds (`web/build/record.mjs`). Runs are deterministic, so it
//! calls the same functions each time. `web/src/core/first.mjs` says what may be called before the rest is there.

use std::collections::BTreeSet;

use super::described::described;
use super::doors::Entrance;
use super::graph::{Graph, Node};
use super::module::Module;

/// What first views call, by the functions' numbers in the linked module.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Called {
    /// What most labs call, or the one that is opened where a link names none.
    pub(crate) by_most: BTreeSet<u32>,
    /// What others call beside that.
    pub(crate) by_some: BTreeSet<u32>,
}

/// The name of the part that nobody asks for by its doors.
pub(super) const MORE: &str = "more";
pub(super) const REST: &str = "rest";

/// What depends on how much memory there is, and what is called when something has gone wrong, no recording shows.
const ALWAYS: [&str; 6] = [
    "<dlmalloc::",
    "alloc::alloc::",
    "alloc::raw_vec::",
    "core::panicking::",
    "__rust",
    "__wb",
];

/// Takes what is put off out of `main`: what goes into each of the two parts, by its doors. `others` is what is in parts already.
pub(super) fn put_off(
    module: &Module<'_>,
    graph: &Graph,
    main: &mut BTreeSet<Node>,
    others: &BTreeSet<Node>,
    called: &Called,
) -> Vec<(Entrance, BTreeSet<Node>)> {
    let all = main.clone();
    let described = graph.reach(described(module, graph), |node| !all.contains(&node));
    let entered: Vec<Node> = (0..module.imports.len() as Node)
        .chain(module.exported())
        .chain(graph.loose.iter().copied())
        .chain(others.iter().flat_map(|node| graph.names(*node)).copied())
        .collect();
    let first = |called: &dyn Fn(u32) -> bool| {
        let is_shut = |node: Node| {
            let is_put_off = |function| {
                module.body(function).is_some()
                    && !called(function)
                    && !described.contains(&function)
                    && !is_always(module, function)
            };
            !all.contains(&node) || graph.function(node).is_some_and(is_put_off)
        };
        let from = entered.iter().copied().filter(|node| !is_shut(*node));
        graph.reach(from.chain(described.iter().copied()), is_shut)
    };
    let by_most = first(&|function| called.by_most.contains(&function));
    let by_any =
        first(&|function| called.by_most.contains(&function) || called.by_some.contains(&function));
    let more: BTreeSet<Node> = by_any.difference(&by_most).copied().collect();
    let rest: BTreeSet<Node> = all.difference(&by_any).copied().collect();
    *main = by_most;
    [(MORE, more), (REST, rest)]
        .into_iter()
        .map(|(name, nodes)| {
            let outside = graph.nodes().filter(|node| !nodes.contains(node));
            let named = outside.flat_map(|node| graph.names(node)).copied();
            let doors: BTreeSet<Node> = named
                .chain(entered.iter().copied())
                .filter(|node| nodes.contains(node))
                .collect();
            let doors = doors.into_iter().collect();
            let name = name.to_owned();
            (Entrance { name, doors }, nodes)
        })
        .filter(|(_, nodes)| !nodes.is_empty())
        .collect()
}

fn is_always(module: &Module<'_>, function: u32) -> bool {
    let name = module.name(function);
    ALWAYS.iter().any(|start| name.starts_with(start))
}
