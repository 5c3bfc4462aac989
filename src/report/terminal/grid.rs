//! A grid of figures with a name before each row, laid out in a given number of columns of a terminal.
//!
//! Values align at their right, half-widths at their left. Columns that do not fit side by side continue in a second
//! block under the same names; names that do not fit are wrapped at their dashes and never shortened, since two
//! candidates may differ in the last letter only. It knows no metrics.

use super::figures::Figure;
use super::style::{Ink, Style};
use crate::report::screen::{self, left, right};

/// A figure with its mark.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub figure: Figure,
    /// One character behind the figure, and its colour.
    pub mark: Option<(char, Ink)>,
}

/// A column: its heading, what stands under the heading, and a cell a row.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub heading: Vec<String>,
    pub observations: String,
    pub cells: Vec<Cell>,
}

/// The grid: names of the rows, and columns with as many cells.
#[derive(Debug, Clone)]
pub(super) struct Grid<'a> {
    pub names: Vec<&'a str>,
    /// What `observations` of the columns are.
    pub observed: &'static str,
    pub columns: Vec<Column>,
}

/// Space between columns.
const GAP: usize = 2;

/// Names are wrapped to no less than this so that all columns stand side by side.
const NAME_LEAST: usize = 14;

/// Where they cannot all the same, names are wrapped to this.
const NAME_BROKEN: usize = 24;

pub(super) use crate::report::screen::{FIXED_SPACE, width};

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(width).max().unwrap_or(0)
}

impl Column {
    fn value_width(&self) -> usize {
        widest(self.cells.iter().map(|cell| cell.figure.value.as_str()))
    }

    fn spread_width(&self) -> usize {
        widest(self.cells.iter().map(|cell| cell.figure.spread.as_str()))
    }

    /// Without the mark, for which one more is kept.
    fn figure_width(&self) -> usize {
        self.value_width() + 1 + self.spread_width()
    }

    fn width(&self) -> usize {
        let headings = self
            .heading
            .iter()
            .map(String::as_str)
            .chain([self.observations.as_str()]);
        widest(headings).max(self.figure_width()) + 1
    }

    /// The cell of a row, as wide as the column.
    fn cell(&self, row: usize, style: Style) -> String {
        let Cell { figure, mark } = &self.cells[row];
        let (value, spread) = (self.value_width(), self.spread_width());
        let text = format!("{:>value$} {:<spread$}", figure.value, figure.spread);
        let before = " ".repeat(self.width() - 1 - width(&text));
        match mark {
            Some((mark, ink)) => format!("{before}{}", style.paint(*ink, &format!("{text}{mark}"))),
            None => format!("{before}{text} "),
        }
    }

    fn head(&self, line: usize, lines: usize) -> String {
        let missing = lines - self.heading.len();
        let text = line.checked_sub(missing).map_or("", |line| self.heading[line].as_str());
        self.right(text)
    }

    fn right(&self, text: &str) -> String {
        right(text, self.width() - 1) + " "
    }
}

impl Grid<'_> {
    /// The grid in lines of at most `most` columns, as far as one column of figures beside the names allows.
    pub fn lines(&self, most: usize, style: Style) -> Vec<String> {
        let name_width = self.name_width(most);
        let mut lines = Vec::new();
        for block in self.blocks(most.saturating_sub(name_width)) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            self.block(block, name_width, style, &mut lines);
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// As wide as the longest name, if all columns fit beside it; else as narrow as they need.
    fn name_width(&self, most: usize) -> usize {
        let longest = widest(self.names.iter().copied().chain([self.observed]));
        let columns: usize = self.columns.iter().map(|column| GAP + column.width()).sum();
        let left = most.saturating_sub(columns);
        let wanted = if left >= NAME_LEAST { left } else { NAME_BROKEN };
        longest.min(wanted)
    }

    /// The columns in groups that fit side by side.
    fn blocks(&self, most: usize) -> Vec<&[Column]> {
        let mut blocks = Vec::new();
        let (mut start, mut used) = (0, 0);
        for (index, column) in self.columns.iter().enumerate() {
            let needed = GAP + column.width();
            if used + needed > most && index > start {
                blocks.push(&self.columns[start..index]);
                (start, used) = (index, 0);
            }
            used += needed;
        }
        blocks.push(&self.columns[start..]);
        blocks
    }

    fn block(&self, columns: &[Column], name_width: usize, style: Style, lines: &mut Vec<String>) {
        let heads = columns.iter().map(|column| column.heading.len()).max().unwrap_or(0);
        for line in 0..heads {
            let cells = columns.iter().map(|column| column.head(line, heads));
            lines.push(style.paint_line(Ink::Bold, joined("", name_width, cells)));
        }
        let observations = columns.iter().map(|column| column.right(&column.observations));
        lines.push(style.paint_line(Ink::Dim, joined(self.observed, name_width, observations)));
        for (row, name) in self.names.iter().enumerate() {
            let mut wrapped = wrap_name(name, name_width).into_iter();
            let first = wrapped.next().unwrap_or_default();
            lines.push(joined(
                &first,
                name_width,
                columns.iter().map(|column| column.cell(row, style)),
            ));
            lines.extend(wrapped);
        }
    }
}

