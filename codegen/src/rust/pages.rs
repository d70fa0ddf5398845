//! The statements of a `:page` query as the pieces that its module has.

use super::names::rust_literal;
use super::query::is_numbered;
use super::statement_text::{statement_literal, with_name};
use super::types::TypeMap;
use super::view;
use crate::query::{Finished, Page, Seek};

/// The OID of `bigint`, which LIMIT takes.
pub(super) const INT8: u32 = 20;

/// The view of a query's pages, if it has any.
pub(super) fn view_pages(typed: &Finished, map: &TypeMap<'_>) -> Option<view::Pages> {
    let page = typed.page.as_ref()?;
    let own = || typed.parameters.iter().map(|parameter| parameter.type_oid);
    let seek = |seek: &Seek| {
        let keys = seek.keys.iter().filter_map(|key| page.keys.get(*key));
        let keys = keys.map(|key| key.type_oid);
        view::PageEnd {
            sql: statement_literal(&seek.sql),
            oids: write_oids(own().chain([INT8]).chain(keys), map),
        }
    };
    let end = |sql: &str| view::PageEnd {
        sql: statement_literal(sql),
        oids: write_oids(own().chain([INT8]), map),
    };
    let named = name_page(page, &typed.query.name);
    Some(view::Pages {
        constant: format!("{}_PAGES", typed.query.name.to_uppercase()),
        with: statement_literal(&named.with),
        select: statement_literal(&named.select),
        count: statement_literal(&named.count),
        rows: statement_literal(&page.rows),
        column_oids: write_oids(page.columns.iter().map(|column| column.type_oid), map),
        column_names: column_names(page),
        keys: write_keys(page),
        fingerprint: format!("{:#018x}", page.fingerprint),
        total_oids: write_oids(own(), map),
        first: end(&page.first),
        last: end(&page.last),
        after: page.after.iter().map(seek).collect(),
        before: page.before.iter().map(seek).collect(),
    })
}

/// The beginnings of the statements of pages, with the name of the query in the first that has a word.
pub(super) struct NamedPage {
    pub(super) with: String,
    pub(super) select: String,
    pub(super) count: String,
}

pub(super) fn name_page(page: &Page, name: &str) -> NamedPage {
    if page.with.is_empty() {
        return NamedPage {
            with: String::new(),
            select: with_name(&page.select, name),
            count: with_name(&page.count, name),
        };
    }
    NamedPage {
        with: with_name(&page.with, name),
        select: page.select.clone(),
        count: page.count.clone(),
    }
}

/// The view of the pages of a query with parts or orders, if it has any.
pub(super) fn view_shaped_pages(typed: &Finished) -> Option<view::ShapedPages> {
    let page = typed.shaped_page.as_ref()?;
    let orders = page.orders.iter().map(|order| {
        let key = order.keys.iter().map(|key| {
            let (column, nullable) = (key.column, key.nullable);
            format!("KeyColumn::new({column}, {nullable})")
        });
        let key: Vec<String> = key.collect();
        format!(
            "PageOrder {{ choice: {}, key: &[{}], parameter: {}, fingerprint: {:#018x} }}",
            order.choice,
            key.join(", "),
            order.parameter,
            order.fingerprint
        )
    });
    Some(view::ShapedPages {
        group: page.group,
        seeks: page.seeks,
        limit: typed.parameters.len(),
        orders: orders.collect(),
    })
}

/// The OIDs of the parameters that pages add to those of a query with parts or orders.
pub(super) fn added_oids(typed: &Finished) -> Vec<u32> {
    let page = typed.shaped_page.iter();
    let keys = page.flat_map(|page| {
        let keys = page.orders.iter().flat_map(|order| &order.keys);
        [INT8].into_iter().chain(keys.map(|key| key.type_oid))
    });
    keys.collect()
}

/// The column of an element's number: its name, and the OID of `int4`.
const ELEMENT: (&str, u32) = ("xact_element", 23);

/// The columns of the result by name and type, with those that are only there for cursors, or for the element of a slice.
pub(super) fn find_columns(typed: &Finished) -> Vec<(&str, u32)> {
    let plain = typed.page.as_ref().map(|page| &page.columns);
    let pages = plain.or(typed.shaped_page.as_ref().map(|page| &page.columns));
    match pages {
        Some(columns) => columns
            .iter()
            .map(|column| (column.name.as_str(), column.type_oid))
            .collect(),
        None => typed
            .columns
            .iter()
            .map(|column| (column.label.as_str(), column.type_oid))
            .chain(is_numbered(typed).then_some(ELEMENT))
            .collect(),
    }
}

/// `&[25, 20]`
pub(super) fn write_oids(oids: impl Iterator<Item = u32>, map: &TypeMap<'_>) -> String {
    let oids: Vec<String> = oids.map(|oid| map.stable_oid(oid).to_string()).collect();
    format!("&[{}]", oids.join(", "))
}

fn column_names(page: &Page) -> String {
    let columns = page.columns.iter();
    let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    rust_literal(&names.join(", "))
}

/// `0: false`: the column of each key, and whether it can be NULL.
fn write_keys(page: &Page) -> String {
    let keys = page.keys.iter();
    let keys: Vec<String> = keys
        .map(|key| format!("{}: {}", key.column, key.nullable))
        .collect();
    keys.join(", ")
}
