//! Facts beside the tables: statistics, catalogs and large objects.

use super::read_probe;
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
    (
        "large objects",
        "SELECT pg_catalog.convert_from(pg_catalog.lo_get(m.oid), 'UTF8') FROM pg_catalog.pg_largeobject_metadata m",
    ),
];

pub(super) fn list_reads() -> Vec<Probe> {
    let views = VIEWS.iter().map(|(operation, statement)| {
        let mut probe = read_probe("database", operation, (*statement).to_owned());
        // Statistics are gathered once, and say nothing of one row that comes or goes.
        probe.is_vague = true;
        probe
    });
    views.collect()
}
