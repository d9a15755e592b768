//! The answer, as the page shows it.

use check::consistency::budget::Budget;
use check::consistency::linear::Partial;
use check::format::{Document, Position};
use check::history::OpId;
use check::model::ModelName;
use check::verify::{Answer, Consistency, Invalid, Question, read_for, verify_read};
use serde::Serialize;

use crate::asked::{Asked, Read};
use crate::likely::{guessed, likely};
use crate::picture::{Accused, Picture, picture};

/// How many operations of an order are told before the one that does not fit.
const TOLD: usize = 8;
/// How many operations of a list are told: nobody reads more, and a history may have as many in one as it has at all.
const MOST_LISTED: usize = 100;

/// The answer to what was asked of a text.
#[derive(Debug, Default, Serialize)]
pub struct Judged {
    /// `valid`, `invalid`, `bad-input` or `unknown`.
    pub answer: String,
    /// What is wrong, or why there is no answer; empty for a valid history.
    pub sentence: String,
    /// Where the text is wrong, if it is: line and column, from 1.
    pub at: Option<(u32, u32)>,
    /// What was left out or taken for granted, one sentence each.
    pub notes: Vec<String>,
    /// The model that was asked for, or else the likely one.
    pub model: String,
    /// What must hold.
    pub consistency: String,
    /// How many operations there are.
    pub operations: usize,
    /// The operations that contradict each other; or those that fit nowhere.
    pub conflict: List,
    /// What came before those that fit nowhere, where it would take too long to tell what contradicts them.
    pub before: Option<List>,
    /// How far an order of the operations goes.
    pub orders: Vec<Order>,
    /// The history, if the text is one.
    pub picture: Option<Picture>,
}

/// The first operations of a list.
#[derive(Debug, Default, Serialize)]
pub struct List {
    /// In their order.
    pub told: Vec<Told>,
    /// How many come after them.
    pub more: usize,
}

/// An operation in words.
#[derive(Debug, Serialize)]
pub struct Told {
    /// The line of the file on which it ended, or began if it did not end.
    pub line: u32,
    /// Whose it is, what was called, and what came of it.
    pub operation: String,
}

/// As much of a history as can be put in order.
#[derive(Debug, Serialize)]
pub struct Order {
    /// How many operations come before those that are told.
    pub before: usize,
    /// The last operations of the order.
    pub order: Vec<Told>,
    /// What the object holds then.
    pub state: String,
    /// The operations that have no place.
    pub unplaced: List,
}

/// Judges a text.
pub fn judged(text: String, asked: &Asked) -> Judged {
    match asked.read() {
        Ok(asked) => answered(text, &asked),
        Err(sentence) => Judged {
            answer: "bad-input".to_owned(),
            sentence: in_page_words(&sentence),
            ..Judged::default()
        },
    }
}

fn answered(text: String, asked: &Read) -> Judged {
    let question = Question {
        model: asked.model.unwrap_or(ModelName::Register),
        consistency: asked.consistency,
        keyed: asked.keyed,
        initial: asked.initial.as_ref(),
        budget: Budget::default(),
    };
    let read = read_for(&text, question);
    drop(text);
    let mut judged = Judged {
        consistency: name(asked.consistency).to_owned(),
        ..Judged::default()
    };
    let mut model = question.model;
    if let Ok(document) = &read {
        let history = &document.history;
        model = asked.model.unwrap_or_else(|| likely(history));
        let guess = guessed(history, model).filter(|_| asked.model.is_none());
        judged.notes.extend(guess);
        judged.operations = history.operations().len();
        judged.picture = Some(picture(document, &Accused::default()));
    }
    let verified = verify_read(read, Question { model, ..question }, &|| false);
    let notes = verified.notes.iter().map(|note| in_page_words(note));
    judged.notes.extend(notes);
    judged.model = model.to_string();
    judged.answer = verified.answer.word().to_owned();
    tell(&mut judged, &verified.answer);
    judged
}

fn tell(judged: &mut Judged, answer: &Answer) {
    match answer {
        Answer::Valid { .. } => {}
        Answer::Invalid(invalid) => tell_invalid(judged, invalid),
        Answer::BadInput { at, problem } => {
            let Position { line, column } = *at;
            judged.at = Some((line, column));
            judged.sentence = in_page_words(problem);
        }
        Answer::BadQuestion { problem } => judged.sentence = in_page_words(problem),
        Answer::Unknown(why) => judged.sentence = in_page_words(&why.to_string()),
    }
}

fn tell_invalid(judged: &mut Judged, invalid: &Invalid) {
    let (violation, document) = (&invalid.violation, &invalid.document);
    judged.sentence = violation.because.clone();
    judged.conflict = listed(document, &violation.operations);
    let before = violation.before.as_ref();
    judged.before = before.map(|before| listed(document, before));
    judged.orders = invalid
        .partial
        .iter()
        .map(|partial| order(document, partial))
        .collect();
    let unplaced = invalid.partial.iter().flat_map(|partial| &partial.unplaced);
    let accused = Accused {
        conflict: violation.operations.iter().copied().collect(),
        unplaced: unplaced.copied().collect(),
    };
    judged.picture = Some(picture(document, &accused));
}

