//! Alertmanager webhooks, version 4: a notification for each alert when it fires, and one when it is resolved.

use super::{Delivery, rfc3339};
use crate::scenario::fingerprint;
use crate::time::Zone;
use serde_json::{Value, json};

/// What `endsAt` says while an alert fires.
const STILL_FIRING: &str = "0001-01-01T00:00:00Z";

pub(super) fn notifications(alerts: &[&Delivery], zone: &Zone) -> Value {
    let firing = alerts.iter().map(|alert| notification(alert, false, zone));
    let resolved = alerts.iter().filter(|alert| alert.resolved_at.is_some());
    firing
        .chain(resolved.map(|alert| notification(alert, true, zone)))
        .collect()
}

pub(super) fn notification(alert: &Delivery, resolved: bool, zone: &Zone) -> Value {
    let status = if resolved { "resolved" } else { "firing" };
    let ends = alert.resolved_at.filter(|_| resolved).map(|at| rfc3339(at, zone));
    let labels = json!({
        "alertname": alert.signal,
        "service": alert.service,
        "severity": alert.severity,
        "drill": "true",
    });
    let annotations = json!({ "summary": alert.subject, "description": alert.text });
    json!({
        "version": "4",
        "groupKey": group_key(&alert.service),
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "drill",
        "groupLabels": { "service": alert.service },
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "http://localhost/",
        "alerts": [{
            "status": status,
            "labels": labels,
            "annotations": annotations,
            "startsAt": rfc3339(alert.at, zone),
            "endsAt": ends.unwrap_or_else(|| STILL_FIRING.to_owned()),
            "generatorURL": "http://localhost/",
            "fingerprint": format!("{:016x}", fingerprint(format!("{}/{}", alert.signal, alert.service).as_bytes())),
        }],
    })
}

/// The value of a label stands in it as a string of Go, which looks like one of JSON.
fn group_key(service: &str) -> String {
    format!("{{}}:{{service={}}}", Value::from(service))
}

#[cfg(test)]
mod tests {
    use super::group_key;

    #[test]
    fn a_name_with_quotes_is_one_value() {
        assert_eq!(group_key("app"), r#"{}:{service="app"}"#);
        assert_eq!(group_key(r#"the "app"\"#), r#"{}:{service="the \"app\"\\"}"#);
    }
}
