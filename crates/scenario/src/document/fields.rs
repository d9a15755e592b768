//! Reading one object of a document: every field by name, every problem collected, every unknown name answered with the
//! nearest known one.

use std::cell::RefCell;
use std::fmt;

use serde_json::{Map, Value};

use crate::quantity::{Range, shortened, shown};

/// Something wrong with a document or a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `nodes[1].skew`.
    pub path: String,
    /// What: `is 3; it must be from 0 to 1`.
    pub what: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Problem {
        Problem {
            path: path.into(),
            what: what.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.", self.path, self.what)
    }
}

/// The problems found so far. A hostile document could have millions: the first ones are enough.
#[derive(Debug, Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    const MOST: usize = 50;

    fn add(&self, problem: Problem) {
        let mut found = self.0.borrow_mut();
        if found.len() < Self::MOST {
            found.push(problem);
        }
    }

    /// All of them.
    pub fn into_vec(self) -> Vec<Problem> {
        self.0.into_inner()
    }
}

/// One object of a document, and where it is.
pub struct Fields<'a> {
    path: String,
    object: Option<&'a Map<String, Value>>,
    known: Vec<&'static str>,
    problems: &'a Problems,
}

impl<'a> Fields<'a> {
    /// Reads `value`, which must be an object.
    pub fn new(path: impl Into<String>, value: &'a Value, problems: &'a Problems) -> Fields<'a> {
        let path = path.into();
        let object = value.as_object();
        if object.is_none() {
            problems.add(Problem::new(
                named(&path),
                format!("is {}; it must be an object", shown(value)),
            ));
        }
        Fields {
            path,
            object,
            known: Vec::new(),
            problems,
        }
    }

    /// Reports every field that nobody asked for.
    pub fn finish(self) {
        for name in self.object.into_iter().flat_map(|object| object.keys()) {
            if !self.known.contains(&name.as_str()) {
                let what = format!(
                    "is not a field{}",
                    nearest(name, self.known.iter().copied())
                );
                self.problems
                    .add(Problem::new(self.place(&shortened(name)), what));
            }
        }
    }

    /// Puts a problem with a field on the list.
    pub fn complain(&self, field: &str, what: impl Into<String>) {
        self.problems.add(Problem::new(self.place(field), what));
    }

    /// A field as it is, if it is there.
    pub fn value(&mut self, field: &'static str) -> Option<&'a Value> {
        self.known.push(field);
        self.object?.get(field)
    }

    /// A quantity: a text with its unit, or a plain number where the unit has none.
    pub fn quantity(&mut self, field: &'static str, range: Range, default: f64) -> f64 {
        self.optional_quantity(field, range).unwrap_or(default)
    }

    /// A quantity, if it is there and right.
    pub fn optional_quantity(&mut self, field: &'static str, range: Range) -> Option<f64> {
        let value = self.value(field)?;
        range
            .read(value)
            .map_err(|what| self.complain(field, what))
            .ok()
    }

    /// A text of at most `most` characters.
    pub fn text(&mut self, field: &'static str, most: usize, default: &str) -> String {
        let Some(value) = self.value(field) else {
            return default.to_owned();
        };
        match short_text(value, most) {
            Ok(text) => text.to_owned(),
            Err(what) => {
                self.complain(field, what);
                default.to_owned()
            }
        }
    }

    /// True or false.
    pub fn flag(&mut self, field: &'static str, default: bool) -> bool {
        let Some(value) = self.value(field) else {
            return default;
        };
        value.as_bool().unwrap_or_else(|| {
            self.complain(
                field,
                format!("is {}; it must be true or false", shown(value)),
            );
            default
        })
    }

    /// One of a list of words.
    pub fn choice<T: Copy>(
        &mut self,
        field: &'static str,
        choices: &[(&'static str, T)],
        default: T,
    ) -> T {
        let Some(value) = self.value(field) else {
            return default;
        };
        let chosen = value
            .as_str()
            .and_then(|text| choices.iter().find(|(word, _)| *word == text));
        chosen.map(|(_, choice)| *choice).unwrap_or_else(|| {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.complain(
                field,
                format!(
                    "is {}; it must be one of {}",
                    shown(value),
                    words.join(", ")
                ),
            );
            default
        })
    }

    /// The entries of a list of at most `most`, each with its path. Nothing if the field is missing.
    pub fn list(&mut self, field: &'static str, most: usize) -> Vec<(String, &'a Value)> {
        let Some(value) = self.value(field) else {
            return Vec::new();
        };
        let Some(entries) = value.as_array() else {
            self.complain(field, format!("is {}; it must be a list", shown(value)));
            return Vec::new();
        };
        if entries.len() > most {
            self.complain(
                field,
                format!("has {} entries; it may have {most}", entries.len()),
            );
        }
        let path = self.place(field);
        entries
            .iter()
            .take(most)
            .enumerate()
            .map(|(i, entry)| (format!("{path}[{i}]"), entry))
            .collect()
    }

    /// A list of at most `most` texts of at most `longest` characters each.
    pub fn texts(&mut self, field: &'static str, most: usize, longest: usize) -> Vec<String> {
        let entries = self.list(field, most).into_iter();
        let text = |(path, value): (String, &Value)| match short_text(value, longest) {
            Ok(text) => text.to_owned(),
            Err(what) => {
                self.problems.add(Problem::new(path, what));
                // What is wrong keeps its place, so that later problems name the right ones.
                String::new()
            }
        };
        entries.map(text).collect()
    }

    /// An object in a field; nothing if it is missing.
    pub fn object(&mut self, field: &'static str) -> Option<Fields<'a>> {
        let value = self.value(field)?;
        Some(Fields::new(self.place(field), value, self.problems))
    }

    /// The entries of the object, whatever their names.
    pub fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.object.into_iter().flatten()
    }

    /// The list that problems go to.
    pub fn problems(&self) -> &'a Problems {
        self.problems
    }

    fn place(&self, field: &str) -> String {
        if self.path.is_empty() {
            field.to_owned()
        } else {
            format!("{}.{field}", self.path)
        }
    }
}

/// `; did you mean "loss"?`, if a known name is near.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let name = shortened(name);
    let near = known
        .map(|other| (strsim::damerau_levenshtein(&name, other), other))
        .min();
    match near {
        Some((distance, other)) if distance <= 1 + other.len().max(name.len()) / 3 => {
            format!("; did you mean \"{other}\"?")
        }
        _ => String::new(),
    }
}

fn short_text(value: &Value, most: usize) -> Result<&str, String> {
    let text = value
        .as_str()
        .ok_or_else(|| format!("is {}; it must be a text", shown(value)))?;
    match text.chars().count() {
        count if count <= most => Ok(text),
        count => Err(format!("has {count} characters; it may have {most}")),
    }
}

fn named(path: &str) -> String {
    if path.is_empty() {
        "the document".to_owned()
    } else {
        path.to_owned()
    }
}
