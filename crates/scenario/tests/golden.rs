//! Documents and links that were written once and must open forever, with the same run.
//!
//! `golden/*.json` are documents; `golden/documents.txt` and `golden/links.txt` have one line per run: its digest, the
//! revision of the protocol at which the digest holds, and the document or link. Lines are added, never changed: a link
//! that somebody shared cannot be taken back. A line of an earlier revision stays; it still opens, and says that its run
//! may differ.
//!
//! `SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test golden` fills in lines that have `new` instead of digest and
//! revision, and adds a line of today's revision for each run of a protocol that was mended. It never touches a
//! digest that is there. Where the kernel itself was wrong, write `new` over the digests that it changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use scenario::Run;
use scenario::document::Problem;
use scenario::lab::labs;
use scenario::link::Link;
use scenario::run::Coming;
use scenario::run::play::Play;

/// How many links of each lab are kept, at its protocol's revision.
const LINKS_PER_LAB: usize = 3;

/// What writes the lines that a list lacks.
const BLESS: &str = "`SLOWFIRE_BLESS=1 cargo test -p slowfire-scenario --test golden`";

static DOCUMENTS: LazyLock<List> =
    LazyLock::new(|| List::read("documents.txt", document, |name, _| name.to_owned()));

static LINKS: LazyLock<List> =
    LazyLock::new(|| List::read("links.txt", opened, |_, link| link.format()));

/// A list as it is committed, and as it should be. Where blessing is asked for, it is written before any test reads it.
struct List {
    name: &'static str,
    lines: Vec<Golden>,
    completed: Vec<Golden>,
}

impl List {
    fn read(
        name: &'static str,
        open: fn(&str) -> Link,
        renewed: fn(&str, &Link) -> String,
    ) -> List {
        let text = fs::read_to_string(folder().join(name)).expect("the list can be read");
        let mut lines: Vec<Golden> = text.lines().map(Golden::parse).collect();
        let completed = completed(&lines, open, renewed);
        if std::env::var_os("SLOWFIRE_BLESS").is_some() {
            let text: String = completed.iter().map(Golden::write).collect();
            fs::write(folder().join(name), text).expect("the list can be written");
            lines.clone_from(&completed);
        }
        List {
            name,
            lines,
            completed,
        }
    }

    /// Demands that the list has all lines that it needs, and of each run of today's revision the digest that it had.
    fn check(&self, open: fn(&str) -> Link) {
        let List { name, lines, .. } = self;
        let is_lacking = |line: &&Golden| !lines.contains(line);
        let lacking: String = self
            .completed
            .iter()
            .filter(is_lacking)
            .map(Golden::write)
            .collect();
        assert!(
            lacking.is_empty(),
            "crates/scenario/tests/golden/{name} lacks lines, which {BLESS} adds:\n{lacking}"
        );
        for line in lines {
            line.check(name, &open(&line.name));
        }
    }
}

/// A line of a list.
#[derive(Clone, PartialEq)]
struct Golden {
    /// The digest, and the protocol's revision at which it holds; nothing as long as the line is new.
    held: Option<(String, u32)>,
    /// The document or the link.
    name: String,
}

impl Golden {
    fn parse(line: &str) -> Golden {
        let (first, rest) = line.split_once(' ').expect("a line has several words");
        if first == "new" {
            let name = rest.to_owned();
            return Golden { held: None, name };
        }
        let (revision, name) = rest.split_once(' ').expect("a line has three words");
        let revision = revision.parse().expect("the second word is a revision");
        Golden {
            held: Some((first.to_owned(), revision)),
            name: name.to_owned(),
        }
    }

    /// The line of a run as it is today.
    fn of_today(name: &str, link: &Link) -> Golden {
        Golden {
            held: Some((digest(link), today(link))),
            name: name.to_owned(),
        }
    }

    fn write(&self) -> String {
        let name = &self.name;
        match &self.held {
            Some((digest, revision)) => format!("{digest} {revision} {name}\n"),
            None => format!("new {name}\n"),
        }
    }

    /// Demands that the run is the one that it was, or that its link says that it may differ.
    fn check(&self, list: &str, link: &Link) {
        let Golden { held, name } = self;
        let (golden, revision) = held.as_ref().expect("the list is complete");
        assert!(
            *revision <= today(link),
            "{list}: {name} is of revision {revision}, and there are {} so far",
            today(link)
        );
        if *revision == today(link) {
            assert_eq!(
                digest(link),
                *golden,
                "{list}: {name} is no longer the run that it was"
            );
        } else {
            // What was written for an earlier revision says so; a lab as it is means today's.
            let is_bare = link.format() == *name;
            assert!(
                is_bare || !link.revision_note().is_empty(),
                "{list}: {name} does not say that its run may differ"
            );
        }
    }
}

