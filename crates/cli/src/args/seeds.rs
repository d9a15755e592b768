//! Which seeds a hunt runs: a range of them, and a part of it.

use std::ops::Range;

/// A range of seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    /// The first.
    pub first: u64,
    /// The first seed after them.
    pub end: u64,
}

/// A part of a hunt's seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1 on.
    place: u32,
    /// Of how many.
    count: u32,
}

impl Default for Shard {
    fn default() -> Shard {
        Shard { place: 1, count: 1 }
    }
}

impl Shard {
    /// Its seeds: all shards together have each once.
    pub fn of(self, seeds: Range<u64>) -> Range<u64> {
        let (length, count) = (seeds.end - seeds.start, u64::from(self.count));
        // Both are below 2^33, so the product fits.
        let bound = |place: u32| seeds.start + (length * u64::from(place) / count);
        bound(self.place - 1)..bound(self.place)
    }
}

pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let read = || {
        let (place, count) = text.split_once('/')?;
        let shard = Shard {
            place: place.parse().ok()?,
            count: count.parse().ok()?,
        };
        let is_one = (1..=shard.count).contains(&shard.place) && shard.count <= MOST_SHARDS;
        is_one.then_some(shard)
    };
    read().ok_or_else(|| {
        format!("\"{text}\" is not a shard such as 1/4: the first number must be from 1 to the second, the second from 1 to {MOST_SHARDS}")
    })
}

/// How many shards a hunt may have.
const MOST_SHARDS: u32 = 1_000_000;

pub(super) fn seeds(text: &str) -> Result<Seeds, String> {
    let wrong = || format!("\"{text}\" is not a range of seeds such as 0..1000");
    let number = |text: &str| text.parse::<u32>().map(u64::from).map_err(|_| wrong());
    let (first, end) = text.split_once("..").ok_or_else(wrong)?;
    let seeds = Seeds {
        first: number(first)?,
        end: match end.strip_prefix('=') {
            Some(last) => number(last)? + 1,
            None => number(end)?,
        },
    };
    if seeds.first >= seeds.end {
        return Err(format!("\"{text}\" has no seed in it"));
    }
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_have_every_seed_once() {
        for (count, seeds) in [(1, 0..7), (3, 5..25), (4, 0..3), (1000, 0..1 << 32)] {
            let of = |place| Shard { place, count }.of(seeds.clone());
            let mut next = seeds.start;
            for place in 1..=count {
                assert_eq!(of(place).start, next);
                next = of(place).end;
            }
            assert_eq!(next, seeds.end);
        }
    }

    #[test]
    fn a_shard_is_one_of_so_many() {
        assert_eq!(shard("2/3"), Ok(Shard { place: 2, count: 3 }));
        for wrong in [
            "",
            "2",
            "0/3",
            "4/3",
            "1/0",
            "a/b",
            "-1/3",
            "1/1000001",
            "1/2/3",
        ] {
            let said = shard(wrong).expect_err(wrong);
            assert!(said.contains("from 1 to the second"), "{said}");
        }
    }

    #[test]
    fn ranges_of_seeds_read_as_in_rust() {
        assert_eq!(seeds("3..7"), Ok(Seeds { first: 3, end: 7 }));
        assert_eq!(seeds("3..=7"), Ok(Seeds { first: 3, end: 8 }));
        assert_eq!(seeds("0..=4294967295").map(|seeds| seeds.end), Ok(1 << 32));
        for wrong in ["", "7", "7..7", "9..3", "a..b", "-1..3", "0..4294967296"] {
            assert!(seeds(wrong).is_err(), "{wrong}");
        }
    }
}
