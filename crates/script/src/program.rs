//! What a script declares: its roles, words, parameters, defences and operations, and the entry that scenarios read.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use protocols::{DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec};
use sim::protocol::{Argument, MessageSort, MessageWord, OperationWord, TimerWord, Vocabulary};
use sim::{Machine, Setup};

use crate::carried::{Form, Message};
use crate::data::Data;
use crate::flaw::Flaw;
use crate::limits::WORDS;

/// The bytes of an empty object: what `ctx.state` is at first.
pub(crate) const EMPTY: [u8; 2] = [8, 0];

/// What a node has before it is known which script it runs.
pub(crate) const NO_WORDS: Vocabulary = Vocabulary {
    messages: &[],
    timers: &[],
    operations: &[],
};

/// Nanoseconds of a millisecond.
const MILLISECOND: f64 = 1e6;

/// The most nodes of a role, where a script does not say.
const MOST_NODES: usize = 50;

/// What a role can have a function for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handler {
    Start,
    Message,
    Timer,
    Synced,
    Operation,
}

impl Handler {
    const ALL: [Handler; 5] = [
        Handler::Start,
        Handler::Message,
        Handler::Timer,
        Handler::Synced,
        Handler::Operation,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Handler::Start => "start",
            Handler::Message => "message",
            Handler::Timer => "timer",
            Handler::Synced => "synced",
            Handler::Operation => "operation",
        }
    }
}

/// A role of a script.
#[derive(Debug)]
pub(crate) struct Role {
    pub id: &'static str,
    handlers: Vec<Handler>,
}

impl Role {
    pub fn handles(&self, handler: Handler) -> bool {
        self.handlers.contains(&handler)
    }
}

/// A script that has been read.
#[derive(Debug)]
pub(crate) struct Program {
    /// Tells it from all others of this process.
    pub number: u64,
    /// The script as a function, for the engine.
    pub function: String,
    pub roles: Vec<Role>,
    pub entry: &'static ProtocolEntry,
    /// What it says of each kind of message.
    forms: Vec<Arc<Form>>,
    timers: Vec<&'static str>,
    /// What it wants of the scenario around it.
    scenario: Data,
}

/// A text that lives as long as the process, as those of protocols in Rust do. Each script is read once.
fn kept(text: impl Into<String>) -> &'static str {
    Box::leak(text.into().into_boxed_str())
}

fn all_kept<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

/// What a number of a scenario is divided by for a script: durations are milliseconds there.
pub(crate) fn unit_of(quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Duration => MILLISECOND,
        _ => 1.0,
    }
}

/// The place of a record on the disk: a number stands for itself, a text for a number beyond all of those.
pub(crate) fn place_of(key: &Data) -> Option<u64> {
    const NUMBERS: u64 = 1 << 52;
    match key {
        Data::Number(number) if number.fract() == 0.0 && *number >= 0.0 => {
            Some(*number as u64).filter(|place| *place < NUMBERS)
        }
        // FNV-1a.
        Data::Text(text) => {
            let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            Some(NUMBERS | (hash ^ (hash >> 52)) & (NUMBERS - 1))
        }
        _ => None,
    }
}

