//! The identity of a statement without its constants, blanks and comments: how `pg_stat_statements` and the
//! project's query files are told to mean the same.

use crate::sql::lexer::{TokenKind, tokens};

/// The tokens with one mark for every constant and parameter.
pub(crate) fn fingerprint(sql: &str) -> String {
    let mut words = Vec::new();
    for token in tokens(sql) {
        match token.kind {
            kind if kind.is_trivia() => {}
            TokenKind::Semicolon => {}
            // pg_stat_statements replaces constants by parameters, so both count as the same.
            TokenKind::String | TokenKind::Number | TokenKind::Positional | TokenKind::Named => {
                words.push("?");
            }
            _ => words.push(&sql[token.range]),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn constants_blanks_and_comments_make_no_difference() {
        let written = "SELECT a -- the a\nFROM t WHERE b = $1 AND c = 'x' LIMIT 5;";
        let stored = "SELECT a FROM t WHERE b = $1 AND c = $2 LIMIT $3";
        assert_eq!(fingerprint(written), fingerprint(stored));
        assert_ne!(
            fingerprint("SELECT a FROM t"),
            fingerprint("SELECT b FROM t")
        );
    }
}
