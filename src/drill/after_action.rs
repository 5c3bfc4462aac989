//! The after-action report: what was rehearsed, how it went, what to change.
//!
//! Sections follow the form of the Homeland Security Exercise and Evaluation Program. Findings are split into those of
//! people and process, of the policy (the model misses it too), and of the model's own assumptions.

use super::bands::Band;
use super::chart;
use super::exercise::Objective;
use super::guide::clock;
use super::observed::Observed;
use super::offset::{offset, words, words_or_never};
use super::pack::Opened;
use super::paper::{Block, Paper};
use super::payload::table;
use super::propose::{Proposal, patch};
use super::score::{Score, Scored, Verdict, assumption};
use super::script::capital;
use crate::time::Date;
use serde_json::json;

/// The key by which a folder is known as a report on a drill.
pub const SCORE_MARK: &str = "drill_score";

/// The columns of `scores.csv`.
pub const SCORES: [&str; 11] = [
    "milestone",
    "observed_s",
    "target_s",
    "p10_s",
    "p50_s",
    "p90_s",
    "never_share",
    "n",
    "position",
    "verdict",
    "points",
];
/// The columns of `improvement-plan.csv`.
pub const PLAN: [&str; 8] = [
    "issue",
    "corrective_action",
    "kind",
    "owner_role",
    "priority",
    "start",
    "due",
    "measure_of_done",
];

/// Everything that the report is made from.
#[derive(Debug)]
pub struct Report<'a> {
    /// The pack.
    pub opened: &'a Opened,
    /// What was observed.
    pub observed: &'a Observed,
    /// How it scores.
    pub score: &'a Score,
    /// What it says of the scenario.
    pub proposals: &'a [Proposal],
    /// Injects with the second of the exercise at which they were delivered, as far as that was logged.
    pub delivered: Vec<(String, f64)>,
}

/// A line of the improvement plan.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Action {
    issue: String,
    action: String,
    kind: &'static str,
    owner: &'static str,
    priority: &'static str,
    days: i64,
    done: String,
}

