//! Which Markdown a story may have: paragraphs, lists, emphasis, code and links. No HTML, no pictures, no headings: a
//! text may come from a stranger.

/// What is wrong with a text, if anything is.
pub fn problem(text: &str) -> Option<&'static str> {
    let tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
    if text
        .match_indices('<')
        .any(|(place, _)| tag(&text[place + 1..]))
    {
        return Some("has HTML; stories are Markdown without it");
    }
    if text.contains("![") {
        return Some("has a picture; stories are text");
    }
    if text.lines().any(|line| line.trim_start().starts_with('#')) {
        return Some("has a heading; stories are paragraphs");
    }
    if text
        .match_indices("](")
        .any(|(place, _)| !leads_well(&text[place + 2..]))
    {
        return Some("has a link that leads to neither https:// nor #/");
    }
    if text.lines().any(defines_a_link) {
        return Some("defines a link; links stand where they are used");
    }
    None
}

fn leads_well(target: &str) -> bool {
    ["https://", "#/"]
        .iter()
        .any(|start| target.starts_with(start))
}

/// Whether a line looks like `[name]: address`.
fn defines_a_link(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('[') && line.contains("]:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_safe_subset_passes_and_nothing_else() {
        for text in [
            "Alice asks *once*, **then** `again`.\n\n- 1 < 2\n- [paper](https://example.org/a)",
            "See [this run](#/double-charge?seed=3).",
            "a <- b",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
        for text in [
            "<script>alert(1)</script>",
            "</p>",
            "<!-- -->",
            "![x](https://example.org/x.png)",
            "[x](javascript:alert(1))",
            "[x]( javascript:alert(1))",
            "[x](http://example.org)",
            "[x]: javascript:alert(1)",
            "# Title",
            "<https://example.org>",
        ] {
            assert!(problem(text).is_some(), "{text}");
        }
    }
}
