//! What a lab claims with the most of its defences on. A challenge is to break that, or to keep it with fewer.

use sim::sorted::Set;

use super::Lab;
use crate::challenge::Aim;
use crate::checks::Promise;
use crate::weather::Withstood;

/// The claims of a lab about what must never happen, with the most of its defences on.
pub struct Contract<'l> {
    /// The defences that are on.
    pub on: Set<&'static str>,
    /// Each check that is claimed to hold, by its place, with the weather in which it does.
    pub claims: Vec<(usize, &'l Withstood)>,
}

impl<'l> Contract<'l> {
    /// The contract of a lab; nothing if it claims nothing of the kind for any defence of its own.
    pub fn of(lab: &'l Lab) -> Option<Contract<'l>> {
        let (scenario, mut best) = (&lab.scenario, None::<Contract<'l>>);
        for claim in &lab.expectations {
            let is_safe = scenario.checks[claim.check].kind.promise == Promise::Safety;
            let Some(withstood) = claim.withstands.as_ref().filter(|_| is_safe) else {
                continue;
            };
            if !claim.link.is_empty() {
                continue;
            }
            let on = claim.defences(scenario);
            match &mut best {
                Some(best) if best.on == on => best.claims.push((claim.check, withstood)),
                Some(best) if best.on.len() >= on.len() => {}
                _ => {
                    let claims = vec![(claim.check, withstood)];
                    best = Some(Contract { on, claims });
                }
            }
        }
        best.filter(|contract| lab.switches.iter().any(|id| contract.on.contains(id)))
    }

    /// The defences with which a challenge of this lab begins: all of what is to be broken, or none of those that can be switched.
    pub fn begins(self, lab: &Lab, aim: Aim) -> Set<&'static str> {
        match aim {
            Aim::Break => self.on,
            Aim::Save => {
                let mut on = lab.scenario.defences.clone();
                on.retain(|id| !lab.switches.contains(id));
                on
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;

    #[test]
    fn most_labs_have_a_contract_and_it_has_the_most_defences_on() {
        let with = lab::labs().iter().filter(|lab| Contract::of(lab).is_some());
        assert!(with.count() > 10);
        let lab = lab::find("double-charge").expect("it is a lab");
        let contract = Contract::of(lab).expect("it claims something");
        assert_eq!(contract.on.len(), 3);
        assert_eq!(contract.claims.len(), 2);
    }
}
