//! Plain data: what a state, a message, a timer and a record can be, as bytes.
//!
//! Plain are: `undefined`, `null`, booleans, numbers (with -0, the infinities and NaN), texts, arrays, and objects without a
//! class, in the order of their keys. All else is refused with a sentence that names the place: functions, symbols, `Map`, `Set`, other
//! classes. An object that stands in two places becomes two.

use rquickjs::{Array, Ctx, Object, String as Text, Type, Value};

use crate::limits::DEPTH;

const UNDEFINED: u8 = 0;
const NULL: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;
const WHOLE: u8 = 4;
const NUMBER: u8 = 5;
const TEXT: u8 = 6;
const LIST: u8 = 7;
const OBJECT: u8 = 8;

/// Plain data, read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Data>),
    Object(Vec<(String, Data)>),
}

impl Data {
    /// The value under a key, if this is an object and has it.
    pub fn get(&self, key: &str) -> Option<&Data> {
        let found = self.entries()?.iter().find(|(name, _)| name == key);
        found
            .map(|(_, value)| value)
            .filter(|value| **value != Data::Undefined)
    }

    pub fn entries(&self) -> Option<&[(String, Data)]> {
        match self {
            Data::Object(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Data::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[Data]> {
        match self {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// As one of a message's three numbers.
    pub fn word(&self) -> i64 {
        match self {
            Data::Number(number) => *number as i64,
            Data::Bool(is_so) => i64::from(*is_so),
            _ => 0,
        }
    }

    /// In few words, as in JSON without most of its quotes.
    pub fn shown(&self) -> String {
        match self {
            Data::Undefined => "undefined".to_owned(),
            Data::Null => "none".to_owned(),
            Data::Bool(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
            Data::Number(number) => number.to_string(),
            Data::Text(text) => text.clone(),
            Data::List(items) => {
                let items: Vec<String> = items.iter().map(Data::shown).collect();
                format!("[{}]", items.join(", "))
            }
            Data::Object(entries) => {
                let shown = |(key, value): &(String, Data)| format!("{key}: {}", value.shown());
                let entries: Vec<String> = entries.iter().map(shown).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// Changes one number or text within, which `random` chooses, but not the type of a message. Whether there was one.
    pub fn corrupt(&mut self, random: u64) -> bool {
        let mut leaves = Vec::new();
        if let Data::Object(entries) = self {
            let fields = entries.iter_mut().filter(|(key, _)| key != "type");
            fields.for_each(|(_, value)| value.leaves(&mut leaves));
        }
        let count = leaves.len() as u64;
        let Some(place) = random.checked_rem(count) else {
            return false;
        };
        let bits = random / count;
        match leaves.swap_remove(place as usize) {
            Data::Number(number) => *number = f64::from(*number as i32 ^ (1 << (bits % 16))),
            Data::Text(text) => {
                let place = bits as usize % text.chars().count().max(1);
                let damaged = |(at, letter)| if at == place { '?' } else { letter };
                *text = text.chars().enumerate().map(damaged).collect();
            }
            _ => return false,
        }
        true
    }

    /// The numbers and texts within.
    fn leaves<'d>(&'d mut self, found: &mut Vec<&'d mut Data>) {
        match self {
            Data::Number(_) | Data::Text(_) => found.push(self),
            Data::List(items) => items.iter_mut().for_each(|item| item.leaves(found)),
            Data::Object(entries) => {
                entries
                    .iter_mut()
                    .for_each(|(_, value)| value.leaves(found));
            }
            _ => {}
        }
    }

    /// What bytes hold that [`Writer`] or [`Data::bytes`] made.
    pub fn read(bytes: &[u8]) -> Data {
        Reader { bytes }.data()
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Data::Undefined => out.push(UNDEFINED),
            Data::Null => out.push(NULL),
            Data::Bool(is_so) => out.push(if *is_so { TRUE } else { FALSE }),
            Data::Number(number) => write_number(*number, out),
            Data::Text(text) => {
                out.push(TEXT);
                write_text(text, out);
            }
            Data::List(items) => {
                out.push(LIST);
                write_length(items.len(), out);
                items.iter().for_each(|item| item.write(out));
            }
            Data::Object(entries) => {
                out.push(OBJECT);
                write_length(entries.len(), out);
                for (key, value) in entries {
                    write_text(key, out);
                    value.write(out);
                }
            }
        }
    }
}

fn write_length(mut length: usize, out: &mut Vec<u8>) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn write_whole(number: i32, out: &mut Vec<u8>) {
    out.push(WHOLE);
    let zigzag = (number << 1) ^ (number >> 31);
    write_length(zigzag as u32 as usize, out);
}

/// One number has one form, whatever the engine holds it as.
fn write_number(number: f64, out: &mut Vec<u8>) {
    let whole = number as i32;
    if f64::from(whole) == number && !(whole == 0 && number.is_sign_negative()) {
        return write_whole(whole, out);
    }
    let number = if number.is_nan() { f64::NAN } else { number };
    out.push(NUMBER);
    out.extend_from_slice(&number.to_le_bytes());
}

/// Why something is no plain data: where, from the inside out, and what stands there.
#[derive(Debug)]
pub(crate) struct Refusal {
    path: Vec<String>,
    what: String,
}

impl Refusal {
    fn new(what: impl Into<String>) -> Refusal {
        Refusal {
            path: Vec::new(),
            what: what.into(),
        }
    }

    fn within(mut self, step: String) -> Refusal {
        self.path.push(step);
        self
    }

    /// The sentence, about something of this name.
    pub fn sentence(&self, name: &str) -> String {
        let path: String = self.path.iter().rev().map(String::as_str).collect();
        format!("{name}{path} {}", self.what)
    }
}

/// Writes values as bytes.
pub(crate) struct Writer<'w, 'js> {
    /// What objects without a class have as their prototype.
    pub plain: &'w Object<'js>,
    /// How many bytes there may be.
    pub most: usize,
}

impl<'js> Writer<'_, 'js> {
    pub fn write(&self, value: &Value<'js>, out: &mut Vec<u8>) -> Result<(), Refusal> {
        self.value(value, out, 0)
    }

    fn value(&self, value: &Value<'js>, out: &mut Vec<u8>, depth: usize) -> Result<(), Refusal> {
        if out.len() > self.most {
            return Err(Refusal::new(format!("takes more than {} bytes", self.most)));
        }
        if depth > DEPTH {
            let what = format!("is nested more than {DEPTH} deep, or holds itself");
            return Err(Refusal::new(what));
        }
        match value.type_of() {
            Type::Undefined | Type::Uninitialized => out.push(UNDEFINED),
            Type::Null => out.push(NULL),
            Type::Bool => out.push(if value.as_bool() == Some(true) {
                TRUE
            } else {
                FALSE
            }),
            Type::Int => write_whole(value.as_int().unwrap_or_default(), out),
            Type::Float => write_number(value.as_float().unwrap_or_default(), out),
            Type::String => {
                out.push(TEXT);
                self.text(value, out)?;
            }
            Type::Array => self.list(value, out, depth)?,
            Type::Object => self.object(value, out, depth)?,
            other => return Err(Refusal::new(not_plain(&format!("a {other}")))),
        }
        Ok(())
    }

    fn text(&self, value: &Value<'js>, out: &mut Vec<u8>) -> Result<(), Refusal> {
        let text = value.as_string().and_then(|text| text.to_string().ok());
        let text =
            text.ok_or_else(|| Refusal::new("is a text with half a character, which is none"))?;
        if text.len() > self.most {
            return Err(Refusal::new(format!("takes more than {} bytes", self.most)));
        }
        write_text(&text, out);
        Ok(())
    }

    fn list(&self, value: &Value<'js>, out: &mut Vec<u8>, depth: usize) -> Result<(), Refusal> {
        let Some(items) = value.as_array() else {
            return Err(Refusal::new(not_plain("no array")));
        };
        // Each element takes a byte at least.
        let length = items.len();
        if length > self.most {
            return Err(Refusal::new(format!("has {length} elements")));
        }
        out.push(LIST);
        write_length(length, out);
        for place in 0..length {
            let item: Value<'js> = items.get(place).map_err(unreadable)?;
            self.value(&item, out, depth + 1)
                .map_err(|refusal| refusal.within(format!("[{place}]")))?;
        }
        Ok(())
    }

    fn object(&self, value: &Value<'js>, out: &mut Vec<u8>, depth: usize) -> Result<(), Refusal> {
        let Some(object) = value.as_object() else {
            return Err(Refusal::new(not_plain("no object")));
        };
        if object
            .get_prototype()
            .is_some_and(|kind| kind != *self.plain)
        {
            return Err(Refusal::new(not_plain(&class_of(object))));
        }
        out.push(OBJECT);
        write_length(object.keys::<Text<'js>>().len(), out);
        for entry in object.props::<Text<'js>, Value<'js>>() {
            let (key, value) = entry.map_err(unreadable)?;
            let key = key
                .to_string()
                .map_err(|_| Refusal::new("has a key with half a character"))?;
            write_text(&key, out);
            self.value(&value, out, depth + 1)
                .map_err(|refusal| refusal.within(format!(".{key}")))?;
        }
        Ok(())
    }
}

fn unreadable(_: rquickjs::Error) -> Refusal {
    Refusal::new("cannot be read")
}

fn not_plain(what: &str) -> String {
    format!(
        "is {what}; only plain data is kept: numbers, texts, booleans, arrays and plain objects"
    )
}

fn class_of(object: &Object<'_>) -> String {
    let class: Option<Object<'_>> = object.get("constructor").ok();
    let name = class.and_then(|class| class.get::<_, String>("name").ok());
    match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("a {name}"),
        None => "an object with a prototype of its own".to_owned(),
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            return UNDEFINED;
        };
        self.bytes = rest;
        *first
    }

    fn take(&mut self, length: usize) -> &'b [u8] {
        let (taken, rest) = self.bytes.split_at(length.min(self.bytes.len()));
        self.bytes = rest;
        taken
    }

    fn length(&mut self) -> usize {
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift > 28 {
                return length;
            }
        }
    }

    fn text(&mut self) -> &'b str {
        let length = self.length();
        std::str::from_utf8(self.take(length)).unwrap_or_default()
    }

    fn whole(&mut self) -> i32 {
        let zigzag = self.length() as u32;
        (zigzag >> 1) as i32 ^ -((zigzag & 1) as i32)
    }

    fn number(&mut self) -> f64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8));
        f64::from_le_bytes(bytes)
    }

    fn data(&mut self) -> Data {
        match self.byte() {
            NULL => Data::Null,
            FALSE => Data::Bool(false),
            TRUE => Data::Bool(true),
            WHOLE => Data::Number(f64::from(self.whole())),
            NUMBER => Data::Number(self.number()),
            TEXT => Data::Text(self.text().to_owned()),
            LIST => {
                let count = self.length();
                Data::List((0..count).map(|_| self.data()).collect())
            }
            OBJECT => {
                let count = self.length();
                let entries = (0..count).map(|_| (self.text().to_owned(), self.data()));
                Data::Object(entries.collect())
            }
            _ => Data::Undefined,
        }
    }

    fn value<'js>(&mut self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        Ok(match self.byte() {
            NULL => Value::new_null(ctx.clone()),
            FALSE => Value::new_bool(ctx.clone(), false),
            TRUE => Value::new_bool(ctx.clone(), true),
            WHOLE => Value::new_int(ctx.clone(), self.whole()),
            NUMBER => Value::new_float(ctx.clone(), self.number()),
            TEXT => Text::from_str(ctx.clone(), self.text())?.into_value(),
            LIST => {
                let list = Array::new(ctx.clone())?;
                for place in 0..self.length() {
                    list.set(place, self.value(ctx)?)?;
                }
                list.into_value()
            }
            OBJECT => {
                let object = Object::new(ctx.clone())?;
                for _ in 0..self.length() {
                    let key = self.text();
                    let value = self.value(ctx)?;
                    object.set(key, value)?;
                }
                object.into_value()
            }
            _ => Value::new_undefined(ctx.clone()),
        })
    }
}

