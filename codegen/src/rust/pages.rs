//! The statements of a `:page` query as the pieces that its module has.

use super::names::rust_literal;
use super::query::{statement_literal, with_name};
use super::types::TypeMap;
use super::view;
use crate::query::{Finished, Page, Seek};

/// The OID of `bigint`, which LIMIT takes.
const INT8: u32 = 20;

/// The view of a query's pages, if it has any.
pub(super) fn view_pages(typed: &Finished, map: &TypeMap<'_>) -> Option<view::Pages> {
    let page = typed.page.as_ref()?;
    let name = &typed.query.name;
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
    // The name is in the first piece that has a word.
    let (with, named) = if page.with.is_empty() {
        (String::new(), Some(name))
    } else {
        (with_name(&page.with, name), None)
    };
    let outer = |select: &str| {
        let select = named.map_or_else(|| select.to_owned(), |name| with_name(select, name));
        statement_literal(&select)
    };
    Some(view::Pages {
        constant: format!("{}_PAGES", name.to_uppercase()),
        with: statement_literal(&with),
        select: outer(&page.select),
        count: outer(&page.count),
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

/// `&[25, 20]`
pub(super) fn write_oids(oids: impl Iterator<Item = u32>, map: &TypeMap<'_>) -> String {
    let oids: Vec<String> = oids.map(|oid| map.stable_oid(oid).to_string()).collect();
    format!("&[{}]", oids.join(", "))
}

fn column_names(page: &Page) -> String {
    let names: Vec<&str> = page
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
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
