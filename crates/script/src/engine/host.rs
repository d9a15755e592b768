//! What `ctx` can do: each function reads the turn at hand, or adds to what it asks for.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rand::Rng;
use rquickjs::function::{IntoJsFunc, Opt, Rest};
use rquickjs::{Array, Coerced, Ctx, Exception, Function, Object, Result, Value};
use sim::network::{Distribution, Latency};
use sim::random::Probability;
use sim::trace::{Fact, Outcome};
use sim::{NodeId, SimDuration};

use crate::carried::Record;
use crate::data::{self, Data, Writer};
use crate::facts;
use crate::limits::{LINE, LINES, PARCEL};
use crate::program::place_of;
use crate::turn::{Act, Said, Turn};

/// The turn at hand, if there is one.
pub(super) type Desk = Rc<RefCell<Option<Turn>>>;

/// Nanoseconds of a millisecond.
const MILLISECOND: f64 = 1e6;

fn refused(ctx: &Ctx<'_>, what: impl AsRef<str>) -> rquickjs::Error {
    Exception::throw_type(ctx, what.as_ref())
}

/// Does something with the turn at hand.
fn at<T>(
    desk: &Desk,
    ctx: &Ctx<'_>,
    act: impl FnOnce(&mut Turn) -> std::result::Result<T, String>,
) -> Result<T> {
    let mut turn = desk.borrow_mut();
    let Some(turn) = turn.as_mut() else {
        return Err(refused(ctx, "ctx is there only within an event"));
    };
    act(turn).map_err(|what| refused(ctx, what))
}

/// What objects without a class have as their prototype.
pub(super) fn plain<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object: Object<'js> = ctx.globals().get("Object")?;
    object.get("prototype")
}

/// A value as bytes, if it is plain data of at most so many bytes; `name` is what the sentence calls it if not.
pub(super) fn bytes_of<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    value: &Value<'js>,
    most: usize,
) -> Result<Vec<u8>> {
    let plain = plain(ctx)?;
    let mut bytes = Vec::new();
    let written = Writer {
        plain: &plain,
        most,
    }
    .write(value, &mut bytes);
    match written {
        Ok(()) if bytes.len() <= most => Ok(bytes),
        Ok(()) => Err(refused(ctx, format!("{name} takes more than {most} bytes"))),
        // What a getter threw is told as it is.
        Err(_) if ctx.has_exception() => Err(rquickjs::Error::Exception),
        Err(refusal) => Err(refused(ctx, refusal.sentence(name))),
    }
}

fn parcel<'js>(ctx: &Ctx<'js>, name: &str, value: Option<Value<'js>>) -> Result<Arc<[u8]>> {
    let value = value.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
    Ok(bytes_of(ctx, name, &value, PARCEL)?.into())
}

fn number(ctx: &Ctx<'_>, name: &str, value: &Value<'_>) -> Result<f64> {
    value
        .as_number()
        .filter(|number| number.is_finite())
        .ok_or_else(|| refused(ctx, format!("{name} must be a number")))
}

fn whole(ctx: &Ctx<'_>, name: &str, value: &Value<'_>) -> Result<i64> {
    let number = number(ctx, name, value)?;
    if number.fract() == 0.0 && number.abs() <= 9e15 {
        Ok(number as i64)
    } else {
        Err(refused(ctx, format!("{name} must be a whole number")))
    }
}

fn whole_or(ctx: &Ctx<'_>, name: &str, value: Option<&Value<'_>>, or: i64) -> Result<i64> {
    match value {
        Some(value) if !value.is_undefined() => whole(ctx, name, value),
        _ => Ok(or),
    }
}

fn operation(ctx: &Ctx<'_>, value: &Value<'_>) -> Result<u32> {
    let number = whole(ctx, "an operation", value)?;
    u32::try_from(number).map_err(|_| refused(ctx, format!("{number} is no operation")))
}

