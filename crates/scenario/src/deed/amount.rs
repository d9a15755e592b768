//! How much all deeds of a run do: one deed on sets of nodes and links does as many things as these have.

use sim::SimTime;
use sim::sorted::Map;
use sim::sorting::sort_by_key;

use crate::model::{CutForm, Deed, Filtering, Knob, LinkSettings, Owned, Scenario, Timed};
use crate::setting::LinkPart;
use crate::terms::limits::{MOST_ACTS, MOST_FILTERS};
use crate::terms::scope::Scope;

/// How many links of a cut take as much memory as a thing that is done.
const LINKS_PER_ACT: usize = 16;

/// Why a scenario's plan, with `deeds` on top, does more than a run may be asked for, and from which moment on.
pub(crate) fn excess(scenario: &Scenario, deeds: &[Timed]) -> Option<(SimTime, String)> {
    let mut all: Vec<&Timed> = scenario.plan.iter().chain(deeds).collect();
    sort_by_key(&mut all, |timed| timed.at);
    let mut amount = Amount::of(scenario);
    let mut since = None;
    for timed in all {
        amount.add(&timed.deed);
        if since.is_none() && !amount.is_in_range() {
            since = Some(timed.at);
        }
    }
    since.map(|at| (at, amount.sentence()))
}

/// How much was done up to some deed.
struct Amount {
    nodes: usize,
    acts: usize,
    /// The links that have something of their own in each part of their settings: a turn of all links sets them again.
    owned: Vec<(LinkPart, Owned)>,
    /// The filters in force: how many links and nodes each is for.
    filters: Map<(Scope, Option<u8>), usize>,
    in_force: usize,
    most_in_force: usize,
}

impl Amount {
    /// Nothing is done yet.
    fn of(scenario: &Scenario) -> Amount {
        let mut amount = Amount {
            nodes: scenario.nodes.len(),
            acts: 0,
            owned: Vec::new(),
            filters: Map::new(),
            in_force: 0,
            most_in_force: 0,
        };
        for own in &scenario.links {
            amount.own(own);
        }
        amount
    }

    fn own(&mut self, own: &LinkSettings) {
        for (setting, _) in own.settings() {
            let nodes = self.nodes;
            self.owned_in(setting.part).add(own.scope, nodes);
        }
    }

    fn owned_in(&mut self, part: LinkPart) -> &mut Owned {
        let known = self.owned.iter().position(|(other, _)| *other == part);
        let place = known.unwrap_or_else(|| {
            self.owned.push((part, Owned::default()));
            self.owned.len() - 1
        });
        &mut self.owned[place].1
    }

    fn is_in_range(&self) -> bool {
        self.acts <= MOST_ACTS && self.most_in_force <= MOST_FILTERS
    }

    fn sentence(&self) -> String {
        if self.acts > MOST_ACTS {
            let acts = self.acts;
            format!("does {acts} things to nodes and links, each counted; it may do {MOST_ACTS}")
        } else {
            let filters = self.most_in_force;
            format!(
                "has {filters} filters in force at once, one for each link; it may have {MOST_FILTERS}"
            )
        }
    }

    fn add(&mut self, deed: &Deed) {
        self.acts += self.acts_of(deed);
        match *deed {
            Deed::Turn(Knob::Link(setting, scope), _) if scope != Scope::ALL => {
                let nodes = self.nodes;
                self.owned_in(setting.part).add(scope, nodes);
            }
            Deed::Filter(filter) => {
                let links = filter.scope.parts_of(self.nodes);
                let before = self.filters.insert((filter.scope, filter.kind), links);
                self.in_force = self.in_force - before.unwrap_or(0) + links;
                self.most_in_force = self.most_in_force.max(self.in_force);
            }
            Deed::Unfilter(filter) => self.unfilter(filter),
            _ => {}
        }
    }

