//! A history of one object, laid out for the search.

use crate::consistency::budget::{Meter, Unknown};
use crate::history::OpId;
use crate::machine::{Item, Machine};
use rustc_hash::FxHashSet;
use sim::sorting::sort;

/// Operations cut into layers.
///
/// Layer *k* lies between the *k*-th return and the one before it. In it, the operations that were
/// invoked before the *k*-th return and had not returned earlier may take effect, and the one that
/// returns must have before the search goes on to the next layer. So a search has to remember,
/// beside the layer, only which of the *overlapping* operations took effect: a few bits, however
/// long the history is. An operation keeps a bit (its *slot*) while it overlaps; open operations
/// keep theirs to the end.
#[derive(Debug)]
pub(crate) struct Problem {
    /// How many returns there are to pass.
    pub(crate) layers: u32,
    pub(crate) known: Vec<Known>,
    available: Vec<u32>,
    /// The same in the order in which to try them, where that is another.
    tries: Vec<u32>,
    available_from: Vec<u32>,
    pub(crate) groups: Vec<Group>,
    /// How many bits belong to operations that returned; those of open ones come after.
    pub(crate) slots: u32,
    pub(crate) bits: u32,
    /// The layer from which the last read may be placed, be it among the layers or after them.
    last_read_begins: Option<u32>,
}

/// An operation that returned ok, or whose effect somebody was shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) op: OpId,
    pub(crate) class: u32,
    pub(crate) reads_only: bool,
    pub(crate) slot: u32,
    pub(crate) first_layer: u32,
    /// The entry with which it returned, or the one that showed its effect.
    pub(crate) by: u32,
    /// Whether it did not return.
    is_shown: bool,
}

impl Known {
    /// In which order operations return: one whose effect was shown does so right after the one that showed it.
    fn returns(&self) -> (u32, bool, OpId) {
        (self.by, self.is_shown, self.op)
    }
}

/// How many layers operations that were shown to take effect may be available in, all together: as open ones they take no
/// room in each.
const MOST_SHOWN: usize = 2_000_000;

/// For each open operation, the entry by which it has taken effect, if a known result shows that.
fn shown(items: &[Item], machine: &Machine) -> Vec<Option<u32>> {
    let shown = items.iter().map(|item| match item.by {
        Some(_) => None,
        // What is shown before it begins is wrong, as the search will find.
        None => machine.shown_by(item.class).filter(|&by| by > item.invoke),
    });
    let shown: Vec<Option<u32>> = shown.collect();
    let spans = items.iter().zip(&shown);
    let entries = spans.filter_map(|(item, by)| by.map(|by| by.saturating_sub(item.invoke)));
    // There are fewer returns than entries.
    let layers: usize = entries.map(|entries| entries as usize).sum();
    if layers > 2 * MOST_SHOWN {
        return vec![None; items.len()];
    }
    shown
}

/// Open operations that do the same.
///
/// They are interchangeable, and the earliest can stand in for any later one, so they are used up
/// in the order of their invocation: how many of them took effect is all there is to remember.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) class: u32,
    pub(crate) first_bit: u32,
    /// The operations and the layers from which they may take effect, earliest first.
    pub(crate) members: Vec<(u32, OpId)>,
}

impl Group {
    /// The bit of the member that is used next, if it may take effect in this layer.
    #[inline]
    pub(crate) fn next(&self, layer: u32, took_effect: impl Fn(u32) -> bool) -> Option<u32> {
        let may = |&&(from, _): &&(u32, OpId)| from <= layer;
        self.members.first().filter(may)?;
        let used = self.used(took_effect);
        self.members.get(used as usize).filter(may)?;
        Some(self.first_bit + used)
    }

