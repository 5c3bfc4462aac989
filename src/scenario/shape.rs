//! The shape of a scenario: keys, types, ranges, formats and references, checked against the schema of the types.
//!
//! The JSON Schema that the types derive is the only description of the format; this walks it beside the tree of the file
//! and reports everything that differs. What plain JSON Schema cannot say is in keywords of ours: `x-format` (a grammar of
//! `formats`), `x-ref` and `x-ref-keys` (names of another table), `x-other` (a table by severity takes `other`),
//! `x-share-values` (values from 0 to 1), `x-either` (groups of keys that exclude each other), `x-patch` (a candidate's
//! patch, checked once it is merged). What a value means beside others is not looked at here: that is `checks`.

use super::formats;
use super::path::Path;
use super::problem::{Place, Problem, Problems};
use super::schema::{Schema, Sort};
use super::tree::{Kind, Node, Table};
use super::unseen::is_unseen;
use super::words::{listed, meant, nearest, one_of};
use serde_json::Value as Json;

/// The names that the scenario defines, even in tables that are wrong elsewhere.
struct Names {
    tables: Vec<(&'static str, Vec<String>)>,
}

impl Names {
    fn of(tree: &Node) -> Names {
        let names = |table| {
            tree.get(table)
                .and_then(Node::table)
                .map(|named| named.keys().cloned().collect())
        };
        let tables = NAMED
            .iter()
            .map(|row| (row.table, names(row.table).unwrap_or_default()));
        Names {
            tables: tables.collect(),
        }
    }

    fn in_tables<'a>(&'a self, reference: &'a str) -> impl Iterator<Item = &'a str> + Clone {
        let tables = self
            .tables
            .iter()
            .filter(move |(table, _)| reference.split('|').any(|name| name == *table));
        tables.flat_map(|(_, names)| names.iter().map(String::as_str))
    }
}

struct NamedTable {
    table: &'static str,
    noun: &'static str,
    code: &'static str,
}

const NAMED: &[NamedTable] = &[
    NamedTable {
        table: "severities",
        noun: "severity",
        code: "E201",
    },
    NamedTable {
        table: "teams",
        noun: "team",
        code: "E202",
    },
    NamedTable {
        table: "services",
        noun: "service",
        code: "E203",
    },
    NamedTable {
        table: "tiers",
        noun: "tier",
        code: "E204",
    },
    NamedTable {
        table: "customer_tiers",
        noun: "customer tier",
        code: "E205",
    },
    NamedTable {
        table: "calendars",
        noun: "calendar",
        code: "E206",
    },
    NamedTable {
        table: "schedules",
        noun: "schedule",
        code: "E261",
    },
    NamedTable {
        table: "escalation_policies",
        noun: "escalation policy",
        code: "E262",
    },
    NamedTable {
        table: "incidents",
        noun: "kind of incident",
        code: "E251",
    },
    NamedTable {
        table: "tiers|teams",
        noun: "tier or team",
        code: "E207",
    },
    NamedTable {
        table: "teams|schedules",
        noun: "team or schedule",
        code: "E207",
    },
    NamedTable {
        table: "roles",
        noun: "role",
        code: "E271",
    },
    NamedTable {
        table: "gates",
        noun: "gate",
        code: "E272",
    },
    NamedTable {
        table: "changes",
        noun: "kind of change",
        code: "E273",
    },
    NamedTable {
        table: "kinds",
        noun: "kind of ticket",
        code: "E274",
    },
];

/// Checks the shape of a scenario's tree.
pub(super) fn check(tree: &Node, problems: &mut Problems) {
    let walk = &mut Walk {
        names: Names::of(tree),
        problems,
        path: Path::root(),
        resembles: None,
    };
    walk.value(Schema::scenario(), tree, &[]);
}

struct Walk<'a> {
    names: Names,
    problems: &'a mut Problems,
    path: Path,
    /// The name beside the innermost chosen one that it may be a misspelling of, with the number of keys down to it: a
    /// misspelt name in a patch makes a new entry, which then lacks everything.
    resembles: Option<(usize, String)>,
}

