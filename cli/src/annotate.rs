//! `xact annotate`: adds the missing entries of `schema_annotations.yaml`, to be filled in, and counts the descriptions.

use crate::report::say;
use crate::{PROJECT, report};
use std::path::Path;
use std::process::ExitCode;
use xact_codegen::output::write_additions;
use xact_codegen::project::Project;
use xact_codegen::read_schema;
use xact_codegen::report::diagnostic::Diagnostic;
use xact_codegen::report::source::Position;
use xact_codegen::schema::Schema;
use xact_codegen::schema::annotations::{NotABlock, complete, coverage};

/// Adds a name without a value for each description that is missing.
pub(super) async fn write_missing(root: &Path, server: Option<&str>) -> ExitCode {
    let (project, schema) = match read_schema(root, server).await {
        Ok(read) => read,
        Err(stop) => return report::print_stop(&stop),
    };
    let path = project.paths().annotations.as_str();
    let text = match complete(project.annotations_text(), &project.annotations, &schema) {
        Ok(text) => text,
        Err(found) => {
            let found: Vec<Diagnostic> =
                found.iter().map(|found| not_a_block(path, found)).collect();
            report::print_diagnostics(&found);
            return ExitCode::from(PROJECT);
        }
    };
    if text != project.annotations_text() {
        if let Err(failure) = write_additions(root, path, &text) {
            return report::print_failure(&failure);
        }
        say!("wrote: {path}");
    }
    print_summary(&project, &schema);
    ExitCode::SUCCESS
}

/// Fails if a description is missing; writes nothing.
pub(super) async fn check_descriptions(root: &Path, server: Option<&str>) -> ExitCode {
    let (project, schema) = match read_schema(root, server).await {
        Ok(read) => read,
        Err(stop) => return report::print_stop(&stop),
    };
    print_summary(&project, &schema);
    let covered = coverage(&schema, &project.annotations);
    if covered.tables == covered.of_tables && covered.columns == covered.of_columns {
        return ExitCode::SUCCESS;
    }
    eprintln!("help: run `xact annotate`, and fill in what it adds");
    ExitCode::from(PROJECT)
}

fn print_summary(project: &Project, schema: &Schema) {
    let covered = coverage(schema, &project.annotations);
    say!(
        "described: {} of {} tables and views, {} of {} columns",
        covered.tables,
        covered.of_tables,
        covered.columns,
        covered.of_columns
    );
}

fn not_a_block(path: &str, found: &NotABlock) -> Diagnostic {
    let message = format!(
        "`{}` is written in braces, so nothing can be added to it",
        found.name
    );
    let (line, column) = (found.place.line, found.place.column);
    let position = Some(Position { line, column });
    Diagnostic::in_file("not-a-block", path, position, message)
        .help("write it as a block: each name on a line of its own")
}
