use super::{Breach, Effects, Moment, breach};
use crate::verdict::Verdict;
use sim::sorted::Map;

/// A committed read-modify-write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// The object.
    pub object: u64,
    /// The version that was read.
    pub read: u64,
    /// The version that was written; every update writes another.
    pub wrote: u64,
}

/// Checks that no update is lost: that no two are based on the same version of an object, since
/// then the later one undoes the earlier.
#[derive(Clone, Debug, Default)]
pub struct Updates {
    based: Map<(u64, u64), (Moment, Update)>,
    verdict: Verdict<Breach>,
}

impl Effects for Updates {
    type Fact = Update;

    fn feed(&mut self, moment: Moment, fact: &Update) -> &Verdict<Breach> {
        if self.verdict.is_violated() {
            return &self.verdict;
        }
        if let Some((earlier, lost)) = self.based.insert((fact.object, fact.read), (moment, *fact))
        {
            let because = format!(
                "version {} of object {} was lost: version {} is based on version {} as well",
                lost.wrote, fact.object, fact.wrote, fact.read
            );
            self.verdict = breach(moment, &[earlier], because);
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

    fn update(object: u64, read: u64, wrote: u64) -> Update {
        Update {
            object,
            read,
            wrote,
        }
    }

    #[test]
    fn two_updates_of_one_version_lose_one() {
        let chain = [
            update(1, 0, 1),
            update(1, 1, 2),
            update(2, 0, 3),
            update(1, 2, 4),
        ];
        assert_eq!(facts(Updates::default(), &chain), None);
        let fork = [update(1, 0, 1), update(2, 0, 2), update(1, 0, 3)];
        assert_eq!(facts(Updates::default(), &fork), Some(vec![2, 0]));
    }
}
