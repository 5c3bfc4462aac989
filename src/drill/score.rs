//! Scoring: what a team did, milestone by milestone, against its own simulated organisation and its promises.
//!
//! The model says what to make of a miss. A target that the model misses too is the policy's or the staffing's finding; a
//! team that is slower than the model is its own finding, or the assumption's that made the model faster.

use super::bands::Band;
use super::exercise::{Drill, Objective};
use super::milestone::Milestone;
use super::observed::{Observed, Rating, Stopped};
use super::offset::words_or_never;
use super::pack::Opened;

/// What one observation means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Within the target, or within the ninth decile where there is none.
    OnTarget,
    /// Before the first decile.
    Faster,
    /// Beyond the target, but no slower than the model.
    AsModel,
    /// Beyond the ninth decile.
    Slower,
    /// Not reached, though the model mostly does.
    NotReached,
    /// Not reached, as in most replications.
    NotReachedAsModel,
    /// Not reached, and not due when the drill was stopped: nothing is known of it.
    NotPlayed,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::OnTarget => "on target",
            Verdict::Faster => "faster than the model",
            Verdict::AsModel => "slower than target, as the model expects",
            Verdict::Slower => "slower than the model",
            Verdict::NotReached => "not reached",
            Verdict::NotReachedAsModel => "not reached, as mostly in the model",
            Verdict::NotPlayed => "not played",
        }
    }

    /// Points out of 1; none for what was not played.
    pub fn points(self) -> Option<f64> {
        match self {
            Verdict::OnTarget | Verdict::Faster => Some(1.0),
            Verdict::AsModel | Verdict::NotReachedAsModel => Some(0.75),
            Verdict::Slower => Some(0.4),
            Verdict::NotReached => Some(0.0),
            Verdict::NotPlayed => None,
        }
    }

    /// Whether it is what was promised or expected, or better.
    pub fn is_hit(self) -> bool {
        matches!(self, Verdict::OnTarget | Verdict::Faster)
    }

    /// Whether it is worse than what was promised and what was expected.
    pub fn is_miss(self) -> bool {
        matches!(self, Verdict::AsModel | Verdict::Slower | Verdict::NotReached)
    }
}

/// One milestone's score.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The band.
    pub band: Band,
    /// What was observed, in seconds from the incident's first symptom.
    pub observed_s: Option<f64>,
    /// Share of the replications that were no later, ties by half; `None` if it was not reached.
    pub position: Option<f64>,
    /// What it means.
    pub verdict: Verdict,
}

impl Scored {
    /// What was observed, in words.
    pub fn seen_words(&self) -> String {
        match self.verdict {
            Verdict::NotPlayed => "not yet".to_owned(),
            _ => words_or_never(self.observed_s),
        }
    }
}

/// One objective's score.
#[derive(Debug, Clone, PartialEq)]
pub struct Rated {
    /// The objective.
    pub objective: Objective,
    /// The rating that follows from its milestones; none if none is modelled, or the decisive one was not played.
    pub by_rule: Option<Rating>,
    /// The evaluator's own.
    pub by_evaluator: Option<Rating>,
    /// Mean points of its milestones.
    pub points: Option<f64>,
}

impl Rated {
    /// The rating that counts: the evaluator's, if there is one.
    pub fn rating(&self) -> Option<Rating> {
        self.by_evaluator.or(self.by_rule)
    }
}

/// A whole drill's score.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// By milestone.
    pub scored: Vec<Scored>,
    /// By objective.
    pub rated: Vec<Rated>,
    /// Mean over the objectives, out of 1; none if nothing is modelled.
    pub points: Option<f64>,
    /// Mean position among the replications: near 1 throughout, the model is optimistic.
    pub mean_position: Option<f64>,
}

/// Scores a drill.
pub fn score(opened: &Opened, observed: &Observed) -> Score {
    let drill = &opened.drill;
    let scored: Vec<Scored> = drill
        .bands
        .iter()
        .zip(&opened.simulated)
        .filter(|(band, _)| observed.at(&band.key()).is_some() || is_owed(band, observed))
        .map(|(band, simulated)| {
            let after = drill.stories.get(band.incident - 1).map_or(0.0, |story| story.after_s);
            let at = |key: &str| observed.at(key).map(|at| (at - after).max(0.0));
            let seen = at(&band.key());
            let is_open = |stop: Stopped| seen.is_none() && !is_due(drill, band, observed, stop.story_s - after);
            // What is due after another milestone is due after the team's own.
            let target_s = band.target_after(|other| at(&band.key_of(other)));
            let band = Band {
                target_s,
                ..band.clone()
            };
            Scored {
                observed_s: seen,
                position: seen.map(|seen| position(simulated, seen)),
                verdict: match observed.stopped.is_some_and(is_open) {
                    true => Verdict::NotPlayed,
                    false => verdict(&band, seen),
                },
                band,
            }
        })
        .collect();
    let rated: Vec<Rated> = drill
        .objectives
        .iter()
        .map(|objective| rated(objective, &scored, observed))
        .collect();
    let mean = |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    Score {
        points: mean(rated.iter().filter_map(|one| one.points).collect()),
        mean_position: mean(scored.iter().filter_map(|one| one.position).collect()),
        scored,
        rated,
    }
}

