//! A register that is written from afar: phones set the temperature of their rooms on a hub, at least once.
//!
//! A phone sends its setting, and sends it again when no confirmation comes in time. So a setting may reach the hub
//! more than once, and a copy that was delayed may reach it when a newer setting is in force already: the hub, which
//! takes every write as it comes, then goes back to the old one. A sequence number in each write tells the hub which
//! of two is newer; it ignores what is older than what it has. This is how a broker treats an idempotent producer
//! (Apache Kafka, KIP-98: producer id, epoch and sequence number), and how a replicated state machine treats its
//! clients (Ongaro, *Consensus: bridging theory and practice*, 2014, section 6.3).
//!
//! The numbers of a phone that restarts go on above those of its earlier life, as with Kafka's epoch.

use sim::sorted::Map;

use sim::protocol::{
    Description, Gist, MessageSort, MessageWord, OperationWord, Outlook, TimerWord, Vocabulary,
};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, Machine, NodeId, Protocol, Setup, SimDuration, Stored, TimerId, World};

use crate::describe::entry::{
    DefenceSpec, ParameterSpec, Plan, ProtocolEntry, Quantity, RoleSpec, ms,
};
use crate::parts::incarnation::first_number;

/// The thermostat, for scenarios.
pub const ENTRY: ProtocolEntry = ProtocolEntry {
    id: "thermostat",
    about: "Phones set the temperature of their rooms on a hub, each one setting after the other.",
    roles: &[
        RoleSpec {
            id: "client",
            fewest: 1,
            most: 12,
        },
        RoleSpec {
            id: "hub",
            fewest: 1,
            most: 1,
        },
    ],
    parameters: &[
        ParameterSpec {
            id: "settings",
            label: "Settings",
            about: "How many times each client changes its room's temperature.",
            quantity: Quantity::Count,
            default: 20.0,
            min: 1.0,
            max: 1000.0,
        },
        ParameterSpec {
            id: "pause",
            label: "Pause",
            about: "How long a client rests between two settings.",
            quantity: Quantity::Duration,
            default: ms(500),
            min: 0.0,
            max: ms(60_000),
        },
        ParameterSpec {
            id: "timeout",
            label: "Timeout",
            about: "How long a client waits for a confirmation before it sends its setting again.",
            quantity: Quantity::Duration,
            default: ms(500),
            min: ms(1),
            max: ms(60_000),
        },
    ],
    defences: &[DefenceSpec {
        id: "sequence-number",
        label: "Sequence number",
        protects: "A setting that arrives after a newer one is ignored.",
    }],
    vocabulary: &<Node as Protocol>::VOCABULARY,
    build,
};

fn build(plan: &Plan, setup: &Setup) -> Box<dyn Machine> {
    let hub = plan.nodes("hub")[0];
    let clients = plan.nodes("client");
    let seats = (0..plan.roles.len() as u16).map(NodeId);
    let nodes = seats.map(
        |node| match clients.iter().position(|client| *client == node) {
            Some(place) => Node::Client(Client {
                hub,
                settings: plan.count("settings"),
                pause: plan.duration("pause"),
                timeout: plan.duration("timeout"),
                first: place as u32 + 1,
                stride: clients.len() as u32,
                generation: 0,
                begun: 0,
                confirmed: None,
                open: None,
            }),
            None => Node::Hub(Hub {
                compares: plan.has("sequence-number"),
                rooms: Map::new(),
                unconfirmed: Map::new(),
                syncs: 0,
            }),
        },
    );
    Box::new(World::new(setup, nodes.collect()))
}

/// A node of the house.
#[derive(Clone, Debug)]
pub enum Node {
    /// A phone that sets its room's temperature.
    Client(Client),
    /// The hub that keeps all rooms' settings.
    Hub(Hub),
}

/// A write to a room's register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The setting's number, unique in the run.
    pub operation: u32,
    /// Its number among its client's settings: the later, the larger.
    pub sequence: u32,
    /// The temperature.
    pub degrees: i64,
}

/// What the nodes tell each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Keep my room at this temperature.
    Set(Setting),
    /// I do.
    Confirm(Setting),
}

/// What a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Time for the next setting.
    Next,
    /// The confirmation has not come in time.
    Unconfirmed,
}

/// A phone that changes its room's temperature now and then.
#[derive(Clone, Debug)]
pub struct Client {
    hub: NodeId,
    settings: u32,
    pause: SimDuration,
    timeout: SimDuration,
    /// The number of its first setting, and how far its numbers lie apart.
    first: u32,
    stride: u32,
    /// How many of its numbers earlier lives may have used.
    generation: u32,
    begun: u32,
    /// The latest setting that the hub has confirmed.
    confirmed: Option<Setting>,
    open: Option<Open>,
}

/// A setting that is not confirmed yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    setting: Setting,
    attempt: u32,
    timer: TimerId,
}

