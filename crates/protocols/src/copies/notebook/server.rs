//! Who keeps the notes: the one server that clients ask, and those that have copies.

use sim::sorted::{Map, Set};

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration, Stored, TimerId};

use super::{Message, Node, Timer};
use crate::describe::entry::Plan;
use crate::parts::caller::{Reply, Request};
use crate::parts::quorum::{Tally, majority};

/// How long a server waits for what others recall before it asks again.
const RECALL_AGAIN: SimDuration = SimDuration::from_millis(500);

/// How servers behave; all of a run do alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    syncs_first: bool,
    copies_first: bool,
    flush: SimDuration,
}

impl Rules {
    pub(super) fn of(plan: &Plan) -> Rules {
        Rules {
            syncs_first: plan.has("sync-before-ack"),
            copies_first: plan.has("replicate-before-ack"),
            flush: plan.duration("flush"),
        }
    }
}

/// A server.
#[derive(Clone, Debug)]
pub struct Server {
    rules: Rules,
    part: Part,
    /// All notes that it has, in memory.
    notes: Set<u32>,
    /// Those of them that its disk has.
    durable: Set<u32>,
    /// Those that no sync covers yet.
    unsynced: Vec<u32>,
    /// What each sync that is under way covers.
    syncing: Map<u64, Vec<u32>>,
    syncs: u64,
    /// How many its disk had when it last began.
    found: usize,
}

/// What part a server plays.
#[derive(Clone, Debug)]
enum Part {
    /// It answers clients.
    Primary(Box<Office>),
    /// It has copies of what this one has.
    Copy(NodeId),
}

/// What the one that clients ask has to know.
#[derive(Clone, Debug)]
struct Office {
    copies: Vec<NodeId>,
    /// What each of them has said that it keeps.
    kept: Map<NodeId, Set<u32>>,
    /// Who waits for an answer, by note.
    waiting: Map<u32, (NodeId, Request)>,
    /// While it asks what it has forgotten: who has told.
    recalls: Option<Tally>,
    /// When it asks again.
    recall_again: Option<TimerId>,
    answered: u32,
}

impl Server {
    /// The server that clients ask.
    pub(super) fn primary(rules: Rules, copies: Vec<NodeId>) -> Server {
        Server::new(
            rules,
            Part::Primary(Box::new(Office {
                copies,
                kept: Map::new(),
                waiting: Map::new(),
                recalls: None,
                recall_again: None,
                answered: 0,
            })),
        )
    }

