//! Links: a run as the part of an address after the `#`.
//!
//! `/double-charge?seed=7&loss=0.1&skew.bank=350ms&off=retry&do=crash:bank@2.4s&t=3.2s`: a lab, and what differs from
//! it. Unknown keys are left out of the run and reported.

use percent_encoding::percent_decode_str;
use sim::SimTime;

use crate::deed::Timed;
use crate::document::Scenario;
use crate::document::fields::{Problem, nearest};
use crate::document::limits::{MOST_BYTES, MOST_DEEDS, SEED};
use crate::knob::Knob;
use crate::lab::{self, Lab};
use crate::quantity::{Range, shortened};

/// The lab that opens when a link names none.
pub const DEFAULT_LAB: &str = "double-charge";

/// What a link says.
#[derive(Clone, Debug)]
pub struct Link {
    /// The lab it starts from.
    pub lab: &'static Lab,
    /// The lab's scenario with what the link changes.
    pub scenario: Scenario,
    /// What is done to the run, in order.
    pub deeds: Vec<Timed>,
    /// The moment it shows.
    pub at: SimTime,
}

impl Link {
    /// A lab as it is.
    pub fn of_lab(lab: &'static Lab) -> Link {
        Link {
            lab,
            scenario: lab.scenario.clone(),
            deeds: Vec::new(),
            at: SimTime::ZERO,
        }
    }

    /// Reads the part of an address after the `#`. What is wrong is reported and left out; there is always a run.
    pub fn parse(hash: &str) -> (Link, Vec<Problem>) {
        let mut problems = Vec::new();
        let hash = hash.trim_start_matches('#');
        if hash.len() > MOST_BYTES {
            let what = format!("has {} bytes; it may have {MOST_BYTES}", hash.len());
            return (
                Link::of_lab(default_lab()),
                vec![Problem::new("the link", what)],
            );
        }
        let decoded = percent_decode_str(hash).decode_utf8_lossy();
        let (path, query) = decoded.split_once('?').unwrap_or((&decoded, ""));
        let mut link = Link::of_lab(named_lab(path, &mut problems));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Err(what) = link.take(key, value) {
                problems.push(Problem::new(shortened(key), what));
            }
        }
        link.deeds.sort_by_key(|timed| timed.at);
        let end = SimTime::ZERO + link.scenario.duration;
        link.at = link.at.min(end);
        problems.truncate(20);
        (link, problems)
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), String> {
        match key {
            "seed" => self.scenario.seed = SEED.parse(value)? as u32,
            "on" => self.switch(value, true)?,
            "off" => self.switch(value, false)?,
            "do" => self.do_all(value)?,
            "t" => {
                let end = self.scenario.duration.as_nanos() as f64;
                self.at = SimTime::from_nanos(Range::duration(0.0, end).parse(value)? as u64);
            }
            _ => self.turn(key, value)?,
        }
        Ok(())
    }

    fn switch(&mut self, names: &str, is_on: bool) -> Result<(), String> {
        let specs = self.scenario.protocol.defences;
        let mut unknown = Vec::new();
        for name in names.split(',').filter(|name| !name.is_empty()) {
            match specs.iter().find(|spec| spec.id == name) {
                Some(spec) if is_on => drop(self.scenario.defences.insert(spec.id)),
                Some(spec) => drop(self.scenario.defences.remove(spec.id)),
                None => {
                    let near = nearest(name, specs.iter().map(|spec| spec.id));
                    unknown.push(format!(
                        "names \"{}\", which is no defence of this lab{near}",
                        shortened(name)
                    ));
                }
            }
        }
        if unknown.is_empty() {
            Ok(())
        } else {
            Err(unknown.join(" and "))
        }
    }

    fn do_all(&mut self, deeds: &str) -> Result<(), String> {
        let mut wrong = Vec::new();
        for text in deeds.split(',').filter(|text| !text.is_empty()) {
            if self.deeds.len() == MOST_DEEDS {
                return Err(format!("has more than {MOST_DEEDS} entries"));
            }
            match Timed::parse(text, &self.scenario) {
                Ok(timed) => self.deeds.push(timed),
                Err(what) => wrong.push(what),
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(wrong.join("; "))
        }
    }

    fn turn(&mut self, key: &str, value: &str) -> Result<(), String> {
        let Some(knob) = Knob::parse(key, &self.scenario) else {
            let knobs: Vec<String> = Knob::all(&self.scenario)
                .iter()
                .map(|knob| knob.key(&self.scenario))
                .collect();
            let known = ["seed", "on", "off", "do", "t"]
                .into_iter()
                .chain(knobs.iter().map(String::as_str));
            return Err(format!(
                "is not known in this lab and was left out{}",
                nearest(key, known)
            ));
        };
        knob.set(&mut self.scenario, knob.range().parse(value)?);
        Ok(())
    }

    /// Writes the link, with its `#`. It reads back as the same run at the same moment.
    pub fn format(&self) -> String {
        let lab = &self.lab.scenario;
        let mut pairs = Vec::new();
        if self.scenario.seed != lab.seed {
            pairs.push(format!("seed={}", self.scenario.seed));
        }
        for knob in Knob::all(&self.scenario) {
            let value = knob.value(&self.scenario);
            if value != knob.value(lab) {
                pairs.push(format!(
                    "{}={}",
                    knob.key(&self.scenario),
                    knob.range().unit.format(value)
                ));
            }
        }
        for (key, more, less) in [
            ("on", &self.scenario.defences, &lab.defences),
            ("off", &lab.defences, &self.scenario.defences),
        ] {
            let names: Vec<&str> = more.difference(less).copied().collect();
            if !names.is_empty() {
                pairs.push(format!("{key}={}", names.join(",")));
            }
        }
        if !self.deeds.is_empty() {
            let deeds: Vec<String> = self
                .deeds
                .iter()
                .map(|timed| timed.format(&self.scenario))
                .collect();
            pairs.push(format!("do={}", deeds.join(",")));
        }
        if self.at > SimTime::ZERO {
            pairs.push(format!("t={}", self.at));
        }
        let query = if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        };
        format!("#/{}{query}", self.lab.id)
    }
}

