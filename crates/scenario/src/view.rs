//! The views of a run, as links, labs and the command name them.

/// A kind of picture of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Nodes at their places, messages between them.
    #[default]
    World,
    /// One row per node, one arrow per message.
    SpaceTime,
    /// One row per client, one bar per operation.
    History,
}

impl View {
    /// All views, in the order in which they are offered.
    pub const ALL: [View; 3] = [View::World, View::SpaceTime, View::History];

    /// Its word in links, and what it shows.
    const fn row(self) -> (&'static str, &'static str) {
        match self {
            View::World => ("world", "Nodes at their places, messages between them"),
            View::SpaceTime => ("spacetime", "One row per node, one arrow per message"),
            View::History => ("history", "One row per client, one bar per operation"),
        }
    }

    /// Its word in links.
    pub const fn word(self) -> &'static str {
        self.row().0
    }

    /// What it shows, in a few words.
    pub const fn shows(self) -> &'static str {
        self.row().1
    }

    /// The view of this word, if there is one.
    pub fn of_word(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.word() == word)
    }
}
