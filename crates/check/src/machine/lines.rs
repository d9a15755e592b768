//! Sequences that grow at the back and shrink at the front, and share what they have in common.

use rustc_hash::FxHashMap;
use sim::held::{Held, Measure};

/// Sequences of numbers. Equal sequences have equal names, and a step from one to the next takes the same room whatever their
/// length.
///
/// A sequence is the last so many of a chain of cells. Each cell also knows one further ahead, so that the front is found in
/// logarithmic time (Myers, "An applicative random-access stack", 1983).
#[derive(Clone, Debug)]
pub(super) struct Lines {
    cells: Vec<Cell>,
    /// For each cell, the greatest weight from it up to where it jumps to.
    heaviest: Vec<u32>,
    lines: Vec<Line>,
    /// The latest sequence with a length and a hash.
    names: FxHashMap<(u32, u64), u32>,
    /// The powers of [`BASE`].
    powers: Vec<u64>,
    /// How many cells were compared.
    compared: usize,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    number: u32,
    ahead: u32,
    jump: u32,
    depth: u32,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    back: u32,
    length: u32,
    hash: u64,
    /// Another sequence with the same length and hash.
    other: u32,
}

/// The sequence without numbers.
pub(super) const EMPTY: u32 = 0;
const NONE: u32 = u32::MAX;
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

fn hash(number: u32) -> u64 {
    (u64::from(number) + 1)
        .wrapping_mul(0xd6e8_feb8_6659_fd93)
        .rotate_left(32)
        .wrapping_mul(BASE)
}

impl Lines {
    pub(super) fn new() -> Self {
        let root = Cell {
            number: NONE,
            ahead: 0,
            jump: 0,
            depth: 0,
        };
        let empty = Line {
            back: 0,
            length: 0,
            hash: 0,
            other: NONE,
        };
        Self {
            cells: vec![root],
            heaviest: vec![0],
            lines: vec![empty],
            names: FxHashMap::from_iter([((0, 0), EMPTY)]),
            powers: vec![1],
            compared: 0,
        }
    }

    /// The sequence with one more at the back. `weight` says what each number weighs.
    pub(super) fn pushed(&mut self, line: u32, number: u32, weight: impl Fn(u32) -> u32) -> u32 {
        let Line {
            back,
            length,
            hash: before,
            ..
        } = self.lines[line as usize];
        let hash = before.wrapping_mul(BASE).wrapping_add(hash(number));
        let same = |lines: &mut Self, other: u32| {
            let cell = lines.cells[lines.lines[other as usize].back as usize];
            cell.number == number && lines.are_same(cell.ahead, back, length)
        };
        if let Some(known) = self.find(length + 1, hash, same) {
            return known;
        }
        let cell = self.cell_behind(back, number, weight);
        self.name(cell, length + 1, hash)
    }

    /// The sequence without its front.
    pub(super) fn popped(&mut self, line: u32) -> u32 {
        let Line {
            back,
            length,
            hash: before,
            ..
        } = self.lines[line as usize];
        if length <= 1 {
            return EMPTY;
        }
        let front = self.front(line).unwrap_or(NONE);
        while self.powers.len() < length as usize {
            let last = self.powers[self.powers.len() - 1];
            self.powers.push(last.wrapping_mul(BASE));
        }
        let of_front = hash(front).wrapping_mul(self.powers[length as usize - 1]);
        let hash = before.wrapping_sub(of_front);
        let same = |lines: &mut Self, other: u32| {
            let other = lines.lines[other as usize].back;
            lines.are_same(other, back, length - 1)
        };
        match self.find(length - 1, hash, same) {
            Some(known) => known,
            None => self.name(back, length - 1, hash),
        }
    }

    /// The number at the front.
    pub(super) fn front(&self, line: u32) -> Option<u32> {
        let Line { back, length, .. } = self.lines[line as usize];
        let first = (self.cells[back as usize].depth + 1).checked_sub(length)?;
        let mut cell = self.cells[back as usize];
        while cell.depth > first {
            let jump = self.cells[cell.jump as usize];
            cell = match jump.depth >= first {
                true => jump,
                false => self.cells[cell.ahead as usize],
            };
        }
        (length > 0).then_some(cell.number)
    }

    /// The greatest weight of a number in the sequence, or 0.
    pub(super) fn heaviest(&self, line: u32, weight: impl Fn(u32) -> u32) -> u32 {
        let Line { back, length, .. } = self.lines[line as usize];
        let end = self.cells[back as usize].depth - length;
        let (mut at, mut heaviest) = (back, 0);
        while self.cells[at as usize].depth > end {
            let cell = self.cells[at as usize];
            if self.cells[cell.jump as usize].depth >= end {
                heaviest = heaviest.max(self.heaviest[at as usize]);
                at = cell.jump;
            } else {
                heaviest = heaviest.max(weight(cell.number));
                at = cell.ahead;
            }
        }
        heaviest
    }

