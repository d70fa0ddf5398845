//! Help about an object that schema.sql cannot represent: a table, from its kind to the help.

/// The kind of an object, or the beginning of it, and the help.
const REMEDIES: &[(&str, &str)] = &[
    (
        "type",
        "let an extension make it: a base type is written in C",
    ),
    (
        "language",
        "let an extension make it: `CREATE EXTENSION plpython3u`",
    ),
    (
        "operator",
        "create it: another operator names it as its commutator or negator",
    ),
    (
        "index",
        "it is not valid: drop it and create it again, or attach the indexes of all partitions",
    ),
    (
        "disabled foreign key trigger of",
        "enable it again in the same migration: `ALTER TABLE … ENABLE TRIGGER ALL`",
    ),
    (
        "privileges on table column",
        "revoke them: grant on a view of the system's table instead",
    ),
    (
        "tablespace of",
        "say where it is stored on the server: `default_tablespace`, or `ALTER TABLE … SET TABLESPACE` by hand",
    ),
    (
        "security label of",
        "label it where the provider of the labels is loaded, outside the migrations",
    ),
    (
        "large object",
        "load it with the data, outside the migrations",
    ),
    (
        "subscription",
        "subscribe where the publisher can be reached, outside the migrations",
    ),
];

/// The help about an object of the kind.
pub(super) fn remedy(kind: &str) -> &'static str {
    let fits = |(start, _): &&(&str, &str)| {
        kind.strip_prefix(start)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let entry = REMEDIES.iter().find(fits);
    entry.map_or("leave it out of the migrations", |(_, help)| help)
}

#[cfg(test)]
mod tests {
    use super::remedy;

    #[test]
    fn the_kind_begins_with_the_entry_and_only_whole_words_count() {
        assert!(remedy("index").contains("not valid"));
        assert!(remedy("disabled foreign key trigger of table").contains("ENABLE TRIGGER"));
        assert_eq!(remedy("typewriter"), "leave it out of the migrations");
    }
}
