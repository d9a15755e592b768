//! What must be true of effects, as far as clients are told of them.
//!
//! Each checker reads a history entry by entry, can be cloned at any time, and says *violated* with the first entry that
//! makes it certain. The checkers demand less than linearizability, and so find what is wrong more directly, in any
//! number of operations. What the clients cannot see is for the checks of [`watch`](crate::watch).
//!
//! | file | whose effects |
//! | --- | --- |
//! | `elements` | sets |
//! | `money` | banks |
//! | `queue_order` | queues |

mod elements;
mod money;
mod queue_order;

pub use elements::{Elements, Wrong};
pub use money::Money;
pub use queue_order::QueueOrder;

use crate::consistency::conclusion::Conclusion;
use crate::history::History;
use crate::model::{Model, ModelName};

/// What can be asked about effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Of sets: what was added is found. See [`Wrong::LostAdd`].
    LostAdds,
    /// Of sets: what was removed stays away. See [`Wrong::ResurrectedDelete`].
    ResurrectedDeletes,
    /// Of banks. See [`Money`].
    MoneyConserved,
    /// Of queues. See [`QueueOrder`].
    QueueOrder,
}

impl Effect {
    /// The model of which it can be asked.
    pub fn model(self) -> ModelName {
        match self {
            Effect::LostAdds | Effect::ResurrectedDeletes => ModelName::Set,
            Effect::MoneyConserved => ModelName::Bank,
            Effect::QueueOrder => ModelName::Queue,
        }
    }

    /// What is concluded about a history; nothing if the effect cannot be asked of the model.
    pub fn check(self, history: &History, model: &Model) -> Option<Conclusion> {
        Some(match (self, model) {
            (Effect::LostAdds, Model::Set) => elements(history, Wrong::LostAdd),
            (Effect::ResurrectedDeletes, Model::Set) => elements(history, Wrong::ResurrectedDelete),
            (Effect::MoneyConserved, Model::Bank(bank)) => Money::new(bank).feed(history).clone(),
            (Effect::QueueOrder, Model::Queue) => QueueOrder::default().feed(history).clone(),
            _ => return None,
        })
    }
}

fn elements(history: &History, wrong: Wrong) -> Conclusion {
    Elements::new(wrong).feed(history).clone()
}
