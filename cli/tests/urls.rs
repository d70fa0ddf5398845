//! URLs of databases: an error says which server, shows no password, and how a password is written.

use crate::command_line::xact;

/// The error of a command that connects to the database at `url`.
fn error_for(url: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    let output = xact(folder.path(), &["migrate", "--database", url])
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_server_that_does_not_answer_is_named_by_host_and_port() {
    let error = error_for("postgres://ada:se@cret@localhost:1/shop");
    assert!(
        error.starts_with("error: cannot connect to the database at `localhost:1`: "),
        "{error}"
    );
    assert!(!error.contains("cret"), "{error}");
}

#[test]
fn a_url_that_cannot_be_read_says_how_a_password_is_written() {
    for url in [
        "postgres://ada:sec/ret@localhost:5432/shop",
        "postgres://ada:sec#ret@localhost:5432/shop",
        "mysql://ada:secret@localhost/shop",
        "localhost:5432/shop",
        "postgres://ada@localhost",
        "postgres://ada@localhost/shop?sslmod=verify-full",
    ] {
        let error = error_for(url);
        assert!(
            error.starts_with("error: the URL of the database cannot be read: "),
            "{url}: {error}"
        );
        assert!(error.contains("`/` is `%2F`"), "{url}: {error}");
        assert!(!error.contains("sec"), "{url}: {error}");
    }
}

#[test]
fn a_url_is_refused_for_a_reason_that_names_its_part() {
    for (url, reason) in [
        ("postgres://ada@localhost:5432", "it names no database"),
        ("postgres://ada@localhost/", "it names no database"),
        (
            "postgres://ada@localhost/shop?sslmod=require",
            "the URL has the parameter `sslmod`, which is not known",
        ),
        (
            "postgres://ada@localhost/shop?sslmode=never",
            "unknown value \"never\" for `ssl_mode`",
        ),
        (
            "postgres://ada:sec/ret@localhost/shop",
            "invalid port number",
        ),
    ] {
        let error = error_for(url);
        let wanted = format!("error: the URL of the database cannot be read: {reason}\nhelp: ");
        assert!(error.starts_with(&wanted), "{url}: {error}");
    }
}

#[test]
fn a_url_of_the_runtime_is_one_of_the_tool() {
    for url in [
        "postgres://ada@localhost:1/shop?pool_size=20&target_session_attrs=read-write",
        "postgresql+asyncpg://ada@localhost:1/shop",
        "postgres://ada@[::1]:1/shop",
    ] {
        let error = error_for(url);
        assert!(
            error.starts_with("error: cannot connect to the database at "),
            "{url}: {error}"
        );
    }
}

#[tokio::test]
async fn a_refused_connection_names_the_part_of_the_url_that_is_wrong() {
    let url = crate::server::url_of("no_such_database").await;
    let error = error_for(&url);
    assert!(
        error.contains("database \"no_such_database\" does not exist"),
        "{error}"
    );
    assert!(
        error.contains("help: create it with `CREATE DATABASE`"),
        "{error}"
    );
    let url = url.replacen("postgres@", "no_such_role@", 1);
    let error = error_for(&url);
    assert!(
        error.contains("help: check the user and the password in"),
        "{error}"
    );
}
