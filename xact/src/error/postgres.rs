//! An error of Postgres as text that holds no value of a row or parameter.
//!
//! Postgres's message may quote one: `invalid input syntax for type integer: "…"`. Which messages do is known by their SQLSTATE:
//! appendix "`PostgreSQL` Error Codes" of its manual. A message that is not known to be without values is left out, in favour of
//! the name of its condition and of the objects that it is about. [`Error::database_message`](super::Error::database_message)
//! has it.

use std::fmt;

use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

/// Classes whose messages name objects of the schema, settings, limits and processes, but no values.
const WITHOUT_VALUES: &[&str] = &[
    "01", // warning
    "08", // connection exception
    "0A", // feature not supported
    "21", // cardinality violation
    "23", // integrity constraint violation: the values are in the detail
    "25", // invalid transaction state
    "26", // invalid SQL statement name
    "28", // invalid authorization
    "2D", // invalid transaction termination
    "34", // invalid cursor name
    "3B", // savepoint exception
    "3D", // invalid catalog name
    "40", // transaction rollback
    "44", // WITH CHECK OPTION violation
    "53", // insufficient resources
    "54", // program limit exceeded
    "55", // object not in prerequisite state
    "57", // operator intervention
    "58", // system error
    "XX", // internal error
];

/// Classes whose messages quote the statement, if they point at a place in it.
const ABOUT_THE_STATEMENT: &[&str] = &["22", "42"];

/// Conditions of other classes whose messages hold no values either: text that is too long, division by zero, privileges and
/// row-level policies.
const CODES_WITHOUT_VALUES: &[&str] = &["22001", "22012", "42501"];

/// The routine of PL/pgSQL's RAISE, whose message is the project's own, whatever its SQLSTATE.
const RAISE: &str = "exec_stmt_raise";

/// Writes the message, or the name of its condition.
pub(super) fn write_without_values(
    error: &PgDatabaseError,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    if has_no_values(error) {
        return f.write_str(error.message());
    }
    match find_condition(error.code()) {
        Some(name) => write!(f, "{name} (SQLSTATE {})", error.code())?,
        None => write!(f, "SQLSTATE {}", error.code())?,
    }
    for (kind, name) in [
        ("table", error.table()),
        ("column", error.column()),
        ("type", error.data_type()),
        ("constraint", error.constraint()),
    ] {
        if let Some(name) = name {
            write!(f, ", {kind} \"{name}\"")?;
        }
    }
    f.write_str(": the message may hold values, and is in `Error::database_message`")
}

fn has_no_values(error: &PgDatabaseError) -> bool {
    let code = error.code();
    let class = code.get(..2).unwrap_or_default();
    let quotes_statement = matches!(error.position(), Some(PgErrorPosition::Original(_)));
    // RAISE first: a function may give its message any SQLSTATE, also one of a class that is known to be safe.
    error.routine() != Some(RAISE)
        && (WITHOUT_VALUES.contains(&class)
            || CODES_WITHOUT_VALUES.contains(&code)
            || is_missing_role(error)
            || (quotes_statement && ABOUT_THE_STATEMENT.contains(&class)))
}

/// SET ROLE reports a role that does not exist as an invalid value (22023); the name of a role is part of the schema.
fn is_missing_role(error: &PgDatabaseError) -> bool {
    let message = error.message();
    error.code() == "22023"
        && message.starts_with("role \"")
        && message.ends_with("\" does not exist")
}

/// The name of a condition, as the appendix has it, of those that a query may meet.
fn find_condition(code: &str) -> Option<&'static str> {
    let found = CONDITIONS.binary_search_by_key(&code, |(code, _)| code);
    found.ok().map(|index| CONDITIONS[index].1)
}