impl Program {
    /// The program of a script that declares this.
    ///
    /// # Errors
    ///
    /// What it declares wrongly.
    pub fn new(
        source: &str,
        function: String,
        declared: &Data,
        build: fn(&Plan, &Setup) -> Box<dyn Machine>,
    ) -> Result<Program, Flaw> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let roles = listed(declared, "roles", role)?;
        if roles.is_empty() {
            return Err(Flaw::new("roles has no role"));
        }
        let words: Vec<(Form, MessageWord)> = listed(declared, "messages", message)?;
        let timers: Vec<(&'static str, TimerWord)> = listed(declared, "timers", timer)?;
        let operating: Vec<&'static str> = roles
            .iter()
            .filter(|(role, _)| role.handles(Handler::Operation))
            .map(|(role, _)| role.id)
            .collect();
        let operating = all_kept(operating);
        let operations = listed(declared, "operations", |id, value| {
            operation(id, value, operating)
        })?;
        let (forms, messages): (Vec<Form>, Vec<MessageWord>) =
            words.into_iter().chain([any_message()]).unzip();
        let numbered = (0..).zip(forms);
        let forms = numbered.map(|(kind, form)| Arc::new(Form { kind, ..form }));
        let (timers, timer_words): (Vec<&'static str>, Vec<TimerWord>) =
            timers.into_iter().chain([any_timer()]).unzip();
        let (roles, specs): (Vec<Role>, Vec<RoleSpec>) = roles.into_iter().unzip();
        check_speech(&specs)?;
        let vocabulary = Vocabulary {
            messages: all_kept(messages),
            timers: all_kept(timer_words),
            operations: all_kept(operations),
        };
        let entry = ProtocolEntry {
            id: "script",
            about: "A protocol of its author's own, as a script.",
            mended: &[],
            roles: all_kept(specs),
            parameters: all_kept(listed(declared, "parameters", parameter)?),
            defences: all_kept(listed(declared, "defences", defence)?),
            vocabulary: Box::leak(Box::new(vocabulary)),
            algorithm: None,
            groups: &[],
            is_there: true,
            records_trust: false,
            has_disks: roles.iter().any(|role| role.handles(Handler::Synced)),
            source: Some(kept(source)),
            build,
        };
        Ok(Program {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            function,
            roles,
            entry: Box::leak(Box::new(entry)),
            forms: forms.collect(),
            timers,
            scenario: declared.get("scenario").cloned().unwrap_or(Data::Null),
        })
    }

    /// The place of a role.
    pub fn role(&self, id: &str) -> Result<usize, String> {
        let found = self.roles.iter().position(|role| role.id == id);
        found.ok_or_else(|| format!("there is no role \"{id}\""))
    }

    /// Which of the timers that have words a timer is; the last, if it has none.
    pub fn timer_kind(&self, name: &str) -> u8 {
        let found = self.timers.iter().position(|known| *known == name);
        found.unwrap_or(self.timers.len() - 1) as u8
    }

    /// A message with this data.
    pub fn message(&self, data: Arc<[u8]>) -> Result<Message, String> {
        let read = Data::read(&data);
        let Some(name) = read.get("type").and_then(Data::text) else {
            return Err("a message is an object with a \"type\", which is a text".to_owned());
        };
        let found = self.forms.iter().position(|form| form.name == name);
        let kind = found.unwrap_or(self.forms.len() - 1);
        Ok(Message::new(self.forms[kind].clone(), data, &read))
    }

    /// A document with this script.
    pub fn document(&self, source: &str) -> String {
        let own = self.scenario.entries().unwrap_or_default();
        let has = |field: &str| own.iter().any(|(name, _)| name == field);
        let mut fields: Vec<(String, String)> = vec![(
            "protocol".to_owned(),
            format!("{{\"script\": {}}}", json(&Data::Text(source.to_owned()))),
        )];
        if !has("nodes") {
            let nodes: Vec<String> = self.entry.roles.iter().map(nodes_of).collect();
            fields.push(("nodes".to_owned(), format!("[{}]", nodes.join(", "))));
        }
        fields.extend(own.iter().map(|(name, value)| (name.clone(), json(value))));
        let fields: Vec<String> = fields
            .into_iter()
            .map(|(name, value)| format!("{}: {value}", json(&Data::Text(name))))
            .collect();
        format!("{{{}}}", fields.join(", "))
    }
}

/// As many nodes of a role as a scenario must have, or three where it need not say.
fn nodes_of(role: &RoleSpec) -> String {
    let (id, count) = (role.id, role.fewest.max(1));
    match count {
        1 if role.most == 1 => format!("{{\"name\": \"{id}\", \"role\": \"{id}\"}}"),
        1 => format!(
            "{{\"name\": \"{id}-\", \"role\": \"{id}\", \"count\": {}}}",
            role.most.min(3)
        ),
        _ => format!("{{\"name\": \"{id}-\", \"role\": \"{id}\", \"count\": {count}}}"),
    }
}

fn json(data: &Data) -> String {
    match data {
        Data::Undefined | Data::Null => "null".to_owned(),
        Data::Bool(is_so) => is_so.to_string(),
        Data::Number(number) if number.is_finite() => number.to_string(),
        Data::Number(_) => "null".to_owned(),
        Data::Text(text) => quoted(text),
        Data::List(items) => {
            let items: Vec<String> = items.iter().map(json).collect();
            format!("[{}]", items.join(", "))
        }
        Data::Object(entries) => {
            let entry = |(key, value): &(String, Data)| format!("{}: {}", quoted(key), json(value));
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out + "\""
}

/// Reads the entries of one of the objects that a script exports.
fn listed<T>(
    declared: &Data,
    field: &str,
    read: impl Fn(&'static str, &Data) -> Result<T, String>,
) -> Result<Vec<T>, Flaw> {
    let Some(value) = declared.get(field) else {
        return Ok(Vec::new());
    };
    let Some(entries) = value.entries() else {
        return Err(Flaw::new(format!("{field} must be an object")));
    };
    if entries.len() > WORDS {
        let what = format!("{field} has {} entries; it may have {WORDS}", entries.len());
        return Err(Flaw::new(what));
    }
    let entry = |(id, value): &(String, Data)| {
        if !is_id(id) {
            let what = "must be letters, digits and dashes, at most 40, and begin with a letter";
            return Err(Flaw::new(format!("{field}: \"{id}\" {what}")));
        }
        read(kept(id.clone()), value).map_err(|what| Flaw::new(format!("{field}.{id}{what}")))
    };
    entries.iter().map(entry).collect()
}

fn is_id(id: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=40).contains(&id.len())
        && id.starts_with(|first: char| first.is_ascii_alphabetic())
        && id.bytes().all(is_letter)
}

/// A text among the fields of an entry; another one if it is not there.
fn text_or(value: &Data, field: &str, or: &str) -> Result<&'static str, String> {
    const MOST: usize = 300;
    match value.get(field) {
        None => Ok(kept(or)),
        Some(Data::Text(text)) if text.chars().count() <= MOST => Ok(kept(text.clone())),
        Some(Data::Text(_)) => Err(format!(".{field} has more than {MOST} characters")),
        Some(_) => Err(format!(".{field} must be a text")),
    }
}

/// The fields of an entry, which can also be one text: then it is the value of its main field.
fn with_main(value: &Data, main: &str) -> Result<Data, String> {
    match value {
        Data::Text(_) => Ok(Data::Object(vec![(main.to_owned(), value.clone())])),
        Data::Object(_) => Ok(value.clone()),
        _ => Err(" must be a text or an object".to_owned()),
    }
}

fn known_fields(value: &Data, known: &[&str]) -> Result<(), String> {
    for (name, _) in value.entries().unwrap_or_default() {
        if !known.contains(&name.as_str()) {
            let known = known.join(", ");
            return Err(format!(".{name} is not a field; there can be {known}"));
        }
    }
    Ok(())
}

fn one_of<T: Copy>(value: &Data, field: &str, words: &[(&str, T)], or: T) -> Result<T, String> {
    let Some(given) = value.get(field) else {
        return Ok(or);
    };
    let word = given.text().unwrap_or_default();
    let found = words.iter().find(|(name, _)| *name == word);
    found.map(|(_, meaning)| *meaning).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        format!(".{field} must be one of {}", words.join(", "))
    })
}

