//! The text of a function's body or of DO: which statements in it change the session, and which functions and relations it names.
//!
//! Read by its words, so it holds for SQL and PL/pgSQL, and for SQL in the literals of EXECUTE. A statement that is put together at
//! run time is only known as far as its literals say.

use super::built_in;
use super::protected::Protected;
use super::statement::{self, SessionChange};
use crate::query::analysis::SetConfig;
use crate::sql::lexer::{self, TokenKind, Word, find_closing, split_elements};
use crate::sql::quote::read_literal;
use std::collections::{BTreeMap, BTreeSet};

/// A name with the schema before it, if one is written.
pub(crate) type QualifiedName = (Option<String>, String);

/// The effects of a body, as far as its text shows.
#[derive(Debug, Default)]
pub(crate) struct BodyEffects {
    pub(crate) changes: BTreeSet<SessionChange>,
    /// Names that may be functions that it calls.
    pub(crate) calls: BTreeSet<QualifiedName>,
    /// Names that may be relations, with the bits of Postgres's `AclMode` for its access to each.
    pub(crate) relations: BTreeMap<QualifiedName, u32>,
    /// Whether it executes a statement of which more than one literal decides.
    pub(crate) runs_composed: bool,
}

/// How deep literals with statements may be inside one another.
// EXECUTE inside of EXECUTE is rare; the bound is there because a literal can hold any number of
// quotes.
const MAX_DEPTH: usize = 4;

/// Reads a body.
pub(crate) fn read(text: &str, protected: Protected<'_>) -> BodyEffects {
    let mut body = BodyEffects::default();
    body.add(text, protected, 0);
    body
}

impl BodyEffects {
    /// One that calls these functions.
    pub(super) fn calling(functions: impl Iterator<Item = QualifiedName>) -> Self {
        Self {
            calls: functions.collect(),
            ..Self::default()
        }
    }

    fn add(&mut self, text: &str, protected: Protected<'_>, depth: usize) {
        let words = lexer::words(text);
        for index in 0..words.len() {
            if begins_statement(&words[..index]) {
                let statement = until_semicolon(&words[index..]);
                // EXECUTE is read as the statement in its literal below.
                if !words[index].is("EXECUTE") && !is_branch(&words[..index], statement) {
                    self.changes
                        .extend(statement::find_change(statement, protected));
                }
            }
            self.add_call(&words[index..], protected);
            self.add_relation(&words, index);
            if depth < MAX_DEPTH && is_dynamic(&words[index..]) {
                let statement = until_semicolon(&words[index..]);
                self.runs_composed |= !is_one_literal(statement);
                let literals = join_literals(statement);
                self.add(&literals, protected, depth + 1);
            }
        }
    }

