//! In the picture of the world no text stands on another, and no link runs through a node: in every lab, at its telling
//! moment and at others, on a laptop and on a phone.

use scenario::Run;
use scenario::lab::labs;
use scenario::view::View;
use scene::look::Look;
use scene::shapes::{Align, Picture, Shape, Text};
use sim::{SimDuration, SimTime};

/// A picture on a laptop, and one on a phone.
const SIZES: [(f64, f64); 2] = [(750.0, 480.0), (350.0, 260.0)];

/// Fainter texts are about to be gone.
const FAINTEST: f64 = 0.1;

/// The box of a text: left, right, top, bottom. A picture has no font to measure: a character is about 0.58 times as
/// wide as its text is high.
fn edges(text: &Text) -> [f64; 4] {
    let width = text.words.chars().count() as f64 * text.size * 0.58;
    let left = match text.align {
        Align::Start => text.at.x,
        Align::Middle => text.at.x - width / 2.0,
        Align::End => text.at.x - width,
    };
    let half = text.size * 0.5;
    [left, left + width, text.at.y - half, text.at.y + half]
}

fn overlap(one: &Text, other: &Text) -> bool {
    let ([left, right, top, bottom], [l, r, t, b]) = (edges(one), edges(other));
    left < r && l < right && top < b && t < bottom
}

/// The pairs of texts that stand on each other.
fn overlaps(picture: &Picture) -> Vec<String> {
    let texts = picture.shapes.iter().filter_map(|shape| match shape {
        Shape::Text(text) if text.alpha > FAINTEST => Some(text),
        _ => None,
    });
    let texts: Vec<&Text> = texts.collect();
    let pairs = texts
        .iter()
        .enumerate()
        .flat_map(|(place, one)| texts[..place].iter().map(move |other| (*one, *other)));
    pairs
        .filter(|(one, other)| overlap(one, other))
        .map(|(one, other)| format!("\"{}\" and \"{}\"", one.words, other.words))
        .collect()
}

/// The telling moment of a run, and five that are spread over what comes before it and as long again after it.
fn moments(run: &mut Run) -> Vec<SimTime> {
    run.seek(SimTime::NEVER);
    let first = run
        .verdicts()
        .iter()
        .filter_map(|verdict| verdict.seen_at)
        .min();
    let telling = first.unwrap_or(SimTime::from_millis(8000));
    let part = |share: u64| {
        let nanos = telling.as_nanos() / 5 * 2 * share + 123_456_789;
        SimTime::ZERO + SimDuration::from_nanos(nanos)
    };
    std::iter::once(telling).chain((0..5).map(part)).collect()
}

#[test]
fn no_text_stands_on_another() {
    let mut found = Vec::new();
    for lab in labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        for moment in moments(&mut run) {
            run.seek(moment);
            for (width, height) in SIZES {
                let picture = scene::draw(View::World, &run, Look::default(), width, height);
                let place = format!("{} at {moment:?} in {width}", lab.id);
                found.extend(
                    overlaps(&picture)
                        .into_iter()
                        .map(|what| format!("{place}: {what}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
