//! The memory of the JavaScript engine, with its bounds.
//!
//! The engine reports memory that it does not get as an error that a script can catch. So the meter remembers that a bound
//! was reached, and the run ends whatever the script makes of it.

#![allow(
    unsafe_code,
    reason = "the engine takes its memory through raw pointers; every method hands on what the engine gave"
)]

use std::cell::Cell;
use std::ptr;
use std::rc::Rc;

use rquickjs::allocator::{Allocator, RustAllocator};

use crate::limits::{ALLOCATED, BLOCK, MEMORY};

/// What the engine has taken, in bytes.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// At this moment.
    held: Cell<usize>,
    /// In this event, with what it has given back.
    asked: Cell<usize>,
    /// The bound that was reached in this event.
    reached: Cell<Option<&'static str>>,
}

impl Meter {
    /// An event begins.
    pub fn begin(&self) {
        self.asked.set(0);
        self.reached.set(None);
    }

    /// What went beyond its bound in this event.
    pub fn reached(&self) -> Option<&'static str> {
        self.reached.get()
    }

    /// Whether so many bytes more can be had, for a block of this size.
    fn grants(&self, more: usize, block: usize) -> bool {
        let held = self.held.get().saturating_add(more);
        let asked = self.asked.get().saturating_add(more);
        let what = if block > BLOCK {
            "made a text or an array that is too large"
        } else if held > MEMORY {
            "took too much memory"
        } else if asked > ALLOCATED {
            "asked for too much memory"
        } else {
            self.held.set(held);
            self.asked.set(asked);
            return true;
        };
        self.reached.set(Some(what));
        false
    }

    fn give_back(&self, bytes: usize) {
        self.held.set(self.held.get().saturating_sub(bytes));
    }
}

/// Memory within the bounds of a meter.
pub(super) struct Metered(pub Rc<Meter>);

// SAFETY: all memory is that of `RustAllocator`, which keeps the promises of the trait; a null pointer stands for memory that
// is not granted, as the trait allows.
unsafe impl Allocator for Metered {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if !self.0.grants(size, size) {
            return ptr::null_mut();
        }
        RustAllocator.alloc(size)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        let all = count.saturating_mul(size);
        if all == 0 || !self.0.grants(all, all) {
            return ptr::null_mut();
        }
        RustAllocator.calloc(count, size)
    }

    unsafe fn dealloc(&mut self, ptr: *mut u8) {
        // SAFETY: the engine gives back what it got from here.
        unsafe {
            self.0.give_back(RustAllocator::usable_size(ptr));
            RustAllocator.dealloc(ptr);
        }
    }

    unsafe fn realloc(&mut self, ptr: *mut u8, new_size: usize) -> *mut u8 {
        // SAFETY: as for `dealloc`.
        let before = unsafe { RustAllocator::usable_size(ptr) };
        let more = new_size.saturating_sub(before);
        if !self.0.grants(more, new_size) {
            return ptr::null_mut();
        }
        self.0.give_back(before.saturating_sub(new_size));
        // SAFETY: as for `dealloc`.
        unsafe { RustAllocator.realloc(ptr, new_size) }
    }

    unsafe fn usable_size(ptr: *mut u8) -> usize {
        // SAFETY: as for `dealloc`.
        unsafe { RustAllocator::usable_size(ptr) }
    }
}
