//! From what was written to what is meant: names become ids, defaults are filled, laws become samplers.
//!
//! Reports all that is wrong and goes on; the document's own checks (shape, names, sums) come before, so what is found
//! here is what only the whole shows. Draws nothing, reads no file and no clock.

use super::clocks::{OnReopen, OnSeverityChange, Target, TargetKind, TargetTable};
use super::demand::{
    Flow, Ladder, Pending, Population, Reopening, ScriptedLeg, ScriptedTicket, Segment, ServiceDemand, Triage,
};
use super::ids::{CalendarId, CrewId, CustomerTierId, ServiceId, SeverityId, TeamId, TierId};
use super::people::{Agent, Breaks, Crew, Discipline, Handoff, Preemption, ShiftEnd, Team, Tier};
use super::policy::{Action, Conditions, Measured, Route, RouteTo, Rule, RuleSet, Trigger};
use super::{Model, Names, TIERS_MAX, Window, defaults};
use crate::random::{Law, Sampler};
use crate::scenario::{self, Hours, LawBySeverity, Named, Problems, Scenario, ShareBySeverity, rate_per_hour};
use crate::time::{
    Calendar, Date, Days, Instant, Length, OpenHours, Origin, WeeklyHours, Worked, Written, Zone, local_hours,
};

const HOUR_MS: f64 = 3_600_000.0;
const WEEK_MS: f64 = 168.0 * HOUR_MS;

/// Compiles a scenario. `None` if something is wrong; `problems` then says what.
pub fn compile(scenario: &Scenario, problems: &mut Problems) -> Option<Model> {
    let model = Compiler::new(scenario, problems)?.model();
    if problems.any_error() { None } else { model }
}

/// What every part of the compilation looks things up in.
struct Compiler<'a> {
    written: &'a Scenario,
    problems: &'a mut Problems,
    names: Names,
    origin: Origin,
    window: Window,
    /// Calendar 0 is `24x7`.
    calendars: Vec<Calendar>,
    business: Option<CalendarId>,
}

const ALWAYS: &str = "24x7";