/// Whether a milestone that was not observed is missing. Nobody writes down that it began, and who solves it need not hand
/// it up.
fn is_owed(band: &Band, observed: &Observed) -> bool {
    let resolved = Band {
        milestone: Milestone::Resolved,
        ..band.clone()
    }
    .key();
    match band.milestone {
        Milestone::Detected => false,
        milestone if milestone.tier().is_some() => observed.at(&resolved).is_none(),
        _ => true,
    }
}

/// Whether a milestone was due when the drill was stopped, so many seconds after the incident's first symptom: by its target,
/// or by the ninth decile where there is none. What is due after another milestone, and that has not come, is due after it is.
fn is_due(drill: &Drill, band: &Band, observed: &Observed, stopped_s: f64) -> bool {
    let bar = |band: &Band| band.target_s.or(band.p90.value);
    let after = drill.stories.get(band.incident - 1).map_or(0.0, |story| story.after_s);
    let due = match band.limit {
        None => bar(band),
        Some(limit) => {
            let key = band.key_of(limit.after);
            let seen = observed.at(&key).map(|at| (at - after).max(0.0));
            let from = seen.or_else(|| bar(drill.band(&key)?));
            from.map(|from| from + limit.within_s)
        }
    };
    due.is_some_and(|due| due <= stopped_s)
}

/// What an observation means against its band.
pub fn verdict(band: &Band, seen: Option<f64>) -> Verdict {
    let Some(seen) = seen else {
        return match band.never.value {
            Some(never) if never > 0.5 => Verdict::NotReachedAsModel,
            _ => Verdict::NotReached,
        };
    };
    // A decile that is never reached is later than anything that was.
    let (early, late) = (
        band.p10.value.unwrap_or(f64::INFINITY),
        band.p90.value.unwrap_or(f64::INFINITY),
    );
    let promised = band.target_s.unwrap_or(late);
    match seen {
        seen if seen <= promised && seen < early => Verdict::Faster,
        seen if seen <= promised => Verdict::OnTarget,
        seen if seen <= late => Verdict::AsModel,
        _ => Verdict::Slower,
    }
}

/// Share of the values that are no later, ties counted by half; what was not reached is later than all.
pub fn position(simulated: &[Option<f64>], seen: f64) -> f64 {
    let before = simulated.iter().flatten().filter(|value| **value < seen).count();
    let ties = simulated.iter().flatten().filter(|value| **value == seen).count();
    (before as f64 + 0.5 * ties as f64) / simulated.len().max(1) as f64
}

fn rated(objective: &Objective, scored: &[Scored], observed: &Observed) -> Rated {
    let theirs: Vec<&Scored> = scored
        .iter()
        .filter(|one| objective.milestones.contains(&one.band.milestone))
        .collect();
    let points: Vec<f64> = theirs.iter().filter_map(|one| one.verdict.points()).collect();
    let by_evaluator = observed
        .ratings
        .iter()
        .rev()
        .find(|(number, _)| *number == objective.number);
    Rated {
        by_rule: rating(objective, &theirs),
        by_evaluator: by_evaluator.map(|(_, rating)| *rating),
        points: (!points.is_empty()).then(|| points.iter().sum::<f64>() / points.len() as f64),
        objective: objective.clone(),
    }
}

/// All on target: P. One slower: S. More, or one beyond twice the ninth decile: M. The decisive one not reached: U. None if it
/// was not played.
fn rating(objective: &Objective, theirs: &[&Scored]) -> Option<Rating> {
    let decisive = objective.milestones.first();
    let is_decisive = |wanted: Verdict| {
        let mut theirs = theirs.iter();
        theirs.any(|one| Some(&one.band.milestone) == decisive && one.verdict == wanted)
    };
    let is_played = |one: &&Scored| one.verdict != Verdict::NotPlayed;
    if is_decisive(Verdict::NotPlayed) || !theirs.iter().any(is_played) {
        return None;
    }
    let lost = is_decisive(Verdict::NotReached);
    let misses = theirs.iter().filter(|one| one.verdict.is_miss()).count();
    let far = theirs.iter().any(|one| match (one.observed_s, one.band.p90.value) {
        (Some(seen), Some(late)) => one.verdict.is_miss() && seen > 2.0 * late,
        _ => false,
    });
    Some(match (lost, misses) {
        (true, _) => Rating::U,
        (false, 0) => Rating::P,
        (false, 1) if !far => Rating::S,
        _ => Rating::M,
    })
}

