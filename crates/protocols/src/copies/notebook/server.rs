//! The servers, which keep the notes: one that clients ask, and others that have copies.

use sim::held::{Held, Measure};
use sim::sorted::Set;

use sim::protocol::{Description, Outlook};
use sim::trace::Fact;
use sim::{Context, NodeId, SimDuration, Stored};

use super::office::Office;
use super::{Choices, Message, Node, Timer};
use crate::describe::roles::Role;
use crate::describe::words::counted;
use crate::parts::caller::{Reply, Request};
use crate::parts::disk::group_commit::GroupCommit;

/// Where the disk says that it has all notes that the server ever said it keeps. No note has this number.
const WHOLE: u32 = 0;

/// How long a server waits for the others' notes before it asks again.
const RECALL_AGAIN: SimDuration = SimDuration::from_millis(500);

/// How servers behave; all servers of a run share the rules.
#[derive(Clone, Copy, Debug, Hash)]
pub(super) struct Rules {
    syncs_first: bool,
    copies_first: bool,
    flush: SimDuration,
}

impl Rules {
    pub(super) fn of(choices: &Choices) -> Rules {
        Rules {
            syncs_first: choices.syncs_first,
            copies_first: choices.copies_first,
            flush: choices.flush,
        }
    }
}

/// A server.
#[derive(Clone, Debug, Hash)]
pub struct Server {
    rules: Rules,
    part: Part,
    /// All notes that it has, in memory.
    notes: Set<u32>,
    /// The notes that are on disk.
    durable: Set<u32>,
    /// The notes that no sync covers yet.
    unsynced: Vec<u32>,
    /// The notes that each sync under way covers.
    after_sync: GroupCommit<Vec<u32>>,
    /// How many notes were on disk when the server last started.
    found: usize,
    /// Whether it keeps all notes that it ever said it keeps. A copy that has forgotten some gets them from the primary.
    is_whole: bool,
}

/// What part a server plays.
#[derive(Clone, Debug, Hash)]
enum Part {
    /// It answers clients.
    Primary(Box<Office>),
    /// It has copies of what this one has.
    Copy(NodeId),
}

impl Server {
    /// The server that clients ask.
    pub(super) fn primary(rules: Rules, copies: Vec<NodeId>) -> Server {
        Server::new(rules, Part::Primary(Box::new(Office::new(copies))))
    }

    /// A server that has copies of the notes of `primary`.
    pub(super) fn copy(rules: Rules, primary: NodeId) -> Server {
        Server::new(rules, Part::Copy(primary))
    }

    fn new(rules: Rules, part: Part) -> Server {
        Server {
            rules,
            part,
            notes: Set::new(),
            durable: Set::new(),
            unsynced: Vec::new(),
            after_sync: GroupCommit::default(),
            found: 0,
            is_whole: true,
        }
    }

    /// Asks for the notes that it may have forgotten: the primary asks the copies, and a copy the primary.
    pub(super) fn recall(&mut self, context: &mut Context<'_, Node>) {
        let nonce = context.boot();
        match &mut self.part {
            Part::Primary(office) if office.is_recalling() => {
                for copy in &office.copies {
                    context.send(*copy, Message::Recall { nonce });
                }
                office.recall_again = Some(context.set_timer(RECALL_AGAIN, Timer::Recall));
            }
            Part::Copy(primary) if !self.is_whole => {
                context.send(*primary, Message::Recall { nonce });
                context.set_timer(RECALL_AGAIN, Timer::Recall);
            }
            _ => {}
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Ask(request) => self.asked(from, request, context),
            Message::Copy(notes) => self.copied(from, notes, context),
            Message::Kept { life, notes } => self.kept(from, life, notes, context),
            Message::Recall { nonce } => self.recall_asked(from, nonce, context),
            Message::Recalled {
                nonce,
                life,
                notes,
                is_whole,
            } => {
                self.keep(&notes, context);
                let is_answer = nonce == Some(context.boot());
                match self.part {
                    Part::Primary(_) => {
                        // Before its own first life nobody could have told it anything.
                        let is_whole = is_whole || context.boot() == 0;
                        let answer = is_answer.then_some(is_whole);
                        self.recalled(from, answer, life, notes, context);
                    }
                    Part::Copy(_) if is_answer => self.has_all(context),
                    Part::Copy(_) => {}
                }
            }
            Message::Tell(_) => {}
        }
    }

    /// The notes that it keeps: those on disk, if notes are synced before they are confirmed.
    fn kept_notes(&self) -> &Set<u32> {
        if self.rules.syncs_first {
            &self.durable
        } else {
            &self.notes
        }
    }

    fn asked(&mut self, from: NodeId, request: Request, context: &mut Context<'_, Node>) {
        let Part::Primary(office) = &mut self.part else {
            return;
        };
        if office.is_recalling() {
            // It does not know yet which notes it has: the client will retry.
            return;
        }
        let note = note_of(&request);
        if request.is_read() && !self.notes.contains(&note) {
            return context.send(from, Message::Tell(Reply::done(request, 0)));
        }
        office.wait(note, from, request);
        self.save(note, context);
    }

