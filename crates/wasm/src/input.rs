//! What the page says as JSON text: how it looks at the run, what it turns, and its colours. The text is checked here.

use scenario::Run;
use scenario::knob::Knob;
use scene::look::Look;
use scene::shapes::{Ink, Palette};
use serde_json::{Map, Value};
use sim::{EventId, MessageId, NodeId, SimDuration, SimTime};

const NANOS_PER_MS: f64 = 1e6;

/// So many virtual milliseconds; none for what is not positive.
pub(crate) fn duration(ms: f64) -> SimDuration {
    SimDuration::from_nanos_f64(ms * NANOS_PER_MS)
}

/// The moment so many virtual milliseconds after the beginning.
pub(crate) fn moment(ms: f64) -> SimTime {
    SimTime::ZERO + duration(ms)
}

/// A value of a control in the base unit, from its own unit.
pub(crate) fn in_base_unit(control: &str, value: f64, run: &Run) -> f64 {
    let knob = Knob::parse(control, run.scenario());
    value * knob.map_or(1.0, |knob| knob.slider().scale)
}

/// Reads an object with a value in its unit for each control; the values that come out are in base units.
pub(crate) fn read_turns(json: &str, run: &Run) -> Result<Vec<(String, f64)>, String> {
    let values = read_object(json, "values")?;
    let turn = |(key, value): (&String, &Value)| match value.as_f64() {
        Some(value) => Ok((key.clone(), in_base_unit(key, value, run))),
        None => Err(format!("\"{key}\" has no number as its value.")),
    };
    values.iter().map(turn).collect()
}

/// Reads an object with a colour for each ink, and `font`.
pub(crate) fn read_palette(json: &str) -> Result<Palette, String> {
    let texts = read_object(json, "palette")?;
    let text = |name: &str| {
        let text = texts.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
            .ok_or_else(|| format!("The palette has no \"{name}\"."))
    };
    let mut palette = Palette::light();
    for (colour, name) in palette.colours.iter_mut().zip(Ink::names()) {
        *colour = text(name)?;
    }
    palette.font = text("font")?;
    Ok(palette)
}

fn wrong(key: &str, value: &Value, wanted: &str) -> String {
    format!("\"{key}\" of a look is {value}; it must be {wanted}.")
}

/// A number of a message or an event, or none.
fn read_number(key: &str, value: &Value) -> Result<Option<u32>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    let wanted = "a whole number from 0 to 4294967295, or null";
    number.map(Some).ok_or_else(|| wrong(key, value, wanted))
}

/// A time in milliseconds.
fn read_time(key: &str, value: &Value) -> Result<SimTime, String> {
    let ms = value.as_f64();
    ms.map(moment)
        .ok_or_else(|| wrong(key, value, "a number of milliseconds"))
}

/// Reads an object with parts of a look. What it does not name stays as it is in `look`.
pub(crate) fn read_look(json: &str, run: &Run, look: &mut Look) -> Result<(), String> {
    for (key, value) in &read_object(json, "look")? {
        match key.as_str() {
            "perspective" => look.perspective = read_node(key, value, run)?,
            "light_node" => look.light_node = read_node(key, value, run)?,
            "light_message" => look.light_message = read_number(key, value)?.map(MessageId),
            "selected_event" => look.selected_event = read_number(key, value)?.map(EventId),
            "bent" => {
                look.bent = value
                    .as_bool()
                    .ok_or_else(|| wrong(key, value, "true or false"))?
            }
            "first_index" => look.first_index = read_number(key, value)?,
            "from_ms" => look.from = read_time(key, value)?,
            "to_ms" => look.to = read_time(key, value)?,
            other => return Err(format!("\"{other}\" is no part of a look.")),
        }
    }
    if look.to <= look.from {
        return Err("A look must end later than it begins.".to_owned());
    }
    Ok(())
}

/// A node, by its name, or none.
fn read_node(key: &str, value: &Value, run: &Run) -> Result<Option<NodeId>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let name = value
        .as_str()
        .ok_or_else(|| wrong(key, value, "the name of a node, or null"))?;
    let node = run.scenario().node(name);
    node.map(Some)
        .ok_or_else(|| format!("There is no node \"{name}\"."))
}

fn read_object(json: &str, what: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(json) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(format!("The {what} must be a JSON object.")),
        Err(error) => Err(format!("The {what} cannot be read as JSON: {error}.")),
    }
}

/// The shapes of what is read here, for TypeScript.
#[cfg(test)]
pub(crate) mod shape {
    use serde::Serialize;
    use ts_rs::TS;

