//! Tickets in the world: a table whose rows are reused once their ticket is closed.

use super::agenda::Stamp;
use super::arrivals::{NUMBER_BITS, SCRIPTED};
use super::severity::CLOCKS;
use crate::model::{AgentId, CustomerTierId, Profile, ServiceId, SeverityId, TIERS_MAX, TargetKind, TeamId, TierId};
use crate::time::{Instant, Length};

/// A row of the ticket table.
pub type Slot = usize;

/// No row, in links.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Where a ticket is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// In its team's queue.
    Queued,
    /// Waiting for its owner, who has begun it.
    InLine,
    /// Being worked on.
    InWork,
    /// Waiting for the customer.
    Pending,
    /// In nobody's hands until a gate is passed.
    Gated,
    /// Put aside: it is being triaged, or is linked to a parent and waits for its solution.
    Aside,
    /// Resolved, will come back.
    Resolved,
    /// Closed: the row is free.
    Closed,
}

/// What a row of the table is: a ticket, or a task of the organisation's own. A task is queued, worked and put down like a
/// ticket, but nobody waits for it with a contract: it has no clocks and is in no count of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Task {
    /// No task: a ticket.
    Ticket,
    /// An approver decides at a gate.
    Decision,
    /// A declined request is worked over.
    Rework,
    /// A change that is live is written down.
    Record,
    /// A status update is written.
    Update,
    /// An executive brief is written.
    Brief,
    /// A role takes note of an escalation.
    Notice,
    /// A major incident is commanded or recorded: the person is occupied until it is over.
    Command,
    /// A post-incident review.
    Review,
    /// A knowledge-base article is written or renewed.
    Article,
    /// The fix of a root cause is made.
    Fix,
    /// A new ticket is triaged by hand.
    Triage,
    /// Part of another team's ticket.
    Involved,
    /// A linked ticket is closed with its parent.
    Closing,
    /// A waiting customer is answered.
    Chaser,
    /// Work on somebody else's ticket, together with them, until it is done.
    Responder,
    /// Whoever gave a ticket away explains it to whoever has taken it over.
    Handover,
}

/// Whether a ticket is one of a fault's; the number is the fault's within the replication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// It is not.
    Alone,
    /// The fault's first.
    Parent(u32),
    /// One of the others.
    Child(u32),
}

/// Why a ticket was closed without being resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// Its customer had waited long enough before anybody began it.
    Impatient,
    /// Its customer did not answer.
    Unanswered,
}

impl Task {
    /// Whether a gate or an incident stands still until it is done: it goes before what somebody is only to know, or to say.
    #[inline]
    pub fn holds_up(self) -> bool {
        matches!(self, Task::Decision | Task::Rework | Task::Command)
    }

    /// Whether it waits until no ticket does: what is learnt afterwards, and what is written down of it.
    #[inline]
    pub fn can_wait(self) -> bool {
        matches!(self, Task::Review | Task::Article | Task::Fix | Task::Record)
    }
}

