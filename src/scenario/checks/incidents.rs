//! Faults: how many children, until when, and of what severity.

use super::super::problem::{Place, Problems};
use super::super::{Children, Incident, Path, Scenario};
use super::adds_to_one;
use super::demand::arrivals;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, incident) in &scenario.incidents {
        let path = Path::from(["incidents", name]);
        if let Some(written) = &incident.arrivals {
            arrivals(written, path.key("arrivals"), problems);
        }
        if let Some(written) = &incident.children {
            one_form(written, path.key("children"), problems);
            mixes(written, path.key("children"), problems);
        }
        end(name, incident, &path, problems);
        severities(scenario, name, incident, &path, problems);
        if incident.linking.is_some() && incident.children.is_none() && !is_written_out(scenario, name) {
            problems
                .warning(
                    "W405",
                    Place::Key(path.key("linking")),
                    "`linking` has no effect without `children`",
                )
                .help("say how many children the fault breeds");
        }
    }
}

/// Whether tickets that are written out belong to this kind.
fn is_written_out(scenario: &Scenario, name: &str) -> bool {
    let mut tickets = scenario.tickets.iter();
    tickets.any(|ticket| ticket.incident.as_deref() == Some(name))
}

/// Whether a service's tickets come of faults.
pub(super) fn feed(scenario: &Scenario, service: &str) -> bool {
    scenario.incidents.values().any(|incident| {
        let children = incident
            .children
            .as_ref()
            .and_then(|children| children.services.as_ref());
        parents_service(scenario, incident) == Some(service) || children.is_some_and(|mix| mix.contains_key(service))
    })
}

/// The service of the first ticket of a kind of fault.
pub(super) fn parents_service<'a>(scenario: &'a Scenario, incident: &'a Incident) -> Option<&'a str> {
    let first = || scenario.services.keys().next().map(String::as_str);
    incident.service.as_deref().or_else(first)
}

fn one_form(written: &Children, path: Path, problems: &mut Problems) {
    let forms = [
        ("count", written.count.is_some()),
        ("per_hour", written.per_hour.is_some()),
        ("after", !written.after.is_empty()),
    ];
    let mut found = forms.iter().filter(|(_, there)| *there).map(|(form, _)| *form);
    match (found.next(), found.next()) {
        (None, _) => {
            problems
                .error(
                    "E351",
                    path.clone(),
                    format!("`{path}` does not say how many children come"),
                )
                .help("write `count`, such as `count = { geometric = 12 }`, or `per_hour`, or `after`");
        }
        (Some(first), Some(second)) => {
            let message = format!("`{first}` and `{second}` both say how many children come");
            problems
                .error("E351", Place::Key(path.key(second)), message)
                .label("again here")
                .also(Place::Key(path.key(first)), "first here")
                .help("keep one of them");
        }
        _ => {}
    }
    if written.delay.is_some() && written.count.is_none() {
        problems
            .warning(
                "W405",
                Place::Key(path.key("delay")),
                "`delay` has no effect without `count`",
            )
            .help("`per_hour` and `after` say themselves when children come");
    }
}

fn mixes(written: &Children, path: Path, problems: &mut Problems) {
    let both = [
        ("services", &written.services, "the shares of the children's services"),
        ("mix", &written.mix, "the shares of the children's severities"),
    ];
    for (key, mix, what) in both {
        if let Some(mix) = mix {
            adds_to_one(&mut mix.values().copied(), what, &[], path.key(key), problems);
        }
    }
}

fn end(name: &str, incident: &Incident, path: &Path, problems: &mut Problems) {
    let by_the_hour = incident
        .children
        .as_ref()
        .is_some_and(|children| children.per_hour.is_some());
    if incident.lasts.is_some() {
        return;
    }
    if by_the_hour {
        problems
            .error(
                "E352",
                Place::Key(path.key("children").key("per_hour")),
                "children come by the hour, without an end",
            )
            .help(format!(
                "say how long the fault would last by itself: `incidents.{name}.lasts = {{ exponential = \"6h\" }}`"
            ));
    } else if incident.ends_with_parent == Some(false) {
        problems
            .error(
                "E353",
                Place::Key(path.key("ends_with_parent")),
                format!("a fault of the kind `{name}` never ends"),
            )
            .help("say how long it `lasts`");
    }
}

/// The severity of parents and children is written, or drawn from their services' mixes.
fn severities(scenario: &Scenario, name: &str, incident: &Incident, path: &Path, problems: &mut Problems) {
    if scenario.severities.len() < 2 {
        return;
    }
    let parents = parents_service(scenario, incident);
    let lacks_mix = |service: &str| {
        scenario
            .services
            .get(service)
            .is_some_and(|service| service.mix.is_none())
    };
    let comes = incident.arrivals.is_some() || !incident.at.is_empty();
    if let Some(service) = parents.filter(|service| comes && incident.severity.is_none() && lacks_mix(service)) {
        let message = format!("the incident `{name}` does not say how severe its first ticket is");
        problems.error("E309", path.clone(), message).help(format!(
            "write its `severity`, or `services.{service}.mix` to draw from"
        ));
    }
    let Some(children) = incident.children.as_ref().filter(|children| children.mix.is_none()) else {
        return;
    };
    let spread = children.services.iter().flat_map(|mix| mix.keys().map(String::as_str));
    let own = parents.filter(|_| children.services.is_none());
    if let Some(service) = spread.chain(own).find(|service| lacks_mix(service)) {
        let message = format!("the children of `{name}` are of no severity in `{service}`");
        problems
            .error("E309", path.key("children"), message)
            .help(format!("write their `mix`, or `services.{service}.mix` to draw from"));
    }
}