impl<'a> Compiler<'a> {
    fn new(written: &'a Scenario, problems: &'a mut Problems) -> Option<Compiler<'a>> {
        let names = names(written);
        check_sizes(&names, problems);
        let zone = zone(
            written.run.zone.as_deref().unwrap_or(defaults::ZONE),
            "run.zone",
            problems,
        )?;
        let origin = match Origin::read(&written.run.start, &zone) {
            Ok(origin) => origin,
            Err(misread) => {
                problems.error("E901", "run.start", misread.message).help(misread.help);
                return None;
            }
        };
        let mut compiler = Compiler {
            written,
            problems,
            names,
            origin,
            window: Window {
                from: Instant::START,
                until: Instant::START,
                last: Instant::START,
            },
            calendars: vec![Calendar::always()],
            business: None,
        };
        compiler.measure_window()?;
        compiler.compile_calendars();
        Some(compiler)
    }

    fn model(mut self) -> Option<Model> {
        let targets = self.targets();
        let tiers = self.tiers();
        let (teams, crews, agents) = self.teams();
        let team_of = self.team_of();
        let starts_at = self.starts_at();
        let population = self.population();
        self.check_reach(&population, &team_of, &starts_at);
        let routes = self.routes();
        let rules = RuleSet::of(self.rules());
        let handoff = self.handoff();
        let first_reply = self.length_or(self.written.first_reply.as_deref(), "first_reply", Length::ZERO);
        Some(Model {
            names: self.names,
            origin: self.origin,
            window: self.window,
            calendars: self.calendars,
            population,
            tiers,
            teams,
            crews,
            agents,
            team_of,
            routes,
            starts_at,
            targets,
            rules,
            handoff,
            first_reply,
        })
    }

    // Time.

    fn measure_window(&mut self) -> Option<()> {
        let run = &self.written.run;
        let warm_up = self.length_or(run.warm_up.as_deref(), "run.warm_up", Length::ZERO);
        let horizon = self.length(&run.horizon, "run.horizon")?;
        let drain = match run.drain.as_deref() {
            Some(drain) => self.length(drain, "run.drain")?,
            None => self.usual_drain(),
        };
        let from = Instant::START + warm_up;
        let until = from + horizon;
        if until.ms().saturating_add(drain.ms()) >= Instant::LAST.ms() / 2 {
            self.problems
                .error("E902", "run.horizon", "the run is longer than 2,000 years");
            return None;
        }
        self.window = Window {
            from,
            until,
            last: until + drain,
        };
        Some(())
    }

    /// 1.5 times the longest target, read as elapsed time: a business day of target is up to three days of drain.
    fn usual_drain(&mut self) -> Length {
        let severities = self.written.severities.values();
        let services = self
            .written
            .services
            .values()
            .flat_map(|service| service.targets.values());
        let mut longest = 0;
        for (_, target) in severities.chain(services).flat_map(scenario::Targets::each) {
            longest = longest.max(elapsed_ms(target));
        }
        let tiers = self.written.customer_tiers.values();
        let factor = tiers.clone().filter_map(|tier| tier.factor).fold(1.0, f64::max);
        longest = (longest as f64 * factor) as i64;
        longest = tiers
            .flat_map(scenario::CustomerTier::overrides)
            .map(elapsed_ms)
            .fold(longest, i64::max);
        Length::from_ms(((longest as f64 * defaults::DRAIN_TARGETS) as i64).max(defaults::DRAIN_MIN.ms()))
    }

    /// Tables reach far enough beyond the drain for any deadline that a report may show.
    fn table_end(&self) -> Instant {
        self.window.last + Length::from_ms((self.window.last - self.window.until).ms().max(60 * 24 * 3_600_000))
    }

    fn compile_calendars(&mut self) {
        let until = self.table_end();
        for (name, calendar) in &self.written.calendars {
            let path = format!("calendars.{name}");
            let zone = match calendar.zone.as_deref() {
                Some(text) => zone(text, &format!("{path}.zone"), self.problems),
                None => Some(self.origin.zone().clone()),
            };
            let hours = self.weekly(&calendar.hours, &path);
            let holidays = self.holidays(&calendar.holidays, &path);
            let compiled = match (zone, hours) {
                (Some(zone), Some(hours)) => Calendar::compile(&zone, &hours, &holidays, &self.origin, until),
                _ => Calendar::always(),
            };
            self.calendars.push(compiled);
        }
        self.business = match self.written.run.business_calendar.as_deref() {
            Some(name) => Some(self.calendar(name)),
            None if self.written.calendars.len() == 1 => Some(CalendarId::new(1)),
            None => None,
        };
    }

    fn calendar(&self, name: &str) -> CalendarId {
        let index = self.written.calendars.get_index_of(name).map_or(0, |index| index + 1);
        CalendarId::new(if name == ALWAYS && !self.written.calendars.contains_key(ALWAYS) {
            0
        } else {
            index
        })
    }

    fn weekly(&mut self, hours: &Hours, path: &str) -> Option<WeeklyHours> {
        let text = match hours {
            Hours::Always(_) => return Some(WeeklyHours::always()),
            Hours::Weekly(text) => text,
        };
        let mut weekly = WeeklyHours::closed();
        for (days, times) in &text.0 {
            let read = days
                .parse::<Days>()
                .and_then(|days| Ok((days, OpenHours::read_day(times)?)));
            match read {
                Ok((days, times)) => weekly = weekly.open(days, &times),
                Err(misread) => {
                    self.problems
                        .error("E903", format!("{path}.hours").as_str(), misread.message)
                        .help(misread.help);
                    return None;
                }
            }
        }
        Some(weekly)
    }

    fn holidays(&mut self, dates: &[String], path: &str) -> Vec<Date> {
        let mut holidays = Vec::with_capacity(dates.len());
        for (index, date) in dates.iter().enumerate() {
            match date.parse() {
                Ok(date) => holidays.push(date),
                Err(misread) => {
                    self.misread(&format!("{path}.holidays.{index}"), misread);
                }
            }
        }
        holidays
    }

    fn misread(&mut self, path: &str, misread: crate::time::Misread) {
        self.problems.error("E904", path, misread.message).help(misread.help);
    }

    fn written_time(&mut self, text: &str, path: &str) -> Option<Written> {
        match text.parse::<Written>() {
            Ok(written) => Some(written),
            Err(misread) => {
                self.misread(path, misread);
                None
            }
        }
    }

    fn length(&mut self, text: &str, path: &str) -> Option<Length> {
        match self.written_time(text, path)?.elapsed() {
            Some(length) => Some(length),
            None => {
                let message = "business time has no place here";
                self.problems
                    .error("E905", path, message)
                    .help("write a time round the clock, like `8h`");
                None
            }
        }
    }

    fn length_or(&mut self, text: Option<&str>, path: &str, default: Length) -> Length {
        text.and_then(|text| self.length(text, path)).unwrap_or(default)
    }

    /// A time that may be in business units, and the calendar that it runs on.
    fn on_calendar(&mut self, text: &str, calendar: Option<&str>, path: &str) -> Option<(Worked, CalendarId)> {
        let written = self.written_time(text, path)?;
        let calendar = match (calendar, written) {
            (Some(name), _) => self.calendar(name),
            (None, Written::Clock(_)) => CalendarId::ALWAYS,
            (None, Written::Business(_)) => match self.business {
                Some(calendar) => calendar,
                None => {
                    self.problems
                        .error("E906", path, "business time without a calendar")
                        .help("name one here with `calendar`, or for all with `run.business_calendar`");
                    return None;
                }
            },
        };
        Some((written.on_calendar(), calendar))
    }

    // Promises.

    fn targets(&mut self) -> TargetTable {
        let sizes = [
            self.names.severities.len(),
            self.names.services.len(),
            self.names.customer_tiers.len(),
        ];
        let written = self.written;
        TargetTable::fill(sizes, |severity, service, customer, kind| {
            self.target(written, severity, service, customer, kind)
        })
    }

    /// The most specific target: severity with customer tier and service, with customer tier, with service, alone. The
    /// customer tier's factor applies to what is not its own.
    fn target(
        &mut self,
        written: &Scenario,
        severity: SeverityId,
        service: ServiceId,
        customer: CustomerTierId,
        kind: TargetKind,
    ) -> Option<Target> {
        let (severity_name, targets) = written.severities.get_index(severity.index())?;
        let (service_name, of_service) = written.services.get_index(service.index())?;
        let of_customer = written.customer_tiers.get_index(customer.index());
        if let Some((customer_name, of_customer)) = of_customer {
            let specific = of_customer
                .service_targets
                .get(service_name)
                .and_then(|targets| targets.get(severity_name));
            let path = format!("customer_tiers.{customer_name}.service_targets.{service_name}.{severity_name}");
            if let Some(target) = specific.and_then(|targets| pick(targets, kind)) {
                return self.one_target(target, kind, &path, 1.0);
            }
            let path = format!("customer_tiers.{customer_name}.targets.{severity_name}");
            if let Some(target) = of_customer
                .targets
                .get(severity_name)
                .and_then(|targets| pick(targets, kind))
            {
                return self.one_target(target, kind, &path, 1.0);
            }
        }
        let factor = match kind {
            TargetKind::Update => 1.0,
            _ => of_customer
                .and_then(|(_, of_customer)| of_customer.factor)
                .unwrap_or(1.0),
        };
        let path = format!("services.{service_name}.targets.{severity_name}");
        if let Some(target) = of_service
            .targets
            .get(severity_name)
            .and_then(|targets| pick(targets, kind))
        {
            return self.one_target(target, kind, &path, factor);
        }
        let target = pick(targets, kind)?;
        self.one_target(target, kind, &format!("severities.{severity_name}"), factor)
    }

    fn one_target(&mut self, target: &scenario::Target, kind: TargetKind, path: &str, factor: f64) -> Option<Target> {
        let path = format!("{path}.{}", kind.name());
        let plain;
        let detail = match target {
            scenario::Target::Detailed(detail) => detail,
            scenario::Target::Plain(within) => {
                plain = scenario::TargetDetail {
                    within: within.clone(),
                    calendar: None,
                    pauses: None,
                    on_severity_change: None,
                    on_reopen: None,
                };
                &plain
            }
        };
        let (within, calendar) = self.on_calendar(&detail.within, detail.calendar.as_deref(), &path)?;
        Some(Target {
            within: Worked::from_ms((within.ms() as f64 * factor).round() as i64),
            calendar,
            pauses: detail.pauses.unwrap_or(kind == TargetKind::Resolve),
            on_severity_change: match detail.on_severity_change {
                Some(scenario::OnSeverityChange::Restart) => OnSeverityChange::Restart,
                Some(scenario::OnSeverityChange::Retroactive) | None => OnSeverityChange::Retroactive,
            },
            on_reopen: match detail.on_reopen {
                Some(scenario::OnReopen::Restart) => OnReopen::Restart,
                Some(scenario::OnReopen::Resume) | None => OnReopen::Resume,
            },
        })
    }

    // Laws.

    fn law(&mut self, law: &scenario::Law, path: &str) -> Option<Sampler> {
        let ms = |this: &mut Self, text: &str| this.length(text, path).map(|length| length.ms() as f64);
        let built = match law {
            scenario::Law::Deterministic(value) => Law::deterministic(ms(self, value)?),
            scenario::Law::Exponential(mean) => Law::exponential(ms(self, mean)?),
            scenario::Law::Lognormal { median, sigma } => Law::lognormal(ms(self, median)?, *sigma),
            scenario::Law::Gamma { mean, shape } => Law::gamma(ms(self, mean)?, *shape),
            scenario::Law::Weibull { scale, shape } => Law::weibull(ms(self, scale)?, *shape),
            scenario::Law::Erlang { mean, stages } => Law::erlang(ms(self, mean)?, *stages),
            scenario::Law::Hyperexponential(phases) => {
                let mut branches = Vec::with_capacity(phases.len());
                for phase in phases {
                    branches.push((phase.share, ms(self, &phase.mean)?));
                }
                Law::hyperexponential(branches)
            }
            scenario::Law::Empirical(sample) => {
                let mut values = Vec::with_capacity(sample.len());
                for value in sample {
                    values.push(ms(self, value)?);
                }
                Law::empirical(values)
            }
        };
        match built {
            Ok(law) => Some(Sampler::of(&law)),
            Err(wrong) => {
                self.problems.error("E907", path, wrong.to_string());
                None
            }
        }
    }

    fn laws(&mut self, laws: &LawBySeverity, path: &str) -> Vec<Sampler> {
        let severities = self.names.severities.clone();
        match laws {
            LawBySeverity::All(law) => match self.law(law, path) {
                Some(sampler) => vec![sampler; severities.len()],
                None => Vec::new(),
            },
            LawBySeverity::By(laws) => {
                let mut samplers = Vec::with_capacity(severities.len());
                for severity in &severities {
                    match laws.get(severity).or_else(|| laws.get("other")) {
                        Some(law) => samplers.extend(self.law(law, path)),
                        None => {
                            self.problems
                                .error("E908", path, format!("no law for severity `{severity}`"))
                                .help("add one, or `other` for the severities that are not named");
                        }
                    }
                }
                samplers
            }
        }
    }

    fn shares(&self, shares: &ShareBySeverity) -> Vec<f64> {
        let severities = &self.names.severities;
        match shares {
            ShareBySeverity::All(share) => vec![*share; severities.len()],
            ShareBySeverity::By(shares) => severities
                .iter()
                .map(|severity| {
                    shares
                        .get(severity)
                        .or_else(|| shares.get("other"))
                        .copied()
                        .unwrap_or(0.0)
                })
                .collect(),
        }
    }

    // People.

    fn tiers(&mut self) -> Vec<Tier> {
        let written = self.written;
        let mut tiers = Vec::with_capacity(written.tiers.len());
        for (name, tier) in &written.tiers {
            let work = self.laws(&tier.work, &format!("tiers.{name}.work"));
            let diagnosis = match &tier.diagnosis {
                Some(laws) => self.laws(laws, &format!("tiers.{name}.diagnosis")),
                None => work.clone(),
            };
            tiers.push(Tier { work, diagnosis });
        }
        tiers
    }

    fn teams(&mut self) -> (Vec<Team>, Vec<Crew>, Vec<Agent>) {
        let (written, mut teams, mut crews, mut agents) = (self.written, Vec::new(), Vec::new(), Vec::new());
        for (index, (name, team)) in written.teams.iter().enumerate() {
            let first = agents.len();
            for crew in self.crews(TeamId::new(index), name, team) {
                let from = agents.len();
                let id = CrewId::new(crews.len());
                let count = crew.agents.len();
                agents.extend((1..=count as u32).map(|number| Agent {
                    team: TeamId::new(index),
                    crew: id,
                    number,
                }));
                crews.push(Crew {
                    agents: from..from + count,
                    ..crew
                });
            }
            teams.push(self.team(name, team, first..agents.len()));
        }
        (teams, crews, agents)
    }

    fn team(&mut self, name: &str, team: &scenario::Team, agents: std::ops::Range<usize>) -> Team {
        let path = format!("teams.{name}");
        let discipline = match team.discipline.unwrap_or(scenario::Discipline::Severity) {
            scenario::Discipline::Fifo => Discipline::Fifo,
            scenario::Discipline::Severity => Discipline::Severity,
            scenario::Discipline::SeverityCustomer => Discipline::SeverityCustomer,
            scenario::Discipline::Deadline => Discipline::Deadline,
            scenario::Discipline::Ageing => {
                let path = format!("{path}.ageing_step");
                Discipline::Ageing(self.length_or(team.ageing_step.as_deref(), &path, defaults::AGEING_STEP))
            }
        };
        let preemption = team.preemption.as_ref().map(|preemption| {
            let path = format!("{path}.preemption.switch_cost");
            let switch_cost = self.length_or(preemption.switch_cost.as_deref(), &path, defaults::SWITCH_COST);
            let by = listed(preemption.by.as_deref(), &self.names.severities);
            Preemption {
                switch_cost,
                by,
                back_to_team: preemption.resume == Some(scenario::Resume::Team),
            }
        });
        let shift_end = match team.shift_end.unwrap_or(scenario::ShiftEnd::Finish) {
            scenario::ShiftEnd::Finish => {
                let path = format!("{path}.max_overtime");
                ShiftEnd::Finish(self.length_or(team.max_overtime.as_deref(), &path, defaults::OVERTIME_MAX))
            }
            scenario::ShiftEnd::HandOff => ShiftEnd::HandOff,
            scenario::ShiftEnd::Hold => ShiftEnd::Hold,
        };
        let tier = TierId::new(self.written.tiers.get_index_of(&team.tier).unwrap_or(0));
        Team {
            tier,
            discipline,
            preemption,
            shift_end,
            agents,
        }
    }

    /// Crews of a team; their agents are still numbered from 0.
    fn crews(&mut self, id: TeamId, name: &str, team: &scenario::Team) -> Vec<Crew> {
        let path = format!("teams.{name}");
        let shrinkage = team.shrinkage.as_ref();
        let absent = shrinkage.and_then(|shrinkage| shrinkage.absent).unwrap_or(0.0);
        let breaks = shrinkage
            .filter(|shrinkage| shrinkage.breaks.is_some_and(|share| share > 0.0))
            .map(|shrinkage| {
                let path = format!("{path}.shrinkage.break_slip");
                Breaks {
                    share: shrinkage.breaks.unwrap_or(0.0),
                    count: shrinkage.break_count.unwrap_or(defaults::BREAKS),
                    slip: self.length_or(shrinkage.break_slip.as_deref(), &path, defaults::BREAK_SLIP),
                }
            });
        let crew = |name: Option<&String>, count: u32| Crew {
            name: name.cloned(),
            team: id,
            shifts: Vec::new(),
            always: true,
            absent,
            breaks,
            agents: 0..count as usize,
        };
        if let Some(headcount) = team.headcount {
            return vec![crew(None, headcount)];
        }
        let mut crews = Vec::with_capacity(team.shifts.len());
        for (shift_name, shift) in &team.shifts {
            let path = format!("{path}.shifts.{shift_name}");
            let intervals = self.shift_intervals(shift, &path);
            let always = intervals.is_none();
            let shifts = intervals.unwrap_or_default();
            crews.push(Crew {
                shifts,
                always,
                ..crew(Some(shift_name), shift.headcount)
            });
        }
        crews
    }

    /// When a shift's people are on duty; `None`: always.
    fn shift_intervals(&mut self, shift: &scenario::Shift, path: &str) -> Option<Vec<(Instant, Instant)>> {
        let weekly = self.weekly(&shift.hours, path)?;
        let written = self.written;
        let holidays = match shift
            .holidays
            .as_deref()
            .and_then(|name| Some((name, written.calendars.get(name)?)))
        {
            Some((name, calendar)) => self.holidays(&calendar.holidays, &format!("calendars.{name}")),
            None => Vec::new(),
        };
        if weekly.is_always() && holidays.is_empty() {
            return None;
        }
        let zone = match shift.zone.as_deref() {
            Some(text) => zone(text, &format!("{path}.zone"), self.problems)?,
            None => self.origin.zone().clone(),
        };
        let calendar = Calendar::compile(&zone, &weekly, &holidays, &self.origin, self.table_end());
        Some(calendar.intervals().collect())
    }

    fn team_of(&self) -> Vec<Vec<Option<TeamId>>> {
        let written = self.written;
        let able = |team: &scenario::Team, service: &scenario::Service| match &team.skills {
            None => true,
            Some(skills) => service.needs.iter().all(|need| skills.contains(need)),
        };
        let first = |tier: &String, service: &scenario::Service| {
            let mut teams = written.teams.values();
            teams
                .position(|team| team.tier == *tier && able(team, service))
                .map(TeamId::new)
        };
        let tiers = written.tiers.keys();
        tiers
            .map(|tier| written.services.values().map(|service| first(tier, service)).collect())
            .collect()
    }

    fn starts_at(&self) -> Vec<TierId> {
        let tier = |name: &Option<String>| name.as_ref().and_then(|name| self.written.tiers.get_index_of(name));
        let services = self.written.services.values();
        services
            .map(|service| TierId::new(tier(&service.starts_at).or(tier(&service.needs_at_least)).unwrap_or(0)))
            .collect()
    }

    fn handoff(&mut self) -> Handoff {
        let written = &self.written.handoff;
        let cold = written.shift_end == Some(scenario::HandoffKind::Cold);
        Handoff {
            context_loss: written.context_loss.unwrap_or(defaults::CONTEXT_LOSS),
            overlap: self.length_or(written.overlap.as_deref(), "handoff.overlap", Length::ZERO),
            cold,
            escalation_notes: self.length_or(
                written.escalation_notes.as_deref(),
                "handoff.escalation_notes",
                Length::ZERO,
            ),
            escalation_loss: written.escalation_loss.unwrap_or(0.0),
        }
    }

    // Demand.

    fn population(&mut self) -> Population {
        let written = self.written;
        let mut services = Vec::with_capacity(written.services.len());
        for (index, (name, service)) in written.services.iter().enumerate() {
            let flow = match (&service.arrivals, service.share, &written.arrivals) {
                (Some(own), _, _) => Some(self.flow(own, 1.0, index as u32 + 1, &format!("services.{name}.arrivals"))),
                (None, Some(share), Some(all)) => Some(self.flow(all, share, 0, "arrivals")),
                _ => None,
            };
            services.push(self.service(service, flow.flatten()));
        }
        Population {
            services,
            scripted: self.scripted(),
            severities: self.names.severities.len(),
            ladder: Ladder::of(self.names.severities.len(), &self.ability()),
            triage: self.triage(),
            pending: self.pending(),
            reopening: self.reopening(),
        }
    }

    fn service(&self, service: &scenario::Service, flow: Option<Flow>) -> ServiceDemand {
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
        }
    }

    /// Cuts the run into stretches of constant rate; neighbours of equal rate are joined.
    fn flow(&mut self, arrivals: &scenario::Arrivals, share: f64, group: u32, path: &str) -> Option<Flow> {
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
        let day_factor = match Law::factor(variance) {
            _ if variance == 0.0 => None,
            Ok(law) => Some(Sampler::of(&law)),
            Err(wrong) => {
                self.problems
                    .error("E907", format!("{path}.day_variance").as_str(), wrong.to_string());
                None
            }
        };
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
    fn hourly(&mut self, arrivals: &scenario::Arrivals, path: &str) -> Option<Vec<f64>> {
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

    fn ability(&self) -> Vec<Vec<Vec<(f64, TierId)>>> {
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

    fn triage(&mut self) -> Triage {
        let written = self.written.triage.as_ref();
        let severities = &self.names.severities;
        let confusion = written.filter(|triage| !triage.confusion.is_empty()).map(|triage| {
            let row = |severity: &String| match triage.confusion.get(severity) {
                Some(row) => cumulated(severities.iter().map(|name| row.get(name).copied().unwrap_or(0.0))),
                None => cumulated(severities.iter().map(|name| f64::from(u8::from(name == severity)))),
            };
            severities.iter().map(row).collect()
        });
        let correction = written.and_then(|triage| triage.override_.as_ref());
        let work = correction.and_then(|correction| correction.work.as_deref());
        Triage {
            confusion,
            corrects_over: correction.map_or(0.0, |correction| correction.over),
            corrects_under: correction.map_or(0.0, |correction| correction.under),
            correction_work: self.length_or(work, "triage.override.work", Length::ZERO),
        }
    }

    fn pending(&mut self) -> Option<Pending> {
        let written = self.written.pending.as_ref()?;
        Some(Pending {
            share: self.shares(&written.share),
            again: written.again.unwrap_or(0.0),
            wait: self.law(&written.wait, "pending.wait")?,
            after: written.after.unwrap_or(defaults::ASKED_AFTER),
        })
    }

    fn reopening(&mut self) -> Option<Reopening> {
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

    fn scripted(&mut self) -> Vec<ScriptedTicket> {
        let written = self.written;
        let mut tickets = Vec::with_capacity(written.tickets.len());
        for (index, ticket) in written.tickets.iter().enumerate() {
            tickets.extend(self.scripted_ticket(index, ticket));
        }
        tickets.sort_by_key(|ticket: &ScriptedTicket| ticket.at);
        tickets
    }

    fn scripted_ticket(&mut self, index: usize, ticket: &scenario::ScriptedTicket) -> Option<ScriptedTicket> {
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
            });
        }
        let mut reopens = Vec::with_capacity(ticket.reopens_after.len());
        for text in &ticket.reopens_after {
            reopens.push(self.length(text, &format!("{path}.reopens_after"))?);
        }
        let severity = |name: &Option<String>| {
            name.as_ref()
                .and_then(|name| written.severities.get_index_of(name))
                .map(SeverityId::new)
        };
        Some(ScriptedTicket {
            id: ticket.id.clone().unwrap_or_else(|| (index + 1).to_string()),
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
            reopens_after: Some(reopens),
        })
    }

    // Policy.

    fn conditions(&self, condition: &scenario::Condition) -> Conditions {
        let teams = self.written.teams.iter().map(|(name, team)| {
            let tier = condition.tier.as_ref().is_none_or(|tiers| tiers.contains(&team.tier));
            let named = condition.team.as_ref().is_none_or(|teams| teams.contains(name));
            tier && named
        });
        Conditions {
            severities: listed(condition.severity.as_deref(), &self.names.severities),
            services: listed(condition.service.as_deref(), &self.names.services),
            customers: listed(condition.customer_tier.as_deref(), &self.names.customer_tiers),
            teams: teams.collect(),
            open: condition.open.as_deref().map(|name| self.calendar(name)),
        }
    }

    /// A tier or a team by name; a tier wins where both have it.
    fn destination(&self, name: &str) -> Option<RouteTo> {
        let tier = self
            .written
            .tiers
            .get_index_of(name)
            .map(|tier| RouteTo::Tier(TierId::new(tier)));
        tier.or_else(|| {
            self.written
                .teams
                .get_index_of(name)
                .map(|team| RouteTo::Team(TeamId::new(team)))
        })
    }

    fn routes(&self) -> Vec<Route> {
        let routes = self.written.routes.values();
        routes
            .filter_map(|route| {
                Some(Route {
                    conditions: self.conditions(&route.if_),
                    to: self.destination(&route.to)?,
                })
            })
            .collect()
    }

    fn rules(&mut self) -> Vec<Rule> {
        let written: &'a Named<scenario::Rule> = &self.written.rules;
        let mut rules = Vec::with_capacity(written.len());
        self.names.rules.clear();
        for (name, rule) in written.iter().filter(|(_, rule)| rule.enabled != Some(false)) {
            let Some(trigger) = self.trigger(&rule.when, &format!("rules.{name}.when")) else {
                continue;
            };
            let actions = rule.then.iter().filter_map(|action| self.action(action)).collect();
            rules.push(Rule {
                trigger,
                conditions: self.conditions(&rule.if_),
                actions,
            });
            self.names.rules.push(name.clone());
        }
        rules
    }

    fn trigger(&mut self, trigger: &scenario::Trigger, path: &str) -> Option<Trigger> {
        let kind = |kind: &scenario::TargetKind| match kind {
            scenario::TargetKind::FirstResponse => TargetKind::FirstResponse,
            scenario::TargetKind::Update => TargetKind::Update,
            scenario::TargetKind::Resolve => TargetKind::Resolve,
        };
        Some(match trigger {
            scenario::Trigger::Consumed { of, share } => Trigger::Consumed(kind(of), *share),
            scenario::Trigger::Left { of, time } => {
                Trigger::Left(kind(of), self.written_time(time, path)?.on_calendar())
            }
            scenario::Trigger::InQueue(clock) => self.elapsed(Measured::InQueue, clock, path)?,
            scenario::Trigger::InTeam(clock) => self.elapsed(Measured::InTeam, clock, path)?,
            scenario::Trigger::InTier(clock) => self.elapsed(Measured::InTier, clock, path)?,
            scenario::Trigger::WithOwner(clock) => self.elapsed(Measured::WithOwner, clock, path)?,
            scenario::Trigger::Created(_) => Trigger::Created,
        })
    }

    fn elapsed(&mut self, measured: Measured, clock: &scenario::Clock, path: &str) -> Option<Trigger> {
        let (text, calendar) = match clock {
            scenario::Clock::Plain(text) => (text, None),
            scenario::Clock::Detailed(detail) => (&detail.after, detail.calendar.as_deref()),
        };
        let (amount, calendar) = self.on_calendar(text, calendar, path)?;
        Some(Trigger::Elapsed(measured, amount, calendar))
    }

    fn action(&self, action: &scenario::Action) -> Option<Action> {
        let severity = |name: &str| self.written.severities.get_index_of(name).map(SeverityId::new);
        Some(match action {
            scenario::Action::Alert(_) => Action::Alert,
            scenario::Action::Transfer(to) => match self.destination(to)? {
                RouteTo::Tier(tier) => Action::TransferToTier(tier),
                RouteTo::Team(team) => Action::TransferToTeam(team),
            },
            scenario::Action::Raise(scenario::Raise::Steps(steps)) => Action::RaiseBy((*steps).min(255) as u8),
            scenario::Action::Raise(scenario::Raise::To(name)) => Action::RaiseTo(severity(name)?),
            scenario::Action::Lower(scenario::Raise::Steps(steps)) => Action::LowerBy((*steps).min(255) as u8),
            scenario::Action::Lower(scenario::Raise::To(name)) => Action::LowerTo(severity(name)?),
        })
    }

    /// Every tier that a service's tickets can come to needs a team with the skills.
    fn check_reach(&mut self, population: &Population, team_of: &[Vec<Option<TeamId>>], starts_at: &[TierId]) {
        for (index, (name, service)) in self.written.services.iter().enumerate() {
            let mut reached = vec![false; self.names.tiers.len()];
            reached[starts_at[index].index()] = true;
            reached[population.services[index].needs_at_least.index()] = true;
            for tier in 0..reached.len() {
                if reached[tier] {
                    for severity in (0..self.names.severities.len()).map(SeverityId::new) {
                        let next = population.ladder.above(TierId::new(tier), severity);
                        next.iter().for_each(|(_, to)| reached[to.index()] = true);
                    }
                }
            }
            for (tier, _) in reached
                .iter()
                .enumerate()
                .filter(|(tier, reached)| **reached && team_of[*tier][index].is_none())
            {
                let tier = &self.names.tiers[tier];
                let what = if service.needs.is_empty() {
                    String::new()
                } else {
                    format!(" with {:?}", service.needs)
                };
                self.problems
                    .error(
                        "E909",
                        format!("services.{name}").as_str(),
                        format!("tickets of `{name}` come to {tier}, where no team{what} works"),
                    )
                    .help(format!(
                        "add a team with `tier = \"{tier}\"`, or the skills to one that is there"
                    ));
            }
        }
    }
}

