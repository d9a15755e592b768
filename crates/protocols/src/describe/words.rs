//! Words that follow a number.

/// So many of a thing whose plural ends in *s*: *1 receipt*, *2 receipts*.
pub(crate) fn counted(count: u32, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}
