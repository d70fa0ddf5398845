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
