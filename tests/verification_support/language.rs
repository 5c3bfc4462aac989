//! A workload in our language: the text of a scenario file, as a planner would have written it.
//!
//! So a case tests the whole way, from the reader of the file to the last event. Each station is a tier with one team, each
//! class a severity, and everything else is what the language offers for it. What the language lacks is not worked around
//! here: the case waits (see `needs`).

use super::cases::{Arrivals, Class, Duty, Ladder, Law, Number, Road, Servers, Station, WorkLaw, Workload};

const HOUR_MS: f64 = 3_600_000.0;
const WEEK_H: usize = 168;
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// A Monday, 00:00 in UTC: hour 0 of the cases.
pub const START: &str = "2026-01-05";

/// How long a run is, hours.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    pub warm_up_h: f64,
    pub horizon_h: f64,
    pub drain_h: f64,
}

/// The scenario file of a workload.
pub fn scenario(name: &str, workload: &Workload, stage: Stage) -> String {
    let workload = &with_somebody_to_work(workload);
    let mut text = String::new();
    run(&mut text, name, stage);
    severities(&mut text, workload);
    services(&mut text, workload);
    patience(&mut text, workload);
    incidents(&mut text, workload);
    triage(&mut text, workload);
    tiers(&mut text, workload);
    teams(&mut text, workload);
    rules(&mut text, workload);
    reopening(&mut text, workload);
    if let Some(written) = &workload.ladder {
        ladder(&mut text, written, &workload.stations[0].name);
    }
    text
}

/// Cases about the demand alone name no station; their tickets are solved in a second by a team that is never busy; those of
/// a ladder by whoever acknowledges.
fn with_somebody_to_work(workload: &Workload) -> Workload {
    let mut workload = workload.clone();
    if workload.stations.is_empty() {
        workload.stations.push(Station {
            name: "desk".into(),
            servers: Servers::Always(if workload.ladder.is_some() { 0 } else { 20 }),
            service: WorkLaw::OfAll(Law::Deterministic { value_h: 1.0 / 3600.0 }),
            discipline: "fifo".into(),
            skills: Vec::new(),
            preference: Vec::new(),
            waiting_places: None,
            switch_cost_h: 0.0,
            shift_end: None,
        });
    }
    workload
}

/// A duration of so many hours.
pub fn hours(hours: f64) -> String {
    format!("\"{}ms\"", (hours * HOUR_MS).round())
}

/// A name or text between quotes.
pub fn quoted(name: &str) -> String {
    format!("{name:?}")
}

/// A table on one line: `{ "Sev1" = 0.5, "Sev2" = 0.5 }`.
fn inline<'a>(rows: impl IntoIterator<Item = (&'a String, String)>) -> String {
    let rows: Vec<String> = rows
        .into_iter()
        .map(|(name, value)| format!("{} = {value}", quoted(name)))
        .collect();
    format!("{{ {} }}", rows.join(", "))
}

/// Adds a line to a text.
macro_rules! line {
    ($text:expr, $($format:tt)*) => {{
        use std::fmt::Write;
        writeln!($text, $($format)*).expect("a string takes everything")
    }};
}
pub(super) use line;

fn run(text: &mut String, name: &str, stage: Stage) {
    line!(text, "name = {}\n\n[run]", quoted(name));
    line!(text, "start = \"{START}\"");
    line!(text, "zone = \"UTC\"");
    if stage.warm_up_h > 0.0 {
        line!(text, "warm_up = {}", hours(stage.warm_up_h));
    }
    line!(text, "horizon = {}", hours(stage.horizon_h));
    line!(text, "drain = {}", hours(stage.drain_h));
}

fn severities(text: &mut String, workload: &Workload) {
    let targets: Vec<String> = workload
        .targets
        .iter()
        .map(|target| format!("{} = {}", target.kind, hours(target.duration_h)))
        .collect();
    let response = workload
        .response_h
        .map(|within| format!("first_response = {}", hours(within)));
    let targets: Vec<String> = targets.into_iter().chain(response).collect();
    line!(text, "\n[severities]");
    for name in workload.severities() {
        line!(text, "{} = {{ {} }}", quoted(&name), targets.join(", "));
    }
}

