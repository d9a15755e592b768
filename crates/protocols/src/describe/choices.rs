//! The listing of a protocol's roles, parameters and defences, from which its tables and a struct are made.

use std::marker::PhantomData;
use std::ops::RangeInclusive;

use sim::vocabulary::is_same;
use sim::{NodeId, SimDuration};

use super::entry::{DefenceSpec, ParameterSpec, Plan, Quantity, RoleSpec};

/// Lists what a scenario chooses for a protocol: the nodes of each role, the values of parameters, and the defences.
///
/// It makes a struct with a field for each row, filled by `Choices::of(plan)`, and `Choices::entry`, which makes the
/// protocol's entry: its id, what it is in a sentence, its words, how it is built, and the rows as tables, in their
/// order. So everything is said once, and the compiler finds what is misspelt or never read.
///
/// ```text
/// choices! {
///     /// What a scenario chooses for payments.
///     struct Choices {
///         roles {
///             clients: Vec<NodeId> = many("client", 1..=12),
///             bank: NodeId = one("bank"),
///         }
///         parameters {
///             payments: u32 = count("payments", "Payments", 10, 1..=1000,
///                 "How many payments each client makes."),
///             timeout: SimDuration = milliseconds("timeout", "Timeout", 400, 1..=60_000,
///                 "How long a client waits for a receipt."),
///             heartbeat: SimDuration = HEARTBEAT,
///         }
///         defences {
///             retries: bool = defence("retry", "Retry after a timeout",
///                 "A payment whose request was lost is requested again."),
///         }
///     }
/// }
///
/// static ENTRY: ProtocolEntry = Choices::entry("payments", "Clients pay.", &Node::VOCABULARY, build);
///
/// let choices = Choices::of(plan);
/// if choices.retries { wait(choices.timeout) }
/// ```
///
/// A row is `field: type = specification`. The specification begins with the id that scenarios and links use: a field
/// can be renamed, an id cannot. A parameter that several protocols share is a constant, like `HEARTBEAT` above, whose
/// type is `Parameter<SimDuration>`.
macro_rules! choices {
    (
        $(#[$about:meta])*
        $visible:vis struct $name:ident {
            roles { $($role:ident: $nodes:ty = $role_spec:expr),* $(,)? }
            parameters { $($parameter:ident: $value:ty = $parameter_spec:expr),* $(,)? }
            defences { $($defence:ident: bool = $defence_spec:expr),* $(,)? }
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        $visible struct $name {
            $($visible $role: $nodes,)*
            $($visible $parameter: $value,)*
            $($visible $defence: bool,)*
        }

        /// What a scenario has chosen is the same in all states of a run.
        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
        }

        impl $name {
            $visible const fn entry(
                id: &'static str,
                about: &'static str,
                vocabulary: &'static sim::protocol::Vocabulary,
                build: fn(&$crate::Plan, &sim::Setup) -> Box<dyn sim::Machine>,
            ) -> $crate::ProtocolEntry {
                $crate::ProtocolEntry {
                    id,
                    about,
                    roles: const { &[
                        $($crate::describe::choices::RoleRow::<$nodes>::spec($role_spec)),*
                    ] },
                    parameters: const { &[
                        $($crate::describe::choices::Parameter::<$value>::spec($parameter_spec)),*
                    ] },
                    defences: const { &[
                        $($crate::describe::choices::Defence::spec($defence_spec)),*
                    ] },
                    vocabulary,
                    build,
                    mended: &[],
                    algorithm: None,
                    groups: &[],
                    has_disks: false,
                    source: None,
                    is_there: true,
                    records_trust: false,
                }
            }

            $visible fn of(plan: &$crate::Plan) -> $name {
                $name {
                    $($role: $role_spec.of(plan),)*
                    $($parameter: $parameter_spec.of(plan),)*
                    $($defence: $defence_spec.of(plan),)*
                }
            }
        }

        const _: () = {
            $crate::describe::choices::check_ids(&[$(
                $crate::describe::choices::RoleRow::<$nodes>::spec($role_spec).id
            ),*]);
            $crate::describe::choices::check_speech(&[$(
                $crate::describe::choices::RoleRow::<$nodes>::spec($role_spec)
            ),*]);
            $crate::describe::choices::check_ids(&[$(
                $crate::describe::choices::Parameter::<$value>::spec($parameter_spec).id
            ),*]);
            $crate::describe::choices::check_ids(&[$(
                $crate::describe::choices::Defence::spec($defence_spec).id
            ),*]);
        };
    };
}

pub(crate) use choices;

/// Refuses a table in which two rows have one id.
pub(crate) const fn check_ids(ids: &[&str]) {
    let mut one = 0;
    while one < ids.len() {
        let mut other = 0;
        while other < one {
            assert!(!is_same(ids[one], ids[other]), "two rows have one id");
            other += 1;
        }
        one += 1;
    }
}

/// Refuses roles that speak to a role that is not in the table, or to one that does not speak to them.
pub(crate) const fn check_speech(roles: &[RoleSpec]) {
    let mut one = 0;
    while one < roles.len() {
        let spoken_to = roles[one].speaks_to;
        let mut place = 0;
        while place < spoken_to.len() {
            let mut other = 0;
            while other < roles.len() && !is_same(roles[other].id, spoken_to[place]) {
                other += 1;
            }
            assert!(
                other < roles.len(),
                "a role's `speaks_to` names a role that this protocol does not have"
            );
            assert!(
                roles[other].may_hear(roles[one].id),
                "a role's `speaks_to` names a role that does not name it back in its own `speaks_to`"
            );
            place += 1;
        }
        one += 1;
    }
}

/// A role, whose nodes are held as `N`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleRow<N> {
    spec: RoleSpec,
    held: PhantomData<N>,
}

