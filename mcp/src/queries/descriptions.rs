//! The meaning of a column, by its annotation or its comment.

use xact_codegen::schema::ColumnId;
use xact_codegen::workspace::CheckedProject;

/// The description of a column in `schema_annotations.yaml`, or else its COMMENT ON.
pub(super) fn find_description(checked: &CheckedProject, column: ColumnId) -> Option<String> {
    let mut tables = checked.schema.tables.iter();
    let table = tables.find(|table| table.oid.0 == column.0)?;
    let mut columns = table.columns.iter();
    let found = columns.find(|found| found.number.0 == column.1)?;
    let annotated = checked
        .project
        .annotations
        .tables
        .get(&table.name.annotation_key());
    let annotation = annotated.and_then(|table| table.columns.get(&found.name));
    let described = annotation.and_then(|annotation| annotation.description.clone());
    described.or_else(|| found.attached.comment.clone())
}
