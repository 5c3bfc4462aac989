//! Timelines of on-call duty, made by hand: who is paged when, who answers, and whose the ticket then is.
//!
//! Most start in the night of 2 March 2026, a Monday, in Berlin. A rule that fires is an event too; what is not said of a
//! ticket did not happen.

mod timelines_support;

use timelines_support::{NO_TARGETS, check};

/// A team that nobody is on duty in: everybody is on call only.
const ON_CALL_ONLY: &str = r#"
[tiers.L1]
work = { deterministic = "1h" }
[teams.ops]
tier = "L1"
[people]
ada = { team = "ops" }
ben = { team = "ops" }
lea = { team = "ops" }
max = { team = "ops" }
"#;

/// Level 1 the primary, 5 min; level 2 the secondary and the lead, 10 min; once more; the duty manager.
const LADDER: &str = r#"
[schedules.primary]
members = ["ada"]
[schedules.secondary]
members = ["ben"]
[schedules.lead]
members = ["lea"]
[schedules.manager]
members = ["max"]
[escalation_policies.standard]
levels = [
    { targets = ["primary"], timeout = "5m" },
    { targets = ["secondary", "lead"], timeout = "10m" },
]
repeats = 1
last_resort = "manager"
[rules.page]
when = { created = true }
then = [{ page = "standard" }]
"#;

const NIGHT: &str = "2026-03-02T02:00";

/// One ticket at the start of the run, its pages answered as written.
fn ticket(answers: &str) -> String {
    format!("tickets = [{{ id = \"a\", at = \"0s\", severity = \"Sev1\", acknowledges = {{ {answers} }} }}]")
}

#[test]
fn nobody_answers_until_the_last_resort_does() {
    check(
        NIGHT,
        &[&ticket("manager = [\"1m\"]"), NO_TARGETS, ON_CALL_ONLY, LADDER],
        "02:00:00 a created
         02:00:00 a rule:page
         02:00:00 a paged ada
         02:05:00 a timeout level 1
         02:05:00 a paged ben
         02:05:00 a paged lea
         02:15:00 a timeout level 2
         02:15:00 a paged ada
         02:20:00 a timeout level 1
         02:20:00 a paged ben
         02:20:00 a paged lea
         02:30:00 a timeout level 2
         02:30:00 a paged max
         02:31:00 a acknowledged max
         02:36:00 a start max
         03:36:00 a resolved max",
    );
}
