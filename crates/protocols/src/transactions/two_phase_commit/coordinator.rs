//! The coordinator: it asks for votes, decides, and tells.

use sim::held::{Held, Measure, all_held};
use sim::protocol::{Claim, Description, Opinion, Outlook};
use sim::sorted::{Map, Set};
use sim::{Context, NodeId, SimDuration};

use super::bank::decides;
use super::ledger::{Found, Ledger};
use super::message::{Decision, Message, Timer};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::quorum::Votes;

/// A coordinator.
#[derive(Clone, Debug, Hash)]
pub struct Coordinator {
    banks: Vec<NodeId>,
    /// How long it waits for votes, and for word that a decision is carried out.
    wait: SimDuration,
    presumes_abort: bool,
    ledger: Ledger,
    /// The transactions that are not decided.
    open: Map<u32, Open>,
    /// What was decided, as far as it knows.
    decided: Map<u32, Decision>,
    /// Who waits to hear of a decision, besides those who always hear of it.
    asked: Map<u32, Set<NodeId>>,
    /// The participants that have not said that a decision is carried out.
    not_done: Map<u32, Set<NodeId>>,
}

/// A transaction that is not decided.
#[derive(Clone, Debug, Hash)]
struct Open {
    client: NodeId,
    votes: Votes,
    /// What the coordinator has begun to have decided.
    proposed: Option<Decision>,
}

impl Coordinator {
    pub(super) fn new(choices: &Choices, ledger: Ledger) -> Coordinator {
        Coordinator {
            banks: choices.banks.clone(),
            wait: choices.wait,
            presumes_abort: choices.presumes_abort,
            ledger,
            open: Map::new(),
            decided: Map::new(),
            asked: Map::new(),
            not_done: Map::new(),
        }
    }

    pub(super) fn message(
        &mut self,
        from: NodeId,
        message: Message,
        context: &mut Context<'_, Node>,
    ) {
        match message {
            Message::Transfer { number, life } => self.transfer(from, number, life, context),
            Message::Vote { number, is_yes } => self.vote(from, number, is_yes, context),
            Message::Done { number } => self.done(from, number, context),
            Message::Inquire { number } => self.inquire(from, number, context),
            message => self.ledger.message(from, message, context),
        }
        self.hear_ledger(context);
    }

    pub(super) fn wake(&mut self, timer: Timer, context: &mut Context<'_, Node>) {
        match timer {
            Timer::Undecided { number } => self.undecided(number, context),
            Timer::NotDone { number } => self.tell_again(number, context),
            timer => self.ledger.wake(timer, context),
        }
        self.hear_ledger(context);
    }

    /// Does what the ledger makes possible.
    fn hear_ledger(&mut self, context: &mut Context<'_, Node>) {
        while let Some(found) = self.ledger.next_found() {
            match found {
                Found::Begun(number) => self.ask_for_votes(number, context),
                Found::Decided(number, decision) => self.settled(number, decision, context),
            }
        }
    }
}

/// Until it is decided.
impl Coordinator {
    /// A client asks. A transaction of an earlier life is not begun again: what was not decided then is aborted.
    fn transfer(
        &mut self,
        client: NodeId,
        number: u32,
        life: i64,
        context: &mut Context<'_, Node>,
    ) {
        if let Some(decision) = self.decided.get(&number) {
            self.answer(client, number, *decision, context);
        } else if let Some(open) = self.open.get_mut(&number) {
            open.client = client;
        } else if self.ledger.forgets(life, context) {
            self.answer(client, number, Decision::Abort, context);
        } else if self.ledger.can_decide() {
            let open = Open {
                client,
                votes: Votes::of(self.banks.len() as u16),
                proposed: None,
            };
            self.open.insert(number, open);
            self.ledger.begin(number, context);
        }
    }

    fn ask_for_votes(&self, number: u32, context: &mut Context<'_, Node>) {
        for bank in &self.banks {
            context.send(*bank, Message::Prepare { number });
        }
        context.set_timer(self.wait, Timer::Undecided { number });
    }

    fn vote(&mut self, from: NodeId, number: u32, is_yes: bool, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.get_mut(&number) else {
            return;
        };
        if open.proposed.is_some() {
            return;
        }
        if !is_yes {
            self.propose(number, Decision::Abort, context);
        } else if open.votes.add(from) {
            self.propose(number, Decision::Commit, context);
        }
    }

    fn propose(&mut self, number: u32, decision: Decision, context: &mut Context<'_, Node>) {
        if let Some(open) = self.open.get_mut(&number) {
            open.proposed = Some(decision);
        }
        self.ledger.decide(number, decision, context);
    }

    /// A vote is missing, or the decision: it aborts, or has the same decided once more.
    fn undecided(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.get(&number) else {
            return;
        };
        match open.proposed {
            None => self.propose(number, Decision::Abort, context),
            Some(decision) => self.ledger.decide_again(number, decision, context),
        }
        context.set_timer(self.wait, Timer::Undecided { number });
    }

