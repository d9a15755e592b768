//! EDN, as Clojure prints it: one map after another, or a vector of maps.
//!
//! A tag is a part of its value: a record is equal to no map, and to no record with another name. Whoever looks inside a
//! collection, as a bank does for balances, passes over the tag.
//!
//! | module | its subject |
//! | --- | --- |
//! | `skip` | passing over forms that nobody needs |

mod skip;

use super::document::Problem;
use super::entry::{Entry, Fields, written};
use super::number::{is_respelt, number};
use super::scan::{Fault, Room, Scanner, hexadecimal};
use crate::history::History;
use crate::value::Value;
use sim::sorted::Map;
use std::fmt::{self, Write};

/// Reads the entries one by one, so that each one's place is known.
pub(super) fn entries(text: &str, room: Room) -> Result<Vec<Entry>, Fault> {
    let mut edn = Edn(Scanner::new(text, "EDN", room));
    let mut entries = Vec::new();
    let (mut closing, mut opened) = (None, 0);
    loop {
        edn.blank()?;
        let at = edn.0.at;
        edn.metadata()?;
        match (edn.0.peek(), closing) {
            (None, None) => return Ok(entries),
            (Some(open @ (b'[' | b'(')), None) if entries.is_empty() => {
                closing = Some(if open == b'[' { b']' } else { b')' });
                opened = at;
                edn.0.at += 1;
            }
            (Some(b'{'), _) => {
                let fields = edn.fields();
                let fields = fields.map_err(|fault| edn.0.unclosed(fault, at, "the map"))?;
                edn.0.room.hold(at, Entry::BYTES)?;
                entries.push(Entry { at, fields });
            }
            (Some(byte), Some(close)) if byte == close => {
                edn.0.at += 1;
                edn.blank()?;
                let ends = edn.0.peek().is_none();
                return if ends {
                    Ok(entries)
                } else {
                    Err(edn.0.fault("more follows the list of entries"))
                };
            }
            (None, Some(_)) => {
                let fault = edn.0.unexpected("an entry");
                return Err(edn.0.unclosed(fault, opened, "the list"));
            }
            (Some(b']' | b')' | b'}'), _) => return Err(edn.0.unexpected("an entry")),
            _ => return Err(edn.no_entry(at)),
        }
    }
}

/// Reads one value, and nothing after it.
pub(super) fn single(text: &str) -> Result<Value, Fault> {
    spelt(text, Room::ANY).map(|(value, _)| value)
}

/// Reads one value, and where in it a number is spelt as it is not written back.
pub(super) fn spelt(text: &str, room: Room) -> Result<(Value, Option<usize>), Fault> {
    let mut edn = Edn(Scanner::new(text, "EDN", room));
    edn.blank()?;
    let value = edn.value()?;
    edn.blank()?;
    match edn.0.peek() {
        None => Ok((value, edn.0.take_respelt())),
        Some(_) => Err(edn.0.fault("more follows the value")),
    }
}

struct Edn<'a>(Scanner<'a>);

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == ',' || c == '\u{feff}'
}

fn is_token(c: char) -> bool {
    !is_space(c) && !matches!(c, '"' | ';' | '(' | ')' | '[' | ']' | '{' | '}')
}

impl<'a> Edn<'a> {
    /// Passes over what stands for space: commas and comments too.
    fn space(&mut self) {
        loop {
            self.0.take_while(is_space);
            if self.0.peek() != Some(b';') {
                return;
            }
            self.0.take_while(|c| c != '\n');
        }
    }

    /// Passes over space, and over forms that `#_` discards.
    fn blank(&mut self) -> Result<(), Fault> {
        self.space();
        while self.0.take("#_") {
            self.space();
            if self.0.peek().is_some() {
                self.skip()?;
            }
            self.space();
        }
        Ok(())
    }

    /// Passes over what is said about an entry: its tags and its metadata.
    fn metadata(&mut self) -> Result<(), Fault> {
        loop {
            if self.0.take("^") {
                self.skip()?;
            } else if let Some(rest) = self.0.rest().strip_prefix('#')
                && rest.starts_with(char::is_alphabetic)
            {
                self.0.take_while(is_token);
            } else {
                return Ok(());
            }
            self.blank()?;
        }
    }

