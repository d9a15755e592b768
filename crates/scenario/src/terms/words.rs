//! Words that documents and links use: what each stands for, and which one is probably meant.

use protocols::ProtocolEntry;

use crate::terms::quantity::shortened;

/// The keys of a query that are no knobs. No parameter of a protocol may be called so.
pub const KEYS: [&str; 12] = [
    "rev",
    "seed",
    "on",
    "off",
    "do",
    "without",
    "t",
    "view",
    "as",
    "twin",
    "guess",
    "challenge",
];

/// The word for a value.
pub(crate) fn word<T: PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    let found = table.iter().find(|(_, other)| *other == value);
    found.map_or("", |(word, _)| word)
}

/// What a word stands for.
pub(crate) fn meaning<T: Copy>(table: &[(&'static str, T)], word: &str) -> Option<T> {
    let found = table.iter().find(|(other, _)| *other == word);
    found.map(|(_, meaning)| *meaning)
}

/// The words of a table, for a sentence.
pub(crate) fn listed<T>(table: &[(&'static str, T)]) -> String {
    let words: Vec<&str> = table.iter().map(|(word, _)| *word).collect();
    words.join(", ")
}

/// `; did you mean "loss"?`, if a known name is near.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest_name(name, known).map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"))
}

/// The same; and if no known name is near, all of them, as in `; there are add, lead`.
pub(crate) fn nearest_or_all<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> String {
    if let Some(near) = nearest_name(name, known.clone()) {
        return format!("; did you mean \"{near}\"?");
    }
    let all: Vec<&str> = known.collect();
    match all[..] {
        [] => "; the protocol has none".to_owned(),
        _ => format!("; there are: {}", all.join(", ")),
    }
}

/// The known name that is probably meant, if one is near.
pub fn nearest_name<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = shortened(name);
    let known: Vec<&str> = known.collect();
    let distance = |other: &&'a str| strsim::damerau_levenshtein(&name, other);
    let near = known
        .iter()
        .copied()
        .min_by_key(|other| (distance(other), *other))?;
    let distance = distance(&near);
    let most = match near.len().min(name.len()) {
        // A short word becomes another one by two changes.
        0..5 => 1,
        _ => 1 + near.len().max(name.len()) / 3,
    };
    // Whoever wrote the beginning of a name meant it.
    let begun = || {
        let mut all = known.iter().filter(|other| other.starts_with(&*name));
        all.next().copied().filter(|_| name.len() >= 4)
    };
    (distance <= most).then_some(near).or_else(begun)
}

/// The defence of this name, or what is wrong with the name.
pub(crate) fn defence(
    protocol: &'static ProtocolEntry,
    name: &str,
) -> Result<&'static str, String> {
    let mut known = protocol.defences.iter().map(|spec| spec.id);
    known.clone().find(|id| *id == name).ok_or_else(|| {
        let near = nearest(name, &mut known);
        let name = shortened(name);
        format!("\"{name}\", which is not a defence of the protocol{near}")
    })
}
