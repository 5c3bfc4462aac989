//! Targets as the kernel reads them: durations on calendars, found by (severity, service, customer tier).

use super::ids::{CalendarId, CustomerTierId, ServiceId, SeverityId};
use crate::time::Worked;

/// The kinds of target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TargetKind {
    /// Creation to the first human response.
    FirstResponse,
    /// One message to the customer to the next.
    Update,
    /// Creation to the workaround, or to the resolution.
    Mitigate,
    /// Creation to resolution.
    Resolve,
    /// The first page that asks somebody to take the ticket over to the first acknowledgement.
    Acknowledge,
}

impl TargetKind {
    /// How many there are.
    pub const COUNT: usize = 5;
    /// All kinds.
    pub const ALL: [TargetKind; TargetKind::COUNT] = [
        TargetKind::FirstResponse,
        TargetKind::Update,
        TargetKind::Mitigate,
        TargetKind::Resolve,
        TargetKind::Acknowledge,
    ];

    /// The kind as it is called in files and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            TargetKind::FirstResponse => "first_response",
            TargetKind::Update => "update",
            TargetKind::Mitigate => "mitigate",
            TargetKind::Resolve => "resolve",
            TargetKind::Acknowledge => "acknowledge",
        }
    }
}

/// What a change of severity does to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnSeverityChange {
    /// The new target is measured from the clock's start, pauses kept.
    Retroactive,
    /// The new target starts at the change.
    Restart,
}

/// What a reopening does to a resolve clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnReopen {
    /// It goes on from where it stopped.
    Resume,
    /// It starts again.
    Restart,
}

/// One target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Time allowed, in open time of the calendar.
    pub within: Worked,
    /// Calendar of the clock.
    pub calendar: CalendarId,
    /// Whether the clock stands still while the ticket waits for the customer.
    pub pauses: bool,
    /// What a change of severity does to the clock.
    pub on_severity_change: OnSeverityChange,
    /// Whether lowering the severity cancels a breach under the target in force before.
    pub forgives: bool,
    /// What a reopening does to the clock.
    pub on_reopen: OnReopen,
    /// Updates: whether the workaround ends them.
    pub until_mitigation: bool,
}

/// Targets of every (severity, service, customer tier).
#[derive(Debug, Clone)]
pub struct TargetTable {
    services: usize,
    customer_tiers: usize,
    rows: Vec<[Option<Target>; TargetKind::COUNT]>,
    any: [bool; TargetKind::COUNT],
    round_the_clock: bool,
}

impl TargetTable {
    /// Fills the table from a function of (severity, service, customer tier, kind).
    pub fn fill(
        [severities, services, customer_tiers]: [usize; 3],
        mut target: impl FnMut(SeverityId, ServiceId, CustomerTierId, TargetKind) -> Option<Target>,
    ) -> TargetTable {
        let mut rows = Vec::with_capacity(severities * services * customer_tiers);
        for severity in 0..severities {
            for service in 0..services {
                for customer in 0..customer_tiers {
                    let ids = (
                        SeverityId::new(severity),
                        ServiceId::new(service),
                        CustomerTierId::new(customer),
                    );
                    rows.push(TargetKind::ALL.map(|kind| target(ids.0, ids.1, ids.2, kind)));
                }
            }
        }
        let any = std::array::from_fn(|kind| rows.iter().any(|row| row[kind].is_some()));
        let round_the_clock = rows
            .iter()
            .flatten()
            .flatten()
            .all(|target| target.calendar == CalendarId::ALWAYS);
        TargetTable {
            services,
            customer_tiers,
            rows,
            any,
            round_the_clock,
        }
    }

    /// The target of a kind, if there is one.
    #[inline]
    pub fn get(
        &self,
        kind: TargetKind,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
    ) -> Option<&Target> {
        if !self.any[kind as usize] {
            return None;
        }
        self.row(severity, service, customer)[kind as usize].as_ref()
    }

    /// The targets of every kind.
    #[inline]
    pub fn row(
        &self,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
    ) -> &[Option<Target>; TargetKind::COUNT] {
        &self.rows[(severity.index() * self.services + service.index()) * self.customer_tiers + customer.index()]
    }

    /// Whether every clock runs round the clock.
    #[inline]
    pub fn round_the_clock(&self) -> bool {
        self.round_the_clock
    }

    /// Whether any ticket has a target of this kind.
    #[inline]
    pub fn any(&self, kind: TargetKind) -> bool {
        self.any[kind as usize]
    }

    /// Whether a target of this kind runs on a calendar that closes.
    pub fn on_calendars(&self, kind: TargetKind) -> bool {
        let mut targets = self.rows.iter().filter_map(|row| row[kind as usize].as_ref());
        targets.any(|target| target.calendar != CalendarId::ALWAYS)
    }

    /// Every target.
    pub fn each(&self) -> impl Iterator<Item = &Target> {
        self.rows.iter().flatten().flatten()
    }
}
