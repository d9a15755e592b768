//! The words of one fact.

/// The words of a fact.
pub(crate) struct Told {
    /// The sentence after its subject, a node, with the space or the colon between them.
    pub sentence: String,
    /// A few words beside the node, if it is worth them.
    pub beside: Option<String>,
    /// What stands beside the node instead, where the fact shows a violation.
    pub alarm: Option<String>,
}

impl Told {
    /// A sentence alone.
    pub fn by(sentence: String) -> Told {
        Told {
            sentence,
            beside: None,
            alarm: None,
        }
    }

    /// The same, with words beside the node.
    pub fn beside(self, words: String) -> Told {
        Told {
            beside: Some(words),
            ..self
        }
    }

    /// The same, with words that stand beside the node where the fact shows a violation.
    pub fn alarm(self, words: String) -> Told {
        Told {
            alarm: Some(words),
            ..self
        }
    }
}

/// Nanoseconds as seconds.
pub(super) fn seconds(nanos: i64) -> f64 {
    nanos as f64 / 1e9
}
