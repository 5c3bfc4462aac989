//! Incidents: kinds of faults, their children, and how they are recognised.

use super::super::{Breeding, Children, Declaration, HowMany, Incident, Linking, ServiceId, SeverityId, StatusPage};
use super::Compiler;
use super::demand::cumulated;
use crate::scenario::{self, LinkedClocks};
use crate::time::Length;

const HOUR_MS: f64 = 3_600_000.0;

impl Compiler<'_> {
    pub(super) fn incidents(&mut self) -> Vec<Incident> {
        let (written, services) = (self.written, self.written.services.len());
        let mut incidents = Vec::with_capacity(written.incidents.len());
        for (index, (name, incident)) in written.incidents.iter().enumerate() {
            // Services' own day factors have the groups 1 to their number; incidents come after them.
            let group = (1 + services + index) as u32;
            incidents.extend(self.incident(incident, group, &format!("incidents.{name}")));
        }
        incidents
    }

    fn incident(&mut self, incident: &scenario::Incident, group: u32, path: &str) -> Option<Incident> {
        let written = self.written;
        let flow = match &incident.arrivals {
            Some(arrivals) => Some(self.flow(arrivals, 1.0, group, &format!("{path}.arrivals"))?),
            None => None,
        };
        let service = incident.service.as_ref();
        let service = service
            .and_then(|name| written.services.get_index_of(name))
            .unwrap_or(0);
        let severity = incident.severity.as_ref();
        let mut at = self.lengths(&incident.at, &format!("{path}.at"));
        at.sort_unstable();
        Some(Incident {
            flow,
            at,
            service: ServiceId::new(service),
            severity: severity
                .and_then(|name| written.severities.get_index_of(name))
                .map(SeverityId::new),
            children: match &incident.children {
                Some(children) => Some(self.children(children, service, &format!("{path}.children"))?),
                None => None,
            },
            lasts: self.optional_law(incident.lasts.as_ref(), &format!("{path}.lasts")),
            ends_with_parent: incident.ends_with_parent.unwrap_or(true),
            declared: self.declaration(incident.declared.as_ref(), &format!("{path}.declared")),
            linking: incident
                .linking
                .as_ref()
                .map(|linking| self.linking(linking, &format!("{path}.linking"))),
            status_page: incident
                .status_page
                .as_ref()
                .map(|page| self.status_page(page, &format!("{path}.status_page"))),
            dedup: incident.dedup.unwrap_or(false),
        })
    }

    fn children(&mut self, written: &scenario::Children, parent: usize, path: &str) -> Option<Children> {
        let breeding = match (&written.count, written.per_hour) {
            (Some(count), _) => {
                let count = match *count {
                    scenario::HowMany::Fixed(count) => HowMany::Fixed(count),
                    scenario::HowMany::Poisson(mean) => HowMany::Poisson(mean),
                    scenario::HowMany::Geometric(mean) => HowMany::Geometric(mean),
                };
                Breeding::Count(
                    count,
                    self.optional_law(written.delay.as_ref(), &format!("{path}.delay")),
                )
            }
            (None, Some(rate)) => Breeding::Rate(rate / HOUR_MS),
            (None, None) => Breeding::Written(self.lengths(&written.after, &format!("{path}.after"))),
        };
        let services = self.written.services.keys().enumerate();
        let services = services.map(|(index, name)| match &written.services {
            Some(mix) => mix.get(name).copied().unwrap_or(0.0),
            None => f64::from(u8::from(index == parent)),
        });
        let severities = written.mix.as_ref().map(|mix| {
            let names = self.names.severities.iter();
            cumulated(names.map(|name| mix.get(name).copied().unwrap_or(0.0)))
        });
        Some(Children {
            breeding,
            services: cumulated(services),
            severities,
        })
    }

    fn declaration(&mut self, written: Option<&scenario::Declaration>, path: &str) -> Declaration {
        let (mut tickets, mut touch, mut monitoring) = (None, 0.0, None);
        if let Some(written) = written {
            tickets = written.tickets;
            touch = written.touch.unwrap_or(0.0);
            monitoring = self.optional_law(written.monitoring.as_ref(), &format!("{path}.monitoring"));
        }
        if tickets.is_none() && touch == 0.0 && monitoring.is_none() {
            tickets = Some(1);
        }
        Declaration {
            tickets,
            touch,
            monitoring,
        }
    }

    fn linking(&mut self, written: &scenario::Linking, path: &str) -> Linking {
        let close_work = written.close_work.as_ref();
        Linking {
            share: written.share,
            delay: self.optional_law(written.delay.as_ref(), &format!("{path}.delay")),
            after_work: written.after_work.unwrap_or(1.0),
            close_work: close_work.map(|laws| self.laws(laws, &format!("{path}.close_work"))),
            parent_clock: written.clocks == Some(LinkedClocks::Parent),
        }
    }

    fn status_page(&mut self, written: &scenario::StatusPage, path: &str) -> StatusPage {
        StatusPage {
            after: self.length_or(written.after.as_deref(), &format!("{path}.after"), Length::ZERO),
            deflect: written.deflect,
            half_life: self.length_or(written.half_life.as_deref(), &format!("{path}.half_life"), Length::ZERO),
        }
    }
}