/// What the model assumes of a milestone: what a team that is slower than the model calls into question.
pub fn assumption(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Detected => "that the first symptom becomes a ticket at once",
        Milestone::Paged => "`rules` that page, and who is in `schedules`",
        Milestone::Acknowledged => "`on_call.acknowledges`, how soon somebody in that state acknowledges",
        Milestone::Engaged => {
            "how many people are on duty, how long what they work on holds them, and `on_call.get_to_desk`"
        }
        Milestone::Responded => "`first_reply`, the time from the first work to the first words",
        Milestone::Declared => "`incidents.*.declared`, when tickets are recognised as one incident",
        Milestone::CommanderNamed => "`roles.*.reaction` of the commander, and that they are free",
        Milestone::SeverityCorrect => "`triage.override`, the share of wrong severities that the first person corrects",
        Milestone::FirstUpdate => "`communications.update_work` and `communications.lead_time`",
        Milestone::Escalated2
        | Milestone::Escalated3
        | Milestone::Escalated4
        | Milestone::Escalated5
        | Milestone::Escalated6
        | Milestone::Escalated7
        | Milestone::Escalated8 => "`tiers.*.diagnosis`, the work until a tier knows that it cannot solve it",
        Milestone::GateRequested => "`rules` that open gates, and the work before a change is ready",
        Milestone::GateDecided => "`roles.*.reaction` of the approvers, and `gates.*.decision_work`",
        Milestone::Mitigated | Milestone::Resolved => {
            "the law of the repair (`[repair]` of the archetype) and `tiers.*.work`"
        }
        Milestone::ChildrenClosed => "`incidents.*.linking`, how linked tickets are recognised and closed",
        Milestone::ReviewScheduled => "`reviews`, which tickets are reviewed",
    }
}

#[cfg(test)]
mod tests {
    use super::super::bands::{Due, Promises, bands, share};
    use super::*;

    fn band(target_s: Option<f64>, never: usize) -> Band {
        let index = Milestone::ALL
            .iter()
            .position(|one| *one == Milestone::Resolved)
            .expect("there");
        let rows: Vec<super::super::milestone::Reached> = (0..100)
            .map(|k| {
                let mut row: super::super::milestone::Reached = Default::default();
                row[index] = (k >= never).then_some(60.0 * (k + 1) as f64);
                row
            })
            .collect();
        let promised = target_s.map(|target| (Milestone::Resolved, Due::At(target)));
        bands(1, &rows, &Promises::new(promised.into_iter().collect())).swap_remove(0)
    }

    #[test]
    fn a_miss_is_told_apart_by_what_the_model_does() {
        let tight = band(Some(1200.0), 0); // p10 600 s, p90 5400 s
        for (seen, expected) in [
            (Some(300.0), Verdict::Faster),
            (Some(1200.0), Verdict::OnTarget),
            (Some(1201.0), Verdict::AsModel),
            (Some(5400.0), Verdict::AsModel),
            (Some(5401.0), Verdict::Slower),
            (None, Verdict::NotReached),
        ] {
            assert_eq!(verdict(&tight, seen), expected, "{seen:?}");
        }
        let without = band(None, 0);
        assert_eq!(verdict(&without, Some(5400.0)), Verdict::OnTarget);
        assert_eq!(verdict(&without, Some(5401.0)), Verdict::Slower);
        assert_eq!(share(60, 100).value, band(None, 60).never.value);
        assert_eq!(verdict(&band(None, 60), None), Verdict::NotReachedAsModel);
    }

    #[test]
    fn a_tie_counts_by_half() {
        let values = [Some(1.0), Some(2.0), Some(2.0), None];
        assert_eq!(position(&values, 2.0), 0.5);
        assert_eq!(position(&values, 9.0), 0.75);
        assert_eq!(position(&values, 0.5), 0.0);
    }

    #[test]
    fn ratings_follow_the_rule() {
        let objective = Objective {
            number: 1,
            text: String::new(),
            goal: None,
            milestones: vec![Milestone::Resolved],
        };
        let rate = |seen: Option<f64>| {
            let band = band(Some(1200.0), 0);
            let one = Scored {
                verdict: verdict(&band, seen),
                observed_s: seen,
                position: None,
                band,
            };
            rating(&objective, &[&one])
        };
        assert_eq!(rate(Some(1000.0)), Some(Rating::P));
        assert_eq!(rate(Some(4000.0)), Some(Rating::S));
        assert_eq!(rate(Some(10_801.0)), Some(Rating::M));
        assert_eq!(rate(None), Some(Rating::U));
        assert_eq!(rating(&objective, &[]), None);
    }
}
