//! Targets of a staffing search: the little language that they are written in, and what a replication says of them.
//!
//! ```text
//! target = { slice } clock "within target" ">=" level
//!        | metric [ "(" key "=" value { "," key "=" value } ")" ] ( "<=" | ">=" ) number
//! slice  = the name of a severity, a service or a customer tier, in any case
//! clock  = "first response" | "next response" | "update" | "mitigate" | "resolve" | "acknowledge" | "own"
//! level  = 99% or 0.99; number: also 10m or 2h where the metric is a time
//! ```
//!
//! Every target becomes a ratio of sums that must not exceed a limit: breaches of clocks due, values above a time of all
//! values, a mean's sum of its count. A share that is to be at least so much is turned round.

use crate::measure::metrics::{Estimator, METRICS, Metric, Source, Span, Timing};
use crate::measure::{Counts, Layout, Measure, Occasion, Pick, Values};
use crate::model::{self, CustomerTierId, Model, ServiceId, SeverityId, TargetKind, TeamId};
use crate::stats::sketch::Buckets;
use crate::time::Written;
use std::fmt;

/// Why a target cannot be read: what is wrong, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misunderstood {
    /// The target.
    pub target: String,
    /// What is wrong with it.
    pub message: String,
    /// What would be right.
    pub help: String,
}

impl fmt::Display for Misunderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "target `{}`: {}; {}", self.target, self.message, self.help)
    }
}

/// Which way a target bounds its metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The metric is to be at least so much.
    AtLeast,
    /// The metric is to be at most so much.
    AtMost,
}

impl Bound {
    /// `≥` or `≤`.
    pub fn sign(self) -> char {
        match self {
            Bound::AtLeast => '≥',
            Bound::AtMost => '≤',
        }
    }
}

/// What a target's figure is, for those who print it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A share, in percent.
    Share,
    /// Seconds.
    Seconds,
    /// A plain number.
    Number,
}

/// Where a replication's two sums come from.
#[derive(Clone)]
enum What {
    /// Tickets of a combination of slices.
    Tickets(fn(&Counts, &Span) -> (f64, f64), Pick),
    /// Clocks that not every ticket has, or several, of such a combination: (place among their kinds, …).
    Occasions(usize, fn(&Occasion) -> (f64, f64), Pick),
    /// A row of the metrics' values.
    Row(usize),
    /// Values of a distribution above a time: (timing, place among its rows, bucket).
    Above(Timing, usize, usize),
}

/// A target, read.
#[derive(Clone)]
pub struct Target {
    /// As it was written.
    pub text: String,
    /// Which way.
    pub bound: Bound,
    /// What the figure is to be at least or at most, in the unit of `shown`.
    pub level: f64,
    /// What the figure is.
    pub shown: Shown,
    /// Words for the figure where the target's own do not say it: `share within 10m`.
    pub figure: Option<String>,
    what: What,
    /// The metric counts what the figure is the rest of.
    inverted: bool,
    /// The clock that it asks for, if it is one, and of which tickets.
    clock: Option<(TargetKind, Pick)>,
}

/// What one replication says of a target: the sum that is to be small, and what it is a share of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    pub bad: f64,
    pub of: f64,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

impl Target {
    /// Reads a target of a model's organisation.
    pub fn read(text: &str, model: &Model, layout: &Layout, buckets: &Buckets) -> Result<Target, Misunderstood> {
        let reader = Reader {
            text,
            model,
            layout,
            buckets,
        };
        reader.read()
    }

    /// The largest share of bad things, or the largest mean: the sums are to satisfy `bad ≤ limit · of`.
    pub(super) fn limit(&self) -> f64 {
        match (self.bound, self.shown) {
            (Bound::AtMost, _) => self.level,
            (Bound::AtLeast, Shown::Share) => 1.0 - self.level,
            (Bound::AtLeast, _) => -self.level,
        }
    }

    /// The figure that people read, from `bad / of`.
    pub(super) fn figure_of(&self, ratio: f64) -> f64 {
        match (self.bound, self.shown) {
            (Bound::AtMost, _) => ratio,
            (Bound::AtLeast, Shown::Share) => 1.0 - ratio,
            (Bound::AtLeast, _) => -ratio,
        }
    }

