//! A client: the tablet of a doctor, who goes off call or comes back, or the ward, which looks up whom to call.

use sim::held::Measure;
use sim::protocol::{Description, Outlook};
use sim::trace::{Fact, Function, Outcome};
use sim::{Context, NodeId, SimDuration};

use super::message::{Ending, Message, OFF_CALL, ON_CALL, Row, Timer};
use super::{Choices, Node};
use crate::describe::roles::Role;
use crate::parts::numbers::Numbers;
use crate::parts::{open, spread};

/// A client.
#[derive(Clone, Debug, Hash)]
pub struct Client {
    is_doctor: bool,
    database: NodeId,
    pause: SimDuration,
    think: SimDuration,
    again: SimDuration,
    timeout: SimDuration,
    attempts: u32,
    numbers: Numbers,
    /// The life of the database as it has last heard of it.
    life: i64,
    open: Option<Open>,
    last: Last,
    committed: u32,
    aborted: u32,
    unsure: u32,
}

/// A transaction that is under way.
type Open = open::Open<Step>;

/// How far a transaction is, as its client knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    /// It has asked for the list, in a life of the database.
    Asks(i64),
    /// It looks at the list, and will ask for this.
    Looks(Plan),
    /// It has asked to commit.
    Commits(Plan),
}

/// What a client has in mind, having read the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Plan {
    /// To go off call, because this one is on call, too.
    GoOff(i64),
    /// To come back.
    ComeBack,
    /// Nothing: it is the last one on call.
    Stay,
    /// To call this one, or nobody.
    Call(Option<i64>),
}

impl Plan {
    fn change(self) -> Option<i64> {
        match self {
            Plan::GoOff(_) => Some(OFF_CALL),
            Plan::ComeBack => Some(ON_CALL),
            Plan::Stay | Plan::Call(_) => None,
        }
    }
}

/// What it knows of its latest transaction that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Last {
    None,
    Done(Plan),
    Aborted(u32, Ending),
    Failed(u32),
    Unknown(u32),
}

impl Client {
    /// The client at `place` among all.
    pub(super) fn new(choices: &Choices, is_doctor: bool, place: usize) -> Client {
        Client {
            is_doctor,
            database: choices.database,
            pause: choices.pause,
            think: choices.think,
            again: choices.again,
            timeout: choices.timeout,
            attempts: choices.attempts,
            numbers: Numbers::new(place, choices.doctors.len() + choices.wards.len()),
            life: 0,
            open: None,
            last: Last::None,
            committed: 0,
            aborted: 0,
            unsure: 0,
        }
    }

    /// Begins a transaction, if none is under way.
    pub(super) fn begin(&mut self, context: &mut Context<'_, Node>) {
        if self.open.is_some() {
            return;
        }
        let operation = self.numbers.next_number();
        let function = if self.is_doctor {
            Function::Request
        } else {
            Function::Read
        };
        context.record(Fact::Invoked {
            operation,
            function,
            key: 0,
            value: 0,
        });
        let step = Step::Asks(self.life);
        self.ask(Open::new(operation, step, context), context);
    }

    /// Asks for what comes next, and waits.
    fn ask(&mut self, mut open: Open, context: &mut Context<'_, Node>) {
        let number = open.operation;
        let message = match open.request {
            Step::Asks(life) => Message::Begin { number, life },
            Step::Looks(plan) | Step::Commits(plan) => {
                let change = plan.change();
                Message::Commit { number, change }
            }
        };
        context.send(self.database, message);
        open.wait(self.timeout, Timer::NoAnswer, context);
        self.open = Some(open);
    }

    /// The list has come.
    pub(super) fn rows(&mut self, number: u32, rows: &[Row], context: &mut Context<'_, Node>) {
        let is_it =
            |open: &&mut Open| open.operation == number && matches!(open.request, Step::Asks(_));
        let Some(open) = self.open.as_mut().filter(is_it) else {
            return;
        };
        open.heard(context);
        for row in rows {
            context.record(Fact::ReadVersion {
                operation: number,
                writer: row.writer,
                row: row.row,
                value: row.value,
            });
        }
        open.request = Step::Looks(plan(self.is_doctor, i64::from(context.me().0), rows));
        let think = spread::around(self.think, context);
        context.set_timer(think, Timer::Thought { number });
    }

