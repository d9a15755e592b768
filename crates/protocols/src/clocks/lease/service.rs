//! The service that lends the lock.

use sim::held::{Held, Measure};
use sim::protocol::{Description, Outlook};
use sim::sorted::Map;
use sim::{Context, NodeId, SimDuration};

use super::{Message, Node, Record};
use crate::describe::roles::Role;
use crate::describe::words::{length, seconds};
use crate::parts::disk::two_slots::TwoSlots;

/// The name of the latest token on disk.
const TOKEN: u64 = 0;

/// Lends a lock to one holder at a time, for a length of time.
///
/// Each grant has a token of its own, also one to a client that has asked again: a session that the client has forgotten
/// must not share its token with the next one. A token is durable before the service sends it, so tokens grow even across
/// a crash. A crash makes the service forget who holds the lock, so after a restart it lends nothing for the length of a
/// lease (Gray and Cheriton, section 2).
#[derive(Clone, Debug, Hash)]
pub struct Service {
    length: SimDuration,
    latest: i64,
    lent: Option<Lent>,
    /// The latest question of each client. An older one is late or a duplicate, and its client waits no longer.
    asked: Map<NodeId, u32>,
    /// The service lends nothing before its clock shows this time.
    quiet_until: i64,
    /// Tokens that become durable.
    disk: TwoSlots<Record, i64>,
}

/// A lease that the service has granted.
#[derive(Clone, Copy, Debug, Hash)]
struct Lent {
    holder: NodeId,
    token: i64,
    /// When the lease ends, by the clock of the service. Not known yet while the token is not durable: the lease counts
    /// from the answer.
    ends: Option<i64>,
}

impl Lent {
    fn is_over(&self, now: i64) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

impl Service {
    /// A service that lends for `length`.
    pub fn new(length: SimDuration) -> Service {
        Service {
            length,
            latest: 0,
            lent: None,
            asked: Map::new(),
            quiet_until: i64::MIN,
            disk: TwoSlots::default(),
        }
    }

    /// A client asks for the lock, for more time, or gives it back; every other message is not for a lock service.
    pub fn hear(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Acquire { ask } if self.is_new(from, ask) => self.acquire(from, ask, context),
            Message::Renew { ask, token } if self.is_new(from, ask) => {
                self.renew(from, ask, token, context);
            }
            Message::Release { token } => {
                self.lent.take_if(|lent| lent.token == token);
            }
            _ => {}
        }
    }

    fn is_new(&mut self, from: NodeId, ask: u32) -> bool {
        let latest = self.asked.entry(from).or_default();
        let is_new = *latest < ask;
        *latest = (*latest).max(ask);
        is_new
    }

    fn acquire(&mut self, from: NodeId, ask: u32, context: &mut Context<'_, Node>) {
        let now = context.monotonic();
        match self.lent {
            _ if now < self.quiet_until => context.send(from, Message::Busy { ask }),
            Some(lent) if lent.holder != from && !lent.is_over(now) => {
                context.send(from, Message::Busy { ask });
            }
            // No client has been told of this token, so the newer question gets it.
            Some(lent) if lent.holder == from && lent.ends.is_none() => {}
            // The answer was lost, or the holder has restarted and has forgotten its lease.
            _ => self.grant(from, context),
        }
    }

    fn renew(&mut self, from: NodeId, ask: u32, token: i64, context: &mut Context<'_, Node>) {
        let now = context.monotonic();
        let is_lent = |lent: &Lent| {
            (lent.holder, lent.token) == (from, token) && !lent.is_over(now) && lent.ends.is_some()
        };
        if self.lent.as_ref().is_some_and(is_lent) {
            self.tell(context);
        } else {
            context.send(from, Message::Busy { ask });
        }
    }

    fn grant(&mut self, holder: NodeId, context: &mut Context<'_, Node>) {
        self.latest += 1;
        self.lent = Some(Lent {
            holder,
            token: self.latest,
            ends: None,
        });
        self.disk.save(TOKEN, Record::Token(self.latest));
        self.disk.owe(self.latest, context);
    }

    fn end_of_lease(&self, context: &Context<'_, Node>) -> i64 {
        context.monotonic() + self.length.as_nanos() as i64
    }

    /// Answers the holder's latest question: from now on the lease lasts for its whole length.
    fn tell(&mut self, context: &mut Context<'_, Node>) {
        let ends = self.end_of_lease(context);
        let Some(lent) = &mut self.lent else { return };
        lent.ends = Some(ends);
        let answer = Message::Granted {
            ask: self.asked.get(&lent.holder).copied().unwrap_or_default(),
            token: lent.token,
            length: self.length,
        };
        context.send(lent.holder, answer);
    }

    /// Its badge, and what it believes about the lock.
    fn view(&self, outlook: &Outlook<'_>) -> (String, String) {
        let now = outlook.monotonic;
        match self.lent {
            Some(Lent {
                holder,
                token,
                ends: None,
            }) => (
                "writing".to_owned(),
                format!(
                    "{} gets the lock, once token {token} is on my disk.",
                    (outlook.name)(holder)
                ),
            ),
            Some(Lent {
                holder,
                token,
                ends: Some(ends),
            }) if now < ends => {
                let holder = (outlook.name)(holder);
                let left = seconds(ends - now);
                let belief = format!(
                    "{holder} holds the lock, with token {token}, for another {left} by my clock."
                );
                (format!("lent to {holder}"), belief)
            }
            Some(lent) => {
                let holder = (outlook.name)(lent.holder);
                let belief = format!(
                    "The lease of {holder} is over by my clock, so no client holds the lock."
                );
                ("free".to_owned(), belief)
            }
            None if now < self.quiet_until => (
                "waiting".to_owned(),
                "I have restarted: a client may still hold a lease that I have forgotten."
                    .to_owned(),
            ),
            None => ("free".to_owned(), "No client holds the lock.".to_owned()),
        }
    }
}

impl Role<Node> for Service {
    fn held(&self, by: Measure) -> usize {
        self.asked.held(by) + self.disk.held(by)
    }

    fn start(&mut self, context: &mut Context<'_, Node>) {
        if let Some(Record::Token(token)) = self.disk.start(context).remove(&TOKEN) {
            self.latest = token;
        }
        if context.boot() > 0 {
            self.quiet_until = self.end_of_lease(context);
        }
    }

    fn synced(&mut self, sync: u64, context: &mut Context<'_, Node>) {
        for token in self.disk.synced(sync, context) {
            if self.lent.is_some_and(|lent| lent.token == token) {
                self.tell(context);
            }
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let (badge, belief) = self.view(outlook);
        let mut state = vec![
            ("latest token".to_owned(), self.latest.to_string()),
            ("lends for".to_owned(), length(self.length)),
        ];
        let ends = self.lent.and_then(|lent| lent.ends);
        if let Some(ends) = ends.filter(|ends| outlook.monotonic < *ends) {
            state.push(("lease left".to_owned(), seconds(ends - outlook.monotonic)));
        }
        Description {
            badge,
            state,
            beliefs: vec![belief],
        }
    }
}
