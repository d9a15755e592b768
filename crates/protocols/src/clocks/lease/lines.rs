//! The lines of a file. A write replaces all of them, and a file grows by a line with each write: so copies share what they
//! have in common, and comparing two of them looks only at where they differ.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use sim::held::Measure;
use sim::sorted::Map;

/// A line of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The operation that wrote it.
    pub operation: u32,
    /// The token with which it was written.
    pub token: i64,
}

/// Lines, in order.
#[derive(Clone, Default)]
pub struct Lines {
    last: Option<Arc<Entry>>,
}

/// A line, and all before it.
struct Entry {
    line: Line,
    before: Lines,
    len: usize,
}

/// One line after the other: a long file is no deep recursion.
impl Hash for Lines {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.backward().for_each(|line| line.hash(state));
    }
}

impl Lines {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.last.as_ref().map_or(0, |entry| entry.len)
    }

    /// Appends a line.
    pub fn push(&mut self, line: Line) {
        let before = std::mem::take(self);
        let len = before.len() + 1;
        self.last = Some(Arc::new(Entry { line, before, len }));
    }

    /// All lines, the last one first.
    pub fn backward(&self) -> impl Iterator<Item = &Line> {
        let last = self.last.as_deref();
        let all = std::iter::successors(last, |entry| entry.before.last.as_deref());
        all.map(|entry| &entry.line)
    }

    /// Replaces them by what a writer with `token` makes of them. What is written anew gets that token. Returns the lines
    /// that are lost by that, in order.
    pub fn replace(&mut self, by: Lines, token: i64) -> Vec<Line> {
        let (common, old, new) = self.fork(&by);
        let known: Map<u32, i64> = old
            .iter()
            .map(|line| (line.operation, line.token))
            .collect();
        let token_of = |line: &Line| known.get(&line.operation).copied().unwrap_or(token);
        let is_as_written = new.iter().all(|line| line.token == token_of(line));
        let kept: Map<u32, ()> = new.iter().map(|line| (line.operation, ())).collect();
        *self = if is_as_written { by } else { common };
        if !is_as_written {
            for line in new.iter().rev() {
                let token = token_of(line);
                self.push(Line { token, ..*line });
            }
        }
        let lost = old.into_iter().rev();
        lost.filter(|line| !kept.contains_key(&line.operation))
            .collect()
    }

    /// What two files have in common at their beginning, and the lines that each has after that, the last one first.
    fn fork(&self, other: &Lines) -> (Lines, Vec<Line>, Vec<Line>) {
        let (mut own, mut others) = (self, other);
        let (mut old, mut new) = (Vec::new(), Vec::new());
        while !own.is_same(others) {
            let (ahead, behind) = (own.len(), others.len());
            if ahead >= behind
                && let Some(entry) = &own.last
            {
                old.push(entry.line);
                own = &entry.before;
            }
            if behind >= ahead
                && let Some(entry) = &others.last
            {
                new.push(entry.line);
                others = &entry.before;
            }
        }
        (own.clone(), old, new)
    }

    fn is_same(&self, other: &Lines) -> bool {
        match (&self.last, &other.last) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        }
    }

    /// Bytes that they take on the heap, as if they shared none of them. Copies of a run share them.
    pub fn held(&self, by: Measure) -> usize {
        match by {
            Measure::Copied => 0,
            Measure::Taken | Measure::Grown => {
                self.len() * (2 * size_of::<usize>() + size_of::<Entry>())
            }
        }
    }
}

impl Drop for Lines {
    /// One line after the other: a file can be longer than the stack is deep.
    fn drop(&mut self) {
        let mut next = self.last.take();
        while let Some(entry) = next {
            next = Arc::into_inner(entry).and_then(|mut entry| entry.before.last.take());
        }
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Lines) -> bool {
        let (_, own, others) = self.fork(other);
        own == others
    }
}

impl Eq for Lines {}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.backward()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(from: &Lines, operations: &[u32], token: i64) -> Lines {
        let mut lines = from.clone();
        for operation in operations {
            lines.push(Line {
                operation: *operation,
                token,
            });
        }
        lines
    }

    fn told(lines: &Lines) -> Vec<(u32, i64)> {
        let mut told: Vec<_> = lines
            .backward()
            .map(|line| (line.operation, line.token))
            .collect();
        told.reverse();
        told
    }

    #[test]
    fn what_a_write_does_not_repeat_is_lost() {
        let common = lines(&Lines::default(), &[1, 2], 7);
        let mut file = lines(&common, &[3, 4], 8);
        let lost = file.replace(lines(&common, &[5], 7), 7);
        assert_eq!(
            lost,
            [3, 4].map(|operation| Line {
                operation,
                token: 8
            })
        );
        assert_eq!(told(&file), [(1, 7), (2, 7), (5, 7)]);
    }

    #[test]
    fn a_line_that_is_back_gets_the_token_of_its_writer() {
        let common = lines(&Lines::default(), &[1], 7);
        let known = lines(&common, &[2], 7);
        let mut file = common.clone();
        assert_eq!(file.replace(lines(&known, &[3], 9), 9), []);
        assert_eq!(told(&file), [(1, 7), (2, 9), (3, 9)]);
    }

    #[test]
    fn a_line_that_stays_keeps_its_token() {
        let mut file = lines(&Lines::default(), &[1, 2], 7);
        assert_eq!(
            file.replace(lines(&Lines::default(), &[1, 3], 9), 9)[0].operation,
            2
        );
        assert_eq!(told(&file), [(1, 7), (3, 9)]);
    }

    #[test]
    fn a_long_file_can_be_dropped() {
        let operations: Vec<u32> = (0..300_000).collect();
        let file = lines(&Lines::default(), &operations, 1);
        assert_eq!(file.len(), 300_000);
        drop(file);
    }
}
