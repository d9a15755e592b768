//! What all hunts share: how seeds are dealt out, and how it is shown how far they have come.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How many seeds a thread takes at a time: enough that taking them costs nothing, few enough that a hunt stops soon.
pub(super) const SEEDS_PER_JOB: u64 = 32;

/// A bar on stderr, if that is a terminal.
pub(super) fn progress(seeds: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(seeds), ProgressDrawTarget::stderr());
    let template = "{bar:40} {pos} of {len} seeds, {per_sec}, {eta} to go";
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
