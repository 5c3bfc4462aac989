//! The metrics: one line each, from what is counted to a numerator and a denominator.
//!
//! Names, definitions and units are those of the metrics dictionary (docs/metrics.md is made from this table). To add a
//! metric: a line here, and a field in [`Counts`] or [`Flow`] if nothing yet counts what it needs.

use super::counts::Counts;
use super::flow::Flow;
use super::occasions::Occasion;
use super::oncall::{Calls, Duty};
use super::process::GateCounts;
use super::samples::Sampled;
use super::timeline::HourOfWeek;
pub use super::times::{TIMINGS, Timing};
use crate::model::TargetKind;
use crate::model::costs::{MONTH_DAYS, THOUSAND};
use std::ops::RangeInclusive;

/// How a metric's replication values become an estimate, and what its `n` is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimator {
    /// A share of countable things: ratio of sums, Wilson-type interval; `n` counts the things.
    Share,
    /// A ratio of sums: delta method; `n` counts the denominator.
    Ratio,
    /// A ratio of two times: delta method; `n` counts replications.
    TimeRatio,
    /// A value a replication: Student interval; `n` counts replications.
    PerReplication,
    /// A count a replication: Student interval; `n` is the total count.
    Count,
    /// A quantile: sectioning; `n` counts the values.
    Quantile(f64),
}

/// Whether less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// Neither.
    Neither,
}

/// Where a metric's numbers come from.
#[derive(Clone, Copy)]
pub enum Source {
    /// Cells of tickets: slices `all`, `severity`, `true_severity`, `service`, `customer_tier`.
    Tickets(fn(&Counts, &Span) -> (f64, f64)),
    /// The same cells and slices, in a scenario that uses the feature.
    SomeTickets(Feature, fn(&Counts, &Span) -> (f64, f64)),
    /// Teams' queues and people: slices `all`, `support_tier`, `team`.
    Teams(fn(&Flow, &Span) -> (f64, f64)),
    /// The same teams and slices, in a scenario that uses the feature.
    SomeTeams(Feature, fn(&Flow, &Span) -> (f64, f64)),
    /// Requests at gates: slices `all`, `gate`.
    Gates(fn(&GateCounts) -> (f64, f64)),
    /// Teams' queues by severity: slices `all`, `severity`, `support_tier`, `team`.
    Queues(fn(&Flow, &Span) -> (f64, f64)),
    /// Cells of tickets' pages: the same slices, if anybody can be paged.
    Calls(fn(&Calls, &Span) -> (f64, f64)),
    /// The same cells and slices, in a scenario that uses the feature.
    SomeCalls(Feature, fn(&Calls, &Span) -> (f64, f64)),
    /// Clocks that not every ticket has, if there are any: the slices of tickets.
    Occasions(TargetKind, fn(&Occasion) -> (f64, f64)),
    /// Schedules of on-call duty: slices `all`, `schedule`.
    Schedules(fn(&Duty, &Span) -> (f64, f64)),
    /// Teams' people: as `Teams`, if anybody can be paged.
    CalledTeams(fn(&Flow, &Span) -> (f64, f64)),
    /// Rules: slice `rule`: (firings, tickets fired on, of these breached, tickets, actions that found nothing to do, chains
    /// cut before it).
    Rules(fn([f64; 6]) -> (f64, f64)),
    /// Hourly samples of the open tickets: the slices of tickets.
    Samples(fn(&Sampled) -> (f64, f64)),
    /// Local hours of the week: slice `hour_of_week`.
    HoursOfWeek(fn(&HourOfWeek) -> (f64, f64)),
    /// A distribution of times: its slices are those of [`Timing`].
    Times(Timing),
}

/// What a scenario may use, and metrics may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Mitigate targets, or workarounds.
    Mitigation,
    /// Policies whose tickets share pages.
    Grouping,
    /// Policies whose pages are put off.
    Snoozing,
    /// Secondary owners of services.
    TakingOver,
    /// Roles that tickets may be escalated to.
    Roles,
    /// Updates and briefs as work.
    Messages,
    /// Reviews.
    Reviews,
    /// Problems behind kinds of ticket.
    Problems,
    /// Articles.
    Articles,
    /// Resolve targets with calendars.
    Calendars,
    /// Severities that are reported other than they are.
    Triage,
    /// Rules that tell people of tickets.
    Warnings,
    /// Costs.
    Money,
    /// Pay of being on call.
    OnCallPay,
}

/// The measured window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Its length in ms.
    pub ms: f64,
}

impl Span {
    fn days(&self) -> f64 {
        self.ms / 86_400_000.0
    }

    /// Thousandths of the currency's unit in the window as units a month of 30.4375 days.
    fn a_month(&self, thousandths: i64) -> (f64, f64) {
        (units(thousandths) / (self.days() / MONTH_DAYS), 1.0)
    }
}

/// One metric.
#[derive(Clone, Copy)]
pub struct Metric {
    /// Name, unit at the end (`_s` seconds, `_share` or `_rate` a share).
    pub name: &'static str,
    /// Definition in one sentence.
    pub about: &'static str,
    /// Where its numbers come from.
    pub source: Source,
    /// How it is estimated.
    pub estimator: Estimator,
    /// Whether less is better.
    pub better: Better,
}

impl Metric {
    /// The values that it can have, from the least to the largest: a share is no more than all of it, and nothing that is
    /// counted or timed is less than none, but what grows may shrink.
    pub fn range(&self) -> RangeInclusive<f64> {
        let is_share = self.estimator == Estimator::Share || self.name.contains("_share");
        let least = if self.name.contains("_growth") {
            f64::NEG_INFINITY
        } else {
            0.0
        };
        least..=if is_share { 1.0 } else { f64::INFINITY }
    }
}

