//! Who asks for help, when, and what belongs to the ticket whatever is done with it.

use super::TIERS_MAX;
use super::customers::{Chasers, Drift, Patience, Reminders};
use super::ids::{ChangeId, CustomerTierId, IncidentId, KindId, ServiceId, SeverityId, TeamId, TierId};
use super::incidents::Incident;
use super::oncall::PageTarget;
use super::triage::{Attributes, Triage};
use crate::random::Sampler;
use crate::time::{Instant, Length};

/// A stretch of a service's arrivals at one rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Where the stretch ends, in ms from the start; it begins where the one before ends.
    pub until_ms: f64,
    /// Tickets a millisecond, before the day's factor.
    pub rate: f64,
    /// Number of the local day, for its factor.
    pub day: u32,
}

/// Arrivals of one service: a non-homogeneous Poisson process, mixed by a gamma factor a day if `day_factor` is there.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Stretches of constant rate from the start to the end of the drain.
    pub segments: Vec<Segment>,
    /// Law of the day's factor (mean 1).
    pub day_factor: Option<Sampler>,
    /// Services with the same group share the factor.
    pub factor_group: u32,
}

/// What is drawn for a ticket of a service.
#[derive(Debug, Clone)]
pub struct ServiceDemand {
    /// When tickets come; `None` if only scripted ones do.
    pub flow: Option<Flow>,
    /// Cumulated shares of the true severities.
    pub severities: Vec<f64>,
    /// Cumulated shares of the customer tiers.
    pub customers: Vec<f64>,
    /// Lowest tier that can solve any of its tickets.
    pub needs_at_least: TierId,
    /// Factor on work.
    pub work_factor: f64,
    /// Its tickets are alerts, which nobody waits for: nobody asks again.
    pub is_of_alerts: bool,
    /// How long its customers wait; `None`: for ever.
    pub patience: Option<Patience>,
    /// What its tickets say of themselves.
    pub attributes: Attributes,
}

/// Waiting for the customer.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Probability of a first episode, by true severity.
    pub share: Vec<f64>,
    /// Probability of one more.
    pub again: f64,
    /// Time to the answer.
    pub wait: Sampler,
    /// Share of the remaining work done before the question.
    pub after: f64,
    /// Share of the waits that the customer never answers by themselves.
    pub never: f64,
    /// Reminders.
    pub reminders: Option<Reminders>,
    /// When a ticket without an answer is closed.
    pub close_after: Option<Length>,
}

/// Waiting for a vendor.
#[derive(Debug, Clone)]
pub struct VendorWaits {
    /// Probability of a first wait, by true severity.
    pub share: Vec<f64>,
    /// Probability of one more.
    pub again: f64,
    /// Time to the answer.
    pub wait: Sampler,
    /// Share of the remaining work done before.
    pub after: f64,
}

/// Coming back after the resolution.
#[derive(Debug, Clone)]
pub struct Reopening {
    /// Probability at each resolution, by true severity.
    pub share: Vec<f64>,
    /// Time to the reopening.
    pub delay: Option<Sampler>,
    /// Most reopenings of one ticket.
    pub at_most: u32,
    /// Factor on the work after it.
    pub work_factor: f64,
}

/// One wait of a scripted ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptedLeg {
    /// Time to the answer.
    pub answer_after: Length,
    /// Work that follows.
    pub then_work: Length,
    /// Whether a vendor is waited for, and not the customer.
    pub vendor: bool,
}

/// A ticket written out; `None` is drawn.
#[derive(Debug, Clone)]
pub struct ScriptedTicket {
    /// Its name in traces; `None`: its number.
    pub id: Option<String>,
    /// Creation.
    pub at: Instant,
    /// Service.
    pub service: ServiceId,
    /// True severity.
    pub severity: Option<SeverityId>,
    /// Reported severity.
    pub reported: Option<SeverityId>,
    /// Customer tier.
    pub customer: Option<CustomerTierId>,
    /// Team that gets it first.
    pub team: Option<TeamId>,
    /// Lowest tier that can solve it.
    pub able_from: Option<TierId>,
    /// Work by tier.
    pub work: [Option<Length>; TIERS_MAX],
    /// Waits for the customer.
    pub legs: Vec<ScriptedLeg>,
    /// Work of solving after which a workaround is in place.
    pub workaround_after: Option<Length>,
    /// Kind of change that its fix needs.
    pub change: Option<ChangeId>,
    /// What it is about.
    pub kind: Option<KindId>,
    /// How its pages are answered, by whom is paged and try; `None`: drawn, or never.
    pub acknowledges: Option<Vec<(PageTarget, Vec<Option<Length>>)>>,
    /// Time to its customer's leaving.
    pub leaves_after: Option<Length>,
    /// Source, class of words, impact and urgency.
    pub says: [Option<u16>; 4],
    /// Open times to each worsening of its true severity; `None`: drawn.
    pub worsens_after: Option<Vec<Length>>,
    /// The kind of incident whose fault it belongs to.
    pub incident: Option<IncidentId>,
    /// Time to its being linked.
    pub linked_after: Option<Length>,
    /// Times from each resolution to the reopening after it; `None`: drawn.
    pub reopens_after: Option<Vec<Length>>,
}

