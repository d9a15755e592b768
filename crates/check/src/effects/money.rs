use super::{Breach, Effects, Moment, breach};
use crate::verdict::Verdict;
use sim::sorted::Map;

/// What happens to money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// An account is opened with an amount; this is the only way in which money comes to be.
    Opened {
        /// The account.
        account: u64,
        /// What is in it.
        amount: i64,
    },
    /// A transfer takes an amount from an account.
    Debited {
        /// The transfer.
        transfer: u64,
        /// The account.
        account: u64,
        /// The amount.
        amount: i64,
    },
    /// A transfer gives an amount to an account.
    Credited {
        /// The transfer.
        transfer: u64,
        /// The account.
        account: u64,
        /// The amount.
        amount: i64,
    },
    /// A transfer is over, be it done or called off.
    Settled {
        /// The transfer.
        transfer: u64,
    },
    /// Somebody was shown the sum of all accounts.
    Counted {
        /// The sum.
        sum: i64,
    },
}

#[derive(Clone, Debug, Default)]
struct Transfer {
    debited: i128,
    credited: i128,
    moments: Vec<Moment>,
}

impl Transfer {
    fn move_money(&mut self, moment: Moment, debit: i64, credit: i64) {
        self.debited += i128::from(debit);
        self.credited += i128::from(credit);
        self.moments.push(moment);
    }
}

/// Checks that money is neither made nor lost.
///
/// On the way, a transfer may have taken what it has not given yet; once settled it has given what
/// it took, and it never gives more. A sum that somebody was shown is what the accounts were
/// opened with.
#[derive(Clone, Debug, Default)]
pub struct Money {
    opened: i128,
    transfers: Map<u64, Transfer>,
    verdict: Verdict<Breach>,
}

impl Effects for Money {
    type Fact = Payment;

    fn feed(&mut self, moment: Moment, fact: &Payment) -> &Verdict<Breach> {
        if self.verdict.is_violated() {
            return &self.verdict;
        }
        match *fact {
            Payment::Opened { amount, .. } => self.opened += i128::from(amount),
            Payment::Debited {
                transfer, amount, ..
            } => {
                self.transfers
                    .entry(transfer)
                    .or_default()
                    .move_money(moment, amount, 0);
            }
            Payment::Credited {
                transfer, amount, ..
            } => {
                let entry = self.transfers.entry(transfer).or_default();
                entry.move_money(moment, 0, amount);
                if entry.credited > entry.debited {
                    let because = format!(
                        "transfer {transfer} gave {} and had taken {}",
                        entry.credited, entry.debited
                    );
                    let earlier = &entry.moments[..entry.moments.len() - 1];
                    self.verdict = breach(moment, earlier, because);
                }
            }
            Payment::Settled { transfer } => {
                let entry = self.transfers.entry(transfer).or_default();
                if entry.credited != entry.debited {
                    let because = format!(
                        "transfer {transfer} took {} and gave {}",
                        entry.debited, entry.credited
                    );
                    self.verdict = breach(moment, &entry.moments, because);
                }
            }
            Payment::Counted { sum } => {
                if i128::from(sum) != self.opened {
                    let because = format!("there were {} in all, and {sum} counted", self.opened);
                    self.verdict = breach(moment, &[], because);
                }
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
    use Payment::{Counted, Settled};

    fn opened(amount: i64) -> Payment {
        Payment::Opened { account: 0, amount }
    }

    fn debit(transfer: u64, amount: i64) -> Payment {
        Payment::Debited {
            transfer,
            account: 0,
            amount,
        }
    }

    fn credit(transfer: u64, amount: i64) -> Payment {
        Payment::Credited {
            transfer,
            account: 1,
            amount,
        }
    }

    fn after(list: &[Payment]) -> Option<Vec<u64>> {
        facts(Money::default(), list)
    }

    #[test]
    fn a_settled_transfer_gave_what_it_took() {
        let done = [
            opened(10),
            debit(1, 4),
            credit(1, 4),
            Settled { transfer: 1 },
        ];
        assert_eq!(after(&done), None);
        let returned = [
            opened(10),
            debit(1, 4),
            debit(1, -4),
            Settled { transfer: 1 },
        ];
        assert_eq!(after(&returned), None);
        let lost = [opened(10), debit(1, 4), Settled { transfer: 1 }];
        assert_eq!(after(&lost), Some(vec![2, 1]));
        assert_eq!(after(&lost[..2]), None, "it is on its way");
    }

    #[test]
    fn money_is_not_made() {
        let twice = [opened(10), debit(1, 4), credit(1, 4), credit(1, 4)];
        assert_eq!(after(&twice), Some(vec![3, 1, 2]));
    }

    #[test]
    fn a_count_is_what_there_was() {
        assert_eq!(
            after(&[opened(10), opened(5), debit(1, 4), Counted { sum: 15 }]),
            None
        );
        assert_eq!(
            after(&[opened(10), debit(1, 4), Counted { sum: 6 }]),
            Some(vec![2])
        );
    }
}
