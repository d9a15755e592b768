//! Models whose states are plain values, which can be compared whole: no kernel, and no hashes.

use std::fmt::Debug;
use std::hash::Hash;

/// A message on its way: to whom, from whom, what.
pub type Sent<M> = (u16, u16, M);

/// Nodes that handle one message at a time.
pub trait Model {
    /// All nodes.
    type State: Clone + Debug + Hash + Ord;
    /// What they send.
    type Message: Clone + Debug + Hash + Ord;

    /// What they start from, and what they send first.
    fn first(&self) -> (Self::State, Vec<Sent<Self::Message>>);

    /// A node handles a message; what it sends.
    fn handle(
        &self,
        state: &mut Self::State,
        sent: Sent<Self::Message>,
    ) -> Vec<Sent<Self::Message>>;
}

/// What can happen to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// It arrives.
    Deliver,
    /// It is lost.
    Lose,
    /// One more of it is on its way.
    Copy,
}

/// All nodes, the messages on their way in order, and how many of them may still be lost, and be repeated.
pub type State<M> = (
    <M as Model>::State,
    Vec<Sent<<M as Model>::Message>>,
    u8,
    u8,
);

/// The state before the first step.
pub fn first<M: Model>(model: &M, [losses, copies]: [u8; 2]) -> State<M> {
    let (nodes, mut sent) = model.first();
    sent.sort();
    (nodes, sent, losses, copies)
}

/// What can happen next, each with the place of its message. Of messages that are alike, one is as good as another.
pub fn steps<M: Model>((_, sent, losses, copies): &State<M>) -> Vec<(Step, usize)> {
    let is_first = |place: &usize| *place == 0 || sent[*place] != sent[*place - 1];
    let of_message = |place: usize| {
        [
            Some((Step::Deliver, place)),
            (*losses > 0).then_some((Step::Lose, place)),
            (*copies > 0).then_some((Step::Copy, place)),
        ]
    };
    let places = (0..sent.len()).filter(is_first);
    places.flat_map(of_message).flatten().collect()
}

/// The state after a step.
pub fn after<M: Model>(model: &M, state: &State<M>, (step, place): (Step, usize)) -> State<M> {
    let (mut nodes, mut sent, mut losses, mut copies) = state.clone();
    match step {
        Step::Deliver => {
            let message = sent.remove(place);
            sent.extend(model.handle(&mut nodes, message));
        }
        Step::Lose => {
            sent.remove(place);
            losses -= 1;
        }
        Step::Copy => {
            sent.push(sent[place].clone());
            copies -= 1;
        }
    }
    sent.sort();
    (nodes, sent, losses, copies)
}