impl Walk<'_> {
    fn error(&mut self, code: &'static str, message: impl Into<String>) -> &mut Problem {
        let place = Place::Value(self.path.clone());
        self.problems.error(code, place, message)
    }

    fn inside(&mut self, key: impl Into<String>, look: impl FnOnce(&mut Self)) {
        self.path.push(key);
        look(self);
        self.path.pop();
    }

    /// Checks a value. `keys` are the `x-ref-keys` of the tables around it that are meant for the tables within.
    fn value(&mut self, schema: Schema, node: &Node, keys: &[Json]) {
        let schema = schema.resolved();
        if schema.get("anyOf").is_some() {
            return self.alternatives(schema, node);
        }
        let sort = schema.sort();
        match &node.kind {
            Kind::Text(text) if sort == Sort::Text => self.text(schema, text),
            Kind::Moment(text) if matches!(schema.text("x-format"), Some("start" | "dates")) => self.text(schema, text),
            Kind::Whole(whole) if sort.takes(&node.kind) => self.number(schema, whole.map(|whole| whole as f64)),
            Kind::Real(real) if sort.takes(&node.kind) => self.number(schema, Some(*real)),
            Kind::Truth(truth) if sort == Sort::Truth => self.truth(schema, *truth),
            Kind::List(list) if sort == Sort::List => self.list(schema, list),
            Kind::Table(table) if sort == Sort::Table => self.table(schema, table, keys),
            _ => self.wrong_type(&[schema], node),
        }
    }

    fn alternatives(&mut self, schema: Schema, node: &Node) {
        let all: Vec<Schema> = schema.list("anyOf").map(|any| Schema(any).resolved()).collect();
        let chosen = match node.table() {
            Some(table) => Some(schema.for_table(table)).filter(|chosen| chosen.get("anyOf").is_none()),
            None => all.iter().copied().find(|any| any.sort().takes(&node.kind)),
        };
        match chosen {
            Some(chosen) => self.value(chosen, node, &[]),
            None => self.wrong_type(&all, node),
        }
    }

    fn wrong_type(&mut self, expected: &[Schema], node: &Node) {
        let mut words: Vec<&str> = Vec::new();
        for schema in expected {
            let word = match schema.text("x-format") {
                Some("always") => "`\"24x7\"`",
                Some("duration" | "target") => "a length of time",
                Some("rate") => "a rate",
                Some("start") => "a date",
                _ => schema.sort().words(),
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let help = quoting_help(expected, node);
        let message = format!("expected {}, found {}", words.join(" or "), found(node));
        self.error("E101", message).help_if(help);
    }

    fn text(&mut self, schema: Schema, text: &str) {
        if schema.words().next().is_some() {
            return self.word(schema, text);
        }
        if let Some(format) = schema.text("x-format") {
            self.format(format, text);
        }
        if let Some(reference) = schema.text("x-ref") {
            self.reference(reference, text, Place::Value(self.path.clone()));
        }
    }

    fn word(&mut self, schema: Schema, text: &str) {
        if schema.words().any(|word| word == text) {
            return;
        }
        let words: Vec<&str> = schema.words().collect();
        let help = meant(text, words.iter().copied());
        self.error("E105", format!("`{text}` is not one of the words that this key takes"))
            .label(format!("expected {}", one_of(&words)))
            .help_if(help);
    }

    fn format(&mut self, format: &str, text: &str) {
        if let Err(mistake) = formats::check(format, text) {
            let problem = self.error(mistake.code, mistake.message).help(mistake.help);
            problem.label = mistake.label;
        }
    }

    fn reference(&mut self, reference: &str, name: &str, place: Place) {
        let always = reference == "calendars" && name == "24x7";
        if always || self.names.in_tables(reference).any(|known| known == name) {
            return;
        }
        let row = NAMED.iter().find(|row| row.table == reference);
        let (noun, code) = row.map_or(("name", "E207"), |row| (row.noun, row.code));
        let help = meant(name, self.names.in_tables(reference)).unwrap_or_else(|| self.known_names(reference));
        self.problems
            .error(code, place, format!("no {noun} is called `{name}`"))
            .label(format!("not {} {noun}", if noun.starts_with('e') { "an" } else { "a" }))
            .help(help);
    }

    fn known_names(&self, reference: &str) -> String {
        let names: Vec<&str> = self.names.in_tables(reference).collect();
        let plural = reference.replace('|', " and ").replace('_', " ");
        match names.len() {
            0 if reference == "calendars" => "the scenario defines no calendar: only `24x7` exists".into(),
            0 => format!("the scenario defines no {plural}"),
            1 => format!("there is only `{}`", names[0]),
            2..=12 => format!("the {plural} are {}", listed(&names)),
            many => format!(
                "there are {many} {plural}, from `{}` to `{}`",
                names[0],
                names[many - 1]
            ),
        }
    }

    fn truth(&mut self, schema: Schema, truth: bool) {
        if schema
            .get("const")
            .and_then(Json::as_bool)
            .is_some_and(|only| only != truth)
        {
            self.error("E105", format!("expected `{}`", !truth))
                .help("to switch a rule off, write `enabled = false` beside `when`");
        }
    }

    /// `None`: too large for 64 bits.
    fn number(&mut self, schema: Schema, number: Option<f64>) {
        let least = schema.get("minimum").and_then(Json::as_f64);
        let most = schema.get("maximum").and_then(Json::as_f64);
        match number {
            None => drop(
                self.error("E104", "a whole number has at most 64 bits")
                    .label("too large")
                    .help("write at most 9223372036854775807"),
            ),
            Some(number) if !number.is_finite() => drop(
                self.error("E104", "expected a finite number")
                    .help_if(range(least, most)),
            ),
            Some(number) => self.in_range(number, least, most),
        }
    }

    fn in_range(&mut self, number: f64, least: Option<f64>, most: Option<f64>) {
        if least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most) {
            return;
        }
        let allowed = range(least, most).unwrap_or_default();
        let is_percent = least == Some(0.0) && most == Some(1.0) && (1.0..=100.0).contains(&number);
        // 1.1 / 100 is not quite 0.011.
        let share = (number * 1e10).round() / 1e12;
        let help = is_percent.then(|| format!("a share is a part of 1: {number} % is {share}"));
        let written = match number.abs() {
            0.0 | 1e-5..1e16 => number.to_string(),
            _ => format!("{number:e}"),
        };
        self.error("E104", format!("{written} is out of range"))
            .label(format!("expected {allowed}"))
            .help_if(help);
    }

    fn list(&mut self, schema: Schema, list: &[Node]) {
        let size = |keyword| schema.get(keyword).and_then(Json::as_u64);
        let (found, most) = (list.len() as u64, size("maxItems"));
        let message = match size("minItems").filter(|least| most == Some(*least)) {
            Some(fixed) => (found != fixed).then(|| format!("expected {fixed} numbers, found {found}")),
            None => most
                .filter(|most| found > *most)
                .map(|most| format!("a list of {found}, at most {most} are possible")),
        };
        if let Some(message) = message {
            self.error("E112", message).help_if(short_description(schema));
        }
        let items = schema.get("items").map(Schema);
        for (index, item) in list.iter().enumerate() {
            self.inside(index.to_string(), |walk| {
                if let Some(items) = items {
                    walk.item(schema, items, item);
                }
            });
        }
    }

    /// The keywords of ours stand on the list and are meant for its elements.
    fn item(&mut self, list: Schema, schema: Schema, item: &Node) {
        let format = list.text("x-format");
        match &item.kind {
            Kind::Moment(text) if format == Some("dates") => self.text(list, text),
            Kind::Text(text) if schema.resolved().sort() == Sort::Text => {
                self.text(list, text);
                self.text(schema.resolved(), text);
            }
            _ => self.value(schema, item, &[]),
        }
    }

    fn table(&mut self, schema: Schema, table: &Table, keys: &[Json]) {
        if schema.kinds().next().is_some() {
            self.tagged(schema, table);
        } else if schema.get("properties").is_some() {
            self.record(schema, table);
        } else if schema.get("x-patch").is_none() {
            self.named(schema, table, keys);
        }
    }

    /// A law, trigger or action: one key, its kind.
    fn tagged(&mut self, schema: Schema, table: &Table) {
        let names: Vec<&str> = schema.kinds().map(|(name, _)| name.as_str()).collect();
        let mut kinds = 0;
        for (key, entry) in table {
            match schema.kinds().find(|(name, _)| *name == key) {
                Some((_, kind)) => {
                    kinds += 1;
                    self.inside(key, |walk| walk.value(kind, &entry.value, &[]));
                }
                None => self.unknown_kind(key, &names),
            }
        }
        if kinds > 1 || table.is_empty() {
            let found = table.keys().map(String::as_str).collect::<Vec<_>>();
            let found = if found.is_empty() {
                "none".into()
            } else {
                listed(&found)
            };
            self.error(
                "E106",
                format!("expected exactly one of {}, found {found}", one_of(&names)),
            )
            .help("write one key");
        }
    }

    fn unknown_kind(&mut self, key: &str, names: &[&str]) {
        let help = meant(key, names.iter().copied());
        let place = Place::Key(self.path.key(key));
        self.problems
            .error("E106", place, format!("expected one of {}", one_of(names)))
            .label(format!("`{}` is none of them", key.escape_debug()))
            .help_if(help);
    }

    /// A table with known keys.
    fn record(&mut self, schema: Schema, table: &Table) {
        let absent: Vec<&str> = schema
            .properties()
            .map(|(key, _)| key.as_str())
            .filter(|key| !table.contains_key(*key))
            .collect();
        let mut misspelt: Vec<&str> = Vec::new();
        for (key, entry) in table {
            match schema.properties().find(|(name, _)| *name == key) {
                Some((_, child)) => self.inside(key, |walk| walk.value(child, &entry.value, &[])),
                None => misspelt.extend(self.unknown_key(schema, key, &absent)),
            }
        }
        let required = schema.list("required").filter_map(Json::as_str);
        let missing: Vec<&str> = required
            .filter(|key| absent.contains(key) && !misspelt.contains(key))
            .collect();
        self.missing(schema, &missing);
    }

    /// Reports a key that is not known; gives the key that it stands for, most likely: one that is absent, or one that is written
    /// already, as where a candidate means to change it.
    fn unknown_key(&mut self, schema: Schema, key: &str, absent: &[&str]) -> Option<&'static str> {
        let meant = nearest(key, schema.properties().map(|(key, _)| key.as_str()));
        let help = match meant {
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None if absent.is_empty() => Some("every key of this table is written already".into()),
            None => Some(format!(
                "{} of this table: {}",
                if absent.len() > 8 { "some keys" } else { "other keys" },
                listed(&absent[..absent.len().min(8)])
            )),
        };
        let place = Place::Key(self.path.key(key));
        let whose = self.whose();
        self.problems
            .error("E103", place, format!("unknown key `{}`", key.escape_debug()))
            .label(format!("not a key of {whose}"))
            .help_if(help);
        meant
    }

    fn missing(&mut self, schema: Schema, missing: &[&str]) {
        if missing.is_empty() {
            return;
        }
        let described = |key: &&str| {
            Some(format!(
                "`{key}`: {}",
                short_description(Schema(schema.get("properties")?.get(key)?))?
            ))
        };
        let help: Vec<String> = match missing.len() {
            1 | 2 => missing.iter().filter_map(described).collect(),
            _ => vec!["`escalade init` writes an example of them all".to_owned()],
        };
        let whose = self.whose();
        let keys = if missing.len() == 1 { "the key" } else { "the keys" };
        let help = Some(help.join("; ")).filter(|help| !help.is_empty());
        let depth = self.path.keys().len();
        let resembles = self.resembles.as_ref().filter(|(of, _)| *of == depth);
        let help = match (resembles, help) {
            (Some((_, name)), Some(help)) => Some(format!("did you mean `{name}`? a new one needs {help}")),
            (_, help) => help,
        };
        self.error("E102", format!("{whose} lacks {keys} {}", listed(missing)))
            .help_if(help);
    }

    fn whose(&self) -> String {
        match self.path.keys().len() {
            0 => "the scenario".into(),
            _ => format!("`{}`", self.path),
        }
    }

    /// A table by names that the scenario's author chose.
    fn named(&mut self, schema: Schema, table: &Table, keys: &[Json]) {
        let own = schema
            .get("x-ref-keys")
            .map(|tables| tables.as_array().map_or(std::slice::from_ref(tables), Vec::as_slice));
        let keys = own.unwrap_or(keys);
        let (reference, within) = keys
            .split_first()
            .map_or((None, keys), |(first, rest)| (first.as_str(), rest));
        for (key, entry) in table {
            self.key(schema, reference, key);
            let others = table
                .iter()
                .map(|(other, _)| other.as_str())
                .filter(|other| other != key);
            let depth = self.path.keys().len() + 1;
            let resembles = nearest(key, others).map(|name| (depth, name.to_owned()));
            let outer = std::mem::replace(&mut self.resembles, resembles);
            self.inside(key, |walk| walk.named_value(schema, &entry.value, within));
            self.resembles = outer;
        }
    }

    fn named_value(&mut self, schema: Schema, node: &Node, within: &[Json]) {
        if let Some(any) = schema.get("additionalProperties").filter(|any| any.is_object()) {
            self.value(Schema(any), node, within);
        }
        match &node.kind {
            Kind::Text(text) => {
                let format = if schema.text("x-format") == Some("weekly") {
                    Some("hours")
                } else {
                    schema.text("x-format-values")
                };
                if let Some(format) = format {
                    self.format(format, text);
                }
            }
            Kind::Whole(Some(whole)) if schema.get("x-share-values").is_some() => {
                self.in_range(*whole as f64, Some(0.0), Some(1.0))
            }
            Kind::Real(real) if schema.get("x-share-values").is_some() && real.is_finite() => {
                self.in_range(*real, Some(0.0), Some(1.0))
            }
            _ => {}
        }
    }

    fn key(&mut self, schema: Schema, reference: Option<&str>, key: &str) {
        let path = self.path.key(key);
        if key.trim().is_empty() || key.chars().any(is_unseen) {
            self.problems
                .error(
                    "E114",
                    Place::Key(path),
                    format!("`{}` is not a name", key.escape_debug()),
                )
                .help("write at least one visible character, and none that is not seen or controls a terminal");
            return;
        }
        if let Some(reserved) = reserved(&self.path, key) {
            self.problems
                .error("E208", Place::Key(path), format!("the name `{key}` is reserved"))
                .label(reserved)
                .help("choose another name");
        } else if schema.text("x-format") == Some("weekly") {
            if let Err(mistake) = formats::check("days", key) {
                self.problems
                    .error(mistake.code, Place::Key(path), mistake.message)
                    .help(mistake.help)
                    .label = mistake.label;
            }
        } else if let Some(reference) = reference {
            let other = key == "other" && schema.get("x-other").is_some();
            if !other {
                self.reference(reference, key, Place::Key(path));
            }
        }
    }
}