fn joined(name: &str, name_width: usize, cells: impl Iterator<Item = String>) -> String {
    let mut line = left(name, name_width);
    for cell in cells {
        line.push_str(&" ".repeat(GAP));
        line.push_str(&cell);
    }
    line
}

/// A name in pieces that may stand on lines of their own: cut behind dashes, underscores, spaces, dots and slashes, and
/// wherever a piece is longer than `most`.
fn pieces(name: &str, most: usize) -> Vec<&str> {
    let parts = name.split_inclusive(['-', '_', ' ', '.', '/']);
    parts.flat_map(|part| screen::pieces(part, most.max(1))).collect()
}

/// A name in lines of at most `most`; the lines after the first are set in by two.
fn wrap_name(name: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    if width(name) <= most {
        return vec![name.to_owned()];
    }
    for piece in pieces(name, most.saturating_sub(2)) {
        let line = lines.last_mut().expect("it starts with one");
        if width(line) + width(piece.trim_end()) <= most {
            line.push_str(piece);
        } else {
            lines.push(format!("  {piece}"));
        }
    }
    lines
}

/// Words in lines of at most `most` columns; the lines after the first are set in by `indent`. Fixed spaces become plain
/// ones.
pub(super) fn wrap_text(text: &str, most: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let fresh = line.trim().is_empty();
        if !fresh && width(&line) + 1 + width(word) > most {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        } else if !fresh {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.iter().map(|line| line.replace(FIXED_SPACE, " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_wrapped_at_its_dashes_and_stays_whole() {
        assert_eq!(wrap_name("base", 10), ["base"]);
        assert_eq!(wrap_name("route-severe-to-l2", 12), ["route-", "  severe-to-", "  l2"]);
        assert_eq!(wrap_name("unseparatedname", 8), ["unsepa", "  ratedn", "  ame"]);
        let whole: String = wrap_name("a-very-long_name with.all/marks", 9)
            .iter()
            .map(|line| line.strip_prefix("  ").unwrap_or(line))
            .collect();
        assert_eq!(whole, "a-very-long_name with.all/marks");
    }

    #[test]
    fn columns_stand_below_each_other_whatever_their_names_are_written_in() {
        let cell = |value: &str| Cell {
            figure: Figure {
                value: value.to_owned(),
                ..Figure::default()
            },
            mark: None,
        };
        let grid = Grid {
            names: vec!["base", "決済を早く"],
            observed: "tickets",
            columns: vec![Column {
                heading: vec!["重大".to_owned()],
                observations: "12".to_owned(),
                cells: vec![cell("1.0"), cell("12.0")],
            }],
        };
        let lines = grid.lines(80, Style::Plain);
        assert_eq!(
            lines,
            [
                "             重大",
                "tickets        12",
                "base         1.0",
                "決済を早く  12.0"
            ]
        );
    }

    #[test]
    fn text_is_wrapped_at_spaces() {
        assert_eq!(wrap_text("one two three", 8, 2), ["one two", "  three"]);
        assert_eq!(
            wrap_text("incomprehensibilities are", 8, 0),
            ["incomprehensibilities", "are"]
        );
        assert_eq!(wrap_text("one two\u{a0}three", 8, 0), ["one", "two three"]);
    }
}
