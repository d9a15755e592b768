use super::{Breach, Effects, Moment, breach};
use crate::verdict::Verdict;
use sim::sorted::Map;

/// What a holder does inside a critical section, in true time and whatever it believes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It acts as the holder from now on.
    Entered {
        /// What is held.
        resource: u64,
        /// Who holds it.
        holder: u64,
    },
    /// It has stopped to.
    Left {
        /// What was held.
        resource: u64,
        /// Who held it.
        holder: u64,
    },
}

/// Checks that, in true time, nothing is held by two at once.
#[derive(Clone, Debug, Default)]
pub struct Exclusion {
    held: Map<u64, Map<u64, Moment>>,
    verdict: Verdict<Breach>,
}

impl Effects for Exclusion {
    type Fact = Holding;

    fn feed(&mut self, moment: Moment, fact: &Holding) -> &Verdict<Breach> {
        if self.verdict.is_violated() {
            return &self.verdict;
        }
        match *fact {
            Holding::Entered { resource, holder } => {
                let holders = self.held.entry(resource).or_default();
                let other = holders.iter().find(|&(&other, _)| other != holder);
                if let Some((other, &since)) = other {
                    let because = format!(
                        "{holder} entered at {}, while {other} had been inside since {}",
                        moment.at, since.at
                    );
                    self.verdict = breach(moment, &[since], because);
                }
                holders.entry(holder).or_insert(moment);
            }
            Holding::Left { resource, holder } => {
                self.held.entry(resource).or_default().remove(&holder);
            }
        }
        &self.verdict
    }

    fn verdict(&self) -> &Verdict<Breach> {
        &self.verdict
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;
    use super::*;

    fn entered(resource: u64, holder: u64) -> Holding {
        Holding::Entered { resource, holder }
    }

    fn left(resource: u64, holder: u64) -> Holding {
        Holding::Left { resource, holder }
    }

    #[test]
    fn one_enters_when_the_other_has_left() {
        let turns = [
            entered(1, 1),
            entered(2, 2),
            left(1, 1),
            entered(1, 2),
            entered(1, 2),
        ];
        assert_eq!(facts(Exclusion::default(), &turns), None);
        let both = [entered(1, 1), left(2, 1), entered(1, 2), left(1, 1)];
        assert_eq!(facts(Exclusion::default(), &both), Some(vec![2, 0]));
    }
}
