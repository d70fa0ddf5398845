//! `sslmode` decides whether a connection is encrypted and which certificates it trusts.

use xact::Pool;
use xact::sqlx::postgres::PgConnectOptions;

use crate::orm::Admin;
use crate::server::url;
use crate::{counting_server, tls_server};

/// The result of connecting to a server whose certificate is for `certified`, with these parameters. `ROOT` in them is the file
/// with the certificate of its authority, `OTHER` that of another.
async fn connect(certified: &str, parameters: &str) -> Result<(), xact::Error> {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let server = tls_server::start(socket.clone(), certified).await;
    let other = tls_server::start(socket, certified).await;
    let folder = tempfile::tempdir().unwrap();
    for (name, authority) in [("ROOT", server.authority), ("OTHER", other.authority)] {
        std::fs::write(folder.path().join(name), authority).unwrap();
    }
    let path = |name: &str| folder.path().join(name).display().to_string();
    let parameters = parameters
        .replace("ROOT", &path("ROOT"))
        .replace("OTHER", &path("OTHER"));
    let database = options.get_database().unwrap();
    let pool = Pool::connect(&format!(
        "postgres://postgres:hunter2@localhost:{}/{database}?{parameters}",
        server.port
    ))
    .await?;
    pool.xact(Admin, async |q| q.orm().identity().await.map(drop))
        .await
}

fn assert_refused(result: Result<(), xact::Error>) {
    let error = result.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        shown.starts_with("connect: ") && shown.contains("certificate"),
        "{shown}"
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn verify_full_takes_a_certificate_of_the_authority_for_the_host() {
    let verified = "sslmode=verify-full&sslrootcert=ROOT";
    connect("localhost", verified).await.unwrap();
    assert_refused(connect("other.example", verified).await);
}

#[tokio::test]
async fn verify_full_trusts_no_other_authority() {
    assert_refused(connect("localhost", "sslmode=verify-full&sslrootcert=OTHER").await);
    assert_refused(connect("localhost", "sslmode=verify-full").await);
}

/// There is no channel binding, but the same stranger is kept out.
#[tokio::test]
async fn channel_binding_that_is_required_verifies_the_server() {
    let required = "sslmode=require&channel_binding=require&sslrootcert=ROOT";
    connect("localhost", required).await.unwrap();
    assert_refused(connect("other.example", required).await);
    assert_refused(connect("localhost", "sslmode=require&channel_binding=require").await);
    connect("other.example", "sslmode=require&channel_binding=prefer")
        .await
        .unwrap();
}

#[tokio::test]
async fn verify_ca_asks_who_signed_and_not_for_whom() {
    connect("other.example", "sslmode=verify-ca&sslrootcert=ROOT")
        .await
        .unwrap();
    assert_refused(connect("localhost", "sslmode=verify-ca&sslrootcert=OTHER").await);
}

#[tokio::test]
async fn require_encrypts_and_verifies_nothing() {
    connect("other.example", "sslmode=require").await.unwrap();
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let options: PgConnectOptions = url().await.parse().unwrap();
    let socket = options.get_socket().unwrap().join(".s.PGSQL.5432");
    let (port, _round_trips) = counting_server::start(socket).await;
    let url = format!("postgres://postgres@localhost:{port}/postgres?sslmode=");
    for mode in ["require", "verify-ca", "verify-full"] {
        let error = Pool::connect(&format!("{url}{mode}")).await.unwrap_err();
        assert!(error.to_string().contains("TLS"), "{error}");
    }
    Pool::connect(&format!("{url}prefer")).await.unwrap();
}
