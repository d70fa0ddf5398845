//! Whether the values that a row certainly has pass a check: defaults and NULL. Only comparisons are understood: everything else may
//! be violated.

use super::change::RowChange;
use crate::query::analysis::ChangeKind;
use crate::schema::model::{Column, Table};
use crate::sql::lexer::{TokenKind, Word, words};
use std::cmp::Ordering;

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
enum CheckValue {
    Null,
    Integer(i128),
    Text(String),
}

/// Whether the row passes, as far as the change says which values it has: each of the comparisons that AND joins is true or NULL.
pub(super) fn pass_check(table: &Table, definition: &str, change: &RowChange) -> bool {
    let words = words(definition);
    // CHECK ( … ), and after it at most NO INHERIT or NOT VALID.
    let Some(close) = words
        .iter()
        .rposition(|word| word.text == ")" && word.depth == 0)
    else {
        return false;
    };
    let Some(condition) = words.get(2..close) else {
        return false;
    };
    let mut comparisons = condition.split(|word| word.is("AND"));
    comparisons.all(|comparison| pass_comparison(table, comparison, change) == Some(true))
}

/// None for anything that is not understood.
fn pass_comparison(table: &Table, words: &[Word<'_>], change: &RowChange) -> Option<bool> {
    let (column, rest) = words.split_first()?;
    let column = table.column(&column.name()?)?;
    let (operator, operand) = rest.split_first()?;
    let holds = find_comparison(operator.text)?;
    // A comparison with NULL is NULL, and a check that is NULL passes.
    if let [other] = operand
        && let Some(other) = other.name().and_then(|name| table.column(&name))
    {
        let is_null = |column| find_value(column, change) == Some(CheckValue::Null);
        return (has_known_type(column) && (is_null(column) || is_null(other))).then_some(true);
    }
    let default = find_value(column, change)?;
    if operand.first()?.is("ANY") {
        return pass_list(&default, operator.text, operand);
    }
    let (operand, rest) = read_value(operand)?;
    if !rest.is_empty() {
        return None;
    }
    let order = match (&default, &operand) {
        (CheckValue::Null, _) | (_, CheckValue::Null) => {
            return Some(true);
        }
        (CheckValue::Integer(one), CheckValue::Integer(other)) => one.cmp(other),
        // Equal texts are equal under every collation; the order of others depends on it.
        (CheckValue::Text(one), CheckValue::Text(other)) if one == other => Ordering::Equal,
        _ => return None,
    };
    Some(holds(order))
}

fn find_comparison(operator: &str) -> Option<fn(Ordering) -> bool> {
    Some(match operator {
        ">=" => Ordering::is_ge,
        ">" => Ordering::is_gt,
        "<=" => Ordering::is_le,
        "<" => Ordering::is_lt,
        "=" => Ordering::is_eq,
        "<>" => Ordering::is_ne,
        _ => return None,
    })
}

/// `= ANY (ARRAY[…])`, which is how Postgres writes IN.
fn pass_list(default: &CheckValue, operator: &str, words: &[Word<'_>]) -> Option<bool> {
    let [any, open, array, bracket, elements @ ..] = words else {
        return None;
    };
    let is_list = any.is("ANY") && open.text == "(" && array.is("ARRAY") && bracket.text == "[";
    if !is_list || operator != "=" {
        return None;
    }
    if *default == CheckValue::Null {
        return Some(true);
    }
    let mut rest = elements;
    loop {
        let (value, after) = read_value(rest)?;
        if value == *default {
            return Some(true);
        }
        match after.split_first()? {
            (comma, after) if comma.text == "," => rest = after,
            _ => return None,
        }
    }
}

/// The value of a column after the change, if that is a constant of a type whose comparisons are those of Postgres.
fn find_value(column: &Column, change: &RowChange) -> Option<CheckValue> {
    if !has_known_type(column) {
        return None;
    }
    if change.nulls.contains(&column.number.0) {
        return Some(CheckValue::Null);
    }
    let is_default = change.kind == ChangeKind::Insert
        && !change.is_open()
        && !change.columns.contains(&column.number.0);
    let default = column.default.as_ref().filter(|_| is_default)?;
    let words = words(default);
    let (value, rest) = read_value(&words)?;
    rest.is_empty().then_some(value)
}

/// The types whose comparisons are those of this module.
const KNOWN_TYPES: &[&str] = &["smallint", "integer", "bigint", "text"];

fn has_known_type(column: &Column) -> bool {
    KNOWN_TYPES.contains(&column.data_type.as_str())
}

/// A constant with its cast, and the words behind it.
fn read_value<'w, 't>(words: &'w [Word<'t>]) -> Option<(CheckValue, &'w [Word<'t>])> {
    let (first, mut rest) = words.split_first()?;
    let value = if first.text == "-" {
        let (number, after) = rest.split_first()?;
        rest = after;
        CheckValue::Integer(number.text.parse::<i128>().ok()?.checked_neg()?)
    } else if first.is("NULL") {
        CheckValue::Null
    } else if first.kind == TokenKind::Number {
        CheckValue::Integer(first.text.parse().ok()?)
    } else {
        let text = first.text.strip_prefix('\'')?.strip_suffix('\'')?;
        CheckValue::Text(text.replace("''", "'"))
    };
    if let [cast, of_type, after @ ..] = rest
        && cast.text == "::"
        && KNOWN_TYPES.iter().any(|known| of_type.is(known))
    {
        rest = after;
        // A negative number is written as a text that is cast.
        if let CheckValue::Text(text) = &value
            && !of_type.is("text")
        {
            return Some((CheckValue::Integer(text.parse().ok()?), rest));
        }
    }
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::{ChangeKind, RowChange, pass_check};
    use crate::schema::model::{Column, Number, Table};
    use std::collections::BTreeSet;

    /// Of a column that an INSERT leaves out, beside one that it writes.
    fn pass(data_type: &str, default: Option<&str>, check: &str) -> bool {
        let column = |number, name: &str, default: Option<&str>| Column {
            number: Number(number),
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            default: default.map(str::to_owned),
            ..Column::default()
        };
        let table = Table {
            columns: vec![column(1, "a", default), column(2, "b", None)],
            ..Table::default()
        };
        let change = RowChange {
            kind: ChangeKind::Insert,
            columns: BTreeSet::from([2]),
            nulls: default.is_none().then_some(1).into_iter().collect(),
            ..RowChange::delete()
        };
        pass_check(&table, check, &change)
    }

    #[test]
    fn a_constant_passes_the_comparisons_that_it_satisfies() {
        assert!(pass("bigint", Some("0"), "CHECK (a >= 0)"));
        assert!(pass(
            "integer",
            Some("5"),
            "CHECK (a >= 0 AND a <= 10) NOT VALID"
        ));
        assert!(pass("integer", Some("'-1'::integer"), "CHECK (a < 0)"));
        assert!(!pass("integer", Some("-1"), "CHECK (a > '-1'::integer)"));
        assert!(pass("integer", None, "CHECK (a > 0)"));
        assert!(pass("integer", None, "CHECK (b <> a)"));
        let list = "CHECK (a = ANY (ARRAY['x'::text, 'y'::text]))";
        assert!(pass("text", Some("'y'::text"), list));
        assert!(!pass("text", Some("'z'::text"), list));
        assert!(!pass("bigint", Some("0"), "CHECK (a > 0)"));
    }

    #[test]
    fn what_is_not_understood_may_be_violated() {
        assert!(!pass("integer", Some("0"), "CHECK (a >= 0 OR a IS NULL)"));
        assert!(!pass("integer", None, "CHECK (a IS NOT NULL)"));
        assert!(!pass("integer", None, "CHECK (f(a))"));
        assert!(!pass("integer", Some("0"), "CHECK (b > 0)"));
        assert!(!pass("integer", Some("0"), "CHECK (b <> a)"));
        assert!(!pass("my_number", Some("0"), "CHECK (a >= 0)"));
        assert!(!pass(
            "timestamp with time zone",
            Some("now()"),
            "CHECK (a > b)"
        ));
    }
}
