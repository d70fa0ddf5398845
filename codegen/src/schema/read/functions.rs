//! Functions and procedures.

use sqlx::{PgConnection, Row};

use super::attachments::{Attachments, take_row};
use super::conditions::as_read_back;
use super::row::{name, oid, rows};
use super::unnamed_arguments::with_positions;
use crate::schema::model::{Function, FunctionKind};

/// Functions and procedures, sorted; overloads by their argument types.
pub(super) async fn read(
    connection: &mut PgConnection,
    attachments: &mut Attachments,
) -> Result<Vec<Function>, sqlx::Error> {
    let rows = rows(connection, include_str!("functions.sql")).await?;
    let functions = rows.iter().map(|row| {
        Ok(Function {
            oid: oid(row, "oid")?,
            name: name(row)?,
            kind: if row.try_get("is_procedure")? {
                FunctionKind::Procedure
            } else {
                FunctionKind::Function
            },
            definition: with_positions(
                as_read_back(row.try_get("definition")?),
                &row.try_get::<Vec<i32>, _>("unnamed")?,
            ),
            signature: row.try_get("signature")?,
            security_definer: row.try_get("security_definer")?,
            settings: row.try_get("settings")?,
            attached: take_row(attachments, "pg_proc", row)?,
        })
    });
    let mut functions = functions.collect::<Result<Vec<_>, sqlx::Error>>()?;
    functions.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(functions)
}