/// A role that this range of nodes can have.
pub(crate) const fn many(id: &'static str, nodes: RangeInclusive<usize>) -> RoleRow<Vec<NodeId>> {
    let (fewest, most) = (*nodes.start(), *nodes.end());
    RoleRow::new(id, fewest, most)
}

/// A role that exactly one node has.
pub(crate) const fn one(id: &'static str) -> RoleRow<NodeId> {
    RoleRow::new(id, 1, 1)
}

/// A role that no node need have, and one can.
pub(crate) const fn at_most_one(id: &'static str) -> RoleRow<Option<NodeId>> {
    RoleRow::new(id, 0, 1)
}

impl<N> RoleRow<N> {
    const fn new(id: &'static str, fewest: usize, most: usize) -> RoleRow<N> {
        assert!(fewest <= most);
        let spec = RoleSpec {
            id,
            fewest,
            most,
            speaks_to: &[],
        };
        let held = PhantomData;
        RoleRow { spec, held }
    }

    /// Its nodes exchange messages with those of these roles only.
    pub(crate) const fn speaks_to(mut self, roles: &'static [&'static str]) -> RoleRow<N> {
        self.spec.speaks_to = roles;
        self
    }

    /// Its line in the table of the entry.
    pub(crate) const fn spec(self) -> RoleSpec {
        self.spec
    }
}

impl<N: Nodes> RoleRow<N> {
    /// The nodes that have it.
    pub(crate) fn of(self, plan: &Plan) -> N {
        let roles = (0..).map(NodeId).zip(&plan.roles);
        N::from_nodes(
            roles
                .filter(|(_, role)| **role == self.spec.id)
                .map(|(node, _)| node),
        )
    }
}

/// How the nodes of a role are held.
pub(crate) trait Nodes {
    /// Nodes in order, as many as the role allows.
    fn from_nodes(nodes: impl Iterator<Item = NodeId>) -> Self;
}

impl Nodes for Vec<NodeId> {
    fn from_nodes(nodes: impl Iterator<Item = NodeId>) -> Self {
        nodes.collect()
    }
}

impl Nodes for Option<NodeId> {
    fn from_nodes(mut nodes: impl Iterator<Item = NodeId>) -> Self {
        nodes.next()
    }
}

impl Nodes for NodeId {
    fn from_nodes(mut nodes: impl Iterator<Item = NodeId>) -> Self {
        nodes.next().expect("a plan has a node for this role")
    }
}

