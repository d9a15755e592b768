//! What comes and goes by itself from some moment on: `strike.crash:a=20s/2s`, `flap:halves=2s/5s`.

use sim::action::{Flapping, Mishap, MishapKind};
use sim::{SimDuration, SimTime};

use super::verbs::{fault_word, faults};
use crate::model::{Cut, Flap, Strike};
use crate::terms::limits::{BETWEEN, DURATION, FACTOR};
use crate::terms::name::name_of;
use crate::terms::quantity::{Range, permille, shortened};
use crate::terms::scope::{Names, NodeSet, Role};
use crate::terms::words::{listed, meaning};

impl Strike {
    /// Reads what stands after `strike.` and after the colon.
    pub(super) fn parse(kind: &str, argument: &str, names: &Names<'_>) -> Result<Strike, String> {
        let (nodes, lengths) = argument
            .split_once('=')
            .ok_or("two lengths are missing, as in =20s/2s")?;
        let (every, lasts) = two_lengths(lengths, BETWEEN)?;
        Ok(Strike {
            every,
            lasts,
            ..Strike::parse_name(kind, nodes, names)?
        })
    }

    /// Reads which faults are meant, whatever their lengths.
    pub(super) fn parse_name(kind: &str, nodes: &str, names: &Names<'_>) -> Result<Strike, String> {
        let (word, factor) = kind.split_once('*').unwrap_or((kind, "10"));
        let slower = match word {
            "limp" => FACTOR.parse(factor),
            _ => Ok(1.0),
        };
        let slower = slower.map_err(|what| format!("the factor {what}"))?;
        let kinds = faults(permille(slower));
        let kind = meaning(&kinds, word).ok_or_else(|| {
            let (word, known) = (shortened(word), listed(&kinds));
            format!("\"{word}\" is not a fault that strikes at random; it must be one of {known}")
        })?;
        let nodes = match nodes {
            all if all == Role::All.word() => NodeSet::ALL,
            list => NodeSet::parse(list, names)?,
        };
        Ok(Strike {
            kind,
            nodes,
            every: SimDuration::ZERO,
            lasts: SimDuration::ZERO,
        })
    }

    /// Writes what stands after `strike`.
    pub(super) fn format(&self, names: &Names<'_>) -> String {
        let name = self.format_name(names);
        format!("{name}={}/{}", self.every, self.lasts)
    }

    /// Writes which faults are meant.
    pub(super) fn format_name(&self, names: &Names<'_>) -> String {
        let kind = match fault_word(self.kind) {
            (word, Some(factor)) => format!("{word}*{factor}"),
            (word, None) => word.to_owned(),
        };
        let nodes = match self.nodes {
            NodeSet::ALL => Role::All.word().to_owned(),
            nodes => nodes.format(names),
        };
        format!(".{kind}:{nodes}")
    }

    /// What the kernel keeps, by name: one fault per node.
    pub(super) fn mishaps(&self, count: usize) -> Vec<(u32, Mishap)> {
        let kind = match self.kind {
            MishapKind::Crash => 0,
            MishapKind::Pause => 1,
            MishapKind::Limp(_) => 2,
            MishapKind::Isolate => 3,
        };
        let strike = |node: sim::NodeId| {
            let mishap = Mishap {
                node,
                kind: self.kind,
                mean_between: self.every,
                mean_length: self.lasts,
            };
            (name_of([10, kind, u128::from(node.0), 0]), mishap)
        };
        self.nodes.nodes(count).map(strike).collect()
    }
}

impl Flap {
    /// Reads what stands after `flap:`.
    pub(super) fn parse(argument: &str, names: &Names<'_>) -> Result<Flap, String> {
        let (cut, lengths) = argument
            .split_once('=')
            .ok_or("two lengths are missing, as in =2s/5s")?;
        let (stays, gone) = two_lengths(lengths, DURATION)?;
        let cut = Cut::parse_short(cut, names)?;
        if cut.is_by_role() {
            return Err("a role has different nodes each time".to_owned());
        }
        Ok(Flap { cut, stays, gone })
    }

    /// Writes what stands after `flap:`.
    pub(super) fn format(&self, names: &Names<'_>) -> String {
        let cut = self.cut.format_short(names);
        format!("{cut}={}/{}", self.stays, self.gone)
    }

    /// What the kernel keeps; it comes at once.
    pub(super) fn flapping(&self, count: usize) -> Flapping {
        Flapping {
            shape: self.cut.shape(count),
            mode: self.cut.mode,
            first: SimTime::ZERO,
            cut: self.stays,
            healed: self.gone,
        }
    }
}

fn two_lengths(text: &str, first: Range) -> Result<(SimDuration, SimDuration), String> {
    let (a, b) = text
        .split_once('/')
        .ok_or("a second length is missing, as in 20s/2s")?;
    let length = |text, range: Range| {
        let nanos = range
            .parse(text)
            .map_err(|what| format!("a length {what}"))?;
        Ok::<_, String>(SimDuration::from_nanos_f64(nanos))
    };
    Ok((length(a, first)?, length(b, DURATION)?))
}
