//! A retry budget: retries may be a small share of calls, and no more. That limits how much retries multiply the load,
//! whatever goes wrong (Beyer et al., *Site Reliability Engineering*, 2016, chapter 21; Finagle's `RetryBudget`).

/// What may still be retried, in thousandths of a retry.
#[derive(Clone, Copy, Debug, Hash)]
pub struct Budget {
    /// What each call adds.
    deposit: u32,
    balance: u32,
    /// The largest balance.
    most: u32,
}

const RETRY: u32 = 1000;

impl Budget {
    /// Retries may be this share of calls, and `saved` more at the start or after a calm time.
    pub fn new(share: f64, saved: u32) -> Budget {
        let most = saved * RETRY;
        Budget {
            deposit: (share * f64::from(RETRY)) as u32,
            balance: most,
            most,
        }
    }

    /// A call is made for the first time.
    pub fn deposit(&mut self) {
        self.balance = (self.balance + self.deposit).min(self.most);
    }

    /// Takes out a retry. Whether there was one.
    pub fn withdraw(&mut self) -> bool {
        let has_one = self.balance >= RETRY;
        if has_one {
            self.balance -= RETRY;
        }
        has_one
    }

    /// How many retries could be made at once.
    pub fn retries(&self) -> u32 {
        self.balance / RETRY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_are_no_more_than_their_share_of_calls() {
        let mut budget = Budget::new(0.1, 2);
        let mut retries = 0;
        for _ in 0..1000 {
            budget.deposit();
            retries += u32::from(budget.withdraw());
        }
        assert!((100..=2 + 100).contains(&retries), "{retries}");
    }

    #[test]
    fn no_more_is_saved_than_its_most() {
        let mut budget = Budget::new(0.5, 3);
        (0..100).for_each(|_| budget.deposit());
        let taken = (0..100).filter(|_| budget.withdraw()).count();
        assert_eq!(taken, 3);
    }
}
