//! Facts beside the tables: statistics, catalogs and large objects.

use super::functions::Callable;
use super::{AttackStage, Targets, read_probe};
use crate::prove::probe::Probe;

/// Views of Postgres that hold values of rows, or texts of statements.
const VIEWS: &[(&str, &str)] = &[
    ("statistics", "SELECT * FROM pg_catalog.pg_stats"),
    ("statistics", "SELECT * FROM pg_catalog.pg_stats_ext"),
    ("statistics", "SELECT * FROM pg_catalog.pg_stats_ext_exprs"),
    ("statistics", "SELECT * FROM pg_catalog.pg_statistic"),
    (
        "statistics",
        "SELECT * FROM pg_catalog.pg_statistic_ext_data",
    ),
    ("activity", "SELECT * FROM pg_catalog.pg_prepared_xacts"),
    ("activity", "SELECT * FROM pg_catalog.pg_cursors"),
    ("large objects", "SELECT * FROM pg_catalog.pg_largeobject"),
    ("large objects", LARGE_OBJECTS),
];

const LARGE_OBJECTS: &str = "SELECT pg_catalog.convert_from(pg_catalog.lo_get(m.oid), 'UTF8') FROM pg_catalog.pg_largeobject_metadata m";

/// The word in every large object of the other tenant.
pub(in crate::prove) const LARGE_OBJECT: &str = "bfeed9999999";

/// The functions that create a large object.
const CREATORS: &[&str] = &["lo_create", "lo_creat", "lo_from_bytea", "lo_import"];

pub(super) fn list_reads(stage: &AttackStage<'_>, targets: &Targets<'_>) -> Vec<Probe> {
    let views = VIEWS.iter().map(|(operation, statement)| {
        let mut probe = read_probe("database", operation, (*statement).to_owned());
        // Statistics are gathered once, and say nothing of one row that comes or goes.
        probe.is_vague = true;
        probe
    });
    views.chain(read_created(stage, targets)).collect()
}

/// Reads the large objects that the other tenant created. The role of the scope owns them all, and Postgres has no policies for
/// them (<https://www.postgresql.org/docs/current/lo-implementation.html>).
fn read_created(stage: &AttackStage<'_>, targets: &Targets<'_>) -> Option<Probe> {
    let mut before = stage.other?.prologue.clone();
    before.push(format!(
        "SELECT pg_catalog.lo_from_bytea(0, '{LARGE_OBJECT}')"
    ));
    let operation = if creates_objects(targets) {
        CREATED
    } else {
        CREATABLE
    };
    // One object that the role may not read would end the statement.
    let own = format!(
        "{LARGE_OBJECTS} WHERE pg_catalog.pg_get_userbyid(m.lomowner) OPERATOR(pg_catalog.=) CURRENT_USER"
    );
    let mut probe = read_probe("database", operation, own);
    probe.before = before;
    probe.is_vague = true;
    Some(probe)
}

/// Reads of large objects that queries of the scope create.
const CREATED: &str = "created large objects";

/// Reads of large objects that the role may create, and no query of the scope does.
pub(in crate::prove) const CREATABLE: &str = "large objects it may create";

/// Whether a statement of the scope names a function that creates one. A word in a comment is enough: a leak too many is seen, one
/// too few is not.
fn creates_objects(targets: &Targets<'_>) -> bool {
    let mut texts = targets
        .queries
        .iter()
        .map(|query| query.query.sql.text.as_str())
        .chain(targets.functions.iter().map(Callable::body));
    texts.any(|text| CREATORS.iter().any(|name| text.contains(name)))
}
