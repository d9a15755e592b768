//! A phone that sets its room's temperature.

use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function};
use sim::{Context, NodeId, SimDuration};

use super::{Choices, Message, Node, Setting, Timer};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::open::Open;

/// A phone that changes its room's temperature now and then.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    hub: NodeId,
    settings: u32,
    pause: SimDuration,
    timeout: SimDuration,
    numbers: Numbers,
    /// The latest setting that the hub has confirmed.
    confirmed: Option<Setting>,
    /// The setting that is not confirmed yet.
    open: Option<Open<Setting>>,
}

/// A temperature for the `count`-th setting of a client. Neighbours differ by at least 4 degrees, and most temperatures
/// are lower than the one before.
fn degrees(count: u32) -> i64 {
    16 + i64::from(count * 7 % 11)
}

impl Client {
    /// The client at `place` among the clients.
    pub(super) fn new(choices: &Choices, place: usize) -> Client {
        Client {
            hub: choices.hub,
            settings: choices.settings,
            pause: choices.pause,
            timeout: choices.timeout,
            numbers: Numbers::new(place, choices.clients.len()),
            confirmed: None,
            open: None,
        }
    }

    /// Begins the next setting, if none is under way and not all are made.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.numbers.given() == self.settings {
            return;
        }
        let sequence = self.numbers.place() + 1;
        let operation = self.numbers.next_number();
        let setting = Setting {
            operation,
            sequence,
            degrees: degrees(self.numbers.given() + self.numbers.first()),
        };
        context.record(Fact::Invoked {
            operation,
            function: Function::Write,
            key: i64::from(context.me().0),
            value: setting.degrees,
        });
        self.ask(Open::new(operation, setting, context), context);
    }

    fn ask(&mut self, mut open: Open<Setting>, context: &mut Context<'_, Node>) {
        context.send(self.hub, Message::Set(open.request));
        open.wait(self.timeout, Timer::Unconfirmed, context);
        self.open = Some(open);
    }

    pub(super) fn unconfirmed(&mut self, context: &mut Context<'_, Node>) {
        if let Some(mut open) = self.open.take() {
            open.retry(context);
            self.ask(open, context);
        }
    }

    pub(super) fn confirm(&mut self, setting: Setting, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.request == setting) else {
            return;
        };
        self.confirmed = Some(setting);
        open.answered(setting.degrees, context);
        context.set_timer(self.pause, Timer::Next);
    }

    fn beliefs(&self, hub: &str) -> Vec<String> {
        let mut beliefs = Vec::new();
        if let Some(setting) = self.confirmed {
            beliefs.push(format!(
                "My room is kept at {}°: {hub} has confirmed setting #{}.",
                setting.degrees, setting.operation
            ));
        }
        if let Some(open) = self.open {
            beliefs.push(format!(
                "I have sent {}° {}, and do not know which of the copies are still on their way.",
                open.request.degrees,
                open.times()
            ));
        }
        beliefs
    }
}

impl Role<Node> for Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        context.set_timer(self.numbers.within(self.pause), Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let confirmed = self
            .confirmed
            .map(|setting| format!("{}°", setting.degrees));
        Description {
            badge: confirmed
                .clone()
                .map_or_else(String::new, |degrees| format!("believes {degrees}")),
            state: vec![(
                "confirmed".to_owned(),
                confirmed.unwrap_or_else(|| "nothing yet".to_owned()),
            )],
            beliefs: self.beliefs(&(outlook.name)(self.hub)),
        }
    }
}
