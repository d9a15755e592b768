//! Which of Adya's phenomena it is, and how it is told.

use sim::{EventId, NodeId};

use super::graph::Graph;
use super::transaction::Transaction;
use crate::watch::verdict::Words;

/// Why a transaction comes before another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    kind: Kind,
    row: i64,
    /// What the one did, and what the other one did.
    events: [EventId; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It wrote a version that the other one replaced.
    WriteWrite,
    /// It wrote what the other one read.
    WriteRead,
    /// It read what the other one replaced: an *anti-dependency*.
    ReadWrite,
}

impl Link {
    pub(super) fn write_write(row: i64, events: [EventId; 2]) -> Link {
        let kind = Kind::WriteWrite;
        Link { kind, row, events }
    }

    pub(super) fn write_read(row: i64, events: [EventId; 2]) -> Link {
        let kind = Kind::WriteRead;
        Link { kind, row, events }
    }

    pub(super) fn read_write(row: i64, events: [EventId; 2]) -> Link {
        let kind = Kind::ReadWrite;
        Link { kind, row, events }
    }

    fn is_anti(&self) -> bool {
        self.kind == Kind::ReadWrite
    }
}

/// What no order explains.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// Each of these edges leads to where the next one begins, and the last one to where the first one does.
    Circle(Vec<u32>),
    /// A transaction has read a value that its writer did not commit.
    Read {
        /// Who read, and who wrote.
        by: u32,
        writer: u32,
        row: i64,
        /// Whether the writer has committed another value.
        is_intermediate: bool,
    },
}

impl Fault {
    pub(super) fn of_read(by: u32, writer: u32, row: i64, is_intermediate: bool) -> Fault {
        Fault::Read {
            by,
            writer,
            row,
            is_intermediate,
        }
    }

    /// The circle that an edge has closed, and the events that show it. Of several it is one of the gravest kind: with as few
    /// kinds of edges as possible, and then with as few anti-dependencies. With one of these it is of one row if there is such a one.
    pub(super) fn of_circle(graph: &Graph<Link>, last: u32) -> (Fault, Vec<EventId>) {
        let edge = graph.edge(last);
        let (ends, kind) = ([edge.to, edge.from], edge.label.kind);
        let spent = u32::from(edge.label.is_anti());
        let writes = |link: &Link| (link.kind == Kind::WriteWrite).then_some(0);
        let counted = |link: &Link| Some(u32::from(link.is_anti()));
        let path = match kind {
            Kind::WriteWrite => graph.path(ends, 0, writes),
            _ => None,
        };
        let row = edge.label.row;
        let of_one_row = |link: &Link| counted(link).filter(|_| link.row == row);
        let path = path
            .or_else(|| match spent {
                0 => graph.path(ends, 0, counted),
                _ => None,
            })
            .or_else(|| graph.path(ends, 1 - spent, of_one_row))
            .or_else(|| graph.path(ends, 1 - spent, counted))
            .or_else(|| graph.path(ends, 0, |_| Some(0)));
        let mut circle = vec![last];
        circle.extend(path.unwrap_or_default());
        let events = circle
            .iter()
            .flat_map(|edge| graph.edge(*edge).label.events);
        let events = events.collect();
        (Fault::Circle(circle), events)
    }

    pub(super) fn sentence(
        &self,
        graph: &Graph<Link>,
        transactions: &[Transaction],
        words: &Words<'_>,
    ) -> String {
        let noun = words.operation;
        match self {
            Fault::Read {
                by,
                writer,
                row,
                is_intermediate,
            } => {
                let [by, writer] = [by, writer].map(|place| {
                    let transaction = transactions.get(*place as usize);
                    transaction.map_or(noun.to_owned(), |it| it.name(words))
                });
                let row = named(*row, words);
                if *is_intermediate {
                    format!(
                        "{by} read in {row} what {writer} itself replaced before it committed: G1b, an intermediate read."
                    )
                } else {
                    format!(
                        "{by} read in {row} what {writer} wrote, which has failed: G1a, an aborted read."
                    )
                }
            }
            Fault::Circle(circle) => {
                let links = circle.iter().take(TOLD).map(|edge| {
                    let edge = graph.edge(*edge);
                    let [from, to] = [edge.from, edge.to].map(|node| {
                        let it = transactions.iter().find(|it| it.node == node);
                        it.map_or(noun.to_owned(), |it| it.name(words))
                    });
                    edge.label.told(&from, &to, words)
                });
                let links: Vec<String> = links.collect();
                let rest = match circle.len() - links.len() {
                    0 => String::new(),
                    rest => format!("; and so on, by {rest} more, back to the first"),
                };
                let name = phenomenon(graph, circle);
                format!("{}{rest}: {name}.", links.join("; "))
            }
        }
    }
}

/// How many edges a sentence tells.
const TOLD: usize = 4;

impl Link {
    fn told(&self, from: &str, to: &str, words: &Words<'_>) -> String {
        let row = named(self.row, words);
        match self.kind {
            Kind::WriteWrite => format!("{from} wrote {row} before {to} did"),
            Kind::WriteRead => format!("{to} read {row} as {from} wrote it"),
            Kind::ReadWrite => format!("{from} read {row} before {to} changed it"),
        }
    }
}

/// What a row is called.
pub(in crate::watch::transactions) fn named(row: i64, words: &Words<'_>) -> String {
    match u16::try_from(row) {
        Ok(node) => format!("{}'s row", (words.node)(NodeId(node))),
        Err(_) => "the row of all".to_owned(),
    }
}

/// What Adya calls it, and what others do: Berenson and others (*A critique of ANSI SQL isolation levels*, SIGMOD 1995) have *lost
/// update* (P4), *non-repeatable read* (P2), *read skew* (A5A) and *write skew* (A5B).
fn phenomenon(graph: &Graph<Link>, circle: &[u32]) -> &'static str {
    let links = circle.iter().map(|edge| graph.edge(*edge).label);
    let links: Vec<Link> = links.collect();
    let anti = links.iter().filter(|link| link.is_anti()).count();
    let is_of = |kind| links.iter().all(|link| link.kind == kind);
    let is_any = |kind| links.iter().any(|link| link.kind == kind);
    let is_of_one_row = links.windows(2).all(|pair| pair[0].row == pair[1].row);
    match (anti, links.len()) {
        (0, _) if is_of(Kind::WriteWrite) => "G0, dirty writes",
        (0, _) => "G1c, circular information flow",
        (1, _) if is_of_one_row => match is_any(Kind::WriteWrite) {
            true => "G-single, a lost update",
            false => "G-single, a non-repeatable read",
        },
        (1, _) if !is_any(Kind::WriteWrite) => "G-single, read skew",
        (1, _) => "G-single, a circle with one anti-dependency",
        (2, 2) => "G2, write skew",
        _ => "G2, a circle of anti-dependencies",
    }
}
