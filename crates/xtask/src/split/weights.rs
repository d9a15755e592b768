//! What each part holds, by the module of the sources that it comes from.

use std::collections::BTreeMap;

use super::graph::Graph;
use super::module::Module;
use super::plan::{Place, Plan, weight};

/// A line for each part and module of the sources, the heaviest of a part first: part, module, bytes before they are
/// optimised.
pub(super) fn write(module: &Module<'_>, graph: &Graph, plan: &Plan) -> String {
    let mut weights: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for node in graph.nodes() {
        let part = match plan.place(node) {
            Place::Nowhere => continue,
            Place::Main => "main",
            Place::Part(number) => &plan.parts[number].name,
        };
        let source = match graph.function(node) {
            Some(function) => source(&module.name(function)),
            None => "data".to_owned(),
        };
        *weights.entry((part, source)).or_default() += weight(module, graph, node);
    }
    let mut lines: Vec<_> = weights.into_iter().collect();
    lines.sort_by(|((part, _), bytes), ((other, _), others)| {
        part.cmp(other).then(others.cmp(bytes))
    });
    let line =
        |((part, source), bytes): ((&str, String), usize)| format!("{part}\t{source}\t{bytes}\n");
    lines.into_iter().map(line).collect()
}

/// The crate and the module in which a function is written: the first two names of its path.
fn source(name: &str) -> String {
    let path = name.trim_start_matches(['<', '&', '[', '(']);
    let end = path.find(['<', ' ', '>', '{', '(']).unwrap_or(path.len());
    let mut names = path[..end].split("::").filter(|name| !name.is_empty());
    let krate = names.next().unwrap_or("unnamed");
    match names.next() {
        Some(module) if module.starts_with(char::is_lowercase) => format!("{krate}::{module}"),
        _ => krate.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn a_function_belongs_to_the_module_that_its_path_begins_with() {
        for (name, module) in [
            ("scenario::link::packed::unpack", "scenario::link"),
            (
                "<check::watch::through::Through<F> as Check>::on",
                "check::watch",
            ),
            (
                "<sim::World<protocols::raft::Node> as sim::Machine>::step",
                "sim",
            ),
            ("memcpy", "memcpy"),
            ("", "unnamed"),
        ] {
            assert_eq!(source(name), module, "{name}");
        }
    }
}
