//! Paints a scene's shapes on a canvas.

use std::f64::consts::TAU;

use scene::shapes::{Align, Circle, Ink, Palette, Path, Picture, Point, Shape, Style, Text};
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

/// Paints a picture over whatever is there.
pub(crate) fn paint(picture: &Picture, palette: &Palette, context: &CanvasRenderingContext2d) {
    context.clear_rect(0.0, 0.0, picture.width, picture.height);
    context.set_text_baseline("middle");
    context.set_line_join("round");
    context.set_line_cap("round");
    let mut painter = Painter {
        palette,
        context,
        alpha: 1.0,
        font: (0.0, false),
        fill: None,
        stroke: None,
        width: 0.0,
    };
    context.set_global_alpha(1.0);
    for shape in &picture.shapes {
        painter.shape(shape);
    }
    context.set_global_alpha(1.0);
}

/// Remembers what the context is set to: each call across the border costs more than a comparison.
struct Painter<'a> {
    palette: &'a Palette,
    context: &'a CanvasRenderingContext2d,
    alpha: f64,
    font: (f64, bool),
    fill: Option<Ink>,
    stroke: Option<Ink>,
    width: f64,
}

impl Painter<'_> {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Circle(circle) => self.circle(circle),
            Shape::Path(path) => self.path(path),
            Shape::Text(text) => self.text(text),
        }
    }

    fn circle(&mut self, circle: &Circle) {
        let Point { x, y } = circle.centre;
        self.context.begin_path();
        // An arc fails for a negative radius alone.
        let arc = self.context.arc(x, y, circle.radius.max(0.0), 0.0, TAU);
        if arc.is_ok() {
            self.finish(&circle.style);
        }
    }

    fn path(&mut self, path: &Path) {
        self.context.begin_path();
        for (place, point) in path.points.iter().enumerate() {
            if place == 0 {
                self.context.move_to(point.x, point.y);
            } else {
                self.context.line_to(point.x, point.y);
            }
        }
        if path.closed {
            self.context.close_path();
        }
        self.finish(&path.style);
    }

    fn text(&mut self, text: &Text) {
        self.set_alpha(text.alpha);
        self.set_font(text.size, text.bold);
        self.context.set_text_align(match text.align {
            Align::Start => "left",
            Align::Middle => "center",
            Align::End => "right",
        });
        if !text.bold {
            self.halo(text);
        }
        self.set_fill(text.ink);
        // Filling a text fails for no text at all.
        let Point { x, y } = text.at;
        let _: Result<(), JsValue> = self.context.fill_text(&text.words, x, y);
    }

    /// A margin of ground around letters, so that lines behind them do not disturb.
    fn halo(&mut self, text: &Text) {
        self.set_stroke(Ink::Ground, 3.0);
        let Point { x, y } = text.at;
        let _: Result<(), JsValue> = self.context.stroke_text(&text.words, x, y);
    }

    fn finish(&mut self, style: &Style) {
        self.set_alpha(style.alpha);
        if let Some(ink) = style.fill {
            self.set_fill(ink);
            self.context.fill();
        }
        let Some(ink) = style.stroke else { return };
        self.set_stroke(ink, style.width);
        if style.dashed {
            self.stroke_dashed();
        } else {
            self.context.stroke();
        }
    }

    fn stroke_dashed(&self) {
        let dashes = js_sys::Array::of2(&4.0.into(), &4.0.into());
        let is_set = self.context.set_line_dash(&dashes).is_ok();
        self.context.stroke();
        if is_set {
            let _: Result<(), JsValue> = self.context.set_line_dash(&js_sys::Array::new());
        }
    }

    fn set_fill(&mut self, ink: Ink) {
        if self.fill != Some(ink) {
            self.context.set_fill_style_str(self.palette.colour(ink));
            self.fill = Some(ink);
        }
    }

    fn set_stroke(&mut self, ink: Ink, width: f64) {
        if self.stroke != Some(ink) {
            self.context.set_stroke_style_str(self.palette.colour(ink));
            self.stroke = Some(ink);
        }
        if self.width != width {
            self.context.set_line_width(width);
            self.width = width;
        }
    }

    fn set_alpha(&mut self, alpha: f64) {
        if alpha != self.alpha {
            self.context.set_global_alpha(alpha);
            self.alpha = alpha;
        }
    }

    fn set_font(&mut self, size: f64, bold: bool) {
        if self.font != (size, bold) {
            let weight = if bold { "600 " } else { "" };
            self.context
                .set_font(&format!("{weight}{size}px {}", self.palette.font));
            self.font = (size, bold);
        }
    }
}
