//! The text of a [Mermaid](https://mermaid.js.org/syntax/sequenceDiagram.html) sequence diagram.
//!
//! A message is one arrow, at the moment when it arrives or is lost: such diagrams have no time axis, so an arrow cannot
//! slope. Of a long run the latest messages are there, and a note says how many come before them.

use std::fmt::Write;

use scenario::Run;
use scene::narrate;
use sim::NodeId;
use sim::trace::{Event, EventKind};

use crate::notation::seconds;

/// More arrows than this nobody reads, and Mermaid takes seconds to place them.
const MOST: usize = 120;

#[derive(Default)]
pub(crate) struct Mermaid {
    latest: Vec<Entry>,
    /// How many messages, and what else befell nodes, came before them.
    left_out: usize,
}

enum Entry {
    Arrow {
        from: NodeId,
        to: NodeId,
        is_lost: bool,
        words: String,
    },
    /// About one node, or about all.
    Note { of: Option<NodeId>, words: String },
}

impl Mermaid {
    pub(crate) fn begin(link: &str, out: &mut String) {
        let _ = writeln!(out, "%% Slowfire, {link}\nsequenceDiagram");
    }

    pub(crate) fn event(&mut self, run: &Run, event: &Event) {
        let Some(entry) = entry(run, event) else {
            return;
        };
        self.latest.push(entry);
        if self.latest.len() > MOST {
            self.latest.remove(0);
            self.left_out += 1;
        }
    }

    pub(crate) fn end(&self, run: &Run, out: &mut String) {
        let drawn = self.drawn(run);
        for node in &drawn {
            let name = escaped(&run.scenario().name(*node));
            let _ = writeln!(out, "  participant {node} as {name}");
        }
        let over_all = match drawn.as_slice() {
            [] => return,
            [only] => only.to_string(),
            [first, .., last] => format!("{first},{last}"),
        };
        if self.left_out > 0 {
            let earlier = self.left_out;
            let _ = writeln!(
                out,
                "  Note over {over_all}: {earlier} earlier arrows and notes are left out"
            );
        }
        for entry in &self.latest {
            let _ = match entry {
                Entry::Arrow {
                    from,
                    to,
                    is_lost,
                    words,
                } => {
                    let arrow = if *is_lost { "-x" } else { "->>" };
                    writeln!(out, "  {from}{arrow}{to}: {words}")
                }
                Entry::Note { of, words } => {
                    let over = of.map_or_else(|| over_all.clone(), |node| node.to_string());
                    writeln!(out, "  Note over {over}: {words}")
                }
            };
        }
    }

    /// The nodes of the diagram, in the order of the scenario; all of them while nothing has happened.
    fn drawn(&self, run: &Run) -> Vec<NodeId> {
        let count = run.scenario().nodes.len();
        let mut is_drawn = vec![self.latest.is_empty(); count];
        for entry in &self.latest {
            let nodes = match entry {
                Entry::Arrow { from, to, .. } => [Some(*from), Some(*to)],
                Entry::Note { of, .. } => [*of, None],
            };
            for node in nodes.into_iter().flatten() {
                is_drawn[node.index()] = true;
            }
        }
        let all = (0..count).filter(|place| is_drawn[*place]);
        all.map(|place| NodeId(place as u16)).collect()
    }
}

fn entry(run: &Run, event: &Event) -> Option<Entry> {
    let at = |words: &str| format!("{} ({} s)", escaped(words), seconds(event.time));
    if matches!(event.kind, EventKind::Deliver | EventKind::Lost) {
        let is_lost = event.kind == EventKind::Lost;
        let message = match narrate::message(run, event) {
            words if words.is_empty() => "a message".to_owned(),
            words => words,
        };
        return Some(Entry::Arrow {
            from: event.peer,
            to: event.node,
            is_lost,
            words: at(&if is_lost { message + ", lost" } else { message }),
        });
    }
    let sentence = narrate::sentence(run, event);
    if !event.is_interesting() || event.is_about_a_message() || sentence.is_empty() {
        return None;
    }
    Some(Entry::Note {
        of: (event.kind != EventKind::Network).then_some(event.node),
        words: at(sentence.trim_end_matches('.')),
    })
}

/// Text as it may stand in a line: a semicolon would end it, and `#` begins an entity.
fn escaped(words: &str) -> String {
    let mut out = String::new();
    for character in words.chars() {
        match character {
            '#' | ';' | '<' | '>' | '%' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            '\n' | '\r' => out.push(' '),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Form, Writing};

    fn diagram(link: &str) -> String {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        Writing::new(Form::Mermaid, &run).to_end(&run)
    }

    /// As Mermaid's grammar has it: a participant, a note or a message, each between nodes that were introduced.
    fn is_a_line(line: &str, nodes: &[&str]) -> bool {
        let line = line.trim_start();
        if let Some(over) = line.strip_prefix("Note over ") {
            let (over, words) = over.split_once(": ").expect("a note says something");
            return !words.is_empty() && over.split(',').all(|node| nodes.contains(&node));
        }
        let (between, words) = line.split_once(": ").expect("a message says something");
        let arrow = ["->>", "-x"]
            .iter()
            .find_map(|arrow| between.split_once(arrow));
        let (from, to) = arrow.expect("an arrow between two nodes");
        nodes.contains(&from) && nodes.contains(&to) && !words.contains(['<', '>'])
    }

    #[test]
    fn every_line_is_one_of_the_grammars_and_its_nodes_are_introduced() {
        for lab in scenario::lab::labs() {
            let text = diagram(&format!("#/{}?t=6s", lab.id));
            let (introduced, rest): (Vec<&str>, Vec<&str>) = text
                .lines()
                .skip(2)
                .partition(|line| line.starts_with("  participant "));
            let nodes: Vec<&str> = introduced
                .iter()
                .filter_map(|line| line.split_whitespace().nth(1))
                .collect();
            assert!(rest.len() <= MOST + 1, "{}", lab.id);
            for line in rest {
                assert!(is_a_line(line, &nodes), "{}: {line}", lab.id);
            }
        }
    }

    #[test]
    fn a_long_run_says_what_it_leaves_out() {
        let text = diagram("#/retry-storm?t=15s");
        assert!(text.contains(" earlier arrows and notes are left out\n"));
        assert!(text.lines().count() < 2 * MOST);
        assert!(!diagram("#/double-charge?t=2s").contains("left out"));
    }

    #[test]
    fn a_lost_message_ends_in_a_cross() {
        let text = diagram("#/double-charge?loss=1&t=3s");
        assert!(text.contains("-x") && !text.contains("->>"), "{text}");
    }

    #[test]
    fn words_cannot_end_their_line() {
        assert_eq!(escaped("pay #3; <b>\n"), "pay #35;3#59; #60;b#62; ");
    }
}