    /// How many members took effect; they do so in order.
    #[inline]
    fn used(&self, took_effect: impl Fn(u32) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.members.len() as u32);
        while low < high {
            let middle = low.midpoint(high);
            if took_effect(self.first_bit + middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl Problem {
    /// Lays out `items`, of whose returns all are to be passed.
    pub(crate) fn of_all(
        items: &[Item],
        machine: &mut Machine,
        meter: &Meter<'_>,
    ) -> Result<Self, Unknown> {
        Self::new(items, machine, usize::MAX, &FxHashSet::default(), meter)
    }

    /// Lays out `items`; of their returns, only the first `returns` are to be passed. Of the open operations those are left out
    /// that cannot matter up to there, unless they are to be `told`, as they may have taken effect before the start.
    pub(crate) fn new(
        items: &[Item],
        machine: &mut Machine,
        returns: usize,
        told: &FxHashSet<OpId>,
        meter: &Meter<'_>,
    ) -> Result<Self, Unknown> {
        machine.prepare(items);
        let shown = shown(items, machine);
        let ends = |(item, shown): (&Item, &Option<u32>)| item.by.or(*shown);
        let mut by = Vec::with_capacity(items.len());
        by.extend(items.iter().zip(&shown).filter_map(ends));
        by.sort_unstable();
        by.truncate(returns);
        let layers = by.len() as u32;
        let layer_of = |event: u32| by.partition_point(|&b| b < event) as u32;

        let mut known = Vec::with_capacity(by.len());
        let mut open = Vec::new();
        let mut last_read_begins = None;
        for (item, shown) in items.iter().zip(&shown) {
            let first_layer = layer_of(item.invoke);
            if item.by.is_some() && machine.reads_only(item.class) {
                last_read_begins = last_read_begins.max(Some(first_layer));
            }
            match item.by.or(*shown) {
                _ if first_layer >= layers => {}
                Some(by) => known.push(Known {
                    op: item.op,
                    class: item.class,
                    reads_only: machine.reads_only(item.class),
                    slot: 0,
                    first_layer,
                    by,
                    is_shown: item.by.is_none(),
                }),
                // No client learnt what an open read returned, so it may as well not have happened.
                None if machine.reads_only(item.class) => {}
                None => open.push((item.class, first_layer, item.op)),
            }
        }
        known.sort_unstable_by_key(|known| (known.first_layer, known.returns()));
        let groups = group(open, &known, told, machine);
        let mut problem = Self {
            layers,
            known,
            available: Vec::new(),
            tries: Vec::new(),
            available_from: Vec::with_capacity(by.len() + 1),
            groups,
            slots: 0,
            bits: 0,
            last_read_begins,
        };
        problem.lay_out(meter)?;
        if machine.orders_calls() {
            problem.prefer(machine);
        }
        Ok(problem)
    }

    /// Fills in which operations are available in each layer, and the slots.
    fn lay_out(&mut self, meter: &Meter<'_>) -> Result<(), Unknown> {
        let mut overlapping: Vec<u32> = Vec::new();
        let mut free: Vec<u32> = Vec::new();
        let mut next = 0;
        for layer in 0..self.layers {
            while self
                .known
                .get(next)
                .is_some_and(|known| known.first_layer == layer)
            {
                let slot = free.pop().unwrap_or_else(|| {
                    self.slots += 1;
                    self.slots - 1
                });
                self.known[next].slot = slot;
                let returns = self.known[next].returns();
                let at =
                    overlapping.partition_point(|&k| self.known[k as usize].returns() < returns);
                overlapping.insert(at, next as u32);
                next += 1;
            }
            self.available_from.push(self.available.len() as u32);
            self.available.extend_from_slice(&overlapping);
            meter.hold(4 * self.available.len())?;
            free.push(self.known[overlapping.remove(0) as usize].slot);
        }
        self.available_from.push(self.available.len() as u32);
        self.bits = self.slots;
        for group in &mut self.groups {
            group.first_bit = self.bits;
            self.bits += group.members.len() as u32;
        }
        Ok(())
    }

    fn prefer(&mut self, machine: &Machine) {
        self.tries.clone_from(&self.available);
        let known = self.known.iter();
        let preferences: Vec<(u32, u32)> = known
            .map(|known| (machine.preference(known.class), known.by))
            .collect();
        for layer in 0..self.layers as usize {
            let (from, to) = (self.available_from[layer], self.available_from[layer + 1]);
            self.tries[from as usize..to as usize].sort_by_key(|&k| preferences[k as usize]);
        }
    }

    /// The operations that may take effect in a layer, in the order in which to try them.
    #[inline]
    pub(crate) fn tries(&self, layer: u32) -> &[u32] {
        if self.tries.is_empty() {
            return self.available(layer);
        }
        let layer = layer as usize;
        let range = self.available_from[layer] as usize..self.available_from[layer + 1] as usize;
        &self.tries[range]
    }

    /// The operations that may take effect in a layer, in the order of their returns: the first is
    /// the one that must have at its end.
    #[inline]
    pub(crate) fn available(&self, layer: u32) -> &[u32] {
        let layer = layer as usize;
        let range = self.available_from[layer] as usize..self.available_from[layer + 1] as usize;
        &self.available[range]
    }

    /// The operations that overlap the last return to be passed and return after it.
    pub(crate) fn overlapping_end(&self) -> impl Iterator<Item = &Known> {
        let last = self
            .layers
            .checked_sub(1)
            .map(|layer| self.available(layer));
        let after = last.unwrap_or_default().iter().skip(1);
        after.map(|&known| &self.known[known as usize])
    }

    /// The entry of the history with the return at the end of a layer.
    pub(crate) fn returns_at(&self, layer: u32) -> Option<&Known> {
        if layer >= self.layers {
            return None;
        }
        self.available(layer)
            .first()
            .map(|&known| &self.known[known as usize])
    }

    /// Whether some read becomes available only from `layer` on.
    #[inline]
    pub(crate) fn reads_begin_from(&self, layer: u32) -> bool {
        self.last_read_begins.is_some_and(|begins| begins >= layer)
    }

    /// The class of an open operation, and itself, by its bit.
    pub(crate) fn open(&self, bit: u32) -> (u32, OpId) {
        let group = self.groups.partition_point(|group| group.first_bit <= bit) - 1;
        let group = &self.groups[group];
        (
            group.class,
            group.members[(bit - group.first_bit) as usize].1,
        )
    }

    /// About how much memory it holds.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.available.len() + self.available_from.len())
            + size_of::<Known>() * self.known.len()
            + self
                .groups
                .iter()
                .map(|group| 48 + 8 * group.members.len())
                .sum::<usize>()
    }
}

fn group(
    mut open: Vec<(u32, u32, OpId)>,
    known: &[Known],
    told: &FxHashSet<OpId>,
    machine: &Machine,
) -> Vec<Group> {
    let known: Vec<u32> = known.iter().map(|known| known.class).collect();
    let classes: Vec<u32> = open.iter().map(|&(class, ..)| class).collect();
    let mut matters = machine.matters(&known, &classes).into_iter();
    open.retain(|(_, _, op)| matters.next().unwrap_or(true) || told.contains(op));
    sort(&mut open);
    let mut groups: Vec<Group> = Vec::new();
    for (class, first_layer, op) in open {
        match groups.last_mut() {
            Some(group) if group.class == class => group.members.push((first_layer, op)),
            _ => {
                groups.push(Group {
                    class,
                    first_bit: 0,
                    members: vec![(first_layer, op)],
                });
            }
        }
    }
    groups
}
