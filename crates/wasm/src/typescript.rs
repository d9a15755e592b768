//! Writes `web/src/core/wire.ts`, and holds the committed file to it.
//!
//! `ts-rs` declares each type as one line with its comments in between; [`laid_out`] gives each field a line of its own.

use std::any::TypeId;
use std::fs;
use std::path::Path;

use scenario::view::View;
use scene::shapes::Ink;
use ts_rs::{Config, TS, TypeVisitor};

use crate::{about, ahead, cards, hunt, input, learn, run, shrinking, state};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/core/wire.ts");

const HEADER: &str = "\
/**
 * What crosses the border between the page and the simulator. All times are virtual milliseconds.
 *
 * Written by `SLOWFIRE_BLESS=1 cargo test -p slowfire-wasm` from the types in `crates/wasm/src`: change those instead.
 */
";

/// All that methods answer and take, each with what it refers to.
fn declarations() -> String {
    let mut all = Declarations::default();
    all.declare::<about::LabEntry>();
    all.declare::<about::About<'static>>();
    all.declare::<about::RuleGroup>();
    all.declare::<state::State>();
    all.declare::<learn::Lesson<'static>>();
    all.declare::<learn::StoryStep<'static>>();
    all.declare::<ahead::Outlook<'static>>();
    all.declare::<learn::Series>();
    all.declare::<learn::Operations>();
    all.declare::<learn::Mark>();
    all.declare::<learn::Future>();
    all.declare::<learn::Change>();
    all.declare::<run::Steps>();
    all.declare::<run::Picked>();
    all.declare::<run::LegendEntry>();
    all.declare::<run::LogColumns>();
    all.declare::<run::WhyChain>();
    all.declare::<run::WhyTrial>();
    all.declare::<run::ChallengeClaim<'static>>();
    all.declare::<run::Contest>();
    all.declare::<run::GuessQuestion<'static>>();
    all.declare::<run::GuessTruth>();
    all.declare::<run::GuessSubject>();
    all.declare::<run::TwinAbout>();
    all.declare::<run::TwinFigures>();
    all.declare::<hunt::HuntFound>();
    all.declare::<shrinking::ShrinkProgress>();
    all.declare::<shrinking::SmallestRun>();
    all.declare::<cards::NodeCard>();
    all.declare::<cards::UnseenCard>();
    all.declare::<cards::MessageCard>();
    all.declare::<cards::LinkCard>();
    all.declare::<cards::EventCard>();
    all.declare::<input::shape::Look>();
    all.declare::<input::shape::Turns>();
    let declarations = all.0.iter().map(|one| format!("\n{}", one.text));
    let declarations: String = declarations.collect();
    format!("{HEADER}{declarations}{}{}", views(), palette())
}

/// The words for views are the links': the Rust type of another crate has them.
fn views() -> String {
    let words = View::ALL.map(View::word);
    format!(
        "
/** A kind of picture of a run. */
export type View = '{}';
",
        words.join("' | '")
    )
}

/// The palette has no Rust type with one field per ink: its fields are the names of the inks.
fn palette() -> String {
    let inks = Ink::names().map(|name| format!("\n  | '{name}'"));
    let inks: String = inks.collect();
    format!(
        "
/** What a colour is for. */
export type Ink ={inks};

/** A CSS colour for each ink, and the font of labels. */
export type Palette = Record<Ink | 'font', string>;
"
    )
}

struct Declaration {
    id: TypeId,
    name: String,
    text: String,
}

#[derive(Default)]
struct Declarations(Vec<Declaration>);