    /// One that has copies of what `primary` has.
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
            syncing: Map::new(),
            syncs: 0,
            found: 0,
        }
    }

    pub(super) fn is_copy(&self) -> bool {
        matches!(self.part, Part::Copy(_))
    }

    /// A torn record is a note that was never durable; it is as good as none.
    pub(super) fn start(&mut self, context: &mut Context<'_, Node>) {
        let whole = |(place, stored)| matches!(stored, Stored::Whole(())).then_some(place as u32);
        let owned = |(place, stored): (u64, Stored<&()>)| match stored {
            Stored::Whole(()) => (place, Stored::Whole(())),
            Stored::Torn => (place, Stored::Torn),
        };
        self.durable = context.durable().map(owned).filter_map(whole).collect();
        self.notes = self.durable.clone();
        self.found = self.notes.len();
        context.set_timer(self.rules.flush, Timer::Flush);
        match &mut self.part {
            // Whoever counts on its copies learns that some may be gone.
            Part::Copy(primary) => {
                context.send(*primary, Message::Recalled(listed(&self.notes)));
            }
            Part::Primary(office) if !office.copies.is_empty() => {
                let others = office.copies.len() as u16;
                // What a majority has, one of so many others has; its own memory does not count.
                office.recalls = Some(Tally::of(majority(others + 1).min(others)));
                self.recall(context);
            }
            Part::Primary(_) => {}
        }
    }

    /// Asks the others what it may have forgotten.
    pub(super) fn recall(&mut self, context: &mut Context<'_, Node>) {
        if let Part::Primary(office) = &mut self.part
            && office.recalls.is_some()
        {
            for copy in &office.copies {
                context.send(*copy, Message::Recall);
            }
            office.recall_again = Some(context.set_timer(RECALL_AGAIN, Timer::Recall));
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
            Message::Kept(notes) => self.kept(from, notes, context),
            Message::Recall => {
                context.send(from, Message::Recalled(listed(&self.notes)));
            }
            Message::Recalled(notes) => self.recalled(from, notes, context),
            Message::Tell(_) => {}
        }
    }

    fn asked(&mut self, from: NodeId, request: Request, context: &mut Context<'_, Node>) {
        let Part::Primary(office) = &mut self.part else {
            return;
        };
        if office.recalls.is_some() {
            // It does not know yet what it knows: the client will ask again.
            return;
        }
        if request.function == Function::Read {
            let is_there = self.notes.contains(&(request.key as u32));
            let value = if is_there { request.key } else { 0 };
            context.send(from, Message::Tell(Reply::done(request, value)));
            return;
        }
        let note = request.operation;
        office.waiting.insert(note, (from, request));
        self.keep(&[note], context);
        if self.rules.copies_first {
            self.send_copies(|missing| *missing == note, context);
        }
        if self.rules.syncs_first {
            self.sync(context);
        }
        self.answer_what_is_safe(context);
    }

    /// Takes in the notes that it has not.
    fn keep(&mut self, notes: &[u32], context: &mut Context<'_, Node>) {
        for note in notes {
            if self.notes.insert(*note) {
                context.write(u64::from(*note), ());
                self.unsynced.push(*note);
                context.record(Fact::Stored {
                    operation: *note,
                    key: i64::from(*note),
                    version: 0,
                });
            }
        }
    }

    fn sync(&mut self, context: &mut Context<'_, Node>) {
        if self.unsynced.is_empty() {
            return;
        }
        self.syncs += 1;
        let covered = std::mem::take(&mut self.unsynced);
        self.syncing.insert(self.syncs, covered);
        context.sync(self.syncs);
    }

    pub(super) fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        let covered = self.syncing.remove(&token).unwrap_or_default();
        self.durable.extend(covered.iter().copied());
        match self.part {
            Part::Copy(primary) if self.rules.syncs_first => {
                context.send(primary, Message::Kept(covered));
            }
            Part::Copy(_) => {}
            Part::Primary(_) => self.answer_what_is_safe(context),
        }
    }

    /// Time for what nobody waits for.
    pub(super) fn flush(&mut self, context: &mut Context<'_, Node>) {
        context.set_timer(self.rules.flush, Timer::Flush);
        self.sync(context);
        self.send_copies(|_| true, context);
    }

    /// Sends the others those of the notes they lack that `is_due` names.
    fn send_copies(&self, is_due: impl Fn(&u32) -> bool, context: &mut Context<'_, Node>) {
        let Part::Primary(office) = &self.part else {
            return;
        };
        for copy in &office.copies {
            let kept = office.kept.get(copy);
            let is_kept = |note: &u32| kept.is_some_and(|kept| kept.contains(note));
            let missing = self
                .notes
                .iter()
                .filter(|note| is_due(note) && !is_kept(note));
            let missing: Vec<u32> = missing.copied().collect();
            if !missing.is_empty() {
                context.send(*copy, Message::Copy(missing));
            }
        }
    }

    /// The server wants copies kept. Those that are durable before they are confirmed, if that is the rule, are confirmed
    /// by the end of their sync.
    fn copied(&mut self, from: NodeId, notes: Vec<u32>, context: &mut Context<'_, Node>) {
        self.keep(&notes, context);
        let is_kept = |note: &u32| !self.rules.syncs_first || self.durable.contains(note);
        let kept: Vec<u32> = notes.into_iter().filter(is_kept).collect();
        if !kept.is_empty() {
            context.send(from, Message::Kept(kept));
        }
        if self.rules.syncs_first {
            self.sync(context);
        }
    }

    fn kept(&mut self, from: NodeId, notes: Vec<u32>, context: &mut Context<'_, Node>) {
        if let Part::Primary(office) = &mut self.part {
            office.kept.entry(from).or_default().extend(notes);
            self.answer_what_is_safe(context);
        }
    }

    fn recalled(&mut self, from: NodeId, notes: Vec<u32>, context: &mut Context<'_, Node>) {
        self.keep(&notes, context);
        let Part::Primary(office) = &mut self.part else {
            return;
        };
        office.kept.insert(from, notes.into_iter().collect());
        if let Some(recalls) = &mut office.recalls {
            recalls.add(from);
            if recalls.is_full() {
                office.recalls = None;
                if let Some(timer) = office.recall_again.take() {
                    context.cancel_timer(timer);
                }
            }
        }
    }

    /// Whether a note can be called saved.
    fn is_safe(&self, note: u32) -> bool {
        let is_here = if self.rules.syncs_first {
            self.durable.contains(&note)
        } else {
            self.notes.contains(&note)
        };
        let Part::Primary(office) = &self.part else {
            return false;
        };
        if !self.rules.copies_first {
            return is_here;
        }
        let copies = office.kept.values().filter(|kept| kept.contains(&note));
        let needed = majority(office.copies.len() as u16 + 1);
        copies.count() + usize::from(is_here) >= usize::from(needed)
    }

    fn answer_what_is_safe(&mut self, context: &mut Context<'_, Node>) {
        let Part::Primary(office) = &self.part else {
            return;
        };
        let waiting: Vec<u32> = office.waiting.keys().copied().collect();
        let safe: Vec<u32> = waiting
            .into_iter()
            .filter(|note| self.is_safe(*note))
            .collect();
        let Part::Primary(office) = &mut self.part else {
            return;
        };
        for note in safe {
            if let Some((client, request)) = office.waiting.remove(&note) {
                office.answered += 1;
                context.send(client, Message::Tell(Reply::done(request, 0)));
            }
        }
    }

    pub(super) fn memory(&self) -> usize {
        let kept = match &self.part {
            Part::Primary(office) => office.kept.values().map(Set::len).sum(),
            Part::Copy(_) => 0,
        };
        size_of_val(self)
            + (self.notes.len() + self.durable.len() + self.unsynced.len() + kept)
                * size_of::<u32>()
    }

    pub(super) fn describe(&self, outlook: &Outlook<'_>) -> Description {
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

    fn beliefs(&self, outlook: &Outlook<'_>) -> Vec<String> {
        let in_memory = self.notes.len() - self.durable.len();
        let mut beliefs = Vec::new();
        match &self.part {
            Part::Primary(office) => {
                if let Some(recalls) = &office.recalls {
                    beliefs.push(format!(
                        "My disk has {} notes. {} of {} others that I need have told me what they have; until then I \
                         answer nobody.",
                        self.found,
                        recalls.count(),
                        recalls.needed()
                    ));
                }
                beliefs.push(format!(
                    "I have called {} notes saved since I began.",
                    office.answered
                ));
                if in_memory > 0 {
                    beliefs.push(format!(
                        "{in_memory} notes are in my memory, and not on my disk."
                    ));
                }
            }
            Part::Copy(primary) => beliefs.push(format!(
                "I have copies of {} notes of {}, {in_memory} of them in memory alone.",
                self.notes.len(),
                (outlook.name)(*primary)
            )),
        }
        beliefs
    }
}

fn listed(notes: &Set<u32>) -> Vec<u32> {
    notes.iter().copied().collect()
}