    /// Whether the sums count things.
    pub(super) fn is_share(&self) -> bool {
        self.shown == Shown::Share
    }

    /// The same target, a little harder to meet: a point more, or half of what is missing to everything, or a tenth.
    pub(super) fn tightened(&self) -> Target {
        let level = match (self.bound, self.shown) {
            (Bound::AtLeast, Shown::Share) => (self.level + 0.01).min(0.5 * (1.0 + self.level)),
            (Bound::AtMost, Shown::Share) => (self.level - 0.01).max(0.5 * self.level),
            (Bound::AtLeast, _) => self.level * 1.1,
            (Bound::AtMost, _) => self.level * 0.9,
        };
        Target { level, ..self.clone() }
    }

    /// The clock that it is about.
    pub(super) fn clock(&self) -> Option<TargetKind> {
        self.clock.map(|(kind, _)| kind)
    }

    /// The shortest time that its clocks allow, in hours of their calendar.
    pub(super) fn shortest_h(&self, model: &Model) -> Option<f64> {
        let (kind, pick) = self.clock?;
        shortest_h(kind, &pick, model)
    }

    /// What a replication says. `values` are the metrics', where [`needs_values`](Target::needs_values).
    pub(super) fn sums(&self, measure: &Measure, values: &Values) -> Sums {
        let (part, of) = match &self.what {
            What::Tickets(metric, pick) => {
                let layout = measure.layout();
                metric(&layout.sum(&measure.cells, pick), layout.span())
            }
            What::Occasions(place, metric, pick) => {
                metric(&measure.layout().sum_of_occasions(&measure.occasions[*place], pick))
            }
            What::Row(row) => (values.numerators[*row], values.denominators[*row]),
            What::Above(timing, place, bucket) => {
                let histograms = measure.layout().histograms(&measure.times, *timing);
                let counts = histograms[*place].counts();
                let above: u64 = counts.iter().skip(bucket + 1).sum();
                (above as f64, histograms[*place].count() as f64)
            }
        };
        let bad = match (self.bound, self.shown, self.inverted) {
            (Bound::AtMost, _, _) | (Bound::AtLeast, Shown::Share, true) => part,
            (Bound::AtLeast, Shown::Share, false) => of - part,
            (Bound::AtLeast, _, _) => -part,
        };
        Sums { bad, of }
    }

    /// Whether it reads the metrics' rows.
    pub(super) fn needs_values(&self) -> bool {
        matches!(self.what, What::Row(_))
    }
}

/// A target being read.
struct Reader<'a> {
    text: &'a str,
    model: &'a Model,
    layout: &'a Layout,
    buckets: &'a Buckets,
}

/// The clocks in words: what may be written, the metric that counts their breaches, and their kind.
const CLOCKS: &[(&str, &str, TargetKind)] = &[
    (
        "first response",
        "breach_rate_first_response",
        TargetKind::FirstResponse,
    ),
    ("next response", "breach_rate_next_response", TargetKind::NextResponse),
    ("update", "breach_rate_update", TargetKind::Update),
    ("updates", "breach_rate_update", TargetKind::Update),
    ("mitigate", "breach_rate_mitigate", TargetKind::Mitigate),
    ("mitigation", "breach_rate_mitigate", TargetKind::Mitigate),
    ("resolve", "breach_rate_resolve", TargetKind::Resolve),
    ("resolution", "breach_rate_resolve", TargetKind::Resolve),
    ("acknowledge", "breach_rate_acknowledge", TargetKind::Acknowledge),
    ("acknowledgement", "breach_rate_acknowledge", TargetKind::Acknowledge),
    ("own", "breach_rate_own", TargetKind::Own),
];
const WITHIN: &str = "within target";

