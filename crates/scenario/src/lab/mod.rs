//! Labs: a scenario with a lesson. Each is a file in `labs/`, named after the lab.
//!
//! | module | its subject |
//! | --- | --- |
//! | `model` | a lab |
//! | `carried` | the labs that the crate carries |
//! | `clocks` | which clocks are drawn for it |
//! | `knobs` | which knobs the page shows for it |
//! | `claim` | what a lab expects, in so many of so many seeds |
//! | `contract` | what it claims with the most of its defences on, which challenges are about |
//! | `limit` | what it does not save its readers from |
//! | `story` | what it tells |
//! | `flip` | what it says once a defence was flipped |
//! | `guess` | what it asks before it tells |
//! | [`outcomes`] | in how many seeds its checks are violated |
//! | `moment` | when |
//! | `past` | what was before that and decides how it is told |
//! | [`markdown`] | how its texts may be written |
//! | `read` | from JSON to a lab |
//! | `parts` | the fields that several parts of it have |

mod carried;
mod claim;
mod clocks;
mod contract;
mod flip;
mod guess;
mod knobs;
mod limit;
pub mod markdown;
mod model;
mod moment;
pub mod outcomes;
mod parts;
mod past;
pub(crate) mod read;
mod story;

use std::sync::OnceLock;

use serde_json::Value;
use sim::sorting::sort_by;

use carried::{CARRIED, Carried};

pub use claim::{Expectation, Expected};
pub use clocks::{ClockKind, ShownClock};
pub use contract::Contract;
pub use flip::Flip;
pub use guess::{Asks, Guess};
pub use limit::Limit;
pub use model::{Lab, PLOTS, Plot, Source, Try};
pub use moment::{Moment, Pattern, event_word};
pub use story::{Case, PointsAt, Step, Told};

/// All labs whose texts are there, in their order.
pub fn labs() -> &'static [Lab] {
    static LABS: OnceLock<Vec<Lab>> = OnceLock::new();
    LABS.get_or_init(|| {
        let mut labs: Vec<Lab> = CARRIED.iter().filter_map(Carried::lab).cloned().collect();
        sort_by(&mut labs, |a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        labs
    })
}

/// The names of all labs that the crate carries, whether their texts are there or not.
pub fn ids() -> impl Iterator<Item = &'static str> {
    CARRIED.iter().map(|carried| carried.id)
}

/// The labs that the crate carries, as JSON.
pub fn carried() -> Vec<Value> {
    CARRIED.iter().filter_map(Carried::value).collect()
}

/// The lab of this name; nothing while its text is not there.
pub fn find(id: &str) -> Option<&'static Lab> {
    row(id)?.lab()
}

/// The lab of this name as JSON; nothing while its text is not there.
pub(crate) fn value(id: &str) -> Option<Value> {
    row(id)?.value()
}

/// Where the text of a lab lies in memory: the page loads it there before it looks for the lab.
pub fn address(id: &str) -> Option<usize> {
    row(id).map(Carried::address)
}

fn row(id: &str) -> Option<&'static Carried> {
    CARRIED.iter().find(|carried| carried.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lab_that_is_carried_can_be_read() {
        let values = carried();
        assert!(!values.is_empty());
        for value in &values {
            let problems = Lab::from_value(value).err().unwrap_or_default();
            assert_eq!(problems, [], "{}", value["id"]);
        }
    }
}
