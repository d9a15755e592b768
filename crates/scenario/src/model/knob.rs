//! What can be set. Which knobs a scenario has, and where they stand, is in `knob`.

use protocols::ParameterSpec;
use sim::NodeId;

use crate::setting::{LinkSetting, NodePart, NodeSetting, Slider};
use crate::terms::limits::parameter_range;
use crate::terms::quantity::{Range, Unit};
use crate::terms::scope::Scope;

/// Something that can be set.
#[derive(Clone, Copy, Debug)]
pub enum Knob {
    /// A setting of links.
    Link(&'static LinkSetting, Scope),
    /// A setting of a node.
    Node(&'static NodeSetting, NodeId),
    /// A setting of the protocol. It holds for the whole run.
    Parameter(&'static ParameterSpec),
}

/// Where a knob stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The network's knobs.
    Network,
    /// The clocks' knobs.
    Clocks,
    /// The processes' and disks' knobs.
    Processes,
    /// The protocol's knobs.
    Protocol,
}

impl PartialEq for Knob {
    fn eq(&self, other: &Knob) -> bool {
        match (self, other) {
            (Knob::Link(a, here), Knob::Link(b, there)) => a.key == b.key && here == there,
            (Knob::Node(a, here), Knob::Node(b, there)) => a.key == b.key && here == there,
            (Knob::Parameter(a), Knob::Parameter(b)) => a.id == b.id,
            _ => false,
        }
    }
}

impl Knob {
    /// What it does, in one sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            Knob::Link(setting, _) => setting.hint,
            Knob::Node(setting, _) => setting.hint,
            Knob::Parameter(spec) => spec.about,
        }
    }

    /// Where it stands on the page.
    pub fn group(&self) -> Group {
        match self {
            Knob::Link(..) => Group::Network,
            Knob::Node(setting, _) => match setting.part {
                NodePart::Service | NodePart::Inbox | NodePart::Pauses | NodePart::Disk => {
                    Group::Processes
                }
                NodePart::Skew
                | NodePart::Drift
                | NodePart::Monotonic
                | NodePart::Wobble
                | NodePart::Uncertainty
                | NodePart::Ntp => Group::Clocks,
            },
            Knob::Parameter(_) => Group::Protocol,
        }
    }

    /// What it may be set to.
    pub fn range(&self) -> Range {
        match self {
            Knob::Link(setting, _) => setting.range,
            Knob::Node(setting, _) => setting.range,
            Knob::Parameter(spec) => parameter_range(spec),
        }
    }

    /// How a slider shows it.
    pub fn slider(&self) -> Slider {
        match self {
            Knob::Link(setting, _) => setting.slider,
            Knob::Node(setting, _) => setting.slider,
            Knob::Parameter(spec) => parameter_slider(&parameter_range(spec)),
        }
    }

    /// Whether it can be turned while the run goes on. Other knobs hold for the whole run.
    pub fn is_live(&self) -> bool {
        !matches!(self, Knob::Parameter(_))
    }
}

fn parameter_slider(range: &Range) -> Slider {
    let (min, max) = (range.min, range.max);
    match range.unit {
        Unit::Duration => Slider::ms(min / 1e6, max / 1e6, 1.0).by_ratios(),
        Unit::Share => Slider {
            min: min * 100.0,
            ..Slider::percent(max * 100.0, 1.0)
        },
        _ => Slider::plain(min, max, 1.0),
    }
}
