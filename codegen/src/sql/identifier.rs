//! Names as a person writes them in SQL: in quotes only where they need any.

use super::quote::quote_identifier;

/// Words that may not be the name of a relation or column without quotes in at least one version of Postgres, or that begin an
/// expression of their own: the appendix "SQL Key Words", except "non-reserved".
const KEYWORDS: &str = " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both \
case cast char character check coalesce collate collation column concurrently constraint create cross current_catalog \
current_date current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc \
distinct do else end except exists extract false fetch float for foreign freeze from full grant graph_table greatest group \
grouping having ilike in initially inner inout int integer intersect interval into is isnull join json json_array \
json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral \
leading least left like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null \
nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references \
returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then \
time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with \
xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";

/// The name, in quotes unless it is plain and no keyword.
pub fn write_identifier(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    // Without quotes Postgres folds to lower case, so any other letter needs them.
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if starts && name.bytes().all(is_plain) && !KEYWORDS.contains(&format!(" {name} ")) {
        return name.to_owned();
    }
    quote_identifier(name)
}

#[cfg(test)]
mod tests {
    use super::write_identifier;

    #[test]
    fn only_names_that_need_quotes_have_them() {
        for plain in ["id", "_id2", "name", "values_of", "key", "date"] {
            assert_eq!(write_identifier(plain), plain);
        }
        let awkward = [
            "", "2nd", "Mixed", "order", "user", "coalesce", "a b", "é", "a$b", "xmltable", "with",
            "all",
        ];
        for awkward in awkward {
            assert_eq!(write_identifier(awkward), format!("\"{awkward}\""));
        }
        assert_eq!(write_identifier("a\"b"), "\"a\"\"b\"");
    }
}
