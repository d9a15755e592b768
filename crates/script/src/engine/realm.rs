//! A realm, with one script in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rquickjs::context::{EvalOptions, intrinsic};
use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Function, Module, Object, Persistent, Runtime, Value,
};

use super::allocator::{Meter, Metered};
use super::call::{Call, Given};
use super::host::{self, Desk};
use crate::data::{self, Data};
use crate::flaw::Flaw;
use crate::limits::{ARRAY, MEMORY, STACK, STATE, STEPS, TICKS, WORK};
use crate::turn::Turn;

const PRELUDE: &str = include_str!("prelude.js");

/// What the engine calls a script in the list of calls that an error has.
const SCRIPT: &str = "script.js";

/// What a realm has besides what every realm has.
type Intrinsics = (
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::MapSet,
    intrinsic::Promise,
);

/// Which bound an event has come near, so that a fresh realm has to judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    None,
    Steps,
    Memory,
}

/// What an event has used up.
#[derive(Debug, Default)]
struct Used {
    ticks: Cell<u32>,
    work: Cell<f64>,
}

/// An engine with one script. Fields are dropped in this order, and what is held in the realm must go before it.
pub(super) struct Realm {
    call: Persistent<Function<'static>>,
    declare: Persistent<Function<'static>>,
    make: Persistent<Function<'static>>,
    desk: Desk,
    used: Rc<Used>,
    meter: Rc<Meter>,
    context: Context,
    runtime: Runtime,
}

/// An engine without a script, and what it counts.
struct Bare {
    used: Rc<Used>,
    meter: Rc<Meter>,
    context: Context,
    runtime: Runtime,
}

impl Bare {
    fn new() -> Result<Bare, Flaw> {
        let meter = Rc::new(Meter::default());
        let runtime = Runtime::new_with_alloc(Metered(meter.clone())).map_err(no_engine)?;
        runtime.set_max_stack_size(STACK);
        // What events leave behind is often a circle: it is collected in large portions.
        runtime.set_gc_threshold(MEMORY / 4);
        let used = Rc::new(Used::default());
        let counted = used.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || {
            counted.ticks.set(counted.ticks.get() + 1);
            counted.ticks.get() >= TICKS
        })));
        let context = Context::custom::<Intrinsics>(&runtime).map_err(no_engine)?;
        Ok(Bare {
            used,
            meter,
            context,
            runtime,
        })
    }
}

fn no_engine(_: rquickjs::Error) -> Flaw {
    Flaw::new("there is no memory for the JavaScript engine")
}

/// Whether a text is a valid module.
pub(super) fn check(source: &str) -> Result<(), Flaw> {
    let bare = Bare::new()?;
    bare.context.with(|ctx| {
        let declared = Module::declare(ctx.clone(), SCRIPT, source);
        match declared.map(|_| ()).catch(&ctx) {
            Ok(()) => Ok(()),
            Err(error) => Err(thrown(&ctx, error, 0)),
        }
    })
}

impl Realm {
    /// A realm with this script, which is a function that returns what it declares.
    pub fn of(function: &str) -> Result<Realm, Flaw> {
        let Bare {
            used,
            meter,
            context,
            runtime,
        } = Bare::new()?;
        let desk: Desk = Rc::new(RefCell::new(None));
        let made = context.with(|ctx| {
            let made = furnished(&ctx, &desk, &used, &meter, function).catch(&ctx);
            made.map_err(|error| thrown(&ctx, error, 1))
        });
        let [call, declare, make] = made?;
        Ok(Realm {
            call,
            declare,
            make,
            desk,
            used,
            meter,
            context,
            runtime,
        })
    }

    fn begin(&self) {
        self.meter.begin();
        self.used.ticks.set(0);
        self.used.work.set(0.0);
    }

    /// Handles an event, and says whether a fresh realm must judge it.
    pub fn call(&mut self, call: &Call<'_>, turn: Turn) -> (Result<(Turn, Vec<u8>), Flaw>, Stop) {
        self.begin();
        *self.desk.borrow_mut() = Some(turn);
        let state = self.context.with(|ctx| {
            let state = self.state_after(&ctx, call).catch(&ctx);
            state.map_err(|error| thrown(&ctx, error, 1))
        });
        let turn = self.desk.borrow_mut().take();
        let outcome = state.and_then(|state| self.judged(state));
        let outcome = match (outcome, turn) {
            (Ok(state), Some(turn)) => Ok((turn, state)),
            (Err(flaw), _) => Err(flaw),
            (Ok(_), None) => Err(Flaw::new("the event has no turn")),
        };
        (self.limited(outcome), self.stop())
    }

    fn state_after(&self, ctx: &Ctx<'_>, call: &Call<'_>) -> rquickjs::Result<Vec<u8>> {
        let function = self.call.clone().restore(ctx)?;
        let make = self.make.clone().restore(ctx)?;
        let state = data::value_of(call.state, ctx)?;
        let [one, other] = call.given;
        let given = (value(one, ctx)?, value(other, ctx)?);
        let name = call.handler.name();
        let state: Value<'_> = function.call((make, call.role, name, state, given.0, given.1))?;
        host::bytes_of(ctx, "ctx.state", &state, STATE)
    }

    /// What waits for a later turn of the engine would never have it.
    fn judged(&self, state: Vec<u8>) -> Result<Vec<u8>, Flaw> {
        if self.runtime.is_job_pending() {
            let what = "something waits for a promise; a node cannot wait within an event: set a timer, or handle a message";
            return Err(Flaw::new(what));
        }
        Ok(state)
    }

