//! How work on a ticket is decided upon and told of, and what is learnt from it: roles, gates, changes, communication,
//! reviews, kinds of ticket.

use super::ids::{CalendarId, GateId, KindId, RoleId, ScheduleId, ServiceId, SeverityId, TeamId};
use crate::random::Sampler;
use crate::time::{Instant, Length, Worked};

/// Everything about roles, gates, changes, communication and learning; empty where the scenario has none of it.
#[derive(Debug, Clone, Default)]
pub struct Process {
    /// Roles.
    pub roles: Vec<Role>,
    /// The role that commands incidents.
    pub commander: Option<RoleId>,
    /// The role that takes notes.
    pub scribe: Option<RoleId>,
    /// Gates.
    pub gates: Vec<Gate>,
    /// Kinds of change.
    pub changes: Vec<ChangeKind>,
    /// Which fixes are changes, by service and true severity.
    pub change_of: Shares,
    /// Updates and briefs as work.
    pub communications: Option<Communications>,
    /// Workarounds.
    pub workaround: Option<Workaround>,
    /// Reviews.
    pub reviews: Option<Reviews>,
    /// Kinds of ticket.
    pub kinds: Vec<TicketKind>,
    /// Which tickets are of which kind, by service and true severity.
    pub kind_of: Shares,
    /// Articles.
    pub articles: Option<Articles>,
    /// Practice.
    pub learning: Option<Learning>,
}

impl Process {
    /// Whether the scenario uses any of it.
    pub fn is_used(&self) -> bool {
        !self.roles.is_empty()
            || !self.gates.is_empty()
            || !self.changes.is_empty()
            || self.communications.is_some()
            || self.workaround.is_some()
            || self.reviews.is_some()
            || !self.kinds.is_empty()
    }
}

/// Who holds a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Whoever of the team is free first.
    Team(TeamId),
    /// Whoever is on call when the request reaches the role; nobody if nobody is.
    Schedule(ScheduleId),
}

/// A role.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name, for reports.
    pub name: String,
    /// Who holds it.
    pub holder: Holder,
    /// From a request to its reaching them, or to the page.
    pub reaction: Option<Sampler>,
    /// Held by a schedule: from one page to the next, until somebody acknowledges.
    pub page_again: Length,
    /// Work when a ticket is escalated to it.
    pub work: Option<Sampler>,
    /// Pace of a ticket's owner who commands too.
    pub owner_penalty: f64,
    /// Command and notes end with the workaround, not with the resolution.
    pub until_mitigation: bool,
}

/// What happens at a gate's timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnTimeout {
    /// A role is asked instead.
    Deputy(RoleId),
    /// Approved.
    Approve,
    /// Declined.
    Decline,
    /// Only counted.
    Wait,
}

/// A limit in time on a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The time.
    pub within: Worked,
    /// Its calendar.
    pub calendar: CalendarId,
}

/// A decision gate.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its name, for reports.
    pub name: String,
    /// Roles that are asked.
    pub approvers: Vec<RoleId>,
    /// How many of them must approve.
    pub needed: u32,
    /// Work of a decision.
    pub decision_work: Option<Sampler>,
    /// Work of the deputy's.
    pub deputy_work: Option<Sampler>,
    /// Probability that an approver declines.
    pub p_decline: f64,
    /// Longest wait for a decision.
    pub timeout: Option<Limit>,
    /// What happens then.
    pub on_timeout: OnTimeout,
    /// Longest wait for the deputy's decision, which is then counted.
    pub deputy_timeout: Option<Limit>,
    /// When the board meets, in order, and how long before a request must have been made; then nobody is asked in between.
    pub meetings: Option<Meetings>,
    /// Work on the ticket stops; else only its release waits.
    pub blocks_work: bool,
    /// Work between a decline and the next request.
    pub rework: Option<Sampler>,
    /// Most requests.
    pub max_rounds: u32,
    /// Role that lets the ticket pass after the last decline.
    pub escalate_to: Option<RoleId>,
}

