//! Passing over forms that nobody needs.

use super::{Edn, is_token};
use crate::format::scan::Fault;

impl Edn<'_> {
    /// Passes over `#<...>`, as Clojure once printed what cannot be read back.
    pub(super) fn skip_unreadable(&mut self) {
        let mut depth = 0;
        let end = self.0.rest().char_indices().find(|&(_, c)| {
            depth += i32::from(c == '<') - i32::from(c == '>');
            c == '>' && depth == 0
        });
        self.0.at += end.map_or(self.0.rest().len(), |(at, _)| at + 1);
    }

    /// Passes over a form that nobody needs, whatever its tokens are.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let mut open = Vec::new();
        let mut wanted = 1;
        while wanted > 0 {
            self.space();
            let rest = self.0.rest();
            let ends = match rest.as_bytes() {
                [] => return Err(self.0.unexpected("a value")),
                [b'#', b'_', ..] | [b'^', ..] => {
                    self.0.at += if rest.starts_with('#') { 2 } else { 1 };
                    wanted += i32::from(open.is_empty());
                    false
                }
                [b'#', b'<', ..] => {
                    self.skip_unreadable();
                    true
                }
                [b'#', b'{' | b'(' | b'"', ..] => {
                    self.0.at += 1;
                    false
                }
                [b'#', next, ..] if next.is_ascii_alphabetic() || *next == b':' => {
                    self.0.take_while(is_token);
                    false
                }
                [b'"', ..] => {
                    self.0.skip_string()?;
                    true
                }
                [bracket @ (b'(' | b'[' | b'{'), ..] => {
                    open.push(match bracket {
                        b'(' => b')',
                        b'[' => b']',
                        _ => b'}',
                    });
                    self.0.at += 1;
                    false
                }
                [bracket @ (b')' | b']' | b'}'), ..] => {
                    if open.pop() != Some(*bracket) {
                        return Err(self.0.unexpected("a value"));
                    }
                    self.0.at += 1;
                    true
                }
                _ => {
                    self.token();
                    true
                }
            };
            wanted -= i32::from(ends && open.is_empty());
        }
        Ok(())
    }
}
