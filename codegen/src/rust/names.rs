//! Rust names made of SQL names.

/// `bookmarks_list`, `BookmarksList` and `bookmarksList` are all `bookmarks_list`.
pub(super) fn snake_case(name: &str) -> String {
    words(name).join("_").to_lowercase()
}

/// `bookmarks_list` is `BookmarksList`.
pub(super) fn pascal_case(name: &str) -> String {
    let capitalized = words(name).into_iter().map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + &letters.as_str().to_lowercase()
    });
    let joined: String = capitalized.collect();
    // `2fa` has no capital to begin with.
    if joined.starts_with(|c: char| c.is_alphabetic()) {
        joined
    } else {
        format!("N{joined}")
    }
}

/// `bookmarks_list` is `BOOKMARKS_LIST`.
pub(super) fn upper_case(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// A name of a field, parameter, function or module: snake case as it is, keywords made raw,
/// anything else turned into letters that Rust accepts.
pub(super) fn identifier(name: &str) -> String {
    let valid = |c: char| c == '_' || c.is_alphanumeric();
    let mut name: String = name
        .chars()
        .map(|c| if valid(c) { c } else { '_' })
        .collect();
    if !name.starts_with(|c: char| c == '_' || c.is_alphabetic()) {
        name.insert(0, '_');
    }
    if name.chars().any(char::is_uppercase) {
        name = snake_case(&name);
    }
    match name.as_str() {
        // These cannot be raw identifiers.
        "_" | "self" | "super" | "crate" | "Self" => format!("{name}_"),
        _ if syn::parse_str::<syn::Ident>(&name).is_err() => format!("r#{name}"),
        _ => name,
    }
}

/// Cuts at everything that is no letter or digit, and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for letter in name.chars() {
        let boundary = previous.is_lowercase() && letter.is_uppercase();
        if boundary || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words
                .last_mut()
                .expect("there is always a word")
                .push(letter);
        }
        previous = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A line of documentation as the literal of a `doc` attribute.
pub(super) fn doc_line(line: &str) -> String {
    format!(
        "{:?}",
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    )
}

/// Gives each name once: a second `a` becomes `a2`.
#[derive(Default)]
pub(super) struct Unique {
    taken: std::collections::BTreeSet<String>,
}

impl Unique {
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name)
    }

    pub(super) fn name(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::{identifier, pascal_case, snake_case, upper_case};

    #[test]
    fn names_take_the_case_of_their_place() {
        for name in [
            "bookmarks_list",
            "BookmarksList",
            "bookmarksList",
            "bookmarks-list",
        ] {
            assert_eq!(snake_case(name), "bookmarks_list");
            assert_eq!(pascal_case(name), "BookmarksList");
            assert_eq!(upper_case(name), "BOOKMARKS_LIST");
        }
        assert_eq!(pascal_case("2fa"), "N2fa");
    }

    #[test]
    fn every_column_name_is_a_field_name() {
        for (column, field) in [
            ("type", "r#type"),
            ("self", "self_"),
            ("total items", "total_items"),
            ("2fa", "_2fa"),
            ("createdAt", "created_at"),
            ("größe", "größe"),
            ("?column?", "_column_"),
        ] {
            assert_eq!(identifier(column), field);
        }
    }
}
