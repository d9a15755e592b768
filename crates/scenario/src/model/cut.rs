//! Cuts, as plans and links write them: `cut:a-b`, `split:a+b`, `hold-halves`.

use sim::network::{CutMode, CutShape};
use sim::{Action, NodeId};

use crate::terms::name::name_of;
use crate::terms::scope::{Names, NodeSet, Scope, Who};

/// A cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Which links.
    pub form: CutForm,
    /// What becomes of messages.
    pub mode: CutMode,
}

/// Which links a cut takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CutForm {
    /// These: `cut:a-b`, `cut:a..b`.
    Links(Scope),
    /// All links to and from these nodes, also among them: `isolate:a`.
    Isolate(Who),
    /// Both ways between these nodes and the rest: `split:a+b`.
    Split(NodeSet),
    /// From these nodes to the rest, not back: `mute:a`.
    Mute(NodeSet),
    /// The first half of the nodes from the second: `halves`.
    Halves,
    /// Two halves that only this node can talk to: `bridge:a`.
    Bridge(NodeId),
    /// Each node sees a majority, and no two see the same: `ring`.
    Ring,
    /// A half drawn at random from the rest: `half`.
    Half,
}

/// The prefix of cuts that hold messages until they heal.
const HOLD: &str = "hold-";

impl Cut {
    /// The nodes that it cuts off, if it names them.
    pub(crate) fn nodes(&self) -> Option<NodeSet> {
        match self.form {
            CutForm::Isolate(Who::Nodes(nodes)) | CutForm::Split(nodes) | CutForm::Mute(nodes) => {
                Some(nodes)
            }
            _ => None,
        }
    }

    /// Whether a verb is a cut's.
    pub(crate) fn is_verb(verb: &str) -> bool {
        let verbs = [
            "cut", "isolate", "split", "mute", "halves", "bridge", "ring", "half",
        ];
        verbs.contains(&verb.strip_prefix(HOLD).unwrap_or(verb))
    }

    /// Reads a cut, or says what is wrong with it.
    pub fn parse(text: &str, names: &Names<'_>) -> Result<Cut, String> {
        let (verb, argument) = match text.split_once(':') {
            Some((verb, argument)) => (verb, Some(argument)),
            None => (text, None),
        };
        let (mode, kind) = match verb.strip_prefix(HOLD) {
            Some(kind) => (CutMode::Hold, kind),
            None => (CutMode::Drop, verb),
        };
        let form = match (kind, argument) {
            ("cut", Some(links)) => CutForm::Links(Scope::parse(links, names)?),
            ("isolate", Some(who)) => CutForm::Isolate(Who::parse(who, names)?),
            ("split", Some(nodes)) => CutForm::Split(NodeSet::parse(nodes, names)?),
            ("mute", Some(nodes)) => CutForm::Mute(NodeSet::parse(nodes, names)?),
            ("bridge", Some(node)) => CutForm::Bridge(one(node, names)?),
            ("halves", None) => CutForm::Halves,
            ("ring", None) => CutForm::Ring,
            ("half", None) => CutForm::Half,
            ("halves" | "ring" | "half", Some(_)) => {
                return Err(format!("\"{verb}\" stands alone"));
            }
            (kind, None) if Cut::is_verb(kind) => {
                return Err(format!("\"{verb}\" needs nodes or links, as in {verb}:a-b"));
            }
            _ => return Err(format!("\"{verb}\" is not a cut")),
        };
        Ok(Cut { form, mode })
    }

    /// Writes the cut so that [`Cut::parse`] reads it back.
    pub fn format(&self, names: &Names<'_>) -> String {
        let hold = match self.mode {
            CutMode::Hold => HOLD,
            CutMode::Drop => "",
        };
        match self.form {
            CutForm::Links(scope) => format!("{hold}cut:{}", scope.format(names)),
            CutForm::Isolate(who) => format!("{hold}isolate:{}", who.format(names)),
            CutForm::Split(nodes) => format!("{hold}split:{}", nodes.format(names)),
            CutForm::Mute(nodes) => format!("{hold}mute:{}", nodes.format(names)),
            CutForm::Bridge(node) => format!("{hold}bridge:{}", NodeSet::of(node).format(names)),
            CutForm::Halves => format!("{hold}halves"),
            CutForm::Ring => format!("{hold}ring"),
            CutForm::Half => format!("{hold}half"),
        }
    }

