//! A text being read: what EDN and JSON have in common.

use super::document::{Position, Problem, ReadError};
use crate::value::Value;
use sim::sorting::sort;

/// How deep values may be nested.
const MOST_DEPTH: u32 = 200;

/// How many characters of a text are quoted.
const MOST_SHOWN: usize = 40;

/// What is wrong, and at which byte of the text.
#[derive(Debug)]
pub(super) struct Fault {
    /// The byte of the text.
    pub at: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// A text, and how far it has been read.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    /// The next byte to be read.
    pub at: usize,
    depth: u32,
    /// Where a number was first spelt in another way than it is written back, since somebody asked.
    respelt: Option<usize>,
    /// What the text should be: `EDN` or `JSON`.
    notation: &'static str,
    /// What is left for what is read.
    pub room: Room,
    /// The elements so far of collections that are not closed yet, the innermost one's last: each collection is made when it
    /// is closed, as large as it is, so that memory has no holes between them.
    elements: Vec<Value>,
}

/// How many bytes there are for what is read, and how many of them are left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    most: usize,
    left: usize,
}

/// As much of a line as is quoted.
pub(super) fn brief(line: &str) -> String {
    if line.chars().count() <= MOST_SHOWN {
        return line.to_owned();
    }
    let kept: String = line.chars().take(MOST_SHOWN).collect();
    format!("{kept}...")
}

impl Room {
    /// As much as it takes.
    pub const ANY: Self = Self {
        most: usize::MAX,
        left: usize::MAX,
    };

    /// Room for a text and for what is read of it.
    pub fn beside(text: &str, most: usize) -> Result<Self, Fault> {
        let mut room = Self { most, left: most };
        room.hold(0, text.len())?;
        Ok(room)
    }

    /// So many bytes more are held by what stands at the byte `at`.
    pub fn hold(&mut self, at: usize, bytes: usize) -> Result<(), Fault> {
        let problem = Problem::TooLarge(self.most);
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or(Fault { at, problem })?;
        Ok(())
    }
}

