//! Properties of decisions, messages and learning: what holds whatever is written of them.
//!
//! Random scenarios with gates, boards, changes, updates as work, command, workarounds, reviews, kinds of ticket and articles are
//! played and logged. `World::audit` looks after the people and the queues; here it is what the process promises.

use escalade::kernel::{Decision, Happening, Interruption, Observe, Outcome, Ticket, World, replicate};
use escalade::model::{AgentId, GateId, Model, TargetKind, compile};
use escalade::scenario::{Document, Problems, render};
use escalade::time::Instant;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::collections::BTreeMap;

const REPLICATIONS: u32 = 2;

/// What was seen of one replication.
struct Log<'a> {
    model: &'a Model,
    /// Gates that block the work of a ticket now, and how often each was declined.
    blocked: BTreeMap<(u32, usize), u32>,
    /// Messages about each ticket: the first response, updates.
    messages: BTreeMap<u32, Vec<i64>>,
    mitigated: BTreeMap<u32, i64>,
    ends: Vec<(i64, bool, Ticket)>,
    happened: usize,
    wrong: Vec<String>,
}

impl Log<'_> {
    fn decided(&mut self, now: Instant, ticket: &Ticket, gate: GateId, decision: Decision, waited_ms: i64) {
        let plan = self.model.process.gate(gate);
        let key = (ticket.number, gate.index());
        if let Some(declined) = self.blocked.get_mut(&key) {
            *declined += 1;
            if decision != Decision::Declined || *declined == plan.max_rounds {
                self.blocked.remove(&key);
            }
        }
        let limit = plan.timeout.map(|limit| limit.within.ms());
        let ends_then = !matches!(
            plan.on_timeout,
            escalade::model::OnTimeout::Wait | escalade::model::OnTimeout::Deputy(_)
        );
        if ends_then && limit.is_some_and(|limit| waited_ms > limit) {
            self.wrong.push(format!(
                "{} waited {waited_ms} ms at gate {} until {now:?}",
                ticket.number, plan.name
            ));
        }
    }

    /// Updates due and missed by their definition: a silence is walked through, due instant by due instant.
    fn silences(&self, end: i64, ticket: &Ticket) -> Option<(u32, u32)> {
        let target = self
            .model
            .targets
            .get(TargetKind::Update, ticket.severity, ticket.service, ticket.customer)?;
        let (mut end, mut stops) = (end, ticket.resolved.is_some());
        if let (true, Some(at)) = (target.until_mitigation, self.mitigated.get(&ticket.number)) {
            (end, stops) = (end.min(*at), true);
        }
        let (mut due, mut missed) = (0, 0);
        let messages = self.messages.get(&ticket.number).map_or(&[][..], Vec::as_slice);
        for (place, sent) in messages.iter().enumerate().filter(|(_, sent)| **sent <= end) {
            let next = messages.get(place + 1).filter(|next| **next <= end);
            let until = next.copied().unwrap_or(end);
            let (mut at, mut late) = (sent + target.within.ms(), 0);
            let mut in_time = 0;
            while at < until {
                late += 1;
                at += target.within.ms();
            }
            // On the very instant it is in time; an update sent before anything was due is in time as well, and so are a workaround
            // and a solution, if they do not come with the last update.
            let ends = next.is_some() || (stops && until > *sent);
            if (at == until && until > *sent) || (ends && late == 0) {
                in_time = 1;
            }
            let once = self
                .model
                .process
                .communications
                .as_ref()
                .is_some_and(|plan| plan.misses_once);
            let counted = if once { late.min(1) } else { late };
            due += counted + in_time;
            missed += counted;
        }
        Some((due, missed))
    }

    fn settle(&mut self, now: Instant, closed: bool, ticket: &Ticket) {
        self.ends.push((now.ms(), closed, *ticket));
        self.blocked.retain(|(number, _), _| *number != ticket.number);
        let end = ticket.resolved.map_or(now.ms(), Instant::ms);
        if let Some((due, missed)) = self.silences(end, ticket)
            && (due, missed) != (ticket.updates_due, ticket.updates_missed)
        {
            let counted = (ticket.updates_due, ticket.updates_missed);
            let messages = self.messages.get(&ticket.number);
            self.wrong.push(format!(
                "{}: updates due and missed are {due} and {missed}, counted {counted:?}; {messages:?} until {end}",
                ticket.number
            ));
        }
    }
}

