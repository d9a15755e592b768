//! The nodes of a script, behind the kernel's `Protocol`.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use sim::held::Measure;
use sim::protocol::{Claim, Claimed, Description, Gist, Opinion, Outlook, Vocabulary, time_of_day};
use sim::trace::Fact;
use sim::{Context, NodeId, Protocol, Stored, TimerId};

use crate::carried::{Message, Record, Timer};
use crate::data::Data;
use crate::engine::{self, Call, Given};
use crate::flaw::Flaw;
use crate::limits::LINES;
use crate::program::{EMPTY, Handler, NO_WORDS, Program};
use crate::turn::{Act, Places, Readings, Said, Seat, Turn};

/// A node that runs a script.
#[derive(Clone, Debug)]
pub struct Script {
    seat: Arc<Seat>,
    /// `ctx.state`, as plain data.
    state: Arc<[u8]>,
    /// What is on its disk: what it has written, and what a restart has found.
    disk: Arc<Places>,
    next_timer: u32,
    timers: BTreeMap<u32, TimerId>,
    next_sync: u64,
    syncs: BTreeMap<u64, Arc<[u8]>>,
    begun: u32,
    claim: Option<Claim>,
    opinions: BTreeMap<NodeId, Opinion>,
    said: Option<Arc<Said>>,
    lines: VecDeque<Arc<str>>,
    failure: Option<Arc<str>>,
}

/// What it says of itself makes no difference to what happens, and its disk is hashed as the kernel's.
impl Hash for Script {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.state.hash(state);
        self.timers.hash(state);
        self.syncs.hash(state);
        self.begun.hash(state);
        self.failure.is_some().hash(state);
    }
}

impl Script {
    pub(crate) fn new(seat: Arc<Seat>) -> Script {
        Script {
            seat,
            state: EMPTY.into(),
            disk: Arc::default(),
            next_timer: 1,
            timers: BTreeMap::new(),
            next_sync: 0,
            syncs: BTreeMap::new(),
            begun: 0,
            claim: None,
            opinions: BTreeMap::new(),
            said: None,
            lines: VecDeque::new(),
            failure: None,
        }
    }

    fn program(&self) -> &Program {
        &self.seat.program
    }

    /// Lets the script handle an event, if its role has a function for it.
    fn handle(&mut self, handler: Handler, given: [Given<'_>; 2], context: &mut Context<'_, Self>) {
        let role = &self.seat.program.roles[self.seat.role];
        if !role.handles(handler) {
            return;
        }
        let call = Call {
            role: role.id,
            handler,
            state: &self.state,
            given,
        };
        let (stream, readings) = (context.random().clone(), readings(context));
        let happening = context.happening();
        let turn = || Turn {
            seat: self.seat.clone(),
            readings,
            stream: stream.clone(),
            happening,
            disk: self.disk.clone(),
            next_timer: self.next_timer,
            timers: self.timers.len(),
            begun: self.begun,
            acts: Vec::new(),
            lines: Vec::new(),
            said: None,
        };
        let handled = engine::handle(self.program(), &call, turn);
        match handled {
            Ok((turn, state)) => self.go_on(turn, state, context),
            Err(flaw) => self.fail(&flaw, handler, context),
        }
    }

    fn fail(&mut self, flaw: &Flaw, handler: Handler, context: &mut Context<'_, Self>) {
        let role = self.seat.program.roles[self.seat.role].id;
        let name = handler.name();
        let what = match flaw.at {
            Some((line, column)) => {
                format!("line {line}, column {column} of the script: {}", flaw.what)
            }
            None => flaw.what.clone(),
        };
        let sentence = format!("{what} (in \"{name}\" of the role \"{role}\").");
        self.failure = Some(sentence.into());
        context.fail();
    }

    /// Does what an event has asked for.
    fn go_on(&mut self, turn: Turn, state: Vec<u8>, context: &mut Context<'_, Self>) {
        let Turn {
            stream,
            disk,
            next_timer,
            begun,
            acts,
            lines,
            said,
            ..
        } = turn;
        // With one owner the disk can be changed where it is.
        drop(disk);
        if *self.state != *state {
            self.state = state.into();
        }
        *context.random() = stream;
        (self.next_timer, self.begun) = (next_timer, begun);
        for line in lines {
            self.note(&line, context);
        }
        if let Some(said) = said {
            self.said = Some(Arc::new(said));
        }
        for act in acts {
            self.act(act, context);
        }
    }

    fn note(&mut self, line: &str, context: &Context<'_, Self>) {
        if self.lines.len() == LINES {
            self.lines.pop_front();
        }
        let line = format!("{}  {line}", time_of_day(context.wall(), 3));
        self.lines.push_back(line.into());
    }

    fn act(&mut self, act: Act, context: &mut Context<'_, Self>) {
        match act {
            Act::Send { to, message } => context.send(to, message),
            Act::SetTimer { after, timer } => {
                let id = timer.id;
                let timer = context.set_timer(after, timer);
                self.timers.insert(id, timer);
            }
            Act::CancelTimer(id) => {
                if let Some(timer) = self.timers.remove(&id) {
                    context.cancel_timer(timer);
                }
            }
            Act::Write { place, record } => {
                Arc::make_mut(&mut self.disk).insert(place, Some(record.clone()));
                context.write(place, record);
            }
            Act::Erase(place) => {
                Arc::make_mut(&mut self.disk).remove(&place);
                context.erase(place..place + 1);
            }
            Act::Sync { carried, fact } => self.sync(carried, fact, context),
            Act::Record(fact) => self.record(fact, context),
        }
    }

    fn sync(&mut self, carried: Arc<[u8]>, fact: Option<Fact>, context: &mut Context<'_, Self>) {
        let token = self.next_sync;
        self.next_sync += 1;
        self.syncs.insert(token, carried);
        match fact {
            Some(fact) => context.sync_for(token, fact),
            None => context.sync(token),
        }
    }

    /// Puts a fact on record. What a node believes that it alone has, and what it takes others for, is what it last recorded.
    fn record(&mut self, fact: Fact, context: &mut Context<'_, Self>) {
        match fact {
            Fact::Leads { term } => self.claim = Some(Claim::to_lead(term)),
            Fact::Acquired { token, .. } => {
                let to = Claimed::Lock;
                self.claim = Some(Claim { to, number: token });
            }
            Fact::StepsDown { .. } | Fact::Released { .. } => self.claim = None,
            Fact::Suspects { node } => self.think(node, Opinion::Dead),
            Fact::Trusts { node } => self.think(node, Opinion::Alive),
            _ => {}
        }
        context.record(fact);
    }

    fn think(&mut self, node: i64, opinion: Opinion) {
        if let Ok(node) = u16::try_from(node) {
            self.opinions.insert(NodeId(node), opinion);
        }
    }
}

fn readings(context: &Context<'_, Script>) -> Readings {
    let interval = context.interval();
    Readings {
        monotonic: context.monotonic(),
        wall: context.wall(),
        earliest: interval.earliest,
        latest: interval.latest,
        boot: context.boot(),
    }
}

impl Protocol for Script {
    type Message = Message;
    type Timer = Timer;
    type Record = Record;

