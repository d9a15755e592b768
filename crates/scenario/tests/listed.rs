//! What was written is listed where it counts: a check has its row, a protocol its entry, a fact a run that records it,
//! and the guide for authors of labs every word that they can use.
//!
//! The compiler cannot ask for these, so they are looked for in the sources, and facts in runs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use scenario::lab::PLOTS;
use scenario::link::Link;
use scenario::run::play::Play;
use scenario::schema;
use scenario::variant::Variant;
use serde_json::Value;
use sim::trace::FactKind;

/// The folders of `crates/protocols/src` that hold no protocols of their own.
const SHARED: [&str; 2] = ["parts", "describe"];

/// The types that implement `Check` and are not named by scenarios: `Through` lets another check see what its lens shows, and
/// `GaveUp` takes the place of one that holds too much.
const ADAPTERS: [&str; 2] = ["GaveUp", "Through"];

/// A path below the folder of all crates.
fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// All files of Rust in a folder and in those below it, with their text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.append(&mut sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = read(&path);
            found.push((path, text));
        }
    }
    found
}

/// The words that begin with `start`, each up to the first character that is not part of a name.
fn names_after<'t>(text: &'t str, start: &str) -> Vec<&'t str> {
    let parts = text.split(start).skip(1);
    let end = |part: &str| {
        part.find(|c: char| !c.is_alphanumeric())
            .unwrap_or(part.len())
    };
    parts.map(|part| &part[..end(part)]).collect()
}

/// The types for which a text implements a trait, with or without parameters of their own.
fn implementors<'t>(text: &'t str, of: &str) -> Vec<&'t str> {
    let headers = text.lines().filter(|line| line.starts_with("impl"));
    let clause = format!(" {of} for ");
    headers
        .flat_map(|header| names_after(header, &clause))
        .collect()
}

#[test]
fn every_check_can_be_named_by_a_scenario() {
    let kinds = read(at("scenario/src/checks/kinds.rs"));
    let (_, table) = kinds.split_once("\nkinds! {").expect("the table of checks");
    let mut found = 0;
    for (path, text) in sources(&at("check/src/watch")) {
        for name in implementors(&text, "Check") {
            if ADAPTERS.contains(&name) {
                continue;
            }
            found += 1;
            assert!(
                table.contains(&format!("=> {name}::")),
                "no scenario can name {name}: {} implements Check, and crates/scenario/src/checks/kinds.rs has no row for it",
                path.display()
            );
        }
    }
    assert!(found > 20, "{found} checks");
}

#[test]
fn every_protocol_is_in_the_table() {
    let is_subject =
        |path: &PathBuf| path.is_dir() && !SHARED.iter().any(|name| path.ends_with(name));
    let subjects = entries(&at("protocols/src"));
    for subject in subjects.iter().filter(|path| is_subject(path)) {
        let folders = entries(subject);
        for folder in folders.iter().filter(|path| path.is_dir()) {
            let texts = sources(folder);
            let calls = texts
                .iter()
                .flat_map(|(_, text)| text.split("Choices::entry(").skip(1));
            let ids: Vec<&str> = calls.filter_map(|call| call.split('"').nth(1)).collect();
            let folder = folder.display();
            assert!(!ids.is_empty(), "{folder} has no entry of a protocol");
            for id in ids {
                assert!(
                    protocols::find(id).is_some(),
                    "{folder}: the protocol {id} cannot be chosen. It needs `pub mod` in {}/mod.rs, and its entry \
                     in PROTOCOLS in crates/protocols/src/lib.rs",
                    subject.display()
                );
            }
        }
    }
    assert!(protocols::names().count() > 15);
}

#[test]
fn every_fact_is_recorded_in_the_run_of_a_link() {
    let links = read(at("scenario/tests/golden/links.txt"));
    let mut missing = FactKind::ALL.to_vec();
    for line in links.lines() {
        if missing.is_empty() {
            break;
        }
        let link = line.split(' ').next_back().unwrap_or_default();
        let Variant {
            scenario, deeds, ..
        } = Link::parse(link).0.variant;
        Play::new(&scenario, &deeds).to_end(None, |_, event| {
            missing.retain(|kind| event.fact().is_none_or(|fact| fact.kind() != *kind));
        });
    }
    assert!(
        missing.is_empty(),
        "no link of crates/scenario/tests/golden/links.txt has a run in which a protocol puts {missing:?} on record"
    );
}

/// The words that a field of a moment can have, or one of a lab.
fn words_of(field: &str) -> Vec<String> {
    let schema = schema::schema().to_value();
    let lab = "/$defs/Lab/properties";
    let places = ["", "/story/items/properties/when/properties"];
    let mut lists = places.map(|place| schema.pointer(&format!("{lab}{place}/{field}/enum")));
    let list = lists
        .iter_mut()
        .find_map(|list| list.and_then(Value::as_array));
    let words = list.unwrap_or_else(|| panic!("the schema lists no words of `{field}`"));
    let words = words.iter().filter_map(Value::as_str);
    words.map(str::to_owned).collect()
}

#[test]
fn the_guide_to_labs_lists_every_word() {
    let guide = read(at("scenario/labs/README.md"));
    let in_comment = |field: &str| {
        let line = guide
            .lines()
            .find(|line| line.starts_with(&format!("{field} = ")))?;
        let (_, words) = line.split_once("# ")?;
        Some(words.replace(" or ", ", "))
    };
    let in_brackets = |field: &str| {
        let (_, rest) = guide.split_once(&format!("`{field}` ("))?;
        let (words, _) = rest.split_once(')')?;
        Some(words.replace("a loss: ", ""))
    };
    let plots = PLOTS.map(|(word, _)| word.to_owned());
    let lists = [
        ("event", in_brackets("event"), words_of("event")),
        ("why", in_brackets("why"), words_of("why")),
        ("fact", in_brackets("fact"), words_of("fact")),
        ("outcome", in_brackets("outcome"), words_of("outcome")),
        ("plots", in_comment("plots"), plots.to_vec()),
    ];
    for (field, listed, words) in lists {
        let listed = listed.unwrap_or_default();
        let listed: BTreeSet<&str> = listed.split(", ").collect();
        let words: BTreeSet<&str> = words.iter().map(String::as_str).collect();
        assert!(
            listed == words,
            "crates/scenario/labs/README.md, words of `{field}`: missing {:?}, unknown {:?}",
            words.difference(&listed).collect::<Vec<_>>(),
            listed.difference(&words).collect::<Vec<_>>()
        );
    }
}