    /// Keeps a client's note, and makes it last as the rules say before the answer; a note that was read as well, because
    /// it must not be gone when it is read again.
    fn save(&mut self, note: u32, context: &mut Context<'_, Node>) {
        self.keep(&[note], context);
        if self.rules.copies_first {
            self.send_copies(Some(note), context);
        }
        if self.rules.syncs_first {
            self.sync(context);
        }
        self.answer_what_is_safe(context);
    }

    /// Takes in the notes that it does not have yet.
    fn keep(&mut self, notes: &[u32], context: &mut Context<'_, Node>) {
        for note in notes {
            if self.notes.insert(*note) {
                context.write(u64::from(*note), ());
                self.unsynced.push(*note);
                context.record(stored(*note));
                if let Part::Primary(office) = &mut self.part {
                    office.has(*note);
                }
            }
        }
    }

    fn sync(&mut self, context: &mut Context<'_, Node>) {
        if self.unsynced.is_empty() {
            return;
        }
        let covered = std::mem::take(&mut self.unsynced);
        self.after_sync.owe(covered, context);
    }

    /// Time to sync and copy the notes for which no answer waits.
    pub(super) fn flush(&mut self, context: &mut Context<'_, Node>) {
        context.set_timer(self.rules.flush, Timer::Flush);
        self.sync(context);
        self.send_copies(None, context);
    }

    /// Sends each copy the notes that it lacks: one of them, or all.
    fn send_copies(&self, only: Option<u32>, context: &mut Context<'_, Node>) {
        let Part::Primary(office) = &self.part else {
            return;
        };
        for copy in &office.copies {
            let Some(lacks) = office.lacks(*copy) else {
                continue;
            };
            let missing = match only {
                Some(note) => Vec::from_iter(lacks.contains(&note).then_some(note)),
                None => listed(lacks),
            };
            if !missing.is_empty() {
                context.send(*copy, Message::Copy(missing));
            }
        }
    }

    /// The primary asks for copies. If a copy is to be durable before it is confirmed, the end of its sync confirms it.
    fn copied(&mut self, from: NodeId, notes: Vec<u32>, context: &mut Context<'_, Node>) {
        self.keep(&notes, context);
        let is_kept = |note: &u32| self.kept_notes().contains(note);
        let notes: Vec<u32> = notes.into_iter().filter(is_kept).collect();
        if !notes.is_empty() {
            let life = context.boot();
            context.send(from, Message::Kept { life, notes });
        }
        if self.rules.syncs_first {
            self.sync(context);
        }
    }

    fn kept(&mut self, from: NodeId, life: i64, notes: Vec<u32>, context: &mut Context<'_, Node>) {
        if let Part::Primary(office) = &mut self.part {
            office.confirm(from, life, notes, &self.notes);
            self.answer_what_is_safe(context);
        }
    }

    /// Another server has forgotten notes. A primary that has forgotten some itself cannot help.
    fn recall_asked(&self, from: NodeId, nonce: i64, context: &mut Context<'_, Node>) {
        let notes = match &self.part {
            Part::Primary(office) if office.is_recalling() => return,
            // Copies may have said that they keep a note which is not on this disk yet.
            Part::Primary(_) => &self.notes,
            Part::Copy(_) => self.kept_notes(),
        };
        let recalled = Message::Recalled {
            nonce: Some(nonce),
            life: context.boot(),
            notes: listed(notes),
            is_whole: self.is_whole,
        };
        context.send(from, recalled);
    }

    /// A copy has all notes again: it is whole once they are as safe as those that it says it keeps.
    fn has_all(&mut self, context: &mut Context<'_, Node>) {
        if self.is_whole {
            return;
        }
        if self.rules.syncs_first {
            self.mark_whole(context);
        } else {
            self.is_whole = true;
        }
    }

    /// Has the disk say that it has all notes, with those that are on their way to it.
    fn mark_whole(&mut self, context: &mut Context<'_, Node>) {
        context.write(u64::from(WHOLE), ());
        self.unsynced.push(WHOLE);
        self.sync(context);
    }

    /// A copy has told what it keeps: as an answer to the present recovery, whether it is whole, or unasked.
    fn recalled(
        &mut self,
        from: NodeId,
        answer: Option<bool>,
        life: i64,
        notes: Vec<u32>,
        context: &mut Context<'_, Node>,
    ) {
        let Part::Primary(office) = &mut self.part else {
            return;
        };
        office.confirm(from, life, notes, &self.notes);
        if answer.is_some_and(|is_whole| office.recalled(from, is_whole))
            && let Some(timer) = office.recall_again.take()
        {
            context.cancel_timer(timer);
        }
    }

