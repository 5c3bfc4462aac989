//! What is counted of the tickets of one cell: one combination of reported severity, true severity, service, customer and team.
//!
//! Nearly every ticket updates one cell; slices by any of the five are sums over cells, taken once a replication.

use crate::kernel::{Family, Happening, Leaving, Outcome, Phase, Ticket, Verdict};
use crate::time::{Instant, Length};

/// How many severities, from the most severe on, a partial resolution is counted of.
const SEVERE: usize = 3;
const DAY_MS: i64 = 86_400_000;

/// Counts and sums of one cell. Times in ms; all integers, so sums do not depend on any order.
///
/// What nearly every ticket has is not counted but derived: exceptions are counted instead. What nearly every ticket adds to comes
/// first, in the order of the memory: a usual ticket touches two lines of the cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Counts {
    /// Tickets of the cohort.
    pub tickets: i64,
    /// Sum of resolution times, pauses and gaps included.
    pub resolve_ms: i64,
    /// Handling of resolved tickets.
    pub touch_ms: i64,
    /// Sum of first-response times.
    pub response_ms: i64,
    /// Time that tickets were open within the measured window (whoever created them).
    pub open_ms: i64,
    /// Resolutions in the window, whoever's.
    pub resolutions: i64,
    /// Tickets of the cohort that are not resolved at the end.
    pub unresolved: i64,
    /// Sum of times from creation to the first work. Not counted where that is always the first response ([`Counts::engaged_at_response`]).
    pub engage_ms: i64,
    /// First-response clocks, by severity at the response.
    pub response: Clock,
    /// Resolve clocks.
    pub resolve: Clock,
    /// Waits for the customer of resolved tickets.
    pub pending_ms: i64,
    /// The part of it beyond their resolution times: several people at once.
    pub surplus_ms: i64,
    /// Tickets that never got a first response.
    pub unanswered: i64,
    /// First-response clocks of the true severity.
    pub true_response: Clock,
    /// Resolve clocks of the true severity.
    pub true_resolve: Clock,
    /// Mitigate clocks; only of tickets that have such a target.
    pub mitigate: Clock,
    /// Mitigate clocks of the true severity.
    pub true_mitigate: Clock,
    /// Tickets that were mitigated: a workaround was in place, or they were resolved.
    pub mitigated: i64,
    /// Sum of their times from creation to that.
    pub mitigate_ms: i64,
    /// Resolved tickets of the three most severe severities.
    pub resolved_severe: i64,
    /// Those that had a workaround before.
    pub worked_around: i64,
    /// Hierarchical escalations.
    pub hierarchical: i64,
    /// Updates that fell due by a message or an end in the window (where they are work of their own).
    pub silences_due: i64,
    /// Those that were missed.
    pub silences_missed: i64,
    /// Reviews due in the window.
    pub reviews_due: i64,
    /// Those done in time.
    pub reviews_done: i64,
    /// Tickets bred by a problem that had been reviewed when they came.
    pub recurrences: i64,
    /// Tickets that never came because their problem is fixed.
    pub prevented: i64,
    /// Tickets that never came because of an article.
    pub deflected: i64,
    /// Updates due, by severity as the silence ended.
    pub updates_due: i64,
    /// Those that were missed.
    pub updates_missed: i64,
    /// Updates due and missed by the target of the true severity, likewise.
    pub true_updates_due: i64,
    /// See [`Counts::true_updates_due`].
    pub true_updates_missed: i64,
    /// Breached first-response, mitigate and resolve clocks and missed updates, of the tickets that are counted here.
    pub breaches: i64,
    /// Silences that ended too late, and by how much in all.
    pub late_updates: i64,
    /// See [`Counts::late_updates`].
    pub late_updates_ms: i64,
    /// Tickets with at least one functional escalation.
    pub escalated: i64,
    /// Functional escalations.
    pub escalations: i64,
    /// Functional escalations in the window, whoever's; by severity then.
    pub escalations_made: i64,
    /// Tickets that needed a functional escalation: some tier that held them was not able, or they breached without one.
    pub escalation_needed: i64,
    /// Those whose last one left time for the work of solving them.
    pub escalated_in_time: i64,
    /// Those that left a tier that was able.
    pub needless: i64,
    /// Changes of team after the first.
    pub reassignments: i64,
    /// Changes of owner after the first.
    pub owner_changes: i64,
    /// Of these, those within a team.
    pub owner_changes_in_team: i64,
    /// Changes of hands, at a shift's end or before.
    pub handoffs: i64,
    /// Of these, those in which context was lost.
    pub cold_handoffs: i64,
    /// Tickets that came back to a team that had had them.
    pub bounced: i64,
    /// Tickets that a team which helps took or got.
    pub overflowed: i64,
    /// Tickets that found no waiting place.
    pub turned_away: i64,
    /// Interruptions.
    pub preemptions: i64,
    /// Resolved tickets that were reassigned or came back too soon.
    pub not_first_contact: i64,
    /// Unresolved tickets that had been resolved before.
    pub resolved_before: i64,
    /// Tickets that came back at least once.
    pub reopened: i64,
    /// Reopenings.
    pub reopenings: i64,
    /// First reported severity more severe than the true one.
    pub over: i64,
    /// First reported severity less severe than the true one.
    pub under: i64,
    /// Tickets that nobody began to work on, by severity at the response; like [`Counts::engage_ms`].
    pub untouched: i64,
    /// Tickets corrected at first touch, by severity before it.
    pub corrected: i64,
    /// Tickets that their customers left before anybody began them.
    pub abandoned: i64,
    /// Tickets closed because their customers did not answer.
    pub unanswered_closed: i64,
    /// Open time in which the reported severity was not the true one.
    pub misreported_ms: i64,
    /// Truly of the most severe; first reported so; both.
    pub top_true: i64,
    /// See [`Counts::top_true`].
    pub top_reported: i64,
    /// See [`Counts::top_true`].
    pub top_both: i64,
    /// Children of faults, and those of them that were linked.
    pub children: i64,
    /// See [`Counts::children`].
    pub linked: i64,
    /// Handling of children for nothing.
    pub in_vain_ms: i64,
    /// Incidents declared, and the time from the beginning of the fault to that.
    pub declared: i64,
    /// See [`Counts::declared`].
    pub declared_ms: i64,
    /// Faults of the two most severe severities mitigated or ended with their parent, and how long they lasted.
    pub restored: i64,
    /// See [`Counts::restored`].
    pub restored_ms: i64,
    /// Tickets that a status page spared, in the window.
    pub spared: i64,
    /// Alerts that joined an open one, in the window.
    pub joined: i64,
    /// Clocks of acknowledgements that ended void.
    pub calls_voided: i64,
    /// Times that customers asked again, and tickets whose customers did.
    pub chasers: i64,
    /// See [`Counts::chasers`].
    pub chased: i64,
    /// Reminders sent.
    pub reminded: i64,
    /// Steps by which true severities worsened.
    pub worsened: i64,
    /// Penalties of clocks that breached in the window (whoever created the ticket), in thousandths of the currency's unit.
    pub penalty: i64,
    /// Open tickets at the beginning and at the end of the window.
    pub open_before: i64,
    /// See [`Counts::open_before`].
    pub open_after: i64,
    /// Open tickets at the local midnights of the window, and the sum of their ages.
    pub aged: i64,
    /// See [`Counts::aged`].
    pub age_ms: i64,
    /// Those of them that were older than a day, a week and thirty days.
    pub over_a_day: i64,
    /// See [`Counts::over_a_day`].
    pub over_a_week: i64,
    /// See [`Counts::over_a_day`].
    pub over_a_month: i64,
    /// Resolved tickets whose resolve clock ran on a calendar, and what it had counted by then.
    pub used: i64,
    /// See [`Counts::used`].
    pub used_ms: i64,
    /// Clocks that breached or nearly did, and those of them of which somebody able was told early enough.
    pub close_calls: i64,
    /// See [`Counts::close_calls`].
    pub foreseen: i64,
    /// Warnings in the window of clocks that are decided, and those whose clocks breached or nearly did.
    pub warnings: i64,
    /// See [`Counts::warnings`].
    pub warned_rightly: i64,
    /// Pages that the true severity would not have called for, and those of them to people on shift.
    pub needless_pages: i64,
    /// See [`Counts::needless_pages`].
    pub needless_pages_on_shift: i64,
    /// Preemptions that the true severity would not have called for, by the ticket that interrupts.
    pub needless_preemptions: i64,
    /// Handling of over-triaged tickets that ended at a tier above the lowest that could have solved them.
    pub scarce_ms: i64,
    /// Under-triaged tickets, and the time until their severity was reported as it is, or until they ended.
    pub recognised: i64,
    /// See [`Counts::recognised`].
    pub recognised_ms: i64,
}

