//! Names and text → SQL that any session reads back as the same, and clauses around them.

use super::lexer::{find_closing, words};

/// A string literal, in the `E''` form when it holds a backslash.
pub(crate) fn quote_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    // E'…' with doubled backslashes reads the same whatever `standard_conforming_strings` is.
    if text.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// A name as SQL reads it, in quotes whether or not it needs them.
pub(crate) fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A dollar-quoted string, whose tag does not occur in the text.
pub(crate) fn dollar_quote(text: &str) -> String {
    let mut tag = "$$".to_owned();
    // A text that ends in `$` would join with the closing tag.
    while text.contains(&tag) || text.ends_with('$') && tag == "$$" {
        tag = if tag == "$$" {
            "$_$".to_owned()
        } else {
            tag.replacen('_', "__", 1)
        };
    }
    format!("{tag}{text}{tag}")
}

/// Text as comment lines: every line of it starts with `-- `.
pub(crate) fn commented(indent: &str, text: &str) -> String {
    text.lines()
        .map(|line| format!("{indent}-- {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// A clause that stands only when there is something to say.
pub(crate) fn clause(word: &str, text: Option<&str>) -> String {
    text.map(|text| [word, text].concat()).unwrap_or_default()
}

/// `WITH (…)`, when there are options.
pub(crate) fn with(options: &[String]) -> String {
    if options.is_empty() {
        String::new()
    } else {
        format!(" WITH ({})", options.join(", "))
    }
}

/// An expression in parentheses, as it is when it is in a pair of them already.
pub(crate) fn parenthesised(expression: &str) -> String {
    let words = words(expression);
    let opens = words.first().is_some_and(|first| first.text == "(");
    // The brackets of `(SELECT …)` belong to the query.
    let is_query = words
        .get(1)
        .is_some_and(|word| matches!(word.text, "SELECT" | "WITH" | "VALUES"));
    // `(a) OR (b)` begins and ends with brackets that are not one pair.
    if opens && !is_query && find_closing(&words, 0) == Some(words.len() - 1) {
        expression.to_owned()
    } else {
        format!("({expression})")
    }
}

/// The text that a string literal means, `'it''s'` or `$tag$…$tag$`. Escapes of `E'…'` are left as they are.
pub(crate) fn read_literal(literal: &str) -> String {
    if let Some(quoted) = literal.find('\'').map(|start| &literal[start + 1..]) {
        let quoted = quoted.strip_suffix('\'').unwrap_or(quoted);
        if !literal.starts_with('$') {
            return quoted.replace("''", "'");
        }
    }
    let tag = literal
        .get(1..)
        .and_then(|rest| rest.find('$'))
        .map_or(0, |end| end + 2);
    let inner = literal.get(tag..literal.len().saturating_sub(tag));
    inner.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{dollar_quote, parenthesised, quote_identifier, quote_literal, read_literal};

    #[test]
    fn a_literal_is_read_as_it_was_written() {
        for text in ["", "it's", "a $ b", "ends in $", "$$ and $_$", "two\nlines"] {
            assert_eq!(read_literal(&quote_literal(text)), text);
            assert_eq!(read_literal(&dollar_quote(text)), text);
        }
        assert_eq!(quote_literal("a\\b"), "E'a\\\\b'");
        assert_eq!(quote_identifier("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn an_expression_gets_parentheses_unless_one_pair_is_around_all_of_it() {
        assert_eq!(parenthesised("a > 0"), "(a > 0)");
        assert_eq!(parenthesised("(a > 0)"), "(a > 0)");
        assert_eq!(parenthesised("(a) > (b)"), "((a) > (b))");
        assert_eq!(parenthesised("(a = ')(')"), "(a = ')(')");
    }
}
