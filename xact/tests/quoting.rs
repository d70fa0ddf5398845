//! A setting's value cannot leave its quotes, whatever it holds.

use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::orm::customer;
use crate::server::url;

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
