//! What a lab claims with the most of its defences on. A challenge is to break that, or to keep it with fewer.

use check::watch::State;
use sim::sorted::Set;

use super::count::Struck;
use crate::checks::Promise;
use crate::lab::Lab;
use crate::weather::Withstood;

/// How many faults a challenge allows, each as often as it strikes.
pub const MOST_FAULTS: u32 = 5;

/// How many of them may be more than the lab claims to withstand.
pub const MOST_BEYOND: u32 = 1;

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

    /// Whether every claim says that it withstands a fault.
    pub fn withstands(&self, struck: &Struck) -> bool {
        self.claims.iter().all(|(_, withstood)| {
            let is_weaker = |most: f64| struck.strength <= most;
            let may_strike = struck
                .nodes
                .is_none_or(|nodes| nodes.is_within(withstood.nodes));
            withstood.strength(struck.fault).is_some_and(is_weaker) && may_strike
        })
    }

    /// Whether any of its checks says this, of what each check of the run says in order.
    pub fn has(&self, states: &[State], state: State) -> bool {
        let said = |(check, _): &(usize, &Withstood)| states.get(*check) == Some(&state);
        self.claims.iter().any(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab;
    use crate::weather::Fault;

    #[test]
    fn most_labs_have_a_contract_and_it_has_the_most_defences_on() {
        let with = lab::labs().iter().filter(|lab| Contract::of(lab).is_some());
        assert!(with.count() > 10);
        let lab = lab::find("double-charge").expect("it is a lab");
        let contract = Contract::of(lab).expect("it claims something");
        assert_eq!(contract.on.len(), 3);
        assert_eq!(contract.claims.len(), 2);
    }

    #[test]
    fn a_fault_is_withstood_up_to_its_strength() {
        let lab = lab::find("double-charge").expect("it is a lab");
        let contract = Contract::of(lab).expect("it claims something");
        let loss = |strength| Struck {
            fault: Fault::Loss,
            strength,
            nodes: None,
            times: 1,
        };
        assert!(contract.withstands(&loss(0.3)));
        assert!(!contract.withstands(&loss(0.31)));
        let wipe = Struck {
            fault: Fault::Wipe,
            ..loss(1.0)
        };
        assert!(!contract.withstands(&wipe));
    }
}
