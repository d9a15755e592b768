//! Which parts there are, and by which functions the rest of the module enters them.
//!
//! A door is a function, or some data, whose address, or whose call, is all that the rest knows of a part. What is reached through the
//! doors of a part alone goes with that part. So a part is named by subject here, and what it holds follows.

use std::collections::BTreeMap;

use super::graph::{Graph, Node};
use super::module::Module;

/// A part by its doors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entrance {
    pub(super) name: String,
    pub(super) doors: Vec<Node>,
}

/// A protocol is entered where its world is built, `protocols::<subject>::<name>::build`, and by its entry there, which is data.
const PROTOCOL: (&str, [&str; 2]) = ("protocols::", ["::build", "::ENTRY"]);
/// A check is entered where it is built: the closures of the table of checks.
const CHECK: &str = "<scenario::checks::kinds::CHECKS::{closure#";
/// A lab is entered by its text, which is data: `scenario::lab::carried::texts::<NAME>`.
const LAB: &str = "scenario::lab::carried::texts::";
/// What the page asks of a run once its first picture is there, or when a reader asks: `later` has cards, curves, legends, what
/// comes, files; `why` explains violations; `guess` asks first; `twin` compares two runs; `hunt` runs many seeds; `shrink` finds the
/// smallest run that fails; `contest` judges challenges. Each is entered by exported functions, as the linker has them: a type and its method.
/// `web/src/core/index.ts` says who waits.
const ASKED: [(&str, &[&str]); 7] = [
    (
        "later",
        &[
            "run_document",
            "run_event_card",
            "run_legend",
            "run_link_card",
            "run_look_ahead",
            "run_message_card",
            "run_node_card",
            "run_operations",
            "run_pick",
            "run_rules",
            "run_series",
            "run_svg",
            "run_transcript",
            "transcript_part",
        ],
    ),
    (
        "why",
        &[
            "__wbg_why_free",
            "run_light",
            "run_take_away",
            "run_why",
            "why_chain",
            "why_go_on",
            "why_is_of",
            "why_trials",
        ],
    ),
    (
        "guess",
        &[
            "__wbg_guess_free",
            "guess_count",
            "guess_go_on",
            "guess_is_of",
            "guess_question",
            "guess_truth",
            "run_deal",
            "run_guesses",
        ],
    ),
    (
        "twin",
        &[
            "__wbg_twin_free",
            "run_about_flipped",
            "run_beside",
            "run_flipped_link",
            "twin_compare",
            "twin_figures",
            "twin_go_on",
            "twin_is_of",
            "twin_leave",
            "twin_parting_ms",
        ],
    ),
    (
        "hunt",
        &[
            "__wbg_hunt_free",
            "hunt_add",
            "hunt_found",
            "hunt_link",
            "hunt_link_at",
            "hunt_link_with",
            "hunt_new",
            "hunt_run",
            "hunt_take",
        ],
    ),
    (
        "contest",
        &["run_challenge_claims", "run_challenge_link", "run_contest"],
    ),
    (
        "shrink",
        &[
            "__wbg_shrinking_free",
            "shrinking_best",
            "shrinking_new",
            "shrinking_progress",
            "shrinking_step",
        ],
    ),
];
/// What lights the event that is told goes with `why`: the modules of this name among the views.
const TOLD: (&str, &str) = ("scene::views::", "::told::");
/// The view of logs is entered where it draws them, finds something in them, or tells them: functions of `scene::views::logs`.
const LOGS: (&str, [&str; 5]) = (
    "scene::views::logs::",
    ["draw", "pick", "columns_of", "lines", "sample"],
);
/// Where checks are written, as functions' names begin that belong to one.
const CHECKS_OWN: &str = "check::watch::";

/// All parts, in the order of their names.
pub(super) fn entrances(module: &Module<'_>, graph: &Graph) -> Vec<Entrance> {
    let names: Vec<(Node, String)> = module
        .defined()
        .map(|function| (function, module.name(function)))
        .collect();
    let mut entrances = protocols(module, graph, &names);
    entrances.extend(checks(&names, graph));
    entrances.extend(labs(module, graph));
    entrances.extend(asked(module, &names));
    entrances.extend(logs(&names));
    entrances.sort_by(|one, other| one.name.cmp(&other.name));
    entrances
}