/// The revision of the link's protocol that runs.
fn today(link: &Link) -> u32 {
    link.variant.scenario.protocol.revision()
}

fn digest(link: &Link) -> String {
    let play = Play::new(&link.variant.scenario, &link.variant.deeds);
    play.to_end(None, |_, _| {}).digest.to_string()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A list with all lines that it needs today: new ones filled in, and after each run of an earlier revision the one that
/// `renewed` makes of it.
fn completed(
    lines: &[Golden],
    open: impl Fn(&str) -> Link,
    renewed: impl Fn(&str, &Link) -> String,
) -> Vec<Golden> {
    let mut all: Vec<Golden> = Vec::new();
    for line in lines {
        let link = open(&line.name);
        match &line.held {
            None => all.push(Golden::of_today(&line.name, &link)),
            Some((_, revision)) => {
                all.push(line.clone());
                let name = renewed(&line.name, &link);
                let is_today = |other: &Golden| {
                    other.name == name
                        && other
                            .held
                            .as_ref()
                            .is_some_and(|held| held.1 == today(&link))
                };
                if *revision < today(&link) && !lines.iter().chain(&all).any(is_today) {
                    all.push(Golden::of_today(&name, &link));
                }
            }
        }
    }
    all
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

fn without_problems((link, problems): (Link, Vec<Problem>)) -> Link {
    assert_eq!(problems, []);
    link
}

fn opened(link: &str) -> Link {
    without_problems(Link::parse(link))
}

#[test]
fn golden_documents_open_with_the_runs_they_had() {
    for name in documents() {
        assert!(
            DOCUMENTS.lines.iter().any(|line| line.name == name),
            "crates/scenario/tests/golden/documents.txt lacks a line for {name}: write `new {name}`, and {BLESS} fills it in"
        );
    }
    DOCUMENTS.check(document);
}

#[test]
fn golden_links_open_with_the_runs_they_had() {
    LINKS.check(opened);
}

#[test]
fn every_lab_has_golden_links_of_its_protocols_revision() {
    for lab in labs() {
        let address = format!("#/{}", lab.id);
        let present = lab.scenario.protocol.revision();
        let is_of_lab = |line: &&Golden| {
            let is_of_today = line.held.as_ref().is_some_and(|held| held.1 == present);
            is_of_today && line.name.split('?').next() == Some(&address)
        };
        let count = LINKS.completed.iter().filter(is_of_lab).count();
        assert!(
            count >= LINKS_PER_LAB,
            "{address} has {count} links of revision {present} in crates/scenario/tests/golden/links.txt, and needs \
             {LINKS_PER_LAB}: its own ({address}) and others with knobs turned and things done. Write `new LINK` for each, \
             and {BLESS} fills them in"
        );
    }
}

#[test]
fn a_mended_protocol_needs_lines_of_its_revision_and_keeps_the_earlier_ones() {
    let lines = [Golden::parse("0123456789abcdef 1 #/double-charge?seed=7")];
    let mut lab = scenario::lab::find("double-charge")
        .expect("it is a lab")
        .clone();
    let mut payments = *lab.scenario.protocol;
    payments.mended = &["It was wrong."];
    lab.scenario.protocol = Box::leak(Box::new(payments));
    let mended: &Link = &Link::of_lab(Box::leak(Box::new(lab)));
    let renewed = |_: &str, _: &Link| "#/double-charge?rev=2&seed=7".to_owned();
    let all = completed(&lines, |_| mended.clone(), renewed);
    let written: Vec<String> = all.iter().map(Golden::write).collect();
    assert_eq!(written[0], "0123456789abcdef 1 #/double-charge?seed=7\n");
    assert!(
        written[1].ends_with(" 2 #/double-charge?rev=2&seed=7\n"),
        "{written:?}"
    );
    assert_eq!(written.len(), 2);
    assert!(completed(&all, |_| mended.clone(), renewed) == all);
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
    let told = run
        .story()
        .filter(|(_, coming)| matches!(coming, Coming::Known(_)));
    // The answer that its third step asks for was before the loss of its second.
    assert_eq!(told.count(), 3);
}
