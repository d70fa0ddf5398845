//! Functions that keep a transform from being dropped though they do not name it.
//!
//! A function without the clause TRANSFORM depends on the transforms for its types and language that were there when it was
//! created (`ProcedureCreate`). The schema does not have these dependencies, which would make it depend on the order of the
//! migrations, so all functions that can have one are taken to have it.

use crate::schema::Schema;
use crate::schema::dump::nodes::{DumpNode, key};
use crate::schema::model::{ObjectId, StatementKind};

/// Transforms, each with a function that may depend on it.
pub(super) fn list_transform_users(schema: &Schema) -> Vec<(ObjectId, ObjectId)> {
    let transforms = schema.statements.iter();
    let transforms = transforms.filter(|item| item.kind == StatementKind::Transform);
    let users = transforms.flat_map(|item| {
        let (data_type, language) = split_name(&item.name.sql);
        let transform = key(&DumpNode::Statement(item));
        let language = format!("LANGUAGE {language}");
        let functions = schema.functions.iter().filter(move |function| {
            function.signature.contains(data_type) && function.definition.contains(&language)
        });
        functions.map(move |function| (transform.clone(), key(&DumpNode::Function(function))))
    });
    users.collect()
}

/// `FOR integer LANGUAGE sql` as its type and language.
fn split_name(name: &str) -> (&str, &str) {
    let (data_type, language) = name.rsplit_once(" LANGUAGE ").unwrap_or((name, ""));
    (data_type.trim_start_matches("FOR "), language)
}
