//! Why a run cannot be explored.

use std::fmt;

/// Why a run cannot be explored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no check of this name.
    Unknown {
        /// The name.
        check: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// This check is about how soon something happens, or how often, and not about the order of things.
    NoSafety {
        /// The check's name.
        check: String,
        /// The word for what kind of promise it is about.
        promise: &'static str,
    },
    /// No check of the scenario is about the order of things.
    NothingToJudge,
    /// The links have a bandwidth.
    Bandwidth,
    /// Clocks are synchronised over the network.
    Synchronised,
    /// This deed, as links write it, leaves to chance whom it strikes, or takes hold of a message by its number, which another
    /// order gives to another message.
    Chance {
        /// The deed.
        deed: String,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Unknown { check, known } => {
                let known = known.join(", ");
                write!(f, "check is \"{check}\"; it must be one of {known}")
            }
            Refused::NoSafety { check, promise } => write!(
                f,
                "check is \"{check}\", which is about {promise}; it must be one about safety, because in an order a message may take any time"
            ),
            Refused::NothingToJudge => write!(
                f,
                "no check is about safety, so every order is as good as any other"
            ),
            Refused::Chance { deed } => write!(
                f,
                "do has \"{deed}\", which means something else in each order; only what happens in all of them alike can be done"
            ),
            Refused::Bandwidth => write!(
                f,
                "the links have a bandwidth, so the run is about how long messages take; only orders can be explored"
            ),
            Refused::Synchronised => write!(
                f,
                "clocks are synchronised over the network (ntp), so the run is about how long messages take; only orders can be explored"
            ),
        }
    }
}

impl std::error::Error for Refused {}