/// One ticket. Times that have not come yet are `None`; clocks and counters say what has happened so far.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    /// Creation.
    pub created: Instant,
    /// Number of its random streams: service and number within the service. Same for all candidates.
    pub entity: u64,
    /// Number in order of creation, from 1.
    pub number: u32,
    /// Index among the scripted tickets.
    pub scripted: Option<u32>,
    /// True severity at its creation; what it is, is drawn by it.
    pub true_severity: SeverityId,
    /// First reported severity.
    pub first_severity: SeverityId,
    /// Reported severity now.
    pub severity: SeverityId,
    /// Reported severity when the first response was given (now, before that).
    pub response_severity: SeverityId,
    /// Reported severity when it was mitigated (now, before that).
    pub mitigate_severity: SeverityId,
    /// Service.
    pub service: ServiceId,
    /// Customer tier.
    pub customer: CustomerTierId,
    /// Tiers that would hand it on, and the highest bit: the lowest tier that can solve it.
    pub(super) path: u8,
    /// Lowest tier that its service's tickets need, and the word of its first work there.
    pub(super) first_tier: TierId,
    pub(super) first_work: u64,
    /// Ticket or task.
    pub task: Task,
    /// A task for its owner alone.
    pub(super) personal: bool,
    /// Where it is in its life.
    pub phase: Phase,
    /// Tier that holds it.
    pub tier: TierId,
    /// Team that holds it.
    pub team: TeamId,
    /// Team that held it when the first response was given, and when it was mitigated (now, before that).
    pub response_team: TeamId,
    /// See [`Ticket::response_team`].
    pub mitigate_team: TeamId,
    /// Who works on it, or has begun it and will go on.
    pub owner: Option<AgentId>,
    /// When somebody first began to work on it.
    pub engaged: Option<Instant>,
    /// When the first human response was given.
    pub first_response: Option<Instant>,
    /// That was after the breaches of its instant: in dispatch, as a rule.
    pub(super) answered_last: bool,
    /// When a workaround was in place, or it was first resolved.
    pub mitigated: Option<Instant>,
    /// Whether that was a workaround: the resolution came, or is to come, after it.
    pub worked_around: bool,
    /// Last resolution.
    pub resolved: Option<Instant>,
    /// Last message to the customer.
    pub last_message: Instant,
    /// When it came to this tier, team, queue, owner; when the current stint of work or wait began.
    pub tier_since: Instant,
    /// See [`Ticket::tier_since`].
    pub team_since: Instant,
    /// See [`Ticket::tier_since`].
    pub queue_since: Instant,
    /// See [`Ticket::tier_since`].
    pub owner_since: Instant,
    /// See [`Ticket::tier_since`].
    pub stint_since: Instant,
    /// When somebody last began it or went on with it.
    pub(super) work_since: Instant,
    /// Start of the clocks, in the order of `severity::CLOCKS`.
    pub(super) clock_from: [Instant; 3],
    /// Clocks that breached under a target that is no longer in force.
    pub(super) breached: [bool; 3],
    /// When each of those breached first, and the severity under whose target.
    pub(super) breached_at: [Instant; 3],
    /// See [`Ticket::breached_at`].
    pub(super) breached_under: [SeverityId; 3],
    /// The resolve target of its true severity was breached in an earlier cycle.
    pub(super) breached_truly: bool,
    /// Clocks whose breach an observer has been told of.
    pub(super) recorded: [bool; 3],
    /// Whether the correction at first touch has had its chance.
    pub(super) triaged: bool,
    /// Work of the current attempt as drawn, ms: what is done of it is what a cold handoff loses a share of.
    pub(super) attempt: i64,
    /// Work of the current stint when it began, ms.
    pub(super) work_left: i64,
    /// Work on top of that, to be done first by whoever has it, ms: getting into it again, or listening to whoever gave it away.
    pub(super) overhead: i64,
    /// Work after the customer's answer, ms; the stint ends in a wait if `asks`.
    pub(super) work_after: i64,
    /// Standard work done in a unit of time: 1 for one person of standard proficiency on nothing else.
    pub(super) pace: f64,
    /// Validity of the end of the current stint.
    pub(super) work: Stamp,
    /// Bands by which rules have put it forward in queues by severity.
    pub(super) boost: i8,
    /// How it was handed over by a rule that says so; else as the scenario's handoffs are.
    pub(super) cold: Option<bool>,
    /// The current stint ends in a wait for the customer.
    pub(super) asks: bool,
    /// An attempt at this tier is under way: work has been drawn.
    pub(super) begun: bool,
    /// It was interrupted by a more severe one: resuming costs the switch.
    pub(super) interrupted: bool,
    /// When its last owner let go of it in the middle of things.
    pub(super) released: Option<Instant>,
    /// It came here by escalation.
    pub(super) escalated_here: bool,
    /// Resolutions so far.
    pub cycle: u16,
    /// Pending episodes so far.
    pub(super) episodes: u16,
    /// Entries of each tier so far (they key the work draws).
    pub(super) entries: [u8; TIERS_MAX],
    /// Handling of all people, ms.
    pub touch_ms: i64,
    /// Time waiting for the customer, ms.
    pub pending_ms: i64,
    /// Since when it is open: creation, or the last reopening.
    pub(super) open_since: Instant,
    /// Functional escalations.
    pub escalations: u16,
    /// Whether one of them left a tier that was not able.
    pub escalated_from_unable: bool,
    /// Whether the last of them left time for the work of solving it.
    pub escalated_in_time: bool,
    /// Changes of team after the first.
    pub reassignments: u16,
    /// Changes of owner after the first.
    pub owner_changes: u16,
    /// Of these, those within a team: it had not changed since the last owner.
    pub owner_changes_in_team: u16,
    /// Whoever owned it last, if it has had an owner.
    pub(super) last_owner: Option<AgentId>,
    /// Its team has changed since it got its last owner.
    pub(super) moved: bool,
    /// Changes of hands, at a shift's end or before.
    pub handoffs: u16,
    /// Interruptions.
    pub preemptions: u16,
    /// Hierarchical escalations: times that somebody with more authority was told.
    pub hierarchical: u16,
    /// It is bred by a problem that had been reviewed when it came.
    pub recurs: bool,
    /// Changes of hands, of those, in which context was lost.
    pub cold_handoffs: u16,
    /// Returns to a team that had it before.
    pub bounces: u16,
    /// Times that a team which helps took it, or got it.
    pub overflows: u16,
    /// It found no waiting place, and was closed.
    pub turned_away: bool,
    /// What is remembered of its past, one bit each: occasional clocks that breached, a cycle that was late, having
    /// come back soon.
    pub marks: u8,
    /// It was assigned to its owner, who has not begun it.
    pub(super) assigned: bool,
    /// Validity of the correction of its severity.
    pub(super) correction: Stamp,
    /// Updates that were due and those that were missed.
    pub updates_due: u32,
    /// See [`Ticket::updates_due`].
    pub updates_missed: u32,
    /// Corrected at first touch.
    pub corrected: bool,
    /// Rules that have fired on it, one bit each; the first 64, observers remember the others.
    pub fired: u64,
    /// Created in the measured window.
    pub measured: bool,
    /// Whether it is one of a fault's.
    pub family: Family,
    /// Why it was closed without being resolved.
    pub left: Option<Leaving>,
    /// Linked to the parent of its fault, with which it will be solved.
    pub linked: bool,
    /// When its clocks ended void; what was undecided then stays so.
    pub voided: Option<Instant>,
    /// True severity now: it may worsen.
    pub truth: SeverityId,
    /// True severity when the first response was given, and when it was mitigated (now, before that).
    pub(super) response_truth: SeverityId,
    /// See [`Ticket::response_truth`].
    pub(super) mitigate_truth: SeverityId,
    /// When the reported or the true severity changed last.
    pub(super) severity_since: Instant,
    /// Open time before that in which they differed, ms.
    pub(super) misreported_ms: i64,
    /// Links of the queue.
    pub(super) next: u32,
    pub(super) previous: u32,
    /// It has entered its queue at the head: it was handed back.
    pub(super) at_head: bool,
    /// Validity of its entry in a keyed queue.
    pub(super) queue_stamp: u32,
    /// Its order among those of its rank in a queue with a key a ticket.
    pub(super) queue_order: i64,
    /// When its place in a queue changed last, by another rank or because it had waited for one person.
    pub(super) placed_anew: Instant,
    /// When somebody looks for the rule that is due next; `LAST`: nobody does.
    pub(super) timer_at: Instant,
    /// Pending breach events.
    pub(super) breach: [Stamp; 3],
}

