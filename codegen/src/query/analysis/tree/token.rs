//! The text of a node tree into tokens, as Postgres's own `pg_strtok` cuts it
//! (`src/backend/nodes/read.c`).

use std::borrow::Cow;

/// One token, its escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TreeToken<'t> {
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `<>`
    Null,
    /// `:field`, without the colon.
    Field(Cow<'t, str>),
    /// `"…"`, without the quotes.
    Text(Cow<'t, str>),
    /// Anything else: a number, a word, an unquoted name.
    Atom(Cow<'t, str>),
}

/// Cuts the text; never fails, whatever the text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = TreeToken<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        // The separators of `pg_strtok`, no other Unicode blanks: they are part of names.
        rest = rest.trim_start_matches([' ', '\n', '\t']);
        let length = token_length(rest);
        if length == 0 {
            return None;
        }
        let (raw, after) = rest.split_at(length);
        rest = after;
        Some(classify(raw))
    })
}

/// All delimiters are ASCII, so bytes do: none is part of a longer character.
fn token_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    if matches!(bytes.first(), Some(b'{' | b'}' | b'(' | b')')) {
        return 1;
    }
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b' ' | b'\n' | b'\t' | b'{' | b'}' | b'(' | b')' => return index,
            // An escaped byte belongs to the token; a longer character's other bytes end nothing.
            b'\\' => index += 2,
            _ => index += 1,
        }
    }
    // Also where an escape at the very end counted past it.
    bytes.len()
}

fn classify(raw: &str) -> TreeToken<'_> {
    match raw {
        "{" => return TreeToken::BraceOpen,
        "}" => return TreeToken::BraceClose,
        "(" => return TreeToken::ParenOpen,
        ")" => return TreeToken::ParenClose,
        // Compared before escapes are resolved: a name `<>` is written `\<>`.
        "<>" => return TreeToken::Null,
        _ => {}
    }
    if let Some(name) = raw.strip_prefix(':') {
        return TreeToken::Field(unescape(name));
    }
    let quoted = raw
        .strip_prefix('"')
        .and_then(|inner| inner.strip_suffix('"'));
    match quoted {
        Some(inner) => TreeToken::Text(unescape(inner)),
        None => TreeToken::Atom(unescape(raw)),
    }
}

fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    Cow::Owned(text)
}