    const VOCABULARY: Vocabulary = NO_WORDS;

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        let found = context.durable().map(|(place, stored)| {
            let record = match stored {
                Stored::Whole(record) => Some(record.clone()),
                Stored::Torn => None,
            };
            (place, record)
        });
        self.disk = Arc::new(found.collect());
        self.handle(Handler::Start, [Given::Nothing; 2], context);
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        let given = [
            Given::Number(i64::from(from.0)),
            Given::Bytes(message.data()),
        ];
        self.handle(Handler::Message, given, context);
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        self.timers.remove(&timer.id);
        let given = [Given::Text(&timer.name), Given::Bytes(&timer.data)];
        self.handle(Handler::Timer, given, context);
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Some(carried) = self.syncs.remove(&token) {
            let given = [Given::Bytes(&carried), Given::Nothing];
            self.handle(Handler::Synced, given, context);
        }
    }

    fn on_operation(&mut self, operation: u8, argument: i64, context: &mut Context<'_, Self>) {
        let operations = self.program().entry.vocabulary.operations;
        if let Some(word) = operations.get(usize::from(operation)) {
            let given = [Given::Text(word.name), Given::Number(argument)];
            self.handle(Handler::Operation, given, context);
        }
    }

    fn gist(message: &Message) -> Gist {
        message.gist()
    }

    fn timer_kind(timer: &Timer) -> u8 {
        timer.kind
    }

    fn bytes(message: &Message) -> u32 {
        message.bytes()
    }

    fn corrupt(message: &mut Message, random: u64) {
        message.corrupt(random);
    }

    fn claim(&self) -> Option<Claim> {
        self.claim
    }

    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        self.opinions.get(&other).copied()
    }

    fn held(&self, _: Measure) -> usize {
        /// What an entry takes beside its bytes, about.
        const ENTRY: usize = 64;
        let records = self.disk.values().flatten();
        let disk: usize = records.map(|record| ENTRY + record.value.len()).sum();
        let syncs: usize = self.syncs.values().map(|carried| carried.len()).sum();
        let lines: usize = self.lines.iter().map(|line| ENTRY + line.len()).sum();
        let names = (self.timers.len() + self.syncs.len() + self.opinions.len()) * ENTRY;
        self.state.len() + disk + syncs + lines + names
    }

    fn held_by_message(message: &Message) -> usize {
        message.data().len()
    }

    fn held_by_record(record: &Record) -> usize {
        record.value.len()
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    fn words(&self) -> &'static Vocabulary {
        self.program().entry.vocabulary
    }

    fn describe(&self, _: &Outlook<'_>) -> Description {
        let state = Data::read(&self.state);
        let entries = state.entries().unwrap_or_default().iter();
        let mut state: Vec<(String, String)> = entries
            .map(|(name, value)| (name.clone(), shown(value)))
            .collect();
        let lines = self.lines.iter().rev().take(10);
        state.extend(lines.map(|line| ("console".to_owned(), line.to_string())));
        let said = self.said.as_deref().cloned().unwrap_or_default();
        Description {
            badge: said.badge,
            state,
            beliefs: said.beliefs,
        }
    }
}

/// A value in as many letters as have room beside a node.
fn shown(value: &Data) -> String {
    const MOST: usize = 80;
    let text = value.shown();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
