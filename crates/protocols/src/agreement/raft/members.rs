//! Who the members are, who of them votes, and what is a majority.

use sim::held::{Held, Measure};

use crate::parts::quorum::{majority, reached};

/// A set of servers, each by its place among all servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Group(u8);

impl Group {
    /// No server.
    pub const NONE: Group = Group(0);

    /// The servers at these places.
    pub fn of(places: impl IntoIterator<Item = u8>) -> Group {
        let places = places.into_iter();
        places.fold(Group::NONE, Group::with)
    }

    /// The group, and the server at this place.
    pub fn with(self, place: u8) -> Group {
        Group(self.0 | 1 << place)
    }

    /// The group without the server at this place.
    pub fn without(self, place: u8) -> Group {
        Group(self.0 & !(1 << place))
    }

    /// The servers of either group.
    pub fn and(self, other: Group) -> Group {
        Group(self.0 | other.0)
    }

    /// The servers of this group that are not in the other.
    pub fn except(self, other: Group) -> Group {
        Group(self.0 & !other.0)
    }

    /// Whether the server at this place belongs to it.
    pub fn has(self, place: u8) -> bool {
        self.0 & 1 << place != 0
    }

    /// Whether nobody belongs to it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The places of its servers, in order.
    pub fn places(self) -> impl Iterator<Item = u8> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let place = rest.trailing_zeros() as u8;
            rest &= rest.checked_sub(1)?;
            Some(place)
        })
    }

    /// The most that a majority of it has reached.
    fn reached<T: Ord + Copy>(self, by: &impl Fn(u8) -> T) -> Option<T> {
        let needed = majority(self.0.count_ones() as u16);
        reached(self.places().map(by), needed)
    }
}

/// A configuration: who has copies of the log, and who decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members {
    /// They decide by majority.
    pub voters: Group,
    /// In a joint configuration, the old voters, of whom a majority has to agree as well; otherwise nobody.
    pub outgoing: Group,
    /// They have copies, and do not vote yet.
    pub learners: Group,
}

impl Members {
    /// These decide, and nobody else has copies.
    pub fn voting(voters: Group) -> Members {
        Members {
            voters,
            ..Members::default()
        }
    }

    /// All that get entries.
    pub fn all(self) -> Group {
        self.deciding().and(self.learners)
    }

    /// All whose votes count.
    pub fn deciding(self) -> Group {
        self.voters.and(self.outgoing)
    }

    /// Whether an old and a new majority have to agree.
    pub fn is_joint(self) -> bool {
        !self.outgoing.is_empty()
    }

    /// The most that a quorum has reached: a majority of the voters, in a joint configuration of the old ones too. Nothing
    /// if nobody votes.
    pub fn reached<T: Ord + Copy>(self, by: impl Fn(u8) -> T) -> Option<T> {
        let new = self.voters.reached(&by)?;
        match self.outgoing.reached(&by) {
            Some(old) => Some(new.min(old)),
            None => Some(new),
        }
    }

    /// Whether these are a quorum.
    pub fn has_quorum(self, yes: Group) -> bool {
        self.reached(|place| yes.has(place)) == Some(true)
    }

    /// The configuration as a number below zero, by which facts tell configurations apart.
    pub fn number(self) -> i64 {
        let bytes = [self.voters.0, self.outgoing.0, self.learners.0];
        -1 - bytes
            .iter()
            .fold(0, |number, byte| number << 8 | i64::from(*byte))
    }
}

/// The configurations in a log, in the order in which it got them. Without the rule *Changes count at once* those that it has lost
/// are kept, so that a place may come twice, or after a later one.
#[derive(Clone, Debug, Hash)]
pub(super) struct Configurations {
    /// The one with which the log begins, and its place.
    first: (u32, Members),
    later: Vec<(u32, Members)>,
}

impl Configurations {
    pub fn new(first: Members) -> Configurations {
        Configurations {
            first: (0, first),
            later: Vec::new(),
        }
    }

    /// The latest one, and its place.
    pub fn latest(&self) -> (u32, Members) {
        self.later.last().copied().unwrap_or(self.first)
    }

    /// The one that counts at a place: of several at the same one, the one that came last.
    pub fn at(&self, index: u32) -> Members {
        let until = self.later.iter().filter(|(place, _)| *place <= index);
        let known = until.max_by_key(|(place, _)| *place);
        known.map_or(self.first.1, |(_, members)| *members)
    }

    pub fn push(&mut self, index: u32, members: Members) {
        self.later.push((index, members));
    }

    /// The log ends before a place: the configurations from there on do not count any more.
    pub fn truncate(&mut self, index: u32) {
        self.later.retain(|(place, _)| *place < index);
    }

    /// The log begins behind a place.
    pub fn compact(&mut self, index: u32) {
        self.first = (index, self.at(index));
        self.later.retain(|(place, _)| *place > index);
    }

    /// The log is another one, which begins behind a place with these members.
    pub fn reset(&mut self, index: u32, members: Members) {
        self.first = (index, members);
        self.later.clear();
    }

    pub fn held(&self, by: Measure) -> usize {
        self.later.held(by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_configuration_needs_both_majorities() {
        let old = Group::of([0, 1, 2]);
        let new = Group::of([2, 3, 4]);
        let joint = Members {
            voters: new,
            outgoing: old,
            learners: Group::NONE,
        };
        assert!(!joint.has_quorum(old));
        assert!(!joint.has_quorum(new));
        assert!(joint.has_quorum(Group::of([0, 2, 3])));
        assert!(!Members::default().has_quorum(Group::of([0, 1])));
    }

    #[test]
    fn a_quorum_has_reached_what_its_slowest_member_has() {
        let members = Members::voting(Group::of([0, 1, 2, 4]));
        let reached = |place| [9, 7, 5, 100, 3][usize::from(place)];
        assert_eq!(members.reached(reached), Some(5));
        assert_eq!(Members::voting(Group::of([1])).reached(reached), Some(7));
    }

    #[test]
    fn a_configuration_counts_from_its_place_on_until_it_is_truncated() {
        let [one, two, three] = [1, 2, 3].map(|count| Members::voting(Group::of(0..count)));
        let mut all = Configurations::new(one);
        all.push(4, two);
        all.push(9, three);
        assert_eq!([3, 4, 9].map(|index| all.at(index)), [one, two, three]);
        all.truncate(9);
        assert_eq!(all.latest(), (4, two));
        all.compact(6);
        assert_eq!((all.latest(), all.at(6)), ((6, two), two));
    }

    #[test]
    fn of_configurations_at_one_place_the_one_that_came_last_counts() {
        let [one, two, three, four] =
            [1, 2, 3, 4].map(|count| Members::voting(Group::of(0..count)));
        let mut all = Configurations::new(one);
        all.push(9, two);
        all.push(4, three);
        assert_eq!(
            [3, 4, 8, 9].map(|index| all.at(index)),
            [one, three, three, two]
        );
        all.push(9, four);
        assert_eq!([8, 9].map(|index| all.at(index)), [three, four]);
    }
}
