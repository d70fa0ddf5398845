//! The marks of aliases, in sqlx's spelling: `"total!"` is never NULL, `"total?"`
//! may be, `"total: Money"` has a Rust type; `"total!: Money"` both.

use super::nullability::NullVerdict;

/// An alias taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alias {
    pub(super) name: String,
    /// Whether it is declared to be NULL or not.
    pub(super) nullable: Option<bool>,
    pub(super) rust_type: Option<String>,
}

/// Takes an alias apart. One that would leave no name is only a name.
pub(super) fn read(alias: &str) -> Alias {
    let (marked, rust_type) = match alias.split_once(':') {
        Some((marked, rust_type)) => (marked.trim(), Some(rust_type.trim())),
        None => (alias, None),
    };
    // `!` is looked for first, so that `"a?!"` has the name `a?`.
    let (name, nullable) = match (marked.strip_suffix('!'), marked.strip_suffix('?')) {
        (Some(name), _) => (name, Some(false)),
        (None, Some(name)) => (name, Some(true)),
        (None, None) => (marked, None),
    };
    // `?column?` is Postgres's own name, and no mark.
    let is_name = !name.is_empty() && !name.starts_with('?');
    if !is_name || rust_type.is_some_and(str::is_empty) {
        return Alias::name_alone(alias);
    }
    Alias {
        name: name.to_owned(),
        nullable,
        // `_` means the type that the column would have anyway.
        rust_type: rust_type.filter(|text| *text != "_").map(str::to_owned),
    }
}

impl Alias {
    /// A name that declares nothing.
    pub(super) fn name_alone(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            nullable: None,
            rust_type: None,
        }
    }

    /// A mark goes before the proof; the evidence has both.
    pub(super) fn apply(&self, proved: NullVerdict) -> NullVerdict {
        let Some(nullable) = self.nullable else {
            return proved;
        };
        let mark = if nullable { "?" } else { "!" };
        let agrees = if proved.nullable == nullable {
            "which is proved as well"
        } else {
            "against"
        };
        NullVerdict {
            nullable,
            evidence: proved
                .evidence
                .explain(format!("declared by `{mark}`, {agrees}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Alias, read};

    #[test]
    fn an_alias_is_taken_apart() {
        let alias = |name: &str, nullable, rust_type: Option<&str>| Alias {
            name: name.to_owned(),
            nullable,
            rust_type: rust_type.map(str::to_owned),
        };
        assert_eq!(read("total"), alias("total", None, None));
        assert_eq!(read("total!"), alias("total", Some(false), None));
        assert_eq!(read("total?"), alias("total", Some(true), None));
        assert_eq!(read("total: Money"), alias("total", None, Some("Money")));
        assert_eq!(
            read("total!: a::Money"),
            alias("total", Some(false), Some("a::Money"))
        );
        assert_eq!(read("total?: _"), alias("total", Some(true), None));
        assert_eq!(read("?column?"), alias("?column?", None, None));
        assert_eq!(read(":x"), alias(":x", None, None));
        assert_eq!(read("!"), alias("!", None, None));
    }
}
