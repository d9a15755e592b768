//! A record and its checksums.

use sim::NodeId;

use super::Choices;

/// Which checksums a node checks.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Checks {
    /// The one of each hop.
    pub hops: bool,
    /// The one from end to end.
    pub ends: bool,
}

impl Checks {
    /// The checks that the scenario has chosen.
    pub fn of(choices: &Choices) -> Checks {
        Checks {
            hops: choices.checks_hops,
            ends: choices.checks_ends,
        }
    }

    /// The same on each hop, and none from end to end.
    pub fn on_hops(self) -> Checks {
        let ends = false;
        Checks { ends, ..self }
    }
}

/// A record on its way: a key, a value, and its checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub(super) key: NodeId,
    pub(super) value: u32,
    /// The transport's sum, made anew on each hop.
    sum: u16,
    /// The writer's CRC-32, kept with the record.
    crc: u32,
}

impl Record {
    pub(super) fn new(key: NodeId, value: u32) -> Record {
        let bare = Record {
            key,
            value,
            sum: 0,
            crc: 0,
        };
        Record {
            crc: crc32(&bare.bytes()),
            ..bare
        }
        .sealed()
    }

    /// What the checksums cover.
    fn bytes(&self) -> [u8; 6] {
        let ([a, b], [c, d, e, f]) = (self.key.0.to_be_bytes(), self.value.to_be_bytes());
        [a, b, c, d, e, f]
    }

    /// The record with the transport's sum of what it says at this moment.
    pub(super) fn sealed(self) -> Record {
        Record {
            sum: internet_checksum(&self.bytes()),
            ..self
        }
    }

    /// The record with the halves of its value swapped, and all checksums as they were.
    pub(super) fn swapped(self) -> Record {
        Record {
            value: self.value.rotate_left(16),
            ..self
        }
    }

    /// Whether it fits the checksums that are checked.
    pub(super) fn is_intact(&self, checks: Checks) -> bool {
        let hop = !checks.hops || self.sum == internet_checksum(&self.bytes());
        let end = !checks.ends || self.crc == crc32(&self.bytes());
        hop && end
    }
}

/// The Internet checksum of whole 16-bit words: the complement of their one's complement sum (RFC 1071).
fn internet_checksum(bytes: &[u8]) -> u16 {
    let words = bytes
        .chunks_exact(2)
        .map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]])));
    let sum: u32 = words.sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    !(((folded & 0xffff) + (folded >> 16)) as u16)
}

/// CRC-32 as in Ethernet and zip, reflected, polynomial 0xedb88320.
fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksums_are_those_of_their_standards() {
        let example = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(internet_checksum(&example), !0xddf2);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn the_sum_finds_each_flipped_bit_and_not_two_halves_that_change_places() {
        let (hop, end) = ((true, false), (false, true));
        let intact = |record: Record, (hops, ends)| record.is_intact(Checks { hops, ends });
        let record = Record::new(NodeId(3), 3700);
        assert!(intact(record, hop) && intact(record, end));
        for bit in 0..32 {
            let flipped = Record {
                value: record.value ^ 1 << bit,
                ..record
            };
            assert!(!intact(flipped, hop) && !intact(flipped, end));
        }
        let swapped = record.swapped();
        assert!(intact(swapped, hop) && !intact(swapped, end));
    }
}
