//! The arguments of a query that takes a slice: an array for each column of the slice, or the rows of a COPY.

use super::KnownQuery;
use super::arguments::RowText;
use super::encode::encode_value;
use crate::answer::ToolError;
use crate::scope::AgentScope;
use crate::values::{Form, RawValue, ValueType, write_array};
use xact::Xact;
use xact_codegen::query::{BulkForm, BulkValue};

/// The OID that a JSON column of COPY has; the runtime replaces the first byte of its values by a space.
const JSON: u32 = 114;

/// The arrays of a statement's parameters, in their order.
pub(super) async fn encode_arrays(
    xact: &mut Xact<AgentScope>,
    query: &KnownQuery,
    rows: &[Vec<RowText>],
) -> Result<Vec<RawValue>, ToolError> {
    let mut arrays = Vec::new();
    for (value, element) in list_values(query) {
        let column = rows.iter().map(|row| &row[value.parameter]);
        match value.shape {
            BulkForm::Value => {
                let texts = column.map(|found| found.text.as_deref());
                arrays.push(encode_array(xact, &element.sql_name, write_array(texts)).await?);
            }
            BulkForm::List => {
                let lists = column.map(|found| found.elements.as_deref());
                let joined = JoinedLists::new(lists);
                let int4 = "pg_catalog.int4";
                arrays.push(encode_array(xact, int4, joined.from).await?);
                arrays.push(encode_array(xact, int4, joined.to).await?);
                let all = write_array(joined.all);
                arrays.push(encode_array(xact, &element.sql_name, all).await?);
            }
        }
    }
    Ok(arrays)
}

/// The rows of a COPY, by column.
pub(super) async fn encode_copy(
    xact: &mut Xact<AgentScope>,
    query: &KnownQuery,
    rows: &[Vec<RowText>],
) -> Result<Vec<Vec<RawValue>>, ToolError> {
    let mut encoded = Vec::new();
    for row in rows {
        let mut values = Vec::new();
        for (index, (value, column)) in list_values(query).enumerate() {
            let text = row[value.parameter].text.as_deref();
            let mut raw = encode_value(xact, column, "rows", text).await?;
            if let (Some(&JSON), Some(bytes)) =
                (query.runtime.query.parameters.get(index), &mut raw.bytes)
            {
                bytes.insert(0, b' ');
            }
            values.push(raw);
        }
        encoded.push(values);
    }
    Ok(encoded)
}

fn list_values(query: &KnownQuery) -> impl Iterator<Item = (BulkValue, &ValueType)> {
    let values = query.finished.bulk.iter().flat_map(|bulk| &bulk.values);
    values.copied().zip(&query.bulk_types)
}

async fn encode_array(
    xact: &mut Xact<AgentScope>,
    element: &str,
    text: String,
) -> Result<RawValue, ToolError> {
    let array = ValueType {
        sql_name: format!("{element}[]"),
        base_name: format!("{element}[]"),
        form: Form::Other,
    };
    encode_value(xact, &array, "rows", Some(&text)).await
}

/// Lists one after the other, as the runtime sends them: where each begins and ends in one of all.
struct JoinedLists<'t> {
    from: String,
    to: String,
    all: Vec<Option<&'t str>>,
}

impl<'t> JoinedLists<'t> {
    fn new(lists: impl Iterator<Item = Option<&'t [Option<String>]>>) -> Self {
        let (mut from, mut to, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for list in lists {
            // Slices of Postgres count from 1 and include their end: `a[3:2]` is the empty array.
            from.push(list.map(|_| (all.len() + 1).to_string()));
            all.extend(list.unwrap_or_default().iter().map(Option::as_deref));
            to.push(list.map(|_| all.len().to_string()));
        }
        let write = |bounds: &[Option<String>]| write_array(bounds.iter().map(Option::as_deref));
        Self {
            from: write(&from),
            to: write(&to),
            all,
        }
    }
}
