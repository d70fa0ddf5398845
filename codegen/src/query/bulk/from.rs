//! The relations that an UPDATE or DELETE is joined with, read well enough to put the slice in front of it.

use super::clauses::Clauses;
use std::ops::Range;

/// Whether `slice CROSS JOIN` in front of these relations would be a join of its own with the first of them.
///
/// Joins group from the left: `slice CROSS JOIN a RIGHT JOIN b` fills the slice with NULL where `b` meets no `a`, while
/// `slice CROSS JOIN a LEFT JOIN b` gives the same rows as `slice CROSS JOIN (a LEFT JOIN b)`, and lets ON see the slice.
/// A NATURAL JOIN would look for the columns of the slice as well. A comma groups last (chapter "Table Expressions").
pub(super) fn would_regroup(clauses: &Clauses<'_>, relations: Range<usize>) -> bool {
    let first = relations
        // After a comma the next item is separate, and the slice is not joined with it.
        .take_while(|index| !(clauses.is_outside(*index) && clauses.text(*index) == ","))
        .filter(|index| clauses.is_outside(*index));
    let regrouping = ["RIGHT", "FULL", "NATURAL"];
    let mut words = first.flat_map(|index| regrouping.map(|word| clauses.is(index, word)));
    words.any(|is_one| is_one)
}

/// The opening brackets of the subqueries that have a parameter in them, and see the slice with LATERAL alone.
pub(super) fn subqueries_with_parameters(
    clauses: &Clauses<'_>,
    relations: Range<usize>,
) -> Vec<usize> {
    let mut found = Vec::new();
    collect_subqueries(clauses, relations, &mut found);
    found
}

fn collect_subqueries(clauses: &Clauses<'_>, relations: Range<usize>, found: &mut Vec<usize>) {
    let depth = clauses.depth(relations.start);
    let mut at = relations.start;
    let mut begins = true;
    while at < relations.end {
        if let (true, Some(close)) = (begins && clauses.text(at) == "(", clauses.closing(at)) {
            if !is_query(clauses, at) {
                collect_subqueries(clauses, at + 1..close, found);
            } else if has_parameter(clauses, at..close) {
                found.push(at);
            }
            at = close;
        }
        // Before an item of FROM there is nothing, a comma or JOIN; ON and USING have brackets of another kind.
        begins = clauses.depth(at) == depth && (clauses.text(at) == "," || clauses.is(at, "JOIN"));
        at += 1;
    }
}

/// Whether a bracket encloses a query, and not joined relations: `((SELECT 1) UNION SELECT 2)` is one, and
/// `((SELECT 1) AS a JOIN b ON true)` is not.
fn is_query(clauses: &Clauses<'_>, open: usize) -> bool {
    let first = open + 1;
    if clauses.text(first) != "(" {
        let words = ["SELECT", "WITH", "VALUES", "TABLE"];
        return words.iter().any(|word| clauses.is(first, word));
    }
    let Some(close) = clauses.closing(first) else {
        return false;
    };
    let after = [
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "ORDER",
        "LIMIT",
        "OFFSET",
        "FETCH",
        "FOR",
    ];
    let goes_on =
        // Doubled brackets around one query, `((SELECT 1))`, are a query too.
        clauses.text(close + 1) == ")" || after.iter().any(|word| clauses.is(close + 1, word));
    goes_on && is_query(clauses, first)
}

fn has_parameter(clauses: &Clauses<'_>, inside: Range<usize>) -> bool {
    clauses
        .parameters()
        .any(|(index, _)| inside.contains(&index))
}

#[cfg(test)]
mod tests {
    use super::{subqueries_with_parameters, would_regroup};
    use crate::query::bulk::clauses::Clauses;

    fn is_regrouped(from: &str) -> bool {
        let clauses = Clauses::of(from);
        would_regroup(&clauses, 0..clauses.len())
    }

    #[test]
    fn only_the_first_item_can_be_regrouped() {
        assert!(is_regrouped("a RIGHT JOIN b ON a.id = b.id"));
        assert!(is_regrouped(
            "a JOIN b USING (id) FULL OUTER JOIN c USING (id), d"
        ));
        assert!(is_regrouped("a NATURAL JOIN b"));
        for from in [
            "a",
            "a LEFT JOIN b ON true",
            "a, b RIGHT JOIN c ON true",
            "(a RIGHT JOIN b ON true) CROSS JOIN c",
            "a JOIN b ON right(a.name, 2) = b.name",
        ] {
            assert_eq!(is_regrouped(from), from.contains("right("), "{from}");
        }
    }

    #[test]
    fn subqueries_see_the_slice_if_they_need_it() {
        let of = |from: &str| {
            let clauses = Clauses::of(from);
            let found = subqueries_with_parameters(&clauses, 0..clauses.len());
            let starts = found.iter().map(|index| &from[clauses.start(*index)..]);
            starts
                .map(|rest| rest.chars().take(11).collect())
                .collect::<Vec<String>>()
        };
        assert_eq!(of("(SELECT 1 WHERE $1) AS a"), ["(SELECT 1 W"]);
        assert_eq!(
            of("a JOIN (VALUES ($1)) AS v ON v.x = (SELECT $1)"),
            ["(VALUES ($1"]
        );
        assert_eq!(of("((SELECT $1) UNION SELECT 2) AS u, b"), ["((SELECT $1"]);
        assert_eq!(
            of("b, ((SELECT $1) AS s JOIN (SELECT 2) AS t ON $2) AS j"),
            ["(SELECT $1)"]
        );
        for from in [
            "(SELECT 1) AS a",
            "LATERAL (SELECT $1) AS a",
            "unnest($1) AS u",
            "a JOIN b ON a.id IN (SELECT $1)",
        ] {
            assert!(of(from).is_empty(), "{from}");
        }
    }
}
