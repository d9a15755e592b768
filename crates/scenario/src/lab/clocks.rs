//! Which clocks a lab is about: those alone are drawn.

use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::quantity::shortened;
use crate::terms::words::{listed, meaning};

/// A clock of all nodes of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownClock {
    /// The role whose nodes have it.
    pub role: &'static str,
    /// Which of the two clocks of a node.
    pub clock: ClockKind,
}

/// The two clocks of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockKind {
    /// It shows the time of day, and can be set.
    Wall,
    /// It counts from the node's start, and is never set.
    Monotonic,
}

/// The words for clocks.
const CLOCKS: [(&str, ClockKind); 2] = [
    ("wall", ClockKind::Wall),
    ("monotonic", ClockKind::Monotonic),
];

/// Reads the names of clocks, as in `client.wall`.
pub(super) fn clocks(
    fields: &Fields<'_>,
    names: &[String],
    scenario: &Scenario,
) -> Vec<ShownClock> {
    let mut clocks = Vec::new();
    for (place, name) in names.iter().enumerate() {
        match clock(name, scenario) {
            Ok(clock) => clocks.push(clock),
            Err(what) => {
                let what = format!("is \"{}\"; {what}", shortened(name));
                fields.complain(&format!("clocks[{place}]"), what);
            }
        }
    }
    clocks
}

/// The clock of a name, or what the name must be.
fn clock(name: &str, scenario: &Scenario) -> Result<ShownClock, String> {
    let (role, clock) = name.split_once('.').unwrap_or((name, ""));
    let roles = scenario.protocol.roles.iter().map(|spec| spec.id);
    let Some(role) = roles.clone().find(|id| *id == role) else {
        let roles: Vec<&str> = roles.collect();
        return Err(format!(
            "it must begin with a role of the protocol: {}",
            roles.join(", ")
        ));
    };
    match meaning(&CLOCKS, clock) {
        Some(clock) => Ok(ShownClock { role, clock }),
        None => Err(format!(
            "it must end with a clock after a point: {}",
            listed(&CLOCKS)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    #[test]
    fn a_clock_is_a_role_of_the_protocol_and_one_of_two_words() {
        let lab = lab::find("commit-wait").expect("it is a lab");
        let read = |name| clock(name, &lab.scenario);
        assert_eq!(
            read("shard.wall"),
            Ok(ShownClock {
                role: "shard",
                clock: ClockKind::Wall
            })
        );
        for (name, of) in [
            ("shard", "wall, monotonic"),
            ("shard.true", "wall, monotonic"),
            ("n1.wall", "client, shard, time-server"),
        ] {
            let what = read(name).expect_err(name);
            assert!(what.contains(of), "{name}: {what}");
        }
    }
}
