//! The logs: one row per server, one box per entry of its log (Ongaro and Ousterhout, *In search of an understandable
//! consensus algorithm*, USENIX ATC 2014, draw logs so in their figures 6 to 8).
//!
//! A box shows the term of its entry; it is solid once the server has applied the entry, dashed before, and hollow while the
//! entry is not on the server's disk. What a snapshot stands for is folded into one box. The latest entries that have room
//! are shown, unless the look asks for others.
//!
//! | module | its subject |
//! | --- | --- |
//! | `mod.rs` | rows, columns, and what is at an index |
//! | `servers` | what each server's log holds, gathered from the trace |
//! | `glyphs` | the marks, each drawn here alone, and a sample of each |
//! | `lines` | the logs in words, one line per server |

mod glyphs;
mod lines;
mod servers;

use scenario::Run;
use sim::sorted::Set;
use sim::trace::Fact;
use sim::{EventId, NodeId, SimDuration};

use self::glyphs::{Bounds, Standing};
use self::servers::{Entry, Server, servers};
use super::scene::{Pick, Scene};
use crate::look::Look;
use crate::shapes::{Align, Ink, Picture, Point, text_size};
use crate::words::members::Members;
use crate::words::vocabulary;

pub(super) use glyphs::sample;
pub use lines::lines;

/// A box is at most so high, in heights of text.
const HIGHEST: f64 = 3.4;

/// For so long an entry that a violation is about stays in sight, however far the logs have come.
const FRESH: SimDuration = SimDuration::from_secs(2);

/// The address of what draws logs: the page loads this view for runs that have some.
pub fn address() -> usize {
    let draw: fn(&Scene<'_>) -> Picture = draw;
    draw as usize
}

/// The logs at the cursor.
#[inline(never)]
pub(super) fn draw(scene: &Scene<'_>) -> Picture {
    let mut picture = scene.blank();
    let logs = Logs::new(scene);
    if logs.servers.is_empty() {
        let at = Point::new(scene.width / 2.0, scene.height / 2.0);
        let words = "No server has an entry in its log yet.";
        picture.text(at, words, logs.size, Align::Middle, Ink::Muted, 1.0);
        return picture;
    }
    logs.indices(&mut picture);
    for row in 0..logs.servers.len() {
        logs.name(row, &mut picture);
        logs.row(row, &mut picture);
    }
    picture
}

/// The entry at a place, or the server whose row it is.
#[inline(never)]
pub(super) fn pick(scene: &Scene<'_>, place: Point) -> Option<Pick> {
    let logs = Logs::new(scene);
    let row = logs.row_at(place)?;
    let server = &logs.servers[row];
    let mut columns = logs.first..=logs.last();
    let hit = columns.find(|index| logs.bounds(row, *index, *index).contains(place));
    let entry = hit.filter(|_| logs.look.sees(server.node));
    let entry = entry.and_then(|index| server.at(index));
    Some(entry.map_or(Pick::Node(server.node), |entry| Pick::Event(entry.event)))
}

/// Which indices of the logs are in sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Columns {
    /// The index in the first column.
    pub first: u32,
    /// How many columns there are.
    pub count: u32,
    /// The index in the first column where the latest entries are in sight.
    pub latest: u32,
    /// How wide one is.
    pub width: f64,
}

/// The columns of the logs at the cursor.
#[inline(never)]
pub(super) fn columns_of(scene: &Scene<'_>) -> Columns {
    let logs = Logs::new(scene);
    Columns {
        first: logs.first,
        count: logs.columns,
        latest: logs.latest,
        width: logs.column(),
    }
}

struct Logs<'a> {
    run: &'a Run,
    look: &'a Look,
    servers: Vec<Server>,
    /// What violated checks name.
    accused: Accused,
    /// The size of ordinary text.
    size: f64,
    /// Where the first column begins: names stand to the left.
    left: f64,
    width: f64,
    height: f64,
    /// The index in the first column.
    first: u32,
    /// The same where the latest entries are in sight.
    latest: u32,
    /// How many columns there are.
    columns: u32,
}

