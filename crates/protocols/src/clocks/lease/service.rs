//! The service that lends the lock.

use sim::protocol::{Description, Outlook};
use sim::{Context, NodeId, SimDuration, Stored};

use super::{Message, Node, Record};
use crate::describe::roles::Role;
use crate::describe::words::seconds;

/// The place of the latest token on disk.
const TOKEN_PLACE: u64 = 0;

/// Lends a lock to one holder at a time, for a length of time.
///
/// A token is durable before the service sends it, so tokens grow even across a crash. A crash makes the service forget
/// who holds the lock, so after a restart it lends nothing for the length of a lease (Gray and Cheriton, section 2).
#[derive(Clone, Debug)]
pub struct Service {
    length: SimDuration,
    latest: i64,
    lent: Option<Lent>,
    /// The service lends nothing before its clock shows this time.
    quiet_until: i64,
}

/// A lease that the service has granted.
#[derive(Clone, Copy, Debug)]
struct Lent {
    holder: NodeId,
    token: i64,
    /// When the lease ends, by the clock of the service.
    ends: i64,
    /// The question that the service answers once the token is durable.
    ask: u32,
}

impl Service {
    /// A service that lends for `length`.
    pub fn new(length: SimDuration) -> Service {
        Service {
            length,
            latest: 0,
            lent: None,
            quiet_until: i64::MIN,
        }
    }

    pub fn hear(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Node>) {
        match message {
            Message::Acquire { ask } => self.acquire(from, ask, context),
            Message::Renew { ask, token } => self.renew(from, ask, token, context),
            Message::Release { token } => {
                self.lent.take_if(|lent| lent.token == token);
            }
            _ => {}
        }
    }

    fn acquire(&mut self, from: NodeId, ask: u32, context: &mut Context<'_, Node>) {
        let now = context.monotonic();
        let is_free = self.lent.is_none_or(|lent| lent.ends <= now);
        if is_free && self.quiet_until <= now {
            self.grant(from, ask, context);
        } else if let Some(token) = self.token_of(from, now) {
            // The answer was lost, or the holder has restarted and has forgotten its lease.
            self.extend(from, ask, token, context);
        } else {
            context.send(from, Message::Busy { ask });
        }
    }

    fn renew(&mut self, from: NodeId, ask: u32, token: i64, context: &mut Context<'_, Node>) {
        if self.token_of(from, context.monotonic()) == Some(token) {
            self.extend(from, ask, token, context);
        } else {
            context.send(from, Message::Busy { ask });
        }
    }

    /// The token under which `node` holds the lock.
    fn token_of(&self, node: NodeId, now: i64) -> Option<i64> {
        let lent = self
            .lent
            .filter(|lent| lent.holder == node && now < lent.ends);
        lent.map(|lent| lent.token)
    }

    fn grant(&mut self, holder: NodeId, ask: u32, context: &mut Context<'_, Node>) {
        self.latest += 1;
        self.lent = Some(Lent {
            holder,
            token: self.latest,
            ends: self.end_of_lease(context),
            ask,
        });
        context.write(TOKEN_PLACE, Record::Token(self.latest));
        context.sync(self.latest as u64);
    }

    fn extend(&mut self, holder: NodeId, ask: u32, token: i64, context: &mut Context<'_, Node>) {
        let ends = self.end_of_lease(context);
        self.lent = Some(Lent {
            holder,
            token,
            ends,
            ask,
        });
        self.tell(holder, ask, token, context);
    }

    fn end_of_lease(&self, context: &Context<'_, Node>) -> i64 {
        context.monotonic() + self.length.as_nanos() as i64
    }

    fn tell(&self, holder: NodeId, ask: u32, token: i64, context: &mut Context<'_, Node>) {
        let length = self.length;
        context.send(holder, Message::Granted { ask, token, length });
    }

    /// Its badge, and what it believes about the lock.
    fn view(&self, outlook: &Outlook<'_>) -> (String, String) {
        let now = outlook.monotonic;
        match self.lent {
            Some(lent) if now < lent.ends => {
                let holder = (outlook.name)(lent.holder);
                let left = seconds(lent.ends - now);
                let belief = format!(
                    "{holder} holds the lock, with token {}, for another {left} by my clock.",
                    lent.token
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
    fn start(&mut self, context: &mut Context<'_, Node>) {
        if let Some(Stored::Whole(Record::Token(token))) = context.read(TOKEN_PLACE) {
            self.latest = *token;
            self.quiet_until = context.monotonic() + self.length.as_nanos() as i64;
        }
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        if let Some(lent) = self.lent.filter(|lent| lent.token as u64 == token) {
            self.tell(lent.holder, lent.ask, lent.token, context);
        }
    }

    fn role(&self) -> &'static str {
        "lock"
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let (badge, belief) = self.view(outlook);
        Description {
            badge,
            state: vec![
                ("latest token".to_owned(), self.latest.to_string()),
                ("lends for".to_owned(), self.length.to_string()),
            ],
            beliefs: vec![belief],
        }
    }
}
