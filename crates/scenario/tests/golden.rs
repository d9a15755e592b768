//! Documents and links that were written once and must open for ever, with the same run.
//!
//! `golden/*.json` are documents, `golden/documents.txt` their digests; `golden/links.txt` has one digest and one link per line.
//! Entries are added, never changed: a link that somebody shared cannot be taken back. Where the kernel itself had to
//! change what happens in a run, `SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test golden` writes the digests
//! anew.

use std::fs;
use std::path::{Path, PathBuf};

use scenario::Run;
use scenario::document::Problem;
use scenario::lab::labs;
use scenario::link::Link;
use scenario::run::play::Play;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn digest(link: &Link) -> String {
    let play = Play::new(&link.variant.scenario, &link.variant.deeds);
    play.to_end(None, |_, _| {}).digest.to_string()
}

/// Compares lines of a digest and a name with what `open` gives for each name, or writes them anew.
fn check(list: &str, names: &[String], open: impl Fn(&str) -> Link) {
    let path = folder().join(list);
    let mut lines = String::new();
    for name in names {
        lines.push_str(&format!("{} {name}\n", digest(&open(name))));
    }
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        fs::write(path, lines).expect("the digests can be written");
    } else {
        let golden = fs::read_to_string(path).expect("the digests can be read");
        assert_eq!(
            lines, golden,
            "{list}: runs are no longer what they were; if that is meant, SLOWFIRE_BLESS=1 writes the digests anew"
        );
    }
}

fn document(name: &str) -> Link {
    let text = fs::read_to_string(folder().join(name)).expect("it can be read");
    Link::from_json(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

fn documents() -> Vec<String> {
    let files = fs::read_dir(folder()).expect("the folder can be read");
    let names = files
        .flatten()
        .flat_map(|file| file.file_name().into_string());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".json")).collect();
    names.sort();
    names
}

fn links() -> Vec<String> {
    let list = fs::read_to_string(folder().join("links.txt")).expect("the links can be read");
    let pairs = list.lines().filter_map(|line| line.split_once(' '));
    pairs.map(|(_, link)| link.to_owned()).collect()
}

fn without_problems((link, problems): (Link, Vec<Problem>)) -> Link {
    assert_eq!(problems, []);
    link
}

#[test]
fn golden_documents_open_with_the_runs_they_had() {
    check("documents.txt", &documents(), document);
}

#[test]
fn golden_links_open_with_the_runs_they_had() {
    check("links.txt", &links(), |link| {
        without_problems(Link::parse(link))
    });
}

#[test]
fn every_lab_has_golden_links() {
    let links = links();
    for lab in labs() {
        let address = format!("#/{}", lab.id);
        let is_of_lab = |link: &&String| link.split('?').next() == Some(&address);
        let count = links.iter().filter(is_of_lab).count();
        assert!(
            count >= 3,
            "{address} has {count} golden links; add its own and drawn ones"
        );
    }
}

#[test]
fn a_golden_document_is_the_same_run_as_a_packed_link() {
    for name in documents() {
        let link = document(&name);
        let packed = without_problems(Link::parse(&link.format_packed()));
        assert_eq!(digest(&packed), digest(&link), "{name}");
        assert_eq!(packed.format(), link.format(), "{name}");
        assert_eq!(packed.lab.story, link.lab.story, "{name}");
    }
}

#[test]
fn a_golden_document_opens_where_it_says() {
    let mut run = Run::of_link(document("lab.json"));
    assert_eq!(run.now().to_string(), "3.5s");
    assert_eq!(run.link(), document("lab.json").format());
    run.seek(sim::SimTime::NEVER);
    let told = run.story().filter(|(_, reached)| reached.is_some());
    assert_eq!(told.count(), 4);
}
