//! What a claim withstands, as a lab's file says it.

use sim::SimDuration;

use super::fault::{Fault, MOST_FAULTS};
use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::quantity::{Range, shortened};
use crate::terms::scope::NodeSet;
use crate::terms::words::nearest;

/// The weather that a claim withstands.
#[derive(Clone, Debug, PartialEq)]
pub struct Withstood {
    /// How strong each kind of fault may be; nothing for the kinds that it does not withstand.
    strengths: [Option<f64>; MOST_FAULTS],
    /// The nodes that crash, pause, or have slow parts, bad disks and wrong clocks.
    pub nodes: NodeSet,
    /// How long after the faults what is only demanded in calm must hold again.
    pub recovers: SimDuration,
}

/// How long after the faults everything must be well again, if a claim does not say.
const RECOVERS: f64 = 5e9;

impl Default for Withstood {
    /// Every fault of the network, and crashes, pauses and skew of any node.
    fn default() -> Withstood {
        Withstood {
            strengths: Fault::ALL.map(|entry| entry.usual),
            nodes: NodeSet::ALL,
            recovers: SimDuration::from_nanos_f64(RECOVERS),
        }
    }
}

impl Withstood {
    /// How strong a kind of fault may be, if it is withstood at all.
    pub fn strength(&self, fault: Fault) -> Option<f64> {
        self.strengths[fault as usize]
    }

    /// The kinds of faults that it withstands, each with its strength.
    pub fn faults(&self) -> impl Iterator<Item = (Fault, f64)> {
        let rows = Fault::ALL.into_iter().zip(self.strengths);
        rows.filter_map(|(entry, strength)| Some((entry.fault, strength?)))
    }

    /// The kinds of faults that are usual, and that it does not withstand, or not as strong.
    pub fn lacks(&self) -> impl Iterator<Item = Fault> {
        let rows = Fault::ALL.into_iter().zip(self.strengths);
        let lacking = rows.filter(|(entry, strength)| *strength < entry.usual);
        lacking.map(|(entry, _)| entry.fault)
    }

    /// What it withstands, in a sentence.
    pub fn sentence(&self, scenario: &Scenario) -> String {
        let faults: Vec<String> = self
            .faults()
            .map(|(fault, strength)| fault.entry().sentence(strength))
            .collect();
        if faults.is_empty() {
            return "No fault at all.".to_owned();
        }
        let mut sentence = faults.join("; ");
        sentence[..1].make_ascii_uppercase();
        if self.nodes != NodeSet::ALL {
            let names = self.nodes.format(&scenario.names()).replace('+', ", ");
            sentence.push_str(&format!(". Faults of nodes only strike {names}"));
        }
        sentence.push('.');
        sentence
    }
}

/// Reads what a claim withstands.
pub(crate) fn withstood(mut fields: Fields<'_>, scenario: &Scenario) -> Withstood {
    let mut withstood = Withstood::default();
    for fault in excepted(&mut fields, "except") {
        withstood.strengths[fault as usize] = None;
    }
    for entry in &Fault::ALL {
        if let Some(strength) = fields.optional_quantity(entry.word, entry.range) {
            withstood.strengths[entry.fault as usize] = Some(strength);
        }
    }
    let text = fields.text("nodes", 2000, "*");
    match NodeSet::parse(&text, &scenario.names()) {
        Ok(nodes) => withstood.nodes = nodes,
        Err(what) => fields.complain("nodes", format!("is \"{}\": {what}", shortened(&text))),
    }
    withstood.recovers = fields.duration("recovers", Range::duration(0.0, 3600e9), RECOVERS);
    fields.finish();
    withstood
}

/// Reads a list of kinds of faults.
pub(crate) fn excepted(fields: &mut Fields<'_>, field: &'static str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (place, word) in fields.texts(field, MOST_FAULTS, 40).iter().enumerate() {
        match Fault::ALL.iter().find(|entry| entry.word == word) {
            Some(entry) => faults.push(entry.fault),
            None => {
                let near = nearest(word, Fault::ALL.iter().map(|entry| entry.word));
                let what = format!(
                    "is \"{}\", which is not a kind of fault{near}",
                    shortened(word)
                );
                fields.complain(&format!("{field}[{place}]"), what);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    #[test]
    fn a_claim_names_the_nodes_that_faults_strike() {
        let scenario = &lab::find("double-charge").expect("it is a lab").scenario;
        let mut claim = Withstood::default();
        let any = claim.sentence(scenario);
        assert!(!any.contains("strike"), "{any}");
        claim.nodes = NodeSet::parse("alice+bank", &scenario.names()).expect("they are nodes");
        let some = claim.sentence(scenario);
        let end = "wrong. Faults of nodes only strike alice, bank.";
        assert!(some.ends_with(end), "{some}");
        assert!(some.starts_with("Loss of up to"), "{some}");
    }
}
