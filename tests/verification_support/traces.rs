//! Family k: timelines of a few tickets, to the millisecond, event by event.
//!
//! Events of one instant are a set. A shift that starts with the run is no event of a trace; everything else is, up to the
//! last resolution, where the run ends.

use super::language::{START, alerts, hours, line, page_rule, quoted, transfer_rule, week_of};
use super::log::{Event, Fate, Log, seconds};
use super::runs::model_of;
use escalade::kernel::{World, replicate};
use escalade::time::Instant;
use indexmap::{IndexMap, IndexSet};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The file.
#[derive(Debug, Deserialize)]
pub struct Traces {
    pub traces: Vec<Trace>,
}

/// One timeline.
#[derive(Debug, Deserialize)]
pub struct Trace {
    pub id: String,
    pub title: String,
    pub needs: Vec<String>,
    scenario: Value,
    events: Vec<(f64, Option<String>, String, Option<String>)>,
    derived: IndexMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Scenario {
    teams: IndexMap<String, Team>,
    tickets: Vec<Ticket>,
    ladder: Option<Vec<String>>,
    #[serde(default)]
    targets: IndexMap<String, (f64, Vec<f64>)>,
    in_queue: Option<InQueue>,
}

#[derive(Debug, Deserialize)]
struct Team {
    agents: Vec<Agent>,
    order: String,
    #[serde(default)]
    preempt: bool,
    #[serde(default)]
    switch_cost: f64,
    shift_end: Option<String>,
    cold: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct Agent {
    name: String,
    shifts: Option<Vec<(f64, f64)>>,
}

#[derive(Debug, Deserialize)]
struct Ticket {
    id: String,
    at: f64,
    severity: u8,
    team: String,
    work: IndexMap<String, f64>,
    able_from: Option<String>,
    #[serde(default)]
    legs: Vec<Leg>,
}

#[derive(Debug, Deserialize)]
struct Leg {
    answer_after: f64,
    then_work: f64,
}

#[derive(Debug, Deserialize)]
struct InQueue {
    team: String,
    after: f64,
    to: String,
}

/// A ladder, and how its pages for one ticket are answered: `primary/1` is the primary's first.
#[derive(Debug, Deserialize)]
struct Ladder {
    levels: Vec<Level>,
    repeats: u32,
    last_resort: String,
    late_ack: String,
    delays: IndexMap<String, f64>,
}

#[derive(Debug, Deserialize)]
struct Level {
    targets: Vec<String>,
    timeout: f64,
    gap: Option<f64>,
    mode: Option<String>,
}

/// Plays a trace; says how it differs.
pub fn check(trace: &Trace) -> Result<(), String> {
    let (text, people) = match trace.scenario.get("levels") {
        Some(_) => (ladder_text(&trace.id, &read_scenario(trace)?), Vec::new()),
        None => {
            let scenario: Scenario = read_scenario(trace)?;
            let people = scenario.teams.values().flat_map(|team| &team.agents);
            let people = people.map(|agent| agent.name.clone()).collect();
            (text(&trace.id, &scenario), people)
        }
    };
    let model = model_of(&trace.id, &text);
    let people = if people.is_empty() {
        model.names.people.clone()
    } else {
        people
    };
    let mut log = Log::new(&model, &people);
    replicate(&model, 1, 0, &mut World::new(), &mut log);
    compare_events(trace, &log)?;
    compare_derived(trace, &log)
}

fn read_scenario<T: DeserializeOwned>(trace: &Trace) -> Result<T, String> {
    serde_json::from_value(trace.scenario.clone()).map_err(|error| format!("{}: {error}", trace.id))
}

fn compare_events(trace: &Trace, log: &Log) -> Result<(), String> {
    let with_the_run = |event: &&Event| event.at == 0 && event.what == "shift_start";
    let mut found: Vec<Event> = log
        .events
        .iter()
        .filter(|event| !with_the_run(event))
        .cloned()
        .collect();
    let mut expected: Vec<Event> = trace
        .events
        .iter()
        .cloned()
        .map(|(at, ticket, what, who)| Event {
            at: (at * 1000.0).round() as i64,
            ticket,
            what,
            who,
        })
        .collect();
    found.sort();
    expected.sort();
    if found == expected {
        return Ok(());
    }
    let told = |events: &[Event], others: &[Event]| {
        let only = events.iter().filter(|event| !others.contains(event));
        only.map(|event| format!("    {event:?}\n")).collect::<String>()
    };
    Err(format!(
        "{} ({}):\n  missing:\n{}  unexpected:\n{}",
        trace.id,
        trace.title,
        told(&expected, &found),
        told(&found, &expected)
    ))
}

/// What follows from the events, as the kernel itself accounts for it.
fn compare_derived(trace: &Trace, log: &Log) -> Result<(), String> {
    for (name, expected) in &trace.derived {
        let found = derived(name, expected, log).ok_or_else(|| format!("{}: what is `{name}`?", trace.id))?;
        if found != *expected {
            return Err(format!("{}: {name} is {found}, not {expected}", trace.id));
        }
    }
    Ok(())
}

/// The value of a derived figure, in the form in which `expected` has it; `None` if its name is not known.
fn derived(name: &str, expected: &Value, log: &Log) -> Option<Value> {
    let of_tickets = |of: &dyn Fn(&Fate) -> Option<f64>| rows(expected, |ticket| of(log.fates.get(ticket)?));
    let since_creation = |fate: &Fate, at: Instant| seconds((at - fate.ticket.created).ms());
    let net = |fate: &Fate| Some(since_creation(fate, fate.ticket.resolved?) - seconds(fate.ticket.pending_ms));
    let fates = || log.fates.values();
    let total = |of: fn(&Fate) -> u16| fates().map(|fate| f64::from(of(fate))).sum::<f64>();
    let share = |of: fn(&Fate) -> Option<bool>| {
        let due: Vec<bool> = fates().filter_map(of).collect();
        due.iter().filter(|breached| **breached).count() as f64 / due.len() as f64
    };
    match name {
        "first_response_s" => of_tickets(&|fate| Some(since_creation(fate, fate.ticket.first_response?))),
        "time_to_resolve_s" => of_tickets(&|fate| Some(since_creation(fate, fate.ticket.resolved?))),
        "time_to_resolve_net_s" | "consumed_at_resolution_s" => of_tickets(&net),
        "lateness_first_response_s" => of_tickets(&|fate| Some(fate.outcome.first_response?.late.secs_f64())),
        "lateness_resolve_s" => of_tickets(&|fate| Some(fate.outcome.resolve?.late.secs_f64())),
        "handling_s" => rows(expected, |person| log.handling_s.get(person).copied()),
        "overtime_s" => rows(expected, |person| log.overtime_s.get(person).copied()),
        "queue_wait_s" => rows(expected, |visit| log.waits_s.get(visit).copied()),
        "pages" => as_written(expected, log.pages as f64),
        "time_to_acknowledge_s" => as_written(expected, log.acknowledged_after_s?),
        "preemptions" => as_written(expected, total(|fate| fate.ticket.preemptions)),
        "escalations_per_ticket" => {
            as_written(expected, total(|fate| fate.ticket.escalations) / fates().count() as f64)
        }
        "breach_rate_first_response" => as_written(expected, share(|fate| fate.outcome.first_response?.breached)),
        "breach_rate_resolve" => as_written(expected, share(|fate| fate.outcome.resolve?.breached)),
        _ => None,
    }
}

fn rows(expected: &Value, of: impl Fn(&str) -> Option<f64>) -> Option<Value> {
    let rows = expected.as_object()?.iter();
    rows.map(|(name, value)| Some((name.clone(), as_written(value, of(name)?)?)))
        .collect::<Option<_>>()
        .map(Value::Object)
}

/// A number, whole if the expected one is written so: JSON tells 2 from 2.0.
fn as_written(expected: &Value, found: f64) -> Option<Value> {
    match expected.is_i64() && found.fract() == 0.0 {
        true => Some(Value::from(found as i64)),
        false => Some(Value::from(found)),
    }
}

/// Everybody is on call only, and takes so long to the desk that the trace ends with the acknowledgement.
fn ladder_text(id: &str, ladder: &Ladder) -> String {
    let mut text = String::new();
    line!(
        text,
        "name = {}\n\n[run]\nstart = \"{START}\"\nhorizon = \"1s\"\ndrain = \"7d\"",
        quoted(id)
    );
    line!(
        text,
        "\n[severities.Sev1]\n\n[services.desk]\n\n[tiers.L1]\nwork = {{ deterministic = \"1h\" }}"
    );
    line!(
        text,
        "\n[teams.ops]\ntier = \"L1\"\n\n[on_call]\nget_to_desk = \"30d\"\nget_to_desk_at_night = \"30d\""
    );
    let targets = ladder.levels.iter().flat_map(|level| &level.targets);
    let everybody: IndexSet<&String> = targets.chain([&ladder.last_resort]).collect();
    for name in &everybody {
        line!(text, "\n[people.{}]\nteam = \"ops\"", quoted(name));
    }
    let levels = ladder.levels.iter().map(|level| {
        let targets: Vec<String> = level.targets.iter().map(|name| quoted(name)).collect();
        let mode = level
            .mode
            .as_ref()
            .map_or(String::new(), |mode| format!(", mode = {}", quoted(mode)));
        let gap = level.gap.map_or(String::new(), |gap| format!(", gap = {}", secs(gap)));
        let (targets, timeout) = (targets.join(", "), secs(level.timeout));
        format!("{{ targets = [{targets}], timeout = {timeout}{mode}{gap} }}")
    });
    let levels: Vec<String> = levels.collect();
    line!(text, "\n[escalation_policies.ladder]\nlevels = [{}]", levels.join(", "));
    line!(
        text,
        "repeats = {}\nlate_ack = {}",
        ladder.repeats,
        quoted(&ladder.late_ack)
    );
    line!(text, "last_resort = {}", quoted(&ladder.last_resort));
    page_rule(&mut text);
    line!(
        text,
        "\n[[tickets]]\nid = \"T1\"\nat = \"0s\"\nseverity = \"Sev1\"\nacknowledges = {{ {} }}",
        answers(ladder, &everybody)
    );
    text
}

/// The answers of everybody who answers, the tries before the one that is written never.
fn answers(ladder: &Ladder, everybody: &IndexSet<&String>) -> String {
    let of = |name: &&String| {
        let own = ladder.delays.iter().filter_map(|(key, delay)| {
            let (person, number) = key.rsplit_once('/').unwrap_or((key, "1"));
            (person == name.as_str()).then(|| (number.parse::<usize>().unwrap_or(1), *delay))
        });
        let mut tries = vec![];
        for (number, delay) in own {
            tries.resize(tries.len().max(number), "\"never\"".to_owned());
            tries[number - 1] = secs(delay);
        }
        (!tries.is_empty()).then(|| format!("{} = [{}]", quoted(name), tries.join(", ")))
    };
    everybody.iter().filter_map(of).collect::<Vec<_>>().join(", ")
}

fn secs(seconds: f64) -> String {
    hours(seconds / 3600.0)
}

fn text(id: &str, scenario: &Scenario) -> String {
    let mut text = String::new();
    let last = scenario.tickets.iter().map(|ticket| ticket.at).fold(0.0, f64::max);
    line!(text, "name = {}\n\n[run]\nstart = \"{START}\"", quoted(id));
    // The measured window ends with the last creation, the run with the last resolution.
    line!(text, "horizon = {}\ndrain = \"7d\"", secs(last + 1.0));
    line!(text, "\n[severities]");
    let targets: Vec<String> = scenario
        .targets
        .iter()
        .map(|(kind, (time, _))| format!("{kind} = {}", secs(*time)))
        .collect();
    for severity in 1..=4 {
        line!(text, "Sev{severity} = {{ {} }}", targets.join(", "));
    }
    line!(text, "\n[services.desk]");
    let ladder = scenario
        .ladder
        .clone()
        .unwrap_or_else(|| scenario.teams.keys().cloned().collect());
    for tier in &ladder {
        line!(text, "\n[tiers.{}]\nwork = {{ deterministic = \"1h\" }}", quoted(tier));
    }
    for (name, team) in &scenario.teams {
        write_team(&mut text, name, team);
    }
    for (kind, (_, shares)) in &scenario.targets {
        alerts(&mut text, kind, shares);
    }
    if let Some(rule) = &scenario.in_queue {
        transfer_rule(&mut text, "in_queue", rule.after / 3600.0, &rule.team, &rule.to);
    }
    if let Some(loss) = scenario.teams.values().find_map(|team| team.cold) {
        line!(text, "\n[handoff]\nshift_end = \"cold\"\ncontext_loss = {loss:?}");
    }
    for ticket in &scenario.tickets {
        write_ticket(&mut text, ticket);
    }
    text
}

fn write_team(text: &mut String, name: &str, team: &Team) {
    let quoted_name = quoted(name);
    line!(
        text,
        "\n[teams.{quoted_name}]\ntier = {quoted_name}\ndiscipline = \"{}\"",
        team.order
    );
    if team.preempt {
        line!(text, "preemption.switch_cost = {}", secs(team.switch_cost));
    }
    match team.shift_end.as_deref() {
        Some("hand-off-cold") => line!(text, "shift_end = \"hand-off\""),
        Some(rule) => line!(text, "shift_end = \"{rule}\""),
        None => {}
    }
    if team.agents.iter().all(|agent| agent.shifts.is_none()) {
        line!(text, "headcount = {}", team.agents.len());
        return;
    }
    for agent in &team.agents {
        let in_hours = |(from, to): &(f64, f64)| (from / 3600.0, to / 3600.0);
        let hours = match &agent.shifts {
            Some(shifts) => week_of(&shifts.iter().map(in_hours).collect::<Vec<_>>()),
            None => "\"24x7\"".into(),
        };
        line!(text, "\n[teams.{quoted_name}.shifts.{}]", quoted(&agent.name));
        line!(text, "headcount = 1\nhours = {hours}");
    }
}

fn write_ticket(text: &mut String, ticket: &Ticket) {
    line!(
        text,
        "\n[[tickets]]\nid = {}\nat = {}",
        quoted(&ticket.id),
        secs(ticket.at)
    );
    line!(
        text,
        "severity = \"Sev{}\"\nteam = {}",
        ticket.severity,
        quoted(&ticket.team)
    );
    let work: Vec<String> = ticket
        .work
        .iter()
        .map(|(tier, work)| format!("{} = {}", quoted(tier), secs(*work)))
        .collect();
    line!(text, "work = {{ {} }}", work.join(", "));
    if let Some(tier) = &ticket.able_from {
        line!(text, "able_from = {}", quoted(tier));
    }
    let legs: Vec<String> = ticket
        .legs
        .iter()
        .map(|leg| {
            format!(
                "{{ answer_after = {}, then_work = {} }}",
                secs(leg.answer_after),
                secs(leg.then_work)
            )
        })
        .collect();
    if !legs.is_empty() {
        line!(text, "legs = [{}]", legs.join(", "));
    }
}
