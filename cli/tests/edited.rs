//! An edit of schema.sql is not overwritten before a migration says it.

use crate::command_line::{project, xact};
use crate::server;
use std::path::Path;
use std::process::Command;

/// Exit code, and all that is printed.
async fn run(project: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = xact(project, arguments);
    command.env("XACT_SERVER_URL", server::url().await);
    command.env("XDG_CACHE_HOME", project.join("cache"));
    let output = command.output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(printed).unwrap(),
    )
}

fn edit(project: &Path) -> String {
    let path = project.join("schema.sql");
    let text = std::fs::read_to_string(&path).unwrap();
    let edited = text.replacen("    body ", "    bonnet text,\n    body ", 1);
    assert_ne!(edited, text);
    std::fs::write(path, &edited).unwrap();
    edited
}

fn read(project: &Path) -> String {
    std::fs::read_to_string(project.join("schema.sql")).unwrap()
}

fn git(project: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(project)
        .args(["-c", "user.name=a", "-c", "user.email=a@b"]);
    assert!(
        command.args(arguments).output().unwrap().status.success(),
        "{arguments:?}"
    );
}

#[tokio::test]
async fn an_edited_schema_is_kept_until_a_migration_says_it() {
    let folder = project();
    let project = folder.path();
    assert_eq!(run(project, &["codegen"]).await.0, 0);
    let edited = edit(project);
    for arguments in [
        &["codegen"][..],
        &["codegen", "--force"],
        &["codegen", "--check"],
        &["schema"],
    ] {
        let (code, printed) = run(project, arguments).await;
        assert_eq!(code, 1, "{arguments:?} {printed}");
        assert!(printed.contains("`schema.sql` was edited"), "{printed}");
        assert!(
            printed.contains("help: run `xact migrate diff NAME`"),
            "{printed}"
        );
        assert!(
            printed.contains("help: or delete `schema.sql`"),
            "{printed}"
        );
        assert_eq!(read(project), edited);
    }
    let (code, printed) = run(project, &["migrate", "diff", "bonnets"]).await;
    assert_eq!(code, 0, "{printed}");
    let (code, printed) = run(project, &["codegen"]).await;
    assert_eq!(code, 0, "{printed}");
    assert!(read(project).contains("bonnet"));
    assert_eq!(run(project, &["codegen", "--check"]).await.0, 0);
}

#[tokio::test]
async fn an_edit_of_a_table_is_known_by_the_file_alone() {
    let folder = project();
    let project = folder.path();
    assert_eq!(run(project, &["codegen"]).await.0, 0);
    // As in a fresh checkout elsewhere.
    std::fs::remove_dir_all(project.join("cache")).unwrap();
    edit(project);
    assert_eq!(run(project, &["codegen"]).await.0, 1);
    std::fs::remove_file(project.join("schema.sql")).unwrap();
    assert_eq!(run(project, &["codegen"]).await.0, 0);
}

#[tokio::test]
async fn a_file_that_git_holds_or_that_has_conflicts_is_written_again() {
    let folder = project();
    let project = folder.path();
    assert_eq!(run(project, &["codegen"]).await.0, 0);
    edit(project);
    git(project, &["init", "--quiet"]);
    assert_eq!(run(project, &["codegen"]).await.0, 1);
    git(project, &["add", "schema.sql"]);
    git(project, &["commit", "--quiet", "-m", "edited"]);
    assert_eq!(run(project, &["codegen"]).await.0, 0);
    let markers = "<<<<<<< HEAD\n    bonnet text,\n=======\n    hat text,\n>>>>>>> other\n";
    let conflict = edit(project).replacen("    bonnet text,\n", markers, 1);
    std::fs::write(project.join("schema.sql"), conflict).unwrap();
    assert_eq!(run(project, &["codegen"]).await.0, 0);
    assert!(!read(project).contains("bonnet"));
}
