//! The first lines of a migration: `-- no-transaction`, `-- depends: <version> …` and
//! `-- squashes: <name> <checksum>`.
//!
//! Given: a file. Gives: the declarations in its leading comments. Looks at nothing below them.

use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{TokenKind, tokens};
use std::sync::Arc;

const DEPENDS: &str = "depends:";

/// The versions after `-- depends:`, in the order written; nothing without such a line.
///
/// # Errors
/// A diagnostic at the word that is no version.
pub(super) fn read_depends(file: &Arc<SourceFile>) -> Result<Option<Vec<(i64, Span)>>, Diagnostic> {
    let text = &file.text;
    let mut found: Option<Vec<(i64, Span)>> = None;
    // Only comments above the first statement: a later one may quote the syntax.
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
            .extend(read_versions(file, start, list)?);
    }
    Ok(found)
}

/// The replaced migrations, in the order written, each with the beginning of its checksum. `xact migrate
/// squash` writes these lines; one that it did not write is a comment like any other.
pub(super) fn read_squashes(text: &str) -> Vec<(String, String)> {
    let comments = text.lines().take_while(|line| line.starts_with("--"));
    let listed = comments.filter_map(|line| line.strip_prefix("-- squashes: "));
    let pair = |line: &str| {
        let (name, checksum) = line.trim_end().split_once(' ')?;
        Some((name.to_owned(), checksum.to_owned()))
    };
    listed.filter_map(pair).collect()
}

/// The beginning of a checksum, as `-- squashes:` lines and generated modules have it: the first eight
/// bytes in hexadecimal digits.
pub(in crate::migrate) fn short_checksum(checksum: &[u8]) -> String {
    let digits: Vec<String> = checksum
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    digits.concat()
}

/// The words of `list`, which begins at byte `start`, as versions. Commas may stand between them.
fn read_versions(
    file: &Arc<SourceFile>,
    start: usize,
    list: &str,
) -> Result<Vec<(i64, Span)>, Diagnostic> {
    let words = list.split([' ', '\t', ',', '\r']);
    let words = words.filter(|word| !word.is_empty());
    let version = |word: &str| {
        // `split` gives slices of `list`, so the difference of addresses is the offset.
        let offset = start + (word.as_ptr() as usize - list.as_ptr() as usize);
        let span = Span {
            file: file.clone(),
            range: offset..offset + word.len(),
        };
        // People paste whole file names; the version is their first part.
        match parse_version(word.split('_').next().unwrap_or(word)) {
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

/// A version: digits. It may be 0, as that of the first migration of Diesel is.
pub(super) fn parse_version(digits: &str) -> Option<i64> {
    // `parse` alone would take a sign.
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| digits.parse().ok())?
}

/// Whether the file asks for no transaction, in stock sqlx's words and place.
pub(super) fn no_transaction(text: &str) -> bool {
    // The very first bytes, as in sqlx: a blank line before it would make the two tools disagree.
    text.starts_with("-- no-transaction")
}
