//! Customers: patience, chasers, reminders and drift.

use super::super::{Chasers, Drift, Patience, Reminders};
use super::Compiler;
use crate::scenario::{self, ShareBySeverity};
use crate::time::Length;

const HOUR_MS: f64 = 3_600_000.0;
/// Most contacts of one ticket, unless the scenario says so: more than anybody makes.
const CHASERS_MAX: u32 = 1_000;

impl Compiler<'_> {
    /// A service's own patience, else the scenario's.
    pub(super) fn patience(&mut self, name: &str, service: &scenario::Service) -> Option<Patience> {
        let (written, path) = match &service.patience {
            Some(own) => (own, format!("services.{name}.patience")),
            None => (self.written.patience.as_ref()?, "patience".to_owned()),
        };
        let share = written.share.as_ref().unwrap_or(&ShareBySeverity::All(1.0));
        let share = self.shares(share);
        let wait = self.laws(&written.wait, &format!("{path}.wait"));
        // A law that cannot be read has been reported; a share of 0 for all is no patience at all.
        (wait.len() == share.len() && share.iter().any(|share| *share > 0.0)).then_some(Patience { wait, share })
    }

    pub(super) fn chasers(&mut self) -> Option<Chasers> {
        let written = self.written.chasers.as_ref()?;
        Some(Chasers {
            after: self.optional_length(written.after.as_deref(), "chasers.after"),
            every: self.laws(&written.every, "chasers.every"),
            work: self.law(&written.work, "chasers.work")?,
            at_most: written.at_most.unwrap_or(CHASERS_MAX),
        })
    }

    pub(super) fn drift(&mut self) -> Option<Drift> {
        let written = self.written.drift.as_ref()?;
        let shares = |of: &Option<ShareBySeverity>| self.shares(of.as_ref().unwrap_or(&ShareBySeverity::All(0.0)));
        Some(Drift {
            per_ms: shares(&written.per_hour)
                .into_iter()
                .map(|share| share / HOUR_MS)
                .collect(),
            at_reopening: shares(&written.at_reopening),
        })
    }

    pub(super) fn reminders(&mut self, pending: &scenario::Pending) -> Option<Reminders> {
        let written = pending.reminders.as_ref()?;
        let mut after = self.lengths(&written.after, "pending.reminders.after");
        after.sort_unstable();
        let answer = match &written.answer {
            Some(law) => Some(self.law(law, "pending.reminders.answer")?),
            None => None,
        };
        Some(Reminders {
            after,
            share: written.share,
            answer,
        })
    }

    pub(super) fn optional_length(&mut self, text: Option<&str>, path: &str) -> Option<Length> {
        text.and_then(|text| self.length(text, path))
    }

    pub(super) fn lengths(&mut self, texts: &[String], path: &str) -> Vec<Length> {
        texts.iter().filter_map(|text| self.length(text, path)).collect()
    }
}