fn text<'js>(ctx: &Ctx<'js>, name: &str, value: &Value<'js>) -> Result<String> {
    let text = value.as_string().and_then(|text| text.to_string().ok());
    text.ok_or_else(|| refused(ctx, format!("{name} must be a text")))
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LINE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A place of the disk, as a script names it: a whole number or a text.
fn place<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<(u64, Data)> {
    let key = match (value.as_string(), value.as_number()) {
        (Some(_), _) => Data::Text(text(ctx, "a place", value)?),
        (None, Some(number)) => Data::Number(number),
        (None, None) => Data::Undefined,
    };
    let place = place_of(&key);
    let what = "a place of the disk is a text, or a whole number from 0 to 2 to the power of 52";
    Ok((place.ok_or_else(|| refused(ctx, what))?, key))
}

/// Makes the functions of one object.
struct Maker<'m, 'js> {
    ctx: &'m Ctx<'js>,
    of: Object<'js>,
}

impl<'js> Maker<'_, 'js> {
    fn add<P>(&self, name: &str, function: impl IntoJsFunc<'js, P> + 'js) -> Result<()> {
        let function = Function::new(self.ctx.clone(), function)?.with_name(name)?;
        self.of.set(name, function)
    }
}

/// The object from which every `ctx` inherits.
pub(super) fn context<'js>(ctx: &Ctx<'js>, desk: &Desk) -> Result<Object<'js>> {
    let of = Object::new(ctx.clone())?;
    let maker = Maker { ctx, of };
    looks(&maker, desk)?;
    clocks(&maker, desk)?;
    network(&maker, desk)?;
    disk(&maker, desk)?;
    records(&maker, desk)?;
    Ok(maker.of)
}

/// What a node is, and what its scenario has chosen.
fn looks<'js>(maker: &Maker<'_, 'js>, desk: &Desk) -> Result<()> {
    let at_hand = desk.clone();
    maker.add("node", move |ctx: Ctx<'js>| {
        at(&at_hand, &ctx, |turn| Ok(u32::from(turn.seat.me.0)))
    })?;
    let at_hand = desk.clone();
    maker.add("rolesOwn", move |ctx: Ctx<'js>| {
        at(&at_hand, &ctx, |turn| {
            Ok(turn.seat.program.roles[turn.seat.role].id.to_owned())
        })
    })?;
    let at_hand = desk.clone();
    maker.add("chosen", move |ctx: Ctx<'js>| {
        let chosen = Object::new(ctx.clone())?;
        let seat = at(&at_hand, &ctx, |turn| Ok(turn.seat.clone()))?;
        let specs = seat.program.entry.parameters;
        for (spec, value) in specs.iter().zip(&*seat.parameters) {
            chosen.set(spec.id, *value)?;
        }
        Ok::<_, rquickjs::Error>(chosen)
    })?;
    let at_hand = desk.clone();
    maker.add("nodes", move |ctx: Ctx<'js>, role: Opt<Value<'js>>| {
        let role = role.0.filter(|role| !role.is_undefined());
        let role = role.map(|role| text(&ctx, "a role", &role)).transpose()?;
        at(&at_hand, &ctx, |turn| {
            let seat = &turn.seat;
            let wanted = role.map(|role| seat.program.role(&role)).transpose()?;
            let all = (0_u32..).zip(&*seat.roles);
            let found = all.filter(|(_, role)| wanted.is_none_or(|wanted| wanted == **role));
            Ok(found.map(|(node, _)| node).collect::<Vec<u32>>())
        })
    })?;
    let at_hand = desk.clone();
    maker.add("has", move |ctx: Ctx<'js>, defence: Value<'js>| {
        let id = text(&ctx, "a defence", &defence)?;
        at(&at_hand, &ctx, |turn| {
            let defences = turn.seat.program.entry.defences;
            let found = defences.iter().position(|spec| spec.id == id);
            let found = found.ok_or_else(|| format!("there is no defence \"{id}\""))?;
            Ok(turn.seat.defences[found])
        })
    })
}