const fn tickets(
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    better: Better,
    of: fn(&Counts, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Tickets(of),
        estimator,
        better,
    }
}

const fn some_tickets(
    feature: Feature,
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    better: Better,
    of: fn(&Counts, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::SomeTickets(feature, of),
        estimator,
        better,
    }
}

const fn gates(
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    of: fn(&GateCounts) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Gates(of),
        estimator,
        better: Better::Lower,
    }
}

const fn times(name: &'static str, about: &'static str, timing: Timing, q: f64) -> Metric {
    let (source, estimator) = (Source::Times(timing), Estimator::Quantile(q));
    Metric {
        name,
        about,
        source,
        estimator,
        better: Better::Lower,
    }
}

const fn occasions(
    kind: TargetKind,
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    better: Better,
    of: fn(&Occasion) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Occasions(kind, of),
        estimator,
        better,
    }
}

const fn some_calls(
    feature: Feature,
    name: &'static str,
    about: &'static str,
    better: Better,
    of: fn(&Calls, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::SomeCalls(feature, of),
        estimator: Count,
        better,
    }
}

const fn calls(
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    better: Better,
    of: fn(&Calls, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Calls(of),
        estimator,
        better,
    }
}

const fn schedules(
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    of: fn(&Duty, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Schedules(of),
        estimator,
        better: Better::Lower,
    }
}

const fn called(name: &'static str, about: &'static str, of: fn(&Flow, &Span) -> (f64, f64)) -> Metric {
    Metric {
        name,
        about,
        source: Source::CalledTeams(of),
        estimator: Estimator::PerReplication,
        better: Better::Lower,
    }
}

const fn queues(
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    of: fn(&Flow, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Queues(of),
        estimator,
        better: Better::Lower,
    }
}

const fn teams(
    name: &'static str,
    about: &'static str,
    estimator: Estimator,
    better: Better,
    of: fn(&Flow, &Span) -> (f64, f64),
) -> Metric {
    Metric {
        name,
        about,
        source: Source::Teams(of),
        estimator,
        better,
    }
}

use Better::{Higher, Lower, Neither};
use Estimator::{Count, PerReplication, Ratio, Share, TimeRatio};
use Feature::{
    Articles, Calendars, Grouping, Messages, Mitigation, Money, OnCallPay, Problems, Reviews, Roles, Snoozing,
    TakingOver, Triage, Warnings,
};

const SECOND: f64 = 1000.0;
/// A shift, for counting by the shift where shifts differ.
const SHIFT_MS: f64 = 8.0 * 3_600_000.0;

fn pair(numerator: i64, denominator: i64) -> (f64, f64) {
    (numerator as f64, denominator as f64)
}

/// Mean of ms as seconds: the numerator is in seconds already.
fn seconds(ms: i64, of: i64) -> (f64, f64) {
    (ms as f64 / SECOND, of as f64)
}

/// Thousandths of the currency's unit as units.
fn units(thousandths: i64) -> f64 {
    thousandths as f64 / THOUSAND
}

