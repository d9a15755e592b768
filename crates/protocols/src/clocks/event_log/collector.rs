//! The collector: puts the lines of all services in order by their timestamps.

use std::collections::VecDeque;

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Set;
use sim::sorting::sort_by_key;
use sim::trace::{Fact, Relation};
use sim::{Context, NodeId};

use super::Node;
use super::stamp::Stamp;
use crate::describe::roles::Role;

/// Compares each line that arrives with the latest lines before it.
#[derive(Clone, Debug, Hash)]
pub struct Collector {
    compared: usize,
    /// All lines that have arrived.
    known: Set<u32>,
    latest: VecDeque<Line>,
    concurrent: u32,
}

#[derive(Clone, Debug, Hash)]
struct Line {
    item: u32,
    from: NodeId,
    stamp: Stamp,
}

impl Collector {
    /// A collector that has no lines. It compares each line with this number of others.
    pub fn new(compared: usize) -> Collector {
        Collector {
            compared,
            known: Set::new(),
            latest: VecDeque::new(),
            concurrent: 0,
        }
    }

    /// A service sends a line of its log, with its stamp.
    pub fn hear(&mut self, from: NodeId, item: u32, stamp: Stamp, context: &mut Context<'_, Node>) {
        // The network may have duplicated the line.
        if !self.known.insert(item) {
            return;
        }
        for line in &self.latest {
            let verdict = line.stamp.compare(&stamp);
            let (first, second, relation) = verdict.relation(i64::from(line.item), i64::from(item));
            self.concurrent += u32::from(relation == Relation::Concurrent);
            context.record(Fact::Judged {
                first,
                second,
                relation,
            });
        }
        self.latest.push_back(Line { item, from, stamp });
        if self.latest.len() > self.compared {
            self.latest.pop_front();
        }
    }

    /// The latest lines, in the order of their timestamps.
    fn sorted(&self) -> Vec<&Line> {
        let mut lines: Vec<&Line> = self.latest.iter().collect();
        sort_by_key(&mut lines, |line| line.stamp.numbers());
        lines
    }
}

impl Role<Node> for Collector {
    fn held(&self, by: Measure) -> usize {
        self.known.held(by) + self.latest.held(by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let lines = self.sorted();
        let listed: Vec<String> = lines
            .iter()
            .map(|line| format!("#{} {}", line.item, (outlook.name)(line.from)))
            .collect();
        let last = lines.last().map(|line| format!("last: #{}", line.item));
        Description {
            badge: last.unwrap_or_default(),
            state: vec![
                ("lines".to_owned(), self.known.len().to_string()),
                ("log".to_owned(), listed.join(", ")),
                ("pairs not ordered".to_owned(), self.concurrent.to_string()),
            ],
            beliefs: vec!["The event with the smaller timestamp happened first.".to_owned()],
        }
    }
}
