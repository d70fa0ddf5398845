//! The texts of arrays and rows as Postgres reads them: "Array Input and Output Syntax" and "Composite Type Input and Output
//! Syntax" in its manual. Every element is quoted, so that no element can be taken for NULL, a bracket or another element.

use std::fmt::Write as _;

/// `{"a",NULL}`
pub(crate) fn write_array<'t>(elements: impl IntoIterator<Item = Option<&'t str>>) -> String {
    let elements = elements.into_iter();
    let written: Vec<String> = elements
        .map(|element| element.map_or("NULL".to_owned(), quote_element))
        .collect();
    format!("{{{}}}", written.join(","))
}

/// Arrays of arrays as one of two dimensions, `{{"a"},{"b"}}`: inner ones are not quoted.
pub(super) fn write_dimension(inner: &[String]) -> String {
    format!("{{{}}}", inner.join(","))
}

/// `("a",)`: nothing between commas is NULL.
pub(super) fn write_row<'t>(fields: impl IntoIterator<Item = Option<&'t str>>) -> String {
    let fields = fields.into_iter();
    let written: Vec<String> = fields
        .map(|field| field.map_or(String::new(), quote_element))
        .collect();
    format!("({})", written.join(","))
}

/// In quotes, a backslash makes the next character itself, in both syntaxes.
fn quote_element(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        let _infallible = quoted.write_char(character);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{write_array, write_row};

    #[test]
    fn elements_stay_inside_their_quotes() {
        let elements = [
            Some("a\",NULL,\"b"),
            None,
            Some("NULL"),
            Some("\\"),
            Some(""),
        ];
        assert_eq!(
            write_array(elements),
            r#"{"a\",NULL,\"b",NULL,"NULL","\\",""}"#
        );
        assert_eq!(write_row([Some(")("), None]), r#"(")(",)"#);
    }
}
