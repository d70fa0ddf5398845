//! The rules, each in a file of its own, in the order in which they are reported.

mod id_prefix;
mod primary_key;
mod text_id;

mod created_at;
mod storytime;
mod updated_at;
mod updated_at_trigger;

mod bigint;
mod counter;
mod money;
mod padded_text;
mod text;
mod timestamptz;

mod foreign_key_index;
mod foreign_key_type;
mod id_suffix;

mod duplicate_index;
mod redundant_index;

mod enum_table;

mod organization_id;
mod organization_policy;
mod same_organization;

mod customer_policy;
mod definer_search_path;
mod immutable_function;
mod immutable_policy;
mod leakproof_function;
mod policy_check;
mod reachable_role;
mod row_security;
mod row_security_setting;
mod view_invoker;
mod volatile_policy;

mod annotation;

mod index_keys;
mod prefixes;
mod times;

use super::rule::Rule;

/// All rules.
pub const RULES: &[Rule] = &[
    primary_key::RULE,
    text_id::RULE,
    id_prefix::RULE,
    created_at::RULE,
    updated_at::RULE,
    updated_at_trigger::RULE,
    storytime::RULE,
    timestamptz::RULE,
    counter::RULE,
    bigint::RULE,
    money::RULE,
    padded_text::RULE,
    text::RULE,
    foreign_key_index::RULE,
    foreign_key_type::RULE,
    id_suffix::RULE,
    duplicate_index::RULE,
    redundant_index::RULE,
    enum_table::RULE,
    organization_id::RULE,
    same_organization::RULE,
    organization_policy::RULE,
    customer_policy::RULE,
    row_security::RULE,
    policy_check::RULE,
    row_security_setting::RULE,
    reachable_role::RULE,
    volatile_policy::RULE,
    immutable_policy::RULE,
    immutable_function::RULE,
    leakproof_function::RULE,
    definer_search_path::RULE,
    view_invoker::RULE,
    annotation::RULE,
];

/// The objects that the examples of the rules need: functions and a role.
pub const FOUNDATIONS: &str = include_str!("foundations.sql");

/// The rule with this id.
pub fn named(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
