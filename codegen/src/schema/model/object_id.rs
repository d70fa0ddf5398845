//! How objects refer to each other.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An object as others depend on it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The kind, which decides the names that may collide with it.
    pub kind: ObjectKind,
    /// The name as SQL, with the types of its arguments if it is a function.
    pub sql: String,
}

macro_rules! object_kinds {
    ($($(#[doc = $doc:literal])* $variant:ident = $word:literal,)*) => {
        /// The kinds of object that share a name space, or that depend on others. In the order of their words, which keeps
        /// everything that iterates over ids in the order that a person reads.
        #[derive(
            Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash,
        )]
        pub enum ObjectKind {
            $($(#[doc = $doc])* $variant,)*
        }

        impl ObjectKind {
            /// The word by which the catalog query of dependencies names the kind.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        const KINDS: &[ObjectKind] = &[$(ObjectKind::$variant),*];
    };
}

object_kinds! {
    /// An access method.
    AccessMethod = "access method",
    /// A cast.
    Cast = "cast",
    /// A collation.
    Collation = "collation",
    /// A column of a table or view: `notes.title`.
    Column = "column",
    /// A text search configuration.
    Configuration = "configuration",
    /// A constraint of a table or domain: `notes.notes_pkey`.
    Constraint = "constraint",
    /// A conversion between encodings.
    Conversion = "conversion",
    /// The default of a column, or the expression of a generated one: `notes.title`.
    Default = "default",
    /// A text search dictionary.
    Dictionary = "dictionary",
    /// A function, procedure or aggregate.
    Function = "function",
    /// A user mapping.
    UserMapping = "mapping",
    /// An operator.
    Operator = "operator",
    /// An operator class.
    OperatorClass = "operator class",
    /// An operator family.
    OperatorFamily = "operator family",
    /// A text search parser.
    Parser = "parser",
    /// A row-level security policy: `notes.own_rows`.
    Policy = "policy",
    /// A table, view, sequence or index.
    Relation = "relation",
    /// A rule, publication or event trigger: no object depends on one.
    Rule = "rule",
    /// A foreign server.
    Server = "server",
    /// Extended statistics.
    Statistics = "statistics",
    /// A text search template.
    Template = "template",
    /// A transform.
    Transform = "transform",
    /// A trigger: `notes.touch`.
    Trigger = "trigger",
    /// A type, or the row type of a table.
    Type = "type",
    /// A foreign-data wrapper.
    Wrapper = "wrapper",
}

impl ObjectId {
    /// The object of this kind and name.
    pub fn new(kind: ObjectKind, sql: impl Into<String>) -> Self {
        let sql = sql.into();
        Self { kind, sql }
    }

    /// The table, view or sequence of this name.
    pub fn relation(sql: impl Into<String>) -> Self {
        Self::new(ObjectKind::Relation, sql)
    }

    /// The type of this name.
    pub fn data_type(sql: impl Into<String>) -> Self {
        Self::new(ObjectKind::Type, sql)
    }

    /// The part of this name of a relation or domain, both as SQL.
    pub fn part(kind: ObjectKind, whole: &str, part: &str) -> Self {
        Self::new(kind, format!("{whole}.{part}"))
    }

    /// Reads `relation notes`; nothing if it begins with no kind.
    pub fn parse(text: &str) -> Option<Self> {
        // Some words begin with others: the longest one is meant.
        let kinds = KINDS.iter().map(|kind| kind.word());
        let begins = |word: &&str| {
            let rest = text.strip_prefix(*word);
            rest.is_some_and(|rest| rest.starts_with(' '))
        };
        let matching = kinds.filter(begins);
        let word = matching.max_by_key(|word| word.len())?;
        let kind = ObjectKind::from_word(word)?;
        Some(Self::new(kind, &text[word.len() + 1..]))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.sql)
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, ObjectId, ObjectKind};

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in KINDS {
            let id = ObjectId::new(*kind, "\"a class\".b(text, class x)");
            assert_eq!(ObjectId::parse(&id.to_string()), Some(id));
        }
        assert_eq!(ObjectId::parse("relation"), None);
        assert_eq!(
            ObjectId::parse("operator class int_ops USING btree").map(|id| id.kind),
            Some(ObjectKind::OperatorClass)
        );
    }

    #[test]
    fn kinds_are_in_the_order_of_their_words() {
        assert!(KINDS.is_sorted_by_key(|kind| kind.word()));
        assert!(KINDS.is_sorted());
    }
}