/// A hub that keeps one setting for each client.
#[derive(Clone, Debug)]
pub struct Hub {
    /// Whether it compares sequence numbers.
    compares: bool,
    rooms: Map<NodeId, Setting>,
    /// What waits for the disk before it is confirmed, by the sync's token.
    unconfirmed: Map<u64, (NodeId, Setting)>,
    syncs: u64,
}

impl Protocol for Node {
    type Message = Message;
    type Timer = Timer;
    type Record = Setting;

    const VOCABULARY: Vocabulary = Vocabulary {
        messages: &[
            MessageWord {
                name: "set",
                label: "set {1}° (#{0})",
                says: "keep my room at {1} degrees, by setting #{0}",
                sort: MessageSort::Request,
            },
            MessageWord {
                name: "confirm",
                label: "is {1}° (#{0})",
                says: "setting #{0}, {1} degrees, has reached me",
                sort: MessageSort::Reply,
            },
        ],
        timers: &[
            TimerWord {
                says: "time for another temperature",
                is_timeout: false,
            },
            TimerWord {
                says: "no confirmation in time",
                is_timeout: true,
            },
        ],
        operations: &[OperationWord {
            name: "set",
            does: "Change the temperature at once",
        }],
    };

    fn on_start(&mut self, context: &mut Context<'_, Self>) {
        match self {
            Node::Client(client) => client.start(context),
            Node::Hub(hub) => hub.start(context),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, context: &mut Context<'_, Self>) {
        match (self, message) {
            (Node::Hub(hub), Message::Set(setting)) => hub.set(from, setting, context),
            (Node::Client(client), Message::Confirm(setting)) => client.confirm(setting, context),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            match timer {
                Timer::Next => client.begin(context),
                Timer::Unconfirmed => client.unconfirmed(context),
            }
        }
    }

    fn on_synced(&mut self, token: u64, context: &mut Context<'_, Self>) {
        if let Node::Hub(hub) = self {
            hub.synced(token, context);
        }
    }

    fn on_operation(&mut self, _operation: u8, _argument: i64, context: &mut Context<'_, Self>) {
        if let Node::Client(client) = self {
            client.begin(context);
        }
    }

    fn gist(message: &Message) -> Gist {
        let (kind, setting) = match message {
            Message::Set(setting) => (0, setting),
            Message::Confirm(setting) => (1, setting),
        };
        Gist {
            kind,
            args: [
                i64::from(setting.operation),
                setting.degrees,
                i64::from(setting.sequence),
            ],
        }
    }

    fn timer_kind(timer: &Timer) -> u8 {
        *timer as u8
    }

    fn role(&self) -> &'static str {
        match self {
            Node::Client(_) => "client",
            Node::Hub(_) => "hub",
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        match self {
            Node::Client(client) => client.describe(outlook),
            Node::Hub(hub) => hub.describe(outlook),
        }
    }
}

/// A temperature for the `count`-th setting of a client: neighbours differ by 4 degrees at least, and most are lower than the one before.
fn degrees(count: u32) -> i64 {
    16 + i64::from(count * 7 % 11)
}

impl Client {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.generation = first_number(context);
        // Clients do not begin in step: each waits its share of the pause.
        let share = self
            .pause
            .scaled_permille(1000 * self.first / (self.stride + 1));
        context.set_timer(share, Timer::Next);
    }

    fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() || self.begun == self.settings {
            return;
        }
        let sequence = self.generation + self.begun;
        self.begun += 1;
        let setting = Setting {
            operation: self.first + sequence * self.stride,
            sequence: sequence + 1,
            degrees: degrees(self.begun + self.first),
        };
        context.record(Fact::Invoked {
            operation: setting.operation,
            function: Function::Write,
            key: i64::from(context.me().0),
            value: setting.degrees,
        });
        self.ask(setting, 1, context);
    }

    fn ask(&mut self, setting: Setting, attempt: u32, context: &mut Context<'_, Node>) {
        context.send(self.hub, Message::Set(setting));
        let timer = context.set_timer(self.timeout, Timer::Unconfirmed);
        self.open = Some(Open {
            setting,
            attempt,
            timer,
        });
    }

    fn unconfirmed(&mut self, context: &mut Context<'_, Node>) {
        let Some(open) = self.open else { return };
        let attempt = open.attempt + 1;
        context.record(Fact::Retried {
            operation: open.setting.operation,
            attempt: i64::from(attempt),
        });
        self.ask(open.setting, attempt, context);
    }

    fn confirm(&mut self, setting: Setting, context: &mut Context<'_, Node>) {
        let Some(open) = self.open.take_if(|open| open.setting == setting) else {
            return;
        };
        context.cancel_timer(open.timer);
        self.confirmed = Some(setting);
        context.record(Fact::Returned {
            operation: setting.operation,
            outcome: Outcome::Ok,
            value: setting.degrees,
        });
        context.set_timer(self.pause, Timer::Next);
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let hub = (outlook.name)(self.hub);
        let mut beliefs = Vec::new();
        if let Some(Setting {
            operation, degrees, ..
        }) = self.confirmed
        {
            beliefs.push(format!(
                "My room is kept at {degrees}°: {hub} has confirmed setting #{operation}."
            ));
        }
        if let Some(Open {
            setting, attempt, ..
        }) = self.open
        {
            let times = if attempt == 1 {
                "once".to_owned()
            } else {
                format!("{attempt} times")
            };
            beliefs.push(format!(
                "I have sent {}° {times}, and do not know which of the copies are still on their way.",
                setting.degrees
            ));
        }
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
            beliefs,
        }
    }
}

