//! Rows: metric × slice, the same list for every replication of a candidate.

use super::counts::Counts;
use super::flow::Flow;
use super::metrics::{Estimator, Feature, METRICS, Metric, Source, Span, Timing};
use super::occasions::{Occasion, OccasionCounts};
use super::oncall::Calls;
use super::process::GateCounts;
use super::timeline::HourOfWeek;
use super::times::Histograms;
use super::{Measure, money, oncall};
use crate::model::{Action, Costs, Model, TargetKind};
use crate::stats::sketch::{Buckets, LogHistogram};
use crate::time::Length;

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Index into [`METRICS`].
    pub metric: usize,
    /// `all`, `severity`, ….
    pub by: &'static str,
    /// The slice's value; empty for `all`.
    pub group: String,
}

impl Row {
    /// Its metric.
    pub fn metric(&self) -> &'static Metric {
        &METRICS[self.metric]
    }
}

/// One replication's numbers, by row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    /// Numerators; the quantile itself for quantiles.
    pub numerators: Vec<f64>,
    /// Denominators; the number of values for quantiles.
    pub denominators: Vec<f64>,
}

/// Tickets of one combination; `None` takes all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pick {
    /// Reported severity.
    pub severity: Option<usize>,
    /// True severity.
    pub true_severity: Option<usize>,
    /// Service.
    pub service: Option<usize>,
    /// Customer tier.
    pub customer: Option<usize>,
}

impl Pick {
    /// Whether the cell of these four is one of them.
    fn takes(&self, cell: [usize; 4]) -> bool {
        let wanted = [self.severity, self.true_severity, self.service, self.customer];
        wanted
            .iter()
            .zip(cell)
            .all(|(wanted, index)| wanted.is_none_or(|wanted| wanted == index))
    }
}

/// The dimensions of a model, and the rows that follow from them.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(super) severities: usize,
    pub(super) services: usize,
    pub(super) customers: usize,
    pub(super) teams: usize,
    pub(super) rules: usize,
    /// Whether the reported severity can differ from the true one.
    pub(super) truth: bool,
    /// Whether neither true severities nor services nor customer tiers are told apart.
    pub(super) by_severity_alone: bool,
    /// Whether it is asked when tickets are mitigated.
    pub(super) mitigates: bool,
    /// Whether the first work on a ticket can be at another time than its first response.
    pub(super) engages_apart: bool,
    /// Whether resolve targets have calendars.
    pub(super) calendars: bool,
    /// Whether each return of a ticket may be a due item of its own.
    pub has_cycles: bool,
    /// Whether there are roles, gates, reviews and the like.
    pub(super) process: bool,
    /// Whether any of these five asks something of every ticket.
    pub(super) more_to_settle: bool,
    /// Names of the gates.
    pub(super) gates: Vec<String>,
    features: Vec<Feature>,
    /// Whether anybody can be paged.
    pub(super) on_call: bool,
    /// By [`TargetKind::occasional`]: whether there are such clocks.
    occasions: [bool; TargetKind::OCCASIONAL.len()],
    /// Whether somebody can be paged by name, not through a schedule.
    pages_by_name: bool,
    /// Tier of each team.
    pub(super) team_tiers: Vec<usize>,
    pub(super) tiers: usize,
    span: Span,
    /// Scheduled time of each team's people in the window, ms.
    pub(super) paid_ms: Vec<i64>,
    /// Whether money is counted.
    pub(super) costs: bool,
    /// Pay of each team's people for that time, thousandths.
    pub(super) pay: Vec<i64>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// Slices of the tickets' cells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    All,
    Severity(usize),
    Truth(usize),
    Service(usize),
    Customer(usize),
}

impl Cut {
    /// Whether the cell of these four is in it.
    fn takes(self, [severity, truth, service, customer]: [usize; 4]) -> bool {
        match self {
            Cut::All => true,
            Cut::Severity(wanted) => wanted == severity,
            Cut::Truth(wanted) => wanted == truth,
            Cut::Service(wanted) => wanted == service,
            Cut::Customer(wanted) => wanted == customer,
        }
    }
}

