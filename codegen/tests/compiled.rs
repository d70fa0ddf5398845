//! All expected Rust of the cases, compiled with this test.

use crate::cases;

/// Declares the module of each case, and remembers its name.
macro_rules! compiled {
    ($($path:literal $name:ident)*) => {
        const COMPILED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[path = $path]
            pub(crate) mod $name;
        )*
    };
}

compiled! {
    "cases/a_batch_keeps_the_joins_as_written/src/orm/mod.rs" a_batch_keeps_the_joins_as_written
    "cases/a_batch_that_reads_gives_the_rows_of_each_element/src/orm/mod.rs" a_batch_that_reads_gives_the_rows_of_each_element
    "cases/a_comment_above_the_name_is_the_documentation/src/orm/mod.rs" a_comment_above_the_name_is_the_documentation
    "cases/a_composite_may_have_a_type_of_the_project_beside_dates_of_chrono/src/orm/mod.rs" a_composite_may_have_a_type_of_the_project_beside_dates_of_chrono
    "cases/a_down_file_without_its_up_file_is_a_warning/src/orm/mod.rs" a_down_file_without_its_up_file_is_a_warning
    "cases/a_feature_that_is_not_enabled_is_a_warning/src/orm/mod.rs" a_feature_that_is_not_enabled_is_a_warning
    "cases/a_parameter_alone_in_a_list_is_an_array/src/orm/mod.rs" a_parameter_alone_in_a_list_is_an_array
    "cases/a_parameter_with_a_mark_is_an_option/src/orm/mod.rs" a_parameter_with_a_mark_is_an_option
    "cases/a_patch_tells_keep_from_null/src/orm/mod.rs" a_patch_tells_keep_from_null
    "cases/a_project_without_queries_has_a_schema/src/orm/mod.rs" a_project_without_queries_has_a_schema
    "cases/a_relation_that_is_embedded_is_a_row_in_the_row/src/orm/mod.rs" a_relation_that_is_embedded_is_a_row_in_the_row
    "cases/a_row_cast_to_a_composite_is_its_struct/src/orm/mod.rs" a_row_cast_to_a_composite_is_its_struct
    "cases/a_scope_may_run_a_query_if_it_may_run_each_variant/src/orm/mod.rs" a_scope_may_run_a_query_if_it_may_run_each_variant
    "cases/a_skipped_query_has_no_function/src/orm/mod.rs" a_skipped_query_has_no_function
    "cases/a_slice_travels_as_one_statement/src/orm/mod.rs" a_slice_travels_as_one_statement
    "cases/a_star_is_sent_as_the_columns_it_means/src/orm/mod.rs" a_star_is_sent_as_the_columns_it_means
    "cases/a_text_search_vector_is_read_with_its_table/src/orm/mod.rs" a_text_search_vector_is_read_with_its_table
    "cases/a_value_has_one_type_whichever_way_it_came/src/orm/mod.rs" a_value_has_one_type_whichever_way_it_came
    "cases/an_alias_may_name_the_rust_type/src/orm/mod.rs" an_alias_may_name_the_rust_type
    "cases/an_optional_filter_needs_no_cast/src/orm/mod.rs" an_optional_filter_needs_no_cast
    "cases/an_order_that_identifies_a_row_has_pages/src/orm/mod.rs" an_order_that_identifies_a_row_has_pages
    "cases/annotations_document_columns_and_type_json/src/orm/mod.rs" annotations_document_columns_and_type_json
    "cases/anonymous_rows_become_tuples/src/orm/mod.rs" anonymous_rows_become_tuples
    "cases/array_parameters_may_hold_null/src/orm/mod.rs" array_parameters_may_hold_null
    "cases/arrays_of_domains_and_citext_are_cast/src/orm/mod.rs" arrays_of_domains_and_citext_are_cast
    "cases/arrays_say_what_their_elements_are/src/orm/mod.rs" arrays_say_what_their_elements_are
    "cases/arrays_without_null_elements_are_plain_vectors/src/orm/mod.rs" arrays_without_null_elements_are_plain_vectors
    "cases/awkward_names_become_rust_names/src/orm/mod.rs" awkward_names_become_rust_names
    "cases/changing_every_row_without_saying_so_is_a_warning/src/orm/mod.rs" changing_every_row_without_saying_so_is_a_warning
    "cases/comparing_with_null_is_a_warning/src/orm/mod.rs" comparing_with_null_is_a_warning
    "cases/crlf_byte_order_marks_and_comments_do_no_harm/src/orm/mod.rs" crlf_byte_order_marks_and_comments_do_no_harm
    "cases/dates_and_numbers_are_those_of_the_chosen_crates/src/orm/mod.rs" dates_and_numbers_are_those_of_the_chosen_crates
    "cases/dates_in_json_may_be_those_of_jiff/src/orm/mod.rs" dates_in_json_may_be_those_of_jiff
    "cases/dates_may_be_those_of_jiff/src/orm/mod.rs" dates_may_be_those_of_jiff
    "cases/derives_and_names_of_rows_are_chosen/src/orm/mod.rs" derives_and_names_of_rows_are_chosen
    "cases/domains_and_checks_that_exclude_null_are_used/src/orm/mod.rs" domains_and_checks_that_exclude_null_are_used
    "cases/each_command_gives_its_own_call/src/orm/mod.rs" each_command_gives_its_own_call
    "cases/each_writing_query_names_the_constraints_it_can_violate/src/orm/mod.rs" each_writing_query_names_the_constraints_it_can_violate
    "cases/enums_and_composites_become_rust_types/src/orm/mod.rs" enums_and_composites_become_rust_types
    "cases/every_common_type_has_a_rust_type/src/orm/mod.rs" every_common_type_has_a_rust_type
    "cases/every_type_that_serde_takes_has_a_schema/src/orm/mod.rs" every_type_that_serde_takes_has_a_schema
    "cases/functions_that_are_allowed_may_change_the_session/src/orm/mod.rs" functions_that_are_allowed_may_change_the_session
    "cases/hidden_files_are_no_queries/src/orm/mod.rs" hidden_files_are_no_queries
    "cases/ids_and_enum_tables_become_rust_types/src/orm/mod.rs" ids_and_enum_tables_become_rust_types
    "cases/ids_come_through_functions_and_materialized_views/src/orm/mod.rs" ids_come_through_functions_and_materialized_views
    "cases/left_join_makes_columns_optional/src/orm/mod.rs" left_join_makes_columns_optional
    "cases/many_parameters_travel_in_a_struct/src/orm/mod.rs" many_parameters_travel_in_a_struct
    "cases/marks_that_say_what_is_proved_are_warnings/src/orm/mod.rs" marks_that_say_what_is_proved_are_warnings
    "cases/names_that_rust_has_taken_become_others/src/orm/mod.rs" names_that_rust_has_taken_become_others
    "cases/numbered_parameters_are_called_like_their_columns/src/orm/mod.rs" numbered_parameters_are_called_like_their_columns
    "cases/numbers_and_names_of_parameters_mix/src/orm/mod.rs" numbers_and_names_of_parameters_mix
    "cases/objects_named_like_built_in_ones_change_nothing/src/orm/mod.rs" objects_named_like_built_in_ones_change_nothing
    "cases/one_column_is_its_value/src/orm/mod.rs" one_column_is_its_value
    "cases/one_row_that_nothing_proves_is_a_warning/src/orm/mod.rs" one_row_that_nothing_proves_is_a_warning
    "cases/overrides_in_column_names_decide/src/orm/mod.rs" overrides_in_column_names_decide
    "cases/pages_have_parts_and_orders/src/orm/mod.rs" pages_have_parts_and_orders
    "cases/parameters_that_differ_by_a_slip_are_a_warning/src/orm/mod.rs" parameters_that_differ_by_a_slip_are_a_warning
    "cases/parts_of_a_query_can_be_left_out/src/orm/mod.rs" parts_of_a_query_can_be_left_out
    "cases/policies_that_read_settings_hide_no_privilege/src/orm/mod.rs" policies_that_read_settings_hide_no_privilege
    "cases/queries_of_a_job_queue_in_sqlc_generate/src/orm/mod.rs" queries_of_a_job_queue_in_sqlc_generate
    "cases/queries_that_a_scope_may_not_run_have_a_bound/src/orm/mod.rs" queries_that_a_scope_may_not_run_have_a_bound
    "cases/queries_written_for_sqlc_generate/src/orm/mod.rs" queries_written_for_sqlc_generate
    "cases/query_files_in_folders_are_modules/src/orm/mod.rs" query_files_in_folders_are_modules
    "cases/rows_in_rows_are_structs/src/orm/mod.rs" rows_in_rows_are_structs
    "cases/rows_of_a_stream_are_borrowed/src/orm/mod.rs" rows_of_a_stream_are_borrowed
    "cases/scopes_come_from_the_configuration/src/orm/mod.rs" scopes_come_from_the_configuration
    "cases/scopes_may_have_the_names_of_rusts_types/src/orm/mod.rs" scopes_may_have_the_names_of_rusts_types
    "cases/secrets_are_hidden_where_they_are_compared/src/orm/mod.rs" secrets_are_hidden_where_they_are_compared
    "cases/settings_may_be_ids/src/orm/mod.rs" settings_may_be_ids
    "cases/sorting_by_a_parameter_is_a_warning/src/orm/mod.rs" sorting_by_a_parameter_is_a_warning
    "cases/tables_and_views_of_any_schema_have_names/src/orm/mod.rs" tables_and_views_of_any_schema_have_names
    "cases/the_spellings_of_sqlc_are_read/src/orm/mod.rs" the_spellings_of_sqlc_are_read
    "cases/two_columns_of_one_name_are_two_fields/src/orm/mod.rs" two_columns_of_one_name_are_two_fields
    "cases/types_may_be_overridden_by_annotations/src/orm/mod.rs" types_may_be_overridden_by_annotations
    "cases/types_of_the_system_have_rust_types/src/orm/mod.rs" types_of_the_system_have_rust_types
    "cases/utility_statements_give_nothing/src/orm/mod.rs" utility_statements_give_nothing
    "cases/values_past_the_range_of_rust_have_types/src/orm/mod.rs" values_past_the_range_of_rust_have_types
    "cases/what_cannot_be_analysed_is_a_warning/src/orm/mod.rs" what_cannot_be_analysed_is_a_warning
}

#[test]
fn every_expected_module_is_compiled_here() {
    let expected: Vec<String> = cases::folders()
        .iter()
        .filter(|folder| folder.join("src/orm/mod.rs").exists())
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(expected, COMPILED);
}
