//! Routes and rules as tables: triggers, conditions and actions are enums of plain data, one variant a row.
//!
//! Adding a trigger, condition or action: a variant in the scenario's `policy`, its arm in `compile`, and here; then the
//! one `match` over it in `kernel::rules`.

use super::clocks::{TargetKind, TargetTable};
use super::ids::{
    CalendarId, CustomerTierId, GateId, PolicyId, RoleId, RuleId, ScheduleId, ServiceId, SeverityId, TeamId, TierId,
};
use crate::time::{Length, Share, Worked};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What a rule waits for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trigger {
    /// A share of a target is used up; at 1 it is breached.
    Consumed(TargetKind, Share),
    /// Only this much of a target is left.
    Left(TargetKind, Worked),
    /// A time of a kind has passed.
    Elapsed(Elapsed, Worked),
    /// The ticket is created.
    Created,
    /// The ticket is resolved.
    Resolved,
    /// It comes back.
    Reopened,
    /// It becomes a major incident.
    Declared,
    /// A workaround is in place.
    Mitigated,
    /// The nth change of team.
    Reassignments(u16),
    /// The nth reopening.
    Reopenings(u16),
    /// The nth time that the customer asks again.
    Chasers(u16),
    /// The nth ticket linked to it.
    Linked(u32),
    /// The reported severity became more severe, from and to these.
    SeverityRaised(Change),
    /// The reported severity became less severe, from and to these.
    SeverityLowered(Change),
    /// So many tickets wait in a team's queue; armed anew below the second number.
    QueueLength(TeamId, u32, u32),
    /// The oldest ticket has waited this long in a team's queue.
    QueueAge(TeamId, Length),
}

impl Trigger {
    /// Whether it goes on being true, once it has come.
    pub fn lasts(&self) -> bool {
        self.goes_by().is_some()
    }

    /// The clock that it goes by, if it waits for an instant.
    #[inline]
    pub fn goes_by(&self) -> Option<ByClock> {
        match *self {
            Trigger::Consumed(kind, _) => Some(ByClock::Share(kind)),
            Trigger::Left(kind, _) => Some(ByClock::Left(kind)),
            Trigger::Elapsed(elapsed, _) => Some(ByClock::Elapsed(elapsed)),
            _ => None,
        }
    }

    /// How much of its clock it waits for, where that has a target of so much.
    #[inline]
    pub fn amount(&self, within: Worked) -> Worked {
        match *self {
            Trigger::Consumed(_, share) => share.of(within),
            Trigger::Left(_, left) => Worked::from_ms((within.ms() - left.ms()).max(0)),
            Trigger::Elapsed(_, amount) => amount,
            _ => Worked::ZERO,
        }
    }
}

/// The clock that a timed rule goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByClock {
    /// A share of a target.
    Share(TargetKind),
    /// What is left of a target.
    Left(TargetKind),
    /// A time since something.
    Elapsed(Elapsed),
}

impl ByClock {
    /// The kind of the target whose clock it is.
    fn target(self) -> Option<TargetKind> {
        match self {
            ByClock::Share(kind) | ByClock::Left(kind) => Some(kind),
            ByClock::Elapsed(_) => None,
        }
    }
}

/// A change of severity that a rule waits for; `None` admits all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// From this severity.
    pub from: Option<SeverityId>,
    /// To this severity.
    pub to: Option<SeverityId>,
}

/// What an elapsed time is measured from, and on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed {
    /// From what.
    pub measured: Measured,
    /// On which calendar.
    pub on: Runs,
    /// Whether time in which the ticket waits for the customer counts.
    pub counts_pending: bool,
}

/// The calendar of an elapsed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// A calendar of its own.
    On(CalendarId),
    /// That of the ticket's resolve target; round the clock without one.
    WithTarget,
}

/// Which time a rule measures, and so when it is armed anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Measured {
    /// Since entering the team's queue, while in it.
    InQueue,
    /// Since coming to the team.
    InTeam,
    /// Since coming to the tier.
    InTier,
    /// Since the owner's first work.
    WithOwner,
    /// Since its first page, while nobody has acknowledged one.
    Unacknowledged,
    /// Since the last message to the customer.
    NoUpdate,
    /// Since the customer was asked.
    Pending,
}

