//! Settings: the numbers of links and of nodes. From one row of a table come the field of the struct with its
//! documentation, its default, its entry in the document, its knob, its slider, its overrides on single links and
//! nodes, and its line in the schema.
//!
//! | module | its subject |
//! | --- | --- |
//! | `link` | the settings of links, and [`PRESETS`] in `preset` |
//! | `node` | the settings of nodes |
//! | `link_profile`, `node_profile` | what the kernel makes of them |
//! | `slider` | how a slider shows a number |
//!
//! To add a setting: its row in `link` or `node`, and its place in the kernel's profile.

/// A table of settings, and the struct that has them. One row is
///
/// ```text
/// /// What it does, in one sentence: its documentation here, and its hint on the page.
/// field: type = default => "key", "Label", Part, range, slider;
/// ```
///
/// `key` is its name in documents and links, `Part` what the kernel changes together with it.
macro_rules! settings {
    (
        $(#[$about:meta])*
        pub struct $Owner:ident {
            $($(#[$doc:meta])* pub $other:ident: $Other:ty = $nothing:expr,)*
        }
        $(#[$table_about:meta])*
        pub const $TABLE:ident: [$Part:ident] {
            $(
                #[doc = $hint:literal]
                $field:ident: $Field:ty = $default:expr => $key:literal, $label:literal, $part:ident,
                    $range:expr, $slider:expr;
            )*
        }
    ) => {
        $(#[$about])*
        pub struct $Owner {
            $($(#[$doc])* pub $other: $Other,)*
            $(#[doc = $hint] pub $field: $Field,)*
        }

        impl Default for $Owner {
            fn default() -> Self {
                $Owner {
                    $($other: $nothing,)*
                    $($field: $default,)*
                }
            }
        }

        $(#[$table_about])*
        pub const $TABLE: &[$crate::setting::Setting<$Owner, $Part>] = &[
            $($crate::setting::Setting {
                key: $key,
                label: $label,
                hint: $hint.trim_ascii(),
                range: $range,
                slider: $slider,
                part: $Part::$part,
                get: |owner| $crate::setting::Number::to_number(owner.$field),
                set: |owner, to| owner.$field = $crate::setting::Number::of_number(to),
            },)*
        ];
    };
}

mod link;
mod link_profile;
mod node;
mod node_profile;
mod preset;
mod slider;

pub use link::{LINK_SETTINGS, LinkPart, LinkSetting, Network, Shape};
pub use node::{NODE_SETTINGS, NodePart, NodeSetting, NodeSettings};
pub(crate) use node_profile::rate;
pub use preset::PRESETS;
pub use slider::Slider;

use crate::terms::quantity::Range;

/// A number that a `T` has.
#[derive(Debug)]
pub struct Setting<T: 'static, P: 'static> {
    /// Its name in documents and links.
    pub key: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub hint: &'static str,
    /// What it may be.
    pub range: Range,
    /// How a slider shows it.
    pub slider: Slider,
    /// The part of the `T` that the kernel changes with it.
    pub part: P,
    /// Its value.
    pub get: fn(&T) -> f64,
    /// Sets its value, which is in range.
    pub set: fn(&mut T, f64),
}

/// The setting of this name.
pub fn find<T, P>(table: &'static [Setting<T, P>], key: &str) -> Option<&'static Setting<T, P>> {
    table.iter().find(|setting| setting.key == key)
}

/// The names of all settings of links and of nodes.
pub fn keys() -> impl Iterator<Item = &'static str> + Clone {
    let links = LINK_SETTINGS.iter().map(|setting| setting.key);
    links.chain(NODE_SETTINGS.iter().map(|setting| setting.key))
}

/// What a field of a table can be: something that stands for a number.
trait Number {
    fn to_number(self) -> f64;
    fn of_number(number: f64) -> Self;
}

impl Number for f64 {
    fn to_number(self) -> f64 {
        self
    }

    fn of_number(number: f64) -> f64 {
        number
    }
}

impl Number for bool {
    fn to_number(self) -> f64 {
        f64::from(u8::from(self))
    }

    fn of_number(number: f64) -> bool {
        number != 0.0
    }
}

#[cfg(test)]
mod tests {
    use sim::NodeId;

    use super::*;

    /// Every setting of a table has a default in range, takes both ends of its range, and is the only one of its name.
    fn check<T: Default, P>(table: &'static [Setting<T, P>]) {
        for (place, setting) in table.iter().enumerate() {
            let (key, range) = (setting.key, setting.range);
            let mut owner = T::default();
            let default = (setting.get)(&owner);
            assert_eq!(range.check(default), Ok(default), "{key}");
            for value in [range.min, range.max] {
                (setting.set)(&mut owner, value);
                assert_eq!((setting.get)(&owner), value, "{key}");
            }
            assert!(table[..place].iter().all(|other| other.key != key), "{key}");
            assert!(setting.hint.ends_with('.'), "{key}: {}", setting.hint);
        }
    }

    /// Asserts that each setting changes what the kernel is given, at the beginning and while the run goes on. What it
    /// does may show only beside another setting: the tail's index only where the latency has a tail.
    fn check_is_read<T: Clone, P: Copy>(
        table: &'static [Setting<T, P>],
        plain: &T,
        given: impl Fn(&T, P) -> [String; 2],
    ) {
        let turned = |from: &T, setting: &Setting<T, P>, value| {
            let mut owner = from.clone();
            (setting.set)(&mut owner, value);
            owner
        };
        for setting in table {
            let ends = [setting.range.min, setting.range.max];
            let beside = table.iter().flat_map(|other| {
                let ends = [other.range.min, other.range.max];
                ends.map(|value| turned(plain, other, value))
            });
            let owners: Vec<T> = [plain.clone()].into_iter().chain(beside).collect();
            let is_read = |place: usize| {
                owners.iter().any(|owner| {
                    let before = given(owner, setting.part);
                    let mut after = ends.map(|value| turned(owner, setting, value)).into_iter();
                    after.any(|after| given(&after, setting.part)[place] != before[place])
                })
            };
            let key = setting.key;
            assert!(
                is_read(0),
                "the run begins the same whatever {key} is: `profile` of its owner, in this folder, is to read it"
            );
            assert!(
                is_read(1),
                "turning {key} changes nothing: `change` of its owner, in this folder, is to tell it"
            );
        }
    }

    #[test]
    fn every_setting_changes_what_the_kernel_is_given() {
        check_is_read(LINK_SETTINGS, &Network::default(), |network, part| {
            let change = network.change(part);
            [format!("{:?}", network.profile()), format!("{change:?}")]
        });
        let plain = NodeSettings {
            ntp: Some(NodeId(1)),
            ..NodeSettings::default()
        };
        check_is_read(NODE_SETTINGS, &plain, |node, part| {
            let pauses = node.strike_with_pauses(NodeId(0));
            let change = node.action(part, NodeId(0), 0.0);
            [
                format!("{:?} {pauses:?}", node.profile()),
                format!("{change:?}"),
            ]
        });
    }

    #[test]
    fn every_setting_gives_back_what_it_was_given_and_names_itself_once() {
        check(LINK_SETTINGS);
        check(NODE_SETTINGS);
    }
}
