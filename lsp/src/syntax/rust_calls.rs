//! Methods that Rust source calls or defines, found by their names alone: types are not known here.

use std::ops::Range;

/// A call of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustCall {
    /// Where the method's name is written.
    pub(crate) range: Range<usize>,
}

/// The calls of a method: `.name(` and `.name::<…>(`, outside of comments and strings.
pub(crate) fn find_calls(source: &str, name: &str) -> Vec<RustCall> {
    if !source.contains(name) {
        return Vec::new();
    }
    let code = blank_comments_and_strings(source);
    let is_call = |start: &usize| {
        let before = code[..*start].trim_end();
        let after = code[start + name.len()..].trim_start();
        before.ends_with('.')
            && (after.starts_with('(') || after.starts_with("::"))
            && is_whole_word(&code, *start, name)
    };
    let found = code
        .match_indices(name)
        .map(|(start, _)| start)
        .filter(is_call);
    found
        .map(|start| RustCall {
            range: start..start + name.len(),
        })
        .collect()
}

/// Where a function of this name is defined: its name.
pub(crate) fn find_function(source: &str, name: &str) -> Option<Range<usize>> {
    let code = blank_comments_and_strings(source);
    let is_definition = |start: &usize| {
        let before = &code[..*start];
        let keyword = before.trim_end_matches("r#").trim_end();
        keyword.ends_with("fn")
            && keyword.len() < before.len()
            && is_whole_word(&code, *start, name)
    };
    let start = code
        .match_indices(name)
        .map(|(start, _)| start)
        .find(is_definition)?;
    Some(start..start + name.len())
}

/// The method that is called or defined at an offset, by its name.
pub(crate) fn find_method_at(source: &str, offset: usize) -> Option<(String, Range<usize>)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = source[..offset].trim_end_matches(is_word).len();
    let rest = &source[start..];
    let end = start + rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let name = source.get(start..end).filter(|name| !name.is_empty())?;
    let code = blank_comments_and_strings(source);
    let before = code[..start].trim_end_matches("r#").trim_end();
    let is_method = before.ends_with('.') || before.ends_with("fn");
    (is_method && code.get(start..end) == Some(name)).then(|| (name.to_owned(), start..end))
}

fn is_whole_word(code: &str, start: usize, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let before = code[..start].chars().next_back();
    let after = code[start + name.len()..].chars().next();
    !before.is_some_and(is_word) && !after.is_some_and(is_word)
}

/// The source with blanks in place of each byte of its comments and literals, so that offsets stay.
fn blank_comments_and_strings(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < source.len() {
        let skipped = skip_literal(&source[at..]);
        if skipped > 0 {
            // Ends of lines stay, and every other byte is a blank.
            code.extend(
                source.as_bytes()[at..at + skipped]
                    .iter()
                    .map(|byte| if *byte == b'\n' { '\n' } else { ' ' }),
            );
            at += skipped;
            continue;
        }
        let length = word_length(&source[at..]);
        code.push_str(&source[at..at + length]);
        at += length;
    }
    code
}

/// The length of a word, so that the `r` of `var"` does not begin a string; or of one character.
fn word_length(rest: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    end.max(rest.chars().next().map_or(1, char::len_utf8))
}

/// The length of the comment, string or character that a text begins with; 0 if it begins with neither.
fn skip_literal(rest: &str) -> usize {
    let end_of = |found: Option<usize>, length: usize| found.map_or(rest.len(), |at| at + length);
    if rest.starts_with("//") {
        return end_of(rest.find('\n'), 0);
    }
    if rest.starts_with("/*") {
        return skip_block_comment(rest);
    }
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let behind = rest.strip_prefix(prefix).unwrap_or("");
        behind.starts_with('"')
            || prefix.ends_with('r')
                && behind.trim_start_matches('#').starts_with('"')
                && behind.starts_with('#')
    });
    if let Some(prefix) = prefix {
        let behind = &rest[prefix.len()..];
        if prefix.ends_with('r') {
            let hashes = behind.len() - behind.trim_start_matches('#').len();
            let close = format!("\"{}", "#".repeat(hashes));
            let from = prefix.len() + hashes + 1;
            return end_of(rest[from..].find(&close).map(|at| at + from), close.len());
        }
        return prefix.len() + skip_escaped(behind, '"');
    }
    if let Some(behind) = rest.strip_prefix('\'') {
        let mut characters = behind.chars();
        let (first, second) = (characters.next(), characters.next());
        // `'a` is a lifetime, `'a'` a character.
        return if first == Some('\\') {
            skip_escaped(rest, '\'')
        } else if second == Some('\'') {
            2 + first.map_or(0, char::len_utf8)
        } else {
            0
        };
    }
    0
}

fn skip_escaped(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, character) in text.char_indices().skip(1) {
        if !escaped && character == quote {
            return index + 1;
        }
        escaped = !escaped && character == '\\';
    }
    text.len()
}

fn skip_block_comment(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => {
                depth += 1;
                at += 2;
            }
            Some(b"*/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{blank_comments_and_strings, find_calls, find_function, find_method_at};

    #[expect(
        clippy::needless_raw_string_hashes,
        reason = "the text has the end of another raw string in it"
    )]
    const SOURCE: &str = r##"
// q.notes_list()
fn main<'a>() {
    let x = 'n'; let s = ".notes_list("; let r = r#"".notes_list(""#; /* .notes_list( /* */ */
    q.orm().notes_list(id).await;
    q.orm()
        .notes_list::<X>();
    q.notes_list_all(); notes_list(); let f = q.notes_list; let e = '\''; é.notes_list (1)
}
"##;

    #[test]
    fn only_calls_of_the_method_are_found() {
        let calls = find_calls(SOURCE, "notes_list");
        let lines: Vec<usize> = calls
            .iter()
            .map(|call| SOURCE[..call.range.start].matches('\n').count())
            .collect();
        assert_eq!(lines, [4, 6, 7]);
        assert!(
            calls
                .iter()
                .all(|call| &SOURCE[call.range.clone()] == "notes_list")
        );
        assert!(find_calls(SOURCE, "missing").is_empty());
    }

    #[test]
    fn the_method_at_an_offset_is_one_that_is_called_or_defined() {
        let at = |needle: &str| {
            find_method_at(SOURCE, SOURCE.find(needle).unwrap() + 4).map(|(name, _)| name)
        };
        assert_eq!(at(".notes_list(id").as_deref(), Some("notes_list"));
        assert_eq!(at("q.notes_list()"), None);
        assert_eq!(at(" notes_list();"), None);
        assert_eq!(
            find_method_at("pub fn notes(", 9)
                .map(|(name, _)| name)
                .as_deref(),
            Some("notes")
        );
        assert_eq!(find_method_at("", 0), None);
    }

    #[test]
    fn a_function_is_found_where_it_is_defined() {
        let source =
            "/// fn notes\npub fn notes_all() { notes() }\npub fn r#match() {}\npub fn notes(";
        assert_eq!(
            find_function(source, "notes"),
            Some(source.len() - 6..source.len() - 1)
        );
        assert_eq!(
            find_function(source, "match")
                .map(|range| source[range].to_owned())
                .as_deref(),
            Some("match")
        );
        assert_eq!(find_function(source, "other"), None);
    }

    #[test]
    fn every_offset_stays() {
        let code = blank_comments_and_strings(SOURCE);
        assert_eq!(code.len(), SOURCE.len());
        assert_eq!(code.matches('\n').count(), SOURCE.matches('\n').count());
        for open in ["\"", "r#\"", "/*", "'\\"] {
            assert_eq!(blank_comments_and_strings(open).trim(), "");
        }
    }
}
