//! Where nodes stand: clients on one side, the rest in a ring on the other; all in one ring if there are no clients.

use crate::shape::Point;

/// Where each node stands, and how large it is drawn.
pub(crate) struct Layout {
    pub places: Vec<Point>,
    pub radius: f64,
}

/// Room that texts need around a node, in radii.
const MARGIN: f64 = 2.6;

impl Layout {
    /// Places nodes with these roles in a picture of this size.
    pub fn new(roles: &[&str], width: f64, height: f64) -> Layout {
        let radius = radius(roles.len(), width.min(height));
        // On a high picture everything is laid out lying down, and then x and y change places.
        let is_high = height > width * 1.1;
        let (long, short) = if is_high {
            (height, width)
        } else {
            (width, height)
        };
        let is_client = |role: &&str| *role == "client";
        let clients = roles.iter().filter(|role| is_client(role)).count();
        let others = roles.len() - clients;
        let mut places = vec![Point::default(); roles.len()];
        if clients == 0 || others == 0 {
            ring(
                places.iter_mut(),
                Point::new(long / 2.0, short / 2.0),
                long,
                short,
                radius,
            );
        } else {
            let margin = radius * MARGIN;
            let column = places
                .iter_mut()
                .zip(roles)
                .filter(|(_, role)| is_client(role));
            for (place, (spot, _)) in column.enumerate() {
                let share = (place as f64 + 0.5) / clients as f64;
                *spot = Point::new(margin, short * share);
            }
            let ring_width = if others == 1 {
                margin * 2.0
            } else {
                long * 0.62
            };
            let centre = Point::new(long - ring_width / 2.0, short / 2.0);
            let rest = places
                .iter_mut()
                .zip(roles)
                .filter(|(_, role)| !is_client(role))
                .map(|(spot, _)| spot);
            ring(rest, centre, ring_width, short, radius);
        }
        if is_high {
            for place in &mut places {
                *place = Point::new(place.y, place.x);
            }
        }
        Layout { places, radius }
    }
}

fn radius(nodes: usize, room: f64) -> f64 {
    let crowd = if nodes <= 6 {
        11.0
    } else {
        9.0 + nodes as f64 * 0.35
    };
    (room / crowd).clamp(6.0, 46.0)
}

fn ring<'a>(
    spots: impl Iterator<Item = &'a mut Point>,
    centre: Point,
    width: f64,
    height: f64,
    radius: f64,
) {
    let spots: Vec<&mut Point> = spots.collect();
    let count = spots.len() as f64;
    if spots.len() == 1 {
        spots.into_iter().for_each(|spot| *spot = centre);
        return;
    }
    let margin = radius * MARGIN;
    let (across, down) = (
        (width / 2.0 - margin).max(0.0),
        (height / 2.0 - margin).max(0.0),
    );
    for (place, spot) in spots.into_iter().enumerate() {
        // The first stands at the top, and they go on clockwise.
        let turn = 2.0 * std::f64::consts::PI * (place as f64 / count - 0.25);
        *spot = Point::new(
            centre.x + across * libm::cos(turn),
            centre.y + down * libm::sin(turn),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_stay_inside_and_apart_in_every_size() {
        let mut roles = vec!["client", "client", "bank"];
        for extra in 0..30 {
            for (width, height) in [(900.0, 480.0), (360.0, 420.0), (320.0, 150.0)] {
                let layout = Layout::new(&roles, width, height);
                for (i, place) in layout.places.iter().enumerate() {
                    let r = layout.radius;
                    assert!(
                        place.x >= r && place.x <= width - r,
                        "{extra}: {place:?} in {width} x {height}"
                    );
                    assert!(
                        place.y >= r && place.y <= height - r,
                        "{extra}: {place:?} in {width} x {height}"
                    );
                    if roles.len() <= 6 && width > 330.0 {
                        let apart = layout.places[..i]
                            .iter()
                            .all(|other| other.distance(*place) > 2.0 * r);
                        assert!(apart, "{roles:?} in {width} x {height}");
                    }
                }
            }
            roles.push("server");
        }
    }
}
