//! Documents as blocks: written once, read as Markdown and as a page that prints.
//!
//! A page is one HTML file without scripts or anything from elsewhere. Texts are plain; what a mark-up would read in them
//! is escaped.

use std::fmt::Write;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading: 2 a chapter, 3 a section.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// Points.
    List(Vec<String>),
    /// Boxes to tick.
    Tasks(Vec<String>),
    /// A table: heads and rows.
    Table(Vec<String>, Vec<Vec<String>>),
    /// Empty lines to write on, with what belongs there.
    Lines(String, usize),
    /// A figure: SVG for pages, and what it shows in words for everybody else.
    Figure(String, String),
    /// A new sheet when printed.
    Sheet,
}

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// Its title.
    pub title: String,
    /// Said above the title, such as who may read it.
    pub stamp: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

impl Paper {
    /// An empty document.
    pub fn new(title: impl Into<String>, stamp: impl Into<String>) -> Paper {
        Paper {
            title: title.into(),
            stamp: stamp.into(),
            blocks: Vec::new(),
        }
    }

    /// Adds a chapter's heading.
    pub fn chapter(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(2, text.into()));
    }

    /// Adds a section's heading.
    pub fn section(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Heading(3, text.into()));
    }

    /// Adds a paragraph.
    pub fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds points.
    pub fn list<T: Into<String>>(&mut self, points: impl IntoIterator<Item = T>) {
        self.blocks
            .push(Block::List(points.into_iter().map(Into::into).collect()));
    }

    /// Adds a table.
    pub fn table(&mut self, heads: &[&str], rows: Vec<Vec<String>>) {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        self.blocks.push(Block::Table(heads, rows));
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", plain(&self.title));
        if !self.stamp.is_empty() {
            let _ = write!(out, "\n*{}*\n", plain(&self.stamp));
        }
        for block in &self.blocks {
            out.push('\n');
            markdown(block, &mut out);
        }
        out
    }

    /// As a page.
    pub fn html(&self) -> String {
        let mut body = String::new();
        for block in &self.blocks {
            html(block, &mut body);
        }
        let stamp = match self.stamp.is_empty() {
            true => String::new(),
            false => format!("<p class=\"stamp\">{}</p>\n", escaped(&self.stamp)),
        };
        let title = escaped(&self.title);
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             {stamp}<h1>{title}</h1>\n{body}</body>\n</html>\n"
        )
    }
}

