//! A lab, a file or a link, read.

use std::fmt;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use check::format::Position;
use scenario::deed::idle;
use scenario::document::Problem;
use scenario::document::limits::MOST_BYTES;
use scenario::document::words::nearest;
use scenario::lab::{self, Lab};
use scenario::link::{Link, unescaped};
use scenario::quantity::{Range, Unit};
use serde_json::Value;
use sim::{SimDuration, SimTime};

use crate::args::Subject;
use crate::{regression, report};

/// Reads the name of a lab or a file, a link, or `-` for stdin, and says if it is of another revision of its protocol.
pub fn read(input: &str) -> anyhow::Result<Link> {
    let link = opened(input)?;
    let note = link.revision_note();
    if !note.is_empty() {
        report::warn(note.join("\n  "));
    }
    Ok(link)
}

fn opened(input: &str) -> anyhow::Result<Link> {
    if let Some(hash) = link_in(input) {
        let (link, problems) = Link::parse(&hash);
        let (unknown, wrong): (Vec<_>, Vec<_>) = problems
            .into_iter()
            .partition(|problem| problem.is_unknown_key);
        if !wrong.is_empty() {
            let wrong: Vec<Problem> = wrong.into_iter().map(Problem::refused).collect();
            return Err(report::problems("the link", &wrong));
        }
        unknown.iter().for_each(report::warn);
        return Ok(link);
    }
    if let Some(lab) = lab::find(input) {
        return Ok(Link::of_lab(lab));
    }
    if let Some(lab) = lab_on_page(input) {
        if let Some((_, query)) = input.split_once('?') {
            report::warn(format!(
                "\"?{query}\" is left out: what a link changes stands behind a #, as in {}",
                Link::of_lab(lab).format()
            ));
        }
        return Ok(Link::of_lab(lab));
    }
    if input != "-" && !Path::new(input).exists() {
        let near = nearest(input, lab::labs().iter().map(|lab| lab.id.as_str()));
        bail!("\"{input}\" is neither a lab nor a file nor a link{near}");
    }
    let text = text_of(input)?;
    if let Some(hash) = link_in(text.trim()) {
        return opened(&format!("#{hash}"));
    }
    document_in(input, &text).map_err(|problems| report::problems(input, &problems))
}

/// Whether a file is a script, by its name.
pub fn is_script(file: &str) -> bool {
    let ending = Path::new(file).extension();
    ending.is_some_and(|ending| ending == "js" || ending == "mjs")
}

/// Reads what stands in a file: a document, or a script, which gets a scenario around it.
pub fn document_in(file: &str, text: &str) -> Result<Link, Vec<Problem>> {
    if !is_script(file) {
        return document(text);
    }
    run_of(&value_in(file, text)?)
}

/// The value of a document, or of the one around a script.
pub fn value_in(file: &str, text: &str) -> Result<Value, Vec<Problem>> {
    if !is_script(file) {
        return value(text);
    }
    let document = script::document_of(text).map_err(|flaw| {
        let place = match flaw.at {
            Some((line, column)) => format!("{file}:{line}:{column}:"),
            None => format!("{file}:"),
        };
        vec![Problem::new(place, flaw.what)]
    })?;
    value(&document)
}

fn run_of(value: &Value) -> Result<Link, Vec<Problem>> {
    regression::run_of(value).unwrap_or_else(|| Link::from_value(value))
}

/// The lab whose page this is, as the site has it: `lab/ID/` or `embed/ID.html`, and what may stand before.
fn lab_on_page(input: &str) -> Option<&'static Lab> {
    let path = input.split('?').next()?.trim_end_matches('/');
    let path = path.trim_end_matches("/index.html");
    let (folder, page) = path.rsplit_once('/')?;
    let id = match folder.rsplit('/').next()? {
        "lab" => page,
        "embed" => page.strip_suffix(".html")?,
        _ => return None,
    };
    lab::find(id).filter(|_| !Path::new(input).exists())
}

