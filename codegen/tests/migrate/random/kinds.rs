//! Every kind of part, how often it is drawn, and the function that writes it.

use super::pen::Pen;
use super::{attached, columns, rare, relations, table_parts, types};

/// A kind of part.
pub(super) struct Kind {
    pub(super) word: &'static str,
    /// How often it is drawn, compared with the others.
    pub(super) weight: u32,
    /// The kinds that it can belong to; empty for an object of its own.
    pub(super) of: &'static [&'static str],
    /// The names it can have; empty for any.
    pub(super) names: &'static [&'static str],
    /// Whether its name can be that of an object in another schema.
    pub(super) in_schema: bool,
    pub(super) write: fn(&mut Pen<'_>) -> Option<String>,
}

/// The kinds that are tables of some sort.
pub(super) const TABLES: &[&str] = &[
    "table",
    "partitioned",
    "partition",
    "child",
    "typed",
    "foreign table",
    "state_enum",
];

/// Tables that can get columns, keys and so on of their own.
const STORED: &[&str] = &["table", "partitioned", "child", "table", "table"];

const KEYED: &[&str] = &[
    "table",
    "partitioned",
    "partition",
    "child",
    "typed",
    "table",
    "table",
];

const COMMENTED: &[&str] = &[
    "table",
    "partitioned",
    "child",
    "view",
    "materialized view",
    "sequence",
    "enum",
    "domain",
    "composite",
    "function",
    "trigger function",
    "procedure",
    "schema",
    "column",
    "index",
    "check",
    "key",
    "foreign key",
    "trigger",
    "policy",
    "rule",
    "statistics",
    "collation",
    "aggregate",
    "operator",
    "cast",
    "server",
    "wrapper",
    "publication",
    "range",
    "dictionary",
    "configuration",
    "extension",
    "event trigger",
    "conversion",
    "operator class",
    "foreign table",
];

const GRANTED: &[&str] = &[
    "table",
    "partitioned",
    "view",
    "materialized view",
    "sequence",
    "enum",
    "domain",
    "function",
    "procedure",
    "schema",
    "server",
    "wrapper",
    "composite",
    "range",
    "column",
    "partition",
    "aggregate",
    "foreign table",
];

const OWNED: &[&str] = &[
    "table",
    "view",
    "materialized view",
    "sequence",
    "enum",
    "domain",
    "function",
    "schema",
    "composite",
    "partitioned",
    "procedure",
    "collation",
    "server",
    "range",
];

macro_rules! kinds {
    ($($word:literal $weight:literal [$($of:expr)?] [$($name:literal),*] $in_schema:literal $write:path;)*) => {
        /// All kinds.
        pub(super) const KINDS: &[Kind] = &[$(Kind {
            word: $word,
            weight: $weight,
            of: kinds!(@of $($of)?),
            names: &[$($name),*],
            in_schema: $in_schema,
            write: $write,
        }),*];
    };
    (@of) => { &[] };
    (@of $of:expr) => { $of };
}

