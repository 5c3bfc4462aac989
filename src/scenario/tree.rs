//! The tree of a scenario file, in which each value and each key knows its place in the text; and the merging of patches.
//!
//! It is TOML without any meaning: what the keys are to be is the schema's affair. It owns its text, so that a candidate's
//! tree, the base with a patch merged over it, lives as long as the document.

use super::path::{Path, is_bare};
use super::schema::Schema;
use indexmap::IndexMap;
use std::fmt;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A value and the bytes of the text that it was read from: those of a table are its header or its first dotted key.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Text(String),
    /// `None` if it does not fit 64 bits.
    Whole(Option<i64>),
    Real(f64),
    Truth(bool),
    /// A date or time that was written without quotes.
    Moment(String),
    List(Vec<Node>),
    Table(Table),
}

pub(super) type Table = IndexMap<String, Entry>;

/// What a key names, and the bytes of the key.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: Range<usize>,
    pub(super) value: Node,
}

impl Node {
    pub(super) fn of_table(table: &DeTable, span: Range<usize>) -> Node {
        let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue>)| Entry {
            key: key.span(),
            value: Node::of(value.get_ref(), value.span()),
        };
        let entries = table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), entry((key, value))));
        Node {
            span,
            kind: Kind::Table(entries.collect()),
        }
    }

    fn of(value: &DeValue, span: Range<usize>) -> Node {
        let kind = match value {
            DeValue::String(text) => Kind::Text(text.to_string()),
            DeValue::Integer(whole) => Kind::Whole(i64::from_str_radix(whole.as_str(), whole.radix()).ok()),
            DeValue::Float(real) => Kind::Real(real.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Kind::Truth(*truth),
            DeValue::Datetime(moment) => Kind::Moment(moment.to_string()),
            DeValue::Array(list) => Kind::List(list.iter().map(|item| Node::of(item.get_ref(), item.span())).collect()),
            DeValue::Table(table) => return Node::of_table(table, span),
        };
        Node { span, kind }
    }

    /// A value from outside of the text: it has no place in it.
    pub(super) fn of_value(value: &toml::Value) -> Node {
        let kind = match value {
            toml::Value::String(text) => Kind::Text(text.clone()),
            toml::Value::Integer(whole) => Kind::Whole(Some(*whole)),
            toml::Value::Float(real) => Kind::Real(*real),
            toml::Value::Boolean(truth) => Kind::Truth(*truth),
            toml::Value::Datetime(moment) => Kind::Moment(moment.to_string()),
            toml::Value::Array(list) => Kind::List(list.iter().map(Node::of_value).collect()),
            toml::Value::Table(table) => {
                let entry = |value| Entry {
                    key: 0..0,
                    value: Node::of_value(value),
                };
                Kind::Table(table.iter().map(|(key, value)| (key.clone(), entry(value))).collect())
            }
        };
        Node { span: 0..0, kind }
    }

    pub(super) fn table(&self) -> Option<&Table> {
        match &self.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// What `key` names, or the element of that index, with the place that stands for its key.
    fn entry(&self, key: &str) -> Option<(&Range<usize>, &Node)> {
        match &self.kind {
            Kind::Table(table) => table.get(key).map(|entry| (&entry.key, &entry.value)),
            Kind::List(list) => list.get(key.parse::<usize>().ok()?).map(|item| (&item.span, item)),
            _ => None,
        }
    }

    /// The key and the value at `path`, or of the last of its keys that exist; and whether that is all of them.
    pub(super) fn nearest(&self, path: &Path) -> Nearest<'_> {
        let mut found = Nearest {
            key: &self.span,
            value: self,
            whole: true,
        };
        for key in path.keys() {
            match found.value.entry(key) {
                Some((key, value)) => (found.key, found.value) = (key, value),
                None => {
                    return Nearest { whole: false, ..found };
                }
            }
        }
        found
    }

    /// The same as plain TOML, for serde. Dates become strings, as the types have them.
    pub(super) fn plain(&self) -> toml::Value {
        match &self.kind {
            Kind::Text(text) | Kind::Moment(text) => toml::Value::String(text.clone()),
            Kind::Whole(whole) => toml::Value::Integer(whole.unwrap_or(i64::MAX)),
            Kind::Real(real) => toml::Value::Float(*real),
            Kind::Truth(truth) => toml::Value::Boolean(*truth),
            Kind::List(list) => toml::Value::Array(list.iter().map(Node::plain).collect()),
            Kind::Table(table) => toml::Value::Table(
                table
                    .iter()
                    .map(|(key, entry)| (key.clone(), entry.value.plain()))
                    .collect(),
            ),
        }
    }

    /// The places of this value, of everything in it, and of the keys.
    pub(super) fn spans(&self, into: &mut Vec<Range<usize>>) {
        into.push(self.span.clone());
        match &self.kind {
            Kind::List(list) => list.iter().for_each(|item| item.spans(into)),
            Kind::Table(table) => table.values().for_each(|entry| {
                into.push(entry.key.clone());
                entry.value.spans(into);
            }),
            _ => {}
        }
    }

    /// This with `patch` over it: tables are merged key by key, other values replaced.
    ///
    /// What excludes another replaces it: another law, another trigger, `headcount` the `shifts` (the schema's `x-either`).
    /// The keys keep their order, new ones come last. What the patch says carries the patch's place.
    pub(super) fn patched(&self, patch: &Node, schema: Option<Schema>) -> Node {
        let (Some(old), Some(new)) = (self.table(), patch.table()) else {
            return patch.clone();
        };
        let schema = schema.map(|schema| schema.for_table(new));
        if schema.is_some_and(|schema| schema.replaces(old, new)) {
            return patch.clone();
        }
        let mut merged = old.clone();
        if let Some(schema) = schema {
            merged.retain(|key, _| !schema.excluded(key, new));
        }
        for (key, entry) in new {
            let value = match merged.get(key) {
                Some(before) => before
                    .value
                    .patched(&entry.value, schema.and_then(|schema| schema.child(key))),
                None => entry.value.clone(),
            };
            let place = entry.key.clone();
            merged.insert(key.clone(), Entry { key: place, value });
        }
        Node {
            span: patch.span.clone(),
            kind: Kind::Table(merged),
        }
    }
}

