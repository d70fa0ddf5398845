//! The orders of a query's pages, with the keys of their cursors.

use crate::query::{self, Finished, TypeCatalog};
use serde::Serialize;

/// An order of a query's pages.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedPageOrder {
    /// Its name, if the query names its orders.
    pub order: Option<String>,
    /// The elements of ORDER BY, whose values are in each cursor.
    pub key: Vec<ExplainedPageKey>,
    /// Why they identify a row.
    pub evidence: String,
}

/// An element of ORDER BY.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedPageKey {
    /// As written, with its direction.
    pub sql: String,
    /// As SQL names its type.
    pub pg_type: String,
    /// Whether it can be NULL.
    pub nullable: bool,
}

/// The orders of the pages of a query, each with its key.
pub(super) fn list_page_orders(typed: &Finished, catalog: &TypeCatalog) -> Vec<ExplainedPageOrder> {
    let key = |key: &query::PageKey| ExplainedPageKey {
        sql: key.written.clone(),
        pg_type: catalog
            .get(key.type_oid)
            .map_or("?", |found| &found.sql_name)
            .to_owned(),
        nullable: key.nullable,
    };
    let plain = typed.page.iter().map(|page| ExplainedPageOrder {
        order: None,
        key: page.keys.iter().map(key).collect(),
        evidence: page.evidence.clone(),
    });
    let shaped = typed.shaped_page.iter().flat_map(|page| &page.orders);
    let shaped = shaped.enumerate().map(|(index, order)| ExplainedPageOrder {
        order: typed
            .query
            .shape
            .as_ref()
            .and_then(|shape| Some(shape.orders.get(index)?.name.clone())),
        key: order.keys.iter().map(key).collect(),
        evidence: order.evidence.clone(),
    });
    plain.chain(shaped).collect()
}
