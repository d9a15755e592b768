//! What became of a suite as JUnit's XML, which servers for continuous integration show.

use super::tested::{Case, Tested};

/// The whole file.
pub fn written(tested: &[Tested]) -> String {
    let suites: String = tested.iter().map(suite).collect();
    let totals = tested.iter().map(Totals::of);
    let totals = totals.fold(Totals::default(), Totals::and);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"slowfire\" {}>\n{suites}</testsuites>\n",
        totals.attributes()
    )
}

#[derive(Default)]
struct Totals {
    tests: usize,
    failures: usize,
    errors: usize,
    seconds: f64,
}

impl Totals {
    fn of(tested: &Tested) -> Totals {
        Totals {
            tests: tested.cases.as_ref().map_or(1, Vec::len),
            failures: tested.failures().count(),
            errors: usize::from(tested.cases.is_err()),
            seconds: tested.took.as_secs_f64(),
        }
    }

    fn and(self, other: Totals) -> Totals {
        Totals {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            seconds: self.seconds + other.seconds,
        }
    }

    fn attributes(&self) -> String {
        let Totals {
            tests,
            failures,
            errors,
            seconds,
        } = self;
        format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{seconds:.3}\""
        )
    }
}

fn suite(tested: &Tested) -> String {
    let file = escaped(&tested.file);
    let cases = match &tested.cases {
        Ok(cases) => cases
            .iter()
            .map(|case| passed_or_not(&file, case))
            .collect(),
        Err(wrong) => case(&file, "can be read", "error", Some(wrong)),
    };
    let totals = Totals::of(tested).attributes();
    format!("  <testsuite name=\"{file}\" {totals}>\n{cases}  </testsuite>\n")
}

fn passed_or_not(file: &str, of: &Case) -> String {
    case(file, &of.name, "failure", of.failure.as_deref())
}

fn case(file: &str, name: &str, kind: &str, wrong: Option<&str>) -> String {
    let name = escaped(name);
    let begins = format!("    <testcase classname=\"{file}\" name=\"{name}\"");
    let Some(wrong) = wrong else {
        return format!("{begins}/>\n");
    };
    let (first, whole) = (
        escaped(wrong.lines().next().unwrap_or_default()),
        escaped(wrong),
    );
    format!("{begins}>\n      <{kind} message=\"{first}\">{whole}</{kind}>\n    </testcase>\n")
}

/// A text as it stands in XML 1.0, which has no place for most control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            control if control.is_control() => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn texts_from_files_stay_texts_in_xml() {
        assert_eq!(
            escaped("a<b> & \"c\"\u{1}\n"),
            "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}\n"
        );
    }
}
