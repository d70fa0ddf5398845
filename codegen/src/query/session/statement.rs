//! Statements that change the session, or leave the scope of their transaction, by their words: Postgres has no tree of a utility.

use super::protected::{self, Protected};
use crate::sql::lexer::{TokenKind, Word, identifier};

/// Something that another transaction would meet, or that takes this one out of its scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SessionChange {
    /// As people know it: `SET app.user_id`.
    pub(crate) statement: String,
    pub(crate) effect: Effect,
    /// The text to write instead.
    pub(crate) help: String,
}

/// The harm of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effect {
    /// It is there after the transaction.
    Outlives,
    /// The rest of the transaction runs as another, or with other settings.
    LeavesScope,
}

impl Effect {
    /// That a statement has it, and why that is wrong.
    pub(crate) fn describe(self) -> (&'static str, &'static str) {
        match self {
            Self::Outlives => (
                "changes the session",
                "another transaction will use the connection",
            ),
            Self::LeavesScope => (
                "leaves the scope of the transaction",
                "the rest of the transaction would run with other rights or rows",
            ),
        }
    }
}

impl SessionChange {
    pub(super) fn new(
        effect: Effect,
        statement: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            statement: statement.into(),
            effect,
            help: help.into(),
        }
    }

    fn outlives(statement: impl Into<String>, help: &str) -> Self {
        Self::new(Effect::Outlives, statement, help)
    }
}