/// A row before anything is known of its ticket.
pub(super) const BLANK: Ticket = Ticket {
    created: Instant::START,
    entity: 0,
    number: 0,
    scripted: None,
    true_severity: SeverityId::new(0),
    first_severity: SeverityId::new(0),
    severity: SeverityId::new(0),
    response_severity: SeverityId::new(0),
    mitigate_severity: SeverityId::new(0),
    service: ServiceId::new(0),
    customer: CustomerTierId::new(0),
    path: 1,
    first_tier: TierId::new(0),
    first_work: 0,
    task: Task::Ticket,
    personal: false,
    phase: Phase::Queued,
    tier: TierId::new(0),
    team: TeamId::new(0),
    response_team: TeamId::new(0),
    mitigate_team: TeamId::new(0),
    owner: None,
    engaged: None,
    first_response: None,
    answered_last: false,
    mitigated: None,
    worked_around: false,
    resolved: None,
    last_message: Instant::START,
    tier_since: Instant::START,
    team_since: Instant::START,
    queue_since: Instant::START,
    owner_since: Instant::START,
    stint_since: Instant::START,
    work_since: Instant::START,
    clock_from: [Instant::START; 3],
    breached: [false; 3],
    breached_at: [Instant::START; 3],
    breached_under: [SeverityId::new(0); 3],
    breached_truly: false,
    recorded: [false; 3],
    triaged: true,
    attempt: 0,
    work_left: 0,
    overhead: 0,
    work_after: 0,
    pace: 1.0,
    work: Stamp::NONE,
    boost: 0,
    cold: None,
    asks: false,
    begun: false,
    interrupted: false,
    released: None,
    escalated_here: false,
    cycle: 0,
    episodes: 0,
    entries: [0; TIERS_MAX],
    touch_ms: 0,
    pending_ms: 0,
    open_since: Instant::START,
    escalations: 0,
    escalated_from_unable: false,
    escalated_in_time: false,
    reassignments: 0,
    owner_changes: 0,
    owner_changes_in_team: 0,
    last_owner: None,
    moved: false,
    handoffs: 0,
    preemptions: 0,
    hierarchical: 0,
    recurs: false,
    cold_handoffs: 0,
    bounces: 0,
    overflows: 0,
    turned_away: false,
    marks: 0,
    assigned: false,
    correction: Stamp::NONE,
    updates_due: 0,
    updates_missed: 0,
    corrected: false,
    fired: 0,
    measured: false,
    family: Family::Alone,
    left: None,
    linked: false,
    voided: None,
    truth: SeverityId::new(0),
    response_truth: SeverityId::new(0),
    mitigate_truth: SeverityId::new(0),
    severity_since: Instant::START,
    misreported_ms: 0,
    next: NOWHERE,
    previous: NOWHERE,
    at_head: false,
    queue_stamp: 0,
    queue_order: 0,
    placed_anew: Instant::LAST,
    timer_at: Instant::LAST,
    breach: [Stamp::NONE; 3],
};