impl<'a> Logs<'a> {
    fn new(scene: &'a Scene<'_>) -> Logs<'a> {
        let (width, height) = (scene.width, scene.height);
        let size = 0.9 * text_size(width, height);
        let left = (size * 6.4 + 12.0).min(width * 0.28);
        let room = ((width - 8.0 - left) / (size * 2.5)).max(1.0) as u32;
        let servers = servers(scene.run);
        let last = servers.iter().map(Server::last).max().unwrap_or(0);
        let columns = columns(last, room);
        let accused = Accused::of(scene.run, &scene.look);
        let latest = first_column(last, columns);
        let first = match scene.look.first_index {
            Some(first) => first.clamp(1, latest),
            None => accused.brought_into_sight(latest, columns, last),
        };
        Logs {
            run: scene.run,
            look: &scene.look,
            servers,
            first,
            latest,
            accused,
            size,
            left,
            width,
            height,
            columns,
        }
    }

    /// The index in the last column.
    fn last(&self) -> u32 {
        self.first + self.columns - 1
    }

    fn column(&self) -> f64 {
        (self.width - 8.0 - self.left) / f64::from(self.columns)
    }

    fn row_height(&self) -> f64 {
        (self.height - 2.0 * self.size) / self.servers.len().max(1) as f64
    }

    fn middle(&self, row: usize) -> f64 {
        2.0 * self.size + self.row_height() * (row as f64 + 0.5)
    }

    fn row_at(&self, place: Point) -> Option<usize> {
        let row = (place.y - 2.0 * self.size) / self.row_height();
        (row >= 0.0 && row < self.servers.len() as f64).then_some(row as usize)
    }

    /// The box from the column of one index to that of another.
    fn bounds(&self, row: usize, from: u32, to: u32) -> Bounds {
        let x = |column: u32| self.left + self.column() * f64::from(column);
        Bounds {
            left: x(from - self.first) + 1.5,
            right: x(to - self.first + 1) - 1.5,
            middle: self.middle(row),
            half: (self.row_height() * 0.38).min(HIGHEST * self.size / 2.0),
        }
    }

    /// The indices, above their columns.
    fn indices(&self, picture: &mut Picture) {
        for index in self.first..=self.last() {
            let Bounds { left, right, .. } = self.bounds(0, index, index);
            let at = Point::new((left + right) / 2.0, self.size);
            let size = self.size * 0.85;
            picture.text(at, index.to_string(), size, Align::Middle, Ink::Muted, 1.0);
        }
    }

    fn name(&self, row: usize, picture: &mut Picture) {
        let server = &self.servers[row];
        let ink = match self.look.sees(server.node) {
            _ if self.look.light_node == Some(server.node) => Ink::Accent,
            true => Ink::Ink,
            false => Ink::Line,
        };
        let state = match server.leads {
            _ if !self.look.sees(server.node) => None,
            _ if server.is_down => Some("crashed".to_owned()),
            leads => leads.map(|term| format!("leads term {term}")),
        };
        let above = if state.is_some() {
            0.55 * self.size
        } else {
            0.0
        };
        let at = Point::new(self.left - 8.0, self.middle(row) - above);
        let name = self.run.scenario().name(server.node);
        picture.bold_text(at, name, self.size, Align::End, ink);
        if let Some(state) = state {
            let at = Point::new(at.x, self.middle(row) + 0.6 * self.size);
            picture.text(at, state, self.size * 0.8, Align::End, Ink::Muted, 1.0);
        }
    }

    fn row(&self, row: usize, picture: &mut Picture) {
        let server = &self.servers[row];
        if !self.look.sees(server.node) {
            return;
        }
        if server.base >= self.first {
            let bounds = self.bounds(row, self.first, server.base.min(self.last()));
            let words = format!("…{}", server.base);
            glyphs::snapshot(picture, bounds, &words, self.size, server.is_down);
        }
        for index in self.first.max(server.base + 1)..=self.last() {
            let Some(entry) = server.at(index) else {
                break;
            };
            self.entry(row, index, entry, picture);
        }
        if server.last() < self.first {
            self.ends_before(row, picture);
        }
    }

    fn entry(&self, row: usize, index: u32, entry: &Entry, picture: &mut Picture) {
        let server = &self.servers[row];
        let bounds = self.bounds(row, index, index);
        let wide = (bounds.right - bounds.left) / 2.0 - 2.0;
        let content = self.contents(entry, wide);
        let has_room = bounds.half > self.size * 1.1;
        let standing = Standing {
            is_applied: index <= server.applied,
            is_unsaved: !server.has_saved(entry),
            is_accused: self.accused.names(server.node, index, entry.event),
            is_lit: self.look.selected_event == Some(entry.event),
            sets_members: Members::of(entry.content).is_some(),
            is_down: server.is_down,
        };
        let content = has_room.then_some(content.as_str());
        glyphs::entry(picture, bounds, entry.term, content, standing, self.size);
    }

    /// What an entry holds: in full where that is no wider than twice `half`, else in a few characters. Members never have room
    /// for all of their names.
    fn contents(&self, entry: &Entry, half: f64) -> String {
        if let Some(members) = Members::of(entry.content) {
            return members.brief();
        }
        let long = said(self.run, entry);
        if entry.content > 0 && Picture::half_width(&long, self.size * 0.72) > half {
            return format!("#{}", entry.content);
        }
        long
    }

    /// Says of a log that has nothing in any column where it ends.
    fn ends_before(&self, row: usize, picture: &mut Picture) {
        let words = match self.servers[row].last() {
            0 => "empty".to_owned(),
            last => format!("ends at {last}"),
        };
        let at = Point::new(self.left + 4.0, self.middle(row));
        picture.text(at, words, self.size, Align::Start, Ink::Muted, 1.0);
    }
}

