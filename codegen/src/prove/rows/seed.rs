//! The seed file of a project, which adds the rows that cannot be inferred.
//!
//! It runs once for each tenant, as the owner. `current_setting('xact.tenant')` is the tenant's key there, `xact.user` a
//! user's, `xact.letter` is `a` or `b`, and `xact.TABLE` the primary key of a row of that tenant: `xact.organizations`.

use super::World;
use super::fill::Filled;
use crate::prove::tenants::Tenants;
use crate::report::source::SourceFile;
use crate::sql::quote::quote_literal;
use crate::sql::statements;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Runs the file for one tenant; gives the statement that Postgres refused, with its words.
pub(in crate::prove) async fn run_seed(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    filled: &mut Filled,
    world: World,
    file: &SourceFile,
) -> Result<Option<String>, sqlx::Error> {
    let settings = list_settings(tenants, filled, world);
    let texts = statements(&file.text)
        .into_iter()
        .map(|range| file.text[range].trim().to_owned());
    for sql in settings
        .into_iter()
        .chain(texts)
        .filter(|sql| !sql.is_empty())
    {
        let mut savepoint = connection.begin().await?;
        let ran = sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .execute(&mut *savepoint)
            .await;
        match ran {
            Ok(_) => savepoint.commit().await?,
            Err(sqlx::Error::Database(error)) => {
                savepoint.rollback().await?;
                return Ok(Some(format!("{} in `{sql}`", error.message())));
            }
            Err(error) => return Err(error),
        }
        filled.script.push(sql);
    }
    Ok(None)
}

fn list_settings(tenants: &Tenants<'_>, filled: &Filled, world: World) -> Vec<String> {
    let first = |key| filled.key_values(tenants, world, key).into_iter().next();
    let letter = if world == World::A { "a" } else { "b" };
    let mut settings = vec![("letter".to_owned(), Some(letter.to_owned()))];
    settings.push(("tenant".to_owned(), first(tenants.tenant)));
    settings.push(("user".to_owned(), tenants.user.and_then(first)));
    for (id, table) in tenants.tables.iter().enumerate() {
        let key = table
            .table
            .primary_key()
            .map(|key| table.table.columns_at(&key.columns));
        let column = key.and_then(|columns| columns.first().map(|column| column.name.clone()));
        let rows = filled.rows_in(id, world);
        let row = rows.iter().find(|row| row.world == world).or(rows.first());
        let value = column.and_then(|column| row?.texts.get(&column)?.clone());
        settings.push((table.table.name.name.clone(), value));
    }
    let written = settings.into_iter().filter_map(|(name, value)| {
        let name = quote_literal(&format!("xact.{name}"));
        Some(format!(
            "SELECT pg_catalog.set_config({name}, {}, true)",
            quote_literal(&value?)
        ))
    });
    written.collect()
}
