//! Reads settings: given a URL or the variables of the environment, gives settings or an error that shows no value of them.

use std::env::VarError;

use sqlx::postgres::PgConnectOptions;
use sqlx_core::Url;

use super::table::TABLE;
use super::{PoolSettings, channel_binding};

/// The parameters that sqlx reads itself. It would log others with their values, and one may be a misspelt `password`.
const CONNECTION: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "options",
];

/// Before the reason of a parser.
const UNREADABLE: &str = "the URL cannot be read: ";

/// After the reason of a parser, which often met a part of a password.
const PASSWORD: &str = "; in a password, `@` is written `%40`, `/` `%2F`, `#` `%23` and `?` `%3F`";

/// The connection of a URL, for the tool: a parameter means the same to both, or is refused by both. The reason has no
/// advice, because the tool gives its own.
///
/// # Errors
/// The reason, without a value of the URL.
pub fn read_connection(url: &str) -> Result<PgConnectOptions, String> {
    let bare = |problem: String| {
        let reason = problem.strip_prefix(UNREADABLE).unwrap_or(&problem);
        reason.strip_suffix(PASSWORD).unwrap_or(reason).to_owned()
    };
    Ok(read_url(url).map_err(bare)?.connection)
}

pub(super) fn read_url(url: &str) -> Result<PoolSettings, String> {
    // A NUL byte ends a text in the startup message.
    if url.contains('\0') || url.contains("%00") {
        return Err("the URL holds a NUL byte, which may be written `%00`".to_owned());
    }
    let mut url = Url::parse(url).map_err(|error| format!("{UNREADABLE}{error}{PASSWORD}"))?;
    if !is_postgres(url.scheme()) {
        return Err("the URL does not begin with `postgres://` or `postgresql://`".to_owned());
    }
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let mut binding = None;
    for (name, value) in url.query_pairs().into_owned() {
        if let Some(entry) = TABLE.iter().find(|entry| entry.parameter == name) {
            ours.push((entry, value));
        } else if name == "channel_binding" {
            binding = Some(value);
        } else if CONNECTION.contains(&name.as_str()) || name.starts_with("options[") {
            theirs.push((name, value));
        } else {
            return Err(unknown_parameter(&name));
        }
    }
    // sqlx warns of a parameter that it does not know, with the value: it gets its own only.
    url.query_pairs_mut().clear().extend_pairs(theirs);
    let connection = url.as_str().parse();
    let mut connection: PgConnectOptions =
        connection.map_err(|error: sqlx::Error| format!("{UNREADABLE}{error}"))?;
    if let Some(value) = binding {
        connection = channel_binding::apply_value(connection, &value)?;
    }
    let mut settings = PoolSettings::new(without_brackets(connection));
    for (entry, value) in ours {
        settings = (entry.apply)(settings, &value)
            .ok_or_else(|| format!("`{}` of the URL is not {}", entry.parameter, entry.expected))?;
    }
    Ok(settings)
}

pub(super) fn read_environment(
    variable: &dyn Fn(&str) -> Result<String, VarError>,
) -> Result<PoolSettings, String> {
    let given = variable("DATABASE_URL").map_err(|_missing| "`DATABASE_URL` is not set")?;
    let mut settings = read_url(&given).map_err(|problem| format!("`DATABASE_URL`: {problem}"))?;
    for entry in TABLE {
        let wrong = || format!("`{}` is not {}", entry.variable, entry.expected);
        match variable(entry.variable) {
            Ok(value) => settings = (entry.apply)(settings, &value).ok_or_else(wrong)?,
            Err(VarError::NotPresent) => {}
            Err(VarError::NotUnicode(_)) => return Err(wrong()),
        }
    }
    Ok(settings)
}

/// An IPv6 address is written in brackets in a URL, and without them elsewhere.
fn without_brackets(connection: PgConnectOptions) -> PgConnectOptions {
    let host = connection.get_host();
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(address) => {
            let address = address.to_owned();
            connection.host(&address)
        }
        None => connection,
    }
}

/// Also with the name of a driver, as in `SQLAlchemy`'s `postgresql+asyncpg`.
fn is_postgres(scheme: &str) -> bool {
    let (name, _driver) = scheme.split_once('+').unwrap_or((scheme, ""));
    matches!(name, "postgres" | "postgresql")
}

fn unknown_parameter(name: &str) -> String {
    // Anything but a word may be the rest of a password in which a `?` was not written `%3F`.
    if name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        format!("the URL has the parameter `{name}`, which is not known")
    } else {
        "the URL has a parameter that is not known".to_owned()
    }
}
