//! Opsgenie alerts, as its alert API takes them.

use super::{Delivery, cut};
use serde_json::{Value, json};

pub(super) fn alerts(alerts: &[&Delivery]) -> Value {
    let one = |alert: &&Delivery| {
        json!({
            "message": cut(&alert.subject, 130),
            "alias": alert.reference,
            "description": alert.text,
            "responders": [{ "type": "team", "name": alert.team }],
            "tags": ["drill", alert.service],
            "priority": format!("P{}", alert.rank.clamp(1, 5)),
        })
    };
    alerts.iter().map(one).collect()
}
