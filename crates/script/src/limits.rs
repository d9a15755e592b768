//! The bounds of all that a script can do. They are counts: no clock decides what becomes of a run.

/// Bytes of a script's text.
pub const SOURCE: usize = 64 << 10;

/// How often the engine is asked whether an event may go on, once in [`STEPS_PER_TICK`] steps.
pub(crate) const TICKS: u32 = 20;

/// Steps between two such questions. A step is a call or a turn of a loop, or a step of a regular expression.
pub(crate) const STEPS_PER_TICK: u32 = 10_000;

/// Steps that a script may take in one event.
pub const STEPS: u32 = TICKS * STEPS_PER_TICK;

/// Elements and characters that built-in functions may go through in one event.
pub const WORK: u32 = 20_000_000;

/// How long an array may be that a built-in function goes through.
pub const ARRAY: u32 = 65_536;

/// Bytes that the engine may hold at a time. Pointers and values are half as long in WebAssembly, and so is the bound: the
/// same script reaches it after about as many objects. It is far above what the other bounds let a node keep.
pub const MEMORY: usize = (2 << 20) * size_of::<usize>();

/// Bytes that one object of the engine may take: a string, or the elements of an array.
pub const BLOCK: usize = MEMORY / 16;

/// Bytes that the engine may ask for in one event, whether or not it gives them back.
pub const ALLOCATED: usize = MEMORY * 16;

/// Bytes of the machine's stack, for functions that call each other.
pub const STACK: usize = 256 << 10;

/// Bytes of a node's state, as plain data.
pub const STATE: usize = 64 << 10;

/// Bytes of a message, of what a timer or a sync carries, and of a record on disk, as plain data.
pub const PARCEL: usize = 16 << 10;

/// How deep plain data may be nested.
pub const DEPTH: usize = 40;

/// Messages, timers, writes, syncs and facts of one event.
pub const ACTS: usize = 2_000;

/// Timers of a node that are set at a time.
pub const TIMERS: usize = 1_000;

/// Places of a node's disk that hold something.
pub const PLACES: usize = 10_000;

/// Lines of `console.log` that a node keeps, and characters of each.
pub const LINES: usize = 100;
/// Characters of a line, and of what a node says of itself.
pub const LINE: usize = 300;

/// Words of a script of each sort: roles, messages, timers, parameters, defences, operations.
pub const WORDS: usize = 32;
