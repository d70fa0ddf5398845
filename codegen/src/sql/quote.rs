//! Text → SQL literals that any session reads back as the same text.

/// A string literal, in the `E''` form when it holds a backslash.
pub(crate) fn quote_literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
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

/// An expression in parentheses, as it is when it already stands in a pair of them.
pub(crate) fn parenthesised(expression: &str) -> String {
    // An expression of one letter ends where it begins, outside of parentheses.
    if !expression.starts_with('(') {
        return format!("({expression})");
    }
    let mut depth = 0_usize;
    let mut quote = None;
    for (place, character) in expression.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && place + character.len_utf8() < expression.len() {
            return format!("({expression})");
        }
    }
    expression.to_owned()
}