/// A node's own clocks, in milliseconds, and its own chance.
fn clocks<'js>(maker: &Maker<'_, 'js>, desk: &Desk) -> Result<()> {
    type Read = fn(&Turn) -> i64;
    let clocks: [(&str, Read); 3] = [
        ("monotonic", |turn| turn.readings.monotonic),
        ("wall", |turn| turn.readings.wall),
        ("boot", |turn| turn.readings.boot),
    ];
    for (name, read) in clocks {
        let at_hand = desk.clone();
        maker.add(name, move |ctx: Ctx<'js>| {
            at(&at_hand, &ctx, |turn| Ok(read(turn) as f64 / MILLISECOND))
        })?;
    }
    let at_hand = desk.clone();
    maker.add("interval", move |ctx: Ctx<'js>| {
        let readings = at(&at_hand, &ctx, |turn| Ok(turn.readings))?;
        let interval = Object::new(ctx.clone())?;
        interval.set("earliest", readings.earliest as f64 / MILLISECOND)?;
        interval.set("latest", readings.latest as f64 / MILLISECOND)?;
        Ok::<_, rquickjs::Error>(interval)
    })?;
    let at_hand = desk.clone();
    maker.add(
        "uniform",
        move |ctx: Ctx<'js>, low: Value<'js>, high: Value<'js>| {
            let low = length(&ctx, &low)?;
            let high = length(&ctx, &high)?;
            drawn(&at_hand, &ctx, Distribution::Uniform { low, high })
        },
    )?;
    let at_hand = desk.clone();
    maker.add("exponential", move |ctx: Ctx<'js>, mean: Value<'js>| {
        let mean = length(&ctx, &mean)?;
        drawn(&at_hand, &ctx, Distribution::Exponential { mean })
    })?;
    let at_hand = desk.clone();
    maker.add(
        "happens",
        move |ctx: Ctx<'js>, chance: Value<'js>, about: Value<'js>| {
            let chance = number(&ctx, "a chance", &chance)?.clamp(0.0, 1.0);
            let about = whole(&ctx, "what a chance is about", &about)?;
            at(&at_hand, &ctx, |turn| {
                Ok(Probability::new(chance).hits(turn.happening.draw(about as u64)))
            })
        },
    )?;
    let at_hand = desk.clone();
    maker.add("random", move |ctx: Ctx<'js>| {
        at(&at_hand, &ctx, |turn| {
            // The 53 bits that a number holds exactly, as a share of all that they can be.
            Ok((turn.stream.next_u64() >> 11) as f64 / (1_u64 << 53) as f64)
        })
    })
}

/// A length of time that a script gives in milliseconds.
fn length(ctx: &Ctx<'_>, value: &Value<'_>) -> Result<SimDuration> {
    let millis = number(ctx, "a length of time, in milliseconds,", value)?;
    if millis < 0.0 {
        return Err(refused(ctx, "a length of time is not negative"));
    }
    Ok(SimDuration::from_nanos_f64(libm::round(
        millis * MILLISECOND,
    )))
}

/// A length of time that is drawn, in milliseconds.
fn drawn(desk: &Desk, ctx: &Ctx<'_>, distribution: Distribution) -> Result<f64> {
    at(desk, ctx, |turn| {
        let length = Latency::of(distribution).sample(turn.stream.next_u64());
        Ok(length.as_nanos() as f64 / MILLISECOND)
    })
}

/// Messages and timers.
fn network<'js>(maker: &Maker<'_, 'js>, desk: &Desk) -> Result<()> {
    let at_hand = desk.clone();
    maker.add(
        "send",
        move |ctx: Ctx<'js>, to: Value<'js>, message: Value<'js>| {
            let to = whole(&ctx, "whom a message is for", &to)?;
            let data = parcel(&ctx, "message", Some(message))?;
            at(&at_hand, &ctx, |turn| {
                let to = u16::try_from(to).map_err(|_| format!("there is no node {to}"))?;
                let message = turn.seat.program.message(data)?;
                let to = NodeId(to);
                turn.act(Act::Send { to, message })
            })
        },
    )?;
    let at_hand = desk.clone();
    maker.add(
        "setTimer",
        move |ctx: Ctx<'js>, name: Value<'js>, after: Value<'js>, data: Opt<Value<'js>>| {
            let name = text(&ctx, "the name of a timer", &name)?;
            let after = length(&ctx, &after)?;
            let data = parcel(&ctx, "what a timer carries", data.0)?;
            at(&at_hand, &ctx, |turn| turn.set_timer(&name, after, data))
        },
    )?;
    let at_hand = desk.clone();
    maker.add("cancelTimer", move |ctx: Ctx<'js>, id: Opt<Value<'js>>| {
        // What was never set needs no cancelling.
        let Some(id) = id.0.filter(|id| !id.is_undefined() && !id.is_null()) else {
            return Ok(());
        };
        let id = whole(&ctx, "a timer", &id)?;
        at(&at_hand, &ctx, |turn| {
            let id = u32::try_from(id).map_err(|_| format!("there is no timer {id}"))?;
            turn.act(Act::CancelTimer(id))
        })
    })
}

