//! The names of tables and columns, for SQL that is made at run time, as `names.rs` has them.

use super::names::{Unique, doc_text, pascal_case};
use super::view::{ColumnView, NamedTable, TableNames};
use crate::schema::Schema;
use crate::schema::model::{self, Name};

/// The view of `names.rs`: every table and view, with all its columns.
pub(super) fn names_view(schema: &Schema) -> TableNames {
    let tables = schema.tables.iter().map(|t| (&t.name, &t.columns));
    let views = schema.views.iter().map(|v| (&v.name, &v.columns));
    let mut relations: Vec<_> = tables.chain(views).collect();
    relations.sort_by_key(|(name, _)| *name);
    let mut names = Unique::default();
    // The short names first: `audit.log` gets a name that `audit_log` left free.
    relations.sort_by_key(|(name, _)| name.schema != PUBLIC);
    TableNames {
        tables: relations
            .into_iter()
            .map(|(name, columns)| table_view(name, columns, &mut names))
            .collect(),
    }
}

/// The schema that every `search_path` has.
const PUBLIC: &str = "public";

/// The constants of a generated enum, which a variant would hide: `Self::TABLE`.
const CONSTANTS: &[&str] = &["ALL", "TABLE"];

fn table_view(name: &Name, columns: &[model::Column], names: &mut Unique) -> NamedTable {
    let schema = Some(&name.schema).filter(|schema| *schema != PUBLIC);
    let whole = match schema {
        Some(schema) => format!("{schema}_{}", name.name),
        None => name.name.clone(),
    };
    let mut variants = Unique::reserving(CONSTANTS);
    NamedTable {
        doc: doc_text(&format!("The columns of `{}`.", name.sql.replace('`', "'"))),
        enum_name: names.name(&pascal_case(&whole)),
        schema: format!("{schema:?}"),
        table: format!("{:?}", name.name),
        columns: columns
            .iter()
            .map(|column| ColumnView {
                variant: variants.name(&pascal_case(&column.name)),
                name: format!("{:?}", column.name),
            })
            .collect(),
    }
}
