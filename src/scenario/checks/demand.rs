//! Where tickets come from: arrivals, shares and mixes, triage, scripted tickets.

use super::super::problem::{Place, Problems};
use super::super::{Arrivals, Incident, Path, Scenario, ScriptedTicket, Service, ShareBySeverity, rate_per_hour};
use super::{adds_to_one, as_text, incidents, milliseconds};

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    if let Some(arrivals_of_all) = &scenario.arrivals {
        arrivals(arrivals_of_all, Path::from("arrivals"), problems);
    }
    for (name, service) in &scenario.services {
        let path = Path::from(["services", name]);
        if let Some(own) = &service.arrivals {
            arrivals(own, path.key("arrivals"), problems);
        }
        source(scenario, name, service, problems);
        mixes(scenario, service, &path, problems);
    }
    shares_of_services(scenario, problems);
    none_at_all(scenario, problems);
    for_ever(scenario, problems);
    customer_tiers(scenario, problems);
    confusion(scenario, problems);
    for (index, ticket) in scenario.tickets.iter().enumerate() {
        scripted(scenario, ticket, Path::from("tickets").index(index), problems);
    }
}

pub(super) fn arrivals(arrivals: &Arrivals, path: Path, problems: &mut Problems) {
    one_form(arrivals, &path, problems);
    let weights = |weights: &Option<Vec<f64>>, many: f64| weights.as_ref().map_or(many, |weights| weights.iter().sum());
    let days = |range: std::ops::Range<usize>| match &arrivals.by_weekday {
        Some(weights) => weights.get(range).map_or(0.0, |weights| weights.iter().sum()),
        None => range.len() as f64,
    };
    let hours = weights(&arrivals.by_hour, 24.0);
    let weekend_hours = if arrivals.by_hour_weekend.is_some() {
        weights(&arrivals.by_hour_weekend, 24.0)
    } else {
        hours
    };
    let total: f64 = days(0..5) * hours + days(5..7) * weekend_hours;
    if arrivals.per_week.is_some_and(|tickets| tickets > 0.0) && total <= 0.0 {
        problems
            .error("E321", path.clone(), "all weights of the profile are 0")
            .help("give the hours in which tickets arrive a weight above 0");
    }
    match (&arrivals.holidays, arrivals.holiday_factor) {
        (None, Some(_)) => {
            let place = Place::Key(path.key("holiday_factor"));
            problems
                .error("E304", place, "`holiday_factor` needs `holidays`")
                .label("whose holidays?")
                .help("name the calendar: `holidays = \"...\"`");
        }
        (Some(_), None) => {
            let place = Place::Key(path.key("holidays"));
            problems
                .warning("W405", place, "`holidays` has no effect without `holiday_factor`")
                .help("write the factor on holidays, such as `holiday_factor = 0.3`");
        }
        _ => {}
    }
}

fn one_form(arrivals: &Arrivals, path: &Path, problems: &mut Problems) {
    let forms = [
        ("rate", arrivals.rate.is_some()),
        ("per_hour_of_week", arrivals.per_hour_of_week.is_some()),
        ("per_week", arrivals.per_week.is_some()),
    ];
    let profile = [
        ("by_weekday", &arrivals.by_weekday),
        ("by_hour", &arrivals.by_hour),
        ("by_hour_weekend", &arrivals.by_hour_weekend),
    ];
    let mut stray = profile
        .iter()
        .filter(|(_, weights)| weights.is_some() && arrivals.per_week.is_none())
        .map(|(key, _)| *key)
        .peekable();
    let mut written = forms.iter().filter(|(_, written)| *written).map(|(form, _)| *form);
    match (written.next(), written.next()) {
        (None, _) if stray.peek().is_none() => {
            let help = "write `rate`, `per_hour_of_week`, or `per_week` with its profile";
            problems
                .error(
                    "E303",
                    path.clone(),
                    format!("`{path}` does not say how many tickets arrive"),
                )
                .help(help);
        }
        (Some(first), Some(second)) => {
            let place = Place::Key(path.key(second));
            let message = format!("`{first}` and `{second}` both say how many tickets arrive");
            problems
                .error("E303", place, message)
                .label("again here")
                .also(Place::Key(path.key(first)), "first here")
                .help("keep one of them");
        }
        _ => {}
    }
    for key in stray {
        let message = format!("`{key}` spreads `per_week`, which is not written");
        problems
            .error("E303", Place::Key(path.key(key)), message)
            .help("write `per_week`, the tickets a week");
    }
}