impl Layout {
    /// The layout of a model.
    pub fn of(model: &Model) -> Layout {
        let names = &model.names;
        let changes = model.rules.rules.iter().flat_map(|rule| &rule.actions).any(|action| {
            matches!(
                action,
                Action::RaiseBy(_) | Action::RaiseTo(_) | Action::LowerBy(_) | Action::LowerTo(_)
            )
        });
        let written = model.population.scripted.iter().any(|ticket| ticket.reported.is_some());
        let mut layout = Layout {
            severities: names.severities.len(),
            services: names.services.len(),
            customers: names.customer_tiers.len(),
            teams: names.teams.len(),
            rules: names.rules.len(),
            truth: names.severities.len() > 1
                && (model.population.triage.errs() || changes || written || model.population.worsens),
            by_severity_alone: false,
            mitigates: model.mitigates(),
            engages_apart: model.first_reply > Length::ZERO
                || model.on_call.is_used()
                || !model.population.incidents.is_empty(),
            calendars: model.targets.on_calendars(TargetKind::Resolve),
            has_cycles: model
                .targets
                .of_kind(TargetKind::Resolve)
                .any(|target| target.per_cycle),
            process: model.uses.process,
            more_to_settle: false,
            gates: model.process.gates.iter().map(|gate| gate.name.clone()).collect(),
            features: Vec::new(),
            on_call: model.on_call.is_used(),
            occasions: TargetKind::OCCASIONAL.map(|kind| {
                let calls = kind == TargetKind::Acknowledge;
                model.targets.any(kind) && (!calls || model.on_call.is_used())
            }),
            pages_by_name: !oncall::by_name(model).is_empty(),
            team_tiers: model.teams.iter().map(|team| team.tier.index()).collect(),
            tiers: names.tiers.len(),
            span: Span {
                ms: (model.window.until - model.window.from).ms() as f64,
            },
            paid_ms: (0..names.teams.len()).map(|team| paid_ms(model, team)).collect(),
            costs: model.costs.is_some(),
            pay: (0..names.teams.len()).map(|team| money::pay(model, team)).collect(),
            rows: Vec::new(),
        };
        layout.more_to_settle =
            layout.truth || layout.mitigates || layout.engages_apart || layout.calendars || layout.process;
        layout.by_severity_alone = !layout.truth && layout.services == 1 && layout.customers == 1;
        layout.features = features(model, layout.truth);
        layout.rows = layout.list_rows(model);
        layout
    }