/// Classes that enter together with constant rates are one service with a mix; others have a service each.
fn services(text: &mut String, workload: &Workload) {
    let rate = |class: &Class| class.arrivals.rate_per_h;
    let skilled = workload.stations.iter().any(|station| !station.skills.is_empty());
    let together = workload.classes.len() > 1
        && !skilled
        && workload
            .classes
            .iter()
            .all(|class| rate(class).is_some() && workload.entry(class) == 0 && class.true_severity_shares.is_none());
    if together {
        let total: f64 = workload.classes.iter().filter_map(rate).sum();
        let mix = workload.classes.iter().map(|class| {
            let share = rate(class).unwrap_or(0.0) / total;
            (&class.name, format!("{share:?}"))
        });
        line!(text, "\n[services.tickets]\narrivals.rate = \"{total}/h\"");
        line!(text, "mix = {}", inline(mix));
        return;
    }
    for class in &workload.classes {
        line!(text, "\n[services.{}]", quoted(&class.name));
        if class.children.is_none() {
            arrivals(text, &class.arrivals);
        }
        if skilled {
            line!(text, "needs = [{}]", quoted(&class.name));
        }
        match &class.true_severity_shares {
            Some(shares) => {
                let mix = shares.iter().map(|(name, share)| (name, format!("{share:?}")));
                line!(text, "mix = {}", inline(mix));
            }
            None => line!(text, "mix = {{ {} = 1.0 }}", quoted(&class.name)),
        }
        let entry = workload.entry(class);
        if entry > 0 {
            let station = quoted(&workload.stations[entry].name);
            line!(text, "starts_at = {station}\nneeds_at_least = {station}");
        }
    }
}

/// Customers of all classes wait alike.
fn patience(text: &mut String, workload: &Workload) {
    if let Some(patience) = workload.classes.iter().find_map(|class| class.patience.as_ref()) {
        line!(text, "\n[patience]\nwait = {}", law(patience));
    }
}

/// Incidents whose children all come, however soon their parent is solved.
fn incidents(text: &mut String, workload: &Workload) {
    for class in &workload.classes {
        let Some(children) = &class.children else { continue };
        let name = quoted(&class.name);
        line!(text, "\n[incidents.{name}]\nservice = {name}");
        arrivals(text, &class.arrivals);
        line!(text, "ends_with_parent = false\nlasts = {{ deterministic = \"52w\" }}");
        match children.count {
            Number::Poisson { mean } => line!(text, "children.count.poisson = {mean:?}"),
            Number::Geometric { mean } => line!(text, "children.count.geometric = {mean:?}"),
        }
        if let Some(delay) = &children.delay {
            line!(text, "children.delay = {}", law(delay));
        }
    }
}

fn arrivals(text: &mut String, arrivals: &Arrivals) {
    if let Some(rate) = arrivals.rate_per_h {
        line!(text, "arrivals.rate = \"{rate}/h\"");
    } else {
        let profile = weekly_rates(arrivals);
        line!(text, "arrivals.per_hour_of_week = {profile:?}");
    }
    if let Some(variance) = arrivals.day_factor_variance {
        line!(text, "arrivals.day_variance = {variance:?}");
    }
}

/// Rates of the 168 hours of the week, Monday first. A profile that ends earlier is followed by silence.
pub fn weekly_rates(arrivals: &Arrivals) -> Vec<f64> {
    if let Some(rates) = &arrivals.hour_of_week_rate_per_h {
        return rates.clone();
    }
    let stretches = arrivals.piecewise_constant.as_deref().unwrap_or_default();
    let mut rates = vec![0.0; WEEK_H];
    for stretch in stretches {
        assert!(
            stretch.from_h.fract() == 0.0 && stretch.to_h.fract() == 0.0,
            "a profile changes at full hours"
        );
        rates[stretch.from_h as usize..stretch.to_h as usize].fill(stretch.rate_per_h);
    }
    rates
}