impl Measured {
    /// How many there are.
    pub const COUNT: usize = 7;
    /// All of them.
    pub const ALL: [Measured; Measured::COUNT] = [
        Measured::InQueue,
        Measured::InTeam,
        Measured::InTier,
        Measured::WithOwner,
        Measured::Unacknowledged,
        Measured::NoUpdate,
        Measured::Pending,
    ];
}

/// Conditions; a set bit admits the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Conditions {
    /// Reported severities admitted.
    pub severities: Vec<bool>,
    /// Services admitted.
    pub services: Vec<bool>,
    /// Customer tiers admitted.
    pub customers: Vec<bool>,
    /// Teams admitted (tiers folded in).
    pub teams: Vec<bool>,
    /// Calendars that must be open.
    pub open: Vec<CalendarId>,
    /// What else must hold.
    pub tests: Vec<Test>,
}

impl Conditions {
    /// Whether they can hold for a ticket of this service and customer, which never change.
    fn may_ever_hold(&self, profile: Profile) -> bool {
        self.services[profile.service.index()] && self.customers[profile.customer.index()]
    }

    /// Whether they can hold as long as its severity and its team do not change either.
    #[inline]
    pub fn may_hold(&self, profile: Profile) -> bool {
        self.may_ever_hold(profile) && self.severities[profile.severity.index()] && self.teams[profile.team.index()]
    }
}

/// What nearly all conditions ask for, and what seldom changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Service.
    pub service: ServiceId,
    /// Customer tier.
    pub customer: CustomerTierId,
    /// Reported severity.
    pub severity: SeverityId,
    /// Team that holds the ticket.
    pub team: TeamId,
}

/// One more condition on a ticket's state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// Somebody owns it, or nobody does.
    Owned(bool),
    /// It waits for the customer, or does not.
    Pending(bool),
    /// It is a major incident, or is not.
    Major(bool),
    /// A gate holds it up, or none does.
    Gated(bool),
    /// A workaround is in place, or is not.
    Workaround(bool),
    /// It has had its first response, or has not.
    Answered(bool),
    /// A flag is set, or is not.
    Flag(u8, bool),
    /// A count lies between two numbers, both included.
    Count(Counted, u32, u32),
    /// The share of a target that is used up is at least the first and below the second.
    Consumed(TargetKind, f64, f64),
    /// A clock has breached, or has not.
    Breached(TargetKind, bool),
}

/// What can be counted of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Changes of team.
    Reassignments,
    /// Reopenings.
    Reopenings,
    /// Tickets linked to it.
    Linked,
    /// Pages sent for it.
    Pages,
    /// Times that the customer asked again.
    Chasers,
}

/// Where responders come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Responders {
    /// Free people of a team; those who are not free join when they are, or in place of one of them the person on call of
    /// a schedule.
    Team(TeamId, Option<ScheduleId>),
    /// The person on call.
    Schedule(ScheduleId),
}

/// How a rule hands a ticket over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// As the scenario's handoffs are.
    Usual,
    /// The context is kept.
    Warm,
    /// Some of it is lost.
    Cold,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Counted and traced.
    Alert,
    /// Pages the people on call of these schedules; `inform`: without making anybody the owner.
    Notify(Vec<ScheduleId>, bool),
    /// Starts an escalation policy.
    Page(PolicyId),
    /// To the team of a tier.
    TransferToTier(TierId, Hands),
    /// To a team.
    TransferToTeam(TeamId, Hands),
    /// From the service's primary owner to its secondary.
    ToSecondary,
    /// So many steps more severe.
    RaiseBy(u8),
    /// To a severity, if it is more severe.
    RaiseTo(SeverityId),
    /// So many steps less severe.
    LowerBy(u8),
    /// To a severity, if it is less severe.
    LowerTo(SeverityId),
    /// People join the owner.
    AddResponders(u32, Responders),
    /// Informs a role: a hierarchical escalation.
    EscalateTo(RoleId),
    /// Pages a commander; it is a major incident.
    AssignCommander,
    /// Asks for a decision.
    OpenGate(GateId),
    /// Somebody writes an executive brief.
    Brief,
    /// Somebody writes a status update.
    Update,
    /// Teams get a linked task each; all of them or the first one ends it.
    Involve(Vec<TeamId>, bool),
    /// Forward in queues by severity, in steps; back if negative.
    SetPriority(i8),
    /// Sets a flag.
    Flag(u8),
    /// Closes a ticket that waits for its customer.
    Close,
}

