//! Relations: which columns can be NULL in the rows they store, and the queries of views.

use super::keys::CatalogKey;
use crate::catalog_query::{Planning, fetch_catalog_planned};
use crate::query::analysis::tree::{self, QueryTree};
use crate::report::Failure;
use sqlx::postgres::PgRow;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};
use std::collections::{HashMap, HashSet};

/// A relation of the catalog.
#[derive(Debug)]
pub(crate) struct CatalogRelation {
    pub(crate) name: String,
    /// How SQL names it: qualified and quoted where that is needed.
    pub(crate) sql_name: String,
    pub(crate) kind: TableKind,
    /// Whether rules can make a command return other rows than it wrote.
    pub(crate) has_rules: bool,
    /// Whether it, or a view that it is, has rules for INSERT, UPDATE or DELETE.
    pub(crate) rewrites: bool,
    /// Whether rows of other tables come too where it is not read with ONLY.
    pub(crate) has_children: bool,
    pub(crate) triggers: Triggers,
    /// The keys that identify a row; the primary key is the first.
    pub(crate) keys: Vec<CatalogKey>,
    /// The query of a view, if it was understood.
    pub(crate) view: Option<Box<QueryTree>>,
    /// The query of a view over the row that a statement wrote through it, which its conditions need not hold for.
    pub(crate) written: Option<Box<QueryTree>>,
    /// The query of a materialized view, if it was understood. No proof about NULL follows it: a constraint that was added after
    /// the last refresh says nothing of the rows that are kept.
    pub(crate) refreshed_by: Option<Box<QueryTree>>,
    /// By number.
    pub(crate) columns: HashMap<i32, CatalogColumn>,
}

impl CatalogRelation {
    /// Whether no row that the table stores, or returns of those it wrote, has NULL in the array in this column. Postgres
    /// checks a row after its triggers; a rule may return another one.
    pub(crate) fn elements_are_checked(&self, column: i32) -> bool {
        let column = self.columns.get(&column);
        let checked = column.is_some_and(|column| column.elements_checked);
        checked && self.kind == TableKind::Stored && !self.has_rules && !self.rewrites
    }
}

/// Whether triggers see each row before it is written, or instead of that, and may change or drop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Triggers {
    pub(crate) insert: bool,
    pub(crate) update: bool,
}

/// The kinds of relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableKind {
    /// It stores rows that Postgres checks.
    Stored,
    View,
    /// It keeps the rows of its last refresh.
    MaterializedView,
    /// Its rows are another server's.
    Foreign,
}

/// A column of a relation.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the catalog of its own"
)]
pub(crate) struct CatalogColumn {
    pub(crate) name: String,
    /// Whether it is NOT NULL in the relation itself.
    pub(crate) not_null: bool,
    /// Whether it is NOT NULL in all its children and partitions as well.
    pub(crate) not_null_below: bool,
    /// Whether it is an array and a CHECK, of it or of its domain, keeps NULL out of its elements.
    pub(crate) elements_checked: bool,
    /// Whether an INSERT has to give it a value: it is NOT NULL and nothing else fills it.
    pub(crate) required: bool,
    /// Whether it is generated from other columns, here or in a child or partition.
    pub(crate) generated: bool,
}

/// Reads relations by their OIDs.
pub(super) async fn read(
    connection: &mut PgConnection,
    oids: &HashSet<u32>,
) -> Result<HashMap<u32, CatalogRelation>, Failure> {
    let oids: Vec<Oid> = oids.iter().map(|oid| Oid(*oid)).collect();
    let sql = include_str!("relations.sql");
    let rows =
        fetch_catalog_planned(connection, sql, Planning::ByKeys, |query| query.bind(oids)).await;
    let tables = rows.and_then(|rows| rows.iter().map(table).collect());
    tables.map_err(Failure::connection("reading the relations of the queries"))
}

