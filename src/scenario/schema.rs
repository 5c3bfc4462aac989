//! The schema of scenario files: as the reader walks it, and as it is published for editors.
//!
//! The types derive it, and it is the only description of the format. [`Schema`] is a place in it; `shape` checks a tree
//! beside it, `tree` merges patches by it. What is published is the same, with the keywords of ours turned into what editors
//! know: `pattern` and `examples` instead of `x-format`. Names of other tables, which JSON Schema cannot check, are left to
//! `escalade check`.

use super::tree::{Kind, Table};
use super::words::nearest;
use serde_json::{Map, Value as Json, json};
use std::sync::LazyLock;

/// The schema as the types derive it, with our keywords.
static SCENARIO: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(super::Scenario).to_value());

/// A place in the schema.
#[derive(Clone, Copy)]
pub(super) struct Schema(pub(super) &'static Json);

/// The types of TOML, as far as the schema tells them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Text,
    Whole,
    Number,
    Truth,
    List,
    Table,
}

impl Sort {
    pub(super) fn words(self) -> &'static str {
        match self {
            Sort::Text => "a string",
            Sort::Whole => "a whole number",
            Sort::Number => "a number",
            Sort::Truth => "`true` or `false`",
            Sort::List => "a list",
            Sort::Table => "a table",
        }
    }

    pub(super) fn takes(self, kind: &Kind) -> bool {
        matches!(
            (self, kind),
            (Sort::Text, Kind::Text(_))
                | (Sort::Whole | Sort::Number, Kind::Whole(_))
                | (Sort::Number, Kind::Real(_))
                | (Sort::Truth, Kind::Truth(_))
                | (Sort::List, Kind::List(_))
                | (Sort::Table, Kind::Table(_))
        )
    }
}

impl Schema {
    /// Of a whole scenario.
    pub(super) fn scenario() -> Schema {
        Schema(&SCENARIO)
    }

    pub(super) fn get(self, keyword: &str) -> Option<&'static Json> {
        self.0.get(keyword)
    }

    pub(super) fn text(self, keyword: &str) -> Option<&'static str> {
        self.get(keyword).and_then(Json::as_str)
    }

    pub(super) fn list(self, keyword: &str) -> impl Iterator<Item = &'static Json> + use<> {
        self.get(keyword).and_then(Json::as_array).into_iter().flatten()
    }

    pub(super) fn properties(self) -> impl Iterator<Item = (&'static String, Schema)> {
        self.get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
            .map(|(key, schema)| (key, Schema(schema)))
    }

    /// With references followed and the `null` of optional keys taken off.
    pub(super) fn resolved(self) -> Schema {
        if let Some(name) = self.text("$ref").and_then(|target| target.strip_prefix("#/$defs/")) {
            return SCENARIO
                .get("$defs")
                .and_then(|defs| defs.get(name))
                .map_or(self, |target| Schema(target).resolved());
        }
        let mut alternatives = self
            .list("anyOf")
            .filter(|schema| schema.get("type").and_then(Json::as_str) != Some("null"));
        match (alternatives.next(), alternatives.next()) {
            (Some(only), None) => Schema(only).resolved(),
            _ => self,
        }
    }

    pub(super) fn sort(self) -> Sort {
        let named = match self.get("type") {
            Some(Json::Array(names)) => names.iter().filter_map(Json::as_str).find(|name| *name != "null"),
            named => named.and_then(Json::as_str),
        };
        match named {
            Some("string") => Sort::Text,
            Some("integer") => Sort::Whole,
            Some("number") => Sort::Number,
            Some("boolean") => Sort::Truth,
            Some("array") => Sort::List,
            None if self.words().next().is_some() => Sort::Text,
            _ => Sort::Table,
        }
    }

    /// The words of an enumeration.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        self.list("oneOf").filter_map(|schema| schema.get("const")?.as_str())
    }

    /// The kinds of a law, trigger or action: the key of each and the schema of its value.
    pub(super) fn kinds(self) -> impl Iterator<Item = (&'static String, Schema)> {
        self.list("oneOf").flat_map(|schema| Schema(schema).properties())
    }

    /// What `key` holds in a table of this schema.
    pub(super) fn child(self, key: &str) -> Option<Schema> {
        let schema = self.resolved();
        let known = schema.properties().find(|(name, _)| *name == key);
        let kind = || schema.kinds().find(|(name, _)| *name == key);
        let any = || {
            schema
                .get("additionalProperties")
                .filter(|any| any.is_object())
                .map(Schema)
        };
        known.or_else(kind).map(|(_, child)| child).or_else(any)
    }

    /// The one of several alternatives that `table` is meant as: a law by its kind, or a table by severity.
    pub(super) fn for_table(self, table: &Table) -> Schema {
        let schema = self.resolved();
        let tables = || {
            schema
                .list("anyOf")
                .map(|any| Schema(any).resolved())
                .filter(|any| any.sort() == Sort::Table)
        };
        let tagged = tables().find(|any| any.kinds().next().is_some() && any.is_meant_by(table));
        tagged
            .or_else(|| tables().find(|any| any.kinds().next().is_none()))
            .unwrap_or(schema)
    }

    /// Does `table` look like a kind of this, though perhaps misspelt?
    pub(super) fn is_meant_by(self, table: &Table) -> bool {
        let names: Vec<&str> = self.kinds().map(|(name, _)| name.as_str()).collect();
        let is_name = |key: &String| names.contains(&key.as_str()) || nearest(key, names.iter().copied()).is_some();
        table
            .iter()
            .any(|(key, entry)| is_name(key) || entry.value.table().is_none())
    }

    /// Does a patch replace a table instead of being merged into it, because it is of another kind?
    pub(super) fn replaces(self, old: &Table, new: &Table) -> bool {
        let tagged = self.resolved().kinds().next().is_some();
        tagged && !new.is_empty() && !new.keys().any(|key| old.contains_key(key))
    }

    /// Is `key` of the base shut out by a patch, which writes a key that excludes it?
    pub(super) fn excluded(self, key: &str, patch: &Table) -> bool {
        let holds = |group: &&Json| group.as_array().is_some_and(|keys| keys.iter().any(|name| name == key));
        let written = |group: &Json| {
            group.as_array().is_some_and(|keys| {
                keys.iter()
                    .filter_map(Json::as_str)
                    .any(|name| patch.contains_key(name))
            })
        };
        let schema = self.resolved();
        let Some(own) = schema.list("x-either").find(holds) else {
            return false;
        };
        !written(own) && schema.list("x-either").any(written)
    }
}