impl Ticket {
    /// Mark: a resolution before the last one was late, and a due item of its own.
    pub(super) const LATE_CYCLE: u8 = 1 << 6;
    /// Mark: it came back soon after a resolution.
    pub(super) const BACK_SOON: u8 = 1 << 7;

    /// How severe the work on it is to what may interrupt it: what can wait is less than any ticket. `None`: somebody waits for it
    /// to be done.
    pub(super) fn withstands(&self) -> Option<SeverityId> {
        match self.task {
            Task::Ticket | Task::Responder => Some(self.severity),
            task if task.can_wait() => Some(SeverityId::BELOW_ALL),
            _ => None,
        }
    }

    /// Whether a resolution before the last one was late, and a due item of its own.
    #[inline]
    pub fn had_late_cycle(&self) -> bool {
        self.marks & Ticket::LATE_CYCLE != 0
    }

    /// Whether it came back so soon after a resolution that it was not resolved at first contact.
    #[inline]
    pub fn came_back_soon(&self) -> bool {
        self.marks & Ticket::BACK_SOON != 0
    }

    /// What rules ask for first.
    #[inline]
    pub(super) fn profile(&self) -> Profile {
        Profile {
            service: self.service,
            customer: self.customer,
            severity: self.severity,
            team: self.team,
        }
    }

    /// Lowest tier that can solve it.
    #[inline]
    pub fn able_from(&self) -> TierId {
        TierId::new(7 - (self.path | 1).leading_zeros() as usize)
    }

    /// Whether the tier that holds it can solve it.
    #[inline]
    pub fn solvable_here(&self) -> bool {
        self.tier >= self.able_from()
    }

    /// Tier that it needs after this one. Only asked where this one cannot solve it.
    #[inline]
    pub(super) fn next_tier(&self) -> TierId {
        let above = self.path & (0xFEu8.wrapping_shl(self.tier.index() as u32));
        debug_assert!(above != 0, "a tier that cannot solve it is below one that can");
        TierId::new(above.trailing_zeros() as usize)
    }

    /// An attempt of so much work begins.
    #[inline]
    pub(super) fn begin_with(&mut self, work: i64) {
        self.begun = true;
        self.released = None;
        self.asks = false;
        self.work_after = 0;
        self.attempt = work;
        self.work_left = work;
        self.overhead = 0;
    }

    /// Work of the attempt that is behind it, ms: less than nothing as long as the correction of its severity is to be done first.
    #[inline]
    pub(super) fn progress(&self) -> i64 {
        self.attempt - self.work_left - self.work_after
    }

    /// Books the work since the stint began.
    #[inline]
    pub(super) fn end_stint(&mut self, now: Instant) {
        let spent = (now - self.stint_since).ms();
        let worked = self.worked_in(spent);
        let overhead = worked.min(self.overhead);
        self.touch_ms += spent;
        self.overhead -= overhead;
        self.work_left -= worked - overhead;
    }

    /// Standard work done in a time at the present pace, ms.
    #[inline]
    fn worked_in(&self, spent: i64) -> i64 {
        if self.pace == 1.0 {
            spent
        } else {
            (spent as f64 * self.pace).round() as i64
        }
    }