fn reserved(table: &Path, key: &str) -> Option<&'static str> {
    let mut keys = table.keys();
    match (keys.next(), keys.next(), key) {
        (Some("severities"), None, "other") => Some("`other` stands for the severities that a table does not name"),
        (Some("calendars"), None, "24x7") => Some("`24x7` always exists"),
        (Some("candidates"), None, super::BASE) => Some("`base` is the unpatched scenario"),
        _ => None,
    }
}

fn found(node: &Node) -> String {
    match &node.kind {
        Kind::Text(_) => "a string".into(),
        Kind::Whole(_) => "a whole number".into(),
        Kind::Real(real) => format!("the number {real}"),
        Kind::Truth(truth) => format!("`{truth}`"),
        Kind::Moment(_) => "a date or time".into(),
        Kind::List(_) => "a list".into(),
        Kind::Table(_) => "a table".into(),
    }
}

/// The two most common mistakes: quotes around a number, and none around a length of time.
fn quoting_help(expected: &[Schema], node: &Node) -> Option<String> {
    let wants = |sort: Sort| expected.iter().any(|schema| schema.sort() == sort);
    let format = expected.iter().find_map(|schema| schema.text("x-format"));
    match &node.kind {
        Kind::Text(text) if (wants(Sort::Whole) || wants(Sort::Number)) && text.parse::<f64>().is_ok() => {
            Some(format!("write {text} without quotes"))
        }
        Kind::Text(text)
            if let Some(share) = percentage(text)
                && wants(Sort::Number) =>
        {
            Some(format!("write it as a share of 1, without quotes: {share}"))
        }
        Kind::Text(text) if wants(Sort::List) => Some(format!("write a list: [\"{}\"]", text.escape_debug())),
        Kind::Text(text) if wants(Sort::Truth) && (text == "true" || text == "false") => {
            Some(format!("write {text} without quotes"))
        }
        Kind::Whole(Some(number)) if matches!(format, Some("duration" | "target")) => Some(format!(
            "write it with a unit and in quotes, such as \"{number}m\" or \"{number}h\""
        )),
        Kind::Whole(Some(number)) if format == Some("rate") => {
            Some(format!("write it with a unit and in quotes, such as \"{number}/h\""))
        }
        Kind::Whole(Some(number)) if wants(Sort::Text) => Some(format!("write it in quotes: \"{number}\"")),
        _ => None,
    }
}

/// What `75 %` is as a share.
fn percentage(text: &str) -> Option<f64> {
    let percent: f64 = text.trim().strip_suffix('%')?.trim_end().parse().ok()?;
    Some(percent)
        .filter(|percent| percent.is_finite())
        .map(|percent| percent / 100.0)
}

fn range(least: Option<f64>, most: Option<f64>) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) => Some(format!("a number from {least} to {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    }
}

/// The first sentence of a key's documentation, as a clause.
fn short_description(schema: Schema) -> Option<String> {
    let text = schema.text("description")?.replace('\n', " ");
    let end = text.find(". ").unwrap_or(text.trim_end_matches('.').len());
    let mut clause = text[..end].to_owned();
    if let Some(first) = clause.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    Some(clause)
}