/// Clocks of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    /// Tickets.
    pub of: i64,
    /// Those without a target.
    pub without: i64,
    /// Neither stopped nor past the deadline by the end of the run.
    pub censored: i64,
    /// Ended void: the ticket was left before the deadline.
    pub voided: i64,
    /// Breached.
    pub breached: i64,
    /// Breached and stopped.
    pub late: i64,
    /// Their lateness, calendar time.
    pub late_ms: i64,
}

impl Clock {
    #[inline]
    fn add(&mut self, verdict: &Option<Verdict>, voided: bool) {
        self.of += 1;
        match verdict {
            None => self.without += 1,
            Some(verdict) if verdict.breached != Some(false) => self.add_exception(verdict, voided),
            Some(_) => {}
        }
    }

    fn add_exception(&mut self, verdict: &Verdict, voided: bool) {
        match verdict.breached {
            None if voided => self.voided += 1,
            None => self.censored += 1,
            Some(breached) => {
                self.breached += i64::from(breached);
                self.late += i64::from(verdict.stopped);
                self.late_ms += i64::from(verdict.stopped) * verdict.late.ms();
            }
        }
    }

    fn merge(&mut self, other: &Clock) {
        let Clock {
            of,
            without,
            censored,
            voided,
            breached,
            late,
            late_ms,
        } = other;
        self.of += of;
        self.without += without;
        self.censored += censored;
        self.voided += voided;
        self.breached += breached;
        self.late += late;
        self.late_ms += late_ms;
    }

