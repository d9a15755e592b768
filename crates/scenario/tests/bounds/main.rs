//! No document, however heavy, costs more than its budget: memory is counted as it is taken, and an event costs about as
//! much late in a run as early.
//!
//! | file | its subject |
//! | --- | --- |
//! | `heavy` | documents that make much of little: settings that were sought for each lab |
//! | `memory` | what runs count as theirs is what they take, and what becomes of one that outgrows its budget |
//! | `cost` | the cost of an event at the beginning of a run and far into it |

mod cost;
mod heavy;
mod memory;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes that are taken now.
fn taken() -> usize {
    MEMORY.current_usage()
}
