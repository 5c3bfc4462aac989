//! What a command was asked for, for its manifest: only what differs from what holds without it, and nothing that the results
//! do not depend on (threads, folders, what is printed).

use clap::ValueEnum;
use serde_json::{Map, Value};

/// A choice as it is written.
pub(super) fn word(choice: impl ValueEnum) -> String {
    let value = choice.to_possible_value();
    value.map_or(String::new(), |value| value.get_name().to_owned())
}

/// Options by their names on the command line, in the order in which they are added.
#[derive(Debug, Default)]
pub(super) struct Given {
    options: Map<String, Value>,
}

impl Given {
    /// An option that was written, or was not.
    pub fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Given {
        match value {
            Some(value) => self.with(name, value.into()),
            None => self,
        }
    }

    /// A list; an empty one was not written.
    pub fn list(self, name: &str, values: &[String]) -> Given {
        match values.is_empty() {
            true => self,
            false => self.with(name, values.into()),
        }
    }

    /// A flag.
    pub fn flag(self, name: &str, is_set: bool) -> Given {
        self.maybe(name, is_set.then_some(true))
    }

    /// A value that has a default.
    pub fn unless<T: PartialEq + Into<Value>>(self, default: T, name: &str, value: T) -> Given {
        self.maybe(name, (value != default).then_some(value))
    }

    /// All of them.
    pub fn options(self) -> Map<String, Value> {
        self.options
    }

    fn with(mut self, name: &str, value: Value) -> Given {
        self.options.insert(name.to_owned(), value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::Given;

    #[test]
    fn only_what_was_given_is_named_in_its_order() {
        let given = Given::default()
            .maybe("seed", Some(3))
            .maybe("budget", None::<f64>)
            .list("candidates", &["b".to_owned(), "a".to_owned()])
            .list("metrics", &[])
            .flag("staged", true)
            .flag("hardest", false)
            .unless(0.95, "pcs", 0.95)
            .unless("grid", "design", "lhs");
        let text = serde_json::to_string(&given.options()).expect("JSON");
        assert_eq!(
            text,
            r#"{"seed":3,"candidates":["b","a"],"staged":true,"design":"lhs"}"#
        );
    }
}