impl Observe for Log<'_> {
    const SEES_BREACHES: bool = true;

    fn started(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId, _first: bool) {
        if let Some(((_, gate), _)) = self.blocked.iter().find(|((number, _), _)| *number == ticket.number) {
            self.wrong.push(format!(
                "{} is worked on at {now:?}, and gate {gate} blocks it",
                ticket.number
            ));
        }
    }

    fn responded(&mut self, _now: Instant, ticket: &Ticket) {
        let at = ticket.first_response.map_or(0, Instant::ms);
        self.messages.insert(ticket.number, vec![at]);
    }

    fn interrupted(&mut self, now: Instant, ticket: &Ticket, _agent: AgentId, why: Interruption) {
        if why == Interruption::Gated && self.model.process.gates.iter().all(|gate| !gate.blocks_work) {
            self.wrong
                .push(format!("{} is held up at {now:?} by no gate", ticket.number));
        }
    }

    fn resolved(&mut self, _now: Instant, ticket: &Ticket, _agent: AgentId) {
        self.blocked.retain(|(number, _), _| *number != ticket.number);
    }

    fn happened(&mut self, now: Instant, ticket: &Ticket, what: &Happening) {
        self.happened += 1;
        match *what {
            // What follows a resolved ticket blocks it no more.
            Happening::GateRequested { gate }
                if ticket.resolved.is_none() && self.model.process.gate(gate).blocks_work =>
            {
                self.blocked.entry((ticket.number, gate.index())).or_insert(0);
            }
            Happening::GateDecided { gate, decision, waited } => {
                self.decided(now, ticket, gate, decision, waited.ms());
            }
            // One that is sent before the first response starts no clock.
            Happening::UpdateSent => {
                if let Some(messages) = self.messages.get_mut(&ticket.number) {
                    messages.push(now.ms());
                }
            }
            Happening::Mitigated => drop(self.mitigated.insert(ticket.number, now.ms())),
            _ => {}
        }
    }

    fn closed(&mut self, now: Instant, ticket: &Ticket, _outcome: &Outcome) {
        self.settle(now, true, ticket);
    }

    fn cut_off(&mut self, now: Instant, ticket: &Ticket, _outcome: &Outcome) {
        self.settle(now, false, ticket);
    }
}

fn model(text: &str) -> Model {
    let document = Document::parse("random.toml", text);
    let told = |problems: &Problems| format!("{}\n{text}", render(&document, problems, false));
    assert!(!document.problems().any_error(), "{}", told(document.problems()));
    let mut problems = Problems::new();
    let scenario = document.base().expect("a scenario without errors can be read");
    compile(scenario, &mut problems).unwrap_or_else(|| panic!("{}", told(&problems)))
}

fn play<'a>(model: &'a Model, seed: u64, replication: u32) -> (World, Log<'a>) {
    let mut world = World::new();
    let mut log = Log {
        model,
        blocked: BTreeMap::new(),
        messages: BTreeMap::new(),
        mitigated: BTreeMap::new(),
        ends: Vec::new(),
        happened: 0,
        wrong: Vec::new(),
    };
    replicate(model, seed, replication, &mut world, &mut log);
    (world, log)
}

/// Text that is there or not.
fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 3 => text]
}

fn minutes(most: u32) -> impl Strategy<Value = String> {
    prop_oneof![
        (1..most).prop_map(|mean| format!("{{ exponential = \"{mean}m\" }}")),
        (0..most).prop_map(|value| format!("{{ deterministic = \"{value}m\" }}")),
    ]
}