const STYLE: &str = "\
body { font: 11pt/1.45 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1, h2, h3 { line-height: 1.2; break-after: avoid; }
h2 { margin-top: 2rem; border-bottom: 1px solid #999; padding-bottom: .2rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: 9.5pt; }
th, td { border: 1px solid #999; padding: .3rem .45rem; text-align: left; vertical-align: top; }
th { background: #eee; }
td:empty { height: 1.6rem; }
tr { break-inside: avoid; }
.stamp { font-weight: bold; color: #8a1c1c; }
.wide { overflow-x: auto; }
.lines { list-style: none; padding: 0; } .lines li { border-bottom: 1px solid #999; height: 1.8rem; }
.tasks { list-style: none; padding-left: 0; } .tasks li::before { content: '\\2610\\00a0'; }
figure { margin: 1rem 0; }
svg { display: block; max-width: 100%; min-width: 38rem; height: auto; }
code { font-size: .95em; overflow-wrap: anywhere; }
.sheet { break-before: page; }
@media print { body { margin: 0; max-width: none; } a { color: inherit; text-decoration: none; }
.wide { overflow: visible; } svg { min-width: 0; } figure { break-inside: avoid; } }
";

fn markdown(block: &Block, out: &mut String) {
    let _ = match block {
        Block::Heading(level, text) => writeln!(out, "{} {}", "#".repeat(usize::from(*level)), plain(text)),
        Block::Text(text) => writeln!(out, "{}", plain(text)),
        Block::List(points) => points.iter().try_for_each(|point| writeln!(out, "- {}", plain(point))),
        Block::Tasks(points) => points
            .iter()
            .try_for_each(|point| writeln!(out, "- [ ] {}", plain(point))),
        Block::Lines(what, count) => writeln!(out, "{}", plain(what))
            .and_then(|()| (0..*count).try_for_each(|_| writeln!(out, "\n________________"))),
        Block::Figure(_, words) => writeln!(out, "{}", plain(words)),
        Block::Sheet => writeln!(out, "---"),
        Block::Table(heads, rows) => {
            let row = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| plain(cell).replace('|', "\\|")).collect();
                format!("| {} |", cells.join(" | "))
            };
            let rule = format!("|{}", " --- |".repeat(heads.len()));
            writeln!(out, "{}\n{rule}", row(heads))
                .and_then(|()| rows.iter().try_for_each(|cells| writeln!(out, "{}", row(cells))))
        }
    };
}

fn html(block: &Block, out: &mut String) {
    let items = |points: &[String]| -> String {
        points
            .iter()
            .map(|point| format!("<li>{}</li>\n", marked(point)))
            .collect()
    };
    let _ = match block {
        Block::Heading(level, text) => writeln!(out, "<h{level}>{}</h{level}>", marked(text)),
        Block::Text(text) => writeln!(out, "<p>{}</p>", marked(text)),
        Block::List(points) => writeln!(out, "<ul>\n{}</ul>", items(points)),
        Block::Tasks(points) => writeln!(out, "<ul class=\"tasks\">\n{}</ul>", items(points)),
        Block::Lines(what, count) => {
            writeln!(
                out,
                "<p>{}</p>\n<ul class=\"lines\">{}</ul>",
                escaped(what),
                "<li></li>".repeat(*count)
            )
        }
        Block::Figure(svg, words) => {
            writeln!(
                out,
                "<figure class=\"wide\" role=\"img\" aria-label=\"{}\">{svg}</figure>",
                escaped(words)
            )
        }
        Block::Sheet => writeln!(out, "<div class=\"sheet\"></div>"),
        Block::Table(heads, rows) => {
            let cells = |cells: &[String], tag: &str| -> String {
                cells
                    .iter()
                    .map(|cell| format!("<{tag}>{}</{tag}>", marked(cell)))
                    .collect()
            };
            let head = match heads.iter().all(String::is_empty) {
                true => String::new(),
                false => format!("<thead>\n<tr>{}</tr>\n</thead>\n", cells(heads, "th")),
            };
            let body: String = rows
                .iter()
                .map(|row| format!("<tr>{}</tr>\n", cells(row, "td")))
                .collect();
            writeln!(
                out,
                "<div class=\"wide\"><table>\n{head}<tbody>\n{body}</tbody>\n</table></div>"
            )
        }
    };
}

/// A text in pieces: those between two backticks are words of the program.
fn pieces(text: &str) -> impl Iterator<Item = (bool, &str)> {
    let paired = text.matches('`').count() / 2 * 2;
    let pieces = text.splitn(paired + 1, '`').enumerate();
    pieces.map(|(index, piece)| (index % 2 == 1, piece))
}

/// On one line, with the characters escaped that Markdown would read, but for words of the program.
fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(text.len());
    for (is_code, piece) in pieces(&text) {
        if is_code && !piece.trim().is_empty() {
            let _ = write!(out, "`{piece}`");
            continue;
        }
        for letter in piece.chars() {
            if matches!(letter, '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\') {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}

/// Escaped for HTML, with words of the program as such.
fn marked(text: &str) -> String {
    let mark = |(is_code, piece)| match is_code {
        true => format!("<code>{}</code>", escaped(piece)),
        false => escaped(piece),
    };
    pieces(text).map(mark).collect()
}

/// Escaped for HTML text and attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_program_are_set_apart() {
        let mut paper = Paper::new("x", "");
        paper.say("write `--at a_b`, and a lonely ` stays; <i> too");
        let (page, text) = (paper.html(), paper.markdown());
        assert!(
            page.contains("<p>write <code>--at a_b</code>, and a lonely ` stays; &lt;i&gt; too</p>"),
            "{page}"
        );
        assert!(
            text.contains("write `--at a_b`, and a lonely \\` stays; \\<i\\> too"),
            "{text}"
        );
    }

    #[test]
    fn heads_are_repeated_on_further_pages_and_an_empty_head_is_none() {
        let mut paper = Paper::new("x", "");
        paper.table(&["a"], vec![vec!["1".into()]]);
        assert!(paper.html().contains("<thead>\n<tr><th>a</th></tr>\n</thead>"));
        let mut paper = Paper::new("x", "");
        paper.table(&["", ""], vec![vec!["1".into(), "2".into()]]);
        let page = paper.html();
        assert!(
            !page.contains("<thead>") && page.contains("<tbody>\n<tr><td>1</td><td>2</td></tr>"),
            "{page}"
        );
    }

    #[test]
    fn a_hostile_name_stays_a_name() {
        let mut paper = Paper::new("<script>alert(1)</script>", "*stamp*");
        paper.table(&["a|b"], vec![vec!["x | <b>".into()]]);
        let (page, text) = (paper.html(), paper.markdown());
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"));
        assert!(
            text.contains("| x \\| \\<b\\> |") && text.contains("\\*stamp\\*"),
            "{text}"
        );
    }
}