impl Action {
    /// Whether it gives a ticket another severity.
    pub fn changes_severity(&self) -> bool {
        matches!(
            self,
            Action::RaiseBy(_) | Action::RaiseTo(_) | Action::LowerBy(_) | Action::LowerTo(_)
        )
    }

    /// Whether it takes a ticket to another team.
    fn changes_team(&self) -> bool {
        matches!(self, Action::TransferToTier(..) | Action::TransferToTeam(..))
    }

    /// Whether it tells people of the ticket.
    pub fn tells(&self) -> bool {
        matches!(
            self,
            Action::Alert
                | Action::Notify(..)
                | Action::Page(_)
                | Action::EscalateTo(_)
                | Action::AssignCommander
                | Action::AddResponders(..)
        )
    }
}

/// How often a rule fires, and what else holds it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Firing {
    /// Not armed anew by what else arms it: once in a ticket's life (a share: once a clock).
    pub once: bool,
    /// A share: at each new crossing of the same clock.
    pub each: bool,
    /// Again so long after each firing, while trigger and conditions hold.
    pub every: Option<Length>,
    /// Most firings in a ticket's life.
    pub at_most: u32,
    /// Least time between two firings on a ticket.
    pub cooldown: Length,
    /// Conditions that fail at the crossing are waited for.
    pub hold: bool,
    /// It does not fire if these hold.
    pub unless: Option<Conditions>,
    /// It does not fire, and waits for nothing, if these fail.
    pub only_while: Option<Conditions>,
    /// Nothing later runs on this ticket at this instant.
    pub stops: bool,
    /// Rules of one group, of which only the highest fires when several are passed at once.
    pub group: Option<u16>,
}

impl Firing {
    /// As the trigger has it.
    pub const USUAL: Firing = Firing {
        once: false,
        each: false,
        every: None,
        at_most: u32::MAX,
        cooldown: Length::ZERO,
        hold: false,
        unless: None,
        only_while: None,
        stops: false,
        group: None,
    };

    /// Whether a ticket must remember when and how often such a rule fired on it.
    fn needs_memory(&self) -> bool {
        self.every.is_some() || self.at_most != u32::MAX || self.cooldown != Length::ZERO || self.hold
    }
}

/// An escalation rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its trigger.
    pub trigger: Trigger,
    /// Its conditions.
    pub conditions: Conditions,
    /// How often it fires.
    pub firing: Firing,
    /// Its actions, in order.
    pub actions: Vec<Action>,
}

impl Rule {
    /// The clock that it warns of: it tells people of the ticket before that breaches.
    pub fn warns_of(&self) -> Option<TargetKind> {
        let kind = match self.trigger {
            Trigger::Consumed(kind, share) if share < Share::ONE => kind,
            Trigger::Left(kind, left) if left > Worked::ZERO => kind,
            _ => return None,
        };
        self.actions.iter().any(Action::tells).then_some(kind)
    }
}

/// Where a new ticket enters.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Which tickets.
    pub conditions: Conditions,
    /// Tier or team.
    pub to: RouteTo,
}

/// Target of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteTo {
    /// The team that works a tier for the ticket's service.
    Tier(TierId),
    /// A team.
    Team(TeamId),
}

/// What rules go by that has just begun on a ticket, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun(u16);

impl Begun {
    /// Nothing: what has changed can only put rules off.
    pub const NOTHING: Begun = Begun(0);
    /// Whatever there is.
    pub const ANYTHING: Begun = Begun(u16::MAX);

    /// A time since something.
    pub const fn since(measured: Measured) -> Begun {
        Begun(1 << measured as u16)
    }

    /// The clock of a target.
    pub const fn clock(kind: TargetKind) -> Begun {
        Begun(1 << (Measured::COUNT + kind as usize))
    }

