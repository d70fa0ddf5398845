//! A setting's value cannot leave its quotes, whatever it holds.

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use xact::sqlx::{AssertSqlSafe, raw_sql};

use crate::orm::customer;
use crate::server::{database, url};

const VALUES: &[&str] = &[
    "",
    "'",
    "''",
    "\\",
    "\\'",
    "\\\\'",
    "it's; DROP TABLE users; --",
    "\\'; DROP TABLE users; --",
    "x', true); COMMIT; DROP TABLE users; --",
    "line\nline\r\n\ttab",
    "$$dollar$$ $1 :name %s {}",
    "\u{1}\u{7f}\u{a0}",
    "\u{2019}\u{ff07} ünïcödé 漢字 🦀",
    "E'\\x27'",
    "\\u0027 \\047",
    "/* */ -- \"",
];

#[tokio::test]
async fn no_value_escapes_its_quoting_whatever_standard_conforming_strings_is() {
    let url = url().await;
    for conforming in ["on", "off"] {
        let options: PgConnectOptions = url.parse().unwrap();
        let options = options.options([
            ("standard_conforming_strings", conforming),
            ("backslash_quote", "off"),
        ]);
        let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), options);
        for value in VALUES {
            let identity = pool
                .xact(customer(value), async |q| q.orm().identity().await)
                .await
                .unwrap();
            assert_eq!(
                (identity.user_id.as_str(), identity.role.as_str()),
                (*value, "xact_customer")
            );
        }
        pool.xact(customer("ada"), async |q| q.orm().users_list(0).await)
            .await
            .unwrap();
    }
}

/// Characters with a meaning somewhere: in a literal, in an escape, in a comment, in another encoding, or to code that counts bytes.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "\\",
    "\\'",
    "E'",
    "U&'",
    "\\x27",
    "\\047",
    "\\u0027",
    "$$",
    "$1",
    ";",
    "--",
    "/*",
    "*/",
    "\n",
    "\r",
    "\t",
    "\u{1}",
    "\u{7f}",
    "\u{80}",
    "\u{a0}",
    "\u{85}",
    "\u{bf}\u{27}",
    "\u{5c}\u{5c}",
    "\u{2019}",
    "\u{ff07}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{10ffff}",
    "e\u{301}",
    "ß",
    "漢",
    "表",
    "🦀",
    "a",
    "0",
    " ",
    ", true); COMMIT; --",
];

/// Numbers that look random enough (xorshift64).
fn next(random: &mut u64) -> usize {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    usize::try_from(*random >> 33).unwrap()
}

fn mixture(random: &mut u64) -> String {
    let pieces = 1 + next(random) % 12;
    (0..pieces)
        .map(|_| PIECES[next(random) % PIECES.len()])
        .collect()
}

#[tokio::test]
async fn no_mixture_of_what_has_a_meaning_escapes_its_quoting() {
    let url = url().await;
    let mut random = 0x9e37_79b9_7f4a_7c15;
    for (conforming, backslash_quote) in [("on", "safe_encoding"), ("off", "on"), ("off", "off")] {
        let options: PgConnectOptions = url.parse().unwrap();
        let options = options.options([
            ("standard_conforming_strings", conforming),
            ("backslash_quote", backslash_quote),
            ("escape_string_warning", "off"),
        ]);
        let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), options);
        for _ in 0..300 {
            let value = mixture(&mut random);
            let identity = pool
                .xact(customer(&value), async |q| q.orm().identity().await)
                .await
                .unwrap_or_else(|error| panic!("{value:?}: {error}"));
            assert_eq!(identity.user_id, value);
            assert_eq!(identity.role, "xact_customer", "{value:?}");
            let with_nul = format!("{value}\0{value}");
            assert!(pool.begin(customer(&with_nul)).await.is_err());
        }
        assert_eq!(pool.size(), 1, "no message broke the connection");
    }
}

#[tokio::test]
async fn megabytes_of_quotes_and_backslashes_stay_in_their_quotes() {
    let (pool, _observer) = database(1).await;
    for piece in ["'", "\\", "\\'", "漢'"] {
        let value = piece.repeat((1 << 20) / piece.len());
        let identity = pool
            .xact(customer(&value), async |q| q.orm().identity().await)
            .await
            .unwrap();
        assert!(identity.user_id == value, "{piece}");
        assert_eq!(identity.role, "xact_customer");
    }
}

#[tokio::test]
async fn what_the_database_cannot_hold_is_refused_and_nothing_runs() {
    let (_, mut observer) = database(1).await;
    // Other runs share the server.
    let latin = format!("latin_{}", std::process::id());
    let create = format!("CREATE DATABASE {latin} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    let create = raw_sql(AssertSqlSafe(create));
    create.execute(&mut observer.0).await.unwrap();
    let options: PgConnectOptions = url().await.parse().unwrap();
    let pool = PgPoolOptions::new().max_connections(1);
    let pool = xact::Pool::from_options(pool, options.database(&latin));
    for value in ["ünïcödé's \\'", "漢'; DROP ROLE xact_customer; --", "plain"] {
        let outcome = pool
            .xact(customer(value), async |q| q.orm().identity().await)
            .await;
        match outcome {
            Ok(identity) => assert_eq!(identity.user_id, value),
            Err(error) => {
                assert!(value.starts_with('漢'), "{value}: {error}");
                assert_eq!(error.code(), Some("22P05"), "{error}");
            }
        }
    }
    pool.close().await;
    let drop = raw_sql(AssertSqlSafe(format!("DROP DATABASE {latin} WITH (FORCE)")));
    drop.execute(&mut observer.0).await.unwrap();
}