/// What an entry holds.
fn said(run: &Run, entry: &Entry) -> String {
    match Members::of(entry.content) {
        Some(members) => members.named(run),
        None if entry.content == 0 => "empty".to_owned(),
        None => vocabulary::owned_name(run, u32::try_from(entry.content).unwrap_or(0)),
    }
}

/// How many columns there are, where so many have room: a few more than are used, by fours, so that they seldom change.
fn columns(last: u32, room: u32) -> u32 {
    const STEP: u32 = 4;
    ((last + 2).div_ceil(STEP) * STEP).clamp(1, room)
}

/// The index in the first of so many columns. It moves on by a quarter of them at a time, so that what is read
/// stays where it is.
fn first_column(last: u32, columns: u32) -> u32 {
    let step = (columns / 4).max(1);
    1 + last.saturating_sub(columns).div_ceil(step) * step
}

/// What violated checks name of the logs. No server is told of a violation: in its perspective there are none.
struct Accused {
    events: Set<EventId>,
    /// Entries that were applied.
    applied: Set<(NodeId, u32)>,
    /// The index of each of them, and whether its violation has only just been seen.
    indices: Vec<(u32, bool)>,
}

impl Accused {
    fn of(run: &Run, look: &Look) -> Accused {
        let verdicts = run.verdicts().into_iter();
        let violated = verdicts.filter(|verdict| verdict.violated_at.is_some());
        let shown = violated.flat_map(|verdict| {
            let seen = verdict.seen_at.or(verdict.violated_at);
            let is_fresh = seen.is_some_and(|seen| run.now() <= seen + FRESH);
            verdict.events.into_iter().map(move |id| (id, is_fresh))
        });
        let shown: Vec<(EventId, bool)> = shown.filter(|_| look.is_from_outside()).collect();
        let events: Set<EventId> = shown.iter().map(|(id, _)| *id).collect();
        let applied = events.iter().filter_map(|id| {
            let event = run.timeline().events().get(id.index())?;
            match event.fact()? {
                Fact::Applied { index, .. } => Some((event.node, index)),
                _ => None,
            }
        });
        let applied = applied.collect();
        let indices = shown.iter().filter_map(|(id, is_fresh)| {
            match run.timeline().events().get(id.index())?.fact()? {
                Fact::Applied { index, .. } | Fact::Logged { index, .. } => {
                    Some((index, *is_fresh))
                }
                _ => None,
            }
        });
        let indices = indices.collect();
        Accused {
            events,
            applied,
            indices,
        }
    }

