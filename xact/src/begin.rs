//! The text of BEGIN: given options and a scope's role and settings, gives one simple message that resets the session and
//! then opens a transaction as that scope.
//!
//! Simple messages take no parameters, so the values are quoted here. Nothing of a value is ever outside of its quotes, whatever
//! `standard_conforming_strings` is set to: literals are written `E'…'`, with quotes and backslashes doubled.
//!
//! SET LOCAL costs Postgres a fifth of a SELECT of `set_config`, which it has to plan and to take a snapshot for.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use crate::error::{Cause, During, Error};
use crate::session::Reset;
use crate::{Isolation, TransactionOptions};

/// The longest name that Postgres does not cut off.
const LONGEST_NAME: usize = 63;

/// The scope of a transaction, as its messages need it.
pub(crate) struct ScopeParts<'a> {
    /// For errors.
    pub(crate) name: &'static str,
    pub(crate) role: Option<&'a str>,
    pub(crate) settings: Vec<(&'static str, &'a str)>,
    pub(crate) statement_timeout: Option<Duration>,
}

/// The message that begins a transaction, but for the reset of the session, which depends on the connection.
///
/// It is shared with the connection, which may have to begin again.
#[derive(Clone, Debug)]
pub(crate) struct BeginMessage(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    begin: Cow<'static, str>,
    /// Role and settings.
    scope: String,
}

impl BeginMessage {
    /// In this scope, with settings of the pool.
    pub(crate) fn in_scope(
        options: &TransactionOptions,
        pool: &[(String, String)],
        scope: ScopeParts<'_>,
    ) -> Result<Self, Error> {
        let mut settings: Vec<(&str, &str)> = pool
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        // The scope's settings come after the pool's, so that a pool can never replace one that
        // makes the scope.
        settings.extend(scope.settings);
        let refused = |problem| Error::new(During::Begin(scope.name), Cause::Refused(problem));
        let options = &options.or_statement_timeout(scope.statement_timeout);
        Ok(Self(Arc::new(Parts {
            begin: write_characteristics(options),
            scope: write_scope(options, scope.role, &settings).map_err(refused)?,
        })))
    }

    /// Read-only and outside of any scope, for the runtime's own queries.
    pub(crate) fn read_only() -> Self {
        Self(Arc::new(Parts {
            begin: "BEGIN READ ONLY".into(),
            scope: String::new(),
        }))
    }

    /// The whole message, for a session that should have so many prepared statements. The parameters of `pooled` are given
    /// again, because the session behind a pooler was started with others.
    ///
    /// The session is reset in a transaction of its own, because BEGIN takes `default_transaction_isolation`, `_read_only` and
    /// `_deferrable` from the session as it is. In front of BEGIN without one, the reset would be part of the same transaction:
    /// <https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT>.
    pub(crate) fn text(
        &self,
        reset: Reset,
        prepared: usize,
        pooled: Option<&PgConnectOptions>,
    ) -> SqlStr {
        let mut sql = String::with_capacity(512);
        // First, and in a transaction of its own: a rollback of the caller's transaction would undo
        // RESET.
        reset.write_transaction(&mut sql, prepared);
        sql.push_str("; ");
        sql.push_str(&self.0.begin);
        // A pooler gives sessions that other clients began, with other settings in their startup
        // message.
        if let Some(options) = pooled {
            write_startup(&mut sql, options);
        }
        sql.push_str(&self.0.scope);
        AssertSqlSafe(sql).into_sql_str()
    }
}

/// The parameters that sqlx puts into its startup message. They are the values that RESET ALL goes back to, but a pooler starts a
/// session once and gives it to many clients in turn.
fn write_startup(sql: &mut String, options: &PgConnectOptions) {
    sql.push_str("; SET client_encoding = 'UTF8'; SET DateStyle = 'ISO, MDY'; SET TimeZone = 'UTC'; SET extra_float_digits = 2");
    if let Some(name) = options.get_application_name() {
        let length = sql.len();
        sql.push_str("; SET application_name = ");
        if write_literal(sql, name).is_none() {
            sql.truncate(length);
        }
    }
}

