//! A drill as data: everything that its files are made from, and that `play` and `score` read back.

use super::archetype::InjectKind;
use super::bands::Band;
use super::goal::Goal;
use super::met::MetNames;
use super::milestone::Milestone;
use super::moment::When;
use super::rehearsed::{Absent, Slow};
use super::role::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The version of the form below; a reader refuses another.
pub const FORMAT: u32 = 4;

/// The kind of exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The policy is read against the incident.
    Walkthrough,
    /// It is talked through; time may jump.
    Tabletop,
    /// With the real pager, tickets and chat; time does not jump.
    Functional,
}

impl Kind {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Walkthrough => "walkthrough",
            Kind::Tabletop => "tabletop",
            Kind::Functional => "functional",
        }
    }
}

/// Where a drill comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The scenario's name.
    pub name: String,
    /// Its file, without a folder.
    pub file: String,
    /// Fingerprint of its text, 16 hexadecimal digits.
    pub fingerprint: String,
    /// The candidate whose policy is rehearsed.
    pub candidate: String,
    /// Seed of the choice and of the simulation.
    pub seed: u64,
    /// Replications behind every band.
    pub replications: u32,
}

/// Something that the drill is to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objective {
    /// Its number, from 1.
    pub number: usize,
    /// One sentence.
    pub text: String,
    /// The goal behind it; none of the first objective.
    pub goal: Option<Goal>,
    /// The milestones that show it and are modelled, decisive ones first.
    pub milestones: Vec<Milestone>,
}

/// One incident of the drill, with what participants must not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Its number, from 1.
    pub number: usize,
    /// The archetype's name.
    pub archetype: String,
    /// What facilitators call it.
    pub title: String,
    /// What has happened.
    pub cause: String,
    /// The service that fails.
    pub service: String,
    /// Another service.
    pub other: String,
    /// Its true severity.
    pub severity: String,
    /// The severity that it is reported with.
    pub reported: String,
    /// The tier that is able to repair it.
    pub solved_at: String,
    /// The team that its tickets come to first.
    pub first_team: String,
    /// Median work of the repair, in seconds, and the spread of its logarithm.
    pub repair_median_s: f64,
    /// Standard deviation of the repair's logarithm.
    pub repair_sigma: f64,
    /// First symptom, in seconds from the first of the first incident.
    pub after_s: f64,
    /// Words that would give it away.
    pub spoilers: Vec<String>,
}

/// One row of the master scenario events list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inject {
    /// `1`, `2`, `2a`, `2b`.
    pub number: String,
    /// When it is delivered: seconds of the exercise, from its start.
    pub offset_s: i64,
    /// When it happens: seconds of the story, from the first symptom.
    pub story_s: i64,
    /// What it is.
    pub kind: InjectKind,
    /// How it is delivered.
    pub method: String,
    /// Who it seems to come from.
    pub from: String,
    /// Who gets it.
    pub to: Role,
    /// The incident that it belongs to, from 1.
    pub incident: usize,
    /// The service that it speaks of; may be empty.
    pub service: String,
    /// What an alert measures; may be empty.
    pub signal: String,
    /// One line; may be empty.
    pub subject: String,
    /// The words.
    pub text: String,
    /// How many tickets: 0 for what is no ticket.
    pub tickets: u32,
    /// Within how many seconds they come.
    pub over_s: i64,
    /// The name by which exports carry it; says nothing of the order.
    pub reference: String,
    /// Numbers of the objectives that it serves.
    pub objectives: Vec<usize>,
    /// What the policy asks for.
    pub expected_action: String,
    /// Bands that say by when, by their keys.
    pub expects: Vec<String>,
    /// Numbers of the injects to use if what it expects does not come, by time.
    pub contingencies: Vec<String>,
    /// Contingencies: keys of the bands that it is for. It is used if one of them has not come.
    pub late: Vec<String>,
    /// Red herrings: what is true. For the facilitator.
    pub truth: String,
    /// Whether the story's clock leaps before it.
    pub jumps: bool,
}

impl Inject {
    /// Whether it is delivered as a matter of course; contingencies are not.
    pub fn is_planned(&self) -> bool {
        self.kind != InjectKind::Contingency
    }
}

/// People on duty when the story begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Their team.
    pub team: String,
    /// Their shift; empty if they are always on duty.
    pub shift: String,
    /// Its support tier.
    pub tier: String,
    /// How many.
    pub people: usize,
    /// When their shift ends, in words; empty if it does not.
    pub until: String,
}

/// Somebody on call when the story begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCallDuty {
    /// By which schedule.
    pub schedule: String,
    /// Who.
    pub person: String,
    /// Their team.
    pub team: String,
}

/// A role of the scenario that is one of the exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    /// The role of the exercise.
    pub role: Role,
    /// What the scenario calls it.
    pub name: String,
    /// Who holds it when the story begins, in words.
    pub who: String,
}

