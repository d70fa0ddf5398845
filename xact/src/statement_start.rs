//! Finds the first word of a statement.

/// The text behind white space, comments and opening parentheses.
pub(crate) fn skip_to_word(mut sql: &str) -> &str {
    loop {
        sql = sql.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '(' || c == '\u{b}');
        sql = if let Some(comment) = sql.strip_prefix("--") {
            comment.find(['\n', '\r']).map_or("", |end| &comment[end..])
        } else if sql.starts_with("/*") {
            after_block_comment(sql)
        } else {
            return sql;
        };
    }
}

/// Block comments nest in Postgres, unlike in standard SQL; one without an end takes all that follows.
fn after_block_comment(sql: &str) -> &str {
    let mut depth = 0;
    let mut rest = sql;
    while let Some(at) = rest.find(['/', '*']) {
        rest = &rest[at..];
        if rest.starts_with("/*") {
            depth += 1;
            rest = &rest[2..];
        } else if rest.starts_with("*/") {
            depth -= 1;
            rest = &rest[2..];
            if depth == 0 {
                return rest;
            }
        } else {
            rest = &rest[1..];
        }
    }
    ""
}
