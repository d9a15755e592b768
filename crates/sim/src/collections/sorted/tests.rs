//! Maps and sets beside the standard library's trees.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

proptest! {
    #[test]
    fn a_map_does_what_a_tree_does(steps in prop::collection::vec((0u8..6, 0u8..20, 0u32..9), 0..200)) {
        let (mut map, mut tree) = (Map::new(), BTreeMap::new());
        for (step, key, value) in steps {
            match step {
                0 | 1 => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                2 => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                3 => {
                    *map.entry(key).or_default() += value;
                    *tree.entry(key).or_default() += value;
                }
                4 => {
                    *map.entry(key).or_insert(value) += 1;
                    *tree.entry(key).or_insert(value) += 1;
                }
                _ => prop_assert_eq!(map.pop_first(), tree.pop_first()),
            }
            prop_assert_eq!(map.get(&key), tree.get(&key));
            prop_assert!(map.range(key..).eq(tree.range(key..)));
            prop_assert!(map.range(..=key).eq(tree.range(..=key)));
            prop_assert!(map.range(3..key.max(3)).eq(tree.range(3..key.max(3))));
        }
        prop_assert!(map.iter().eq(tree.iter()));
        prop_assert_eq!(map.last_key_value(), tree.last_key_value());
    }

    #[test]
    fn a_set_does_what_a_tree_does(some: Vec<u8>, others: Vec<u8>) {
        let (set, other): (Set<u8>, Set<u8>) =
            (some.iter().copied().collect(), others.iter().copied().collect());
        let (tree, branch): (BTreeSet<u8>, BTreeSet<u8>) =
            (some.into_iter().collect(), others.into_iter().collect());
        prop_assert!(set.iter().eq(tree.iter()));
        prop_assert!(set.difference(&other).eq(tree.difference(&branch)));
        prop_assert_eq!(set.is_subset(&other), tree.is_subset(&branch));
        prop_assert_eq!((set.first(), set.last()), (tree.first(), tree.last()));
    }
}
