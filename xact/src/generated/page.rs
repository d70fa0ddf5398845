//! The statements of `:page` queries: pieces that most of them share, joined by the compiler.

/// Makes a [`PageQuery`](crate::generated::PageQuery) of the pieces of its statements.
///
/// The statement of a page is `with`, `select`, `rows` and an end of its own; that of the total is `with`, `count` and `rows`.
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_page_query {
    (static $static:ident = {
        name: $name:literal, file: $file:expr,
        with: $with:literal, select: $select:literal, count: $count:literal, rows: $rows:literal,
        columns: $columns:expr, names: $names:expr,
        key: [$($column:literal: $nullable:literal),+ $(,)?], fingerprint: $fingerprint:literal,
        total: $total_oids:expr,
        first: $first:literal, $first_oids:expr,
        last: $last:literal, $last_oids:expr,
        after: [$($after:literal, $after_oids:expr);+ $(;)?],
        before: [$($before:literal, $before_oids:expr);+ $(;)?] $(,)?
    }) => {
        static $static: $crate::generated::PageQuery = {
            const fn statement(
                sql: &'static str,
                parameters: &'static [u32],
            ) -> $crate::generated::Query {
                $crate::generated::Query {
                    name: $name,
                    file: $file,
                    sql,
                    parameters,
                    columns: $columns,
                    names: $names,
                }
            }
            $crate::generated::PageQuery {
                first: statement(concat!($with, $select, $rows, $first), $first_oids),
                last: statement(concat!($with, $select, $rows, $last), $last_oids),
                after: &[$(statement(concat!($with, $select, $rows, $after), $after_oids)),+],
                before: &[$(statement(concat!($with, $select, $rows, $before), $before_oids)),+],
                total: $crate::generated::Query {
                    name: $name,
                    file: $file,
                    sql: concat!($with, $count, $rows),
                    parameters: $total_oids,
                    columns: &[20],
                    names: "count",
                },
                key: &[$($crate::generated::KeyColumn { column: $column, nullable: $nullable }),+],
                fingerprint: $fingerprint,
            }
        };
    };
}
