//! The keywords that begin the clauses of a query. All are reserved, so that none is the name of a column there.

/// The keywords that end the columns of a SELECT: the clauses after them, and the operators between two SELECTs.
pub const AFTER_COLUMNS: &[&str] = &[
    "FROM",
    "INTO",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
];

/// The keywords that end FROM in a query without set operations.
pub const AFTER_FROM: &[&str] = &[
    "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR",
];

/// The operators between two SELECTs.
pub const SET_OPERATIONS: &[&str] = &["UNION", "INTERSECT", "EXCEPT"];

/// Whether a keyword goes on with the clause before it: `a IS DISTINCT FROM b`, `mode() WITHIN GROUP (…)`.
pub fn goes_on(before: &str, keyword: &str) -> bool {
    let pairs = [("DISTINCT", "FROM"), ("WITHIN", "GROUP")];
    let same = |(first, second): &(&str, &str)| {
        before.eq_ignore_ascii_case(first) && keyword.eq_ignore_ascii_case(second)
    };
    pairs.iter().any(same)
}

#[cfg(test)]
mod tests {
    use super::{AFTER_COLUMNS, AFTER_FROM, SET_OPERATIONS, goes_on};

    #[test]
    fn each_clause_after_from_and_each_set_operation_is_after_columns() {
        for keyword in AFTER_FROM.iter().chain(SET_OPERATIONS) {
            assert!(AFTER_COLUMNS.contains(keyword), "{keyword}");
        }
        assert!(goes_on("distinct", "from") && goes_on("WITHIN", "GROUP"));
        assert!(!goes_on("WITHIN", "FROM"));
    }
}
