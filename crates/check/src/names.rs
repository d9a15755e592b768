//! Tables of what can be named on the command line.

/// What has a name, if anything has.
pub(crate) fn named<T: Copy>(all: &[(&str, T)], wanted: &str) -> Option<T> {
    let found = all.iter().find(|(name, _)| *name == wanted);
    found.map(|(_, it)| *it)
}

/// All names, as in *set, queue*.
pub(crate) fn listed<T>(all: &[(&str, T)]) -> String {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}