    /// Clocks that were decided: stopped, or past the deadline.
    pub fn due(&self) -> i64 {
        self.of - self.without - self.censored - self.voided
    }
}

impl Counts {
    /// Tickets that are resolved at the end.
    pub fn resolved(&self) -> i64 {
        self.tickets - self.unresolved
    }

    /// Tickets that were resolved at least once.
    pub fn once_resolved(&self) -> i64 {
        self.resolved() + self.resolved_before
    }

    /// Tickets that somebody has worked on.
    pub fn touched(&self) -> i64 {
        self.response.of - self.untouched
    }

    /// Tickets with a first response.
    pub fn responded(&self) -> i64 {
        self.response.of - self.unanswered
    }

    /// Resolved by the first team, never reassigned, not reopened soon.
    pub fn first_contact(&self) -> i64 {
        self.resolved() - self.not_first_contact
    }

    /// The counts of a cell whose reported severity is always the true one, and whether that is the most severe.
    pub fn truly(self, most_severe: bool) -> Counts {
        let top = if most_severe { self.tickets } else { 0 };
        Counts {
            top_true: top,
            top_reported: top,
            top_both: top,
            true_response: self.response,
            true_resolve: self.resolve,
            true_mitigate: self.mitigate,
            ..self
        }
    }

    /// The counts of a cell whose tickets' first work is always their first response.
    pub fn engaged_at_response(self) -> Counts {
        Counts {
            engage_ms: self.response_ms,
            untouched: self.unanswered,
            ..self
        }
    }

    /// Adds another cell. Every field is named, so that the compiler sees one that is forgotten.
    #[rustfmt::skip]
    pub fn merge(&mut self, other: &Counts) {
        macro_rules! add {
            ($($field:ident)*) => {
                let Counts { response, resolve, mitigate, true_response, true_resolve, true_mitigate, $($field),* } = other;
                $(self.$field += $field;)*
                self.response.merge(response);
                self.resolve.merge(resolve);
                self.mitigate.merge(mitigate);
                self.true_response.merge(true_response);
                self.true_resolve.merge(true_resolve);
                self.true_mitigate.merge(true_mitigate);
            };
        }
        add!(tickets unresolved resolve_ms pending_ms touch_ms unanswered response_ms updates_due updates_missed
            escalated escalations needless reassignments owner_changes owner_changes_in_team handoffs cold_handoffs bounced overflowed turned_away
            preemptions not_first_contact resolved_before
            hierarchical silences_due silences_missed reviews_due reviews_done recurrences prevented deflected
            mitigated mitigate_ms resolved_severe worked_around
            reopened reopenings over under corrected abandoned unanswered_closed misreported_ms top_true
            top_reported top_both children linked in_vain_ms declared declared_ms restored restored_ms spared joined calls_voided
            chasers chased reminded worsened open_ms penalty
            escalation_needed escalated_in_time surplus_ms escalations_made untouched resolutions engage_ms open_before open_after aged age_ms over_a_day
            over_a_week over_a_month used used_ms
            close_calls foreseen warnings warned_rightly needless_pages needless_pages_on_shift needless_preemptions
            scarce_ms recognised recognised_ms true_updates_due true_updates_missed late_updates late_updates_ms breaches);
    }

