//! Links: a run as the part of an address after the `#`.
//!
//! `/double-charge?seed=7&loss=0.1&skew.bank=350ms&off=retry&do=crash:bank@2.4s&t=3.2s`: a lab, and what differs from
//! it; `without=pause:ann@1.2s`: what of the lab's own plan is not done. `1.` and a packed document: anything else. Unknown keys are left out of the run and reported.
//!
//! What the query says is a [`Variant`]; `packed` has whole documents as links; `revision` tells what a link of another
//! revision of its protocol may not show any more.

mod packed;
mod revision;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::challenge::Challenge;
use crate::document::{Problem, read};
use crate::lab::{self, Contract, Lab};
use crate::model::{Scenario, missing};
use crate::terms::limits::MOST_BYTES;
use crate::terms::quantity::shortened;
use crate::terms::words::{nearest, nearest_name};
use crate::variant::{Variant, texts};

/// The lab that opens when a link names none.
pub const DEFAULT_LAB: &str = "double-charge";

/// How often a link is taken out of escapes: each program that passes it on may have put it into some.
const MOST_ESCAPES: usize = 4;

/// The characters of HTML that have escapes.
const HTML: [(&str, &str); 5] = [
    ("&amp;", "&"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
];

/// A link without the escapes of addresses, of HTML and of Markdown, which programs add where links are passed on, and without the
/// brackets, quotes and full stops that people put around it. None of them begins or ends a link.
pub fn unescaped(hash: &str) -> String {
    let mut link = hash.to_owned();
    for _ in 0..MOST_ESCAPES {
        let mut plain = percent_decode_str(&link).decode_utf8_lossy().into_owned();
        for (escape, character) in HTML {
            plain = plain.replace(escape, character);
        }
        // Markdown's escapes: no link has this character.
        plain.retain(|character| character != '\\');
        if plain == link {
            break;
        }
        link = plain;
    }
    bare(&link).to_owned()
}

/// A link without its `#`, and what stands before that in a text.
fn without_mark(hash: &str) -> &str {
    let hash = hash.trim_start_matches(['#', '<', '(', '[']);
    hash.trim_start_matches("%23")
}

/// A link without what surrounds it in a text.
fn bare(link: &str) -> &str {
    let link = link.trim_start_matches(['<', '(', '[', '"', '\'', '`']);
    link.trim_end_matches(['>', ')', ']', '"', '\'', '`', '.', ',', ';', ':', '!', '?'])
}

/// A link that names no run that is there.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Why it names none.
    pub problems: Vec<Problem>,
    /// The link of the run that is probably meant, if one is near.
    pub near: Option<String>,
}

impl Unread {
    fn of(what: String) -> Unread {
        Unread::from(vec![Problem::new("the link", what)])
    }
}

impl From<Vec<Problem>> for Unread {
    fn from(problems: Vec<Problem>) -> Unread {
        let near = None;
        Unread { problems, near }
    }
}

/// What a link says, or a document.
#[derive(Clone, Debug)]
pub struct Link {
    /// The lab it starts from: a carried one, or the document's own.
    pub lab: Cow<'static, Lab>,
    /// The lab's scenario with what the link changes.
    pub variant: Variant,
}

impl Link {
    /// A lab as it is.
    pub fn of_lab(lab: &'static Lab) -> Link {
        Link {
            variant: Variant::of(lab.scenario.clone()),
            lab: Cow::Borrowed(lab),
        }
    }

    /// Reads the part of an address after the `#`, however programs have escaped it on its way. Wrong parts are reported and
    /// left out; there is always a run, of the default lab if the link names none.
    pub fn parse(hash: &str) -> (Link, Vec<Problem>) {
        Link::read(hash).unwrap_or_else(|unread| (Link::of_lab(default_lab()), unread.problems))
    }

