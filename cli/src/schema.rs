//! `xact schema`: the schema that the migrations build, in its file or on standard output.

use crate::report::say;
use crate::{codegen, report};
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::output::{OutputFile, has_edited_schema, note_schema, write_one};
use xact_codegen::schema::{FILE, dump, summarise};
use xact_codegen::{Stop, read_schema};

/// Writes schema.sql, and no other file.
pub(super) async fn write(project: &Path, server: Option<&str>) -> ExitCode {
    let text = match dumped(project, server).await {
        Ok(text) => text,
        Err(stop) => return report::stop(&stop),
    };
    if has_edited_schema(project, &text) {
        return codegen::refuse_edited();
    }
    let path = FILE.to_owned();
    let written = write_one(project, &OutputFile { path, text });
    note_schema(project);
    match written {
        Ok(true) => say!("wrote: {FILE}"),
        Ok(false) => say!("{FILE} is up to date"),
        Err(failure) => return report::failure(&failure),
    }
    ExitCode::SUCCESS
}

/// Prints schema.sql.
pub(super) async fn print(project: &Path, server: Option<&str>) -> ExitCode {
    answer(dumped(project, server).await)
}

/// Prints schema and annotations joined.
pub(super) async fn summary(project: &Path, server: Option<&str>) -> ExitCode {
    let read = read_schema(project, server).await;
    answer(read.map(|(project, schema)| summarise(&schema, &project.annotations)))
}

fn answer(text: Result<String, Stop>) -> ExitCode {
    match text {
        Ok(text) => match report::answer(&text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => report::failure(&failure),
        },
        Err(stop) => report::stop(&stop),
    }
}

async fn dumped(project: &Path, server: Option<&str>) -> Result<String, Stop> {
    let (_, schema) = read_schema(project, server).await?;
    Ok(dump(&schema))
}
