//! Values of every type, by trying texts, and the values in the rows.

use std::collections::{BTreeMap, HashMap};

use fastrand::Rng;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use xact_codegen::query::analysis::Typed;
use xact_codegen::schema::model::Table;

/// The texts of one row by column.
pub(super) type Texts = BTreeMap<String, Option<String>>;

/// Texts among which most types and checks find a value that they take, and one that they refuse.
const TEXTS: &[&str] = &[
    "1",
    "2",
    "3",
    "0",
    "-1",
    "7",
    // More numbers than there are rows, so that some are free.
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "true",
    "false",
    "w1",
    "w-1",
    "w_1",
    "w2",
    "w3",
    "w4",
    "w5",
    "Q x",
    "2024-01-01",
    "2030-06-01 10:00+00",
    "{}",
    "[]",
    "{\"a\": 1}",
    "00000000-0000-0000-0000-000000000001",
    "1.5",
    "10.0.0.1",
    "(1,2)",
    "[1,5)",
    "[3,9)",
    "",
    "one hour",
    "1 hour",
];

/// Whether a text is a value of a type; such a function of Postgres's own is there since 16.
const CASTABLE: &str = "CREATE FUNCTION pg_temp.castable(value text, type text) RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN EXECUTE format('SELECT %L::%s', value, type); RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $$";

/// The values known so far.
pub(super) struct Values {
    /// Texts to try: those below, and the literals of the queries, which their conditions compare with.
    texts: Vec<String>,
    by_type: HashMap<String, Vec<String>>,
    /// The rows of each table, by its SQL.
    pub(super) rows: HashMap<String, Vec<Texts>>,
}

impl Values {
    pub(super) async fn new(connection: &mut PgConnection, queries: &[Typed]) -> Self {
        sqlx::raw_sql(CASTABLE).execute(connection).await.unwrap();
        let literals = queries.iter().flat_map(|query| {
            let parts = query.query.sql.text.split('\'');
            parts.skip(1).step_by(2).map(str::to_owned)
        });
        let texts = TEXTS.iter().map(|text| (*text).to_owned());
        Self {
            texts: texts.chain(literals).collect(),
            by_type: HashMap::new(),
            rows: HashMap::new(),
        }
    }

    /// Finds out which texts are values of a type.
    pub(super) async fn learn_type(&mut self, connection: &mut PgConnection, type_sql: &str) {
        if self.by_type.contains_key(type_sql) {
            return;
        }
        let mut texts = self.texts.clone();
        let labels = "SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype($1)";
        let labels = sqlx::query_scalar(labels).bind(type_sql);
        texts.extend(labels.fetch_all(&mut *connection).await.unwrap());
        let sql = "SELECT t FROM unnest($1::text[]) t WHERE pg_temp.castable(t, $2)";
        let query = sqlx::query_scalar(sql).bind(texts).bind(type_sql);
        let values: Vec<String> = query.fetch_all(connection).await.unwrap();
        self.by_type.insert(type_sql.to_owned(), values);
    }

    /// Reads the rows of a table.
    pub(super) async fn read_rows(&mut self, connection: &mut PgConnection, table: &Table) {
        let columns = table.columns.iter();
        let texts: Vec<String> = columns
            .map(|column| format!("{}::text", column.sql))
            .collect();
        let sql = format!("SELECT {} FROM {}", texts.join(", "), table.name.sql);
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await;
        let row = |row: &sqlx::postgres::PgRow| -> Texts {
            let columns = table.columns.iter().enumerate();
            columns
                .map(|(index, column)| (column.name.clone(), row.get(index)))
                .collect()
        };
        let rows = rows.unwrap().iter().map(row).collect();
        self.rows.insert(table.name.sql.clone(), rows);
    }

    /// A value of a type; none if no text is one.
    pub(super) fn choose(&self, type_sql: &str, rng: &mut Rng) -> Option<String> {
        rng.choice(self.by_type.get(type_sql)?).cloned()
    }

    /// A row of a table.
    pub(super) fn choose_row(&self, table: &str, rng: &mut Rng) -> Option<&Texts> {
        rng.choice(self.rows.get(table)?)
    }

    /// A value that some row has in a column of this name.
    pub(super) fn choose_of_column(&self, name: &str, rng: &mut Rng) -> Option<String> {
        let mut rows: Vec<&Texts> = self.rows.values().flatten().collect();
        // The order of a hash map differs between runs, and a seed must not.
        rows.sort();
        let values = rows.into_iter().filter_map(|row| row.get(name)?.clone());
        let values: Vec<String> = values.collect();
        rng.choice(&values).cloned()
    }
}

/// A value as SQL.
pub(super) fn write(value: Option<&String>, type_sql: &str) -> String {
    match value {
        None => format!("NULL::{type_sql}"),
        Some(text) => format!(
            "E'{}'::{type_sql}",
            text.replace('\\', "\\\\").replace('\'', "\\'")
        ),
    }
}