    /// Reads the part of an address after the `#`. Wrong parts of a run are reported and left out.
    ///
    /// # Errors
    ///
    /// When it names no run that is there.
    pub fn read(hash: &str) -> Result<(Link, Vec<Problem>), Unread> {
        let hash = without_mark(hash);
        if let Some(packed) = hash.strip_prefix(packed::MARK).map(bare) {
            let text = packed::unpack(packed).map_err(Unread::of)?;
            return Ok((Link::from_json(&text)?, Vec::new()));
        }
        if hash.len() > MOST_BYTES {
            let what = format!("has {} bytes; it may have {MOST_BYTES}", hash.len());
            return Err(Unread::of(what));
        }
        let decoded = unescaped(hash);
        let (path, query) = decoded.split_once('?').unwrap_or((&decoded, ""));
        let id = known_lab(path, query)?;
        let missing = || Unread::of(format!("names the lab \"{id}\", which is not loaded"));
        let lab = lab::find(id).ok_or_else(missing)?;
        Ok(Link::of_query(lab, query))
    }

    /// Why this part of an address names no run that is there; nothing if it names one, even if its lab is not loaded.
    pub fn unread(hash: &str) -> Option<Unread> {
        let hash = without_mark(hash);
        if hash.starts_with(packed::MARK) || hash.len() > MOST_BYTES {
            return Link::read(hash).err();
        }
        let decoded = unescaped(hash);
        let (path, query) = decoded.split_once('?').unwrap_or((&decoded, ""));
        known_lab(path, query).err()
    }

    /// The names of the carried labs that reading this part of an address looks for, and opening what it says.
    pub fn labs_named(hash: &str) -> Vec<&'static str> {
        let decoded = unescaped(hash.trim_start_matches('#').trim_start_matches("%23"));
        let path = decoded.split('?').next().unwrap_or_default();
        let id = path.trim_matches('/');
        // Where nothing can be used, the default lab opens.
        let named = lab::ids().filter(|known| *known == id || *known == DEFAULT_LAB);
        let only = named.filter(|known| *known == id || lab::address(id).is_none());
        only.collect()
    }

    /// The protocols whose entries must be there to read this part of an address, once the texts of its labs are: those of these
    /// labs, and the one that a document names.
    pub fn protocols_named(hash: &str) -> Vec<&'static str> {
        let values = Link::labs_named(hash).into_iter().filter_map(lab::value);
        let of_labs = values.filter_map(|value| read::protocol_of(&value));
        of_labs.chain(Link::protocol_told(hash)).collect()
    }

    /// The protocol whose entry must be there to say whether this part of an address names a run: a document's.
    pub fn protocol_told(hash: &str) -> Option<&'static str> {
        let packed = without_mark(hash).strip_prefix(packed::MARK).map(bare)?;
        let value = read::json(&packed::unpack(packed).ok()?).ok()?;
        read::protocol_of(&value)
    }

    /// A lab with what a query changes.
    fn of_query(lab: &'static Lab, query: &str) -> (Link, Vec<Problem>) {
        let mut link = Link::of_lab(lab);
        if link.variant.is_changed_by(query) {
            link.variant.scenario.revision = revision::UNSAID;
        }
        link.variant.scenario.defences = begun(lab, Variant::challenge_in(query)).defences.clone();
        let problems = link.variant.apply(query);
        (link, problems)
    }

    /// Why the run may differ from what the link's author saw, in a sentence, and what was mended since, in a sentence
    /// each; nothing unless the link is of another revision of its protocol.
    pub fn revision_note(&self) -> Vec<String> {
        let thing = match self.is_of_a_carried_lab() {
            true => "link",
            false => "document",
        };
        revision::note(&self.variant.scenario, thing)
    }

    /// Reads a document from JSON text: a lab, or a scenario alone.
    pub fn from_json(text: &str) -> Result<Link, Vec<Problem>> {
        let value = read::json(text).map_err(|problem| vec![problem])?;
        Link::from_value(&value)
    }

    /// Reads a document from a JSON value: a lab, or a scenario alone.
    pub fn from_value(value: &Value) -> Result<Link, Vec<Problem>> {
        let (lab, variant) = lab::read::opened(value)?;
        Ok(Link {
            lab: Cow::Owned(lab),
            variant,
        })
    }

    /// Writes the link, with its `#`. It reads back as the same run at the same moment.
    pub fn format(&self) -> String {
        if self.is_of_a_carried_lab() {
            let query = self
                .variant
                .query(&begun(&self.lab, self.variant.challenge));
            let mark = if query.is_empty() { "" } else { "?" };
            return format!("#/{}{mark}{query}", self.lab.id);
        }
        format!("#{}", packed::pack(&self.to_value().to_string()))
    }

    /// Writes the link as a whole document, even if a short one says the same.
    pub fn format_packed(&self) -> String {
        format!("#{}", packed::pack(&self.to_value().to_string()))
    }

    /// The document that says the same.
    pub fn to_value(&self) -> Value {
        let mut value = self.lab.source();
        let variant = &self.variant;
        value["scenario"] = variant.scenario.to_value();
        self.say_what_is_left_out(&mut value);
        if !variant.deeds.is_empty() {
            let deeds = texts(&variant.deeds, &variant.scenario);
            value["do"] = json!(deeds);
        }
        if let Some(at) = variant.at.filter(|at| *at > sim::SimTime::ZERO) {
            value["t"] = json!(at.to_string());
        }
        if let Some(view) = variant.view {
            value["view"] = json!(view.word());
        }
        if let Some(node) = variant.perspective {
            value["as"] = json!(variant.scenario.name(node));
        }
        value
    }

    /// The lab keeps its plan, so that what is left out of it can be brought back.
    fn say_what_is_left_out(&self, value: &mut Value) {
        let (own, left) = (&self.lab.scenario.plan, &self.variant.scenario.plan);
        let left_out = missing(own, left);
        if left_out.is_empty() || left_out.len() + left.len() != own.len() {
            return;
        }
        let scenario = &self.variant.scenario;
        let (whole, left_out) = (texts(own, scenario), texts(&left_out, scenario));
        value["scenario"]["plan"] = json!(whole);
        value["without"] = json!(left_out);
    }

    fn is_of_a_carried_lab(&self) -> bool {
        matches!(self.lab, Cow::Borrowed(_))
    }
}