    /// The outcome, or that the script went beyond a limit, whatever it made of that.
    fn limited<T>(&self, outcome: Result<T, Flaw>) -> Result<T, Flaw> {
        let at = outcome.as_ref().err().and_then(|flaw| flaw.at);
        let flaw = |what: String| Err(Flaw { at, what });
        if let Some(what) = self.meter.reached() {
            return flaw(format!("the script {what}"));
        }
        if self.used.ticks.get() >= TICKS {
            return flaw(format!("an event took more than {STEPS} steps"));
        }
        if self.used.work.get() > f64::from(WORK) {
            return flaw(format!(
                "built-in functions went through more than {WORK} elements in one event"
            ));
        }
        outcome
    }

    fn stop(&self) -> Stop {
        if self.meter.reached().is_some() {
            Stop::Memory
        } else if self.used.ticks.get() + 1 >= TICKS {
            Stop::Steps
        } else {
            Stop::None
        }
    }

    /// What the script declares.
    pub fn declared(&mut self) -> Result<Data, Flaw> {
        self.begin();
        let declared = self.context.with(|ctx| {
            let read = || {
                let declare = self.declare.clone().restore(&ctx)?;
                let make = self.make.clone().restore(&ctx)?;
                let declared: Value<'_> = declare.call((make,))?;
                host::bytes_of(&ctx, "what the script exports", &declared, STATE)
            };
            read().catch(&ctx).map_err(|error| thrown(&ctx, error, 1))
        });
        let bytes = self.limited(declared.and_then(|bytes| self.judged(bytes)))?;
        Ok(Data::read(&bytes))
    }
}

fn value<'js>(given: Given<'_>, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
    Ok(match given {
        Given::Nothing => Value::new_undefined(ctx.clone()),
        Given::Number(number) => Value::new_number(ctx.clone(), number as f64),
        Given::Text(text) => rquickjs::String::from_str(ctx.clone(), text)?.into_value(),
        Given::Bytes(bytes) => data::value_of(bytes, ctx)?,
    })
}

/// What is there when a script begins, and the script: what calls a handler, what says what is declared, and the script itself.
fn furnished(
    ctx: &Ctx<'_>,
    desk: &Desk,
    used: &Rc<Used>,
    meter: &Rc<Meter>,
    function: &str,
) -> rquickjs::Result<[Persistent<Function<'static>>; 3]> {
    let used = used.clone();
    let spend = move |ctx: Ctx<'_>, work: f64| {
        used.work.set(used.work.get() + work);
        if used.work.get() <= f64::from(WORK) {
            return Ok(());
        }
        Err(rquickjs::Exception::throw_range(&ctx, "too much work"))
    };
    let host = Object::new(ctx.clone())?;
    host.set("longest", ARRAY)?;
    host.set("log", host::log(ctx, desk)?)?;
    host.set("context", host::context(ctx, desk)?)?;
    let prelude: Function<'_> = evaluated(ctx, PRELUDE, "prelude.js")?;
    let spend = Function::new(ctx.clone(), spend)?;
    let realm: Object<'_> = prelude.call((host, host::math(ctx)?, spend))?;
    let make: Function<'_> = evaluated(ctx, function, SCRIPT)?;
    meter.begin();
    let [call, declare] = ["call", "declare"].map(|name| realm.get::<_, Function<'_>>(name));
    Ok([call?, declare?, make].map(|function| Persistent::save(ctx, function)))
}

fn evaluated<'js>(ctx: &Ctx<'js>, text: &str, name: &str) -> rquickjs::Result<Function<'js>> {
    let mut options = EvalOptions::default();
    options.global = true;
    options.strict = true;
    options.filename = Some(name.to_owned());
    ctx.eval_with_options(text, options)
}

/// What was thrown, with its place in the script, whose lines are so much further down than in its own text.
fn thrown<'js>(ctx: &Ctx<'js>, error: CaughtError<'js>, further: u32) -> Flaw {
    match error {
        CaughtError::Exception(exception) => {
            let name = exception.get::<_, Option<String>>("name").ok().flatten();
            let name = name.unwrap_or_else(|| "Error".to_owned());
            let message = exception.message().unwrap_or_default();
            let message = match message.starts_with("Error calling function with") {
                true => "a function of ctx is called with too few arguments".to_owned(),
                false => message,
            };
            let stack = exception.stack().unwrap_or_default();
            let at = place_in(&stack).map(|(line, column)| (line.saturating_sub(further), column));
            let what = shortened(&format!("{name}: {message}"));
            Flaw { at, what }
        }
        CaughtError::Value(value) => {
            let what = shown(ctx, &value);
            Flaw::new(format!(
                "the script threw {what}; throw new Error(...) tells where"
            ))
        }
        CaughtError::Error(error) => Flaw::new(shortened(&error.to_string())),
    }
}

fn shown<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> String {
    let bytes = host::bytes_of(ctx, "this", value, STATE);
    match bytes {
        Ok(bytes) => shortened(&Data::read(&bytes).shown()),
        Err(_) => {
            // What is wrong with it is of no interest here.
            ctx.catch();
            "something that is no Error".to_owned()
        }
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The innermost place of the script in a list of calls: a line and a column.
fn place_in(stack: &str) -> Option<(u32, u32)> {
    stack.lines().find_map(|line| {
        let (_, place) = line.rsplit_once(&format!("{SCRIPT}:"))?;
        let mut numbers = place
            .split(|letter: char| !letter.is_ascii_digit())
            .map(str::parse::<u32>);
        let line = numbers.next()?.ok()?;
        let column = numbers.next().and_then(Result::ok).unwrap_or(1);
        Some((line, column))
    })
}
