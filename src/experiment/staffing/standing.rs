//! Where a plan stands against a target: the estimate, its interval, and whether it can be certified.

use super::target::{Sums, Target};
use crate::stats::ratio::{Ratio, Share, ratio, share, wilson};
use crate::stats::{Confidence, Interval};

/// Below so many expected bad things, in effective numbers, a certificate takes the conservative bound.
const FEW: f64 = 5.0;

/// The figure of a target under a plan, as people read it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The estimate.
    pub estimate: f64,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// By how much it is better than the target asks; negative if it is worse.
    pub slack: f64,
    /// Observations behind it over all replications.
    pub n: u64,
    /// Replications behind it.
    pub replications: usize,
}

/// The sums of a target under a plan, over replications.
#[derive(Debug, Clone)]
pub(super) enum Judged {
    Share(Share),
    Ratio(Ratio),
}

impl Judged {
    /// `None` if there was nothing to observe.
    pub fn of(target: &Target, sums: &[Sums]) -> Option<Judged> {
        if target.is_share() {
            let whole = |value: f64| value.max(0.0) as u64;
            let bad: Vec<u64> = sums.iter().map(|one| whole(one.bad)).collect();
            let of: Vec<u64> = sums.iter().map(|one| whole(one.of)).collect();
            return share(&bad, &of).map(Judged::Share);
        }
        let bad: Vec<f64> = sums.iter().map(|one| one.bad).collect();
        let of: Vec<f64> = sums.iter().map(|one| one.of).collect();
        ratio(&bad, &of).map(Judged::Ratio)
    }

    /// The ratio of the sums.
    pub fn value(&self) -> f64 {
        match self {
            Judged::Share(share) => share.estimate(),
            Judged::Ratio(ratio) => ratio.estimate,
        }
    }

    /// Its standard error; for a share of none or of all, that of one more.
    pub fn standard_error(&self) -> f64 {
        match self {
            Judged::Share(share) => {
                let n = share.of as f64;
                let one_more = (share.hits as f64 + 1.0).min(n) / n;
                let least = (one_more * (1.0 - one_more)).max(0.0).sqrt() / n.sqrt();
                share.standard_error.filter(|se| *se > 0.0).unwrap_or(least)
            }
            Judged::Ratio(ratio) => ratio.standard_error.unwrap_or(0.0),
        }
    }

    /// Two-sided 95 % interval.
    fn interval(&self) -> Option<Interval> {
        match self {
            Judged::Share(share) => share.interval(Confidence::P95),
            Judged::Ratio(ratio) => ratio.delta_interval(Confidence::P95),
        }
    }

    /// One-sided upper bound: Wilson with Student's t on the effective number, where there are few the conservative one of
    /// Korn and Graubard; for a mean Student's t.
    pub fn upper(&self, confidence: Confidence) -> Option<f64> {
        match self {
            Judged::Share(share) => {
                let effective = share.of as f64 / share.deff();
                if effective * share.estimate() < FEW {
                    return share.certified_high(confidence);
                }
                let df = share.replications.checked_sub(1).filter(|df| *df > 0)? as f64;
                Some(wilson(share.estimate(), effective, confidence.t_one_sided(df)).high)
            }
            Judged::Ratio(ratio) => {
                let df = ratio.replications.checked_sub(1).filter(|df| *df > 0)? as f64;
                Some(ratio.estimate + confidence.t_one_sided(df) * ratio.standard_error?)
            }
        }
    }

    /// The upper bound that `n` replications like these may be expected to give.
    pub fn projected_upper(&self, confidence: Confidence, n: usize) -> f64 {
        let t = confidence.t_one_sided((n.max(2) - 1) as f64);
        match self {
            Judged::Share(share) => {
                let a_replication = share.of as f64 / share.deff() / share.replications as f64;
                wilson(share.estimate(), a_replication * n as f64, t).high
            }
            Judged::Ratio(ratio) => {
                let times = n as f64 / ratio.replications as f64;
                ratio.estimate + t * ratio.standard_error.unwrap_or(0.0) / times.sqrt()
            }
        }
    }

    /// As people read it.
    pub fn standing(&self, target: &Target) -> Standing {
        let ends = self.interval().map(|interval| {
            let ends = [target.figure_of(interval.low), target.figure_of(interval.high)];
            (ends[0].min(ends[1]), ends[0].max(ends[1]))
        });
        let (n, replications) = match self {
            Judged::Share(share) => (share.of, share.replications),
            Judged::Ratio(ratio) => (ratio.denominator as u64, ratio.replications),
        };
        Standing {
            estimate: target.figure_of(self.value()),
            low: ends.map(|(low, _)| low),
            high: ends.map(|(_, high)| high),
            slack: target.limit() - self.value(),
            n,
            replications,
        }
    }
}
