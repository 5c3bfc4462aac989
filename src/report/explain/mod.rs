//! A scenario explained: what will be simulated, in plain words, and what load that puts on whom.
//!
//! An [`Explanation`] is data: sections of facts (a subject and a sentence), the load of every candidate as numbers, and
//! the candidates as differences. [`Explanation::text`] and [`Explanation::json`] say the same, for people and for
//! programs. Nothing is simulated; the words are made from what was written, defaults filled in from the model.
//!
//! To explain something new: a fact in the room that it belongs to (`plan`, `promises`, `people`, `policy`, `costs`).

mod candidates;
mod costs;
mod demand;
mod layout;
mod load;
mod oncall;
mod people;
mod plan;
mod policy;
mod process;
mod promises;
mod routing;
mod rules;
mod words;

pub(super) use words::capital;

use serde_json::{Value, json};

use crate::model::{Load, Model, compile};
use crate::scenario::{BASE, Document, Problems, Scenario};
use candidates::Explained;

/// A subject and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fact {
    subject: String,
    text: String,
}

/// Facts under one title.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    title: &'static str,
    facts: Vec<Fact>,
}

impl Section {
    fn new(title: &'static str) -> Section {
        Section {
            title,
            facts: Vec::new(),
        }
    }

    fn say(&mut self, subject: impl Into<String>, text: impl Into<String>) {
        self.facts.push(Fact {
            subject: subject.into(),
            text: text.into(),
        });
    }

    /// Says it unless there is nothing to say.
    fn say_if(&mut self, subject: impl Into<String>, text: Option<String>) {
        if let Some(text) = text {
            self.say(subject, text);
        }
    }
}

/// What the rooms make their words from.
struct About<'a> {
    written: &'a Scenario,
    model: &'a Model,
    load: &'a Load,
    /// Candidates, the base among them.
    candidates: usize,
}

impl About<'_> {
    /// Whether people ever work on one ticket together.
    fn swarms(&self) -> bool {
        let mut actions = self.written.rules.values().flat_map(|rule| &rule.then);
        actions.any(|action| matches!(action, crate::scenario::Action::AddResponders { .. }))
    }
}

/// What will be simulated.
#[derive(Debug)]
pub struct Explanation {
    description: Option<String>,
    numbers: Value,
    sections: Vec<Section>,
    zone: String,
    candidates: Vec<Explained>,
}

/// Compiles the candidates of a document and explains them. `None` if the document or a candidate is wrong; the problems
/// are the document's and, once these hold no error, those that only the compiled whole shows.
pub fn explain(document: &Document) -> (Option<Explanation>, Problems) {
    let mut problems = document.problems().clone();
    if problems.any_error() {
        return (None, problems);
    }
    let mut models = Vec::new();
    for (name, scenario) in document.scenarios() {
        let mut found = Problems::of((name != BASE).then_some(name));
        models.extend(compile(scenario, &mut found).map(|model| (name, model)));
        problems.absorb(found);
    }
    if problems.any_error() {
        return (None, problems);
    }
    let explanation = document
        .base()
        .zip(models.first())
        .map(|(written, (_, base))| explained(document, written, base, &models));
    (explanation, problems)
}

fn explained(document: &Document, written: &Scenario, base: &Model, models: &[(&str, Model)]) -> Explanation {
    let load = Load::of(base);
    let about = About {
        written,
        model: base,
        load: &load,
        candidates: models.len(),
    };
    let sections = [
        plan::time(&about),
        plan::demand(&about),
        demand::incidents(&about),
        demand::triage(&about),
        demand::customers(&about),
        promises::severities(&about),
        promises::calendars(&about),
        people::ladder(&about),
        people::teams(&about),
        oncall::on_call(&about),
        policy::life_of_a_ticket(&about),
        rules::rules(&about),
        process::decisions(&about),
        process::learning(&about),
        costs::costs(&about),
    ];
    Explanation {
        description: written.description.as_ref().map(|text| text.trim().to_owned()),
        numbers: plan::numbers(&about),
        sections: sections
            .into_iter()
            .filter(|section| !section.facts.is_empty())
            .collect(),
        zone: base.origin.zone().name().to_owned(),
        candidates: candidates::explained(document, models),
    }
}

impl Explanation {
    /// As text of at most `width` columns (80 is what it is made for, the least is 60), without colour, ending in a line's end.
    pub fn text(&self, width: usize) -> String {
        let width = width.max(60);
        let mut lines = Vec::new();
        if let Some(description) = &self.description {
            lines.extend(layout::wrapped(description, width, 0));
        }
        for section in &self.sections {
            lines.push(String::new());
            lines.extend(layout::section(section, width));
        }
        if let Some(base) = self.candidates.first() {
            lines.push(String::new());
            lines.extend(load::text(base, &self.zone, width));
        }
        lines.push(String::new());
        lines.extend(candidates::text(&self.candidates, width));
        lines.join("\n") + "\n"
    }

    /// The same as data: `run` and `demand` as numbers, `explanation` as sentences, `candidates` with their changes and
    /// the load of every team, by hour of the week too.
    pub fn json(&self) -> Value {
        let fact = |fact: &Fact| json!({ "about": layout::plain(&fact.subject), "text": layout::plain(&fact.text) });
        let section = |section: &Section| json!({ "title": section.title, "facts": section.facts.iter().map(fact).collect::<Value>() });
        let mut json = self.numbers.clone();
        json["explanation"] = self.sections.iter().map(section).collect();
        json["candidates"] = self.candidates.iter().map(candidates::json).collect();
        json
    }
}
