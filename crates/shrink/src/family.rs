//! Which things let chance draw which faults.

use scenario::deed::Deed;
use scenario::knob::Knob;

use crate::thing::Thing;

/// Faults that are drawn by the same knobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Lost messages.
    Losses,
    /// Messages that arrive twice.
    Duplicates,
    /// Flipped bits.
    Damage,
    /// Messages that come much later.
    Spikes,
    /// What strikes nodes.
    Strikes,
    /// Cuts that come and go.
    Flaps,
}

impl Family {
    pub const ALL: [Family; 6] = [
        Family::Losses,
        Family::Duplicates,
        Family::Damage,
        Family::Spikes,
        Family::Strikes,
        Family::Flaps,
    ];

    /// The knobs that draw its faults.
    fn knobs(self) -> &'static [&'static str] {
        match self {
            Family::Losses => &["loss", "bursts"],
            Family::Duplicates => &["duplication"],
            Family::Damage => &["corruption"],
            Family::Spikes => &["spike"],
            Family::Strikes => &["pauses"],
            Family::Flaps => &[],
        }
    }

    /// Whether a thing lets chance draw faults of this family.
    pub fn is_drawn_by(self, thing: &Thing) -> bool {
        let has = |knob: &Knob| self.knobs().contains(&key(knob));
        match thing {
            Thing::Turned(knob, _) => has(knob),
            Thing::Mishap(_) => self == Family::Strikes,
            Thing::Flapping(_) => self == Family::Flaps,
            Thing::Done { timed, .. } => match &timed.deed {
                Deed::Turn(knob, _) => has(knob),
                Deed::Strike(_) | Deed::Calm(_) => self == Family::Strikes,
                Deed::Flap(_) | Deed::Unflap(_) => self == Family::Flaps,
                _ => false,
            },
            Thing::Meddled(_) => false,
        }
    }
}

fn key(knob: &Knob) -> &'static str {
    match knob {
        Knob::Link(setting, _) => setting.key,
        Knob::Node(setting, _) => setting.key,
        Knob::Parameter(spec) => spec.id,
    }
}
