//! `slowfire render`.

use std::path::Path;

use anyhow::Context;
use scenario::Run;
use scenario::view::View;
use scene::look::Look;
use scene::shapes::{Palette, svg};
use sim::SimDuration;

use crate::args::{RenderArguments, Size};
use crate::input;
use crate::report::{Ending, problems, say};

/// How much of a run a view with a time axis shows: what led to the moment.
const WINDOW: SimDuration = SimDuration::from_secs(5);

/// Draws a moment of a run as SVG.
pub fn render(arguments: &RenderArguments) -> anyhow::Result<Ending> {
    let mut link = input::subject(&arguments.subject, arguments.seed)?;
    if let Some(at) = &arguments.at {
        link.variant.at = Some(input::moment("at", at, &link)?);
    }
    if let Some(node) = &arguments.r#as
        && let Err(what) = link.variant.take("as", node)
    {
        let problem = scenario::document::Problem::new("--as", what);
        return Err(problems("what is set", &[problem]));
    }
    let run = Run::of_link(link);
    let text = drawn(&run, arguments.view, arguments.size);
    if arguments.output == Path::new("-") {
        say(text.trim_end())?;
    } else {
        let file = arguments.output.display();
        std::fs::write(&arguments.output, text).with_context(|| format!("cannot write {file}"))?;
    }
    Ok(Ending::Well)
}

/// A run at its cursor as SVG, in this view or in its own, of this size.
pub fn drawn(run: &Run, view: Option<View>, size: Size) -> String {
    let from = run.now() - WINDOW;
    let look = Look {
        perspective: run.perspective(),
        from,
        to: from + WINDOW,
        ..Look::default()
    };
    let view = view.or(run.view()).unwrap_or_default();
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let modified = run.scenario().modified();
    let height = svg::height_beside_note(height, modified.as_deref());
    let picture = scene::draw(view, run, look, width, height);
    let subject = svg::Subject {
        title: &run.lab().title,
        modified: modified.as_deref(),
        address: &run.link(),
    };
    svg::write_of(subject, &picture, &Palette::light())
}
