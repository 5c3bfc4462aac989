//! What is counted of a team: its queue by severity, its people.

/// Counts of one team (and severity). Times in ms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow {
    /// Visits to the queue entered in the window, whether or not they have ended.
    pub entries: i64,
    /// Visits entered in the window that have ended.
    pub visits: i64,
    /// Their time in the queue.
    pub wait_ms: i64,
    /// Those that waited at all.
    pub waited: i64,
    /// Time in the queue within the window, of all visits.
    pub queue_ms: i64,
    /// Handling on duty in the window.
    pub busy_ms: i64,
    /// Idle and available in the window.
    pub idle_ms: i64,
    /// Handling after the end of shifts in the window.
    pub overtime_ms: i64,
    /// Handling on call, off duty, in the window.
    pub called_ms: i64,
    /// Handling of updates and briefs in the window, sent or not.
    pub messages_ms: i64,
    /// Interruptions of running work in the window.
    pub interrupts: i64,
    /// Time of shifts that people rested after a night on call.
    pub rest_ms: i64,
    /// Shifts that began without the rest that a night on call calls for.
    pub rest_missed: i64,
    /// Scheduled time of all people in the window.
    pub paid_ms: i64,
    /// Heads.
    pub heads: i64,
    /// Pay of scheduled hours in the window, in thousandths of the currency's unit.
    pub pay: i64,
    /// Pay of overtime in the window.
    pub overtime_pay: i64,
    /// Pay of being on call in the window: hours, and pages to people off duty.
    pub on_call_pay: i64,
    /// Penalties of clocks that breached in the window, of tickets that the team held last.
    pub penalty: i64,
    /// Tickets resolved for good in the window, where costs are counted.
    pub resolved: i64,
    /// Handling offered in the window, known once it is over.
    pub offered_ms: i64,
    /// Tickets held, summed over hourly samples.
    pub held: i64,
    /// Hourly samples.
    pub samples: i64,
}

impl Flow {
    /// What a team costs in the window, in thousandths.
    pub fn cost(&self) -> i64 {
        self.pay + self.overtime_pay + self.on_call_pay + self.penalty
    }

    fn handling_ms(&self) -> i64 {
        self.busy_ms + self.overtime_ms + self.called_ms
    }

    /// Handling in the window a visit to the queue, ms: that of a whole team. `None`: no work came to it through its queue.
    pub(super) fn handling_a_visit(&self) -> Option<f64> {
        (self.visits > 0).then(|| self.handling_ms() as f64 / self.visits as f64)
    }

    /// Handling that the visits of the window bring, if each brings as much as the others; without a visit what there was. That
    /// of a whole team.
    pub(super) fn offer(&self) -> i64 {
        match self.handling_a_visit() {
            Some(visit_ms) => (self.entries as f64 * visit_ms).round() as i64,
            None => self.handling_ms(),
        }
    }

    /// Adds another. Every field is named, so that the compiler sees one that is forgotten.
    pub fn merge(&mut self, other: &Flow) {
        macro_rules! add {
            ($($field:ident)*) => {
                let Flow { samples, $($field),* } = other;
                $(self.$field += $field;)*
                self.samples = self.samples.max(*samples);
            };
        }
        add!(entries visits wait_ms waited queue_ms busy_ms idle_ms overtime_ms called_ms messages_ms interrupts rest_ms
            rest_missed paid_ms heads held pay overtime_pay on_call_pay penalty resolved offered_ms);
    }
}