kinds! {
    // word             weight   belongs to   names   in a schema   writer
    "schema"              3 [] [] false rare::write_schema;
    "extension"           2 [] ["citext", "hstore", "pg_trgm", "btree_gist"] false rare::write_extension;
    "enum"                8 [] [] true types::write_enum;
    "domain"              8 [] [] true types::write_domain;
    "composite"           6 [] [] true types::write_composite;
    "range"               2 [] [] true types::write_range;
    "shell"               1 [] [] true types::write_shell;
    "collation"           2 [] [] true rare::write_collation;
    "conversion"          1 [] [] true rare::write_conversion;
    "sequence"            5 [] [] true rare::write_sequence;
    "function"            8 [] [] true types::write_function;
    "trigger function"    3 [] [] true types::write_trigger_function;
    "event function"      1 [] [] true types::write_event_function;
    "query function"      5 [] [] true types::write_query_function;
    "procedure"           2 [] [] true types::write_procedure;
    "aggregate"           2 [] [] true types::write_aggregate;
    "operator"            2 [] ["===", "<%>", "@@@", "|>>"] false types::write_operator;
    "operator class"      1 [] [] true types::write_operator_class;
    "cast"                2 [&["enum", "composite"]] [] false types::write_cast;
    "transform"           1 [] ["FOR integer LANGUAGE sql"] false rare::write_transform;
    "parser"              1 [] [] true rare::write_parser;
    "template"            1 [] [] true rare::write_template;
    "dictionary"          2 [] [] true rare::write_dictionary;
    "configuration"       2 [] [] true rare::write_configuration;
    "mapping"             2 [&["configuration"]] ["asciiword", "word", "numword", "url"] false rare::write_mapping;
    "access method"       1 [] [] false rare::write_access_method;
    "wrapper"             2 [] [] false rare::write_wrapper;
    "server"              2 [] [] false rare::write_server;
    "user mapping"        1 [&["server"]] ["PUBLIC", "reader", "CURRENT_USER"] false rare::write_user_mapping;
    "foreign table"       2 [] [] true relations::write_foreign_table;
    "table"              18 [] [] true relations::write_table;
    "partitioned"         5 [] [] true relations::write_partitioned;
    "partition"           7 [&["partitioned"]] [] true relations::write_partition;
    "child"               3 [&["table"]] [] true relations::write_child;
    "inherit"             1 [&["table"]] [] false relations::write_inherit;
    "typed"               2 [&["composite"]] [] true relations::write_typed;
    "state_enum"          2 [] [] true relations::write_enum_table;
    "row"                 4 [&["state_enum"]] ["on", "off", "it''s", "NULL"] false relations::write_row;
    "view"                9 [] [] true relations::write_view;
    "materialized view"   4 [] [] true relations::write_materialized_view;
    "column"             45 [STORED] ["a", "b", "c", "d", "e", "f", "g", "\"Odd one\"", "\"order\""] false columns::write_column;
    "column setting"      5 [&["column"]] [] false columns::write_setting;
    "column default"      2 [&["partition", "child", "typed", "view"]] [] false columns::write_default;
    "owned sequence"      2 [&["column"]] [] false columns::write_owned_sequence;
    "key"                12 [KEYED] [] false table_parts::write_key;
    "check"               9 [&["table", "table", "partitioned", "child", "partition", "typed", "foreign table"]] [] false table_parts::write_check;
    "exclusion"           2 [&["table"]] [] false table_parts::write_exclusion;
    "foreign key"         8 [KEYED] [] false table_parts::write_foreign_key;
    "index"              12 [&["table", "table", "partitioned", "child", "partition", "materialized view"]] [] false table_parts::write_index;
    "trigger"             6 [&["table", "partitioned", "table", "view"]] [] false table_parts::write_trigger;
    "trigger state"       2 [&["trigger"]] [] false table_parts::write_trigger_state;
    "policy"              5 [&["table", "table", "partitioned"]] [] false table_parts::write_policy;
    "row security"        3 [&["table", "partitioned"]] ["row_security"] false table_parts::write_row_security;
    "replica identity"    2 [&["table"]] ["replica_identity"] false table_parts::write_replica_identity;
    "cluster"             1 [&["index"]] ["clustered"] false table_parts::write_cluster;
    "rule"                2 [&["table", "view"]] [] false table_parts::write_rule;
    "statistics"          3 [&["table", "partitioned", "materialized view"]] [] false table_parts::write_statistics;
    "publication"         2 [] [] false rare::write_publication;
    "event trigger"       1 [] [] false rare::write_event_trigger;
    "comment"            10 [COMMENTED] ["comment"] false attached::write_comment;
    "grant"               9 [GRANTED] ["reader", "writer", "PUBLIC"] false attached::write_grant;
    "owner"               3 [OWNED] ["owner"] false attached::write_owner;
    "default privileges"  2 [] [] false attached::write_default_privileges;
}
