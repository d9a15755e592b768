//! What a node knows of the world, in its perspective: fog lies over all but itself. Of each other node it knows when it last heard
//! from it, and what it makes of that.

use sim::NodeId;

use super::glyphs;
use super::layout::Words;
use super::moment::Moment;
use crate::over_time::known::{Known, known};
use crate::shapes::{Align, Ink, Labels, Picture, Point};

/// So many of its beliefs are told, and how far apart the rows are, in heights of letters.
const MOST_TOLD: usize = 5;
const ROW: f64 = 1.35;

impl Moment<'_> {
    /// What the node in whose perspective the world is seen knows of each node; nothing where it is seen from outside.
    pub(super) fn find_known(&self) -> Vec<Known> {
        let own = self.look.perspective;
        own.map_or_else(Vec::new, |own| known(self.run, own))
    }

    /// Fog over all of the picture, thinner towards the node that looks out of it.
    pub(super) fn fog(&self, picture: &mut Picture) {
        if let Some(own) = self.look.perspective {
            glyphs::fog(picture, self.place(own), self.layout.radius);
        }
    }

    /// What stands below a node that cannot be seen: when it was last heard, and what it is taken for.
    pub(super) fn known_lines(&self, node: NodeId) -> Vec<(String, Ink)> {
        let Some(known) = self.known.get(node.index()) else {
            return Vec::new();
        };
        let opinion = known.opinion_words();
        let opinion = opinion.map(|words| (words.to_owned(), Ink::Ink));
        let heard = (known.heard_words(self.now), Ink::Muted);
        std::iter::once(heard).chain(opinion).collect()
    }

    /// The same in one line, for a node with no room below it for more; nothing for a node that is seen.
    pub(super) fn known_line(&self, node: NodeId) -> Option<(String, Ink)> {
        let known = self.known.get(node.index());
        let known = known.filter(|_| !self.look.sees(node))?;
        Some((known.words(self.now), Ink::Ink))
    }

    /// What the node that looks out of the fog believes, in a block near it where there is room.
    pub(super) fn beliefs(&self, labels: &mut Labels, picture: &mut Picture) {
        let Some(own) = self.look.perspective else {
            return;
        };
        if self.layout.words < Words::States {
            return;
        }
        let mut beliefs = self.described(own).beliefs;
        beliefs.truncate(MOST_TOLD);
        if beliefs.is_empty() {
            return;
        }
        let size = self.size * 0.95;
        let title = format!("{} believes", self.run.scenario().name(own));
        let rows: Vec<String> = std::iter::once(title).chain(beliefs).collect();
        let half = rows
            .iter()
            .map(|row| Picture::half_width(row, size))
            .fold(0.0, f64::max);
        let (width, height) = (2.0 * half, rows.len() as f64 * ROW * size);
        if width > picture.width {
            return;
        }
        let Some(corner) = self.free_block(own, (width, height), labels, picture) else {
            return;
        };
        for (place, row) in rows.into_iter().enumerate() {
            let at = Point::new(corner.x, corner.y + (place as f64 + 0.5) * ROW * size);
            let ink = if place == 0 { Ink::Muted } else { Ink::Ink };
            picture.text(at, row, size, Align::Start, ink, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use scenario::Run;
    use scenario::view::View;
    use sim::NodeId;

    use crate::look::Look;
    use crate::shapes::{Shape, Text};
    use crate::views::draw;

    /// All words of the world at this moment, in a perspective.
    fn words(link: &str, perspective: Option<u16>) -> Vec<String> {
        let texts = texts(link, perspective, (900.0, 600.0));
        texts.into_iter().map(|text| text.words).collect()
    }

    fn texts(link: &str, perspective: Option<u16>, (width, height): (f64, f64)) -> Vec<Text> {
        let (run, _) = Run::open(link);
        let look = Look {
            perspective: perspective.map(NodeId),
            ..Look::default()
        };
        let shapes = draw(View::World, &run, look, width, height).shapes;
        let texts = shapes.into_iter().filter_map(|shape| match shape {
            Shape::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    fn heard(words: &[String]) -> Vec<&str> {
        let is_it = |words: &&String| {
            ["heard", "not heard", "silent"]
                .iter()
                .any(|begin| words.starts_with(begin))
        };
        words.iter().filter(is_it).map(String::as_str).collect()
    }

    #[test]
    fn a_node_knows_when_it_last_heard_from_each_other() {
        let seen = words("#/double-charge?t=4s", Some(0));
        let heard = heard(&seen);
        assert_eq!(heard.len(), 2, "{seen:?}");
        assert!(heard.contains(&"not heard from"), "{heard:?}");
        assert!(
            heard.iter().any(|words| words.ends_with(" s ago")),
            "{heard:?}"
        );
    }

    #[test]
    fn of_its_messages_a_node_knows_that_it_has_sent_or_got_them() {
        let (mut sent, mut got) = (0, 0);
        for tenths in 10..60 {
            let seen = words(&format!("#/double-charge?t={}ms", tenths * 100), Some(0));
            let begins = |word: &str| seen.iter().filter(|said| said.starts_with(word)).count();
            sent += begins("sent ");
            got += begins("got ");
        }
        assert!(sent > 0 && got > 0, "{sent} sent, {got} got");
    }

    #[test]
    fn what_it_heard_is_gone_with_its_memory() {
        let crashed = "#/double-charge?t=5s&do=crash:bank@4.9s,restart:bank@4.999s";
        assert_eq!(heard(&words(crashed, Some(2))), ["not heard from"; 2]);
        let running = words("#/double-charge?t=5s", Some(2));
        assert!(
            heard(&running)
                .iter()
                .all(|words| words.ends_with(" s ago"))
        );
    }

    #[test]
    fn what_a_node_takes_another_one_for_stands_below_how_long_ago_it_was_heard() {
        let seen: Vec<Vec<String>> = (0..5)
            .map(|server| words("#/raft?t=3s", Some(server)))
            .collect();
        let follows = |words: &&Vec<String>| words.iter().any(|line| line == "followed as leader");
        assert!(seen.iter().filter(follows).count() >= 2, "{seen:?}");
    }

    #[test]
    fn what_each_node_is_taken_for_has_room_in_the_picture() {
        for (width, height) in [
            (780.0, 460.0),
            (900.0, 600.0),
            (640.0, 400.0),
            (1100.0, 520.0),
        ] {
            let seen = texts("#/timeout-tuning?t=10s", Some(0), (width, height));
            let told = seen.iter().filter(|text| text.words.contains("taken for"));
            let told: Vec<&Text> = told.collect();
            let (run, _) = Run::open("#/timeout-tuning");
            let others = run.scenario().nodes.len() - 1;
            assert_eq!(told.len(), others, "{width} x {height}: {seen:?}");
            for text in told {
                let lowest = text.at.y + 0.5 * text.size;
                assert!(lowest <= height, "{width} x {height}: {text:?}");
            }
        }
    }

    #[test]
    fn from_outside_there_is_no_fog() {
        assert!(heard(&words("#/double-charge?t=4s", None)).is_empty());
    }
}