    /// It has looked at the list for long enough.
    pub(super) fn thought(&mut self, number: u32, context: &mut Context<'_, Node>) {
        let is_it = |open: &mut Open| open.operation == number;
        let Some(mut open) = self.open.take_if(is_it) else {
            return;
        };
        if let Step::Looks(plan) = open.request {
            open.request = Step::Commits(plan);
            self.ask(open, context);
        } else {
            self.open = Some(open);
        }
    }

    /// The transaction has ended. An abort is for good: no copy of a message makes it commit.
    pub(super) fn ended(
        &mut self,
        number: u32,
        ending: Ending,
        life: i64,
        context: &mut Context<'_, Node>,
    ) {
        self.life = self.life.max(life);
        let Some(open) = self.open.take_if(|open| open.operation == number) else {
            return;
        };
        match (ending, open.request) {
            (Ending::Committed, Step::Looks(plan) | Step::Commits(plan)) => {
                self.committed += 1;
                self.last = Last::Done(plan);
                open.answered(plan.change().unwrap_or_default(), context);
                self.rest(self.pause, context);
            }
            _ => {
                self.aborted += 1;
                self.last = Last::Aborted(number, ending);
                open.refused(context);
                self.rest(self.again, context);
            }
        }
    }

    /// It asks again. In the end it gives up: whether a change that it has asked for was made it does not know, and it does not
    /// ask for the change once more before it has read the list again.
    pub(super) fn no_answer(&mut self, context: &mut Context<'_, Node>) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        if open.attempt < self.attempts {
            open.retry(context);
            return self.ask(open, context);
        }
        let number = open.operation;
        let is_open = matches!(open.request, Step::Commits(plan) if plan.change().is_some());
        if is_open {
            self.unsure += 1;
            self.last = Last::Unknown(number);
            open.given_up(Outcome::Unknown, context);
        } else {
            self.aborted += 1;
            self.last = Last::Failed(number);
            open.given_up(Outcome::Fail, context);
        }
        self.rest(self.again, context);
    }

    fn rest(&self, about: SimDuration, context: &mut Context<'_, Node>) {
        let pause = spread::around(about, context);
        context.set_timer(pause, Timer::Next);
    }
}

/// What follows from the list for a client.
fn plan(is_doctor: bool, me: i64, rows: &[Row]) -> Plan {
    let on_call = |row: &&Row| row.is_on_call();
    if !is_doctor {
        return Plan::Call(rows.iter().find(on_call).map(|row| row.row));
    }
    let mut others = rows.iter().filter(|row| row.row != me);
    let is_on_call = rows.iter().any(|row| row.row == me && row.is_on_call());
    match (is_on_call, others.find(on_call)) {
        (false, _) => Plan::ComeBack,
        (true, Some(other)) => Plan::GoOff(other.row),
        (true, None) => Plan::Stay,
    }
}

/// What is seen of it.
impl Client {
    fn belief(&self, outlook: &Outlook<'_>) -> String {
        let Some(open) = &self.open else {
            return self.last_belief(outlook);
        };
        let (number, waited) = (open.operation, open.waited(outlook.monotonic));
        match open.request {
            Step::Asks(_) => {
                format!("I have waited {waited} for the list of who is on call, as #{number}.")
            }
            Step::Looks(plan) => plan.belief(outlook),
            Step::Commits(plan) if plan.change().is_some() => format!(
                "{} I have asked for that as #{number}, and do not know yet whether it is done.",
                plan.belief(outlook)
            ),
            Step::Commits(plan) => plan.belief(outlook),
        }
    }