fn role(id: &'static str, value: &Data) -> Result<(Role, RoleSpec), String> {
    let count = |number: f64| {
        let count = number as usize;
        let is_right = number.fract() == 0.0 && (0.0..=128.0).contains(&number);
        is_right
            .then_some(count)
            .ok_or_else(|| ".nodes must be whole numbers from 0 to 128".to_owned())
    };
    let (fewest, most) = match value.get("nodes") {
        None => (1, MOST_NODES),
        Some(Data::Number(number)) => (count(*number)?, count(*number)?),
        Some(Data::List(items)) => match items.as_slice() {
            [Data::Number(fewest), Data::Number(most)] if fewest <= most => {
                (count(*fewest)?, count(*most)?)
            }
            _ => return Err(".nodes must be a number, or the fewest and the most".to_owned()),
        },
        Some(_) => return Err(".nodes must be a number, or the fewest and the most".to_owned()),
    };
    let speaks_to = value
        .get("speaksTo")
        .and_then(Data::list)
        .unwrap_or_default();
    let speaks_to = speaks_to.iter().filter_map(Data::text).map(kept).collect();
    let handlers = value
        .get("handlers")
        .and_then(Data::list)
        .unwrap_or_default();
    let has = |handler: &Handler| {
        handlers
            .iter()
            .any(|name| name.text() == Some(handler.name()))
    };
    let role = Role {
        id,
        handlers: Handler::ALL.into_iter().filter(has).collect(),
    };
    let spec = RoleSpec {
        id,
        fewest,
        most,
        speaks_to: all_kept(speaks_to),
    };
    Ok((role, spec))
}

