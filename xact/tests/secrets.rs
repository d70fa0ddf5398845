//! A password in a URL shows nowhere.

use xact::Pool;

use crate::orm::customer;
use crate::server::{pool, url};

#[tokio::test]
async fn no_connect_error_shows_the_password() {
    let real = url().await.replace("postgres@", "no_such_login:hunter2@");
    for url in [
        real.as_str(),
        "postgres://ada:hunter2@[broken/app",
        "postgres://ada:hunter2@localhost:port/app",
        "postgres://ada:hunter2@localhost/app?sslmode=bogus",
    ] {
        let error = Pool::connect(url).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            shown.starts_with("connect: ") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_pool_and_a_transaction_show_figures_and_no_values() {
    let pool = pool().await;
    assert_eq!(format!("{pool:?}"), "Pool { size: 0, idle: 0, .. }");
    let q = pool.begin(customer("ada")).await.unwrap();
    assert_eq!(format!("{q:?}"), "Xact { scope: \"customer\", .. }");
    q.rollback().await.unwrap();
}
