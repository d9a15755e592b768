//! The text of a script. It is a module; to run its body anew for each event, it becomes the body of a function.
//!
//! The engine itself says whether a text is a valid module. What is done here needs to know no more of JavaScript than where
//! strings, comments and regular expressions begin and end.

use crate::flaw::Flaw;
use crate::limits::SOURCE;

/// What a script can declare at its top.
const DECLARED: [&str; 12] = [
    "roles",
    "messages",
    "timers",
    "parameters",
    "defences",
    "operations",
    "scenario",
    "start",
    "message",
    "timer",
    "synced",
    "operation",
];

/// Words after which a slash begins a regular expression.
const BEFORE_REGEX: [&str; 13] = [
    "return",
    "typeof",
    "case",
    "in",
    "of",
    "delete",
    "void",
    "throw",
    "new",
    "else",
    "do",
    "instanceof",
    "yield",
];

/// The function whose body a script is, which returns what the script declares. Lines are one further down than in the script.
///
/// # Errors
///
/// If the script is too long, or uses what no script can: `import`, `export` of anything but a declaration, a BigInt, `**`.
pub(crate) fn as_function(source: &str) -> Result<String, Flaw> {
    if source.len() > SOURCE {
        let what = format!("has {} bytes; a script may have {SOURCE}", source.len());
        return Err(Flaw::new(what));
    }
    let body = Reader::new(source).body()?;
    let returned: Vec<String> = DECLARED
        .iter()
        .map(|name| format!("{name}: typeof {name} === 'undefined' ? undefined : {name}"))
        .collect();
    Ok(format!(
        "(function () {{ 'use strict';\n{body}\n;return {{ {} }}; }})",
        returned.join(", ")
    ))
}

/// What encloses a place of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Brackets,
    /// A hole of a template: `${...}`.
    Template,
}

