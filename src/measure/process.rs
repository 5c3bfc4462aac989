//! What is counted of decisions, messages and learning: what happens beside the tickets themselves.

use super::Measure;
use crate::kernel::{Decision, Happening, Ticket};
use crate::model::{GateId, TargetKind};
use crate::time::{Instant, Length};

/// Counts of one gate. Times in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GateCounts {
    /// Requests made in the window.
    pub requests: i64,
    /// Those whose timeout passed.
    pub timed_out: i64,
    /// Those that counted as approved because nobody decided.
    pub auto_approved: i64,
    /// Those declined.
    pub declined: i64,
    /// Those decided.
    pub decided: i64,
    /// Their wait.
    pub wait_ms: i64,
}

impl GateCounts {
    /// Adds another. Every field is named, so that the compiler sees one that is forgotten.
    pub fn merge(&mut self, other: &GateCounts) {
        macro_rules! add {
            ($($field:ident)*) => {
                let GateCounts { $($field),* } = other;
                $(self.$field += $field;)*
            };
        }
        add!(requests timed_out auto_approved declined decided wait_ms);
    }
}

impl Measure<'_> {
    /// Something rare happened. Whether it is counted here, and nowhere else.
    pub(super) fn note(&mut self, now: Instant, ticket: &Ticket, what: &Happening) -> bool {
        let inside = self.model.window.contains(now);
        match *what {
            Happening::GateRequested { gate } if inside => self.gate(gate).requests += 1,
            Happening::GateTimeout { gate, waited, deputy } if self.model.window.contains(now - waited) => {
                self.gate(gate).timed_out += i64::from(!deputy);
            }
            Happening::GateDecided { gate, decision, waited } => self.decided(now, gate, decision, waited),
            Happening::Wrote { since } => {
                let inside = self.model.window.overlap(since, now).ms();
                self.flow(ticket).messages_ms += inside;
            }
            Happening::UpdatesDue { due, missed } if inside => {
                let counts = self.counts(ticket);
                counts.silences_due += i64::from(due);
                counts.silences_missed += i64::from(missed);
            }
            // One that is due in the window is decided by then.
            Happening::ReviewDone { due, .. } if due.is_some_and(|due| self.model.window.contains(due)) => {
                let counts = self.counts(ticket);
                counts.reviews_due += 1;
                counts.reviews_done += 1;
            }
            Happening::ReviewDropped if inside => self.counts(ticket).reviews_due += 1,
            Happening::ClockEnded {
                kind,
                close,
                foreseen,
                warnings,
            } => {
                let (severity, team) = match kind {
                    TargetKind::FirstResponse => (ticket.response_severity, ticket.response_team),
                    TargetKind::Mitigate => (ticket.mitigate_severity, ticket.mitigate_team),
                    TargetKind::Update
                    | TargetKind::Resolve
                    | TargetKind::Acknowledge
                    | TargetKind::NextResponse
                    | TargetKind::Own => (ticket.severity, ticket.team),
                };
                let (mine, right) = (i64::from(ticket.measured && close), i64::from(close));
                let (foreseen, warnings) = (i64::from(foreseen), i64::from(warnings));
                let place = self.place(severity.index(), team, ticket);
                let counts = &mut self.cells[place];
                counts.close_calls += mine;
                counts.foreseen += mine * foreseen;
                counts.warnings += warnings;
                counts.warned_rightly += warnings * right;
            }
            Happening::Deflected { .. } if inside => self.counts(ticket).deflected += 1,
            Happening::Prevented { .. } if inside => self.counts(ticket).prevented += 1,
            _ => return false,
        }
        true
    }

    fn gate(&mut self, gate: GateId) -> &mut GateCounts {
        &mut self.gates[gate.index()]
    }

    /// A request counts if it was made in the window, whenever it is decided.
    fn decided(&mut self, now: Instant, gate: GateId, decision: Decision, waited: Length) {
        if !self.model.window.contains(now - waited) {
            return;
        }
        let counts = self.gate(gate);
        counts.decided += 1;
        counts.wait_ms += waited.ms();
        counts.auto_approved += i64::from(decision == Decision::AutoApproved);
        counts.declined += i64::from(decision == Decision::Declined);
        let bucket = self.buckets.index(waited.ms() as u64);
        self.times.gate_wait[gate.index()].add(bucket);
    }
}