fn gate() -> impl Strategy<Value = String> {
    let approvers = prop_oneof![Just(r#"["manager"]"#), Just(r#"["manager", "owner"]"#)];
    let timeout = maybe(
        (
            5u32..90,
            prop::sample::select(vec!["wait", "approve", "decline", "deputy"]),
        )
            .prop_map(|(minutes, then)| {
                let deputy = if then == "deputy" { "deputy = \"deputy\"\n" } else { "" };
                format!("timeout = \"{minutes}m\"\non_timeout = \"{then}\"\n{deputy}")
            }),
    );
    let decides = prop_oneof![
        3 => (minutes(30), any::<bool>()).prop_map(|(work, any)| {
            let parallel = if any { "parallel = \"any\"\n" } else { "" };
            format!("decision_work = {work}\n{parallel}")
        }),
        1 => (0u32..20).prop_map(|hours| format!("meeting = {{ calendar = \"board\", cutoff = \"{hours}h\" }}\n")),
    ];
    let blocks = prop_oneof![Just("work"), Just("release")];
    let declines = (0.0..0.6f64, minutes(60), 1u32..4)
        .prop_map(|(share, work, rounds)| format!("p_decline = {share:.2}\nrework = {work}\nmax_rounds = {rounds}\n"));
    (approvers, timeout, decides, blocks, maybe(declines)).prop_map(
        |(approvers, timeout, decides, blocks, declines)| {
            format!("approvers = {approvers}\n{timeout}{decides}blocks = \"{blocks}\"\n{declines}")
        },
    )
}

fn rules() -> impl Strategy<Value = String> {
    let opened = prop::sample::select(vec!["created = true", "in_team = \"20m\"", "with_owner = \"10m\""]);
    let gated = opened.prop_map(|when| format!("[rules.ask]\nwhen.{when}\nthen = [{{ open_gate = \"one\" }}]\n"));
    let major = Just(
        "[rules.major]\nwhen.created = true\nif.severity = [\"High\"]\nthen = [{ assign_commander = true }, { brief = true }]\n"
            .to_owned(),
    );
    let told = Just(
        "[rules.told]\nwhen.in_team = \"1h\"\nthen = [{ escalate_to = \"deputy\" }, { update = true }]\n".to_owned(),
    );
    (maybe(gated), maybe(major), maybe(told)).prop_map(|(gated, major, told)| gated + &major + &told)
}

fn communications() -> impl Strategy<Value = String> {
    let by = prop_oneof![Just(""), Just("by = \"deputy\"\n")];
    let misses = prop_oneof![Just("each"), Just("once")];
    (by, misses, minutes(20), 0u32..10).prop_map(|(by, misses, work, lead)| {
        format!("[communications]\n{by}misses = \"{misses}\"\nupdate_work = {work}\nlead_time = \"{lead}m\"\n")
    })
}

fn learning() -> impl Strategy<Value = String> {
    let reviews = (1u32..6, minutes(300), 1u32..72, 0.0..1.0f64).prop_map(|(people, work, due, root)| {
        format!(
            "[reviews]\nseverity = [\"High\"]\ndue = \"{due}h\"\npeople = {people}\nwork = {work}\np_root = {root:.2}\n"
        )
    });
    let articles = (0.0..1.0f64, minutes(60), 0.0..0.5f64, 0.0..1.0f64).prop_map(|(write, work, deflect, shift)| {
        format!(
            "[knowledge.articles]\np_write = {write:.2}\nwork = {work}\np_deflect = {deflect:.2}\np_shift = {shift:.2}\nhalf_life = \"2w\"\n[knowledge.learning]\nrate = 0.9\n"
        )
    });
    (reviews, articles, minutes(120)).prop_map(|(reviews, articles, fix)| {
        format!(
            "{reviews}{articles}[kinds.known]\nshare = 0.3\n[kinds.bred]\nshare = {{ High = 0.5, Low = 0.2 }}\nproblem = {{ fix = {fix}, gate = \"two\" }}\n"
        )
    })
}

fn workaround() -> impl Strategy<Value = String> {
    (0.1..1.0f64, 0.0..=1.0f64, any::<bool>()).prop_map(|(share, after, resolves)| {
        let on = if resolves { "mitigation" } else { "fix" };
        format!("[workaround]\nshare = {share:.2}\nafter = {after:.2}\nresolve_on = \"{on}\"\n")
    })
}

fn scenarios() -> impl Strategy<Value = (u64, String)> {
    let ends = prop::sample::select(vec!["finish", "hand-off", "hold"]);
    let basics = (any::<u64>(), 0.3..3.0f64, 1u32..4, 10u32..90, any::<bool>(), ends);
    let pending = maybe(
        (0.1..0.6f64, minutes(300)).prop_map(|(share, wait)| format!("[pending]\nshare = {share:.2}\nwait = {wait}\n")),
    );
    let process = (
        gate(),
        gate(),
        rules(),
        communications(),
        maybe(learning()),
        maybe(workaround()),
        0.0..0.8f64,
    );
    (basics, pending, process).prop_map(
        |((seed, rate, heads, cadence, until, ends), pending, (one, two, rules, messages, learning, workaround, changes))| {
            let until = if until { "mitigation" } else { "resolution" };
            let text = format!(
                r#"name = "random"
run = {{ start = "2026-03-02", horizon = "4d", drain = "3d", replications = 1 }}
[severities]
High = {{ first_response = "30m", update = {{ within = "{cadence}m", until = "{until}" }}, mitigate = "1h", resolve = "4h" }}
Low = {{ update = "3h", resolve = "1d" }}
[calendars.board]
hours = {{ "Mon-Sun" = "14:00-15:00" }}
[services.desk]
arrivals.rate = "{rate:.2}/h"
mix = {{ High = 0.3, Low = 0.7 }}
[tiers.L1]
work = {{ exponential = "30m" }}
escalates.L2 = 0.3
[tiers.L2]
work = {{ exponential = "60m" }}
[teams.front]
tier = "L1"
shift_end = "{ends}"
shifts.early = {{ headcount = {heads}, hours = {{ "Mon-Sun" = "06:00-14:00" }} }}
shifts.late = {{ headcount = {heads}, hours = {{ "Mon-Sun" = "14:00-23:00" }} }}
[teams.experts]
tier = "L2"
headcount = {heads}
preemption.by = ["High"]
[teams.managers]
tier = "L2"
shifts.day = {{ headcount = 1, hours = {{ "Mon-Sun" = "08:00-18:00" }} }}
[roles.manager]
team = "managers"
[roles.owner]
team = "experts"
reaction = {{ exponential = "10m" }}
[roles.deputy]
team = "front"
reaction = {{ deterministic = "5m" }}
work = {{ deterministic = "7m" }}
[roles.commander]
duty = "commander"
team = "managers"
[roles.scribe]
duty = "scribe"
team = "experts"
until = "resolution"
[gates.one]
{one}[gates.two]
{two}[changes.some]
share = {changes:.2}
gate = "two"
release = {{ exponential = "10m" }}
record = {{ deterministic = "5m" }}
{rules}{messages}{learning}{workaround}{pending}"#
            );
            (seed, text)
        },
    )
}

fn in_every_replication(property: impl Fn(&Log) -> Result<(), TestCaseError>) {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(96);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        ProptestConfig {
            cases,
            failure_persistence: None,
            ..ProptestConfig::default()
        },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let result = runner.run(&scenarios(), |(seed, text)| {
        let model = model(&text);
        for replication in 0..REPLICATIONS {
            let (world, log) = play(&model, seed, replication);
            let told =
                |why: String| TestCaseError::fail(format!("{why}\nseed {seed}, replication {replication}\n{text}"));
            world.audit(&model).map_err(told)?;
            property(&log)?;
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

#[test]
fn a_gated_ticket_is_not_worked_on_and_every_due_update_is_sent_in_time_or_counted_missed() {
    in_every_replication(|log| {
        prop_assert!(log.wrong.is_empty(), "{}", log.wrong.join("\n"));
        Ok(())
    });
}

#[test]
fn the_same_seed_gives_the_same_process() {
    in_every_replication(|log| {
        prop_assert!(
            log.happened > 0 || log.ends.len() < 20,
            "nothing of the process was seen"
        );
        Ok(())
    });
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let result = runner.run(&scenarios(), |(seed, text)| {
        let model = model(&text);
        let ends = |log: Log| {
            log.ends
                .iter()
                .map(|(at, closed, ticket)| (*at, *closed, ticket.number, ticket.touch_ms))
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(ends(play(&model, seed, 0).1), ends(play(&model, seed, 0).1));
        Ok(())
    });
    assert!(result.is_ok(), "{result:?}");
}