struct Reader<'s> {
    source: &'s str,
    bytes: &'s [u8],
    place: usize,
    within: Vec<Within>,
    /// Whether a slash would begin a regular expression here, and not divide.
    regex_may_begin: bool,
    /// Where `export` stands.
    exports: Vec<usize>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str) -> Reader<'s> {
        Reader {
            source,
            bytes: source.as_bytes(),
            place: 0,
            within: Vec::new(),
            regex_may_begin: true,
            exports: Vec::new(),
        }
    }

    /// The text with blanks in the place of each `export`.
    fn body(mut self) -> Result<String, Flaw> {
        while let Some(byte) = self.peek(0) {
            self.token(byte)?;
        }
        let mut body = self.source.to_owned();
        for place in self.exports {
            body.replace_range(place..place + "export".len(), "      ");
        }
        Ok(body)
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.place + ahead).copied()
    }

    fn flaw(&self, place: usize, what: &str) -> Flaw {
        let before = &self.source[..place];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Flaw::at(line as u32, column as u32, what)
    }

    fn token(&mut self, byte: u8) -> Result<(), Flaw> {
        match byte {
            b'/' => self.slash(),
            b'"' | b'\'' => self.quoted(byte),
            b'`' => self.template(),
            b'{' | b'(' | b'[' => {
                self.within.push(Within::Brackets);
                self.operator(1);
            }
            b')' | b']' => {
                self.within.pop();
                self.operator(1);
                self.regex_may_begin = false;
            }
            b'}' if self.within.pop() == Some(Within::Template) => self.template(),
            b'}' => self.operator(1),
            b'*' if self.peek(1) == Some(b'*') => {
                let what = "** may differ from machine to machine: write Math.pow(a, b)";
                return Err(self.flaw(self.place, what));
            }
            b'+' | b'-' if self.peek(1) == Some(byte) => self.place += 2,
            b'0'..=b'9' => return self.number(),
            b'.' if self.peek(1).is_some_and(|next| next.is_ascii_digit()) => return self.number(),
            _ if is_of_word(byte) => return self.word(),
            _ if byte.is_ascii_whitespace() => self.place += 1,
            _ => self.operator(1),
        }
        Ok(())
    }

    fn operator(&mut self, length: usize) {
        self.place += length;
        self.regex_may_begin = true;
    }

    fn skip_until(&mut self, end: &str) {
        let rest = &self.bytes[self.place..];
        let found = rest
            .windows(end.len())
            .position(|window| window == end.as_bytes());
        self.place += found.map_or(rest.len(), |found| found + end.len());
    }

    fn slash(&mut self) {
        match self.peek(1) {
            Some(b'/') => self.skip_until("\n"),
            Some(b'*') => {
                self.place += 2;
                self.skip_until("*/");
            }
            _ if self.regex_may_begin => self.regex(),
            _ => self.operator(1),
        }
    }

    fn regex(&mut self) {
        self.place += 1;
        let mut is_in_class = false;
        while let Some(byte) = self.peek(0) {
            self.place += 1;
            match byte {
                b'\\' => self.place += 1,
                b'[' => is_in_class = true,
                b']' => is_in_class = false,
                b'/' if !is_in_class => break,
                b'\n' => break,
                _ => {}
            }
        }
        self.regex_may_begin = false;
    }

    fn quoted(&mut self, quote: u8) {
        self.place += 1;
        while let Some(byte) = self.peek(0) {
            self.place += 1;
            match byte {
                b'\\' => self.place += 1,
                _ if byte == quote || byte == b'\n' => break,
                _ => {}
            }
        }
        self.regex_may_begin = false;
    }

    /// A template, or the rest of it behind a hole.
    fn template(&mut self) {
        self.place += 1;
        while let Some(byte) = self.peek(0) {
            self.place += 1;
            match byte {
                b'\\' => self.place += 1,
                b'`' => break,
                b'$' if self.peek(0) == Some(b'{') => {
                    self.within.push(Within::Template);
                    return self.operator(1);
                }
                _ => {}
            }
        }
        self.regex_may_begin = false;
    }

    fn number(&mut self) -> Result<(), Flaw> {
        let start = self.place;
        while self
            .peek(0)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_')
        {
            self.place += 1;
        }
        self.regex_may_begin = false;
        if self.bytes[self.place - 1] == b'n' {
            let what = "there are no BigInts: whole numbers are exact up to 2 to the power of 53";
            return Err(self.flaw(start, what));
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), Flaw> {
        let start = self.place;
        while self.peek(0).is_some_and(is_of_word) {
            self.place += 1;
        }
        let word = &self.source[start..self.place];
        let is_property = start > 0 && self.bytes[start - 1] == b'.';
        self.regex_may_begin = !is_property && BEFORE_REGEX.contains(&word);
        match word {
            "import" if !is_property && !self.is_key() => {
                let what = "there is nothing to import: a script is one module";
                Err(self.flaw(start, what))
            }
            "export" if !is_property && self.within.is_empty() => self.export(start),
            _ => Ok(()),
        }
    }

    /// Whether a colon follows, so that the word before it is a key.
    fn is_key(&self) -> bool {
        self.source[self.place..].trim_start().starts_with(':')
    }

    fn export(&mut self, start: usize) -> Result<(), Flaw> {
        const DECLARES: [&str; 6] = ["const", "let", "var", "function", "class", "async"];
        let rest = self.source[self.place..].trim_start();
        let next: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        if DECLARES.contains(&next.as_str()) {
            self.exports.push(start);
            return Ok(());
        }
        let what = "only a declaration can be exported, as in \"export const roles = ...\"";
        Err(self.flaw(start, what))
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(source: &str) -> String {
        Reader::new(source).body().expect("it can be read")
    }

    #[test]
    fn exports_become_blanks_and_nothing_else_changes() {
        assert_eq!(
            body("export const a = 1;\nexport function f() {}"),
            "       const a = 1;\n       function f() {}"
        );
        for same in [
            "const a = 'export const b';",
            "// export const a\n/* export const b */",
            "const t = `export ${ `export ${'}'}` } export const c`;",
            "const r = /[/`'\"]export const/g.test('x') / 2; const q = a / b / c;",
            "x.export = { export: 1 };",
        ] {
            assert_eq!(body(same), same);
        }
    }

    #[test]
    fn what_no_script_can_use_is_named_with_its_place() {
        for (source, line, column, what) in [
            ("const a = 1;\n  const b = 12n;", 2, 13, "BigInts"),
            ("const é = 1; a = b ** 2", 1, 20, "Math.pow"),
            ("import x from 'y';", 1, 1, "nothing to import"),
            ("const a = () => import('y');", 1, 17, "nothing to import"),
            ("\n\nexport default {};", 3, 1, "only a declaration"),
            ("export { a };", 1, 1, "only a declaration"),
        ] {
            let flaw = as_function(source).unwrap_err();
            assert_eq!(flaw.at, Some((line, column)), "{source}");
            assert!(flaw.what.contains(what), "{flaw}");
        }
        let long = " ".repeat(SOURCE + 1);
        assert!(as_function(&long).unwrap_err().at.is_none());
    }
}