fn triage(text: &mut String, workload: &Workload) {
    if let Some(confusion) = &workload.confusion {
        line!(text, "\n[triage.confusion]");
        for (truth, row) in confusion {
            let row = row.iter().map(|(name, share)| (name, format!("{share:?}")));
            line!(text, "{} = {}", quoted(truth), inline(row));
        }
    }
    if let Some(corrections) = &workload.corrections {
        let (over, under) = (corrections.q_over, corrections.q_under);
        line!(text, "\n[triage.override]\nover = {over:?}\nunder = {under:?}");
    }
}

/// The only tier of a workload whose stations are beside each other.
const TIER: &str = "work";

fn tiers(text: &mut String, workload: &Workload) {
    if workload.side_by_side() {
        line!(
            text,
            "\n[tiers.{TIER}]\nwork = {}",
            work(&workload.stations[0], workload)
        );
        return;
    }
    for station in &workload.stations {
        line!(text, "\n[tiers.{}]", quoted(&station.name));
        line!(text, "work = {}", work(station, workload));
        for road in ways_up(workload, station) {
            let Some(probability) = &road.probability else {
                continue;
            };
            let by_class = workload
                .classes
                .iter()
                .map(|class| (&class.name, format!("{:?}", probability.of(&class.name))));
            line!(text, "escalates.{} = {}", quoted(&road.to), inline(by_class));
        }
    }
}

/// Roads from a station to a later one.
fn ways_up<'a>(workload: &'a Workload, from: &'a Station) -> impl Iterator<Item = &'a Road> {
    workload
        .routing
        .iter()
        .filter(|road| road.from == from.name && road.to != from.name && workload.station(&road.to).is_some())
}

fn work(station: &Station, workload: &Workload) -> String {
    match &station.service {
        WorkLaw::OfAll(law_of_all) => law(law_of_all),
        WorkLaw::PerClass(_) => {
            let own = |class: &Class| law(class.service.as_ref().expect("a class with its law"));
            inline(workload.classes.iter().map(|class| (&class.name, own(class))))
        }
    }
}

fn law(law: &Law) -> String {
    match law {
        Law::Exponential { mean_h } => format!("{{ exponential = {} }}", hours(*mean_h)),
        Law::Deterministic { value_h } => format!("{{ deterministic = {} }}", hours(*value_h)),
        Law::Erlang { mean_h, stages } => {
            format!("{{ erlang = {{ mean = {}, stages = {stages} }} }}", hours(*mean_h))
        }
        Law::Lognormal { median_h, sigma } => {
            format!(
                "{{ lognormal = {{ median = {}, sigma = {sigma:?} }} }}",
                hours(*median_h)
            )
        }
    }
}

fn teams(text: &mut String, workload: &Workload) {
    for station in &workload.stations {
        let name = quoted(&station.name);
        if workload.side_by_side() {
            line!(text, "\n[teams.{name}]\ntier = \"{TIER}\"");
            group(text, station, workload);
        } else {
            line!(text, "\n[teams.{name}]\ntier = {name}");
        }
        let by_severity = station.discipline.starts_with("priority");
        line!(
            text,
            "discipline = \"{}\"",
            if by_severity { "severity" } else { "fifo" }
        );
        if station.discipline == "priority-preemptive-resume" {
            let cost = hours(station.switch_cost_h);
            line!(text, "preemption = {{ switch_cost = {cost}, resume = \"team\" }}");
        }
        match station.shift_end.as_deref() {
            Some("finish") => line!(text, "shift_end = \"finish\"\nmax_overtime = \"1000h\""),
            Some(rule @ ("hand-off" | "hold")) => line!(text, "shift_end = \"{rule}\""),
            _ => {}
        }
        match &station.servers {
            // Nobody is on duty: people on call alone.
            Servers::Always(0) => {}
            Servers::Always(servers) => line!(text, "headcount = {servers}"),
            Servers::Scheduled(duties) => shifts(text, &name, duties),
            Servers::Open(_) => panic!("a head count still to be found"),
        }
    }
}

