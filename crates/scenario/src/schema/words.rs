//! What each field of a document is, in a line, for editors.

use crate::setting::{LINK_SETTINGS, NODE_SETTINGS};

/// What a field is: the object it is of, its name, the line.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "lab",
        "id",
        "The lab's name in links; a lab that is carried has its file's.",
    ),
    ("lab", "title", "Its title."),
    ("lab", "chapter", "The chapter that it belongs to."),
    (
        "lab",
        "order",
        "Where it stands among the labs: the smaller, the earlier.",
    ),
    ("lab", "question", "The question that it answers."),
    (
        "lab",
        "summary",
        "What is to be seen, in Markdown without HTML.",
    ),
    ("lab", "speed", "Virtual seconds a real second, at first."),
    ("lab", "view", "The picture it is seen in at first."),
    (
        "lab",
        "plots",
        "The curves that show what it is about: in-flight, inboxes, offsets, latency, outcomes.",
    ),
    ("lab", "sources", "What real systems do, and who says so."),
    (
        "lab",
        "sliders",
        "The knobs that the page shows; a name without its node stands for every node's.",
    ),
    (
        "lab",
        "switches",
        "The defences that the page shows; all of the protocol's if nothing is said.",
    ),
    (
        "lab",
        "story",
        "What is told, each step when its moment has come.",
    ),
    ("lab", "try", "What the reader may try."),
    (
        "lab",
        "expectations",
        "What it claims, relative to the scenario's defences.",
    ),
    ("lab", "scenario", "What runs."),
    (
        "lab",
        "do",
        "What is done to the run on top of its plan, as in crash:bank@2.4s.",
    ),
    ("lab", "t", "The moment it opens at."),
    ("lab", "as", "Through which node's eyes it opens."),
    (
        "sources",
        "text",
        "What real systems do, in Markdown without HTML.",
    ),
    ("sources", "cites", "The source, as it is cited."),
    ("sources", "url", "Where it can be read; https only."),
    ("story", "at", "The time of the step."),
    (
        "story",
        "when",
        "The first event such that all of this holds is the step's moment.",
    ),
    ("story", "text", "What is told, in Markdown without HTML."),
    (
        "story",
        "points-at",
        "A node's name, or message: the one that the moment is about.",
    ),
    ("when", "event", "What kind of event."),
    ("when", "node", "Where it happens."),
    ("when", "from", "Who sent the message it is about."),
    ("when", "to", "Whom the message it is about was sent to."),
    (
        "when",
        "message",
        "The protocol's word for the message it is about.",
    ),
    ("when", "why", "Why a message was lost."),
    ("when", "fact", "Which fact it puts on record."),
    ("when", "outcome", "How the operation it tells of ended."),
    (
        "when",
        "number",
        "The number of the operation, term, lock or measurement it tells of.",
    ),
    ("when", "violates", "The check that it violates."),
    ("when", "after", "The earliest time."),
    ("when", "nth", "Which of the events that fit."),
    ("try", "text", "What, in Markdown without HTML."),
    (
        "try",
        "link",
        "What sets it up: what a link says after its question mark.",
    ),
    ("expectations", "off", "The defences that are switched off."),
    ("expectations", "on", "The defences that are switched on."),
    ("expectations", "check", "The check."),
    (
        "expectations",
        "link",
        "What else is different, as a link says it after the `?`.",
    ),
    (
        "expectations",
        "verdict",
        "What it says: never violated, in at least a share of all seeds, or in at most one.",
    ),
    ("expectations", "share", "That share."),
    ("scenario", "version", "The version of the document."),
    ("scenario", "seed", "The seed of all that is random."),
    ("scenario", "duration", "How long it runs."),
    (
        "scenario",
        "events",
        "How many events it may have; it stops there.",
    ),
    ("scenario", "protocol", "What its nodes run."),
    ("scenario", "parameters", "The protocol's settings."),
    ("scenario", "nodes", "Its nodes."),
    ("scenario", "network", "What every link has."),
    ("scenario", "links", "What some links have of their own."),
    ("scenario", "mishaps", "Faults that strike at random."),
    ("scenario", "flapping", "Cuts that come and go."),
    (
        "scenario",
        "defences",
        "The protocol's defences that are on.",
    ),
    ("scenario", "checks", "What is judged."),
    (
        "scenario",
        "plan",
        "What is done to the run in any case, as in crash:bank@2.4s.",
    ),
    (
        "nodes",
        "name",
        "What it is called: letters, digits and dashes.",
    ),
    (
        "nodes",
        "count",
        "How many nodes of this kind: their names are numbered.",
    ),
    ("nodes", "role", "Its role in the protocol."),
    (
        "nodes",
        "position",
        "Where it stands in the picture: from the left and from the top, as shares.",
    ),
    (
        "nodes",
        "ntp",
        "The node that its wall clock is synchronised with.",
    ),
    ("network", "preset", "A network to start from."),
    (
        "links",
        "from",
        "Where the links start: nodes joined by +, or * for all.",
    ),
    (
        "links",
        "to",
        "Where the links end: nodes joined by +, or * for all.",
    ),
    ("links", "both", "Whether they lead back as well."),
    (
        "mishaps",
        "node",
        "Which nodes, joined by +, or * for all; each is struck on its own.",
    ),
    ("mishaps", "kind", "What strikes."),
    ("mishaps", "factor", "How much slower a limping node is."),
    (
        "mishaps",
        "every",
        "The mean time between the end of one and the next.",
    ),
    ("mishaps", "lasts", "How long one lasts on average."),
    (
        "flapping",
        "cut",
        "What is cut, as in a plan: halves, cut:a-b, hold-split:a+b.",
    ),
    ("flapping", "first", "When it first comes."),
    ("flapping", "stays", "How long it stays."),
    ("flapping", "gone", "How long it is gone."),
    ("checks", "kind", "What it judges."),
    ("checks", "id", "Its name."),
    ("checks", "label", "What it demands."),
    ("checks", "noun", "What an operation is called."),
    (
        "checks",
        "among",
        "The nodes whose acts it judges, joined by `+`; `*` for all.",
    ),
];

/// What a field of an object is.
pub(super) fn of(object: &str, field: &str) -> &'static str {
    let words = WORDS
        .iter()
        .find(|(of, name, _)| (*of, *name) == (object, field));
    let link = LINK_SETTINGS.iter().find(|setting| setting.key == field);
    let node = NODE_SETTINGS.iter().find(|setting| setting.key == field);
    match (words, object) {
        (Some((_, _, words)), _) => words,
        (None, "nodes") => node.map_or("", |setting| setting.hint),
        (None, "network" | "links") => link.map_or("", |setting| setting.hint),
        (None, _) => "",
    }
}