/// The part behind the reset: role and settings.
pub(crate) fn write_scope(
    options: &TransactionOptions,
    role: Option<&str>,
    settings: &[(&str, &str)],
) -> Result<String, String> {
    // A role and two settings of an id each: growing would copy the text several times.
    let mut sql = String::with_capacity(256);
    if let Some(role) = role {
        sql.push_str("; SET LOCAL ROLE ");
        write_identifier(&mut sql, role)?;
    }
    for (index, (name, value)) in settings.iter().enumerate() {
        write_setting(&mut sql, name, value).map_err(|part| match part {
            SettingPart::Name => {
                format!("the name of setting number {} holds a NUL byte", index + 1)
            }
            SettingPart::Value => format!("the value of setting `{name}` holds a NUL byte"),
        })?;
    }
    // The caller's timeouts come last, so that they win over a timeout among the settings of the scope.
    for (name, value) in list_timeouts(options) {
        let _infallible = write!(sql, "; SET LOCAL {name} = {value}");
    }
    if options.deferrable {
        // Such a transaction waits when it takes its snapshot, which a query does.
        sql.push_str("; SELECT");
    }
    Ok(sql)
}

/// The part of a setting that holds a NUL byte, which ends a simple message.
enum SettingPart {
    Name,
    Value,
}

fn write_setting(sql: &mut String, name: &str, value: &str) -> Result<(), SettingPart> {
    if is_plain(name) {
        sql.push_str("; SET LOCAL ");
        for (index, word) in name.split('.').enumerate() {
            sql.push_str(if index == 0 { "\"" } else { "\".\"" });
            sql.push_str(word);
        }
        sql.push_str("\" = ");
        return write_literal(sql, value).ok_or(SettingPart::Value);
    }
    // Surprise: SET takes its value for one element of the list where a setting is one, such as `search_path`.
    sql.push_str("; SELECT pg_catalog.set_config(");
    write_literal(sql, name).ok_or(SettingPart::Name)?;
    sql.push_str(", ");
    write_literal(sql, value).ok_or(SettingPart::Value)?;
    sql.push_str(", true)");
    Ok(())
}

/// Whether it is the name of a custom setting, which is never a list, in words that SET takes as they are.
fn is_plain(name: &str) -> bool {
    let starts = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    // By bytes: each transaction asks it of each name, and looking for characters takes three times as long.
    let is_word = |word: &[u8]| {
        word.len() <= LONGEST_NAME
            && word.first().is_some_and(|byte| starts(*byte))
            && word
                .iter()
                .all(|byte| starts(*byte) || byte.is_ascii_digit())
    };
    let mut words = name.as_bytes().split(|byte| *byte == b'.');
    name.contains('.') && words.all(is_word)
}

/// <https://www.postgresql.org/docs/current/sql-begin.html>
fn write_characteristics(options: &TransactionOptions) -> Cow<'static, str> {
    if options.isolation.is_none() && !options.read_only && !options.deferrable {
        return "BEGIN".into();
    }
    let mut sql = String::from("BEGIN");
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
    sql.into()
}

fn list_timeouts(options: &TransactionOptions) -> impl Iterator<Item = (&'static str, i32)> {
    let timeouts = [
        ("statement_timeout", options.statement_timeout),
        ("lock_timeout", options.lock_timeout),
        ("idle_in_transaction_session_timeout", options.idle_timeout),
    ];
    timeouts
        .into_iter()
        .filter_map(|(name, limit)| Some((name, to_milliseconds(limit?))))
}

/// A duration in Postgres's milliseconds. 0 is no limit there, so less than one millisecond is one.
pub(crate) fn to_milliseconds(limit: Duration) -> i32 {
    // Rounded up: 0 means "no limit" to Postgres, so a limit below a millisecond must not become
    // that.
    i32::try_from(limit.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX)
}

fn write_identifier(sql: &mut String, role: &str) -> Result<(), String> {
    // Surprise: SET ROLE takes "none" for the keyword even when it is quoted, and no role can have that name.
    if role.is_empty() || role == "none" || role.contains('\0') {
        return Err(format!("{role:?} is not the name of a role"));
    }
    let _infallible = write!(sql, "\"{}\"", role.replace('"', "\"\""));
    Ok(())
}

/// `None` for a NUL byte, which ends a simple message.
pub(crate) fn write_literal(sql: &mut String, value: &str) -> Option<()> {
    // E'…' reads backslashes the same whatever `standard_conforming_strings` is.
    sql.push_str("E'");
    if has_special(value) {
        write_escaped(sql, value)?;
    } else {
        sql.push_str(value);
    }
    sql.push('\'');
    Some(())
}