/// For every tier and true severity: the cumulated shares of the tickets that the tier cannot solve, with the tier that
/// they need next.
#[derive(Debug, Clone)]
pub struct Ladder {
    severities: usize,
    /// Range of `choices` by tier and severity.
    rungs: Vec<(u32, u32)>,
    choices: Vec<(f64, TierId)>,
}

impl Ladder {
    /// From `choices[tier][severity]`.
    pub fn of(severities: usize, tiers: &[Vec<Vec<(f64, TierId)>>]) -> Ladder {
        let (mut rungs, mut choices) = (Vec::new(), Vec::new());
        for of_severity in tiers.iter().flatten() {
            let from = choices.len() as u32;
            choices.extend_from_slice(of_severity);
            rungs.push((from, choices.len() as u32));
        }
        Ladder {
            severities,
            rungs,
            choices,
        }
    }

    /// Whether there are tickets that a tier cannot solve.
    pub fn passes_on(&self, tier: TierId) -> bool {
        let from = tier.index() * self.severities;
        self.rungs[from..from + self.severities]
            .iter()
            .any(|(from, until)| from < until)
    }

    /// Where tickets of a severity go that a tier cannot solve; empty if it can solve all.
    #[inline]
    pub fn above(&self, tier: TierId, severity: SeverityId) -> &[(f64, TierId)] {
        let (from, until) = self.rungs[tier.index() * self.severities + severity.index()];
        &self.choices[from as usize..until as usize]
    }
}

/// Everything that belongs to tickets.
#[derive(Debug, Clone)]
pub struct Population {
    /// By service.
    pub services: Vec<ServiceDemand>,
    /// Tickets written out, in order of creation.
    pub scripted: Vec<ScriptedTicket>,
    /// Number of severities.
    pub severities: usize,
    /// Which tickets a tier cannot solve, and where they go.
    pub ladder: Ladder,
    /// Triage.
    pub triage: Triage,
    /// Pending episodes.
    pub pending: Option<Pending>,
    /// Waits for vendors; those of tickets written out go by their own.
    pub vendor_waits: Option<VendorWaits>,
    /// Whether any ticket ever waits for a vendor.
    pub waits_for_vendors: bool,
    /// Reopenings.
    pub reopening: Option<Reopening>,
    /// Customers who contact again.
    pub chasers: Option<Chasers>,
    /// True severities that worsen.
    pub drift: Option<Drift>,
    /// Kinds of faults.
    pub incidents: Vec<Incident>,
    /// Whether any customer ever leaves.
    pub leaves: bool,
    /// Whether any true severity ever worsens.
    pub worsens: bool,
}

impl Population {
    /// Whether any ticket ever waits for its customer.
    #[inline]
    pub fn asks(&self) -> bool {
        self.pending.is_some() || !self.scripted.is_empty()
    }

    /// Whether more must be known of a ticket than its row holds: chasers, drift, faults, triage by people, reminders.
    pub fn keeps_cases(&self) -> bool {
        let watches = |pending: &Pending| pending.reminders.is_some() || pending.close_after.is_some();
        self.chasers.is_some()
            || self.waits_for_vendors
            || self.worsens
            || !self.incidents.is_empty()
            || self.triage.manual.is_some()
            || self.pending.as_ref().is_some_and(watches)
    }

    /// Whether any ticket ever comes back.
    #[inline]
    pub fn reopens(&self) -> bool {
        self.reopening.is_some() || !self.scripted.is_empty()
    }
}
