//! `slowfire render`.

use std::path::Path;

use anyhow::Context;
use scenario::Run;
use scenario::link::View;
use scene::chronicle::Chronicle;
use scene::look::Look;
use scene::shape::Palette;
use scene::{history, spacetime, svg, world};
use sim::SimDuration;

use crate::args::{Picture, RenderArguments, Size};
use crate::input;
use crate::report::{Ending, problems, say};

/// How much of a run a space-time diagram shows: what led to the moment.
const WINDOW: SimDuration = SimDuration::from_secs(5);

/// Draws a moment of a run as SVG.
pub fn render(arguments: &RenderArguments) -> anyhow::Result<Ending> {
    let mut link = input::subject(&arguments.subject, arguments.seed)?;
    if let Some(at) = &arguments.at {
        link.variant.at = input::moment("at", at, &link)?;
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

/// A run at its cursor as SVG, in this picture or in its own, of this size.
pub fn drawn(run: &Run, picture: Option<Picture>, size: Size) -> String {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let from = run.now() - WINDOW;
    let look = Look {
        perspective: run.perspective(),
        from,
        to: from + WINDOW,
        ..Look::default()
    };
    let own = match run.view().unwrap_or_default() {
        View::SpaceTime => Picture::Spacetime,
        View::World => Picture::World,
        View::History => Picture::History,
    };
    let picture = match picture.unwrap_or(own) {
        Picture::World => world::draw_as(run, &look, width, height),
        Picture::Spacetime => {
            let mut chronicle = Chronicle::default();
            chronicle.renew(run);
            spacetime::draw(run, &chronicle, &look, width, height)
        }
        Picture::History => history::draw(run, &look, width, height),
    };
    svg::write(&picture, &Palette::light())
}
