//! The tables that customers have to do with, read from the catalog so that a new one cannot be forgotten.

use xact::sqlx::postgres::PgRow;
use xact::sqlx::{PgConnection, Row as _, query};

use database::types::OrganizationId;

use super::{Someone, texts};

/// Tables whose `user_id` does not keep a row from the user's coworkers.
const SHARED_AMONG_COWORKERS: [&str; 1] = ["memberships"];

/// A table, and the privileges of customers on its columns. The names are quoted.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) readable: Vec<String>,
    pub(crate) insertable: Vec<String>,
    pub(crate) updatable: Vec<String>,
    pub(crate) deletable: bool,
}

/// The tables whose rows belong to an organization or user.
pub(crate) async fn tables_of_customers(owner: &mut PgConnection) -> Vec<Table> {
    let tables: Vec<Table> = query(include_str!("tables.sql"))
        .map(|row: PgRow| Table {
            name: row.get("name"),
            columns: row.get("columns"),
            readable: row.get("readable"),
            insertable: row.get("insertable"),
            updatable: row.get("updatable"),
            deletable: row.get("deletable"),
        })
        .fetch_all(owner)
        .await
        .unwrap();
    assert!(
        tables.len() > 5,
        "the catalog has too few tables: {tables:?}"
    );
    tables
}

impl Table {
    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    /// Whether a row is of one user, and not for the coworkers to see.
    pub(crate) fn is_personal(&self) -> bool {
        self.has("user_id") && !SHARED_AMONG_COWORKERS.contains(&self.name.as_str())
    }

    /// The condition for a row to be of the organization, whoever in it may see it.
    pub(crate) fn of_organization(&self, organization: &OrganizationId) -> String {
        if self.has("organization_id") {
            return format!("organization_id = '{organization}'");
        }
        match self.name.as_str() {
            "organizations" => format!("id = '{organization}'"),
            "users" => format!(
                "id IN (SELECT user_id FROM memberships WHERE organization_id = '{organization}')"
            ),
            name => panic!("customers have privileges on {name}: say here whose rows are whose"),
        }
    }

    /// The condition for a row to be one that someone may see.
    pub(crate) fn visible_to(&self, who: Someone) -> String {
        let of_organization = self.of_organization(&who.organization());
        if self.is_personal() {
            format!("{of_organization} AND user_id = '{}'", who.user())
        } else {
            of_organization
        }
    }

    /// The columns that customers may read, of the rows that fulfil a condition.
    pub(crate) async fn rows(&self, connection: &mut PgConnection, condition: &str) -> Vec<String> {
        let Self { name, readable, .. } = self;
        let columns = readable.join(", ");
        let sql = format!("SELECT ROW({columns})::text FROM {name} WHERE {condition} ORDER BY 1");
        texts(connection, sql).await
    }

    /// The query for every row that someone may not see, as the superuser. It says where and by which transaction each row was
    /// written, so that even one rewritten as it was differs.
    pub(crate) fn others_than(&self, who: Someone) -> String {
        let Self { name, columns, .. } = self;
        let columns = columns.join(", ");
        let visible = self.visible_to(who);
        format!(
            "SELECT ROW('{name}', ctid, xmin, {columns})::text FROM {name} WHERE ({visible}) IS NOT TRUE"
        )
    }
}