/// Does a service receive tickets beside those that are written out?
fn is_random(service: &Service) -> bool {
    service.share.is_some() || service.arrivals.is_some()
}

fn source(scenario: &Scenario, name: &str, service: &Service, problems: &mut Problems) {
    let path = Path::from(["services", name]);
    let share = Place::Key(path.key("share"));
    match (service.share, &service.arrivals, &scenario.arrivals) {
        (Some(_), Some(_), _) => {
            let message = format!("service `{name}` has both a share of the arrivals and arrivals of its own");
            problems
                .error("E302", Place::Key(path.key("arrivals")), message)
                .label("its own")
                .also(share, "its share")
                .help("keep one of them");
        }
        (Some(_), None, None) => {
            let message = format!("service `{name}` has a share of the organisation's arrivals, and there are none");
            problems
                .error("E302", share, message)
                .label("a share of what?")
                .help("add `[arrivals]`, or give the service its own `arrivals`");
        }
        (None, None, of_all) if scenario.tickets.is_empty() && !incidents::feed(scenario, name) => {
            let help = match of_all {
                Some(_) => "give it a `share` of the organisation's `[arrivals]`, or its own `arrivals`",
                None => "give it its own `arrivals`, such as `arrivals.rate = \"60/h\"`",
            };
            problems
                .error("E302", path, format!("service `{name}` receives no tickets"))
                .help(help);
        }
        _ => {}
    }
}

/// Reports a scenario in which nothing ever brings a ticket.
fn none_at_all(scenario: &Scenario, problems: &mut Problems) {
    let random = |service: &Service| match &service.arrivals {
        Some(own) => !is_zero(own),
        None => {
            service.share.is_some_and(|share| share > 0.0) && scenario.arrivals.as_ref().is_none_or(|all| !is_zero(all))
        }
    };
    let fault =
        |incident: &Incident| !incident.at.is_empty() || incident.arrivals.as_ref().is_some_and(|it| !is_zero(it));
    if !scenario.tickets.is_empty()
        || scenario.services.is_empty()
        || scenario.services.values().any(random)
        || scenario.incidents.values().any(fault)
    {
        return;
    }
    let place = match (scenario.services.iter().next(), &scenario.arrivals) {
        (_, Some(_)) => Path::from("arrivals"),
        (Some((name, service)), None) if service.arrivals.is_some() => Path::from(["services", name, "arrivals"]),
        _ => return,
    };
    problems
        .warning("W442", place, "no ticket can ever arrive")
        .label("a rate of 0 at all times")
        .help("write a rate above 0, `[incidents]` that begin, or single `[[tickets]]`");
}

/// Whether arrivals say that there are none. What cannot be read says nothing.
fn is_zero(arrivals: &Arrivals) -> bool {
    let all_zero = |weights: &Option<Vec<f64>>| {
        weights
            .as_ref()
            .is_none_or(|weights| weights.iter().all(|it| *it == 0.0))
    };
    let rate = arrivals.rate.as_deref().map(rate_per_hour);
    let is_written = rate.is_some() || arrivals.per_hour_of_week.is_some() || arrivals.per_week.is_some();
    let none = rate.is_none_or(|rate| rate == Ok(0.0))
        && all_zero(&arrivals.per_hour_of_week)
        && arrivals.per_week.is_none_or(|tickets| tickets == 0.0);
    let never = arrivals.by_month.is_some() && all_zero(&arrivals.by_month);
    is_written && (none || never)
}

/// Reports tickets that come back each time that they are resolved.
fn for_ever(scenario: &Scenario, problems: &mut Problems) {
    let Some(reopening) = scenario
        .reopening
        .as_ref()
        .filter(|reopening| reopening.at_most.is_none())
    else {
        return;
    };
    let (path, whose) = match &reopening.share {
        ShareBySeverity::All(share) if *share >= 1.0 => (Path::from("reopening.share"), String::new()),
        ShareBySeverity::All(_) => return,
        ShareBySeverity::By(shares) => match shares.iter().find(|(_, share)| **share >= 1.0) {
            Some((severity, _)) if severity == "other" => (Path::from("reopening.share.other"), String::new()),
            Some((severity, _)) => (
                Path::from(["reopening", "share", severity]),
                format!(" of `{severity}`"),
            ),
            None => return,
        },
    };
    problems
        .warning(
            "W440",
            path,
            format!("every ticket{whose} that is resolved comes back, again and again"),
        )
        .help("write a share below 1, or how often a ticket comes back: `at_most`");
}

