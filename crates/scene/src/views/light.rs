//! What is lit in every picture of a run at once: the events of a chain, and the one that is told.

use scenario::Run;
use sim::EventId;
use sim::trace::Event;

/// The events that are lit; none as a rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct Light<'a> {
    /// All of them.
    pub events: &'a [EventId],
    /// The one of them that is told.
    pub told: Option<EventId>,
    /// Whether the messages that are not lit are drawn calm.
    pub calms: bool,
}

impl Light<'_> {
    /// Whether pictures are as they always are.
    pub(super) fn is_off(&self) -> bool {
        self.events.is_empty() && !self.calms
    }

    /// The event that is told, with its number, if it has happened.
    pub(super) fn event<'r>(&self, run: &'r Run) -> Option<(EventId, &'r Event)> {
        let id = self.told?;
        Some((id, run.timeline().events().get(id.index())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chronicle::Chronicle;
    use crate::look::Look;
    use crate::shapes::{Ink, Shape, Style};
    use crate::views::Scene;
    use scenario::view::View;
    use sim::{SimDuration, SimTime};

    /// How many shapes of a picture have the accent's colour.
    fn accents(run: &Run, view: View, light: Light<'_>) -> usize {
        let look = Look {
            from: run.now() - SimDuration::from_millis(2000),
            to: run.now() + SimDuration::from_millis(500),
            ..Look::default()
        };
        let chronicle = Chronicle::of(run);
        let scene = Scene::new(run, &chronicle, look, 800.0, 400.0).lit(light);
        let has_accent =
            |style: &Style| style.stroke == Some(Ink::Accent) || style.fill == Some(Ink::Accent);
        let picture = scene.draw(view);
        let shapes = picture.shapes.iter();
        let accents = shapes.filter(|shape| match shape {
            Shape::Circle(circle) => has_accent(&circle.style),
            Shape::Path(path) => has_accent(&path.style),
            Shape::Text(_) => false,
        });
        accents.count()
    }

    #[test]
    fn each_link_of_a_chain_is_lit_in_every_picture() {
        for (link, check) in [
            ("#/double-charge", "exactly-once"),
            ("#/lease-and-pause", "stale-write"),
        ] {
            let (mut run, _) = Run::open(link);
            run.seek(SimTime::NEVER);
            let known = run.scenario().checks.iter();
            let known: Vec<_> = known.map(|check| check.id.clone()).collect();
            let chain = run.chain(check);
            let chain = chain.unwrap_or_else(|| panic!("{check} is none of {known:?}"));
            for &id in &chain.links {
                run.seek(run.timeline().known_events()[id.index()].time);
                let light = Light {
                    events: &chain.links,
                    told: Some(id),
                    calms: false,
                };
                for view in [View::World, View::SpaceTime, View::History] {
                    let plain = accents(&run, view, Light::default());
                    let lit = accents(&run, view, light);
                    assert!(lit > plain, "{link}: {id:?} is not lit in {view:?}");
                }
            }
        }
    }
}
