//! What is made of the list of facts.

/// Defines `Fact`, a list of details that say more of themselves, and `FactKind`.
macro_rules! facts {
    ($(
        $(#[$about:meta])*
        $name:ident = $code:literal {
            $(#[$first_doc:meta])* $first:ident: $first_type:ident in [$first_arg:literal],
            $($(#[$doc:meta])* $field:ident: $type:ident in [$arg:literal $(>> $bits:literal)?],)*
        } word $word:literal, sort $sort:ident, about $operation:expr, interesting $interesting:expr;
    )+) => {
        details! {
            /// A fact on record.
            pub enum Fact of Fact {
                $($(#[$about])* $name = $code {
                    $(#[$first_doc])* $first: $first_type in [$first_arg],
                    $($(#[$doc])* $field: $type in [$arg $(>> $bits)?],)*
                },)+
            }
        }

        coded! {
            /// Which fact an event of kind `Fact` holds: its `code`.
            pub enum FactKind {
                $(#[doc = concat!("[`Fact::", stringify!($name), "`].")] $name = $code,)+
            }
        }

        impl FactKind {
            /// The word for it, as stories call it.
            pub const fn word(self) -> &'static str {
                match self {
                    $(FactKind::$name => $word,)+
                }
            }
        }

        impl Fact {
            /// Its kind.
            pub fn kind(&self) -> FactKind {
                match self {
                    $(Fact::$name { .. } => FactKind::$name,)+
                }
            }

            /// How much it weighs in pictures.
            pub fn sort(&self) -> FactSort {
                match self {
                    $(Fact::$name { .. } => FactSort::$sort,)+
                }
            }

            /// The number of what it tells of: an operation, a term, a lock, a measurement.
            pub fn number(&self) -> i64 {
                match *self {
                    $(Fact::$name { $first, .. } => $first.to_word(),)+
                }
            }

            /// The operation that it is about, if it is about one.
            pub fn operation(&self) -> Option<u32> {
                match *self {
                    $(Fact::$name { $first $(, $field)* } => {
                        let _ = ($first, $($field,)*);
                        $operation
                    })+
                }
            }

            /// The fact of this kind whose fields `value` gives, each as a word, by its name and the name of its type. Nothing
            /// if a word is none of its type.
            ///
            /// # Errors
            ///
            /// The first error that `value` returns.
            pub fn with_fields<E>(
                kind: FactKind,
                mut value: impl FnMut(&'static str, &'static str) -> Result<i64, E>,
            ) -> Result<Option<Fact>, E> {
                let fact = match kind {
                    $(FactKind::$name => {
                        let $first = value(stringify!($first), stringify!($first_type))?;
                        $(let $field = value(stringify!($field), stringify!($type))?;)*
                        (|| Some(Fact::$name {
                            $first: Field::from_word($first)?,
                            $($field: Field::from_word($field)?,)*
                        }))()
                    })+
                };
                Ok(fact)
            }

            /// Whether a reader who skips from moment to moment would want to stop here.
            pub(in crate::trace) fn is_interesting(&self) -> bool {
                match *self {
                    $(Fact::$name { $first $(, $field)* } => {
                        let _ = ($first, $($field,)*);
                        $interesting
                    })+
                }
            }
        }
    };
}

pub(super) use facts;

#[cfg(test)]
mod tests {
    use super::super::{Fact, FactKind, Function, Outcome};
    use crate::trace::Detail;

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
    fn a_fact_is_made_of_its_fields_by_their_names() {
        let stored = Fact::with_fields(FactKind::Stored, |name, _| match name {
            "operation" => Ok(7),
            "key" => Ok(1),
            "version" => Ok(-3),
            other => Err(other),
        });
        let expected = Fact::Stored {
            operation: 7,
            key: 1,
            version: -3,
        };
        assert_eq!(stored, Ok(Some(expected)));
        let unasked = Fact::with_fields(FactKind::Stored, |name, of| match of {
            "u32" => Ok(7),
            _ => Err(name),
        });
        assert_eq!(unasked, Err("key"));
        let outcome = Fact::with_fields(FactKind::Returned, |_, of| {
            Ok::<_, ()>(if of == "Outcome" { 99 } else { 1 })
        });
        assert_eq!(outcome, Ok(None));
    }

    #[test]
    fn a_fact_has_the_code_of_its_kind() {
        for fact in Fact::draw_each(&mut || 0) {
            assert_eq!(fact.pack().0, fact.kind().code(), "{fact:?}");
        }
    }

    #[test]
    fn no_two_kinds_of_facts_have_the_same_word() {
        let mut words: Vec<&str> = FactKind::ALL.iter().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), FactKind::ALL.len());
        assert!(words.iter().all(|word| !word.is_empty()));
    }

    #[test]
    fn a_call_is_numbered_by_its_operation_alone() {
        let call = Fact::Invoked {
            operation: 8,
            function: Function::Pay,
            key: 0,
            value: 30,
        };
        assert_eq!(call.number(), 8);
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
