//! Targets as the kernel reads them: durations on calendars, found by (severity, service, customer tier).

use super::ids::{CalendarId, CustomerTierId, ServiceId, SeverityId, TeamId};
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
    /// The first unanswered message of the customer after a response to the next human response.
    NextResponse,
    /// A team receives the ticket to its resolving it or handing it on.
    Own,
}

impl TargetKind {
    /// How many there are.
    pub const COUNT: usize = 7;
    /// All kinds.
    pub const ALL: [TargetKind; TargetKind::COUNT] = [
        TargetKind::FirstResponse,
        TargetKind::Update,
        TargetKind::Mitigate,
        TargetKind::Resolve,
        TargetKind::Acknowledge,
        TargetKind::NextResponse,
        TargetKind::Own,
    ];
    /// Kinds whose clocks not every ticket has, or more than one.
    pub const OCCASIONAL: [TargetKind; 3] = [TargetKind::Acknowledge, TargetKind::NextResponse, TargetKind::Own];

    /// Place among the occasional ones.
    pub const fn occasional(self) -> Option<usize> {
        match self {
            TargetKind::Acknowledge => Some(0),
            TargetKind::NextResponse => Some(1),
            TargetKind::Own => Some(2),
            TargetKind::FirstResponse | TargetKind::Update | TargetKind::Mitigate | TargetKind::Resolve => None,
        }
    }

    /// The kind as it is called in files and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            TargetKind::FirstResponse => "first_response",
            TargetKind::Update => "update",
            TargetKind::Mitigate => "mitigate",
            TargetKind::Resolve => "resolve",
            TargetKind::Acknowledge => "acknowledge",
            TargetKind::NextResponse => "next_response",
            TargetKind::Own => "own",
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
    /// The list of calendars of which the clock runs on that in its owner's zone, instead: [`OwnersZones::calendar`].
    pub by_owner: Option<u16>,
    /// Whether the clock stands still while the ticket waits for the customer.
    pub pauses: bool,
    /// Whether it stands still while the ticket waits for a vendor.
    pub pauses_for_vendors: bool,
    /// What a change of severity does to the clock.
    pub on_severity_change: OnSeverityChange,
    /// Whether lowering the severity cancels a breach under the target in force before.
    pub forgives: bool,
    /// What a reopening does to the clock.
    pub on_reopen: OnReopen,
    /// Whether each cycle from creation or reopening to resolution is a due item of its own, where a reopening restarts the clock.
    pub per_cycle: bool,
    /// Updates: whether the workaround ends them.
    pub until_mitigation: bool,
}

/// Calendars in the zones of owners, for clocks that go by those.
#[derive(Debug, Clone, Default)]
pub struct OwnersZones {
    /// Zone of each team, and of each person: a number within each list of calendars.
    pub teams: Vec<u16>,
    /// See [`OwnersZones::teams`].
    pub people: Vec<u16>,
    /// Lists by [`Target::by_owner`], each with a calendar a zone.
    pub calendars: Vec<Vec<CalendarId>>,
}

impl OwnersZones {
    /// The calendar of a list in a zone.
    pub fn calendar(&self, list: u16, zone: u16) -> CalendarId {
        self.calendars[usize::from(list)][usize::from(zone)]
    }
}

/// Targets of every (severity, service, customer tier).
#[derive(Debug, Clone)]
pub struct TargetTable {
    services: usize,
    customer_tiers: usize,
    rows: Vec<[Option<Target>; TargetKind::COUNT]>,
    /// Own targets of particular teams, by team and severity; what is not here goes by the rows.
    of_teams: Vec<Vec<Option<Target>>>,
    any: [bool; TargetKind::COUNT],
    round_the_clock: bool,
    /// Zones of owners; without calendars where no target goes by them.
    pub owners: OwnersZones,
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
            of_teams: Vec::new(),
            any,
            round_the_clock,
            owners: OwnersZones::default(),
        }
    }

    /// Whether any clock goes by its owner's zone.
    #[inline]
    pub fn go_by_owners(&self) -> bool {
        !self.owners.calendars.is_empty()
    }

    /// With own targets of teams, by team and severity.
    pub fn with_teams(mut self, of_teams: Vec<Vec<Option<Target>>>) -> TargetTable {
        self.any[TargetKind::Own as usize] |= of_teams.iter().flatten().any(Option::is_some);
        self.of_teams = of_teams;
        self
    }

    /// The own target of a particular team, if it has one.
    pub fn of_team(&self, team: TeamId, severity: SeverityId) -> Option<&Target> {
        self.of_teams.get(team.index())?.get(severity.index())?.as_ref()
    }

    /// The own target of a ticket with a team: the team's, else the ticket's.
    pub fn own(
        &self,
        team: TeamId,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
    ) -> Option<&Target> {
        let of_team = self.of_team(team, severity);
        of_team.or_else(|| self.get(TargetKind::Own, severity, service, customer))
    }

    /// Every target of a kind.
    pub fn of_kind(&self, kind: TargetKind) -> impl Iterator<Item = &Target> {
        let of_teams = self.of_teams.iter().flatten().flatten();
        let of_teams = of_teams.filter(move |_| kind == TargetKind::Own);
        self.rows
            .iter()
            .filter_map(move |row| row[kind as usize].as_ref())
            .chain(of_teams)
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

    /// Whether more must be known of a ticket than its row holds: responses after the first, visits of teams.
    pub fn keeps_cases(&self) -> bool {
        let kinds = [TargetKind::Update, TargetKind::NextResponse, TargetKind::Own];
        kinds.into_iter().any(|kind| self.any(kind)) || self.go_by_owners()
    }

    /// Whether a target of this kind runs on a calendar that closes.
    pub fn on_calendars(&self, kind: TargetKind) -> bool {
        let mut targets = self.rows.iter().filter_map(|row| row[kind as usize].as_ref());
        targets.any(|target| target.calendar != CalendarId::ALWAYS)
    }

    /// Every target.
    pub fn each(&self) -> impl Iterator<Item = &Target> {
        self.rows
            .iter()
            .flatten()
            .chain(self.of_teams.iter().flatten())
            .flatten()
    }
}