    /// How the page looks at the run: what all its pictures show.
    #[derive(Serialize, TS)]
    pub(crate) struct Look {
        /// The node whose perspective is shown; null for the true world.
        pub(crate) perspective: Option<String>,
        /// The node that is lit up.
        pub(crate) light_node: Option<String>,
        /// The message that is lit up.
        pub(crate) light_message: Option<u32>,
        /// The event that is selected: its causes and effects are lit up.
        pub(crate) selected_event: Option<u32>,
        /// Whether space-time is drawn by each node's own clock.
        pub(crate) bent: bool,
        /// The index in the first column of the logs; null to follow the latest.
        pub(crate) first_index: Option<u32>,
        /// Where the window on time begins.
        pub(crate) from_ms: f64,
        /// Where the window on time ends.
        pub(crate) to_ms: f64,
    }

    /// A value in its unit for each control that is turned, by its key.
    #[derive(Serialize, TS)]
    pub(crate) struct Turns(pub(crate) std::collections::BTreeMap<String, f64>);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        Run::open("#/double-charge").0
    }

    #[test]
    fn every_part_of_a_look_is_read() {
        let run = run();
        let (first, second) = (NodeId(0), NodeId(1));
        let said = shape::Look {
            perspective: Some(run.scenario().name(first)),
            light_node: Some(run.scenario().name(second)),
            light_message: Some(3),
            selected_event: Some(4),
            bent: true,
            first_index: Some(7),
            from_ms: 5.0,
            to_ms: 6.0,
        };
        let json = serde_json::to_string(&said).unwrap();
        let mut look = Look::default();
        assert_eq!(read_look(&json, &run, &mut look), Ok(()));
        let Look {
            perspective,
            light_node,
            light_message,
            selected_event,
            bent,
            first_index,
            from,
            to,
        } = look;
        assert_eq!((perspective, light_node), (Some(first), Some(second)));
        assert_eq!(
            (light_message, selected_event),
            (Some(MessageId(3)), Some(EventId(4)))
        );
        assert!(bent);
        assert_eq!(first_index, Some(7));
        assert_eq!((from, to), (moment(5.0), moment(6.0)));
    }

    #[test]
    fn what_a_look_does_not_name_stays() {
        let mut look = Look {
            bent: true,
            ..Look::default()
        };
        assert_eq!(
            read_look(r#"{ "light_message": 3 }"#, &run(), &mut look),
            Ok(())
        );
        assert_eq!((look.bent, look.light_message), (true, Some(MessageId(3))));
    }

    #[test]
    fn what_is_no_look_is_refused_with_a_sentence() {
        for (json, sentence) in [
            ("[]", "The look must be a JSON object."),
            (r#"{ "bend": true }"#, "\"bend\" is no part of a look."),
            (
                r#"{ "perspective": "nobody" }"#,
                "There is no node \"nobody\".",
            ),
            (
                r#"{ "light_node": 1 }"#,
                "\"light_node\" of a look is 1; it must be the name of a node, or null.",
            ),
            (
                r#"{ "from_ms": 9, "to_ms": 9 }"#,
                "A look must end later than it begins.",
            ),
            (
                r#"{ "from_ms": "soon" }"#,
                "\"from_ms\" of a look is \"soon\"; it must be a number of milliseconds.",
            ),
            (
                r#"{ "selected_event": -1 }"#,
                "\"selected_event\" of a look is -1; it must be a whole number from 0 to 4294967295, or null.",
            ),
            (
                r#"{ "bent": 1 }"#,
                "\"bent\" of a look is 1; it must be true or false.",
            ),
        ] {
            let said = read_look(json, &run(), &mut Look::default());
            assert_eq!(said, Err(sentence.to_owned()), "{json}");
        }
    }

    #[test]
    fn turns_are_in_the_controls_own_units() {
        let json = r#"{ "latency": 80, "loss": 10 }"#;
        let turns = read_turns(json, &run()).unwrap();
        let latency = turns.iter().find(|(key, _)| key == "latency");
        let knob = Knob::parse("latency", run().scenario()).unwrap();
        assert_eq!(
            latency.map(|(_, value)| *value),
            Some(80.0 * knob.slider().scale)
        );
        assert_eq!(
            read_turns(r#"{ "loss": "much" }"#, &run()),
            Err("\"loss\" has no number as its value.".to_owned())
        );
    }

    #[test]
    fn a_palette_has_a_colour_for_each_ink() {
        let mut texts: Map<String, Value> = Ink::names()
            .map(|name| ((*name).to_owned(), "#123456".into()))
            .collect();
        texts.insert("font".to_owned(), "serif".into());
        let json = Value::Object(texts.clone()).to_string();
        let palette = read_palette(&json).unwrap();
        assert!(palette.colours.iter().all(|colour| colour == "#123456"));
        texts.remove("accent");
        let said = read_palette(&Value::Object(texts).to_string());
        assert_eq!(
            said.err(),
            Some("The palette has no \"accent\".".to_owned())
        );
    }
}
