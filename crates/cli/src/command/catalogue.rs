//! `slowfire catalogue`: every lab as a picture, at the moment when it fails.

use std::fs;
use std::path::Path;

use anyhow::Context;
use check::watch::State;
use scenario::Run;
use scenario::lab::{self, Lab};
use scene::svg::escaped;
use sim::{SimDuration, SimTime};

use super::render;
use crate::args::CatalogueArguments;
use crate::report::{Ending, say};

/// How long after the failure, in seconds of watching: by then it stands in words beside its node, and what led to it is
/// still there.
const AFTER_SECS: f64 = 0.1;

/// Writes the catalogue into a folder: one picture per lab, and a page that shows them all.
pub fn catalogue(arguments: &CatalogueArguments) -> anyhow::Result<Ending> {
    let folder = &arguments.folder;
    let shown = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {shown}"))?;
    let mut articles = Vec::new();
    for lab in lab::labs() {
        let (mut run, _) = Run::open(&format!("#/{}", lab.id));
        let moment = telling_moment(&mut run);
        run.seek(moment);
        let file = format!("{}.svg", lab.id);
        write(folder, &file, &render::drawn(&run, None, arguments.size))?;
        articles.push(article(lab, &run, &file));
    }
    write(folder, "index.html", &page(&articles.concat()))?;
    say(&format!("{} labs in {shown}", articles.len()))?;
    Ok(Ending::Well)
}

fn write(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Just after the first violation; the end where there is none.
fn telling_moment(run: &mut Run) -> SimTime {
    let end = SimTime::ZERO + run.scenario().duration;
    run.seek(end);
    let first = run.violations().first().copied();
    first.map_or(end, |first| {
        let watched = SimDuration::from_nanos_f64(run.lab().speed * AFTER_SECS * 1e9);
        run.timeline().events()[first.index()].time + watched
    })
}

/// What the page says about a lab, with its picture.
fn article(lab: &Lab, run: &Run, picture: &str) -> String {
    let verdicts = run.verdicts().into_iter();
    let violated = verdicts.filter(|verdict| verdict.state == State::Violated);
    let failures: Vec<String> = violated.map(|verdict| verdict.sentence).collect();
    let (id, title) = (escaped(&lab.id), escaped(&lab.title));
    let (question, failures) = (escaped(&lab.question), escaped(&failures.join(" ")));
    format!(
        "<article id=\"{id}\">\n<h2>{title} <code>{id}</code></h2>\n<p>{question}</p>\n\
         <img src=\"{picture}\" alt=\"{failures}\">\n<p><strong>{failures}</strong></p>\n</article>\n"
    )
}

fn page(articles: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Slowfire: all labs</title>\n\
         <style>\n\
         body {{ font-family: system-ui, sans-serif; margin: 2rem; display: grid; gap: 2rem; \
         grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }}\n\
         h1 {{ grid-column: 1 / -1; }}\nimg {{ width: 100%; height: auto; }}\n\
         </style>\n<h1>All labs, as they fail</h1>\n{articles}</html>\n"
    )
}
