//! The logs in words: a sentence or two per server.

use scenario::Run;
use sim::protocol::counted;

use super::servers::{Server, servers};
use super::{Accused, said};
use crate::look::Look;

/// So many of a log's last entries are told one by one.
const TOLD: usize = 8;

/// What the log of each server in sight holds.
#[inline(never)]
pub fn lines(run: &Run, look: &Look) -> Vec<String> {
    let servers = servers(run).into_iter();
    let seen = servers.filter(|server| look.sees(server.node));
    let accused = Accused::of(run, look);
    let line = |server: Server| {
        let own = line(&server, &run.scenario().name(server.node));
        format!("{own}{}", entries(run, &server, &accused))
    };
    seen.map(line).collect()
}

/// What the last entries hold, and those that a violated check names, as in ` Entries: 7 is ann's write #3.`
fn entries(run: &Run, server: &Server, accused: &Accused) -> String {
    let from = server.entries.len().saturating_sub(TOLD);
    let told = server
        .entries
        .iter()
        .enumerate()
        .filter_map(|(place, entry)| {
            let index = server.base + 1 + place as u32;
            let is_named = accused.names(server.node, index, entry.event);
            let named = if is_named { ", named by a check" } else { "" };
            let what = format!("{index} is {}{named}", said(run, entry));
            (is_named || place >= from).then_some(what)
        });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => String::new(),
        false => format!(" Entries: {}.", told.join("; ")),
    }
}

fn line(server: &Server, name: &str) -> String {
    let state = match server.leads {
        _ if server.is_down => " has crashed.".to_owned(),
        Some(term) => format!(" leads term {term}."),
        None => String::new(),
    };
    if server.last() == 0 {
        return match state.is_empty() {
            true => format!("{name}: the log is empty."),
            false => format!("{name}{state} Its log is empty."),
        };
    }
    let held = match state.is_empty() {
        true => format!("{name}: the log ends at index {}", server.last()),
        false => format!("{name}{state} Its log ends at index {}", server.last()),
    };
    let snapshot = match server.base {
        0 => String::new(),
        base => format!(" A snapshot stands for everything up to index {base}."),
    };
    let applied = match server.applied {
        0 => "Nothing is applied.".to_owned(),
        applied => format!("Applied up to index {applied}."),
    };
    let unsaved = server.entries.iter().filter(|one| !server.has_saved(one));
    let unsaved = match (unsaved.count(), server.is_down) {
        (0, _) => String::new(),
        (count, false) => format!(" {} not on its disk yet.", counted(count, "entry")),
        (count, true) => format!(" {} lost: not yet on its disk.", counted(count, "entry")),
    };
    format!("{held}{}. {applied}{snapshot}{unsaved}", terms(server))
}

/// Where the entries of each term end, as in `: term 1 up to 12, term 3 up to 20`.
fn terms(server: &Server) -> String {
    let entries = &server.entries;
    let is_last = |place: usize| {
        let next = entries.get(place + 1);
        next.is_none_or(|next| next.term != entries[place].term)
    };
    let ends = (0..entries.len()).filter(|place| is_last(*place));
    let ends = ends.map(|place| {
        let index = server.base + 1 + place as u32;
        format!("term {} up to {index}", entries[place].term)
    });
    let ends: Vec<String> = ends.collect();
    match ends.is_empty() {
        true => String::new(),
        false => format!(": {}", ends.join(", ")),
    }
}