/// The part of a link that counts, if this is one: an address with a `#`, or what stands after it.
fn link_in(text: &str) -> Option<String> {
    let is_one_word =
        !text.is_empty() && !text.contains(char::is_whitespace) && !text.starts_with('{');
    let plain = unescaped(text);
    let marked = text.split_once('#').or_else(|| {
        let escaped = plain.split_once('#');
        escaped.filter(|(_, hash)| hash.starts_with("1.") || hash.starts_with('/'))
    });
    let (_, hash) = marked.unwrap_or(("", text));
    // A program may have escaped the mark of a link and put one of its own before it.
    let decoded = unescaped(hash);
    let decoded = decoded.trim_start_matches('#');
    let is_packed = decoded.starts_with("1.");
    let lab = decoded.split('?').next().unwrap_or_default();
    let is_lab_with_query = decoded.contains('?') && lab::find(lab.trim_matches('/')).is_some();
    let is_link = text.contains("#/") || marked.is_some() && decoded.starts_with('/') || is_packed;
    (is_one_word && (is_link || is_lab_with_query) && !Path::new(text).exists())
        .then(|| decoded.to_owned())
}

/// The text of a document's file, or of stdin.
pub fn text_of(file: &str) -> anyhow::Result<String> {
    // A longer text is cut after the limit, where it is certain to be refused.
    text_up_to(file, MOST_BYTES as u64 + 1)
}

/// The whole text of a file of ours, or of stdin.
pub fn whole_text(file: &str) -> anyhow::Result<String> {
    text_up_to(file, u64::MAX)
}

/// The text of a file, or of stdin. Of a longer text than so many bytes it is the beginning, with a few bytes more.
pub fn text_within(file: &str, bytes: usize) -> anyhow::Result<String> {
    text_up_to(file, (bytes as u64).saturating_add(LONGEST_CHARACTER))
}

/// How many bytes a character takes at most in a text.
const LONGEST_CHARACTER: u64 = 4;

fn text_up_to(file: &str, most: u64) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if file == "-" {
        let stdin = std::io::stdin().take(most).read_to_end(&mut bytes);
        stdin.context("cannot read stdin")?;
    } else {
        let open = std::fs::File::open(file).with_context(|| format!("cannot open {file}"))?;
        let read = open.take(most).read_to_end(&mut bytes);
        read.with_context(|| format!("cannot read {file}"))?;
    }
    let is_cut = bytes.len() as u64 == most;
    decoded(bytes, is_cut).with_context(|| format!("{file} is not text"))
}

/// What gzip begins a file with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Text in UTF-8, or in UTF-16 with a byte order mark, as the page takes it (`web/src/files/encoding.ts`). The last character may
/// have been cut in two.
fn decoded(bytes: Vec<u8>, is_cut: bool) -> anyhow::Result<String> {
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => utf_16(&bytes[2..], u16::from_le_bytes, is_cut),
        Some([0xfe, 0xff]) => utf_16(&bytes[2..], u16::from_be_bytes, is_cut),
        Some(start) if start == GZIP => bail!("it is compressed: zcat FILE | slowfire check - ..."),
        _ => utf_8(bytes, is_cut),
    }
}

fn utf_8(bytes: Vec<u8>, is_cut: bool) -> anyhow::Result<String> {
    String::from_utf8(bytes).or_else(|error| {
        let wrong = error.utf8_error();
        let mut bytes = error.into_bytes();
        bytes.truncate(wrong.valid_up_to());
        let text = String::from_utf8(bytes)?;
        match is_cut && wrong.error_len().is_none() {
            true => Ok(text),
            false => Err(NotText::after(&text).into()),
        }
    })
}

/// Where a text has bytes that are no characters.
#[derive(Debug)]
pub struct NotText(pub Position);

impl fmt::Display for NotText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0, NotText::WHAT)
    }
}

impl std::error::Error for NotText {}

impl NotText {
    /// What is wrong there.
    pub const WHAT: &str = "what stands here is not UTF-8";

    fn after(text: &str) -> NotText {
        let line = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let before = text.rsplit('\n').next().unwrap_or_default();
        let column = before.chars().count() + 1;
        let [line, column] = [line, column].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        NotText(Position { line, column })
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16, is_cut: bool) -> anyhow::Result<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    let is_first_half = |unit: &u16| (0xd800..0xdc00).contains(unit);
    if is_cut && units.last().is_some_and(is_first_half) {
        units.pop();
    }
    if !rest.is_empty() && !is_cut {
        bail!("invalid utf-16: its last character is cut in two");
    }
    Ok(String::from_utf16(&units)?)
}

/// Reads a document in JSON or TOML; of one that says what is expected of its run, the run.
pub fn document(text: &str) -> Result<Link, Vec<Problem>> {
    let value = value(text)?;
    run_of(&value)
        .map_err(|problems| something_else(text).map_or(problems, |problem| vec![problem]))
}