fn names(written: &Scenario) -> Names {
    let keys = |mut names: Vec<String>| {
        if names.is_empty() {
            names.push(String::new());
        }
        names
    };
    Names {
        scenario: written.name.clone(),
        severities: written.severities.keys().cloned().collect(),
        services: written.services.keys().cloned().collect(),
        customer_tiers: keys(written.customer_tiers.keys().cloned().collect()),
        tiers: written.tiers.keys().cloned().collect(),
        teams: written.teams.keys().cloned().collect(),
        rules: written.rules.keys().cloned().collect(),
        calendars: std::iter::once(ALWAYS.to_string())
            .chain(written.calendars.keys().cloned())
            .collect(),
    }
}

fn check_sizes(names: &Names, problems: &mut Problems) {
    let limits = [
        ("severities", names.severities.len(), 64),
        ("services", names.services.len(), 10_000),
        ("customer_tiers", names.customer_tiers.len(), 64),
        ("tiers", names.tiers.len(), TIERS_MAX),
        ("teams", names.teams.len(), 10_000),
        ("rules", names.rules.len(), 10_000),
    ];
    for (table, count, most) in limits.into_iter().filter(|(_, count, most)| count > most) {
        problems.error("E910", table, format!("{count} {table}, at most {most} are possible"));
    }
    for (table, _, _) in limits
        .into_iter()
        .filter(|(_, count, _)| *count == 0)
        .filter(|(table, _, _)| *table != "rules")
    {
        problems.error("E911", table, format!("the scenario has no {table}"));
    }
}

