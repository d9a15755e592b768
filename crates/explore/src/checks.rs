//! Which checks an order can be judged by.

use scenario::checks::Promise;
use scenario::document::{CheckSettings, Scenario};

use crate::refused::Refused;

/// The checks that are judged: the one of this name, or all about safety.
pub(crate) fn judged(
    scenario: &Scenario,
    check: Option<&str>,
) -> Result<Vec<CheckSettings>, Refused> {
    let Some(id) = check else {
        let safe = scenario.checks.iter().filter(|check| is_safety(check));
        let safe: Vec<CheckSettings> = safe.cloned().collect();
        return match safe.is_empty() {
            true => Err(Refused::NothingToJudge),
            false => Ok(safe),
        };
    };
    let named = scenario.checks.iter().find(|check| check.id == id);
    let named = named.ok_or_else(|| Refused::Unknown {
        check: id.to_owned(),
        known: scenario
            .checks
            .iter()
            .map(|check| check.id.clone())
            .collect(),
    })?;
    match is_safety(named) {
        true => Ok(vec![named.clone()]),
        false => Err(Refused::NoSafety {
            check: id.to_owned(),
            promise: named.kind.promise.word(),
        }),
    }
}

fn is_safety(check: &CheckSettings) -> bool {
    check.kind.promise == Promise::Safety
}
