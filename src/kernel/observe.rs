//! What can be seen of a run: the kernel calls, observers watch and never change the world.
//!
//! Every method has an empty default, `()` observes nothing (the calls then compile to nothing), `(A, B)` observes twice.

use super::clock::ClocksOfAll;
use super::desk::Desk;
use super::tickets::{Slot, Ticket, Tickets};
use crate::model::{
    AgentId, Engagement, GateId, KindId, PolicyId, RoleId, RuleId, ScheduleId, SeverityId, TargetKind, TeamId,
};
use crate::time::{Instant, Length, Worked};

/// Why work on a ticket stops before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// A more severe ticket took its owner.
    Preempted,
    /// The shift ended and the next one goes on.
    HandedOff,
    /// The shift ended and its owner keeps it.
    Held,
    /// Its owner takes a break that could not be put off.
    Break,
    /// The customer was asked.
    Asked,
    /// A vendor was asked.
    OnHold,
    /// A rule took it away.
    Taken,
    /// A gate holds it up.
    Gated,
    /// Its owner writes an update first.
    Writes,
    /// Its fix is finished, and waits for a gate or for its release.
    Solved,
}

/// What was decided at a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Approved.
    Approved,
    /// Nobody decided in time, which counts as approved.
    AutoApproved,
    /// Declined.
    Declined,
}

/// What somebody is paged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summons {
    /// To take the ticket over.
    Own,
    /// To know of it.
    Know,
    /// To work on it together with its owner.
    Help,
    /// To do what is asked of a role.
    Act(RoleId),
}

