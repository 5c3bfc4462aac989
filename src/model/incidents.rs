//! Faults that breed many tickets: what belongs to a fault and its tickets, and how they become one incident.

use super::demand::Flow;
use super::ids::{ServiceId, SeverityId};
use crate::random::Sampler;
use crate::time::Length;

/// Most children of one fault.
pub const CHILDREN_MAX: usize = 65_000;

/// A kind of fault.
#[derive(Debug, Clone)]
pub struct Incident {
    /// When faults begin at random.
    pub flow: Option<Flow>,
    /// When those written out begin, from the start, ascending.
    pub at: Vec<Length>,
    /// Service of the parent.
    pub service: ServiceId,
    /// True severity of the parent; `None`: as the service's tickets.
    pub severity: Option<SeverityId>,
    /// Its children.
    pub children: Option<Children>,
    /// How long the fault lasts by itself; `None`: until its parent is solved.
    pub lasts: Option<Sampler>,
    /// Whether it is gone with its parent.
    pub ends_with_parent: bool,
    /// When it is declared.
    pub declared: Declaration,
    /// How its children are linked.
    pub linking: Option<Linking>,
    /// What a status page spares.
    pub status_page: Option<StatusPage>,
    /// Whether tickets that come while the parent is open join it without becoming tickets.
    pub dedup: bool,
}

impl Incident {
    /// Mean number of tickets of one fault that is never mitigated, by service; of services after the last that has any,
    /// nothing.
    pub fn tickets_by_service(&self) -> Vec<f64> {
        // Alerts that join the first are no tickets.
        let Some(children) = self.children.as_ref().filter(|_| !self.dedup) else {
            let mut alone = vec![0.0; self.service.index() + 1];
            alone[self.service.index()] = 1.0;
            return alone;
        };
        let count = match &children.breeding {
            Breeding::Count(law, _) => law.mean(),
            Breeding::Rate(rate) => rate * self.lasts.as_ref().map_or(0.0, Sampler::mean),
            Breeding::Written(times) => times.len() as f64,
        };
        let mut before = 0.0;
        let spread = children.services.iter().map(|cumulated| {
            let share = cumulated - before;
            before = *cumulated;
            count * share
        });
        let mut tickets: Vec<f64> = spread.collect();
        tickets[self.service.index()] += 1.0;
        tickets
    }
}

/// How many children and when.
#[derive(Debug, Clone)]
pub enum Breeding {
    /// So many, each after a delay of its own (`None`: at once).
    Count(HowMany, Option<Sampler>),
    /// At random at this rate a millisecond until the fault is over.
    Rate(f64),
    /// After these times.
    Written(Vec<Length>),
}

/// The law of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HowMany {
    /// Always as many.
    Fixed(u32),
    /// Poisson of a mean.
    Poisson(f64),
    /// Geometric from 0 of a mean.
    Geometric(f64),
}

impl HowMany {
    /// Its mean.
    pub fn mean(self) -> f64 {
        match self {
            HowMany::Fixed(count) => f64::from(count),
            HowMany::Poisson(mean) | HowMany::Geometric(mean) => mean,
        }
    }
}

/// The children of a fault.
#[derive(Debug, Clone)]
pub struct Children {
    /// How many and when.
    pub breeding: Breeding,
    /// Cumulated shares of the services.
    pub services: Vec<f64>,
    /// Cumulated shares of the true severities; `None`: as the service's tickets.
    pub severities: Option<Vec<f64>>,
}

/// When an incident is declared: the earliest of what there is.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// With so many tickets.
    pub tickets: Option<u32>,
    /// By an agent who begins one of its tickets, with this probability.
    pub touch: f64,
    /// By monitoring, so long after the beginning.
    pub monitoring: Option<Sampler>,
}

/// Recognising tickets as one incident's.
#[derive(Debug, Clone)]
pub struct Linking {
    /// Share of the children that are recognised.
    pub share: f64,
    /// Time to that; `None`: at once.
    pub delay: Option<Sampler>,
    /// Probability that an agent recognises one after working on it in vain.
    pub after_work: f64,
    /// Work of closing each, by its true severity; `None`: none.
    pub close_work: Option<Vec<Sampler>>,
    /// Whether a linked ticket's own clocks end void.
    pub parent_clock: bool,
}

/// What a status page spares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatusPage {
    /// Time from the declaration until it is up.
    pub after: Length,
    /// Share of the tickets that it spares in the end.
    pub deflect: f64,
    /// Time to half of that.
    pub half_life: Length,
}

impl StatusPage {
    /// Share of the tickets that are spared so long after the declaration: `deflect · (1 − 2^(−t/half_life))` with t counted
    /// from when the page is up.
    pub fn spared(&self, since_declared: Length) -> f64 {
        let up = (since_declared.ms() - self.after.ms()) as f64;
        if up < 0.0 {
            return 0.0;
        }
        let unaware = match self.half_life.ms() {
            0 => 0.0,
            half => crate::random::exp(-std::f64::consts::LN_2 * up / half as f64),
        };
        self.deflect * (1.0 - unaware)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_page_spares_half_of_its_share_after_its_half_life() {
        let minutes = |count: i64| Length::from_secs(60 * count);
        let page = StatusPage {
            after: minutes(10),
            deflect: 0.4,
            half_life: minutes(20),
        };
        assert_eq!(page.spared(minutes(9)), 0.0);
        assert_eq!(page.spared(minutes(10)), 0.0);
        assert!((page.spared(minutes(30)) - 0.2).abs() < 1e-12);
        assert!((page.spared(minutes(50)) - 0.3).abs() < 1e-12);
        let at_once = StatusPage {
            half_life: Length::ZERO,
            ..page
        };
        assert_eq!(at_once.spared(minutes(10)), 0.4);
    }
}
