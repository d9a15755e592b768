//! What nodes believe that they alone have. Of two such beliefs one is wrong: the one with the lower number, which the
//! other has made out of date.

use sim::protocol::{Claim, Claimed, Description};
use sim::{NodeId, Status};

use super::layout::Words;
use super::moment::Moment;
use crate::shapes::Ink;

impl Moment<'_> {
    /// What every node believes that it alone has; a crashed one believes nothing.
    pub(super) fn find_claims(&self) -> Vec<Option<Claim>> {
        let machine = self.run.timeline().machine();
        let claim = |node: NodeId| {
            let is_up = self.kernel.status(node) != Status::Crashed;
            is_up.then(|| machine.claim(node)).flatten()
        };
        self.all_nodes().map(claim).collect()
    }

    pub(super) fn claim(&self, node: NodeId) -> Option<Claim> {
        self.claims[node.index()]
    }

    /// Whether a node believes that it alone has what another has got since. No node can know that.
    pub(super) fn is_out_of_date(&self, node: NodeId) -> bool {
        let Some(own) = self.claim(node) else {
            return false;
        };
        let later = |other: &Claim| other.to == own.to && other.number > own.number;
        self.look.is_from_outside() && self.claims.iter().flatten().any(later)
    }

    /// What a node believes or does, in a line: what it believes that it alone has comes first.
    pub(super) fn state_line(&self, node: NodeId) -> Option<(String, Ink)> {
        let claim = self.claim(node);
        if let Some(claim) = claim.filter(|_| self.layout.words >= Words::Names) {
            if self.is_out_of_date(node) {
                return Some((words(claim), Ink::Danger));
            }
            if self.layout.words >= Words::States {
                return Some((self.claim_line(node, claim), Ink::Ink));
            }
        }
        let runs = self.kernel.status(node) == Status::Running;
        let is_told = runs && self.layout.words >= Words::States;
        is_told.then(|| (self.described(node).badge, Ink::Muted))
    }

    /// A node's role and term, as short as can be: `F3`.
    pub(super) fn role_and_term(&self, node: NodeId) -> Option<String> {
        let described = self.described(node);
        let (role, term) = (described.value("role")?, described.value("term")?);
        let letter = role.chars().next()?.to_ascii_uppercase();
        Some(format!("{letter}{term}"))
    }

    /// Whom a node voted for, and how far it has come in its log.
    pub(super) fn log_line(&self, node: NodeId) -> Option<String> {
        let described = self.described(node);
        let value = |name| described.value(name);
        let (vote, committed, applied) = (value("vote")?, value("committed")?, value("applied")?);
        Some(format!(
            "vote {vote}, committed {committed}, applied {applied}"
        ))
    }

    /// A claim, with what else its node has to say.
    fn claim_line(&self, node: NodeId, claim: Claim) -> String {
        let (words, badge) = (words(claim), self.described(node).badge);
        if claim.leads() && !badge.starts_with("leads") {
            format!("{words}; {badge}")
        } else {
            words
        }
    }

    pub(super) fn described(&self, node: NodeId) -> Description {
        let name = |node: NodeId| self.run.scenario().name(node);
        self.run.timeline().machine().describe(node, &name)
    }
}

/// A claim in the words of the node that makes it.
fn words(claim: Claim) -> String {
    let number = claim.number;
    match claim.to {
        Claimed::Leadership => format!("I lead, term {number}"),
        Claimed::Lock => format!("I hold the lock, token {number}"),
    }
}

#[cfg(test)]
mod tests {
    use scenario::Run;
    use scenario::view::View;

    use crate::look::Look;
    use crate::shapes::{Ink, Shape};
    use crate::views::draw;

    /// The beliefs about the lock that are drawn, with whether they are red.
    fn beliefs(link: &str, look: Look) -> Vec<(String, bool)> {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let shapes = draw(View::World, &run, look, 750.0, 480.0).shapes;
        let beliefs = shapes.into_iter().filter_map(|shape| match shape {
            Shape::Text(text) if text.words.starts_with("I ") => {
                Some((text.words, text.ink == Ink::Danger))
            }
            _ => None,
        });
        beliefs.collect()
    }

    #[test]
    fn two_who_hold_the_lock_are_seen_at_once_and_the_earlier_one_is_wrong() {
        let both = beliefs("#/lease-and-pause?t=4.2s", Look::default());
        let expected = [
            ("I hold the lock, token 1", true),
            ("I hold the lock, token 2", false),
        ];
        assert_eq!(both, expected.map(|(words, red)| (words.to_owned(), red)));
    }

    /// All that is written in a picture of this size.
    fn texts(link: &str, (width, height): (f64, f64)) -> Vec<String> {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let shapes = draw(View::World, &run, Look::default(), width, height).shapes;
        let texts = shapes.into_iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text.words),
            _ => None,
        });
        texts.collect()
    }

    #[test]
    fn each_server_of_raft_tells_its_role_and_term_also_on_a_phone() {
        let link = "#/raft?on=previous-entry-check&t=2s";
        for size in [
            (358.0, 304.0),
            (358.0, 233.0),
            (326.0, 210.0),
            (800.0, 460.0),
        ] {
            let texts = texts(link, size);
            let tells =
                |text: &&String| ["L2", "F2"].contains(&text.as_str()) || text.ends_with("term 2");
            let told = texts.iter().filter(tells).count();
            assert_eq!(told, 5, "{size:?}: {texts:?}");
        }
        let wide = texts(link, (800.0, 460.0));
        let logs = wide
            .iter()
            .filter(|text| text.contains("committed") && text.contains("applied"));
        assert!(logs.count() > 2, "{wide:?}");
    }

    /// Where messages that are accused, and what is violated, come close to it.
    #[test]
    fn what_a_server_says_goes_before_what_messages_say() {
        let lab = scenario::lab::find("raft-rules").expect("it is a lab");
        let both = lab
            .tries
            .iter()
            .find(|one| one.text.contains("Two servers at once"));
        let both = format!("#/raft-rules?rev=8&{}", both.expect("it is tried").link);
        let both = both.replace("t=4.7s", "t=6.5s");
        for size in [(960.0, 540.0), (900.0, 520.0)] {
            let texts = texts(&both, size);
            let leaders = texts.iter().filter(|text| *text == "I lead, term 3");
            assert_eq!(leaders.count(), 2, "{size:?}: {texts:?}");
        }
        let texts = texts("#/raft-commit?rev=8&t=6.74s", (960.0, 540.0));
        let logs = texts.iter().filter(|text| text.contains(", committed "));
        assert_eq!(logs.count(), 4, "{texts:?}");
        assert!(
            texts.iter().any(|text| text.ends_with("at index 3!")),
            "{texts:?}"
        );
    }

    #[test]
    fn no_node_can_see_that_its_belief_is_out_of_date() {
        let seen_by_ann = Look {
            perspective: Some(sim::NodeId(0)),
            ..Look::default()
        };
        let mut own = beliefs("#/lease-and-pause?t=4.2s", seen_by_ann);
        // What it believes in sentences stands beside it.
        own.retain(|(words, _)| !words.ends_with('.'));
        assert_eq!(own, [("I hold the lock, token 1".to_owned(), false)]);
    }
}