    /// `read_name(…)` or `schema.name(…)`, if the words begin with it.
    fn add_call(&mut self, words: &[Word<'_>], protected: Protected<'_>) {
        let Some((named, after)) = read_name(words) else {
            return;
        };
        if after.first().is_none_or(|word| word.text != "(") {
            return;
        }
        let (schema, function) = &named;
        if schema
            .as_deref()
            .is_none_or(|schema| schema == "pg_catalog")
        {
            let change = if function == "set_config" {
                built_in::of_set_config(&read_set_config(after), protected)
            } else {
                built_in::find_change(function)
            };
            self.changes.extend(change);
        }
        // Kept for built-in names too: a project's function may have the same name in another
        // schema.
        self.calls.insert(named);
    }

    fn add_relation(&mut self, words: &[Word<'_>], index: usize) {
        let Some(access) = find_access(&words[..=index]) else {
            return;
        };
        let rest = &words[index + 1..];
        let skipped = rest.iter().take_while(|word| word.is("ONLY"));
        if let Some((named, _)) = read_name(&rest[skipped.count()..]) {
            // A rule turns an UPDATE of this view into `set_config` (system_views.sql).
            if access & UPDATE != 0 && named.1 == "pg_settings" {
                self.changes.insert(built_in::of_pg_settings());
            }
            *self.relations.entry(named).or_default() |= access;
        }
    }
}

/// Bits of Postgres's `AclMode`.
pub(crate) const INSERT: u32 = 1;
pub(crate) const SELECT: u32 = 2;
pub(crate) const UPDATE: u32 = 4;
pub(crate) const DELETE: u32 = 8;
pub(crate) const TRUNCATE: u32 = 16;

/// The access to a relation whose name follows these words.
fn find_access(words: &[Word<'_>]) -> Option<u32> {
    let (last, before) = words.split_last()?;
    let after = |keyword: &str| before.last().is_some_and(|word| word.is(keyword));
    // `FOR UPDATE`, `ON UPDATE CASCADE` and `BEFORE INSERT OR UPDATE` name no relation behind the
    // word.
    let is_statement = !["FOR", "KEY", "DO", "ON", "OR", "BEFORE", "AFTER"]
        .iter()
        .any(|word| after(word));
    match () {
        // ON CONFLICT DO UPDATE may follow, so triggers of both kinds may run.
        () if last.is("INTO") && after("INSERT") => Some(INSERT | UPDATE),
        () if last.is("INTO") && after("MERGE") => Some(INSERT | UPDATE | DELETE),
        () if last.is("UPDATE") && is_statement => Some(UPDATE),
        () if last.is("TRUNCATE") || (last.is("TABLE") && after("TRUNCATE")) => Some(TRUNCATE),
        () if last.is("FROM") && after("DELETE") => Some(DELETE),
        () if last.is("FROM") || last.is("JOIN") => Some(SELECT),
        () => None,
    }
}

/// Words after which a statement begins in PL/pgSQL.
const BEFORE_STATEMENT: &[&str] = &["BEGIN", "THEN", "ELSE", "LOOP", "ATOMIC", "ANALYZE"];

fn begins_statement(before: &[Word<'_>]) -> bool {
    before.last().is_none_or(|word| {
        word.kind == TokenKind::Semicolon || BEFORE_STATEMENT.iter().any(|begin| word.is(begin))
    })
}

/// Whether it is a branch of CASE, as in `THEN load ELSE …`, where a column may be called like a statement.
fn is_branch(before: &[Word<'_>], statement: &[Word<'_>]) -> bool {
    let after_branch = before
        .last()
        .is_some_and(|word| word.is("THEN") || word.is("ELSE"));
    // A CREATE FUNCTION may itself contain END or ELSE, and still is a statement.
    let is_create = statement.first().is_some_and(|word| word.is("CREATE"));
    let goes_on = |word: &Word<'_>| word.is("END") || word.is("ELSE") || word.is("WHEN");
    after_branch && !is_create && statement.iter().any(goes_on)
}

fn until_semicolon<'w, 'q>(words: &'w [Word<'q>]) -> &'w [Word<'q>] {
    let end = words
        .iter()
        .position(|word| word.kind == TokenKind::Semicolon);
    &words[..end.unwrap_or(words.len())]
}

/// EXECUTE of PL/pgSQL, not `EXECUTE FUNCTION` of a trigger nor `GRANT EXECUTE ON`.
fn is_dynamic(words: &[Word<'_>]) -> bool {
    let [execute, next, ..] = words else {
        return false;
    };
    execute.is("EXECUTE")
        && !["FUNCTION", "PROCEDURE", "ON"]
            .iter()
            .any(|word| next.is(word))
}

/// Whether EXECUTE is given a whole statement: `EXECUTE 'LISTEN orders'`, perhaps with INTO or USING behind it.
fn is_one_literal(words: &[Word<'_>]) -> bool {
    let [_, literal, rest @ ..] = words else {
        return false;
    };
    let ends = |word: &Word<'_>| ["INTO", "USING", "LOOP"].iter().any(|end| word.is(end));
    literal.kind == TokenKind::String && rest.first().is_none_or(ends)
}

/// The literals of a statement as one text; the text between them at run time is taken for a name or a value.
fn join_literals(words: &[Word<'_>]) -> String {
    let literals = words.iter().filter(|word| word.kind == TokenKind::String);
    let texts: Vec<String> = literals.map(|word| read_literal(word.text)).collect();
    // `format('SET %I …')` and `'SET ' || name` read alike then: the placeholder is one word.
    texts.join(" x ").replace('%', " x")
}

/// The name that words begin with, and the words after it.
fn read_name<'w, 'q>(words: &'w [Word<'q>]) -> Option<(QualifiedName, &'w [Word<'q>])> {
    let first = words.first()?.name()?;
    match words {
        [_, dot, last, rest @ ..] if dot.text == "." => Some(((Some(first), last.name()?), rest)),
        [_, rest @ ..] => Some(((None, first), rest)),
        [] => None,
    }
}

/// The arguments of `set_config`, from its bracket on.
fn read_set_config(words: &[Word<'_>]) -> SetConfig {
    let end = find_closing(words, 0).unwrap_or(words.len());
    let mut arguments = split_elements(&words[1..end]).into_iter();
    let setting = match arguments.next() {
        Some([only]) if only.kind == TokenKind::String => Some(read_literal(only.text)),
        _ => None,
    };
    let local = match arguments.nth(1) {
        // Only literals that Postgres reads as true; anything else may keep the setting beyond the
        // transaction.
        Some([only]) => only.is("TRUE") || ["'t'", "'true'", "'on'"].contains(&only.text),
        _ => false,
    };
    SetConfig { setting, local }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn changes(text: &str) -> Vec<String> {
        let found = read(text, &["app.user_id"]).changes.into_iter();
        found.map(|change| change.statement).collect()
    }

    #[test]
    fn statements_and_calls_are_found_wherever_they_are() {
        for (text, change) in [
            ("BEGIN SET app.staff = 'yes'; END", "SET app.staff"),
            ("BEGIN IF a THEN SET ROLE staff; END IF; END", "SET ROLE"),
            (
                "BEGIN PERFORM set_config('app.staff', 'yes', false); END",
                "set_config('app.staff', …)",
            ),
            (
                "SELECT pg_catalog.set_config(who, 'yes', true)",
                "set_config",
            ),
            (
                "SELECT set_config('app.user_id', who, true)",
                "set_config('app.user_id', …)",
            ),
            (
                "BEGIN CREATE TEMP TABLE notes AS SELECT 1; END",
                "CREATE TEMP TABLE",
            ),
            (
                "BEGIN CREATE TABLE pg_temp.notes (a int); END",
                "CREATE TEMP TABLE",
            ),
            ("BEGIN EXECUTE 'LISTEN orders'; END", "LISTEN orders"),
            ("BEGIN EXECUTE format('SET ROLE %I', a); END", "SET ROLE"),
            (
                "BEGIN EXECUTE 'SET search_path = ' || quote_ident(a); END",
                "SET search_path",
            ),
            (
                "BEGIN EXECUTE $q$SELECT pg_advisory_lock(1)$q$; END",
                "pg_advisory_lock",
            ),
            (
                "BEGIN UPDATE pg_catalog.pg_settings SET setting = 1; END",
                "UPDATE pg_settings",
            ),
            (
                "BEGIN FOR r IN EXECUTE 'DECLARE c CURSOR WITH HOLD FOR SELECT 1' LOOP END LOOP; END",
                "DECLARE … WITH HOLD",
            ),
            ("BEGIN RESET ALL; END", "RESET ALL"),
            (
                "BEGIN IF a THEN RESET ALL; ELSE b := 1; END IF; END",
                "RESET ALL",
            ),
            (
                "BEGIN EXECUTE 'SELECT a INTO TEMP b FROM c'; END",
                "SELECT INTO TEMP",
            ),
            ("BEGIN SET LOCAL ROLE staff; END", "SET LOCAL ROLE"),
            (
                "BEGIN SET LOCAL app.user_id = 'x'; END",
                "SET LOCAL app.user_id",
            ),
        ] {
            assert_eq!(changes(text), [change], "{text}");
        }
    }

    #[test]
    fn a_statement_is_composed_if_more_than_a_literal_decides() {
        for (text, composed) in [
            ("BEGIN EXECUTE command; END", true),
            ("BEGIN EXECUTE format('DROP TABLE %I', a) INTO b; END", true),
            ("BEGIN EXECUTE 'SELECT ' || a; END", true),
            ("BEGIN FOR r IN EXECUTE a LOOP END LOOP; END", true),
            ("BEGIN EXECUTE 'SELECT 1' INTO a; END", false),
            (
                "BEGIN FOR r IN EXECUTE $q$SELECT 1$q$ LOOP END LOOP; END",
                false,
            ),
            ("BEGIN EXECUTE 'SELECT $1' USING a; END", false),
            (
                "CREATE TRIGGER a AFTER INSERT ON b EXECUTE FUNCTION c()",
                false,
            ),
        ] {
            assert_eq!(read(text, &[]).runs_composed, composed, "{text}");
        }
    }

    #[test]
    fn what_ends_with_the_transaction_is_no_change() {
        for text in [
            "BEGIN SET LOCAL statement_timeout = 1; END",
            "SELECT set_config('app.other', 'x', true)",
            "BEGIN CREATE TEMP TABLE a (b int) ON COMMIT DROP; END",
            "BEGIN EXECUTE 'CREATE TEMP TABLE ' || a || ' (b int) ON COMMIT DROP'; END",
            "BEGIN UPDATE notes SET role = 'x'; INSERT INTO notes DEFAULT VALUES; END",
            "BEGIN SELECT 1 INTO a; PERFORM pg_advisory_xact_lock(1); END",
            "BEGIN EXECUTE a; END",
            "SELECT CASE WHEN a THEN load ELSE reset END FROM b",
            "BEGIN SELECT a INTO temp FROM b; END",
            "-- SET ROLE staff\nBEGIN RETURN 'RESET ALL'; END",
        ] {
            assert_eq!(changes(text), Vec::<String>::new(), "{text}");
        }
    }
}
