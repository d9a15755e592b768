//! The futures that were tried: intervening, forking, changing the script, switching.

use super::branch::Branch;
use super::cursor::Timeline;
use super::keyframe::Moment;
use super::observer::Observer;
use crate::action::{Action, Intervention};
use crate::collections::sorting::sort_by_key;
use crate::time::SimTime;

impl<O: Observer> Timeline<O> {
    /// The branches, the first one first, and which of them this is. At most 64 are kept, and
    /// no more than a sixteenth of the memory has room for: the oldest fork goes.
    pub fn branches(&self) -> (&[Branch], usize) {
        (&self.branches.all, self.branches.current)
    }

    /// What is done to the run on this branch, in order.
    pub fn script(&self) -> &[Intervention] {
        &self.branches.current().script
    }

    /// Does `action` now, after everything else that happens now. If this branch was simulated further, another branch
    /// begins here and the old one is kept. What was to be done later on it is still to be done on the other.
    pub fn intervene(&mut self, action: Action) {
        let now = self.aim();
        let branch = self.branches.current();
        let place = branch
            .script
            .partition_point(|intervention| intervention.at <= now);
        let mut script = branch.script.clone();
        script.insert(place, Intervention { at: now, action });
        let old = branch.script.clone();
        if branch.frontier > now {
            self.branches.fork(script, now, self.bounds.most_scripts());
        } else {
            self.branches.replace(script);
        }
        self.replay_from_difference(&old, now);
    }

    /// Begins another branch now, on which `script` is done. It may differ from this branch's in what is done from now
    /// on alone. This branch is kept.
    pub fn fork(&mut self, mut script: Vec<Intervention>) {
        sort_by_key(&mut script, |intervention| intervention.at);
        let now = self.aim();
        let old = self.script().to_vec();
        self.branches.fork(script, now, self.bounds.most_scripts());
        self.replay_from_difference(&old, now);
    }

    /// Replaces what is done on this branch, keeping the cursor where it is in time: undoing, redoing, opening a link.
    pub fn set_script(&mut self, mut script: Vec<Intervention>) {
        sort_by_key(&mut script, |intervention| intervention.at);
        let now = self.aim();
        let old = self.branches.replace(script);
        if let Some(differs_at) = self.replay_from_difference(&old, now) {
            let branch = self.branches.current_mut();
            branch.frontier = branch.frontier.min(differs_at.max(now));
        }
    }

    /// Switches to another branch, at the same time. Nothing happens for a branch that does not exist. What was
    /// simulated on it beyond that time is simulated again when the cursor goes there.
    pub fn switch(&mut self, branch: usize) {
        if branch >= self.branches.all.len() || branch == self.branches.current {
            return;
        }
        let now = self.aim();
        let old = self.script().to_vec();
        self.branches.current = branch;
        self.replay_from_difference(&old, now);
    }

    /// Goes to `now` by this branch's script, given that all was simulated by the script `old`: what they have in
    /// common is kept. Returns when they begin to differ.
    fn replay_from_difference(&mut self, old: &[Intervention], now: SimTime) -> Option<SimTime> {
        let new = self.script();
        let same = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let ends = [old.get(same), new.get(same)];
        let differs_at = ends.into_iter().flatten().map(|next| next.at).min()?;
        // All events of a moment come before what is done at it, and nothing goes on from the end.
        let is_shared = |moment: &Moment<O>| {
            moment.now() <= differs_at && moment.applied <= same && !moment.is_over
        };
        self.keyframes.retain(is_shared);
        if !is_shared(&self.present) {
            self.restore(is_shared);
        }
        let events = self.trace.events();
        let shared = events.partition_point(|event| event.time < differs_at) as u32;
        // What has stopped before they differ stops there again.
        self.stopped_at = self.stopped_at.filter(|most| *most <= shared);
        // A keyframe may hold events of the very moment: what leads up to it is needed to go on from there.
        let kept = self.keyframes.last(|_| true).events();
        self.trace
            .truncate(shared.max(kept).max(self.present.events()));
        self.note_stop();
        self.seek(now);
        Some(differs_at)
    }
}
