//! The clocks a second time, from the event log and the targets alone.
//!
//! Slow and plain on purpose: a calendar is a list of open intervals, pauses are cut out of it, and a clock walks along what
//! is left. Nothing of the kernel's or of `time::clock`'s arithmetic is used.

use super::log::{End, Entry, What};
use escalade::kernel::Interruption;
use escalade::model::{CalendarId, Model, OnReopen, OnSeverityChange, SeverityId, Target, TargetKind};

const FOR_EVER: i64 = i64::MAX / 4;

/// What should have become of a clock.
#[derive(Debug, PartialEq, Eq)]
pub struct Expected {
    pub breached: Option<bool>,
    pub late_ms: i64,
    pub due_ms: Option<i64>,
    /// When breaches are recorded, one for each cycle.
    pub breaches: Vec<i64>,
}

/// The life of one ticket, as far as its clocks care.
#[derive(Debug)]
pub struct Life<'a> {
    model: &'a Model,
    end: &'a End,
    created: i64,
    /// (since, severity).
    severities: Vec<(i64, usize)>,
    /// Waits for the customer.
    waits: Vec<(i64, i64)>,
    /// Solved and not yet back.
    gaps: Vec<(i64, i64)>,
    first_start: Option<i64>,
    /// Severity at the first start.
    severity_at_start: usize,
    resolved: Option<i64>,
}

impl<'a> Life<'a> {
    pub fn of(model: &'a Model, end: &'a End, entries: impl Iterator<Item = &'a Entry>) -> Life<'a> {
        let first = end.ticket.first_severity.index();
        let mut life = Life {
            model,
            end,
            created: end.ticket.created.ms(),
            severities: vec![(end.ticket.created.ms(), first)],
            waits: Vec::new(),
            gaps: Vec::new(),
            first_start: None,
            severity_at_start: first,
            resolved: None,
        };
        for entry in entries {
            let at = entry.at.ms();
            match &entry.what {
                What::Started(_) if life.first_start.is_none() => {
                    life.first_start = Some(at);
                    life.severity_at_start = life.severity();
                }
                What::Severity(severity) => life.severities.push((at, *severity)),
                What::Interrupted(_, Interruption::Asked) => life.waits.push((at, FOR_EVER)),
                What::Answered => life.waits.last_mut().expect("asked before answered").1 = at,
                What::Resolved(_) => life.resolved = Some(at),
                What::Reopened => life
                    .gaps
                    .push((life.resolved.take().expect("resolved before reopened"), at)),
                _ => {}
            }
        }
        life
    }

    fn severity(&self) -> usize {
        self.severities.last().expect("it has one").1
    }

    pub fn pending_ms(&self) -> i64 {
        let over = |(from, until): &(i64, i64)| if *until == FOR_EVER { 0 } else { until - from };
        self.waits.iter().map(over).sum()
    }

    /// The first words to the customer; what solves the ticket is an answer too.
    pub fn first_response(&self) -> Option<i64> {
        let words = self.first_start? + self.model.first_reply.ms();
        let solved = self.gaps.first().map(|gap| gap.0).or(self.resolved);
        Some(words.min(solved.unwrap_or(words)))
    }

    fn target(&self, kind: TargetKind, severity: usize) -> Option<&'a Target> {
        let ticket = &self.end.ticket;
        self.model
            .targets
            .get(kind, SeverityId::new(severity), ticket.service, ticket.customer)
    }

    /// Open time without pauses, as intervals from `start` on. What comes after its `stop` does not pause a clock.
    fn running(&self, target: &Target, start: i64, stop: i64) -> Vec<(i64, i64)> {
        let mut open = match target.calendar {
            CalendarId::ALWAYS => vec![(start, FOR_EVER)],
            calendar => {
                let calendar = &self.model.calendars[calendar.index()];
                calendar
                    .intervals()
                    .map(|(from, until)| (from.ms(), until.ms()))
                    .collect()
            }
        };
        let mut cuts = self.gaps.clone();
        if target.pauses {
            cuts.extend(&self.waits);
        }
        cuts.retain(|(from, _)| *from < stop);
        cuts.iter_mut().for_each(|(_, until)| *until = stop.min(*until));
        cuts.push((i64::MIN, start));
        for (from, until) in cuts {
            let pieces = open
                .into_iter()
                .flat_map(|(opens, closes)| [(opens, closes.min(from)), (opens.max(until), closes)]);
            open = pieces.filter(|(opens, closes)| opens < closes).collect();
        }
        open.sort_unstable();
        open
    }

    fn consumed(&self, target: &Target, start: i64, at: i64) -> i64 {
        let pieces = self.running(target, start, FOR_EVER).into_iter();
        pieces.map(|(from, until)| (until.min(at) - from).max(0)).sum()
    }

    fn deadline(&self, target: &Target, start: i64, stop: i64) -> Option<i64> {
        let mut left = target.within.ms();
        for (from, until) in self.running(target, start, stop) {
            if left <= until - from {
                return Some(from + left);
            }
            left -= until - from;
        }
        None
    }

