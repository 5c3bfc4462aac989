//! Triage: what a ticket says of itself, what rules make of it, and what people get wrong and correct.

use super::ids::{ServiceId, SeverityId, TeamId};
use crate::random::{Sampler, category};
use crate::time::Length;

/// Levels of impact and of urgency.
pub const LEVELS: usize = 3;

/// Cumulated shares of an attribute's values by true severity; empty if no ticket has it.
pub type Shares = Vec<Vec<f64>>;

/// What tickets of a service say of themselves.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    /// Of the sources.
    pub source: Shares,
    /// Of the classes of words.
    pub keyword: Shares,
    /// Of the levels of impact.
    pub impact: Shares,
    /// Of the levels of urgency.
    pub urgency: Shares,
}

/// One ticket's attributes: indices of its source, class of words, impact and urgency; 0 where no ticket has one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Says {
    /// Source.
    pub source: u16,
    /// Class of words.
    pub keyword: u16,
    /// Impact: 0 high, 1 medium, 2 low.
    pub impact: u8,
    /// Urgency, likewise.
    pub urgency: u8,
}

impl Attributes {
    /// The attributes of a ticket of this true severity, from four uniforms: source, class of words, impact, urgency.
    pub fn draw(&self, severity: SeverityId, uniforms: [f64; 4]) -> Says {
        let of = |shares: &Shares, u: f64| shares.get(severity.index()).map_or(0, |row| category(row, u));
        Says {
            source: of(&self.source, uniforms[0]) as u16,
            keyword: of(&self.keyword, uniforms[1]) as u16,
            impact: of(&self.impact, uniforms[2]) as u8,
            urgency: of(&self.urgency, uniforms[3]) as u8,
        }
    }
}

impl Attributes {
    /// All that tickets of a true severity may say of themselves, with the share of each.
    pub(super) fn combinations(&self, severity: SeverityId) -> Vec<(Says, f64)> {
        let of = |shares: &Shares| shares.get(severity.index()).map_or(vec![1.0], |row| parts(row));
        let (sources, keywords) = (of(&self.source), of(&self.keyword));
        let (impacts, urgencies) = (of(&self.impact), of(&self.urgency));
        let mut all = Vec::new();
        for (source, of_source) in sources.iter().enumerate() {
            for (keyword, of_keyword) in keywords.iter().enumerate() {
                for (impact, of_impact) in impacts.iter().enumerate() {
                    for (urgency, of_urgency) in urgencies.iter().enumerate() {
                        let says = Says {
                            source: source as u16,
                            keyword: keyword as u16,
                            impact: impact as u8,
                            urgency: urgency as u8,
                        };
                        all.push((says, of_source * of_keyword * of_impact * of_urgency));
                    }
                }
            }
        }
        all.retain(|(_, share)| *share > 0.0);
        all
    }
}

/// The shares of cumulated ones.
fn parts(cumulated: &[f64]) -> Vec<f64> {
    let before = std::iter::once(&0.0).chain(cumulated);
    cumulated.iter().zip(before).map(|(sum, before)| sum - before).collect()
}

/// Which tickets; a set bit admits the value, an empty list all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TriageConditions {
    /// Services.
    pub services: Vec<bool>,
    /// Customer tiers.
    pub customers: Vec<bool>,
    /// Sources.
    pub sources: Vec<bool>,
    /// Classes of words.
    pub keywords: Vec<bool>,
    /// Levels of impact.
    pub impacts: Vec<bool>,
    /// Levels of urgency.
    pub urgencies: Vec<bool>,
}

impl TriageConditions {
    /// Whether they admit a ticket.
    pub fn hold(&self, service: ServiceId, customer: usize, says: Says) -> bool {
        let admits = |list: &[bool], value: usize| list.is_empty() || list.get(value).copied().unwrap_or(false);
        admits(&self.services, service.index())
            && admits(&self.customers, customer)
            && admits(&self.sources, says.source.into())
            && admits(&self.keywords, says.keyword.into())
            && admits(&self.impacts, says.impact.into())
            && admits(&self.urgencies, says.urgency.into())
    }
}

/// What rules and matrix say of a ticket.
#[derive(Debug, Clone, Default)]
pub struct Nominal {
    /// Rules in order, with their severity.
    pub rules: Vec<(TriageConditions, SeverityId)>,
    /// Severity by impact and urgency, where no rule matches.
    pub matrix: Option<[[SeverityId; LEVELS]; LEVELS]>,
    /// Severity where there is no matrix; `None`: the true one.
    pub default: Option<SeverityId>,
}

impl Nominal {
    /// The severity of a ticket, and whether a rule said so. The customer tier is given by its index.
    pub fn severity(&self, service: ServiceId, customer: usize, says: Says, truth: SeverityId) -> (SeverityId, bool) {
        let mut rules = self.rules.iter();
        if let Some((_, severity)) = rules.find(|(conditions, _)| conditions.hold(service, customer, says)) {
            return (*severity, true);
        }
        let severity = match &self.matrix {
            Some(matrix) => matrix[usize::from(says.impact)][usize::from(says.urgency)],
            None => self.default.unwrap_or(truth),
        };
        (severity, false)
    }
}

