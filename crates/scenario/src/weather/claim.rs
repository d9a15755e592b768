//! What a claim withstands, as a lab's file says it.

use sim::SimDuration;

use super::fault::{Fault, MOST_FAULTS};
use crate::checks::Promise;
use crate::document::Fields;
use crate::model::Scenario;
use crate::terms::quantity::{Range, Unit, shortened};
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

/// How long a fault lasts at most that has a strength but no length of its own.
pub(super) const LONGEST: f64 = 8e9;

impl Withstood {
    /// Every fault but lost disks, of any link and node; faults of disks where there are disks.
    pub fn usual(scenario: &Scenario) -> Withstood {
        Withstood {
            strengths: Fault::ALL.map(|entry| entry.usual_in(scenario)),
            nodes: NodeSet::ALL,
            recovers: SimDuration::from_nanos_f64(RECOVERS),
        }
    }

    /// Every fault, as strong as it usually is; where there are disks, one of them may be lost.
    pub fn any(scenario: &Scenario) -> Withstood {
        let mut any = Withstood::usual(scenario);
        any.strengths[Fault::Wipe as usize] = scenario.protocol.has_disks.then_some(1.0);
        any
    }

    /// How strong a kind of fault may be, if it is withstood at all.
    pub fn strength(&self, fault: Fault) -> Option<f64> {
        self.strengths[fault as usize]
    }

    /// The kinds of faults that it withstands, each with its strength.
    pub fn faults(&self) -> impl Iterator<Item = (Fault, f64)> {
        let rows = Fault::ALL.into_iter().zip(self.strengths);
        rows.filter_map(|(entry, strength)| Some((entry.fault, strength?)))
    }

    /// Whether faults of nodes leave out some of them.
    pub fn spares_nodes(&self) -> bool {
        self.nodes != NodeSet::ALL
    }

    /// The kinds of faults that are usual, and that it does not withstand, or not as strong. What crashes a node goes without
    /// saying where crashes are not withstood.
    pub fn lacks(&self, scenario: &Scenario) -> impl Iterator<Item = Fault> {
        let goes_without_saying = |fault: Fault| {
            fault != Fault::Crash && fault.crashes() && self.strength(Fault::Crash).is_none()
        };
        let rows = Fault::ALL.into_iter().zip(self.strengths);
        let lacking = rows.filter(move |(entry, strength)| {
            *strength < entry.usual_in(scenario) && !goes_without_saying(entry.fault)
        });
        lacking.map(|(entry, _)| entry.fault)
    }

    /// What it withstands, in a sentence about a promise of this kind. What is safe holds while the faults last; all else holds
    /// again some time after them.
    pub fn sentence(&self, promise: Promise, scenario: &Scenario) -> String {
        let faults: Vec<String> = self
            .faults()
            .map(|(fault, strength)| fault.entry().sentence(strength))
            .collect();
        let is_safe = promise == Promise::Safety;
        if faults.is_empty() {
            let none = if is_safe {
                "Withstands no fault at all."
            } else {
                "Holds in calm alone."
            };
            return none.to_owned();
        }
        let begins = if is_safe {
            "Withstands:".to_owned()
        } else {
            let recovers = self.recovers.as_nanos() as f64;
            format!("Holds again {} after:", Unit::Duration.display(recovers))
        };
        let mut sentence = format!("{begins} {}", faults.join("; "));
        if !is_safe && self.faults().any(|(fault, _)| fault.passes()) {
            let longest = Unit::Duration.display(LONGEST);
            sentence.push_str(&format!(
                ". Loss, duplicates, damage, delays and slowness last up to {longest}"
            ));
        }
        if self.spares_nodes() {
            let names = self.nodes.format(&scenario.names()).replace('+', ", ");
            sentence.push_str(&format!(". Faults of nodes only strike {names}"));
        }
        sentence.push('.');
        sentence
    }
}

/// Reads what a claim withstands.
pub(crate) fn withstood(mut fields: Fields<'_>, scenario: &Scenario) -> Withstood {
    let mut withstood = Withstood::usual(scenario);
    for fault in excepted(&mut fields, "except") {
        withstood.strengths[fault as usize] = None;
    }
    let no_crash = withstood.strength(Fault::Crash).is_none();
    for entry in &Fault::ALL {
        let crashes_anyway = no_crash && entry.fault != Fault::Crash && entry.fault.crashes();
        if crashes_anyway {
            withstood.strengths[entry.fault as usize] = None;
        }
        let Some(strength) = fields.optional_quantity(entry.word, entry.range) else {
            continue;
        };
        if crashes_anyway {
            fields.complain(entry.word, "crashes a node, and crashes are excepted");
        }
        withstood.strengths[entry.fault as usize] = Some(strength);
    }
    let text = fields.text("nodes", 2000, "*");
    match NodeSet::parse(&text, &scenario.names()) {
        Ok(nodes) => withstood.nodes = nodes,
        Err(what) => fields.complain("nodes", format!("is \"{}\": {what}", shortened(&text))),
    }
    withstood.recovers = fields.duration("recovers", Range::duration(0.0, 3600e9), RECOVERS);
    if withstood.recovers > scenario.duration.scaled_permille(500) {
        fields.complain(
            "recovers",
            "is more than half of the run, so little of it is left for faults",
        );
    }
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
        let mut claim = Withstood::usual(scenario);
        let any = claim.sentence(Promise::Safety, scenario);
        assert!(!any.contains("strike"), "{any}");
        claim.nodes = NodeSet::parse("alice+bank", &scenario.names()).expect("they are nodes");
        let some = claim.sentence(Promise::Safety, scenario);
        let end = ". Faults of nodes only strike alice, bank.";
        assert!(some.ends_with(end), "{some}");
        assert!(some.starts_with("Withstands: loss of up to"), "{some}");
    }

    /// While faults last, only what is safe is promised.
    #[test]
    fn what_is_not_safe_is_said_to_hold_again_after_the_faults() {
        let mut told = [0, 0];
        for lab in lab::labs() {
            for claim in &lab.expectations {
                let Some(withstood) = &claim.withstands else {
                    continue;
                };
                let promise = lab.scenario.checks[claim.check].kind.promise;
                let sentence = withstood.sentence(promise, &lab.scenario);
                let is_safe = promise == Promise::Safety;
                assert_eq!(sentence.starts_with("Withstands"), is_safe, "{sentence}");
                assert_eq!(sentence.starts_with("Holds again "), !is_safe, "{sentence}");
                let says_how_long = sentence.contains("last up to 8\u{a0}s");
                assert_eq!(says_how_long, !is_safe, "{sentence}");
                told[usize::from(is_safe)] += 1;
            }
        }
        assert!(told[0] > 5 && told[1] > 20, "{told:?}");
    }

    /// The problems of a claim of double-charge that withstands this.
    fn problems(withstands: &serde_json::Value) -> String {
        let mut labs = lab::carried().into_iter();
        let mut lab = labs
            .find(|lab| lab["id"] == "double-charge")
            .expect("it is a lab");
        lab["expectations"] =
            serde_json::json!([{ "check": "exactly-once", "withstands": withstands }]);
        let problems = lab::Lab::from_value(&lab).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_claim_leaves_faults_time_and_crashes_no_node_that_must_not_crash() {
        assert_eq!(problems(&serde_json::json!({ "except": ["crash"] })), "");
        let torn = problems(&serde_json::json!({ "except": ["crash"], "torn": 0.5 }));
        assert!(torn.contains("crashes are excepted"), "{torn}");
        let long = problems(&serde_json::json!({ "recovers": "1h" }));
        assert!(long.contains("more than half of the run"), "{long}");
    }
}