fn named_lab(path: &str, problems: &mut Vec<Problem>) -> &'static Lab {
    let id = path.trim_matches('/');
    if id.is_empty() && path.len() <= 1 {
        return default_lab();
    }
    lab::find(id).unwrap_or_else(|| {
        let near = nearest(id, lab::labs().iter().map(|lab| lab.id.as_str()));
        let what = format!(
            "names the lab \"{}\", which is not known{near}",
            shortened(id)
        );
        problems.push(Problem::new("the link", what));
        default_lab()
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
        assert_eq!(read.format(), written, "{link}");
        assert_eq!(Link::parse(&read.format()).0.format(), written, "{link}");
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
            "#/double-charge?seed=4",
            &[
                "the link names the lab \"double-chrage\", which is not known; did you mean \"double-charge\"?.",
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
            &["lateny is not known in this lab and was left out; did you mean \"latency\"?."],
        );
        check(
            "#/double-charge?off=retries",
            base,
            &["off names \"retries\", which is no defence of this lab; did you mean \"retry\"?."],
        );
        check(
            "#/double-charge?do=crash:bnak@1s,crash:bank@2s",
            "#/double-charge?do=crash:bank@2s",
            &["do is \"crash:bnak@1s\": there is no node \"bnak\"; did you mean \"bank\"?."],
        );
        check(
            "#/double-charge?t=-1s",
            base,
            &["t is -1s; it must be from 0s to 60s."],
        );
    }

    #[test]
    fn garbage_gives_the_default_lab() {
        let (link, problems) = Link::parse(&"#/%ff%00=&?&&=&".repeat(9000));
        assert_eq!(
            (link.format().as_str(), problems.len()),
            ("#/double-charge", 1)
        );
        let (link, problems) = Link::parse("#\u{0}\u{7f}🦀?🦀=🦀&do=@@::,&seed=");
        assert_eq!(link.format(), "#/double-charge");
        assert!(problems.len() >= 3, "{problems:?}");
    }
}