impl Reader<'_> {
    fn wrong<T>(&self, message: impl Into<String>, help: impl Into<String>) -> Result<T, Misunderstood> {
        Err(Misunderstood {
            target: self.text.trim().to_owned(),
            message: message.into(),
            help: help.into(),
        })
    }

    fn read(&self) -> Result<Target, Misunderstood> {
        let sign = [
            ("<=", Bound::AtMost),
            ("≤", Bound::AtMost),
            (">=", Bound::AtLeast),
            ("≥", Bound::AtLeast),
        ];
        let found = sign
            .into_iter()
            .find_map(|(sign, bound)| Some((self.text.split_once(sign)?, bound)));
        let Some(((left, right), bound)) = found else {
            return self.wrong(
                "there is no `>=` or `<=`",
                "write it like `Sev1 first response within target >= 99%` or `queue_wait_p90_s(team=L1) <= 600`",
            );
        };
        let (left, right) = (left.trim(), right.trim());
        let name = left.split('(').next().unwrap_or_default().trim();
        if let Some(metric) = METRICS.iter().position(|metric| metric.name.eq_ignore_ascii_case(name)) {
            return self.of_metric(metric, left, bound, right);
        }
        if left.contains('(') || name.contains('_') {
            let names: Vec<String> = METRICS.iter().map(|metric| metric.name.to_owned()).collect();
            return self.wrong(format!("no metric is called `{name}`"), meant(name, &names, "metrics"));
        }
        self.of_clock(left, bound, right)
    }

    fn of_clock(&self, left: &str, bound: Bound, right: &str) -> Result<Target, Misunderstood> {
        let words: Vec<String> = left.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let phrase = words.join(" ");
        let Some(before) = phrase.strip_suffix(WITHIN) else {
            return self.wrong(
                "it is neither a metric nor ends in `within target`",
                format!("write `CLOCK within target >= LEVEL`, where CLOCK is {}", clocks()),
            );
        };
        let before = before.trim();
        let clock = CLOCKS.iter().find(|(words, _, _)| ends_with_words(before, words));
        let Some((words, metric, kind)) = clock else {
            return self.wrong(
                "it names no clock",
                format!("before `within target` stands {}", clocks()),
            );
        };
        let pick = self.slices(before[..before.len() - words.len()].trim())?;
        if bound == Bound::AtMost {
            return self.wrong("a share within target is to be at least so much", "write `>=`");
        }
        let level = self.share(right)?;
        self.promised(*kind, &pick)?;
        let metric = METRICS.iter().find(|known| known.name == *metric);
        let what = match metric.map(|metric| metric.source) {
            Some(Source::Tickets(of) | Source::SomeTickets(_, of)) => What::Tickets(of, pick),
            Some(Source::Occasions(kind, of)) => What::Occasions(kind.occasional().unwrap_or(0), of, pick),
            _ => return self.wrong("nothing counts it", "name another clock"),
        };
        Ok(Target {
            text: self.text.trim().to_owned(),
            bound,
            level,
            shown: Shown::Share,
            figure: None,
            what,
            inverted: true,
            clock: Some((*kind, pick)),
        })
    }

    /// A target that no ticket has cannot be met or missed.
    fn promised(&self, kind: TargetKind, pick: &Pick) -> Result<(), Misunderstood> {
        match shortest_h(kind, pick, self.model) {
            Some(_) => Ok(()),
            None => {
                let words = kind.name().replace('_', " ");
                let tables = match kind {
                    TargetKind::Own => "`severities`, `services`, `customer_tiers`, `tiers` or `teams`",
                    _ => "`severities`, `services` or `customer_tiers`",
                };
                self.wrong(
                    format!("these tickets have no {words} target"),
                    format!("write one in {tables}, or leave out what narrows them"),
                )
            }
        }
    }

    /// Names of severities, services and customer tiers, longest first where several fit.
    fn slices(&self, mut words: &str) -> Result<Pick, Misunderstood> {
        let names = &self.model.names;
        let mut pick = Pick::default();
        while !words.is_empty() {
            let tables = [&names.severities, &names.services, &names.customer_tiers];
            let mut found: Vec<(usize, usize, usize)> = Vec::new();
            for (table, names) in tables.iter().enumerate() {
                for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                    if starts_with_words(words, &name.to_lowercase()) {
                        found.push((name.to_lowercase().len(), table, index));
                    }
                }
            }
            let longest = found.iter().map(|(length, _, _)| *length).max();
            found.retain(|(length, _, _)| Some(*length) == longest);
            match found.as_slice() {
                [] => return self.unknown_slice(words),
                [(length, table, index)] => {
                    let place = match table {
                        0 => &mut pick.severity,
                        1 => &mut pick.service,
                        _ => &mut pick.customer,
                    };
                    if place.replace(*index).is_some() {
                        let what = ["severity", "service", "customer tier"][*table];
                        return self.wrong(format!("it names more than one {what}"), "write a target for each");
                    }
                    words = words[*length..].trim();
                }
                _ => {
                    let word = &words[..longest.unwrap_or(0)];
                    return self.wrong(
                        format!("`{word}` is the name of several things"),
                        "say which: `attainment_first_response(customer_tier=NAME) >= 0.9`",
                    );
                }
            }
        }
        Ok(pick)
    }

    fn unknown_slice<T>(&self, words: &str) -> Result<T, Misunderstood> {
        let names = &self.model.names;
        let word = words.split_whitespace().next().unwrap_or(words);
        let all = [&names.severities, &names.services, &names.customer_tiers];
        let known: Vec<String> = all
            .into_iter()
            .flatten()
            .filter(|name| !name.is_empty())
            .cloned()
            .collect();
        let mut help = vec![
            format!("severities: {}", names.severities.join(", ")),
            format!("services: {}", names.services.join(", ")),
        ];
        if names.customer_tiers.iter().any(|name| !name.is_empty()) {
            help.push(format!("customer tiers: {}", names.customer_tiers.join(", ")));
        }
        let near = nearest(word, &known).map(|name| format!("did you mean `{name}`? "));
        self.wrong(
            format!("no severity, service or customer tier is called `{word}`"),
            near.unwrap_or_default() + &help.join("; "),
        )
    }

    fn of_metric(&self, index: usize, left: &str, bound: Bound, right: &str) -> Result<Target, Misunderstood> {
        let metric = &METRICS[index];
        let slices = self.written_slices(left)?;
        if !self.layout.rows.iter().any(|row| row.metric == index) {
            return self.wrong(
                format!("the scenario has no `{}`", metric.name),
                "money needs `[costs]`, a rule's metrics need rules",
            );
        }
        if let Estimator::Quantile(q) = metric.estimator {
            return self.of_quantile(index, q, &slices, bound, right);
        }
        let shown = match metric.estimator {
            Estimator::Share => Shown::Share,
            Estimator::TimeRatio => Shown::Number,
            _ if metric.name.ends_with("_s") => Shown::Seconds,
            _ => Shown::Number,
        };
        let level = match shown {
            Shown::Share => self.share(right)?,
            Shown::Seconds => self.seconds(right)?,
            Shown::Number => self.number(right)?,
        };
        let what = match metric.source {
            Source::Tickets(of) | Source::SomeTickets(_, of) => What::Tickets(of, self.pick(metric, &slices)?),
            _ => What::Row(self.row(index, &slices)?.0),
        };
        Ok(Target {
            text: self.text.trim().to_owned(),
            bound,
            level,
            shown,
            figure: None,
            what,
            inverted: false,
            clock: None,
        })
    }

    /// A quantile is at most so much if enough values are: `q` of them.
    fn of_quantile(
        &self,
        index: usize,
        q: f64,
        slices: &[(String, String)],
        bound: Bound,
        right: &str,
    ) -> Result<Target, Misunderstood> {
        if bound == Bound::AtLeast {
            return self.wrong("a time is to be at most so much", "write `<=`");
        }
        let Source::Times(timing) = METRICS[index].source else {
            return self.wrong("nothing counts it", "name another metric");
        };
        let seconds = self.seconds(right)?;
        let (_, place) = self.row(index, slices)?;
        Ok(Target {
            text: self.text.trim().to_owned(),
            bound: Bound::AtLeast,
            level: q,
            shown: Shown::Share,
            figure: Some(format!("share within {right}")),
            what: What::Above(timing, place, self.buckets.index((seconds * 1000.0) as u64)),
            inverted: true,
            clock: None,
        })
    }

    /// `(key=value, …)`.
    fn written_slices(&self, left: &str) -> Result<Vec<(String, String)>, Misunderstood> {
        let Some((_, rest)) = left.split_once('(') else {
            return Ok(Vec::new());
        };
        let Some((inside, "")) = rest.rsplit_once(')').map(|(inside, after)| (inside, after.trim())) else {
            return self.wrong("the parenthesis is not closed", "write `metric(team=NAME) <= 600`");
        };
        let mut slices = Vec::new();
        for part in parts(inside) {
            let slice = part
                .split_once('=')
                .map(|(key, value)| (key.trim().to_lowercase(), value.trim().to_owned()));
            let after_comma = slice.as_ref().and_then(|(_, value)| value.split_once(','));
            match (&slice, after_comma) {
                (None, _) => return self.no_slice(part),
                (Some((_, value)), Some((_, rest))) if !self.is_group(value) => return self.no_slice(rest.trim()),
                _ => slices.extend(slice),
            }
        }
        Ok(slices)
    }

    fn no_slice<T>(&self, part: &str) -> Result<T, Misunderstood> {
        self.wrong(
            format!("`{part}` is no slice"),
            "write `key=value`, such as `severity=Sev1`",
        )
    }

    /// Whether something that metrics are told apart by has that name.
    fn is_group(&self, name: &str) -> bool {
        self.layout.rows.iter().any(|row| row.group.eq_ignore_ascii_case(name))
    }

    fn pick(&self, metric: &Metric, slices: &[(String, String)]) -> Result<Pick, Misunderstood> {
        let names = &self.model.names;
        let mut pick = Pick::default();
        for (key, value) in slices {
            let (table, place) = match key.as_str() {
                "severity" => (&names.severities, &mut pick.severity),
                "true_severity" => (&names.severities, &mut pick.true_severity),
                "service" => (&names.services, &mut pick.service),
                "customer_tier" => (&names.customer_tiers, &mut pick.customer),
                _ => {
                    let message = format!("`{}` has no slices by `{key}`", metric.name);
                    return self.wrong(
                        message,
                        "it has them by severity, true_severity, service and customer_tier",
                    );
                }
            };
            *place = Some(self.index_of(value, table, key)?);
        }
        Ok(pick)
    }

    fn index_of(&self, value: &str, names: &[String], key: &str) -> Result<usize, Misunderstood> {
        match names.iter().position(|name| name.eq_ignore_ascii_case(value)) {
            Some(index) => Ok(index),
            None => self.wrong(
                format!("no {} is called `{value}`", key.replace('_', " ")),
                meant(value, names, "there are"),
            ),
        }
    }

    /// The row of a metric and a slice, and its place among the metric's.
    fn row(&self, metric: usize, slices: &[(String, String)]) -> Result<(usize, usize), Misunderstood> {
        let rows: Vec<(usize, &crate::measure::Row)> = self
            .layout
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.metric == metric)
            .collect();
        let (by, group) = match slices {
            [] => ("all", ""),
            [(key, value)] => (key.as_str(), value.as_str()),
            _ => return self.wrong("this metric has one slice at a time", "write a target for each"),
        };
        let is_it = |row: &crate::measure::Row| row.by == by && row.group.eq_ignore_ascii_case(group);
        if let Some(place) = rows.iter().position(|(_, row)| is_it(row)) {
            return Ok((rows[place].0, place));
        }
        let mut keys: Vec<&str> = rows.iter().map(|(_, row)| row.by).collect();
        keys.dedup();
        match keys.contains(&by) {
            true => {
                let of = rows
                    .iter()
                    .filter(|(_, row)| row.by == by)
                    .map(|(_, row)| row.group.clone());
                let names: Vec<String> = of.collect();
                self.wrong(
                    format!("no {} is called `{group}`", by.replace('_', " ")),
                    meant(group, &names, "there are"),
                )
            }
            false => {
                let message = format!("`{}` has no slices by `{by}`", METRICS[metric].name);
                self.wrong(message, format!("it has them by {}", keys.join(", ")))
            }
        }
    }

    fn number(&self, text: &str) -> Result<f64, Misunderstood> {
        let (digits, scale) = match text.strip_suffix('%') {
            Some(digits) => (digits.trim(), 0.01),
            None => (text, 1.0),
        };
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number * scale),
            _ => self.wrong(format!("`{text}` is not a number"), "write it like 99%, 0.99 or 600"),
        }
    }

    fn share(&self, text: &str) -> Result<f64, Misunderstood> {
        let share = self.number(text)?;
        match share > 0.0 && share < 1.0 {
            true => Ok(share),
            false if share == 1.0 => self.wrong(
                "no staff can promise all of them",
                "write less than 100%: 99.9% is one in a thousand",
            ),
            false => self.wrong(
                format!("`{text}` is no share"),
                "write one between 0% and 100%, like 99% or 0.99",
            ),
        }
    }

    fn seconds(&self, text: &str) -> Result<f64, Misunderstood> {
        if let Ok(seconds) = text.parse::<f64>()
            && seconds.is_finite()
            && seconds >= 0.0
        {
            return Ok(seconds);
        }
        let length = text.parse::<Written>().ok().and_then(|written| written.elapsed());
        match length {
            Some(length) => Ok(length.ms() as f64 / 1000.0),
            None => self.wrong(
                format!("`{text}` is not a time"),
                "write seconds, or a length like 10m or 2h",
            ),
        }
    }
}