    fn list_rows(&self, model: &Model) -> Vec<Row> {
        let names = &model.names;
        let mut rows = Vec::new();
        for (metric, what) in METRICS.iter().enumerate() {
            let mut add = |by: &'static str, groups: &[String]| {
                rows.extend(groups.iter().map(|group| Row {
                    metric,
                    by,
                    group: group.clone(),
                }));
            };
            let all = [String::new()];
            match what.source {
                _ if !self.asks(what.source) => {}
                Source::Gates(_) | Source::Times(Timing::GateWait) => {
                    add("all", &all);
                    add("gate", &self.gates);
                }
                Source::Teams(_)
                | Source::SomeTeams(..)
                | Source::CalledTeams(_)
                | Source::Times(Timing::QueueWait | Timing::QueueAge) => {
                    add("all", &all);
                    add("support_tier", &names.tiers);
                    add("team", &names.teams);
                }
                Source::Queues(_) => {
                    add("all", &all);
                    add("severity", &names.severities);
                    add("support_tier", &names.tiers);
                    add("team", &names.teams);
                }
                Source::Tickets(_)
                | Source::SomeTickets(..)
                | Source::Calls(_)
                | Source::SomeCalls(..)
                | Source::Occasions(..)
                | Source::Samples(_)
                | Source::Times(_) => {
                    add("all", &all);
                    add("severity", &names.severities);
                    if self.truth {
                        add("true_severity", &names.severities);
                    }
                    add("service", &names.services);
                    if self.customers > 1 {
                        add("customer_tier", &names.customer_tiers);
                    }
                    if self.teams_told_apart() > 0 {
                        add("support_tier", &names.tiers);
                        add("team", &names.teams);
                    }
                }
                Source::Schedules(_) => {
                    add("all", &all);
                    add("schedule", &names.schedules);
                    if self.pages_by_name {
                        add("schedule", &["(by name)".to_owned()]);
                    }
                }
                Source::Rules(_) => add("rule", &names.rules),
                Source::HoursOfWeek(_) => add("hour_of_week", &hour_names()),
            }
        }
        rows
    }

    /// Whether a metric has rows: the scenario uses what it is about.
    fn asks(&self, source: Source) -> bool {
        match source {
            Source::SomeCalls(feature, _) => self.on_call && self.uses(feature),
            Source::SomeTickets(feature, _) | Source::SomeTeams(feature, _) => self.uses(feature),
            Source::Occasions(kind, _) => self.has_occasions(kind),
            Source::Calls(_) | Source::CalledTeams(_) | Source::Schedules(_) => self.on_call,
            Source::Gates(_) => !self.gates.is_empty(),
            Source::Times(timing) => self.keeps(timing),
            _ => true,
        }
    }

    /// Whether a distribution of times is kept.
    pub(super) fn keeps(&self, timing: Timing) -> bool {
        match timing {
            Timing::ResolveOnCalendar => self.uses(Feature::Calendars),
            Timing::Mitigate | Timing::LateMitigate => self.mitigates,
            Timing::Acknowledge => self.on_call,
            Timing::LateAcknowledge => self.has_occasions(TargetKind::Acknowledge),
            Timing::Recognise => self.truth,
            Timing::GateWait => !self.gates.is_empty(),
            _ => true,
        }
    }

    /// Whether clocks of a kind can run that not every ticket has.
    fn has_occasions(&self, kind: TargetKind) -> bool {
        kind.occasional().is_some_and(|place| self.occasions[place])
    }

    pub(super) fn uses(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// Gates: all of them, then each.
    fn gate_sums(&self, gates: &[GateCounts]) -> Vec<GateCounts> {
        let mut all = GateCounts::default();
        gates.iter().for_each(|gate| all.merge(gate));
        std::iter::once(all).chain(gates.iter().copied()).collect()
    }

    /// The slice that goes by true severity: `severity` itself where the reported one is always true.
    pub fn severity_of_fates(&self) -> &'static str {
        if self.truth { "true_severity" } else { "severity" }
    }

    /// How many teams tickets are counted by: none where there is only one.
    pub(super) fn teams_told_apart(&self) -> usize {
        if self.teams > 1 { self.teams } else { 0 }
    }

    /// Adds the sums of each tier and of each team to those of the cuts.
    pub(super) fn with_teams<T: Clone + Default>(
        &self,
        mut sums: Vec<T>,
        teams: &[T],
        merge: fn(&mut T, &T),
    ) -> Vec<T> {
        for tier in (0..self.tiers).filter(|_| !teams.is_empty()) {
            let mut sum = T::default();
            let of_tier = teams.iter().zip(&self.team_tiers).filter(|(_, of)| **of == tier);
            of_tier.for_each(|(team, _)| merge(&mut sum, team));
            sums.push(sum);
        }
        sums.extend_from_slice(teams);
        sums
    }

    pub(super) fn cuts(&self) -> Vec<Cut> {
        let mut cuts = vec![Cut::All];
        cuts.extend((0..self.severities).map(Cut::Severity));
        if self.truth {
            cuts.extend((0..self.severities).map(Cut::Truth));
        }
        cuts.extend((0..self.services).map(Cut::Service));
        if self.customers > 1 {
            cuts.extend((0..self.customers).map(Cut::Customer));
        }
        cuts
    }

    /// The measured window.
    pub fn span(&self) -> &Span {
        &self.span
    }

    /// How many cells there are, teams left out.
    pub(super) fn cells(&self) -> usize {
        let truths = if self.truth { self.severities } else { 1 };
        self.severities * truths * self.services * self.customers
    }

    /// Reported severity, true severity, service and customer tier of a cell.
    fn of_cell(&self, index: usize) -> [usize; 4] {
        let (customer, rest) = (index % self.customers, index / self.customers);
        let (service, rest) = (rest % self.services, rest / self.services);
        let (truth, severity) = match self.truth {
            true => (rest % self.severities, rest / self.severities),
            false => (rest, rest),
        };
        [severity, truth, service, customer]
    }

    /// The sum of the cells of one combination.
    pub fn sum(&self, cells: &[Counts], pick: &Pick) -> Counts {
        let mut sum = Counts::default();
        for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell != Counts::default()) {
            let index = index / self.teams;
            if pick.takes(self.of_cell(index)) {
                sum.merge(&self.completed(index, *cell));
            }
        }
        sum
    }

    /// The sum of clocks that not every ticket has, or several, of one combination.
    pub fn sum_of_occasions(&self, counts: &OccasionCounts, pick: &Pick) -> Occasion {
        let mut sum = Occasion::default();
        let cells = counts.cells.iter().enumerate();
        let picked = cells.filter(|(index, _)| pick.takes(self.of_cell(*index)));
        picked.for_each(|(_, cell)| sum.merge(cell));
        sum
    }

    /// Sums of tickets' cells for each cut, then of each tier and team.
    fn sums(&self, cells: &[Counts]) -> Vec<Counts> {
        let mut of_all_teams = vec![Counts::default(); cells.len() / self.teams];
        let mut teams = vec![Counts::default(); self.teams_told_apart()];
        for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell != Counts::default()) {
            let cell = self.completed(place / self.teams, *cell);
            of_all_teams[place / self.teams].merge(&cell);
            if let Some(team) = teams.get_mut(place % self.teams) {
                team.merge(&cell);
            }
        }
        self.with_teams(self.sums_of(&of_all_teams, Counts::merge), &teams, Counts::merge)
    }

    /// A cell with what is not counted where it always equals something else: its counts by true severity, and of the first work.
    fn completed(&self, index: usize, mut cell: Counts) -> Counts {
        if !self.engages_apart {
            cell = cell.engaged_at_response();
        }
        if !self.truth {
            let [severity, ..] = self.of_cell(index);
            cell = cell.truly(severity == 0);
        }
        cell
    }

    /// Sums of cells for each cut.
    pub(super) fn sums_of<T: Clone + Default + PartialEq>(&self, cells: &[T], merge: fn(&mut T, &T)) -> Vec<T> {
        let cuts = self.cuts();
        let mut sums = vec![T::default(); cuts.len()];
        for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| **cell != T::default()) {
            let [severity, truth, service, customer] = self.of_cell(index);
            for (cut, sum) in cuts.iter().zip(&mut sums) {
                if cut.takes([severity, truth, service, customer]) {
                    merge(sum, cell);
                }
            }
        }
        sums
    }

    /// Places of the cuts that a cell is in.
    pub(super) fn cuts_of_cell(&self, index: usize) -> Vec<u16> {
        let cuts = self.cuts().into_iter().enumerate();
        let inside = cuts.filter(|(_, cut)| cut.takes(self.of_cell(index)));
        inside.map(|(place, _)| place as u16).collect()
    }

    /// Flows of: all, each severity, each tier, each team.
    fn flow_sums(&self, flows: &[Flow]) -> Vec<Flow> {
        let (tiers, teams) = (1 + self.severities, 1 + self.severities + self.tiers);
        let mut sums = vec![Flow::default(); teams + self.teams];
        for (index, flow) in flows.iter().enumerate() {
            let (team, severity) = (index / self.severities, index % self.severities);
            for place in [0, 1 + severity, tiers + self.team_tiers[team], teams + team] {
                sums[place].merge(flow);
            }
        }
        for team in 0..self.teams {
            let offered = sums[teams + team].offer();
            for place in [0, tiers + self.team_tiers[team], teams + team] {
                sums[place].offered_ms += offered;
            }
        }
        sums
    }
}

