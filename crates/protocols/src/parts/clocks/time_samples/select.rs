//! Which servers agree, by the intersection algorithm, and the time that they agree on.

/// The time that a server gives, and how wrong it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// The offset of the server.
    pub offset: i64,
    /// How wrong the offset can be.
    pub bound: i64,
}

impl Candidate {
    fn low(&self) -> i64 {
        self.offset - self.bound
    }

    fn high(&self) -> i64 {
        self.offset + self.bound
    }
}

/// The places of the *truechimers*: the candidates whose interval overlaps the intersection. None if no majority of the
/// `servers` that were asked agrees: a server that has not answered agrees with none.
pub fn truechimers(candidates: &[Candidate], servers: usize) -> Vec<usize> {
    let Some((low, high)) = intersection(candidates, servers) else {
        return Vec::new();
    };
    let places = candidates.iter().enumerate();
    places
        .filter(|(_, candidate)| candidate.low() <= high && candidate.high() >= low)
        .map(|(place, _)| place)
        .collect()
}

/// The interval that contains the true offset if as few candidates as possible, and fewer than half of the servers, are
/// falsetickers (RFC 5905, section 11.2.1). It reaches from the lowest to the highest point that enough intervals share. At
/// most as many offsets lie outside it as there are falsetickers. Marzullo's interval lacks this condition, and can be so
/// narrow that it contains no offset at all.
fn intersection(candidates: &[Candidate], servers: usize) -> Option<(i64, i64)> {
    let falsetickers = (0..).take_while(|false_ones| 2 * false_ones < servers);
    falsetickers
        .filter_map(|false_ones| {
            let (low, high) = shared_by(candidates, servers - false_ones)?;
            let is_outside = |one: &&Candidate| one.offset < low || one.offset > high;
            let outside = candidates.iter().filter(is_outside).count();
            (outside <= false_ones).then_some((low, high))
        })
        .next()
}

/// The lowest and the highest offset that can be the true one as long as fewer than half of the `servers` that were asked
/// are wrong, however many of those are wrong and by however little (Marzullo, *Maintaining the time in a distributed
/// system*, 1984). All of the wrong ones can be among those that have answered. None if these are so few that each can be
/// wrong, or if they contradict each other so much that more are wrong.
pub fn agreed(candidates: &[Candidate], servers: usize) -> Option<(i64, i64)> {
    let wrong = servers.saturating_sub(1) / 2;
    let right = candidates.len().checked_sub(wrong)?;
    (right > 0).then(|| shared_by(candidates, right))?
}

/// The lowest and the highest point that at least `enough` intervals contain.
fn shared_by(candidates: &[Candidate], enough: usize) -> Option<(i64, i64)> {
    let is_shared = |point: &i64| {
        let holds = |one: &&Candidate| one.low() <= *point && *point <= one.high();
        candidates.iter().filter(holds).count() >= enough
    };
    // The lowest such point is the beginning of an interval, and the highest is the end of one.
    let low = candidates.iter().map(Candidate::low).filter(is_shared);
    let high = candidates.iter().map(Candidate::high).filter(is_shared);
    low.min().zip(high.max())
}

/// The mean offset of the candidates. The weight of a candidate is inverse to how wrong it can be.
pub fn combined(candidates: &[Candidate]) -> Option<i64> {
    let weights = candidates
        .iter()
        .map(|one| WEIGHT / i128::from(one.bound.max(1)));
    let all: i128 = weights.clone().sum();
    let sum: i128 = candidates
        .iter()
        .zip(weights)
        .map(|(one, weight)| i128::from(one.offset) * weight)
        .sum();
    // To the nearest nanosecond.
    (all > 0).then(|| (2 * sum + all).div_euclid(2 * all) as i64)
}

/// The weight of a candidate that can be wrong by one nanosecond.
const WEIGHT: i128 = 1 << 60;

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(all: &[(i64, i64)]) -> Vec<Candidate> {
        all.iter()
            .map(|(offset, bound)| Candidate {
                offset: *offset,
                bound: *bound,
            })
            .collect()
    }

    /// Which candidates, by offset and bound, agree.
    fn check(all: &[(i64, i64)], agree: &[usize]) {
        assert_eq!(truechimers(&candidates(all), all.len()), agree, "{all:?}");
    }

    #[test]
    fn a_server_that_does_not_overlap_the_majority_is_rejected() {
        check(&[(10, 5), (12, 5), (900, 5), (11, 3)], &[0, 1, 3]);
        // A candidate with a wide interval agrees with almost everything.
        check(&[(10, 5), (12, 5), (900, 1000), (11, 3)], &[0, 1, 2, 3]);
        check(&[(7, 1)], &[0]);
    }

    #[test]
    fn without_a_majority_every_server_is_rejected() {
        check(&[(10, 5), (900, 5)], &[]);
        check(&[(10, 5), (12, 5), (900, 5), (901, 5)], &[]);
        check(&[], &[]);
    }

    #[test]
    fn intervals_that_touch_without_a_majority_of_offsets_in_common_do_not_agree() {
        // All three share the points from 8 to 12, and none has its offset there; two of three would be a majority.
        let wide = candidates(&[(0, 12), (20, 12), (21, 13)]);
        assert_eq!(shared_by(&wide, 3), Some((8, 12)));
        assert_eq!(intersection(&wide, 3), Some((8, 32)));
        assert_eq!(intersection(&candidates(&[(0, 12), (20, 12)]), 2), None);
    }

    #[test]
    fn servers_that_have_not_answered_agree_with_none() {
        let two = candidates(&[(10, 5), (12, 5)]);
        assert_eq!(truechimers(&two, 3), [0, 1]);
        assert_eq!(truechimers(&two, 4), []);
    }

    #[test]
    fn what_is_agreed_contains_the_truth_though_one_server_is_a_little_wrong() {
        // The true offset is -18: the third server's interval does not contain it, and overlaps the others.
        let three = candidates(&[(0, 20), (0, 20), (17, 20)]);
        assert_eq!(shared_by(&three, 3), Some((-3, 20)));
        assert_eq!(agreed(&three, 3), Some((-20, 20)));
    }

    #[test]
    fn what_is_agreed_contains_the_truth_though_a_right_server_is_silent() {
        // The true offset is 0, and one of the two that have answered is wrong: neither can be told from the other.
        let two = candidates(&[(5, 5), (15, 8)]);
        assert_eq!(agreed(&two, 3), Some((0, 23)));
        assert_eq!(agreed(&two, 5), None);
        assert_eq!(agreed(&candidates(&[(5, 5), (15, 2)]), 2), None);
        assert_eq!(agreed(&[], 1), None);
    }

    #[test]
    fn a_server_that_can_be_wrong_by_less_has_more_weight() {
        let together = combined(&candidates(&[(100, 10), (200, 30)]));
        assert_eq!(together, Some(125));
        let behind = combined(&candidates(&[(-100, 10), (-200, 30)]));
        assert_eq!(behind, Some(-125));
        assert_eq!(combined(&[]), None);
    }
}