/// Meetings of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meetings {
    at: Vec<Instant>,
    cutoff: Length,
}

impl Meetings {
    /// From their instants, in order.
    pub fn new(at: Vec<Instant>, cutoff: Length) -> Meetings {
        Meetings { at, cutoff }
    }

    /// The first meeting that can still take up a request made now; `None` after the last of the run.
    ///
    /// ```
    /// use escalade::model::Meetings;
    /// use escalade::time::{Instant, Length};
    /// let board = Meetings::new(vec![Instant::from_ms(1_000), Instant::from_ms(2_000)], Length::from_ms(300));
    /// assert_eq!(board.next(Instant::from_ms(700)), Some(Instant::from_ms(1_000)));
    /// assert_eq!(board.next(Instant::from_ms(701)), Some(Instant::from_ms(2_000)));
    /// ```
    pub fn next(&self, now: Instant) -> Option<Instant> {
        let place = self.at.partition_point(|meeting| *meeting < now + self.cutoff);
        self.at.get(place).copied()
    }
}

/// A kind of change.
#[derive(Debug, Clone)]
pub struct ChangeKind {
    /// Its name, for reports.
    pub name: String,
    /// Gate that the finished fix waits for.
    pub gate: Option<GateId>,
    /// Work of releasing it.
    pub release: Option<Sampler>,
    /// Work of recording it afterwards.
    pub record: Option<Sampler>,
}

/// Cumulated shares of the rows of a table, by service and severity: what a ticket is, if anything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shares {
    severities: usize,
    /// `[service][severity]`.
    rows: Vec<Vec<(f64, u16)>>,
}

impl Shares {
    /// From a function of (service, severity, row): the row's share, 0 for none.
    pub fn fill(
        [services, severities, rows]: [usize; 3],
        share: impl Fn(ServiceId, SeverityId, usize) -> f64,
    ) -> Shares {
        let row = |place: usize| {
            let (service, severity) = (place / severities, place % severities);
            let mut sum = 0.0;
            (0..rows)
                .map(|row| {
                    (
                        share(ServiceId::new(service), SeverityId::new(severity), row),
                        row as u16,
                    )
                })
                .filter(|(share, _)| *share > 0.0)
                .map(|(share, row)| {
                    sum += share;
                    (sum, row)
                })
                .collect()
        };
        Shares {
            severities,
            rows: (0..services * severities).map(row).collect(),
        }
    }

    /// The rows of a service and severity, each with its share.
    pub fn each(&self, service: ServiceId, severity: SeverityId) -> impl Iterator<Item = (usize, f64)> {
        let row = self.rows.get(service.index() * self.severities + severity.index());
        let mut before = 0.0;
        row.into_iter().flatten().map(move |(sum, row)| {
            let share = sum - before;
            before = *sum;
            (usize::from(*row), share)
        })
    }

    /// The row that a ticket falls to by its uniform number; `None`: none.
    #[inline]
    pub fn pick(&self, service: ServiceId, severity: SeverityId, u: f64) -> Option<usize> {
        let row = self.rows.get(service.index() * self.severities + severity.index())?;
        row.iter().find(|(sum, _)| u < *sum).map(|(_, row)| usize::from(*row))
    }
}

/// Updates and briefs as work.
#[derive(Debug, Clone)]
pub struct Communications {
    /// The role that writes; `None`: the owner.
    pub by: Option<RoleId>,
    /// Work of an update.
    pub update_work: Sampler,
    /// Work of a brief.
    pub brief_work: Sampler,
    /// How long before it is due an update's work enters the queue.
    pub lead_time: Length,
    /// A silence counts one miss, not one at every multiple of the cadence.
    pub misses_once: bool,
}

/// Workarounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Workaround {
    /// Share of the tickets that have one, by true severity.
    pub share: Vec<f64>,
    /// Share of the work after which it is in place.
    pub after: f64,
    /// The ticket is resolved then.
    pub resolves: bool,
}