fn table(row: &PgRow) -> Result<(u32, CatalogRelation), sqlx::Error> {
    let oid: i64 = row.try_get("oid")?;
    let oid = u32::try_from(oid).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let view: Option<String> = row.try_get("view_tree")?;
    let kind = match row.try_get::<String, _>("kind")?.as_str() {
        "v" => TableKind::View,
        "m" => TableKind::MaterializedView,
        "f" => TableKind::Foreign,
        // Tables, partitioned tables and sequences, whose rows Postgres checks or writes itself.
        _ => TableKind::Stored,
    };
    let query = view.and_then(|text| tree::query_tree(&text)).map(Box::new);
    let (view, refreshed_by) = match kind {
        TableKind::MaterializedView => (None, query),
        _ => (query, None),
    };
    let table = CatalogRelation {
        name: row.try_get("name")?,
        sql_name: row.try_get("sql_name")?,
        kind,
        has_rules: row.try_get("has_rules")?,
        rewrites: row.try_get("rewrites")?,
        has_children: row.try_get("has_children")?,
        triggers: Triggers {
            insert: row.try_get("insert_triggers")?,
            update: row.try_get("update_triggers")?,
        },
        keys: Vec::new(),
        view,
        written: None,
        refreshed_by,
        columns: columns(row)?,
    };
    Ok((oid, table))
}

fn columns(row: &PgRow) -> Result<HashMap<i32, CatalogColumn>, sqlx::Error> {
    let numbers: Vec<i16> = row.try_get("numbers")?;
    let names: Vec<String> = row.try_get("names")?;
    let own: Vec<bool> = row.try_get("own")?;
    let proved: Vec<bool> = row.try_get("proved")?;
    let required: Vec<bool> = row.try_get("required")?;
    let checked: Vec<bool> = row.try_get("elements_checked")?;
    let generated: Vec<bool> = row.try_get("generated")?;
    let columns = numbers
        .into_iter()
        .zip(names.into_iter().zip(required))
        .zip(own.into_iter().zip(proved))
        .zip(checked.into_iter().zip(generated));
    Ok(columns
        .map(
            |(
                ((number, (name, required)), (not_null, not_null_below)),
                (elements_checked, generated),
            )| {
                let column = CatalogColumn {
                    name,
                    not_null,
                    not_null_below,
                    elements_checked,
                    required,
                    generated,
                };
                (i32::from(number), column)
            },
        )
        .collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use crate::database::ThrowawayDatabase;
    use sqlx::Row as _;
    use sqlx::postgres::types::Oid;
    use std::collections::HashSet;

    const TABLES: i64 = 200;

    /// Each with a trigger, a CHECK of its own, and one of a domain.
    const SCHEMA: &str = "
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE DOMAIN tags AS text[] CHECK (array_position(VALUE, NULL) IS NULL);
        DO $$ BEGIN
            FOR number IN 1 .. 200 LOOP
                EXECUTE format('CREATE TABLE t%s (own text[] CHECK (array_position(own, NULL) IS NULL), domains tags)', number);
                EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON t%s FOR EACH ROW EXECUTE FUNCTION touch()', number);
            END LOOP;
        END $$";

    #[tokio::test]
    async fn triggers_and_checks_are_not_all_read_for_each_relation() {
        let mut database = ThrowawayDatabase::empty(None).await.unwrap();
        let connection = &mut database.session.connection;
        sqlx::raw_sql(SCHEMA)
            .execute(&mut *connection)
            .await
            .unwrap();
        // The counts are of one transaction.
        sqlx::raw_sql("BEGIN")
            .execute(&mut *connection)
            .await
            .unwrap();
        let numbers = "SELECT oid FROM pg_class WHERE relname ~ '^t[0-9]+$'";
        let oids: Vec<Oid> = sqlx::query_scalar(numbers)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let oids: HashSet<u32> = oids.into_iter().map(|oid| oid.0).collect();
        let relations = super::read(connection, &oids).await.unwrap();
        let counted = "SELECT sum(seq_tup_read)::int8, sum(idx_scan)::int8 FROM pg_stat_xact_sys_tables \
             WHERE relname IN ('pg_trigger', 'pg_constraint')";
        let counted = sqlx::query(counted)
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        let (in_turn, by_index): (i64, i64) = (counted.get(0), counted.get(1));
        assert_eq!(relations.len(), usize::try_from(TABLES).unwrap());
        let is_known = |table: &super::CatalogRelation| {
            table.triggers.update && (1..=2).all(|column| table.elements_are_checked(column))
        };
        assert!(relations.values().all(is_known));
        assert!(
            by_index > TABLES,
            "{by_index} searches: nothing was counted"
        );
        assert!(
            in_turn < 4 * TABLES,
            "{in_turn} rows of triggers and constraints"
        );
        database.stop().await.unwrap();
    }
}
