//! Histories of the shapes on which Porcupine (Athalye, *Porcupine: a fast linearizability checker in Go*) is measured.

use check::budget::Budget;
use check::generate::{
    Dice, Workload, cas_register_calls, keyed, text_calls, valid, with_a_swapped_read,
};
use check::history::History;
use check::linear::{Linearizability, check};
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

impl Case {
    /// A `cas` register of 5 clients with 100 to 170 operations, of which a fifth time out.
    pub fn register(seed: u64) -> Case {
        let operations = 100 + Dice::new(seed).below(71);
        Case::register_of(seed, 5, operations, 200)
    }

    /// A `cas` register with so many clients and operations, of which so many in a thousand time out.
    pub fn register_of(seed: u64, clients: u32, operations: u32, timeouts: u32) -> Case {
        let workload = Workload {
            clients,
            operations,
            timeouts,
            overlap: clients,
        };
        let spec = Register { cas: true };
        let mut dice = Dice::new(seed);
        Case {
            history: valid(&spec, workload, &mut dice, cas_register_calls),
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

    /// A near miss: the results of two reads exchanged, and of two more, until it is wrong or that was done forty times.
    /// With many calls of which nobody knows whether they happened, one exchange seldom is.
    pub fn broken(&self) -> Case {
        let mut dice = Dice::new(1);
        let mut broken = self.clone();
        for _ in 0..40 {
            broken.history = with_a_swapped_read(&broken.history, &mut dice);
            if broken.check() == Answer::Invalid {
                break;
            }
        }
        broken
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
        let broken = cases.iter().map(|case| case.broken().check());
        let invalid = broken.filter(|answer| *answer == Answer::Invalid).count();
        assert!(invalid > 51, "{invalid} of 102");
        let texts = Case::texts(10, 1500, 200);
        assert_eq!(texts.check(), Answer::Valid);
        assert_eq!(texts.broken().check(), Answer::Invalid);
    }
}