/// Refuses roles that speak to a role that does not speak to them.
fn check_speech(roles: &[RoleSpec]) -> Result<(), Flaw> {
    for role in roles {
        for other in role.speaks_to {
            let found = roles.iter().find(|spec| spec.id == *other);
            if !found.is_some_and(|found| role.speaks_with(found)) {
                let what = format!(
                    "roles.{}.speaksTo names \"{other}\", which is not a role that speaks to it",
                    role.id
                );
                return Err(Flaw::new(what));
            }
        }
    }
    Ok(())
}

const SORTS: [(&str, MessageSort); 6] = [
    ("request", MessageSort::Request),
    ("reply", MessageSort::Reply),
    ("refusal", MessageSort::Refusal),
    ("replication", MessageSort::Replication),
    ("acknowledgement", MessageSort::Acknowledgement),
    ("heartbeat", MessageSort::Heartbeat),
];

/// Bytes of a message on the wire, where a script does not say.
const BYTES: f64 = 200.0;

fn message(id: &'static str, value: &Data) -> Result<(Form, MessageWord), String> {
    let value = &with_main(value, "label")?;
    known_fields(value, &["label", "says", "sort", "bytes"])?;
    let label = text_or(value, "label", id)?;
    let says = text_or(value, "says", label)?;
    let mut fields = Vec::new();
    let word = MessageWord {
        name: id,
        label: kept(numbered(label, &mut fields)?),
        says: kept(numbered(says, &mut fields)?),
        sort: one_of(value, "sort", &SORTS, MessageSort::Request)?,
    };
    let bytes = value.get("bytes").map_or(Some(BYTES), Data::number);
    let bytes = bytes
        .filter(|bytes| (1.0..=1e9).contains(bytes))
        .ok_or(".bytes must be a number from 1 to 1e9")?;
    let bytes = bytes as u32;
    let form = Form {
        kind: 0,
        name: id,
        fields,
        bytes,
    };
    Ok((form, word))
}

/// A text whose holes name fields of a message, as one whose holes name their places: `{id}` becomes `{0}`.
fn numbered(text: &str, fields: &mut Vec<String>) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        let Some((hole, after)) = from.split_once('}') else {
            return Err(format!(" has \"{{\" without \"}}\" in \"{text}\""));
        };
        let (field, noun) = match hole.split_once(' ') {
            Some((field, noun)) => (field, format!(" {noun}")),
            None => (hole, String::new()),
        };
        let place = match fields.iter().position(|known| known == field) {
            Some(place) => place,
            None => {
                fields.push(field.to_owned());
                fields.len() - 1
            }
        };
        if place > 2 {
            return Err(" names more than three fields in its words".to_owned());
        }
        let _ = write!(out, "{before}{{{place}{noun}}}");
        rest = after;
    }
    Ok(out + rest)
}

fn any_message() -> (Form, MessageWord) {
    let form = Form {
        kind: 0,
        name: "message",
        fields: Vec::new(),
        bytes: BYTES as u32,
    };
    let word = MessageWord {
        name: "message",
        label: "message",
        says: "a message",
        sort: MessageSort::Request,
    };
    (form, word)
}

fn timer(id: &'static str, value: &Data) -> Result<(&'static str, TimerWord), String> {
    let value = &with_main(value, "says")?;
    known_fields(value, &["says", "timeout"])?;
    let word = TimerWord {
        says: text_or(value, "says", id)?,
        is_timeout: value.get("timeout") == Some(&Data::Bool(true)),
    };
    Ok((id, word))
}

fn any_timer() -> (&'static str, TimerWord) {
    let word = TimerWord {
        says: "a timer fires",
        is_timeout: false,
    };
    ("timer", word)
}

