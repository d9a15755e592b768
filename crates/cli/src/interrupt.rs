//! Ctrl-C: the first one ends with what was found so far, the second one ends at once.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

/// Listens for interrupts from now on. The flag is set with the first one.
pub fn listen() -> anyhow::Result<&'static AtomicBool> {
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    })
    .context("cannot listen for an interrupt")?;
    Ok(&INTERRUPTED)
}
