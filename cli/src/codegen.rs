//! `xact codegen`, with `--force` and `--check`.

use crate::report::Format;
use crate::report::say;
use crate::{PROJECT, report};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use xact_codegen::database::Choice;
use xact_codegen::freshness::{Remembered, RunRecord};
use xact_codegen::output::{self, Changes};
use xact_codegen::project::Project;
use xact_codegen::workspace::generate_joined;
use xact_codegen::{Failure, Generated, Stop, generate};

/// Generates and writes, unless nothing changed since that was done last.
pub(super) async fn write_if_changed(project: &Path, server: Option<&str>) -> ExitCode {
    if server.is_none() {
        // Looks for Postgres while the project is read: the result of a search is used again.
        std::thread::spawn(|| Choice::of(None));
    }
    match find_unchanged(project, server) {
        // The record has the number of warnings only, and tools expect each warning in every run.
        Ok(Some(remembered))
            if remembered.warnings == 0 || report::output_format() == Format::Human =>
        {
            nothing_changed(&remembered);
            ExitCode::SUCCESS
        }
        Ok(_) => {
            let start = Instant::now();
            report::report_server(server);
            let generated = generate_joined(project, server).await;
            write_generated(project, server, generated, start)
        }
        Err(failure) => report::print_failure(&failure),
    }
}

/// Generates and writes, whatever was done before.
pub(super) async fn write_again(project: &Path, server: Option<&str>) -> ExitCode {
    let start = Instant::now();
    report::report_server(server);
    let generated = generate(project, server).await;
    write_generated(project, server, generated, start)
}

/// Writes the generated files, and reports them with the time since `start`.
pub(super) fn write_generated(
    project: &Path,
    server: Option<&str>,
    generated: Result<Generated, Stop>,
    start: Instant,
) -> ExitCode {
    let generated = match report_warnings(generated) {
        Ok(generated) => generated,
        Err(code) => return code,
    };
    if is_edited(project, &generated) {
        return refuse_edited();
    }
    let changes = match output::write(project, &generated.paths.output, &generated.files) {
        Ok(changes) => changes,
        Err(failure) => return report::print_failure(&failure),
    };
    output::note_schema(project);
    say_paths("wrote", changes.missing.iter().chain(&changes.stale));
    say_paths("removed", changes.orphaned.iter());
    if let Some(record) = open_record(project, server) {
        record.keep(&generated);
    }
    print_summary(&generated, &changes, start);
    ExitCode::SUCCESS
}

/// Generates and compares. It trusts no record of an earlier run, because CI relies on it.
pub(super) async fn check_generated(project: &Path, server: Option<&str>) -> ExitCode {
    let start = Instant::now();
    report::report_server(server);
    let generated = match report_warnings(generate(project, server).await) {
        Ok(generated) => generated,
        Err(code) => return code,
    };
    let changes = match output::compare(project, &generated.paths.output, &generated.files) {
        Ok(changes) => changes,
        Err(failure) => return report::print_failure(&failure),
    };
    if changes.is_empty() {
        print_summary(&generated, &changes, start);
        return ExitCode::SUCCESS;
    }
    if is_edited(project, &generated) {
        // The error names both ways out of it; differences of other files would only distract from it.
        return refuse_edited();
    }
    list_paths("missing", &changes.missing);
    list_paths("out of date", &changes.stale);
    list_paths("no longer generated", &changes.orphaned);
    eprintln!("help: run `xact codegen`");
    ExitCode::from(PROJECT)
}

/// Whether a person edited schema.sql, so that it is not overwritten.
fn is_edited(project: &Path, generated: &Generated) -> bool {
    let mut files = generated.files.iter();
    let schema = files.find(|file| file.path == generated.paths.schema);
    schema.is_some_and(|schema| output::has_edited_schema(project, &schema.text))
}

/// Reports that schema.sql was edited: the project is wrong, not the machine.
pub(super) fn refuse_edited() -> ExitCode {
    report::print_failure(&Failure::EditedSchema);
    ExitCode::from(PROJECT)
}

/// The generated files, after the diagnostics were reported.
fn report_warnings(generated: Result<Generated, Stop>) -> Result<Generated, ExitCode> {
    let generated = generated.map_err(|stop| report::print_stop(&stop))?;
    report::print_diagnostics(&generated.warnings);
    Ok(generated)
}

/// The result of the last run, if this one would give the same. A project that cannot be read, and a machine
/// without Postgres, are for the run itself to report.
fn find_unchanged(project: &Path, server: Option<&str>) -> Result<Option<Remembered>, Failure> {
    let (read, found) = Project::read(project)?;
    match open_record(project, server) {
        Some(record) if found.is_empty() => record.unchanged(&read),
        _ => Ok(None),
    }
}

fn open_record(project: &Path, server: Option<&str>) -> Option<RunRecord> {
    RunRecord::of(project, &Choice::of(server).ok()?)
}

fn nothing_changed(remembered: &Remembered) {
    let queries = count_noun(remembered.queries, "query", "queries");
    let files = count_noun(remembered.files.len(), "file", "files");
    let warnings = match remembered.warnings {
        0 => String::new(),
        warnings => format!(
            "; {} as before, which `--force` shows",
            count_noun(warnings, "warning", "warnings")
        ),
    };
    say!("nothing changed: {queries}, {files} up to date{warnings}");
}

fn list_paths<'a>(what: &str, paths: impl IntoIterator<Item = &'a String>) {
    for path in paths {
        eprintln!("{what}: {path}");
    }
}

/// A first generation of a large schema writes a thousand files, which would hide the lines above.
const NAMED_PATHS: usize = 20;

fn say_paths<'a>(done: &str, paths: impl Iterator<Item = &'a String>) {
    let paths: Vec<&String> = paths.collect();
    let (named, others) = paths.split_at(paths.len().min(NAMED_PATHS));
    for path in named {
        say!("{done}: {path}");
    }
    if !others.is_empty() {
        say!(
            "{done}: {}",
            count_noun(others.len(), "more file", "more files")
        );
    }
}

fn print_summary(generated: &Generated, changes: &Changes, start: Instant) {
    let queries = count_noun(generated.queries, "query", "queries");
    let files = count_noun(generated.files.len(), "file", "files");
    let unchanged = changes.unchanged;
    let seconds = start.elapsed().as_secs_f64();
    say!("{queries}, {files} ({unchanged} up to date), {seconds:.1} s");
}

fn count_noun(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{number} {noun}")
}