/// The node's own disk.
fn disk<'js>(maker: &Maker<'_, 'js>, desk: &Desk) -> Result<()> {
    let at_hand = desk.clone();
    maker.add(
        "write",
        move |ctx: Ctx<'js>, key: Value<'js>, value: Value<'js>| {
            let (place, key) = place(&ctx, &key)?;
            let value = parcel(&ctx, "a record", Some(value))?;
            let key = Arc::new(key);
            at(&at_hand, &ctx, |turn| {
                turn.write(place, Record { key, value })
            })
        },
    )?;
    let at_hand = desk.clone();
    maker.add("read", move |ctx: Ctx<'js>, key: Value<'js>| {
        let (place, _) = place(&ctx, &key)?;
        let found = at(&at_hand, &ctx, |turn| Ok(turn.found(place)))?;
        match found {
            Some(Some(record)) => data::value_of(&record.value, &ctx),
            // Half a record.
            Some(None) => Ok(Value::new_null(ctx)),
            None => Ok(Value::new_undefined(ctx)),
        }
    })?;
    let at_hand = desk.clone();
    maker.add("erase", move |ctx: Ctx<'js>, key: Value<'js>| {
        let (place, _) = place(&ctx, &key)?;
        at(&at_hand, &ctx, |turn| turn.act(Act::Erase(place)))
    })?;
    let at_hand = desk.clone();
    maker.add("places", move |ctx: Ctx<'js>| {
        let disk = at(&at_hand, &ctx, |turn| Ok(turn.disk.clone()))?;
        let places = Array::new(ctx.clone())?;
        for (count, record) in disk.values().flatten().enumerate() {
            let key = data::value_of(&record.key.bytes(), &ctx)?;
            places.set(count, key)?;
        }
        Ok::<_, rquickjs::Error>(places)
    })?;
    let at_hand = desk.clone();
    maker.add(
        "sync",
        move |ctx: Ctx<'js>,
              data: Opt<Value<'js>>,
              kind: Opt<Value<'js>>,
              fields: Opt<Value<'js>>| {
            let carried = parcel(&ctx, "what a sync carries", data.0)?;
            let fact = match (kind.0, fields.0) {
                (Some(kind), Some(fields)) => Some(fact(&ctx, &kind, fields)?),
                _ => None,
            };
            at(&at_hand, &ctx, |turn| turn.act(Act::Sync { carried, fact }))
        },
    )
}

fn fact<'js>(ctx: &Ctx<'js>, kind: &Value<'js>, fields: Value<'js>) -> Result<Fact> {
    let kind = text(ctx, "the kind of a fact", kind)?;
    let fields = parcel(ctx, "a fact", Some(fields))?;
    facts::fact(&kind, &Data::read(&fields)).map_err(|what| refused(ctx, what))
}

