//! PagerDuty Events API v2: a trigger for each alert, and a resolve for each key when the incident is over.

use super::{Delivery, cut, rfc3339};
use crate::time::Zone;
use serde_json::{Value, json};

/// A placeholder of the right length, for the facilitator to replace.
const ROUTING_KEY: &str = "DRILLDRILLDRILLDRILLDRILLDRILL00";

pub(super) fn events(alerts: &[&Delivery], zone: &Zone) -> Value {
    let triggers = alerts.iter().map(|alert| trigger(alert, zone));
    let mut resolved: Vec<&str> = Vec::new();
    let mut all: Vec<Value> = triggers.collect();
    for alert in alerts.iter().filter(|alert| alert.resolved_at.is_some()) {
        if !resolved.contains(&alert.key.as_str()) {
            resolved.push(&alert.key);
            all.push(
                json!({ "routing_key": ROUTING_KEY, "event_action": "resolve", "dedup_key": cut(&alert.key, 255) }),
            );
        }
    }
    Value::Array(all)
}

pub(super) fn trigger(alert: &Delivery, zone: &Zone) -> Value {
    let severity = ["critical", "error", "warning", "info"][alert.rank.clamp(1, 4) - 1];
    json!({
        "routing_key": ROUTING_KEY,
        "event_action": "trigger",
        "dedup_key": cut(&alert.key, 255),
        "payload": {
            "summary": cut(&alert.subject, 1024),
            "source": cut(&alert.service, 255),
            "severity": severity,
            "timestamp": rfc3339(alert.at, zone),
            "component": alert.service,
            "group": alert.service,
            "class": alert.signal,
            "custom_details": { "drill": true, "inject": alert.reference, "text": alert.text },
        },
        "client": "escalade",
        "links": [],
    })
}
