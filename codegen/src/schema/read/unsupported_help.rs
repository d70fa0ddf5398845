//! Help about an object that schema.sql cannot represent: a table, from its kind to the help, with the SQL that removes it.

/// The kind of an object, or the beginning of it, and the help. `{kind}` is the rest of the kind and `{name}` the name, both
/// as SQL; of a constraint, `{part}` is its name and `{owner}` its table.
const HELP: &[(&str, &str)] = &[
    (
        "type",
        "a base type is written in C: let an extension create it, or drop it: `DROP TYPE {name} CASCADE`",
    ),
    (
        "language",
        "let an extension create it, such as `CREATE EXTENSION plpython3u`, or drop it: `DROP LANGUAGE {name} CASCADE`",
    ),
    (
        "operator",
        "only another operator names it, as its commutator or negator: create it, or drop it: `DROP OPERATOR {name}`",
    ),
    (
        "index",
        "it is not valid, because CREATE INDEX CONCURRENTLY failed or the indexes of some partitions are not attached: create it \
         again, after `DROP INDEX {name}`",
    ),
    (
        "disabled foreign key trigger of",
        "enable it again at the end of the migration: `ALTER TABLE {name} ENABLE TRIGGER ALL`",
    ),
    (
        "not valid",
        "the keys of some partitions are not attached: attach them with `ALTER INDEX … ATTACH PARTITION`, or drop it: \
         `ALTER TABLE {owner} DROP CONSTRAINT {part}`",
    ),
    (
        "owner of",
        "only a superuser can become the owner of such an object, and its owner is none any more: \
         `ALTER {kind} {name} OWNER TO CURRENT_USER`",
    ),
    (
        "plain",
        "the same column of a parent table is generated, and Postgres creates no table with a plain one beneath it: drop that \
         of the parent, and add it to the parent with another name: `ALTER TABLE … DROP COLUMN …`",
    ),
    (
        "unnamed arguments of",
        "Postgres prints all arguments without a name alike where others have one, so its body cannot be read back: give them names, \
         after `DROP {kind} {name}`",
    ),
    (
        "tablespace of",
        "where it is stored is up to the server, by its setting default_tablespace: `ALTER {kind} {name} SET TABLESPACE pg_default`",
    ),
    (
        "replica identity of",
        "schema.sql has the replica identity of tables only: `ALTER {kind} {name} REPLICA IDENTITY DEFAULT`",
    ),
    (
        "security label of",
        "label it outside the migrations, on the server that loads the provider of labels: `SECURITY LABEL ON {kind} {name} IS NULL`",
    ),
    (
        "comment on",
        "no migration created the object, so its comment is not part of the schema: `COMMENT ON {kind} {name} IS NULL`",
    ),
    (
        "large object",
        "load it with the data, outside the migrations: `SELECT lo_unlink({name})`",
    ),
    (
        "subscription",
        "subscribe outside the migrations, where the publisher can be reached: `DROP SUBSCRIPTION {name}`",
    ),
];

/// The help about an object of the kind and name.
pub(super) fn find_help(kind: &str, name: &str) -> String {
    let rest_of = |start: &str| {
        let rest = kind.strip_prefix(start)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
    };
    let entry = HELP
        .iter()
        .find_map(|(start, help)| Some((rest_of(start)?, *help)));
    let (kind, help) = entry.unwrap_or((kind, "drop it in a migration: `DROP {kind} {name}`"));
    // A constraint is named with its table: `c on t`.
    let (part, owner) = name.rsplit_once(" on ").unwrap_or((name, ""));
    help.replace("{kind}", &write_kind(kind))
        .replace("{part}", part)
        .replace("{owner}", owner)
        .replace("{name}", name)
}

/// The kind as statements spell it; `pg_identify_object` says whose column or constraint it is: `table column`.
fn write_kind(kind: &str) -> String {
    let of_relation = ["column", "constraint"];
    let last = kind.rsplit(' ').next().unwrap_or(kind);
    let kind = if of_relation.contains(&last) {
        last
    } else {
        kind
    };
    // Postgres spells `foreign-data wrapper` and `FOREIGN DATA WRAPPER`.
    kind.to_uppercase().replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::find_help;

    #[test]
    fn the_kind_begins_with_the_entry_and_only_whole_words_count() {
        assert!(find_help("index", "public.i").ends_with("`DROP INDEX public.i`"));
        assert!(
            find_help("disabled foreign key trigger of table", "public.a")
                .ends_with("`ALTER TABLE public.a ENABLE TRIGGER ALL`")
        );
        assert_eq!(
            find_help("typewriter", "w"),
            "drop it in a migration: `DROP TYPEWRITER w`"
        );
    }

    #[test]
    fn the_kind_is_written_as_sql_has_it() {
        let help = find_help("tablespace of materialized view", "public.m");
        assert!(help.ends_with("`ALTER MATERIALIZED VIEW public.m SET TABLESPACE pg_default`"));
        let help = find_help("comment on table column", "pg_catalog.pg_class.oid");
        assert!(help.ends_with("`COMMENT ON COLUMN pg_catalog.pg_class.oid IS NULL`"));
    }
}
