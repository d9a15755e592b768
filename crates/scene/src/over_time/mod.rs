//! What a run's trace says over time.
//!
//! | module | its subject |
//! | --- | --- |
//! | [`chronicle`] | the states of nodes, the readings of clocks, and the moments worth a mark |
//! | [`known`] | what a node knows of the others |
//! | [`series`] | curves over the time of a run |
//! | `wrong` | for how long each node has been wrong |

pub mod chronicle;
pub mod known;
pub mod series;
mod wrong;
