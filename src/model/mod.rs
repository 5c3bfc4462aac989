//! What the kernel reads: the scenario compiled into dense ids, tables and samplers.
//!
//! A [`Model`] is made once a candidate, is never changed and is shared by all threads. It holds no option that means
//! "default" and no name that anything is looked up by: names are there for reports only. Compiling draws no random
//! number and reads no clock and no file: same text, same model.

mod clocks;
mod compile;
pub mod costs;
mod customers;
pub mod defaults;
mod demand;
mod ids;
mod incidents;
mod load;
mod oncall;
mod people;
mod policy;
mod process;
mod routing;
mod speed;
mod triage;

pub use clocks::{OnReopen, OnSeverityChange, OwnersZones, Target, TargetKind, TargetTable};
pub use compile::compile;
pub use costs::Costs;
pub use customers::{Chasers, Drift, Patience, Reminders};
pub use demand::{
    Flow, Ladder, Pending, Population, Reopening, ScriptedLeg, ScriptedTicket, Segment, ServiceDemand, VendorWaits,
};
pub use ids::{
    AgentId, CalendarId, ChangeId, CrewId, CustomerTierId, GateId, IncidentId, KindId, PersonId, PolicyId, RoleId,
    RuleId, ScheduleId, ServiceId, SeverityId, TeamId, TierId,
};
pub use incidents::{Breeding, CHILDREN_MAX, Children, Declaration, HowMany, Incident, Linking, StatusPage};
pub use load::{Beside, HOURS_A_WEEK, HourLoad, Load, TeamLoad};
pub use oncall::{
    Answering, Engagement, EscalationPolicy, GroupBy, Level, OnCall, Owners, PageGroup, PageTarget, Schedule, Snooze,
};
pub use people::{Agent, Breaks, Crew, Discipline, Handoff, Person, Preemption, ShiftEnd, Team, Tier};
pub use policy::{
    Action, Begun, ByClock, Change, Conditions, Counted, Elapsed, Firing, Hands, Lane, LaneRule, Measured, Profile,
    Responders, Route, RouteTo, Rule, RuleSet, Runs, Test, Trigger,
};
pub use process::{
    Articles, ChangeKind, Communications, Gate, Holder, Learning, Limit, Meetings, OnTimeout, Problem, Process,
    Reviews, Role, Shares, TicketKind, Workaround,
};
pub use routing::{Concurrency, Lanes, Overflow, Places, Routing, RoutingMode, Speedup, Swarming, Training};
pub use triage::{Attributes, LEVELS, ManualTriage, Nominal, Says, Triage, TriageConditions};

use crate::time::{Calendar, Instant, Length, Origin, Worked};

/// Most tiers of a ladder: what a ticket's path mask holds.
pub const TIERS_MAX: usize = 8;

/// Names, for reports only, in the order of the ids.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The scenario.
    pub scenario: String,
    /// Severities, most severe first.
    pub severities: Vec<String>,
    /// Services.
    pub services: Vec<String>,
    /// Customer tiers; one empty name if the scenario has none.
    pub customer_tiers: Vec<String>,
    /// Support tiers, lowest first.
    pub tiers: Vec<String>,
    /// Teams.
    pub teams: Vec<String>,
    /// People written out by name.
    pub people: Vec<String>,
    /// Schedules of on-call duty.
    pub schedules: Vec<String>,
    /// Escalation policies.
    pub policies: Vec<String>,
    /// Rules.
    pub rules: Vec<String>,
    /// Calendars.
    pub calendars: Vec<String>,
    /// Kinds of incidents.
    pub incidents: Vec<String>,
    /// Sources of tickets.
    pub sources: Vec<String>,
    /// Classes of words.
    pub keywords: Vec<String>,
    /// Flags that rules set.
    pub flags: Vec<String>,
}

/// Which of the rarer features a scenario uses: what it does not use costs the kernel nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Uses {
    /// Tickets have case files.
    pub cases: bool,
    /// Work goes at another pace than the standard one: proficiency, concurrency, swarms, fatigue.
    pub paces: bool,
    /// Roles, gates, changes, messages as work, workarounds, reviews or kinds of ticket.
    pub process: bool,
    /// Tickets may come back to a team that had them, or be sent back.
    pub returns: bool,
    /// People join the owners of tickets.
    pub swarms: bool,
    /// Teams get parts of others' tickets.
    pub involves: bool,
    /// Rules tell people of tickets.
    pub warns: bool,
}

/// The measured window and what surrounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// End of the warm-up.
    pub from: Instant,
    /// End of the horizon.
    pub until: Instant,
    /// Latest end of the drain.
    pub last: Instant,
}

