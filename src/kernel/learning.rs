//! What is learnt from tickets: reviews, the root causes that they find, articles and practice.

use super::Run;
use super::agenda::{Kind, Stamp};
use super::arrivals::Newcomer;
use super::asks::About;
use super::observe::{Happening, Observe};
use super::tasks::{Assignee, NewTask};
use super::tickets::{Family, Slot, Task};
use crate::model::{AgentId, ChangeId, GateId, KindId, TeamId};
use crate::random::Purpose;
use crate::time::{Instant, Length};

/// Blocks of a ticket's draws about its kind.
const WHAT: u32 = 0;
const SHIFTED: u32 = 1;
const WRITTEN: u32 = 2;
const PREVENTED: u32 = 3;
const RENEWED: u32 = 4;
/// Blocks of its draws about a review.
const REVIEW: u32 = 0;
const FIX: u32 = 1;

/// A review under way.
#[derive(Debug)]
pub(super) struct Review {
    about: About,
    /// Parts that are still to be done.
    parts: Vec<Slot>,
    /// When it is due, and the validity of that; `None`: never.
    due_at: Option<Instant>,
    due: Stamp,
    kind: Option<KindId>,
}

/// The fix of a root cause, or what is left of a ticket that its workaround resolved.
#[derive(Debug)]
pub(super) struct Fix {
    about: About,
    /// Who makes it.
    pub team: TeamId,
    /// The problem that it fixes.
    kind: Option<KindId>,
    gate: Option<GateId>,
    /// Requests that it waits for.
    waits_for: u32,
    /// It is made: nothing but those holds it up.
    is_made: bool,
    /// What else is left of the ticket.
    rest: Option<Rest>,
}

/// The change that is left of a ticket that its workaround resolved.
#[derive(Debug, Clone, Copy)]
struct Rest {
    change: ChangeId,
    /// Whoever began the ticket.
    to: Assignee,
    is_released: bool,
}

/// What is known of a kind of ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct KindState {
    /// Tickets of the kind that were solved.
    solved: u32,
    /// When its article goes live, or went; `None` while there is none.
    article: Option<Instant>,
    is_written: bool,
    /// It is being reviewed.
    is_renewed: bool,
    /// A review has looked into one of its tickets.
    reviewed: bool,
    /// A fix of its cause is on the way.
    is_being_mended: bool,
    /// Share of its tickets that a fix prevents.
    prevented: f64,
}

impl KindState {
    pub fn of(kind: &crate::model::TicketKind) -> KindState {
        KindState {
            solved: 0,
            article: kind.article.then_some(Instant::START),
            is_written: kind.article,
            is_renewed: false,
            reviewed: false,
            is_being_mended: false,
            prevented: 0.0,
        }
    }
}

/// What a ticket's case file knows of its kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    kind: Option<KindId>,
    /// It has found its article.
    found: bool,
}

/// What a newcomer's kind means for it.
pub(super) struct Fated {
    known: Known,
    /// It is bred by a problem that has been reviewed.
    recurs: bool,
}

