//! Enough of JSON Schema for the fixtures in `tests/drill/schemas`: type, required, properties, additionalProperties, items,
//! enum, lengths, and the formats `date-time` and `hex`; `values` is a schema for every value of an object.

use serde_json::Value;

/// What is wrong with a value, each with its place.
pub fn wrong(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, value, place, &mut found);
    found
}

fn check(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let mut say = |what: String| found.push(format!("{place}: {what}"));
    if let Some(kind) = schema["type"].as_str() {
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            other => panic!("the reader of schemas does not know the type {other}"),
        };
        if !fits {
            say(format!("not of type {kind}"));
            return;
        }
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        say(format!("{value} is none of {words:?}"));
    }
    if let Some(text) = value.as_str() {
        let length = text.chars().count() as u64;
        if schema["minLength"].as_u64().is_some_and(|least| length < least)
            || schema["maxLength"].as_u64().is_some_and(|most| length > most)
        {
            say(format!("has {length} characters"));
        }
        let fits = match schema["format"].as_str() {
            Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
            Some("hex") => text.bytes().all(|byte| byte.is_ascii_hexdigit()),
            _ => true,
        };
        if !fits {
            say(format!("`{text}` has not the format {}", schema["format"]));
        }
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !object.contains_key(name) {
                say(format!("lacks {name}"));
            }
        }
        for (name, inner) in object {
            let inside = format!("{place}.{name}");
            match (schema["properties"].get(name), schema.get("values")) {
                (Some(schema), _) | (None, Some(schema)) => check(schema, inner, &inside, found),
                (None, None) if schema["additionalProperties"] == false => found.push(format!("{inside}: unknown")),
                (None, None) => {}
            }
        }
    }
    if let Some(list) = value.as_array() {
        if schema["minItems"]
            .as_u64()
            .is_some_and(|least| (list.len() as u64) < least)
        {
            found.push(format!("{place}: has {} items", list.len()));
        }
        for (index, item) in list.iter().enumerate() {
            check(&schema["items"], item, &format!("{place}[{index}]"), found);
        }
    }
}

#[test]
fn the_reader_of_schemas_finds_what_is_wrong() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a", "b"], "additionalProperties": false,
        "properties": { "a": { "type": "string", "maxLength": 2 }, "b": { "type": "array", "items": { "enum": [1] } } }
    });
    let value = serde_json::json!({ "a": "xyz", "b": [1, 2], "c": 0 });
    let found = wrong(&schema, &value, "x");
    assert_eq!(
        found,
        [
            "x.a: has 3 characters",
            "x.b[1]: 2 is none of [Number(1)]",
            "x.c: unknown"
        ]
    );
    assert_eq!(wrong(&schema, &serde_json::json!({ "a": "x" }), "x"), ["x: lacks b"]);
}
