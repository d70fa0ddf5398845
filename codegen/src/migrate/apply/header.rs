//! The first lines of a migration: `-- no-transaction` and `-- depends: <version> …`.
//!
//! Given: a file. Gives: what its leading comments declare. Looks at nothing below them.

use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{TokenKind, tokens};
use std::sync::Arc;

const DEPENDS: &str = "depends:";

/// What stands after `-- depends:`, in the order written; nothing without such a line.
///
/// # Errors
/// A diagnostic at the word that is no version.
pub(super) fn depends(file: &Arc<SourceFile>) -> Result<Option<Vec<(i64, Span)>>, Diagnostic> {
    let text = &file.text;
    let mut found: Option<Vec<(i64, Span)>> = None;
    for token in tokens(text).iter().take_while(|t| t.kind.is_trivia()) {
        let comment = &text[token.range.clone()];
        if token.kind != TokenKind::LineComment {
            continue;
        }
        let said = comment.trim_start_matches('-').trim_start();
        let Some(list) = said.strip_prefix(DEPENDS) else {
            continue;
        };
        let start = token.range.end - list.len();
        found
            .get_or_insert_default()
            .extend(versions(file, start, list)?);
    }
    Ok(found)
}

/// The words of `list`, which begins at byte `start`, as versions. Commas may stand between them.
fn versions(
    file: &Arc<SourceFile>,
    start: usize,
    list: &str,
) -> Result<Vec<(i64, Span)>, Diagnostic> {
    let words = list.split([' ', '\t', ',', '\r']);
    let words = words.filter(|word| !word.is_empty());
    let version = |word: &str| {
        let offset = start + (word.as_ptr() as usize - list.as_ptr() as usize);
        let span = Span {
            file: file.clone(),
            range: offset..offset + word.len(),
        };
        match parse(word.split('_').next().unwrap_or(word)) {
            Some(version) => Ok((version, span)),
            None => Err(Diagnostic::error(
                "invalid-depends",
                span,
                format!("`{word}` is not the version of a migration"),
            )
            .help("write versions with blanks between them: `-- depends: 20250106090000`")),
        }
    };
    words.map(version).collect()
}

/// A version as stock sqlx takes it: digits, and more than nothing.
pub(super) fn parse(digits: &str) -> Option<i64> {
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().ok())?
        .filter(|version| *version > 0)
}

/// Whether the file asks for no transaction, in stock sqlx's words and place.
pub(super) fn no_transaction(text: &str) -> bool {
    text.starts_with("-- no-transaction")
}