    /// Whether what has begun is what some rules go by.
    #[inline]
    const fn is_of(self, by: ByClock) -> bool {
        let place = match by {
            ByClock::Share(kind) | ByClock::Left(kind) => Measured::COUNT + kind as usize,
            ByClock::Elapsed(elapsed) => elapsed.measured as usize,
        };
        self.0 >> place & 1 == 1
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Begun) -> Begun {
        Begun(self.0 | other.0)
    }
}

const _: () = assert!(Measured::COUNT + TargetKind::COUNT < u16::BITS as usize);

/// Rules on one clock, in the order in which it reaches them: as long as the first of them has not fired, none of the
/// others is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// The clock.
    pub by: ByClock,
    /// The rules.
    pub rules: Vec<LaneRule>,
    /// None of them is due on a ticket of its profile sooner than this after its creation.
    pub soonest: Length,
    /// Place of the lane of what goes by the same clock in the other way: by what is used up of a target, and what is left.
    pub beside: Option<usize>,
}

/// A rule of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LaneRule {
    /// Which.
    pub id: RuleId,
    /// It is not due on a ticket of its profile sooner than this after the lane's clock has begun.
    pub soonest: Length,
}

/// All rules, with what the kernel needs to skip those that cannot matter.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// In the order of the file.
    pub rules: Vec<Rule>,
    /// Whether any rule waits for an instant.
    pub any_timed: bool,
    /// Whether one of those may be due as its ticket is created.
    pub any_at_once: bool,
    /// Rules on creation, in the order of the file.
    pub on_created: Vec<RuleId>,
    /// Rules on resolution, in the order of the file.
    pub on_resolved: Vec<RuleId>,
    /// Rules on what happens to a ticket, in the order of the file.
    pub on_occurrence: Vec<RuleId>,
    /// Rules on queues.
    pub queues: Vec<RuleId>,
    /// Share rules that fire at each new crossing.
    pub recrossing: Vec<RuleId>,
    /// Rules to arm anew by what is measured, one bit a rule, 64 a word.
    pub rearm: [Vec<u64>; Measured::COUNT],
    /// Share rules by target kind, to arm anew when its clock restarts.
    pub of_kind: [Vec<u64>; TargetKind::COUNT],
    /// Whether tickets must remember what fired on them.
    pub remember: bool,
    /// Whether a rule goes by the silence since the last message to the customer, or by the time until the next one is due.
    pub any_on_silence: bool,
    /// Tickets that the same timed rules may fire on share a choice of them.
    choices: Vec<Choice>,
    /// Which choice, by service, customer tier, severity and team.
    choice_of: Vec<u32>,
    /// How many customer tiers, severities and teams there are.
    sizes: [usize; 3],
}

/// The timed rules that a ticket has to do with.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    /// Those that may fire as long as its severity and its team do not change, or whose conditions are waited for.
    lanes: Vec<Lane>,
    /// Those that it may fire on once they have, what may come first first.
    overlooked: Vec<LaneRule>,
}

impl RuleSet {
    /// Builds the indexes of a list of rules, which wait for shares of these targets among others.
    pub fn of(rules: Vec<Rule>, targets: &TargetTable) -> RuleSet {
        let words = rules.len().div_ceil(64);
        let mut set = RuleSet {
            rearm: [0; Measured::COUNT].map(|_| vec![0; words]),
            of_kind: [0; TargetKind::COUNT].map(|_| vec![0; words]),
            ..RuleSet::default()
        };
        for (index, rule) in rules.iter().enumerate() {
            set.index(RuleId::new(index), rule, targets);
        }
        let waits_for_breach = |rule: &Rule| matches!(rule.trigger, Trigger::Consumed(_, Share::ONE));
        // A breach whose target ends, or becomes another, is remembered by what waits for it.
        let ends_targets = |action: &Action| action.changes_severity() || action.changes_team();
        set.remember |=
            rules.iter().any(waits_for_breach) && rules.iter().flat_map(|rule| &rule.actions).any(ends_targets);
        set.rules = rules;
        set.choose(targets);
        set
    }

