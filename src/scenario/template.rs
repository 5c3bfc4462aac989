//! The scenario that `escalade init` writes: small, complete, and commented like a first lesson.

/// A starter scenario called `name`, which passes the check without a warning.
pub fn starter(name: &str) -> String {
    format!("name = {}\n{STARTER}", toml::Value::from(name))
}

const STARTER: &str = r#"description = "A service desk with two tiers. Would a faster escalation or one more specialist breach fewer targets?"

# Lengths of time are numbers with units: "15m", "1h 30m", "2w". Shares are parts of 1. Names are yours to choose.
# `escalade check` explains this file and says what is wrong with it; `escalade run` plays it.

[run]
start = "2026-03-02"              # a Monday
zone = "Europe/Berlin"            # of everything that names no zone of its own
horizon = "4w"                    # what is measured
warm_up = "1w"                    # simulated first and not measured, so that the queues are filled
replications = 20                 # independent repetitions; every candidate meets the same tickets in each

# Business hours, which a target may run on: "8bh" are eight of them, "2bd" are two days of eight.
[calendars.business]
hours = { "Mon-Fri" = "09:00-17:00" }
holidays = ["2026-04-03", "2026-04-06"]

# Severities, most severe first, with what is promised: "4h" runs round the clock, "8bh" in business hours only.
[severities]
Sev1 = { first_response = "15m", update = "1h", resolve = "4h" }
Sev2 = { first_response = "1h", resolve = "8h" }
Sev3 = { first_response = "8bh", resolve = "5bd" }

# Where tickets come from. `mix` is the share of each severity; the shares add to 1.
[services.app]
share = 0.7
mix = { Sev1 = 0.02, Sev2 = 0.13, Sev3 = 0.85 }

[services.network]
share = 0.3
mix = { Sev1 = 0.05, Sev2 = 0.25, Sev3 = 0.70 }

# How many tickets in all, and when: a number a week, spread over weekdays (Monday first) and hours (00:00 first).
[arrivals]
per_week = 600
by_weekday = [1.2, 1.1, 1.0, 1.0, 0.9, 0.3, 0.2]
by_hour = [
    0.2, 0.1, 0.1, 0.1, 0.2, 0.4, 0.8, 1.4, 2.2, 2.6, 2.5, 2.2,
    1.8, 2.0, 2.2, 2.1, 1.8, 1.4, 1.0, 0.8, 0.6, 0.5, 0.4, 0.3,
]

# Support tiers, lowest first. `work` is the time that a solution takes; the median of a log-normal law is the time that
# half of the tickets stay below. `escalates` is a property of the tickets: the share that L1 cannot solve, whatever the
# policy, and where they need to go. On those it spends its `diagnosis` before it knows.
[tiers.L1]
work = { lognormal = { median = "12m", sigma = 0.8 } }
diagnosis = { exponential = "10m" }
escalates.L2 = { Sev1 = 0.6, Sev2 = 0.35, other = 0.15 }

[tiers.L2]
work = { Sev1 = { lognormal = { median = "50m", sigma = 0.7 } }, other = { lognormal = { median = "40m", sigma = 0.9 } } }

# Teams work one tier each. This one has shifts ...
[teams.desk]
tier = "L1"
discipline = "severity"           # the most severe ticket first

[teams.desk.shifts]
early = { headcount = 4, hours = { "Mon-Sun" = "06:00-14:00" } }
late = { headcount = 3, hours = { "Mon-Sun" = "14:00-22:00" } }
night = { headcount = 1, hours = { "Mon-Sun" = "22:00-06:00" } }

# ... and this one has three people at any hour.
[teams.experts]
tier = "L2"
headcount = 3

# When 75 % of the time to resolve a severe ticket is used up and L1 still has it: hand it to L2.
[rules.hurry]
when = { consumed = { of = "resolve", share = 0.75 } }
if = { severity = ["Sev1", "Sev2"], tier = ["L1"] }
then = [{ alert = "shift lead" }, { transfer = "L2" }]

# Candidates: named changes to anything above. Each is compared with the unchanged scenario, which is called `base`.
[candidates.sooner]
description = "Escalate at half of the time instead of three quarters"
set.rules.hurry.when.consumed.share = 0.5

[candidates.one-more-expert]
description = "Four experts instead of three"
set.teams.experts.headcount = 4
"#;

#[cfg(test)]
mod tests {
    use super::super::{Document, render};
    use super::*;

    #[test]
    fn the_starter_passes_the_check_without_a_warning() {
        let document = Document::parse("starter.toml", starter("a \"quoted\" name"));
        assert_eq!(render(&document, document.problems(), false), "");
        assert_eq!(
            document.scenarios().map(|(name, _)| name).collect::<Vec<_>>(),
            ["base", "sooner", "one-more-expert"]
        );
    }
}
