//! The forms of deeds, for whoever asks what there is.

/// How deeds are written, and what each does. The words for nodes and messages are examples.
pub const GUIDE: [(&str, &str); 21] = [
    (
        "crash:bank  restart:bank",
        "a node crashes, or starts again",
    ),
    ("pause:bank  resume:bank", "a node stops for a while"),
    ("wipe:bank", "a node loses its disk"),
    (
        "limp:bank*5  slowdisk:bank*10",
        "a node, or its disk, is slower; *1 is healthy",
    ),
    ("step:alice+300ms", "a wall clock jumps"),
    (
        "slew:alice-300ms*500ppm",
        "a wall clock is corrected at a rate",
    ),
    (
        "drift.alice:200ppm  monotonic.all:-50ppm",
        "clocks run at another rate",
    ),
    (
        "ntp:alice=bank  ntp:alice=none",
        "a wall clock follows another node's, or none",
    ),
    (
        "cut:alice-bank  cut:alice..bank",
        "links are cut, both ways or one way",
    ),
    (
        "isolate:bank  split:alice+bob  mute:bank",
        "nodes are cut off, or are not heard",
    ),
    (
        "halves  half  bridge:bank  ring",
        "other cuts; hold- before a cut: messages wait",
    ),
    ("heal  heal:halves", "all cuts heal, or one"),
    (
        "flap:halves=2s/5s  unflap",
        "a cut comes and goes, or no longer does",
    ),
    (
        "filter:pay  filter.alice..bank:pay*0.5  unfilter",
        "messages of a kind are dropped",
    ),
    (
        "strike.crash:bank=20s/2s  calm",
        "faults strike at random, or no longer do",
    ),
    (
        "drop:m45  dup:m45  corrupt:m45  now:m45",
        "happens to message 45 on its way",
    ),
    ("delay:m45+200ms", "message 45 is delayed"),
    ("op.pay:alice", "a node does an operation of its protocol"),
    ("loss:0.3  latency:300ms", "a setting of all links changes"),
    (
        "latency.alice-bank:300ms",
        "a setting of some links changes",
    ),
    (
        "skew.alice:2s  torn.bank:0.5",
        "a setting of a node changes",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deed::Timed;
    use crate::deed::verbs::{CLOCK_DEEDS, MEDDLINGS, NODE_DEEDS, SLOW_DEEDS};
    use crate::lab;

    #[test]
    fn every_form_is_a_deed_and_every_word_has_its_form() {
        let scenario = &lab::find("double-charge").unwrap().scenario;
        let forms: Vec<&str> = GUIDE
            .iter()
            .flat_map(|(forms, _)| forms.split_whitespace())
            .collect();
        for form in &forms {
            let read = Timed::parse(&format!("{form}@2s"), scenario);
            assert!(read.is_ok(), "{form}: {read:?}");
        }
        let words = NODE_DEEDS.iter().map(|(word, _)| *word);
        let words = words.chain(SLOW_DEEDS.iter().map(|(word, _)| *word));
        let words = words.chain(CLOCK_DEEDS.iter().map(|(word, _)| *word));
        for word in words.chain(MEDDLINGS.iter().map(|(word, _)| *word)) {
            assert!(forms.iter().any(|form| form.starts_with(word)), "{word}");
        }
    }
}
