//! An observer that writes down what it is told, with nothing left out and nothing concluded.

use escalade::kernel::{Interruption, Observe, Outcome, Phase, Scene, Ticket};
use escalade::model::{AgentId, RuleId, TargetKind, TeamId};
use escalade::time::Instant;

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub at: Instant,
    /// Number of the ticket; 0 if it is about people or the whole.
    pub ticket: u32,
    /// Its team at that time.
    pub team: usize,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Created,
    Queued,
    LeftQueue,
    Started(AgentId),
    Responded(Option<Instant>),
    Interrupted(AgentId, Interruption),
    Answered,
    /// To a team, by an agent who could not solve it or by a rule.
    Moves(TeamId, Option<AgentId>, Option<RuleId>),
    /// The severity since now.
    Severity(usize),
    Fired(RuleId),
    Breached(TargetKind),
    Resolved(AgentId),
    Reopened,
    OnDuty(AgentId, bool),
    Mark(Mark),
}

/// The world at a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub open: usize,
    pub desks: Vec<DeskAt>,
    /// (ticket, its team, owner if it waits in somebody's line).
    pub in_line: Vec<(u32, usize, AgentId)>,
    /// Tickets by phase: queued, in line, in work, pending, resolved.
    pub phases: [usize; 5],
}

#[derive(Debug, Clone, PartialEq)]
pub struct DeskAt {
    pub waiting: usize,
    pub held: usize,
    pub idle: usize,
    pub at_work: usize,
}

/// What became of a ticket.
#[derive(Debug, Clone)]
pub struct End {
    pub at: Instant,
    pub closed: bool,
    pub ticket: Ticket,
    pub outcome: Outcome,
}

#[derive(Debug, Default)]
pub struct Log<const BREACHES: bool> {
    pub entries: Vec<Entry>,
    /// In the order of their ends.
    pub ends: Vec<End>,
    /// As created, in the order of creation.
    pub created: Vec<Ticket>,
}

impl<const BREACHES: bool> Log<BREACHES> {
    fn note(&mut self, at: Instant, ticket: &Ticket, what: What) {
        self.entries.push(Entry {
            at,
            ticket: ticket.number,
            team: ticket.team.index(),
            what,
        });
    }

    fn note_all(&mut self, at: Instant, what: What) {
        self.entries.push(Entry {
            at,
            ticket: 0,
            team: usize::MAX,
            what,
        });
    }

    /// Everything about one ticket.
    pub fn of(&self, ticket: u32) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.ticket == ticket)
    }
}

impl<const BREACHES: bool> Observe for Log<BREACHES> {
    const SEES_BREACHES: bool = BREACHES;

    fn created(&mut self, now: Instant, ticket: &Ticket) {
        self.created.push(*ticket);
        self.note(now, ticket, What::Created);
    }
    fn queued(&mut self, now: Instant, ticket: &Ticket, _again: bool) {
        self.note(now, ticket, What::Queued);
    }
    fn left_queue(&mut self, now: Instant, ticket: &Ticket, _taken: bool) {
        self.note(now, ticket, What::LeftQueue);
    }
    fn started(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, _first: bool) {
        self.note(now, ticket, What::Started(agent));
    }
    fn responded(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, What::Responded(ticket.first_response));
    }
    fn interrupted(&mut self, now: Instant, ticket: &Ticket, agent: AgentId, why: Interruption) {
        self.note(now, ticket, What::Interrupted(agent, why));
    }
    fn answered(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, What::Answered);
    }
    fn moves(&mut self, now: Instant, ticket: &Ticket, to: TeamId, agent: Option<AgentId>, by: Option<RuleId>) {
        self.note(now, ticket, What::Moves(to, agent, by));
    }
    fn severity_changed(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, What::Severity(ticket.severity.index()));
    }
    fn fired(&mut self, now: Instant, ticket: &Ticket, rule: RuleId) {
        self.note(now, ticket, What::Fired(rule));
    }
    fn breached(&mut self, now: Instant, ticket: &Ticket, kind: TargetKind) {
        self.note(now, ticket, What::Breached(kind));
    }
    fn resolved(&mut self, now: Instant, ticket: &Ticket, agent: AgentId) {
        self.note(now, ticket, What::Resolved(agent));
    }
    fn reopened(&mut self, now: Instant, ticket: &Ticket) {
        self.note(now, ticket, What::Reopened);
    }
    fn closed(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        self.ends.push(End {
            at: now,
            closed: true,
            ticket: *ticket,
            outcome: *outcome,
        });
    }
    fn cut_off(&mut self, now: Instant, ticket: &Ticket, outcome: &Outcome) {
        self.ends.push(End {
            at: now,
            closed: false,
            ticket: *ticket,
            outcome: *outcome,
        });
    }
    fn on_duty(&mut self, now: Instant, agent: AgentId, starts: bool) {
        self.note_all(now, What::OnDuty(agent, starts));
    }
    fn mark(&mut self, now: Instant, scene: &Scene) {
        let mut mark = Mark {
            open: scene.open,
            desks: Vec::new(),
            in_line: Vec::new(),
            phases: [0; 5],
        };
        for desk in scene.desks {
            mark.desks.push(DeskAt {
                waiting: desk.queue.len(),
                held: desk.held as usize,
                idle: desk.ledger.idle as usize,
                at_work: (desk.ledger.busy + desk.ledger.overtime) as usize,
            });
        }
        for (_, ticket) in scene.tickets.each_open() {
            // What a giver explains is nobody's ticket.
            if ticket.is_task() {
                let desk = &mut mark.desks[ticket.team.index()];
                desk.waiting -= usize::from(ticket.phase == Phase::Queued);
                desk.at_work -= usize::from(ticket.phase == Phase::InWork);
                continue;
            }
            let phase = match ticket.phase {
                Phase::Queued => 0,
                Phase::InLine => 1,
                Phase::InWork => 2,
                Phase::Pending | Phase::Aside | Phase::Gated => 3,
                Phase::Resolved | Phase::Closed => 4,
            };
            mark.phases[phase] += 1;
            if let (Phase::InLine, Some(owner)) = (ticket.phase, ticket.owner) {
                mark.in_line.push((ticket.number, ticket.team.index(), owner));
            }
        }
        self.note_all(now, What::Mark(mark));
    }
}
