//! Tests of the settings that URLs and variables give, and of the errors for invalid ones.

use std::env::VarError;
use std::time::Duration;

use super::PoolSettings;
use super::read::{read_environment, read_url};

fn from(variables: &[(&str, &str)]) -> Result<PoolSettings, String> {
    read_environment(&|wanted| {
        let found = variables.iter().find(|(name, _)| *name == wanted);
        found.map_or(Err(VarError::NotPresent), |(_, value)| {
            Ok((*value).to_owned())
        })
    })
}

#[test]
fn a_url_says_how_to_connect_and_how_to_pool() {
    let settings = read_url("postgresql+asyncpg://ada:hunter2@db:6432/app?pool_size=7&max_overflow=3&pool_min_size=2&pool_timeout=0.5\
        &pool_recycle=-1&pool_idle_timeout=60&echo=on&slow_query=2&application_name=worker&options[search_path]=app")
    .unwrap();
    let connection = &settings.connection;
    assert_eq!(
        (
            connection.get_host(),
            connection.get_port(),
            connection.get_username()
        ),
        ("db", 6432, "ada")
    );
    assert_eq!(connection.get_database(), Some("app"));
    assert_eq!(connection.get_application_name(), Some("worker"));
    assert_eq!(connection.get_options(), Some("-c search_path=app"));
    let pool = settings.pool_options();
    assert_eq!(
        (pool.get_max_connections(), pool.get_min_connections()),
        (10, 2)
    );
    assert_eq!(pool.get_acquire_timeout(), Duration::from_millis(500));
    assert_eq!(pool.get_max_lifetime(), None);
    assert_eq!(pool.get_idle_timeout(), Some(Duration::from_mins(1)));
    assert_eq!(
        (settings.log, settings.slow),
        (true, Some(Duration::from_secs(2)))
    );
}

#[test]
fn an_ipv6_address_is_a_host_without_its_brackets() {
    let settings = read_url("postgres://app:pw@[::1]:5432/app").unwrap();
    assert_eq!(settings.connection.get_host(), "::1");
    assert_eq!(settings.connection.get_port(), 5432);
}

#[test]
fn a_nul_byte_is_refused_wherever_it_is() {
    for given in [
        "postgres://a%00b@localhost/app",
        "postgres://a:%00@localhost/app",
        "postgres://localhost/app%00",
        "postgres://localhost/app?application_name=a%00b",
        "postgres://localhost/app?options[a.b]=\0",
    ] {
        let problem = read_url(given).unwrap_err();
        assert_eq!(
            problem,
            "the URL holds a NUL byte, which may be written `%00`"
        );
    }
}

#[test]
fn channel_binding_verifies_the_server_or_says_how() {
    let mode = |parameters: &str| {
        let url = read_url(&format!(
            "postgres://a:b@ep-cool-1.eu.aws.neon.tech/neondb?{parameters}"
        ));
        url.map(|settings| format!("{:?}", settings.connection.get_ssl_mode()))
    };
    for (parameters, expected) in [
        ("sslmode=require&channel_binding=require", "VerifyFull"),
        ("channel_binding=require&sslmode=prefer", "VerifyFull"),
        ("sslmode=require&channel_binding=prefer", "Require"),
        ("sslmode=require&channel_binding=disable", "Require"),
    ] {
        assert_eq!(mode(parameters).as_deref(), Ok(expected), "{parameters}");
    }
    assert_eq!(
        mode("sslmode=disable&channel_binding=require").unwrap_err(),
        "`channel_binding=require` of the URL needs TLS: write `sslmode=verify-full`, or leave `channel_binding` out"
    );
    assert_eq!(
        mode("channel_binding=hunter2").unwrap_err(),
        "`channel_binding` of the URL is not `require`, `prefer` or `disable`"
    );
}

#[test]
fn target_session_attrs_has_the_words_of_libpq() {
    for attrs in [
        "any",
        "read-write",
        "read-only",
        "primary",
        "standby",
        "prefer-standby",
    ] {
        let settings = read_url(&format!(
            "postgres://localhost/app?target_session_attrs={attrs}"
        ));
        assert_eq!(settings.unwrap().target.to_string(), attrs);
    }
    let wrong = read_url("postgres://localhost/app?target_session_attrs=hunter2").unwrap_err();
    assert!(
        wrong.starts_with("`target_session_attrs` of the URL is not `any`, "),
        "{wrong}"
    );
}

#[test]
fn the_environment_has_the_last_word() {
    let settings = from(&[
        ("DATABASE_URL", "postgres://localhost/app?pool_size=7"),
        ("DATABASE_POOL_SIZE", "20"),
        ("DATABASE_MAX_OVERFLOW", "5"),
        ("DATABASE_ECHO", "false"),
    ])
    .unwrap();
    assert_eq!(settings.pool_options().get_max_connections(), 25);
    assert!(!settings.log);
}

#[test]
fn what_is_wrong_is_named_without_its_value() {
    let url = "postgres://ada:hunter2@localhost/app";
    for (variables, problem) in [
        (&[][..], "`DATABASE_URL` is not set"),
        (
            &[("DATABASE_URL", "mysql://a:hunter2@b/c")],
            "`DATABASE_URL`: the URL does not begin with `postgres://` or `postgresql://`",
        ),
        (
            &[(
                "DATABASE_URL",
                "postgres://ada:hunter2@localhost/app?pasword=hunter2",
            )],
            "`DATABASE_URL`: the URL has the parameter `pasword`, which is not known",
        ),
        (
            &[("DATABASE_URL", "postgres://ada:1?hunter2@localhost/app")],
            "`DATABASE_URL`: the URL has a parameter that is not known",
        ),
        (
            &[("DATABASE_URL", "postgres://localhost/app?pool_size=hunter2")],
            "`DATABASE_URL`: `pool_size` of the URL is not a whole number from 1 on",
        ),
        (
            &[("DATABASE_URL", url), ("DATABASE_POOL_SIZE", "0")],
            "`DATABASE_POOL_SIZE` is not a whole number from 1 on",
        ),
        (
            &[("DATABASE_URL", url), ("DATABASE_POOL_TIMEOUT", "-3")],
            "`DATABASE_POOL_TIMEOUT` is not a number of seconds",
        ),
        (
            &[("DATABASE_URL", url), ("DATABASE_ECHO", "loud")],
            "`DATABASE_ECHO` is not `true` or `false`",
        ),
    ] {
        assert_eq!(from(variables).unwrap_err(), problem);
    }
    let broken = from(&[("DATABASE_URL", "postgres://ada:hun/ter2@localhost/app")]).unwrap_err();
    assert!(
        broken.contains("`/` `%2F`") && !broken.contains("ter2"),
        "{broken}"
    );
}

#[test]
fn settings_never_show_a_password() {
    let shown = format!(
        "{:?}",
        read_url("postgres://ada:hunter2@db/app?password=hunter2").unwrap()
    );
    assert!(
        shown.contains("db") && !shown.contains("hunter2"),
        "{shown}"
    );
}
