//! The rows of a query → JSON objects, with rows in rows as objects in objects.

use crate::answer::ToolError;
use crate::values::{Cell, Decoder, RawRow, ValueType};
use serde_json::Value;
use std::ops::Range;
use xact_codegen::query::analysis::Output;
use xact_codegen::query::{Finished, TypeCatalog};

/// The fields of a row.
#[derive(Clone, Debug)]
pub(crate) struct RowLayout {
    fields: Vec<Field>,
    types: Vec<ValueType>,
    names: Vec<String>,
}

#[derive(Clone, Debug)]
struct Field {
    name: String,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Column(usize),
    /// An embedded row, which is missing if all of its columns are NULL.
    Row {
        columns: Range<usize>,
        optional: bool,
    },
}

impl RowLayout {
    /// The fields of a query's rows.
    pub(super) fn new(query: &Finished, catalog: &TypeCatalog) -> Self {
        let columns = query.columns.iter();
        let outputs = query.outputs().into_iter().map(|output| match output {
            Output::Column(index) => (query.columns[index].name.clone(), Source::Column(index)),
            Output::Row(row) => {
                let (columns, optional) = (row.columns.clone(), row.optional);
                (row.field.clone(), Source::Row { columns, optional })
            }
        });
        let mut fields: Vec<Field> = Vec::new();
        for (name, source) in outputs {
            let taken = fields.iter().map(|field| field.name.as_str());
            let name = make_unique(&name, &taken.collect::<Vec<_>>());
            fields.push(Field { name, source });
        }
        Self {
            fields,
            types: columns
                .clone()
                .map(|column| ValueType::of_column(column, catalog))
                .collect(),
            names: columns.map(|column| column.name.clone()).collect(),
        }
    }

    /// A row as far as it is JSON.
    pub(super) fn decode(&self, row: &RawRow, decoder: &mut Decoder) -> Result<Cell, ToolError> {
        let fields = self.fields.iter().map(|field| {
            let cell = match &field.source {
                Source::Column(index) => self.decode_column(row, *index, decoder)?,
                Source::Row { columns, optional } => {
                    let is_missing = *optional && is_null(row, columns.clone());
                    if is_missing {
                        Cell::Json(Value::Null)
                    } else {
                        self.decode_part(row, columns.clone(), decoder)?
                    }
                }
            };
            Ok((field.name.clone(), cell))
        });
        fields
            .collect::<Result<Vec<_>, ToolError>>()
            .map(Cell::Object)
    }

    fn decode_part(
        &self,
        row: &RawRow,
        columns: Range<usize>,
        decoder: &mut Decoder,
    ) -> Result<Cell, ToolError> {
        let mut fields: Vec<(String, Cell)> = Vec::new();
        for index in columns {
            let taken = fields.iter().map(|(name, _)| name.as_str());
            let name = make_unique(&self.names[index], &taken.collect::<Vec<_>>());
            fields.push((name, self.decode_column(row, index, decoder)?));
        }
        Ok(Cell::Object(fields))
    }

    fn decode_column(
        &self,
        row: &RawRow,
        index: usize,
        decoder: &mut Decoder,
    ) -> Result<Cell, ToolError> {
        let value = row.get(index);
        let value = value.ok_or_else(|| ToolError::new("the result has fewer columns"))?;
        let cell = decoder.decode(&self.types[index], value.oid, value.bytes.as_deref());
        cell.map_err(|error| {
            ToolError::new(format!(
                "column `{}` cannot be shown: {error}",
                self.names[index]
            ))
        })
    }
}

fn is_null(row: &RawRow, columns: Range<usize>) -> bool {
    let values = row.get(columns).unwrap_or_default();
    values.iter().all(|value| value.bytes.is_none())
}

/// Two columns of one name are two fields.
fn make_unique(name: &str, taken: &[&str]) -> String {
    let mut unique = name.to_owned();
    let mut number = 2;
    while taken.contains(&unique.as_str()) {
        unique = format!("{name}_{number}");
        number += 1;
    }
    unique
}
