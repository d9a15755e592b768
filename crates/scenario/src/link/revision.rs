//! Links of another revision of their protocol.
//!
//! A protocol that was wrong is mended, and its revision rises. From then on a link of an earlier revision may show
//! another run than its author saw, so whoever opens it is told.

use crate::model::Scenario;

/// The revision of a link that changes its lab's run and says no revision: links began before revisions did.
pub(super) const UNSAID: u32 = 1;

/// That a scenario was written for another revision of its protocol than the one that runs, and what was mended since,
/// in a sentence each; nothing if it was not. `thing` is what says the revision: a link or a document.
pub(super) fn note(scenario: &Scenario, thing: &str) -> Vec<String> {
    let (protocol, written_for) = (scenario.protocol, scenario.revision);
    let (id, present) = (protocol.id, protocol.revision());
    if written_for == present {
        return Vec::new();
    }
    if written_for > present {
        return vec![format!(
            "This run is from a newer Slowfire, with revision {written_for} of the protocol \"{id}\"; here revision \
             {present} runs, so the run may differ from the one that its author saw."
        )];
    }
    let sentence = if written_for == UNSAID {
        format!(
            "This {thing} says no revision, or the first. The protocol was mended since, so the run may differ from what \
             its author saw."
        )
    } else {
        format!(
            "The protocol was mended since this {thing} was made, so the run may differ from what its author saw."
        )
    };
    let mut note = vec![sentence];
    let mended = protocol.mended_since(written_for).iter();
    note.extend(mended.map(|sentence| (*sentence).to_owned()));
    note
}

#[cfg(test)]
mod tests {
    use protocols::ProtocolEntry;

    use crate::lab;
    use crate::link::Link;
    use crate::variant::Variant;

    /// A lab's link that says `query`, as if its protocol had been mended twice.
    fn opened(query: &str) -> Link {
        opened_as(
            &["Keys were forgotten.", "Receipts were sent too soon."],
            query,
        )
    }

    /// A lab's link that says `query`, as if this had been mended.
    fn opened_as(mended: &'static [&'static str], query: &str) -> Link {
        let payments = protocols::find("payments").expect("it is a protocol");
        let protocol = ProtocolEntry {
            mended,
            ..*payments
        };
        let mut lab = lab::find("double-charge").expect("it is a lab").clone();
        lab.scenario.revision = protocol.revision();
        lab.scenario.protocol = Box::leak(Box::new(protocol));
        let (link, problems) = Link::of_query(&*Box::leak(Box::new(lab)), query);
        assert_eq!(problems, []);
        link
    }

    fn note(query: &str) -> String {
        opened(query).revision_note().join(" ")
    }

    #[test]
    fn a_link_of_an_earlier_revision_says_what_was_mended_since() {
        let first = note("seed=7");
        assert!(first.contains("was mended since"), "{first}");
        assert!(first.ends_with("Keys were forgotten. Receipts were sent too soon."));
        assert_eq!(note("seed=7&rev=1"), first);
        let second = note("rev=2&seed=7");
        assert!(second.ends_with("author saw. Receipts were sent too soon."));
    }

    #[test]
    fn a_link_of_todays_revision_and_a_lab_as_it_is_say_nothing() {
        assert_eq!(note("seed=9&rev=3"), "");
        assert_eq!(note(""), "");
    }

    #[test]
    fn a_link_that_says_how_a_lab_is_seen_says_no_run_of_an_older_time() {
        for seen in [
            "t=5s",
            "view=history",
            "as=bank",
            "t=5s&view=history&as=bank",
        ] {
            assert_eq!(note(seen), "", "{seen}");
        }
        for run in [
            "seed=9",
            "loss=0.5",
            "off=retry",
            "do=crash:bank@2s",
            "t=5s&rev=1",
        ] {
            assert!(note(run).contains("was mended since"), "{run}");
        }
    }

    #[test]
    fn a_link_of_a_later_revision_says_that_it_is_of_a_newer_slowfire() {
        let newer = note("rev=9&seed=7");
        assert!(newer.contains("newer Slowfire, with revision 9"), "{newer}");
        assert!(newer.contains("here revision 3 runs"), "{newer}");
    }

    #[test]
    fn what_is_written_has_the_revision_that_runs() {
        let link = opened("seed=9");
        assert_eq!(link.format(), "#/double-charge?rev=3&seed=9");
        assert_eq!(opened("").format(), "#/double-charge");
        assert_eq!(link.to_value()["scenario"]["revision"], 3);
        let of_first = opened_as(&[], "seed=9");
        assert_eq!(of_first.format(), "#/double-charge?seed=9");
        assert!(of_first.to_value()["scenario"].get("revision").is_none());
    }

    #[test]
    fn a_document_says_its_revision_beside_its_protocol() {
        let (link, _) = Link::parse("#/double-charge?seed=9");
        let mut value = link.to_value();
        value["scenario"]["revision"] = 9.into();
        let link = Link::from_value(&value).expect("it can be read");
        let said = link.revision_note().join(" ");
        assert!(said.contains("revision 9"), "{said}");
        value["scenario"]["revision"] = 1.into();
        let link = Link::from_value(&value).expect("it can be read");
        let said = link.revision_note().join(" ");
        assert!(said.starts_with("This document says no revision"), "{said}");
        let mut variant = Variant::of(link.lab.scenario.clone());
        let problems = variant.apply("rev=0");
        assert_eq!(
            problems[0].to_string(),
            "rev is 0; it must be from 1 to 1000."
        );
    }
}
