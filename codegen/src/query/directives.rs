//! Comments above a statement that are for this tool: `-- xact: skip`, `-- xact: all rows` and `-- xact: borrowed rows`.

use super::Query;
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::Span;

/// The beginning of a comment line with a directive.
pub(super) const DIRECTIVE: &str = "xact:";

/// Leaves a query out.
const SKIP: &str = "skip";

/// Asks for rows that borrow from the message that they arrive in.
const BORROWED: &str = "borrowed rows";

/// The same as a whole comment.
pub(crate) const BORROWED_ROWS: &str = "xact: borrowed rows";

/// All directives; text may follow each, as a reason.
const DIRECTIVES: &[&str] = &[SKIP, "all rows", BORROWED];

/// Whether the query is left out, and the reason if one is written behind it.
pub(super) fn find_skip(comments: &[String]) -> Option<&str> {
    let mut directives = comments.iter().filter_map(|line| read_directive(line));
    directives.find_map(|text| strip_word(text, SKIP))
}

/// Whether the rows of the query are to borrow their texts and bytes.
pub(crate) fn asks_for_borrowed_rows(query: &Query) -> bool {
    let mut directives = query.remarks.iter().filter_map(|line| read_directive(line));
    directives.any(|text| strip_word(text, BORROWED).is_some())
}

/// The warning of a query that is left out, so that none is forgotten.
pub(super) fn warn_of_skip(name: Span, reason: &str) -> Diagnostic {
    let message = format!("`{}` is skipped, so it has no function", name.text());
    let diagnostic = Diagnostic::error("skipped-query", name, message).warning();
    let diagnostic = if reason.is_empty() {
        diagnostic
    } else {
        diagnostic.note(format!("the reason is `{reason}`"))
    };
    diagnostic.help("remove `-- xact: skip` when the query is right")
}

/// A directive that does not exist would be a comment without effect.
pub(super) fn refuse_unknown(comments: &[String], name: &Span) -> Option<Diagnostic> {
    let mut directives = comments.iter().filter_map(|line| read_directive(line));
    let is_unknown = |text: &&str| {
        DIRECTIVES
            .iter()
            .all(|known| strip_word(text, known).is_none())
    };
    let unknown = directives.find(is_unknown)?;
    let message = format!("there is no directive `-- {DIRECTIVE} {unknown}`");
    let diagnostic = Diagnostic::error("unknown-directive", name.clone(), message);
    Some(match nearest(unknown, DIRECTIVES.iter().copied()) {
        Some(meant) => diagnostic.help(format!("perhaps you meant `-- {DIRECTIVE} {meant}`")),
        None => diagnostic
            .help("write `-- xact: skip`, `-- xact: all rows` or `-- xact: borrowed rows`"),
    })
}

fn read_directive(line: &str) -> Option<&str> {
    Some(line.strip_prefix(DIRECTIVE)?.trim())
}

/// The text behind a directive, without the punctuation between.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word)?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    ends.then(|| rest.trim_start_matches([':', ',', '-']).trim())
}

#[cfg(test)]
mod tests {
    use super::find_skip;

    #[test]
    fn a_directive_may_have_a_reason() {
        let find = |line: &str| find_skip(&[line.to_owned()]).map(str::to_owned);
        assert_eq!(find("xact: skip"), Some(String::new()));
        assert_eq!(
            find("xact:skip: a temporary table"),
            Some("a temporary table".to_owned())
        );
        assert_eq!(find("xact: skipped"), None);
        assert_eq!(find("skip"), None);
    }
}
