//! `xact demo` on the reference project, as a newcomer runs it first.

use crate::command_line::{project, xact};
use crate::server;
use std::path::Path;

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Standard output and standard error.
async fn demo(project: &Path) -> (String, String) {
    let mut command = xact(project, &["demo"]);
    command.env("XACT_SERVER_URL", server::url().await);
    let output = command.output().unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{report}");
    (String::from_utf8(output.stdout).unwrap(), report)
}

#[tokio::test]
async fn it_builds_everything_and_shows_who_sees_what() {
    let (shown, report) = demo(Path::new(REFERENCE)).await;
    for step in [
        "started the server at",
        "applied 8 migrations",
        "generated the module of",
    ] {
        assert!(report.contains(step), "{step}: {report}");
    }
    for sight in [
        "admin sees 2 organizations",
        "Ada, of Acme, sees 1 organization\n",
        "Grace, of Globex, sees 1 organization\n",
        "https://postgresql.org/",
        "and 0 bookmarks of the other organization",
    ] {
        assert!(shown.contains(sight), "{sight}: {shown}");
    }
}

#[tokio::test]
async fn a_project_without_the_program_is_generated_all_the_same() {
    let project = project();
    let (_, report) = demo(project.path()).await;
    assert!(
        report.contains("there is no `examples/demo.rs`"),
        "{report}"
    );
    assert!(project.path().join("src/orm/notes.rs").exists());
}
