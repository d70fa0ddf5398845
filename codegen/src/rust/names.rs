//! Rust names made of SQL names.

use std::fmt::Write as _;
use unicode_ident::{is_xid_continue, is_xid_start};
use unicode_normalization::UnicodeNormalization as _;

/// `bookmarks_list`, `BookmarksList` and `bookmarksList` are all `bookmarks_list`.
pub(super) fn snake_case(name: &str) -> String {
    split_words(name).join("_").to_lowercase()
}

/// `bookmarks_list` is `BookmarksList`. Any name gives one of a type or a variant: `²` and the empty rest of `?` are `Unnamed`.
pub(super) fn pascal_case(name: &str) -> String {
    let capitalized = split_words(name).into_iter().map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + &letters.as_str().to_lowercase()
    });
    let joined: String = capitalized.collect();
    let name: String = joined.nfc().collect();
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        // The one keyword in this case, which cannot be raw.
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(first) if is_xid_start(first) => name,
        // `2fa` has no capital to begin with.
        Some(_) => format!("N{name}"),
    }
}

/// A name of a field, parameter, function or module for any SQL name: snake case as it is, keywords made raw, anything else
/// turned into letters that Rust accepts.
pub(super) fn identifier(name: &str) -> String {
    raw_identifier(bare_identifier(name))
}

/// The same before keywords are made raw: the name of a module's file.
pub(super) fn bare_identifier(name: &str) -> String {
    let valid = |c: char| if is_xid_continue(c) { c } else { '_' };
    // The compiler compares identifiers in this form, so `Unique` has to.
    let mut name: String = name.nfc().map(valid).nfc().collect();
    if name.chars().any(char::is_uppercase) {
        name = snake_case(&name).nfc().collect();
    }
    if !name.starts_with(|c: char| c == '_' || is_xid_start(c)) {
        name.insert(0, '_');
    }
    // These cannot be raw identifiers.
    if ["_", "self", "super", "crate"].contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// The strict and the reserved keywords of edition 2024 that are written in small letters (Rust reference, "Keywords"). The weak
/// ones are names everywhere that this crate writes a name.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Whether a name is a keyword.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name) || ["self", "super", "crate"].contains(&name)
}

fn raw_identifier(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) {
        return format!("r#{name}");
    }
    name
}

/// Cuts at everything that no name in Rust has, at `_`, and where a capital follows a small letter.
fn split_words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for letter in name.nfc() {
        let belongs = letter != '_' && is_xid_continue(letter);
        // `createdAt` is two words.
        let boundary = previous.is_lowercase() && letter.is_uppercase();
        if boundary || !belongs {
            words.push(String::new());
        }
        if belongs {
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

/// The literal of any text.
pub(super) fn rust_literal(text: &str) -> String {
    format!("{text:?}")
}

/// The literal of a message, in which braces would be placeholders.
pub(super) fn message_literal(text: &str) -> String {
    rust_literal(&text.replace('{', "{{").replace('}', "}}"))
}

/// A line of documentation as it follows `///`. The compiler refuses a carriage return in a comment, and characters that change
/// the direction of text.
pub(super) fn doc_text(line: &str) -> String {
    if line.is_empty() {
        return String::new();
    }
    let refused = |c: char| (c.is_control() && c != '\t') || turns_text(c);
    format!(" {}", line.replace(refused, " "))
}

/// The widest line of a generated list.
const WIDTH: usize = 100;

/// Names between braces: on one line after `before` characters if they fit, or on lines of their own.
pub(super) fn braced_list(before: usize, names: &[&str]) -> String {
    let one_line = format!("{{ {} }}", names.join(", "));
    if before + one_line.chars().count() <= WIDTH {
        return one_line;
    }
    let mut lines = vec![String::from("   ")];
    for name in names {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 3 && last + name.chars().count() + 2 > WIDTH {
            lines.push(String::from("   "));
        }
        if let Some(line) = lines.last_mut() {
            let _ = write!(*line, " {name},");
        }
    }
    format!("{{\n{}\n}}", lines.join("\n"))
}

/// Whether a character changes the direction of the text after it (the lints `text_direction_codepoint_in_…`).
pub(super) fn turns_text(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

    /// Takes names that no value may have.
    pub(super) fn reserving(names: &[&str]) -> Self {
        let taken = names.iter().map(|name| (*name).to_owned()).collect();
        Self { taken }
    }

    /// The [`identifier`] of an SQL name. Numbers are added before it is made raw: `r#type2` would be `type2` once more.
    pub(super) fn identifier(&mut self, name: &str) -> String {
        raw_identifier(self.name(&bare_identifier(name)))
    }

    /// The [`identifier`]s of several names. The first of each name has it as it is, before any number is
    /// added: of `id`, `id` and `id2` the second becomes `id3`, because `id2` is another column.
    pub(super) fn identifiers<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Vec<String> {
        let names: Vec<String> = names.into_iter().map(bare_identifier).collect();
        let first = names.iter().map(|name| {
            let is_free = self.is_free(name);
            is_free.then(|| self.name(name))
        });
        let first: Vec<Option<String>> = first.collect();
        let both = names.iter().zip(first);
        both.map(|(name, first)| raw_identifier(first.unwrap_or_else(|| self.name(name))))
            .collect()
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
    use super::{Unique, braced_list, doc_text, identifier, pascal_case, snake_case};

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
        }
    }

    #[test]
    fn every_column_name_is_a_field_name() {
        for (column, field) in [
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("union", "union"),
            ("self", "self_"),
            ("Self", "self_"),
            ("total items", "total_items"),
            ("2fa", "_2fa"),
            ("2FA", "_2fa"),
            ("createdAt", "created_at"),
            ("größe", "größe"),
            ("m²", "m_"),
            ("\u{212b}", "\u{e5}"),
            ("gro\u{308}ße", "größe"),
            ("?column?", "_column_"),
            ("-", "__"),
            ("A:b", "a_b"),
        ] {
            assert_eq!(identifier(column), field, "{column}");
        }
    }

    #[test]
    fn every_name_is_one_of_a_type_or_variant() {
        for (name, wanted) in [
            ("created_at", "CreatedAt"),
            ("type", "Type"),
            ("self", "Self_"),
            ("area m²", "AreaM"),
            ("2fa", "N2fa"),
            ("n", "N"),
            ("?", "Unnamed"),
            ("", "Unnamed"),
            ("größe", "Größe"),
            ("日本", "日本"),
        ] {
            assert_eq!(pascal_case(name), wanted);
            assert!(syn::parse_str::<syn::Ident>(wanted).is_ok());
        }
    }

    #[test]
    fn no_two_names_are_one_to_the_compiler() {
        let mut names = Unique::default();
        let given = ["type", "Type", "type2", "ö", "o\u{308}"].map(|name| names.identifier(name));
        assert_eq!(given, ["r#type", "type2", "type22", "ö", "ö2"]);
    }

    #[test]
    fn a_line_of_documentation_is_one_line() {
        assert_eq!(doc_text("a\nb\u{202e}"), " a b ");
        assert_eq!(doc_text(""), "");
    }

    #[test]
    fn a_list_is_wrapped_where_it_is_too_wide() {
        assert_eq!(braced_list(20, &["id", "name"]), "{ id, name }");
        let long = "a".repeat(60);
        let wrapped = format!("{{\n    {long},\n    {long}, b,\n}}");
        assert_eq!(braced_list(0, &[&long, &long, "b"]), wrapped);
    }
}
