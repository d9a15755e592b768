//! Many runs of one scenario, each with another seed, and what they come to. The command and the page count with the same code.
//!
//! | module | its subject |
//! | --- | --- |
//! | `counts` | what many runs come to, and how two such counts become one |
//! | `ranges` | which seeds were run |
//! | `share` | how large a share of all seeds that shows |
//! | `drawn` | weather that is drawn anew for each seed |
//! | `found` | counts with the first runs that fail, in numbers that go from one worker to another |

mod counts;
mod drawn;
mod found;
mod ranges;
mod share;

pub use counts::{Counts, First};
pub use drawn::Drawn;
pub use found::{Found, MOST_FAILING};
pub use ranges::Ranges;
pub use share::Share;
