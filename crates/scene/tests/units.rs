//! Whatever is said of a run, a number stands apart from its unit.

use scenario::Run;
use scenario::lab::labs;
use scene::narrate;
use sim::SimTime;

const UNITS: [&str; 10] = ["ns", "us", "ms", "s", "min", "h", "ppm", "kB", "MB", "%"];

/// The first number in a text that is glued to its unit.
fn glued(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '%' || c == '.'));
    let mut words = words.map(|word| word.trim_end_matches('.'));
    words.find(|word| {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        digits.len() < word.len() && UNITS.contains(&digits)
    })
}

#[test]
fn what_is_glued_is_found() {
    assert_eq!(glued("It is 393ms off."), Some("393ms"));
    assert_eq!(glued("By 20%."), Some("20%"));
    assert_eq!(glued("n1 waits 1.5 s for 20\u{a0}%"), None);
}

#[test]
fn every_number_stands_apart_from_its_unit() {
    let mut found = Vec::new();
    for lab in labs() {
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
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        run.seek(SimTime::from_millis(15_000));
        let events = run.timeline().events();
        texts.extend(events.iter().map(|event| narrate::sentence(&run, event)));
        texts.extend(run.verdicts().into_iter().map(|verdict| verdict.sentence));
        let name = |node: sim::NodeId| run.scenario().name(node);
        for node in 0..run.scenario().nodes.len() as u16 {
            let said = run.timeline().machine().describe(sim::NodeId(node), &name);
            texts.push(said.badge);
            texts.extend(said.beliefs);
            texts.extend(said.state.into_iter().map(|(_, value)| value));
        }
        let glued = texts.iter().filter(|text| glued(text).is_some());
        found.extend(glued.map(|text| format!("{}: {text}", lab.id)));
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{found:#?}");
}