impl Window {
    /// Whether an instant lies in the measured window.
    #[inline]
    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.until
    }

    /// The part of `[from, until)` that lies in the window.
    #[inline]
    pub fn overlap(&self, from: Instant, until: Instant) -> Length {
        let from = from.ms().max(self.from.ms());
        let until = until.ms().min(self.until.ms());
        Length::from_ms((until - from).max(0))
    }
}

/// A scenario, compiled.
#[derive(Debug, Clone)]
pub struct Model {
    /// Names for reports.
    pub names: Names,
    /// Features in use.
    pub uses: Uses,
    /// Where the simulated time lies in the real one.
    pub origin: Origin,
    /// The measured window.
    pub window: Window,
    /// Calendars of targets, rules and conditions.
    pub calendars: Vec<Calendar>,
    /// Who asks for help: the same for all candidates that do not change the demand.
    pub population: Population,
    /// Support tiers, lowest first.
    pub tiers: Vec<Tier>,
    /// Teams.
    pub teams: Vec<Team>,
    /// Groups of people who share hours and team.
    pub crews: Vec<Crew>,
    /// People.
    pub agents: Vec<Agent>,
    /// People written out by name.
    pub people: Vec<Person>,
    /// On-call duty.
    pub on_call: OnCall,
    /// The team of each tier that works each service: `[tier][service]`, `None` if no team has the skills.
    pub team_of: Vec<Vec<Option<TeamId>>>,
    /// Where new tickets enter, first match wins.
    pub routes: Vec<Route>,
    /// Tier at which new tickets of a service enter without a route.
    pub starts_at: Vec<TierId>,
    /// Targets by severity, service and customer tier.
    pub targets: TargetTable,
    /// Escalation rules.
    pub rules: RuleSet,
    /// Roles, gates, changes, communication, reviews, kinds of ticket.
    pub process: Process,
    /// What a change of hands costs.
    pub handoff: Handoff,
    /// How fast people are together.
    pub swarming: Swarming,
    /// From the start of the first work to the first words to the customer.
    pub first_reply: Length,
    /// A ticket that comes back within this time was not resolved at first contact.
    pub first_contact: Length,
    /// Least time before a deadline at which it is of use to know of it, if written.
    pub useful_lead: Option<Length>,
    /// What people and breaches cost; `None` where nothing is counted in money.
    pub costs: Option<Costs>,
}

impl Model {
    /// The team that works a tier for a service. The compiler checked that there is one wherever a ticket can go.
    #[inline]
    pub fn team(&self, tier: TierId, service: ServiceId) -> Option<TeamId> {
        self.team_of[tier.index()][service.index()]
    }

    /// The team that a new ticket comes to: that of the first route that matches, else that of the tier at which its service
    /// starts. `is_open`: whether a calendar is open as it comes.
    #[inline(always)]
    pub fn entry(
        &self,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
        is_open: impl Fn(CalendarId) -> bool,
    ) -> TeamId {
        let usual = self.team(self.starts_at[service.index()], service);
        if self.routes.is_empty() {
            return usual.unwrap_or(TeamId::new(0));
        }
        let route = self.routes.iter().find(|route| {
            let conditions = &route.conditions;
            conditions.severities[severity.index()]
                && conditions.services[service.index()]
                && conditions.customers[customer.index()]
                && conditions.open.iter().all(|calendar| is_open(*calendar))
        });
        let routed = route.and_then(|route| match route.to {
            RouteTo::Tier(tier) => self.team(tier, service),
            RouteTo::Team(team) => Some(team),
        });
        routed.or(usual).unwrap_or(TeamId::new(0))
    }

    /// Whether it is asked when tickets are mitigated: somebody is promised it, or workarounds exist.
    pub fn mitigates(&self) -> bool {
        self.targets.any(TargetKind::Mitigate) || self.process.workaround.is_some() || self.uses.involves
    }

    /// Least part of a target that must be left for a warning to be of use, ms.
    pub fn useful_lead(&self, within: Worked) -> i64 {
        let usual = || defaults::USEFUL_LEAD.ms().min(within.ms() / defaults::USEFUL_PART);
        self.useful_lead.map_or_else(usual, Length::ms)
    }

    /// Name of a person: their own if they have one, else `team` or `team/crew` and their number.
    pub fn agent_name(&self, agent: AgentId) -> String {
        let person = &self.agents[agent.index()];
        if let Some(named) = person.person {
            return self.names.people[named.index()].clone();
        }
        let team = &self.names.teams[person.team.index()];
        let crew = &self.crews[person.crew.index()];
        match &crew.name {
            Some(name) => format!("{team}/{name}/{}", person.number),
            None => format!("{team}/{}", person.number),
        }
    }
}
