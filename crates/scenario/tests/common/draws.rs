//! How many runs a test draws.

/// As many as the environment variable says, or as usual.
pub fn many(variable: &str, usual: u32) -> u32 {
    std::env::var(variable).map_or(usual, |text| {
        let many = text.parse();
        many.unwrap_or_else(|_| panic!("{variable} is a number, not {text:?}"))
    })
}