    /// That what begins at `at` is no entry, and what it is.
    fn no_entry(&mut self, at: usize) -> Fault {
        let problem = match self.0.rest().strip_prefix("#:") {
            Some(rest) => {
                let namespace = rest.split(|c| !is_token(c)).next().unwrap_or_default();
                Problem::Namespace(namespace.to_owned())
            }
            None => {
                let is_form = self.skip().is_ok();
                Problem::NotAMap(self.0.shown(at, is_form))
            }
        };
        Fault { at, problem }
    }

    /// The fields of an entry that somebody needs; whatever else it has is passed over.
    fn fields(&mut self) -> Result<Fields, Fault> {
        let mut fields = Fields::default();
        let (start, mut namespace) = (self.0.at, None);
        self.0.at += 1;
        loop {
            self.blank()?;
            let at = self.0.at;
            if self.0.take("}") {
                // Somebody else's field may stand beside the history's own, but not for it.
                let instead = namespace.filter(|_| fields.process.is_none());
                return instead.map_or(Ok(fields), |namespace| {
                    let problem = Problem::Namespace(namespace);
                    Err(Fault { at: start, problem })
                });
            }
            let name = if self.0.take(":") {
                self.0.take_while(is_token)
            } else {
                ""
            };
            if name.is_empty() {
                self.skip()?;
            }
            self.blank()?;
            if let Some((of, "process")) = name.rsplit_once('/') {
                namespace = Some(of.to_owned());
            }
            match fields.slot(name) {
                None => self.skip()?,
                Some(Some(_)) => {
                    return Err(Fault {
                        at,
                        ..self.0.fault(&format!("a second `:{name}` in a map"))
                    });
                }
                Some(slot) => {
                    *slot = Some(self.value()?);
                    fields.spelt(name, self.0.take_respelt());
                }
            }
        }
    }

    fn value(&mut self) -> Result<Value, Fault> {
        let value = self.whole_value()?;
        self.0.hold(value)
    }

    fn whole_value(&mut self) -> Result<Value, Fault> {
        match self.0.peek() {
            Some(b'"') => self.0.string().map(Value::text),
            Some(b'[') => self.list("]"),
            Some(b'(') => self.list(")"),
            Some(b'{') => self.map(None),
            Some(b'#') => self.dispatched(),
            Some(b'^') => {
                // Metadata is about a value, and no part of it.
                self.0.at += 1;
                self.skip()?;
                self.blank()?;
                self.nested(Edn::value)
            }
            None | Some(b']' | b')' | b'}') => Err(self.0.unexpected("a value")),
            Some(_) => {
                let (at, token) = (self.0.at, self.token());
                let value = atom(token);
                if is_respelt(token, &value) {
                    self.0.respell(at);
                }
                Ok(value)
            }
        }
    }

    /// Reads what is nested one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.0.descend()?;
        let result = read(self);
        self.0.ascend();
        result
    }

    /// A token; the first character of a name such as `\(` belongs to it whatever it is.
    fn token(&mut self) -> &'a str {
        let rest = self.0.rest();
        if let Some(name) = rest.strip_prefix('\\') {
            self.0.at += 1 + name.chars().next().map_or(0, char::len_utf8);
        }
        self.0.take_while(is_token);
        &rest[..rest.len() - self.0.rest().len()]
    }

    /// Reads the elements of a collection; where they begin among those that are read.
    fn elements(&mut self, close: &str) -> Result<usize, Fault> {
        self.0.at += 1;
        self.nested(|edn| {
            let start = edn.0.open();
            loop {
                edn.blank()?;
                if edn.0.take(close) {
                    return Ok(start);
                }
                let element = edn.value()?;
                edn.0.push(element)?;
            }
        })
    }

    fn list(&mut self, close: &str) -> Result<Value, Fault> {
        let start = self.elements(close)?;
        Ok(Value::list(self.0.close(start)))
    }

    fn set(&mut self) -> Result<Value, Fault> {
        let at = self.0.at;
        self.0.at += 1;
        let start = self.elements("}")?;
        // As hash tables list them, putting each in its place would take as long as the square of their number.
        let is_set = self.0.sort_from(start).is_sorted_by(|a, b| a < b);
        if !is_set {
            return Err(Fault {
                at,
                ..self.0.fault("an element twice in a set")
            });
        }
        Ok(Value::set(self.0.close(start)))
    }

    /// A map whose keys, if they are keywords without a namespace, are in `namespace`.
    fn map(&mut self, namespace: Option<&str>) -> Result<Value, Fault> {
        let at = self.0.at;
        let start = self.elements("}")?;
        let values: Vec<Value> = self.0.close(start).collect();
        let mut values = values.into_iter();
        let mut map = Map::new();
        while let Some(key) = values.next() {
            let key = qualified(key, namespace);
            let fault = |what: &str| Fault {
                at,
                ..self.0.fault(what)
            };
            let value = values
                .next()
                .ok_or_else(|| fault("a key without a value in a map"))?;
            if map.contains_key(&key) {
                return Err(fault(&format!("{key} twice in a map")));
            }
            map.insert(key, value);
        }
        Ok(Value::Map(map.into()))
    }

    /// What begins with `#`.
    fn dispatched(&mut self) -> Result<Value, Fault> {
        let start = self.0.at;
        let rest = self.0.rest();
        match rest.as_bytes().get(1) {
            Some(b'{') => self.set(),
            Some(b'(') => {
                self.0.at += 1;
                self.list(")")
            }
            Some(b'"') => {
                self.0.at += 1;
                self.0.skip_string()?;
                Ok(Value::word(&rest[..self.0.at - start]))
            }
            Some(b'<') => {
                self.skip_unreadable();
                Ok(Value::word(&rest[..self.0.at - start]))
            }
            Some(b'#') => Ok(Value::number(self.token())),
            Some(b':') => {
                let namespace = self.token().trim_start_matches(['#', ':']);
                self.blank()?;
                if self.0.peek() == Some(b'{') {
                    self.map(Some(namespace))
                } else {
                    Err(self.0.unexpected("a map"))
                }
            }
            Some(byte) if byte.is_ascii_alphabetic() => {
                let tag = self.token();
                self.blank()?;
                let value = self.nested(Edn::value)?;
                Ok(match value {
                    Value::List(_) | Value::Set(_) | Value::Map(_) | Value::Tagged(_) => {
                        Value::Tagged((tag.to_owned(), value).into())
                    }
                    value => Value::word(format!("{tag} {}", value.notation())),
                })
            }
            _ => Ok(atom(self.token())),
        }
    }
}