/// Triage by people before the routing.
#[derive(Debug, Clone)]
pub struct ManualTriage {
    /// Who does it.
    pub team: TeamId,
    /// Work of one ticket.
    pub work: Sampler,
    /// Which tickets.
    pub conditions: TriageConditions,
    /// Only those that no rule matches.
    pub only_unmatched: bool,
}

/// How the reported severity arises and is corrected.
#[derive(Debug, Clone)]
pub struct Triage {
    /// What rules and matrix say; `None`: the true severity.
    pub nominal: Option<Nominal>,
    /// Cumulated rows `P(reported | nominal)`; `None` if people are always right.
    pub confusion: Option<Vec<Vec<f64>>>,
    /// The same by source, where it differs; empty if it differs nowhere.
    pub confusion_by_source: Vec<Option<Vec<Vec<f64>>>>,
    /// Triage by people.
    pub manual: Option<ManualTriage>,
    /// Probability that an over-triaged ticket is corrected at first touch.
    pub corrects_over: f64,
    /// Probability that an under-triaged ticket is corrected at first touch.
    pub corrects_under: f64,
    /// Probability that a ticket reported rightly is made wrong at first touch.
    pub corrects_wrongly: f64,
    /// Work added by the correction.
    pub correction_work: Length,
}

impl Triage {
    /// Whether the first reported severity can differ from the true one.
    #[inline]
    pub fn errs(&self) -> bool {
        self.confusion.is_some()
            || self.nominal.is_some()
            || !self.confusion_by_source.is_empty()
            || self.corrects_wrongly > 0.0
    }

    /// Whether whoever works on a ticket first may change its severity. It may be wrong without an error of triage, too: as
    /// written, because it has worsened, or by a rule.
    #[inline]
    pub fn corrects(&self) -> bool {
        self.corrects_wrongly > 0.0 || self.corrects_over > 0.0 || self.corrects_under > 0.0
    }

    /// Whether triage asks for more than the true severity: what a ticket says of itself.
    #[inline]
    pub fn reads(&self) -> bool {
        self.nominal.is_some() || self.manual.is_some() || !self.confusion_by_source.is_empty()
    }

    /// The law of the first reported severity of a service's tickets of one customer tier (by index) and true severity.
    pub fn reported(
        &self,
        attributes: &Attributes,
        service: ServiceId,
        customer: usize,
        truth: SeverityId,
        severities: usize,
    ) -> Vec<f64> {
        let mut law = vec![0.0; severities];
        for (says, share) in attributes.combinations(truth) {
            let nominal = match &self.nominal {
                Some(nominal) => nominal.severity(service, customer, says, truth).0,
                None => truth,
            };
            match self.rows(says.source) {
                None => law[nominal.index()] += share,
                Some(rows) => {
                    let row = parts(&rows[nominal.index()]);
                    law.iter_mut().zip(row).for_each(|(sum, part)| *sum += share * part);
                }
            }
        }
        law
    }

    /// The matrix's rows for tickets of a source.
    #[inline]
    pub fn rows(&self, source: u16) -> Option<&Vec<Vec<f64>>> {
        let own = self.confusion_by_source.get(usize::from(source));
        own.and_then(Option::as_ref).or(self.confusion.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn severity(index: usize) -> SeverityId {
        SeverityId::new(index)
    }

    #[test]
    fn the_first_rule_that_matches_says_the_severity() {
        let only = |keyword: usize| TriageConditions {
            keywords: (0..3).map(|index| index == keyword).collect(),
            ..TriageConditions::default()
        };
        let nominal = Nominal {
            rules: vec![(only(1), severity(0)), (TriageConditions::default(), severity(2))],
            matrix: None,
            default: None,
        };
        let says = |keyword| Says {
            keyword,
            ..Says::default()
        };
        let of = |keyword| nominal.severity(ServiceId::new(0), 0, says(keyword), severity(3));
        assert_eq!(of(1), (severity(0), true));
        assert_eq!(of(2), (severity(2), true));
    }

    #[test]
    fn without_a_rule_the_matrix_reads_impact_and_urgency() {
        let row = |first: usize| [0, 1, 2].map(|urgency| severity((first + urgency).min(3)));
        let nominal = Nominal {
            rules: Vec::new(),
            matrix: Some([row(0), row(1), row(2)]),
            default: Some(severity(1)),
        };
        let of = |impact, urgency| {
            let says = Says {
                impact,
                urgency,
                ..Says::default()
            };
            nominal.severity(ServiceId::new(0), 0, says, severity(3)).0.index()
        };
        assert_eq!([of(0, 0), of(0, 2), of(1, 1), of(2, 2)], [0, 2, 2, 3]);
    }
}
