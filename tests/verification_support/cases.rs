//! The exact cases as they are written in `cases.json`: workloads, and figures that are known without simulating.
//!
//! Nothing here knows what a figure means or how a workload is put into our language; a key that is not read by anybody is
//! left out. Units are the file's: hours and rates an hour.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use std::path::PathBuf;

/// Where the shared files lie.
pub fn shared_file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/verification");
    folder.join(name)
}

/// Reads one of the shared files.
pub fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = shared_file(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All cases, in the order of the file.
pub fn cases() -> Vec<Case> {
    read("cases.json")
}

/// A workload with its exact figures.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    pub id: String,
    pub family: String,
    pub title: String,
    /// A [`Workload`], except in family g.
    pub model: Value,
    pub horizon: Horizon,
    pub expected: Vec<Expected>,
    pub needs: Vec<String>,
}

impl Case {
    /// The workload of a case that is simulated.
    pub fn workload(&self) -> Workload {
        serde_json::from_value(self.model.clone()).unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }
}

/// What a run covers.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Horizon {
    Terminating {
        from_h: f64,
        to_h: f64,
    },
    /// `"steady-state"`, or `{ deterministic: true }`.
    Endless(IgnoredAny),
}

/// One exact figure.
#[derive(Debug, Clone, Deserialize)]
pub struct Expected {
    pub metric: String,
    pub slice: String,
    pub value: Value,
    pub t_h: Option<f64>,
    pub q: Option<f64>,
    pub share: Option<f64>,
    pub at: Option<String>,
    pub at_h: Option<f64>,
    pub from_h: Option<f64>,
    pub to_h: Option<f64>,
    #[serde(default)]
    pub exact: bool,
    #[serde(default)]
    pub rare: bool,
    pub se_at_most: Option<f64>,
}

impl Expected {
    /// The value of a figure that is a number.
    pub fn number(&self) -> f64 {
        self.value
            .as_f64()
            .unwrap_or_else(|| panic!("{} is not a number: {}", self.metric, self.value))
    }

    /// What the figure is called in messages.
    pub fn label(&self) -> String {
        let details = [
            ("t", self.t_h),
            ("q", self.q),
            ("at", self.at_h),
            ("from", self.from_h),
            ("to", self.to_h),
        ];
        let details: String = details
            .iter()
            .filter_map(|(name, value)| value.map(|value| format!(", {name} = {value}")))
            .collect();
        format!("{} [{}{details}]", self.metric, self.slice)
    }
}

/// A workload of queues.
#[derive(Debug, Clone, Deserialize)]
pub struct Workload {
    pub classes: Vec<Class>,
    pub stations: Vec<Station>,
    pub routing: Vec<Road>,
    #[serde(default)]
    pub targets: Vec<Target>,
    pub confusion: Option<IndexMap<String, IndexMap<String, f64>>>,
    #[serde(rename = "override")]
    pub corrections: Option<Corrections>,
    pub rule: Option<StaffingRule>,
    pub ladder: Option<Ladder>,
    /// A first-response target in hours, for figures of breaches; not in the file.
    #[serde(skip)]
    pub response_h: Option<f64>,
}

/// Levels that are paged one after another.
#[derive(Debug, Clone, Deserialize)]
pub struct Ladder {
    pub repeats: u32,
    pub late_ack: String,
    pub levels: Vec<Level>,
}

/// One level.
#[derive(Debug, Clone, Deserialize)]
pub struct Level {
    pub timeout_h: f64,
    pub targets: Vec<Answerer>,
}

/// Somebody who is paged, and answers with this law.
#[derive(Debug, Clone, Deserialize)]
pub struct Answerer {
    #[serde(flatten)]
    pub delay: Law,
    pub answers_share: f64,
}

/// Tickets of one kind.
#[derive(Debug, Clone, Deserialize)]
pub struct Class {
    pub name: String,
    pub arrivals: Arrivals,
    pub service: Option<Law>,
    pub true_severity_shares: Option<IndexMap<String, f64>>,
    pub patience: Option<Law>,
    pub children: Option<Children>,
}

/// The children of an incident.
#[derive(Debug, Clone, Deserialize)]
pub struct Children {
    pub count: Number,
    pub delay: Option<Law>,
}

/// A law of a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "dist", rename_all = "kebab-case")]
pub enum Number {
    Poisson {
        mean: f64,
    },
    #[serde(rename = "geometric-from-0")]
    Geometric {
        mean: f64,
    },
}

/// When they arrive; exactly one of the three forms is there.
#[derive(Debug, Clone, Deserialize)]
pub struct Arrivals {
    pub rate_per_h: Option<f64>,
    pub piecewise_constant: Option<Vec<Stretch>>,
    pub hour_of_week_rate_per_h: Option<Vec<f64>>,
    pub day_factor_variance: Option<f64>,
}

/// A stretch of one rate.
#[derive(Debug, Clone, Deserialize)]
pub struct Stretch {
    pub from_h: f64,
    pub to_h: f64,
    pub rate_per_h: f64,
}

/// A law of durations, hours.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "dist", rename_all = "lowercase")]
pub enum Law {
    Exponential { mean_h: f64 },
    Deterministic { value_h: f64 },
    Erlang { mean_h: f64, stages: u32 },
    Lognormal { median_h: f64, sigma: f64 },
}

impl Law {
    /// Mean, hours.
    pub fn mean_h(&self) -> f64 {
        match self {
            Law::Exponential { mean_h } | Law::Erlang { mean_h, .. } => *mean_h,
            Law::Deterministic { value_h } => *value_h,
            Law::Lognormal { median_h, sigma } => median_h * (sigma * sigma / 2.0).exp(),
        }
    }

