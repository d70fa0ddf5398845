//! Queries as the data that the runtime takes, which generated modules have as statics.
//!
//! The data is leaked: a server has a fixed number of queries, and lives as long as its process. The tool for SQL text leaks each
//! statement of its own, a few hundred bytes, which its description says.

use xact::generated::{KeyColumn, PageOrder, PageQuery, Piece, Query, ShapedPages, ShapedQuery};
use xact_codegen::rust::{WirePages, WireQuery, WireShape, WireShapedPages, WireStatement};

/// A query of the runtime.
pub(crate) struct RuntimeQuery {
    pub(crate) query: &'static Query,
    pub(crate) shape: Option<&'static ShapedQuery>,
    pub(crate) pages: Option<&'static PageQuery>,
    pub(crate) shaped_pages: Option<&'static ShapedPages>,
}

/// Makes the data live as long as the process.
pub(super) fn leak_query(wire: WireQuery) -> RuntimeQuery {
    let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let (name, file, names) = (text(wire.name), text(wire.file), text(wire.names));
    let columns: &'static [u32] = Box::leak(wire.columns.into_boxed_slice());
    let write = |(sql, parameters): WireStatement| Query {
        name,
        file,
        sql: text(sql),
        parameters: Box::leak(parameters.into_boxed_slice()),
        columns,
        names,
    };
    let query = || write((wire.sql.clone(), wire.parameters.clone()));
    let shape = wire.shape.map(|shape| leak_shape(query(), shape));
    let pages = wire.pages.map(|pages| leak_pages(pages, &write));
    let shaped = shape.zip(wire.shaped_pages);
    RuntimeQuery {
        query: Box::leak(Box::new(query())),
        shaped_pages: shaped.map(|(shape, pages)| leak_shaped_pages(shape, pages, (name, file))),
        shape,
        pages,
    }
}

fn leak_shape(query: Query, shape: WireShape) -> &'static ShapedQuery {
    let pieces = shape.pieces.into_iter().map(|piece| Piece {
        text: Box::leak(piece.text.into_boxed_str()),
        // Postgres has at most 65,535 parameters.
        parameter: piece
            .parameter
            .map(|index| u16::try_from(index).unwrap_or(u16::MAX)),
        when: Box::leak(piece.when.into_boxed_slice()),
    });
    let pieces: &'static [Piece] = Box::leak(pieces.collect());
    let required: &'static [u64] = Box::leak(shape.required.into_boxed_slice());
    Box::leak(Box::new(ShapedQuery::new(query, pieces, required)))
}

fn leak_pages(pages: WirePages, write: &impl Fn(WireStatement) -> Query) -> &'static PageQuery {
    let write_all = |statements: Vec<WireStatement>| -> &'static [Query] {
        Box::leak(statements.into_iter().map(write).collect())
    };
    let total = Query {
        columns: &[20],
        names: "count",
        ..write(pages.total)
    };
    Box::leak(Box::new(PageQuery {
        first: write(pages.first),
        last: write(pages.last),
        after: write_all(pages.after),
        before: write_all(pages.before),
        total,
        key: leak_key(pages.key),
        fingerprint: pages.fingerprint,
    }))
}

fn leak_key(key: Vec<(usize, bool)>) -> &'static [KeyColumn] {
    let key = key.into_iter();
    Box::leak(
        key.map(|(column, nullable)| KeyColumn { column, nullable })
            .collect(),
    )
}

fn leak_shaped_pages(
    query: &'static ShapedQuery,
    pages: WireShapedPages,
    (name, file): (&'static str, &'static str),
) -> &'static ShapedPages {
    let orders = pages.orders.into_iter().map(|order| PageOrder {
        choice: order.choice,
        key: leak_key(order.key),
        parameter: order.parameter,
        fingerprint: order.fingerprint,
    });
    Box::leak(Box::new(ShapedPages {
        query,
        group: pages.group,
        seeks: pages.seeks,
        limit: pages.limit,
        orders: Box::leak(orders.collect()),
        total: ShapedPages::total(name, file),
    }))
}
