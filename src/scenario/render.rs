//! Problems drawn as rustc draws them, or as JSON: the same data, at the edge.
//!
//! Texts of the file reach a terminal here, so control characters are escaped. Whether to colour is the caller's to know.

use super::document::Document;
use super::problem::{Level, Problem, Problems};
use super::unseen::is_unseen;
use annotate_snippets::{AnnotationKind, Level as Drawn, Renderer, Snippet};
use serde_json::{Value as Json, json};
use std::ops::Range;

/// Draws problems of `document` in the order of their places, with a closing line such as `3 errors, 1 warning in
/// team.toml`. Empty if there are none.
pub fn render(document: &Document, problems: &Problems, colour: bool) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut drawn = String::new();
    for problem in in_order(document, problems) {
        drawn.push_str(&draw(document, problem, &renderer));
        drawn.push_str("\n\n");
    }
    drawn + &closing_line(document, problems)
}

/// The same as data: `file`, the counts, and each problem's code, level, line and column (from 1, columns in characters),
/// path, candidate, message, label and help.
pub fn to_json(document: &Document, problems: &Problems) -> Json {
    let list: Vec<Json> = in_order(document, problems)
        .map(|problem| as_json(document, problem))
        .collect();
    json!({
        "file": document.name(),
        "errors": problems.count(Level::Error),
        "warnings": problems.count(Level::Warning),
        "problems": list,
    })
}

fn in_order<'a>(document: &Document, problems: &'a Problems) -> impl Iterator<Item = &'a Problem> {
    let mut list: Vec<(usize, Level, &Problem)> = problems
        .iter()
        .map(|problem| (document.locate(problem).start, problem.level, problem))
        .collect();
    list.sort_by_key(|(start, level, _)| (*start, *level));
    list.into_iter().map(|(_, _, problem)| problem)
}

fn draw(document: &Document, problem: &Problem, renderer: &Renderer) -> String {
    let text = document.text();
    let span = drawable(text, document.locate(problem));
    let mut primary = AnnotationKind::Primary.span(span.clone());
    if let Some(label) = &problem.label {
        primary = primary.label(visible(label));
    }
    let mut snippet = Snippet::source(text).path(visible(document.name())).annotation(primary);
    for (place, label) in context(document, problem) {
        let place = drawable(text, place);
        if place != span {
            snippet = snippet.annotation(AnnotationKind::Context.span(place).label(visible(&label)));
        }
    }
    let title = match problem.level {
        Level::Error => Drawn::ERROR,
        Level::Warning => Drawn::WARNING,
        Level::Note => Drawn::NOTE,
    };
    let mut group = title
        .primary_title(visible(&message(document, problem)))
        .id(problem.code)
        .element(snippet);
    if let Some(help) = &problem.help {
        group = group.element(Drawn::HELP.message(visible(help)));
    }
    renderer.render(&[group])
}

/// A problem that the file shows only under a candidate says under which.
fn message(document: &Document, problem: &Problem) -> String {
    match (&problem.candidate, document.cause(problem)) {
        (Some(candidate), Some(_)) => match candidate.strip_prefix("stress ") {
            Some(stress) => format!("{} (stress `{stress}`)", problem.message),
            None => format!("{} (candidate `{candidate}`)", problem.message),
        },
        _ => problem.message.clone(),
    }
}

fn context(document: &Document, problem: &Problem) -> Vec<(Range<usize>, String)> {
    let second = problem
        .second
        .iter()
        .map(|(place, label)| (document.place(place, problem.candidate.as_deref()), label.clone()));
    let cause = document
        .cause(problem)
        .map(|place| (place, "with the changes of this candidate".to_owned()));
    second.chain(cause).collect()
}

/// A span within the text, on whole characters, and of one line: the rest of a long value says nothing more.
fn drawable(text: &str, span: Range<usize>) -> Range<usize> {
    let start = boundary(text, span.start);
    let end = boundary(text, span.end).max(start);
    let line = text[start..end].find(['\n', '\r']).map_or(end, |length| start + length);
    start..line
}

fn boundary(text: &str, index: usize) -> usize {
    (0..=index.min(text.len()))
        .rev()
        .find(|index| text.is_char_boundary(*index))
        .unwrap_or(0)
}

/// With what is not seen escaped.
fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if is_unseen(c) {
                c.escape_unicode().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

fn closing_line(document: &Document, problems: &Problems) -> String {
    let counted = |level: Level| match problems.count(level) {
        0 => None,
        1 => Some(format!("1 {}", level.word())),
        many => Some(format!("{many} {}s", level.word())),
    };
    let counts: Vec<String> = [Level::Error, Level::Warning, Level::Note]
        .into_iter()
        .filter_map(counted)
        .collect();
    format!("{} in {}", counts.join(", "), visible(document.name()))
}

fn as_json(document: &Document, problem: &Problem) -> Json {
    let text = document.text();
    let span = document.locate(problem);
    let (line, column) = position(text, span.start);
    let (end_line, end_column) = position(text, span.end);
    let second = problem.second.as_ref().map(|(place, label)| {
        let (line, column) = position(text, document.place(place, problem.candidate.as_deref()).start);
        json!({ "line": line, "column": column, "label": label })
    });
    json!({
        "code": problem.code,
        "level": problem.level.word(),
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "path": problem.path().map(ToString::to_string),
        "candidate": problem.candidate,
        "message": problem.message,
        "label": problem.label,
        "help": problem.help,
        "second": second,
    })
}

/// Line and column, from 1, of a byte of the text.
fn position(text: &str, index: usize) -> (usize, usize) {
    let before = &text[..boundary(text, index)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}
