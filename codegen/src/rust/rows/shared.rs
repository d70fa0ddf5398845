//! Rows with a name of their own, `-- row: Name`: queries of any file that give it to equal rows share one struct.

use super::{RowStruct, TableRows};
use crate::query::RowDirectives;
use crate::query::analysis::Typed;
use crate::report::diagnostic::Diagnostic;
use crate::rust::extras::{is_attribute, is_derive};
use crate::rust::names::doc_text;
use std::collections::BTreeMap;

/// The structs of named rows, each once, sorted by name.
pub(in crate::rust) fn share_rows<'q>(
    named: impl IntoIterator<Item = (&'q Typed, Vec<RowStruct>)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<RowStruct> {
    let mut shared: BTreeMap<String, (RowStruct, &'q Typed)> = BTreeMap::new();
    for (typed, structs) in named {
        for row in structs {
            match shared.get_mut(&row.name) {
                None => {
                    shared.insert(row.name.clone(), (row, typed));
                }
                Some((first, _)) if have_same_fields(first, &row) => {
                    first.extras.merge(&row.extras);
                    first.doc.push(doc_text(""));
                    first.doc.extend(row.doc);
                }
                Some((first, other)) => {
                    diagnostics.push(refuse_other_fields(typed, &row, first, other));
                }
            }
        }
    }
    shared.into_values().map(|(row, _)| row).collect()
}

fn have_same_fields(one: &RowStruct, other: &RowStruct) -> bool {
    one.sources == other.sources && one.fields == other.fields
}

fn refuse_other_fields(
    typed: &Typed,
    row: &RowStruct,
    first: &RowStruct,
    other: &Typed,
) -> Diagnostic {
    let fields = |row: &RowStruct| {
        let fields = row.fields.iter();
        let fields = fields.map(|field| format!("{}: {}", field.name, field.rust_type));
        fields.collect::<Vec<_>>().join(", ")
    };
    let message = format!(
        "the row `{}` has other fields than in the query `{}`",
        row.name, other.query.name
    );
    let span = typed.query.name_span.clone();
    Diagnostic::error("row-name", span, message)
        .note(format!("here: {}", fields(row)))
        .note(format!("there: {}", fields(first)))
        .help("give one of them another name: `-- row: …`")
}

impl TableRows<'_> {
    /// Why the comments about the struct of a query's rows cannot be followed.
    pub(in crate::rust) fn check_row_directives(
        &self,
        typed: &Typed,
        structs: &[RowStruct],
    ) -> Option<Diagnostic> {
        let directives = RowDirectives::of(&typed.query);
        let error = |message: String, help: &str| {
            let span = typed.query.name_span.clone();
            Some(Diagnostic::error("row-name", span, message).help(help.to_owned()))
        };
        let texts = [
            (
                &directives.derives,
                is_derive as fn(&str) -> bool,
                "a derive macro: `-- derive: serde::Serialize`",
            ),
            (
                &directives.attributes,
                is_attribute,
                "an attribute: `-- attribute: serde(rename_all = \"camelCase\")`",
            ),
        ];
        for (texts, is_valid, form) in texts {
            if let Some(wrong) = texts.iter().find(|text| !is_valid(text)) {
                return error(format!("`{wrong}` is not Rust"), &format!("write {form}"));
            }
        }
        if structs.is_empty()
            && (!directives.derives.is_empty() || !directives.attributes.is_empty())
        {
            let message = "the rows of this query have no struct of their own".to_owned();
            return error(
                message,
                "derive for all rows of the table: `derive` of the table in schema_annotations.yaml",
            );
        }
        let name = directives.name?;
        let is_name = syn::parse_str::<syn::Ident>(&name).is_ok();
        if !is_name || !name.starts_with(char::is_uppercase) {
            let message = format!("`{name}` cannot be the name of a struct");
            return error(
                message,
                "begin it with a capital: `-- row: BookmarkSummary`",
            );
        }
        if self.fields.map.own.is_taken(&name) {
            let message = format!("`{name}` is the name of another type of the database");
            return error(message, "choose another name");
        }
        if !structs.iter().any(|row| row.name == name) {
            let message = format!(
                "no struct is called `{name}`: the rows of this query have none of their own"
            );
            return error(
                message,
                "leave the line out: a row of one column is its value, and `sqlc.embed` alone is the row of its table",
            );
        }
        None
    }
}