/// What is rare enough to be one event of many kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// An escalation policy starts on its way.
    LadderStarted {
        /// Which.
        policy: PolicyId,
    },
    /// Nobody has acknowledged at any level.
    LadderExhausted {
        /// Which.
        policy: PolicyId,
        /// Since it started.
        after: Length,
    },
    /// Somebody is paged.
    Paged {
        /// Who.
        agent: AgentId,
        /// Of which schedule.
        schedule: Option<ScheduleId>,
        /// What for.
        why: Summons,
        /// The ticket's first page of any kind.
        first: bool,
        /// The ticket is closed: it is paged for what was asked before.
        closed: bool,
        /// The ticket's first page that asks somebody to take it over.
        calls: bool,
        /// It wakes them; how often they were woken before in this night.
        woken: Option<u16>,
        /// They are not on duty.
        off_duty: bool,
        /// What they are doing, which is what their answer hangs on.
        doing: Engagement,
        /// The ticket is reported more severe than it is, and its true severity would not have called for the page.
        needless: bool,
        /// The policy and its level, from 0; `None`: a last resort, a notification or a second thought.
        level: Option<(PolicyId, u8)>,
    },
    /// It joins a group of tickets that share a page.
    Grouped {
        /// Number of the group's first ticket.
        to: u32,
    },
    /// A page for another ticket of its group is its own, too.
    CalledToo {
        /// The first page with a part in it that asks somebody to take it over.
        calls: bool,
    },
    /// It left its group before the group was paged for.
    NeverPaged,
    /// Whoever acknowledged it puts it off: nobody begins it.
    Snoozed {
        /// Who.
        agent: AgentId,
    },
    /// The secondary owner of its service takes it from the primary's line.
    TakenOver {
        /// Who.
        agent: AgentId,
    },
    /// Somebody acknowledges.
    Acknowledged {
        /// Who.
        agent: AgentId,
        /// What they were paged for.
        why: Summons,
        /// Time since the ticket's first page that asks somebody to take it over; of others, since they were first paged for.
        after: Length,
        /// The first acknowledgement by somebody who takes the ticket over.
        first: bool,
        /// The level whose page it was, from 0; `None`: a last resort or a notification.
        level: Option<u8>,
        /// Whether the level's timeout had not passed; `None`: a page of no level.
        in_time: Option<bool>,
    },
    /// A clock of an acknowledgement, of a later response or of a visit to a team is decided: it stopped, or was called off.
    ClockDecided {
        /// Which.
        kind: TargetKind,
        /// Under the target of the reported severity; `None`: it has none.
        verdict: Option<Verdict>,
        /// Under that of the true severity.
        truly: Option<Verdict>,
        /// The severity whose target it is, or which had the target that it breached.
        under: SeverityId,
        /// The run is over: what is undecided is cut off, else it is void.
        ends: bool,
    },
    /// The ticket comes back, and the cycle that ended with its resolution is a due item of its own.
    CycleDecided {
        /// Under the resolve target of the reported severity.
        verdict: Verdict,
        /// Under that of the true severity.
        truly: Option<Verdict>,
    },
    /// A level has not been acknowledged in time.
    PageTimeout {
        /// The level, from 0.
        level: u8,
        /// Its pages that were out.
        unanswered: u16,
    },
    /// A level, from 0, finds nobody to page; `None`: a last resort or a notification.
    Uncovered {
        /// The level.
        level: Option<u8>,
    },
    /// A rule's action found nothing to do.
    NoOperation {
        /// The rule.
        rule: RuleId,
    },
    /// An incident was declared, so long after its fault began.
    Declared {
        /// How long after.
        after: Length,
    },
    /// It was linked to the parent of its fault.
    Linked {
        /// Number of the parent.
        to: u32,
    },
    /// Work was done on it for nothing: its fault was still there.
    InVain {
        /// How much, ms.
        ms: i64,
    },
    /// Its fault is gone, so long after it began.
    Restored {
        /// How long after.
        after: Length,
    },
    /// The status page of its incident spared a ticket.
    Spared,
    /// An alert of its incident joined it and is no ticket.
    Joined,
    /// Its customer asked again.
    Chased {
        /// So many times by now.
        count: u16,
    },
    /// The vendor that it waited for has answered.
    VendorAnswered,
    /// Its customer was reminded of a question.
    Reminded,
    /// Its true severity worsened.
    Worsened {
        /// To this one.
        severity: SeverityId,
    },
    /// Rules set off rules on one ticket at one instant without end, and were cut.
    RuleStorm {
        /// The rule that would have been next.
        rule: RuleId,
    },
    /// A decision is asked for at a gate.
    GateRequested {
        /// The gate.
        gate: GateId,
    },
    /// A request has waited as long as it may.
    GateTimeout {
        /// The gate.
        gate: GateId,
        /// Since the request.
        waited: Length,
        /// It waited for the deputy: the approvers' time was up before.
        deputy: bool,
    },
    /// A request is decided.
    GateDecided {
        /// The gate.
        gate: GateId,
        /// How.
        decision: Decision,
        /// Since the request.
        waited: Length,
    },
    /// A workaround is in place.
    Mitigated,
    /// Somebody has taken command.
    CommanderNamed {
        /// Who.
        agent: AgentId,
    },
    /// A hierarchical escalation.
    EscalatedTo {
        /// The role that is told.
        role: RoleId,
    },
    /// An update was sent; told of the task, whose owner wrote it.
    UpdateSent,
    /// A brief was sent, likewise.
    BriefSent,
    /// Somebody wrote an update or a brief until now, sent or not; told of the task, likewise.
    Wrote {
        /// Since when.
        since: Instant,
    },
    /// Updates fell due since the last message, or were spared, and some were missed.
    UpdatesDue {
        /// How many.
        due: u32,
        /// How many of them were missed.
        missed: u32,
    },
    /// A silence ended, or the run did.
    SilenceEnded {
        /// Updates that fell due in it, or were spared.
        due: u32,
        /// How many of them were missed.
        missed: u32,
        /// Updates that fell due in it by the target of the true severity.
        truly_due: u32,
        /// How many of them were missed.
        truly_missed: u32,
        /// By how much what ended it was later than the first of them, by that of the reported severity: `None` if it was not, or
        /// nothing but the run has ended it.
        late: Option<Worked>,
    },
    /// A review was done in time.
    ReviewDone {
        /// Who did its last part.
        agent: AgentId,
        /// When it was due, if it ever was.
        due: Option<Instant>,
    },
    /// A review was not done in time: it is due now.
    ReviewDropped,
    /// A review has found the problem behind a kind of ticket.
    CauseFound {
        /// The kind.
        kind: KindId,
    },
    /// A review of it is planned, and put before its people.
    ReviewPlanned,
    /// A fix is live: of a problem, or of what was left of a ticket.
    FixLive {
        /// The kind whose problem it fixes.
        kind: Option<KindId>,
    },
    /// An article was written.
    ArticleWritten {
        /// About which kind.
        kind: KindId,
    },
    /// An article was reviewed.
    ArticleRenewed {
        /// About which kind.
        kind: KindId,
    },
    /// A ticket never came: its customer found the article. It has no row, only what it would have been.
    Deflected {
        /// Its kind.
        kind: KindId,
    },
    /// A ticket never came: the problem behind it is fixed. Likewise.
    Prevented {
        /// Its kind.
        kind: KindId,
    },
    /// A team that helps took the ticket, or got it.
    Overflowed {
        /// The team that it came from.
        from: TeamId,
    },
    /// It found no waiting place, and is closed.
    TurnedAway,
    /// Its team does not accept it.
    Rejected {
        /// The team.
        by: TeamId,
    },
    /// Somebody joins its owner.
    ResponderJoined {
        /// Who.
        agent: AgentId,
    },
    /// It interrupts another one, which its true severity would not have let it.
    PreemptsNeedlessly,
    /// One of its clocks was decided that breached or nearly did, or that somebody was warned of. Told as it is closed, or at
    /// the end of the run.
    ClockEnded {
        /// Of which kind.
        kind: TargetKind,
        /// It breached, or nine tenths of its target were used up when it stopped.
        close: bool,
        /// Somebody able was told of the ticket early enough before the deadline.
        foreseen: bool,
        /// Warnings that it set off in the window.
        warnings: u16,
    },
    /// A team gets a part of it.
    Involved {
        /// The team.
        team: TeamId,
    },
}

