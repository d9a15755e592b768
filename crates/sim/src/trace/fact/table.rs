//! What is made of the list of facts.

/// Defines `Fact` and `FactKind`, and how a fact lies in an event's `code` and `args`.
macro_rules! facts {
    ($(
        $(#[$about:meta])*
        $name:ident = $code:literal {
            $($(#[$doc:meta])* $field:ident: $type:ident in [$arg:literal $(>> $bits:literal)?],)+
        } about $operation:expr, interesting $interesting:expr;
    )+) => {
        /// A fact on record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fact {
            $($(#[$about])* $name { $($(#[$doc])* $field: $type,)+ },)+
        }

        coded! {
            /// Which fact an event of kind `Fact` holds: its `code`.
            pub enum FactKind {
                $(#[doc = concat!("[`Fact::", stringify!($name), "`].")] $name = $code,)+
            }
        }

        impl Fact {
            /// The operation that it is about, if it is about one.
            pub fn operation(&self) -> Option<u32> {
                match *self {
                    $(Fact::$name { $($field),+ } => {
                        let _ = ($($field,)+);
                        $operation
                    })+
                }
            }

            /// Whether a reader who skips from moment to moment would want to stop here.
            pub(in crate::trace) fn is_interesting(&self) -> bool {
                match *self {
                    $(Fact::$name { $($field),+ } => {
                        let _ = ($($field,)+);
                        $interesting
                    })+
                }
            }

            /// The fact as an event's `code` and `args`.
            pub(crate) fn pack(self) -> (u8, [i64; 3]) {
                let mut args = [0; 3];
                let kind = match self {
                    $(Fact::$name { $($field),+ } => {
                        $(args[$arg] |= $field.to_word() $(<< $bits)?;)+
                        FactKind::$name
                    })+
                };
                (kind.code(), args)
            }

            /// What [`Fact::pack`] packed; `None` for anything else.
            pub(in crate::trace) fn unpack(code: u8, args: [i64; 3]) -> Option<Fact> {
                Some(match FactKind::from_code(code)? {
                    $(FactKind::$name => Fact::$name {
                        $($field: <$type>::from_word(args[$arg] $(>> $bits)?)?,)+
                    },)+
                })
            }

            /// A fact of this kind with other numbers each time.
            #[cfg(test)]
            fn draw(kind: FactKind, bits: &mut impl FnMut() -> u64) -> Fact {
                match kind {
                    $(FactKind::$name => Fact::$name { $($field: <$type>::draw(bits()),)+ },)+
                }
            }
        }
    };
}

pub(super) use facts;

#[cfg(test)]
mod tests {
    use super::super::{Fact, FactKind, Outcome};
    use crate::random::Key;

    #[test]
    fn every_fact_unpacks_to_itself() {
        let mut stream = Key::root(1).stream();
        let mut bits = || rand::Rng::next_u64(&mut stream);
        for kind in FactKind::ALL {
            for _ in 0..100 {
                let fact = Fact::draw(*kind, &mut bits);
                let (code, args) = fact.pack();
                assert_eq!(code, kind.code());
                assert_eq!(Fact::unpack(code, args), Some(fact));
            }
        }
    }

    #[test]
    fn what_is_no_fact_unpacks_to_nothing() {
        for code in (0..=u8::MAX).filter(|code| FactKind::from_code(*code).is_none()) {
            assert_eq!(Fact::unpack(code, [0; 3]), None);
        }
        let outcomes = Outcome::ALL.len() as i64;
        for outcome in [outcomes, -1, 1 << 32] {
            assert_eq!(
                Fact::unpack(FactKind::Returned.code(), [0, outcome, 0]),
                None
            );
        }
    }

    #[test]
    fn a_leader_that_acts_does_so_for_an_operation() {
        let acts = Fact::Acts {
            operation: 8,
            term: 3,
        };
        assert_eq!(acts.operation(), Some(8));
        assert_eq!(Fact::Leads { term: 3 }.operation(), None);
    }
}