    /// A participant is in doubt.
    fn inquire(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        if let Some(decision) = self.decided.get(&number) {
            let decision = *decision;
            return context.send(from, Message::Decided { number, decision });
        }
        if self.open.contains_key(&number) || !self.ledger.can_presume_abort() {
            return;
        }
        self.asked.entry(number).or_default().insert(from);
        self.ledger.presume_abort(number, context);
    }
}

/// Once it is decided.
impl Coordinator {
    fn settled(&mut self, number: u32, decision: Decision, context: &mut Context<'_, Node>) {
        if self.decided.insert(number, decision).is_none() {
            decides(number, decision, context);
        }
        let asked = self.asked.remove(&number).unwrap_or_default();
        let open = self.open.remove(&number);
        if let Some(open) = &open {
            self.answer(open.client, number, decision, context);
        }
        if open.is_some() || self.ledger.aborts_aloud() {
            return self.tell(number, decision, context);
        }
        for participant in &asked {
            context.send(*participant, Message::Decided { number, decision });
        }
    }

    /// Tells all participants. A commit is told until each of them has carried it out; an abort that would be presumed, once.
    fn tell(&mut self, number: u32, decision: Decision, context: &mut Context<'_, Node>) {
        for bank in &self.banks {
            context.send(*bank, Message::Decided { number, decision });
        }
        if decision.commits() || !self.presumes_abort {
            self.not_done
                .insert(number, self.banks.iter().copied().collect());
            context.set_timer(self.wait, Timer::NotDone { number });
        }
    }

    fn tell_again(&self, number: u32, context: &mut Context<'_, Node>) {
        let Some(decision) = self.decided.get(&number) else {
            return;
        };
        let Some(waiting) = self.not_done.get(&number) else {
            return;
        };
        for bank in waiting {
            let decision = *decision;
            context.send(*bank, Message::Decided { number, decision });
        }
        context.set_timer(self.wait, Timer::NotDone { number });
    }

    fn done(&mut self, from: NodeId, number: u32, context: &mut Context<'_, Node>) {
        let Some(waiting) = self.not_done.get_mut(&number) else {
            return;
        };
        waiting.remove(&from);
        if waiting.is_empty() {
            self.not_done.remove(&number);
            self.ledger.end(number, context);
        }
    }

    fn answer(
        &self,
        client: NodeId,
        number: u32,
        decision: Decision,
        context: &mut Context<'_, Node>,
    ) {
        let life = self.ledger.life(context);
        let answer = Message::Answer {
            number,
            decision,
            life,
        };
        context.send(client, answer);
    }
}

impl Role<Node> for Coordinator {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.decided = self.ledger.start(context);
        for number in self.ledger.unfinished() {
            if let Some(decision) = self.decided.get(&number) {
                self.tell(number, *decision, context);
            }
        }
        self.hear_ledger(context);
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        self.ledger.synced(token, context);
        self.hear_ledger(context);
    }

    fn claim(&self) -> Option<Claim> {
        self.ledger.claim()
    }

    fn opinion_of(&self, other: NodeId) -> Option<Opinion> {
        self.ledger.opinion_of(other)
    }

    fn held(&self, by: Measure) -> usize {
        let votes = self.open.values().map(|open| open.votes.held(by));
        self.banks.held(by)
            + self.ledger.held(by)
            + self.open.held(by)
            + votes.sum::<usize>()
            + self.decided.held(by)
            + self.asked.held(by)
            + all_held(self.asked.values(), by)
            + self.not_done.held(by)
            + all_held(self.not_done.values(), by)
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let commits = self.decided.values();
        let commits = commits.filter(|decision| decision.commits()).count();
        let mut state = vec![
            ("committed".to_owned(), commits.to_string()),
            (
                "aborted".to_owned(),
                (self.decided.len() - commits).to_string(),
            ),
        ];
        state.extend(self.ledger.state(outlook));
        let mut beliefs = self.ledger.beliefs(outlook);
        beliefs.extend(self.belief());
        Description {
            badge: self.badge(outlook),
            state,
            beliefs,
        }
    }
}

impl Coordinator {
    fn badge(&self, outlook: &Outlook<'_>) -> String {
        match self.open.iter().next() {
            Some((number, open)) if open.proposed.is_none() => {
                format!(
                    "#{number}: {} of {} votes",
                    open.votes.count(),
                    self.banks.len()
                )
            }
            Some((number, _)) => format!("#{number}: deciding"),
            None => self.ledger.badge(outlook),
        }
    }

    fn belief(&self) -> Option<String> {
        if !self.ledger.can_decide() {
            return None;
        }
        let (number, open) = self.open.iter().next()?;
        Some(match open.proposed {
            None => format!(
                "I have asked for votes on #{number}, and have {} of {}.",
                open.votes.count(),
                self.banks.len()
            ),
            Some(decision) => format!(
                "I want #{number} to {}. It is decided when that is written for good.",
                if decision.commits() {
                    "commit"
                } else {
                    "abort"
                }
            ),
        })
    }
}
