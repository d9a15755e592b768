//! How long nodes still wait for what may not come: the outline of a node fills as its patience runs out.

use sim::sorted::Map;
use sim::{NodeId, Status};

use super::glyphs;
use super::moment::Moment;
use crate::shapes::Picture;

impl Moment<'_> {
    /// What of each node's patience is gone, as a share, if it waits with a timeout: of the wait that ends first.
    pub(super) fn patience(&self) -> Map<NodeId, f64> {
        let machine = self.run.timeline().machine();
        let words = machine.vocabulary().timers;
        let mut first: Map<NodeId, &sim::Timer> = Map::new();
        for timer in self.kernel.timers() {
            let is_timeout = words.get(usize::from(timer.kind));
            let is_first = |known: &&sim::Timer| known.due <= timer.due;
            if is_timeout.is_some_and(|word| word.is_timeout)
                && !first.get(&timer.node).is_some_and(is_first)
            {
                first.insert(timer.node, timer);
            }
        }
        let events = self.run.timeline().events();
        let share = |timer: &sim::Timer| {
            let set = events.get(timer.set_event.index())?.time;
            let whole = timer.due.since(set).as_nanos().max(1) as f64;
            Some((self.now.since(set).as_nanos() as f64 / whole).min(1.0))
        };
        let all = first.iter();
        let all = all.filter_map(|(node, timer)| Some((*node, share(timer)?)));
        all.collect()
    }

    /// The arc on a node's outline.
    pub(super) fn arc(&self, node: NodeId, gone: f64, picture: &mut Picture) {
        if self.has_words() && self.kernel.status(node) != Status::Crashed {
            let (at, radius) = (self.place(node), self.layout.radius);
            glyphs::patience(picture, at, radius, self.unit, gone);
        }
    }
}
