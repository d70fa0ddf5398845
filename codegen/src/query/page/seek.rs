//! The condition that holds in the rows beyond a cursor, in the order of the page.
//!
//! Where all keys run in one direction it is a row comparison, `(a, b) > ($1, $2)`, which one index scan answers from its first
//! row on ("Row Constructor Comparison"). Where they do not, the leading keys still bound the scan: `a >= $1 AND (a > $1 OR …)`.
//! A comparison with NULL is never true, so keys that can be NULL need conditions of their own, unless their NULLs come before
//! all other values and so are never beyond one.

use super::operators::SortOperators;

/// A key of the order.
#[derive(Clone, Debug)]
pub(super) struct SeekKey {
    /// Its column: `xact_page.title`.
    pub(super) column: String,
    /// The cursor's value: `$3::text`; none for NULL.
    pub(super) value: Option<String>,
    pub(super) nullable: bool,
    pub(super) nulls_first: bool,
    pub(super) operators: SortOperators,
}

/// The direction in which rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeekDirection {
    Forward,
    Backward,
}

impl SeekKey {
    fn is_descending(&self, direction: SeekDirection) -> bool {
        // Backward reads in the reverse order, so the rows before a cursor are again "beyond" it.
        self.operators.descending != (direction == SeekDirection::Backward)
    }

    fn has_nulls_first(&self, direction: SeekDirection) -> bool {
        self.nulls_first != (direction == SeekDirection::Backward)
    }

    /// The operator of values beyond another.
    fn beyond(&self, direction: SeekDirection) -> &str {
        if self.is_descending(direction) {
            &self.operators.less
        } else {
            &self.operators.greater
        }
    }

    /// The operator of values beyond another or equal to it.
    fn at_or_beyond(&self, direction: SeekDirection) -> &str {
        if self.is_descending(direction) {
            &self.operators.less_equal
        } else {
            &self.operators.greater_equal
        }
    }

    /// The cursor's value, if a comparison with it is all there is to say: no NULL is beyond it.
    fn plain_value(&self, direction: SeekDirection) -> Option<&str> {
        let no_null_beyond = !self.nullable || self.has_nulls_first(direction);
        self.value.as_deref().filter(|_| no_null_beyond)
    }

    /// The element of ORDER BY.
    pub(super) fn sort_element(&self, direction: SeekDirection) -> String {
        let descending = self.is_descending(direction);
        let first = self.has_nulls_first(direction);
        let word = if descending { " DESC" } else { "" };
        // Without a word NULLs are larger than every value: chapter "Sorting Rows (ORDER BY)".
        let nulls = match (first, descending) {
            (true, false) => " NULLS FIRST",
            (false, true) => " NULLS LAST",
            _ => "",
        };
        format!("{}{word}{nulls}", self.column)
    }
}

/// The condition of the rows beyond the cursor.
pub(super) fn write_condition(keys: &[SeekKey], direction: SeekDirection) -> String {
    beyond(keys, direction).unwrap_or_else(|| "false".to_owned())
}

/// None if no row is.
fn beyond(keys: &[SeekKey], direction: SeekDirection) -> Option<String> {
    let key = keys.first()?;
    let run = plain_run(keys, direction);
    // As long a row comparison as possible: Postgres turns it into one index condition, but not an
    // OR.
    if run > 0 {
        return Some(beyond_run(keys, run, direction));
    }
    let rest = beyond(&keys[1..], direction);
    let column = &key.column;
    match &key.value {
        // A cursor at NULL with NULLs first: every value that is not NULL is beyond it.
        None if key.has_nulls_first(direction) => Some(match rest {
            None => format!("{column} IS NOT NULL"),
            Some(rest) => format!("({column} IS NOT NULL OR {rest})"),
        }),
        // NULLs are last, so only rows that are NULL as well can be beyond, by the next keys.
        None => Some(format!("{column} IS NULL AND {}", rest?)),
        Some(value) => {
            let equal = &key.operators.equal;
            let tie = rest.map(|rest| format!(" OR ({column} {equal} {value} AND {rest})"));
            let beyond = key.beyond(direction);
            let tie = tie.unwrap_or_default();
            Some(format!(
                // The NULLs come after this value. `=` decides the tie, since a row comparison with
                // NULL is NULL.
                "({column} {beyond} {value} OR {column} IS NULL{tie})"
            ))
        }
    }
}

/// How many of the first keys one row comparison can compare.
fn plain_run(keys: &[SeekKey], direction: SeekDirection) -> usize {
    let Some(first) = keys.first() else { return 0 };
    let same = keys.iter().take_while(|key| {
        // One row comparison has one operator for all its columns.
        key.plain_value(direction).is_some() && key.beyond(direction) == first.beyond(direction)
    });
    same.count()
}

fn beyond_run(keys: &[SeekKey], length: usize, direction: SeekDirection) -> String {
    let (run, others) = keys.split_at(length);
    let columns = write_row(run.iter().map(|key| key.column.as_str()));
    let values = write_row(run.iter().filter_map(|key| key.plain_value(direction)));
    let strictly = format!("{columns} {} {values}", run[0].beyond(direction));
    match beyond(others, direction) {
        None => strictly,
        Some(rest) => {
            let bound = run[0].at_or_beyond(direction);
            // The first part is redundant, but it is what an index scan can start at.
            format!("{columns} {bound} {values} AND ({strictly} OR {rest})")
        }
    }
}

