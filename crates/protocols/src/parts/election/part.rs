//! Follower, candidate or leader, and how each describes itself.

use sim::NodeId;
use sim::protocol::Outlook;

use crate::parts::quorum::Votes;

/// What part a server plays.
#[derive(Clone, Debug, Hash)]
pub(super) enum Part<L> {
    /// It follows a leader, if it knows one.
    Follower { leader: Option<NodeId> },
    /// It asks whether a majority would vote for it.
    PreCandidate { promises: Votes },
    /// It stands for election.
    Candidate { votes: Votes },
    /// It leads, and this is what it has to know for that.
    Leader(Box<L>),
}

impl<L> Part<L> {
    pub(super) fn badge(&self, term: i64, outlook: &Outlook<'_>) -> String {
        match self {
            Part::Leader(_) => format!("leads, term {term}"),
            Part::PreCandidate { .. } => "asks for promises".to_owned(),
            Part::Candidate { .. } => format!("candidate, term {term}"),
            Part::Follower {
                leader: Some(leader),
            } => format!("follows {}", (outlook.name)(*leader)),
            Part::Follower { leader: None } => "follows nobody".to_owned(),
        }
    }

    /// What it believes about who leads; `heard` says how long ago it last heard a leader.
    pub(super) fn belief(&self, term: i64, heard: &str, outlook: &Outlook<'_>) -> String {
        match self {
            Part::Leader(_) => format!("I am the leader of term {term}."),
            Part::PreCandidate { promises } => format!(
                "I last heard a leader {heard} ago, so I believe that nobody leads. {} of the {} votes that I \
                 need are promised.",
                promises.count(),
                promises.needed()
            ),
            Part::Candidate { votes } => format!(
                "I believe that nobody leads. I have {} of the {} votes that I need in term {term}.",
                votes.count(),
                votes.needed()
            ),
            Part::Follower {
                leader: Some(leader),
            } => format!(
                "{} is the leader of term {term}. I last heard it {heard} ago.",
                (outlook.name)(*leader)
            ),
            Part::Follower { leader: None } => format!("I have heard no leader for {heard}."),
        }
    }
}