fn protocols(module: &Module<'_>, graph: &Graph, names: &[(Node, String)]) -> Vec<Entrance> {
    let (place, ends) = PROTOCOL;
    let mut parts: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for (node, name) in names.iter().cloned().chain(named_data(module, graph)) {
        let inner = name.strip_prefix(place);
        if let Some(inner) =
            inner.and_then(|inner| ends.iter().find_map(|end| inner.strip_suffix(end)))
        {
            let part = inner.replace("::", "-").replace('_', "-");
            parts.entry(part).or_default().push(node);
        }
    }
    parts
        .into_iter()
        .map(|(name, doors)| Entrance { name, doors })
        .collect()
}

fn labs(module: &Module<'_>, graph: &Graph) -> Vec<Entrance> {
    let door = |(node, name): (Node, String)| {
        let lab = name.strip_prefix(LAB)?.to_lowercase().replace('_', "-");
        Some(Entrance {
            name: format!("lab-{lab}"),
            doors: vec![node],
        })
    };
    named_data(module, graph).filter_map(door).collect()
}

/// Data that has a name of its own in the sources.
fn named_data(module: &Module<'_>, graph: &Graph) -> impl Iterator<Item = (Node, String)> {
    graph.nodes().filter_map(|node| {
        let blob = graph.blob(node)?;
        let name = module.linking.data_name(blob.segment, blob.start)?;
        Some((node, format!("{:#}", rustc_demangle::demangle(name))))
    })
}

fn asked(module: &Module<'_>, names: &[(Node, String)]) -> impl Iterator<Item = Entrance> {
    let told = names.iter().filter(|(_, name)| {
        name.trim_start_matches('<').starts_with(TOLD.0) && name.contains(TOLD.1)
    });
    let told: Vec<Node> = told.map(|(node, _)| *node).collect();
    ASKED.into_iter().filter_map(move |(part, asked)| {
        // Behind its name is a digest of the crate that exports it.
        let is_asked = |name: &str| {
            name.rsplit_once('_')
                .is_some_and(|(name, _)| asked.contains(&name))
        };
        let exported = module.exported_by_name().filter(|(name, _)| is_asked(name));
        let mut doors: Vec<Node> = exported.map(|(_, function)| function).collect();
        if part == "why" {
            doors.extend(&told);
        }
        (!doors.is_empty()).then(|| Entrance {
            name: part.to_owned(),
            doors,
        })
    })
}

fn logs(names: &[(Node, String)]) -> Option<Entrance> {
    let (place, functions) = LOGS;
    let is_door = |name: &str| {
        let function = name.strip_prefix(place)?.rsplit("::").next()?;
        functions.contains(&function).then_some(())
    };
    let doors: Vec<Node> = names
        .iter()
        .filter(|(_, name)| is_door(name).is_some())
        .map(|(node, _)| *node)
        .collect();
    (!doors.is_empty()).then(|| Entrance {
        name: "logs".to_owned(),
        doors,
    })
}

/// Rows that build the same kind of object, and so name the same table of its methods, are one part.
fn checks(names: &[(Node, String)], graph: &Graph) -> Vec<Entrance> {
    let rows: Vec<Node> = names
        .iter()
        .filter(|(_, name)| name.starts_with(CHECK))
        .map(|(node, _)| *node)
        .collect();
    let mut parts: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for row in rows {
        let name = check_name(row, names, graph);
        parts.entry(name).or_default().push(row);
    }
    let entrance = |(name, doors)| Entrance { name, doors };
    parts.into_iter().map(entrance).collect()
}

/// The module in which most of what a row's own tables name is written: `check-clients-effect-times`.
fn check_name(row: Node, names: &[(Node, String)], graph: &Graph) -> String {
    let first = names.first().map_or(0, |(node, _)| *node);
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    let direct = graph.names(row).iter();
    let through = graph
        .names(row)
        .iter()
        .filter(|node| graph.blob(**node).is_some())
        .flat_map(|node| graph.names(*node));
    for node in direct.chain(through) {
        let place = node.checked_sub(first).map(|place| place as usize);
        let Some((_, name)) = place.and_then(|place| names.get(place)) else {
            continue;
        };
        if let Some(file) = check_file(name) {
            *votes.entry(file).or_default() += 1;
        }
    }
    let most = votes
        .into_iter()
        .max_by(|one, other| one.1.cmp(&other.1).then(other.0.cmp(&one.0)));
    most.map_or_else(|| "checks".to_owned(), |(file, _)| file)
}

/// The file of a check that a function's name begins with.
fn check_file(name: &str) -> Option<String> {
    let own = name.trim_start_matches('<').strip_prefix(CHECKS_OWN)?;
    let mut path = own.split("::");
    let (subject, file) = (path.next()?, path.next()?);
    let is_module = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    (is_module(subject) && is_module(file) && subject != "parts")
        .then(|| format!("check-{subject}-{file}").replace('_', "-"))
}
