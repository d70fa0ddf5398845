//! NUL bytes: they end texts of the protocol, so the text behind one would be read as the next part of a message.

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

/// `Err` with the problem if this text, which is called by its name there, holds a NUL byte.
pub(crate) fn refuse_nul(text: &str, name: &str) -> Result<(), String> {
    if text.contains('\0') {
        return Err(format!("{name} holds a NUL byte"));
    }
    Ok(())
}

/// `Err` with the problem if a part of the startup message would hold a NUL byte.
pub(crate) fn refuse_in_startup(options: &PgConnectOptions) -> Result<(), String> {
    refuse_nul(options.get_username(), "the name of the user")?;
    for (text, name) in [
        (options.get_database(), "the name of the database"),
        (options.get_application_name(), "the application name"),
        (options.get_options().map(AsRef::as_ref), "a startup option"),
    ] {
        refuse_nul(text.unwrap_or_default(), name)?;
    }
    // The password cannot be asked for. In a URL, a `%` of its own is written `%25`. sqlx panics where it cannot make a URL, so
    // the other parts are replaced.
    let plain = options
        .clone()
        .host("host")
        .username("user")
        .database("database");
    if plain.to_url_lossy().as_str().contains("%00") {
        return Err("the password holds a NUL byte".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgConnectOptions;

    use super::refuse_in_startup;

    #[test]
    fn every_text_of_the_startup_message_is_looked_at() {
        let options = || {
            PgConnectOptions::new_without_pgpass()
                .username("a%00b")
                .password("%00")
        };
        assert_eq!(refuse_in_startup(&options()), Ok(()));
        for (options, problem) in [
            (options().username("a\0"), "the name of the user"),
            (options().database("a\0"), "the name of the database"),
            (options().application_name("a\0"), "the application name"),
            (options().options([("a", "\0")]), "a startup option"),
            (options().password("a\0"), "the password"),
        ] {
            assert_eq!(
                refuse_in_startup(&options),
                Err(format!("{problem} holds a NUL byte"))
            );
        }
    }
}