/// Reviews.
#[derive(Debug, Clone)]
pub struct Reviews {
    /// Whether tickets are reviewed, by severity reported at the resolution.
    pub of: Vec<bool>,
    /// Within which time, by that severity.
    pub due: Vec<Limit>,
    /// Work of all together, by true severity.
    pub work: Vec<Sampler>,
    /// People who share it.
    pub people: u32,
    /// Their team; `None`: the one that resolved.
    pub team: Option<TeamId>,
    /// Probability that the root cause is found.
    pub p_root: f64,
    /// Share of the work that a scribe saves.
    pub scribe_saves: f64,
}

/// A kind of ticket.
#[derive(Debug, Clone)]
pub struct TicketKind {
    /// Its name, for reports.
    pub name: String,
    /// The problem behind it.
    pub problem: Option<Problem>,
    /// Its article is live from the start.
    pub article: bool,
}

/// A problem behind a kind of ticket.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Work of its fix.
    pub fix: Option<Sampler>,
    /// Who makes it; `None`: the team that resolved the reviewed ticket.
    pub team: Option<TeamId>,
    /// Gate that the fix waits for.
    pub gate: Option<GateId>,
    /// Share of later tickets that a fix which works prevents.
    pub effect: f64,
    /// Probability that it works.
    pub p_effective: f64,
}

/// Articles.
#[derive(Debug, Clone)]
pub struct Articles {
    /// Probability that one is written.
    pub p_write: f64,
    /// Work of writing.
    pub work: Sampler,
    /// From then on to its being live.
    pub review_delay: Length,
    /// Probability that it is found.
    pub p_find: f64,
    /// Share of the work saved.
    pub saves: f64,
    /// Probability that one tier below is able.
    pub p_shift: f64,
    /// Probability of deflection.
    pub p_deflect: f64,
    /// Time in which half of its effect is lost.
    pub half_life: Option<Length>,
    /// Age from which on it is reviewed, and the work of that.
    pub renewal: Option<(Length, Sampler)>,
}

impl Articles {
    /// What is left of the chances of an article of this age: `2^(-age / half_life)`.
    pub fn freshness(&self, age: Length) -> f64 {
        match self.half_life {
            Some(half) if half > Length::ZERO => {
                crate::random::exp(-std::f64::consts::LN_2 * age.ms() as f64 / half.ms() as f64)
            }
            _ => 1.0,
        }
    }
}

/// A learning curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learning {
    /// `b` of `n^(-b)`.
    pub exponent: f64,
    /// Least factor.
    pub floor: f64,
}

impl Learning {
    /// From the factor of each doubling: `b = -log2(rate)`.
    pub fn of_rate(rate: f64, floor: f64) -> Learning {
        Learning {
            exponent: -crate::random::ln(rate) / std::f64::consts::LN_2,
            floor,
        }
    }

    /// Factor on the work after `solved` tickets of the kind: `max(floor, n^(-b))`, 1 for the first two. Source: Wright 1936
    /// (unit-cost form).
    ///
    /// ```
    /// let practice = escalade::model::Learning::of_rate(0.9, 0.5);
    /// assert!((40.0 * practice.factor(8) - 29.16).abs() < 0.005);
    /// ```
    pub fn factor(&self, solved: u32) -> f64 {
        match solved {
            0 | 1 => 1.0,
            n => crate::random::exp(-self.exponent * crate::random::ln(f64::from(n))).max(self.floor),
        }
    }
}

impl Process {
    /// A kind.
    #[inline]
    pub fn kind(&self, kind: KindId) -> &TicketKind {
        &self.kinds[kind.index()]
    }

    /// A gate.
    #[inline]
    pub fn gate(&self, gate: GateId) -> &Gate {
        &self.gates[gate.index()]
    }

    /// A role.
    #[inline]
    pub fn role(&self, role: RoleId) -> &Role {
        &self.roles[role.index()]
    }
}