    fn index(&mut self, id: RuleId, rule: &Rule, targets: &TargetTable) {
        let (word, bit) = (id.index() / 64, 1u64 << (id.index() % 64));
        self.any_at_once |= may_be_at_once(&rule.trigger, targets);
        // What is due as soon as it begins may begin twice in an instant, and fires once.
        self.remember |= rule.firing.needs_memory() || self.any_at_once;
        match rule.trigger {
            Trigger::Created => self.on_created.push(id),
            Trigger::Resolved => self.on_resolved.push(id),
            Trigger::Consumed(kind, _) | Trigger::Left(kind, _) => {
                self.any_timed = true;
                self.any_on_silence |= kind == TargetKind::Update;
                self.of_kind[kind as usize][word] |= bit;
                if rule.firing.each {
                    self.recrossing.push(id);
                }
            }
            Trigger::Elapsed(elapsed, _) => {
                self.any_timed = true;
                self.any_on_silence |= elapsed.measured == Measured::NoUpdate;
                if !rule.firing.once {
                    self.rearm[elapsed.measured as usize][word] |= bit;
                }
            }
            Trigger::QueueLength(..) | Trigger::QueueAge(..) => {
                self.queues.push(id);
                self.remember = true;
            }
            Trigger::Reopened
            | Trigger::Declared
            | Trigger::Mitigated
            | Trigger::Reassignments(_)
            | Trigger::Reopenings(_)
            | Trigger::Chasers(_)
            | Trigger::Linked(_)
            | Trigger::SeverityRaised(_)
            | Trigger::SeverityLowered(_) => {
                self.on_occurrence.push(id);
                self.remember = true;
            }
        }
    }

    /// Finds the choice of every profile.
    fn choose(&mut self, targets: &TargetTable) {
        let Some(Conditions {
            severities,
            services,
            customers,
            teams,
            ..
        }) = self.rules.first().map(|rule| &rule.conditions)
        else {
            return;
        };
        let services = services.len();
        self.sizes = [customers.len(), severities.len(), teams.len()];
        let [customers, severities, teams] = self.sizes;
        let mut known: BTreeMap<(Vec<LaneRule>, Vec<LaneRule>), u32> = BTreeMap::new();
        for place in 0..services * customers * severities * teams {
            let profile = Profile {
                service: ServiceId::new(place / (customers * severities * teams)),
                customer: CustomerTierId::new(place / (severities * teams) % customers),
                severity: SeverityId::new(place / teams % severities),
                team: TeamId::new(place % teams),
            };
            let next = known.len() as u32;
            let choice = *known.entry(self.timed_for(profile, targets)).or_insert(next);
            self.choice_of.push(choice);
        }
        let mut found: Vec<_> = known.into_iter().collect();
        found.sort_by_key(|(_, choice)| *choice);
        let choice = |((looked_at, mut overlooked), _): ((Vec<LaneRule>, Vec<LaneRule>), u32)| {
            overlooked.sort_by_key(|rule| rule.soonest);
            Choice {
                lanes: lanes(&self.rules, &looked_at),
                overlooked,
            }
        };
        self.choices = found.into_iter().map(choice).collect();
    }

    /// The timed rules that may fire on a ticket of a profile, or that wait for their conditions; and those that may once the
    /// severity or the team is another. Rules on a target that it does not have are neither.
    fn timed_for(&self, profile: Profile, targets: &TargetTable) -> (Vec<LaneRule>, Vec<LaneRule>) {
        let timed = self.rules.iter().enumerate().filter_map(|(index, rule)| {
            let id = RuleId::new(index);
            let soonest = soonest(&rule.trigger, targets, profile)?;
            Some((rule, LaneRule { id, soonest }))
        });
        let timed = timed.filter(|(rule, _)| rule.trigger.lasts() && rule.conditions.may_ever_hold(profile));
        let (now, later): (Vec<_>, Vec<_>) =
            timed.partition(|(rule, _)| rule.firing.hold || rule.conditions.may_hold(profile));
        let rules = |rules: Vec<(&Rule, LaneRule)>| rules.into_iter().map(|(_, rule)| rule).collect();
        (rules(now), rules(later))
    }

    /// The lanes of the timed rules that a ticket is to be watched for.
    #[inline]
    pub fn lanes(&self, profile: Profile) -> &[Lane] {
        &self.choice(profile).lanes
    }

    /// The timed rules that may fire on a ticket only after its severity or team has changed, if it is so old that they may have
    /// been due.
    pub fn overlooked(&self, profile: Profile, age: Length) -> impl Iterator<Item = RuleId> {
        let rules = self.choice(profile).overlooked.iter();
        rules.take_while(move |rule| rule.soonest <= age).map(|rule| rule.id)
    }