    /// Counts a ticket that is closed or cut off, first-response clock left out: it belongs to the severity at the
    /// response.
    ///
    /// `truth`: whether the reported severity can differ from the true one; without, the true clocks are the reported
    /// ones and are not counted twice ([`Counts::truly`] fills them in).
    #[inline]
    pub fn add(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome, truth: bool) {
        self.tickets += 1;
        self.resolve.add(&outcome.resolve, outcome.voided);
        match ticket.resolved {
            Some(resolved) => {
                let took = (resolved - ticket.created).ms();
                self.resolve_ms += took;
                self.touch_ms += ticket.touch_ms;
                if ticket.touch_ms > took {
                    self.surplus_ms += ticket.touch_ms - took;
                }
            }
            None => self.unresolved += 1,
        }
        if matches!(ticket.family, Family::Child(_)) {
            self.children += 1;
        }
        if ticket.had_changes() {
            self.add_changes(ticket);
        }
        let is_late = |verdict: Verdict| verdict.breached == Some(true);
        let breached = outcome.resolve.is_some_and(is_late) || ticket.had_late_cycle();
        if ticket.escalations > 0 || breached || !ticket.solvable_here() {
            self.add_need(ticket, breached);
        }
        if truth {
            self.add_truth(now, ticket, outcome);
        }
    }

    fn add_truth(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        let truly = outcome.truly();
        self.true_resolve.add(&truly.resolve, outcome.voided);
        if ticket.first_severity.is_above(ticket.true_severity) {
            self.over += 1;
            self.scarce_ms += ticket.touch_ms * i64::from(ticket.tier > ticket.able_from());
        }
        self.under += i64::from(ticket.true_severity.is_above(ticket.first_severity));
        self.misreported_ms += ticket.misreported_ms(now);
        let [truly, reported] = [ticket.true_severity, ticket.first_severity].map(|severity| severity.index() == 0);
        self.top_true += i64::from(truly);
        self.top_reported += i64::from(reported);
        self.top_both += i64::from(truly && reported);
    }

    /// Counts whom it was escalated to and what bred it.
    pub fn add_process(&mut self, ticket: &Ticket) {
        self.hierarchical += i64::from(ticket.hierarchical);
        self.recurrences += i64::from(ticket.recurs);
    }

    /// Counts when a ticket was mitigated, in a scenario that asks. The clock belongs to the severity at that instant.
    pub fn add_mitigation(&mut self, ticket: &Ticket, outcome: &Outcome, truth: bool) {
        if outcome.mitigate.is_some() {
            self.mitigate.add(&outcome.mitigate, outcome.voided);
        }
        if let Some(truly) = outcome.truly().mitigate.filter(|_| truth) {
            self.true_mitigate.add(&Some(truly), outcome.voided);
        }
        if let Some(mitigated) = ticket.mitigated {
            self.mitigated += 1;
            self.mitigate_ms += (mitigated - ticket.created).ms();
        }
        if ticket.resolved.is_some() && ticket.mitigate_severity.index() < SEVERE {
            self.resolved_severe += 1;
            self.worked_around += i64::from(ticket.worked_around);
        }
    }

    /// Escalations and other changes, which most tickets do not have.
    #[inline(never)]
    fn add_changes(&mut self, ticket: &Ticket) {
        let reopenings = i64::from(ticket.reopenings());
        let resolved = ticket.resolved.is_some();
        if resolved {
            self.pending_ms += ticket.pending_ms;
        }
        self.breaches += i64::from(ticket.updates_missed);
        self.escalated += i64::from(ticket.escalations > 0);
        self.escalations += i64::from(ticket.escalations);
        self.reassignments += i64::from(ticket.reassignments);
        self.owner_changes += i64::from(ticket.owner_changes);
        self.owner_changes_in_team += i64::from(ticket.owner_changes_in_team);
        self.handoffs += i64::from(ticket.handoffs);
        self.cold_handoffs += i64::from(ticket.cold_handoffs);
        self.bounced += i64::from(ticket.bounces > 0);
        self.overflowed += i64::from(ticket.overflows > 0);
        self.turned_away += i64::from(ticket.turned_away);
        self.preemptions += i64::from(ticket.preemptions);
        self.not_first_contact += i64::from(resolved && (ticket.changes_of_hands() > 0 || ticket.came_back_soon()));
        self.abandoned += i64::from(ticket.left == Some(Leaving::Impatient));
        self.unanswered_closed += i64::from(ticket.left == Some(Leaving::Unanswered));
        self.resolved_before += i64::from(!resolved && ticket.cycle > 0);
        self.reopened += i64::from(reopenings > 0);
        self.reopenings += reopenings;
    }