/// A drill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drill {
    /// [`FORMAT`].
    pub format: u32,
    /// 16 hexadecimal digits, a function of all that it was made from.
    pub id: String,
    /// Where it comes from.
    pub source: Source,
    /// What it was asked for with, by the names of the command line; without what holds by default.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub options: Map<String, Value>,
    /// The kind of exercise.
    pub kind: Kind,
    /// How long it is planned to take, in seconds.
    pub length_s: i64,
    /// The kind of moment that was asked for; where that says nothing of the hour, what the story's hour is.
    pub when: When,
    /// The zone of all its local times.
    pub zone: String,
    /// When the story begins, local time with offset.
    pub story_at: String,
    /// When the exercise begins, likewise.
    pub start_at: String,
    /// What it is to show.
    pub objectives: Vec<Objective>,
    /// What happens.
    pub stories: Vec<Story>,
    /// What is delivered, contingencies included, by delivery.
    pub injects: Vec<Inject>,
    /// When the simulated organisation reaches what.
    pub bands: Vec<Band>,
    /// Milestones that the scenario does not have.
    pub not_modelled: Vec<Milestone>,
    /// Names of its support tiers, lowest first.
    pub tiers: Vec<String>,
    /// Longest silence towards the customer that the reported severity allows, in seconds.
    pub cadence_s: Option<f64>,
    /// Who is on duty.
    pub duty: Vec<Duty>,
    /// Who is on call, by the rota as it is written.
    pub on_call: Vec<OnCallDuty>,
    /// Who holds which role.
    pub holders: Vec<HeldRole>,
    /// Who is not there, in the story and in the simulation.
    pub absent: Vec<Absent>,
    /// Approvers who are slow, likewise.
    pub slow: Vec<Slow>,
    /// What the first incident meets in most replications.
    pub met: MetNames,
    /// Why this moment is the hardest, if it was searched for: sentences with their numbers.
    pub why_hard: Vec<String>,
}

impl Drill {
    /// The name that participants see.
    pub fn name(&self) -> String {
        format!("Drill {}", &self.id[..4.min(self.id.len())])
    }

    /// The end of the exercise, in its seconds.
    pub fn ends_s(&self) -> i64 {
        let end = self.injects.iter().find(|inject| inject.kind == InjectKind::End);
        end.map_or(self.length_s, |inject| inject.offset_s)
    }

    /// Whether its organisation could reach a milestone, modelled or not.
    pub fn knows(&self, milestone: Milestone) -> bool {
        let banded = self.bands.iter().any(|band| band.milestone == milestone);
        banded || self.not_modelled.contains(&milestone)
    }

    /// The milestones that its organisation could reach, in the order in which they are shown.
    pub fn milestones(&self) -> impl Iterator<Item = Milestone> + '_ {
        Milestone::ALL.into_iter().filter(|milestone| self.knows(*milestone))
    }

    /// The band of that key.
    pub fn band(&self, key: &str) -> Option<&Band> {
        self.bands.iter().find(|band| band.key() == key)
    }

    /// The incident's number and the milestone of a band's key, `2:resolved`; the first incident's may have `1:` in front.
    /// `None`: this drill has no such thing.
    pub fn read_key(&self, key: &str) -> Option<(usize, Milestone)> {
        let (number, word) = key.split_once(':').unwrap_or(("1", key));
        let milestone = Milestone::named(word).filter(|milestone| self.knows(*milestone))?;
        let number = (1..=self.stories.len()).find(|story| story.to_string() == number)?;
        Some((number, milestone))
    }

    /// When an incident's first symptom comes, in whole seconds of the story.
    pub fn begins_s(&self, incident: usize) -> f64 {
        let story = self.stories.get(incident - 1);
        story.map_or(0.0, |story| story.after_s.floor())
    }

    /// The story's second at a second of the exercise: straight lines between deliveries but for leaps, on at the same pace
    /// after the last.
    pub fn story_second(&self, offset_s: f64) -> f64 {
        let points = self.pairs();
        between(&points, offset_s)
    }

    /// Deliveries on both clocks. Before a leap the story goes on at its own pace; the leap takes the last second.
    fn pairs(&self) -> Vec<(f64, f64)> {
        let mut pairs: Vec<(f64, f64)> = Vec::new();
        for inject in self.injects.iter().filter(|inject| inject.is_planned()) {
            let (offset, story) = (inject.offset_s as f64, inject.story_s as f64);
            if let Some((before, told)) = pairs.last().copied().filter(|_| inject.jumps) {
                pairs.push((offset - 1.0, told + (offset - 1.0 - before)));
            }
            pairs.push((offset, story));
        }
        pairs
    }
}

/// The value at `x` on straight lines through ascending points; beyond the ends with slope 1.
fn between(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(at, _)| *at <= x);
    let before = after.checked_sub(1).and_then(|index| points.get(index));
    match (before, points.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (x - x0) * (y1 - y0) / (x1 - x0),
        (Some((x0, y0)), None) => y0 + (x - x0),
        (None, Some((x1, y1))) => y1 - (x1 - x),
        (None, None) => x,
    }
}
