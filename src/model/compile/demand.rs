//! Demand: arrivals cut into stretches of constant rate, and what is drawn for a ticket.

use super::super::{
    ChangeId, CustomerTierId, Flow, IncidentId, KindId, Ladder, Pending, Population, Reopening, ScriptedLeg,
    ScriptedTicket, Segment, ServiceDemand, ServiceId, SeverityId, TIERS_MAX, TeamId, TierId, VendorWaits, defaults,
};
use super::Compiler;
use super::calendars::zone;
use crate::random::{Law, Sampler};
use crate::scenario::{self, rate_per_hour};
use crate::time::{Instant, local_hours};

const HOUR_MS: f64 = 3_600_000.0;

impl Compiler<'_> {
    pub(super) fn population(&mut self) -> Population {
        let written = self.written;
        let mut services = Vec::with_capacity(written.services.len());
        for (index, (name, service)) in written.services.iter().enumerate() {
            let flow = match (&service.arrivals, service.share, &written.arrivals) {
                (Some(own), _, _) => Some(self.flow(own, 1.0, index as u32 + 1, &format!("services.{name}.arrivals"))),
                (None, Some(share), Some(all)) => Some(self.flow(all, share, 0, "arrivals")),
                _ => None,
            };
            services.push(self.service(name, service, flow.flatten()));
        }
        let (scripted, drift) = (self.scripted(), self.drift());
        Population {
            leaves: services.iter().any(|service| service.patience.is_some())
                || scripted.iter().any(|ticket| ticket.leaves_after.is_some()),
            worsens: drift.is_some() || scripted.iter().any(|ticket| ticket.worsens_after.is_some()),
            services,
            scripted,
            drift,
            severities: self.names.severities.len(),
            ladder: Ladder::of(self.names.severities.len(), &self.ability()),
            triage: self.triage(),
            pending: self.pending(),
            vendor_waits: self.vendor_waits(),
            waits_for_vendors: self.written.waits_for_vendors(),
            reopening: self.reopening(),
            chasers: self.chasers(),
            incidents: self.incidents(),
        }
    }

    pub(super) fn service(&mut self, name: &str, service: &scenario::Service, flow: Option<Flow>) -> ServiceDemand {
        let severities = match &service.mix {
            Some(mix) => cumulated(
                self.names
                    .severities
                    .iter()
                    .map(|name| mix.get(name).copied().unwrap_or(0.0)),
            ),
            None => cumulated(std::iter::repeat_n(1.0, self.names.severities.len()).take(1)),
        };
        let tiers = &self.written.customer_tiers;
        let customers = match &service.customer_mix {
            Some(mix) => cumulated(tiers.keys().map(|name| mix.get(name).copied().unwrap_or(0.0))),
            None if tiers.is_empty() => vec![1.0],
            None => cumulated(tiers.values().map(|tier| tier.share)),
        };
        let lowest = service
            .needs_at_least
            .as_ref()
            .and_then(|name| self.written.tiers.get_index_of(name));
        ServiceDemand {
            flow,
            severities,
            customers,
            needs_at_least: TierId::new(lowest.unwrap_or(0)),
            work_factor: service.work_factor.unwrap_or(1.0),
            is_of_alerts: service.kind == Some(scenario::ServiceKind::Alert),
            patience: self.patience(name, service),
            attributes: self.attributes(service),
        }
    }

    /// The factor of a day. Its table costs more than the rest of a service, so services of one variance share it.
    fn day_factor(&mut self, variance: f64, path: &str) -> Option<Sampler> {
        if variance == 0.0 {
            return None;
        }
        if let Some((_, known)) = self.day_factors.iter().find(|(of, _)| *of == variance) {
            return Some(known.clone());
        }
        match Law::factor(variance) {
            Ok(law) => {
                let sampler = Sampler::of(&law);
                self.day_factors.push((variance, sampler.clone()));
                Some(sampler)
            }
            Err(wrong) => {
                self.problems
                    .error("E907", format!("{path}.day_variance").as_str(), wrong.to_string());
                None
            }
        }
    }

    /// Cuts the run into stretches of constant rate; neighbours of equal rate are joined.
    pub(super) fn flow(&mut self, arrivals: &scenario::Arrivals, share: f64, group: u32, path: &str) -> Option<Flow> {
        let zone = match arrivals.zone.as_deref() {
            Some(text) => zone(text, &format!("{path}.zone"), self.problems)?,
            None => self.origin.zone().clone(),
        };
        let hourly = self.hourly(arrivals, path)?;
        let named = arrivals
            .holidays
            .as_deref()
            .and_then(|name| self.written.calendars.get(name));
        let holidays = match named {
            Some(calendar) => self.holidays(&calendar.holidays, "calendars"),
            None => Vec::new(),
        };
        let variance = arrivals.day_variance.unwrap_or(0.0);
        let day_factor = self.day_factor(variance, path);
        let mut segments: Vec<Segment> = Vec::new();
        let (mut day, mut date) = (0, None);
        for hour in local_hours(&zone, &self.origin, self.window.last) {
            if date.is_some_and(|date| date != hour.date) {
                day += 1;
            }
            date = Some(hour.date);
            let month = arrivals
                .by_month
                .as_ref()
                .and_then(|months| months.get(hour.date.month() as usize - 1));
            let holiday = if holidays.contains(&hour.date) {
                arrivals.holiday_factor.unwrap_or(1.0)
            } else {
                1.0
            };
            let rate = hourly[hour.hour_of_week as usize] * month.unwrap_or(&1.0) * holiday * share / HOUR_MS;
            let segment = Segment {
                until_ms: hour.until.ms() as f64,
                rate,
                day,
            };
            match segments.last_mut() {
                Some(last) if last.rate == rate && (day_factor.is_none() || last.day == day) => {
                    last.until_ms = segment.until_ms;
                }
                _ => segments.push(segment),
            }
        }
        Some(Flow {
            segments,
            day_factor,
            factor_group: group,
        })
    }

    /// Tickets an hour for each hour of the week.
    pub(super) fn hourly(&mut self, arrivals: &scenario::Arrivals, path: &str) -> Option<Vec<f64>> {
        if let Some(rate) = &arrivals.rate {
            return match rate_per_hour(rate) {
                Ok(rate) => Some(vec![rate; 168]),
                Err(misread) => {
                    self.misread(&format!("{path}.rate"), misread);
                    None
                }
            };
        }
        if let Some(hours) = &arrivals.per_hour_of_week {
            return (hours.len() == 168).then(|| hours.clone());
        }
        let flat = vec![1.0; 24];
        let weekday_hours = arrivals.by_hour.as_ref().unwrap_or(&flat);
        let weekend_hours = arrivals.by_hour_weekend.as_ref().unwrap_or(weekday_hours);
        let days = arrivals.by_weekday.clone().unwrap_or_else(|| vec![1.0; 7]);
        if weekday_hours.len() != 24 || weekend_hours.len() != 24 || days.len() != 7 {
            return None;
        }
        let of_day = |day: usize| if day < 5 { weekday_hours } else { weekend_hours };
        let total: f64 = days.iter().sum();
        let week = arrivals.per_week.unwrap_or(0.0);
        let hours = (0..168).map(|hour| {
            let (day, hour) = (hour / 24, hour % 24);
            let of_day = of_day(day);
            week * days[day] / total * of_day[hour] / of_day.iter().sum::<f64>()
        });
        Some(hours.collect())
    }

    pub(super) fn ability(&self) -> Vec<Vec<Vec<(f64, TierId)>>> {
        let tiers = self.written.tiers.values();
        tiers
            .map(|tier| {
                let shares: Vec<(TierId, Vec<f64>)> = tier
                    .escalates
                    .iter()
                    .filter_map(|(name, shares)| {
                        let to = self.written.tiers.get_index_of(name)?;
                        Some((TierId::new(to), self.shares(shares)))
                    })
                    .collect();
                (0..self.names.severities.len())
                    .map(|severity| cumulated_choices(&shares, severity))
                    .collect()
            })
            .collect()
    }

    pub(super) fn pending(&mut self) -> Option<Pending> {
        let written = self.written.pending.as_ref()?;
        Some(Pending {
            share: self.shares(&written.share),
            again: written.again.unwrap_or(0.0),
            wait: self.law(&written.wait, "pending.wait")?,
            after: written.after.unwrap_or(defaults::ASKED_AFTER),
            never: written.never.unwrap_or(0.0),
            reminders: self.reminders(written),
            close_after: self.optional_length(written.close_after.as_deref(), "pending.close_after"),
        })
    }

    pub(super) fn vendor_waits(&mut self) -> Option<VendorWaits> {
        let written = self.written.vendor_waits.as_ref()?;
        Some(VendorWaits {
            share: self.shares(&written.share),
            again: written.again.unwrap_or(0.0),
            wait: self.law(&written.wait, "vendor_waits.wait")?,
            after: written.after.unwrap_or(defaults::ASKED_AFTER),
        })
    }

    pub(super) fn reopening(&mut self) -> Option<Reopening> {
        let written = self.written.reopening.as_ref()?;
        let delay = match &written.delay {
            Some(law) => Some(self.law(law, "reopening.delay")?),
            None => None,
        };
        Some(Reopening {
            share: self.shares(&written.share),
            delay,
            at_most: written.at_most.unwrap_or(u32::MAX),
            work_factor: written.work_factor.unwrap_or(1.0),
        })
    }

    pub(super) fn scripted(&mut self) -> Vec<ScriptedTicket> {
        let written = self.written;
        let mut tickets = Vec::with_capacity(written.tickets.len());
        for (index, ticket) in written.tickets.iter().enumerate() {
            tickets.extend(self.scripted_ticket(index, ticket));
        }
        tickets.sort_by_key(|ticket: &ScriptedTicket| ticket.at);
        tickets
    }

    pub(super) fn scripted_ticket(
        &mut self,
        index: usize,
        ticket: &scenario::ScriptedTicket,
    ) -> Option<ScriptedTicket> {
        let (path, written) = (format!("tickets.{index}"), self.written);
        let mut work = [None; TIERS_MAX];
        for (tier, text) in &ticket.work.0 {
            if let Some(tier) = written.tiers.get_index_of(tier).filter(|tier| *tier < TIERS_MAX) {
                work[tier] = self.length(text, &format!("{path}.work"));
            }
        }
        let mut legs = Vec::with_capacity(ticket.legs.len());
        for leg in &ticket.legs {
            legs.push(ScriptedLeg {
                answer_after: self.length(&leg.answer_after, &format!("{path}.legs"))?,
                then_work: self.length(&leg.then_work, &format!("{path}.legs"))?,
                vendor: leg.by == Some(scenario::Awaited::Vendor),
            });
        }
        let mut reopens = Vec::with_capacity(ticket.reopens_after.len());
        for text in &ticket.reopens_after {
            reopens.push(self.length(text, &format!("{path}.reopens_after"))?);
        }
        let worsens_after = ticket.worsens_after.as_ref();
        let worsens_after = worsens_after.map(|times| self.lengths(times, &format!("{path}.worsens_after")));
        let leaves_after = self.optional_length(ticket.leaves_after.as_deref(), &format!("{path}.leaves_after"));
        let linked_after = self.optional_length(ticket.linked_after.as_deref(), &format!("{path}.linked_after"));
        let workaround_after =
            self.optional_length(ticket.workaround_after.as_deref(), &format!("{path}.workaround_after"));
        let severity = |name: &Option<String>| {
            name.as_ref()
                .and_then(|name| written.severities.get_index_of(name))
                .map(SeverityId::new)
        };
        Some(ScriptedTicket {
            id: ticket.id.clone(),
            at: Instant::START + self.length(&ticket.at, &format!("{path}.at"))?,
            service: ServiceId::new(
                ticket
                    .service
                    .as_ref()
                    .and_then(|name| written.services.get_index_of(name))
                    .unwrap_or(0),
            ),
            severity: severity(&ticket.severity),
            reported: severity(&ticket.reported),
            customer: ticket
                .customer_tier
                .as_ref()
                .and_then(|name| written.customer_tiers.get_index_of(name))
                .map(CustomerTierId::new),
            team: ticket
                .team
                .as_ref()
                .and_then(|name| written.teams.get_index_of(name))
                .map(TeamId::new),
            able_from: Some(TierId::new(
                ticket
                    .able_from
                    .as_ref()
                    .and_then(|name| written.tiers.get_index_of(name))
                    .unwrap_or(0),
            )),
            work,
            legs,
            workaround_after,
            change: named(&ticket.change, &written.changes).map(ChangeId::new),
            kind: named(&ticket.kind, &written.kinds).map(KindId::new),
            acknowledges: self.answers(ticket, &path),
            leaves_after,
            says: self.written_attributes(ticket),
            worsens_after,
            incident: ticket
                .incident
                .as_ref()
                .and_then(|name| written.incidents.get_index_of(name))
                .map(IncidentId::new),
            linked_after,
            reopens_after: Some(reopens),
        })
    }
}

fn named<T>(name: &Option<String>, table: &scenario::Named<T>) -> Option<usize> {
    name.as_ref().and_then(|name| table.get_index_of(name))
}

pub(super) fn cumulated(shares: impl Iterator<Item = f64>) -> Vec<f64> {
    shares
        .scan(0.0, |sum, share| {
            *sum += share;
            Some(*sum)
        })
        .collect()
}

fn cumulated_choices(shares: &[(TierId, Vec<f64>)], severity: usize) -> Vec<(f64, TierId)> {
    let cumulated = cumulated(shares.iter().map(|(_, by_severity)| by_severity[severity]));
    let choices = cumulated.into_iter().zip(shares.iter().map(|(tier, _)| *tier));
    if shares.iter().all(|(_, by_severity)| by_severity[severity] == 0.0) {
        Vec::new()
    } else {
        choices.collect()
    }
}
