use super::{Breach, Effects, Moment, breach};
use crate::verdict::Verdict;
use sim::sorted::Map;

/// Among which items order is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those of the same producer.
    Producer,
    /// All.
    Queue,
}

/// What happens to an item of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handing {
    /// It came in.
    Put {
        /// Who put it in.
        producer: u64,
        /// The item; no two are the same.
        item: u64,
    },
    /// It was handed out.
    Taken {
        /// The item.
        item: u64,
    },
}

/// Checks that a queue hands out each item once, and in the order in which they came in.
#[derive(Clone, Debug)]
pub struct QueueOrder {
    scope: Scope,
    /// When each item came in and was handed out, and whose it is.
    items: Map<u64, Item>,
    /// The items that are in, by whose they are, in order.
    waiting: Map<u64, Vec<u64>>,
    verdict: Verdict<Breach>,
}

#[derive(Clone, Copy, Debug)]
struct Item {
    line: u64,
    put: Moment,
    taken: Option<Moment>,
}

impl QueueOrder {
    /// A check of an empty queue.
    pub fn new(scope: Scope) -> Self {
        let (items, waiting) = (Map::new(), Map::new());
        Self {
            scope,
            items,
            waiting,
            verdict: Verdict::Holds,
        }
    }

    fn taken(&mut self, moment: Moment, id: u64) -> Verdict<Breach> {
        let Some(item) = self.items.get_mut(&id) else {
            return breach(
                moment,
                &[],
                format!("item {id} was handed out and never put in"),
            );
        };
        if let Some(first) = item.taken.replace(moment) {
            let because = format!("item {id} was handed out at {} and again", first.at);
            return breach(moment, &[first], because);
        }
        let own = *item;
        let line = self.waiting.entry(own.line).or_default();
        match line.iter().position(|&waiting| waiting == id) {
            Some(0) => {
                line.remove(0);
                Verdict::Holds
            }
            _ => {
                let skipped = line.first().and_then(|first| self.items.get(first));
                let skipped = skipped.map_or(own.put, |item| item.put);
                let because = format!(
                    "item {id} of {} was handed out before item {} of {}",
                    own.put.at, line[0], skipped.at
                );
                breach(moment, &[own.put, skipped], because)
            }
        }
    }
}

impl Effects for QueueOrder {
    type Fact = Handing;

    fn feed(&mut self, moment: Moment, fact: &Handing) -> &Verdict<Breach> {
        if self.verdict.is_violated() {
            return &self.verdict;
        }
        match *fact {
            Handing::Put { producer, item } => {
                let line = match self.scope {
                    Scope::Producer => producer,
                    Scope::Queue => 0,
                };
                let put = Item {
                    line,
                    put: moment,
                    taken: None,
                };
                match self.items.insert(item, put) {
                    None => self.waiting.entry(line).or_default().push(item),
                    Some(first) => {
                        let because = format!("item {item} came in twice");
                        self.verdict = breach(moment, &[first.put], because);
                    }
                }
            }
            Handing::Taken { item } => self.verdict = self.taken(moment, item),
        }
        &self.verdict
    }

    fn verdict(&self) -> &Verdict<Breach> {
        &self.verdict
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;
    use super::*;

    fn put(producer: u64, item: u64) -> Handing {
        Handing::Put { producer, item }
    }

    fn taken(item: u64) -> Handing {
        Handing::Taken { item }
    }

    fn after(scope: Scope, list: &[Handing]) -> Option<Vec<u64>> {
        facts(QueueOrder::new(scope), list)
    }

    #[test]
    fn first_in_is_first_out() {
        let good = [put(1, 1), put(2, 2), taken(1), taken(2)];
        assert_eq!(after(Scope::Queue, &good), None);
        let crossed = [put(1, 1), put(2, 2), taken(2), taken(1)];
        assert_eq!(after(Scope::Producer, &crossed), None);
        assert_eq!(after(Scope::Queue, &crossed), Some(vec![2, 1, 0]));
        let swapped = [put(1, 1), put(1, 2), taken(2)];
        assert_eq!(after(Scope::Producer, &swapped), Some(vec![2, 1, 0]));
    }

    #[test]
    fn an_item_is_handed_out_once() {
        assert_eq!(
            after(Scope::Queue, &[put(1, 1), taken(1), taken(1)]),
            Some(vec![2, 1])
        );
        assert_eq!(after(Scope::Queue, &[put(1, 1), taken(2)]), Some(vec![1]));
        assert_eq!(
            after(Scope::Queue, &[put(1, 1), put(1, 1)]),
            Some(vec![1, 0])
        );
    }
}