fn shares_of_services(scenario: &Scenario, problems: &mut Problems) {
    if scenario.arrivals.is_none() || scenario.services.is_empty() {
        return;
    }
    let shares: Vec<f64> = scenario.services.values().filter_map(|service| service.share).collect();
    if shares.is_empty() {
        let message = "no service has a share of the organisation's arrivals";
        problems
            .error("E302", Place::key("arrivals"), message)
            .help("give services a `share`; the shares add to 1");
        return;
    }
    let absent: Vec<&str> = scenario
        .services
        .iter()
        .filter(|(_, service)| !is_random(service))
        .map(|(name, _)| name.as_str())
        .collect();
    adds_to_one(
        &mut shares.into_iter(),
        "the shares of the services",
        &absent,
        Path::from("services"),
        problems,
    );
}

fn mixes(scenario: &Scenario, service: &Service, path: &Path, problems: &mut Problems) {
    match &service.mix {
        Some(mix) => {
            let absent = absent(scenario.severities.keys(), mix.keys());
            adds_to_one(
                &mut mix.values().copied(),
                "the shares of the mix",
                &absent,
                path.key("mix"),
                problems,
            );
        }
        None if scenario.severities.len() > 1 && is_random(service) => {
            let example = scenario
                .severities
                .keys()
                .map(|severity| format!("{severity} = ..."))
                .collect::<Vec<_>>()
                .join(", ");
            let message = format!("`{path}` does not say how its tickets are spread over the severities");
            problems
                .error("E309", path.clone(), message)
                .help(format!("write `mix = {{ {example} }}`, adding to 1"));
        }
        None => {}
    }
    if let Some(mix) = &service.customer_mix {
        let absent = absent(scenario.customer_tiers.keys(), mix.keys());
        adds_to_one(
            &mut mix.values().copied(),
            "the shares of the mix of customers",
            &absent,
            path.key("customer_mix"),
            problems,
        );
    }
}

fn absent<'a>(
    all: impl Iterator<Item = &'a String>,
    written: impl Iterator<Item = &'a String> + Clone,
) -> Vec<&'a str> {
    all.filter(|name| !written.clone().any(|known| known == *name))
        .map(String::as_str)
        .collect()
}

fn customer_tiers(scenario: &Scenario, problems: &mut Problems) {
    if !scenario.customer_tiers.is_empty() {
        let mut shares = scenario.customer_tiers.values().map(|tier| tier.share);
        adds_to_one(
            &mut shares,
            "the shares of the customer tiers",
            &[],
            Path::from("customer_tiers"),
            problems,
        );
    }
}

fn confusion(scenario: &Scenario, problems: &mut Problems) {
    for (severity, row) in scenario.triage.iter().flat_map(|triage| &triage.confusion) {
        let absent = absent(scenario.severities.keys(), row.keys());
        let what = format!("the probabilities of what is reported for `{severity}`");
        adds_to_one(
            &mut row.values().copied(),
            &what,
            &absent,
            Path::from(["triage", "confusion", severity]),
            problems,
        );
    }
}

fn scripted(scenario: &Scenario, ticket: &ScriptedTicket, path: Path, problems: &mut Problems) {
    let service = match &ticket.service {
        Some(name) => scenario.services.get(name),
        None => scenario.services.values().next(),
    };
    let drawn = service.is_some_and(|service| service.mix.is_some());
    if ticket.severity.is_none() && scenario.severities.len() > 1 && !drawn {
        let help = "write its `severity`, or give its service a `mix` to draw from";
        problems
            .error("E322", path.clone(), "the ticket has no severity")
            .help(help);
    }
    let written = |text: &str| milliseconds(text).unwrap_or(0);
    let end = written(&scenario.run.horizon).saturating_add(scenario.run.warm_up.as_deref().map_or(0, written));
    if written(&ticket.at) >= end {
        let message = format!(
            "the ticket is created after the measured window, which ends at {}",
            as_text(end)
        );
        problems
            .warning("W409", path.key("at"), message)
            .help("make the horizon longer, or the ticket earlier");
    }
}
