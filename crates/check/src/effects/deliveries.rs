use super::{Breach, Effects, Moment, breach};
use crate::verdict::Verdict;
use sim::sorted::Map;

/// How often a request may take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// Not twice; and not at all if it was refused.
    AtMostOnce,
    /// At least once by the end, if it was acknowledged.
    AtLeastOnce,
    /// Both.
    ExactlyOnce,
}

impl Times {
    fn limits(self) -> bool {
        self != Self::AtLeastOnce
    }

    fn demands(self) -> bool {
        self != Self::AtMostOnce
    }
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// A client asked for the effect; attempts for the same effect are one request.
    Asked(u64),
    /// It took effect.
    Applied(u64),
    /// The client was told that it took effect.
    Acknowledged(u64),
    /// The client was told that it did not and will not.
    Refused(u64),
}

#[derive(Clone, Copy, Debug, Default)]
struct Request {
    asked: Option<Moment>,
    applied: Option<Moment>,
    acknowledged: Option<Moment>,
    refused: Option<Moment>,
}

/// Checks how often requests take effect.
#[derive(Clone, Debug)]
pub struct Deliveries {
    times: Times,
    requests: Map<u64, Request>,
    verdict: Verdict<Breach>,
}

impl Deliveries {
    /// A check before any request.
    pub fn new(times: Times) -> Self {
        Self {
            times,
            requests: Map::new(),
            verdict: Verdict::Holds,
        }
    }

    fn applied(&mut self, moment: Moment, id: u64) -> Verdict<Breach> {
        let request = self.requests.entry(id).or_default();
        let before = request.applied.replace(moment);
        match (request.asked, before, request.refused) {
            (None, ..) => breach(moment, &[], format!("request {id} took effect unasked")),
            (_, Some(first), _) if self.times.limits() => breach(
                moment,
                &[first],
                format!(
                    "request {id} took effect at {} and again at {}",
                    first.at, moment.at
                ),
            ),
            (_, _, Some(refused)) if self.times.limits() => breach(
                moment,
                &[refused],
                format!(
                    "request {id} took effect after it had been refused at {}",
                    refused.at
                ),
            ),
            _ => Verdict::Holds,
        }
    }

    fn refused(&mut self, moment: Moment, id: u64) -> Verdict<Breach> {
        let request = self.requests.entry(id).or_default();
        request.refused = Some(moment);
        match request.applied {
            Some(applied) if self.times.limits() => breach(
                moment,
                &[applied],
                format!(
                    "request {id} was refused, but had taken effect at {}",
                    applied.at
                ),
            ),
            _ => Verdict::Holds,
        }
    }
}

impl Effects for Deliveries {
    type Fact = Delivery;

    fn feed(&mut self, moment: Moment, fact: &Delivery) -> &Verdict<Breach> {
        if self.verdict.is_violated() {
            return &self.verdict;
        }
        self.verdict = match *fact {
            Delivery::Asked(id) => {
                self.requests
                    .entry(id)
                    .or_default()
                    .asked
                    .get_or_insert(moment);
                Verdict::Holds
            }
            Delivery::Applied(id) => self.applied(moment, id),
            Delivery::Acknowledged(id) => {
                let request = self.requests.entry(id).or_default();
                request.acknowledged.get_or_insert(moment);
                Verdict::Holds
            }
            Delivery::Refused(id) => self.refused(moment, id),
        };
        &self.verdict
    }

    fn finish(&mut self, moment: Moment) -> &Verdict<Breach> {
        let never = self.requests.iter().find_map(|(id, request)| {
            let acknowledged = request.acknowledged.filter(|_| request.applied.is_none());
            acknowledged.map(|acknowledged| (id, acknowledged))
        });
        if let (Some((id, told)), true, Verdict::Holds) =
            (never, self.times.demands(), &self.verdict)
        {
            let because = format!(
                "request {id} was acknowledged at {} and never took effect",
                told.at
            );
            self.verdict = Verdict::Violated(Breach {
                at: moment.at,
                events: vec![told.event],
                because,
            });
        }
        &self.verdict
    }

    fn verdict(&self) -> &Verdict<Breach> {
        &self.verdict
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::facts;
    use super::*;
    use Delivery::{Acknowledged, Applied, Asked, Refused};

    fn after(times: Times, list: &[Delivery]) -> Option<Vec<u64>> {
        facts(Deliveries::new(times), list)
    }

    #[test]
    fn twice_is_too_often_unless_once_is_the_least() {
        let twice = [Asked(7), Applied(7), Asked(7), Applied(7), Acknowledged(7)];
        assert_eq!(after(Times::AtMostOnce, &twice), Some(vec![3, 1]));
        assert_eq!(after(Times::ExactlyOnce, &twice), Some(vec![3, 1]));
        assert_eq!(after(Times::AtLeastOnce, &twice), None);
    }

    #[test]
    fn never_is_too_seldom_if_it_was_acknowledged() {
        let never = [Asked(7), Acknowledged(7)];
        assert_eq!(after(Times::AtMostOnce, &never), None);
        assert_eq!(after(Times::ExactlyOnce, &never), Some(vec![1]));
        assert_eq!(after(Times::AtLeastOnce, &never), Some(vec![1]));
        assert_eq!(
            after(Times::ExactlyOnce, &[Asked(7)]),
            None,
            "nobody was told"
        );
        assert_eq!(
            after(Times::ExactlyOnce, &[Asked(7), Acknowledged(7), Applied(7)]),
            None
        );
    }

    #[test]
    fn refused_is_not_at_all() {
        assert_eq!(after(Times::AtMostOnce, &[Asked(7), Refused(7)]), None);
        assert_eq!(
            after(Times::AtMostOnce, &[Asked(7), Applied(7), Refused(7)]),
            Some(vec![2, 1])
        );
        assert_eq!(
            after(Times::AtMostOnce, &[Asked(7), Refused(7), Applied(7)]),
            Some(vec![2, 1])
        );
    }

    #[test]
    fn nothing_happens_unasked() {
        assert_eq!(
            after(Times::AtLeastOnce, &[Asked(1), Applied(2)]),
            Some(vec![1])
        );
    }
}