    /// Time that the work left takes at the present pace, ms.
    #[inline]
    pub(super) fn time_left(&self) -> i64 {
        self.time_for(self.overhead + self.work_left).ms()
    }

    /// Time that so much work takes at the present pace.
    #[inline]
    pub(super) fn time_for(&self, work: i64) -> Length {
        Length::from_ms(if self.pace == 1.0 {
            work
        } else {
            (work as f64 / self.pace).round() as i64
        })
    }

    /// The ticket as it would be had its severity always been known: each clock by what was true when it stopped.
    pub(super) fn as_it_truly_is(&self) -> Ticket {
        Ticket {
            severity: self.truth,
            response_severity: self.response_truth,
            mitigate_severity: self.mitigate_truth,
            breached: [false, self.breached_truly, false],
            ..*self
        }
    }

    /// The severity whose target a clock has: what is decided already keeps the one that it was decided under.
    #[inline]
    pub fn severity_of(&self, kind: TargetKind) -> SeverityId {
        match kind {
            TargetKind::FirstResponse => self.response_severity,
            TargetKind::Mitigate => self.mitigate_severity,
            TargetKind::Update
            | TargetKind::Resolve
            | TargetKind::Acknowledge
            | TargetKind::NextResponse
            | TargetKind::Own => self.severity,
        }
    }

    /// The severity under whose target a clock breached, if that is no longer in force.
    #[inline]
    pub fn breach_kept(&self, kind: TargetKind) -> Option<SeverityId> {
        let index = CLOCKS.into_iter().position(|known| known == kind)?;
        self.breached[index].then_some(self.breached_under[index])
    }

    /// A clock has breached under the target of the present severity, and that stays so.
    pub(super) fn keeps_breach(&mut self, index: usize, at: Instant) {
        if !std::mem::replace(&mut self.breached[index], true) {
            self.breached_at[index] = at;
            self.breached_under[index] = self.severity_of(CLOCKS[index]);
        }
    }

    /// A team holds it from now on; what has not been decided yet is to be decided there.
    #[inline]
    pub(super) fn is_held_by(&mut self, team: TeamId) {
        self.team = team;
        self.moved = true;
        if self.first_response.is_none() {
            self.response_team = team;
        }
        if self.mitigated.is_none() {
            self.mitigate_team = team;
        }
    }

    /// Whether each clock goes by what was true when it stopped.
    #[inline]
    pub(super) fn is_as_it_truly_is(&self) -> bool {
        self.severity == self.truth
            && self.response_severity == self.response_truth
            && self.mitigate_severity == self.mitigate_truth
    }

    /// Whether it is a task of the organisation's own.
    #[inline]
    pub fn is_task(&self) -> bool {
        self.task != Task::Ticket
    }

    /// Whether anything happened to it beyond being worked on and resolved once: escalations, handoffs, waits, ….
    #[inline]
    pub fn had_changes(&self) -> bool {
        let counted = self.reassignments | self.owner_changes | self.handoffs | self.preemptions | self.overflows;
        let unusual = self.pending_ms | i64::from(self.updates_due);
        i64::from(counted) | unusual != 0 || self.cycle != 1 || self.resolved.is_none()
    }

    /// Changes of team or owner after the first; the first owner in another team comes with the change of team.
    #[inline]
    pub fn changes_of_hands(&self) -> u32 {
        u32::from(self.reassignments) + u32::from(self.owner_changes_in_team)
    }

    /// A person becomes its owner.
    #[inline]
    pub(super) fn is_owned_by(&mut self, agent: AgentId, now: Instant) {
        if self.owner != Some(agent) {
            let changed = self.last_owner.is_some_and(|last| last != agent);
            self.owner_changes += u16::from(changed);
            self.owner_changes_in_team += u16::from(changed && !self.moved);
            self.moved = false;
            self.owner = Some(agent);
            self.last_owner = Some(agent);
            self.owner_since = now;
        }
        // In the queue it was nobody's: it is theirs anew.
        if self.phase == Phase::Queued {
            self.owner_since = now;
        }
    }

    /// Whether somebody owns it: in its team's queue it is nobody's, whoever had it before.
    #[inline]
    pub(super) fn is_owned(&self) -> bool {
        self.held_by().is_some()
    }

    /// Whether it comes to where it waits at this instant: only then does it interrupt anybody.
    #[inline]
    pub(super) fn comes(&self, now: Instant) -> bool {
        self.queue_since == now || self.placed_anew == now
    }

