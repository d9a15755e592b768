//! The listing from which a protocol's words, and the numbers of its kinds, are made: [`vocabulary!`](crate::vocabulary!).
//!
//! The trace knows a message by its kind, which is its place among the words of the protocol. A listing says each kind
//! once, with the pattern that a message of this kind matches, so that no place can disagree with the words.

use crate::protocol::{Gist, MessageSort, MessageWord, NTP_KIND, TimerWord, Vocabulary};

/// A mechanism that several protocols embed: it has messages and timers of its own, with the words for them.
///
/// A protocol that embeds it has a variant for its messages and one for its timers, and names both at the end of its
/// listing.
pub trait Part {
    /// What the mechanism's instances send to each other.
    type Message;
    /// What they wait for.
    type Timer;
    /// The words for both.
    const VOCABULARY: Vocabulary;

    /// What a message says, for the trace.
    fn gist(message: &Self::Message) -> Gist;

    /// Which timer of the vocabulary this is.
    fn timer_kind(timer: &Self::Timer) -> u8;
}

/// What can be one of the three numbers of a [`Gist`].
pub trait Number {
    /// It, as the trace holds it.
    fn number(&self) -> i64;
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl Number for $number {
            #[inline]
            fn number(&self) -> i64 {
                *self as i64
            }
        })*
    };
}

numbers! { u8 u16 u32 u64 usize i32 i64 }

impl<N: Number> Number for &N {
    #[inline]
    fn number(&self) -> i64 {
        (**self).number()
    }
}

/// The gist of a message of this kind, with as many numbers as its words have a place for; the others are 0.
#[inline]
pub fn gist<const COUNT: usize>(kind: u8, numbers: [i64; COUNT]) -> Gist {
    const { assert!(COUNT <= 3, "a message says three numbers at most") };
    let mut args = [0; 3];
    args[..COUNT].copy_from_slice(&numbers);
    Gist { kind, args }
}

/// Refuses a listing in which two kinds have one name, or that has too many kinds. `own` are the listing's own messages,
/// without those of its part, and `numbers` says how many numbers each of them has: its words may have a place for no
/// others.
pub const fn check(words: &Vocabulary, own: &[MessageWord], numbers: &[usize]) {
    let (messages, timers) = (words.messages, words.timers);
    assert!(
        messages.len() <= NTP_KIND as usize && timers.len() <= NTP_KIND as usize,
        "a protocol has 255 kinds at most"
    );
    let mut place = 0;
    while place < messages.len() {
        assert!(
            message_kind(messages, messages[place].name) as usize == place,
            "two kinds of messages have one name"
        );
        place += 1;
    }
    place = 0;
    while place < timers.len() {
        assert!(
            timer_kind(timers, timers[place].says) as usize == place,
            "two kinds of timers say the same"
        );
        place += 1;
    }
    place = 0;
    while place < own.len() {
        assert!(numbers[place] <= 3, "a message says three numbers at most");
        check_places(own[place].label, numbers[place]);
        check_places(own[place].says, numbers[place]);
        place += 1;
    }
}

/// Refuses a text with a place for a number beyond so many.
const fn check_places(text: &str, numbers: usize) {
    let text = text.as_bytes();
    let mut place = 1;
    while place < text.len() {
        if text[place - 1] == b'{' && text[place].is_ascii_digit() {
            assert!(
                ((text[place] - b'0') as usize) < numbers,
                "the words have a place for a number that the message does not have"
            );
        }
        place += 1;
    }
}

/// The place among `words` of the one with this name.
pub const fn message_kind(words: &[MessageWord], name: &str) -> u8 {
    let mut place = 0;
    while !is_same(words[place].name, name) {
        place += 1;
    }
    place as u8
}

/// The place among `words` of the one that says this.
pub const fn timer_kind(words: &[TimerWord], says: &str) -> u8 {
    let mut place = 0;
    while !is_same(words[place].says, says) {
        place += 1;
    }
    place as u8
}

/// Whether both texts are the same, for constants.
pub const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

/// What a vocabulary has several of.
pub trait Word: Copy {
    /// One that says nothing.
    const BLANK: Self;
}

impl Word for MessageWord {
    const BLANK: MessageWord = MessageWord {
        name: "",
        label: "",
        says: "",
        sort: MessageSort::Request,
    };
}

impl Word for TimerWord {
    const BLANK: TimerWord = TimerWord {
        says: "",
        is_timeout: false,
    };
}

/// The words of `one`, then those of `other`: `COUNT` together, which may be none.
pub const fn joined<W: Word, const COUNT: usize>(one: &[W], other: &[W]) -> [W; COUNT] {
    assert!(one.len() + other.len() == COUNT);
    let mut all = [W::BLANK; COUNT];
    let mut place = 0;
    while place < COUNT {
        all[place] = if place < one.len() {
            one[place]
        } else {
            other[place - one.len()]
        };
        place += 1;
    }
    all
}

