//! Questions to servers, and the samples that their answers give.

use sim::sorted::Map;
use sim::{Context, NodeId, Protocol};

use super::{Sample, Samples};
use crate::parts::numbers::first_number;

/// What a node has asked several servers, and what it has been told.
#[derive(Clone, Debug, Default)]
pub struct Exchanges {
    /// The number of the latest question, higher than those of earlier lives: no answer to an earlier life is mistaken for
    /// an answer to this one.
    asks: u32,
    /// The number of the open question to each server, and the monotonic clock when it was asked.
    asked: Map<NodeId, (u32, i64)>,
    samples: Map<NodeId, Samples>,
}

impl Exchanges {
    /// Begins a life of the node. Samples are relative to its monotonic clock, so a life begins without any.
    pub fn start<P: Protocol>(&mut self, context: &Context<'_, P>) {
        self.asks = first_number(context);
    }

    /// Asks these servers for the time, with the message that `question` makes of the question's number. An earlier
    /// question that has no answer yet is given up.
    pub fn ask<P: Protocol>(
        &mut self,
        servers: &[NodeId],
        question: impl Fn(u32) -> P::Message,
        context: &mut Context<'_, P>,
    ) {
        self.asks += 1;
        let now = context.monotonic();
        for server in servers {
            self.asked.insert(*server, (self.asks, now));
            context.send(*server, question(self.asks));
        }
    }

    /// A server has answered question `ask`: its clock showed `told`. Returns the sample; none if the answer is late or a
    /// duplicate.
    pub fn told<P: Protocol>(
        &mut self,
        server: NodeId,
        ask: u32,
        told: i64,
        context: &Context<'_, P>,
    ) -> Option<Sample> {
        let (_, asked) = self.asked.get(&server).filter(|(open, _)| *open == ask)?;
        let sample = Sample::of(*asked, told, context.monotonic());
        self.asked.remove(&server);
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
