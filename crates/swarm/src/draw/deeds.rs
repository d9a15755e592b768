//! What is done to a run.

use sim::action::Meddling;
use sim::network::{Filter, LinkChange, LinkSelector, Ordering};
use sim::{Action, Intervention, MessageId, NodeChange, SimTime, Target};

use super::Draw;

impl Draw<'_> {
    fn target(&mut self) -> Target {
        let node = self.node();
        self.choices.pick(&[
            Target::Node(node),
            Target::Random,
            Target::Leader,
            Target::Majority,
            Target::Minority,
            Target::All,
        ])
    }

    fn selector(&mut self) -> LinkSelector {
        let (from, to) = (self.node(), self.node());
        self.choices.pick(&[
            LinkSelector::All,
            LinkSelector::Pair(from, to),
            LinkSelector::From(from),
            LinkSelector::To(to),
        ])
    }

    /// A small number: names of things that are to meet each other again.
    fn name(&mut self) -> u32 {
        self.choices.below(3) as u32
    }

    fn name_or_all(&mut self) -> Option<u32> {
        let name = self.name();
        self.choices.pick(&[Some(name), None])
    }

    /// Something that is done to a run, at a moment from its beginning to its end.
    pub fn intervention(&mut self) -> Intervention {
        let at = SimTime::from_nanos(self.end.as_nanos() / 256 * self.choices.below(256));
        Intervention {
            at,
            action: self.action(),
        }
    }

    /// Something that can be done to a run, each kind about as often.
    pub fn action(&mut self) -> Action {
        match self.choices.below(24) {
            0 => Action::Crash(self.target()),
            1 | 2 => Action::Restart(self.target()),
            3 => Action::Pause(self.target()),
            4 | 5 => Action::Resume(self.target()),
            6 => Action::Limp(self.target(), self.permille()),
            7 => Action::StepClock(self.target(), self.shift(3000)),
            8 => Action::SlewClock(self.target(), self.shift(500), self.rate()),
            9 => Action::Drift(self.target(), self.rate()),
            10 => Action::MonotonicRate(self.target(), self.rate()),
            11 => Action::Link(self.selector(), self.link_change()),
            12 => Action::Cut {
                name: self.name(),
                shape: self.shape(),
                mode: self.mode(),
            },
            13 => Action::Isolate {
                name: self.name(),
                target: self.target(),
                mode: self.mode(),
            },
            14 => Action::Heal(self.name_or_all()),
            15 => Action::AddFilter(self.name(), self.filter()),
            16 => Action::RemoveFilter(self.name_or_all()),
            17 | 18 => Action::Message(self.message(), self.meddling()),
            19 => Action::WipeDisk(self.target()),
            20 => Action::SlowDisk(self.target(), self.permille()),
            21 => Action::Node(self.target(), self.node_change()),
            22 => self.fault_by_itself(),
            _ => Action::Operation {
                target: self.target(),
                operation: self.choices.below(2) as u8,
                argument: self.shift(1),
            },
        }
    }

    fn fault_by_itself(&mut self) -> Action {
        match self.choices.below(4) {
            0 => Action::AddMishap(self.name(), self.mishap()),
            1 => Action::RemoveMishap(self.name_or_all()),
            2 => Action::AddFlapping(self.name(), self.flapping()),
            _ => Action::RemoveFlapping(self.name_or_all()),
        }
    }

    fn message(&mut self) -> MessageId {
        MessageId(self.choices.below(256) as u32 * 4)
    }

    /// What is done by hand to a message.
    pub fn meddling(&mut self) -> Meddling {
        let delay = Meddling::Delay(self.length(500));
        self.choices.pick(&[
            Meddling::Drop,
            delay,
            Meddling::Duplicate,
            Meddling::DeliverNow,
            Meddling::Corrupt,
        ])
    }

    fn filter(&mut self) -> Filter {
        Filter {
            links: self.selector(),
            kind: self.option(|draw| draw.choices.below(3) as u8),
            share: self.probability(1.0),
        }
    }

    fn link_change(&mut self) -> LinkChange {
        match self.choices.below(7) {
            0 => LinkChange::Latency(self.latency()),
            1 => LinkChange::Loss(self.probability(0.6)),
            2 => LinkChange::Bursts(self.option(Self::bursts)),
            3 => LinkChange::Duplication(self.duplication()),
            4 => LinkChange::Corruption(self.corruption()),
            5 => LinkChange::Ordering(self.option(Self::fifo).unwrap_or(Ordering::Datagram)),
            _ => LinkChange::Bandwidth(self.option(Self::bandwidth)),
        }
    }

    fn node_change(&mut self) -> NodeChange {
        match self.choices.below(6) {
            0 => NodeChange::Service(self.length(50)),
            1 => NodeChange::Inbox(self.choices.below(10) as u32),
            2 => NodeChange::Disk(self.disk()),
            3 => NodeChange::Wobble(self.option(Self::wobble)),
            4 => NodeChange::Uncertainty(self.uncertainty()),
            _ => NodeChange::Ntp(self.option(Self::ntp)),
        }
    }
}