impl Report<'_> {
    /// The files of the report.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, csv::Error> {
        let paper = self.paper();
        let mut files = vec![
            ("after-action.html".to_owned(), paper.html().into_bytes()),
            ("after-action.md".to_owned(), paper.markdown().into_bytes()),
            ("improvement-plan.csv".to_owned(), self.plan_csv()?),
            ("scores.csv".to_owned(), self.scores_csv()?),
        ];
        if let Some(patch) = patch(self.opened, self.proposals) {
            files.push(("proposal.toml".to_owned(), patch.into_bytes()));
        }
        let names: Vec<&str> = files
            .iter()
            .map(|(name, _)| name.as_str())
            .chain(["manifest.json"])
            .collect();
        let manifest = json!({
            "escalade": env!("CARGO_PKG_VERSION"),
            SCORE_MARK: 1,
            "drill": self.opened.drill.id,
            "source": self.opened.drill.source,
            "points": self.score.points,
            "stopped_at_s": self.observed.stopped.map(|stop| stop.at_s),
            "files": names,
        });
        files.push(("manifest.json".to_owned(), format!("{manifest:#}\n").into_bytes()));
        Ok(files)
    }

    fn paper(&self) -> Paper {
        let drill = &self.opened.drill;
        let mut paper = Paper::new(format!("{}: after-action report", drill.name()), "");
        self.in_five_lines(&mut paper);
        self.overview(&mut paper);
        self.objectives(&mut paper);
        self.timeline(&mut paper);
        self.went(&mut paper);
        self.findings(&mut paper);
        self.plan(&mut paper);
        self.data(&mut paper);
        paper
    }

    fn in_five_lines(&self, paper: &mut Paper) {
        let drill = &self.opened.drill;
        paper.chapter("1. In five lines");
        if let Some(stop) = self.observed.stopped {
            paper.say(format!(
                "The drill was {}. What was not due by then is not judged, and counts neither for nor against anybody.",
                stop.words()
            ));
        }
        let ratings = self.score.rated.iter().map(|one| {
            let letter = one
                .rating()
                .map_or("not rated".to_owned(), |rating| rating.letter().to_string());
            format!("{} {letter}", one.objective.number)
        });
        let stories: Vec<String> = drill
            .stories
            .iter()
            .map(|story| format!("{} ({})", story.title, story.service))
            .collect();
        let gaps = self.gaps();
        let largest: Vec<String> = gaps
            .iter()
            .take(3)
            .map(|one| format!("{} ({})", one.band.milestone.label(), one.verdict.words()))
            .collect();
        paper.list([
            format!(
                "Rehearsed: {}, {} at {} in the story.",
                stories.join(" and "),
                drill.kind.word(),
                clock(&drill.story_at)
            ),
            format!(
                "By objective: {}. In all {} of 1.",
                ratings.collect::<Vec<_>>().join(", "),
                points(self.score.points)
            ),
            format!(
                "Largest gaps: {}.",
                if largest.is_empty() {
                    "none".to_owned()
                } else {
                    largest.join("; ")
                }
            ),
            format!(
                "To change: {}.",
                self.actions()
                    .first()
                    .map_or("nothing follows from the times".to_owned(), |action| action
                        .action
                        .clone())
            ),
            format!(
                "Repeat: {}.",
                match (self.observed.stopped, gaps.is_empty()) {
                    (Some(_), _) => "to its end, as it was stopped",
                    (None, true) => "in a quarter, with another incident",
                    (None, false) => "within six weeks, the same objectives with another incident",
                }
            ),
        ]);
    }

    fn overview(&self, paper: &mut Paper) {
        let drill = &self.opened.drill;
        paper.section("Overview");
        let threats: Vec<String> = drill.stories.iter().map(|story| story.title.clone()).collect();
        let rows = [
            (
                "Exercise",
                format!(
                    "{}, {} of {}",
                    drill.name(),
                    drill.kind.word(),
                    words(drill.length_s as f64)
                ),
            ),
            ("Date", clock(&drill.start_at)),
            ("Scope", drill.source.name.clone()),
            ("Threat", threats.join(", ")),
            (
                "Scenario",
                drill
                    .stories
                    .iter()
                    .map(|story| story.cause.clone())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            ("Participants", String::new()),
            ("Sponsor, contact", String::new()),
        ];
        paper.table(
            &["", ""],
            rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec(),
        );
    }

    fn objectives(&self, paper: &mut Paper) {
        paper.chapter("2. Objectives");
        for one in &self.score.rated {
            paper.section(format!("{}. {}", one.objective.number, one.objective.text));
            let by_rule = one.by_rule.map_or_else(
                || self.unrated(&one.objective).to_owned(),
                |rating| format!("{}, {}", rating.letter(), rating.words()),
            );
            let by_evaluator = one.by_evaluator.map_or("none given".to_owned(), |rating| {
                format!("{}, {}", rating.letter(), rating.words())
            });
            paper.say(format!(
                "By the rule: {by_rule}. By the evaluators: {by_evaluator}. Points: {}.",
                points(one.points)
            ));
            let theirs = self
                .score
                .scored
                .iter()
                .filter(|scored| one.objective.milestones.contains(&scored.band.milestone));
            let rows: Vec<Vec<String>> = theirs.map(evidence).collect();
            if !rows.is_empty() {
                paper.table(&EVIDENCE, rows);
            }
        }
    }

    /// Why an objective has no rating by the rule.
    fn unrated(&self, objective: &Objective) -> &'static str {
        let is_its = |one: &Scored| objective.milestones.contains(&one.band.milestone);
        match self.score.scored.iter().any(is_its) {
            true => "it was not played so far",
            false => "no milestone of it is modelled",
        }
    }

    fn timeline(&self, paper: &mut Paper) {
        paper.chapter("3. Timeline");
        let after = |key: &str| {
            self.score
                .scored
                .iter()
                .find(|one| one.band.key() == key)
                .and_then(|one| one.observed_s)
        };
        let seen = self
            .score
            .scored
            .iter()
            .map(|one| format!("{} {}", one.band.key(), one.seen_words()));
        let bands: Vec<_> = self.score.scored.iter().map(|one| one.band.clone()).collect();
        paper.blocks.push(Block::Figure(
            chart::timeline(&bands, after),
            format!("Observed: {}.", seen.collect::<Vec<_>>().join(", ")),
        ));
        paper.table(&EVIDENCE, self.score.scored.iter().map(evidence).collect());
        let others: Vec<String> = self
            .observed
            .rows
            .iter()
            .filter(|row| self.opened.drill.band(&row.key).is_none())
            .filter_map(|row| row.at_s.map(|at| format!("{} at {}", row.key, offset(at))))
            .collect();
        if !others.is_empty() {
            paper.say(format!(
                "Observed, but not modelled by the scenario: {}.",
                others.join(", ")
            ));
        }
    }

    fn went(&self, paper: &mut Paper) {
        paper.chapter("4. What went well, what did not");
        let line = |one: &Scored| {
            format!(
                "{}: {}, {}",
                one.band.milestone.label(),
                one.seen_words(),
                one.verdict.words()
            )
        };
        let those = |wanted: fn(Verdict) -> bool| {
            let scored = self.score.scored.iter().filter(|one| wanted(one.verdict));
            scored.map(line).collect::<Vec<_>>()
        };
        for (title, lines, none) in [
            ("Well", those(Verdict::is_hit), "No modelled milestone was on target."),
            ("Not well", those(Verdict::is_miss), "No modelled milestone was missed."),
        ] {
            paper.section(title);
            match lines.is_empty() {
                true => paper.say(none),
                false => paper.list(lines),
            }
        }
        let neither = those(|verdict| !verdict.is_hit() && !verdict.is_miss());
        if !neither.is_empty() {
            paper.section("Neither");
            paper.list(neither);
        }
        if !self.observed.notes.is_empty() {
            paper.section("Noted");
            paper.list(
                self.observed
                    .notes
                    .iter()
                    .map(|(at, note)| format!("{}: {note}", at.map_or(String::new(), offset))),
            );
        }
        paper.section("Luck");
        paper
            .blocks
            .push(Block::Lines("Where did luck help? From the hot wash:".to_owned(), 2));
    }

    fn findings(&self, paper: &mut Paper) {
        paper.chapter("5. Findings");
        paper.section("People and process");
        let slower: Vec<&Scored> = self
            .score
            .scored
            .iter()
            .filter(|one| matches!(one.verdict, Verdict::Slower | Verdict::NotReached))
            .collect();
        match slower.is_empty() {
            true => paper.say("Nothing took longer than in nine of ten replications."),
            false => paper.list(slower.iter().map(|one| {
                format!(
                    "{}: {}; the simulated organisation {} (n {}).",
                    capital(one.band.milestone.label()),
                    match one.observed_s {
                        Some(seen) => format!("took {}", words(seen)),
                        None => "was not reached".to_owned(),
                    },
                    needs(&one.band),
                    one.band.n
                )
            })),
        }
        paper.section("Policy and staffing");
        let policy: Vec<&Scored> = self
            .score
            .scored
            .iter()
            .filter(|one| one.verdict == Verdict::AsModel)
            .collect();
        match policy.is_empty() {
            true => paper.say("No target was missed that the model misses too."),
            false => paper.list(policy.iter().map(|one| {
                let misses = one.band.misses.map_or(String::new(), |misses| {
                    format!("; the model misses it in {}", super::guide::percent(misses))
                });
                format!(
                    "{}: the target of {} is missed{misses}. Who plays is not the cause.",
                    capital(one.band.milestone.label()),
                    one.band.target_words()
                )
            })),
        }
        paper.section("Assumptions of the model");
        let mut lines: Vec<String> = slower
            .iter()
            .map(|one| {
                format!(
                    "{} being slower calls into question {}.",
                    capital(one.band.milestone.label()),
                    assumption(one.band.milestone)
                )
            })
            .collect();
        if let Some(mean) = self.score.mean_position {
            let verdict = match mean {
                mean if mean > 0.8 => "The model is optimistic, as far as one drill can say.",
                mean if mean < 0.2 => "The model is pessimistic, as far as one drill can say.",
                _ => "One drill does not contradict the model.",
            };
            let n = self.score.scored.iter().filter(|one| one.position.is_some()).count();
            lines.push(format!(
                "Mean position among the replications: {mean:.2} (0 earliest, 1 latest; {n} milestones). {verdict}"
            ));
        }
        lines.extend(self.proposals.iter().map(|one| {
            format!(
                "{}: {}: factor {:.2} from n = {} (as if 5 earlier observations had agreed with the model); simulated median {}, observed {}.",
                one.path,
                one.what,
                one.factor,
                one.observed_s.len(),
                words(one.median_s),
                one.observed_s.iter().map(|seen| words(*seen)).collect::<Vec<_>>().join(", ")
            )
        }));
        paper.list(lines);
        if let Some(patch) = patch(self.opened, self.proposals) {
            paper.say("As a patch (proposal.toml), never applied by itself:");
            paper.list(patch.lines().filter(|line| line.starts_with("set.")).map(str::to_owned));
        }
    }

    fn plan(&self, paper: &mut Paper) {
        paper.chapter("6. Improvement plan");
        paper.table(&PLAN, self.plan_rows());
    }

    fn data(&self, paper: &mut Paper) {
        let drill = &self.opened.drill;
        paper.chapter("7. Data");
        paper.list([
            format!(
                "Drill {}, scenario {} ({}), policy {}",
                drill.id, drill.source.name, drill.source.fingerprint, drill.source.candidate
            ),
            format!(
                "Seed {}, {} replications; escalade {}",
                drill.source.seed,
                drill.source.replications,
                env!("CARGO_PKG_VERSION")
            ),
        ]);
        let rows = drill.injects.iter().filter(|inject| inject.is_planned()).map(|inject| {
            let delivered = self.delivered.iter().find(|(number, _)| *number == inject.number);
            vec![
                inject.number.clone(),
                offset(inject.offset_s as f64),
                delivered.map_or(String::new(), |(_, at)| offset(*at)),
                inject.kind.to_string(),
                inject.to.label().to_owned(),
            ]
        });
        paper.table(&["no.", "planned at", "delivered at", "type", "to"], rows.collect());
    }

    /// Misses, the worst first: not reached, then by how many times the ninth decile, then the target.
    fn gaps(&self) -> Vec<&Scored> {
        let mut gaps: Vec<&Scored> = self.score.scored.iter().filter(|one| one.verdict.is_miss()).collect();
        let badness = |one: &Scored| match (one.observed_s, one.band.target_s.or(one.band.p90.value)) {
            (None, _) => f64::INFINITY,
            (Some(seen), Some(bar)) => seen / bar.max(1.0),
            (Some(_), None) => 0.0,
        };
        gaps.sort_by(|a, b| badness(b).total_cmp(&badness(a)));
        gaps
    }

    fn actions(&self) -> Vec<Action> {
        let of = |one: &&Scored| {
            let label = one.band.milestone.label();
            let bar = one.band.target_s.or(one.band.p90.value);
            let bar = bar.map_or_else(|| "reached".to_owned(), |bar| format!("within {}", words(bar)));
            let (action, kind, owner, priority, days) = match one.verdict {
                Verdict::AsModel => (
                    format!(
                        "compare candidates with a shorter way to \"{label}\" (`escalade run`), or change the target"
                    ),
                    "policy",
                    "policy owner",
                    "2",
                    30,
                ),
                Verdict::NotReached => (
                    format!("say in the run book who brings about \"{label}\", and rehearse it"),
                    "process",
                    "incident commander",
                    "1",
                    14,
                ),
                _ => (
                    format!("find out what held up \"{label}\"; if it is usual, take over the proposed parameter"),
                    "process",
                    "operations lead",
                    "2",
                    21,
                ),
            };
            Action {
                issue: format!("{label}: {} ({})", words_or_never(one.observed_s), one.verdict.words()),
                action,
                kind,
                owner,
                priority,
                days,
                done: format!("\"{label}\" {bar} in the next drill"),
            }
        };
        self.gaps().iter().map(of).collect()
    }

    fn plan_rows(&self) -> Vec<Vec<String>> {
        let start: Option<Date> = self.opened.drill.start_at.get(..10).and_then(|date| date.parse().ok());
        let date = |days: i64| start.map_or(String::new(), |start| start.plus_days(days).to_string());
        let row = |action: Action| {
            vec![
                action.issue,
                action.action,
                action.kind.to_owned(),
                action.owner.to_owned(),
                action.priority.to_owned(),
                date(1),
                date(action.days),
                action.done,
            ]
        };
        self.actions().into_iter().map(row).collect()
    }

    fn plan_csv(&self) -> Result<Vec<u8>, csv::Error> {
        table(&PLAN, self.plan_rows())
    }

    fn scores_csv(&self) -> Result<Vec<u8>, csv::Error> {
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let row = |one: &Scored| {
            let band = &one.band;
            vec![
                band.key(),
                number(one.observed_s),
                number(band.target_s),
                number(band.p10.value),
                number(band.p50.value),
                number(band.p90.value),
                number(band.never.value),
                band.n.to_string(),
                number(one.position),
                one.verdict.words().to_owned(),
                number(one.verdict.points()),
            ]
        };
        table(&SCORES, self.score.scored.iter().map(row))
    }
}