/// In order of the codes, for the binary search above; a test keeps the order.
const CONDITIONS: &[(&str, &str)] = &[
    ("0A000", "feature_not_supported"),
    ("21000", "cardinality_violation"),
    ("22000", "data_exception"),
    ("22001", "string_data_right_truncation"),
    ("22003", "numeric_value_out_of_range"),
    ("22004", "null_value_not_allowed"),
    ("22007", "invalid_datetime_format"),
    ("22008", "datetime_field_overflow"),
    ("22009", "invalid_time_zone_displacement_value"),
    ("2200D", "invalid_escape_octet"),
    ("2200G", "most_specific_type_mismatch"),
    ("2200H", "sequence_generator_limit_exceeded"),
    ("2200L", "not_an_xml_document"),
    ("2200M", "invalid_xml_document"),
    ("2200N", "invalid_xml_content"),
    ("2200S", "invalid_xml_comment"),
    ("2200T", "invalid_xml_processing_instruction"),
    ("22010", "invalid_indicator_parameter_value"),
    ("22011", "substring_error"),
    ("22012", "division_by_zero"),
    ("22013", "invalid_preceding_or_following_size"),
    ("22014", "invalid_argument_for_ntile_function"),
    ("22015", "interval_field_overflow"),
    ("22016", "invalid_argument_for_nth_value_function"),
    ("22018", "invalid_character_value_for_cast"),
    ("22019", "invalid_escape_character"),
    ("2201B", "invalid_regular_expression"),
    ("2201E", "invalid_argument_for_logarithm"),
    ("2201F", "invalid_argument_for_power_function"),
    ("2201G", "invalid_argument_for_width_bucket_function"),
    ("2201W", "invalid_row_count_in_limit_clause"),
    ("2201X", "invalid_row_count_in_result_offset_clause"),
    ("22021", "character_not_in_repertoire"),
    ("22023", "invalid_parameter_value"),
    ("22025", "invalid_escape_sequence"),
    ("22026", "string_data_length_mismatch"),
    ("2202E", "array_subscript_error"),
    ("2202G", "invalid_tablesample_repeat"),
    ("2202H", "invalid_tablesample_argument"),
    ("22030", "duplicate_json_object_key_value"),
    ("22031", "invalid_argument_for_sql_json_datetime_function"),
    ("22032", "invalid_json_text"),
    ("22033", "invalid_sql_json_subscript"),
    ("22034", "more_than_one_sql_json_item"),
    ("22035", "no_sql_json_item"),
    ("22036", "non_numeric_sql_json_item"),
    ("22037", "non_unique_keys_in_a_json_object"),
    ("22038", "singleton_sql_json_item_required"),
    ("22039", "sql_json_array_not_found"),
    ("2203A", "sql_json_member_not_found"),
    ("2203B", "sql_json_number_not_found"),
    ("2203C", "sql_json_object_not_found"),
    ("2203D", "too_many_json_array_elements"),
    ("2203E", "too_many_json_object_members"),
    ("2203F", "sql_json_scalar_required"),
    ("2203G", "sql_json_item_cannot_be_cast_to_target_type"),
    ("22P01", "floating_point_exception"),
    ("22P02", "invalid_text_representation"),
    ("22P03", "invalid_binary_representation"),
    ("22P04", "bad_copy_file_format"),
    ("22P05", "untranslatable_character"),
    ("22P06", "nonstandard_use_of_escape_character"),
    ("38000", "external_routine_exception"),
    ("39000", "external_routine_invocation_exception"),
    ("3F000", "invalid_schema_name"),
    ("42601", "syntax_error"),
    ("42602", "invalid_name"),
    ("42622", "name_too_long"),
    ("42703", "undefined_column"),
    ("42704", "undefined_object"),
    ("42710", "duplicate_object"),
    ("42725", "ambiguous_function"),
    ("42804", "datatype_mismatch"),
    ("42809", "wrong_object_type"),
    ("42846", "cannot_coerce"),
    ("42883", "undefined_function"),
    ("428C9", "generated_always"),
    ("42P01", "undefined_table"),
    ("42P02", "undefined_parameter"),
    ("42P18", "indeterminate_datatype"),
    ("44000", "with_check_option_violation"),
    ("P0000", "plpgsql_error"),
    ("P0001", "raise_exception"),
    ("P0002", "no_data_found"),
    ("P0003", "too_many_rows"),
    ("P0004", "assert_failure"),
];

#[cfg(test)]
mod tests {
    use super::CONDITIONS;

    #[test]
    fn conditions_are_in_order() {
        assert!(CONDITIONS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