impl Declarations {
    /// Declares a type, and then what it refers to, by name: `ts-rs` gives that in no order of its own.
    fn declare<T: TS + 'static>(&mut self) {
        let before = self.0.len();
        self.visit::<T>();
        if let Some((_, referred)) = self.0[before..].split_first_mut() {
            referred.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let (config, id) = (Config::new(), TypeId::of::<T>());
        let is_primitive = T::output_path().is_none();
        if is_primitive || self.0.iter().any(|known| known.id == id) {
            return;
        }
        let name = T::ident(&config);
        assert!(
            self.0.iter().all(|known| known.name != name),
            "two types are called {name}: in wire.ts each needs a name of its own"
        );
        let docs = T::docs().unwrap_or_default();
        let text = laid_out(&docs, &T::decl(&config));
        self.0.push(Declaration { id, name, text });
        T::visit_dependencies(self);
    }
}

/// A declaration as a person would write it: a struct as an interface, with one field per line.
fn laid_out(docs: &str, declaration: &str) -> String {
    let docs = comment(docs, "");
    let fields = declaration
        .strip_prefix("type ")
        .and_then(|rest| rest.split_once(" = {"))
        .filter(|(_, fields)| !fields.contains("} | {"));
    match fields {
        Some((name, fields)) if fields.ends_with(", };") => {
            let fields = lines(fields.trim_end_matches("};"));
            format!("{docs}export interface {name} {{\n{fields}}}\n")
        }
        _ => format!("{docs}export {}\n", union(declaration)),
    }
}

/// A union of words on one line, or of tagged objects on one line each. `ts-rs` writes words in double quotes, and the
/// name of a tag too.
fn union(declaration: &str) -> String {
    declaration
        .replace("} | {", "}\n  | {")
        .replace(", }", " }")
        .replace(", ", "; ")
        .replace("; \"", "; ")
        .replace("{ \"", "{ ")
        .replace("\": ", ": ")
        .replace('"', "'")
}

/// The fields of an object, one per line. Between two fields stand a comma and a space, or a comment on lines of its own.
fn lines(fields: &str) -> String {
    let mut text = String::new();
    let mut docs = String::new();
    for line in fields.lines() {
        if line.starts_with("/**") || line.starts_with(" *") {
            docs.push_str(line);
            docs.push('\n');
            continue;
        }
        text.push_str(&comment(&docs, "  "));
        docs.clear();
        for field in line
            .split(", ")
            .map(str::trim)
            .filter(|field| !field.is_empty())
        {
            text.push_str(&format!("  {field};\n"));
        }
    }
    text
}

/// A doc comment; on one line if it has only one.
fn comment(docs: &str, indent: &str) -> String {
    let said: Vec<&str> = docs
        .lines()
        .filter_map(|line| line.strip_prefix(" * "))
        .collect();
    match said[..] {
        [] => String::new(),
        [only] => format!("{indent}/** {only} */\n"),
        _ => {
            let lines = said.iter().map(|line| format!("{indent} * {line}\n"));
            format!("{indent}/**\n{}{indent} */\n", lines.collect::<String>())
        }
    }
}

#[test]
fn the_committed_declarations_are_current() {
    let current = declarations();
    if std::env::var_os("SLOWFIRE_BLESS").is_some() {
        fs::write(FILE, &current).unwrap();
    }
    let committed = fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == current,
        "web/src/core/wire.ts is out of date: SLOWFIRE_BLESS=1 cargo test -p slowfire-wasm writes it anew"
    );
}

/// TypeScript's compiler does not look into the declarations that wasm-bindgen writes.
#[test]
fn methods_name_types_that_are_declared() {
    let declarations = declarations();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let sources = sources(Path::new(source));
    assert!(sources.len() > 4, "{source} has few files");
    for source in sources {
        let names = source.split("wire.").skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric());
            &rest[..end.unwrap_or(rest.len())]
        });
        for name in names.filter(|name| name.starts_with(char::is_uppercase)) {
            let is_declared = ["interface", "type"]
                .iter()
                .any(|kind| declarations.contains(&format!("export {kind} {name} ")));
            assert!(is_declared, "wire.ts declares no {name}");
        }
    }
}

/// The text of every file below this folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![fs::read_to_string(&path).unwrap()],
        })
        .collect()
}
