//! Who voted for which of two leaders of one term, where nobody voted for both.

use sim::NodeId;

use super::members::Members;

/// The votes for two leaders, and what follows from them.
#[derive(Clone, Debug)]
pub(super) struct Sides {
    voters: [Vec<NodeId>; 2],
    why: Option<Reason>,
}

#[derive(Clone, Copy, Debug)]
enum Reason {
    /// They had logged different members, by which they may go.
    Members,
    /// They have changed, and the latest sets that both have logged are the same: somebody goes by others.
    SameMembers,
    /// No members have changed, so one of them has too few votes of this term; this node voted for it before, and may have been
    /// counted again.
    Older {
        voter: NodeId,
        leader: NodeId,
        term: i64,
    },
}

impl Sides {
    /// The sides, as far as votes are known: each is a term, a voter and a candidate. `members` are those that each leader had logged;
    /// nothing if no members have changed at all.
    pub fn of(
        term: i64,
        leaders: [NodeId; 2],
        votes: &[(i64, NodeId, i64)],
        members: Option<[Members; 2]>,
    ) -> Option<Sides> {
        let is_for = |leader: NodeId, candidate: i64| candidate == i64::from(leader.0);
        let voters = leaders.map(|leader| -> Vec<NodeId> {
            let own = votes
                .iter()
                .filter(|(of, _, candidate)| *of == term && is_for(leader, *candidate));
            own.map(|(_, voter, _)| *voter).collect()
        });
        if voters.iter().any(Vec::is_empty) {
            return None;
        }
        let few = usize::from(voters[1].len() <= voters[0].len());
        let older = || {
            let leader = leaders[few];
            let before = votes.iter().filter(|(of, voter, candidate)| {
                *of < term && is_for(leader, *candidate) && !voters[few].contains(voter)
            });
            let &(term, voter, _) = before.max_by_key(|(of, ..)| *of)?;
            Some(Reason::Older {
                voter,
                leader,
                term,
            })
        };
        let why = match members {
            Some([Members::Unknown, _] | [_, Members::Unknown]) => None,
            Some([one, other]) if one != other => Some(Reason::Members),
            Some([Members::Set(_), _]) => Some(Reason::SameMembers),
            Some(_) => None,
            None => older(),
        };
        Some(Sides { voters, why })
    }

    /// The sides in words.
    pub fn sentence(&self, leaders: [NodeId; 2], name: &dyn Fn(NodeId) -> String) -> String {
        let [one, other] = leaders.map(name);
        let [some, others] = [0, 1].map(|side| {
            let names: Vec<String> = self.voters[side].iter().map(|node| name(*node)).collect();
            joined(&names)
        });
        let votes = format!("{some} voted for {one}, and {others} for {other}");
        match self.why {
            None => votes,
            Some(Reason::Members) => {
                format!("{votes}, because the two had logged different members")
            }
            Some(Reason::SameMembers) => {
                format!("{votes}, although both had logged the same members")
            }
            Some(Reason::Older {
                voter,
                leader,
                term,
            }) => format!(
                "{votes}; {} may also have counted the vote that {} gave it in term {term}",
                name(leader),
                name(voter)
            ),
        }
    }
}

/// As in *a, b and c*.
fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}
