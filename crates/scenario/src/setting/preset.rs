//! Networks to start from.

use super::Network;

/// Makes a network to start from.
pub type Preset = fn() -> Network;

/// Networks to start from, by name.
pub const PRESETS: [(&str, Preset); 5] = [
    ("ideal", || Network {
        latency: 10e6,
        jitter: 0.0,
        ..Network::default()
    }),
    ("datacenter", || Network {
        latency: 0.5e6,
        jitter: 0.2e6,
        loss: 0.0001,
        ..Network::default()
    }),
    ("wide-area", || Network {
        latency: 80e6,
        jitter: 15e6,
        loss: 0.005,
        ..Network::default()
    }),
    ("mobile", || Network {
        latency: 120e6,
        jitter: 80e6,
        loss: 0.01,
        bursts: 0.03,
        burst_length: 12.0,
        ..Network::default()
    }),
    ("satellite", || Network {
        latency: 300e6,
        jitter: 20e6,
        loss: 0.01,
        floor: 240e6,
        ..Network::default()
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::LINK_SETTINGS;

    #[test]
    fn every_preset_is_in_range() {
        for (name, preset) in PRESETS {
            for setting in LINK_SETTINGS {
                let value = (setting.get)(&preset());
                assert_eq!(
                    setting.range.check(value),
                    Ok(value),
                    "{name}: {}",
                    setting.key
                );
            }
        }
    }
}
