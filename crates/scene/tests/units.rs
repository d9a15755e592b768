//! Whatever is said of a run is written in one way: a number stands apart from its unit, has the noun that it needs and a
//! minus that is no hyphen; quotation marks are curly; and what has an index in a log has no place.

use scenario::Run;
use scenario::lab::{Lab, labs};
use scene::narrate;
use sim::SimTime;

const UNITS: [&str; 10] = ["ns", "us", "ms", "s", "min", "h", "ppm", "kB", "MB", "%"];

/// Nouns that several things have, and one has not.
const SEVERAL: [&str; 22] = [
    "additions",
    "answers",
    "calls",
    "charges",
    "checks",
    "comparisons",
    "copies",
    "edits",
    "entries",
    "keys",
    "leaders",
    "likes",
    "lines",
    "messages",
    "notes",
    "operations",
    "pieces",
    "reads",
    "receipts",
    "retries",
    "votes",
    "writes",
];

/// The first number in a text that is glued to its unit.
fn glued(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '%' || c == '.'));
    let mut words = words.map(|word| word.trim_end_matches('.'));
    words.find(|word| {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        digits.len() < word.len() && UNITS.contains(&digits)
    })
}

/// A one that has the noun of several.
fn miscounted(text: &str) -> Option<&str> {
    let words: Vec<&str> = text
        .split([' ', ',', '.', ':', ';', '?', '(', ')', '“', '”'])
        .collect();
    let found = words
        .windows(2)
        .find(|pair| pair[0] == "1" && SEVERAL.contains(&pair[1]));
    found.map(|pair| pair[1])
}

/// A number with a hyphen before it.
fn hyphened(text: &str) -> Option<&str> {
    let is_number = |word: &&str| {
        let rest = word.trim_start_matches('(').strip_prefix('-');
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    text.split(' ').find(is_number)
}

/// An index of a log that is called a place.
fn placed(text: &str) -> Option<&str> {
    let mut after = text.split("place ").skip(1);
    after.find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// What is wrong with a text.
fn fault(text: &str) -> Option<&str> {
    let straight = text.contains('"').then_some("straight quotation marks");
    glued(text)
        .or(miscounted(text))
        .or(hyphened(text))
        .or(placed(text))
        .or(straight)
}

/// What a lab says.
fn texts_of(lab: &Lab) -> Vec<String> {
    let mut texts = vec![lab.summary.clone(), lab.question.clone()];
    texts.extend(lab.story.iter().map(|step| step.text.clone()));
    texts.extend(lab.story.iter().map(|step| step.instead.clone()));
    texts.extend(lab.tries.iter().map(|item| item.text.clone()));
    texts.extend(lab.limits.iter().map(|limit| limit.text.clone()));
    texts.extend(lab.sources.iter().map(|source| source.text.clone()));
    texts.extend(
        lab.flips
            .iter()
            .flat_map(|flip| [flip.helps.clone(), flip.fails.clone()]),
    );
    texts
}

/// What is said of a run at its cursor.
fn texts_in(run: &Run) -> Vec<String> {
    let events = run.timeline().events();
    let mut texts: Vec<String> = events
        .iter()
        .map(|event| narrate::sentence(run, event))
        .collect();
    texts.extend(run.verdicts().into_iter().map(|verdict| verdict.sentence));
    let name = |node: sim::NodeId| run.scenario().name(node);
    for node in 0..run.scenario().nodes.len() as u16 {
        let said = run.timeline().machine().describe(sim::NodeId(node), &name);
        texts.push(said.badge);
        texts.extend(said.beliefs);
        texts.extend(said.state.into_iter().map(|(_, value)| value));
    }
    texts
}

#[test]
fn each_fault_is_found() {
    for (text, found) in [
        ("It is 393ms off.", "393ms"),
        ("By 20%.", "20%"),
        ("keep 1 entries, up to #3", "entries"),
        ("off by -389 ms", "-389"),
        ("n4 has it at place 50 of its log", "50 of its log"),
        ("he says \"no\"", "straight quotation marks"),
    ] {
        assert_eq!(fault(text), Some(found), "{text}");
    }
    for text in [
        "n1 waits 1.5 s for 20\u{a0}%",
        "keep 1 entry",
        "\u{2212}389 ms",
        "a-1",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
}

#[test]
fn everything_is_written_in_one_way() {
    let mut found = Vec::new();
    for lab in labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        run.seek(SimTime::from_millis(15_000));
        let texts = texts_of(lab).into_iter().chain(texts_in(&run));
        let faults =
            texts.filter_map(|text| Some(format!("{}: {}: {text}", lab.id, fault(&text)?)));
        found.extend(faults);
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{found:#?}");
}

/// A message's number may be 1: its noun has the form that the number needs, as in `{0 entry}`.
#[test]
fn no_message_has_a_number_before_the_noun_of_several() {
    let mut found = Vec::new();
    for lab in labs() {
        let (run, _) = Run::open(&format!("#/{}", lab.id));
        for word in run.timeline().machine().vocabulary().messages {
            for template in [word.label, word.says] {
                let counted = template.split("} ").skip(1);
                let mut nouns = counted.filter_map(|rest| rest.split([' ', ',', ':', '?']).next());
                if nouns.any(|noun| SEVERAL.contains(&noun) && !template.contains("#{0} answers")) {
                    found.push(format!("{}: {template}", lab.id));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
