//! What a message says, as its events tell it.

/// What a message says, in a form that fits every trace: its kind and up to three numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gist {
    /// Its place among the vocabulary's messages.
    pub kind: u8,
    /// Numbers for the template of its kind.
    pub args: [i64; 3],
}

/// The kind of the messages by which clocks are synchronised; no protocol's.
pub const NTP_KIND: u8 = 255;
