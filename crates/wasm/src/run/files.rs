//! A run as files: pictures, documents, and the notations of other tools.

use export::{Form, Writing};
use scene::shapes::svg;
use wasm_bindgen::prelude::*;

use super::pictures::view_of;
use super::{Run, refusal};

#[wasm_bindgen]
impl Run {
    /// A view as an SVG document, `width` by `height` pixels, with the page's colours. Its metadata is the address of the run at
    /// this moment, where `home` is the address of the page without what follows the `#`.
    ///
    /// # Errors
    ///
    /// When there is no such view.
    pub fn svg(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "wire.View")] view: &str,
        width: f64,
        height: f64,
        home: &str,
    ) -> Result<String, js_sys::Error> {
        let modified = self.run.scenario().modified();
        let height = svg::height_beside_note(height, modified.as_deref());
        let picture = self.scene(width, height).draw(view_of(view)?);
        let subject = svg::Subject {
            title: &self.run.lab().title,
            modified: modified.as_deref(),
            address: &format!("{home}{}", self.run.link()),
        };
        Ok(svg::write_of(subject, &picture, &self.palette))
    }

    /// The document of the run at this moment, as JSON text that opens it again.
    pub fn document(&self) -> String {
        self.run.document().to_string()
    }

    /// Begins to write the run, up to the cursor, in a notation of [`Form::ALL`].
    ///
    /// # Errors
    ///
    /// When there is no such notation.
    pub fn transcript(&self, form: &str) -> Result<Transcript, js_sys::Error> {
        let known = Form::of_name(form);
        let form = known.ok_or_else(|| refusal(format!("There is no form \"{form}\".")))?;
        Ok(Transcript(Writing::new(form, &self.run)))
    }
}

/// A run that is written part by part. The run must stay where it is meanwhile.
#[wasm_bindgen]
pub struct Transcript(Writing);

#[wasm_bindgen]
impl Transcript {
    /// What the next `events` events make; nothing once all is written.
    pub fn part(&mut self, run: &Run, events: u32) -> Option<String> {
        self.0.part(&run.run, events as usize)
    }

    /// The share of the run that is written, from 0 to 1.
    pub fn share(&self, run: &Run) -> f64 {
        self.0.share(&run.run)
    }
}
