//! Where one statement ends and the next begins.

use super::lexer::{TokenKind, words};
use std::ops::Range;

/// The statements of a script, each from its first token that matters to its last, without the
/// semicolon. The semicolons inside `BEGIN ATOMIC … END` end nothing, nor do those in parentheses:
/// `CREATE RULE … DO (…; …)`.
pub fn statements(text: &str) -> Vec<Range<usize>> {
    let mut statements = Vec::new();
    let mut current: Option<Range<usize>> = None;
    let mut body = AtomicBody::default();
    for word in words(text) {
        if word.kind == TokenKind::Word {
            body.word(word.text);
        }
        // A rule may have several statements in brackets, `DO ALSO (…; …)`, and they are one
        // statement.
        if word.kind == TokenKind::Semicolon && body.depth == 0 && word.depth == 0 {
            statements.extend(current.take());
            continue;
        }
        let start = current.map_or(word.range.start, |range| range.start);
        current = Some(start..word.range.end);
    }
    statements.extend(current);
    statements
}

/// How deep the words so far are inside the body of a function in standard SQL.
#[derive(Default)]
struct AtomicBody {
    depth: usize,
    after_begin: bool,
}

impl AtomicBody {
    fn word(&mut self, word: &str) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        match () {
            // The body of a function in SQL-standard form has semicolons of its own.
            () if is("ATOMIC") && self.after_begin => self.depth = 1,
            // CASE ends with END as well.
            () if is("CASE") && self.depth > 0 => self.depth += 1,
            () if is("END") && self.depth > 0 => self.depth -= 1,
            () => {}
        }
        self.after_begin = is("BEGIN");
    }
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn a_script_is_cut_at_its_semicolons() {
        let script = "-- one\nSELECT ';'; ;\nDO $$ BEGIN; END $$;\n\
            CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;\n\
            CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);\n\
            SELECT 3 -- end";
        let found: Vec<&str> = statements(script)
            .into_iter()
            .map(|range| &script[range])
            .collect();
        assert_eq!(found.len(), 5, "{found:?}");
        assert_eq!(found[0], "SELECT ';'");
        assert!(found[2].ends_with("SELECT 2; END"), "{found:?}");
        assert!(found[3].ends_with("SELECT 2)"), "{found:?}");
        assert_eq!(found[4], "SELECT 3");
    }
}
