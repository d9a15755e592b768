//! Which links a cut has taken, of those that are done on purpose.

use sim::NodeId;

use super::Run;
use crate::model::{Cut, CutForm, Deed};
use crate::terms::scope::{NodeSet, Who};

/// The nodes that a cut keeps from each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// Those that the others no longer hear.
    pub from: Vec<NodeId>,
    /// The others; nobody if that is all other nodes.
    pub to: Vec<NodeId>,
    /// Whether the first no longer hear the others, either.
    pub is_both_ways: bool,
}

impl Run {
    /// Whom the cut with this name in events keeps apart, if it is done on purpose, and to nodes that it names.
    pub fn cut_off(&self, name: i64) -> Option<CutOff> {
        let planned = self.scenario().plan.iter().chain(self.deeds());
        let mut cuts = planned.filter_map(|timed| match timed.deed {
            Deed::Cut(cut) => Some(cut),
            _ => None,
        });
        let cut = cuts.find(|cut| i64::from(cut.name()) == name)?;
        self.apart(cut)
    }

    fn apart(&self, cut: Cut) -> Option<CutOff> {
        let count = self.scenario().nodes.len();
        let nodes = |set: NodeSet| set.nodes(count).collect::<Vec<_>>();
        let (from, to, is_both_ways) = match cut.form {
            CutForm::Links(scope) => {
                let (from, to, is_both_ways) = scope.parts();
                (nodes(from), nodes(to), is_both_ways)
            }
            CutForm::Isolate(Who::Nodes(set)) | CutForm::Split(set) => {
                (nodes(set), Vec::new(), true)
            }
            CutForm::Mute(set) => (nodes(set), Vec::new(), false),
            _ => return None,
        };
        let others = |side: &[NodeId]| count - side.len();
        let are_apart = !to.iter().any(|node| from.contains(node));
        let is_of_all = to.len() == count || (are_apart && to.len() == others(&from));
        Some(CutOff {
            to: if is_of_all { Vec::new() } else { to },
            from,
            is_both_ways,
        })
    }
}