/// Lists what a protocol sends, waits for and can be told, in its `impl Protocol` block.
///
/// From the listing come [`VOCABULARY`](crate::Protocol::VOCABULARY), [`gist`](crate::Protocol::gist),
/// [`timer_kind`](crate::Protocol::timer_kind) and [`on_operation`](crate::Protocol::on_operation). A row is a *kind*, and
/// its number in the trace is its place, so a row may be added after the others of its section, but never be moved.
///
/// ```
/// # use sim::{Context, NodeId, Protocol};
/// # use sim::protocol::{Description, Outlook};
/// #[derive(Clone, Hash)]
/// struct Node;
/// #[derive(Clone, Hash)]
/// enum Message {
///     Add { operation: u32, amount: i64 },
///     Done { operation: u32, is_new: bool },
/// }
/// #[derive(Clone, Hash)]
/// enum Timer {
///     Next,
///     NoAnswer,
/// }
///
/// impl Protocol for Node {
///     type Message = Message;
///     type Timer = Timer;
///     type Record = ();
///
///     sim::vocabulary! {
///         messages {
///             Message::Add { operation, amount } => Request "add" [operation, amount] {
///                 label: "add {1}",
///                 says: "add {1}, by operation #{0}",
///             }
///             Message::Done { operation, is_new } if *is_new => Reply "done" [operation] {
///                 label: "ok #{0}",
///                 says: "operation #{0} is done",
///             }
///             Message::Done { operation, .. } => Reply "known" [operation] {
///                 label: "known #{0}",
///                 says: "operation #{0} was done before",
///             }
///         }
///         timers {
///             Timer::Next => "time for the next operation",
///             Timer::NoAnswer => timeout "no answer in time",
///         }
///         operations {
///             "add": "Add so much at once" by ["node"] takes Number => Node::add,
///         }
///     }
///
///     # fn on_start(&mut self, _: &mut Context<'_, Self>) {}
///     # fn on_message(&mut self, _: NodeId, _: Message, _: &mut Context<'_, Self>) {}
///     # fn on_timer(&mut self, _: Timer, _: &mut Context<'_, Self>) {}
///     # fn describe(&self, _: &Outlook<'_>) -> Description { Description::default() }
///     // on_start, on_message, on_timer, describe
/// }
///
/// impl Node {
///     fn add(&mut self, amount: i64, context: &mut Context<'_, Node>) {
///         context.send(context.me(), Message::Add { operation: 1, amount });
///     }
/// }
///
/// let gist = Node::gist(&Message::Done { operation: 7, is_new: false });
/// assert_eq!((gist.kind, gist.args), (2, [7, 0, 0]));
/// assert_eq!(Node::timer_kind(&Timer::NoAnswer), 1);
/// assert_eq!(Node::VOCABULARY.messages[2].name, "known");
/// ```
///
/// - **A message** is of the first kind whose pattern it matches. After `=>` come its
///   [sort](crate::protocol::MessageSort), its name, and up to three [numbers](Number) for `{0}` to `{2}` in its words. The
///   rows must cover every message, as the arms of a `match` must.
/// - **A timer** has the words for what happens when it fires; `timeout` says that a wait then ends without what it was for.
///   A protocol without timers has none of these rows, and [`Infallible`](std::convert::Infallible) for its timers.
/// - **An operation** has its name in links, what it does, the roles that know it, what its
///   [argument](crate::protocol::Argument) is if it takes one, and who does it: a
///   `fn(&mut Self, argument: i64, context: &mut Context<'_, Self>)`. Where only one role of the node does it, and needs no
///   argument, it is a method of that role: `Node::Client => Client::begin`. The section can be left out.
/// - **A part** that is embedded comes last, with the variants for its messages and timers, whose kinds follow the
///   protocol's own: `part Log { Message::Log, Timer::Log }`. A [`Part`] lists its own words with this macro, too.
///
/// A message without a row does not compile:
///
/// ```compile_fail,E0004
/// # use sim::vocabulary::Part;
/// # struct Node;
/// # enum Message { Add, Done }
/// # impl Part for Node {
/// #     type Message = Message;
/// #     type Timer = ();
/// sim::vocabulary! {
///     messages {
///         Message::Add => Request "add" [] { label: "add", says: "add one" }
///         // Message::Done is missing
///     }
///     timers { () => "time for the next operation", }
/// }
/// # }
/// ```
///
/// Nor do two kinds of one name, four numbers, or a place for a number that the message does not have:
///
/// ```compile_fail,E0080
/// # use sim::vocabulary::Part;
/// # struct Node;
/// # enum Message { Add, Done }
/// # impl Part for Node {
/// #     type Message = Message;
/// #     type Timer = ();
/// sim::vocabulary! {
///     messages {
///         Message::Add => Request "add" [] { label: "add", says: "add one" }
///         Message::Done => Reply "add" [] { label: "done", says: "done" }
///     }
///     timers { () => "time for the next operation", }
/// }
/// # }
/// ```
///
/// ```compile_fail,E0080
/// # use sim::vocabulary::Part;
/// # struct Node;
/// # impl Part for Node {
/// #     type Message = i64;
/// #     type Timer = ();
/// sim::vocabulary! {
///     messages {
///         number => Request "add" [number, 2, 3, 4] { label: "add", says: "add {0}" }
///     }
///     timers { () => "time for the next operation", }
/// }
/// # }
/// ```
///
/// ```compile_fail,E0080
/// # use sim::vocabulary::Part;
/// # struct Node;
/// # impl Part for Node {
/// #     type Message = i64;
/// #     type Timer = ();
/// sim::vocabulary! {
///     messages {
///         number => Request "add" [number] { label: "add", says: "add {1}" }
///     }
///     timers { () => "time for the next operation", }
/// }
/// # }
/// ```
#[macro_export]
macro_rules! vocabulary {
    (@is_timeout) => { false };
    (@is_timeout timeout) => { true };
    (@takes) => { $crate::protocol::Argument::Nothing };
    (@takes $takes:ident) => { $crate::protocol::Argument::$takes };
    (@handle $handle:path) => { $handle };
    (@handle $role:path => $handle:path) => {
        |node, _, context| if let $role(role) = node { $handle(role, context) }
    };
    (@with $sort:ident $own:expr;) => { $own };
    (@with $sort:ident $own:expr; $part:ty) => {{
        const PART: $crate::protocol::Vocabulary = <$part as $crate::vocabulary::Part>::VOCABULARY;
        const COUNT: usize = $own.len() + PART.$sort.len();
        &$crate::vocabulary::joined::<_, COUNT>($own, PART.$sort)
    }};
    (
        messages { $(
            $message:pat $(if $guard:expr)? => $sort:ident $name:literal [$($number:expr),* $(,)?] {
                label: $label:literal,
                says: $says:literal $(,)?
            }
        )+ }
        timers { $($timer:pat => $($timeout:ident)? $fires:literal),* $(,)? }
        $(operations {
            $($operation:literal: $does:literal by $roles:tt $(takes $takes:ident)? => $handle:path $(=> $act:path)?),+ $(,)?
        })?
        $(part $part:ty { $part_message:path, $part_timer:path })?
    ) => {
        const VOCABULARY: $crate::protocol::Vocabulary = {
            const MESSAGES: &[$crate::protocol::MessageWord] = &[$($crate::protocol::MessageWord {
                name: $name,
                label: $label,
                says: $says,
                sort: $crate::protocol::MessageSort::$sort,
            }),+];
            const TIMERS: &[$crate::protocol::TimerWord] = &[$($crate::protocol::TimerWord {
                says: $fires,
                is_timeout: $crate::vocabulary!(@is_timeout $($timeout)?),
            }),*];
            const NUMBERS: &[usize] = &[$(<[&str]>::len(&[$(stringify!($number)),*])),+];
            const WORDS: $crate::protocol::Vocabulary = $crate::protocol::Vocabulary {
                messages: $crate::vocabulary!(@with messages MESSAGES; $($part)?),
                timers: $crate::vocabulary!(@with timers TIMERS; $($part)?),
                operations: &[$($($crate::protocol::OperationWord {
                    name: $operation,
                    does: $does,
                    roles: &$roles,
                    takes: $crate::vocabulary!(@takes $($takes)?),
                }),+)?],
            };
            const _: () = $crate::vocabulary::check(&WORDS, MESSAGES, NUMBERS);
            WORDS
        };

        #[inline]
        fn gist(message: &Self::Message) -> $crate::protocol::Gist {
            match message {
                $($message $(if $guard)? => {
                    let kind = const {
                        $crate::vocabulary::message_kind(Self::VOCABULARY.messages, $name)
                    };
                    $crate::vocabulary::gist(kind, [$($crate::vocabulary::Number::number(&$number)),*])
                })+
                $($part_message(message) => {
                    let before = const {
                        let part = <$part as $crate::vocabulary::Part>::VOCABULARY;
                        (Self::VOCABULARY.messages.len() - part.messages.len()) as u8
                    };
                    let gist = <$part as $crate::vocabulary::Part>::gist(message);
                    $crate::protocol::Gist { kind: before + gist.kind, ..gist }
                })?
            }
        }

        #[inline]
        fn timer_kind(timer: &Self::Timer) -> u8 {
            match *timer {
                $($timer => const {
                    $crate::vocabulary::timer_kind(Self::VOCABULARY.timers, $fires)
                },)*
                $($part_timer(ref timer) => {
                    let before = const {
                        let part = <$part as $crate::vocabulary::Part>::VOCABULARY;
                        (Self::VOCABULARY.timers.len() - part.timers.len()) as u8
                    };
                    before + <$part as $crate::vocabulary::Part>::timer_kind(timer)
                })?
            }
        }

        $(fn on_operation(
            &mut self,
            operation: u8,
            argument: i64,
            context: &mut $crate::Context<'_, Self>,
        ) {
            let handlers: &[fn(&mut Self, i64, &mut $crate::Context<'_, Self>)] =
                &[$($crate::vocabulary!(@handle $handle $(=> $act)?)),+];
            if let Some(handle) = handlers.get(usize::from(operation)) {
                handle(self, argument, context);
            }
        })?
    };
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// What a server says to its clients, and to the other servers by a clock.
    struct Server;

    enum Message {
        Says { key: i64, is_known: bool },
        Bye,
        Clock(u8),
    }

    enum Timer {
        Next,
        Silence,
        Clock(()),
    }

    impl Part for Server {
        type Message = Message;
        type Timer = Timer;

        crate::vocabulary! {
            messages {
                Message::Says { key, is_known: true } => Reply "known" [key, 8_u32, 9_usize] {
                    label: "{0}",
                    says: "{0}, {1}, {2}",
                }
                Message::Says { key, .. } if *key < 0 => Refusal "negative" [key] {
                    label: "",
                    says: "no",
                }
                Message::Says { .. } | Message::Bye => Reply "unknown" [] { label: "", says: "?" }
            }
            timers {
                Timer::Next => "next",
                Timer::Silence => timeout "silence",
            }
            part Clock { Message::Clock, Timer::Clock }
        }
    }

    struct Clock;

    impl Part for Clock {
        type Message = u8;
        type Timer = ();

        crate::vocabulary! {
            messages {
                0 => Request "ask" [] { label: "", says: "what time is it?" }
                hour => Reply "tell" [hour] { label: "{0}", says: "it is {0}" }
            }
            timers { () => "tick" }
        }
    }

    /// Neither it nor its part waits for anything.
    struct Listener;

    enum Heard {
        Noise,
        Ear(()),
    }

    #[expect(dead_code, reason = "there is no timer")]
    enum Never {
        Ear(Infallible),
    }

    impl Part for Listener {
        type Message = Heard;
        type Timer = Never;

        crate::vocabulary! {
            messages { Heard::Noise => Request "noise" [] { label: "", says: "noise" } }
            timers {}
            part Ear { Heard::Ear, Never::Ear }
        }
    }

    struct Ear;

    impl Part for Ear {
        type Message = ();
        type Timer = Infallible;

        crate::vocabulary! {
            messages { () => Request "word" [] { label: "", says: "a word" } }
            timers {}
        }
    }

    #[test]
    fn neither_a_protocol_nor_its_part_needs_timers() {
        let kinds = [Heard::Noise, Heard::Ear(())].map(|heard| Listener::gist(&heard).kind);
        assert_eq!(kinds, [0, 1]);
        assert!(Listener::VOCABULARY.timers.is_empty());
    }

    #[test]
    fn a_kind_is_its_place_and_has_its_numbers() {
        let says = |key, is_known| Message::Says { key, is_known };
        let examples = [
            ("known", says(7, true), [7, 8, 9]),
            ("negative", says(-1, false), [-1, 0, 0]),
            ("unknown", says(1, false), [0; 3]),
            ("ask", Message::Clock(0), [0; 3]),
            ("tell", Message::Clock(12), [12, 0, 0]),
        ];
        let words = Server::VOCABULARY.messages;
        assert_eq!(words.len(), examples.len());
        for (place, (name, message, args)) in examples.into_iter().enumerate() {
            let kind = place as u8;
            assert_eq!(Server::gist(&message), Gist { kind, args });
            assert_eq!(words[place].name, name);
        }
        assert_eq!(Server::gist(&Message::Bye).kind, 2);
    }

    #[test]
    fn a_timer_s_kind_is_its_place() {
        let examples = [Timer::Next, Timer::Silence, Timer::Clock(())];
        let kinds = examples.iter().map(Server::timer_kind);
        assert_eq!(kinds.collect::<Vec<u8>>(), [0, 1, 2]);
        let timeouts = Server::VOCABULARY.timers.iter();
        let timeouts = timeouts.map(|word| (word.says, word.is_timeout));
        let expected = [("next", false), ("silence", true), ("tick", false)];
        assert_eq!(timeouts.collect::<Vec<_>>(), expected);
    }
}