impl Happening {
    /// Whether it is about pages and ladders.
    #[inline]
    pub fn is_of_paging(&self) -> bool {
        matches!(
            self,
            Happening::LadderStarted { .. }
                | Happening::LadderExhausted { .. }
                | Happening::Paged { .. }
                | Happening::Grouped { .. }
                | Happening::CalledToo { .. }
                | Happening::NeverPaged
                | Happening::Snoozed { .. }
                | Happening::TakenOver { .. }
                | Happening::Acknowledged { .. }
                | Happening::PageTimeout { .. }
                | Happening::Uncovered { .. }
        )
    }
}

/// What became of one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it breached; `None` if that was not decided by the end of the run, or never will be ([`Outcome::voided`]).
    pub breached: Option<bool>,
    /// Whether the clock has stopped.
    pub stopped: bool,
    /// By how much the stop was late, or is by now, in calendar time; zero if it is not, or the calendar was closed since.
    pub late: Worked,
    /// The deadline under the last target in force; `None` beyond the calendar's end.
    pub due: Option<Instant>,
    /// The deadline that was missed, if one was: under a target of before, if the breach was kept.
    pub missed: Option<Instant>,
}

/// What became of a ticket's clocks when it was closed, or at the end of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Of the reported severity's first-response target.
    pub first_response: Option<Verdict>,
    /// Of the reported severity's resolve target.
    pub resolve: Option<Verdict>,
    /// Of the mitigate target of the severity reported when it was mitigated.
    pub mitigate: Option<Verdict>,
    /// Of the true severity's targets, where they are not those above.
    pub of_true_severity: Option<TrueOutcome>,
    /// Clocks that are undecided ended void: the ticket was left.
    pub voided: bool,
    /// Calendar time that the resolve clock had counted by its stop, where that is not simply the time since it started.
    pub resolve_used: Option<Worked>,
}

/// What became of the clocks of the true severity's targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrueOutcome {
    /// Of its first-response target.
    pub first_response: Option<Verdict>,
    /// Of its resolve target.
    pub resolve: Option<Verdict>,
    /// Of its mitigate target.
    pub mitigate: Option<Verdict>,
}

impl Outcome {
    /// The outcome against the true severity's targets.
    pub fn truly(&self) -> TrueOutcome {
        self.of_true_severity.unwrap_or(TrueOutcome {
            first_response: self.first_response,
            resolve: self.resolve,
            mitigate: self.mitigate,
        })
    }
}