    /// Reads a cut whose `cut:` may be left out.
    pub(crate) fn parse_short(text: &str, names: &Names<'_>) -> Result<Cut, String> {
        let (verb, _) = text.split_once(':').unwrap_or((text, ""));
        if Cut::is_verb(verb) {
            Cut::parse(text, names)
        } else {
            Cut::parse(&format!("cut:{text}"), names)
        }
    }

    /// Writes the cut without its `cut:`.
    pub(crate) fn format_short(&self, names: &Names<'_>) -> String {
        let text = self.format(names);
        text.strip_prefix("cut:").unwrap_or(&text).to_owned()
    }

    /// Its shape among `count` nodes. A role is resolved when the cut comes; before that, the cut has no shape.
    pub fn shape(&self, count: usize) -> CutShape {
        let listed = |nodes: NodeSet| nodes.nodes(count).collect::<Vec<_>>();
        match self.form {
            CutForm::Links(scope) => CutShape::Links(scope.pairs(count).collect()),
            CutForm::Isolate(Who::Nodes(nodes)) => CutShape::Isolate(listed(nodes)),
            CutForm::Isolate(Who::Role(_)) => CutShape::Isolate(listed(NodeSet::ALL)),
            CutForm::Split(nodes) => CutShape::Between(listed(nodes)),
            CutForm::Mute(nodes) => CutShape::OneWay(listed(nodes)),
            CutForm::Halves => CutShape::Halves,
            CutForm::Bridge(node) => CutShape::Bridge(node),
            CutForm::Ring => CutShape::MajoritiesRing,
            CutForm::Half => CutShape::RandomHalf,
        }
    }

    /// Whether it is about a role that nodes have at a moment.
    pub fn is_by_role(&self) -> bool {
        matches!(self.form, CutForm::Isolate(Who::Role(_)))
    }

    /// What the kernel has to do for it.
    pub fn action(&self, count: usize) -> Action {
        let (name, mode) = (self.name(), self.mode);
        match self.form {
            CutForm::Isolate(Who::Role(_)) => {
                let target = self.target(count);
                Action::Isolate { name, target, mode }
            }
            _ => Action::Cut {
                name,
                shape: self.shape(count),
                mode,
            },
        }
    }

    fn target(&self, count: usize) -> sim::Target {
        let CutForm::Isolate(who) = self.form else {
            return sim::Target::All;
        };
        who.targets(count).pop().unwrap_or(sim::Target::All)
    }

    /// The name under which the kernel keeps it: the same for the same cut, whatever else is done to a run.
    pub fn name(&self) -> u32 {
        let set = |nodes: NodeSet| nodes.bits();
        let words = match self.form {
            CutForm::Links(scope) => {
                let (from, to, both) = scope.parts();
                [0, set(from), set(to), u128::from(both)]
            }
            CutForm::Isolate(Who::Nodes(nodes)) => [1, set(nodes), 0, 0],
            CutForm::Isolate(Who::Role(role)) => [2, role as u128, 0, 0],
            CutForm::Split(nodes) => [3, set(nodes), 0, 0],
            CutForm::Mute(nodes) => [4, set(nodes), 0, 0],
            CutForm::Halves => [5, 0, 0, 0],
            CutForm::Bridge(node) => [6, u128::from(node.0), 0, 0],
            CutForm::Ring => [7, 0, 0, 0],
            CutForm::Half => [8, 0, 0, 0],
        };
        name_of(words)
    }
}

/// The one node that is meant.
pub(crate) fn one(name: &str, names: &Names<'_>) -> Result<NodeId, String> {
    let set = NodeSet::parse(name, names)?;
    let mut nodes = set.nodes(names.0.len());
    match (nodes.next(), nodes.next()) {
        (Some(node), None) => Ok(node),
        _ => Err(format!("\"{name}\" must be one node")),
    }
}
