//! What became of a file of a suite.

use std::time::Duration;

/// What became of a file of the suite.
pub struct Tested {
    pub file: String,
    pub took: Duration,
    /// What became of each expectation; or why the file cannot be used.
    pub cases: Result<Vec<Case>, String>,
}

/// What became of an expectation.
pub struct Case {
    /// What was expected, in words.
    pub name: String,
    /// Why it was not so, with the link of the run.
    pub failure: Option<String>,
}

impl Tested {
    pub fn failures(&self) -> impl Iterator<Item = &str> {
        let cases = self.cases.iter().flatten();
        cases.filter_map(|case| case.failure.as_deref())
    }
}
