//! Shares of targets that look like per cent: a share of 1 is the whole target.

use super::super::problem::Problems;
use super::super::{Condition, Path, Scenario, Trigger};
use super::rules::is_enabled;
use crate::scenario::words::in_thousands;

/// Nobody waits until a target has passed this often.
const LARGEST: f64 = 5.0;

pub(super) fn check(scenario: &Scenario, problems: &mut Problems) {
    for (name, rule) in scenario.rules.iter().filter(|(_, rule)| is_enabled(rule)) {
        let path = Path::from(["rules", name]);
        if let Trigger::Consumed { share, .. } = &rule.when {
            per_cent(*share, "share", path.key("when").key("consumed"), problems);
        }
        let parts = [
            ("if", Some(&rule.if_)),
            ("unless", rule.unless.as_ref()),
            ("while", rule.while_.as_ref()),
        ];
        for (part, condition) in parts {
            if let Some(condition) = condition {
                used(condition, &path.key(part), problems);
            }
        }
    }
}

fn used(condition: &Condition, path: &Path, problems: &mut Problems) {
    let Some(used) = &condition.consumed else { return };
    for (key, share) in [("at_least", used.at_least), ("below", used.below)] {
        if let Some(share) = share {
            per_cent(share, key, path.key("consumed"), problems);
        }
    }
}

fn per_cent(share: f64, key: &str, path: Path, problems: &mut Problems) {
    if share > LARGEST {
        let per_cent = in_thousands(&((share * 100.0).round() as i64).to_string());
        let message = format!("a share of {share} is {per_cent} % of the target");
        problems
            .warning("W414", path.key(key), message)
            .label("1 is the whole target")
            .help(format!("{share} % is `{key} = {}`", (share * 10.0).round() / 1000.0));
    }
}
