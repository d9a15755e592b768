//! Reading one object of a document: every field by name, every problem collected, every unknown name answered with the
//! nearest known one.

use serde_json::{Map, Value};

use super::problem::{Problem, Problems};
#[cfg(feature = "schema")]
use super::sketch::{Form, Sketch};
use crate::terms::quantity::{Range, shortened, shown};
use crate::terms::words::{listed, meaning, nearest};

/// One object of a document, and where it is.
///
/// The code that reads an object asks for its fields one by one, with all that there is to say about them. So the same
/// code also sketches the document, for its schema (see `sketch`).
pub struct Fields<'a> {
    path: String,
    object: Option<&'a Map<String, Value>>,
    known: Vec<&'static str>,
    problems: &'a Problems,
    #[cfg(feature = "schema")]
    sketch: Option<Sketch>,
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
            #[cfg(feature = "schema")]
            sketch: None,
        }
    }

    /// Fields without values: `sketch` notes each one that is asked for.
    #[cfg(feature = "schema")]
    pub(crate) fn sketched(sketch: &Sketch, problems: &'a Problems) -> Fields<'a> {
        Fields {
            path: String::new(),
            object: None,
            known: Vec::new(),
            problems,
            sketch: Some(sketch.clone()),
        }
    }

    /// Notes what a field looks like, where fields are sketched.
    #[cfg(feature = "schema")]
    fn note(&self, field: &'static str, form: impl FnOnce() -> Form) {
        if let Some(sketch) = &self.sketch {
            sketch.note(field, form());
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
        let read = self.optional_quantity(field, range);
        #[cfg(feature = "schema")]
        self.note(field, || Form::Quantity(range, Some(default)));
        read.unwrap_or(default)
    }

    /// A quantity, if it is there and right.
    pub fn optional_quantity(&mut self, field: &'static str, range: Range) -> Option<f64> {
        #[cfg(feature = "schema")]
        self.note(field, || Form::Quantity(range, None));
        let value = self.value(field)?;
        range
            .read(value)
            .map_err(|what| self.complain(field, what))
            .ok()
    }

    /// A text of at most `most` characters.
    pub fn text(&mut self, field: &'static str, most: usize, default: &str) -> String {
        // What stands where nothing is said may be said, however long it is.
        if self.value(field).and_then(Value::as_str) == Some(default) {
            #[cfg(feature = "schema")]
            self.note(field, || Form::Text(most));
            return default.to_owned();
        }
        let text = self.optional_text(field, most);
        text.unwrap_or_else(|| default.to_owned())
    }

    /// A text of at most `most` characters, if it is there and right.
    pub fn optional_text(&mut self, field: &'static str, most: usize) -> Option<String> {
        #[cfg(feature = "schema")]
        self.note(field, || Form::Text(most));
        match short_text(self.value(field)?, most) {
            Ok(text) => Some(text.to_owned()),
            Err(what) => {
                self.complain(field, what);
                None
            }
        }
    }

    /// One of a list of words.
    pub fn choice<T: Copy>(
        &mut self,
        field: &'static str,
        choices: &[(&'static str, T)],
        default: T,
    ) -> T {
        #[cfg(feature = "schema")]
        self.note(field, || {
            Form::Choice(choices.iter().map(|(word, _)| *word).collect())
        });
        let Some(value) = self.value(field) else {
            return default;
        };
        let chosen = value.as_str().and_then(|text| meaning(choices, text));
        chosen.unwrap_or_else(|| {
            let what = format!("is {}; it must be one of {}", shown(value), listed(choices));
            self.complain(field, what);
            default
        })
    }

    /// The entries of a list of at most `most`, each with its path. Nothing if the field is missing.
    fn list(&mut self, field: &'static str, most: usize) -> Vec<(String, &'a Value)> {
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

    /// The objects of a list of at most `most`. Nothing if the field is missing.
    pub fn objects(&mut self, field: &'static str, most: usize) -> Vec<Fields<'a>> {
        #[cfg(feature = "schema")]
        if let Some(sketch) = &self.sketch {
            let entry = Sketch::default();
            sketch.note(field, Form::List(most, entry.clone()));
            return vec![Fields::sketched(&entry, self.problems)];
        }
        let problems = self.problems;
        let entries = self.list(field, most).into_iter();
        entries
            .map(|(path, value)| Fields::new(path, value, problems))
            .collect()
    }

    /// A list of at most `most` texts of at most `longest` characters each.
    pub fn texts(&mut self, field: &'static str, most: usize, longest: usize) -> Vec<String> {
        #[cfg(feature = "schema")]
        self.note(field, || Form::Texts(most, longest));
        let entries = self.list(field, most).into_iter();
        let text = |(path, value): (String, &Value)| match short_text(value, longest) {
            Ok(text) => text.to_owned(),
            Err(what) => {
                self.problems.add(Problem::new(path, what));
                // A wrong text keeps its place, so that later problems name the right places.
                String::new()
            }
        };
        entries.map(text).collect()
    }

    /// Two numbers in a range, if they are there and right.
    pub fn pair(&mut self, field: &'static str, range: Range) -> Option<(f64, f64)> {
        #[cfg(feature = "schema")]
        self.note(field, || Form::Pair(range));
        let value = self.value(field)?;
        let read = |value| range.read(value).ok();
        let two = value.as_array().filter(|list| list.len() == 2);
        let pair = two.and_then(|list| Some((read(&list[0])?, read(&list[1])?)));
        if pair.is_none() {
            let what = format!("is {}; it must be two numbers {range}", shown(value));
            self.complain(field, what);
        }
        pair
    }

    /// The place of a name in a list, if it is there and right.
    pub fn named(&mut self, field: &'static str, names: &[&'static str]) -> Option<usize> {
        #[cfg(feature = "schema")]
        self.note(field, || Form::Choice(names.to_vec()));
        let value = self.value(field)?;
        let found = value
            .as_str()
            .and_then(|text| names.iter().position(|name| *name == text));
        if found.is_none() {
            let near = nearest(value.as_str().unwrap_or_default(), names.iter().copied());
            self.complain(
                field,
                format!("is {}, which is not known{near}", shown(value)),
            );
        }
        found
    }

    /// Where this object is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// An object in a field; nothing if it is missing.
    pub fn object(&mut self, field: &'static str) -> Option<Fields<'a>> {
        #[cfg(feature = "schema")]
        if let Some(sketch) = &self.sketch {
            let inner = Sketch::default();
            sketch.note(field, Form::Object(inner.clone()));
            return Some(Fields::sketched(&inner, self.problems));
        }
        let value = self.value(field)?;
        Some(Fields::new(self.place(field), value, self.problems))
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
