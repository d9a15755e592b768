//! Enums whose numbers are part of every trace.

/// Defines an enum whose variants are known by numbers, each said once beside its variant.
///
/// The enum has `ALL`, its variants in the order of their numbers; `code`, a variant's number; and `from_code`, the
/// variant of a number. A number is part of every digest: it is never changed or reused.
macro_rules! coded {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $code:literal,)+
        }
    ) => {
        $(#[$about])*
        ///
        /// The numbers are part of every digest: never change or reuse one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$doc])* $variant = $code,)+
        }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// Its number in a trace.
            #[inline]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The one with this number; `None` if none has it.
            pub const fn from_code(code: u8) -> Option<$name> {
                match code {
                    $($code => Some($name::$variant),)+
                    _ => None,
                }
            }
        }

        $crate::trace::coded::ascending!($($code),+);
    };
}

/// Refuses to compile numbers that do not ascend: one that is there twice, or in the wrong place.
macro_rules! ascending {
    ($($code:literal),+) => {
        const _: () = {
            let codes = [$($code),+];
            let mut place = 1;
            while place < codes.len() {
                assert!(codes[place - 1] < codes[place], "the numbers do not ascend");
                place += 1;
            }
        };
    };
}

pub(crate) use ascending;
pub(crate) use coded;
