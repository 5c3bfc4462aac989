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
    /// Scheduled time of all people in the window.
    pub paid_ms: i64,
    /// Heads.
    pub heads: i64,
    /// Tickets held, summed over hourly samples.
    pub held: i64,
    /// Hourly samples.
    pub samples: i64,
}

impl Flow {
    /// Adds another.
    pub fn merge(&mut self, other: &Flow) {
        self.entries += other.entries;
        self.visits += other.visits;
        self.wait_ms += other.wait_ms;
        self.waited += other.waited;
        self.queue_ms += other.queue_ms;
        self.busy_ms += other.busy_ms;
        self.idle_ms += other.idle_ms;
        self.overtime_ms += other.overtime_ms;
        self.paid_ms += other.paid_ms;
        self.heads += other.heads;
        self.held += other.held;
        self.samples = self.samples.max(other.samples);
    }
}