const EVIDENCE: [&str; 7] = [
    "milestone",
    "observed",
    "target",
    "median",
    "ninth decile",
    "position",
    "verdict",
];

fn evidence(one: &Scored) -> Vec<String> {
    vec![
        one.band.key(),
        one.seen_words(),
        one.band.target_words(),
        words_or_never(one.band.p50.value),
        words_or_never(one.band.p90.value),
        one.position.map_or(String::new(), |position| format!("{position:.2}")),
        one.verdict.words().to_owned(),
    ]
}

/// How long the simulated organisation takes, in words; where that is never, in how many cases.
fn needs(band: &Band) -> String {
    match (band.p50.value, band.p90.value) {
        (Some(median), Some(late)) => format!(
            "needs {} in the median and at most {} in nine of ten cases",
            words(median),
            words(late)
        ),
        (Some(median), None) => format!(
            "needs {} in the median, and does not get there in more than one case in ten",
            words(median)
        ),
        (None, _) => "does not get there in at least half of the cases".to_owned(),
    }
}

fn points(value: Option<f64>) -> String {
    value.map_or("no points".to_owned(), |value| format!("{value:.2}"))
}

#[cfg(test)]
mod tests {
    use super::super::bands::Quantile;
    use super::super::milestone::Milestone;
    use super::*;

    #[test]
    fn what_is_never_reached_is_no_length_of_time() {
        let known = |value: Option<f64>| Quantile {
            value,
            low: None,
            high: None,
        };
        let band = |p50: Option<f64>, p90: Option<f64>| Band {
            incident: 1,
            milestone: Milestone::SeverityCorrect,
            target_s: None,
            limit: None,
            p10: known(None),
            p50: known(p50),
            p90: known(p90),
            never: known(None),
            misses: None,
            n: 100,
        };
        assert_eq!(
            needs(&band(Some(2477.0), Some(3600.0))),
            "needs 41 min 17 s in the median and at most 1 h in nine of ten cases"
        );
        assert_eq!(
            needs(&band(Some(2477.0), None)),
            "needs 41 min 17 s in the median, and does not get there in more than one case in ten"
        );
        assert_eq!(
            needs(&band(None, None)),
            "does not get there in at least half of the cases"
        );
    }
}
