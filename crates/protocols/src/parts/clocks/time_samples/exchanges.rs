//! Questions to servers, and the samples that their answers give.

use sim::held::{Held, Measure};
use sim::sorted::Map;
use sim::{Context, NodeId, Protocol};

use super::{Sample, Samples};
use crate::parts::numbers::first_number;

/// What a node has asked several servers, and what it has been told.
#[derive(Clone, Debug, Hash)]
pub struct Exchanges {
    /// How many questions to each server can be open.
    open: u32,
    /// The number of the latest question, higher than those of earlier lives: no answer to an earlier life is mistaken for
    /// an answer to this one.
    asks: u32,
    /// The monotonic clock when each open question was asked, by the server and the question's number.
    asked: Map<(NodeId, u32), i64>,
    samples: Map<NodeId, Samples>,
}

impl Exchanges {
    /// Bytes that it takes on the heap.
    pub fn held(&self, by: Measure) -> usize {
        let samples = self.samples.values().map(|samples| samples.held(by));
        self.asked.held(by) + self.samples.held(by) + samples.sum::<usize>()
    }

    /// No exchanges yet. A node that asks again before the answer has come keeps so many questions to each server open. If it
    /// is one, the node learns nothing while round trips take longer than the time between two questions.
    pub fn with_open(open: u32) -> Exchanges {
        Exchanges {
            open,
            asks: 0,
            asked: Map::new(),
            samples: Map::new(),
        }
    }

    /// Begins a life of the node. Samples are relative to its monotonic clock, so a life begins without any.
    pub fn start<P: Protocol>(&mut self, context: &Context<'_, P>) {
        self.asks = first_number(context);
    }

    /// Asks these servers for the time, with the message that `question` makes of the question's number. The oldest
    /// questions that have no answer yet are given up.
    pub fn ask<P: Protocol>(
        &mut self,
        servers: &[NodeId],
        question: impl Fn(u32) -> P::Message,
        context: &mut Context<'_, P>,
    ) {
        self.asks += 1;
        let (latest, now) = (self.asks, context.monotonic());
        let open = self.open;
        self.asked.retain(|(_, ask), _| latest - ask < open);
        for server in servers {
            self.asked.insert((*server, latest), now);
            context.send(*server, question(latest));
        }
    }

    /// A server has answered question `ask`: its clock showed `told`. Returns the sample; none if the question is not
    /// open, because the answer is very late or a duplicate.
    pub fn told<P: Protocol>(
        &mut self,
        server: NodeId,
        ask: u32,
        told: i64,
        context: &Context<'_, P>,
    ) -> Option<Sample> {
        let asked = self.asked.remove(&(server, ask))?;
        let sample = Sample::of(asked, told, context.monotonic());
        self.samples.entry(server).or_default().push(sample);
        Some(sample)
    }

    /// For each server that has answered, the sample that `choose` takes.
    pub fn chosen(&self, choose: impl Fn(&Samples) -> Option<Sample>) -> Vec<(NodeId, Sample)> {
        let samples = self.samples.iter();
        samples
            .filter_map(|(server, samples)| Some((*server, choose(samples)?)))
            .collect()
    }
}