    /// No rule that a ticket is watched for and that goes by what has just begun is due sooner than after this; `None`: there is
    /// no such rule.
    #[inline]
    pub fn soonest_after(&self, profile: Profile, begun: Begun) -> Option<Length> {
        let mut lanes = self.lanes(profile).iter();
        lanes.find(|lane| begun.is_of(lane.by)).map(|lane| lane.soonest)
    }

    #[inline]
    fn choice(&self, profile: Profile) -> &Choice {
        let [customers, severities, teams] = self.sizes;
        let place = (profile.service.index() * customers + profile.customer.index()) * severities;
        let place = (place + profile.severity.index()) * teams + profile.team.index();
        &self.choices[self.choice_of[place] as usize]
    }

    /// Words of a ticket's set of spent rules.
    pub fn words(&self) -> usize {
        self.rules.len().div_ceil(64)
    }

    /// Whether there are no rules at all.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

/// Whether what a trigger waits for may be used up as its clock begins: no target says that it takes time.
fn may_be_at_once(trigger: &Trigger, targets: &TargetTable) -> bool {
    let least = match trigger.goes_by() {
        Some(ByClock::Share(kind) | ByClock::Left(kind)) => {
            let amounts = targets.of_kind(kind).map(|target| trigger.amount(target.within));
            amounts.min().unwrap_or(Worked::ZERO)
        }
        Some(ByClock::Elapsed(_)) => trigger.amount(Worked::ZERO),
        None => return false,
    };
    least == Worked::ZERO
}

/// A time by any clock before which no ticket of a profile has used up what a trigger waits for; `None`: none has such a clock.
fn soonest(trigger: &Trigger, targets: &TargetTable, profile: Profile) -> Option<Length> {
    let Profile {
        service,
        customer,
        severity,
        team,
    } = profile;
    let within = match trigger.goes_by()? {
        ByClock::Share(TargetKind::Own) | ByClock::Left(TargetKind::Own) => {
            targets.own(team, severity, service, customer)?.within
        }
        ByClock::Share(kind) | ByClock::Left(kind) => targets.get(kind, severity, service, customer)?.within,
        ByClock::Elapsed(_) => Worked::ZERO,
    };
    Some(Length::from_ms(trigger.amount(within).ms()))
}

fn lanes(rules: &[Rule], looked_at: &[LaneRule]) -> Vec<Lane> {
    let mut lanes: Vec<(ByClock, Vec<LaneRule>)> = Vec::new();
    for &rule in looked_at {
        let Some(clock) = rules[rule.id.index()].trigger.goes_by() else {
            continue;
        };
        match lanes.iter_mut().find(|(known, _)| *known == clock) {
            Some((_, lane)) => lane.push(rule),
            None => lanes.push((clock, vec![rule])),
        }
    }
    let in_order = |a: &LaneRule, b: &LaneRule| match (&rules[a.id.index()].trigger, &rules[b.id.index()].trigger) {
        (Trigger::Consumed(_, a), Trigger::Consumed(_, b)) => a.cmp(b),
        (Trigger::Left(_, a), Trigger::Left(_, b)) => b.cmp(a),
        (Trigger::Elapsed(_, a), Trigger::Elapsed(_, b)) => a.cmp(b),
        _ => Ordering::Equal,
    };
    let lanes = lanes.into_iter().map(|(by, mut rules)| {
        rules.sort_by(in_order);
        let soonest = rules.iter().map(|rule| rule.soonest).min();
        let soonest = soonest.unwrap_or(Length::ZERO);
        Lane {
            by,
            rules,
            soonest,
            beside: None,
        }
    });
    let mut lanes: Vec<Lane> = lanes.collect();
    // What may come first is looked at first: often nothing else has to be.
    lanes.sort_by_key(|lane| lane.soonest);
    for place in 0..lanes.len() {
        let kind = lanes[place].by.target();
        let is_beside = |(other, lane): &(usize, &Lane)| *other != place && kind.is_some() && lane.by.target() == kind;
        lanes[place].beside = lanes.iter().enumerate().find(is_beside).map(|(other, _)| other);
    }
    lanes
}