    /// The first-response clock; `None` without a target.
    pub fn response(&self) -> Option<Expected> {
        // Written after the end of the run, the words have not stopped it.
        let stop = self.first_response().filter(|at| *at <= self.end.at.ms());
        let at_once = self.model.first_reply.ms() == 0;
        let over = self.first_response().unwrap_or(FOR_EVER);
        // Changes of severity up to the first words; one at the instant of a start that is one with them came before it if its
        // severity was seen then.
        let until = |at: i64| if at_once { at <= over } else { at < over };
        let mut changes: Vec<(i64, usize)> = self.severities.iter().copied().filter(|(at, _)| until(*at)).collect();
        while at_once
            && self.first_start.is_some()
            && changes.last().is_some_and(|last| last.1 != self.severity_at_start)
        {
            changes.pop();
        }
        let late_at_the_instant = at_once;
        self.judge(TargetKind::FirstResponse, &changes, &[], stop, late_at_the_instant)
    }

    /// The resolve clock; `None` without a target.
    pub fn resolve(&self) -> Option<Expected> {
        self.judge(TargetKind::Resolve, &self.severities, &self.gaps, self.resolved, false)
    }

    /// Walks through the stretches in which one target was in force on a clock that ran: from change to change, and from
    /// each reopening to the next resolution. `None`: none is in force in the end, and no breach was recorded before.
    fn judge(
        &self,
        kind: TargetKind,
        changes: &[(i64, usize)],
        gaps: &[(i64, i64)],
        stop: Option<i64>,
        late_at_the_instant: bool,
    ) -> Option<Expected> {
        let mut start = self.created;
        let (mut breaches, mut recorded, mut first) = (Vec::new(), false, None);
        let mut severity = changes[0].1;
        // (from, until, whether it stops there)
        let mut turns: Vec<(i64, u8, usize)> = Vec::new();
        turns.extend(changes[1..].iter().map(|(at, severity)| (*at, 1, *severity)));
        for (resolved, back) in gaps {
            turns.push((*resolved, 2, 0));
            turns.push((*back, 0, 0));
        }
        turns.push((stop.unwrap_or(self.end.at.ms()), if stop.is_some() { 2 } else { 3 }, 0));
        turns.sort_by_key(|turn| turn.0);
        let mut from = self.created;
        let mut runs = true;
        // The first breach of a target that was left: when, and whose.
        let mut kept: Option<(i64, usize)> = None;
        for (at, turn, to) in turns {
            if let Some(target) = self.target(kind, severity).filter(|_| runs) {
                let due = self.deadline(target, start, FOR_EVER).unwrap_or(FOR_EVER);
                let stopped_in_time = turn == 2 && due == at && !late_at_the_instant;
                if due <= at && !stopped_in_time {
                    first = first.or(Some(due));
                    if turn != 3 && Some(at) != stop {
                        kept = kept.or(Some((due, severity)));
                    }
                    if !recorded {
                        breaches.push(due.max(from));
                        recorded = true;
                    }
                }
            }
            from = at;
            match turn {
                0 => {
                    runs = true;
                    if self
                        .target(kind, severity)
                        .is_some_and(|target| target.on_reopen == OnReopen::Restart)
                    {
                        (start, recorded) = (at, false);
                    }
                }
                1 => {
                    severity = to;
                    let restarts = |target: &Target| target.on_severity_change == OnSeverityChange::Restart;
                    if runs && self.target(kind, severity).is_some_and(restarts) {
                        (start, recorded) = (at, false);
                    }
                }
                _ => runs = false,
            }
        }
        let until = stop.unwrap_or(self.end.at.ms());
        let late_of_kept = |(at, under): (i64, usize)| {
            let until = if start >= at { start } else { until };
            self.target(kind, under)
                .map_or(0, |target| self.consumed(target, at, until))
        };
        let Some(target) = self.target(kind, severity) else {
            return first.map(|due| Expected {
                breached: Some(true),
                late_ms: kept.map_or(0, late_of_kept),
                due_ms: Some(due),
                breaches,
            });
        };
        let ever = first.is_some();
        let due = self.deadline(target, start, stop.unwrap_or(FOR_EVER));
        let over = self.consumed(target, start, until) - target.within.ms();
        let at_the_instant = late_at_the_instant || stop.is_none() || due.is_some_and(|due| due < until);
        let missed = due.filter(|_| over > 0 || (over == 0 && at_the_instant));
        let of_kept = kept.filter(|(at, _)| missed.is_none_or(|missed| start <= *at && *at < missed));
        Some(Expected {
            breached: if ever { Some(true) } else { stop.map(|_| false) },
            late_ms: of_kept.map_or(if ever { over.max(0) } else { 0 }, late_of_kept),
            due_ms: due,
            breaches,
        })
    }
}
