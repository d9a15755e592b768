//! Labs: a scenario with a lesson. Each is a file in `labs/`, named after the lab.
//!
//! | module | its subject |
//! | --- | --- |
//! | `model` | a lab |
//! | `clocks` | which clocks are drawn for it |
//! | `knobs` | which knobs the page shows for it |
//! | `claim` | what a lab expects, in so many of so many seeds |
//! | `limit` | what it does not save its readers from |
//! | `story` | what it tells |
//! | `flip` | what it says once a defence was flipped |
//! | [`outcomes`] | in how many seeds its checks are violated |
//! | `moment` | when |
//! | [`markdown`] | how its texts may be written |
//! | `read` | from JSON to a lab |
//! | `parts` | the fields that several parts of it have |

mod claim;
mod clocks;
mod flip;
mod knobs;
mod limit;
pub mod markdown;
mod model;
mod moment;
pub mod outcomes;
mod parts;
pub(crate) mod read;
mod story;

use std::sync::OnceLock;

use serde_json::Value;
use sim::sorting::sort_by;

pub use claim::{Expectation, Expected};
pub use clocks::{ClockKind, ShownClock};
pub use flip::Flip;
pub use limit::Limit;
pub use model::{Lab, PLOTS, Plot, Source, Try};
pub use moment::{Moment, Pattern, event_word};
pub use story::{PointsAt, Step, Told};

/// All labs, in their order.
pub fn labs() -> &'static [Lab] {
    static LABS: OnceLock<Vec<Lab>> = OnceLock::new();
    LABS.get_or_init(|| {
        let mut labs: Vec<Lab> = carried()
            .iter()
            .filter_map(|value| Lab::from_value(value).ok())
            .collect();
        for lab in &mut labs {
            // A carried lab is as old as the protocol beside it.
            lab.scenario.revision = lab.scenario.protocol.revision();
        }
        sort_by(&mut labs, |a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        labs
    })
}

/// The labs that the crate carries, as JSON.
pub fn carried() -> Vec<Value> {
    let text = include_str!(concat!(env!("OUT_DIR"), "/labs.json"));
    serde_json::from_str(text).unwrap_or_default()
}

/// The lab of this name.
pub fn find(id: &str) -> Option<&'static Lab> {
    labs().iter().find(|lab| lab.id == id)
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
