//! The settings of links.

use super::{Number, Setting, Slider};
use crate::terms::limits::{LATENCY, SECOND};
use crate::terms::quantity::{OFF_ON, Range};

/// A setting of links.
pub type LinkSetting = Setting<Network, LinkPart>;

/// A part of a link's settings, which the kernel changes together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPart {
    /// How long messages travel.
    Latency,
    /// Independent loss.
    Loss,
    /// Bursty loss.
    Bursts,
    /// Duplicates.
    Duplication,
    /// Corruption.
    Corruption,
    /// Order.
    Ordering,
    /// The bottleneck.
    Bandwidth,
}

settings! {
    /// The settings of links. Times are in nanoseconds, chances are shares, sizes are bytes.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Network {}

    /// Every setting of links, in the order in which the page shows them.
    pub const LINK_SETTINGS: [LinkPart] {
        /// How long a message typically travels.
        latency: f64 = 50e6 => "latency", "Latency", Latency,
            LATENCY, Slider::ms(0.0, 1000.0, 1.0).by_ratios();

        /// How much the latency varies from message to message: its standard deviation.
        jitter: f64 = 10e6 => "jitter", "Jitter", Latency,
            LATENCY, Slider::ms(0.0, 500.0, 1.0).by_ratios();

        /// How latencies are distributed.
        shape: Shape = Shape::LogNormal => "shape", "Latency's shape", Latency,
            Range::words(&Shape::WORDS), Slider::words(Shape::WORDS.len());

        /// How light the tail of a Pareto latency is: at 1 and below it has no mean.
        tail: f64 = 3.0 => "tail", "Tail's index", Latency,
            Range::number(0.5, 20.0), Slider::plain(0.5, 5.0, 0.1);

        /// No message is faster.
        floor: f64 = 0.0 => "floor", "Shortest latency", Latency,
            LATENCY, Slider::ms(0.0, 500.0, 1.0).by_ratios();

        /// No message is slower, except for spikes.
        cap: f64 = 60.0 * SECOND => "cap", "Longest latency", Latency,
            Range::duration(0.0, 600.0 * SECOND), Slider::ms(0.0, 60_000.0, 10.0).by_ratios();

        /// The share of messages that come much later.
        spike: f64 = 0.0 => "spike", "Latency spikes", Latency,
            Range::SHARE, Slider::percent(20.0, 0.5);

        /// How much later a spike makes a message.
        spike_extra: f64 = SECOND => "spike-extra", "Spikes' height", Latency,
            Range::duration(0.0, 60.0 * SECOND), Slider::ms(0.0, 10_000.0, 10.0).by_ratios();

        /// The share of messages that never arrive, each lost on its own.
        loss: f64 = 0.0 => "loss", "Loss", Loss,
            Range::SHARE, Slider::percent(100.0, 1.0);

        /// The share of messages that meet a burst of loss.
        bursts: f64 = 0.0 => "bursts", "Bursts of loss", Bursts,
            Range::share(0.0, 0.5), Slider::percent(50.0, 0.5);

        /// How many messages a burst meets on average.
        burst_length: f64 = 8.0 => "burst-length", "Bursts' length", Bursts,
            Range::number(1.0, 10_000.0), Slider::plain(1.0, 100.0, 1.0);

        /// The share of messages that never arrive while a burst lasts.
        burst_loss: f64 = 1.0 => "burst-loss", "Loss in a burst", Bursts,
            Range::SHARE, Slider::percent(100.0, 1.0);

        /// The share of messages that arrive more than once.
        duplication: f64 = 0.0 => "duplication", "Duplication", Duplication,
            Range::SHARE, Slider::percent(100.0, 1.0);

        /// How many extra copies a duplicated message has.
        copies: f64 = 1.0 => "copies", "Extra copies", Duplication,
            Range::count(1.0, 16.0), Slider::plain(1.0, 8.0, 1.0);

        /// By how much at most a copy comes later.
        spread: f64 = 100e6 => "spread", "Copies' delay", Duplication,
            Range::duration(0.0, 60.0 * SECOND), Slider::ms(0.0, 10_000.0, 10.0).by_ratios();

        /// The share of messages whose bits flip on the way.
        corruption: f64 = 0.0 => "corruption", "Corruption", Corruption,
            Range::SHARE, Slider::percent(100.0, 1.0);

        /// Whether a checksum finds corrupted messages and drops them.
        has_checksum: bool = true => "checksum", "Checksum", Corruption,
            Range::words(OFF_ON), Slider::words(OFF_ON.len());

        /// Whether messages may overtake each other, or stay in order as in TCP.
        is_fifo: bool = false => "ordering", "Order", Ordering,
            Range::words(&["datagram", "fifo"]), Slider::words(2);

        /// How long until an ordered link sends a lost message again.
        retransmit: f64 = 200e6 => "retransmit", "Retransmission", Ordering,
            Range::duration(1e6, 60.0 * SECOND), Slider::ms(1.0, 5000.0, 1.0).by_ratios();

        /// How many bytes pass per second.
        bandwidth: f64 = f64::INFINITY => "bandwidth", "Bandwidth", Bandwidth,
            Range::rate(1.0), Slider::kilobytes(1.0, 1e6, "kB/s");

        /// How many bytes may wait to pass; what does not fit is dropped.
        queue: f64 = 64e3 => "queue", "Queue", Bandwidth,
            Range::bytes(1.0), Slider::kilobytes(1.0, 1e6, "kB");
    }
}

/// Makes the shapes and their words in documents: one row each.
macro_rules! shapes {
    ($(#[$about:meta])* pub enum Shape { $(#[doc = $doc:literal] $shape:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Shape {
            $(#[doc = $doc] $shape,)*
        }

        impl Shape {
            const WORDS: [&str; [$($word),*].len()] = [$($word),*];
            const ALL: [Shape; Shape::WORDS.len()] = [$(Shape::$shape),*];
        }
    };
}

shapes! {
    /// The shape of a latency's distribution, given its middle and its standard deviation.
    pub enum Shape {
        /// Always the middle.
        Constant = "constant",
        /// The middle is the mean; all lengths from `middle - sqrt(3) jitter` to `middle + sqrt(3) jitter`.
        Uniform = "uniform",
        /// The middle is the mean; a bell.
        Normal = "normal",
        /// The middle is the median; a tail to the right, as on real networks.
        LogNormal = "log-normal",
        /// The middle is both the mean and the deviation.
        Exponential = "exponential",
        /// The middle is the median; a tail as heavy as its index says.
        Pareto = "pareto",
    }
}

impl Number for Shape {
    fn to_number(self) -> f64 {
        f64::from(self as u8)
    }

    fn of_number(number: f64) -> Shape {
        Shape::ALL[number as usize]
    }
}
