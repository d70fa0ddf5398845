//! The schema and every query of a public application give a module that compiles; and a module
//! that is out of date does not.

use crate::command_line::project;
use crate::{server, shared_builds};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use xact_codegen::config::OUTPUT;
use xact_codegen::output;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Makes a crate of a project that was generated, and checks it. Gives the output of the compiler.
fn cargo_check(project: &Path) -> Result<(), String> {
    cargo_check_with(project, "")
}

/// The same with more in the crate than the generated module.
pub(crate) fn cargo_check_with(project: &Path, code: &str) -> Result<(), String> {
    let manifest = format!(
        "[package]\nname = \"{}\"\nedition = \"2024\"\n\
         [dependencies]\nxact = {{ path = \"{ROOT}/xact\", features = [\"bits\", \"decimal\", \"network\"] }}\n\
         [workspace]\n",
        shared_builds::crate_name()
    );
    std::fs::write(project.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(format!("{ROOT}/Cargo.lock"), project.join("Cargo.lock")).unwrap();
    std::fs::write(
        project.join("src/lib.rs"),
        format!("//! Generated.\npub mod orm;\n{code}"),
    )
    .unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet"])
        .current_dir(project)
        .env("CARGO_TARGET_DIR", shared_builds::target_folder())
        .env("RUSTFLAGS", "-Dwarnings")
        .output()
        .unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

pub(crate) async fn generate(project: &Path) {
    let generated = server::generate(project).await.unwrap();
    output::write(project, OUTPUT, &generated.files).unwrap();
}

/// A copy of the migrations and queries of a public application, if it is at hand.
pub(crate) fn real_application() -> Option<TempDir> {
    let corpus = Path::new(ROOT).join("../shared/corpus/docs_rs");
    if !corpus.exists() {
        eprintln!(
            "SKIPPED: there is no real application at {}",
            corpus.display()
        );
        return None;
    }
    let project = tempfile::tempdir().unwrap();
    for folder in ["migrations", "queries"] {
        std::fs::create_dir(project.path().join(folder)).unwrap();
        for path in xact_codegen::report::source::list(&corpus, folder, "sql").unwrap() {
            std::fs::copy(corpus.join(&path), project.path().join(&path)).unwrap();
        }
    }
    Some(project)
}

#[tokio::test]
async fn the_module_of_a_real_application_compiles() {
    let Some(project) = real_application() else {
        return;
    };
    generate(project.path()).await;
    cargo_check(project.path()).unwrap();
}

#[tokio::test]
async fn a_module_that_is_out_of_date_does_not_compile() {
    let project = project();
    generate(project.path()).await;
    cargo_check(project.path()).unwrap();
    for path in ["queries/notes.sql", "migrations/1_notes.up.sql"] {
        let file = project.path().join(path);
        let before = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{before}-- edited\n")).unwrap();
        let error = cargo_check(project.path()).unwrap_err();
        let message =
            format!("{path} was edited after this module was generated: run `cargo xact codegen`");
        assert!(error.contains(&message), "{error}");
        std::fs::write(&file, before).unwrap();
    }
    cargo_check(project.path()).unwrap();
}
