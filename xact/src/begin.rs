//! The text of BEGIN: given options and a scope's role and settings, gives one simple message that opens a
//! transaction as that scope.
//!
//! Simple messages take no parameters, so the values are quoted here. Nothing of a value is ever outside of its quotes, whatever
//! `standard_conforming_strings` is set to: literals are written `E'…'`, with quotes and backslashes doubled.

use std::fmt::Write as _;
use std::time::Duration;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use crate::error::{Cause, During, Error};
use crate::{Isolation, Scope, XactOptions};

/// The message that begins a transaction in this scope.
pub(crate) fn message<S: Scope>(options: &XactOptions, scope: &S) -> Result<SqlStr, Error> {
    match text(options, S::ROLE, &scope.settings()) {
        Ok(text) => Ok(AssertSqlSafe(text).into_sql_str()),
        Err(problem) => Err(Error::new(During::Begin(S::NAME), Cause::Refused(problem))),
    }
}

fn text(
    options: &XactOptions,
    role: Option<&str>,
    settings: &[(&str, &str)],
) -> Result<String, String> {
    let mut sql = String::from("BEGIN");
    characteristics(&mut sql, options);
    if let Some(role) = role {
        sql.push_str("; SET LOCAL ROLE ");
        identifier(&mut sql, role)?;
    }
    // The caller's timeouts come last, so that they win over a timeout among the settings of the scope.
    let timeouts = timeouts(options);
    let timeouts = timeouts.iter().map(|(name, value)| (*name, value.as_str()));
    for (index, (name, value)) in settings.iter().copied().chain(timeouts).enumerate() {
        sql.push_str(if index == 0 { "; SELECT " } else { ", " });
        sql.push_str("pg_catalog.set_config(");
        literal(&mut sql, name)
            .ok_or_else(|| format!("the name of setting number {} holds a NUL byte", index + 1))?;
        sql.push_str(", ");
        literal(&mut sql, value)
            .ok_or_else(|| format!("the value of setting `{name}` holds a NUL byte"))?;
        sql.push_str(", true)");
    }
    Ok(sql)
}

/// <https://www.postgresql.org/docs/current/sql-begin.html>
fn characteristics(sql: &mut String, options: &XactOptions) {
    sql.push_str(match options.isolation {
        None => "",
        Some(Isolation::ReadCommitted) => " ISOLATION LEVEL READ COMMITTED",
        Some(Isolation::RepeatableRead) => " ISOLATION LEVEL REPEATABLE READ",
        Some(Isolation::Serializable) => " ISOLATION LEVEL SERIALIZABLE",
    });
    if options.read_only {
        sql.push_str(" READ ONLY");
    }
    if options.deferrable {
        sql.push_str(" DEFERRABLE");
    }
}

fn timeouts(options: &XactOptions) -> Vec<(&'static str, String)> {
    let timeouts = [
        ("statement_timeout", options.statement_timeout),
        ("lock_timeout", options.lock_timeout),
        ("idle_in_transaction_session_timeout", options.idle_timeout),
    ];
    timeouts
        .into_iter()
        .filter_map(|(name, limit)| Some((name, milliseconds(limit?).to_string())))
        .collect()
}

/// What Postgres takes for a duration: 0 is no limit, so less than one millisecond is one.
pub(crate) fn milliseconds(limit: Duration) -> i32 {
    i32::try_from(limit.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX)
}

fn identifier(sql: &mut String, role: &str) -> Result<(), String> {
    // Surprise: SET ROLE takes "none" for the keyword even when it is quoted, and no role can have that name.
    if role.is_empty() || role == "none" || role.contains('\0') {
        return Err(format!("{role:?} is not the name of a role"));
    }
    let _infallible = write!(sql, "\"{}\"", role.replace('"', "\"\""));
    Ok(())
}

/// `None` for a NUL byte, which ends a simple message.
fn literal(sql: &mut String, value: &str) -> Option<()> {
    sql.push_str("E'");
    for character in value.chars() {
        match character {
            '\0' => return None,
            // Not `\'`, which `backslash_quote` may forbid.
            '\'' => sql.push_str("''"),
            '\\' => sql.push_str("\\\\"),
            character => sql.push(character),
        }
    }
    sql.push('\'');
    Some(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::text as with_options;
    use crate::{Isolation, XactOptions};

    fn text(role: Option<&str>, settings: &[(&str, &str)]) -> Result<String, String> {
        with_options(&XactOptions::new(), role, settings)
    }

    #[test]
    fn options_are_part_of_the_same_message() {
        let options = XactOptions::new()
            .isolation(Isolation::Serializable)
            .read_only()
            .deferrable()
            .lock_timeout(Duration::from_micros(1))
            .statement_timeout(Duration::MAX)
            .idle_timeout(Duration::ZERO);
        assert_eq!(
            with_options(&options, Some("customer"), &[("app.user_id", "ada")]).as_deref(),
            Ok(
                "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE; SET LOCAL ROLE \"customer\"; \
                SELECT pg_catalog.set_config(E'app.user_id', E'ada', true), \
                pg_catalog.set_config(E'statement_timeout', E'2147483647', true), \
                pg_catalog.set_config(E'lock_timeout', E'1', true), \
                pg_catalog.set_config(E'idle_in_transaction_session_timeout', E'0', true)"
            )
        );
    }

    #[test]
    fn one_message_begins_takes_the_role_and_sets_the_settings() {
        let settings = [("app.user_id", "ada"), ("app.organization_id", "42")];
        assert_eq!(
            text(Some("customer"), &settings).as_deref(),
            Ok(
                "BEGIN; SET LOCAL ROLE \"customer\"; SELECT pg_catalog.set_config(E'app.user_id', E'ada', true), \
                pg_catalog.set_config(E'app.organization_id', E'42', true)"
            )
        );
        assert_eq!(text(None, &[]).as_deref(), Ok("BEGIN"));
    }

    #[test]
    fn quotes_and_backslashes_stay_inside_their_quotes() {
        assert_eq!(
            text(
                Some(r#"odd" role"#),
                &[("a.b", r"it's \'; DROP TABLE users; --")]
            )
            .as_deref(),
            Ok(
                r#"BEGIN; SET LOCAL ROLE "odd"" role"; SELECT pg_catalog.set_config(E'a.b', E'it''s \\''; DROP TABLE users; --', true)"#
            )
        );
    }

    #[test]
    fn nul_and_impossible_roles_are_refused_without_showing_the_value() {
        let error = text(None, &[("app.token", "secret\0")]);
        assert_eq!(
            error,
            Err("the value of setting `app.token` holds a NUL byte".to_owned())
        );
        assert!(text(Some("none"), &[]).is_err());
        assert!(text(Some(""), &[]).is_err());
        assert!(text(Some("a\0b"), &[]).is_err());
    }
}
