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
        let (standing, entries) = (standing(run, &server), entries(run, &server, &accused));
        format!("{own}{standing}{entries}")
    };
    seen.map(line).collect()
}

/// What the last entries hold, and those that a violated check names, as in ` Entries: 7 is ann's write #3.`
fn entries(run: &Run, server: &Server, accused: &Accused) -> String {
    let from = server.entries.len().saturating_sub(TOLD);
    let mut told: Vec<String> = Vec::new();
    let mut next = server.base + 1;
    for (place, entry) in server.entries.iter().enumerate() {
        let index = server.base + 1 + place as u32;
        let is_named = accused.names(server.node, index, entry.event);
        if !is_named && place < from {
            continue;
        }
        told.extend(left_out(next, index));
        let named = if is_named { ", named by a check" } else { "" };
        told.push(format!("{index} is {}{named}", said(run, entry)));
        next = index + 1;
    }
    match told.is_empty() {
        true => String::new(),
        false => format!(" Entries: {}.", told.join("; ")),
    }
}

/// Which entries are not told before an index.
fn left_out(first: u32, index: u32) -> Option<String> {
    match index - first {
        0 => None,
        1 => Some(format!("{first} is left out")),
        _ => Some(format!("{first} to {} are left out", index - 1)),
    }
}

/// What else the server says of itself, if it has such: its role and term where it does not lead, whom it voted for, and how far
/// it knows its log to be committed. What a server that has crashed knew is over.
fn standing(run: &Run, server: &Server) -> String {
    if server.is_down {
        return String::new();
    }
    let name = |node| run.scenario().name(node);
    let described = run.timeline().machine().describe(server.node, &name);
    let value = |of| described.value(of);
    let mut said = String::new();
    if let (None, Some(role), Some(term)) = (server.leads, value("role"), value("term")) {
        said += &format!(" Its role is {role}, in term {term}.");
    }
    if let Some(vote) = value("vote") {
        said += &format!(" Its vote: {vote}.");
    }
    if let Some(committed) = value("committed") {
        said += &format!(" Committed up to index {committed}.");
    }
    said
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
