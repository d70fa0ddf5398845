//! The condition of a join that has none → the constant that it is after the query was read back.
//!
//! A NATURAL JOIN without common columns has no condition, and Postgres prints it as `ON TRUE` (`get_from_clause_item`,
//! ruleutils.c). Reading that, it has a constant, which it prints as `true`.

use super::unnamed::with_names;
use crate::sql::lexer::{Word, words};

/// A query or definition as Postgres prints it after it read its own output.
pub(super) fn as_read_back(printed: &str) -> String {
    with_constants(with_names(printed))
}

/// Writes each condition of a join as the constant.
fn with_constants(mut query: String) -> String {
    // Almost no query has one, and lexing all of a large schema takes long.
    if !query.contains(" ON TRUE") {
        return query;
    }
    let words = words(&query);
    let is_condition = |pair: &&[Word<'_>]| pair[0].text == "ON" && pair[1].text == "TRUE";
    let conditions = words.windows(2).filter(is_condition);
    let ranges: Vec<_> = conditions.map(|pair| pair[1].range.clone()).collect();
    // The new word is as long as the old one, so that the other ranges stay.
    for range in ranges {
        query.replace_range(range, "true");
    }
    query
}

#[cfg(test)]
mod tests {
    use super::with_constants;

    #[test]
    fn only_conditions_of_joins_become_constants() {
        let query = "SELECT 'a ON TRUE' FROM a LEFT JOIN b ON TRUE LEFT JOIN c ON true";
        assert_eq!(
            with_constants(query.to_owned()),
            "SELECT 'a ON TRUE' FROM a LEFT JOIN b ON true LEFT JOIN c ON true"
        );
    }
}