impl<'a> Scanner<'a> {
    /// A text at its beginning; `notation` is what it should be, for problems.
    pub fn new(text: &'a str, notation: &'static str, room: Room) -> Self {
        let (at, depth) = (0, 0);
        Self {
            text,
            at,
            depth,
            respelt: None,
            notation,
            room,
            elements: Vec::new(),
        }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next byte, if there is one.
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over `token` if it comes next.
    pub fn take(&mut self, token: &str) -> bool {
        let comes = self.rest().starts_with(token);
        self.at += if comes { token.len() } else { 0 };
        comes
    }

    /// Passes over all characters that are `passable`, and returns them.
    pub fn take_while(&mut self, passable: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !passable(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A value that was read is held, beside its elements.
    pub fn hold(&mut self, value: Value) -> Result<Value, Fault> {
        self.room
            .hold(self.at, size_of::<Value>() + value.own_bytes())?;
        Ok(value)
    }

    /// Where the elements of a collection begin that is opened now.
    pub fn open(&self) -> usize {
        self.elements.len()
    }

    /// The innermost collection has an element more.
    pub fn push(&mut self, element: Value) -> Result<(), Fault> {
        let room = self.elements.capacity();
        if self.elements.len() == room {
            // It grows to twice its size.
            self.room.hold(self.at, room * size_of::<Value>())?;
        }
        self.elements.push(element);
        Ok(())
    }

    /// The elements of the innermost collection, which began at `start`, in order.
    pub fn sort_from(&mut self, start: usize) -> &[Value] {
        sort(&mut self.elements[start..]);
        &self.elements[start..]
    }

    /// The innermost collection, whose elements begin at `start`, is closed.
    pub fn close(&mut self, start: usize) -> std::vec::Drain<'_, Value> {
        self.elements.drain(start..)
    }

    /// The problem that the text is not in its notation, here.
    pub fn fault(&self, what: &str) -> Fault {
        let notation = self.notation;
        let what = format!("this is not {notation} ({what})");
        let (at, problem) = (self.at, Problem::Syntax(what));
        Fault { at, problem }
    }

    /// What stands from `start` to here, or else to the end of its line; shortened if it is long.
    pub fn shown(&self, start: usize, to_here: bool) -> String {
        let end = if to_here { self.at } else { self.text.len() };
        brief(self.text[start..end].lines().next().unwrap_or_default())
    }

    /// Why the form cannot go on here.
    pub fn unexpected(&self, wanted: &str) -> Fault {
        match self.rest().chars().next() {
            None => self.fault("it ends inside a form"),
            Some(found) => self.fault(&format!("`{found}` where {wanted} should be")),
        }
    }

    /// A number is spelt as it is not written back: at the byte `at`.
    pub fn respell(&mut self, at: usize) {
        self.respelt.get_or_insert(at);
    }

    /// Where that was first so, since this was last asked.
    pub fn take_respelt(&mut self) -> Option<usize> {
        self.respelt.take()
    }

    /// The fault at the end of the text, inside what begins at `start`, told where that begins; any other as it is.
    pub fn unclosed(&self, fault: Fault, start: usize, what: &str) -> Fault {
        if fault.at < self.text.trim_end().len() {
            return fault;
        }
        let at = start;
        Fault {
            at,
            ..self.fault(&format!("{what} that begins here is not closed"))
        }
    }

    /// Goes one level deeper.
    pub fn descend(&mut self) -> Result<(), Fault> {
        if self.depth == MOST_DEPTH {
            return Err(self.fault(&format!("it is nested more than {MOST_DEPTH} levels deep")));
        }
        self.depth += 1;
        Ok(())
    }

    /// Comes back up one level.
    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// A text in double quotes, and what its escapes stand for.
    pub fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != '"' && c != '\\'));
            match self.peek() {
                None => return Err(self.fault("it ends inside a text")),
                Some(b'"') => break,
                Some(_) => text.push(self.escape()?),
            }
        }
        self.at += 1;
        Ok(text)
    }

    /// The character after a backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let before = self.at;
        self.at += 1;
        let c = self.rest().chars().next().unwrap_or('"');
        self.at += c.len_utf8().min(self.rest().len());
        let simple = match c {
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            'b' => '\u{8}',
            'f' => '\u{c}',
            '\\' | '"' | '/' => c,
            'u' => return self.utf16().ok_or_else(|| self.odd_escape(before)),
            '0'..='7' => {
                self.at -= 1;
                return self.octal().ok_or_else(|| self.odd_escape(before));
            }
            _ => return Err(self.odd_escape(before)),
        };
        Ok(simple)
    }

    fn odd_escape(&self, at: usize) -> Fault {
        let escape: String = self.text[at..].chars().take(2).collect();
        Fault {
            at,
            ..self.fault(&format!("`{escape}` is no escape of a character"))
        }
    }

    /// Four hexadecimal digits, or twice four that are a surrogate pair.
    fn utf16(&mut self) -> Option<char> {
        let unit = self.hexadecimal()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit);
        }
        let low = self.take("\\u").then(|| self.hexadecimal()).flatten()?;
        let pair = [unit as u16, low as u16];
        char::decode_utf16(pair).next()?.ok()
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let unit = hexadecimal(self.text.get(self.at..self.at + 4)?)?;
        self.at += 4;
        Some(unit)
    }

    fn octal(&mut self) -> Option<char> {
        let rest = self.rest();
        let digits = rest
            .bytes()
            .take(3)
            .take_while(|b| matches!(b, b'0'..=b'7'))
            .count();
        self.at += digits;
        char::from_u32(u32::from_str_radix(&rest[..digits], 8).ok()?)
    }

    /// Passes over a text in double quotes, whatever its escapes are.
    pub fn skip_string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            self.take_while(|c| c != '"' && c != '\\');
            match self.peek() {
                None => return Err(self.fault("it ends inside a text")),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) => {
                    self.at += 1;
                    self.at += self.rest().chars().next().map_or(0, char::len_utf8);
                }
            }
        }
    }
}

/// What hexadecimal digits, and nothing else, stand for.
pub(super) fn hexadecimal(digits: &str) -> Option<u32> {
    let is_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digits.then(|| u32::from_str_radix(digits, 16).ok())?
}

/// Turns bytes of a text into lines and columns; they must come in order.
pub(super) struct Places<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    line_start: usize,
}

impl<'a> Places<'a> {
    /// A text, at its first line.
    pub fn new(text: &'a str) -> Self {
        let (at, line, line_start) = (0, 1, 0);
        Self {
            text,
            at,
            line,
            line_start,
        }
    }

    /// Where the byte `at` is.
    pub fn of(&mut self, at: usize) -> Position {
        let passed = &self.text.as_bytes()[self.at..at];
        for (place, _) in passed
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
        {
            self.line = self.line.saturating_add(1);
            self.line_start = self.at + place + 1;
        }
        self.at = at;
        let before = self.text[self.line_start..at].chars().count();
        Position {
            line: self.line,
            column: u32::try_from(before + 1).unwrap_or(u32::MAX),
        }
    }
}

impl Fault {
    /// The fault with its line and column in `text`.
    pub fn place(self, text: &str) -> ReadError {
        ReadError {
            at: Places::new(text).of(self.at),
            problem: self.problem,
        }
    }
}
