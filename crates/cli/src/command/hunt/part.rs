//! A hunt's report: what some of its seeds came to. It says nothing of how or where they were run, so reports add up to what
//! one machine would have written.

use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, bail};
use scenario::link::Link;
use scenario::run::hunt::{Counts, Drawn, First, Ranges};
use serde_json::{Map, Value, json};
use sim::SimTime;

use crate::input::is_stdout;
use crate::report::{problems as problems_of, say};

/// Which hunt it is: the same runs for everybody who has this.
#[derive(Clone, Debug)]
pub struct Hunt {
    /// What is run.
    pub link: Link,
    /// Until when, if not to the end.
    pub until: Option<SimTime>,
    /// How much memory a run may take, in MiB.
    pub memory: u64,
    /// All seeds of the hunt.
    pub seeds: Range<u64>,
    /// The weather that is drawn for each seed, if some is.
    pub weather: Option<Drawn>,
}

/// The version of the command, down to its sources: another one may run other runs.
const VERSION: &str = env!("SLOWFIRE_VERSION");

impl Hunt {
    /// As a report begins.
    pub fn to_json(&self) -> Value {
        json!({
            "slowfire": VERSION,
            "link": self.link.format(),
            "until": self.until.map(|at| at.to_string()),
            "memory_mib": self.memory,
            "seeds": [self.seeds.start, self.seeds.end],
            "weather": self.weather.as_ref().map(Drawn::said),
        })
    }

    /// How many bytes of memory a run may take.
    pub fn memory_bytes(&self) -> usize {
        usize::try_from(self.memory << 20).unwrap_or(usize::MAX)
    }

    /// The first field in which another hunt differs, as a report begins: what it is here, and what it is there.
    pub fn difference(&self, other: &Value) -> Option<(&'static str, Value, Value)> {
        let own = self.to_json();
        let fields = [
            "slowfire",
            "link",
            "until",
            "memory_mib",
            "seeds",
            "weather",
        ];
        let field = fields
            .into_iter()
            .find(|field| own[field] != other[field])?;
        Some((field, own[field].clone(), other[field].clone()))
    }

    fn read(value: &Value) -> anyhow::Result<Hunt> {
        let version = text(value, "slowfire")?;
        if version != VERSION {
            bail!("slowfire is \"{version}\"; this command is {VERSION}, and may run other runs");
        }
        let (link, problems) = Link::parse(text(value, "link")?);
        if let Some(problem) = problems.first() {
            bail!("link: {problem}");
        }
        let until = match &value["until"] {
            Value::Null => None,
            Value::String(until) => Some(moment(until).context("until")?),
            _ => bail!("until must be a time such as 10s, or null"),
        };
        let weather = match &value["weather"] {
            Value::Null => None,
            said => Some(drawn(said, &link)?),
        };
        Ok(Hunt {
            weather,
            link,
            until,
            memory: number(value, "memory_mib")?.min(1 << 20),
            seeds: range(&value["seeds"]).context("seeds")?,
        })
    }

    /// The link of a run that fails, at the violation, with its weather.
    pub fn link_of(&self, first: &First) -> String {
        first.link(&self.link, self.weather.as_ref())
    }

    fn checks(&self) -> impl Iterator<Item = &str> {
        let checks = self.link.variant.scenario.checks.iter();
        checks.map(|check| check.id.as_str())
    }

    /// What these seeds came to, as a report says it.
    pub fn counts_to_json(&self, counts: &Counts) -> Value {
        let by_check = |counts: &[u64]| -> Map<String, Value> {
            let named = self.checks().zip(counts);
            named
                .map(|(id, count)| (id.to_owned(), json!(count)))
                .collect()
        };
        let checks = &self.link.variant.scenario.checks;
        let first = counts.first.map(|first| {
            json!({
                "seed": first.seed,
                "check": checks[first.check].id,
                "at": first.at.to_string(),
            })
        });
        let ran = counts
            .ran
            .iter()
            .map(|seeds| json!([seeds.start, seeds.end]));
        json!({
            "ran": ran.collect::<Vec<_>>(),
            "failed": counts.failed,
            "violated": by_check(&counts.violated),
            "undecided": by_check(&counts.undecided),
            "first": first,
        })
    }

