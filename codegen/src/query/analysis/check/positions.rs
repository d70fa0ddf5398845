//! `FROM table AS t (a, b)` and `NATURAL JOIN`: SQL whose meaning depends on columns that it does not name. The positions of
//! a table's columns depend on the order of migrations, and a column that a migration adds to both tables becomes a
//! condition of their NATURAL JOIN.

use super::{CheckedQuery, place};
use crate::query::analysis::catalog::{CatalogRelation, TableKind};
use crate::query::analysis::tree::{self, FromItem, QueryTree, Relation, RelationKind};
use crate::report::diagnostic::Diagnostic;
use crate::sql::identifier;

pub(super) fn check(checked: &CheckedQuery<'_>, tree: &QueryTree) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    tree::every_query(tree, &mut |query| {
        for (number, relation) in (1..).zip(&query.relations) {
            let table = positions_of(checked, query, number, relation);
            diagnostics.extend(table.map(|table| by_position(checked, relation, table)));
        }
        for item in query.from.iter().flatten() {
            check_natural(checked, query, item, &mut diagnostics);
        }
    });
    diagnostics
}

/// The table whose columns a list of names counts; those of a view have the order that the view says.
fn positions_of<'t>(
    checked: &'t CheckedQuery<'_>,
    query: &QueryTree,
    number: usize,
    relation: &Relation,
) -> Option<&'t CatalogRelation> {
    if relation.renamed == 0 {
        return None;
    }
    let below = match relation.kind {
        RelationKind::Table { .. } => vec![number],
        RelationKind::Join(_) => relations_below(query, number)?,
        _ => return None,
    };
    let tables = below
        .into_iter()
        .filter_map(|number| match query.relation(number)?.kind {
            RelationKind::Table { oid, .. } => checked.catalog.tables.get(&oid),
            _ => None,
        });
    // Foreign tables count as well; their columns also have the order in which migrations added
    // them.
    let mut stored =
        tables.filter(|table| matches!(table.kind, TableKind::Stored | TableKind::Foreign));
    // One table is enough: the list of a join counts the columns of all of them.
    stored.next()
}

/// Refuses each NATURAL JOIN of a table. Other relations have the columns that the query or a view gives them.
fn check_natural(
    checked: &CheckedQuery<'_>,
    query: &QueryTree,
    item: &FromItem,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let FromItem::Join {
        left,
        right,
        natural,
        ..
    } = item
    else {
        return;
    };
    check_natural(checked, query, left, diagnostics);
    check_natural(checked, query, right, diagnostics);
    let is_table = |number: &usize| {
        let relation = query.relation(*number);
        relation.is_some_and(|relation| matches!(relation.kind, RelationKind::Table { .. }))
    };
    if !natural.is_empty() && item.relations().iter().any(is_table) {
        let span = place::keyword(&checked.typed.query, "NATURAL");
        let message = "NATURAL JOIN joins by every column name that the tables share, also by those of later migrations";
        let diagnostic = Diagnostic::error("columns-by-position", span, message);
        let names: Vec<String> = natural
            .iter()
            .map(|name| identifier::write_identifier(name))
            .collect();
        let help = format!("write `JOIN … USING ({})`", names.join(", "));
        diagnostics.push(diagnostic.help(help));
    }
}

/// The relations that a join, by its number, has on both sides.
fn relations_below(query: &QueryTree, join: usize) -> Option<Vec<usize>> {
    let items = query.from.as_ref()?;
    items
        .iter()
        .find_map(|item| find_join(item, join))
        .map(FromItem::relations)
}

fn find_join(item: &FromItem, join: usize) -> Option<&FromItem> {
    match item {
        FromItem::Relation(_) => None,
        FromItem::Join { relation, .. } if *relation == join => Some(item),
        FromItem::Join { left, right, .. } => {
            find_join(left, join).or_else(|| find_join(right, join))
        }
    }
}

fn by_position(
    checked: &CheckedQuery<'_>,
    relation: &Relation,
    table: &CatalogRelation,
) -> Diagnostic {
    let span = place::call(&checked.typed.query, &relation.name);
    let message = format!(
        "these names count the columns of `{}`, whose order depends on that of the migrations",
        table.name
    );
    let help = match relation.kind {
        RelationKind::Table { .. } => {
            format!("name them in a subquery: `{}`", subquery(relation, table))
        }
        _ => "rename the columns in the SELECT list: `t.a AS b`".to_owned(),
    };
    Diagnostic::error("columns-by-position", span, message).help(help)
}

/// `(SELECT id AS a FROM table) AS t`
fn subquery(relation: &Relation, table: &CatalogRelation) -> String {
    let columns = relation.existing_columns().filter_map(|(number, name)| {
        // By number, because the relation's names are those of the alias list.
        let own = &table.columns.get(&number)?.name;
        let (column, alias) = (
            identifier::write_identifier(own),
            identifier::write_identifier(name),
        );
        Some(if own == name {
            column
        } else {
            format!("{column} AS {alias}")
        })
    });
    let columns: Vec<String> = columns.collect();
    format!(
        "(SELECT {} FROM {}) AS {}",
        columns.join(", "),
        table.sql_name,
        relation.name
    )
}