impl<O: Observe> Run<'_, O> {
    /// What a ticket that comes now is about. `None`: it never comes, because its customer helps themself or its cause is
    /// mended. A fault never begins whose first ticket would be of a cause that is mended; its other tickets come with it.
    pub(super) fn fate_of(&mut self, newcomer: &mut Newcomer) -> Option<Fated> {
        let process = &self.model.process;
        let mut fated = Fated {
            known: Known::default(),
            recurs: false,
        };
        let entity = newcomer.entity;
        let [what, find] = self.draw_of(Purpose::KIND, entity, WHAT);
        let written = newcomer
            .scripted
            .map(|index| self.model.population.scripted[index as usize].kind);
        let drawn = || process.kind_of.pick(newcomer.service, newcomer.true_severity, what);
        let kind = match (written, newcomer.family) {
            (Some(kind), _) => kind,
            (None, Family::Child(fault)) => self.kind_of_fault(fault),
            (None, Family::Alone | Family::Parent(_)) => drawn().map(KindId::new),
        };
        if let Family::Parent(fault) = newcomer.family {
            self.fault_is_about(fault, kind);
        }
        let Some(kind) = kind else { return Some(fated) };
        fated.known.kind = Some(kind);
        let state = self.world.affairs.kinds[kind.index()];
        if process.kind(kind).problem.is_some() {
            let [u, _] = self.draw_of(Purpose::KIND, entity, PREVENTED);
            let can_be_prevented = match newcomer.family {
                Family::Alone => true,
                Family::Parent(_) => written.is_none(),
                Family::Child(_) => false,
            };
            if u < state.prevented && can_be_prevented {
                if let Family::Parent(fault) = newcomer.family {
                    self.never_begins(fault);
                }
                let ticket = self.would_be(newcomer);
                self.seen.happened(self.now, &ticket, &Happening::Prevented { kind });
                return None;
            }
            fated.recurs = state.reviewed;
        }
        if let (Some(articles), Some(since)) = (&process.articles, state.article.filter(|since| *since <= self.now)) {
            let fresh = articles.freshness(self.now - since);
            let [shift, deflect] = self.draw_of(Purpose::KIND, entity, SHIFTED);
            if deflect < articles.p_deflect * fresh && newcomer.family == Family::Alone {
                let ticket = self.would_be(newcomer);
                self.seen.happened(self.now, &ticket, &Happening::Deflected { kind });
                return None;
            }
            fated.known.found = find < articles.p_find * fresh;
            if fated.known.found && shift < articles.p_shift {
                newcomer.path = one_tier_lower(newcomer.path, newcomer.first_tier.index());
            }
        }
        Some(fated)
    }

    /// Writes down in the case file of a new ticket what it is about.
    pub(super) fn note_fate(&mut self, slot: Slot, fated: Fated) {
        self.case(slot).known = fated.known;
        self.world.tickets[slot].recurs = fated.recurs;
    }

    /// Factor on the work of a ticket: what its article and practice with its kind save.
    pub(super) fn ease(&self, slot: Slot) -> f64 {
        let Some(known) = self.world.cases.get(slot).map(|case| case.known) else {
            return 1.0;
        };
        let Some(kind) = known.kind else { return 1.0 };
        let process = &self.model.process;
        let found = process.articles.as_ref().filter(|_| known.found);
        let article = found.map_or(1.0, |articles| 1.0 - articles.saves);
        let solved = self.world.affairs.kinds[kind.index()].solved;
        article * process.learning.map_or(1.0, |learning| learning.factor(solved))
    }

    /// A ticket is resolved: what is learnt from it, and what follows.
    pub(super) fn learn_from(&mut self, slot: Slot) {
        if let Some(kind) = self.world.cases[slot].known.kind {
            self.world.affairs.kinds[kind.index()].solved += 1;
            self.write_article(slot, kind);
        }
        // What was linked is looked into with its parent.
        let ticket = &self.world.tickets[slot];
        if ticket.cycle == 1 && !ticket.linked {
            self.begin_review(slot);
        }
    }

    fn write_article(&mut self, slot: Slot, kind: KindId) {
        let Some(articles) = &self.model.process.articles else {
            return;
        };
        if self.world.affairs.kinds[kind.index()].is_written {
            return self.renew_article(slot, kind);
        }
        let [u, v] = self.draw(Purpose::KIND, slot, WRITTEN);
        let state = &mut self.world.affairs.kinds[kind.index()];
        if u >= articles.p_write {
            return;
        }
        state.is_written = true;
        let team = self.world.tickets[slot].team;
        self.open_task(NewTask {
            task: Task::Article,
            about: slot,
            id: kind.index() as u32,
            to: Assignee::Team(team),
            work: Some(Length::from_ms(articles.work.draw_ms(v))),
        });
    }

    /// A ticket of a kind with an article is solved: an old one is reviewed.
    fn renew_article(&mut self, slot: Slot, kind: KindId) {
        let articles = self.model.process.articles.as_ref();
        let Some((after, law)) = articles.and_then(|articles| articles.renewal.as_ref()) else {
            return;
        };
        let (now, state) = (self.now, &mut self.world.affairs.kinds[kind.index()]);
        let is_old = state.article.is_some_and(|since| since <= now && now - since >= *after);
        if !is_old || std::mem::replace(&mut state.is_renewed, true) {
            return;
        }
        let team = self.world.tickets[slot].team;
        let [_, v] = self.draw(Purpose::KIND, slot, RENEWED);
        self.open_task(NewTask {
            task: Task::Article,
            about: slot,
            id: kind.index() as u32,
            to: Assignee::Team(team),
            work: Some(Length::from_ms(law.draw_ms(v))),
        });
    }

    pub(super) fn article_written(&mut self, task: Slot) {
        let Some(articles) = &self.model.process.articles else {
            return;
        };
        let kind = KindId::new(self.errand(task).id as usize);
        let state = &mut self.world.affairs.kinds[kind.index()];
        if std::mem::take(&mut state.is_renewed) {
            state.article = Some(self.now);
            return self.happened(task, Happening::ArticleRenewed { kind });
        }
        self.world.affairs.kinds[kind.index()].article = Some(self.now + articles.review_delay);
        self.happened(task, Happening::ArticleWritten { kind });
    }

    fn begin_review(&mut self, slot: Slot) {
        let Some(reviews) = &self.model.process.reviews else {
            return;
        };
        let severity = self.world.tickets[slot].severity.index();
        if !reviews.of[severity] {
            return;
        }
        let about = self.about(slot);
        let limit = reviews.due[severity];
        let due = self.model.calendars[limit.calendar.index()].after(self.now, limit.within);
        let (has_notes, known) = (self.world.cases[slot].command.has_notes, self.world.cases[slot].known);
        let saved = if has_notes { reviews.scribe_saves } else { 0.0 };
        let [u, _] = self.draw(Purpose::REVIEW, slot, REVIEW);
        let work = reviews.work[about.ticket.true_severity.index()].draw(u) * (1.0 - saved);
        let part = Length::from_ms((work / f64::from(reviews.people)).round() as i64);
        let id = self.world.affairs.reviews.add(Review {
            about,
            parts: Vec::new(),
            due_at: due,
            due: Stamp::NONE,
            kind: known.kind,
        });
        let new = NewTask {
            task: Task::Review,
            about: slot,
            id,
            to: Assignee::Team(reviews.team.unwrap_or(about.ticket.team)),
            work: Some(part),
        };
        let parts = (0..reviews.people).map(|_| self.open_task(new)).collect();
        let due = due.map_or(Stamp::NONE, |due| {
            self.world.agenda.schedule(due, Kind::ReviewDue, id as usize)
        });
        if let Some(review) = self.world.affairs.reviews.get_mut(id) {
            review.parts = parts;
            review.due = due;
        }
        self.seen.happened(self.now, &about.ticket, &Happening::ReviewPlanned);
    }

    /// A part of a review is done.
    pub(super) fn review_part_done(&mut self, task: Slot, agent: AgentId) {
        let id = self.errand(task).id;
        let Some(review) = self.world.affairs.reviews.get_mut(id) else {
            return;
        };
        review.parts.retain(|part| *part != task);
        if review.parts.is_empty()
            && let Some(review) = self.world.affairs.reviews.take(id)
        {
            let (ticket, due) = (&review.about.ticket, review.due_at);
            self.seen
                .happened(self.now, ticket, &Happening::ReviewDone { agent, due });
            self.find_cause(&review);
        }
    }

    /// A review that is not done in time is dropped.
    #[inline(never)]
    pub(super) fn review_due(&mut self, id: usize, stamp: Stamp) {
        let id = id as u32;
        if self
            .world
            .affairs
            .reviews
            .get(id)
            .is_none_or(|review| review.due != stamp)
        {
            return;
        }
        if let Some(review) = self.world.affairs.reviews.take(id) {
            review.parts.iter().for_each(|part| self.withdraw_task(*part));
            self.seen
                .happened(self.now, &review.about.ticket, &Happening::ReviewDropped);
        }
    }

    fn find_cause(&mut self, review: &Review) {
        let (Some(kind), Some(reviews)) = (review.kind, &self.model.process.reviews) else {
            return;
        };
        let Some(problem) = &self.model.process.kind(kind).problem else {
            return;
        };
        let state = &mut self.world.affairs.kinds[kind.index()];
        state.reviewed = true;
        let is_mended = state.prevented > 0.0 || state.is_being_mended;
        let ticket = review.about.ticket;
        let [_, v] = self.draw_about(Purpose::REVIEW, &ticket, REVIEW);
        if is_mended || v >= reviews.p_root {
            return;
        }
        self.world.affairs.kinds[kind.index()].is_being_mended = true;
        self.seen.happened(self.now, &ticket, &Happening::CauseFound { kind });
        let [u, _] = self.draw_about(Purpose::REVIEW, &ticket, FIX);
        let work = self.work_of(problem.fix.as_ref(), u);
        let team = problem.team.unwrap_or(ticket.team);
        let fix = Fix {
            about: review.about,
            team,
            kind: Some(kind),
            gate: problem.gate,
            waits_for: 0,
            is_made: false,
            rest: None,
        };
        self.make_fix(fix, Assignee::Team(team), work);
    }

    fn make_fix(&mut self, fix: Fix, to: Assignee, work: Length) -> u32 {
        let about = fix.about;
        let id = self.world.affairs.fixes.add(fix);
        self.open_fix(id, about, to, work);
        id
    }

    /// Somebody is to work on a fix.
    fn open_fix(&mut self, id: u32, about: About, to: Assignee, work: Length) {
        let new = NewTask {
            task: Task::Fix,
            about: about.slot,
            id,
            to,
            work: Some(work),
        };
        self.open_task_about(new, about.ticket);
    }

    /// What is left of a ticket that its workaround resolves. A gate that holds up its release only holds up that of the rest.
    pub(super) fn follow_up(&mut self, slot: Slot, owner: AgentId, rest_of_work: Length) {
        let about = self.about(slot);
        let change = self.change_of(slot);
        let crew = &self.model.crews[self.model.agents[owner.index()].crew.index()];
        let to = match crew.always || !crew.shifts.is_empty() {
            true => Assignee::Person(owner),
            false => Assignee::Called(owner),
        };
        let rest = change.map(|change| Rest {
            change,
            to,
            is_released: false,
        });
        let fix = Fix {
            about,
            team: about.ticket.team,
            kind: None,
            gate: change.and_then(|change| self.model.process.changes[change.index()].gate),
            waits_for: 0,
            is_made: false,
            rest,
        };
        let id = self.make_fix(fix, to, rest_of_work);
        let waits_for = self.hand_gates_to_fix(slot, id);
        if let Some(fix) = self.world.affairs.fixes.get_mut(id) {
            fix.waits_for = waits_for.len() as u32;
            // One that is open already is not asked again.
            fix.gate = fix.gate.filter(|gate| !waits_for.contains(gate));
        }
    }

    /// A fix is made, or released: it goes live, or waits for its gate.
    pub(super) fn fix_made(&mut self, task: Slot) {
        let id = self.errand(task).id;
        let Some(fix) = self.world.affairs.fixes.get_mut(id) else {
            return;
        };
        fix.is_made = true;
        let is_released = fix.rest.is_some_and(|rest| rest.is_released);
        let gate = fix.gate.take().filter(|_| !is_released);
        fix.waits_for += u32::from(gate.is_some());
        let (about, waits) = (fix.about, fix.waits_for > 0);
        if let Some(gate) = gate {
            self.open_gate_for_fix(gate, about, id);
        } else if !waits {
            self.fix_goes_live(id);
        }
    }

    /// A gate lets a fix pass.
    pub(super) fn fix_has_passed(&mut self, id: u32) {
        let Some(fix) = self.world.affairs.fixes.get_mut(id) else {
            return;
        };
        fix.waits_for = fix.waits_for.saturating_sub(1);
        if fix.is_made && fix.waits_for == 0 {
            self.fix_goes_live(id);
        }
    }

    /// Nothing holds a fix up any more: it is released, which may be work, and is live.
    fn fix_goes_live(&mut self, id: u32) {
        if self.is_given_to_release(id) {
            return;
        }
        let Some(fix) = self.world.affairs.fixes.take(id) else {
            return;
        };
        let kind = fix.kind;
        self.seen
            .happened(self.now, &fix.about.ticket, &Happening::FixLive { kind });
        if let Some(rest) = fix.rest {
            self.record(Some(rest.change), fix.about);
        }
        let problem = kind.and_then(|kind| Some((kind, self.model.process.kind(kind).problem.as_ref()?)));
        let Some((kind, problem)) = problem else { return };
        let [_, v] = self.draw_about(Purpose::REVIEW, &fix.about.ticket, FIX);
        let state = &mut self.world.affairs.kinds[kind.index()];
        state.is_being_mended = false;
        if v < problem.p_effective {
            state.prevented = problem.effect;
        }
    }

    /// A fix whose release is work is given to whoever does that. Whether it is.
    fn is_given_to_release(&mut self, id: u32) -> bool {
        let fix = self.world.affairs.fixes.get(id);
        let waiting = fix.and_then(|fix| Some((fix.about, fix.rest.filter(|rest| !rest.is_released)?)));
        let Some((about, rest)) = waiting else {
            return false;
        };
        let work = self.work_of_release(Some(rest.change), &about.ticket);
        if work == Length::ZERO {
            return false;
        }
        if let Some(fix) = self.world.affairs.fixes.get_mut(id) {
            fix.rest = Some(Rest {
                is_released: true,
                ..rest
            });
        }
        self.open_fix(id, about, rest.to, work);
        true
    }
}

/// The path of a ticket that one tier below is able to solve, too; unchanged where its service needs that tier.
fn one_tier_lower(path: u8, lowest: usize) -> u8 {
    let top = 7 - (path | 1).leading_zeros() as usize;
    if top <= lowest {
        return path;
    }
    path & !(1 << top) | 1 << (top - 1)
}
