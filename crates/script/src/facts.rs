//! Facts by their names: what a script puts on record for checks to judge.

use sim::trace::{Fact, FactKind, Function, Outcome, Relation};

use crate::data::Data;

/// The name of something that is called so in Rust: *compare-and-set* for `CompareAndSet`.
fn name_of(debug: &str) -> String {
    let mut name = String::new();
    for letter in debug.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The number of the word that `text` is, or all words.
fn code(text: &str, words: impl Iterator<Item = (String, u8)>) -> Result<i64, String> {
    let words: Vec<(String, u8)> = words.collect();
    let found = words.iter().find(|(word, _)| word == text);
    found
        .map(|(_, code)| i64::from(*code))
        .ok_or_else(|| format!("is \"{text}\"; it must be one of {}", listed(&words)))
}

fn listed(words: &[(String, u8)]) -> String {
    let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
    words.join(", ")
}

/// A field of a fact as a word, from what a script gives for it.
fn word(value: &Data, of: &str) -> Result<i64, String> {
    let named = |text: &str| match of {
        "Function" => code(
            text,
            Function::ALL
                .iter()
                .map(|one| (name_of(&format!("{one:?}")), one.code())),
        ),
        "Outcome" => code(
            text,
            Outcome::ALL
                .iter()
                .map(|one| (name_of(&format!("{one:?}")), one.code())),
        ),
        "Relation" => code(
            text,
            Relation::ALL
                .iter()
                .map(|one| (name_of(&format!("{one:?}")), one.code())),
        ),
        _ => Err("must be a whole number".to_owned()),
    };
    match value {
        Data::Text(text) => named(text),
        Data::Bool(is_so) => Ok(i64::from(*is_so)),
        Data::Number(number) if number.fract() == 0.0 && number.abs() <= 9e15 => {
            let number = *number as i64;
            if of == "u32" && u32::try_from(number).is_err() {
                return Err(format!("is {number}; it must be from 0 to {}", u32::MAX));
            }
            Ok(number)
        }
        _ => Err("must be a whole number".to_owned()),
    }
}

/// What an operation asks for, by its name.
///
/// # Errors
///
/// In a sentence with all names, if there is none of this name.
pub(crate) fn function(name: &str) -> Result<Function, String> {
    let found = Function::ALL
        .iter()
        .find(|one| name_of(&format!("{one:?}")) == name);
    found.copied().ok_or_else(|| {
        let names: Vec<String> = Function::ALL
            .iter()
            .map(|one| name_of(&format!("{one:?}")))
            .collect();
        let names = names.join(", ");
        format!("an operation cannot ask for \"{name}\"; it can ask for {names}")
    })
}

/// The fact of this kind with these fields.
///
/// # Errors
///
/// In a sentence: there is no such kind, or a field is missing or is no number or word of its type.
pub(crate) fn fact(kind: &str, fields: &Data) -> Result<Fact, String> {
    let found = FactKind::ALL.iter().find(|known| known.word() == kind);
    let Some(found) = found else {
        let words: Vec<&str> = FactKind::ALL.iter().map(|known| known.word()).collect();
        return Err(format!(
            "there is no fact \"{kind}\"; the facts are {}",
            words.join(", ")
        ));
    };
    let made = Fact::with_fields(*found, |name, of| {
        let value = fields
            .get(name)
            .ok_or_else(|| format!("the fact \"{kind}\" needs \"{name}\""))?;
        word(value, of).map_err(|what| format!("\"{name}\" of the fact \"{kind}\" {what}"))
    })?;
    made.ok_or_else(|| format!("the fact \"{kind}\" has a word that is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(&str, Data)]) -> Data {
        let entry = |(key, value): &(&str, Data)| ((*key).to_owned(), value.clone());
        Data::Object(fields.iter().map(entry).collect())
    }

    #[test]
    fn a_fact_is_made_of_words_and_numbers() {
        let fields = of(&[
            ("operation", Data::Number(3.0)),
            ("function", Data::Text("compare-and-set".to_owned())),
            ("key", Data::Number(1.0)),
            ("value", Data::Number(-2.0)),
        ]);
        let expected = Fact::Invoked {
            operation: 3,
            function: Function::CompareAndSet,
            key: 1,
            value: -2,
        };
        assert_eq!(fact("invoked", &fields), Ok(expected));
    }

    #[test]
    fn what_is_wrong_with_a_fact_is_said() {
        let leads = of(&[("term", Data::Number(0.5))]);
        for (kind, fields, what) in [
            ("lead", &leads, "there is no fact \"lead\""),
            (
                "leads",
                &leads,
                "\"term\" of the fact \"leads\" must be a whole number",
            ),
            ("leads", &of(&[]), "needs \"term\""),
            (
                "shed",
                &of(&[("operation", Data::Number(-1.0))]),
                "it must be from 0 to 4294967295",
            ),
        ] {
            let said = fact(kind, fields).unwrap_err();
            assert!(said.contains(what), "{said}");
        }
    }
}