/// `a`, or `(a, b)`.
fn write_row<'k>(items: impl Iterator<Item = &'k str>) -> String {
    let items: Vec<&str> = items.collect();
    match items.as_slice() {
        [only] => (*only).to_owned(),
        items => format!("({})", items.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{SeekDirection, SeekKey, write_condition};
    use crate::query::page::operators::SortOperators;
    use std::cmp::Ordering;

    /// `a`, `b DESC`, `c?` (can be NULL) or `c?F` (with its NULLs first); a value of `None` is NULL.
    fn key(written: &str, value: Option<&str>) -> SeekKey {
        let (name, rest) = written.split_at(1);
        let descending = rest.contains("DESC");
        SeekKey {
            column: name.to_owned(),
            value: value.map(str::to_owned),
            nullable: rest.contains('?'),
            nulls_first: rest.contains('F') || (descending && !rest.contains('L')),
            operators: SortOperators::built_in(descending),
        }
    }

    fn condition(keys: &[(&str, Option<&str>)], direction: SeekDirection) -> String {
        let keys: Vec<SeekKey> = keys.iter().map(|(key_, value)| key(key_, *value)).collect();
        write_condition(&keys, direction)
    }

    #[test]
    fn keys_of_one_direction_are_a_row_comparison() {
        let keys = [("a DESC", Some("$1")), ("b DESC", Some("$2"))];
        assert_eq!(
            condition(&keys, SeekDirection::Forward),
            "(a, b) < ($1, $2)"
        );
        assert_eq!(
            condition(&keys, SeekDirection::Backward),
            "(a, b) > ($1, $2)"
        );
        assert_eq!(condition(&keys[..1], SeekDirection::Forward), "a < $1");
    }

    #[test]
    fn keys_of_two_directions_are_bounded_by_the_first() {
        let keys = [("a", Some("$1")), ("b", Some("$2")), ("c DESC", Some("$3"))];
        assert_eq!(
            condition(&keys, SeekDirection::Forward),
            "(a, b) >= ($1, $2) AND ((a, b) > ($1, $2) OR c < $3)"
        );
    }

    #[test]
    fn nulls_are_beyond_or_not() {
        let keys = [("a?", Some("$1")), ("b", Some("$2"))];
        assert_eq!(
            condition(&keys, SeekDirection::Forward),
            "(a > $1 OR a IS NULL OR (a = $1 AND b > $2))"
        );
        assert_eq!(
            condition(&keys, SeekDirection::Backward),
            "(a, b) < ($1, $2)"
        );
        let null = [("a?", None), ("b", Some("$1"))];
        assert_eq!(
            condition(&null, SeekDirection::Forward),
            "a IS NULL AND b > $1"
        );
        assert_eq!(
            condition(&null, SeekDirection::Backward),
            "(a IS NOT NULL OR b < $1)"
        );
        assert_eq!(condition(&null[..1], SeekDirection::Forward), "false");
    }

    /// The place of a row among the others, by the keys' directions and NULLs.
    fn compare(keys: &[SeekKey], one: &[Option<i32>], other: &[Option<i32>]) -> Ordering {
        for (key, (one, other)) in keys.iter().zip(one.iter().zip(other)) {
            let nulls = match (one, other) {
                (None, None) => continue,
                (None, Some(_)) if key.nulls_first => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) if key.nulls_first => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(one), Some(other)) if key.operators.descending => other.cmp(one),
                (Some(one), Some(other)) => one.cmp(other),
            };
            if nulls != Ordering::Equal {
                return nulls;
            }
        }
        Ordering::Equal
    }

    /// The truth of a condition of this file for a row, with three values: none is NULL.
    fn evaluate(condition: &str, row: &[Option<i32>], values: &[Option<i32>]) -> Option<bool> {
        crate::query::page::evaluation::evaluate(condition, row, values)
    }

    #[test]
    fn the_condition_holds_exactly_beyond_the_cursor() {
        let kinds = ["", " DESC", "?", "?F", " DESC?", " DESC?L", "F", " DESCL"];
        for kinds in (0..kinds.len().pow(3)).map(|n| {
            let size = kinds.len();
            [
                kinds[n % size],
                kinds[n / size % size],
                kinds[n / size / size],
            ]
        }) {
            let all = [None, Some(1), Some(2)];
            let rows: Vec<[Option<i32>; 3]> = (0..27)
                .map(|n| [all[n % 3], all[n / 3 % 3], all[n / 9]])
                .filter(|row| {
                    let mut each = row.iter().zip(kinds);
                    each.all(|(value, kind)| value.is_some() || kind.contains('?'))
                })
                .collect();
            for cursor in &rows {
                let keys: Vec<SeekKey> = (0..3)
                    .map(|at| {
                        let name = ["a", "b", "c"][at];
                        let value = ["$1", "$2", "$3"][at];
                        key(&format!("{name}{}", kinds[at]), cursor[at].map(|_| value))
                    })
                    .collect();
                for (direction, wanted) in [
                    (SeekDirection::Forward, Ordering::Greater),
                    (SeekDirection::Backward, Ordering::Less),
                ] {
                    let condition = write_condition(&keys, direction);
                    for row in &rows {
                        let expected = compare(&keys, row, cursor) == wanted;
                        let found = evaluate(&condition, row, cursor) == Some(true);
                        assert_eq!(found, expected, "{condition}: {row:?} and {cursor:?}");
                    }
                }
            }
        }
    }
}
