//! Column definitions, their types aligned.

use super::defaults::write_default;
use crate::schema::model::{Column, Generation, Identity};
use crate::sql::quote::clause;

/// How a column's value comes about when a statement gives none.
pub(in crate::schema) enum ValueSource {
    /// As the column itself says.
    Stated,
    /// `serial`: a sequence that is named and made as that word would.
    Serial,
    /// By a default that needs something later, so it is set later.
    SetLater,
}

/// One definition for each column; `sources` may be shorter, all else is as stated.
pub(in crate::schema) fn write_columns(columns: &[Column], sources: &[ValueSource]) -> Vec<String> {
    let longest = columns
        .iter()
        .map(|column| column.sql.chars().count())
        .max()
        .unwrap_or(0);
    // Steps of four, so that most new columns leave their neighbours' lines alone.
    let width = (longest + 1).next_multiple_of(4);
    let definition = |(place, column): (usize, &Column)| {
        let source = sources.get(place).unwrap_or(&ValueSource::Stated);
        format!("{:width$}{}", column.sql, write_definition(column, source))
    };
    columns.iter().enumerate().map(definition).collect()
}

fn write_definition(column: &Column, source: &ValueSource) -> String {
    let (data_type, default) = match source {
        ValueSource::Stated => {
            let none = column.no_default.then_some("NULL");
            (
                column.data_type.as_str(),
                column.default.as_deref().or(none),
            )
        }
        ValueSource::Serial => (serial(&column.data_type), None),
        ValueSource::SetLater => (column.data_type.as_str(), None),
    };
    // Postgres 15 refuses an expression that the table above has, later ones take it or leave it.
    let generated = column.generated.as_deref();
    let generated = generated.filter(|_| column.generation == Generation::Own);
    [
        data_type,
        &clause(" ", column.options.as_deref()),
        &clause(" COLLATE ", column.collation.as_deref()),
        &clause(" CONSTRAINT ", column.not_null_name.as_deref()),
        not_null(column),
        &clause(" GENERATED ALWAYS AS ", generated),
        &column
            .identity
            .as_ref()
            .map(generated_identity)
            .unwrap_or_default(),
        &write_default(default),
    ]
    .concat()
}

fn not_null(column: &Column) -> &'static str {
    match (column.not_null, column.not_null_here) {
        (false, _) => "",
        (true, false) => " NOT NULL",
        (true, true) => " NOT NULL NO INHERIT",
    }
}

/// The additions of a typed table's column to that of its type; nothing if it adds nothing.
pub(super) fn typed_column(column: &Column, source: &ValueSource) -> Option<String> {
    let own = Column {
        // `column WITH OPTIONS …` is the grammar of a typed table (CREATE TABLE, OF).
        data_type: "WITH OPTIONS".to_owned(),
        collation: None,
        ..column.clone()
    };
    let definition = write_definition(&own, source);
    (definition != own.data_type).then(|| format!("{} {definition}", column.sql))
}

/// The word that makes a sequence for a column of this type.
pub(in crate::schema) fn serial(data_type: &str) -> &'static str {
    match data_type {
        "smallint" => "smallserial",
        "bigint" => "bigserial",
        _ => "serial",
    }
}

fn generated_identity(identity: &Identity) -> String {
    let when = if identity.always {
        "ALWAYS"
    } else {
        "BY DEFAULT"
    };
    match identity.options.as_str() {
        "" => format!(" GENERATED {when} AS IDENTITY"),
        options => format!(" GENERATED {when} AS IDENTITY ({options})"),
    }
}