/// The world at a mark: an hour's end, or an end of the measured window.
#[derive(Debug)]
pub struct Scene<'a> {
    /// Teams, queues and duty.
    pub desks: &'a [Desk],
    /// Tickets.
    pub tickets: &'a Tickets,
    /// Open tickets (those that are resolved and will come back left out).
    pub open: usize,
    /// What clocks go by.
    pub(super) clocks: ClocksOfAll<'a>,
}

/// Clocks of a ticket that run, and how many of them have used up a share of their targets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Running {
    /// All of them: of the first response, the mitigation and the resolution.
    pub clocks: u8,
    /// Those that have used up so much.
    pub beyond: u8,
}

/// A share of a target, as clocks at an instant are held against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How much calendar time it is, ms; the largest number: there is no target.
    pub amount: i64,
    /// The latest start, ms, of a clock that may have counted so much, and has if it never paused.
    pub latest: i64,
    /// The clock goes by its owner's zone: its start alone does not say what it has counted.
    pub by_owner: bool,
}

impl Limit {
    /// No target.
    pub const NONE: Limit = Limit {
        amount: i64::MAX,
        latest: i64::MIN,
        by_owner: false,
    };
}

impl Scene<'_> {
    /// The running clocks of an open ticket, held against limits of the first response, the resolution and the mitigation.
    #[inline]
    pub fn running(&self, slot: Slot, ticket: &Ticket, limits: &[Limit; 3]) -> Running {
        let mut running = Running::default();
        if ticket.voided.is_some() {
            return running;
        }
        let stopped = [ticket.is_answered(self.clocks.now), false, ticket.mitigated.is_some()];
        for (index, limit) in limits.iter().enumerate() {
            if limit.amount == i64::MAX || stopped[index] {
                continue;
            }
            running.clocks += 1;
            let may_count = ticket.clock_from[index].ms() <= limit.latest;
            let counts = ticket.breached[index] || (may_count && self.clocks.counts(ticket, slot, index, limit));
            running.beyond += u8::from(counts);
        }
        running
    }
}

/// An observer.
#[allow(unused_variables)]
pub trait Observe {
    /// Whether breaches should be called at their instant. They cost an event each; outcomes are known without.
    const SEES_BREACHES: bool = false;
    /// Whether it should be told what became of a ticket's clocks as that is closed.
    const SEES_OUTCOMES: bool = true;
    /// Whether the model has none of the rarer features. The kernel says so, of the observer that it wraps.
    #[doc(hidden)]
    const PLAIN: bool = false;