/// What a model uses that metrics may be about.
fn features(model: &Model, truth: bool) -> Vec<Feature> {
    let process = &model.process;
    let uses = [
        (Feature::Mitigation, model.mitigates()),
        (Feature::Grouping, model.on_call.groups()),
        (Feature::Snoozing, model.on_call.snoozes()),
        (Feature::TakingOver, model.on_call.takes_over),
        (Feature::Roles, !process.roles.is_empty()),
        (Feature::Messages, process.communications.is_some()),
        (Feature::Reviews, process.reviews.is_some()),
        (
            Feature::Problems,
            process.kinds.iter().any(|kind| kind.problem.is_some()),
        ),
        (Feature::Articles, process.articles.is_some()),
        (Feature::Triage, truth),
        (Feature::Warnings, model.uses.warns),
        (Feature::Calendars, model.targets.on_calendars(TargetKind::Resolve)),
        (Feature::Money, model.costs.is_some()),
        (
            Feature::OnCallPay,
            model.costs.as_ref().is_some_and(Costs::pays_on_call),
        ),
    ];
    uses.into_iter()
        .filter(|(_, used)| *used)
        .map(|(feature, _)| feature)
        .collect()
}

/// One replication's numbers, given its histograms.
pub(super) fn values(measure: &Measure, histograms: &Histograms) -> Values {
    let layout = &measure.layout;
    let mut values = Values::default();
    let cells = layout.sums(&measure.cells);
    let flows = layout.flow_sums(&measure.flows);
    let on_call = &measure.on_call;
    let calls = layout.sums_of(&on_call.calls, Calls::merge);
    let calls = layout.with_teams(calls, &on_call.by_team, Calls::merge);
    let occasions = measure.occasions.each_ref().map(|counts| {
        let sums = layout.sums_of(&counts.cells, Occasion::merge);
        layout.with_teams(sums, &counts.by_team, Occasion::merge)
    });
    let schedules = on_call.all_and_each();
    let tickets = cells[0].tickets as f64;
    let gates = layout.gate_sums(&measure.gates);
    let times = histograms.each().each_ref().map(|of| quantiles(of, measure.buckets));
    let hours = hours_of_week(measure, &flows);
    let samples = measure.samples.slices(layout);
    for metric in METRICS {
        match metric.source {
            Source::Tickets(of) => values.extend(cells.iter().map(|cell| of(cell, &layout.span))),
            source if !layout.asks(source) => {}
            Source::Samples(of) => values.extend(samples.iter().map(of)),
            Source::Gates(of) => values.extend(gates.iter().map(of)),
            Source::SomeTickets(_, of) => values.extend(cells.iter().map(|cell| of(cell, &layout.span))),
            Source::Queues(of) => values.extend(flows.iter().map(|flow| of(flow, &layout.span))),
            Source::Calls(of) | Source::SomeCalls(_, of) => {
                values.extend(calls.iter().map(|cell| of(cell, &layout.span)));
            }
            Source::Occasions(kind, of) => {
                let place = kind.occasional().unwrap_or(0);
                values.extend(occasions[place].iter().map(of));
            }
            Source::Schedules(of) => values.extend(schedules.iter().map(|duty| of(duty, &layout.span))),
            Source::Teams(of) | Source::SomeTeams(_, of) | Source::CalledTeams(of) => {
                let flows = flows
                    .iter()
                    .enumerate()
                    .filter(|(index, _)| *index == 0 || *index > layout.severities);
                values.extend(flows.map(|(_, flow)| of(flow, &layout.span)));
            }
            Source::Rules(of) => values.extend(measure.rules.iter().map(|rule| {
                let [fired, on] = [rule.fired as f64, rule.tickets as f64];
                of([
                    fired,
                    on,
                    rule.breached as f64,
                    tickets,
                    rule.noops as f64,
                    rule.storms as f64,
                ])
            })),
            Source::HoursOfWeek(of) => values.extend(hours.iter().map(of)),
            Source::Times(timing) => {
                let place = KEPT_QUANTILES
                    .iter()
                    .position(|q| metric.estimator == Estimator::Quantile(*q));
                let of = &times[timing as usize];
                values.extend(of.iter().map(|(quantiles, count)| {
                    let ms = place.map_or(f64::NAN, |place| quantiles[place]);
                    (ms / 1000.0, *count as f64)
                }));
            }
        }
    }
    values
}

