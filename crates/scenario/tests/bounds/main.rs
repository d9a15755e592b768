//! No document, however heavy, costs more than its budget: memory is counted as it is taken, and an event costs about as
//! much late in a run as early.
//!
//! | file | its subject |
//! | --- | --- |
//! | `heavy` | documents that make much of little: settings that were sought for each lab |
//! | `memory` | what runs count as theirs is what they take, and what becomes of one that outgrows its budget |
//! | `deeds` | what is done to sets of nodes and links |
//! | `links` | links that ask for much, for every lab |
//! | `drawn` | links that nobody chose |
//! | `hostile` | what reading such a link takes, a stride at a time |
//! | `cost` | the cost of an event at the beginning of a run and far into it |

mod cost;
mod deeds;
mod drawn;
mod heavy;
mod hostile;
mod links;
mod memory;

use std::sync::{Mutex, MutexGuard, PoisonError};

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Nothing else is counted or timed meanwhile.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bytes that are taken now.
fn taken() -> usize {
    MEMORY.current_usage()
}
