//! Opsgenie alerts, as its alert API takes them. Alerts of one alias are one alert there.

use super::{Delivery, cut};
use serde_json::{Value, json};

pub(super) fn alerts(alerts: &[&Delivery]) -> Value {
    let one = |alert: &&Delivery| {
        json!({
            "message": cut(&alert.subject, 130),
            "alias": cut(&alert.key, 512),
            "description": alert.text,
            "responders": [{ "type": "team", "name": alert.team }],
            "tags": ["drill", alert.service],
            "priority": format!("P{}", alert.rank.clamp(1, 5)),
        })
    };
    alerts.iter().map(one).collect()
}