/// The units of a parameter, and the range that each has where a script does not say.
const UNITS: [(&str, (Quantity, f64, f64)); 5] = [
    ("ms", (Quantity::Duration, 0.0, 3_600_000.0)),
    ("count", (Quantity::Count, 0.0, 1e6)),
    ("operations", (Quantity::Operations, 0.0, 1e4)),
    ("share", (Quantity::Share, 0.0, 1.0)),
    ("faults", (Quantity::Faults, 0.0, 1.0)),
];

fn parameter(id: &'static str, value: &Data) -> Result<ParameterSpec, String> {
    let value = match value {
        Data::Number(_) => &Data::Object(vec![("default".to_owned(), value.clone())]),
        Data::Object(_) => value,
        _ => return Err(" must be a number or an object".to_owned()),
    };
    known_fields(value, &["label", "about", "default", "min", "max", "unit"])?;
    let (quantity, min, max) = one_of(value, "unit", &UNITS, UNITS[1].1)?;
    let number = |field: &str, or: Option<f64>| match value.get(field) {
        None => or.ok_or_else(|| format!(".{field} is missing")),
        Some(Data::Number(number)) if (min..=max).contains(number) => Ok(*number),
        Some(_) => Err(format!(".{field} must be a number from {min} to {max}")),
    };
    let (default, min, max) = (
        number("default", None)?,
        number("min", Some(min))?,
        number("max", Some(max))?,
    );
    if !(min..=max).contains(&default) {
        return Err(format!(
            ".default is {default}; it must be from {min} to {max}"
        ));
    }
    let unit = unit_of(quantity);
    Ok(ParameterSpec {
        id,
        label: text_or(value, "label", id)?,
        about: text_or(value, "about", "")?,
        quantity,
        default: default * unit,
        min: min * unit,
        max: max * unit,
    })
}

fn defence(id: &'static str, value: &Data) -> Result<DefenceSpec, String> {
    let value = &with_main(value, "label")?;
    known_fields(value, &["label", "protects"])?;
    Ok(DefenceSpec {
        id,
        label: text_or(value, "label", id)?,
        protects: text_or(value, "protects", "")?,
    })
}

const ARGUMENTS: [(&str, Argument); 4] = [
    ("nothing", Argument::Nothing),
    ("number", Argument::Number),
    ("node", Argument::Node),
    ("nodes", Argument::Nodes),
];

fn operation(
    id: &'static str,
    value: &Data,
    operating: &'static [&'static str],
) -> Result<OperationWord, String> {
    let value = &with_main(value, "does")?;
    known_fields(value, &["does", "roles", "takes"])?;
    let roles = match value.get("roles").and_then(Data::list) {
        None => operating,
        Some(roles) => all_kept(
            operating
                .iter()
                .copied()
                .filter(|id| roles.iter().any(|role| role.text() == Some(id)))
                .collect(),
        ),
    };
    if roles.is_empty() {
        return Err(": no role has a function \"operation\" for it".to_owned());
    }
    Ok(OperationWord {
        name: id,
        does: text_or(value, "does", id)?,
        roles,
        takes: one_of(value, "takes", &ARGUMENTS, Argument::Nothing)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_fields_and_fields_have_places() {
        let mut fields = Vec::new();
        let label = numbered("pay #{id}", &mut fields).unwrap();
        let says = numbered("{amount} for #{id}, {tries attempt}", &mut fields).unwrap();
        assert_eq!(label, "pay #{0}");
        assert_eq!(says, "{1} for #{0}, {2 attempt}");
        assert_eq!(fields, ["id", "amount", "tries"]);
        assert!(numbered("{more}", &mut fields).is_err());
        assert!(numbered("{open", &mut Vec::new()).is_err());
    }

    #[test]
    fn numbers_and_texts_have_places_of_their_own_on_disk() {
        let text = |text: &str| place_of(&Data::Text(text.to_owned()));
        assert_eq!(place_of(&Data::Number(7.0)), Some(7));
        assert_eq!(place_of(&Data::Number(-1.0)), None);
        assert_eq!(place_of(&Data::Number(0.5)), None);
        assert!(text("ledger") > Some(1 << 52) && text("ledger") != text("ledges"));
    }

    #[test]
    fn a_text_is_quoted_as_json() {
        assert_eq!(quoted("a\"b\\\n\u{1}é"), "\"a\\\"b\\\\\\u000a\\u0001é\"");
    }
}