/// The lab's scenario as a link begins with it: a challenge has defences of its own.
fn begun(lab: &Lab, challenge: Option<Challenge>) -> Cow<'_, Scenario> {
    let contract = challenge.and_then(|challenge| Some((Contract::of(lab)?, challenge.aim)));
    let Some((contract, aim)) = contract else {
        return Cow::Borrowed(&lab.scenario);
    };
    let mut scenario = lab.scenario.clone();
    scenario.defences = contract.begins(lab, aim);
    Cow::Owned(scenario)
}

/// The name of the carried lab that a path names; the query is for the lab that is meant if it names none.
fn known_lab(path: &str, query: &str) -> Result<&'static str, Unread> {
    let id = path.trim_matches('/');
    if id.is_empty() && path.len() <= 1 {
        return Ok(DEFAULT_LAB);
    }
    lab::ids().find(|known| *known == id).ok_or_else(|| {
        let name = shortened(id);
        let lower = id.to_ascii_lowercase();
        let near = nearest(&lower, lab::ids());
        let mark = if query.is_empty() { "" } else { "?" };
        let meant = nearest_name(&lower, lab::ids());
        Unread {
            near: meant.map(|meant| format!("#/{meant}{mark}{query}")),
            ..Unread::of(format!(
                "names the lab \"{name}\", which is not known{near}"
            ))
        }
    })
}

