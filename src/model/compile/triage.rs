//! Triage: attributes as cumulated shares, rules as masks, matrices as tables.

use super::super::{Attributes, LEVELS, ManualTriage, Nominal, SeverityId, TeamId, Triage, TriageConditions};
use super::demand::cumulated;
use super::{Compiler, listed};
use crate::scenario::{self, AttributeLevel, Levels, Mix, Named, ShareBySeverity};
use crate::time::Length;

const ALL_LEVELS: [AttributeLevel; LEVELS] = [AttributeLevel::High, AttributeLevel::Medium, AttributeLevel::Low];

/// Names of an attribute's values: of the whole scenario, then those that only a service has.
pub(super) fn names_of(
    written: &scenario::Scenario,
    values: impl Fn(&scenario::Attributes) -> &Named<ShareBySeverity>,
) -> Vec<String> {
    let services = written
        .services
        .values()
        .filter_map(|service| service.attributes.as_ref());
    let mut names: Vec<String> = Vec::new();
    for name in written
        .attributes
        .iter()
        .chain(services)
        .flat_map(|of| values(of).keys())
    {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

impl Compiler<'_> {
    /// What a service's tickets say of themselves.
    pub(super) fn attributes(&self, service: &scenario::Service) -> Attributes {
        let Some(written) = service.attributes.as_ref().or(self.written.attributes.as_ref()) else {
            return Attributes::default();
        };
        let none = ShareBySeverity::All(0.0);
        let named = |names: &[String], values: &Named<ShareBySeverity>| {
            let of = |name: &String| self.shares(values.get(name).unwrap_or(&none));
            match values.is_empty() {
                true => Vec::new(),
                false => self.by_severity(names.iter().map(of).collect()),
            }
        };
        let levels = |levels: &Option<Levels>| match levels {
            None => Vec::new(),
            Some(Levels { high, medium, low }) => {
                let of = |level: &Option<ShareBySeverity>| self.shares(level.as_ref().unwrap_or(&none));
                self.by_severity([high, medium, low].map(of).to_vec())
            }
        };
        Attributes {
            source: named(&self.names.sources, &written.source),
            keyword: named(&self.names.keywords, &written.keyword),
            impact: levels(&written.impact),
            urgency: levels(&written.urgency),
        }
    }

    /// From `[value][severity]` to cumulated `[severity][value]`.
    fn by_severity(&self, values: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        (0..self.names.severities.len())
            .map(|severity| cumulated(values.iter().map(|shares| shares[severity])))
            .collect()
    }

    pub(super) fn triage(&mut self) -> Triage {
        let written = self.written.triage.as_ref();
        let confusion = written
            .map(|triage| &triage.confusion)
            .filter(|confusion| !confusion.is_empty())
            .map(|confusion| self.rows(confusion));
        let correction = written.and_then(|triage| triage.override_.as_ref());
        let work = correction.and_then(|correction| correction.work.as_deref());
        Triage {
            nominal: written.and_then(|triage| self.nominal(triage)),
            confusion,
            confusion_by_source: written.map_or(Vec::new(), |triage| self.rows_by_source(triage)),
            manual: written.and_then(|triage| self.manual_triage(triage.manual.as_ref()?)),
            corrects_over: correction.map_or(0.0, |correction| correction.over),
            corrects_under: correction.map_or(0.0, |correction| correction.under),
            corrects_wrongly: correction.and_then(|correction| correction.wrong).unwrap_or(0.0),
            correction_work: self.length_or(work, "triage.override.work", Length::ZERO),
        }
    }

    /// Cumulated rows; a severity that is not written is always right.
    fn rows(&self, confusion: &Named<Mix>) -> Vec<Vec<f64>> {
        let severities = &self.names.severities;
        let row = |severity: &String| match confusion.get(severity) {
            Some(row) => cumulated(severities.iter().map(|name| row.get(name).copied().unwrap_or(0.0))),
            None => cumulated(severities.iter().map(|name| f64::from(u8::from(name == severity)))),
        };
        severities.iter().map(row).collect()
    }

    fn rows_by_source(&self, triage: &scenario::Triage) -> Vec<Option<Vec<Vec<f64>>>> {
        if triage.confusion_by_source.is_empty() {
            return Vec::new();
        }
        let sources = self.names.sources.iter();
        let of = |source: &String| triage.confusion_by_source.get(source).map(|rows| self.rows(rows));
        sources.map(of).collect()
    }

    fn nominal(&self, triage: &scenario::Triage) -> Option<Nominal> {
        let severity = |name: &String| self.severity_id(name);
        let rules: Vec<(TriageConditions, SeverityId)> = triage
            .rules
            .values()
            .filter_map(|rule| Some((self.triage_conditions(&rule.if_), severity(&rule.severity)?)))
            .collect();
        let matrix = triage.matrix.as_ref().and_then(|matrix| self.matrix(matrix));
        let default = triage.otherwise.as_ref().and_then(severity);
        let says_nothing = rules.is_empty() && matrix.is_none() && default.is_none();
        (!says_nothing).then_some(Nominal { rules, matrix, default })
    }

    fn severity_id(&self, name: &str) -> Option<SeverityId> {
        self.written.severities.get_index_of(name).map(SeverityId::new)
    }

    fn matrix(&self, matrix: &scenario::Matrix) -> Option<[[SeverityId; LEVELS]; LEVELS]> {
        let rows = match matrix {
            scenario::Matrix::Standard(scenario::StandardMatrix::Itil) => {
                let last = self.names.severities.len() - 1;
                let cell = |impact: usize, urgency: usize| SeverityId::new((impact + urgency).min(last));
                return Some([0, 1, 2].map(|impact| [0, 1, 2].map(|urgency| cell(impact, urgency))));
            }
            scenario::Matrix::Written(written) => [&written.high, &written.medium, &written.low],
        };
        let mut cells = [[SeverityId::new(0); LEVELS]; LEVELS];
        for (cells, row) in cells.iter_mut().zip(rows) {
            for (cell, name) in cells.iter_mut().zip([&row.high, &row.medium, &row.low]) {
                *cell = self.severity_id(name)?;
            }
        }
        Some(cells)
    }

    fn triage_conditions(&self, written: &scenario::TriageCondition) -> TriageConditions {
        let names = |list: &Option<Vec<String>>, names: &[String]| match list {
            Some(list) => listed(Some(list), names),
            None => Vec::new(),
        };
        let levels = |list: &Option<Vec<AttributeLevel>>| match list {
            Some(list) => ALL_LEVELS.iter().map(|level| list.contains(level)).collect(),
            None => Vec::new(),
        };
        TriageConditions {
            services: names(&written.service, &self.names.services),
            customers: names(&written.customer_tier, &self.names.customer_tiers),
            sources: names(&written.source, &self.names.sources),
            keywords: names(&written.keyword, &self.names.keywords),
            impacts: levels(&written.impact),
            urgencies: levels(&written.urgency),
        }
    }

    fn manual_triage(&mut self, written: &scenario::ManualTriage) -> Option<ManualTriage> {
        Some(ManualTriage {
            team: TeamId::new(self.written.teams.get_index_of(&written.team)?),
            work: self.law(&written.work, "triage.manual.work")?,
            conditions: self.triage_conditions(&written.if_),
            only_unmatched: written.only_unmatched.unwrap_or(false),
        })
    }

    /// Source, class of words, impact and urgency of a ticket written out, as far as they are written.
    pub(super) fn written_attributes(&self, ticket: &scenario::ScriptedTicket) -> [Option<u16>; 4] {
        let named = |names: &[String], name: &Option<String>| {
            let name = name.as_ref()?;
            names.iter().position(|known| known == name).map(|index| index as u16)
        };
        let level = |level: Option<AttributeLevel>| level.map(|level| level as u16);
        [
            named(&self.names.sources, &ticket.source),
            named(&self.names.keywords, &ticket.keyword),
            level(ticket.impact),
            level(ticket.urgency),
        ]
    }
}
