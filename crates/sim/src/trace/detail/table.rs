//! What a detail is, and what is made of a list of details.

use crate::trace::kind::EventKind;

/// What the events of one kind say.
pub trait Detail: Copy {
    /// The kind of the events that say it.
    const KIND: EventKind;

    /// It as an event's `code` and `args`.
    fn pack(self) -> (u8, [i64; 3]);

    /// What [`Detail::pack`] packed; `None` for anything else.
    fn unpack(code: u8, args: [i64; 3]) -> Option<Self>;
}

/// Defines an enum whose variants are what events of one kind say, and how each lies in an event.
///
/// It is a [`Detail`], and has `CODES`, the name and number of each variant.
macro_rules! details {
    (
        $(#[$about:meta])*
        pub enum $name:ident of $kind:ident {
            $(
                $(#[$doc:meta])*
                $variant:ident = $code:literal
                $({ $($(#[$said:meta])* $field:ident: $type:ident $(<$of:ident>)? in [$arg:literal $(>> $bits:literal)?],)+ })?,
            )+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant $({ $($(#[$said])* $field: $type $(<$of>)?,)+ })?,)+
        }

        impl $name {
            /// The name and the number of each of them, in the order of their numbers.
            pub const CODES: &'static [(&'static str, u8)] = &[$((stringify!($variant), $code)),+];
        }

        ascending!($($code),+);

        impl $crate::trace::detail::table::Detail for $name {
            const KIND: $crate::trace::kind::EventKind = $crate::trace::kind::EventKind::$kind;

            fn pack(self) -> (u8, [i64; 3]) {
                #[allow(unused_mut, reason = "some have nothing to say")]
                let mut args = [0; 3];
                let code = match self {
                    $($name::$variant $({ $($field),+ })? => {
                        $($(args[$arg] |= $crate::trace::detail::field::Field::to_word($field) $(<< $bits)?;)+)?
                        $code
                    })+
                };
                (code, args)
            }

            fn unpack(code: u8, args: [i64; 3]) -> Option<$name> {
                Some(match code {
                    $($code => $name::$variant $({
                        $($field: $crate::trace::detail::field::Field::from_word(args[$arg] $(>> $bits)?)?,)+
                    })?,)+
                    _ => return None,
                })
            }
        }

        #[cfg(test)]
        impl $name {
            /// One of each, with other numbers each time.
            pub(in crate::trace) fn draw_each(bits: &mut impl FnMut() -> u64) -> Vec<$name> {
                vec![$($name::$variant $({
                    $($field: $crate::trace::detail::field::Field::draw(bits()),)+
                })?),+]
            }
        }
    };
}

pub(in crate::trace) use details;

#[cfg(test)]
mod tests {
    use super::super::{
        ClockChange, Detail, DiskChange, Limp, Loss, Lost, MessageChange, NetworkChange,
        NodeSetting,
    };
    use crate::random::Key;
    use crate::trace::Fact;

    fn unpacks<D: Detail + PartialEq + std::fmt::Debug>(detail: D) {
        let (code, args) = detail.pack();
        assert_eq!(D::unpack(code, args), Some(detail));
    }

    #[test]
    fn every_detail_unpacks_to_itself() {
        let mut stream = Key::root(1).stream();
        let mut bits = || rand::Rng::next_u64(&mut stream);
        for _ in 0..100 {
            Fact::draw_each(&mut bits).into_iter().for_each(unpacks);
            ClockChange::draw_each(&mut bits)
                .into_iter()
                .for_each(unpacks);
            NodeSetting::draw_each(&mut bits)
                .into_iter()
                .for_each(unpacks);
            NetworkChange::draw_each(&mut bits)
                .into_iter()
                .for_each(unpacks);
            DiskChange::draw_each(&mut bits)
                .into_iter()
                .for_each(unpacks);
            MessageChange::draw_each(&mut bits)
                .into_iter()
                .for_each(unpacks);
        }
        for why in Loss::ALL {
            unpacks(Lost {
                why: *why,
                permille: 700,
            });
        }
        unpacks(Limp { permille: 3000 });
    }

    #[test]
    fn what_is_no_detail_unpacks_to_nothing() {
        let codes: Vec<u8> = DiskChange::CODES.iter().map(|(_, code)| *code).collect();
        for code in (0..=u8::MAX).filter(|code| !codes.contains(code)) {
            assert_eq!(DiskChange::unpack(code, [0; 3]), None);
        }
        assert_eq!(NetworkChange::unpack(0, [99, -1, -1]), None);
        assert_eq!(NodeSetting::unpack(5, [1 << 16, 0, 0]), None);
        assert_eq!(Limp::unpack(0, [-1, 0, 0]), None);
    }
}