fn default_lab() -> &'static Lab {
    lab::find(DEFAULT_LAB).expect("the default lab is carried and can be read, as a test shows")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A link's problems, and the link that is written for what was understood.
    fn check(link: &str, written: &str, problems: &[&str]) {
        let (read, found) = Link::parse(link);
        let found: Vec<String> = found.iter().map(Problem::to_string).collect();
        assert_eq!(found, problems, "{link}");
        let (again, rev) = (Link::parse(&read.format()).0, mark(&read));
        for read in [read, again] {
            assert_eq!(read.format().replace(&rev, ""), written, "{link}");
        }
    }

    /// What says the revision of the link's protocol, once that has been mended.
    fn mark(link: &Link) -> String {
        format!("rev={}&", link.variant.scenario.protocol.revision())
    }

    #[test]
    fn a_link_says_what_differs_from_its_lab_and_nothing_else() {
        check("", "#/double-charge", &[]);
        check("#/", "#/double-charge", &[]);
        check("#/double-charge", "#/double-charge", &[]);
        let full = "#/double-charge?seed=9&latency=250ms&loss=0.35&skew.bank=-350ms&timeout=900ms\
                    &on=idempotency-key&off=retry&do=loss:1@1.5s,crash:bank@2.4s,restart:bank@4s&t=3.241507s";
        check(full, full, &[]);
        check(
            "#/double-charge?loss=10%25&do=crash%3Abank%402s",
            "#/double-charge?loss=0.1&do=crash:bank@2s",
            &[],
        );
    }

    #[test]
    fn what_is_wrong_is_named_and_the_rest_is_kept() {
        let base = "#/double-charge";
        check(
            "#/double-chrage?seed=4",
            "#/double-charge",
            &[
                "The link names the lab \"double-chrage\", which is not known; did you mean \"double-charge\"?",
            ],
        );
        check(
            "#/DOUBLE-CHARGE",
            "#/double-charge",
            &[
                "The link names the lab \"DOUBLE-CHARGE\", which is not known; did you mean \"double-charge\"?",
            ],
        );
        check(
            "#/double-charge?loss=3&seed=4",
            "#/double-charge?seed=4",
            &["loss is 3; it must be from 0 to 1."],
        );
        check(
            "#/double-charge?lateny=3ms",
            base,
            &["lateny is not known in this lab and was left out; did you mean \"latency\"?"],
        );
        check(
            "#/double-charge?story=2",
            base,
            &["story is not known in this lab and was left out."],
        );
        check(
            "#/double-charge?off=retries",
            base,
            &[
                "off names \"retries\", which is not a defence of the protocol; did you mean \"retry\"?",
            ],
        );
        check(
            "#/double-charge?do=crash:bnak@1s,crash:bank@2s",
            "#/double-charge?do=crash:bank@2s",
            &["do is \"crash:bnak@1s\": there is no node \"bnak\"; did you mean \"bank\"?"],
        );
        check(
            "#/double-charge?t=-1s",
            base,
            &["t is -1s; it must be from 0s to 3600s."],
        );
    }

    #[test]
    fn a_link_is_read_out_of_whatever_surrounds_it() {
        let plain = "#/double-charge?seed=9&loss=0.3";
        for written in [
            "#/double-charge?seed=9&loss=0.3>",
            "#/double-charge?seed=9&loss=0.3).",
            "#/double-charge?seed=9&amp;loss=0.3&gt;",
            "#%252Fdouble-charge%253Fseed%253D9%2526loss%253D0.3",
            "#/double-charge?seed=9&amp;amp;loss=0.3",
            "#/double-charge?seed=9&loss=30%25",
            "#/double-charge?seed=9&loss=30%2525",
        ] {
            check(written, plain, &[]);
        }
        let packed = Link::parse(plain).0.format_packed();
        for end in [">", ").", "]", "\"", "=", "\n"] {
            let (link, problems) = Link::parse(&format!("{packed}{end}"));
            let whole = Link::parse(&packed).0.format();
            assert_eq!((link.format(), problems), (whole, vec![]), "{end}");
        }
    }

    #[test]
    fn what_is_said_twice_is_told_and_the_last_one_counts() {
        let twice = "is said more than once; the last one counts";
        check(
            "#/double-charge?seed=8&seed=9",
            "#/double-charge?seed=9",
            &[&format!("seed {twice}.")],
        );
        check(
            "#/double-charge?loss=0.3&loss=0.2",
            "#/double-charge?loss=0.2",
            &[&format!("loss {twice}.")],
        );
        check(
            "#/double-charge?on=idempotency-key&off=idempotency-key",
            "#/double-charge",
            &[
                "off names \"idempotency-key\", which is switched the other way as well; the last one counts.",
            ],
        );
        check(
            "#/double-charge?loss=0.2&loss=0.2",
            "#/double-charge?loss=0.2",
            &[],
        );
        let added =
            "#/double-charge?do=crash:bank@2s&do=restart:bank@3s&on=idempotency-key&off=retry";
        let one = "#/double-charge?on=idempotency-key&off=retry&do=crash:bank@2s,restart:bank@3s";
        check(added, one, &[]);
    }

    #[test]
    fn a_link_takes_a_fault_of_the_labs_own_out() {
        let without = "#/lease-and-pause?without=pause:ann@1.2s";
        let own = Link::parse("#/lease-and-pause").0.variant.scenario.plan;
        let first = own[0].format(&Link::parse(without).0.variant.scenario);
        let link = format!("#/lease-and-pause?without={first}");
        check(&link, &link, &[]);
        let packed = Link::parse(&link).0.format_packed();
        let (again, problems) = Link::parse(&packed);
        assert_eq!(
            (again.lab.scenario.plan.len(), problems),
            (own.len(), vec![])
        );
        assert_eq!(again.variant.scenario.plan, own[1..]);
        assert_eq!(again.format_packed(), packed);
        let known = "which is not a fault of the lab's own";
        check(
            "#/lease-and-pause?without=pause:ben@1s",
            "#/lease-and-pause",
            &[&format!(
                "without names \"pause:ben@1s\", {known}; did you mean \"{first}\"?"
            )],
        );
        check(
            "#/double-charge?without=crash:bank@2s",
            "#/double-charge",
            &[&format!(
                "without names \"crash:bank@2s\", {known}; it has none."
            )],
        );
    }

    #[test]
    fn a_link_may_ask_first_and_tell_a_score() {
        for score in ["first", "3of5", "9999of10000"] {
            let link = format!("#/double-charge?guess={score}");
            check(&link, &link, &[]);
        }
        for wrong in ["last", "6of5", "0of0", "of", ""] {
            let link = format!("#/double-charge?guess={wrong}");
            let problem =
                format!("guess is \"{wrong}\"; it must be first, or a score such as 3of5.");
            check(&link, "#/double-charge", &[&problem]);
        }
    }

    #[test]
    fn two_runs_differ_by_a_defence_a_setting_or_a_deed() {
        for twin in [
            "idempotency-key",
            "crash:bank@2s",
            "loss:0.3@0s",
            "loss:0.3",
            "timeout:2s",
            "skew.alice:0s",
        ] {
            let link = format!("#/double-charge?twin={twin}");
            check(&link, &link, &[]);
        }
    }

    #[test]
    fn garbage_gives_the_default_lab() {
        let (link, problems) = Link::parse(&"#/%ff%00=&?&&=&".repeat(9000));
        assert_eq!(
            (link.format().as_str(), problems.len()),
            ("#/double-charge", 1)
        );
        let (link, problems) = Link::parse("#\u{0}\u{7f}🦀?🦀=🦀&do=@@::,&seed=");
        assert_eq!(
            (link.format().as_str(), problems.len()),
            ("#/double-charge", 1)
        );
        let (_, problems) = Link::parse("#/double-charge?🦀=🦀&do=@@::,&seed=");
        assert!(problems.len() >= 3, "{problems:?}");
    }

    #[test]
    fn a_link_that_names_no_run_offers_the_one_that_is_meant() {
        let near = |link: &str| {
            let near = Link::read(link).expect_err("it names no run").near;
            assert_eq!(Link::unread(link).expect("it names no run").near, near);
            near
        };
        let meant = near("#/congested-swich?seed=4&t=2s");
        assert_eq!(meant.as_deref(), Some("#/congested-switch?seed=4&t=2s"));
        for link in ["#/nothing-like-it?seed=4", "#1.garbage", "#main"] {
            assert_eq!(near(link), None, "{link}");
        }
    }

    #[test]
    fn a_document_as_long_as_one_may_be_is_read_however_it_is_packed() {
        let mut document = Link::parse("#/double-charge").0.to_value().to_string();
        document.push_str(&" ".repeat(MOST_BYTES - document.len()));
        let stored = |text: &str| packed::with_effort(text, 0);
        let (link, problems) = Link::read(&stored(&document)).expect("it may be so long");
        assert_eq!((link.lab.id.as_str(), problems), ("double-charge", vec![]));
        let longer = Link::read(&stored(&format!("{document} "))).expect_err("it is too long");
        let said = longer.problems[0].to_string();
        assert!(said.contains("more than 65536 bytes"), "{said}");
    }
}
