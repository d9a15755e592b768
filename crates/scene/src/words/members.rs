//! A set of members that an entry of a log sets, in words.

use scenario::Run;
use sim::protocol::Argument;

use super::vocabulary;

/// Servers by their places, the first one as the lowest bit.
type Places = u8;

/// A set of members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Members {
    voters: Places,
    /// In a joint set, those who voted before.
    outgoing: Places,
    learners: Places,
}

impl Members {
    /// The members that an entry sets, if it does. The number of its content is -1 - n then, and n has a byte each for who
    /// votes, who voted before, and who learns, in this order.
    pub fn of(content: i64) -> Option<Members> {
        let bits = u64::try_from(content.checked_neg()?.checked_sub(1)?).ok()?;
        let [.., voters, outgoing, learners] = bits.to_be_bytes();
        Some(Members {
            voters,
            outgoing,
            learners,
        })
    }

    /// In few characters, as in `{123→345+6}`: each digit is a server's number, as in the operation that asks for them.
    pub fn brief(self) -> String {
        let digits = |group: Places| -> String {
            let numbers = places(group).map(|place| (place + 1).to_string());
            numbers.collect()
        };
        let from = match self.outgoing {
            0 => String::new(),
            outgoing => format!("{}→", digits(outgoing)),
        };
        let and = match self.learners {
            0 => String::new(),
            learners => format!("+{}", digits(learners)),
        };
        format!("{{{from}{}{and}}}", digits(self.voters))
    }

    /// By their names, as in `the members n1, n2 and n3, and n4 without a vote`.
    pub fn named(self, run: &Run) -> String {
        let operations = run.timeline().machine().vocabulary().operations;
        let asks = operations.iter().find(|one| one.takes == Argument::Nodes);
        let names = asks.map_or_else(Vec::new, |asks| run.scenario().knowing(asks));
        let listed = |group: Places| {
            let named = places(group).filter_map(|place| names.get(place));
            vocabulary::listed(&named.map(String::as_str).collect::<Vec<_>>())
        };
        let mut words = format!("the members {}", listed(self.voters));
        if self.outgoing != 0 {
            words = format!(
                "the members {} jointly with {}",
                listed(self.outgoing),
                listed(self.voters)
            );
        }
        if self.learners != 0 {
            words += &format!(", and {} without a vote", listed(self.learners));
        }
        words
    }
}

fn places(group: Places) -> impl Iterator<Item = usize> {
    (0..8).filter(move |place| group >> place & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_members_is_told_briefly_and_by_names() {
        let (run, problems) = Run::open("#/raft-members");
        assert_eq!(problems, []);
        for (content, brief, named) in [
            (-1_835_009, "{345}", "the members n3, n4 and n5"),
            (
                -458_777,
                "{123+45}",
                "the members n1, n2 and n3, and n4 and n5 without a vote",
            ),
            (
                -1 - (0b11100 << 16 | 0b111 << 8),
                "{123→345}",
                "the members n1, n2 and n3 jointly with n3, n4 and n5",
            ),
        ] {
            let members = Members::of(content).expect("it sets members");
            assert_eq!(members.brief(), brief);
            assert_eq!(members.named(&run), named);
        }
        assert_eq!(Members::of(0), None);
        assert_eq!(Members::of(7), None);
    }
}