fn atom(token: &str) -> Value {
    let character = token.strip_prefix("\\u").filter(|code| code.len() == 4);
    let character = character.and_then(|code| char::from_u32(hexadecimal(code)?));
    match token {
        "nil" => Value::Nil,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => number(token).unwrap_or_else(|| {
            let spelt = character.map_or_else(|| token.to_owned(), |c| format!("\\{c}"));
            Value::word(spelt)
        }),
    }
}

/// `:name` in `:namespace`; `:_/name` is in none.
fn qualified(key: Value, namespace: Option<&str>) -> Value {
    match (key, namespace) {
        (Value::Word(word), Some(namespace)) if word.starts_with(':') => {
            match word.strip_prefix(":_/") {
                Some(name) => Value::word(format!(":{name}")),
                None if word.contains('/') => Value::Word(word),
                None => Value::word(format!(":{namespace}/{}", &word[1..])),
            }
        }
        (key, _) => key,
    }
}

/// An entry of a history, which is written as EDN: a map on one line.
#[derive(Clone, Copy, Debug)]
pub struct EdnEntry<'a> {
    /// Its place among the entries, from 0.
    pub index: usize,
    /// In nanoseconds.
    pub time: u64,
    /// Whose it is: a number or a name.
    pub process: &'a Value,
    /// `invoke`, `ok`, `fail` or `info`.
    pub kind: &'a str,
    /// The name of what is called.
    pub function: &'a str,
    /// The object that is called, where there are several.
    pub key: Option<&'a Value>,
    /// The argument of a call, or the result of a return.
    pub value: &'a Value,
}

impl fmt::Display for EdnEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EdnEntry {
            index,
            time,
            process,
            kind,
            function,
            ..
        } = self;
        write!(
            f,
            "{{:index {index}, :time {time}, :process {}, :type :{kind}, :f :{function}, ",
            process.notation()
        )?;
        if let Some(key) = self.key {
            write!(f, ":key {}, ", key.notation())?;
        }
        write!(f, ":value {}}}", self.value.notation())
    }
}

/// Writes a history as EDN, one entry per line.
pub fn write_edn(history: &History) -> String {
    let mut text = String::new();
    for (index, (entry, operation)) in written(history).enumerate() {
        let process = operation
            .name()
            .map_or(Value::Int(operation.process.0.into()), Value::text);
        let entry = EdnEntry {
            index,
            time: entry.time.0,
            process: &process,
            kind: entry.kind,
            function: operation.call.function.name(),
            key: operation.call.key.as_ref(),
            value: entry.value,
        };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{entry}");
    }
    text
}
