//! How a run is seen: views, perspective, colours, and what is at a place of a picture.

use scenario::score::Score;
use scenario::view::View;
use scene::legend;
use scene::look::Look;
use scene::shapes::{Point, svg};
use scene::{Light, Pick, Scene};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::CanvasRenderingContext2d;

use super::{Run, refusal};
use crate::wire::to_js;
use crate::{canvas, input};

/// What is at a place of a view.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Picked {
    Node { id: String },
    Message { id: u32 },
    Link { from: String, to: String },
    Event { id: u32 },
}

/// Which indices of the logs are in sight.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LogColumns {
    /// The index in the first column.
    first: u32,
    /// How many columns there are.
    count: u32,
    /// The index in the first column where the latest entries are in sight.
    latest: u32,
    /// How wide a column is, in CSS pixels.
    width: f64,
}

/// A line of a legend.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LegendEntry {
    /// How it looks, as an SVG document in the page's colours.
    svg: String,
    /// What it means.
    words: String,
}

#[wasm_bindgen]
impl Run {
    /// Takes over the page's colours.
    ///
    /// # Errors
    ///
    /// When a colour is missing.
    pub fn set_palette(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Json<wire.Palette>")] json: &str,
    ) -> Result<(), js_sys::Error> {
        self.palette = input::read_palette(json).map_err(refusal)?;
        Ok(())
    }

    /// Sets what all pictures show. What the look does not name stays as it is.
    ///
    /// # Errors
    ///
    /// When it is no look.
    pub fn look(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Json<Partial<wire.Look>>")] json: &str,
    ) -> Result<(), js_sys::Error> {
        let mut look = self.seen();
        input::read_look(json, &self.run, &mut look).map_err(refusal)?;
        self.run.set_perspective(look.perspective);
        self.look = look;
        Ok(())
    }

    /// The view that the link or the lab asks for; undefined if neither does.
    #[wasm_bindgen(unchecked_return_type = "wire.View | undefined")]
    pub fn view(&self) -> Option<String> {
        self.run.view().map(|view| view.word().to_owned())
    }

    /// Says in the link which view is shown; nothing if no view is, or several are.
    pub fn show_view(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View | undefined")] view: Option<String>,
    ) {
        let view = view.and_then(|word| View::of_word(&word));
        self.run.look(view);
    }

    /// The node in whose perspective the link shows the run; undefined if from outside.
    pub fn perspective(&self) -> Option<String> {
        self.run
            .perspective()
            .map(|node| self.run.scenario().name(node))
    }

    /// What is flipped in the same run beside it, if the link shows that.
    pub fn twin(&self) -> Option<String> {
        self.run.twin()
    }

    /// Says in the link that the same run with a defence or a deed flipped is shown beside it, or that none is.
    pub fn show_twin(&mut self, flipped: Option<String>) {
        self.run.set_twin(flipped.as_deref());
    }

    /// That the link asks first and tells afterwards, and how whoever made it guessed: `first`, or `3of5`.
    pub fn guess(&self) -> Option<String> {
        self.run.guess().map(Score::format)
    }

    /// Says in the link that its reader is asked first, or is not. Nothing for what is no score.
    pub fn show_guess(&mut self, score: Option<String>) {
        self.run
            .set_guess(score.and_then(|text| Score::parse(&text).ok()));
    }

    /// Paints a view, `width` by `height` CSS pixels, over whatever is there.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    pub fn paint(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View")] view: &str,
        context: &CanvasRenderingContext2d,
        width: f64,
        height: f64,
    ) -> Result<(), js_sys::Error> {
        let picture = self.scene(width, height).draw(view_of(view)?);
        canvas::paint(&picture, &self.palette, context);
        Ok(())
    }

    /// What is on stage in a view of this size: of each kind of mark a sample and what it means.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    #[wasm_bindgen(unchecked_return_type = "wire.LegendEntry[]")]
    pub fn legend(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View")] view: &str,
        width: f64,
        height: f64,
    ) -> Result<JsValue, js_sys::Error> {
        let picture = self.scene(width, height).draw(view_of(view)?);
        let entries = legend::entries(&self.run, picture.symbols).into_iter();
        let entries = entries.map(|entry| LegendEntry {
            svg: svg::write(&entry.sample, &self.palette),
            words: entry.words,
        });
        Ok(to_js(&entries.collect::<Vec<_>>()))
    }

    /// Which indices the picture of the logs shows at this width and height.
    #[wasm_bindgen(unchecked_return_type = "wire.LogColumns")]
    pub fn log_columns(&mut self, width: f64, height: f64) -> JsValue {
        let columns = self.scene(width, height).log_columns();
        to_js(&LogColumns {
            first: columns.first,
            count: columns.count,
            latest: columns.latest,
            width: columns.width,
        })
    }

    /// What is at a place of a view, or null.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    #[wasm_bindgen(unchecked_return_type = "wire.Picked | null")]
    pub fn pick(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View")] view: &str,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    ) -> Result<JsValue, js_sys::Error> {
        let view = view_of(view)?;
        let found = self.scene(width, height).pick(view, Point::new(x, y));
        let name = |node| self.run.scenario().name(node);
        let picked = found.map(|found| match found {
            Pick::Node(node) => Picked::Node { id: name(node) },
            Pick::Message(message) => Picked::Message { id: message.0 },
            Pick::Link(from, to) => Picked::Link {
                from: name(from),
                to: name(to),
            },
            Pick::Event(event) => Picked::Event { id: event.0 },
        });
        Ok(to_js(&picked))
    }

    /// Cuts the links that a line across the picture of the world crosses, now. Returns how many there are.
    ///
    /// # Errors
    ///
    /// When more is done to the run than a link can say.
    pub fn cut_across(
        &mut self,
        x1: f64,
        y1: f64,
        x2: f64,
        y2: f64,
        width: f64,
        height: f64,
    ) -> Result<usize, js_sys::Error> {
        let (start, end) = (Point::new(x1, y1), Point::new(x2, y2));
        let scene = self.scene(width, height);
        let (crossed, drawn) = (scene.links_crossed(start, end), scene.links());
        self.run.cut_links(&crossed, &drawn).map_err(refusal)?;
        Ok(crossed.len())
    }
}

impl Run {
    pub(super) fn scene(&mut self, width: f64, height: f64) -> Scene<'_> {
        let look = self.seen();
        self.read_on();
        let light = Light {
            events: &self.lit,
            told: self.told,
            calms: self.calms,
        };
        Scene::new(&self.run, &self.chronicle, look, width, height).lit(light)
    }

    pub(super) fn seen(&self) -> Look {
        Look {
            perspective: self.run.perspective(),
            ..self.look
        }
    }
}

/// The view of this word in links.
pub(super) fn view_of(word: &str) -> Result<View, js_sys::Error> {
    View::of_word(word).ok_or_else(|| refusal(format!("There is no view \"{word}\".")))
}