impl Hub {
    fn start(&mut self, context: &mut Context<'_, Node>) {
        for (place, stored) in context.durable() {
            if let Stored::Whole(setting) = stored {
                self.rooms.insert(NodeId(place as u16), *setting);
            }
        }
    }

    fn set(&mut self, from: NodeId, setting: Setting, context: &mut Context<'_, Node>) {
        let kept = self.rooms.get(&from).filter(|_| self.compares);
        let is_old = kept.is_some_and(|kept| kept.sequence > setting.sequence);
        if is_old {
            context.record(Fact::Refused {
                operation: setting.operation,
                key: i64::from(from.0),
                version: i64::from(setting.sequence),
            });
        } else if kept != Some(&setting) {
            self.keep(from, setting, context);
        }
        // An old setting is confirmed too: it was in force, or has been overtaken, and need not be sent again.
        self.syncs += 1;
        self.unconfirmed.insert(self.syncs, (from, setting));
        context.sync(self.syncs);
    }

    fn keep(&mut self, from: NodeId, setting: Setting, context: &mut Context<'_, Node>) {
        self.rooms.insert(from, setting);
        context.write(u64::from(from.0), setting);
        context.record(Fact::Stored {
            operation: setting.operation,
            key: i64::from(from.0),
            version: i64::from(setting.sequence),
        });
    }

    fn synced(&mut self, token: u64, context: &mut Context<'_, Node>) {
        if let Some((client, setting)) = self.unconfirmed.remove(&token) {
            context.send(client, Message::Confirm(setting));
        }
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let rooms: Vec<(String, String)> = self
            .rooms
            .iter()
            .map(|(room, setting)| ((outlook.name)(*room), format!("{}°", setting.degrees)))
            .collect();
        let badge: Vec<String> = rooms
            .iter()
            .map(|(room, degrees)| format!("{room} {degrees}"))
            .collect();
        let belief = if self.compares {
            "Of two settings for a room, the one with the larger number is in force."
        } else {
            "Of two settings for a room, the one that reached me last is in force."
        };
        Description {
            badge: badge.join(", "),
            state: rooms,
            beliefs: vec![belief.to_owned()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::Trial;
    use sim::action::Meddling;
    use sim::random::Probability;
    use sim::{Action, MessageId, Target};

    /// A client, then a hub. The first copy of the first setting, sent at 250 ms, is held up until 4 s.
    fn trial() -> Trial {
        let delay = Meddling::Delay(SimDuration::from_millis(3650));
        Trial::new(&ENTRY, &["client", "hub"]).act(300, Action::Message(MessageId(0), delay))
    }

    /// The settings that the hub kept, in order, and those that it ignored.
    fn kept(trial: &Trial) -> (Vec<u32>, Vec<u32>) {
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for (_, _, fact) in trial.facts(60_000) {
            match fact {
                Fact::Stored { operation, .. } => kept.push(operation),
                Fact::Refused { operation, .. } => refused.push(operation),
                _ => {}
            }
        }
        (kept, refused)
    }

    #[test]
    fn a_copy_that_was_held_up_undoes_newer_settings() {
        let (kept, refused) = kept(&trial());
        assert!(!kept.is_sorted(), "{kept:?}");
        assert_eq!(refused, []);
    }

    #[test]
    fn a_sequence_number_tells_the_hub_that_the_copy_is_old() {
        let (kept, refused) = kept(&trial().on("sequence-number"));
        assert_eq!(kept, (1..=20).collect::<Vec<u32>>());
        assert_eq!(refused, [1]);
    }

    #[test]
    fn the_hub_knows_the_numbers_after_a_restart() {
        let hub = Target::Node(NodeId(1));
        let trial = trial()
            .on("sequence-number")
            .act(3000, Action::Crash(hub))
            .act(3010, Action::Restart(hub));
        assert_eq!(kept(&trial).1, [1]);
    }

    #[test]
    fn a_client_that_restarts_is_obeyed() {
        let client = Target::Node(NodeId(0));
        let trial = Trial::new(&ENTRY, &["client", "hub"])
            .on("sequence-number")
            .network(|link| link.loss = Probability::new(0.1))
            .act(5000, Action::Crash(client))
            .act(5500, Action::Restart(client));
        let (kept, refused) = kept(&trial);
        assert!(kept.len() > 20 && kept.is_sorted(), "{kept:?}");
        assert_eq!(refused, []);
    }
}