    /// Weighs all numbers anew.
    pub(super) fn weigh(&mut self, weight: impl Fn(u32) -> u32) {
        self.heaviest.truncate(1);
        for cell in 1..self.cells.len() {
            let heaviest = self.weight_to_jump(self.cells[cell], &weight);
            self.heaviest.push(heaviest);
        }
    }

    fn weight_to_jump(&self, cell: Cell, weight: impl Fn(u32) -> u32) -> u32 {
        let own = weight(cell.number);
        if cell.jump == cell.ahead {
            return own;
        }
        let next = self.cells[cell.ahead as usize].jump;
        own.max(self.heaviest[cell.ahead as usize])
            .max(self.heaviest[next as usize])
    }

    fn cell_behind(&mut self, ahead: u32, number: u32, weight: impl Fn(u32) -> u32) -> u32 {
        let next = self.cells[ahead as usize];
        let jump = self.cells[next.jump as usize];
        let after = self.cells[jump.jump as usize];
        let is_even = next.depth - jump.depth == jump.depth - after.depth;
        let cell = Cell {
            number,
            ahead,
            jump: if is_even { jump.jump } else { ahead },
            depth: next.depth + 1,
        };
        self.heaviest.push(self.weight_to_jump(cell, weight));
        self.cells.push(cell);
        self.cells.len() as u32 - 1
    }

    /// The sequence with this length and hash for which `same` holds.
    fn find(
        &mut self,
        length: u32,
        hash: u64,
        same: impl Fn(&mut Self, u32) -> bool,
    ) -> Option<u32> {
        let mut other = self.names.get(&(length, hash)).copied().unwrap_or(NONE);
        while other != NONE {
            if same(self, other) {
                return Some(other);
            }
            other = self.lines[other as usize].other;
        }
        None
    }

    /// Whether the last `length` numbers of two chains are the same.
    fn are_same(&mut self, mut a: u32, mut b: u32, length: u32) -> bool {
        for _ in 0..length {
            if a == b {
                return true;
            }
            self.compared += 1;
            let (of_a, of_b) = (self.cells[a as usize], self.cells[b as usize]);
            if of_a.number != of_b.number {
                return false;
            }
            (a, b) = (of_a.ahead, of_b.ahead);
        }
        true
    }

    fn name(&mut self, back: u32, length: u32, hash: u64) -> u32 {
        let name = self.lines.len() as u32;
        let other = self.names.insert((length, hash), name).unwrap_or(NONE);
        self.lines.push(Line {
            back,
            length,
            hash,
            other,
        });
        name
    }

    /// The numbers from the front to the back.
    pub(super) fn numbers(&self, line: u32) -> Vec<u32> {
        let Line { back, length, .. } = self.lines[line as usize];
        let mut at = back;
        let mut numbers: Vec<u32> = (0..length)
            .map(|_| {
                let cell = self.cells[at as usize];
                at = cell.ahead;
                cell.number
            })
            .collect();
        numbers.reverse();
        numbers
    }

    pub(super) fn held(&self, by: Measure) -> usize {
        self.cells.held(by)
            + self.heaviest.held(by)
            + self.lines.held(by)
            + self.names.held(by)
            + self.powers.held(by)
    }

    pub(super) fn bytes(&self) -> usize {
        // Tables and vectors have room to spare.
        32 * self.cells.len() + 96 * self.lines.len() + 8 * self.powers.len()
    }

    /// How many cells were compared.
    pub(super) fn compared(&self) -> usize {
        self.compared
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, VecDeque};

    fn weight(number: u32) -> u32 {
        [3, 5, 2, 9][number as usize]
    }

    #[test]
    fn equal_sequences_have_one_name_however_they_came_about() {
        let mut lines = Lines::new();
        let mut known: BTreeMap<VecDeque<u32>, u32> = [].into();
        let mut numbers = VecDeque::new();
        let (mut line, mut dice) = (EMPTY, 7_u32);
        for round in 0..30_000 {
            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = dice >> 16 & 3;
            if dice >> 31 == 0 || round % 4000 < 40 {
                line = lines.pushed(line, number, weight);
                numbers.push_back(number);
            } else {
                assert_eq!(lines.front(line), numbers.front().copied());
                line = lines.popped(line);
                numbers.pop_front();
            }
            assert_eq!(lines.numbers(line), numbers.make_contiguous());
            let heaviest = numbers.iter().map(|&number| weight(number)).max();
            assert_eq!(lines.heaviest(line, weight), heaviest.unwrap_or(0));
            assert_eq!(*known.entry(numbers.clone()).or_insert(line), line);
        }
        assert!(known.len() > 5000, "{}", known.len());
        lines.weigh(|number| 10 - weight(number));
        let heaviest = numbers.iter().map(|&number| 10 - weight(number)).max();
        assert_eq!(
            lines.heaviest(line, |number| 10 - weight(number)),
            heaviest.unwrap_or(0)
        );
    }
}
