//! The schema: a list of its tables, or one of them with everything that is known of it.

use crate::answer::ToolError;
use serde_json::{Value, json};
use xact_codegen::report::diagnostic::nearest;
use xact_codegen::schema::{Schema, summarise};
use xact_codegen::workspace::CheckedProject;

/// The list, or the table of this name.
pub(super) fn describe_schema(
    checked: &CheckedProject,
    name: Option<&str>,
) -> Result<Value, ToolError> {
    match name {
        None => Ok(list_objects(checked)),
        Some(name) => describe_table(checked, name),
    }
}

fn list_objects(checked: &CheckedProject) -> Value {
    let (schema, annotations) = (&checked.schema, &checked.project.annotations);
    let tables = schema.tables.iter().map(|table| {
        let key = table.name.annotation_key();
        let annotated = annotations.tables.get(&key);
        let described = annotated.and_then(|found| found.description.clone());
        json!({
            "name": key,
            "description": described.or_else(|| table.attached.comment.clone()),
            "columns": table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
        })
    });
    let views = schema.views.iter().map(|view| view.name.annotation_key());
    json!({
        "tables": tables.collect::<Vec<_>>(),
        "views": views.collect::<Vec<_>>(),
    })
}

/// A schema of one table or view is summarised as the whole is.
fn describe_table(checked: &CheckedProject, name: &str) -> Result<Value, ToolError> {
    let schema = &checked.schema;
    let tables = schema.tables.iter();
    let tables = tables
        .filter(|table| table.name.annotation_key() == name)
        .cloned();
    let views = schema.views.iter();
    let views = views
        .filter(|view| view.name.annotation_key() == name)
        .cloned();
    let one = Schema {
        tables: tables.collect(),
        views: views.collect(),
        ..Schema::default()
    };
    if one.tables.is_empty() && one.views.is_empty() {
        let near = nearest(name, schema.relation_names());
        let help = near.map(|near| format!("; perhaps you meant `{near}`"));
        let help = help.unwrap_or_default();
        return Err(ToolError::new(format!(
            "there is no table or view `{name}`{help}"
        )));
    }
    Ok(json!({"table": summarise(&one, &checked.project.annotations)}))
}
