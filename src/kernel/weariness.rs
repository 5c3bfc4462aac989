//! What pages at night do to people: fatigue, and rest that puts off the next shift.

use super::Run;
use super::agenda::Kind;
use super::observe::Observe;
use crate::model::{AgentId, Engagement};
use crate::time::{Instant, Length};

/// Pages of one person within this time wake them once.
const ONE_WAKING: Length = Length::from_secs(30 * 60);
/// Wakings of a night beyond which work does not grow any more.
const MOST: f64 = 4.0;

/// How tired somebody is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weariness {
    /// The last night in which they were woken, and how often.
    night: Option<u32>,
    wakings: u16,
    /// When they were woken last, and until when they were kept up.
    woken: Option<Instant>,
    up_until: Option<Instant>,
    /// When what they are called for off duty began, one thing after the other.
    called_since: Option<Instant>,
    called_until: Option<Instant>,
    /// What was left of earlier nights when that night began.
    before: f64,
}

impl Weariness {
    /// Wakings that somebody still feels: those of the last night, or half of what was left before it if that is more;
    /// each night without one halves them.
    fn felt(&self, begun: Option<u32>, in_night: bool) -> f64 {
        let (Some(night), Some(begun)) = (self.night, begun) else {
            return 0.0;
        };
        if begun == night && in_night {
            return self.before;
        }
        let felt = f64::from(self.wakings).max(self.before / 2.0);
        let nights_since = (begun - night).saturating_sub(u32::from(in_night));
        (0..nights_since.min(64)).fold(felt, |felt, _| felt / 2.0)
    }

    /// Whether a rule of rest after so many pages of a night owes them one.
    fn is_owed_rest(&self, after: Option<u32>) -> bool {
        after.is_some_and(|pages| u32::from(self.wakings) >= pages)
    }
}

impl<O: Observe> Run<'_, O> {
    fn weariness(&mut self, agent: AgentId) -> &mut Weariness {
        &mut self.world.weariness[agent.index()]
    }

    fn felt(&self, agent: AgentId) -> f64 {
        // Most people have never been woken: what night it is matters to the others.
        let woken = |weariness: &&Weariness| weariness.night.is_some();
        let Some(weariness) = self.world.weariness.get(agent.index()).filter(woken) else {
            return 0.0;
        };
        let (begun, in_night) = self.model.on_call.night(agent, self.now);
        weariness.felt(begun, in_night)
    }

    /// A page that finds somebody asleep wakes them. Wakings of this night before, if it does: a page soon after another
    /// one does not.
    pub(super) fn woken(&mut self, agent: AgentId, engagement: Engagement) -> Option<u16> {
        let now = self.now;
        let (night, in_night) = self.model.on_call.night(agent, now);
        if engagement != Engagement::Asleep || !in_night {
            return None;
        }
        let felt = self.felt(agent);
        let weariness = self.weariness(agent);
        let again = weariness.woken.is_some_and(|last| now < last + ONE_WAKING);
        if weariness.night != night {
            *weariness = Weariness {
                night,
                before: felt,
                wakings: 0,
                up_until: None,
                ..*weariness
            };
        }
        weariness.up_until = Some(now);
        if again {
            return None;
        }
        weariness.woken = Some(now);
        weariness.wakings = weariness.wakings.saturating_add(1);
        Some(weariness.wakings - 1)
    }

    /// Somebody begins what they are called for off duty.
    pub(super) fn is_kept_up(&mut self, agent: AgentId) {
        let now = self.now;
        if let Some(weariness) = self.world.weariness.get_mut(agent.index())
            && weariness.called_until != Some(now)
        {
            weariness.called_since = Some(now);
        }
    }

    /// Work that somebody was called for off duty has ended: if it began at night, their rest begins now.
    pub(super) fn rests_from_now(&mut self, agent: AgentId) {
        let (now, model) = (self.now, self.model);
        let Some(weariness) = self.world.weariness.get_mut(agent.index()) else {
            return;
        };
        weariness.called_until = Some(now);
        let began = weariness.called_since.unwrap_or(now);
        if weariness.up_until.is_some() && model.on_call.night(agent, began).1 {
            weariness.up_until = Some(now);
        }
    }

    /// When somebody who has been woken has had their rest; `None`: nobody owes them any.
    pub(super) fn rested_at(&self, agent: AgentId) -> Option<Instant> {
        let on_call = &self.model.on_call;
        let weariness = self.world.weariness.get(agent.index())?;
        let up_until = weariness.up_until?;
        weariness
            .is_owed_rest(on_call.rest_after)
            .then_some(up_until + on_call.rest)
    }

    /// Factor on a night's acknowledgements.
    pub(super) fn slower_by_night(&self, agent: AgentId) -> f64 {
        1.0 + self.model.on_call.fatigue * self.felt(agent)
    }

    /// Factor on the pace of work.
    pub(super) fn pace_when_tired(&self, agent: AgentId) -> f64 {
        if self.model.on_call.fatigue == 0.0 || self.world.weariness.is_empty() {
            return 1.0;
        }
        1.0 / (1.0 + self.model.on_call.fatigue * self.felt(agent).min(MOST))
    }

    /// Whether somebody whose shift begins rests instead, after a night with pages; they come later then, if it is not
    /// over. Without a rule of rest they come, and the rest that they lack is told.
    pub(super) fn rests_first(&mut self, agent: AgentId, end: Instant) -> bool {
        let (now, on_call) = (self.now, &self.model.on_call);
        let Some(weariness) = self.world.weariness.get_mut(agent.index()) else {
            return false;
        };
        let Some(up_until) = weariness.up_until else {
            return false;
        };
        let rested = up_until + on_call.rest;
        let owed = weariness.is_owed_rest(on_call.rest_after);
        // A shift in parts is begun in the part in which the rest is over.
        if rested <= now || !owed {
            weariness.up_until = None;
        }
        if rested <= now {
            return false;
        }
        self.seen.lacks_rest(now, agent, rested.min(end) - now, owed);
        if owed && rested < end {
            self.world.agenda.schedule(rested, Kind::RestEnd, agent.index());
        }
        owed
    }
}
