//! Time travel: a run that can be played, stepped, sought and forked.
//!
//! A timeline holds the run at a cursor, the trace of all that was ever simulated on this branch, and keyframes: copies
//! of the run at earlier moments. Going back is restoring the nearest keyframe and replaying from there, which yields
//! the same events, because a run is a pure function of its setup and of what is done to it.
//!
//! | file | its subject |
//! | --- | --- |
//! | `cursor` | [`Timeline`]: where in its past a run is, and how it goes elsewhere |
//! | `goal`, `way` | where it is bound for, and how it gets there |
//! | `turn` | what happens next |
//! | `futures` | intervening, forking, changing what is to be done |
//! | `branch` | the branches that were tried |
//! | `keyframe` | moments that are kept |
//! | `gauge` | whether a run is within its budget of memory |
//! | `bounds` | how long a run may last, and what its past may cost |
//! | `observer` | what watches a run |

mod bounds;
mod branch;
mod cursor;
mod futures;
mod gauge;
mod goal;
mod keyframe;
mod observer;
mod turn;
mod way;

pub use bounds::Bounds;
pub use branch::Branch;
pub use cursor::Timeline;
pub use gauge::Gauge;
pub use observer::{Copies, Observer};
pub use turn::{conclude, is_more_due, turn};
pub use way::WORK_PER_TURN;
