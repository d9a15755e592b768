//! What is drawn from a seed, for questions about its run.

/// A number that says nothing of the seed it is made of, as one sees it.
pub(super) fn mixed(seed: u32) -> usize {
    let mut mixed = seed ^ 0x9e37_79b9;
    for (shift, factor) in [(16, 0x85eb_ca6b), (13, 0xc2b2_ae35)] {
        mixed = (mixed ^ (mixed >> shift)).wrapping_mul(factor);
    }
    (mixed ^ (mixed >> 16)) as usize
}