    /// Mean of the square, hours².
    pub fn square_h2(&self) -> f64 {
        let mean = self.mean_h();
        mean * mean
            * match self {
                Law::Exponential { .. } => 2.0,
                Law::Deterministic { .. } => 1.0,
                Law::Erlang { stages, .. } => 1.0 + 1.0 / f64::from(*stages),
                Law::Lognormal { sigma, .. } => (sigma * sigma).exp(),
            }
    }
}

/// A team.
#[derive(Debug, Clone, Deserialize)]
pub struct Station {
    pub name: String,
    pub servers: Servers,
    #[serde(default = "per_class")]
    pub service: WorkLaw,
    #[serde(default = "fifo")]
    pub discipline: String,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub preference: Vec<String>,
    #[serde(default, deserialize_with = "places")]
    pub waiting_places: Option<u32>,
    #[serde(default)]
    pub switch_cost_h: f64,
    pub shift_end: Option<String>,
}

/// A number of waiting places; `"unlimited"` is none at all.
fn places<'de, D: serde::Deserializer<'de>>(file: D) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Places {
        Count(u32),
        Word(String),
    }
    match Places::deserialize(file)? {
        Places::Count(count) => Ok(Some(count)),
        Places::Word(word) if word == "unlimited" => Ok(None),
        Places::Word(word) => Err(serde::de::Error::custom(format!("{word:?} waiting places"))),
    }
}

fn per_class() -> WorkLaw {
    WorkLaw::PerClass(IgnoredAny)
}

fn fifo() -> String {
    "fifo".into()
}

/// How many work there.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Servers {
    Always(u32),
    /// Segments of time with their agents.
    Scheduled(Vec<Duty>),
    /// `"to find"`.
    Open(IgnoredAny),
}

impl Servers {
    /// The most at any time.
    pub fn most(&self) -> u32 {
        match self {
            Servers::Always(servers) => *servers,
            Servers::Scheduled(duties) => duties.iter().map(|duty| duty.agents).max().unwrap_or(0),
            Servers::Open(_) => 0,
        }
    }
}

/// Agents of one team on duty for a stretch of time.
#[derive(Debug, Clone, Deserialize)]
pub struct Duty {
    pub from_h: f64,
    pub to_h: f64,
    pub agents: u32,
    pub team: String,
}

/// A law of work, or `"per class"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum WorkLaw {
    OfAll(Law),
    PerClass(IgnoredAny),
}

/// A way from one station to the next.
#[derive(Debug, Clone, Deserialize)]
pub struct Road {
    pub from: String,
    pub to: String,
    pub probability: Option<Probability>,
    pub delay: Option<Law>,
    pub at_most: Option<u32>,
    pub after_h_in_tier: Option<f64>,
    pub after_h_in_queue: Option<f64>,
    pub when: Option<String>,
}

/// The same for all, or by class.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Probability {
    OfAll(f64),
    ByClass(IndexMap<String, f64>),
}

impl Probability {
    /// Of a class.
    pub fn of(&self, class: &str) -> f64 {
        match self {
            Probability::OfAll(share) => *share,
            Probability::ByClass(shares) => shares.get(class).copied().unwrap_or(0.0),
        }
    }
}

/// A target with its alerts.
#[derive(Debug, Clone, Deserialize)]
pub struct Target {
    pub kind: String,
    pub duration_h: f64,
    pub alerts_at_share: Vec<f64>,
}

/// Corrections of the severity at first touch.
#[derive(Debug, Clone, Deserialize)]
pub struct Corrections {
    pub q_over: f64,
    pub q_under: f64,
}

/// What the least staff is to reach.
#[derive(Debug, Clone, Deserialize)]
pub struct StaffingRule {
    pub t_h: f64,
    pub at_least: f64,
    pub abandon_at_most: Option<f64>,
}

impl Workload {
    /// Whether the stations are groups who do the same work beside each other, not rungs of a ladder.
    pub fn side_by_side(&self) -> bool {
        let limited = |station: &Station| !station.skills.is_empty() || station.waiting_places.is_some();
        self.stations.iter().any(limited)
    }

    /// The station that helps another: the one its full group hands on to, else the next whose people can do all that its
    /// own can, and more.
    pub fn helper<'a>(&'a self, station: &'a Station) -> Option<&'a str> {
        let full = |road: &&Road| road.from == station.name && road.when.as_deref() == Some("full");
        if let Some(road) = self.routing.iter().find(full) {
            return Some(&road.to);
        }
        let more = |other: &&Station| {
            other.skills.len() > station.skills.len() && station.skills.iter().all(|skill| other.skills.contains(skill))
        };
        let skilled = !station.skills.is_empty();
        self.stations
            .iter()
            .find(more)
            .filter(|_| skilled)
            .map(|other| other.name.as_str())
    }

    /// The same with another number of agents at its only station.
    pub fn with_servers(&self, servers: u32) -> Workload {
        let mut workload = self.clone();
        for station in &mut workload.stations {
            station.servers = Servers::Always(servers);
        }
        workload
    }

    /// The station at which tickets of a class enter: the first, unless the class says `enters at <station>`.
    pub fn entry(&self, class: &Class) -> usize {
        let named = |station: &Station| class.name == format!("enters at {}", station.name);
        self.stations.iter().position(named).unwrap_or(0)
    }

    /// Index of a station.
    pub fn station(&self, name: &str) -> Option<usize> {
        self.stations.iter().position(|station| station.name == name)
    }

    /// Names of the severities, most severe first: the classes, unless their tickets are of several.
    pub fn severities(&self) -> Vec<String> {
        let mixed = self
            .classes
            .iter()
            .find_map(|class| class.true_severity_shares.as_ref());
        match mixed {
            Some(shares) => shares.keys().cloned().collect(),
            None => self.classes.iter().map(|class| class.name.clone()).collect(),
        }
    }
}
