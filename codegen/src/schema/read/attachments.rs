//! Comments, grants and dependencies of every object, read once and taken by the object they belong to.

use std::collections::{HashMap, HashSet};

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::row::{oid, rows};
use crate::catalog_query::{Planning, fetch_catalog_planned};
use crate::schema::model::{Attached, Grant, Number, ObjectId, Oid, PrivilegeChange};

/// An object of the catalog: its catalog's name, its number there, and 0 or a column's number.
pub(super) type CatalogId = (String, u32, i32);

/// The attachments that no object has taken yet, and the objects that have been read.
#[derive(Default)]
pub(super) struct Attachments {
    /// Comments that are not taken yet.
    pub(super) comments: HashMap<CatalogId, String>,
    /// Grants that are not taken yet.
    pub(super) grants: HashMap<CatalogId, Vec<Grant>>,
    needs: HashMap<CatalogId, Vec<ObjectId>>,
    reads: HashMap<CatalogId, Vec<ObjectId>>,
    /// Catalog and number of every object that a reader represents.
    pub(super) represented: HashSet<(String, u32)>,
}

/// Reads the attachments of all kinds of object.
pub(super) async fn load(connection: &mut PgConnection) -> Result<Attachments, sqlx::Error> {
    let mut attachments = Attachments::default();
    for row in rows(connection, include_str!("comments.sql")).await? {
        attachments
            .comments
            .insert(read_id(&row)?, row.try_get("comment")?);
    }
    for row in dependencies(connection, include_str!("needs.sql")).await? {
        attachments.needs.insert(read_id(&row)?, object_ids(&row)?);
    }
    for row in dependencies(connection, include_str!("reads.sql")).await? {
        attachments.reads.insert(read_id(&row)?, object_ids(&row)?);
    }
    for row in rows(connection, include_str!("grants.sql")).await? {
        let grantor = row.try_get("grantor")?;
        let grant = Grant {
            grantor,
            ..grant(&row)?
        };
        attachments
            .grants
            .entry(read_id(&row)?)
            .or_default()
            .push(grant);
    }
    Ok(attachments)
}

/// A large schema has tens of thousands.
async fn dependencies(
    connection: &mut PgConnection,
    query: &'static str,
) -> Result<Vec<PgRow>, sqlx::Error> {
    fetch_catalog_planned(connection, query, Planning::Whole, |query| query).await
}

/// The objects that a row with `needs` names.
fn object_ids(row: &PgRow) -> Result<Vec<ObjectId>, sqlx::Error> {
    let needs: Vec<String> = row.try_get("needs")?;
    let parse = |need: &String| {
        let unknown = || format!("`{need}` begins with no kind of object");
        ObjectId::parse(need).ok_or_else(|| sqlx::Error::Decode(unknown().into()))
    };
    needs.iter().map(parse).collect()
}

/// The grant that a row with `revoked`, `grantee`, `privileges` and `grantable` describes.
pub(super) fn grant(row: &PgRow) -> Result<Grant, sqlx::Error> {
    Ok(Grant {
        change: if row.try_get("revoked")? {
            PrivilegeChange::Revoke
        } else {
            PrivilegeChange::Grant
        },
        grantee: row.try_get("grantee")?,
        privileges: row.try_get("privileges")?,
        grantor: None,
        grantable: row.try_get("grantable")?,
    })
}

/// The part of a relation that is its row type.
const ROW_TYPE: i32 = -1;

/// Takes the attachments of one object, and notes that a reader represents the object.
pub(super) fn take(
    attachments: &mut Attachments,
    class: &str,
    object: Oid,
    owner: Option<String>,
) -> Attached {
    attachments.represented.insert((class.to_owned(), object.0));
    let row_type = (class.to_owned(), object.0, ROW_TYPE);
    Attached {
        owner,
        row_type_comment: attachments.comments.remove(&row_type),
        ..take_part(attachments, class, object, 0)
    }
}

/// [`take`] for the row of an owned object, from its columns `oid` and `owner`.
pub(super) fn take_row(
    attachments: &mut Attachments,
    class: &str,
    row: &PgRow,
) -> Result<Attached, sqlx::Error> {
    Ok(take(
        attachments,
        class,
        oid(row, "oid")?,
        row.try_get("owner")?,
    ))
}

/// Takes the attachments of one column.
pub(super) fn take_part(
    attachments: &mut Attachments,
    class: &str,
    object: Oid,
    part: i32,
) -> Attached {
    let id = (class.to_owned(), object.0, part);
    let mut grants = attachments.grants.remove(&id).unwrap_or_default();
    sort_grants(&mut grants);
    let mut needs = attachments.needs.remove(&id).unwrap_or_default();
    needs.sort();
    let mut reads = attachments.reads.remove(&id).unwrap_or_default();
    reads.sort();
    Attached {
        owner: None,
        comment: attachments.comments.remove(&id),
        row_type_comment: None,
        grants,
        needs,
        reads,
    }
}

/// Puts grants in the order in which they can be made: revocations first, so that a narrowed privilege is taken away before
/// it is given again, and the grants of a role after the one that lets it grant.
fn sort_grants(grants: &mut Vec<Grant>) {
    grants.sort_by_key(|grant| {
        let is_grant = grant.change == PrivilegeChange::Grant;
        (
            is_grant,
            grant.grantor.clone(),
            grant.grantee.clone(),
            grant.grantable,
        )
    });
    let mut left = std::mem::take(grants);
    // A grant needs the grantor's grant option, so each comes after the one that gives that.
    while !left.is_empty() {
        let may_grant = |grant: &Grant| match &grant.grantor {
            None => true,
            Some(grantor) => grants
                .iter()
                .any(|known| known.grantable && known.grantee == *grantor),
        };
        // Postgres has no circles here, but a grant must not be lost if there is one.
        let next = left.iter().position(may_grant).unwrap_or(0);
        grants.push(left.remove(next));
    }
}

fn read_id(row: &PgRow) -> Result<CatalogId, sqlx::Error> {
    let Number(object) = oid(row, "oid")?;
    Ok((row.try_get("class")?, object, row.try_get("part")?))
}
