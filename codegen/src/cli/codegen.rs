//! `xact codegen` and `xact codegen --check`.

use super::{PROJECT, report};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use xact_codegen::output::{self, Changes};
use xact_codegen::{Generated, generate, rust};

/// Generates and writes.
pub(super) async fn write(project: &Path, server: Option<&str>) -> ExitCode {
    let start = Instant::now();
    let generated = match generated(project, server).await {
        Ok(generated) => generated,
        Err(code) => return code,
    };
    let changes = match output::write(project, rust::FOLDER, &generated.files) {
        Ok(changes) => changes,
        Err(failure) => return report::failure(&failure),
    };
    list("wrote", changes.missing.iter().chain(&changes.stale));
    list("removed", &changes.orphaned);
    summary(&generated, &changes, start);
    ExitCode::SUCCESS
}

/// Generates and compares.
pub(super) async fn check(project: &Path, server: Option<&str>) -> ExitCode {
    let start = Instant::now();
    let generated = match generated(project, server).await {
        Ok(generated) => generated,
        Err(code) => return code,
    };
    let changes = match output::compare(project, rust::FOLDER, &generated.files) {
        Ok(changes) => changes,
        Err(failure) => return report::failure(&failure),
    };
    if changes.is_empty() {
        summary(&generated, &changes, start);
        return ExitCode::SUCCESS;
    }
    list("missing", &changes.missing);
    list("out of date", &changes.stale);
    list("no longer generated", &changes.orphaned);
    eprintln!("help: run `cargo xact codegen`");
    ExitCode::from(PROJECT)
}

/// What both begin with: generates, and reports what was found on the way.
async fn generated(project: &Path, server: Option<&str>) -> Result<Generated, ExitCode> {
    let generated = generate(project, server).await;
    let generated = generated.map_err(|stop| report::stop(&stop))?;
    report::diagnostics(&generated.warnings);
    Ok(generated)
}

fn list<'a>(what: &str, paths: impl IntoIterator<Item = &'a String>) {
    for path in paths {
        eprintln!("{what}: {path}");
    }
}

fn summary(generated: &Generated, changes: &Changes, start: Instant) {
    let queries = count(generated.queries, "query", "queries");
    let files = count(generated.files.len(), "file", "files");
    let unchanged = changes.unchanged;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{queries}, {files} ({unchanged} up to date), {seconds:.1} s");
}

fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{number} {noun}")
}
