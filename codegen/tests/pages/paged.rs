//! `:page` queries that are generated in the test, and run by the runtime as those of a module.

use super::notes;
use std::marker::PhantomData;
use std::sync::Arc;
use xact::generated::{KeyColumn, PageQuery, Query, Runner};
use xact::sqlx::PgConnection;
use xact::sqlx::postgres::PgPoolOptions;
use xact::testing::TestDatabase;
use xact::{Cursor, Pages, Pool};
use xact_codegen::query::analysis::analyse;
use xact_codegen::query::{
    Finished, TypeCatalog, describe, expand_stars, parse, take_slices, write_pages,
};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{Keys, Schema};

/// The statements of one query, with those of the tool.
pub(super) struct Paged {
    page: &'static PageQuery,
    finished: Finished,
}

/// The calls of these queries.
#[expect(
    unreachable_pub,
    reason = "the runtime's macro names it in the interface of a public type"
)]
pub struct Orm<'a, S> {
    run: Runner<'a>,
    scope: PhantomData<S>,
}

xact::generated::database!(pub struct Database { queries: 500, migrations: &[] });

xact::generated::scope! {
    /// Everything.
    pub struct All("all", role None) {
    }
    Database { xact_all, retry_all, begin_all } -> Orm
}

/// A transaction of these queries.
pub(super) type Paging = xact::Xact<All>;

impl<S> Orm<'_, S> {
    /// The ids of a query.
    pub(super) fn pages(&mut self, paged: &Paged) -> Pages<'_, i64> {
        let page = paged.page;
        self.run.pages(page.arguments(), page, |row| row.get(0))
    }
}

pub(super) fn connect(test: &TestDatabase) -> Database {
    Database::new(Pool::from_options(PgPoolOptions::new(), test.options()))
}

/// The queries as the tool generates them.
pub(super) async fn of_queries(connection: &mut PgConnection, queries: &[String]) -> Vec<Paged> {
    let sections = queries.iter().enumerate();
    let sections = sections.map(|(number, sql)| format!("-- name: q{number} :page\n{sql};\n\n"));
    let text: String = sections.collect();
    let path = "queries/pages.sql".to_owned();
    let (schema, catalog) = (
        Schema::default(),
        TypeCatalog::read(connection).await.unwrap(),
    );
    let (parsed, mut diagnostics) = parse(&Arc::new(SourceFile::new(path, text)));
    let (described, found) = describe(connection, parsed, &schema).await.unwrap();
    diagnostics.extend(found);
    let (described, found) = expand_stars(connection, described, &catalog).await.unwrap();
    diagnostics.extend(found);
    let keys = Keys::of(&schema);
    let (typed, found) = analyse(connection, described, &catalog, &keys)
        .await
        .unwrap();
    diagnostics.extend(found);
    let authorised = typed.into_iter().map(Into::into).collect();
    let (typed, found) = take_slices(connection, authorised, &catalog, &schema)
        .await
        .unwrap();
    diagnostics.extend(found);
    let (typed, found) = write_pages(connection, typed, &catalog, &schema)
        .await
        .unwrap();
    diagnostics.extend(found);
    let messages: Vec<&str> = diagnostics
        .iter()
        .map(|found| found.message.as_str())
        .collect();
    assert_eq!(messages, [""; 0]);
    typed.into_iter().map(with_statements).collect()
}

/// What `xact::generated::page_query!` makes of the pieces.
fn with_statements(finished: Finished) -> Paged {
    let page = finished.page.clone().unwrap();
    let columns = leak_oids(page.columns.iter().map(|column| column.type_oid));
    let statement = |select: &str, end: &str, keys: &[usize]| {
        let oids = keys.iter().map(|key| page.keys[*key].type_oid);
        Query {
            name: finished.query.name.clone().leak(),
            file: "queries/pages.sql",
            sql: [&page.with, select, &page.rows, end].concat().leak(),
            parameters: leak_oids([20].into_iter().chain(oids)),
            columns,
            names: "",
        }
    };
    let seeks = |seeks: &[xact_codegen::query::Seek]| {
        let each = seeks
            .iter()
            .map(|seek| statement(&page.select, &seek.sql, &seek.keys));
        &*Vec::leak(each.collect())
    };
    let key = page.keys.iter().map(|key| KeyColumn {
        column: key.column,
        nullable: key.nullable,
    });
    let query = PageQuery {
        first: statement(&page.select, &page.first, &[]),
        last: statement(&page.select, &page.last, &[]),
        after: seeks(&page.after),
        before: seeks(&page.before),
        total: Query {
            parameters: &[],
            columns: &[20],
            ..statement(&page.count, "", &[])
        },
        key: Vec::leak(key.collect()),
        fingerprint: page.fingerprint,
    };
    Paged {
        page: Box::leak(Box::new(query)),
        finished,
    }
}

/// OIDs as a module has them: those of the project's own types are 0.
fn leak_oids(oids: impl Iterator<Item = u32>) -> &'static [u32] {
    let stable = oids.map(|oid| if oid < 16_384 { oid } else { 0 });
    Vec::leak(stable.collect())
}

/// The generic plan of the page after a cursor without NULL.
pub(super) async fn explain_after(connection: &mut PgConnection, paged: &Paged) -> String {
    let keys = &paged.finished.page.as_ref().unwrap().keys;
    let types: Vec<&str> = [20]
        .into_iter()
        .chain(keys.iter().map(|key| key.type_oid))
        .map(|oid| match oid {
            20 => "int8",
            23 => "int4",
            25 => "text",
            oid => panic!("no name is written for the type {oid}"),
        })
        .collect();
    notes::explain(connection, &types.join(", "), paged.page.after[0].sql).await
}

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The bytes in a cursor's text, as anyone reads them.
pub(super) fn bytes_of(cursor: &Cursor) -> Vec<u8> {
    let text = cursor.to_string();
    let six = text.bytes().map(|byte| {
        let value = LETTERS.iter().position(|letter| *letter == byte).unwrap();
        format!("{value:06b}")
    });
    let bits: String = six.collect();
    let bytes = bits.as_bytes().chunks_exact(8);
    bytes
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap())
        .collect()
}

/// The text of these bytes.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let each: Vec<String> = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let mut bits = each.concat();
    while !bits.len().is_multiple_of(6) {
        bits.push('0');
    }
    let letters = bits.as_bytes().chunks(6).map(|six| {
        let value = usize::from_str_radix(std::str::from_utf8(six).unwrap(), 2).unwrap();
        char::from(LETTERS[value])
    });
    letters.collect()
}
