//! `xact schema`: the schema that the migrations build, in its file or on standard output.

use crate::report::say;
use crate::{codegen, report};
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::config::Paths;
use xact_codegen::output::{OutputFile, has_edited_schema, note_schema, write_one};
use xact_codegen::schema::{dump, summarise};
use xact_codegen::{Stop, read_schema};

/// Writes schema.sql, and no other file.
pub(super) async fn write_schema(project: &Path, server: Option<&str>) -> ExitCode {
    let text = match dump_schema(project, server).await {
        Ok(text) => text,
        Err(stop) => return report::print_stop(&stop),
    };
    if has_edited_schema(project, &text) {
        return codegen::refuse_edited();
    }
    let path = Paths::read(project).schema;
    let file = OutputFile { path, text };
    let written = write_one(project, &file);
    note_schema(project);
    match written {
        Ok(true) => say!("wrote: {}", file.path),
        Ok(false) => say!("{} is up to date", file.path),
        Err(failure) => return report::print_failure(&failure),
    }
    ExitCode::SUCCESS
}

/// Prints schema.sql.
pub(super) async fn print_schema(project: &Path, server: Option<&str>) -> ExitCode {
    print_answer(dump_schema(project, server).await)
}

/// Prints schema and annotations joined.
pub(super) async fn print_summary(project: &Path, server: Option<&str>) -> ExitCode {
    let read = read_schema(project, server).await;
    print_answer(read.map(|(project, schema)| summarise(&schema, &project.annotations)))
}

fn print_answer(text: Result<String, Stop>) -> ExitCode {
    match text {
        Ok(text) => match report::print_result(&text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => report::print_failure(&failure),
        },
        Err(stop) => report::print_stop(&stop),
    }
}

async fn dump_schema(project: &Path, server: Option<&str>) -> Result<String, Stop> {
    let (_, schema) = read_schema(project, server).await?;
    Ok(dump(&schema))
}
