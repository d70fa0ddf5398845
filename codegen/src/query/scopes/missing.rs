//! The privileges behind a refusal: Postgres names the table, not the privilege. And refusals of
//! statements that could not be tried, as far as these privileges are missing.

use super::MissingPrivilege;
use crate::catalog_query::fetch_catalog_with;
use crate::query::Authorised;
use crate::query::analysis::Typed;
use sqlx::postgres::types::Oid;
use sqlx::{PgConnection, Row as _};

/// The needs of queries that were refused or could not be tried, one column each, as parallel arrays.
#[derive(Default)]
struct Needs<'q> {
    /// Places in `open`.
    numbers: Vec<i32>,
    roles: Vec<&'q str>,
    relations: Vec<Oid>,
    privileges: Vec<&'static str>,
    columns: Vec<i16>,
}

/// Any column will do.
const ANY: i16 = -1;

/// Adds the missing privileges to each verdict that is not clear or a refusal.
pub(super) async fn add_missing_privileges(
    connection: &mut PgConnection,
    queries: &mut [Authorised],
) -> Result<(), sqlx::Error> {
    let mut open = Vec::new();
    let mut needs = Needs::default();
    for (index, query) in queries.iter().enumerate() {
        for (scope, verdict) in query.scopes.iter().enumerate() {
            let (Some(role), Some(_)) = (&verdict.role, &verdict.reason) else {
                continue;
            };
            needs.add_needs(i32::try_from(open.len()).unwrap_or(i32::MAX), role, query);
            open.push((index, scope));
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    let rows = fetch_catalog_with(connection, include_str!("missing.sql"), |query| {
        let query = query.bind(&needs.numbers).bind(&needs.roles);
        let query = query.bind(&needs.relations).bind(&needs.privileges);
        query.bind(&needs.columns)
    });
    let rows = rows.await?;
    for row in rows {
        let number = usize::try_from(row.try_get::<i32, _>("number")?).unwrap_or(usize::MAX);
        let Some((query, scope)) = open.get(number) else {
            continue;
        };
        let relation: String = row.try_get("relation")?;
        let privilege: String = row.try_get("privilege")?;
        let columns: Option<Vec<String>> = row.try_get("columns")?;
        let columns = columns.map_or_else(String::new, |names| format!(" ({})", names.join(", ")));
        let verdict = &mut queries[*query].scopes[*scope];
        verdict.allowed = false;
        verdict.missing.push(MissingPrivilege {
            privilege: privilege + &columns,
            relation,
            grantable: true,
        });
    }
    Ok(())
}

impl<'q> Needs<'q> {
    fn add_needs(&mut self, number: i32, role: &'q str, query: &'q Typed) {
        for privilege in query.tables.iter().flat_map(|tables| &tables.privileges) {
            let any = [ANY];
            let columns = match privilege.columns.as_slice() {
                [] => &any,
                columns => columns,
            };
            for column in columns {
                self.numbers.push(number);
                self.roles.push(role);
                self.relations.push(Oid(privilege.relation));
                self.privileges.push(privilege.kind);
                self.columns.push(*column);
            }
        }
    }
}