    fn answer_what_is_safe(&mut self, context: &mut Context<'_, Node>) {
        let Rules {
            syncs_first,
            copies_first,
            ..
        } = self.rules;
        let kept = if syncs_first {
            &self.durable
        } else {
            &self.notes
        };
        let Part::Primary(office) = &mut self.part else {
            return;
        };
        let safe = office.answerable(|note, office| {
            let is_here = kept.contains(&note);
            if copies_first {
                office.is_with_majority(note, is_here)
            } else {
                is_here
            }
        });
        for (client, request) in safe {
            office.answered += u32::from(!request.is_read());
            let value = if request.is_read() { request.key } else { 0 };
            context.send(client, Message::Tell(Reply::done(request, value)));
        }
    }

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let in_memory = self.notes.len() - self.durable.len();
        match &self.part {
            Part::Primary(office) => self.beliefs_of_primary(office, in_memory),
            Part::Copy(primary) => {
                let primary = (outlook.name)(*primary);
                let forgotten = format!(
                    "I have forgotten notes: until {primary} has told me all, I am no help to it."
                );
                let copies = format!(
                    "I have {} of {primary}, {in_memory} in memory alone.",
                    counted(self.notes.len(), "copied note"),
                );
                let forgotten = (!self.is_whole).then_some(forgotten);
                [copies].into_iter().chain(forgotten).collect()
            }
        }
    }

    fn beliefs_of_primary(&self, office: &Office, in_memory: usize) -> Vec<String> {
        let mut beliefs = Vec::new();
        if let Some((told, needed)) = office.recall_progress() {
            beliefs.push(format!(
                "My disk has {}. {told} of the {needed} other servers that I need have told me their notes. Until \
                 then I answer nobody.",
                counted(self.found, "note")
            ));
        }
        beliefs.push(format!(
            "I have reported {} as saved since I started.",
            counted(office.answered as usize, "note")
        ));
        if in_memory > 0 {
            beliefs.push(format!(
                "I have {} in memory that my disk lacks.",
                counted(in_memory, "note")
            ));
        }
        beliefs
    }
}

/// What it knows of itself when it starts.
impl Server {
    /// Whether it keeps all notes that it ever said it keeps. The primary does not rely on that: it asks in each life. A copy
    /// has promised nothing before its first life; later its memory has forgotten, and its disk must say so.
    fn begins_whole(&mut self, context: &mut Context<'_, Node>) -> bool {
        let is_marked = self.durable.remove(&WHOLE);
        match self.part {
            Part::Primary(_) => true,
            Part::Copy(_) if context.boot() > 0 => self.rules.syncs_first && is_marked,
            Part::Copy(_) => {
                if self.rules.syncs_first {
                    self.mark_whole(context);
                }
                true
            }
        }
    }
}

impl Role<Node> for Server {
    /// A torn record is a note that was never durable: it counts as no note.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        let whole = |(place, stored): (u64, Stored<&()>)| match stored {
            Stored::Whole(()) => Some(place as u32),
            Stored::Torn => None,
        };
        self.durable = context.durable().filter_map(whole).collect();
        self.is_whole = self.begins_whole(context);
        self.notes = self.durable.clone();
        self.found = self.notes.len();
        for note in &self.durable {
            context.record(stored(*note));
        }
        context.set_timer(self.rules.flush, Timer::Flush);
        match &mut self.part {
            // The primary learns that some copies may be gone.
            Part::Copy(primary) => {
                let recalled = Message::Recalled {
                    nonce: None,
                    life: context.boot(),
                    notes: listed(&self.notes),
                    is_whole: self.is_whole,
                };
                context.send(*primary, recalled);
                self.recall(context);
            }
            Part::Primary(office) if !office.copies.is_empty() => {
                office.begin_with(&self.notes);
                office.begin_recall();
                self.recall(context);
            }
            Part::Primary(_) => {}
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        let mut covered = self.after_sync.synced(token, context).concat();
        self.is_whole |= covered.contains(&WHOLE);
        covered.retain(|note| *note != WHOLE);
        self.durable.extend(covered.iter().copied());
        if let Part::Primary(office) = &mut self.part {
            office.touch(&covered);
        }
        match self.part {
            Part::Copy(primary) if self.rules.syncs_first && !covered.is_empty() => {
                let (life, notes) = (context.boot(), covered);
                context.send(primary, Message::Kept { life, notes });
            }
            Part::Copy(_) => {}
            Part::Primary(_) => self.answer_what_is_safe(context),
        }
    }

    fn held(&self, by: Measure) -> usize {
        let office = match &self.part {
            Part::Primary(office) => size_of_val(&**office) + office.held(by),
            Part::Copy(_) => 0,
        };
        self.notes.held(by)
            + self.durable.held(by)
            + self.unsynced.held(by)
            + self.after_sync.held(by)
            + office
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let (notes, durable) = (self.notes.len(), self.durable.len());
        Description {
            badge: format!("{durable} of {notes} on disk"),
            state: vec![
                ("notes".to_owned(), notes.to_string()),
                ("on disk".to_owned(), durable.to_string()),
            ],
            beliefs: self.beliefs(outlook),
        }
    }
}

/// The note that a request is about.
fn note_of(request: &Request) -> u32 {
    if request.is_read() {
        request.key as u32
    } else {
        request.operation
    }
}

/// The note is here.
fn stored(note: u32) -> Fact {
    Fact::Stored {
        operation: note,
        key: note.into(),
        version: 0,
    }
}

fn listed(notes: &Set<u32>) -> Vec<u32> {
    notes.iter().copied().collect()
}