/// A parameter, whose value is held as `V`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter<V> {
    spec: ParameterSpec,
    held: PhantomData<V>,
}

/// A duration, with its default and its range in milliseconds.
pub(crate) const fn milliseconds(
    id: &'static str,
    label: &'static str,
    default: u64,
    range: RangeInclusive<u64>,
    about: &'static str,
) -> Parameter<SimDuration> {
    Parameter::new(ParameterSpec {
        id,
        label,
        about,
        quantity: Quantity::Duration,
        default: nanoseconds(default),
        min: nanoseconds(*range.start()),
        max: nanoseconds(*range.end()),
    })
}

const fn nanoseconds(millis: u64) -> f64 {
    SimDuration::from_millis(millis).as_nanos() as f64
}

/// A number of whole things, with its default and its range.
pub(crate) const fn count(
    id: &'static str,
    label: &'static str,
    default: u32,
    range: RangeInclusive<u32>,
    about: &'static str,
) -> Parameter<u32> {
    Parameter::new(ParameterSpec {
        id,
        label,
        about,
        quantity: Quantity::Count,
        default: default as f64,
        min: *range.start() as f64,
        max: *range.end() as f64,
    })
}

/// How many operations nodes begin, with its default and its range.
pub(crate) const fn operations(
    id: &'static str,
    label: &'static str,
    default: u32,
    range: RangeInclusive<u32>,
    about: &'static str,
) -> Parameter<u32> {
    let mut parameter = count(id, label, default, range, about);
    parameter.spec.quantity = Quantity::Operations;
    parameter
}

/// A share of a whole, with its default and its range.
pub(crate) const fn share(
    id: &'static str,
    label: &'static str,
    default: f64,
    range: RangeInclusive<f64>,
    about: &'static str,
) -> Parameter<f64> {
    Parameter::new(ParameterSpec {
        id,
        label,
        about,
        quantity: Quantity::Share,
        default,
        min: *range.start(),
        max: *range.end(),
    })
}

/// A share of what goes wrong by chance, from nothing on, with its default.
pub(crate) const fn faults(
    id: &'static str,
    label: &'static str,
    default: f64,
    about: &'static str,
) -> Parameter<f64> {
    let mut parameter = share(id, label, default, 0.0..=1.0, about);
    parameter.spec.quantity = Quantity::Faults;
    parameter
}

impl<V> Parameter<V> {
    const fn new(spec: ParameterSpec) -> Parameter<V> {
        assert!(spec.min <= spec.default && spec.default <= spec.max);
        let held = PhantomData;
        Parameter { spec, held }
    }

    /// Its line in the table of the entry.
    pub(crate) const fn spec(self) -> ParameterSpec {
        self.spec
    }
}

impl<V: Value> Parameter<V> {
    /// The value that it has.
    pub(crate) fn of(self, plan: &Plan) -> V {
        let value = plan.parameters.get(self.spec.id);
        V::from_number(*value.expect("a plan has a value for every parameter of its protocol"))
    }
}

/// What a parameter's value is held as.
pub(crate) trait Value {
    /// The value that a plan writes as this number.
    fn from_number(number: f64) -> Self;
}

impl Value for SimDuration {
    fn from_number(nanoseconds: f64) -> Self {
        SimDuration::from_nanos_f64(nanoseconds)
    }
}

impl Value for u32 {
    fn from_number(number: f64) -> Self {
        number as u32
    }
}

impl Value for f64 {
    fn from_number(number: f64) -> Self {
        number
    }
}

/// A defence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Defence(DefenceSpec);

/// A defence, with what it protects from.
pub(crate) const fn defence(
    id: &'static str,
    label: &'static str,
    protects: &'static str,
) -> Defence {
    Defence(DefenceSpec {
        id,
        label,
        protects,
    })
}

impl Defence {
    /// Its line in the table of the entry.
    pub(crate) const fn spec(self) -> DefenceSpec {
        self.0
    }

    /// Whether it is on.
    pub(crate) fn of(self, plan: &Plan) -> bool {
        plan.defences.contains(self.0.id)
    }
}
