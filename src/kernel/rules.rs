//! Escalation rules at work: one pending timer a ticket, the earliest of its rules.
//!
//! A rule that has fired (or whose conditions did not hold when its time came) is spent until what it measures begins
//! anew: the visit, the owner, the clock. Tickets whose rules are due at one instant take their turns in the order of their
//! numbers, rules of one ticket in the order of the file, of those on one clock the lowest threshold first; each tests its
//! conditions just before its own actions. What happens to a ticket makes rules due at that instant, so that they run after
//! whatever made it happen. What rules do is `actions`.

use super::Run;
use super::agenda::Kind;
use super::cases::Case;
use super::clock::{Clocks, Gauge, Stretch};
use super::conditions::waits_for_customer;
use super::observe::{Happening, Observe};
use super::tickets::{Phase, Slot};
use crate::model::{
    Begun, ByClock, CalendarId, Change, Conditions, Firing, LaneRule, Measured, Rule, RuleId, Runs, SeverityId, Target,
    TargetKind, Trigger,
};
use crate::time::{Instant, Length, Share};

/// Most rules that others set off on one ticket at one instant; a longer chain is cut.
const CHAIN_MAX: u8 = 16;

/// Somebody has begun a ticket, or it waits for somebody: their time begins, and that until the next message if this is its
/// first response.
const OWNED: Begun = Begun::since(Measured::WithOwner).and(Begun::clock(TargetKind::Update));

/// A ticket whose next rule may be another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stale {
    slot: u32,
    /// What may bring one nearer.
    begun: Begun,
}

/// What happened to a ticket, for the rules that wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurrence {
    /// It came back, so many times by now.
    Reopened(u16),
    /// It is a major incident now.
    Declared,
    /// A workaround is in place.
    Mitigated,
    /// It changed team, so many times by now.
    Reassigned(u16),
    /// Its customer asked again, so many times by now.
    Chased(u16),
    /// A ticket was linked to it, so many by now.
    Linked(u32),
    /// Its severity changed.
    Severity(SeverityId, SeverityId),
}

/// What rules remember of a ticket.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// Firings: rule, how often, when last.
    fired: Vec<(RuleId, u32, Instant)>,
    /// Rules that something has made due, and when.
    due: Vec<Due>,
    /// Rules whose crossing has come and whose conditions are waited for.
    held: Vec<RuleId>,
}

/// A rule that is due whatever its clock says.
#[derive(Debug, Clone, Copy)]
struct Due {
    at: Instant,
    rule: RuleId,
    /// A repetition: only if the trigger still holds.
    again: bool,
    /// A rule has made it due.
    follows: bool,
}

/// Rules that others have set off on one ticket at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chain {
    slot: Slot,
    at: Instant,
    count: u8,
}

impl Chain {
    pub(super) const NONE: Chain = Chain {
        slot: Slot::MAX,
        at: Instant::START,
        count: 0,
    };
}

impl Default for Chain {
    fn default() -> Chain {
        Chain::NONE
    }
}

impl Memory {
    pub(super) fn clear(&mut self) {
        self.fired.clear();
        self.forget_all();
    }

    /// Whether nothing is due or waited for.
    fn is_empty(&self) -> bool {
        self.due.is_empty() && self.held.is_empty()
    }

    /// Nothing is due or waited for any more.
    pub(super) fn forget_all(&mut self) {
        self.due.clear();
        self.held.clear();
    }

    /// Nothing is due or waited for any more but by rules that `stay`.
    fn forget_but(&mut self, stay: impl Fn(RuleId) -> bool) {
        self.due.retain(|due| stay(due.rule));
        self.held.retain(|held| stay(*held));
    }

    /// What a former crossing of a rule left: its repetition, and its wait for conditions.
    fn forget(&mut self, rule: RuleId) {
        self.end_repetition(rule);
        self.held.retain(|held| *held != rule);
    }

    fn end_repetition(&mut self, rule: RuleId) {
        self.due.retain(|due| due.rule != rule || !due.again);
    }

    fn of(&self, rule: RuleId) -> Option<&(RuleId, u32, Instant)> {
        self.fired.iter().find(|(fired, _, _)| *fired == rule)
    }

    fn may_fire(&self, rule: RuleId, firing: &Firing, now: Instant) -> bool {
        let fired = self.of(rule);
        fired.is_none_or(|(_, count, last)| *count < firing.at_most && *last < now && now - *last >= firing.cooldown)
    }

    fn note(&mut self, rule: RuleId, now: Instant) {
        match self.fired.iter_mut().find(|(fired, _, _)| *fired == rule) {
            Some((_, count, last)) => (*count, *last) = (*count + 1, now),
            None => self.fired.push((rule, 1, now)),
        }
    }
}