    /// Since when it ages in the queue of its team: what somebody has begun and put down again does not lose its age.
    #[inline]
    pub(super) fn ages_since(&self) -> Instant {
        match self.begun {
            true => self.team_since,
            false => self.queue_since,
        }
    }

    /// Whether nobody has had it since it was let go of in the middle of things.
    #[inline]
    pub(super) fn is_let_go(&self) -> bool {
        self.released
            .is_some_and(|at| self.held_by().is_none() || self.owner_since < at)
    }

    /// Whose it is: in the queue nobody's, whoever had it before.
    #[inline]
    pub(super) fn held_by(&self) -> Option<AgentId> {
        self.owner.filter(|_| self.phase != Phase::Queued)
    }

    /// Whether the first words have been said: somebody may have begun it and still be writing them.
    #[inline]
    pub(super) fn is_answered(&self, now: Instant) -> bool {
        self.first_response.is_some_and(|at| at <= now)
    }

    /// Since when it is open: creation, or the last time that it came back.
    #[inline]
    pub fn opened(&self) -> Instant {
        self.open_since
    }

    /// Open time up to `now` (its resolution, if that is earlier) in which the reported severity was not the true one, ms.
    #[inline]
    pub fn misreported_ms(&self, now: Instant) -> i64 {
        if self.severity == self.truth {
            return self.misreported_ms;
        }
        let until = self.resolved.map_or(now, |resolved| resolved.min(now));
        let since = self.open_since.max(self.severity_since);
        self.misreported_ms + (until - since).ms().max(0)
    }

    /// Whether somebody still waits for its resolution.
    #[inline]
    pub fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Resolved | Phase::Closed)
    }

    /// Whether it waits in its team's queue, or for the person to whom it was assigned as it came.
    #[inline]
    pub fn is_queued(&self) -> bool {
        self.phase == Phase::Queued || self.assigned
    }

    /// Its service and its number within it: the same for all candidates. Tickets written out come after the services, then
    /// those of each kind of incident.
    #[inline]
    pub fn population_index(&self, services: usize) -> (usize, usize) {
        let number = (self.entity & ((1 << NUMBER_BITS) - 1)) as usize;
        let service = (self.entity >> NUMBER_BITS) as usize;
        match service < services {
            true => (service, number),
            false => (services + SCRIPTED as usize - service, number),
        }
    }

    /// Reopenings so far.
    pub fn reopenings(&self) -> u16 {
        match self.phase {
            Phase::Resolved | Phase::Closed => self.cycle.saturating_sub(1),
            _ => self.cycle,
        }
    }
}

/// The table.
#[derive(Debug, Default)]
pub struct Tickets {
    rows: Vec<Ticket>,
    free: Vec<u32>,
    queue_stamps: u32,
}

impl Tickets {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.free.clear();
        self.queue_stamps = 0;
    }

    /// A stamp for entering a keyed queue: never the same in two queues, or what a ticket left behind in one would be
    /// taken for its place in another.
    pub(super) fn next_queue_stamp(&mut self) -> u32 {
        self.queue_stamps += 1;
        self.queue_stamps
    }

    /// Takes a row for a new ticket. The caller fills it in place: a row is too large to be passed around.
    #[inline]
    pub(super) fn open(&mut self) -> Slot {
        match self.free.pop() {
            Some(slot) => slot as usize,
            None => {
                self.rows.push(BLANK);
                self.rows.len() - 1
            }
        }
    }

    /// Gives a row back.
    #[inline]
    pub(super) fn close(&mut self, slot: Slot) {
        debug_assert!(self.rows[slot].phase != Phase::Closed, "a row is given back once");
        self.rows[slot].phase = Phase::Closed;
        self.free.push(slot as u32);
    }

    /// Rows in use, with their tickets, in the order of the rows.
    pub fn each_open(&self) -> impl Iterator<Item = (Slot, &Ticket)> {
        self.rows
            .iter()
            .enumerate()
            .filter(|(_, ticket)| ticket.phase != Phase::Closed)
    }
}

impl std::ops::Index<Slot> for Tickets {
    type Output = Ticket;

    #[inline]
    fn index(&self, slot: Slot) -> &Ticket {
        &self.rows[slot]
    }
}

impl std::ops::IndexMut<Slot> for Tickets {
    #[inline]
    fn index_mut(&mut self, slot: Slot) -> &mut Ticket {
        &mut self.rows[slot]
    }
}