fn order(document: &Document, partial: &Partial) -> Order {
    let before = partial.order.len().saturating_sub(TOLD);
    Order {
        before,
        order: all_told(document, &partial.order[before..]),
        state: partial.state.clone(),
        unplaced: listed(document, &partial.unplaced),
    }
}

fn listed(document: &Document, operations: &[OpId]) -> List {
    let (told, more) = operations.split_at(operations.len().min(MOST_LISTED));
    List {
        told: all_told(document, told),
        more: more.len(),
    }
}

fn all_told(document: &Document, operations: &[OpId]) -> Vec<Told> {
    let told = |op: &OpId| {
        Some(Told {
            line: document.position_of(*op)?.line,
            operation: document.history.get(*op)?.to_string(),
        })
    };
    operations.iter().filter_map(told).collect()
}

fn name(consistency: Consistency) -> &'static str {
    let mut all = Consistency::ALL.iter();
    all.find(|(_, known)| *known == consistency)
        .map_or("", |(name, _)| *name)
}

/// The checkers name the options of the command: on the page these are fields.
fn in_page_words(sentence: &str) -> String {
    sentence
        .replace("--keyed pairs", "“Values: pairs of key and value”")
        .replace("--keyed plain", "“Values: as they are”")
        .replace("--initial", "“At the start”")
        .replace("--consistency", "“Must be”")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::MOST_BARS;

    const STALE: &str = "\
{:process 0 :type :invoke :f :write :value 1}
{:process 0 :type :ok :f :write :value 1}
{:process 0 :type :invoke :f :write :value 2}
{:process 0 :type :ok :f :write :value 2}
{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 1}
";

    fn of(text: &str) -> Judged {
        judged(text.to_owned(), &Asked::default())
    }

    #[test]
    fn what_cannot_be_placed_is_marked_with_its_line() {
        let stale = of(STALE);
        assert_eq!(
            (stale.answer.as_str(), stale.model.as_str()),
            ("invalid", "register")
        );
        let picture = stale.picture.expect("it is drawn");
        assert_eq!((picture.rows.len(), picture.columns), (2, 6));
        let unplaced: Vec<_> = picture.bars.iter().filter(|bar| bar.is_unplaced).collect();
        assert_eq!(unplaced.len(), 1);
        assert_eq!(
            (unplaced[0].line, unplaced[0].label.as_str()),
            (6, "read → 1")
        );
        assert!(unplaced[0].is_accused);
        assert_eq!(stale.orders[0].unplaced.told[0].line, 6);
    }

    #[test]
    fn a_valid_history_is_drawn_too() {
        let fresh = of(&STALE.replace(":f :read :value 1", ":f :read :value 2"));
        assert_eq!((fresh.answer.as_str(), fresh.operations), ("valid", 3));
        let picture = fresh.picture.expect("it is drawn");
        assert!(picture.bars.iter().all(|bar| !bar.is_accused));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let wrong = of(&STALE.replace(":type :invoke :f :read", ":type :begin :f :read"));
        assert_eq!(wrong.answer, "bad-input");
        assert_eq!(wrong.at, Some((5, 1)));
        assert!(
            wrong.sentence.contains("invoke, ok, fail or info"),
            "{}",
            wrong.sentence
        );
        assert!(wrong.picture.is_none());
    }

    #[test]
    fn of_a_long_history_the_stretch_around_the_violation_is_drawn() {
        let entry =
            |kind, value| format!("{{:process 0 :type :{kind} :f :write :value {value}}}\n");
        let mut text: String = (10..2000)
            .flat_map(|value| [entry("invoke", value), entry("ok", value)])
            .collect();
        text.push_str(STALE);
        text.extend((3000..4000).flat_map(|value| [entry("invoke", value), entry("ok", value)]));
        let long = of(&text);
        assert_eq!(long.answer, "invalid");
        let picture = long.picture.expect("it is drawn");
        assert_eq!(picture.bars.len(), MOST_BARS);
        assert!(picture.before > 1000 && picture.after > 500);
        assert!(picture.bars.iter().any(|bar| bar.is_unplaced));
        assert_eq!(picture.before + MOST_BARS + picture.after, long.operations);
    }

    #[test]
    fn options_of_the_command_are_fields_of_the_page() {
        let from_zero = ":process 0 :f :read :value";
        let text = format!("{{:type :invoke {from_zero} nil}}\n{{:type :ok {from_zero} 0}}");
        let unsaid = of(&text);
        assert!(
            unsaid
                .notes
                .iter()
                .any(|note| note.contains("“At the start”"))
        );
        let asked = Asked {
            initial: Some("0".to_owned()),
            ..Asked::default()
        };
        assert_eq!(judged(text.clone(), &asked).answer, "valid");
        let asked = Asked {
            model: Some("heap".to_owned()),
            ..Asked::default()
        };
        assert!(
            judged(text.clone(), &asked)
                .sentence
                .contains("cas-register")
        );
    }
}
