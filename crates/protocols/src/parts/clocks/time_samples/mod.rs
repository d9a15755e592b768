//! What a node can know about the time from servers that it asks.
//!
//! | module | its subject |
//! | --- | --- |
//! | `exchanges` | questions to servers, and the samples that their answers give |
//! | `sample` | one exchange, and how wrong it can be |
//! | `select` | which servers agree, and on what |

mod exchanges;
mod sample;
mod select;

pub use exchanges::Exchanges;
pub use sample::{Allowance, Sample, Samples};
pub use select::{Candidate, agreed, combined, truechimers};
