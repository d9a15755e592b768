//! What a lab claims: what a check says in how many seeds, with which defences.

use sim::sorted::Set;

use crate::document::Fields;
use crate::document::read::defences;
use crate::model::Scenario;
use crate::terms::quantity::Range;
use crate::variant::Variant;
use crate::weather::{Withstood, withstood};

use super::parts::{place, query};

/// A claim about a check. What it does not name, and what its link does not say, is as in the lab's
/// scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// The defences that are switched off.
    pub off: Vec<&'static str>,
    /// The defences that are switched on.
    pub on: Vec<&'static str>,
    /// What else is different, as a link says it after the `?`.
    pub link: String,
    /// The check, by its place in the scenario.
    pub check: usize,
    /// What the check says.
    pub verdict: Expected,
    /// The weather in which it holds, if it is that something holds.
    pub withstands: Option<Withstood>,
}

/// What a check is expected to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expected {
    /// It is never violated.
    Holds,
    /// It is violated in at least this share of all seeds.
    Violated(f64),
    /// It is violated in at most this share of all seeds.
    Rare(f64),
}

impl Expected {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Expected::Holds => "holds",
            Expected::Violated(_) => "violated",
            Expected::Rare(_) => "rare",
        }
    }

    /// The share of seeds that bounds it: from below if it is violated, else from above.
    pub fn share(self) -> f64 {
        match self {
            Expected::Holds => 0.0,
            Expected::Violated(share) | Expected::Rare(share) => share,
        }
    }
}

impl Expectation {
    /// The defences that are on, for a lab's scenario.
    pub fn defences(&self, scenario: &Scenario) -> Set<&'static str> {
        let mut defences = scenario.defences.clone();
        defences.extend(self.on.iter().copied());
        defences.retain(|id| !self.off.contains(id));
        defences
    }

    /// What it says of switches and settings, as a link says it after the `?`.
    pub fn query(&self) -> String {
        let mut pairs = Vec::new();
        for (key, ids) in [("on", &self.on), ("off", &self.off)] {
            if !ids.is_empty() {
                pairs.push(format!("{key}={}", ids.join(",")));
            }
        }
        pairs.extend((!self.link.is_empty()).then(|| self.link.clone()));
        pairs.join("&")
    }

    /// The scenario that it is claimed for, given the lab's.
    pub fn variant(&self, scenario: &Scenario) -> Variant {
        let mut variant = Variant::of(scenario.clone());
        variant.apply(&self.link);
        variant.scenario.defences = self.defences(&variant.scenario);
        variant
    }
}

/// Reads a claim; nothing if it names no check.
pub(super) fn expectation(mut fields: Fields<'_>, scenario: &Scenario) -> Option<Expectation> {
    let checks = scenario.checks.iter().map(|check| check.id.as_str());
    let check = place(&mut fields, "check", checks);
    let off = defences(&mut fields, "off", Some(scenario.protocol));
    let on = defences(&mut fields, "on", Some(scenario.protocol));
    let link = query(&mut fields, scenario);
    let has_own_field = |pair: &str| {
        ["on=", "off=", "seed="]
            .iter()
            .any(|key| pair.starts_with(key))
    };
    if link.split('&').any(has_own_field) {
        fields.complain("link", "has switches or a seed; switches are in `on` and `off`, and it is claimed of every seed");
    }
    let share = fields.optional_quantity("share", Range::SHARE);
    let verdicts = [
        ("holds", Expected::Holds),
        ("violated", Expected::Violated(share.unwrap_or(0.5))),
        ("rare", Expected::Rare(share.unwrap_or(0.05))),
    ];
    let verdict = fields.choice("verdict", &verdicts, Expected::Holds);
    let said = fields.object("withstands");
    if said.is_some() && verdict != Expected::Holds {
        fields.complain("withstands", "is said of what does not hold");
    }
    let said = said.map(|fields| withstood(fields, scenario));
    let withstands =
        (verdict == Expected::Holds).then(|| said.unwrap_or_else(|| Withstood::usual(scenario)));
    if verdict == Expected::Holds && share.is_some_and(|share| share > 0.0) {
        fields.complain("share", "is more than 0, but what holds is never violated");
    }
    if let Some(twice) = on.iter().find(|id| off.contains(id)) {
        fields.complain("on", format!("names \"{twice}\", which is off too"));
    }
    if check.is_none() {
        fields.complain("check", "must name a check of the scenario");
    }
    fields.finish();
    check.map(|check| Expectation {
        off,
        on,
        link,
        check,
        verdict,
        withstands,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::lab::{self, Lab};

    /// The problems of a claim whose runs a link changes.
    fn problems(link: &str) -> Vec<String> {
        let mut labs = lab::carried().into_iter();
        let mut lab = labs
            .find(|lab| lab["id"] == "double-charge")
            .expect("it is a lab");
        lab["expectations"] = json!([{ "check": "exactly-once", "link": link }]);
        let problems = Lab::from_value(&lab).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_claims_link_may_turn_knobs_and_nothing_that_has_a_field_of_its_own() {
        assert_eq!(problems("timeout=2s&do=crash:bank@3s"), [""; 0]);
        for (link, of) in [
            ("timeout=2s&on=idempotency-key", "switches or a seed"),
            ("seed=3", "switches or a seed"),
            ("loss=lots", "loss"),
        ] {
            let problems = problems(link);
            let [problem] = &problems[..] else {
                panic!("{link}: {problems:?}")
            };
            assert!(problem.contains(of), "{link}: {problem}");
        }
    }
}