/// What is particular about a group among others: skills, waiting places, who helps.
fn group(text: &mut String, station: &Station, workload: &Workload) {
    for (key, names) in [("skills", &station.skills), ("preference", &station.preference)] {
        if !names.is_empty() {
            line!(text, "{key} = {names:?}");
        }
    }
    if let Some(places) = station.waiting_places {
        line!(text, "places = {places}");
    }
    match workload.helper(station).map(quoted) {
        Some(helper) if station.waiting_places.is_some() => {
            line!(text, "when_full = \"overflow\"\noverflow.to = {helper}");
        }
        Some(helper) => line!(text, "overflow = {{ to = {helper}, after = \"0s\" }}"),
        None => {}
    }
}

/// One shift for all people of a team who are on duty at the same times: person k is whenever k are needed.
fn shifts(text: &mut String, team: &str, duties: &[Duty]) {
    let mut names: Vec<&str> = duties.iter().map(|duty| duty.team.as_str()).collect();
    names.dedup();
    for name in names {
        let own: Vec<&Duty> = duties.iter().filter(|duty| duty.team == name).collect();
        let most = own.iter().map(|duty| duty.agents).max().unwrap_or(0);
        let mut shifts: Vec<(Vec<(f64, f64)>, u32)> = Vec::new();
        for person in 1..=most {
            let needed = own.iter().filter(|duty| duty.agents >= person);
            let times = joined(needed.map(|duty| (duty.from_h, duty.to_h)));
            match shifts.last_mut() {
                Some((same, count)) if *same == times => *count += 1,
                _ => shifts.push((times, 1)),
            }
        }
        let end = duties.last().map_or(0.0, |duty| duty.to_h);
        for (number, (times, count)) in shifts.iter().enumerate() {
            let crew = quoted(&format!("{name} {}", number + 1));
            line!(text, "\n[teams.{team}.shifts.{crew}]\nheadcount = {count}");
            line!(text, "hours = {}", week_of(&to_the_week_s_end(times, end)));
        }
    }
}