    fn unfilter(&mut self, filter: Option<Filtering>) {
        if let Some(filter) = filter {
            let gone = self.filters.remove(&(filter.scope, filter.kind));
            self.in_force -= gone.unwrap_or(0);
        } else {
            self.filters.clear();
            self.in_force = 0;
        }
    }

    /// How many things a deed does: as many as [`Deed::actions`] gives.
    fn acts_of(&self, deed: &Deed) -> usize {
        let nodes = self.nodes;
        let of_cut = |form: CutForm| match form {
            CutForm::Links(scope) => 1 + scope.size(nodes) / LINKS_PER_ACT,
            _ => 1,
        };
        match *deed {
            Deed::Turn(Knob::Link(setting, Scope::ALL), _) => {
                let owned = self.owned.iter();
                let owned = owned.filter(|(part, _)| *part == setting.part);
                1 + owned.map(|(_, owned)| owned.size(nodes)).sum::<usize>()
            }
            Deed::Turn(Knob::Link(_, scope), _) => scope.size(nodes),
            Deed::Turn(Knob::Node(..), _) => 1,
            Deed::Turn(Knob::Parameter(_), _) => 0,
            Deed::Node(_, who)
            | Deed::Slow(_, who, _)
            | Deed::Step(who, _)
            | Deed::Slew(who, ..)
            | Deed::Operation(who, ..) => who.size(nodes),
            Deed::Ntp(set, _) => set.size(nodes),
            Deed::Filter(filter) | Deed::Unfilter(Some(filter)) => filter.scope.parts_of(nodes),
            Deed::Strike(strike) | Deed::Calm(Some(strike)) => strike.nodes.size(nodes),
            Deed::Cut(cut) => of_cut(cut.form),
            Deed::Flap(flap) => of_cut(flap.cut.form),
            Deed::Rate(..)
            | Deed::Heal(_)
            | Deed::Unfilter(None)
            | Deed::Calm(None)
            | Deed::Unflap(_)
            | Deed::Message(..) => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knob::Settings;
    use crate::link::Link;

    /// A lab with a link that has settings of its own, and what is done to it.
    fn deeds() -> (Scenario, Vec<Timed>) {
        let link = "#/double-charge?latency.alice-bank=9ms&do=loss.alice..*:0.5@1s,latency:1ms@2s,loss:0.1@2s,\
                    crash:alice+bob@3s,step:all+2s@3s,ntp:alice+bob=bank@3s,filter.alice+bob-bank:pay@4s,\
                    filter.alice..*:any@4s,unfilter.alice+bob-bank:pay@5s,strike.crash:alice+bob=20s/2s@5s,\
                    calm.crash:alice+bob@6s,skew.bank:2s@6s,latency.*-bank:3ms@7s,latency:2ms@7s,unfilter@8s,\
                    flap:halves=2s/5s@9s,heal@9s,calm@9s,unflap@9s";
        let (link, problems) = Link::parse(link);
        assert_eq!(problems, []);
        (link.variant.scenario, link.variant.deeds)
    }

    #[test]
    fn deeds_do_as_many_things_as_the_kernel_is_told() {
        let (scenario, deeds) = deeds();
        let (mut amount, mut settings) = (Amount::of(&scenario), Settings::of(&scenario));
        for timed in &deeds {
            let before = amount.acts;
            amount.add(&timed.deed);
            let actions = timed.deed.actions(&mut settings);
            assert_eq!(amount.acts - before, actions.len(), "{timed:?}");
        }
        assert_eq!((amount.in_force, amount.most_in_force), (0, 5));
    }

    #[test]
    fn settings_follow_deeds_without_what_the_kernel_is_told() {
        let (scenario, deeds) = deeds();
        let (mut told, mut followed) = (Settings::of(&scenario), Settings::of(&scenario));
        for timed in &deeds {
            timed.deed.actions(&mut told);
            followed.follow(&timed.deed);
            assert_eq!(told, followed, "{timed:?}");
        }
    }
}
