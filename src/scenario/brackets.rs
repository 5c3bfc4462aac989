//! Brackets that nothing closes: what the reader of TOML says of all that follows is none of its mistakes.

/// Where the brackets of values stand that nothing closes, the outermost first: up to the first that closes another one, or the
/// end of the text.
pub(super) fn unclosed(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut open: Vec<usize> = Vec::new();
    let mut begins_line = true;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at = end_of_line(bytes, at),
            b'"' | b'\'' => at = end_of_string(bytes, at),
            // The head of a table, which ends with its line.
            b'[' if begins_line && open.is_empty() => at = end_of_line(bytes, at),
            b'[' | b'{' => open.push(at),
            b']' | b'}' => match open.last().map(|last| bytes[*last]) {
                Some(last) if (last == b'[') != (*byte == b']') => return open.split_off(open.len() - 1),
                _ => drop(open.pop()),
            },
            _ => {}
        }
        begins_line = match bytes.get(at) {
            Some(b'\n') => true,
            Some(b' ' | b'\t') => begins_line,
            _ => false,
        };
        at += 1;
    }
    open
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |length| from + length)
}

/// Where a string ends that begins there: at its last quote, or with its line if it has none.
fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let quote = bytes[from];
    let is_long = |at: usize| {
        bytes
            .get(at..at + 3)
            .is_some_and(|three| three.iter().all(|one| *one == quote))
    };
    let long = is_long(from);
    let mut at = from + if long { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 1,
            b'\n' if !long => return at,
            byte if *byte == quote && !long => return at,
            // One or two more quotes are the last of the text.
            byte if *byte == quote && is_long(at) => {
                let more = bytes[at + 3..].iter().take(2);
                return at + 2 + more.take_while(|byte| **byte == quote).count();
            }
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::unclosed;

    /// The rest of the text from each bracket that nothing closes.
    fn rests(text: &str) -> Vec<&str> {
        unclosed(text).into_iter().map(|at| &text[at..]).collect()
    }

    #[test]
    fn a_bracket_that_nothing_closes_is_found() {
        assert_eq!(rests("a = [1, 2\n[run]\nb = 1\n"), ["[1, 2\n[run]\nb = 1\n"]);
        assert_eq!(rests("a = [{ b = 1\nc = 2"), ["[{ b = 1\nc = 2", "{ b = 1\nc = 2"]);
        assert_eq!(rests("a = [{ b = [1, 2 }, { c = 1 }]"), ["[1, 2 }, { c = 1 }]"]);
    }

    #[test]
    fn heads_of_tables_texts_and_remarks_hold_no_brackets() {
        let text = "[run # [\n[[tickets]]\n  [a]\nb = '['\nc = \"\\\"{\" # {\nd = \"\"\"\n[ \\\"\"\"\" \ne = \"[\nf = [\n[1], # ]\n[2]]\n";
        assert_eq!(rests(text), Vec::<&str>::new());
        assert_eq!(rests("a = '''\n[\n'''\nb = {"), ["{"]);
    }
}