/// Not 0 of a byte that cannot be in a literal as it is. These bytes are never a part of another character, so that a text may be cut
/// at them.
fn mark_special(byte: u8) -> u8 {
    u8::from(byte == 0) | u8::from(byte == b'\'') | u8::from(byte == b'\\')
}

/// Most values have no such byte, so all are looked at together: without an early end, and with numbers in place of `bool`, the
/// compiler compares sixteen bytes at a time.
fn has_special(value: &str) -> bool {
    let marks = |found, byte| found | mark_special(byte);
    value.bytes().fold(0, marks) != 0
}

fn write_escaped(sql: &mut String, value: &str) -> Option<()> {
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|byte| mark_special(byte) != 0) {
        let (before, found) = rest.split_at(at);
        sql.push_str(before);
        sql.push_str(match found.as_bytes()[0] {
            0 => return None,
            // Not `\'`, which `backslash_quote` may forbid.
            b'\'' => "''",
            _ => "\\\\",
        });
        rest = &found[1..];
    }
    sql.push_str(rest);
    Some(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{write_characteristics, write_scope as with_options};
    use crate::{Isolation, TransactionOptions};

    fn without_options(role: Option<&str>, settings: &[(&str, &str)]) -> Result<String, String> {
        with_options(&TransactionOptions::new(), role, settings)
    }

    #[test]
    fn options_are_part_of_the_same_message() {
        let options = TransactionOptions::new()
            .isolation(Isolation::Serializable)
            .read_only()
            .deferrable()
            .lock_timeout(Duration::from_micros(1))
            .statement_timeout(Duration::MAX)
            .idle_timeout(Duration::ZERO);
        assert_eq!(
            &*write_characteristics(&options),
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE"
        );
        assert_eq!(
            with_options(&options, Some("customer"), &[("app.user_id", "ada")]).as_deref(),
            Ok(
                "; SET LOCAL ROLE \"customer\"; SET LOCAL \"app\".\"user_id\" = E'ada'; SET LOCAL statement_timeout = 2147483647; \
                SET LOCAL lock_timeout = 1; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT"
            )
        );
    }

    #[test]
    fn one_message_takes_the_role_and_sets_the_settings() {
        let settings = [("app.user_id", "ada"), ("search_path", "app, public")];
        assert_eq!(
            without_options(Some("customer"), &settings).as_deref(),
            Ok(
                "; SET LOCAL ROLE \"customer\"; SET LOCAL \"app\".\"user_id\" = E'ada'; \
                SELECT pg_catalog.set_config(E'search_path', E'app, public', true)"
            )
        );
        assert_eq!(without_options(None, &[]).as_deref(), Ok(""));
    }

    #[test]
    fn quotes_and_backslashes_stay_inside_their_quotes() {
        assert_eq!(
            without_options(
                Some(r#"odd" role"#),
                &[("a.b", r"it's \'; DROP TABLE users; --")]
            )
            .as_deref(),
            Ok(
                r#"; SET LOCAL ROLE "odd"" role"; SET LOCAL "a"."b" = E'it''s \\''; DROP TABLE users; --'"#
            )
        );
    }

    #[test]
    fn names_that_are_no_plain_words_are_values_of_set_config() {
        let long = format!("app.{}", "a".repeat(64));
        for name in ["app.a\"b", "app.", "app.ä", "app.1", long.as_str()] {
            let sql = without_options(None, &[(name, "x")]);
            assert!(
                sql.expect("the options hold no NUL byte")
                    .starts_with("; SELECT pg_catalog.set_config(E'app.")
            );
        }
    }

    #[test]
    fn nul_and_impossible_roles_are_refused_without_showing_the_value() {
        let error = without_options(None, &[("app.token", "secret\0")]);
        assert_eq!(
            error,
            Err("the value of setting `app.token` holds a NUL byte".to_owned())
        );
        assert!(without_options(None, &[("app.\0", "")]).is_err());
        assert!(without_options(Some("none"), &[]).is_err());
        assert!(without_options(Some(""), &[]).is_err());
        assert!(without_options(Some("a\0b"), &[]).is_err());
    }
}
