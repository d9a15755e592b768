//! Pictures as SVG.

use std::fmt::Write;

use super::{Align, Circle, Ink, Palette, Picture, Point, Shape, Style, Text};

/// How high a note below a picture is, and the room that it takes.
const NOTE_SIZE: f64 = 11.0;
const NOTE_ROOM: f64 = 18.0;

/// What a picture is of.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its title.
    pub title: &'a str,
    /// What is modified in the published algorithm that runs, if it is not as published.
    pub modified: Option<&'a str>,
    /// Where the run can be seen: a link, or a whole address.
    pub address: &'a str,
}

/// The picture as a whole SVG document, on the palette's ground.
pub fn write(picture: &Picture, palette: &Palette) -> String {
    document(picture, palette, "")
}

/// The same, with a title, and the address of the run as metadata, so that a file leads back to its run. What is modified is
/// in the title, and below the picture, which is [that much lower](height_beside_note).
pub fn write_of(subject: Subject<'_>, picture: &Picture, palette: &Palette) -> String {
    let (title, address) = (escaped(subject.title), escaped(subject.address));
    let Some(modified) = subject.modified else {
        let head = format!("<title>{title}</title>\n<metadata>{address}</metadata>\n");
        return document(picture, palette, &head);
    };
    let said = escaped(modified);
    let head = format!("<title>{title} · {said}</title>\n<metadata>{address}</metadata>\n");
    document(&noted(picture, modified), palette, &head)
}

/// How high a picture may be, of a file of this height that says what is modified.
pub fn height_beside_note(height: f64, modified: Option<&str>) -> f64 {
    match modified {
        Some(_) => (height - NOTE_ROOM).max(1.0),
        None => height,
    }
}

/// The picture with a note below it: nodes may stand anywhere in it.
fn noted(picture: &Picture, note: &str) -> Picture {
    let mut picture = picture.clone();
    picture.height += NOTE_ROOM;
    let at = Point::new(picture.width - 8.0, picture.height - 0.7 * NOTE_SIZE);
    picture.text(at, note, NOTE_SIZE, Align::End, Ink::Muted, 1.0);
    picture
}

fn document(picture: &Picture, palette: &Palette, head: &str) -> String {
    let (width, height) = (length(picture.width), length(picture.height));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"{}\">\n{head}<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
        escaped(&palette.font),
        palette.colours[0]
    );
    for shape in &picture.shapes {
        out.push_str(&element(shape, palette));
        out.push('\n');
    }
    out.push_str("</svg>\n");
    out
}

fn element(shape: &Shape, palette: &Palette) -> String {
    match shape {
        Shape::Circle(circle) => {
            let Circle {
                centre,
                radius,
                style,
            } = circle;
            format!(
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{}/>",
                length(centre.x),
                length(centre.y),
                length(*radius),
                attributes(style, palette)
            )
        }
        Shape::Path(path) => {
            let end = if path.closed { "Z" } else { "" };
            let (points, style) = (points(&path.points), attributes(&path.style, palette));
            format!("<path d=\"{points}{end}\"{style}/>")
        }
        Shape::Text(text) => text_element(text, palette),
    }
}

fn text_element(text: &Text, palette: &Palette) -> String {
    let anchor = match text.align {
        Align::Start => "start",
        Align::Middle => "middle",
        Align::End => "end",
    };
    let weight = if text.bold {
        " font-weight=\"600\"".to_owned()
    } else {
        let ground = palette.colour(Ink::Ground);
        format!(" paint-order=\"stroke\" stroke=\"{ground}\" stroke-width=\"3\"")
    };
    format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" text-anchor=\"{anchor}\" dy=\"0.35em\"{weight} \
         fill=\"{}\"{}>{}</text>",
        length(text.at.x),
        length(text.at.y),
        length(text.size),
        palette.colour(text.ink),
        opacity(text.alpha),
        escaped(&text.words)
    )
}

fn points(points: &[Point]) -> String {
    let mut out = String::new();
    for (place, point) in points.iter().enumerate() {
        let command = if place == 0 { 'M' } else { 'L' };
        let _ = write!(out, "{command}{} {}", length(point.x), length(point.y));
    }
    out
}

fn attributes(style: &Style, palette: &Palette) -> String {
    let fill = style.fill.map_or("none", |ink| palette.colour(ink));
    let mut out = format!(" fill=\"{fill}\"");
    if let Some(ink) = style.stroke {
        let _ = write!(
            out,
            " stroke=\"{}\" stroke-width=\"{}\"",
            palette.colour(ink),
            length(style.width)
        );
        if style.dashed {
            out.push_str(" stroke-dasharray=\"4 4\"");
        }
    }
    out + &opacity(style.alpha)
}

fn opacity(alpha: f64) -> String {
    if alpha >= 1.0 {
        String::new()
    } else {
        format!(" opacity=\"{}\"", length(alpha))
    }
}

/// Two digits after the point are finer than any screen.
fn length(value: f64) -> String {
    (libm::round(value * 100.0) / 100.0 + 0.0).to_string()
}

/// Text as it may stand in an element or an attribute of SVG and HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_leads_back_to_its_run() {
        let subject = Subject {
            title: "<Ann & Bob>",
            modified: None,
            address: "https://a.b/#/x?on=a&t=1s",
        };
        let svg = write_of(subject, &Picture::new(10.0, 5.0), &Palette::light());
        assert!(
            svg.contains("<title>&lt;Ann &amp; Bob&gt;</title>"),
            "{svg}"
        );
        assert!(
            svg.contains("<metadata>https://a.b/#/x?on=a&amp;t=1s</metadata>"),
            "{svg}"
        );
    }

    #[test]
    fn a_picture_of_a_modified_algorithm_says_so_in_its_title_and_in_sight() {
        let subject = Subject {
            title: "Logs",
            modified: Some("modified Raft: without “Pre-vote”"),
            address: "#/raft",
        };
        let svg = write_of(subject, &Picture::new(10.0, 5.0), &Palette::light());
        let title = "<title>Logs · modified Raft: without “Pre-vote”</title>";
        assert!(svg.contains(title), "{svg}");
        assert_eq!(svg.matches("modified Raft").count(), 2, "{svg}");
    }

    #[test]
    fn shapes_become_elements_and_texts_cannot_break_out() {
        let mut picture = Picture::new(10.0, 5.0);
        picture.circle(
            Point::new(1.0, 2.0),
            0.333_33,
            Style::fill(Ink::Ink).faded(0.5),
        );
        picture.text(
            Point::new(0.0, 0.0),
            "<b>&\"",
            4.0,
            Align::Middle,
            Ink::Muted,
            1.0,
        );
        let svg = write(&picture, &Palette::light());
        assert!(
            svg.contains("<circle cx=\"1\" cy=\"2\" r=\"0.33\" fill=\"#1f1e1b\" opacity=\"0.5\"/>"),
            "{svg}"
        );
        assert!(svg.contains(">&lt;b&gt;&amp;&quot;</text>"), "{svg}");
    }
}