/// All metrics, in the order of the output.
#[rustfmt::skip]
pub const METRICS: &[Metric] = &[
    tickets("tickets_created", "tickets created in the measured window, a replication; n counts all of them", Count, Neither, |c, _| (c.tickets as f64, 1.0)),
    tickets("breach_rate_first_response", "first-response clocks breached / due", Share, Lower, |c, _| pair(c.response.breached, c.response.due())),
    tickets("breach_rate_update", "updates missed / due", Share, Lower, |c, _| pair(c.updates_missed, c.updates_due)),
    tickets("attainment_update", "updates that were not missed / due", Share, Higher, |c, _| pair(c.updates_due - c.updates_missed, c.updates_due)),
    tickets("breach_rate_resolve", "resolve clocks breached / due", Share, Lower, |c, _| pair(c.resolve.breached, c.resolve.due())),
    tickets("true_breach_rate_first_response", "the same against the first-response target of the true severity", Share, Lower, |c, _| pair(c.true_response.breached, c.true_response.due())),
    tickets("true_breach_rate_update", "the same against the update target of the true severity, by the severity reported as a silence ended", Share, Lower, |c, _| pair(c.true_updates_missed, c.true_updates_due)),
    tickets("true_breach_rate_resolve", "the same against the resolve target of the true severity", Share, Lower, |c, _| pair(c.true_resolve.breached, c.true_resolve.due())),
    tickets("attainment_first_response", "first-response clocks met / due", Share, Higher, |c, _| pair(c.response.due() - c.response.breached, c.response.due())),
    tickets("attainment_resolve", "resolve clocks met / due", Share, Higher, |c, _| pair(c.resolve.due() - c.resolve.breached, c.resolve.due())),
    tickets("answered_within_target_share", "first-response clocks met / all that were decided or ended void because the customer left", Share, Higher, |c, _| pair(c.response.due() - c.response.breached, c.response.due() + c.response.voided)),
    tickets("breaches_per_1000", "1000 × breached first-response, mitigate and resolve clocks and missed updates / tickets, both by the severity and team that the tickets end with", Ratio, Lower, |c, _| (1000.0 * c.breaches as f64, c.tickets as f64)),
    tickets("censored_share_first_response", "first-response clocks undecided at the end of the run / all of them", Share, Lower, |c, _| pair(c.response.censored, c.response.censored + c.response.due())),
    tickets("censored_share_resolve", "resolve clocks undecided at the end of the run / all of them", Share, Lower, |c, _| pair(c.resolve.censored, c.resolve.censored + c.resolve.due())),
    tickets("lateness_first_response_mean_s", "calendar time beyond the first-response target, late responses only", Ratio, Lower, |c, _| seconds(c.response.late_ms, c.response.late)),
    times("lateness_first_response_p50_s", "median of the same", Timing::LateResponse, 0.5),
    times("lateness_first_response_p90_s", "90th percentile of the same", Timing::LateResponse, 0.9),
    times("lateness_first_response_p95_s", "95th percentile of the same", Timing::LateResponse, 0.95),
    tickets("lateness_update_mean_s", "calendar time beyond the update target at the message, or the end, that ended a silence, late ones only", Ratio, Lower, |c, _| seconds(c.late_updates_ms, c.late_updates)),
    times("lateness_update_p50_s", "median of the same", Timing::LateUpdate, 0.5),
    times("lateness_update_p90_s", "90th percentile of the same", Timing::LateUpdate, 0.9),
    times("lateness_update_p95_s", "95th percentile of the same", Timing::LateUpdate, 0.95),
    tickets("lateness_resolve_mean_s", "calendar time beyond the resolve target, late resolutions only", Ratio, Lower, |c, _| seconds(c.resolve.late_ms, c.resolve.late)),
    times("lateness_resolve_p50_s", "median of the same", Timing::LateResolve, 0.5),
    times("lateness_resolve_p90_s", "90th percentile of the same", Timing::LateResolve, 0.9),
    times("lateness_resolve_p95_s", "95th percentile of the same", Timing::LateResolve, 0.95),
    tickets("first_response_mean_s", "creation to first human response", Ratio, Lower, |c, _| seconds(c.response_ms, c.responded())),
    times("first_response_p50_s", "median of the same", Timing::FirstResponse, 0.5),
    times("first_response_p90_s", "90th percentile of the same", Timing::FirstResponse, 0.9),
    times("first_response_p95_s", "95th percentile of the same", Timing::FirstResponse, 0.95),
    tickets("time_to_engage_mean_s", "creation to the first work on the ticket; an acknowledgement is none", Ratio, Lower, |c, _| seconds(c.engage_ms, c.touched())),
    times("time_to_engage_p50_s", "median of the same", Timing::Engage, 0.5),
    times("time_to_engage_p90_s", "90th percentile of the same", Timing::Engage, 0.9),
    times("time_to_engage_p95_s", "95th percentile of the same", Timing::Engage, 0.95),
    tickets("time_to_resolve_mean_s", "creation to last resolution, pauses included", Ratio, Lower, |c, _| seconds(c.resolve_ms, c.resolved())),
    times("time_to_resolve_p50_s", "median of the same", Timing::Resolve, 0.5),
    times("time_to_resolve_p90_s", "90th percentile of the same", Timing::Resolve, 0.9),
    times("time_to_resolve_p95_s", "95th percentile of the same", Timing::Resolve, 0.95),
    tickets("time_to_resolve_net_mean_s", "creation to last resolution without waits for the customer", Ratio, Lower, |c, _| seconds(c.resolve_ms - c.pending_ms, c.resolved())),
    times("time_to_resolve_net_p50_s", "median of the same", Timing::ResolveNet, 0.5),
    times("time_to_resolve_net_p90_s", "90th percentile of the same", Timing::ResolveNet, 0.9),
    times("time_to_resolve_net_p95_s", "95th percentile of the same", Timing::ResolveNet, 0.95),
    some_tickets(Calendars, "time_to_resolve_net_mean_cal_s", "creation to last resolution on the calendar of the resolve target, its pauses left out: what the target has counted by the resolution; tickets with a resolve target", Ratio, Lower, |c, _| seconds(c.used_ms, c.used)),
    times("time_to_resolve_net_p50_cal_s", "median of the same", Timing::ResolveOnCalendar, 0.5),
    times("time_to_resolve_net_p90_cal_s", "90th percentile of the same", Timing::ResolveOnCalendar, 0.9),
    times("time_to_resolve_net_p95_cal_s", "95th percentile of the same", Timing::ResolveOnCalendar, 0.95),
    tickets("touch_time_mean_s", "handling by all persons, resolved tickets: triage, updates, decisions, command and parts of other teams included, what follows the resolution not", Ratio, Lower, |c, _| seconds(c.touch_ms, c.resolved())),
    tickets("flow_efficiency_share", "touch time / time to resolve, a ticket's touch time counted up to its time to resolve", TimeRatio, Higher, |c, _| pair(c.touch_ms - c.surplus_ms, c.resolve_ms)),
    tickets("escalation_rate", "tickets with a functional escalation / tickets", Share, Lower, |c, _| pair(c.escalated, c.tickets)),
    tickets("escalations_per_ticket", "functional escalations / tickets", Ratio, Lower, |c, _| pair(c.escalations, c.tickets)),
    tickets("needless_escalation_share", "escalations that left a tier that was able / escalations, those in the window", Share, Lower, |c, _| pair(c.needless, c.escalations_made)),
    tickets("on_time_escalation_rate", "tickets whose last functional escalation left at least the receiving tier's median work of solving of the time to resolve / tickets that needed one: a tier that held them was not able, or they breached without one", Share, Higher, |c, _| pair(c.escalated_in_time, c.escalation_needed)),
    tickets("reassignments_per_ticket", "changes of team or owner after the first / tickets, escalations included: the first owner in another team comes with the change of team", Ratio, Lower, |c, _| pair(c.reassignments + c.owner_changes_in_team, c.tickets)),
    tickets("group_changes_per_ticket", "changes of team after the first / tickets, escalations included", Ratio, Lower, |c, _| pair(c.reassignments, c.tickets)),
    tickets("owner_changes_per_ticket", "changes of owner after the first / tickets: whoever owns it is another person than whoever owned it before, whether the team changes or not", Ratio, Lower, |c, _| pair(c.owner_changes, c.tickets)),
    tickets("handoffs_per_ticket", "changes of hands, at shift ends and in between / tickets", Ratio, Lower, |c, _| pair(c.handoffs, c.tickets)),
    tickets("cold_share", "changes of hands in which context was lost / changes of hands", Share, Lower, |c, _| pair(c.cold_handoffs, c.handoffs)),
    tickets("bounce_rate", "tickets that came back to a team that had had them / tickets", Share, Lower, |c, _| pair(c.bounced, c.tickets)),
    tickets("overflow_rate", "tickets that a team which helps took over / tickets", Share, Neither, |c, _| pair(c.overflowed, c.tickets)),
    tickets("turned_away_rate", "tickets that found no waiting place and were closed / tickets", Share, Lower, |c, _| pair(c.turned_away, c.tickets)),
    tickets("preemptions_per_ticket", "interruptions by more severe tickets / tickets", Ratio, Lower, |c, _| pair(c.preemptions, c.tickets)),
    tickets("first_contact_resolution_share", "resolved by the first team, never reassigned and not reopened within `run.fcr_days` / resolved", Share, Higher, |c, _| pair(c.first_contact(), c.resolved())),
    tickets("reopen_rate", "resolved tickets reopened at least once / resolved", Share, Lower, |c, _| pair(c.reopened, c.once_resolved())),
    tickets("reopenings_per_ticket", "reopenings / tickets", Ratio, Lower, |c, _| pair(c.reopenings, c.tickets)),
    tickets("severity_accuracy_share", "first reported severity is the true one / tickets", Share, Higher, |c, _| pair(c.tickets - c.over - c.under, c.tickets)),
    tickets("over_triage_share", "first reported more severe than true / tickets", Share, Lower, |c, _| pair(c.over, c.tickets)),
    tickets("under_triage_share", "first reported less severe than true / tickets", Share, Lower, |c, _| pair(c.under, c.tickets)),
    tickets("override_rate", "severity corrected at first touch / tickets that somebody worked on, by the severity before it", Share, Neither, |c, _| pair(c.corrected, c.touched())),
    some_tickets(Mitigation, "breach_rate_mitigate", "mitigate clocks breached / due", Share, Lower, |c, _| pair(c.mitigate.breached, c.mitigate.due())),
    some_tickets(Mitigation, "true_breach_rate_mitigate", "the same against the mitigate target of the true severity", Share, Lower, |c, _| pair(c.true_mitigate.breached, c.true_mitigate.due())),
    some_tickets(Mitigation, "attainment_mitigate", "mitigate clocks met / due", Share, Higher, |c, _| pair(c.mitigate.due() - c.mitigate.breached, c.mitigate.due())),
    some_tickets(Mitigation, "censored_share_mitigate", "mitigate clocks undecided at the end of the run / all of them", Share, Lower, |c, _| pair(c.mitigate.censored, c.mitigate.censored + c.mitigate.due())),
    some_tickets(Mitigation, "lateness_mitigate_mean_s", "calendar time beyond the mitigate target, late mitigations only", Ratio, Lower, |c, _| seconds(c.mitigate.late_ms, c.mitigate.late)),
    times("lateness_mitigate_p50_s", "median of the same", Timing::LateMitigate, 0.5),
    times("lateness_mitigate_p90_s", "90th percentile of the same", Timing::LateMitigate, 0.9),
    times("lateness_mitigate_p95_s", "95th percentile of the same", Timing::LateMitigate, 0.95),
    some_tickets(Mitigation, "time_to_mitigate_mean_s", "creation to the workaround, or to the first resolution where none came before it", Ratio, Lower, |c, _| seconds(c.mitigate_ms, c.mitigated)),
    times("time_to_mitigate_p50_s", "median of the same", Timing::Mitigate, 0.5),
    times("time_to_mitigate_p90_s", "90th percentile of the same", Timing::Mitigate, 0.9),
    times("time_to_mitigate_p95_s", "95th percentile of the same", Timing::Mitigate, 0.95),
    some_tickets(Mitigation, "partial_resolution_share", "tickets with a workaround before their resolution / resolved tickets of the three most severe severities", Share, Neither, |c, _| pair(c.worked_around, c.resolved_severe)),
    some_tickets(Roles, "hierarchical_per_ticket", "times that somebody with more authority was told / tickets", Ratio, Neither, |c, _| pair(c.hierarchical, c.tickets)),
    some_tickets(Messages, "missed_update_share", "updates missed / due, those that fell due by a message or an end in the window", Share, Lower, |c, _| pair(c.silences_missed, c.silences_due)),
    some_tickets(Reviews, "review_done_share", "reviews done in time / due in the window, by the severity at the resolution", Share, Higher, |c, _| pair(c.reviews_done, c.reviews_due)),
    some_tickets(Problems, "recurrence_rate", "tickets of a problem that had been reviewed / tickets", Share, Lower, |c, _| pair(c.recurrences, c.tickets)),
    some_tickets(Problems, "prevented_share", "tickets that a fixed problem kept from coming / those and the tickets that came", Share, Higher, |c, _| pair(c.prevented, c.prevented + c.tickets)),
    some_tickets(Articles, "deflected_share", "tickets that an article kept from coming / those and the tickets that came", Share, Higher, |c, _| pair(c.deflected, c.deflected + c.tickets)),
    tickets("abandon_rate", "tickets that their customers left before anybody began them / tickets", Share, Lower, |c, _| pair(c.abandoned, c.tickets)),
    tickets("unanswered_close_rate", "tickets closed because their customers did not answer / tickets", Share, Neither, |c, _| pair(c.unanswered_closed, c.tickets)),
    tickets("voided_clocks", "first-response, resolve and acknowledge clocks that ended void because the ticket was left, turned away or linked to a parent whose clocks count, or is not to be paged for any more, a replication: neither met nor breached, and not due", Count, Lower, |c, _| ((c.response.voided + c.resolve.voided + c.calls_voided) as f64, 1.0)),
    tickets("sev1_precision_share", "of tickets first reported of the most severe severity: truly so", Share, Higher, |c, _| pair(c.top_both, c.top_reported)),
    tickets("sev1_recall_share", "of tickets truly of the most severe severity: first reported so", Share, Higher, |c, _| pair(c.top_both, c.top_true)),
    tickets("mis_severity_mean_s", "open time in which the reported severity was not the true one / tickets", Ratio, Lower, |c, _| seconds(c.misreported_ms, c.tickets)),
    some_tickets(Triage, "time_to_true_severity_mean_s", "creation to the report of a severity at least as severe as the true one, tickets first reported less severe than they were; never reported so: to their end", Ratio, Lower, |c, _| seconds(c.recognised_ms, c.recognised)),
    times("time_to_true_severity_p50_s", "median of the same", Timing::Recognise, 0.5),
    times("time_to_true_severity_p90_s", "90th percentile of the same", Timing::Recognise, 0.9),
    times("time_to_true_severity_p95_s", "95th percentile of the same", Timing::Recognise, 0.95),
    some_tickets(Triage, "over_triage_pages_per_ticket", "pages by rules for tickets reported more severe than they were, which their true severity would not have called for then / tickets", Ratio, Lower, |c, _| pair(c.needless_pages, c.tickets)),
    some_tickets(Triage, "over_triage_preemptions_per_ticket", "interruptions of other tickets by such tickets, which their true severity would not have allowed / tickets", Ratio, Lower, |c, _| pair(c.needless_preemptions, c.tickets)),
    some_tickets(Triage, "over_triage_interrupts_per_ticket", "both, of the pages those to people on shift / tickets", Ratio, Lower, |c, _| pair(c.needless_pages_on_shift + c.needless_preemptions, c.tickets)),
    some_tickets(Triage, "over_triage_scarce_h", "handling of tickets first reported more severe than they were that ended at a tier above the lowest that could have solved them, hours a replication", PerReplication, Lower, |c, _| (c.scarce_ms as f64 / 3_600_000.0, 1.0)),
    tickets("worsened_per_ticket", "steps by which true severities worsened / tickets", Ratio, Lower, |c, _| pair(c.worsened, c.tickets)),
    tickets("chasers_per_ticket", "times that customers without news asked again / tickets", Ratio, Lower, |c, _| pair(c.chasers, c.tickets)),
    tickets("chased_share", "tickets whose customers asked again at least once / tickets", Share, Lower, |c, _| pair(c.chased, c.tickets)),
    tickets("reminders_per_ticket", "reminders to customers who had not answered / tickets", Ratio, Neither, |c, _| pair(c.reminded, c.tickets)),
    tickets("link_share", "children of faults linked to their parent / children", Share, Higher, |c, _| pair(c.linked, c.children)),
    tickets("duplicate_work_s", "handling of children while their fault was still there, a replication: done for nothing", PerReplication, Lower, |c, _| (c.in_vain_ms as f64 / SECOND, 1.0)),
    tickets("time_to_declare_mean_s", "beginning of a fault to the declaration of its incident, declared ones only", Ratio, Lower, |c, _| seconds(c.declared_ms, c.declared)),
    tickets("restored_in_window_mean_s", "beginning of a fault to its end, faults whose parent is of the two most severe severities and that ended with it", Ratio, Lower, |c, _| seconds(c.restored_ms, c.restored)),
    tickets("deflected_tickets", "tickets that a status page spared in the window, a replication; n counts all of them", Count, Neither, |c, _| (c.spared as f64, 1.0)),
    tickets("deduplicated_alerts", "alerts that joined an open one in the window and are no tickets, a replication; n counts all of them", Count, Neither, |c, _| (c.joined as f64, 1.0)),
    tickets("backlog", "open tickets, time average over the window", PerReplication, Lower, |c, span| (c.open_ms as f64 / span.ms, 1.0)),
    tickets("backlog_end", "open tickets at the end of the window", PerReplication, Lower, |c, _| (c.open_after as f64, 1.0)),
    Metric { name: "backlog_max", about: "most open tickets at the end of an hour of the window", source: Source::Samples(|s| (s.most as f64, 1.0)), estimator: PerReplication, better: Lower },
    tickets("backlog_growth_per_day", "(open tickets at the end of the window - at its beginning) / days; clearly above 0 is overload", PerReplication, Lower, |c, span| ((c.open_after - c.open_before) as f64 / span.days(), 1.0)),
    tickets("backlog_age_mean_s", "age of the open tickets at the local midnights of the window", Ratio, Lower, |c, _| seconds(c.age_ms, c.aged)),
    times("backlog_age_p90_s", "90th percentile of the same", Timing::BacklogAge, 0.9),
    tickets("backlog_over_1d_share", "open tickets older than a day / open tickets, at the local midnights of the window", Share, Lower, |c, _| pair(c.over_a_day, c.aged)),
    tickets("backlog_over_7d_share", "the same, older than seven days", Share, Lower, |c, _| pair(c.over_a_week, c.aged)),
    tickets("backlog_over_30d_share", "the same, older than thirty days", Share, Lower, |c, _| pair(c.over_a_month, c.aged)),
    tickets("throughput_per_day", "resolutions in the window / days; a ticket that is reopened and resolved again counts again", PerReplication, Higher, |c, span| (c.resolutions as f64 / span.days(), 1.0)),
    Metric { name: "at_risk_share", about: "running first-response, mitigate and resolve clocks that have used up three quarters of their targets, or breached / running ones, at the ends of the window's hours", source: Source::Samples(|s| pair(s.at_risk, s.running)), estimator: Ratio, better: Lower },
    some_tickets(Warnings, "alerts_before_breach_share", "clocks of which somebody able was told at least `useful_lead` of their time before their deadline / first-response, mitigate and resolve clocks that breached or had used up nine tenths of their targets when they stopped; told: by a rule that alerts, or as a page or an escalation to a role reached somebody whose tier can solve the ticket", Share, Higher, |c, _| pair(c.foreseen, c.close_calls)),
    some_tickets(Warnings, "alert_precision_share", "warnings whose clocks breached or had used up nine tenths of their targets when they stopped / warnings in the window whose clocks were decided; a warning: a rule on a share or on what is left of a first-response, mitigate or resolve clock tells somebody before its deadline", Share, Higher, |c, _| pair(c.warned_rightly, c.warnings)),
    queues("queue_wait_mean_s", "time from entering a queue to leaving it, zeros included, visits entered in the window", Ratio, |f, _| seconds(f.wait_ms, f.visits)),
    times("queue_wait_p50_s", "median of the same", Timing::QueueWait, 0.5),
    times("queue_wait_p90_s", "90th percentile of the same", Timing::QueueWait, 0.9),
    times("queue_wait_p95_s", "95th percentile of the same", Timing::QueueWait, 0.95),
    times("queue_age_p90_s", "90th percentile of the time that tickets have waited in the queue by the ends of the window's hours, those that wait then", Timing::QueueAge, 0.9),
    queues("waited_share", "visits that waited at all / visits", Share, |f, _| pair(f.waited, f.visits)),
    queues("queue_length", "tickets waiting in the queue, time average", PerReplication, |f, span| (f.queue_ms as f64 / span.ms, 1.0)),
    queues("visits_per_hour", "tickets entering the queue / hours", PerReplication, |f, span| (f.entries as f64 / (span.ms / 3_600_000.0), 1.0)),
    teams("backlog_held", "open tickets that the team holds, mean of hourly samples", PerReplication, Lower, |f, _| (f.held as f64 / f.samples.max(1) as f64, 1.0)),
    teams("occupancy_share", "handling / (handling + idle) on duty; breaks and overtime excluded", TimeRatio, Neither, |f, _| pair(f.busy_ms, f.busy_ms + f.idle_ms)),
    teams("utilisation_share", "handling on duty / paid time", TimeRatio, Neither, |f, _| pair(f.busy_ms, f.paid_ms)),
    teams("load_ratio", "offered handling / time that people are on duty and available; offered: the visits to a team's queue in the window, each as much as its handling, overtime and calls included, makes a visit in the mean; without a visit its handling", TimeRatio, Lower, |f, _| pair(f.offered_ms, f.busy_ms + f.idle_ms)),
    teams("staffed", "people on duty and available, time average", PerReplication, Neither, |f, span| ((f.busy_ms + f.idle_ms) as f64 / span.ms, 1.0)),
    teams("interrupts_per_agent_shift", "interruptions of running work by more severe tickets, and pages to people on shift / 8 hours of paid time", TimeRatio, Lower, |f, _| (f.interrupts as f64 * SHIFT_MS, f.paid_ms as f64)),
    teams("overtime_h", "overtime in the window, hours a replication", PerReplication, Lower, |f, _| (f.overtime_ms as f64 / 3_600_000.0, 1.0)),
    teams("overtime_s_per_agent_week", "overtime / (heads × weeks)", PerReplication, Lower, |f, span| (f.overtime_ms as f64 / SECOND / (f.heads.max(1) as f64 * span.days() / 7.0), 1.0)),
    Metric { name: "update_work_share", about: "handling of updates and briefs / all handling, overtime and calls included", source: Source::SomeTeams(Messages, |f, _| pair(f.messages_ms, f.busy_ms + f.overtime_ms + f.called_ms)), estimator: TimeRatio, better: Lower },
    gates("gate_wait_mean_s", "from a request to its decision, requests made in the window and decided", Ratio, |g| seconds(g.wait_ms, g.decided)),
    times("gate_wait_p50_s", "median of the same", Timing::GateWait, 0.5),
    times("gate_wait_p90_s", "90th percentile of the same", Timing::GateWait, 0.9),
    times("gate_wait_p95_s", "95th percentile of the same", Timing::GateWait, 0.95),
    gates("gate_timeout_share", "requests whose timeout passed, a deputy's not counted again / requests, in the window", Share, |g| pair(g.timed_out, g.requests)),
    gates("auto_approved_share", "requests that nobody decided in time, which counts as approved / requests, in the window", Share, |g| pair(g.auto_approved, g.requests)),
    gates("gate_declined_share", "requests declined / requests decided, in the window", Share, |g| pair(g.declined, g.decided)),
    calls("time_to_acknowledge_mean_s", "first page that asks somebody to take the ticket over to the first acknowledgement of one, acknowledged tickets", Ratio, Lower, |c, _| seconds(c.acknowledge_ms, c.acknowledged)),
    times("time_to_acknowledge_p50_s", "median of the same", Timing::Acknowledge, 0.5),
    times("time_to_acknowledge_p90_s", "90th percentile of the same", Timing::Acknowledge, 0.9),
    times("time_to_acknowledge_p95_s", "95th percentile of the same", Timing::Acknowledge, 0.95),
    calls("acknowledged_share", "tickets with an acknowledgement / tickets that somebody was paged to take over", Share, Higher, |c, _| pair(c.answered, c.called)),
    calls("pages_per_paged_ticket", "pages (one a person and try; one that tickets share is one) / tickets paged for", Ratio, Lower, |c, _| pair(c.pages, c.paged)),
    calls("ack_within_timeout_share", "pages acknowledged by the paged person within the level's timeout / pages of levels not voided by another's acknowledgement before it, decided in the window", Share, Higher, |c, _| pair(c.in_time, c.decided)),
    calls("ladder_exhausted_share", "ladders whose levels all went by without an acknowledgement / ladders, started in the window", Share, Lower, |c, _| pair(c.exhausted, c.ladders)),
    calls("uncovered_pages", "levels, notifications, last resorts, roles and calls for help that found nobody on call in the window, a replication", Count, Lower, |c, _| (c.uncovered as f64, 1.0)),
    some_calls(Grouping, "grouped_tickets", "tickets that joined others of their policy's group instead of being paged for alone, a replication; n counts all of them", Neither, |c, _| (c.grouped as f64, 1.0)),
    some_calls(Grouping, "never_paged_tickets", "tickets that were resolved, linked, left or lowered before their group's page was sent, a replication; n counts all of them", Higher, |c, _| (c.never_paged as f64, 1.0)),
    some_calls(Snoozing, "snoozed_tickets", "times that whoever acknowledged a ticket put it off, a replication; n counts all of them", Lower, |c, _| (c.snoozed as f64, 1.0)),
    some_calls(TakingOver, "taken_over_tickets", "times that the secondary owner of a service took a ticket from the primary's line, a replication; n counts all of them", Neither, |c, _| (c.taken_over as f64, 1.0)),
    occasions(TargetKind::Acknowledge, "breach_rate_acknowledge", "acknowledge clocks breached / due: tickets that somebody was paged to take over, by the severity at the first acknowledgement", Share, Lower, |c| pair(c.breached, c.due)),
    occasions(TargetKind::Acknowledge, "true_breach_rate_acknowledge", "the same against the acknowledge target of the true severity", Share, Lower, |c| pair(c.breached_truly, c.due_truly)),
    occasions(TargetKind::Acknowledge, "attainment_acknowledge", "acknowledge clocks met / due", Share, Higher, |c| pair(c.due - c.breached, c.due)),
    occasions(TargetKind::Acknowledge, "censored_share_acknowledge", "acknowledge clocks undecided at the end of the run / all of them that were not called off", Share, Lower, |c| pair(c.censored, c.censored + c.due)),
    occasions(TargetKind::Acknowledge, "lateness_acknowledge_mean_s", "calendar time beyond the acknowledge target, late acknowledgements only", Ratio, Lower, |c| seconds(c.late_ms, c.late)),
    times("lateness_acknowledge_p50_s", "median of the same", Timing::LateAcknowledge, 0.5),
    times("lateness_acknowledge_p90_s", "90th percentile of the same", Timing::LateAcknowledge, 0.9),
    times("lateness_acknowledge_p95_s", "95th percentile of the same", Timing::LateAcknowledge, 0.95),
    occasions(TargetKind::NextResponse, "breach_rate_next_response", "next-response clocks breached / due: first unanswered messages of customers after a response, by the severity at the answer", Share, Lower, |c| pair(c.breached, c.due)),
    occasions(TargetKind::NextResponse, "true_breach_rate_next_response", "the same against the next-response target of the true severity", Share, Lower, |c| pair(c.breached_truly, c.due_truly)),
    occasions(TargetKind::NextResponse, "attainment_next_response", "next-response clocks met / due", Share, Higher, |c| pair(c.due - c.breached, c.due)),
    occasions(TargetKind::NextResponse, "censored_share_next_response", "next-response clocks undecided at the end of the run / all of them that were not called off", Share, Lower, |c| pair(c.censored, c.censored + c.due)),
    occasions(TargetKind::NextResponse, "lateness_next_response_mean_s", "calendar time beyond the next-response target, late answers only", Ratio, Lower, |c| seconds(c.late_ms, c.late)),
    occasions(TargetKind::Own, "breach_rate_own", "own clocks breached / due: visits of tickets to teams, by the team and the severity at the end of the visit", Share, Lower, |c| pair(c.breached, c.due)),
    occasions(TargetKind::Own, "true_breach_rate_own", "the same against the own target of the true severity", Share, Lower, |c| pair(c.breached_truly, c.due_truly)),
    occasions(TargetKind::Own, "attainment_own", "own clocks met / due", Share, Higher, |c| pair(c.due - c.breached, c.due)),
    occasions(TargetKind::Own, "censored_share_own", "own clocks undecided at the end of the run / all of them that were not called off", Share, Lower, |c| pair(c.censored, c.censored + c.due)),
    occasions(TargetKind::Own, "lateness_own_mean_s", "calendar time beyond the own target, late visits only", Ratio, Lower, |c| seconds(c.late_ms, c.late)),
    schedules("pages_per_person_week", "pages / (people × weeks), whoever is on call in several schedules being one of all people; `(by name)`: pages to people by name, again to whoever had acknowledged included", Ratio, |d, span| (d.pages as f64, d.people as f64 * span.days() / 7.0)),
    schedules("night_pages_per_person_night", "pages that woke somebody (those within half an hour once) / nights on call, of each person", Ratio, |d, _| pair(d.wakings, d.person_nights)),
    schedules("nights_woken_share", "nights with a page that woke / nights on call", Share, |d, _| pair(d.nights_woken(), d.person_nights)),
    schedules("rest_violations", "shifts begun without the rest that a night on call calls for, by whoever was on call in that night, in several schedules being one shift of all / (people × weeks)", Ratio, |d, span| (d.rest_missed as f64, d.people as f64 * span.days() / 7.0)),
    schedules("wakeups_p95", "95th percentile over nights on call of the pages that woke, mean over replications", PerReplication, |d, _| (d.wakings_quantile(0.95), f64::from(u8::from(d.person_nights > 0)))),
    called("called_h", "handling on call, off duty, in the window, hours a replication", |f, _| (f.called_ms as f64 / 3_600_000.0, 1.0)),
    called("rest_taken_h", "hours of shifts not worked in order to rest after a night on call, a replication", |f, _| (f.rest_ms as f64 / 3_600_000.0, 1.0)),
    called("rest_violations_per_person_week", "shifts begun without the rest that a night on call calls for / (heads × weeks)", |f, span| (f.rest_missed as f64 / (f.heads.max(1) as f64 * span.days() / 7.0), 1.0)),
    Metric { name: "cost", about: "pay of scheduled hours, of overtime and of being on call, and penalties, in the window, as an amount a month of 30.4375 days; a team's: its people, and penalties of the tickets that it held last", source: Source::SomeTeams(Money, |f, span| span.a_month(f.cost())), estimator: PerReplication, better: Lower },
    Metric { name: "overtime_cost", about: "pay of overtime in the window, work that people are called to off duty included, as an amount a month of 30.4375 days", source: Source::SomeTeams(Money, |f, span| span.a_month(f.overtime_pay)), estimator: PerReplication, better: Lower },
    Metric { name: "on_call_cost", about: "pay of the hours on call and of pages to people off duty in the window, as an amount a month of 30.4375 days; of the team whose people they are", source: Source::SomeTeams(OnCallPay, |f, span| span.a_month(f.on_call_pay)), estimator: PerReplication, better: Lower },
    Metric { name: "cost_per_ticket", about: "cost of the window / tickets resolved for good in the window, by the team that held them last", source: Source::SomeTeams(Money, |f, _| (units(f.cost()), f.resolved as f64)), estimator: Ratio, better: Lower },
    Metric { name: "penalty", about: "penalties of clocks that breached in the window, as an amount a month of 30.4375 days; missed updates: of the tickets created in the window", source: Source::SomeTickets(Money, |c, span| span.a_month(c.penalty)), estimator: PerReplication, better: Lower },
    Metric { name: "rule_firings_per_ticket", about: "firings of a rule / tickets", source: Source::Rules(|[fired, _, _, tickets, ..]| (fired, tickets)), estimator: Ratio, better: Neither },
    Metric { name: "rule_fired_share", about: "tickets on which a rule fired / tickets", source: Source::Rules(|[_, on, _, tickets, ..]| (on, tickets)), estimator: Share, better: Neither },
    Metric { name: "rule_then_breached_share", about: "tickets on which a rule fired and whose clock (the rule's own, else resolve) breached / tickets on which it fired", source: Source::Rules(|[_, on, breached, ..]| (breached, on)), estimator: Share, better: Neither },
    Metric { name: "rule_noops_per_firing", about: "actions of a rule that found nothing to do / its firings", source: Source::Rules(|[fired, _, _, _, noops, _]| (noops, fired)), estimator: Ratio, better: Neither },
    Metric { name: "rule_storms_per_1000", about: "1000 × chains of more than 16 consequences at one instant, cut before this rule / tickets", source: Source::Rules(|[_, _, _, tickets, _, storms]| (1000.0 * storms, tickets)), estimator: Ratio, better: Lower },
    Metric { name: "tickets_created_by_hour", about: "tickets created in this local hour of the week, a replication", source: Source::HoursOfWeek(|h| (h.tickets as f64, 1.0)), estimator: Count, better: Neither },
    Metric { name: "breach_rate_first_response_by_hour", about: "first-response clocks breached / due, by local hour of the week of creation", source: Source::HoursOfWeek(|h| pair(h.breached, h.due)), estimator: Share, better: Lower },
    Metric { name: "backlog_by_hour", about: "open tickets at the ends of the window's hours that begin at this local hour of the week, mean", source: Source::HoursOfWeek(|h| pair(h.open, h.samples)), estimator: Ratio, better: Lower },
    Metric { name: "occupancy_share_by_hour", about: "handling / (handling + idle) on duty, by local hour of the week", source: Source::HoursOfWeek(|h| pair(h.busy_ms, h.busy_ms + h.idle_ms)), estimator: TimeRatio, better: Neither },
    Metric { name: "load_ratio_by_hour", about: "offered handling, as in `load_ratio`, / time that people are on duty and available, by local hour of the week", source: Source::HoursOfWeek(|h| pair(h.offered_ms, h.busy_ms + h.idle_ms)), estimator: TimeRatio, better: Lower },
];

/// A metric by name.
pub fn metric(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}
