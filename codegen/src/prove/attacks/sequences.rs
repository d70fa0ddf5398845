//! Sequences: their values count the rows of all tenants, and whoever may set one decides about the ids of others.

use super::{read_probe, write_probe};
use crate::prove::probe::Probe;
use crate::sql::quote::quote_literal;

pub(super) fn list_uses(sequence: &str) -> Vec<Probe> {
    let object = format!("sequence {sequence}");
    let name = quote_literal(sequence);
    let mut probes = vec![
        read_probe(
            &object,
            "read",
            format!("SELECT last_value FROM {sequence}"),
        ),
        write_probe(
            &object,
            "nextval",
            format!("SELECT pg_catalog.nextval({name})"),
            true,
        ),
        write_probe(
            &object,
            "setval",
            format!("SELECT pg_catalog.setval({name}, 1)"),
            true,
        ),
    ];
    for probe in &mut probes {
        probe.is_vague = true;
        probe.is_watched = false;
    }
    probes
}
