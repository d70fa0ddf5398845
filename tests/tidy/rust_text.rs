//! Rust as text: its code, its comments and its strings, distinguished.

/// One piece of a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Piece {
    Code,
    Comment,
    String,
}

/// The source cut into pieces that cover it.
pub(crate) fn pieces(text: &str) -> Vec<(Piece, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let found = comment_length(&text[at..])
            .map(|length| (Piece::Comment, length))
            .or_else(|| string_length(text, at).map(|length| (Piece::String, length)));
        let Some((piece, length)) = found else {
            // A character of its own, `'"'`, begins no string.
            at += character_length(&text[at..]);
            continue;
        };
        pieces.push((Piece::Code, &text[start..at]));
        pieces.push((piece, &text[at..at + length]));
        at += length;
        start = at;
    }
    pieces.push((Piece::Code, &text[start..]));
    pieces
}

/// The code alone; everything else is blank, and lines stay where they are.
pub(crate) fn code(text: &str) -> String {
    let blank = |piece: &str| -> String {
        let blank = piece.chars().map(|c| if c == '\n' { '\n' } else { ' ' });
        blank.collect()
    };
    let pieces = pieces(text).into_iter();
    pieces
        .map(|(piece, text)| {
            if piece == Piece::Code {
                text.to_owned()
            } else {
                blank(text)
            }
        })
        .collect()
}

fn comment_length(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*")
        .then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

/// The length of the string that begins here, its prefix included.
fn string_length(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let follows_word = text[..at].chars().next_back().is_some_and(is_word);
    let prefix = rest
        .find(|c: char| !matches!(c, 'b' | 'c' | 'r'))
        .unwrap_or(0);
    if follows_word && prefix > 0 {
        return None;
    }
    let raw = rest[..prefix].contains('r');
    let hashes = if raw {
        rest[prefix..].len() - rest[prefix..].trim_start_matches('#').len()
    } else {
        0
    };
    let open = prefix + hashes;
    if !rest[open..].starts_with('"') {
        return None;
    }
    let body = &rest[open + 1..];
    let length = if raw {
        let end = format!("\"{}", "#".repeat(hashes));
        body.find(&end)
            .map_or(body.len(), |found| found + end.len())
    } else {
        quoted_length(body)
    };
    Some(open + 1 + length)
}

fn quoted_length(body: &str) -> usize {
    let mut escaped = false;
    for (index, character) in body.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    body.len()
}

/// The length of a character literal or of one character; a lifetime is no literal.
fn character_length(rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if !rest.starts_with('\'') {
        return first;
    }
    let inner = rest[1..].chars().next();
    let after = match inner {
        Some('\\') => rest[3..].find('\'').map(|end| 3 + end),
        Some(inner) => rest[1 + inner.len_utf8()..]
            .starts_with('\'')
            .then_some(1 + inner.len_utf8()),
        None => None,
    };
    after.map_or(first, |end| end + 1)
}

#[test]
fn code_comments_and_strings_are_distinguished() {
    let text =
        "let a = '\"'; // \"c\"\nlet b: &'a str = r#\"x \" y\"#; /* z */ f(b\"\\\"\", '\\'');";
    let of = |wanted| -> Vec<&str> {
        let pieces = pieces(text).into_iter();
        pieces
            .filter(|(piece, _)| *piece == wanted)
            .map(|(_, text)| text)
            .collect()
    };
    assert_eq!(of(Piece::Comment), ["// \"c\"", "/* z */"]);
    assert_eq!(of(Piece::String), ["r#\"x \" y\"#", "b\"\\\"\""]);
    assert_eq!(code(text).lines().count(), text.lines().count());
}