    /// The first column: an earlier one, if an entry that is named would be out of sight. Some time after the violation, and
    /// once the logs have grown by as much as is in sight, they are followed again.
    fn brought_into_sight(&self, first: u32, columns: u32, last: u32) -> u32 {
        let is_shown = |(index, is_fresh): &&(u32, bool)| {
            *index < first && (*is_fresh || last < *index + 2 * columns)
        };
        let named = self.indices.iter().filter(is_shown).max();
        named.map_or(first, |(index, _)| index.saturating_sub(columns / 4).max(1))
    }

    fn names(&self, server: NodeId, index: u32, logged: EventId) -> bool {
        self.events.contains(&logged) || self.applied.contains(&(server, index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{Path, Shape, Style, Symbol, Text};
    use crate::views;
    use scenario::view::View;

    const WIDTH: f64 = 900.0;

    fn logs(link: &str, look: Look) -> (Run, Picture) {
        let (run, problems) = Run::open(link);
        assert_eq!(problems, []);
        let picture = views::draw(View::Logs, &run, look, WIDTH, 500.0);
        (run, picture)
    }

    fn outlines(picture: &Picture, is_one: impl Fn(Style) -> bool) -> usize {
        let paths = picture.shapes.iter().filter(
            |shape| matches!(shape, Shape::Path(Path { style, closed: true, .. }) if is_one(*style)),
        );
        paths.count()
    }

    fn says(picture: &Picture, wanted: &str) -> bool {
        let mut shapes = picture.shapes.iter();
        shapes.any(|shape| matches!(shape, Shape::Text(Text { words, .. }) if words == wanted))
    }

    #[test]
    fn each_server_has_a_row_and_clients_have_none() {
        let (run, picture) = logs("#/raft?t=2s", Look::default());
        for node in &run.scenario().nodes {
            assert_eq!(
                says(&picture, &node.name),
                node.role == "server",
                "{}",
                node.name
            );
        }
        assert!(says(&picture, "leads term 2"));
        assert_eq!(lines(&run, &Look::default()).len(), 5);
    }

    #[test]
    fn an_entry_is_dashed_until_the_server_has_applied_it() {
        let (_, picture) = logs("#/raft?t=3s", Look::default());
        assert!(picture.symbols.contains(Symbol::AppliedEntry));
        assert!(picture.symbols.contains(Symbol::PendingEntry));
        assert!(outlines(&picture, |style| style.dashed) > 0);
    }

    #[test]
    fn an_entry_is_hollow_until_it_is_on_the_disk() {
        let own_term = "#/raft-commit?on=current-term-only&t=";
        for (moment, words) in [
            ("5.3s", "n3: the log ends at index 4"),
            ("5.82s", "1 entry lost: not yet on its disk."),
            ("5.5s", "2 entries not on its disk yet."),
            ("5.7s", "1 entry not on its disk yet."),
        ] {
            let (run, picture) = logs(&format!("{own_term}{moment}"), Look::default());
            assert!(picture.symbols.contains(Symbol::UnsavedEntry), "{moment}");
            let lines = lines(&run, &Look::default());
            assert!(
                lines.iter().any(|line| line.contains(words)),
                "{moment}: {lines:?}"
            );
        }
        let (run, picture) = logs(&format!("{own_term}6s"), Look::default());
        assert!(!picture.symbols.contains(Symbol::UnsavedEntry));
        assert!(
            lines(&run, &Look::default())
                .iter()
                .all(|line| !line.contains("disk"))
        );
    }

    #[test]
    fn a_snapshot_is_folded_into_one_box() {
        let (run, picture) = logs("#/raft?on=previous-entry-check&t=15s", Look::default());
        let servers = servers(&run);
        assert!(servers.iter().any(|server| server.base > 0));
        for server in servers.iter().filter(|server| server.base > 0) {
            assert_eq!(server.at(server.base), None);
            assert!(server.applied >= server.base);
        }
        let says_so = lines(&run, &Look::default());
        assert!(
            says_so
                .iter()
                .any(|line| line.contains("A snapshot stands for"))
        );
        assert!(picture.symbols.contains(Symbol::AppliedEntry));
    }

    #[test]
    fn what_a_violated_check_names_is_red() {
        let (run, violated) = logs("#/raft?t=5.2s", Look::default());
        assert!(!run.violations().is_empty());
        let is_red = |style: Style| style.stroke == Some(Ink::Danger);
        assert!(outlines(&violated, is_red) > 0);
        let (_, kept) = logs("#/raft?on=previous-entry-check&t=5.2s", Look::default());
        assert_eq!(outlines(&kept, is_red), 0);
    }

    #[test]
    fn what_a_violated_check_names_is_in_sight_in_a_narrow_picture() {
        for moment in ["5.05s", "5.2s"] {
            let (run, problems) = Run::open(&format!("#/raft?t={moment}"));
            assert_eq!(problems, []);
            let picture = views::draw(View::Logs, &run, Look::default(), 340.0, 300.0);
            let is_red = |style: Style| style.stroke == Some(Ink::Danger);
            assert!(outlines(&picture, is_red) > 0, "{moment}");
            let lines = lines(&run, &Look::default());
            let named = lines
                .iter()
                .filter(|line| line.contains("named by a check"));
            assert!(named.count() > 0, "{lines:?}");
        }
    }

    /// Whoever hears them misses nothing that the picture shows: no entry is skipped in silence.
    #[test]
    fn the_logs_in_words_tell_how_each_server_stands_and_which_entries_are_left_out() {
        let (run, _) = logs("#/raft?on=previous-entry-check&t=2s", Look::default());
        let told = lines(&run, &Look::default());
        for line in &told {
            let stands = line.contains(" leads term 2.")
                || line.contains(" Its role is follower, in term 2.");
            assert!(
                stands && line.contains(" Its vote: ") && line.contains(" Committed up to index "),
                "{line}"
            );
        }
        let lab = scenario::lab::find("raft-rules").expect("it is a lab");
        let both = lab
            .tries
            .iter()
            .find(|one| one.text.contains("Two servers at once"));
        let both = format!("#/raft-rules?rev=8&{}", both.expect("it is tried").link);
        let (run, _) = logs(&both.replace("t=4.7s", "t=6.5s"), Look::default());
        let told = lines(&run, &Look::default()).join("\n");
        assert!(
            told.contains(" Entries: 1 to 78 are left out; 79 is "),
            "{told}"
        );
    }

    #[test]
    fn a_reader_looks_back_at_earlier_entries_and_never_past_the_latest() {
        let first = |first_index| {
            let (run, problems) = Run::open("#/raft?on=previous-entry-check&t=15s");
            assert_eq!(problems, []);
            let look = Look {
                first_index,
                ..Look::default()
            };
            let chronicle = crate::chronicle::Chronicle::default();
            Scene::new(&run, &chronicle, look, 340.0, 300.0).log_columns()
        };
        let followed = first(None);
        assert!(followed.first > 20 && followed.first == followed.latest);
        assert_eq!(first(Some(20)).first, 20);
        assert_eq!(first(Some(0)).first, 1);
        assert_eq!(first(Some(9000)), followed);
    }

    /// In the scene of 2015 servers apply different entries at an index far behind the latest one.
    #[test]
    fn a_conflict_far_back_is_in_sight_when_it_is_seen() {
        let lab = scenario::lab::find("raft-rules").expect("it is a lab");
        let bug = lab.tries.iter().find(|one| one.text.contains("2015"));
        let link = format!("#/raft-rules?{}", bug.expect("it is tried").link);
        for width in [340.0, WIDTH] {
            let (mut run, problems) = Run::open(&link);
            assert_eq!(problems, []);
            run.seek(run.timeline().end());
            // The last to be seen; before that, one term has two leaders, which no entry shows.
            let verdicts = run.verdicts().into_iter();
            let seen = verdicts.filter_map(|verdict| verdict.seen_at).max();
            run.seek(seen.expect("it is violated"));
            let picture = views::draw(View::Logs, &run, Look::default(), width, 300.0);
            let is_red = |style: Style| style.stroke == Some(Ink::Danger);
            assert!(outlines(&picture, is_red) > 0, "{width} wide");
        }
    }

    #[test]
    fn an_entry_that_sets_members_says_which() {
        let (run, picture) = logs("#/raft-members?on=joint-consensus&t=3.2s", Look::default());
        assert!(says(&picture, "{123→345}"));
        assert!(picture.symbols.contains(Symbol::MembersEntry));
        let lines = lines(&run, &Look::default());
        let named = "the members n1, n2 and n3 jointly with n3, n4 and n5";
        assert!(lines.iter().any(|line| line.contains(named)), "{lines:?}");
    }

    #[test]
    fn in_a_servers_perspective_only_its_own_log_is_seen() {
        let own = Look {
            perspective: Some(NodeId(0)),
            ..Look::default()
        };
        let (run, picture) = logs("#/raft?t=2s", own);
        let all = logs("#/raft?t=2s", Look::default()).1;
        assert!(picture.shapes.len() < all.shapes.len());
        assert_eq!(lines(&run, &own).len(), 1);
    }

    #[test]
    fn a_box_is_picked_as_the_event_that_logged_its_entry_and_a_name_as_its_server() {
        let (run, _) = logs("#/raft?t=2s", Look::default());
        let chronicle = crate::chronicle::Chronicle::default();
        let scene = Scene::new(&run, &chronicle, Look::default(), WIDTH, 500.0);
        let logs = Logs::new(&scene);
        let server = &logs.servers[0];
        let index = server.last().min(logs.last());
        let wanted = server.at(index).map(|entry| Pick::Event(entry.event));
        let Bounds { left, middle, .. } = logs.bounds(0, index, index);
        let node = server.node;
        assert_eq!(
            scene.pick(View::Logs, Point::new(left + 4.0, middle)),
            wanted
        );
        let named = scene.pick(View::Logs, Point::new(10.0, middle));
        assert_eq!(named, Some(Pick::Node(node)));
        assert_eq!(scene.pick(View::Logs, Point::new(left, 2.0)), None);
    }

    #[test]
    fn there_are_hardly_more_columns_than_are_used() {
        let counts: Vec<u32> = [0, 2, 3, 5, 6, 7, 30].map(|last| columns(last, 18)).into();
        assert_eq!(counts, [4, 4, 8, 8, 8, 12, 18]);
    }

    #[test]
    fn columns_move_on_a_few_at_a_time() {
        let firsts: Vec<u32> = (18..=30).map(|last| first_column(last, 20)).collect();
        assert_eq!(firsts, [1, 1, 1, 6, 6, 6, 6, 6, 11, 11, 11, 11, 11]);
    }

    #[test]
    fn a_run_without_logs_says_so() {
        let (_, picture) = logs("#/double-charge?t=2s", Look::default());
        assert!(says(&picture, "No server has an entry in its log yet."));
    }
}
