//! Filters, as plans and links write them: `filter:pay`, `filter.a..b:pay*0.5`.

use sim::network::Filter;
use sim::protocol::MessageWord;
use sim::random::Probability;

use crate::model::{Filtering, Scenario};
use crate::terms::name::name_of;
use crate::terms::quantity::{Range, Unit, shortened};
use crate::terms::scope::Scope;
use crate::terms::words::nearest_or_all;

/// The word for messages of every kind.
const ANY: &str = "any";

/// The names of the messages, each once: several words may have one, as an answer that grants and one that refuses.
fn names(messages: &'static [MessageWord]) -> impl Iterator<Item = &'static str> + Clone {
    let is_first = move |place: &usize| {
        let name = messages[*place].name;
        !messages[..*place].iter().any(|word| word.name == name)
    };
    let places = (0..messages.len()).filter(is_first);
    places.map(move |place| messages[place].name)
}

impl Filtering {
    /// Reads what stands after `filter.` and after the colon.
    pub(super) fn parse(
        scope: &str,
        argument: &str,
        scenario: &Scenario,
    ) -> Result<Filtering, String> {
        let scope = match scope {
            "" => Scope::ALL,
            links => Scope::parse(links, &scenario.names())?,
        };
        let (kind, share) = argument.split_once('*').unwrap_or((argument, "1"));
        let messages = scenario.protocol.vocabulary.messages;
        let place = messages.iter().position(|word| word.name == kind);
        let kind = match place {
            _ if kind == ANY => None,
            Some(place) => Some(place as u8),
            None => {
                let near = nearest_or_all(kind, names(messages));
                return Err(format!(
                    "no message is called \"{}\"{near}",
                    shortened(kind)
                ));
            }
        };
        let share = Range::SHARE
            .parse(share)
            .map_err(|what| format!("the share {what}"))?;
        Ok(Filtering { scope, kind, share })
    }

    /// Writes what stands after `filter`.
    pub(super) fn format(&self, scenario: &Scenario) -> String {
        let scope = match self.scope {
            Scope::ALL => String::new(),
            scope => format!(".{}", scope.format(&scenario.names())),
        };
        let messages = scenario.protocol.vocabulary.messages;
        let kind = self.kind.map_or(ANY, |kind| {
            messages
                .get(usize::from(kind))
                .map_or(ANY, |word| word.name)
        });
        let share = match self.share {
            1.0 => String::new(),
            share => format!("*{}", Unit::Share.format(share)),
        };
        format!("{scope}:{kind}{share}")
    }

    /// What the kernel keeps, by name.
    pub(super) fn filters(&self, count: usize) -> Vec<(u32, Filter)> {
        let (from, to, both) = self.scope.parts();
        let kind = self.kind.map_or(0, |kind| u128::from(kind) + 1);
        let selectors = self.scope.selectors(count).into_iter().zip(0u128..);
        let named = selectors.map(|(links, place)| {
            let flags = kind | u128::from(both) << 16 | place << 32;
            let filter = Filter {
                links,
                kind: self.kind,
                share: Probability::new(self.share),
            };
            (name_of([9, from.bits(), to.bits(), flags]), filter)
        });
        named.collect()
    }
}
