//! Pages of a query with parts or orders: its shape inside of a subquery, with an alternative for each way to choose a page.
//!
//! Given: the query with its [`Shape`], and the order of each of its named orders. Gives: the shape whose variants are the
//! statements of pages, which `alternatives` writes, and the keys of each order.

use super::alternatives::ShapedWriter;
use super::layout::Layout;
use super::operators;
use super::{PageKey, refuse};
use crate::query::analysis::PageOrder;
use crate::query::{
    Choices, DescribedColumn, DescribedQuery, Finished, Query, Shape, TypeCatalog, WireSql,
    describe,
};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::sql::lexer::words;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use std::sync::Arc;

/// The pages of a query with parts or orders; its shape has their statements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShapedPage {
    /// The keys of each order.
    pub orders: Vec<OrderOfPage>,
    /// The columns of a page; those that are only there for the cursor come last.
    pub columns: Vec<DescribedColumn>,
    /// The bit of the first page among the alternatives.
    pub group: u32,
    /// How many statements begin after a cursor, and how many before one.
    pub seeks: usize,
}

/// An order of such a query.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrderOfPage {
    /// Its choice, as a bit mask; 0 if there is a single order.
    pub choice: u64,
    /// Its elements.
    pub keys: Vec<PageKey>,
    /// The index of the parameter that is the value of the first.
    pub parameter: usize,
    /// Why the keys identify a row.
    pub evidence: String,
    /// The hash of everything that gives the values of a cursor their meaning.
    pub fingerprint: u64,
}

/// The query with its text as one of its orders has it, parameters numbered as those of the shape.
pub(super) struct InOrder {
    pub(super) query: Finished,
    pub(super) layout: Layout,
    pub(super) order: PageOrder,
    pub(super) choices: Choices,
}

/// Writes the statements of a query with parts or orders.
pub(super) async fn write_shaped_page(
    connection: &mut PgConnection,
    mut query: Finished,
    catalog: &TypeCatalog,
    schema: &Schema,
) -> Result<Result<Finished, Diagnostic>, Failure> {
    let Some(shape) = query.query.shape.clone() else {
        return Ok(Err(refuse::not_select(&query)));
    };
    let orders = match read_orders(&query, &shape) {
        Ok(orders) => orders,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    let keys: Vec<_> = orders
        .iter()
        .flat_map(|order| order.order.keys.clone())
        .collect();
    let operators = operators::read(connection, &keys).await?;
    let page = match ShapedWriter::new(&query, &shape, &orders, &operators) {
        Ok(writer) => writer.write(connection, catalog, schema).await?,
        Err(diagnostic) => Err(diagnostic),
    };
    let (page, shape) = match page {
        Ok(written) => written,
        Err(diagnostic) => return Ok(Err(diagnostic)),
    };
    // All orders end in the same LIMIT, since `refuse_parts` allows no part to decide about it.
    if let Some(limit) = orders[0].layout.limit {
        query.typed.parameters.remove(limit - 1);
        query.typed.query.parameters.remove(limit - 1);
    }
    query.typed.query.shape = Some(Arc::new(shape));
    query.shaped_page = Some(page);
    Ok(Ok(query))
}

fn read_orders(query: &Finished, shape: &Shape) -> Result<Vec<InOrder>, Diagnostic> {
    let count = shape.orders.len().max(1);
    let orders = (0..count).map(|index| {
        let choices = shape.whole_in_order(index);
        let mut in_order = query.clone();
        in_order.typed.query.sql = join_segments(shape, choices);
        let layout = Layout::read(&in_order)?;
        refuse_parts(&in_order, shape, &layout, choices)?;
        let order = refuse::check_order(&in_order, index, &layout)?.clone();
        Ok(InOrder {
            query: in_order,
            layout,
            order,
            choices,
        })
    });
    orders.collect()
}

/// The text of a variant with the numbers of the shape's parameters.
fn join_segments(shape: &Shape, choices: Choices) -> WireSql {
    let mut sql = WireSql::default();
    let sent = shape.segments.iter();
    for segment in sent.filter(|segment| segment.when.holds(choices)) {
        sql.append(&segment.sql);
    }
    sql
}

/// The bits of the switches; there may be as many as a mask has.
pub(super) fn mask_switches(shape: &Shape) -> u64 {
    (0..shape.switches.len()).fold(0, |mask, bit| mask | 1 << bit)
}

/// The end of the statement is the page's own, so that no part may decide about it.
fn refuse_parts(
    query: &Finished,
    shape: &Shape,
    layout: &Layout,
    choices: Choices,
) -> Result<(), Diagnostic> {
    let switches = mask_switches(shape);
    let mut start = 0;
    let sent = shape.segments.iter();
    for segment in sent.filter(|segment| segment.when.holds(choices)) {
        let end = start + segment.sql.text.len();
        let has_switch = segment.when.sets().iter().any(|set| set & switches != 0);
        let behind = layout.body_end.clamp(start, end) - start;
        if has_switch && !words(&segment.sql.text[behind..]).is_empty() {
            return Err(refuse::in_part(query, segment.source));
        }
        start = end;
    }
    Ok(())
}

/// Describes one statement of the pages.
pub(super) async fn describe_one(
    connection: &mut PgConnection,
    query: &Finished,
    statement: Query,
    schema: &Schema,
) -> Result<Result<DescribedQuery, Diagnostic>, Failure> {
    let text = statement.sql.text.replace('\n', " ");
    let note = format!("the statement of a page is `{text}`");
    let (described, refused) = describe(connection, vec![statement], schema).await?;
    Ok(
        match (described.into_iter().next(), refused.into_iter().next()) {
            (Some(described), _) => Ok(described),
            (None, Some(refused)) => Err(refused.note(note)),
            (None, None) => Err(refuse::other_columns(query).note(note)),
        },
    )
}
