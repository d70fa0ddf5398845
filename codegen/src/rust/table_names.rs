//! The names of tables and columns, for SQL that is made at run time: what `names.rs` is made of.

use super::names::{Unique, doc_line, pascal_case};
use super::view::{Column, NamedTable, TableNames};
use crate::schema::Schema;
use crate::schema::model::{self, Name};

/// The view of `names.rs`: every table and view, with all its columns.
pub(super) fn view(schema: &Schema) -> TableNames {
    let tables = schema.tables.iter().map(|t| (&t.name, &t.columns));
    let views = schema.views.iter().map(|v| (&v.name, &v.columns));
    let mut relations: Vec<_> = tables.chain(views).collect();
    relations.sort_by_key(|(name, _)| *name);
    let mut names = Unique::default();
    // The short names first: `audit.log` is called after what `audit_log` left.
    relations.sort_by_key(|(name, _)| name.schema != PUBLIC);
    TableNames {
        tables: relations
            .into_iter()
            .map(|(name, columns)| of(name, columns, &mut names))
            .collect(),
    }
}

/// The schema that every `search_path` has.
const PUBLIC: &str = "public";

fn of(name: &Name, columns: &[model::Column], names: &mut Unique) -> NamedTable {
    let schema = Some(&name.schema).filter(|schema| *schema != PUBLIC);
    let whole = match schema {
        Some(schema) => format!("{schema}_{}", name.name),
        None => name.name.clone(),
    };
    let mut variants = Unique::default();
    NamedTable {
        doc: doc_line(&format!("The columns of `{}`.", name.sql.replace('`', "'"))),
        enum_name: names.name(&type_name(&whole)),
        schema: format!("{schema:?}"),
        table: format!("{:?}", name.name),
        columns: columns
            .iter()
            .map(|column| Column {
                variant: variants.name(&type_name(&column.name)),
                name: format!("{:?}", column.name),
            })
            .collect(),
    }
}

/// A name of a type or variant for any name that Postgres takes, `²` and the empty rest of `?` among them.
fn type_name(name: &str) -> String {
    let in_rust = |c: &char| syn::parse_str::<syn::Ident>(&format!("x_{c}")).is_ok();
    let spaced: String = name
        .chars()
        .map(|c| if in_rust(&c) { c } else { ' ' })
        .collect();
    match pascal_case(&spaced).as_str() {
        "N" if !spaced.contains(['n', 'N']) => "Unnamed".to_owned(),
        "Self" => "Self_".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::type_name;

    #[test]
    fn every_name_of_a_column_is_one_of_a_variant() {
        for (column, variant) in [
            ("created_at", "CreatedAt"),
            ("type", "Type"),
            ("self", "Self_"),
            ("Self", "Self_"),
            ("area m²", "AreaM"),
            ("2fa", "N2fa"),
            ("n", "N"),
            ("?", "Unnamed"),
            ("größe", "Größe"),
            ("日本", "日本"),
        ] {
            assert_eq!(type_name(column), variant);
            assert!(syn::parse_str::<syn::Ident>(&type_name(column)).is_ok());
        }
    }
}
