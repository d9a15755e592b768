//! Keyed random streams.
//!
//! No stream is shared: a [`Key`] is derived from the run's seed and from what the draw is for, and the k-th draw
//! under a key depends on nothing but the key and k. So a fault that is switched on takes no number from another,
//! and two runs that differ in one knob have the same weather everywhere else.
//!
//! The generator is SplitMix64 with the key as its state (Steele, Lea and Flood, *Fast splittable pseudorandom number
//! generators*, OOPSLA 2014): the k-th output is a hash of `key + k * GAMMA`, so any draw can be had on its own.

use std::convert::Infallible;

use rand::rand_core::TryRng;

const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// What a stream of random numbers is for. The numbers are part of every digest: never change or reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// Independent loss of a message.
    Loss = 1,
    /// The state of a bursty link (Gilbert-Elliott).
    BurstState = 2,
    /// Loss within a burst's state.
    BurstLoss = 3,
    /// Whether a message is duplicated.
    Duplication = 4,
    /// How far a duplicate follows its original.
    Spread = 5,
    /// Whether a message is corrupted, and which bits.
    Corruption = 6,
    /// The latency of a message.
    Latency = 7,
    /// Whether a message meets a latency spike.
    Spike = 8,
    /// Losses that a FIFO link repairs by sending again.
    Retransmission = 9,
    /// What a protocol draws for itself.
    Protocol = 10,
    /// Which node a fault by role hits.
    Target = 11,
    /// When random faults strike and end.
    Mishap = 12,
    /// What a torn write leaves behind.
    TornWrite = 13,
    /// Traffic of clock synchronisation, apart from the protocol's.
    Ntp = 14,
    /// Where on its way a lost message dies; only for drawing.
    Grave = 15,
    /// Whether a filter drops a message.
    Filter = 16,
}

/// The root of a stream: a seed and what the stream is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// The key of a whole run.
    pub const fn root(seed: u64) -> Key {
        Key(mix(seed.wrapping_add(GAMMA)))
    }

    /// The key for one part of what this key is for.
    #[must_use]
    pub const fn with(self, part: u64) -> Key {
        Key(mix(
            self.0 ^ mix(part.wrapping_mul(GAMMA).wrapping_add(GAMMA))
        ))
    }

    /// The key of one purpose. Cheaper than [`Key::with`]: it stands on the hot path of every message.
    #[must_use]
    #[inline]
    pub const fn purpose(self, purpose: Purpose) -> Key {
        Key(self.0 ^ (purpose as u64).wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    /// The `k`-th draw under this key: 64 uniform bits.
    #[inline]
    pub const fn draw(self, k: u64) -> u64 {
        mix(self.0.wrapping_add(k.wrapping_add(1).wrapping_mul(GAMMA)))
    }

    /// All draws under this key, one after the other.
    pub const fn stream(self) -> Stream {
        Stream { key: self, next: 0 }
    }
}

/// The output function of SplitMix64 (Stafford's mix 13).
#[inline]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A stream of draws under one key, for the distributions of `rand`.
#[derive(Clone, Debug)]
pub struct Stream {
    key: Key,
    next: u64,
}

#[cfg(feature = "fingerprint")]
impl Stream {
    /// How many numbers were drawn.
    pub(crate) fn drawn(&self) -> u64 {
        self.next
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let bits = self.key.draw(self.next);
        self.next = self.next.wrapping_add(1);
        Ok(bits)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
        Ok(())
    }
}

/// The whole number in `0..bound` that 64 uniform bits stand for; 0 for an empty range.
///
/// Multiply and shift (Lemire, *Fast random integer generation in an interval*, 2019) without the rejection: the bias
/// is below `bound / 2^32` for small bounds and `bound / 2^64` for large ones, far below what a run can show.
#[inline]
pub const fn below(bits: u64, bound: u64) -> u64 {
    if bound <= u32::MAX as u64 {
        ((bits >> 32) * bound) >> 32
    } else {
        ((bits as u128 * bound as u128) >> 64) as u64
    }
}

/// The fraction in the open interval (0, 1) that 64 uniform bits stand for: never 0, never 1.
#[inline]
pub fn fraction(bits: u64) -> f64 {
    // The top 52 bits, centred in their cell: exact in a double.
    ((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// A chance from 0 to 1 in steps of 2^-32.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Probability(u64);

impl Probability {
    /// It never happens.
    pub const NEVER: Probability = Probability(0);
    /// It always happens.
    pub const ALWAYS: Probability = Probability(1 << 32);

    /// The nearest chance to `p`; what lies outside 0 to 1 is clamped, and NaN is never.
    pub fn new(p: f64) -> Probability {
        Probability((p.clamp(0.0, 1.0) * (1u64 << 32) as f64 + 0.5) as u64)
    }

    /// The chance as a fraction.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / (1u64 << 32) as f64
    }

    /// The chance in steps of 2^-32.
    pub const fn steps(self) -> u64 {
        self.0
    }

    /// Whether it never happens.
    #[inline]
    pub const fn is_never(self) -> bool {
        self.0 == 0
    }

    /// Whether it happens, for 64 uniform bits.
    #[inline]
    pub const fn hits(self, bits: u64) -> bool {
        (bits >> 32) < self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_match_their_golden_vectors() {
        // SplitMix64 from state 0 gives these (also in the generator's published test vectors).
        let zero = Key(0);
        assert_eq!(zero.draw(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(zero.draw(1), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!(zero.draw(2), 0x06c4_5d18_8009_454f);

        let link = Key::root(7).with(1).with(2).purpose(Purpose::Latency);
        let mut stream = link.stream();
        assert_eq!(GOLDEN, [stream.next_u64(), stream.next_u64(), link.draw(2)]);
    }

    const GOLDEN: [u64; 3] = [
        5_258_668_642_759_812_276,
        10_351_440_809_211_651_690,
        2_088_897_431_275_665_138,
    ];

    #[test]
    fn a_stream_is_its_draws_in_order_whatever_the_width_read() {
        let key = Key::root(3).with(9);
        let mut bytes = [0; 20];
        key.stream().fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], key.draw(0).to_le_bytes());
        assert_eq!(bytes[16..], key.draw(2).to_le_bytes()[..4]);
    }

    #[test]
    fn certain_and_impossible_are_exact() {
        for bits in [0, 1, u64::MAX / 2, u64::MAX] {
            assert!(Probability::new(1.0).hits(bits));
            assert!(!Probability::new(0.0).hits(bits));
            assert!(!Probability::new(f64::NAN).hits(bits));
            assert!(fraction(bits) > 0.0 && fraction(bits) < 1.0);
            assert!(below(bits, 10) < 10);
            assert!(below(bits, u64::MAX) < u64::MAX);
            assert_eq!(below(bits, 0), 0);
        }
    }

    #[test]
    fn neighbouring_keys_and_purposes_are_unrelated() {
        let root = Key::root(1);
        let mut seen: Vec<u64> = Vec::new();
        for from in 0..30 {
            for to in 0..30 {
                let link = root.with(from).with(to);
                seen.push(link.purpose(Purpose::Loss).draw(0));
                seen.push(link.purpose(Purpose::Latency).draw(0));
            }
        }
        let ones: u32 = seen.iter().map(|bits| bits.count_ones()).sum();
        let expected = seen.len() as f64 * 32.0;
        // 1,800 words of 64 fair bits: four standard deviations are 4 * sqrt(1800 * 16) = 679.
        assert!(
            (f64::from(ones) - expected).abs() < 679.0,
            "{ones} ones for {expected}"
        );
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1800);
    }
}
