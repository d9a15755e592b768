//! What the accounts of a bank hold, also while nobody can tell yet.

/// What is known of the accounts, in their order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Accounts {
    /// What they hold.
    Held(Vec<i64>),
    /// No read has shown what they hold.
    Unread(Box<Unread>),
}

/// What is known before a read has shown the balances: what was moved, and what must have been there for that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unread {
    /// How much more each account holds than at the start.
    moved: Vec<i64>,
    /// What each account held at the start: from this much...
    least: Vec<i64>,
    /// ...to this much.
    most: Vec<i64>,
}

impl Accounts {
    /// So many accounts, each of which holds at least this much at the start.
    pub(super) fn unread(least: Vec<i64>) -> Self {
        Self::Unread(Box::new(Unread {
            moved: vec![0; least.len()],
            most: vec![i64::MAX; least.len()],
            least,
        }))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Held(held) => held.len(),
            Self::Unread(unread) => 3 * unread.moved.len(),
        }
    }

    /// After so much was moved, which was there.
    pub(super) fn moved(&self, from: usize, to: usize, amount: i64) -> Option<Self> {
        match self {
            Self::Held(held) => {
                let is_covered = *held.get(from)? >= amount;
                Some(Self::Held(
                    shifted(held, from, to, amount).filter(|_| is_covered)?,
                ))
            }
            Self::Unread(unread) => {
                let mut unread = unread.clone();
                let needed = amount.checked_sub(*unread.moved.get(from)?)?;
                unread.least[from] = unread.least[from].max(needed);
                unread.moved = shifted(&unread.moved, from, to, amount)?;
                unread.settled()
            }
        }
    }

    /// After a transfer was refused, since so much was not there.
    pub(super) fn lacked(&self, from: usize, amount: i64) -> Option<Self> {
        match self {
            Self::Held(held) => (*held.get(from)? < amount).then(|| self.clone()),
            Self::Unread(unread) => {
                let mut unread = unread.clone();
                let enough = amount.checked_sub(*unread.moved.get(from)?)?;
                unread.most[from] = unread.most[from].min(enough.checked_sub(1)?);
                unread.settled()
            }
        }
    }

    /// After a read has shown that they hold this.
    pub(super) fn shown(&self, seen: &[i64]) -> Option<Self> {
        let fits = match self {
            Self::Held(held) => held == seen,
            Self::Unread(unread) => unread.fits(seen),
        };
        fits.then(|| Self::Held(seen.to_vec()))
    }
}

impl Unread {
    /// Whether the accounts may hold this.
    fn fits(&self, seen: &[i64]) -> bool {
        let bounds = self.least.iter().zip(&self.most);
        let mut accounts = seen.iter().zip(&self.moved).zip(bounds);
        seen.len() == self.moved.len()
            && accounts.all(|((held, moved), (least, most))| {
                held.checked_sub(*moved)
                    .is_some_and(|opening| (least..=most).contains(&&opening))
            })
    }

    /// Nothing if no opening balance is left.
    fn settled(self: Box<Self>) -> Option<Accounts> {
        let mut bounds = self.least.iter().zip(&self.most);
        let is_possible = bounds.all(|(least, most)| least <= most);
        is_possible.then_some(Accounts::Unread(self))
    }
}

/// The balances after an amount was moved.
fn shifted(held: &[i64], from: usize, to: usize, amount: i64) -> Option<Vec<i64>> {
    let mut after = held.to_vec();
    for (account, change) in [(from, amount.checked_neg()?), (to, amount)] {
        let held = after.get_mut(account)?;
        *held = held.checked_add(change)?;
    }
    Some(after)
}
