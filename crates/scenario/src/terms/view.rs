//! The views of a run, as links, labs and the command name them.

/// Makes the views and all that is said of them: one row each, in the order in which they are offered.
macro_rules! views {
    ($($(#[$attribute:meta])* $view:ident = $word:literal, $shows:literal;)*) => {
        /// A kind of picture of a run.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum View {
            $($(#[$attribute])* #[doc = concat!($shows, ".")] $view,)*
        }

        impl View {
            /// All views, in the order in which they are offered.
            pub const ALL: [View; [$($word),*].len()] = [$(View::$view),*];

            /// Its word in links.
            pub const fn word(self) -> &'static str {
                match self {
                    $(View::$view => $word,)*
                }
            }

            /// What it shows, in a few words.
            pub const fn shows(self) -> &'static str {
                match self {
                    $(View::$view => $shows,)*
                }
            }
        }
    };
}

views! {
    #[default]
    World = "world", "Nodes at their places, messages between them";
    SpaceTime = "spacetime", "One row per node, one arrow per message";
    History = "history", "One row per client, one bar per operation";
    Logs = "logs", "One row per server, one box per entry of its log";
}

impl View {
    /// The view of this word, if there is one.
    pub fn of_word(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.word() == word)
    }
}
