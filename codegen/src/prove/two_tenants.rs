//! The rows of both tenants, in the order in which they are made: those of all, those of the first, those of the other.

use super::attacks::LARGE_OBJECT;
use super::probe::{create_probe, note_rows};
use super::rows::{self, Filled, StoredRow, World};
use super::tenants::Tenants;
use crate::pipeline::Understood;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop, source};
use crate::schema::Schema;
use crate::schema::model::ViewKind;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// The rows of both tenants, and of the first alone.
pub(super) struct AllRows {
    pub(super) both: Vec<StoredRow>,
    pub(super) first: Vec<StoredRow>,
}

pub(super) async fn fill_all(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    schema: &Schema,
    filled: &mut Filled,
    seed: Option<&SourceFile>,
) -> Result<AllRows, Stop> {
    let failed = || Failure::connection("making two tenants");
    create_probe(connection).await?;
    rows::find_unreachable(connection, tenants, schema, filled)
        .await
        .map_err(failed())?;
    rows::create_reader(connection, tenants, filled)
        .await
        .map_err(failed())?;
    rows::fill_shared(connection, tenants, filled)
        .await
        .map_err(failed())?;
    let shared = rows::read_rows(connection, tenants, filled, &[], World::Shared)
        .await
        .map_err(failed())?;
    rows::fill_tenant(connection, tenants, World::A, filled)
        .await
        .map_err(failed())?;
    run_seed(connection, tenants, filled, World::A, seed).await?;
    refresh_views(connection, schema, filled)
        .await
        .map_err(failed())?;
    let first = rows::read_rows(connection, tenants, filled, &shared, World::A)
        .await
        .map_err(failed())?;
    rows::mark_other_tenant(connection)
        .await
        .map_err(failed())?;
    rows::fill_tenant(connection, tenants, World::B, filled)
        .await
        .map_err(failed())?;
    run_seed(connection, tenants, filled, World::B, seed).await?;
    refresh_views(connection, schema, filled)
        .await
        .map_err(failed())?;
    let object = format!("SELECT pg_catalog.lo_from_bytea(0, '{LARGE_OBJECT}')");
    for sql in [object].into_iter().chain(analyze_tables(schema)) {
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut *connection)
            .await
            .map_err(failed())?;
    }
    let both = rows::read_rows(connection, tenants, filled, &first, World::B)
        .await
        .map_err(failed())?;
    forget_filled(filled, &both);
    note_rows(connection, &both).await?;
    Ok(AllRows { both, first })
}

/// Statistics hold values of rows, so they are gathered as a database would by itself; not those of foreign tables, which the
/// servers that have their rows gather.
fn analyze_tables(schema: &Schema) -> impl Iterator<Item = String> {
    let tables = schema.tables.iter();
    let own = tables.filter(|table| table.foreign.is_none());
    own.map(|table| format!("ANALYZE {}", table.name.sql))
}

/// The seed file may have filled tables for which no row could be inferred.
fn forget_filled(filled: &mut Filled, rows: &[StoredRow]) {
    filled.unfilled.retain(|unfilled| {
        let mut rows = rows.iter();
        !rows.any(|row| row.table == unfilled.table && row.world == World::B)
    });
}

async fn run_seed(
    connection: &mut PgConnection,
    tenants: &Tenants<'_>,
    filled: &mut Filled,
    world: World,
    seed: Option<&SourceFile>,
) -> Result<(), Stop> {
    let Some(seed) = seed else {
        return Ok(());
    };
    let refused = rows::run_seed(connection, tenants, filled, world, seed).await;
    match refused.map_err(Failure::connection("running the seed file"))? {
        None => Ok(()),
        Some(reason) => {
            let diagnostic = crate::report::diagnostic::Diagnostic::in_file(
                "prove-configuration",
                &seed.path,
                None,
                reason,
            );
            let help = "the file runs once for each tenant: `current_setting('xact.tenant')` is the tenant's key, `xact.letter` is `a` or `b`";
            Err(Stop::Diagnostics(vec![diagnostic.help(help)]))
        }
    }
}

/// Materialized views hold the rows of the moment.
async fn refresh_views(
    connection: &mut PgConnection,
    schema: &Schema,
    filled: &mut Filled,
) -> Result<(), sqlx::Error> {
    for view in schema
        .views
        .iter()
        .filter(|view| view.kind != ViewKind::View)
    {
        let mut savepoint = connection.begin().await?;
        let sql = format!("REFRESH MATERIALIZED VIEW {}", view.name.sql);
        match sqlx::raw_sql(AssertSqlSafe(sql.clone()))
            .execute(&mut *savepoint)
            .await
        {
            Ok(_) => {
                savepoint.commit().await?;
                filled.script.push(sql);
            }
            Err(sqlx::Error::Database(_)) => savepoint.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

pub(super) fn read_seed(
    understood: &Understood,
) -> Result<Option<std::sync::Arc<SourceFile>>, Stop> {
    let Some(path) = &understood.project.config.prove.seed else {
        return Ok(None);
    };
    source::read(&understood.project.root, path.get_ref())
        .map(Some)
        .map_err(|_| {
            let message = format!("cannot read the seed file `{}`", path.get_ref());
            let found = super::tenants::report_at(&understood.project, path.span(), message);
            Stop::Diagnostics(vec![
                found.help("name a file of SQL, relative to the folder of xact.toml"),
            ])
        })
}