/// What checks judge, and what readers see.
fn records<'js>(maker: &Maker<'_, 'js>, desk: &Desk) -> Result<()> {
    let at_hand = desk.clone();
    maker.add(
        "record",
        move |ctx: Ctx<'js>, kind: Value<'js>, fields: Value<'js>| {
            let fact = fact(&ctx, &kind, fields)?;
            at(&at_hand, &ctx, |turn| turn.act(Act::Record(fact)))
        },
    )?;
    let at_hand = desk.clone();
    maker.add(
        "invoke",
        move |ctx: Ctx<'js>, function: Value<'js>, key: Opt<Value<'js>>, value: Opt<Value<'js>>| {
            let name = text(&ctx, "what an operation asks for", &function)?;
            let key = whole_or(&ctx, "a key", key.0.as_ref(), 0)?;
            let value = whole_or(&ctx, "a value", value.0.as_ref(), 0)?;
            let function = facts::function(&name).map_err(|what| refused(&ctx, what))?;
            at(&at_hand, &ctx, |turn| turn.invoke(function, key, value))
        },
    )?;
    for (name, outcome) in [
        ("ok", Outcome::Ok),
        ("fail", Outcome::Fail),
        ("unknown", Outcome::Unknown),
    ] {
        let at_hand = desk.clone();
        maker.add(
            name,
            move |ctx: Ctx<'js>, of: Value<'js>, value: Opt<Value<'js>>| {
                let of = operation(&ctx, &of)?;
                let value = whole_or(&ctx, "a value", value.0.as_ref(), 0)?;
                at(&at_hand, &ctx, |turn| turn.end(of, outcome, value))
            },
        )?;
    }
    let at_hand = desk.clone();
    maker.add(
        "retried",
        move |ctx: Ctx<'js>, of: Value<'js>, attempt: Value<'js>| {
            let operation = operation(&ctx, &of)?;
            let attempt = whole(&ctx, "an attempt", &attempt)?;
            at(&at_hand, &ctx, |turn| {
                turn.act(Act::Record(Fact::Retried { operation, attempt }))
            })
        },
    )?;
    let at_hand = desk.clone();
    maker.add(
        "say",
        move |ctx: Ctx<'js>, badge: Coerced<String>, beliefs: Rest<Coerced<String>>| {
            let beliefs = beliefs.0.into_iter().take(8);
            let said = Said {
                badge: shortened(badge.0),
                beliefs: beliefs.map(|belief| shortened(belief.0)).collect(),
            };
            at(&at_hand, &ctx, |turn| {
                turn.said = Some(said);
                Ok(())
            })
        },
    )
}

/// `console.log`.
pub(super) fn log<'js>(ctx: &Ctx<'js>, desk: &Desk) -> Result<Function<'js>> {
    let at_hand = desk.clone();
    let log = move |ctx: Ctx<'js>, parts: Rest<Value<'js>>| {
        let plain = plain(&ctx)?;
        let shown = |part: &Value<'js>| {
            let mut bytes = Vec::new();
            let writer = Writer {
                plain: &plain,
                most: PARCEL,
            };
            match writer.write(part, &mut bytes) {
                Ok(()) => Data::read(&bytes).shown(),
                Err(refusal) => refusal.sentence("this"),
            }
        };
        let parts: Vec<String> = parts.0.iter().map(shown).collect();
        at(&at_hand, &ctx, |turn| {
            if turn.lines.len() < LINES {
                turn.lines.push(shortened(parts.join(" ")));
            }
            Ok(())
        })
    };
    Function::new(ctx.clone(), log)?.with_name("log")
}

/// The functions of `Math` that platforms compute differently.
pub(super) fn math<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let of = Object::new(ctx.clone())?;
    let maker = Maker { ctx, of };
    type One = fn(f64) -> f64;
    type Two = fn(f64, f64) -> f64;
    let ones: [(&str, One); 20] = [
        ("acos", libm::acos),
        ("acosh", libm::acosh),
        ("asin", libm::asin),
        ("asinh", libm::asinh),
        ("atan", libm::atan),
        ("atanh", libm::atanh),
        ("cbrt", libm::cbrt),
        ("cos", libm::cos),
        ("cosh", libm::cosh),
        ("exp", libm::exp),
        ("expm1", libm::expm1),
        ("log", libm::log),
        ("log1p", libm::log1p),
        ("log10", libm::log10),
        ("log2", libm::log2),
        ("sin", libm::sin),
        ("sinh", libm::sinh),
        ("sqrt", libm::sqrt),
        ("tan", libm::tan),
        ("tanh", libm::tanh),
    ];
    for (name, function) in ones {
        maker.add(name, move |x: Coerced<f64>| function(x.0))?;
    }
    let twos: [(&str, Two); 3] = [
        ("atan2", libm::atan2),
        ("hypot", libm::hypot),
        ("pow", power),
    ];
    for (name, function) in twos {
        maker.add(name, move |x: Coerced<f64>, y: Coerced<f64>| {
            function(x.0, y.0)
        })?;
    }
    Ok(maker.of)
}

/// As JavaScript defines it: 1 to an infinite or unknown power is not known.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || base.abs() == 1.0 && exponent.is_infinite() {
        return f64::NAN;
    }
    libm::pow(base, exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_javascript() {
        assert!(power(1.0, f64::INFINITY).is_nan() && power(1.0, f64::NAN).is_nan());
        assert_eq!(power(2.0, 10.0).to_bits(), 1024.0_f64.to_bits());
    }
}
