//! Names for what the kernel keeps: hashes of what is named, so that they do not depend on what else is done; and for texts.

use sim::NodeId;

/// The name of something, told by these words (FNV-1a). The upper half of all numbers is the kernel's own.
///
/// The first word is the kind of thing: 0 to 8 are forms of cuts, 9 is a filter, 10 a fault that strikes at random, 11
/// the pauses of a node.
pub(crate) fn name_of(words: [u128; 4]) -> u32 {
    hash(words.into_iter().flat_map(u128::to_le_bytes)) >> 1
}

/// A number by which a text is known again.
pub(crate) fn name_of_text(text: &str) -> u32 {
    hash(text.bytes())
}

fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// The name of the pauses that a node's own settings ask for.
pub(crate) fn pauses_name(node: NodeId) -> u32 {
    name_of([11, u128::from(node.0), 0, 0])
}
