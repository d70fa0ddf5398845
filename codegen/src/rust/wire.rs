//! Queries as the data that the runtime takes: for programs that run them without generated code.
//!
//! Given: a project that was checked. Gives: for each query the same texts, type OIDs, pieces and pages that its generated module
//! has, made by the same functions, so that both ways to run a query send the same.

use super::pages::{INT8, added_oids, find_columns, name_page};
use super::query::with_name;
use super::root::read_migration;
use super::shaped::split_pieces;
use super::types::TypeMap;
use crate::project::Project;
use crate::query::{BulkForm, Command, Finished, Page, Seek, TypeCatalog};
use crate::schema::Schema;
use std::sync::Arc;

/// A query as data: the fields of `xact::generated::Query`, and of the types for parts and pages.
#[derive(Clone, Debug)]
pub struct WireQuery {
    /// The name after `-- name:`.
    pub name: String,
    /// The file that it is written in.
    pub file: String,
    /// The text, of a query with parts that of the whole.
    pub sql: String,
    /// The OID of each parameter; 0 for types of the project.
    pub parameters: Vec<u32>,
    /// The OID of each column; 0 for types of the project.
    pub columns: Vec<u32>,
    /// The names of the columns, with `, ` between them.
    pub names: String,
    /// The pieces of the text, if it has parts or orders.
    pub shape: Option<WireShape>,
    /// The statements of its pages, if its text is one for each.
    pub pages: Option<WirePages>,
    /// The pages of a query with parts or orders.
    pub shaped_pages: Option<WireShapedPages>,
}