    /// Counts whether it needed an escalation, and had it in time. Where it was held by a tier that was not able, it was handed on
    /// from there, or is there still.
    #[inline(never)]
    fn add_need(&mut self, ticket: &Ticket, breached: bool) {
        let was_stuck = ticket.escalated_from_unable || !(ticket.solvable_here() || ticket.linked);
        let needed = was_stuck || (breached && ticket.escalations == 0);
        self.escalation_needed += i64::from(needed);
        self.escalated_in_time += i64::from(needed && ticket.escalations > 0 && ticket.escalated_in_time);
    }

    /// Counts the first response of such a ticket.
    #[inline]
    pub fn add_response(&mut self, response: Option<Length>, outcome: &Outcome) {
        self.response.add(&outcome.first_response, outcome.voided);
        match response {
            Some(response) => self.response_ms += response.ms(),
            None => self.unanswered += 1,
        }
    }

    /// Counts when somebody began such a ticket, by severity at the response.
    pub fn add_engagement(&mut self, ticket: &Ticket) {
        match ticket.engaged {
            Some(engaged) => self.engage_ms += (engaged - ticket.created).ms(),
            None => self.untouched += 1,
        }
    }

    /// Counts what its true severity makes of its first response, and whether the reported one was corrected.
    pub fn add_true_response(&mut self, ticket: &Ticket, outcome: &Outcome) {
        self.true_response.add(&outcome.truly().first_response, outcome.voided);
        self.corrected += i64::from(ticket.corrected);
    }

    /// Counts the age of an open ticket at a midnight.
    pub fn add_age(&mut self, age: Length) {
        let older_than = |days: i64| i64::from(age.ms() > days * DAY_MS);
        self.aged += 1;
        self.age_ms += age.ms();
        self.over_a_day += older_than(1);
        self.over_a_week += older_than(7);
        self.over_a_month += older_than(30);
    }

    /// Counts something rare that happened to a ticket. What belongs to the ticket counts if that is of the cohort, what the
    /// organisation was spared if it happened in the window.
    pub fn add_happening(&mut self, ticket: &Ticket, what: &Happening, in_window: bool) {
        let (mine, now) = (i64::from(ticket.measured), i64::from(in_window));
        match *what {
            Happening::Declared { after } => {
                self.declared += mine;
                self.declared_ms += mine * after.ms();
            }
            Happening::CycleDecided { verdict, truly } if ticket.measured => {
                self.resolve.add(&Some(verdict), false);
                self.true_resolve.add(&truly, false);
            }
            Happening::InVain { ms } => self.in_vain_ms += mine * ms,
            Happening::Restored { after } if ticket.true_severity.index() < 2 => {
                self.restored += mine;
                self.restored_ms += mine * after.ms();
            }
            Happening::Spared => self.spared += now,
            Happening::Joined => self.joined += now,
            // What is solved needs nobody to acknowledge it.
            Happening::ClockDecided {
                verdict: Some(verdict),
                ends: false,
                ..
            } if ticket.phase != Phase::Resolved => self.calls_voided += mine * i64::from(verdict.breached.is_none()),
            Happening::SilenceEnded {
                due,
                missed,
                truly_due,
                truly_missed,
                late,
                ..
            } => {
                self.updates_due += mine * i64::from(due);
                self.updates_missed += mine * i64::from(missed);
                self.true_updates_due += mine * i64::from(truly_due);
                self.true_updates_missed += mine * i64::from(truly_missed);
                if let Some(late) = late {
                    self.late_updates += mine;
                    self.late_updates_ms += mine * late.ms();
                }
            }
            // What counts with the ticket at its end, rules, gates and messages are counted where they belong to.
            _ => {}
        }
    }
}
