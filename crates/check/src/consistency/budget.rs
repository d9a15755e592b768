//! How much a search may cost.

use std::fmt;

/// Limits on a search. Reaching one ends it as *unknown*, never as a wrong answer.
///
/// They are counted, not timed, so that a conclusion is the same on every machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many configurations may be looked at. A wide one counts as several, and so does one that is compared with many
    /// others.
    pub steps: u64,
    /// About how many bytes the search may hold, beside a history of [`HISTORY`] bytes. What a history takes beyond that is
    /// taken from it.
    pub bytes: u64,
}

/// How many bytes a history may take without leaving less to the search.
pub const HISTORY: usize = 48 << 20;

impl Default for Budget {
    /// Less than 5 seconds of searching, even among the many states of a bank, and less than 200 MB with the history.
    fn default() -> Self {
        Self {
            steps: 40_000_000,
            bytes: 128 << 20,
        }
    }
}

impl Budget {
    /// How many bytes a history may take, with the text that it is read from: then nothing is left for a search.
    pub fn history_bytes(&self) -> usize {
        usize::try_from(self.bytes)
            .unwrap_or(usize::MAX)
            .saturating_add(HISTORY)
    }

    /// A budget that fits between two frames of a page.
    pub const INTERACTIVE: Self = Self {
        steps: 100_000,
        bytes: 32 << 20,
    };
}

/// Why there is no conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The search took more steps than the budget allows.
    Steps(u64),
    /// The search needed more bytes than the budget allows.
    Bytes(u64),
    /// The history alone takes more bytes than the budget allows.
    Large(usize),
    /// What the check must remember of the run needs more memory than the run may take.
    Outgrown,
    /// The caller cancelled.
    Cancelled,
    /// More operations overlap than a search can tell apart.
    Overlap {
        /// How many overlap, those included that never returned.
        operations: u32,
        /// How many may.
        limit: u32,
    },
    /// The check relies on something that this history does not grant.
    Premise(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps(steps) => write!(
                f,
                "the search for an order did not end within {steps} steps"
            ),
            Self::Bytes(bytes) => {
                let mebibytes = *bytes as f64 / f64::from(1 << 20);
                write!(
                    f,
                    "the search for an order took more than {mebibytes} MiB of memory"
                )
            }
            Self::Large(bytes) => write!(
                f,
                "the history takes more than {} MiB of memory",
                bytes >> 20
            ),
            Self::Outgrown => f.write_str("the history outgrew its budget"),
            Self::Cancelled => f.write_str("the check was cancelled"),
            Self::Overlap { operations, limit } => {
                write!(
                    f,
                    "{operations} operations overlap, and at most {limit} may"
                )
            }
            Self::Premise(premise) => f.write_str(premise),
        }
    }
}

/// A step costs as much as so many bytes of states, met for the first time.
const BYTES_PER_STEP: u64 = 32;

/// What it was worth to meet states for the first time, which took the bytes since `before`.
#[inline]
pub(crate) fn work_of_states(before: &mut usize, bytes: usize) -> u64 {
    let grown = bytes - std::mem::replace(before, bytes);
    grown as u64 / BYTES_PER_STEP
}

/// A budget being spent, and the caller's wish to stop.
pub struct Meter<'a> {
    budget: Budget,
    /// How many steps the caller allows, of which this may be a share.
    allowed: u64,
    steps: u64,
    /// Bytes that are held beside what a search says that it holds.
    aside: usize,
    cancelled: &'a dyn Fn() -> bool,
}

const CANCEL_INTERVAL: u64 = 4096;

impl Meter<'static> {
    /// A meter that nobody cancels.
    pub fn new(budget: Budget) -> Self {
        Self {
            budget,
            allowed: budget.steps,
            steps: 0,
            aside: 0,
            cancelled: &|| false,
        }
    }
}

impl<'a> Meter<'a> {
    /// A meter that asks `cancelled` every few thousand steps whether to stop.
    pub fn cancellable(budget: Budget, cancelled: &'a dyn Fn() -> bool) -> Self {
        Self {
            budget,
            allowed: budget.steps,
            steps: 0,
            aside: 0,
            cancelled,
        }
    }

    /// The steps taken so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Takes this many steps.
    #[inline]
    pub(crate) fn take(&mut self, steps: u64) -> Result<(), Unknown> {
        let before = self.steps / CANCEL_INTERVAL;
        self.steps += steps;
        if self.steps > self.budget.steps {
            return Err(Unknown::Steps(self.allowed));
        }
        if self.steps / CANCEL_INTERVAL > before && (self.cancelled)() {
            return Err(Unknown::Cancelled);
        }
        Ok(())
    }

    /// Does something that may cost at most one `share`-th of the steps that are left.
    pub(crate) fn with_share<T>(
        &mut self,
        share: u64,
        spend: impl FnOnce(&mut Meter<'_>) -> T,
    ) -> T {
        let left = self.budget.steps.saturating_sub(self.steps);
        let budget = Budget {
            steps: left / share,
            ..self.budget
        };
        let mut part = Meter {
            budget,
            steps: 0,
            ..*self
        };
        let result = spend(&mut part);
        self.steps += part.steps;
        result
    }

    /// Does something while so many bytes are held besides.
    pub(crate) fn beside<T>(&mut self, bytes: usize, act: impl FnOnce(&mut Self) -> T) -> T {
        self.aside += bytes;
        let result = act(self);
        self.aside -= bytes;
        result
    }

    /// Compares what a search holds with what it may.
    #[inline]
    pub(crate) fn hold(&self, bytes: usize) -> Result<(), Unknown> {
        if (self.aside + bytes) as u64 > self.budget.bytes {
            return Err(Unknown::Bytes(self.budget.bytes));
        }
        Ok(())
    }
}

impl fmt::Debug for Meter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meter")
            .field("budget", &self.budget)
            .field("steps", &self.steps)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_is_spent_is_told_as_the_steps_that_the_caller_allowed() {
        let mut meter = Meter::new(Budget {
            steps: 1000,
            bytes: 1,
        });
        let spent = meter.with_share(2, |half| half.with_share(2, |quarter| quarter.take(300)));
        assert_eq!(spent, Err(Unknown::Steps(1000)));
    }
}
