//! Functions that convert the elements of an array, for the moment of one statement: `ALTER COLUMN … TYPE … USING` takes no
//! subquery, but it takes a call.
//!
//! The function for one element has a body that Postgres parses when it is created, so that the proof of a script finds a
//! mistake even if no table has rows. The one for an array is the same text for all types.

use super::comparison::Comparison;
use crate::sql::identifier::write_identifier;
use crate::sql::quote::{dollar_quote, quote_identifier};

/// Two functions of one name: for an element, and for an array of any number of dimensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ElementFunction {
    /// Its name as SQL.
    pub(super) name: String,
    /// The type of an element before, as SQL.
    pub(super) from: String,
    /// The type of an element after, as SQL.
    pub(super) to: String,
    /// The expression that converts `element`.
    pub(super) expression: String,
}

/// The most dimensions of an array (`MAXDIM`).
const DIMENSIONS: usize = 6;

impl ElementFunction {
    /// The statements that create both.
    pub(super) fn create(&self) -> String {
        let Self {
            name,
            from,
            to,
            expression,
        } = self;
        let slices: String = (1..=DIMENSIONS).map(write_case).collect();
        // A slice that is assigned takes its elements from an array of one dimension, in the order in which they are stored
        // (`array_set_slice`), which is that of `unnest`.
        let body = format!(
            "
DECLARE
    flat {to}[] := ARRAY(SELECT {name}(element) FROM (SELECT pg_catalog.unnest(elements) AS element) AS each);
    low integer[] := ARRAY(SELECT pg_catalog.array_lower(elements, n)
        FROM pg_catalog.generate_series(1, pg_catalog.array_ndims(elements)) AS n);
    high integer[] := ARRAY(SELECT pg_catalog.array_upper(elements, n)
        FROM pg_catalog.generate_series(1, pg_catalog.array_ndims(elements)) AS n);
    converted {to}[];
BEGIN
    CASE pg_catalog.cardinality(low)
        WHEN 0 THEN converted := flat;
{slices}    END CASE;
    RETURN converted;
END
"
        );
        let body = dollar_quote(&body);
        format!(
            "CREATE FUNCTION {name}(element {from}) RETURNS {to} LANGUAGE sql
    RETURN {expression};
CREATE FUNCTION {name}(elements {from}[]) RETURNS {to}[] LANGUAGE plpgsql STRICT AS {body};
"
        )
    }

    /// The statements that drop both.
    pub(super) fn drop(&self) -> String {
        let Self { name, from, .. } = self;
        format!("DROP FUNCTION {name}({from}[]);\nDROP FUNCTION {name}({from});\n")
    }
}

/// The assignment of all elements to an array of so many dimensions.
fn write_case(dimensions: usize) -> String {
    let slice = |dimension: usize| format!("[low[{dimension}]:high[{dimension}]]");
    let slices: String = (1..=dimensions).map(slice).collect();
    format!("        WHEN {dimensions} THEN converted{slices} := flat;\n")
}

/// A name for the function, in the schema of the new type.
pub(super) fn name_function(comparison: &Comparison<'_>, (from, to): (&str, &str)) -> String {
    let new = comparison.new;
    let composites = new.composites.iter().map(|item| &item.name);
    let domains = new.domains.iter().map(|item| &item.name);
    let tables = new.tables.iter().map(|item| &item.name);
    let mut names = composites.chain(domains).chain(tables);
    let bare = |name: &str| {
        name.rsplit('.')
            .next()
            .unwrap_or(name)
            .replace(['"', '[', ']'], "")
    };
    let name = quote_identifier(&format!("{}_from_{}", bare(to), bare(from)));
    match names.find(|name| name.sql == to) {
        Some(found) if found.schema != "public" => {
            format!("{}.{name}", write_identifier(&found.schema))
        }
        _ => name,
    }
}