fn joined(times: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (from, to) in times {
        match joined.last_mut() {
            Some(last) if last.1 == from => last.1 = to,
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// Nothing happens at the end of a horizon: who is on duty then stays.
fn to_the_week_s_end(times: &[(f64, f64)], end: f64) -> Vec<(f64, f64)> {
    let stays = |to: f64| if to == end { WEEK_H as f64 } else { to };
    times.iter().map(|(from, to)| (*from, stays(*to))).collect()
}

/// Weekly hours of intervals in hours from Monday 00:00.
pub fn week_of(times: &[(f64, f64)]) -> String {
    let mut days = Vec::new();
    for (day, name) in DAYS.iter().enumerate() {
        let (opens, closes) = (24.0 * day as f64, 24.0 * (day + 1) as f64);
        let open: Vec<String> = times
            .iter()
            .map(|(from, to)| (from.max(opens), to.min(closes)))
            .filter(|(from, to)| from < to)
            .map(|(from, to)| format!("{}-{}", clock(from - opens), clock(to - opens)))
            .collect();
        if !open.is_empty() {
            days.push(format!("{name} = \"{}\"", open.join(", ")));
        }
    }
    format!("{{ {} }}", days.join(", "))
}

/// `HH:MM` of hours since midnight, which must be whole minutes.
fn clock(hours: f64) -> String {
    let minutes = (hours * 60.0).round();
    assert!((hours * 60.0 - minutes).abs() < 1e-6, "shifts change at full minutes");
    format!("{:02}:{:02}", (minutes / 60.0).floor(), minutes % 60.0)
}

/// The name of the rule that alerts at a share of a target.
pub fn alert_name(kind: &str, share: f64) -> String {
    format!("alert:{kind}:{share}")
}

fn rules(text: &mut String, workload: &Workload) {
    for target in &workload.targets {
        alerts(text, &target.kind, &target.alerts_at_share);
    }
    for road in &workload.routing {
        let (trigger, after_h) = match (road.after_h_in_tier, road.after_h_in_queue) {
            (Some(after), None) => ("in_tier", after),
            (None, Some(after)) => ("in_queue", after),
            _ => continue,
        };
        transfer_rule(text, trigger, after_h, &road.from, &road.to);
    }
}

/// Rules that alert at shares of a target.
pub fn alerts(text: &mut String, kind: &str, shares: &[f64]) {
    for share in shares {
        let name = quoted(&alert_name(kind, *share));
        line!(text, "\n[rules.{name}]");
        line!(text, "when = {{ consumed = {{ of = \"{kind}\", share = {share:?} }} }}");
        line!(text, "then = [{{ alert = \"lead\" }}]");
    }
}

/// A rule that hands tickets of a team on after a time.
pub fn transfer_rule(text: &mut String, trigger: &str, after_h: f64, from: &str, to: &str) {
    line!(text, "\n[rules.{}]", quoted(&format!("{trigger} of {from}")));
    line!(text, "when = {{ {trigger} = {} }}", hours(after_h));
    line!(text, "if = {{ team = [{}] }}", quoted(from));
    line!(text, "then = [{{ transfer = {} }}]", quoted(to));
}

/// Each target is a schedule of one person of the team, who is on call only and goes to work at once.
fn ladder(text: &mut String, ladder: &Ladder, team: &str) {
    line!(text, "\n[on_call]\nget_to_desk_at_night = \"0s\"\nfatigue = 0");
    let mut schedule = |name: &str, delay: &Law, never: f64| {
        line!(text, "\n[people.{name}]\nteam = {}", quoted(team));
        line!(text, "[schedules.{name}]\nmembers = [{}]", quoted(name));
        line!(text, "acknowledges = {{ delay = {}, never = {never:?} }}", law(delay));
    };
    let mut levels = Vec::new();
    for (number, level) in ladder.levels.iter().enumerate() {
        let names: Vec<String> = (0..level.targets.len())
            .map(|place| format!("level_{number}_{place}"))
            .collect();
        for (name, answerer) in names.iter().zip(&level.targets) {
            schedule(name, &answerer.delay, 1.0 - answerer.answers_share);
        }
        let targets: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        let targets = targets.join(", ");
        levels.push(format!(
            "{{ targets = [{targets}], timeout = {} }}",
            hours(level.timeout_h)
        ));
    }
    schedule("last_resort", &Law::Deterministic { value_h: 0.0 }, 0.0);
    line!(text, "\n[escalation_policies.ladder]\nlevels = [{}]", levels.join(", "));
    line!(
        text,
        "repeats = {}\nlate_ack = {}",
        ladder.repeats,
        quoted(&ladder.late_ack)
    );
    line!(text, "last_resort = \"last_resort\"");
    page_rule(text);
}

/// The rule that pages for every ticket.
pub fn page_rule(text: &mut String) {
    line!(
        text,
        "\n[rules.page]\nwhen = {{ created = true }}\nthen = [{{ page = \"ladder\" }}]"
    );
}

fn reopening(text: &mut String, workload: &Workload) {
    for road in workload.routing.iter().filter(|road| road.from == road.to) {
        let Some(probability) = &road.probability else {
            continue;
        };
        let by_class = workload
            .classes
            .iter()
            .map(|class| (&class.name, format!("{:?}", probability.of(&class.name))));
        line!(text, "\n[reopening]\nshare = {}", inline(by_class));
        if let Some(delay) = &road.delay {
            line!(text, "delay = {}", law(delay));
        }
        if let Some(at_most) = road.at_most {
            line!(text, "at_most = {at_most}");
        }
    }
}
