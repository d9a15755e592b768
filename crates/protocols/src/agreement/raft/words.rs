//! What a server shows of itself, and what it believes, in words.

use sim::protocol::Outlook;

use super::server::{Part, Server};
use crate::describe::words::{counted, seconds};

impl Server {
    /// What it is, in a word; each begins with a letter of its own.
    pub(super) fn role(&self) -> &'static str {
        let members = self.config();
        match self.part {
            Part::Leader(_) => "leader",
            Part::Candidate { .. } => "candidate",
            Part::PreCandidate { .. } => "pre-candidate",
            Part::Follower { .. } if members.deciding().has(self.me) => "follower",
            Part::Follower { .. } if members.learners.has(self.me) => "non-voter",
            Part::Follower { .. } => "outsider",
        }
    }

    pub(super) fn badge(&self, outlook: &Outlook<'_>) -> String {
        let term = self.ballot.term;
        match self.part {
            Part::Leader(_) => format!("leads, term {term}"),
            Part::PreCandidate { .. } => "asks for pre-votes".to_owned(),
            Part::Candidate { .. } => format!("candidate, term {term}"),
            Part::Follower { leader } => {
                let leader = leader.map(|leader| (outlook.name)(self.node(leader)));
                let leader = leader.as_deref().unwrap_or("nobody");
                let members = self.config();
                if members.deciding().has(self.me) {
                    format!("follows {leader}, term {term}")
                } else if members.learners.has(self.me) {
                    format!("learner of {leader}, term {term}")
                } else {
                    format!("no member, term {term}")
                }
            }
        }
    }

    pub(super) fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let term = self.ballot.term;
        let heard = seconds(outlook.monotonic - self.last_heard);
        let mut beliefs = vec![match &self.part {
            Part::Leader(_) => format!("I am the leader of term {term}."),
            Part::PreCandidate { .. } => {
                format!("I last heard a leader {heard} ago. I ask whether I would be elected.")
            }
            Part::Candidate { .. } => {
                format!("I last heard a leader {heard} ago, and stand for election in term {term}.")
            }
            Part::Follower {
                leader: Some(leader),
            } => {
                let leader = (outlook.name)(self.node(*leader));
                format!("{leader} leads term {term}. I heard it {heard} ago.")
            }
            Part::Follower { leader: None } => format!("I know no leader of term {term}."),
        }];
        let open = self.log.last().index.saturating_sub(self.commit);
        if open > 0 {
            let entries = counted(open as usize, "entry");
            let are = if open == 1 { "is" } else { "are" };
            beliefs.push(format!(
                "I do not know whether {entries} of my log {are} committed."
            ));
        }
        if !self.config().deciding().has(self.me) {
            beliefs.push("I am not a voting member.".to_owned());
        }
        beliefs
    }
}