/// The shortest target of a kind that any ticket of a combination has, with any team, in hours of its calendar.
fn shortest_h(kind: TargetKind, pick: &Pick, model: &Model) -> Option<f64> {
    let of = |wanted: Option<usize>, count: usize| match wanted {
        Some(one) => one..one + 1,
        None => 0..count,
    };
    let names = &model.names;
    let mut shortest: Option<f64> = None;
    let mut shorten = |target: &model::Target| {
        let hours = target.within.ms() as f64 / 3_600_000.0;
        shortest = Some(shortest.map_or(hours, |known| known.min(hours)));
    };
    for severity in of(pick.severity, names.severities.len()).map(SeverityId::new) {
        for service in of(pick.service, names.services.len()).map(ServiceId::new) {
            for customer in of(pick.customer, names.customer_tiers.len()).map(CustomerTierId::new) {
                if let Some(target) = model.targets.get(kind, severity, service, customer) {
                    shorten(target);
                }
            }
        }
        if kind == TargetKind::Own {
            let teams = (0..names.teams.len()).map(TeamId::new);
            teams
                .filter_map(|team| model.targets.of_team(team, severity))
                .for_each(&mut shorten);
        }
    }
    shortest
}

/// The slices between parentheses. A comma ends one if another `key=` follows, as names may hold a comma themselves.
fn parts(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let commas = inside.match_indices(',').map(|(at, _)| at);
    for at in commas.chain([inside.len()]) {
        let next = inside.get(at + 1..).unwrap_or_default();
        if at == inside.len()
            || next
                .split(',')
                .next()
                .is_some_and(|next| next.contains('=') || next.trim().is_empty())
        {
            parts.push(inside[from..at].trim());
            from = (at + 1).min(inside.len());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn clocks() -> String {
    "`first response`, `next response`, `update`, `mitigate`, `resolve`, `acknowledge` or `own`".to_owned()
}

fn starts_with_words(text: &str, words: &str) -> bool {
    text.strip_prefix(words)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn ends_with_words(text: &str, words: &str) -> bool {
    text.strip_suffix(words)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
}

fn nearest<'n>(word: &str, names: &'n [String]) -> Option<&'n String> {
    let distance = |name: &String| strsim::damerau_levenshtein(&word.to_lowercase(), &name.to_lowercase());
    let near = names.iter().map(|name| (distance(name), name)).min();
    near.filter(|(distance, _)| *distance <= 1 + word.chars().count() / 4)
        .map(|(_, name)| name)
}

/// What may have been meant, and what there is.
fn meant(word: &str, names: &[String], what: &str) -> String {
    let near = nearest(word, names).map(|name| format!("did you mean `{name}`? "));
    format!("{}{what}: {}", near.unwrap_or_default(), names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_name_may_hold_a_comma() {
        assert_eq!(parts("severity=Sev1, service=app"), ["severity=Sev1", "service=app"]);
        assert_eq!(
            parts("service=app, web,severity=Sev1,"),
            ["service=app, web", "severity=Sev1"]
        );
        assert_eq!(parts("Sev1"), ["Sev1"]);
        assert!(parts(" ").is_empty());
    }
}
