//! Random scenarios, written as a person would write them: everything that the language has, in short runs of few tickets,
//! from idle to hopelessly overloaded.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::{self, Write};

/// What a case of a property is played with. Printed as the scenario's text, so that a failure can be pasted.
#[derive(Clone)]
pub struct Case {
    pub text: String,
    pub seed: u64,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}\n{}", self.seed, self.text)
    }
}

/// A scenario before it is text: its top-level parts, so that a property can leave some out or add to them.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub run: String,
    pub severities: Vec<Severity>,
    pub customers: bool,
    pub tiers: Vec<TierPlan>,
    pub teams: Vec<TeamPlan>,
    pub demand: Demand,
    pub handoff: String,
    pub first_reply_s: u32,
    pub routes: Option<(usize, usize)>,
    pub rules: Vec<RulePlan>,
}

/// First response and resolve as written, update in minutes.
#[derive(Debug, Clone)]
pub struct Severity {
    pub first_response: Option<String>,
    pub resolve: Option<String>,
    pub update_m: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct TierPlan {
    pub work: String,
    pub diagnosis: Option<String>,
    /// Share handed on.
    pub escalates: f64,
}

#[derive(Debug, Clone)]
pub struct TeamPlan {
    pub staffing: Staffing,
    pub discipline: &'static str,
    pub preemption: Option<String>,
    pub shift_end: String,
    pub shrinkage: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Staffing {
    Headcount(u32),
    Shifts(Vec<(u32, &'static str)>),
}

#[derive(Debug, Clone)]
pub struct Demand {
    /// Tickets an hour for each of two services.
    pub rates: (f64, f64),
    pub day_variance: f64,
    pub pending: Option<String>,
    pub reopening: Option<String>,
    /// Correction (over, under, work in seconds), if triage errs.
    pub triage: Option<(f64, f64, u32)>,
}

#[derive(Debug, Clone)]
pub struct RulePlan {
    pub trigger: TriggerPlan,
    pub condition: Option<String>,
    pub action: usize,
    /// How often it fires, as a line of the rule.
    pub firing: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub enum TriggerPlan {
    /// Of the resolve target, else of the response.
    Consumed(bool, f64),
    Left(bool, u32),
    Timed(&'static str, u32, bool),
    /// What happens to a ticket or a queue.
    Happens(&'static str),
}

const HAPPENINGS: [&str; 9] = [
    "{ reassignments = 1 }",
    "{ reopenings = 1 }",
    "{ reopened = true }",
    "{ resolved = true }",
    "{ severity_raised = {} }",
    "{ severity_lowered = {} }",
    "{ queue_length = { team = \"t0\", at_least = 3, hysteresis = 2 } }",
    "{ queue_age = { team = \"t0\", at_least = \"45m\" } }",
    "{ breached = \"resolve\" }",
];

const FIRINGS: [&str; 8] = [
    "every = \"20m\"",
    "max = 1",
    "fires = \"each\"",
    "cooldown = \"30m\"",
    "stop = true\nmax = 2",
    "unless = { reassignments = 2 }",
    "while = { owned = true }",
    "group = \"warnings\"\non_jump = \"highest\"",
];

const CALENDARS: &str = r#"
[calendars.office]
zone = "Europe/Berlin"
hours = { "Mon-Fri" = "09:00-12:30, 13:00-17:00" }
holidays = ["2026-03-30", "2026-04-03"]
[calendars.nights]
zone = "America/New_York"
hours = { "Mon-Sun" = "22:00-06:00" }
holidays = ["2026-03-08"]
"#;

const HOURS: [&str; 7] = [
    "{ \"Mon-Sun\" = \"06:00-14:00\" }",
    "{ \"Mon-Sun\" = \"14:00-22:00\" }",
    "{ \"Mon-Sun\" = \"22:00-06:00\" }",
    "{ \"Mon-Fri\" = \"09:00-12:00, 12:30-17:00\", Sat = \"10:00-10:01\" }",
    "{ \"Mon-Sun\" = \"00:00-00:00\" }",
    "{ \"Mon-Wed\" = \"20:00-04:00\", \"Thu-Sun\" = \"12:00-20:00\" }",
    "\"24x7\"",
];

fn duration() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..240).prop_map(|minutes| format!("{minutes}m")),
        (1u32..20_000_000).prop_map(|ms| format!("{ms}ms")),
    ]
}

fn target(kind_pauses: bool) -> impl Strategy<Value = String> {
    let calendar = weighted(0.5, select(vec!["office", "nights"]));
    let pauses = weighted(0.2, any::<bool>());
    let change = weighted(0.4, select(vec!["restart", "retroactive"]));
    let reopen = weighted(0.4, select(vec!["restart", "resume"]));
    (duration(), calendar, pauses, change, reopen).prop_map(move |(within, calendar, pauses, change, reopen)| {
        let mut text = format!("{{ within = \"{within}\"");
        if let Some(calendar) = calendar {
            write!(text, ", calendar = \"{calendar}\"").unwrap();
        }
        if let Some(pauses) = pauses {
            write!(text, ", pauses = {pauses}").unwrap();
        }
        if let Some(change) = change {
            write!(text, ", on_severity_change = \"{change}\"").unwrap();
        }
        if let Some(reopen) = reopen.filter(|_| kind_pauses) {
            write!(text, ", on_reopen = \"{reopen}\"").unwrap();
        }
        text + " }"
    })
}

fn severity() -> impl Strategy<Value = Severity> {
    (
        weighted(0.7, target(false)),
        weighted(0.8, target(true)),
        weighted(0.3, 10u32..90),
    )
        .prop_map(|(first_response, resolve, update_m)| Severity {
            first_response,
            resolve,
            update_m,
        })
}

fn law() -> impl Strategy<Value = String> {
    prop_oneof![
        (1u32..90).prop_map(|mean| format!("{{ exponential = \"{mean}m\" }}")),
        (0u32..90).prop_map(|value| format!("{{ deterministic = \"{value}m\" }}")),
        (1u32..60).prop_map(|median| format!("{{ lognormal = {{ median = \"{median}m\", sigma = 0.9 }} }}")),
        (1u32..60).prop_map(|longest| format!("{{ empirical = [\"0s\", \"{longest}m\", \"1h\"] }}")),
        (1u32..60).prop_map(|mean| format!("{{ erlang = {{ mean = \"{mean}m\", stages = 3 }} }}")),
    ]
}

fn tier() -> impl Strategy<Value = TierPlan> {
    (law(), of(law()), 0.0..0.9f64).prop_map(|(work, diagnosis, escalates)| TierPlan {
        work,
        diagnosis,
        escalates,
    })
}

fn staffing() -> impl Strategy<Value = Staffing> {
    prop_oneof![
        (1u32..4).prop_map(Staffing::Headcount),
        vec((0u32..3, select(HOURS.to_vec())), 1..4).prop_map(Staffing::Shifts),
    ]
}

fn team() -> impl Strategy<Value = TeamPlan> {
    let discipline = select(vec!["fifo", "severity", "severity-customer", "deadline", "ageing"]);
    let preemption = (0u32..12, select(vec!["owner", "team"]), any::<bool>()).prop_map(|(cost, resume, all)| {
        let by = if all { "" } else { ", by = [\"S1\"]" };
        format!("{{ switch_cost = \"{cost}m\", resume = \"{resume}\"{by} }}")
    });
    let shift_end = prop_oneof![
        (0u32..180).prop_map(|most| format!("shift_end = \"finish\"\nmax_overtime = \"{most}m\"")),
        Just("shift_end = \"hand-off\"".to_string()),
        Just("shift_end = \"hold\"".to_string()),
    ];
    let shrinkage = (0.0..0.5f64, 0.0..0.4f64, 1u32..5, 0u32..40).prop_map(|(absent, breaks, count, slip)| {
        format!("{{ absent = {absent:.3}, breaks = {breaks:.3}, break_count = {count}, break_slip = \"{slip}m\" }}")
    });
    (
        staffing(),
        discipline,
        weighted(0.4, preemption),
        shift_end,
        weighted(0.4, shrinkage),
    )
        .prop_map(|(staffing, discipline, preemption, shift_end, shrinkage)| TeamPlan {
            staffing,
            discipline,
            preemption,
            shift_end,
            shrinkage,
        })
}

fn demand() -> impl Strategy<Value = Demand> {
    let pending = (0.0..1.0f64, 0.0..0.6f64, law(), 0.0..1.0f64).prop_map(|(share, again, wait, after)| {
        format!("[pending]\nshare = {share:.3}\nagain = {again:.3}\nwait = {wait}\nafter = {after:.3}\n")
    });
    let reopening = (0.0..0.7f64, weighted(0.7, law()), of(1u32..4)).prop_map(|(share, delay, most)| {
        let delay = delay.map_or(String::new(), |delay| format!("delay = {delay}\n"));
        let most = most.map_or(String::new(), |most| format!("at_most = {most}\n"));
        format!("[reopening]\nshare = {share:.3}\nwork_factor = 0.5\n{delay}{most}")
    });
    (
        (0.1..3.0f64, 0.1..3.0f64),
        select(vec![0.0, 0.0, 0.3]),
        weighted(0.6, pending),
        weighted(0.5, reopening),
        weighted(0.6, (0.0..=1.0f64, 0.0..=1.0f64, select(vec![0u32, 0, 120, 900]))),
    )
        .prop_map(|(rates, day_variance, pending, reopening, triage)| Demand {
            rates,
            day_variance,
            pending,
            reopening,
            triage,
        })
}

fn run_plan() -> impl Strategy<Value = String> {
    let start = select(vec![
        ("2026-03-28T20:00", "Europe/Berlin"),
        ("2026-10-24T12:00", "Europe/Berlin"),
        ("2026-03-07T18:00", "America/New_York"),
        ("2026-03-30", "UTC"),
    ]);
    (start, 6u32..40, 0u32..4, 0u32..30).prop_map(|((start, zone), horizon, warm_up, drain)| {
        format!(
            "run = {{ start = \"{start}\", zone = \"{zone}\", horizon = \"{horizon}h\", warm_up = \"{warm_up}h\", \
             drain = \"{drain}h\", replications = 3, business_calendar = \"office\" }}\n"
        )
    })
}

fn handoff() -> impl Strategy<Value = String> {
    (
        select(vec!["warm", "cold"]),
        0u32..10,
        0.0..0.8f64,
        0u32..6,
        0.0..0.4f64,
    )
        .prop_map(|(kind, overlap, loss, notes, escalation_loss)| {
            format!(
                "[handoff]\nshift_end = \"{kind}\"\noverlap = \"{overlap}m\"\ncontext_loss = {loss:.3}\n\
                 escalation_notes = \"{notes}m\"\nescalation_loss = {escalation_loss:.3}\n"
            )
        })
}

fn rule() -> impl Strategy<Value = RulePlan> {
    let trigger = prop_oneof![
        (any::<bool>(), 0.05..1.5f64).prop_map(|(resolve, share)| TriggerPlan::Consumed(resolve, share)),
        (any::<bool>(), 0u32..120).prop_map(|(resolve, minutes)| TriggerPlan::Left(resolve, minutes)),
        (
            select(vec![
                "in_queue",
                "in_team",
                "in_tier",
                "with_owner",
                "no_update",
                "pending"
            ]),
            1u32..180,
            any::<bool>()
        )
            .prop_map(|(what, minutes, office)| TriggerPlan::Timed(what, minutes, office)),
        select(HAPPENINGS.to_vec()).prop_map(TriggerPlan::Happens),
    ];
    let condition = weighted(
        0.3,
        select(vec!["open = \"office\"", "service = [\"mail\"]", "tier = [\"L1\"]"]).prop_map(String::from),
    );
    let firing = weighted(0.4, select(FIRINGS.to_vec()));
    (trigger, condition, 0usize..5, firing).prop_map(|(trigger, condition, action, firing)| RulePlan {
        trigger,
        condition,
        action,
        firing,
    })
}

/// Every feature, together.
pub fn plans() -> impl Strategy<Value = Plan> {
    let sizes = (1usize..=4, 1usize..=3, any::<bool>());
    sizes.prop_flat_map(|(severities, tiers, annex)| {
        let people = (
            vec(severity(), severities),
            vec(tier(), tiers),
            vec(team(), tiers + usize::from(annex)),
        );
        let policy = (
            handoff(),
            select(vec![0u32, 0, 0, 180]),
            weighted(0.3, (0..severities, 0..tiers)),
            vec(rule(), 0..5),
        );
        (any::<u32>(), run_plan(), any::<bool>(), people, demand(), policy).prop_map(
            |(seed, run, customers, (severities, tiers, teams), demand, (handoff, first_reply_s, routes, rules))| {
                Plan {
                    seed: u64::from(seed),
                    run,
                    severities,
                    customers,
                    tiers,
                    teams,
                    demand,
                    handoff,
                    first_reply_s,
                    routes,
                    rules,
                }
            },
        )
    })
}

/// One team of people who are always there, first come first served, and tickets that are worked on once.
pub fn simple_teams() -> impl Strategy<Value = Plan> {
    (plans(), 1u32..4).prop_map(|(mut plan, people)| {
        plan.tiers.truncate(1);
        plan.teams.truncate(1);
        plan.teams[0] = TeamPlan {
            staffing: Staffing::Headcount(people),
            discipline: "fifo",
            preemption: None,
            shift_end: String::new(),
            shrinkage: None,
        };
        plan.demand.pending = None;
        plan.demand.reopening = None;
        plan.routes = None;
        plan.rules.clear();
        plan
    })
}

impl Plan {
    pub fn case(&self) -> Case {
        self.case_with("")
    }

    /// With more tables at the end, such as candidates.
    pub fn case_with(&self, more: &str) -> Case {
        Case {
            text: self.text() + more,
            seed: self.seed,
        }
    }

    fn text(&self) -> String {
        let mut text = String::from("name = \"random\"\n");
        text += &self.run;
        writeln!(text, "first_reply = \"{}s\"", self.first_reply_s).unwrap();
        text += CALENDARS;
        self.write_severities(&mut text);
        self.write_demand(&mut text);
        self.write_people(&mut text);
        if let Some((severity, tier)) = self.routes {
            let severity = severity.min(self.severities.len() - 1) + 1;
            let tier = tier.min(self.tiers.len() - 1) + 1;
            writeln!(
                text,
                "[routes.some]\nif = {{ severity = [\"S{severity}\"] }}\nto = \"L{tier}\""
            )
            .unwrap();
        }
        for (number, rule) in self.rules.iter().enumerate() {
            if self.has_source(&rule.trigger) {
                self.write_rule(&mut text, number, rule);
            }
        }
        text
    }

    /// Whether anything brings about what a rule waits for: a file in which nothing does is refused.
    fn has_source(&self, trigger: &TriggerPlan) -> bool {
        match trigger {
            TriggerPlan::Timed("pending", ..) => self.demand.pending.is_some(),
            TriggerPlan::Happens(what) if what.contains("reassignments") => self.teams.len() > 1,
            TriggerPlan::Happens(what) if what.contains("reopen") => self.demand.reopening.is_some(),
            TriggerPlan::Happens(what) if what.contains("severity_") => self.demand.triage.is_some(),
            _ => true,
        }
    }

    fn write_severities(&self, text: &mut String) {
        for (number, severity) in self.severities.iter().enumerate() {
            writeln!(text, "[severities.S{}]", number + 1).unwrap();
            if let Some(target) = &severity.first_response {
                writeln!(text, "first_response = {target}").unwrap();
            }
            if let Some(target) = &severity.resolve {
                writeln!(text, "resolve = {target}").unwrap();
            }
            if let Some(minutes) = severity.update_m {
                writeln!(text, "update = \"{minutes}m\"").unwrap();
            }
        }
        if self.customers {
            text.push_str("[customer_tiers.gold]\nshare = 0.3\nfactor = 0.5\n");
            text.push_str("[customer_tiers.standard]\nshare = 0.7\ntargets.S1.resolve = \"77m\"\n");
        }
    }

    /// Equal shares that add to 1.
    fn mix(&self, favourite: usize) -> String {
        let many = self.severities.len();
        let share = |number: usize| {
            if number == favourite.min(many - 1) {
                1.0 - 0.2 * (many - 1) as f64
            } else {
                0.2
            }
        };
        let shares: Vec<String> = (0..many)
            .map(|number| format!("S{} = {:.1}", number + 1, share(number)))
            .collect();
        format!("{{ {} }}", shares.join(", "))
    }

    fn write_demand(&self, text: &mut String) {
        let demand = &self.demand;
        for (name, rate, favourite) in [("mail", demand.rates.0, 3), ("phone", demand.rates.1, 0)] {
            writeln!(text, "[services.{name}]\nmix = {}", self.mix(favourite)).unwrap();
            let variance = demand.day_variance;
            writeln!(
                text,
                "arrivals = {{ rate = \"{rate:.3}/h\", day_variance = {variance} }}"
            )
            .unwrap();
        }
        text.push_str(demand.pending.as_deref().unwrap_or(""));
        text.push_str(demand.reopening.as_deref().unwrap_or(""));
        if let Some((over, under, work)) = demand.triage {
            text.push_str("[triage]\n");
            writeln!(
                text,
                "override = {{ over = {over:.3}, under = {under:.3}, work = \"{work}s\" }}"
            )
            .unwrap();
            for number in 0..self.severities.len() {
                writeln!(
                    text,
                    "confusion.S{} = {}",
                    number + 1,
                    self.mix((number + 1) % self.severities.len())
                )
                .unwrap();
            }
        }
    }

    fn write_people(&self, text: &mut String) {
        for (number, tier) in self.tiers.iter().enumerate() {
            writeln!(text, "[tiers.L{}]\nwork = {}", number + 1, tier.work).unwrap();
            if let Some(diagnosis) = &tier.diagnosis {
                writeln!(text, "diagnosis = {diagnosis}").unwrap();
            }
            if number + 1 < self.tiers.len() {
                writeln!(text, "escalates.L{} = {:.3}", number + 2, tier.escalates).unwrap();
            }
        }
        for (number, team) in self.teams.iter().enumerate() {
            let tier = number % self.tiers.len() + 1;
            writeln!(
                text,
                "[teams.t{number}]\ntier = \"L{tier}\"\ndiscipline = \"{}\"",
                team.discipline
            )
            .unwrap();
            if team.discipline == "ageing" {
                text.push_str("ageing_step = \"40m\"\n");
            }
            if let Some(preemption) = &team.preemption {
                writeln!(text, "preemption = {preemption}").unwrap();
            }
            if let Some(shrinkage) = &team.shrinkage {
                writeln!(text, "shrinkage = {shrinkage}").unwrap();
            }
            match &team.staffing {
                Staffing::Headcount(people) => writeln!(text, "headcount = {people}").unwrap(),
                Staffing::Shifts(shifts) => {
                    text.push_str(&team.shift_end);
                    text.push('\n');
                    for (shift, (people, hours)) in shifts.iter().enumerate() {
                        writeln!(
                            text,
                            "[teams.t{number}.shifts.s{shift}]\nheadcount = {people}\nhours = {hours}"
                        )
                        .unwrap();
                    }
                }
            }
        }
        text.push_str(&self.handoff);
    }

    /// A rule on a target that nobody has, or that undoes another, is a mistake: such a one becomes a plain alert.
    fn write_rule(&self, text: &mut String, number: usize, rule: &RulePlan) {
        // Severity that the rule's own condition names.
        let named = match rule.action {
            3 if self.severities.len() > 1 => Some(1),
            4 if self.severities.len() > 1 => Some(0),
            _ => None,
        };
        let happens = match rule.trigger {
            TriggerPlan::Happens(what) if !what.contains("severity") || self.severities.len() > 1 => Some(what),
            _ => None,
        };
        let named = named.filter(|_| happens.is_none());
        let has = |resolve: bool| {
            let mut severities = self.severities.iter().enumerate();
            severities.any(|(number, severity)| {
                let target = if resolve {
                    &severity.resolve
                } else {
                    &severity.first_response
                };
                target.is_some() && named.is_none_or(|named| named == number)
            })
        };
        let kind = |resolve: bool| if resolve { "resolve" } else { "first_response" };
        let when = match rule.trigger {
            TriggerPlan::Consumed(resolve, share) if has(resolve) => {
                format!("{{ consumed = {{ of = \"{}\", share = {share:.3} }} }}", kind(resolve))
            }
            TriggerPlan::Left(resolve, minutes) if has(resolve) => {
                format!(
                    "{{ left = {{ of = \"{}\", time = \"{minutes}m {number}s\" }} }}",
                    kind(resolve)
                )
            }
            TriggerPlan::Timed(what, minutes, true) => {
                format!("{{ {what} = {{ after = \"{minutes}m {number}s\", calendar = \"office\" }} }}")
            }
            TriggerPlan::Happens(what) if happens.is_some() && (!what.contains("breached") || has(true)) => what.into(),
            TriggerPlan::Timed(what, minutes, false) => format!("{{ {what} = \"{minutes}m {number}s\" }}"),
            _ => format!("{{ in_queue = \"50m {number}s\" }}"),
        };
        let highest = self.tiers.len();
        let (then, own) = match rule.action {
            1 if highest > 1 => (format!("{{ transfer = \"L{highest}\" }}"), "tier = [\"L1\"]"),
            // At what happens, another rule may hand the ticket to a tier at the same instant.
            2 if self.teams.len() > highest && happens.is_none() => {
                (format!("{{ transfer = \"t{highest}\" }}"), "team = [\"t0\"]")
            }
            3 if happens.is_some() => ("{ set_priority = 1 }".into(), ""),
            4 if happens.is_some() => (format!("{{ flag = \"f{number}\" }}"), ""),
            3 if self.severities.len() > 1 => ("{ raise = 1 }".into(), "severity = [\"S2\"]"),
            4 if self.severities.len() > 1 => ("{ lower = 1 }, { alert = \"lead\" }".into(), "severity = [\"S1\"]"),
            _ => ("{ alert = \"lead\" }".to_string(), ""),
        };
        let conditions: Vec<&str> = [rule.condition.as_deref().unwrap_or(""), own]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let same_key = conditions.len() == 2 && conditions[0].starts_with("tier") && own.starts_with("tier");
        let conditions = if same_key { vec![own] } else { conditions };
        writeln!(
            text,
            "[rules.r{number}]\nwhen = {when}\nif = {{ {} }}\nthen = [{then}]\n{}",
            conditions.join(", "),
            rule.firing.unwrap_or_default()
        )
        .unwrap();
    }
}