/// What a text is that is no document, if it is something else that this command knows.
fn something_else(text: &str) -> Option<Problem> {
    let first = text.lines().next().unwrap_or_default();
    let head: Option<Value> = serde_json::from_str(first).ok();
    let problem = |what: &str| Problem::new("the file", what.to_owned());
    if head.is_some_and(|head| head["slowfire"] == "trace") {
        let what = "is the trace of a run: its first line has the link that runs it again";
        return Some(problem(what));
    }
    let is_history = text.lines().take(FIRST_LINES).any(|line| {
        let is_entry = |invoked: &str| line.contains(invoked);
        is_entry(":invoke") || is_entry("\"invoke\"")
    });
    let what = "is a history of operations: slowfire check FILE --model ... checks it";
    is_history.then(|| problem(what))
}

/// Within how many lines a history has an operation that begins.
const FIRST_LINES: usize = 10;

/// Reads JSON, or TOML.
pub fn value(text: &str) -> Result<Value, Vec<Problem>> {
    let wrong = |what| match something_else(text) {
        Some(problem) => vec![problem],
        None => vec![Problem::new("the document", what)],
    };
    if text.len() > MOST_BYTES {
        // Of a longer file this is the beginning alone.
        let what = format!("has more than {MOST_BYTES} bytes, and may not");
        return Err(wrong(what));
    }
    let what = if text.trim_start().starts_with('{') {
        match serde_json::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => format!("is not JSON: {error}"),
        }
    } else {
        match toml::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) => format!("is not TOML: {}", error.to_string().trim_end()),
        }
    };
    Err(wrong(what))
}

/// Whether this means stdout.
pub fn is_stdout(file: &Path) -> bool {
    file == Path::new("-")
}

/// Writes a document to a file, or to stdout: TOML if the file's name says so, and else JSON.
pub fn write_document(file: &Path, value: &Value) -> anyhow::Result<()> {
    let is_toml = file.extension().is_some_and(|ending| ending == "toml");
    let text = match is_toml {
        true => toml::to_string_pretty(value).context("the document cannot be written as TOML")?,
        false => format!("{value:#}\n"),
    };
    if is_stdout(file) {
        return report::say(text.trim_end());
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// Reads a subject with all that is set for it.
pub fn subject(subject: &Subject, seed: Option<u32>) -> anyhow::Result<Link> {
    let mut link = read(&subject.input)?;
    let (on, off) = (subject.on.join(","), subject.off.join(","));
    let seed = seed.map(|seed| seed.to_string());
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for set in &subject.set {
        let pair = set.split_once('=');
        pairs.push(pair.with_context(|| format!("--set {set} must look like loss=0.3"))?);
    }
    pairs.extend(seed.iter().map(|seed| ("seed", seed.as_str())));
    pairs.extend(
        [("on", on.as_str()), ("off", off.as_str())]
            .iter()
            .filter(|(_, ids)| !ids.is_empty()),
    );
    let mut problems = Vec::new();
    for (key, value) in pairs {
        if let Err(what) = link.variant.take(key, value) {
            problems.push(Problem::new(key, what));
        }
    }
    link.variant.deeds.sort_by_key(|timed| timed.at);
    if problems.is_empty() {
        for told in idle(&link.variant.scenario, &link.variant.deeds) {
            report::warn(format!("{told}."));
        }
        Ok(link)
    } else {
        Err(report::problems("what is set", &problems))
    }
}

/// A moment of the link's run.
pub fn moment(option: &str, text: &str, link: &Link) -> anyhow::Result<SimTime> {
    let end = link.variant.scenario.duration.as_nanos() as f64;
    let range = Range {
        unit: Unit::Duration,
        min: 0.0,
        max: end,
    };
    let nanos = range
        .parse(text)
        .map_err(|what| anyhow::anyhow!("--{option} {what}"))?;
    Ok(SimTime::from_nanos(nanos as u64))
}

/// The same, as a run that ends at `--until`.
pub fn ending(of: &Subject, seed: Option<u32>) -> anyhow::Result<Link> {
    let mut link = subject(of, seed)?;
    if let Some(until) = until(of, &link)? {
        let nanos = until.as_nanos().max(SHORTEST.as_nanos());
        link.variant.scenario.duration = SimDuration::from_nanos(nanos);
    }
    Ok(link)
}

/// No document is of a shorter run.
const SHORTEST: SimDuration = SimDuration::from_millis(1);

/// When the run stops, if that is set.
pub fn until(subject: &Subject, link: &Link) -> anyhow::Result<Option<SimTime>> {
    let until = subject.until.as_deref();
    until.map(|text| moment("until", text, link)).transpose()
}