    /// A ticket was created.
    #[inline]
    fn created(&mut self, now: Instant, ticket: &Ticket) {}
    /// A ticket entered its team's queue. `again` if it comes back there with work begun.
    #[inline]
    fn queued(&mut self, now: Instant, ticket: &Ticket, again: bool) {}
    /// A ticket left its team's queue: `taken` into work, or transferred.
    #[inline]
    fn left_queue(&mut self, now: Instant, ticket: &Ticket, taken: bool) {}
    /// A ticket enters its team's queue and leaves it for work in the same instant: somebody was free.
    #[inline]
    fn served_at_once(&mut self, now: Instant, ticket: &Ticket, again: bool) {
        self.queued(now, ticket, again);
        self.left_queue(now, ticket, true);
    }
    /// Work on a ticket starts. `first` if it is the first stint of an attempt at this tier.
    #[inline]
    fn started(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, first: bool) {}
    /// The first human response.
    #[inline]
    fn responded(&mut self, now: Instant, ticket: &Ticket) {}
    /// Work stops before it is done.
    #[inline]
    fn interrupted(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, why: Interruption) {}
    /// The customer answered.
    #[inline]
    fn answered(&mut self, now: Instant, ticket: &Ticket) {}
    /// The ticket changes team; `by` a rule, or because its tier was not able. Still with its old team.
    #[inline]
    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {}
    /// A ticket goes from its team to another, by whatever way.
    #[inline]
    fn leaves_team(&mut self, now: Instant, ticket: &Ticket) {}
    /// The reported severity has changed.
    #[inline]
    fn severity_changed(&mut self, now: Instant, ticket: &Ticket) {}
    /// A rule fired.
    #[inline]
    fn fired(&mut self, now: Instant, ticket: &Ticket, rule: RuleId) {}
    /// Something rare happened to a ticket, or to a task about one.
    #[inline]
    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {}
    /// A shift begins before somebody has had the rest that a night on call calls for. `missing`: how much of the shift they
    /// would have to stay away for; `put_off`: they do.
    #[inline]
    fn lacks_rest(&mut self, now: Instant, agent: AgentId, missing: Length, put_off: bool) {}
    /// A clock breached (only with [`Observe::SEES_BREACHES`]).
    #[inline]
    fn breached(&mut self, now: Instant, ticket: &Ticket, kind: TargetKind) {}
    /// A ticket was resolved.
    #[inline]
    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {}
    /// A resolved ticket came back.
    #[inline]
    fn reopened(&mut self, now: Instant, ticket: &Ticket) {}
    /// A ticket ends without a resolution: `ticket.left` says why. It is closed next.
    #[inline]
    fn left(&mut self, now: Instant, ticket: &Ticket) {}
    /// A ticket is closed for good.
    #[inline]
    fn closed(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {}
    /// A ticket is not closed at the end of the run (it may be resolved and would have come back).
    #[inline]
    fn cut_off(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {}
    /// A person's shift starts or ends.
    #[inline]
    fn on_duty(&mut self, now: Instant, agent: AgentId, starts: bool) {}
    /// A mark: everything up to and at this instant has happened.
    #[inline]
    fn mark(&mut self, now: Instant, scene: &Scene) {}
}

impl Observe for () {
    const SEES_OUTCOMES: bool = false;
}

/// Passes every call on to the observers at these places of a tuple.
macro_rules! pass_on {
    (@ $places:tt $($name:ident($($arg:ident: $type:ty),*);)*) => {$(
        pass_on!(# $places $name [$($arg: $type),*] ($($arg),*));
    )*};
    (# [$($place:tt)+] $name:ident [$($params:tt)*] $arguments:tt) => {
        #[inline]
        fn $name(&mut self, $($params)*) {
            $(self.$place.$name $arguments;)+
        }
    };
    ($($place:tt)+) => {
        pass_on!(@ [$($place)+]
            created(now: Instant, ticket: &Ticket);
            queued(now: Instant, ticket: &Ticket, again: bool);
            left_queue(now: Instant, ticket: &Ticket, taken: bool);
            served_at_once(now: Instant, ticket: &Ticket, again: bool);
            started(now: Instant, ticket: &Ticket, agent: AgentId, first: bool);
            responded(now: Instant, ticket: &Ticket);
            interrupted(now: Instant, ticket: &Ticket, agent: AgentId, why: Interruption);
            answered(now: Instant, ticket: &Ticket);
            moves(now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>);
            leaves_team(now: Instant, ticket: &Ticket);
            severity_changed(now: Instant, ticket: &Ticket);
            fired(now: Instant, ticket: &Ticket, rule: RuleId);
            happened(now: Instant, ticket: &Ticket, what: &Happening);
            lacks_rest(now: Instant, agent: AgentId, missing: Length, put_off: bool);
            breached(now: Instant, ticket: &Ticket, kind: TargetKind);
            resolved(now: Instant, ticket: &Ticket, agent: AgentId);
            reopened(now: Instant, ticket: &Ticket);
            left(now: Instant, ticket: &Ticket);
            closed(now: Instant, ticket: &Ticket, outcome: &Outcome);
            cut_off(now: Instant, ticket: &Ticket, outcome: &Outcome);
            on_duty(now: Instant, agent: AgentId, starts: bool);
            mark(now: Instant, scene: &Scene);
        );
    };
}

impl<A: Observe, B: Observe> Observe for (A, B) {
    const SEES_BREACHES: bool = A::SEES_BREACHES || B::SEES_BREACHES;
    const SEES_OUTCOMES: bool = A::SEES_OUTCOMES || B::SEES_OUTCOMES;

    pass_on!(0 1);
}

/// An observer of a model without the rarer features: the kernel is compiled once more for it, without them.
pub(super) struct Plainly<'a, O>(pub &'a mut O);

impl<O: Observe> Observe for Plainly<'_, O> {
    const SEES_BREACHES: bool = O::SEES_BREACHES;
    const SEES_OUTCOMES: bool = O::SEES_OUTCOMES;
    const PLAIN: bool = true;

    pass_on!(0);
}