impl Values {
    fn extend(&mut self, pairs: impl Iterator<Item = (f64, f64)>) {
        for (numerator, denominator) in pairs {
            self.numerators.push(numerator);
            self.denominators.push(denominator);
        }
    }
}

/// Quantiles that metrics ask for.
const KEPT_QUANTILES: [f64; 3] = [0.5, 0.9, 0.95];

/// Quantiles in ms (`NAN` of nothing) and numbers of values.
fn quantiles(histograms: &[LogHistogram], buckets: &Buckets) -> Vec<([f64; 3], u64)> {
    let of = |histogram: &LogHistogram| {
        let quantiles = histogram.quantiles(KEPT_QUANTILES, buckets);
        (quantiles.unwrap_or([f64::NAN; 3]), histogram.count())
    };
    histograms.iter().map(of).collect()
}

/// The hours of the week: tickets created in them, and the window's hours that begin at them.
fn hours_of_week(measure: &Measure, flows: &[Flow]) -> Vec<HourOfWeek> {
    let teams = &flows[flows.len() - measure.layout.teams..];
    let mut hours = measure.timeline.by_hour_of_week(measure.model, teams);
    for (hour, created) in hours.iter_mut().zip(&measure.week) {
        hour.tickets = created.tickets;
        hour.due = created.tickets - created.not_due;
        hour.breached = created.breached;
    }
    hours
}

/// Scheduled time of a team's people in the window.
fn paid_ms(model: &Model, team: usize) -> i64 {
    let crews = model.crews.iter().filter(|crew| crew.team.index() == team);
    crews
        .map(|crew| {
            let hours = match crew.paid_always {
                true => (model.window.until - model.window.from).ms(),
                false => crew
                    .shifts
                    .iter()
                    .map(|(from, until)| model.window.overlap(*from, *until).ms())
                    .sum(),
            };
            hours * crew.agents.len() as i64
        })
        .sum()
}

/// `Mon 00` … `Sun 23`.
pub fn hour_names() -> Vec<String> {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    days.iter()
        .flat_map(|day| (0..24).map(move |hour| format!("{day} {hour:02}")))
        .collect()
}