/// What bytes hold, as a value of the engine.
pub(crate) fn value_of<'js>(bytes: &[u8], ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
    Reader { bytes }.value(ctx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let text = |text: &str| Data::Text(text.to_owned());
        let numbers = [0.0, -1.0, 63.0, 1e9, -2_147_483_648.0, 0.5, f64::INFINITY];
        let data = Data::Object(vec![
            (
                "numbers".to_owned(),
                Data::List(numbers.map(Data::Number).into()),
            ),
            ("é".to_owned(), text(&"long ".repeat(100))),
            ("none".to_owned(), Data::Null),
            ("empty".to_owned(), Data::Object(Vec::new())),
            ("yes".to_owned(), Data::Bool(true)),
            ("unset".to_owned(), Data::Undefined),
        ]);
        assert_eq!(Data::read(&data.bytes()), data);
        assert_eq!(data.get("yes"), Some(&Data::Bool(true)));
        assert_eq!(data.get("unset"), None);
    }

    #[test]
    fn zero_keeps_its_sign_and_there_is_one_nan() {
        let read = |number| Data::read(&Data::Number(number).bytes()).number().unwrap();
        assert!(read(-0.0).is_sign_negative() && read(0.0).is_sign_positive());
        let other = f64::from_bits(f64::NAN.to_bits() | 1);
        assert_eq!(Data::Number(other).bytes(), Data::Number(f64::NAN).bytes());
    }
}
