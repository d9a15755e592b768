//! A case with one node less.

use scenario::deed::{Cut, Timed};
use scenario::document::Scenario;
use scenario::document::scope::NodeSet;
use scenario::knob::Knob;
use scenario::link::Link;
use sim::NodeId;

use crate::case::Case;
use crate::numbering::Place;
use crate::thing::{Meddled, Thing};
use crate::trial::Naming;

/// The case without a node; nothing if the document does not allow that, or something that is left names the node. What is
/// done to the node's messages goes with it, unless messages are found by their names.
pub(crate) fn without(case: &Case, gone: NodeId, naming: Naming) -> Option<Case> {
    let role = case.calm.role(gone);
    let of_its_role = case.calm.nodes.iter().filter(|node| node.role == role.id);
    if of_its_role.count() <= role.fewest {
        return None;
    }
    let calm = read_without(&case.calm, gone)?;
    let mut things = Vec::new();
    for thing in &case.things {
        if is_about(thing, gone, naming) {
            continue;
        }
        things.push(renamed(thing, &case.calm, &calm, gone)?);
    }
    Some(Case { calm, things })
}

/// The scenario as a document without the node, read again: whatever else names the node is found to be wrong there.
fn read_without(scenario: &Scenario, gone: NodeId) -> Option<Scenario> {
    let mut value = scenario.to_value();
    value.get_mut("nodes")?.as_array_mut()?.remove(gone.index());
    let link = Link::from_value(&value).ok()?;
    Some(link.variant.scenario)
}

/// Whether a thing is about that node alone, so that it goes with it: its own knobs, and what is done to its messages.
fn is_about(thing: &Thing, node: NodeId, naming: Naming) -> bool {
    match thing {
        Thing::Turned(Knob::Node(_, of), _) => *of == node,
        Thing::Meddled(one) if naming == Naming::Places => {
            one.place.from == node || one.place.to == node
        }
        _ => false,
    }
}

/// A thing among the nodes that are left; nothing if it names the one that is gone.
fn renamed(thing: &Thing, old: &Scenario, new: &Scenario, gone: NodeId) -> Option<Thing> {
    Some(match thing {
        Thing::Done { timed, is_planned } => Thing::Done {
            timed: Timed::parse(&timed.format(old), new).ok()?,
            is_planned: *is_planned,
        },
        Thing::Meddled(one) => Thing::Meddled(Meddled {
            place: moved(one.place, gone),
            ..*one
        }),
        Thing::Turned(knob, value) => Thing::Turned(Knob::parse(&knob.key(old), new)?, *value),
        Thing::Mishap(mishap) => {
            let mut mishap = *mishap;
            mishap.nodes = same_nodes(mishap.nodes, old, new)?;
            Thing::Mishap(mishap)
        }
        Thing::Flapping(flapping) => {
            let mut flapping = *flapping;
            let text = flapping.cut.format(&old.names());
            flapping.cut = Cut::parse(&text, &new.names()).ok()?;
            Thing::Flapping(flapping)
        }
    })
}

fn same_nodes(nodes: NodeSet, old: &Scenario, new: &Scenario) -> Option<NodeSet> {
    NodeSet::parse(&nodes.format(&old.names()), &new.names()).ok()
}

/// A place once the nodes after the one that is gone have moved up.
fn moved(place: Place, gone: NodeId) -> Place {
    let up = |node: NodeId| match node > gone && node.0 != u16::MAX {
        true => NodeId(node.0 - 1),
        false => node,
    };
    Place {
        from: up(place.from),
        to: up(place.to),
        ..place
    }
}