    /// Reads what [`Hunt::counts_to_json`] writes.
    pub fn counts(&self, value: &Value) -> anyhow::Result<Counts> {
        let mut ran = Ranges::default();
        for seeds in value["ran"].as_array().context("ran must be a list")? {
            let seeds = range(seeds).context("ran")?;
            if seeds.start < self.seeds.start || seeds.end > self.seeds.end {
                bail!("ran has seeds {seeds:?}; the hunt has {:?}", self.seeds);
            }
            if let Err(twice) = ran.add(seeds) {
                bail!("ran has the seeds {twice:?} twice");
            }
        }
        let by_check = |field: &str| -> anyhow::Result<Vec<u64>> {
            let counts = self.checks().map(|id| number(&value[field], id));
            counts
                .collect::<anyhow::Result<_>>()
                .context(field.to_owned())
        };
        let counts = Counts {
            runs: ran.iter().map(|seeds| seeds.end - seeds.start).sum(),
            ran,
            failed: number(value, "failed")?,
            violated: by_check("violated")?,
            undecided: by_check("undecided")?,
            first: self.first(&value["first"]).context("first")?,
        };
        counts
            .contradiction()
            .map_or(Ok(counts), |wrong| bail!(wrong))
    }

    fn first(&self, value: &Value) -> anyhow::Result<Option<First>> {
        if value.is_null() {
            return Ok(None);
        }
        let seed = u32::try_from(number(value, "seed")?).context("seed is too large")?;
        let id = text(value, "check")?;
        let check = self.checks().position(|check| check == id);
        Ok(Some(First {
            seed,
            check: check
                .with_context(|| format!("check is \"{id}\", which the hunt does not have"))?,
            at: moment(text(value, "at")?).context("at")?,
        }))
    }
}

/// A report as text.
pub fn write(hunt: &Hunt, counts: &Counts) -> String {
    let mut value = json!({ "hunt": hunt.to_json() });
    if let (Some(value), Value::Object(counts)) =
        (value.as_object_mut(), hunt.counts_to_json(counts))
    {
        value.extend(counts);
    }
    if let Some(first) = &counts.first {
        value["first"]["link"] = json!(hunt.link_of(first));
    }
    format!("{value:#}\n")
}

/// Reads a report.
pub fn read(file: &str, text: &str) -> anyhow::Result<(Hunt, Counts)> {
    let read = || {
        let value: Value = serde_json::from_str(text)?;
        let hunt = value
            .get("hunt")
            .context("hunt is missing; is it a report of `slowfire hunt --shard`?")?;
        let hunt = Hunt::read(hunt).context("hunt")?;
        let counts = hunt.counts(&value)?;
        anyhow::Ok((hunt, counts))
    };
    read().with_context(|| format!("{file} is no report that can be added up"))
}

/// Writes a file so that nobody finds half of it: who is killed or loses power on the way leaves the one before. `-` is stdout.
pub fn save(file: &Path, text: &str) -> anyhow::Result<()> {
    if is_stdout(file) {
        return say(text.trim_end());
    }
    let cannot = || format!("cannot write {}", file.display());
    let mut name = file.file_name().with_context(cannot)?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let saved = written(&part, text).and_then(|()| std::fs::rename(&part, file));
    if saved.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    saved.with_context(cannot)
}

/// Writes a file that the disk has whole when this returns.
fn written(file: &Path, text: &str) -> std::io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn drawn(said: &Value, link: &Link) -> anyhow::Result<Drawn> {
    let drawn = Drawn::read(said, &link.variant.scenario);
    drawn.map_err(|problems| problems_of("weather", &problems))
}

fn text<'v>(value: &'v Value, field: &str) -> anyhow::Result<&'v str> {
    let text = value[field].as_str();
    text.with_context(|| format!("{field} must be a text"))
}

fn number(value: &Value, field: &str) -> anyhow::Result<u64> {
    let number = value[field].as_u64();
    number.with_context(|| format!("{field} must be a whole number"))
}

fn range(value: &Value) -> anyhow::Result<Range<u64>> {
    let both = value.as_array().filter(|both| both.len() == 2);
    let ends = both.and_then(|both| Some((both[0].as_u64()?, both[1].as_u64()?)));
    let (first, end) = ends.filter(|(first, end)| first <= end && *end <= 1 << 32).context(
        "must be two whole numbers up to 4294967296, the first seed and the first after the last",
    )?;
    Ok(first..end)
}

fn moment(text: &str) -> anyhow::Result<SimTime> {
    use scenario::quantity::Unit;
    let nanos = Unit::Duration.parse(text).filter(|nanos| *nanos >= 0.0);
    let nanos = nanos.with_context(|| format!("\"{text}\" is not a time such as 2.4s"))?;
    Ok(SimTime::from_nanos(nanos as u64))
}
