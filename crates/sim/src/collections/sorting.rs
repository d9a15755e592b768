//! Sorting with little code.
//!
//! Every use of the standard library's sorts for one more type adds some 5 kB to the WebAssembly module. Here only the
//! last step, moving things to their places, is compiled for each type. It is for lists that are short or sorted
//! seldom; what is sorted all the time uses the standard library.

use std::cmp::Ordering;

/// Sorts things; equal ones keep their order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts things by a key; those with equal keys keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts things by a comparison; equal ones keep their order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut goals = goals(items.len(), &|a, b| compare(&items[a], &items[b]));
    for place in 0..items.len() {
        // Each swap brings one thing to its place for good.
        while goals[place] != place {
            let goal = goals[place];
            items.swap(place, goal);
            goals.swap(place, goal);
        }
    }
}

/// Where each of `count` things belongs. A merge sort from the bottom up (Knuth, *The Art of Computer Programming*,
/// volume 3, section 5.2.4).
fn goals(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut merged = order.clone();
    let mut width = 1;
    while width < count {
        for start in (0..count).step_by(2 * width) {
            let middle = (start + width).min(count);
            let end = (middle + width).min(count);
            merge(&order, [start, middle, end], &mut merged, compare);
        }
        std::mem::swap(&mut order, &mut merged);
        width *= 2;
    }
    let mut goals = merged;
    for (goal, place) in order.into_iter().enumerate() {
        goals[place] = goal;
    }
    goals
}

/// Merges two sorted runs that lie behind each other, of equal things those of the first run first.
fn merge(
    order: &[usize],
    [start, middle, end]: [usize; 3],
    merged: &mut [usize],
    compare: &dyn Fn(usize, usize) -> Ordering,
) {
    let (mut left, mut right) = (start, middle);
    for place in &mut merged[start..end] {
        let takes_left = left < middle
            && (right >= end || compare(order[left], order[right]) != Ordering::Greater);
        let from = if takes_left { &mut left } else { &mut right };
        *place = order[*from];
        *from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(mut pairs: Vec<(u8, u32)>) {
            let mut expected = pairs.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut pairs, |(key, _)| *key);
            prop_assert_eq!(&pairs, &expected);
            expected.sort();
            sort(&mut pairs);
            prop_assert_eq!(&pairs, &expected);
            expected.sort_by_key(|pair| std::cmp::Reverse(pair.1));
            sort_by(&mut pairs, |a, b| b.1.cmp(&a.1));
            prop_assert_eq!(&pairs, &expected);
        }
    }
}