/// The JSON Schema (draft 2020-12) of a scenario file.
pub fn schema() -> Json {
    let mut schema = SCENARIO.clone();
    publish(&mut schema);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".into(), "Escalade scenario".into());
        root.insert(
            "description".into(),
            "A scenario of the escalade simulator: an organisation, its demand, its policy, and candidates.".into(),
        );
    }
    schema
}

fn publish(schema: &mut Json) {
    match schema {
        Json::Array(list) => list.iter_mut().for_each(publish),
        Json::Object(object) => {
            object
                .iter_mut()
                .filter(|(key, _)| *key != "default" && *key != "examples")
                .for_each(|(key, value)| match value {
                    // Keys of ours may be called `default` too.
                    Json::Object(own) if key == "properties" => own.values_mut().for_each(publish),
                    value => publish(value),
                });
            without_null(object);
            with_grammar(object);
            object.retain(|key, _| !key.starts_with("x-"));
        }
        _ => {}
    }
}

/// TOML has no null: a key that may be left out is simply not written.
fn without_null(object: &mut Map<String, Json>) {
    if object.get("default").is_some_and(Json::is_null) {
        object.remove("default");
    }
    if let Some(Json::Array(names)) = object.get_mut("type") {
        names.retain(|name| name != "null");
        if let [only] = names.as_slice() {
            let only = only.clone();
            object.insert("type".into(), only);
        }
    }
    let Some(Json::Array(any)) = object.get_mut("anyOf") else {
        return;
    };
    any.retain(|schema| schema.get("type").is_none_or(|name| name != "null"));
    if let [Json::Object(only)] = any.as_slice() {
        let only = only.clone();
        object.remove("anyOf");
        for (key, value) in only {
            object.entry(key).or_insert(value);
        }
    }
}

fn with_grammar(object: &mut Map<String, Json>) {
    let format = object
        .get("x-format")
        .or(object.get("x-format-values"))
        .and_then(Json::as_str)
        .map(str::to_owned);
    let Some((pattern, examples)) = format.as_deref().and_then(grammar) else {
        return;
    };
    let text = match object.get("type").and_then(Json::as_str) {
        Some("array") => object.get_mut("items"),
        Some("object") => object.get_mut("additionalProperties"),
        _ => None,
    };
    match text {
        Some(Json::Object(text)) => describe(text, pattern, examples),
        _ => describe(object, pattern, examples),
    }
}

fn describe(text: &mut Map<String, Json>, pattern: &str, examples: Json) {
    text.insert("pattern".into(), pattern.into());
    text.insert("examples".into(), examples);
}

/// Patterns are wider than the grammars: an editor must never mark what the reader takes.
fn grammar(format: &str) -> Option<(&'static str, Json)> {
    const LENGTH: &str = r"^\s*([Pp].+|([0-9]+(\.[0-9]+)?\s*[A-Za-z]+\s*)+)$";
    Some(match format {
        "duration" | "durations" => (LENGTH, json!(["15m", "1h 30m", "2w"])),
        "target" => (LENGTH, json!(["30m", "4h", "8bh", "5bd"])),
        "zone" => (
            r"^\s*[A-Za-z][A-Za-z0-9_+/-]*\s*$",
            json!(["Europe/Berlin", "America/New_York", "UTC"]),
        ),
        "start" => (
            r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?\s*$",
            json!(["2026-03-02", "2026-03-02T08:00"]),
        ),
        "dates" => (r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$", json!(["2026-12-25"])),
        "rate" => (
            r"^\s*[0-9.eE+-]+\s*/\s*[A-Za-z]+\s*$",
            json!(["60/h", "45/day", "2/week"]),
        ),
        "handoff" => (r"^.*[0-9]{1,2}:[0-9]{2}\s*$", json!(["Mon 09:00", "09:00"])),
        "answers" => (
            r"^\s*(never\s*|[Pp].+|([0-9]+(\.[0-9]+)?\s*[A-Za-z]+\s*)+)$",
            json!(["6m 20s", "never"]),
        ),
        "weekly" => (r"^.*[0-9].*$", json!(["09:00-17:00", "08:00-12:30, 13:30-16:45"])),
        "always" => ("^24x7$", json!(["24x7"])),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_has_no_keyword_of_ours_and_no_null() {
        let text = schema().to_string();
        assert!(!text.contains("\"x-"), "a keyword of ours is left");
        assert!(!text.contains("\"null\""), "TOML has no null");
        assert_eq!(schema()["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema()["properties"]["first_reply"]["type"], "string");
    }
}
