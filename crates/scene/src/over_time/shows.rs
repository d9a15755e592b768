//! How a fact shows over time: as a mark on the time bar, as a dot on the row of its node, or in words alone.

use sim::trace::Fact;

use super::chronicle::MarkKind;

/// How a fact shows.
pub(crate) struct Shows {
    /// What its mark on the time bar stands for, if it has one.
    pub mark: Option<MarkKind>,
    /// Whether it is a dot in the space-time diagram.
    pub as_dot: bool,
}

/// How a fact shows.
pub(crate) fn shows(fact: Fact) -> Shows {
    let (mark, as_dot) = match fact {
        Fact::Leads { .. }
        | Fact::StepsDown { .. }
        | Fact::Acquired { .. }
        | Fact::Released { .. } => (Some(MarkKind::Leadership), true),
        Fact::Effect { .. }
        | Fact::Stored { .. }
        | Fact::Suspects { .. }
        | Fact::Shown { .. }
        | Fact::MeasureEnds { .. } => (None, true),
        Fact::Invoked { .. }
        | Fact::Returned { .. }
        | Fact::Retried { .. }
        | Fact::Trusts { .. }
        | Fact::MeasureBegins { .. }
        | Fact::Stamped { .. }
        | Fact::Learned { .. }
        | Fact::Refused { .. }
        | Fact::Damaged { .. }
        | Fact::HeldBack { .. }
        | Fact::Shed { .. }
        | Fact::HoldsOff { .. }
        | Fact::Acts { .. }
        | Fact::Discarded { .. }
        | Fact::Judged { .. }
        | Fact::Sampled { .. }
        | Fact::ClockRead { .. } => (None, false),
    };
    Shows { mark, as_dot }
}