    fn last_belief(&self, outlook: &Outlook<'_>) -> String {
        match self.last {
            Last::None => "I have not asked who is on call yet.".to_owned(),
            Last::Done(plan) => plan.result(outlook),
            Last::Aborted(number, ending) => format!(
                "#{number} was aborted{}. Nothing has changed, so I look at the list again.",
                why(ending)
            ),
            Last::Failed(number) => {
                format!("Nobody answered #{number}. I had asked for no change, so there is none.")
            }
            Last::Unknown(number) => format!(
                "I do not know whether #{number} was done. I look at the list before I ask for anything."
            ),
        }
    }

    fn badge(&self, outlook: &Outlook<'_>) -> String {
        match (self.last, &self.open) {
            (Last::Unknown(_), None) => "am I on call?".to_owned(),
            (Last::Done(Plan::GoOff(_)), None) => "off call".to_owned(),
            (Last::Done(Plan::ComeBack | Plan::Stay), None) => "on call".to_owned(),
            (Last::Done(plan @ Plan::Call(_)), None) => plan.badge(outlook),
            (_, Some(open)) => match open.request {
                Step::Asks(_) => "asks for the list".to_owned(),
                Step::Looks(plan) | Step::Commits(plan) => plan.badge(outlook),
            },
            (Last::Aborted(number, _), None) => format!("#{number} aborted"),
            (Last::None | Last::Failed(_), None) => String::new(),
        }
    }
}

/// Why a transaction was aborted, as its client was told.
fn why(ending: Ending) -> &'static str {
    match ending {
        Ending::Committed => "",
        Ending::Conflict => ": somebody else was first to change a row that I change",
        Ending::Pivot => ": what I had read may be out of date by now",
        Ending::Deadlock => ": I would have waited for somebody who waits for me",
        Ending::RolledBack => ": the database had not heard from me for too long",
        Ending::Forgotten => ": the database has restarted",
    }
}

impl Plan {
    fn badge(self, outlook: &Outlook<'_>) -> String {
        let says = match self {
            Plan::GoOff(_) => "wants to go off",
            Plan::ComeBack => "comes back",
            Plan::Stay => "stays on call",
            Plan::Call(Some(doctor)) => {
                return format!("calls {}", (outlook.name)(NodeId(doctor as u16)));
            }
            Plan::Call(None) => "nobody to call",
        };
        says.to_owned()
    }

    fn belief(self, outlook: &Outlook<'_>) -> String {
        let name = |row: i64| (outlook.name)(NodeId(row as u16));
        match self {
            Plan::GoOff(other) => {
                format!(
                    "My list says that {} is on call, too. So I may go.",
                    name(other)
                )
            }
            Plan::ComeBack => "My list says that I am off call. I come back.".to_owned(),
            Plan::Stay => "My list says that I am the last one on call. I stay.".to_owned(),
            Plan::Call(Some(doctor)) => format!("{} is on call.", name(doctor)),
            Plan::Call(None) => "My list says that nobody is on call!".to_owned(),
        }
    }

    /// What it believes once that is done.
    fn result(self, outlook: &Outlook<'_>) -> String {
        let name = |row: i64| (outlook.name)(NodeId(row as u16));
        match self {
            Plan::GoOff(other) => {
                format!("I am off call. {} was on call when I looked.", name(other))
            }
            Plan::ComeBack => "I am on call again.".to_owned(),
            Plan::Stay | Plan::Call(_) => self.belief(outlook),
        }
    }
}

impl Role<Node> for Client {
    /// Doctors begin at about the same time, and the ward later.
    fn start(&mut self, context: &mut Context<'_, Node>) {
        self.numbers.start(context);
        let share = self.numbers.within(self.pause);
        let first = if self.is_doctor {
            share
        } else {
            self.pause + share
        };
        context.set_timer(first, Timer::Next);
    }

    fn held(&self, _: Measure) -> usize {
        0
    }

    fn describe(&self, outlook: &Outlook<'_>) -> Description {
        let mut state = vec![
            ("committed".to_owned(), self.committed.to_string()),
            ("aborted".to_owned(), self.aborted.to_string()),
        ];
        if self.unsure > 0 {
            state.push(("unknown".to_owned(), self.unsure.to_string()));
        }
        Description {
            badge: self.badge(outlook),
            state,
            beliefs: vec![self.belief(outlook)],
        }
    }
}