fn zone(text: &str, path: &str, problems: &mut Problems) -> Option<Zone> {
    match text.parse() {
        Ok(zone) => Some(zone),
        Err(misread) => {
            let misread: crate::time::Misread = misread;
            problems.error("E904", path, misread.message).help(misread.help);
            None
        }
    }
}

fn pick(targets: &scenario::Targets, kind: TargetKind) -> Option<&scenario::Target> {
    match kind {
        TargetKind::FirstResponse => targets.first_response.as_ref(),
        TargetKind::Update => targets.update.as_ref(),
        TargetKind::Resolve => targets.resolve.as_ref(),
    }
}

/// A target as elapsed time, roughly: business time stretched to the whole week.
fn elapsed_ms(target: &scenario::Target) -> i64 {
    let (text, on_calendar) = match target {
        scenario::Target::Plain(text) => (text, false),
        scenario::Target::Detailed(detail) => (&detail.within, detail.calendar.is_some()),
    };
    let stretched = |ms: i64| (ms as f64 * WEEK_MS / (40.0 * HOUR_MS)) as i64;
    match text.parse::<Written>() {
        Ok(Written::Clock(length)) if !on_calendar => length.ms(),
        Ok(written) => stretched(written.on_calendar().ms()),
        Err(_) => 0,
    }
}

/// Which of `names` are in the list; all of them without a list.
fn listed(list: Option<&[String]>, names: &[String]) -> Vec<bool> {
    names
        .iter()
        .map(|name| list.is_none_or(|list| list.contains(name)))
        .collect()
}

fn cumulated(shares: impl Iterator<Item = f64>) -> Vec<f64> {
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
