//! Histories of the shapes on which Porcupine (Athalye, *Porcupine: a fast linearizability checker in Go*) is measured.

use check::consistency::budget::Budget;
use check::consistency::linear::{Linearizability, check};
use check::generate::{
    Dice, Workload, cas_register_calls, keyed, text_calls, valid, valid_after, with_a_swapped_read,
};
use check::history::{Call, Function, History};
use check::model::{KvAppend, Model, Register};

/// How many histories of a `cas` register there are.
pub const REGISTERS: u64 = 102;

/// Keys of a history of texts.
const KEYS: u32 = 10;

/// A history, and what its operations are on.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the operations are on.
    pub model: Model,
    /// The operations.
    pub history: History,
}

/// What a checker says of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is linearizable.
    Valid,
    /// It is not.
    Invalid,
    /// The budget ran out.
    Unknown,
}

/// What is done to a valid history before it is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Change {
    /// Nothing.
    None = 0,
    /// One read is given the result of another: a near miss, which may well be valid.
    NearMiss = 1,
    /// Reads are given the results of others, one after another, until it is wrong or that was done forty times.
    Broken = 2,
}

impl Change {
    /// All of them, and what each makes of a history.
    pub const ALL: [(Change, &'static str); 3] = [
        (Change::None, "valid"),
        (Change::NearMiss, "near_miss"),
        (Change::Broken, "broken"),
    ];

    /// The one with this number.
    pub fn of_number(number: u32) -> Option<Change> {
        let mut all = Change::ALL.iter().map(|&(change, _)| change);
        all.find(|&change| change as u32 == number)
    }
}

impl Case {
    /// The case changed so.
    pub fn changed(&self, change: Change) -> Case {
        match change {
            Change::None => self.clone(),
            Change::NearMiss => self.near_miss(),
            Change::Broken => self.broken(),
        }
    }

    /// A `cas` register of 5 clients with 100 to 170 operations, of which a fifth time out.
    pub fn register(seed: u64) -> Case {
        let operations = 100 + Dice::new(seed).below(71);
        Case::register_of(seed, 5, operations, 200)
    }

    /// A `cas` register with this many clients and operations; `timeouts` of a thousand operations time out.
    pub fn register_of(seed: u64, clients: u32, operations: u32, timeouts: u32) -> Case {
        let workload = Workload {
            clients,
            operations,
            timeouts,
            overlap: clients,
        };
        let spec = Register::WITH_CAS;
        let mut dice = Dice::new(seed);
        Case {
            history: valid(&spec, workload, &mut dice, cas_register_calls),
            model: Model::CasRegister,
        }
    }

    /// A `cas` register with 5 clients and 100 operations, none of which times out, after so many writes that did: each
    /// of those may take effect at any later moment.
    pub fn register_with_open(seed: u64, open: u32) -> Case {
        let workload = Workload {
            clients: 5,
            operations: 100,
            timeouts: 0,
            overlap: 5,
        };
        let writes = (0..open).map(|n| Call::new(Function::Write, i64::from(n % 5)));
        let writes: Vec<Call> = writes.collect();
        let spec = Register::WITH_CAS;
        let mut dice = Dice::new(seed);
        Case {
            history: valid_after(&spec, &writes, workload, &mut dice, cas_register_calls),
            model: Model::CasRegister,
        }
    }

    /// Texts under ten keys, to which so many clients append; `puts` in a thousand calls replace one.
    pub fn texts(clients: u32, operations: u32, puts: u32) -> Case {
        let workload = Workload {
            clients,
            operations: operations / KEYS,
            timeouts: 0,
            overlap: clients / 5,
        };
        let object = |key: u32| {
            let mut dice = Dice::new(3 + u64::from(key));
            valid(&KvAppend, workload, &mut dice, text_calls(puts))
        };
        Case {
            history: keyed(&(0..KEYS).map(object).collect::<Vec<_>>()),
            model: Model::KvAppend,
        }
    }

    fn near_miss(&self) -> Case {
        self.with_a_swap(&mut Dice::new(1))
    }

    /// With many calls of which nobody knows whether they happened, one swap seldom makes a history wrong.
    fn broken(&self) -> Case {
        let mut dice = Dice::new(1);
        let mut broken = self.clone();
        for _ in 0..40 {
            broken = broken.with_a_swap(&mut dice);
            if broken.check() == Answer::Invalid {
                break;
            }
        }
        broken
    }

    fn with_a_swap(&self, dice: &mut Dice) -> Case {
        Case {
            model: self.model.clone(),
            history: with_a_swapped_read(&self.history, dice),
        }
    }

    /// Checks it.
    ///
    /// # Panics
    ///
    /// Never: generated calls fit their model.
    pub fn check(&self) -> Answer {
        let checked = check(&self.history, &self.model, Budget::default());
        match checked.expect("generated calls fit their model") {
            Linearizability::Linearizable(_) => Answer::Valid,
            Linearizability::Violated(_) => Answer::Invalid,
            Linearizability::Unknown(_) => Answer::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histories_are_valid_and_their_near_misses_mostly_are_not() {
        let cases: Vec<Case> = (0..REGISTERS).map(Case::register).collect();
        assert!(cases.iter().all(|case| case.check() == Answer::Valid));
        let broken = cases
            .iter()
            .map(|case| case.changed(Change::Broken).check());
        let invalid = broken.filter(|answer| *answer == Answer::Invalid).count();
        assert!(invalid > 51, "{invalid} of 102");
        let near = cases
            .iter()
            .map(|case| case.changed(Change::NearMiss).check());
        let invalid = near.filter(|answer| *answer == Answer::Invalid).count();
        assert!(0 < invalid && invalid < 102, "{invalid} of 102");
        let texts = Case::texts(10, 1500, 200);
        assert_eq!(texts.check(), Answer::Valid);
        assert_eq!(texts.changed(Change::Broken).check(), Answer::Invalid);
    }

    #[test]
    fn as_many_operations_stay_open_as_were_asked_for() {
        for open in [0, 5, 20] {
            let case = Case::register_with_open(7, open);
            let unknown = |op: &&check::history::Operation| op.result().is_none() && !op.failed();
            let count = case.history.operations().iter().filter(unknown).count();
            assert_eq!(count, open as usize);
            assert_eq!(case.check(), Answer::Valid);
        }
    }
}
