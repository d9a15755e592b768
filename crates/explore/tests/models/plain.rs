//! A search over states that are compared whole, with no kernel and no hashes.

use std::collections::BTreeSet;

/// A message on its way: to whom, from whom, what.
pub type Sent<M> = (u16, u16, M);

/// Nodes that handle one message at a time.
pub trait Model {
    /// All nodes.
    type State: Clone + Ord;
    /// What they send.
    type Message: Clone + Ord;

    /// What they start from, and what they send first.
    fn first(&self) -> (Self::State, Vec<Sent<Self::Message>>);

    /// A node handles a message; what it sends.
    fn handle(
        &self,
        state: &mut Self::State,
        sent: Sent<Self::Message>,
    ) -> Vec<Sent<Self::Message>>;
}

/// How many states there are, if so many messages may be lost, and so many arrive twice.
pub fn states<M: Model>(model: &M, [losses, copies]: [u8; 2]) -> usize {
    let (nodes, mut sent) = model.first();
    sent.sort();
    let first = (nodes, sent, losses, copies);
    let (mut seen, mut open) = (BTreeSet::from([first.clone()]), vec![first]);
    while let Some((nodes, sent, losses, copies)) = open.pop() {
        for place in 0..sent.len() {
            let mut left = sent.clone();
            let message = left.remove(place);
            let mut after = nodes.clone();
            let mut more = left.clone();
            more.extend(model.handle(&mut after, message.clone()));
            let mut twice = sent.clone();
            twice.push(message);
            let steps = [
                Some((after, more, losses, copies)),
                (losses > 0).then(|| (nodes.clone(), left, losses.wrapping_sub(1), copies)),
                (copies > 0).then(|| (nodes.clone(), twice, losses, copies.wrapping_sub(1))),
            ];
            for mut state in steps.into_iter().flatten() {
                state.1.sort();
                if seen.insert(state.clone()) {
                    open.push(state);
                }
            }
        }
    }
    seen.len()
}