/// Why a rule is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    Crossing,
    Held,
    Made,
    Again,
}

/// How a pass over the rules that are due on a ticket goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// No other has its turn now. When the next one is due.
    Over(Option<Instant>),
    /// A rule has ended it.
    Ended,
}

impl<O: Observe> Run<'_, O> {
    /// Makes room for a new ticket's spent rules.
    #[inline]
    pub(super) fn clear_spent(&mut self, slot: Slot) {
        let words = self.model.rules.words();
        if words == 0 {
            return;
        }
        let (from, until) = (slot * words, (slot + 1) * words);
        if self.world.spent.len() < until {
            self.world.spent.resize(until, 0);
        }
        self.world.spent[from..until].fill(0);
    }

    /// Arms anew the rules that measure what begins now.
    #[inline(never)]
    pub(super) fn rearm(&mut self, slot: Slot, measured: Measured) {
        self.unspend(slot, |model| &model.rules.rearm[measured as usize]);
    }

    /// Arms anew what measures the owner, if the owner is new.
    #[inline(never)]
    pub(super) fn rearm_owner(&mut self, slot: Slot) {
        if self.world.tickets[slot].owner_since == self.now {
            self.rearm(slot, Measured::WithOwner);
        }
        self.set_timer_as(slot, OWNED);
    }

    /// A message to the customer begins a new silence: what measures it, or a share of the cadence, is armed anew.
    pub(super) fn rearm_silence(&mut self, slot: Slot) {
        self.settle_zone(slot, TargetKind::Update);
        if !self.model.rules.is_empty() {
            self.rearm(slot, Measured::NoUpdate);
            self.unspend(slot, |model| &model.rules.of_kind[TargetKind::Update as usize]);
        }
    }

    pub(super) fn unspend(&mut self, slot: Slot, mask: impl Fn(&crate::model::Model) -> &Vec<u64>) {
        let words = self.model.rules.words();
        let spent = &mut self.world.spent[slot * words..(slot + 1) * words];
        for (word, mask) in spent.iter_mut().zip(mask(self.model)) {
            *word &= !mask;
        }
    }

    /// Arms anew the share rules that may cross again and whose share is no longer used up.
    #[inline(never)]
    pub(super) fn rearm_recrossing(&mut self, slot: Slot) {
        let model = self.model;
        for &rule in &model.rules.recrossing {
            let due = self.rule_due(&model.rules.rules[rule.index()], self.clocks(slot));
            if due.is_none_or(|due| due > self.now) {
                let word = slot * model.rules.words() + rule.index() / 64;
                self.world.spent[word] &= !(1 << (rule.index() % 64));
            }
        }
    }

    fn is_spent(&self, slot: Slot, rule: RuleId) -> bool {
        let word = slot * self.model.rules.words() + rule.index() / 64;
        self.world.spent[word] >> (rule.index() % 64) & 1 == 1
    }

    fn spend(&mut self, slot: Slot, rule: RuleId) {
        let word = slot * self.model.rules.words() + rule.index() / 64;
        self.world.spent[word] |= 1 << (rule.index() % 64);
    }

    /// The ticket's next rule may be another now: it is found before anything else happens, once for all that one event does
    /// to a ticket.
    #[inline]
    pub(super) fn set_timer(&mut self, slot: Slot) {
        self.set_timer_as(slot, Begun::ANYTHING);
    }

    /// The same where no rule can come nearer but those that go by what has `begun`.
    #[inline]
    pub(super) fn set_timer_as(&mut self, slot: Slot, begun: Begun) {
        let rules = &self.model.rules;
        if O::PLAIN || !(rules.any_timed || rules.remember) {
            return;
        }
        let world = &mut *self.world;
        match world.stale.last_mut().filter(|last| last.slot as usize == slot) {
            Some(last) => last.begun = last.begun.and(begun),
            None => world.stale.push(Stale {
                slot: slot as u32,
                begun,
            }),
        }
    }

    /// Puts the next rule of every ticket that asks for it on the agenda, in place of what was there.
    #[inline]
    pub(super) fn set_timers(&mut self) {
        if !O::PLAIN && !self.world.stale.is_empty() {
            self.set_stale_timers();
        }
    }

    #[inline(never)]
    fn set_stale_timers(&mut self) {
        for index in 0..self.world.stale.len() {
            let Stale { slot, begun } = self.world.stale[index];
            let slot = slot as usize;
            if self.has_rules(slot) && !self.stays_planned(slot, begun) {
                self.plan_timer(slot, self.next_rule(slot).map(|(at, ..)| at.max(self.now)));
            }
        }
        debug_assert!(
            self.world
                .stale
                .iter()
                .all(|stale| self.is_looked_after(stale.slot as usize)),
            "a rule is due before anybody looks for it"
        );
        self.world.stale.clear();
    }

    /// Whether rules may be due on what stands in a row.
    fn has_rules(&self, slot: Slot) -> bool {
        let ticket = &self.world.tickets[slot];
        ticket.is_open() && !ticket.is_task()
    }

    /// Whether somebody looks for the next rule of a ticket before it is due, if it has any.
    fn is_looked_after(&self, slot: Slot) -> bool {
        let timer_at = self.world.tickets[slot].timer_at;
        let comes_before = |(at, ..): (Instant, RuleId, Why)| timer_at <= at.max(self.now);
        !self.has_rules(slot) || self.next_rule(slot).is_none_or(comes_before)
    }

    /// Whether a ticket's pending event, if it has one, still comes before its next rule, though something has `begun`: the rule
    /// is found when it does.
    fn stays_planned(&mut self, slot: Slot, begun: Begun) -> bool {
        let (rules, ticket) = (&self.model.rules, &self.world.tickets[slot]);
        if begun == Begun::ANYTHING {
            return false;
        }
        let soonest = rules.soonest_after(ticket.profile(), begun);
        let soonest = soonest.map(|after| self.now + after);
        let comes_before = soonest.is_some_and(|soonest| soonest < ticket.timer_at);
        // Work is what keeps a customer from being in silence, and conditions that are waited for may hold at any time.
        let by_work = rules.any_on_silence && self.model.process.communications.is_none();
        let is_waited_for = || {
            let case = self.world.cases.get(slot);
            rules.remember && case.is_some_and(|case| !case.rules.held.is_empty())
        };
        if comes_before || by_work || is_waited_for() {
            return false;
        }
        if let Some(soonest) = soonest
            && let Some(at) = &mut self.world.plans[slot]
        {
            *at = soonest.min(*at);
        }
        true
    }

    /// The ticket's next rule is due then.
    fn plan_timer(&mut self, slot: Slot, next: Option<Instant>) {
        let world = &mut *self.world;
        if world.plans.len() <= slot {
            world.plans.resize(slot + 1, None);
        }
        world.plans[slot] = next;
        let ticket = &mut world.tickets[slot];
        // An event that comes too early sees to the right one when it comes: most tickets are over by then.
        if let Some(at) = next.filter(|at| *at < ticket.timer_at) {
            ticket.timer_at = at;
            world.agenda.schedule_by_number(ticket.number, at, Kind::Timer, slot);
        }
    }

    /// The rule that falls due first, and when: now, if its time has come or a change has put that into the past.
    fn next_rule(&self, slot: Slot) -> Option<(Instant, RuleId, Why)> {
        let rules = &self.model.rules;
        let clocks = self.clocks(slot);
        let ticket = clocks.ticket;
        let words = rules.words();
        let spent = &self.world.spent[slot * words..(slot + 1) * words];
        let is_left = |rule: &&LaneRule| spent[rule.id.index() / 64] >> (rule.id.index() % 64) & 1 == 0;
        let mut next: Option<(Instant, RuleId)> = None;
        let lanes = rules.lanes(ticket.profile());
        for lane in lanes {
            let is_first = |from: Instant| next.is_none_or(|(at, _)| from <= at);
            // Lanes are in the order of what may come first.
            if !is_first(ticket.created + lane.soonest) {
                break;
            }
            let Some(rule) = lane.rules.iter().find(is_left) else {
                continue;
            };
            let Some(since) = self.began(lane.by, &clocks) else {
                continue;
            };
            // Targets are read, and calendars asked, only about what could come first.
            if is_first(since + rule.soonest)
                && let Some(gauge) = self.gauge_since(lane.by, since, clocks)
                && let stretch = gauge.until(rules.rules[rule.id.index()].trigger.amount(gauge.within))
                && is_first(stretch.ends_from())
                && let Some(reached) = stretch.end(self.model)
                && let at = reached.max(self.now)
                && next.is_none_or(|next| (at, rule.id) < next)
                && !lane.beside.is_some_and(|beside| {
                    let first = lanes[beside].rules.iter().find(is_left);
                    first.is_some_and(|other| self.was_reached_before(other.id, (reached, rule.id), clocks))
                })
            {
                next = Some((at, rule.id));
            }
        }
        let crossing = next.map(|(at, rule)| (at, rule, Why::Crossing));
        let case = self.world.cases.get(slot).filter(|_| rules.remember);
        match case.map(|case| &case.rules) {
            Some(memory) if !memory.is_empty() => crossing.into_iter().chain(self.next_remembered(slot, memory)).min(),
            _ => crossing,
        }
    }

    /// Whether the clock of a rule, which has leapt over both, reached it before another.
    #[cold]
    fn was_reached_before(&self, rule: RuleId, other: (Instant, RuleId), clocks: Clocks) -> bool {
        let due = self.rule_due(&self.model.rules.rules[rule.index()], clocks);
        other.0 <= self.now && due.is_some_and(|due| (due, rule) < other)
    }

    /// The first rule that was made due, or whose conditions are waited for.
    #[inline(never)]
    fn next_remembered(&self, slot: Slot, memory: &Memory) -> Option<(Instant, RuleId, Why)> {
        let waits = self.world.tickets[slot].phase == Phase::Pending;
        let for_vendor = waits && self.waits_for_vendor(slot);
        let stands_still = |due: &&Due| waits && due.again && self.freezes(due.rule, slot, for_vendor);
        let made = memory.due.iter().filter(|due| !stands_still(due)).map(|due| {
            let why = if due.again { Why::Again } else { Why::Made };
            (due.at, due.rule, why)
        });
        let held = memory.held.iter().filter_map(|held| {
            let rule = &self.model.rules.rules[held.index()];
            if !self.still_measures(rule, slot) {
                // What fires once and has not fired has its next crossing to come, which nothing else would look for.
                let next = rule.firing.once.then(|| self.rule_due(rule, self.clocks(slot)));
                return next.flatten().map(|at| (at, *held, Why::Held));
            }
            let at = self.opens_for(&rule.conditions, slot);
            let at = at.or_else(|| self.may_hold_from(&rule.conditions, slot));
            Some((at?, *held, Why::Held))
        });
        made.chain(held).min()
    }

    /// Whether what a rule goes by stands still while a ticket waits for its customer, or for a vendor.
    fn freezes(&self, rule: RuleId, slot: Slot, for_vendor: bool) -> bool {
        match self.model.rules.rules[rule.index()].trigger.goes_by() {
            Some(ByClock::Elapsed(elapsed)) => {
                !for_vendor && !elapsed.counts_pending && elapsed.measured != Measured::Pending
            }
            Some(ByClock::Share(kind) | ByClock::Left(kind)) => {
                let pauses = |target: &Target| {
                    if for_vendor {
                        target.pauses_for_vendors
                    } else {
                        target.pauses
                    }
                };
                self.clocks(slot).target(kind).is_some_and(pauses)
            }
            None => false,
        }
    }

    /// A ticket has waited for its customer, or for a vendor: repetitions whose clocks stood still come so much later.
    pub(super) fn put_repetitions_off(&mut self, slot: Slot, waited: Length, for_vendor: bool) {
        let again = |due: &Due| due.again;
        let waiting = self
            .world
            .cases
            .get(slot)
            .is_some_and(|case| case.rules.due.iter().any(again));
        if !waiting {
            return;
        }
        let since = self.now - waited;
        for place in 0..self.case(slot).rules.due.len() {
            let due = self.case(slot).rules.due[place];
            if due.again && self.freezes(due.rule, slot, for_vendor) {
                let every = self.model.rules.rules[due.rule.index()].firing.every;
                let fired = every.map_or(since, |every| due.at - every);
                self.case(slot).rules.due[place].at = due.at + (self.now - since.max(fired));
            }
        }
    }

    /// Whether what a timed rule went by still runs and is used up: a crossing that is waited with is void when that ends.
    fn still_measures(&self, rule: &Rule, slot: Slot) -> bool {
        let is_timed = rule.trigger.goes_by().is_some();
        !is_timed
            || self
                .rule_due(rule, self.clocks(slot))
                .is_some_and(|due| due <= self.now)
    }

    /// When a rule's time comes, if what it measures runs.
    pub(super) fn rule_due(&self, rule: &Rule, clocks: Clocks) -> Option<Instant> {
        self.stretch(rule, clocks)?.end(self.model)
    }

    /// What a timed rule measures, if that runs: from when, and how much of it.
    fn stretch<'a>(&self, rule: &Rule, clocks: Clocks<'a>) -> Option<Stretch<'a>> {
        let gauge = self.gauge(rule.trigger.goes_by()?, clocks)?;
        Some(gauge.until(rule.trigger.amount(gauge.within)))
    }

    /// What timed rules go by, if it runs.
    #[inline]
    fn gauge<'a>(&self, by: ByClock, clocks: Clocks<'a>) -> Option<Gauge<'a>> {
        self.gauge_since(by, self.began(by, &clocks)?, clocks)
    }

    /// Since when what timed rules go by runs, if it does and any ticket has such a clock.
    #[inline]
    fn began(&self, by: ByClock, clocks: &Clocks) -> Option<Instant> {
        let ticket = clocks.ticket;
        match by {
            ByClock::Share(kind) | ByClock::Left(kind) => {
                let counts = !ticket.linked || kind == TargetKind::Resolve;
                let runs = counts && clocks.runs(kind) && !(kind == TargetKind::Update && self.keeps_in_touch(*clocks));
                runs.then(|| clocks.start(kind))
            }
            ByClock::Elapsed(elapsed) => {
                if ticket.linked || !ticket.is_open() {
                    return None;
                }
                match elapsed.measured {
                    Measured::InQueue => ticket.is_queued().then_some(ticket.queue_since),
                    // Who reads a ticket first says whose it is.
                    Measured::InTeam | Measured::InTier if ticket.phase == Phase::Aside => None,
                    Measured::InTeam => Some(ticket.team_since),
                    Measured::InTier => Some(ticket.tier_since),
                    Measured::WithOwner => (ticket.is_owned() && ticket.begun).then_some(ticket.owner_since),
                    Measured::NoUpdate => (!self.keeps_in_touch(*clocks)).then_some(ticket.last_message),
                    Measured::Pending => waits_for_customer(*clocks).then_some(ticket.stint_since),
                    Measured::Unacknowledged => clocks.case?.unacknowledged_since,
                }
            }
        }
    }

    /// What timed rules go by, which runs `since` then, if the ticket has such a clock.
    #[inline]
    fn gauge_since<'a>(&self, by: ByClock, since: Instant, clocks: Clocks<'a>) -> Option<Gauge<'a>> {
        match by {
            ByClock::Share(kind) | ByClock::Left(kind) => {
                let target = clocks.target(kind)?;
                Some(clocks.gauge(kind, target))
            }
            ByClock::Elapsed(elapsed) => {
                let on = match elapsed.on {
                    Runs::On(calendar) => calendar,
                    Runs::WithTarget => clocks.target(TargetKind::Resolve).map_or(CalendarId::ALWAYS, |target| {
                        clocks.calendar(TargetKind::Resolve, target)
                    }),
                };
                Some(clocks.elapsing_since(on, since, elapsed.counts_pending))
            }
        }
    }

    /// Whether whoever works on a ticket sends its updates, so that its customer is not in silence.
    pub(super) fn keeps_in_touch(&self, clocks: Clocks) -> bool {
        self.model.process.communications.is_none()
            && clocks.ticket.phase == Phase::InWork
            && clocks.target(TargetKind::Update).is_some()
    }

    /// The ticket's timer: every rule that is due by now.
    #[inline(never)]
    pub(super) fn timer(&mut self, slot: Slot, number: u32) {
        let world = &mut *self.world;
        let ticket = &mut world.tickets[slot];
        // Another has been planned sooner, or none; or the row is another ticket's by now, whose turn is that of its own number.
        if ticket.timer_at != self.now || ticket.number != number {
            return;
        }
        ticket.timer_at = Instant::LAST;
        if let Some(at) = world.plans[slot].filter(|at| *at > self.now) {
            return self.plan_timer(slot, Some(at));
        }
        // None may be due: it was put off, or what it waited for has ended.
        match self.fire_what_is_due(slot) {
            Pass::Over(next) if self.has_rules(slot) => self.plan_timer(slot, next),
            _ => self.set_timer(slot),
        }
    }

    /// Rules that are due on a ticket by now, one after the other.
    pub(super) fn fire_what_is_due(&mut self, slot: Slot) -> Pass {
        let pass = self.fire_in_turn(slot, |_| true);
        self.world.turn = None;
        pass
    }

    /// Rules that are due on a ticket by now and `have_their_turn`, one after the other.
    fn fire_in_turn(&mut self, slot: Slot, have_their_turn: impl Fn(RuleId) -> bool) -> Pass {
        loop {
            let next = self.next_rule(slot);
            let due = next.filter(|(at, rule, _)| *at <= self.now && have_their_turn(*rule));
            let Some((_, rule, why)) = due else {
                return Pass::Over(next.map(|(at, ..)| at));
            };
            self.world.turn = Some((slot, rule));
            let follows = self.take_due(slot, rule, why);
            if follows && self.would_fire(slot, rule) && !self.may_go_on(slot) {
                self.drop_what_is_due(slot);
                self.happened(slot, Happening::RuleStorm { rule });
                return Pass::Ended;
            }
            let is_superseded = why == Why::Crossing && self.is_superseded(slot, rule);
            let still = why != Why::Again || self.still_holds(slot, rule);
            if still && !is_superseded && self.fire(slot, rule, why) {
                self.drop_what_is_due(slot);
                return Pass::Ended;
            }
        }
    }

    /// A ticket is about to change severity or team. Rules that ask for others were not looked at so far: those whose time has
    /// come and gone are spent, as if they had been found not to hold.
    #[inline]
    pub(super) fn spend_missed(&mut self, slot: Slot) {
        if !O::PLAIN && self.model.rules.any_timed && !self.world.tickets[slot].is_task() {
            self.spend_rules_missed(slot);
        }
    }

    #[inline(never)]
    fn spend_rules_missed(&mut self, slot: Slot) {
        let rules = &self.model.rules;
        let has_had_its_turn = |rule: RuleId| match self.world.turn {
            Some((of, at)) => of == slot && rule < at,
            None => self.world.dispatching,
        };
        let mut missed = std::mem::take(&mut self.world.missed);
        let clocks = self.clocks(slot);
        let age = self.now - clocks.ticket.created;
        for rule in rules.overlooked(clocks.ticket.profile(), age) {
            if self.is_spent(slot, rule) {
                continue;
            }
            let stretch = self.stretch(&rules.rules[rule.index()], clocks);
            let stretch = stretch.filter(|stretch| stretch.ends_from() <= self.now);
            let due = stretch.and_then(|stretch| stretch.end(self.model));
            if due.is_some_and(|due| due < self.now || (due == self.now && has_had_its_turn(rule))) {
                missed.push(rule);
            }
        }
        missed.drain(..).for_each(|rule| self.spend(slot, rule));
        self.world.missed = missed;
    }

    /// A ticket is linked: nothing goes on for it but the clock of its resolution.
    pub(super) fn forget_as_linked(&mut self, slot: Slot) {
        let rules = &self.model.rules;
        let stays = |rule: RuleId| {
            let by = rules.rules[rule.index()].trigger.goes_by();
            matches!(
                by,
                Some(ByClock::Share(TargetKind::Resolve) | ByClock::Left(TargetKind::Resolve))
            )
        };
        if rules.remember {
            self.case(slot).rules.forget_but(stays);
        }
    }

    /// A ticket is one of its own again: what would have been due while it was linked is spent.
    pub(super) fn spend_what_has_passed(&mut self, slot: Slot) {
        let rules = &self.model.rules;
        if !rules.any_timed {
            return;
        }
        let clocks = self.clocks(slot);
        let passed = |rule: &Rule| self.rule_due(rule, clocks).is_some_and(|due| due < self.now);
        let passed: Vec<RuleId> = (0..rules.rules.len())
            .filter(|index| passed(&rules.rules[*index]))
            .map(RuleId::new)
            .collect();
        passed.into_iter().for_each(|rule| self.spend(slot, rule));
    }

    /// Counts the rules that others set off on a ticket at this instant.
    fn may_go_on(&mut self, slot: Slot) -> bool {
        let chain = &mut self.world.chain;
        if (chain.slot, chain.at) != (slot, self.now) {
            *chain = Chain {
                slot,
                at: self.now,
                count: 0,
            };
        }
        chain.count += 1;
        chain.count <= CHAIN_MAX
    }

    /// A rule's time has come: it is spent, or no longer waited for. Whether another rule has made it due.
    fn take_due(&mut self, slot: Slot, rule: RuleId, why: Why) -> bool {
        match why {
            Why::Crossing => {
                self.spend(slot, rule);
                if self.model.rules.remember {
                    self.case(slot).rules.forget(rule);
                }
            }
            Why::Held => self.case(slot).rules.held.retain(|held| *held != rule),
            Why::Made | Why::Again => {
                let due = &mut self.case(slot).rules.due;
                let first = due.iter().enumerate().filter(|(_, due)| due.rule == rule);
                if let Some((place, _)) = first.min_by_key(|(_, due)| due.at) {
                    return due.remove(place).follows;
                }
            }
        }
        false
    }

    /// What else is due on a ticket at this instant is lost; what repeats comes again.
    fn drop_what_is_due(&mut self, slot: Slot) {
        while let Some((at, rule, why)) = self.next_rule(slot) {
            if at > self.now {
                break;
            }
            self.take_due(slot, rule, why);
            if why == Why::Again || self.would_fire(slot, rule) {
                self.repeat(slot, rule);
            }
        }
    }

    /// Whether a later rule of the same group has been passed as well, which fires instead.
    fn is_superseded(&self, slot: Slot, rule: RuleId) -> bool {
        let rules = &self.model.rules.rules;
        let Some(group) = rules[rule.index()].firing.group else {
            return false;
        };
        let clocks = self.clocks(slot);
        let due = |rule: RuleId| self.rule_due(&rules[rule.index()], clocks);
        let passed = due(rule);
        let others = rules
            .iter()
            .enumerate()
            .map(|(index, other)| (RuleId::new(index), other));
        let mut of_group = others.filter(|(id, other)| *id != rule && other.firing.group == Some(group));
        of_group.any(|(id, _)| {
            let is_later = due(id).is_some_and(|due| due <= self.now && (Some(due), id) > (passed, rule));
            is_later && !self.is_spent(slot, id) && self.would_fire(slot, id)
        })
    }

    /// Whether a rule would fire on a ticket as it is now.
    fn would_fire(&self, slot: Slot, id: RuleId) -> bool {
        let rule = &self.model.rules.rules[id.index()];
        let firing = &rule.firing;
        let holds = |conditions: &Conditions| self.holds(conditions, slot);
        let memory = self.world.cases.get(slot).map(|case| &case.rules);
        holds(&rule.conditions)
            && firing.only_while.as_ref().is_none_or(holds)
            && !firing.unless.as_ref().is_some_and(holds)
            && (!self.model.rules.remember || memory.is_none_or(|memory| memory.may_fire(id, firing, self.now)))
    }

    /// Whether a rule that repeats has still reason to.
    fn still_holds(&self, slot: Slot, rule: RuleId) -> bool {
        let rule = &self.model.rules.rules[rule.index()];
        match rule.trigger.lasts() {
            true => self
                .rule_due(rule, self.clocks(slot))
                .is_some_and(|due| due <= self.now),
            // What has happened has happened: whether there is still reason to go on is for `while` to say.
            false => {
                let ticket = &self.world.tickets[slot];
                rule.firing.only_while.is_some() && ticket.is_open() && !ticket.linked
            }
        }
    }

    /// Something happened to a ticket: the rules that wait for it are due at this instant.
    #[inline]
    pub(super) fn occurred(&mut self, slot: Slot, what: Occurrence) {
        if what == Occurrence::Mitigated {
            self.fault_mitigated(slot);
        }
        self.occurred_to_ticket(slot, what);
    }

    /// The same where it means nothing for the ticket's fault.
    #[inline]
    pub(super) fn occurred_to_ticket(&mut self, slot: Slot, what: Occurrence) {
        if !self.model.rules.on_occurrence.is_empty() {
            self.occurred_for_rules(slot, what);
        } else if self.model.rules.remember {
            // It may be what somebody's conditions wait for.
            self.set_timer(slot);
        }
    }

    #[inline(never)]
    fn occurred_for_rules(&mut self, slot: Slot, what: Occurrence) {
        let (model, now) = (self.model, self.now);
        let waiting = |rule: &&RuleId| waits_for(&model.rules.rules[rule.index()].trigger, what);
        for &rule in model.rules.on_occurrence.iter().filter(waiting) {
            let memory = &self.case(slot).rules;
            let is_due = memory.due.iter().any(|due| due.rule == rule && due.at == now);
            if !is_due && memory.of(rule).is_none_or(|(_, _, last)| *last < now) {
                self.make_due(slot, rule, now, false);
            }
        }
        self.set_timer(slot);
    }

    /// A breach stays one although its target is about to be another: rules that wait for it and have not had their turn are due.
    pub(super) fn breach_is_kept(&mut self, slot: Slot, kind: TargetKind) {
        let model = self.model;
        if !model.rules.remember || (self.world.tickets[slot].linked && kind != TargetKind::Resolve) {
            return;
        }
        for (index, rule) in model.rules.rules.iter().enumerate() {
            let id = RuleId::new(index);
            if rule.trigger == Trigger::Consumed(kind, Share::ONE) && !self.is_spent(slot, id) {
                self.spend(slot, id);
                self.make_due(slot, id, self.now, false);
            }
        }
    }

    pub(super) fn make_due(&mut self, slot: Slot, rule: RuleId, at: Instant, again: bool) {
        let follows = self.world.firing && !again;
        self.case(slot).rules.due.push(Due {
            at,
            rule,
            again,
            follows,
        });
    }

    /// Rules on creation, in the order of the file, and between them what else is due at once.
    #[inline(never)]
    pub(super) fn apply_creation_rules(&mut self, slot: Slot) {
        let model = self.model;
        for &rule in &model.rules.on_created {
            let may_be_due = |case: &Case| !case.rules.is_empty();
            let others = model.rules.any_at_once || self.world.cases.get(slot).is_some_and(may_be_due);
            if others && self.fire_in_turn(slot, |other| other < rule) == Pass::Ended {
                break;
            }
            self.world.turn = Some((slot, rule));
            if self.fire(slot, rule, Why::Made) {
                self.drop_what_is_due(slot);
                break;
            }
        }
        self.world.turn = None;
    }

    /// Rules on resolution, in the order of the file.
    #[inline(never)]
    pub(super) fn apply_resolution_rules(&mut self, slot: Slot) {
        let model = self.model;
        for rule in &model.rules.on_resolved {
            if self.fire(slot, *rule, Why::Made) {
                break;
            }
        }
    }

    /// A rule fires, if nothing holds it back. Whether it ends the pass.
    fn fire(&mut self, slot: Slot, id: RuleId, why: Why) -> bool {
        let model = self.model;
        let rule = &model.rules.rules[id.index()];
        let firing = &rule.firing;
        let dies = firing
            .only_while
            .as_ref()
            .is_some_and(|conditions| !self.holds(conditions, slot));
        if dies {
            return false;
        }
        if !self.holds(&rule.conditions, slot) {
            if firing.hold && why != Why::Again {
                self.case(slot).rules.held.push(id);
            }
            return false;
        }
        let excepted = firing
            .unless
            .as_ref()
            .is_some_and(|conditions| self.holds(conditions, slot));
        if excepted || (model.rules.remember && !self.may_fire(slot, id)) {
            // What is held back now is lost, not what would come after it.
            self.repeat(slot, id);
            return false;
        }
        let ticket = &mut self.world.tickets[slot];
        if let Some(bit) = 1u64.checked_shl(id.index() as u32) {
            ticket.fired |= bit;
        }
        self.seen.fired(self.now, ticket, id);
        let warns = self.warned_of(slot, id);
        let mut told = false;
        self.world.firing = true;
        for action in &rule.actions {
            match self.act(slot, id, action) {
                true => told |= action.tells(),
                false => self.happened(slot, Happening::NoOperation { rule: id }),
            }
        }
        self.world.firing = false;
        if let Some(clock) = warns.filter(|_| told) {
            self.count_warning(slot, clock);
        }
        if self.world.tickets[slot].phase != Phase::Closed {
            self.repeat(slot, id);
        }
        firing.stops
    }

    /// A rule that repeats is due again, unless it has fired as often as it may.
    fn repeat(&mut self, slot: Slot, id: RuleId) {
        let firing = &self.model.rules.rules[id.index()].firing;
        let Some(every) = firing.every else { return };
        let fired = self.case(slot).rules.of(id).map_or(0, |(_, count, _)| *count);
        if fired < firing.at_most {
            self.case(slot).rules.end_repetition(id);
            self.make_due(slot, id, self.now + every, true);
        }
    }

    /// Whether a rule has not fired too often, or too recently, on a ticket; if not, it is remembered.
    fn may_fire(&mut self, slot: Slot, id: RuleId) -> bool {
        let (now, firing) = (self.now, &self.model.rules.rules[id.index()].firing);
        let memory = &mut self.case(slot).rules;
        let may = memory.may_fire(id, firing, now);
        if may {
            memory.note(id, now);
        }
        may
    }
}

/// Whether a rule on what happens waits for this.
fn waits_for(trigger: &Trigger, what: Occurrence) -> bool {
    let admits = |change: &Change, from: SeverityId, to: SeverityId| {
        change.from.is_none_or(|wanted| wanted == from) && change.to.is_none_or(|wanted| wanted == to)
    };
    match (trigger, what) {
        (Trigger::Reopened, Occurrence::Reopened(_))
        | (Trigger::Declared, Occurrence::Declared)
        | (Trigger::Mitigated, Occurrence::Mitigated) => true,
        (Trigger::Reopenings(wanted), Occurrence::Reopened(count))
        | (Trigger::Reassignments(wanted), Occurrence::Reassigned(count))
        | (Trigger::Chasers(wanted), Occurrence::Chased(count)) => *wanted == count,
        (Trigger::Linked(wanted), Occurrence::Linked(count)) => *wanted == count,
        (Trigger::SeverityRaised(change), Occurrence::Severity(from, to)) => {
            to.is_above(from) && admits(change, from, to)
        }
        (Trigger::SeverityLowered(change), Occurrence::Severity(from, to)) => {
            from.is_above(to) && admits(change, from, to)
        }
        _ => false,
    }
}