/// The change that a statement is, by its words from the first to the last.
pub(crate) fn find_change(words: &[Word<'_>], protected: Protected<'_>) -> Option<SessionChange> {
    let first = words.first()?;
    let keyword = first.text.to_ascii_uppercase();
    // NOTIFY, LOCK and SAVEPOINT are missing on purpose: they end with the transaction.
    match keyword.as_str() {
        "SET" => of_set(words, protected),
        "EXPLAIN" => find_change(skip_explain(words), protected),
        "CREATE" => of_create(words),
        "DECLARE" => of_declare(words),
        "SELECT" | "WITH" | "(" => of_select_into(words),
        _ => {
            let (_, help) = ALWAYS.iter().find(|(word, _)| *word == keyword)?;
            Some(SessionChange::outlives(shorten_statement(words), help))
        }
    }
}

/// Statements that are always about the session, by their first word.
const ALWAYS: &[(&str, &str)] = &[
    (
        "RESET",
        "leave it out: a setting of `SET LOCAL` ends with the transaction",
    ),
    (
        "LISTEN",
        "listen on a connection of its own, with sqlx's `PgListener`",
    ),
    (
        "UNLISTEN",
        "listen on a connection of its own, with sqlx's `PgListener`",
    ),
    ("DISCARD", "leave it out: the pool resets its connections"),
    ("LOAD", "name the library in `session_preload_libraries`"),
    ("PREPARE", UNPREPARED),
    ("EXECUTE", UNPREPARED),
    ("DEALLOCATE", UNPREPARED),
];

const UNPREPARED: &str = "write the statement itself: each connection prepares every query once";

/// `SET LOCAL`, `SET TRANSACTION` and `SET CONSTRAINTS` end with the transaction.
fn of_set(words: &[Word<'_>], protected: Protected<'_>) -> Option<SessionChange> {
    let second = words.get(1)?;
    // Both end with the transaction ("SET TRANSACTION", "SET CONSTRAINTS").
    if second.is("TRANSACTION") || second.is("CONSTRAINTS") {
        return None;
    }
    if !second.is("LOCAL") {
        let name = read_setting(&words[1..]);
        let help = protected::find_help(&name, protected);
        let help = help.unwrap_or("use `SET LOCAL …`, which ends with the transaction");
        return Some(SessionChange::outlives(format!("SET {name}"), help));
    }
    let name = read_setting(&words[2..]);
    // SET LOCAL ends with the transaction, but a setting of the scope must not change inside of it
    // either.
    let help = protected::find_help(&name, protected)?;
    let statement = format!("SET LOCAL {name}");
    Some(SessionChange::new(Effect::LeavesScope, statement, help))
}

/// The setting that SET names: `app.user_id`, or a setting with words of its own.
fn read_setting(words: &[Word<'_>]) -> String {
    match words {
        [session, authorization, ..]
            if session.is("SESSION") && authorization.is("AUTHORIZATION") =>
        {
            "SESSION AUTHORIZATION".to_owned()
        }
        [role, ..] if role.is("ROLE") => "ROLE".to_owned(),
        [schema, ..] if schema.is("SCHEMA") => "search_path".to_owned(),
        [session, rest @ ..] if session.is("SESSION") => format!("SESSION {}", read_setting(rest)),
        [kind, ..] if kind.is("CHARACTERISTICS") => "CHARACTERISTICS".to_owned(),
        [time, zone, ..] if time.is("TIME") && zone.is("ZONE") => "TIME ZONE".to_owned(),
        [first, rest @ ..] => {
            let mut name = identifier(first.text);
            for part in rest.chunks(2).take_while(|part| part[0].text == ".") {
                name += ".";
                name += &part
                    .last()
                    .map(|word| identifier(word.text))
                    .unwrap_or_default();
            }
            name
        }
        [] => String::new(),
    }
}

/// The statement behind EXPLAIN: with ANALYZE it runs.
fn skip_explain<'w, 'q>(words: &'w [Word<'q>]) -> &'w [Word<'q>] {
    let options = words.iter().skip(1).take_while(|word| {
        word.depth > 0 || matches!(word.text, "(" | ")") || word.is("ANALYZE") || word.is("VERBOSE")
    });
    &words[1 + options.count()..]
}

/// Words between CREATE and the kind of an object.
const BEFORE_KIND: &[&str] = &["OR", "REPLACE", "GLOBAL", "LOCAL", "UNLOGGED"];

/// Kinds of objects that can be temporary, or in `pg_temp`.
const KINDS: &[&str] = &[
    "TABLE",
    "VIEW",
    "SEQUENCE",
    "FUNCTION",
    "PROCEDURE",
    "TYPE",
    "DOMAIN",
];

fn of_create(words: &[Word<'_>]) -> Option<SessionChange> {
    let mut rest = words[1..].iter();
    let head = rest.find(|word| !BEFORE_KIND.iter().any(|before| word.is(before)))?;
    let is_temporary = head.is("TEMP") || head.is("TEMPORARY");
    let kind = words
        .iter()
        // The longest head has five words before the kind, `CREATE OR REPLACE LOCAL TEMPORARY`;
        // names follow behind it.
        .take(7)
        .find(|word| KINDS.iter().any(|kind| word.is(kind)))?;
    if !is_temporary && !names_temporary(words) {
        return None;
    }
    let kind = kind.text.to_ascii_uppercase();
    if kind == "TABLE" {
        let drops = words.windows(3).any(|words| {
            words[0].depth == 0 && words[0].is("ON") && words[1].is("COMMIT") && words[2].is("DROP")
        });
        let help = "write `ON COMMIT DROP` at its end, or use WITH";
        return (!drops).then(|| SessionChange::outlives("CREATE TEMP TABLE", help));
    }
    let help = "create it in a migration, or use WITH";
    Some(SessionChange::outlives(format!("CREATE TEMP {kind}"), help))
}

/// Whether the object is in `pg_temp`: its name is the first with that schema, before any bracket.
fn names_temporary(words: &[Word<'_>]) -> bool {
    let head = words
        .iter()
        .take_while(|word| word.depth == 0 && !word.is("AS"));
    let head: Vec<&Word<'_>> = head.collect();
    let mut pairs = head.windows(2);
    pairs.any(|pair| pair[1].text == "." && pair[0].name().as_deref() == Some("pg_temp"))
}

fn of_declare(words: &[Word<'_>]) -> Option<SessionChange> {
    // Behind FOR is the query, which may have WITH of its own.
    let before = words.iter().take_while(|word| !word.is("FOR"));
    let before: Vec<&Word<'_>> = before.collect();
    let holds = before
        .windows(2)
        .any(|pair| pair[0].is("WITH") && pair[1].is("HOLD"));
    let help = "write the query itself, with `:stream` after its name";
    holds.then(|| SessionChange::outlives("DECLARE … WITH HOLD", help))
}

/// `SELECT … INTO TEMP name`. In PL/pgSQL `INTO temp FROM …` assigns to a variable.
fn of_select_into(words: &[Word<'_>]) -> Option<SessionChange> {
    let is_any =
        |word: &Word<'_>, keywords: &[&str]| keywords.iter().any(|keyword| word.is(keyword));
    let is_into = words.windows(4).any(|words| match words {
        [before, into, target, name] => {
            let is_temporary = is_any(target, &["TEMP", "TEMPORARY", "LOCAL", "GLOBAL"])
                && name.name().is_some()
                && !is_any(name, AFTER_TARGET);
            let in_schema = target.name().as_deref() == Some("pg_temp") && name.text == ".";
            into.is("INTO") && !is_any(before, &["INSERT", "MERGE"]) && (is_temporary || in_schema)
        }
        _ => false,
    });
    let help = "write `CREATE TEMP TABLE … ON COMMIT DROP AS SELECT …`, or use WITH";
    is_into.then(|| SessionChange::outlives("SELECT INTO TEMP", help))
}

/// Keywords that may follow the target of `SELECT … INTO`.
const AFTER_TARGET: &[&str] = &[
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
];

/// The first words of a statement, without the text after its subject.
fn shorten_statement(words: &[Word<'_>]) -> String {
    let words = words
        .iter()
        .take(2)
        .filter(|word| word.kind == TokenKind::Word);
    let mut text: Vec<String> = words.map(|word| word.text.to_owned()).collect();
    if let Some(first) = text.first_mut() {
        first.make_ascii_uppercase();
    }
    text.join(" ")
}
