//! A log for [ShiViz](https://bestchai.bitbucket.io/shiviz/).
//!
//! An event is two lines, which ShiViz reads with the expression that it proposes itself, `(?<event>.*)\n(?<host>\S*)
//! (?<clock>{.*})`: the moment and a sentence; then the node and its vector clock, `{"ann":3,"bank":1}`. It counts the node's
//! own events, this one included, and those of the others that it can know of. What happens on the network between nodes
//! has no line, because ShiViz knows only events of hosts.

use std::fmt::Write;

use scenario::Run;
use scenario::lab::event_word;
use scene::narrate;
use sim::trace::Event;
use sim::trace::causality::Causality;
use sim::{EventId, NodeId};

use crate::notation::{quoted, seconds};

/// The expression, as ShiViz takes it in its field *Log parsing regular expression*.
pub(crate) const EXPRESSION: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";

#[derive(Default)]
pub(crate) struct ShiViz {
    causality: Causality,
    hosts: Vec<String>,
}

impl ShiViz {
    pub(crate) fn of(run: &Run) -> ShiViz {
        let nodes = run.scenario().nodes.iter();
        ShiViz {
            hosts: nodes.map(|node| host(&node.name)).collect(),
            ..ShiViz::default()
        }
    }

    pub(crate) fn begin(link: &str, out: &mut String) {
        let _ = write!(
            out,
            "# Slowfire, a log for ShiViz of {link}\n# Log parsing regular expression: {EXPRESSION}\n\n"
        );
    }

    pub(crate) fn event(&mut self, run: &Run, id: EventId, event: &Event, out: &mut String) {
        let before = self.own_events(event.node);
        self.causality.observe(id, event);
        if self.own_events(event.node) == before {
            return;
        }
        let sentence = narrate::sentence(run, event);
        let says = match sentence.as_str() {
            "" => event_word(event.kind),
            sentence => sentence,
        };
        let seconds = seconds(event.time);
        let (host, clock) = (self.host(event.node), self.clock(event.node));
        let _ = writeln!(out, "{seconds} s: {says}\n{host} {clock}");
    }

    fn own_events(&self, node: NodeId) -> u32 {
        let known = self.causality.moment(node);
        known.counts().get(node.index()).copied().unwrap_or(0)
    }

    fn host(&self, node: NodeId) -> &str {
        self.hosts.get(node.index()).map_or("", String::as_str)
    }

    /// The node's vector clock as JSON.
    fn clock(&self, node: NodeId) -> String {
        let moment = self.causality.moment(node);
        let known = moment.counts().iter().zip(&self.hosts);
        let mut clock = String::new();
        for (count, host) in known.filter(|(count, _)| **count > 0) {
            let sign = if clock.is_empty() { '{' } else { ',' };
            let _ = write!(clock, "{sign}{}:{count}", quoted(host));
        }
        clock + "}"
    }
}

/// A node's name without spaces, which end a host's name.
fn host(name: &str) -> String {
    name.replace(char::is_whitespace, "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Form, Writing};
    use std::collections::HashMap;

    /// The events of a log, as ShiViz reads them: host, clock.
    fn events(log: &str) -> Vec<(String, HashMap<String, u32>)> {
        let lines: Vec<&str> = log.lines().skip(3).collect();
        let pairs = lines.chunks(2).map(|pair| {
            let (host, clock) = pair[1].split_once(' ').expect("a host and a clock");
            let clock = serde_json::from_str(clock).expect("the clock is JSON");
            (host.to_owned(), clock)
        });
        pairs.collect()
    }

    /// What ShiViz demands of a log, or else it refuses it.
    #[test]
    fn every_host_counts_its_events_one_by_one_and_knows_only_what_is_there() {
        for lab in scenario::lab::labs() {
            let (run, _) = Run::open(&format!("#/{}?t=4s", lab.id));
            let events = events(&Writing::new(Form::ShiViz, &run).to_end(&run));
            assert!(!events.is_empty(), "{}", lab.id);
            let mut seen: HashMap<&str, u32> = HashMap::new();
            for (host, clock) in &events {
                let own = seen.entry(host).or_default();
                *own += 1;
                assert_eq!(clock.get(host), Some(&*own), "{}: {host}", lab.id);
                for (other, count) in clock {
                    assert!(seen.get(other.as_str()) >= Some(count), "{}", lab.id);
                }
            }
        }
    }

    #[test]
    fn what_a_message_tells_is_in_its_receivers_clock() {
        let (run, _) = Run::open("#/double-charge?t=3s");
        let log = Writing::new(Form::ShiViz, &run).to_end(&run);
        let heard = events(&log)
            .into_iter()
            .any(|(host, clock)| host == "bank" && clock.len() > 1);
        assert!(heard, "{log}");
    }
}