pub(super) struct Nearest<'a> {
    pub(super) key: &'a Range<usize>,
    pub(super) value: &'a Node,
    pub(super) whole: bool,
}

/// On one line, for people: texts without quotes, lists and tables as in TOML.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Text(text) | Kind::Moment(text) => f.write_str(text),
            Kind::Whole(Some(whole)) => write!(f, "{whole}"),
            Kind::Whole(None) => f.write_str("a number too large"),
            Kind::Real(real) => write!(f, "{real}"),
            Kind::Truth(truth) => write!(f, "{truth}"),
            Kind::List(list) => {
                f.write_str("[")?;
                for (position, item) in list.iter().enumerate() {
                    write!(f, "{}{item}", if position == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Kind::Table(table) => {
                f.write_str("{")?;
                for (position, (key, entry)) in table.iter().enumerate() {
                    let comma = if position == 0 { " " } else { ", " };
                    match is_bare(key) {
                        true => write!(f, "{comma}{key} = {}", entry.value)?,
                        false => write!(f, "{comma}\"{key}\" = {}", entry.value)?,
                    }
                }
                f.write_str(if table.is_empty() { "}" } else { " }" })
            }
        }
    }
}

/// Equal values, wherever they stand. Numbers are equal as numbers (`1` and `1.0`).
impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Text(a) | Kind::Moment(a), Kind::Text(b) | Kind::Moment(b)) => a == b,
            (Kind::Whole(a), Kind::Whole(b)) => a == b,
            (Kind::Real(a), Kind::Real(b)) => a == b,
            (Kind::Whole(Some(whole)), Kind::Real(real)) | (Kind::Real(real), Kind::Whole(Some(whole))) => {
                *real == *whole as f64
            }
            (Kind::Truth(a), Kind::Truth(b)) => a == b,
            (Kind::List(a), Kind::List(b)) => a == b,
            (Kind::Table(a), Kind::Table(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, entry)| b.get(key).is_some_and(|other| entry.value == other.value))
            }
            _ => false,
        }
    }
}