/// The pieces of a text with parts or orders.
#[derive(Clone, Debug)]
pub struct WireShape {
    /// In order.
    pub pieces: Vec<WireText>,
    /// When there is something to do, as bit masks.
    pub required: Vec<u64>,
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub struct WireText {
    /// The text before the parameter.
    pub text: String,
    /// The index of the parameter behind it.
    pub parameter: Option<usize>,
    /// When it is sent, as bit masks.
    pub when: Vec<u64>,
}

/// A statement with the OIDs of its parameters.
pub type WireStatement = (String, Vec<u32>);

/// The statements of pages.
#[derive(Clone, Debug)]
pub struct WirePages {
    /// Of the first page.
    pub first: WireStatement,
    /// Of the last.
    pub last: WireStatement,
    /// Of those after a cursor, by the keys that are NULL in it.
    pub after: Vec<WireStatement>,
    /// Of those before a cursor.
    pub before: Vec<WireStatement>,
    /// Of the number of all rows.
    pub total: WireStatement,
    /// The column of each key, and whether it can be NULL.
    pub key: Vec<(usize, bool)>,
    /// The hash of everything that gives the values of a cursor their meaning.
    pub fingerprint: u64,
}

/// The pages of a query with parts or orders: `xact::generated::ShapedPages`.
#[derive(Clone, Debug)]
pub struct WireShapedPages {
    /// The bit of the first page among the choices.
    pub group: u32,
    /// How many statements begin after a cursor.
    pub seeks: u32,
    /// The index of the parameter that is the number of rows.
    pub limit: usize,
    /// The orders.
    pub orders: Vec<WireOrder>,
}

/// An order of such pages.
#[derive(Clone, Debug)]
pub struct WireOrder {
    /// Its choice, as a bit mask.
    pub choice: u64,
    /// The column of each key, and whether it can be NULL.
    pub key: Vec<(usize, bool)>,
    /// The index of the parameter that is the value of the first key.
    pub parameter: usize,
    /// The hash of everything that gives the values of a cursor their meaning.
    pub fingerprint: u64,
}

/// The queries of a project, in their order.
pub fn write_wire_queries(
    project: &Project,
    schema: &Schema,
    types: &TypeCatalog,
    queries: &[Arc<Finished>],
) -> Vec<WireQuery> {
    let map = TypeMap::new(types, schema, project);
    let queries = queries.iter();
    queries.map(|query| write_wire_query(query, &map)).collect()
}

/// The migrations of a project as `_sqlx_migrations` knows them: the name of each, and the beginning of its checksum.
pub fn list_migrations(project: &Project) -> Vec<(String, u64)> {
    let files = project.up_migrations();
    files.filter_map(|file| read_migration(file)).collect()
}

fn write_wire_query(query: &Finished, map: &TypeMap<'_>) -> WireQuery {
    let name = &query.query.name;
    let parameters = list_parameters(query, map).into_iter();
    let columns = find_columns(query);
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    WireQuery {
        name: name.clone(),
        file: query.query.span.file.path.clone(),
        sql: with_name(&query.sent(), name),
        parameters: parameters
            .chain(added_oids(query))
            .map(|oid| map.stable_oid(oid))
            .collect(),
        columns: columns
            .iter()
            .map(|(_, oid)| map.stable_oid(*oid))
            .collect(),
        names: names.join(", "),
        shape: write_shape(query),
        pages: query
            .page
            .as_ref()
            .map(|page| write_pages(query, page, map)),
        shaped_pages: write_shaped_pages(query),
    }
}

/// The OIDs of the parameters, or of the columns of COPY.
fn list_parameters(query: &Finished, map: &TypeMap<'_>) -> Vec<u32> {
    /// The OID of `int4[]`.
    const INT4_ARRAY: u32 = 1007;
    let Some(bulk) = &query.bulk else {
        return query.parameters.iter().map(|p| p.type_oid).collect();
    };
    let is_copy = query.query.command == Command::Copy;
    let values = bulk.values.iter();
    let oids = values.flat_map(|value| match value.shape {
        _ if is_copy => vec![value.type_oid],
        BulkForm::Value => vec![map.array_of(value.type_oid).unwrap_or(0)],
        BulkForm::List => vec![
            INT4_ARRAY,
            INT4_ARRAY,
            map.array_of(value.type_oid).unwrap_or(0),
        ],
    });
    oids.collect()
}

fn write_shape(query: &Finished) -> Option<WireShape> {
    let shape = query.query.shape.as_deref()?;
    let pieces = split_pieces(shape, &query.query.name).into_iter();
    Some(WireShape {
        pieces: pieces
            .map(|piece| WireText {
                text: piece.text,
                parameter: piece.parameter,
                when: piece.when.sets().to_vec(),
            })
            .collect(),
        required: shape.required.sets().to_vec(),
    })
}

fn write_pages(query: &Finished, page: &Page, map: &TypeMap<'_>) -> WirePages {
    let named = name_page(page, &query.query.name);
    let own = || query.parameters.iter().map(|parameter| parameter.type_oid);
    let statement = |end: &str, keys: &[usize]| {
        let keys = keys.iter().filter_map(|key| page.keys.get(*key));
        let oids = own().chain([INT8]).chain(keys.map(|key| key.type_oid));
        let sql = [&named.with, &named.select, &page.rows, end].concat();
        (sql, oids.map(|oid| map.stable_oid(oid)).collect())
    };
    let seek = |seek: &Seek| statement(&seek.sql, &seek.keys);
    let total = [&*named.with, &named.count, &page.rows].concat();
    WirePages {
        first: statement(&page.first, &[]),
        last: statement(&page.last, &[]),
        after: page.after.iter().map(seek).collect(),
        before: page.before.iter().map(seek).collect(),
        total: (total, own().map(|oid| map.stable_oid(oid)).collect()),
        key: page
            .keys
            .iter()
            .map(|key| (key.column, key.nullable))
            .collect(),
        fingerprint: page.fingerprint,
    }
}

fn write_shaped_pages(query: &Finished) -> Option<WireShapedPages> {
    let page = query.shaped_page.as_ref()?;
    let orders = page.orders.iter().map(|order| WireOrder {
        choice: order.choice,
        key: order
            .keys
            .iter()
            .map(|key| (key.column, key.nullable))
            .collect(),
        parameter: order.parameter,
        fingerprint: order.fingerprint,
    });
    Some(WireShapedPages {
        group: page.group,
        seeks: u32::try_from(page.seeks).unwrap_or(u32::MAX),
        limit: query.parameters.len(),
        orders: orders.collect(),
    })
}
