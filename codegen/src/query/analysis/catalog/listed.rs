//! The reviewed lists of functions and their results, kept as data.
//!
//! `never_null.txt` has a signature a line. `aggregates.txt` and `sets.txt` go by name, for all
//! overloads of such a name behave the same; they hold for functions of `pg_catalog` only. `never_null_extensions.txt` goes by
//! the names of an extension and of its function in C.

use sqlx::{Executor as _, PgConnection, Row as _};
use std::collections::HashMap;

/// When the result of a function is not NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotNullRule {
    /// Nothing is known.
    MayBeNull,
    /// Always.
    Always,
    /// If no argument is NULL.
    Arguments,
    /// If the first argument is not NULL.
    First,
    /// If no argument is NULL, and the first is a constant: a field that infinity has as well.
    Field,
    /// An aggregate: over at least one row.
    Rows,
    /// An aggregate: over at least one row, if its arguments are not NULL in any.
    Values,
    /// A window function: if the frame holds the current row and its first argument is not NULL.
    Frame,
    /// `lag` and `lead`: if all three arguments are given and none is NULL.
    Default,
    /// In FROM, the columns before this one, from 0, in each of its rows.
    Columns(usize),
}

const NEVER_NULL: &str = include_str!("never_null.txt");
const OF_EXTENSIONS: &str = include_str!("never_null_extensions.txt");
const BY_NAME: &[&str] = &[include_str!("aggregates.txt"), include_str!("sets.txt")];

const RULES: &[(&str, NotNullRule)] = &[
    ("always", NotNullRule::Always),
    ("arguments", NotNullRule::Arguments),
    ("first", NotNullRule::First),
    ("field", NotNullRule::Field),
    ("rows", NotNullRule::Rows),
    ("values", NotNullRule::Values),
    ("frame", NotNullRule::Frame),
    ("default", NotNullRule::Default),
    ("columns-1", NotNullRule::Columns(1)),
    ("columns-2", NotNullRule::Columns(2)),
];

/// The lines of a list: a rule and its subject. `#` begins a comment.
fn lines(list: &str) -> impl Iterator<Item = (NotNullRule, &str)> {
    list.lines().filter_map(|line| {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (word, about) = line.split_once(' ')?;
        let (_, rule) = RULES.iter().find(|(name, _)| *name == word)?;
        Some((*rule, about.trim()))
    })
}

/// The rule for all functions of `pg_catalog` with this name.
pub(super) fn by_name(name: &str) -> Option<NotNullRule> {
    let mut all = BY_NAME.iter().flat_map(|list| lines(list));
    all.find(|(_, about)| *about == name).map(|(rule, _)| rule)
}

/// The rule for all functions of an extension with this name.
pub(super) fn by_extension(extension: &str, name: &str) -> Option<NotNullRule> {
    let mut all = lines(OF_EXTENSIONS);
    let subject = |about: &str| about.split_once(' ') == Some((extension, name));
    all.find(|(_, about)| subject(about)).map(|(rule, _)| rule)
}

/// The rules of `never_null.txt`, by the OID that each signature has on this server.
pub(super) async fn read(
    connection: &mut PgConnection,
) -> Result<HashMap<u32, NotNullRule>, sqlx::Error> {
    let lines: Vec<(NotNullRule, &str)> = lines(NEVER_NULL).collect();
    let signatures: Vec<&str> = lines.iter().map(|(_, signature)| *signature).collect();
    // In a transaction, so that SET LOCAL ends with it and the connection keeps its search path.
    let mut transaction = sqlx::Connection::begin(connection).await?;
    // The names in the list are Postgres's own, whatever else the search path finds.
    transaction
        .execute("SET LOCAL search_path = pg_catalog")
        .await?;
    let query = sqlx::query(include_str!("listed.sql")).bind(signatures);
    let rows = query.fetch_all(&mut *transaction).await?;
    transaction.rollback().await?;
    let mut rules = HashMap::new();
    for row in &rows {
        let oid = u32::try_from(row.try_get::<i64, _>("oid")?).unwrap_or(0);
        let number = usize::try_from(row.try_get::<i64, _>("number")?).unwrap_or(0);
        // A signature that this server does not have gives no row, so the rows are matched by their
        // number and not by their position.
        if let Some((rule, _)) = number.checked_sub(1).and_then(|index| lines.get(index)) {
            rules.insert(oid, *rule);
        }
    }
    Ok(rules)
}
